"""Several raters of the same capabilities: the middle view, how far views lie apart, and if they differ (M7.2).

Levels are an order, not amounts: medians and shares of pairs, never a mean to decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, over
from pipelines.methods.maturity import BEST, DIFFER, WORST, levels
from pipelines.methods.quantiles import quantile


@dataclass(frozen=True)
class Views:
    """What raters say about c capabilities; (c,) arrays, NaN where nobody rated.

    median, level : middle view, and the level it stands for: between two levels, the worse.
    range, iqr : largest less smallest level, and the middle half of them (type 7).
    exact, within_one : share of pairs of raters on a capability that agree, agree within one level; NaN for no pair.
    alpha : Krippendorff's ordinal alpha, at most 1; NaN without pairs or when only one level was ever given.
    verdict : agree, differ, or one view.   overall : median of the medians.   weakest : rows of the worst median.
    """

    median: FloatArray
    level: FloatArray
    range: FloatArray
    iqr: FloatArray
    exact: float
    within_one: float
    alpha: float
    verdict: str
    overall: float
    weakest: tuple[int, ...]


def views(ratings: ArrayLike) -> Views:
    """The profile that several raters give together, and whether they see the same thing.

    ratings (r, c) : levels 1 to 5 by rater and capability, NaN where a rater gave none.
    Raises ValueError on other levels, another shape, or no rating at all.
    Source: methods.md M7.2; Krippendorff (2011).
    """
    given = levels(ratings)
    if given.ndim != 2 or np.isnan(given).all():
        raise ValueError("views need ratings (raters, capabilities), at least one of them given")
    median, low, high = (quantile(given.T, share) for share in (0.5, 0.25, 0.75))
    exact, within_one = pairwise(given)
    alpha = ordinal_alpha(given)
    return Views(
        median=median,
        level=np.ceil(median),
        range=quantile(given.T, 1.0) - quantile(given.T, 0.0),
        iqr=high - low,
        exact=exact,
        within_one=within_one,
        alpha=alpha,
        verdict=verdict(exact, alpha),
        overall=float(quantile(median, 0.5)),
        weakest=tuple(np.flatnonzero(median == np.nanmax(median)).tolist()),
    )


def weakest_in_words(found: Views, names: Sequence[str]) -> str:
    """The weakest capabilities with the level of each: "supplier relations (4)".

    Raises ValueError when the names are not one per capability.
    """
    if len(names) != len(found.median):
        raise ValueError(f"{len(found.median)} capabilities need as many names, not {len(names)}")
    return ", ".join(f"{names[row]} ({found.level[row]:.0f})" for row in found.weakest)


def pairwise(given: FloatArray) -> tuple[float, float]:
    """Shares of (pair of raters, capability) with the same level and with levels at most one apart."""
    pairs = np.array(list(combinations(range(len(given)), 2)), dtype=np.int64).reshape(-1, 2)
    apart = np.abs(given[pairs[:, 0]] - given[pairs[:, 1]])
    count = (~np.isnan(apart)).sum()
    return float(over((apart == 0).sum(), count)), float(over((apart <= 1).sum(), count))


def ordinal_alpha(given: FloatArray) -> float:
    """Krippendorff's alpha for ordered levels: 1 less observed over expected disagreement.

    Capabilities with one rating pair with nothing and drop out. The distance of levels c < k is the number of ratings
    from c to k, counting those at the ends by half; it is squared.
    """
    scale = np.arange(BEST, WORST + 1)
    counts = (given.T[:, :, None] == scale).sum(axis=1).astype(np.float64)  # (c, 5) raters at each level
    counts = counts[counts.sum(axis=1) >= 2]
    raters = counts.sum(axis=1)
    together = (counts[:, :, None] * counts[:, None] - counts[:, :, None] * np.eye(WORST)) / (raters - 1)[:, None, None]
    total = counts.sum(axis=0)
    middle = np.cumsum(total) - total / 2
    distance = (middle[:, None] - middle) ** 2
    observed, expected = (together.sum(axis=0) * distance).sum(), (np.outer(total, total) * distance).sum()
    return float(1 - (total.sum() - 1) * over(observed, expected))


def verdict(exact: float, alpha: float) -> str:
    """agree from 0.67 or when all gave one and the same level, differ below, one view where nothing can be paired."""
    if np.isnan(exact):
        return "one view"
    return "agree" if alpha >= DIFFER or (np.isnan(alpha) and exact == 1) else "differ"
