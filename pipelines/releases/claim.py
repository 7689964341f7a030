"""A claim: one figure with everything behind it, as data, as text for a terminal, as JSON (F25)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.contracts import CheckResult


@dataclass(frozen=True)
class Step:
    """One step of the calculation: in words, as a formula, and with its numbers put in.

    reproduced : whether recomputing it from the numbers shown gives the published result to 1e-9; None where there is
    nothing to recompute.
    """

    title: str
    words: str
    formula: str = ""
    numbers: str = ""
    reproduced: bool | None = None


@dataclass(frozen=True)
class InputRow:
    """One published figure that went in, and where it stands. role : what it is here, such as numerator."""

    role: str
    body: str
    body_name: str
    measure: str
    label: str
    period: str
    value: float | None
    lo: float | None
    hi: float | None
    unit: str
    status: str
    publisher: str
    title: str
    edition: str
    locator: str
    published_text: str
    original_name: str
    url: str
    licence: str
    is_current: bool = True
    grade: str = ""
    note: str = ""


@dataclass(frozen=True)
class PeerFigure:
    """One comparable body's figure. counted : whether the quartiles use it; `why` says why not."""

    body: str
    body_name: str
    value: float | None
    status: str
    counted: bool
    why: str = ""


@dataclass(frozen=True)
class MethodNote:
    """The method behind a figure: what the release recorded, and the card in words where it is at hand."""

    id: str
    version: str
    params_hash: str
    seed: int | None
    title: str = ""
    formula: str = ""
    source: str = ""


@dataclass(frozen=True)
class Claim:
    """One figure, back to its input rows. kind : indicator, position or cost; value : None when not to be shown."""

    kind: str
    pack: str
    release: str
    body: str
    body_name: str
    figure: str
    label: str
    unit: str
    period: str
    model: str | None
    sentence: str
    value: float | None
    lo: float | None
    hi: float | None
    status: str
    caveats: tuple[str, ...]
    steps: tuple[Step, ...]
    inputs: tuple[InputRow, ...]
    peers: tuple[PeerFigure, ...]
    checks: tuple[CheckResult, ...]
    methods: tuple[MethodNote, ...]
    editions: tuple[str, ...]

    @property
    def reproduced(self) -> bool:
        """False when a step, recomputed from its inputs, does not give the published number."""
        return all(step.reproduced is not False for step in self.steps)


def plain(value: float | None) -> str:
    """A number for a reader: thousands commas, whole when it is, else about six significant digits, never an exponent.

    None reads as "no figure".
    """
    if value is None:
        return "no figure"
    if value == int(value):
        return f"{int(value):,}"
    places = max(0, 5 - math.floor(math.log10(abs(value))))
    shown = f"{value:,.{min(places, 20)}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def spoken(value: float | None, unit: str) -> str:
    """A number with its unit: £286.43 a tonne, 34.2% of waste collected, 41,000 tonnes, £5,000 for gbp."""
    symbol = {"gbp": "£", "usd": "$", "eur": "€", "percent": "%"}.get(unit, unit.replace("_", " "))
    if value is None:
        return "no figure"
    sign, size = ("−" if value < 0 else ""), plain(abs(value))
    if symbol[:1] in ("£", "$", "€"):
        return f"{sign}{symbol[0]}{size}{symbol[1:]}"
    return f"{sign}{size}{symbol}" if symbol.startswith("%") else f"{sign}{size} {symbol}"


UNITS = 100_000
"""Below this, a sentence states a number to its unit, as pages do."""


def brief(value: float, unit: str) -> str:
    """A number for a sentence, to three significant digits, and to the whole unit below a hundred thousand."""
    if value == 0 or (value == int(value) and abs(value) < UNITS):
        return spoken(value, unit)
    digits = 2 - math.floor(math.log10(abs(value)))
    return spoken(round(value, max(digits, 0) if abs(value) < UNITS else digits), unit)


def claim_json(claim: Claim) -> dict[str, Any]:
    """The claim as plain data, numbers to the letter."""
    return {**asdict(claim), "reproduced": claim.reproduced}


def claim_text(claim: Claim) -> str:
    """The claim for a terminal: sentence, calculation, input rows, checks, methods, release."""
    return "\n".join(_lines(claim)) + "\n"


def _lines(claim: Claim) -> Iterator[str]:
    yield claim.sentence
    yield from (f"  Note: {caveat}" for caveat in claim.caveats)
    if not claim.reproduced:
        yield "  WARNING: recomputing this figure from its inputs does not give the published number; see below."
    yield from ("", "Calculation")
    for number, step in enumerate(claim.steps, start=1):
        yield from _step_lines(number, step)
    yield from ("", "Input rows")
    for row in claim.inputs:
        yield from _input_lines(row)
    if claim.peers:
        yield from ("", "Peers")
        yield from (_peer_line(peer, claim.unit) for peer in claim.peers)
    yield from ("", "Checks of the tables involved")
    yield from (_check_line(check) for check in claim.checks)
    if not claim.checks:
        yield "  none"
    yield from ("", "Methods")
    yield from (_method_line(method) for method in claim.methods)
    yield from ("", f"Release {claim.pack} {claim.release}; editions {', '.join(claim.editions) or 'none'}")


def _step_lines(number: int, step: Step) -> Iterator[str]:
    yield f"  {number}. {step.title}: {step.words}"
    if step.formula:
        yield f"     {step.formula}"
    if step.numbers:
        mark = {True: "  (reproduced)", False: "  (DOES NOT REPRODUCE)", None: ""}[step.reproduced]
        yield f"     {step.numbers}{mark}"


def _input_lines(row: InputRow) -> Iterator[str]:
    grade = f", quality {row.grade}" if row.grade else ""
    yield f"  {row.role}: {row.label}, {row.body_name} ({row.body}), {row.period}"
    yield f"     {spoken(row.value, row.unit)}, {row.status}{grade}; printed as “{row.published_text}”{_bounds(row)}"
    yield f"     {row.publisher}: {row.title}, edition {row.edition}, {row.original_name}, {row.locator}"
    yield f"     {row.url} ({row.licence})"
    if row.note:
        yield f"     {row.note}"


def _bounds(row: InputRow) -> str:
    if row.lo is None or row.hi is None:
        return ""
    return f", between {plain(row.lo)} and {plain(row.hi)}"


def _peer_line(peer: PeerFigure, unit: str) -> str:
    left_out = "" if peer.counted else f"; not counted: {peer.why}"
    return f"  {peer.body_name} ({peer.body}): {spoken(peer.value, unit)}, {peer.status}{left_out}"


def _check_line(check: CheckResult) -> str:
    observed = f" ({check.observed})" if check.observed else ""
    return f"  {check.outcome.replace('_', ' ')}: {check.table}, {check.meaning}{observed}"


def _method_line(method: MethodNote) -> str:
    title = f", {method.title}: {method.formula}" if method.title else ""
    seed = "" if method.seed is None else f", seed {method.seed}"
    return f"  {method.id} version {method.version}{title} (parameters {method.params_hash}{seed})"
