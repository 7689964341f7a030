"""Incentive power: what a body keeps, in value, of a pound saved for good (methods.md M5.5, M5.7).

"Of every pound of permanent saving you make this year, your organisation keeps 8p in value."
Assumes that threshold, gate and caps do not bind; `incentives.py` drops that.
"""

from __future__ import annotations

import numpy as np

from pipelines.methods.arrays import FloatArray
from pipelines.methods.card import Method
from pipelines.scenarios.terms import Rebase, Terms

METHOD = Method(
    id="M5.5",
    version="1",
    title="Incentive power",
    formula="s (1-D) [sum of D^k to the review + sum over later settlements j of (1 - w b_j) times their D^k]",
    defaults={"discount": 0.035, "rebase": "mean3", "own_weight": 0.5, "rolling_years": None, "credibility": 1.0},
    edge_cases="one-year settlements with a three-year baseline take three reviews to see a saving in full",
    source="methods.md M5.5, M5.7; Laffont & Tirole (1993); efficiency carry-over of utility regulators",
)
WINDOW = 3  # years that the three-year baseline averages


def power(
    share: float,
    years: int,
    *,
    own_weight: float = 1.0,
    discount: float = 0.035,
    rebase: Rebase = "mean3",
    rolling: int | None = None,
    credibility: float = 1.0,
    banked: float = 1.0,
) -> FloatArray:
    """(T,) share of the present value of a permanent £1 a year that the body keeps, by the year the saving is made.

    own_weight : w of own cost in the next baseline.   rolling : keep every saving R years and no longer, instead.
    credibility : q, chance that the bank is honoured, and `banked` the part of what is kept that goes through it.
    Raises ValueError on a settlement of no years, a discount rate of 0 or less, and shares outside 0 to 1.
    Source: methods.md M5.5. There every settlement after the next counts the saving in full; that holds from two years
    on, and is here the sum over settlements, which also holds for one.
    """
    if years < 1 or discount <= 0 or (rolling is not None and rolling < 1):
        raise ValueError("power needs at least one year and a discount rate above 0")
    if not all(0 <= part <= 1 for part in (share, own_weight, credibility, banked)):
        raise ValueError("share, own weight, credibility and banked part lie between 0 and 1")
    factor = 1 / (1 + discount)
    honoured = share * (1 - banked * (1 - credibility))
    if rolling is not None:
        return np.full(years, honoured * (1 - factor**rolling))
    left = np.arange(years, 0, -1)  # K: years of this settlement that still hold the saving
    kept = 1 - factor**left
    for later in range(settlements_to_see(years, rebase)):
        seen = np.minimum((left + later * years) / window(rebase), 1)
        begins = factor ** (left + later * years)
        ends = begins * factor**years if later + 1 < settlements_to_see(years, rebase) else 0.0
        kept = kept + (1 - own_weight * seen) * (begins - ends)
    return np.asarray(honoured * kept)


def window(rebase: Rebase) -> int:
    """Years of own cost that the next baseline looks at."""
    return 1 if rebase == "last_year" else WINDOW


def settlements_to_see(years: int, rebase: Rebase) -> int:
    """Later settlements until a saving of any year stands in the whole window of the baseline."""
    return 1 + -(-(window(rebase) - 1) // years)


def power_of(terms: Terms, *, banked: float = 1.0) -> FloatArray:
    """(T,) the power of these terms."""
    return power(
        terms.share,
        terms.years,
        own_weight=terms.own_weight,
        discount=terms.discount,
        rebase=terms.rebase,
        rolling=terms.rolling_years,
        credibility=terms.credibility,
        banked=banked,
    )
