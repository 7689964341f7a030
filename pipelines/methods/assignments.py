"""What chance alone would have shown: the same estimate for every other choice of treated bodies (methods.md M6.1).

With few bodies the usual standard errors are far too small. Re-drawing who was treated needs no such formula.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, floats
from pipelines.methods.draws import generator

EXACT_UP_TO = 20_000
DRAWS = 1_999
# Statistics that differ by rounding alone are ties, and a tie counts against the finding.
TIE = 1e-9


def assignments(treated: ArrayLike, *, seed: int = 0) -> BoolArray:
    """(A, n) choices of as many treated bodies, the true one first: all of them up to 20 000, else 1 999 drawn.

    treated : (n,) true for a treated body.   Raises ValueError unless both groups have a body.
    """
    own = np.asarray(treated, dtype=np.bool_)
    n, k = len(own), int(own.sum())
    if not 0 < k < n:
        raise ValueError("a comparison needs at least one treated body and one that is not")
    if comb(n, k) > EXACT_UP_TO:
        order = generator("M6.1", seed=seed).random((DRAWS, n)).argsort(axis=1)
        return np.vstack([own, own[order]])
    every = np.zeros((comb(n, k), n), dtype=np.bool_)
    np.put_along_axis(every, np.array(list(combinations(range(n), k)), dtype=np.int64), True, axis=1)
    return np.vstack([own, every[(every != own).any(axis=1)]])


def differences(change: ArrayLike, choices: BoolArray) -> FloatArray:
    """(A,) or (A, S) mean change of the chosen less mean change of the rest; change (n,) or (n, S), none absent."""
    figures, k = floats(change, "change"), int(choices[0].sum())
    shares = np.where(choices, 1 / k, -1 / (choices.shape[1] - k))
    return np.asarray(shares @ figures)


def p_value(found: FloatArray, rounding: float = 0.0) -> float:
    """Share of the choices whose estimate is at least as far from zero as the true one's, which comes first.

    rounding : distance, in the estimates' unit, that floating point alone can make (`rounding_of`).
    Never below 1/A. Of estimates that are all zero the share is 1.
    """
    size = np.abs(found)
    return float((size >= size[0] - TIE * size.max() - rounding).mean())


def rounding_of(y: FloatArray) -> float:
    """What floating point may leave of differences between figures of this size that are in truth equal."""
    return 1e-12 * float(np.nanmax(np.abs(y), initial=0.0))


def interval(change: ArrayLike, choices: BoolArray, level: float = 0.95) -> tuple[float, float]:
    """Every constant effect that the re-drawn choices do not reject at 1 - level; infinite where there are too few.

    For an effect tau the difference of choice S is a - tau b, with b = 1 for the true choice and |b| <= 1 for others;
    S is at least as extreme as the truth exactly for tau between (a0 - a)/(1 - b) and (a0 + a)/(1 + b), which holds a0.
    So the limits are order statistics of those ends, and no search is needed.
    Source: Rosenbaum (2002), Observational Studies, 2.6, intervals by inverting a randomisation test.
    """
    a = differences(change, choices)
    b = differences(choices[0].astype(np.float64), choices)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([(a[0] - a) / (1 - b), (a[0] + a) / (1 + b)])
    # b = 1 is the true choice and b = -1 its mirror: they are as extreme whatever the effect.
    always = 1 - np.abs(b) < TIE
    low = np.where(always, -np.inf, ends.min(axis=0))
    high = np.where(always, np.inf, ends.max(axis=0))
    rank = int(np.floor((1 - level) * len(a) + TIE))
    return float(np.sort(low)[rank]), float(np.sort(high)[::-1][rank])
