"""Leave a note, raise a dispute, decide one: each adds one line to the pack's log, under the lock of its one writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from pipelines.errors import BadInput
from pipelines.releases import decisions, layout
from pipelines.releases.decisions import Decision
from pipelines.releases.explain import value_row
from pipelines.releases.lookup import Row, find, find_body
from pipelines.releases.read import Release, open_release
from pipelines.releases.reply import (
    DECIDED,
    KIND,
    NOTED,
    RAISED,
    Dispute,
    Note,
    Replies,
    checked_number,
    day,
    dispute_of,
    name_of,
    note_of,
    replies_of,
    ruling_of,
)
from pipelines.releases.reply_figure import inputs_of
from pipelines.releases.reply_words import given, name, prose
from pipelines.releases.store import Store

WORKING_DAYS = 20
"""For an answer, unless another day is agreed. Public holidays are not known here and count as working days."""
LONGEST_DAYS = 366


Each = TypeVar("Each", Dispute, Note)


@dataclass(frozen=True)
class Raising:
    """What a body disputes. numerator, denominator : in the unit of their measure, money as spent."""

    body: str
    indicator: str
    period: str
    by: str
    statement: str
    numerator: float | None = None
    denominator: float | None = None
    deadline: str | None = None
    release: str | None = None


@dataclass(frozen=True)
class Noting:
    """What a body says of a service, or of one figure of it."""

    body: str
    service: str
    by: str
    text: str
    indicator: str | None = None
    period: str | None = None
    release: str | None = None


def raise_dispute(home: Path, pack: str, asked: Raising) -> Dispute:
    """Put a dispute of one figure on record. Raises BadInput where the release named has no such figure, the words or

    inputs cannot be kept, or the very dispute is on record already.
    """
    release = open_release(home, pack, asked.release)
    body, indicator, row = figure_of(release, asked.body, asked.indicator, asked.period)
    require_inputs(release, indicator, row, asked)
    key = {"body": body["body_id"], "indicator": indicator["indicator_id"], "period": row["period"]}
    parts = {"numerator": asked.numerator, "denominator": asked.denominator}
    stated = {part: repr(float(value)) for part, value in parts.items() if value is not None}
    who, statement = name(asked.by, "--by"), prose(given(asked.statement), "--statement")
    record = decisions.decide(who, KIND, release.id, statement, {"event": RAISED, **key, **stated})
    due = deadline(record.when[:10], asked.deadline)
    return _added(home, pack, named(record, {"deadline": due}), dispute_of, lambda known: known.disputes)


def leave_note(home: Path, pack: str, asked: Noting) -> Note:
    """Put a body's own words on record. Raises BadInput where the release named has no such service or figure."""
    release = open_release(home, pack, asked.release)
    body = find_body(release, asked.body)
    service = find(release, "services", "service_id", asked.service, "service")
    key = {"body": body["body_id"], "service": service["service_id"], **_figure_of_note(release, body, asked)}
    who, text = name(asked.by, "--by"), prose(given(asked.text), "--text")
    record = decisions.decide(who, KIND, release.id, text, {"event": NOTED, **key})
    return _added(home, pack, named(record, {}), note_of, lambda known: known.notes)


def decide_dispute(home: Path, pack: str, id: str, outcome: str, by: str, why: str) -> Dispute:
    """Put a decision on record. Raises BadInput where there is no such dispute or it was decided before."""
    store = Store(home)
    require_pack(home, pack)
    who, reason = name(by, "--by"), prose(given(why), "--note")
    with store.writing(pack) as folder:
        about = found(replies_of(store.decisions(pack)), pack, id)
        if about.ruling is not None:
            raise BadInput(
                f"dispute {id} was {spoken(about.ruling.outcome)} on {about.ruling.when[:10]}; a decision is never "
                f"edited: raise a new dispute of the figure (`evenhand disputes raise {pack} {' '.join(about.figure)}`)"
            )
        record = decisions.decide(
            who, KIND, about.release, reason, {"event": DECIDED, "id": id, "outcome": outcome, "body": about.body}
        )
        ruling = ruling_of(record)
        decisions.append(folder / layout.DECISIONS, record)
    return replace(about, rulings=(*about.rulings, ruling))


def found(replies: Replies, pack: str, id: str) -> Dispute:
    """The dispute of a name. Raises BadInput where there is none."""
    about = replies.dispute(id)
    if about is None:
        raise BadInput(f"{pack} has no dispute {id!r}; `evenhand disputes list {pack}` shows them")
    return about


def spoken(outcome: str) -> str:
    """An outcome in words: partly upheld, not upheld."""
    return outcome.replace("-", " ")


def require_pack(home: Path, pack: str) -> None:
    """Raises BadInput where nothing of the pack is published, so that no folder is made for a misspelt one."""
    open_release(home, pack)


def figure_of(release: Release, body: str, indicator: str, period: str) -> tuple[Row, Row, Row]:
    """Body, indicator and value of one figure. Raises BadInput, with the nearest spellings, where there is none."""
    who = find_body(release, body)
    what = find(release, "indicators", "indicator_id", indicator, "indicator")
    return who, what, value_row(release, who, indicator, period)


def require_inputs(release: Release, indicator: Row, row: Row, asked: Raising) -> None:
    """Raises BadInput where a corrected input is none that the figure could rest on."""
    for part, value in (("numerator", asked.numerator), ("denominator", asked.denominator)):
        if value is not None:
            checked_number(value, part)
    if asked.denominator is not None and indicator["denominator"] is None:
        raise BadInput(
            f"--denominator: {indicator['indicator_id']} is a figure that the publisher states itself; "
            "give it as --numerator"
        )
    if indicator["interval"] in ("proportion", "count") and (asked.numerator or 0.0) < 0:
        raise BadInput(f"--numerator {asked.numerator:g}: events are counted from nothing up")
    above, below = inputs_of(release, indicator, row, asked.numerator, asked.denominator)
    if indicator["interval"] == "proportion" and (above.value or 0.0) > (below.value or float("inf")):
        raise BadInput(
            f"--numerator and --denominator: {above.value:,.15g} of {below.value:,.15g} is more than the whole; "
            "state both as the publisher should have printed them"
        )


def deadline(raised: str, wanted: str | None) -> str:
    """The day on which an answer is due. Raises BadInput where the day wanted is none, past, or over a year away."""
    if wanted is None:
        return working_days_after(date.fromisoformat(raised), WORKING_DAYS).isoformat()
    due = day(wanted, "--deadline")
    days = (date.fromisoformat(due) - date.fromisoformat(raised)).days
    if not 0 <= days <= LONGEST_DAYS:
        raise BadInput(f"--deadline {due}: choose a day from {raised} on, at most {LONGEST_DAYS} days later")
    return due


def working_days_after(first: date, count: int) -> date:
    """The `count`-th day after the first one that is no Saturday or Sunday; holidays are not left out."""
    last = first
    while count:
        last += timedelta(days=1)
        count -= last.weekday() < 5
    return last


def named(record: Decision, more: Mapping[str, str]) -> Decision:
    """The record with its name, and with what its name does not depend on."""
    return replace(record, details={"id": name_of(record), **record.details, **more})


def _added(
    home: Path,
    pack: str,
    record: Decision,
    read: Callable[[Decision], Each],
    known: Callable[[Replies], tuple[Each, ...]],
) -> Each:
    """Add a record that can be read back, unless it stands there already."""
    store, made = Store(home), read(record)
    with store.writing(pack) as folder:
        before = next((each for each in known(replies_of(store.decisions(pack))) if each.id == made.id), None)
        if before is not None:
            raise BadInput(f"these very words are on record since {before.when[:10]} as {before.id}; nothing was added")
        decisions.append(folder / layout.DECISIONS, record)
    return made


def _figure_of_note(release: Release, body: Row, asked: Noting) -> dict[str, str]:
    if asked.indicator is None and asked.period is None:
        return {}
    if asked.indicator is None or asked.period is None:
        raise BadInput("a note on one figure names both, --indicator and --period; without them it is on the service")
    _, indicator, row = figure_of(release, body["body_id"], asked.indicator, asked.period)
    if indicator["service_id"] != asked.service:
        raise BadInput(f"--indicator {asked.indicator}: is of service {indicator['service_id']}, not {asked.service}")
    return {"indicator": indicator["indicator_id"], "period": row["period"]}
