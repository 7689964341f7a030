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

METHOD = Method(
    id="M3.16e",
    version="1",
    title="Named exemplars",
    formula="peer's unit cost < peers' median and < own; no paired quality with its whole interval on the worse side "
    "of the body's own value; run of periods up to now in which both held",
    defaults={"small_group": SMALL_GROUP},
    edge_cases="A quality without an interval is held to its value; one that either body lacks is not shown to be no "
    "worse, so nobody is named. Services without a paired quality have no exemplars.",
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


def run(held: BoolArray) -> IntArray:
    """(n, K) periods of the unbroken run that ends with the last one; held (n, K, t), oldest first."""
    backwards = np.flip(held, axis=2)
    return np.asarray(np.logical_and.accumulate(backwards, axis=2).sum(axis=2), dtype=np.int64)


def _no_worse(quality: Quality, listed: IntArray) -> BoolArray:
    """(n, K, t) whether the peer's interval reaches the body's own value or lies on its better side."""
    if quality.direction not in (1.0, -1.0):
        raise ValueError("a paired quality needs a wanted direction, +1 or -1")
    best = quality.hi if quality.direction > 0 else quality.lo
    reach = np.where(np.isnan(best), quality.value, best) * quality.direction
    return np.asarray(reach[listed] >= (quality.value * quality.direction)[:, None, :])
