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
STEEP = 20.0  # a slope beyond this between two points of a scan is looked at as a possible jump
HALVINGS = 50


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
    """Findings on any rule: `kept` gives, for savings (k,), what is kept, in the same unit.

    Slopes come from a grid of `points`, so what is narrower than a step may be missed; jumps are narrowed by halving.
    Raises ValueError on an empty range or fewer than three points.
    """
    if not low < high or points < 3:
        raise ValueError("a scan needs a range and at least three points")
    x = np.linspace(low, high, points)
    y = floats(kept(x), "kept")
    slope = np.diff(y) / np.diff(x)
    steep = np.flatnonzero(np.abs(slope) > STEEP)
    cliffs = [narrowed(kept, x[cell], x[cell + 1], high - low) for cell in steep]
    usual = np.where(np.isin(np.arange(points - 1), steep), 0.5, slope)
    slopes = [
        Slope(float(x[first]), float(x[last + 1]), float(usual[first : last + 1].min()),
              float(usual[first : last + 1].max()), kind)
        for kind, wrong in ((PUNISHED, usual < -1e-6), (OVERPAID, usual > 1 + 1e-6))
        for first, last in runs(wrong)
    ]  # fmt: skip
    return Findings(tuple(cliff for cliff in cliffs if cliff is not None), tuple(sorted(slopes)))


def narrowed(kept: Callable[[FloatArray], FloatArray], left: float, right: float, width: float) -> Cliff | None:
    """The jump between two points, or None where the rise turns out to be a steep slope."""
    ends = kept(np.array([left, right]))
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        if not left < middle < right or right - left < 1e-13 * width:
            break
        value = kept(np.array([middle]))[0]
        if abs(value - ends[0]) >= abs(ends[1] - value):
            right, ends = middle, np.array([ends[0], value])
        else:
            left, ends = middle, np.array([value, ends[1]])
    jump = float(ends[1] - ends[0])
    return Cliff(float(right), jump) if abs(jump) > 1e-9 * width and abs(jump) > STEEP * (right - left) else None


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
