"""Control charts that do not call noise a trend: XmR with its limits, phases, rules and icons (methods.md M4.11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, IntArray, TextArray, floats
from pipelines.methods.card import Method
from pipelines.methods.xmr_limits import (
    AUTOCORRELATION,
    NEEDED,
    PREFERRED,
    Limits,
    assurance,
    limits,
    why_refused,
    why_waits,
)
from pipelines.methods.xmr_rules import FALSE_RATES, SHIFT, TREND, Marks, labels, marks

METHOD = Method(
    id="M4.11",
    version="2",
    title="Control chart (XmR)",
    formula="mean +- 2.66 mean moving range of the baseline; rules: outside; 7 on one side; 7 rising or falling; two "
    "of three near a limit",
    defaults={
        "shift_n": SHIFT,
        "trend_n": TREND,
        "needed": NEEDED,
        "preferred": PREFERRED,
        "widen_above": AUTOCORRELATION,
    },
    edge_cases="Under 8 points, or a baseline that never moves: refused, with the reason. 8 to 11: provisional. "
    "Autocorrelation above 0.3 widens by sqrt((1 + r)/(1 - r)). A re-base waits for 8 points, all on one side. Limits "
    "are drawn no further than a figure can lie.",
    source="NHS England, Making Data Count (NHSRplotthedots); Wheeler (2000); Laney (2002)",
)


class Rebase(NamedTuple):
    """A decision to start a new phase: its first point, who decided, and the known cause."""

    first: int
    who: str
    why: str


class Phase(NamedTuple):
    """Points first to last (inclusive) judged by one set of limits; who and why are "" for the first phase."""

    first: int
    last: int
    limits: Limits
    who: str
    why: str


class Lines(NamedTuple):
    """What is drawn, (T,) each: mean, lower and upper limit, and the near-limits at two thirds of the way."""

    mean: FloatArray
    lower: FloatArray
    upper: FloatArray
    near_lower: FloatArray
    near_upper: FloatArray


@dataclass(frozen=True)
class Chart:
    """One series judged point by point.

    y, mr (T,): what is charted and its moving ranges, NaN where absent.   label (T,): outside, trend, two_of_three,
    shift or "".   way (T,): +1 high or rising, -1 low or falling, 0.   marks: each rule's own answer.
    variation: common cause, improving, concerning, or special cause (no direction), from the latest point.
    assurance: consistently passes, consistently fails, hit or miss, or "".   phases: all of them, in order.
    refused: why there is no chart, "" when there is one; lines are then NaN and icons "".
    notes: what a reader should know, in words.   kind: xmr, deseasonalised, year on year, or laney."""

    y: FloatArray
    mr: FloatArray
    lines: Lines
    marks: Marks
    label: TextArray
    way: IntArray
    phases: tuple[Phase, ...]
    variation: str
    assurance: str
    refused: str
    notes: tuple[str, ...]
    kind: str


def xmr(
    y: ArrayLike,
    *,
    direction: int,
    target: float = np.nan,
    baseline: int | None = None,
    rebases: Sequence[Rebase] = (),
    trend_n: int = TREND,
    shift_n: int = SHIFT,
    widen: float = 1.0,
    widen_above: float = AUTOCORRELATION,
    kind: str = "xmr",
    within: tuple[float, float] = (-np.inf, np.inf),
) -> Chart:
    """A series with its limits, labels and icons; yearly, quarterly or monthly alike, from 8 points.

    y : (T,) in order of time, NaN where a period is absent.   direction : +1, -1, or 0 (no better or worse).
    target : level for the assurance icon.   baseline : how many first points set the limits of the first phase, frozen
    at a target's start; None for all before the first re-base.   widen, widen_above : as `xmr_limits.limits`.
    within : what no figure can pass: limits stop there where drawn, not where they judge.
    Raises ValueError on another direction or on a re-base without its decider and cause.   Source: methods.md M4.11.
    """
    series = floats(y, "y")
    if direction not in (1, -1, 0):
        raise ValueError("a direction is +1 (higher is better), -1 (lower is better) or 0")
    if any(not (change.who and change.why) for change in rebases):
        raise ValueError("a re-base needs who decided it and the known cause")
    changes = sorted(rebases)
    whole = series[: changes[0].first if changes else None]
    refused = why_refused(whole[:baseline])
    if refused:
        return no_chart(series, refused, kind)
    phases, notes = _phases(
        series, limits(whole[:baseline], widen=widen, widen_above=widen_above), changes, widen_above
    )
    parts = [_marked(series, phase, trend_n, shift_n) for phase in phases]
    found = Marks(*(np.concatenate(rule) for rule in zip(*parts, strict=True)))
    sizes = [phase.last - phase.first + 1 for phase in phases]
    drawn = np.clip(np.array([_levels(phase.limits) for phase in phases]).T, *within)
    lines = Lines(*np.repeat(drawn, sizes, axis=1))
    return judged(series, lines, found, phases, direction, target, (*notes, *_cautions(phases[-1].limits)), kind)


def judged(
    y: FloatArray,
    lines: Lines,
    found: Marks,
    phases: tuple[Phase, ...],
    direction: int,
    target: float,
    notes: tuple[str, ...],
    kind: str,
) -> Chart:
    """A chart from its lines and marks: labels in order of priority, and the two icons of the latest point."""
    label, way = labels(found)
    return Chart(
        y=y,
        mr=np.append(np.nan, np.abs(np.diff(y)))[: y.size],
        lines=lines,
        marks=found,
        label=label,
        way=way,
        phases=phases,
        variation=_variation(y, label, way, direction),
        assurance=assurance(float(lines.lower[-1]), float(lines.upper[-1]), target, direction),
        refused="",
        notes=notes,
        kind=kind,
    )


def no_chart(y: FloatArray, why: str, kind: str = "xmr") -> Chart:
    """The same shape without a chart: figures NaN, icons empty, and the reason."""
    absent, none = np.full(y.shape, np.nan), np.zeros(y.shape, dtype=np.int64)
    lines, nothing = Lines(*[absent] * 5), Marks(none, none, none, none)
    return Chart(y, absent, lines, nothing, np.full(y.shape, ""), none, (), "", "", why, (), kind)


def expected_signals(charts: int, points: int = 1) -> float:
    """Labels that chance alone would put on the latest `points` of so many charts of steady measures."""
    return charts * points * FALSE_RATES["any"]


def _phases(
    y: FloatArray, first: Limits, changes: list[Rebase], widen_above: float
) -> tuple[tuple[Phase, ...], list[str]]:
    """Phases in order, and what is to be said about re-bases that must wait."""
    begun, notes = [Phase(0, y.size - 1, first, "", "")], []
    ends = [*(change.first for change in changes), y.size][1:]
    for change, end in zip(changes, ends, strict=True):
        after = y[change.first : end]
        waits = why_waits(after, begun[-1].limits.mean)
        if waits:
            notes.append(f"the re-base at point {change.first + 1} waits: {waits}")
            continue
        begun[-1] = begun[-1]._replace(last=change.first - 1)
        found = limits(after[:PREFERRED], widen_above=widen_above)
        begun.append(Phase(change.first, y.size - 1, found, change.who, change.why))
    return tuple(begun), notes


def _marked(y: FloatArray, phase: Phase, trend_n: int, shift_n: int) -> Marks:
    part = y[phase.first : phase.last + 1]
    mean = np.full(part.size, phase.limits.mean)
    return marks(part, mean, np.full(part.size, phase.limits.upper) - mean, trend_n=trend_n, shift_n=shift_n)


def _levels(found: Limits) -> tuple[float, ...]:
    return found.mean, found.lower, found.upper, found.near_lower, found.near_upper


def _variation(y: FloatArray, label: TextArray, way: IntArray, direction: int) -> str:
    """What the latest point says."""
    last = int(np.flatnonzero(~np.isnan(y))[-1])
    if label[last] == "":
        return "common cause"
    return {1: "improving", -1: "concerning", 0: "special cause"}[int(way[last]) * direction]


def _cautions(used: Limits) -> list[str]:
    said = [f"provisional: limits rest on {used.n} points; {PREFERRED} are preferred"] if used.n < PREFERRED else []
    if used.widened > 1:
        said.append(f"limits are {used.widened:.2f} times as wide, for seasons or neighbours that move together")
    return said
