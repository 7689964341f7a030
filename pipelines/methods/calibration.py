"""Whether chances that were stated came true as often as they said (methods.md M4.12, calibration of past P(hit))."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, IntArray, floats, over

EDGES = (0.0, 0.10, 0.33, 0.66, 0.90, 1.0)


class Calibration(NamedTuple):
    """Per bin (k,): size, mean stated chance, share that came true (NaN where empty). brier: mean squared error,
    0 is perfect; base: Brier score of always stating the overall share."""

    size: IntArray
    stated: FloatArray
    came_true: FloatArray
    brier: float
    base: float


def calibration(p: ArrayLike, hit: ArrayLike, edges: tuple[float, ...] = EDGES) -> Calibration:
    """Stated chances (m,) in [0, 1] against what happened (m,) true or false; NaN chances are left out.

    Bins are those of the words for chances, lower edge inside; the last includes 1. Source: Brier (1950).
    """
    chance, came = floats(p, "p"), floats(hit, "hit")
    known = ~np.isnan(chance + came)
    chance, came = chance[known], came[known]
    if ((chance < 0) | (chance > 1)).any():
        raise ValueError("a chance lies between 0 and 1")
    place = np.clip(np.searchsorted(edges, chance, side="right") - 1, 0, len(edges) - 2)
    count = np.bincount(place, minlength=len(edges) - 1)
    stated, true = (over(np.bincount(place, part, len(edges) - 1), count) for part in (chance, came))
    brier = float(over(((chance - came) ** 2).sum(), chance.size))
    share = float(over(came.sum(), chance.size))
    return Calibration(count.astype(np.int64), stated, true, brier, share * (1 - share))
