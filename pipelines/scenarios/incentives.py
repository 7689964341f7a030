"""Where terms tempt: the marginal retained pound, cliffs, and slopes on which saving is punished or overpaid.

A cliff is a jump of what is kept: a penny more or less saved changes much, so figures will bunch beside it. A slope is
perverse where one more pound saved lowers what is kept, or adds more than the pound (then costs are worth shifting).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, floats
from pipelines.scenarios.schedule import Piece
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms

TOLERANCE = 1e-9
HALVINGS = 36
LEAST_JUMP, FLAT = 1e-8, 1e-6  # of a scan: share of its range that a jump is at least; a slope off 0 to 1 by rounding


class Cliff(NamedTuple):
    """What is kept jumps by `jump` at saving `at` (both shares of the ceiling, or in the units of a scan)."""

    at: float
    jump: float


class Slope(NamedTuple):
    """From `low` to `high` one more pound saved adds `least` to `most` pounds to what is kept; `kind` says why not."""

    low: float
    high: float
    least: float
    most: float
    kind: str


class Findings(NamedTuple):
    """Cliffs and perverse slopes from left to right."""

    cliffs: tuple[Cliff, ...]
    slopes: tuple[Slope, ...]


PUNISHED, OVERPAID = "saving lowers what is kept", "a pound saved brings more than a pound"


def examine(pieces: Sequence[Piece]) -> Findings:
    """Exact findings on one year of terms (`schedule`)."""
    jumps = (Cliff(right.low, right.at(right.low) - left.at(left.high)) for left, right in pairwise(pieces))
    found = tuple(slope for piece in pieces for slope in perverse_parts(piece))
    return Findings(tuple(cliff for cliff in jumps if abs(cliff.jump) > TOLERANCE), found)


def perverse_parts(piece: Piece) -> list[Slope]:
    """The parts of one piece with a slope under 0 or over 1: its slope is a straight line in x."""
    edges = [piece.low, piece.high]
    if piece.c2 != 0:
        turns = ((wanted - piece.c1) / (2 * piece.c2) for wanted in (0.0, 1.0))
        edges = sorted([*edges, *(turn for turn in turns if piece.low < turn < piece.high)])
    parts = []
    for low, high in pairwise(edges):
        least, most = sorted((piece.slope(low), piece.slope(high)))
        if least < -TOLERANCE:
            parts.append(Slope(low, high, least, most, PUNISHED))
        elif most > 1 + TOLERANCE:
            parts.append(Slope(low, high, least, most, OVERPAID))
    return parts


def scan(kept: Callable[[FloatArray], FloatArray], low: float, high: float, points: int = 2001) -> Findings:
    """Findings on any rule: `kept` gives, for savings (k,), what is kept (k,), in the same unit.

    Jumps are closed in on from a grid of `points`, every step at once; slopes are those of the steps without one. What
    is narrower than a step, and a jump smaller than what a slope changes within one, may be missed.
    Raises ValueError on an empty range or fewer than three points.
    """
    if not low < high or points < 3:
        raise ValueError("a scan needs a range and at least three points")
    x = np.linspace(low, high, points)
    y = floats(kept(x), "kept")
    at, jump = narrowed(kept, x, y)
    smooth = np.abs(jump) <= LEAST_JUMP * (high - low)
    cliffs = tuple(Cliff(float(place), float(size)) for place, size in zip(at[~smooth], jump[~smooth], strict=True))
    slope = np.where(smooth, np.diff(y) / np.diff(x), 0.5)
    found = [
        Slope(
            float(x[first]),
            float(x[last + 1]),
            float(slope[first : last + 1].min()),
            float(slope[first : last + 1].max()),
            kind,
        )
        for kind, wrong in ((PUNISHED, slope < -FLAT), (OVERPAID, slope > 1 + FLAT))
        for first, last in runs(wrong)
    ]
    return Findings(cliffs, tuple(sorted(found)))


def narrowed(kept: Callable[[FloatArray], FloatArray], x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(place, change) of every step after halving it again and again, keeping the half that changes more."""
    left, right, before, after = x[:-1], x[1:], y[:-1], y[1:]
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        value = floats(kept(middle), "kept")
        earlier = np.abs(value - before) >= np.abs(after - value)
        left, right = np.where(earlier, left, middle), np.where(earlier, middle, right)
        before, after = np.where(earlier, before, value), np.where(earlier, value, after)
    return right, after - before


def runs(marks: BoolArray) -> list[tuple[int, int]]:
    """First and last place of every unbroken run of True."""
    turns = np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8))
    return list(zip(np.flatnonzero(turns == 1).tolist(), (np.flatnonzero(turns == -1) - 1).tolist(), strict=True))


def marginal_pound(
    ceiling: ArrayLike, cost: ArrayLike, terms: Terms, *, year: int, amount: float = 1.0, **more: ArrayLike
) -> FloatArray:
    """(..., T) what the body keeps in each year for every pound saved once more in `year` (1 the first), all rules on.

    The sum over years is the marginal retained pound, undiscounted.   amount : £, negative for a pound less saved;
    large amounts see over cliffs.   more : as for `settle`.   Raises ValueError on a year outside the settlement.
    """
    spend = floats(cost, "cost")
    if not 1 <= year <= spend.shape[-1] or amount == 0:
        raise ValueError(f"year {year} is outside 1 to {spend.shape[-1]}, or the amount is 0")
    saved = spend.copy()
    saved[..., year - 1] -= amount
    usual, changed = (settle(ceiling, paid, terms, units=0, **more).kept for paid in (spend, saved))
    return np.asarray((changed - usual) / amount)
