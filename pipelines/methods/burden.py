"""Who carries a round of targets: rates of saving against budgets and deprivation (methods.md M4.4, burden)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, floats

NEEDED = 5
CAP = 0.025


@dataclass(frozen=True)
class Burden:
    """rate (n,): saving over budget for the whole horizon; annual (n,): a year of it; over_cap (n,).
    sector: all savings over all budgets. concentration: against deprivation, + when the deprived carry more, NaN when
    nothing is asked or fewer than 5 bodies are complete. gini: weighted by budgets. bodies: complete ones."""

    rate: FloatArray
    annual: FloatArray
    over_cap: BoolArray
    sector: float
    concentration: float
    gini: float
    bodies: int


def burden(
    savings: ArrayLike, budgets: ArrayLike, deprivation: ArrayLike, horizon: float = 1, *, cap: float = CAP
) -> Burden:
    """Rates of saving, how unequal they are, and how they lie against deprivation.

    savings (n,) >= 0 asked for over the whole horizon; budgets (n,) > 0 in the same money; deprivation (n,), higher =
    more deprived, ties share a rank; NaN leaves a body out.   horizon : years.   cap : most of a budget a year.
    Raises ValueError on a negative saving or a budget of 0 or less.   Source: Kakwani, Wagstaff & van Doorslaer (1997).
    """
    asked, money, rank_by = (floats(part, "burden") for part in (savings, budgets, deprivation))
    if (asked < 0).any() or (money <= 0).any() or horizon <= 0:
        raise ValueError("a burden needs savings of 0 or more, budgets above 0 and a horizon above 0")
    rate = asked / money
    known = ~np.isnan(rate + rank_by)
    enough = known.sum() >= NEEDED
    share, weight = rate[known], money[known]
    return Burden(
        rate=rate,
        annual=rate / horizon,
        over_cap=np.asarray(rate / horizon > cap + 1e-12),
        sector=float(asked[known].sum() / weight.sum()) if known.any() else np.nan,
        concentration=concentration(share, rank_by[known], weight) if enough else np.nan,
        gini=concentration(share, share, weight) if enough else np.nan,
        bodies=int(known.sum()),
    )


def concentration(rate: ArrayLike, rank_by: ArrayLike, weights: ArrayLike) -> float:
    """CI = 2 cov_w(rate, R)/mean_w(rate), R the weighted fractional rank; the weighted Gini when ranked by the rate.

    rate, rank_by, weights : (n,), complete, weights > 0. Ties share the middle of their stretch. NaN when all rates
    are 0. Lies in [-1, 1] for rates of 0 or more.
    """
    share, weight = floats(rate, "rate"), floats(weights, "weights")
    mean = float(np.average(share, weights=weight)) if share.size else 0.0
    if mean == 0:
        return float("nan")
    rank = fractional_rank(rank_by, weight)
    return float(2 * np.average((share - mean) * (rank - 0.5), weights=weight) / mean)


def fractional_rank(rank_by: ArrayLike, weights: ArrayLike) -> FloatArray:
    """(n,) in (0, 1): the share of weight below a body plus half of that level with it; its weighted mean is 1/2."""
    levels, place = np.unique(floats(rank_by, "rank_by"), return_inverse=True)
    held = np.bincount(place, weights=floats(weights, "weights"), minlength=levels.size)
    middle = (np.cumsum(held) - held / 2) / held.sum()
    return np.asarray(middle[place])
