"""The baseline of a settlement: what the body spent, volume-normalised and frozen; restated only by listed events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, floats, over
from pipelines.methods.card import Method

METHOD = Method(
    id="M5.1",
    version="1",
    title="Baseline of a settlement",
    formula="mean over three audited years of (cost - one-offs) (V0/Vt)^elasticity, plus full-year effects",
    defaults={"elasticity": 0.8, "tolerance": 0.02},
    edge_cases="a missing year leaves no baseline; flagged when the last year moves it by > 2%",
    source="methods.md M5.1; three-year averaging blunts spending up before the baseline",
)
TOLERANCE = 0.02


@dataclass(frozen=True)
class Baseline:
    """value, without_last (...): the baseline and the one that leaves the last year out, in prices of the last year.

    moved (...) : value/without_last - 1.   flagged (...) : |moved| beyond the tolerance: ask what happened that year.
    vintage : 12 hexadecimal digits that name the inputs; a settlement keeps them.
    """

    value: FloatArray
    without_last: FloatArray
    moved: FloatArray
    flagged: BoolArray
    vintage: str


class Reopener(NamedTuple):
    """One event that restates a ceiling from `year` (1 is the first) on, by `amount` a year in base-year prices."""

    kind: str
    year: int
    amount: float
    reason: str


def baseline(
    cost: ArrayLike,
    volume: ArrayLike,
    *,
    one_offs: ArrayLike = 0.0,
    full_year: ArrayLike = 0.0,
    elasticity: float = 0.8,
    tolerance: float = TOLERANCE,
) -> Baseline:
    """Average addressable real cost of the given years at the volume of the last (methods.md M5.1).

    cost, volume (..., 3) : £ in prices of the last year, and output; the last column is year 0.
    one_offs (..., 3) : taken out of each year.   full_year (...) : added to the mean.
    Raises ValueError on fewer than two years and on volumes of 0 or less. NaN anywhere gives NaN.
    """
    spend, made = np.broadcast_arrays(floats(cost, "cost"), floats(volume, "volume"))
    if spend.ndim < 1 or spend.shape[-1] < 2:
        raise ValueError("a baseline needs at least two years, the last of them year 0")
    if (made <= 0).any():
        raise ValueError("a baseline needs volumes above 0; leave the body out, or give a volume of 1 in every year")
    extra = floats(full_year, "full-year effects")
    yearly = (spend - floats(one_offs, "one-offs")) * (made[..., -1:] / made) ** elasticity
    value = yearly.mean(axis=-1) + extra
    earlier = yearly[..., :-1].mean(axis=-1) + extra
    moved = over(value, earlier) - 1
    named = hashlib.sha256(f"{elasticity!r}".encode())
    for part in (spend, made, floats(one_offs, "one-offs"), extra):
        named.update(str(part.shape).encode() + np.ascontiguousarray(part).tobytes())
    return Baseline(value, earlier, moved, np.abs(moved) > tolerance, named.hexdigest()[:12])


def reopen(ceiling: ArrayLike, events: Iterable[Reopener], listed: Iterable[str]) -> FloatArray:
    """(T,) the ceiling of one body with its events: nothing restates a frozen ceiling but what was listed at signing.

    Raises ValueError on an event of a kind that is not listed, outside the settlement's years or without a reason.
    """
    path, kinds = floats(ceiling, "ceiling").copy(), sorted(listed)
    for event in events:
        if event.kind not in kinds:
            raise ValueError(f"re-opener {event.kind!r} is not listed; listed are {', '.join(kinds) or 'none'}")
        if not 1 <= event.year <= len(path):
            raise ValueError(f"re-opener {event.kind!r}: year {event.year} is outside 1 to {len(path)}")
        if not event.reason.strip():
            raise ValueError(f"re-opener {event.kind!r} in year {event.year} gives no reason")
        path[event.year - 1 :] += event.amount
    return path
