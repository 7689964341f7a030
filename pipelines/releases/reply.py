"""Right of reply, as the log has it: a body's notes, its disputes of figures, and what was decided (F28).

Each event is one line of the pack's decisions log, of kind `dispute`, outside every release. Nothing is edited: a later
event supersedes. A dispute's name is made from its content, so a line that was altered no longer has its name and is
left out, with a word for whoever runs the site.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pipelines.errors import BadInput
from pipelines.releases import layout
from pipelines.releases.decisions import Decision, Log
from pipelines.releases.reply_words import LONGEST_NAME, name, prose

KIND = "dispute"
RAISED, DECIDED, NOTED = "raise", "decide", "note"
OUTCOMES = ("upheld", "partly-upheld", "not-upheld", "withdrawn")
ID = re.compile(r"[0-9a-f]{10}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LARGEST = 1e15
"""Of a corrected input, in its unit; above it a double no longer holds pence."""


@dataclass(frozen=True)
class Ruling:
    """What was decided on a dispute. outcome : one of OUTCOMES."""

    when: str
    who: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class Dispute:
    """One disputed figure. numerator, denominator : what the body says they are, in the unit of their measure, money

    in the prices of its period; None where it names none.   rulings : in order; the last one stands.
    """

    id: str
    release: str
    body: str
    indicator: str
    period: str
    who: str
    when: str
    statement: str
    numerator: float | None
    denominator: float | None
    deadline: str
    rulings: tuple[Ruling, ...] = ()

    @property
    def ruling(self) -> Ruling | None:
        """The decision that stands."""
        return self.rulings[-1] if self.rulings else None

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided yet."""
        return not self.rulings

    @property
    def corrects(self) -> bool:
        """Whether the body names other inputs, so that its figure can be recomputed."""
        return self.numerator is not None or self.denominator is not None

    @property
    def figure(self) -> tuple[str, str, str]:
        """Body, indicator, period."""
        return (self.body, self.indicator, self.period)


@dataclass(frozen=True)
class Note:
    """A body's own words on a service; on one figure of it where indicator and period are not empty."""

    id: str
    release: str
    body: str
    service: str
    indicator: str
    period: str
    who: str
    when: str
    text: str


@dataclass(frozen=True)
class Replies:
    """Disputes and notes in the order in which they came, and one line for each record that cannot be used."""

    disputes: tuple[Dispute, ...] = ()
    notes: tuple[Note, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Dispute, ...]:
        """Disputes without a decision, the one whose answer is due first before the others."""
        return tuple(sorted((each for each in self.disputes if each.is_open), key=lambda each: each.deadline))

    def dispute(self, id: str) -> Dispute | None:
        """The dispute of a name; None where there is none."""
        return next((each for each in self.disputes if each.id == id), None)

    def about(self, body: str, indicator: str, period: str) -> tuple[Dispute, ...]:
        """Disputes of one figure."""
        return tuple(each for each in self.disputes if each.figure == (body, indicator, period))


def replies_of(log: Log) -> Replies:
    """What a log says of replies. Nothing in it is trusted: what does not hold together is named and left out."""
    disputes: dict[str, Dispute] = {}
    notes: dict[str, Note] = {}
    unread = list(log.torn)
    for decision in log.decisions:
        if decision.what == KIND:
            try:
                _take(decision, disputes, notes)
            except BadInput as fault:
                unread.append(f"a reply of {decision.when[:20]!r} is left out: {str(fault)[:LONGEST_NAME]}")
    return Replies(tuple(disputes.values()), tuple(notes.values()), tuple(unread))


def _take(decision: Decision, disputes: dict[str, Dispute], notes: dict[str, Note]) -> None:
    event = decision.details.get("event")
    if event == RAISED:
        dispute = dispute_of(decision)
        disputes.setdefault(dispute.id, dispute)
    elif event == NOTED:
        note = note_of(decision)
        notes.setdefault(note.id, note)
    elif event == DECIDED:
        about = disputes.get(decision.details.get("id", ""))
        if about is None:
            raise BadInput("it decides a dispute that nobody raised")
        disputes[about.id] = replace(about, rulings=(*about.rulings, ruling_of(decision)))
    else:
        raise BadInput("it is no event that is known here")


def dispute_of(decision: Decision) -> Dispute:
    """The dispute that a record raises. Raises BadInput on anything that it may not hold."""
    found = decision.details
    dispute = Dispute(
        id=found.get("id", ""),
        release=layout.checked_id(decision.release),
        body=name(found.get("body", ""), "body"),
        indicator=name(found.get("indicator", ""), "indicator"),
        period=name(found.get("period", ""), "period"),
        who=name(decision.who, "who raises it"),
        when=_moment(decision.when),
        statement=prose(decision.why, "the statement"),
        numerator=_number(found, "numerator"),
        denominator=_number(found, "denominator"),
        deadline=day(found.get("deadline", ""), "the deadline"),
    )
    _require_name(dispute.id, decision)
    return dispute


def note_of(decision: Decision) -> Note:
    """The note that a record leaves. Raises BadInput on anything that it may not hold."""
    found = decision.details
    figure = {part: name(found[part], part) if part in found else "" for part in ("indicator", "period")}
    note = Note(
        id=found.get("id", ""),
        release=layout.checked_id(decision.release),
        body=name(found.get("body", ""), "body"),
        service=name(found.get("service", ""), "service"),
        **figure,
        who=name(decision.who, "who says it"),
        when=_moment(decision.when),
        text=prose(decision.why, "the note"),
    )
    _require_name(note.id, decision)
    return note


def ruling_of(decision: Decision) -> Ruling:
    """The decision that a record takes. Raises BadInput on anything that it may not hold."""
    outcome = decision.details.get("outcome", "")
    if outcome not in OUTCOMES:
        raise BadInput(f"outcome {outcome[:40]!r}: a dispute is {', '.join(OUTCOMES)}")
    return Ruling(_moment(decision.when), name(decision.who, "who decides"), outcome, prose(decision.why, "the reason"))


def name_of(decision: Decision) -> str:
    """The name that a dispute or note deserves: 10 hexadecimal digits of the hash over its content, less its days.

    The same words of the same body on the same figure of the same release are one dispute, however often they are sent.
    """
    said = {name: text for name, text in decision.details.items() if name not in ("id", "deadline")}
    content = [decision.release, decision.who, decision.why, *(part for pair in sorted(said.items()) for part in pair)]
    return hashlib.sha256("\0".join(content).encode()).hexdigest()[:10]


def day(text: str, what: str) -> str:
    """An ISO day. Raises BadInput on anything else."""
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise BadInput(f"{what} {text[:40]!r}: write a day as YEAR-MONTH-DAY, such as 2026-03-31")


def _require_name(stated: str, decision: Decision) -> None:
    if stated != name_of(decision):
        raise BadInput("its name is not that of its content, so it was altered")
    if any(part != part.strip() or "\r" in part for part in (decision.who, decision.why, *decision.details.values())):
        raise BadInput("its words are not kept as this program keeps them")


def _moment(text: str) -> str:
    if not MOMENT.fullmatch(text):
        raise BadInput("its time is none")
    day(text[:10], "its day")
    return text


def _number(details: Mapping[str, str], part: str) -> float | None:
    if part not in details:
        return None
    try:
        value = float(details[part])
    except ValueError:
        raise BadInput(f"{part}: is no number") from None
    return checked_number(value, part)


def checked_number(value: float, part: str) -> float:
    """A corrected input. Raises BadInput where it is not finite, too large, or a denominator that is not positive."""
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise BadInput(f"--{part} {value:g}: a finite number is wanted, in the unit of its measure")
    if part == "denominator" and value <= 0:
        raise BadInput(
            f"--{part} {value:g}: nothing can be divided by it; state what the publisher should have printed"
        )
    return value
