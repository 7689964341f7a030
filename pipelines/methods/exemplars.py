"""Real bodies that already do it: cheaper than the peers' median, and not worse in any paired quality (M3.16, F13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats
from pipelines.methods.card import Method
from pipelines.methods.peers import SMALL_GROUP
from pipelines.methods.quantiles import quantile

LEAST = 2
"""Periods in a row for which an exemplar must have done it: the fewest in which a level can be seen to be held."""
REACH_95 = 1.959963984540054

METHOD = Method(
    id="M3.16e",
    version="2",
    title="Named exemplars",
    formula="peer's unit cost < peers' median and < own; no paired quality with its whole interval on the worse side "
    "of the body's own value; both held in the latest `least` periods or more, without a step of its unit cost between "
    "them that is more than chance: |ln of the ratio| > 1.96 sqrt(se^2 + se^2 of the period before)",
    defaults={"small_group": SMALL_GROUP, "least": LEAST},
    edge_cases="One good period may be luck or a slip: nobody is named for it. A step without an interval at both "
    "ends, or over a break, is not shown to be held. A quality without an interval is held to its value; one that "
    "either body lacks is not shown to be no worse. Services without a paired quality have no exemplars.",
    source="methods.md M3.16 (named exemplars); product F13",
)


class Quality(NamedTuple):
    """One paired quality: value, lo, hi (n, t), NaN where absent; direction +1 or -1; applies (n,) to which bodies."""

    value: FloatArray
    lo: FloatArray
    hi: FloatArray
    direction: float
    applies: BoolArray


def holds(cost: ArrayLike, ids: ArrayLike, qualities: Sequence[Quality]) -> BoolArray:
    """(n, K, t): whether each peer was an exemplar for the body in each period.

    cost : (n, t) unit costs that may be compared, NaN elsewhere.   ids : (n, K) rows of today's peers, -1 for none.
    A body whose own cost is unknown is compared with the peers' median alone.   Raises ValueError on a direction of 0.
    """
    unit, listed = floats(cost, "cost"), np.asarray(ids, dtype=np.int64)
    listed = np.where(listed == np.arange(len(listed))[:, None], -1, listed)
    theirs = np.where((listed >= 0)[..., None], unit[listed], np.nan)
    middle = quantile(np.moveaxis(theirs, 1, 2), 0.5)
    enough = (~np.isnan(theirs)).sum(axis=1) >= SMALL_GROUP
    ceiling = np.fmin(np.where(enough, middle, np.nan), np.where(np.isnan(unit), np.inf, unit))
    good = (theirs < np.where(enough, ceiling, -np.inf)[:, None, :]) & (listed >= 0)[..., None]
    paired = np.zeros(len(unit), dtype=np.bool_)
    for quality in qualities:
        good &= _no_worse(quality, listed) | ~quality.applies[:, None, None]
        paired |= quality.applies
    return np.asarray(good & paired[:, None, None])


def level_kept(cost: ArrayLike, lo: ArrayLike, hi: ArrayLike, status: ArrayLike = "ok") -> BoolArray:
    """(n, t): whether a unit cost is where it was a period ago, as far as its own chance can tell; false in the first.

    cost, lo, hi : (n, t), oldest first, with log-normal 95 % limits, NaN where absent.   status : a `break` in a period
    parts it from the one before. The width of the limits is the year-to-year spread of M1.1, so a step beyond it is
    another level or a slip, and which of the two is for the body to say.
    """
    unit, low, high = (floats(part, name) for part, name in ((cost, "cost"), (lo, "lo"), (hi, "hi")))
    positive = (unit > 0) & (low > 0) & (high >= low)
    logs = np.log(np.where(positive, unit, np.nan))
    se = np.log(np.where(positive, high, np.nan) / np.where(positive, low, np.nan)) / (2 * REACH_95)
    allowed = REACH_95 * np.hypot(se[:, 1:], se[:, :-1])
    kept = np.zeros(unit.shape, dtype=np.bool_)
    kept[:, 1:] = np.abs(np.diff(logs, axis=1)) <= allowed  # false where either is NaN
    return np.asarray(kept & (np.broadcast_to(np.asarray(status, dtype=np.str_), unit.shape) != "break"))


def run(held: BoolArray, kept: BoolArray) -> IntArray:
    """(n, K) periods of the unbroken run that ends with the last one, at one level.

    held (n, K, t), oldest first.   kept (n, K, t) : whether the level of the period before was kept (`level_kept`).
    """
    linked = np.ones_like(held)
    linked[..., :-1] = kept[..., 1:]
    backwards = np.flip(held & linked, axis=2)
    return np.asarray(np.logical_and.accumulate(backwards, axis=2).sum(axis=2), dtype=np.int64)


def _no_worse(quality: Quality, listed: IntArray) -> BoolArray:
    """(n, K, t) whether the peer's interval reaches the body's own value or lies on its better side."""
    if quality.direction not in (1.0, -1.0):
        raise ValueError("a paired quality needs a wanted direction, +1 or -1")
    best = quality.hi if quality.direction > 0 else quality.lo
    reach = np.where(np.isnan(best), quality.value, best) * quality.direction
    return np.asarray(reach[listed] >= (quality.value * quality.direction)[:, None, :])
