"""Invest to save: worth in today's money, after the optimism that such plans have shown (methods.md M5.10)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods import draws
from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.card import Method
from pipelines.methods.quantiles import quantile

RATE = 0.035
OWN_PROJECTS = 15
BENEFIT_SHORTFALL = (0.20, 0.30)

METHOD = Method(
    id="M5.10",
    version="1",
    title="Invest to save and optimism bias",
    formula="NPV = -I(1 + ob_c) + sum b_t(1 - ob_b)/(1 + r)^(t + d)",
    defaults={"rate": RATE, "benefit_shortfall": list(BENEFIT_SHORTFALL), "own_projects": OWN_PROJECTS},
    edge_cases="15 or more completed projects of one's own replace the published class; repayment comes from released "
    "cash only; a project that needs another is funded after it",
    source="HM Treasury Green Book; HM Treasury supplementary guidance on optimism bias (Mott MacDonald 2002); "
    "Flyvbjerg (2006)",
)

# Capital cost and duration, lower and upper bound as fractions: HM Treasury supplementary guidance on optimism bias,
# table 1, from the Mott MacDonald review of large public procurement in the UK (2002).
REFERENCE_CLASSES: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "standard buildings": ((0.02, 0.24), (0.01, 0.04)),
    "non-standard buildings": ((0.04, 0.51), (0.02, 0.39)),
    "standard civil engineering": ((0.03, 0.44), (0.01, 0.20)),
    "non-standard civil engineering": ((0.06, 0.66), (0.03, 0.25)),
    "equipment and development": ((0.10, 2.00), (0.10, 0.54)),
}


class Appraisal(NamedTuple):
    """npv, cost and benefits (present values, one unit of money); bcr: benefits over cost; payback_year: first year in
    which benefits so far cover the cost, undiscounted, NaN when none does."""

    npv: float
    cost: float
    benefits: float
    bcr: float
    payback_year: float


class Uplift(NamedTuple):
    """Bounds and central value of an overrun, fraction of the plan, with where they come from."""

    low: float
    central: float
    high: float
    basis: str


class Repayment(NamedTuple):
    """paid, balance [T] at each year's end; left: what released cash never repaid."""

    paid: FloatArray
    balance: FloatArray
    left: float


def appraise(
    investment: float,
    benefits: ArrayLike,
    *,
    rate: float = RATE,
    delay: float = 0.0,
    cost_uplift: float = 0.0,
    benefit_shortfall: float = 0.0,
) -> Appraisal:
    """Net present value, payback and benefit-cost ratio of a plan.

    investment : spent now, > 0; benefits : (T,) in years 1..T, same unit; rate : real discount rate; delay : years.
    Raises ValueError on an investment of 0 or less, a missing benefit or a negative delay.   Source: methods.md M5.10.
    """
    yearly = floats(benefits, "benefits") * (1 - benefit_shortfall)
    if investment <= 0 or np.isnan(yearly).any() or delay < 0:
        raise ValueError("an appraisal needs a positive investment, every year's benefit and a delay of 0 or more")
    cost = investment * (1 + cost_uplift)
    worth = float((yearly * _discount(yearly.size, rate, delay)).sum())
    covered = np.flatnonzero(np.cumsum(yearly) >= cost - 1e-12)
    payback = covered[0] + 1 + delay if covered.size else np.nan
    return Appraisal(worth - cost, cost, worth, worth / cost, float(payback))


def npv_draws(
    investment: float,
    benefits: ArrayLike,
    overrun: ArrayLike,
    shortfall: ArrayLike,
    delay: ArrayLike = 0.0,
    rate: float = RATE,
) -> FloatArray:
    """Net present value for each draw of cost overrun, benefit shortfall (fractions) and delay (years): (k,)."""
    yearly = floats(benefits, "benefits")
    over, short, late = np.broadcast_arrays(*(floats(part, "draws") for part in (overrun, shortfall, delay)))
    on_time = float((yearly * _discount(yearly.size, rate, 0.0)).sum())
    return np.asarray(-investment * (1 + over) + on_time * (1 - short) * (1 + rate) ** -late)


def chance_positive(npv: ArrayLike) -> float:
    """Share of draws in which the plan is worth its cost: P(NPV > 0)."""
    worth = floats(npv, "npv")
    return float((worth > 0).mean())


def cost_uplift(project_class: str, own: ArrayLike = ()) -> Uplift:
    """What to add to a capital cost: own completed projects when there are 15 or more, else the published class.

    own : overruns of completed projects, fractions of plan. Own: 10th percentile, mean, 90th. Published: the bounds and
    the upper one as central value, where the guidance starts before risks are managed.
    Raises ValueError on an unknown class.
    """
    return _uplift(project_class, own, 0)


def duration_uplift(project_class: str, own: ArrayLike = ()) -> Uplift:
    """What to add to the time a project takes, fraction of plan; as `cost_uplift`."""
    return _uplift(project_class, own, 1)


def uplift_draws(uplift: Uplift, count: int, name: str, *, seed: int = 0) -> FloatArray:
    """(count,) overruns from the triangle over low, central and high; `name` says which quantity, so that cost,
    benefit and delay of one project are drawn apart."""
    stream = draws.generator(f"M5.10 {name}", seed=seed)
    if uplift.high <= uplift.low:
        return np.full(count, uplift.central)
    return stream.triangular(uplift.low, min(max(uplift.central, uplift.low), uplift.high), uplift.high, count)


def repay(investment: float, released_cash: ArrayLike, rate: float = RATE) -> Repayment:
    """Repayment of an advance from released cash only: never more than a year's cash, never more than is owed.

    released_cash : (T,) cash-releasing benefit of each year (negative counts as 0); interest at `rate` a year.
    """
    owed, paid, balance = investment, [], []
    for cash in np.maximum(floats(released_cash, "released_cash"), 0.0):
        owed *= 1 + rate
        paid.append(min(float(cash), owed))
        owed -= paid[-1]
        balance.append(owed)
    return Repayment(np.array(paid), np.array(balance), owed)


def _discount(years: int, rate: float, delay: float) -> FloatArray:
    return np.asarray((1 + rate) ** -(np.arange(1, years + 1) + delay))


def _uplift(project_class: str, own: ArrayLike, which: int) -> Uplift:
    completed = floats(own, "own")
    if completed.size >= OWN_PROJECTS:
        low, high = (float(quantile(completed, share)) for share in (0.1, 0.9))
        return Uplift(low, float(completed.mean()), high, f"{completed.size} completed projects of one's own")
    if project_class not in REFERENCE_CLASSES:
        raise ValueError(f"unknown class of project {project_class!r}; use {', '.join(REFERENCE_CLASSES)}")
    low, high = REFERENCE_CLASSES[project_class][which]
    return Uplift(low, high, high, f"published bounds for {project_class}")
