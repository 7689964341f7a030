"""How bodies might respond to a scheme: one path per draw, every scheme meeting the same chance (methods.md M5.12).

Amounts here are fractions of a body's first budget. What the response would be is assumption, not evidence: figures
from here stand beside the break-even response, never instead of what holds for any response (`compare`, `windfall`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from pipelines.methods import draws
from pipelines.methods.arrays import FloatArray, TextArray, floats
from pipelines.methods.card import Method

METHOD = Method(
    id="M5.12",
    version="1",
    title="Behaviour and Monte Carlo",
    formula="gap closed in a year = kappa x power x credibility x gap left; then what the ceiling forces; "
    "the rest is service lost (hard ceilings) or overspent (settlements)",
    defaults={"closure": [0.0, 1.0, 4.0], "common": 0.3, "cost_sd": 0.02, "drift_sd": 0.01, "quality": 1.0},
    edge_cases="schemes without a share spend up to their ceiling; unindexed ones bear surprises of volume and prices",
    source="methods.md M5.12; Nelsen (2006) for the copula",
)


@dataclass(frozen=True)
class Assumptions:
    """What nobody knows, with wide defaults.

    closure : least, most likely and greatest kappa, gap closed a year per unit of incentive power; cost_sd : chance of
    a year's cost; drift_sd : yearly surprise of volume and prices together; gap_sd : error of the measured gap (all
    fractions of budget); common : correlation between bodies; quality : value lost per pound of service lost, beside
    that pound; credibility : chance that the bank is honoured.
    """

    closure: tuple[float, float, float] = (0.0, 1.0, 4.0)
    cost_sd: float = 0.02
    drift_sd: float = 0.01
    gap_sd: float = 0.03
    common: float = 0.3
    quality: float = 1.0
    credibility: float = 1.0

    def __post_init__(self) -> None:
        low, mode, high = self.closure
        if not 0 <= low <= mode <= high:
            raise ValueError("closure needs 0 <= least <= most likely <= greatest")
        if not (0 <= self.common <= 1 and 0 <= self.credibility <= 1):
            raise ValueError("correlation and credibility lie between 0 and 1")
        if min(self.cost_sd, self.drift_sd, self.gap_sd, self.quality) < 0:
            raise ValueError("a standard deviation or the quality response is negative")


class Rule(NamedTuple):
    """indexed: surprises of volume and prices raise the ceiling too; shared: a saving is shared and an overspend
    settled, instead of spent and cut; clawed_back: a saving lowers the next ceilings."""

    indexed: bool
    shared: bool
    clawed_back: bool


RULES = {
    "U": Rule(indexed=False, shared=False, clawed_back=True),
    "X": Rule(indexed=False, shared=False, clawed_back=False),
    "B": Rule(indexed=True, shared=False, clawed_back=False),
    "G": Rule(indexed=True, shared=True, clawed_back=False),
    "M": Rule(indexed=True, shared=True, clawed_back=False),
}


class Chance(NamedTuple):
    """What every scheme meets: kappa, true gap [k, n]; noise, drift [T, k, n]: this year's cost, prices so far."""

    kappa: FloatArray
    gap: FloatArray
    noise: FloatArray
    drift: FloatArray


class Paths(NamedTuple):
    """ceiling, cost, planned (cost without this year's chance), loss (service lost), saved (kept by the body under
    claw-back): [T, k, n]; surprise [T, k, n]: how much less the ceiling buys than was promised."""

    ceiling: FloatArray
    cost: FloatArray
    planned: FloatArray
    loss: FloatArray
    saved: FloatArray
    surprise: FloatArray


def chance(
    bodies: TextArray, gaps: ArrayLike, years: int, count: int, assumed: Assumptions, *, seed: int = 0
) -> Chance:
    """Draws for some bodies of a sector: each body's own stream, and one that all share.

    bodies (n,) ids; gaps (n,) as measured. A body's draws are the same whichever others stand beside it.
    """
    width = 2 * years + 2
    shared = draws.generator("M5.12", seed=seed).standard_normal((width, count))
    own = np.stack(
        [draws.generator("M5.12", str(body), seed=seed).standard_normal((width, count)) for body in bodies], axis=-1
    )
    own *= np.sqrt(1 - assumed.common)
    own += np.sqrt(assumed.common) * shared[:, :, None]
    gap = np.clip(floats(gaps, "gaps") + assumed.gap_sd * own[1], 0.0, 1.0)
    drift = assumed.drift_sd * np.cumsum(own[2 + years :], axis=0)
    return Chance(triangular(ndtr(own[0]), *assumed.closure), gap, assumed.cost_sd * own[2 : 2 + years], drift)


def triangular(share: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    """Quantiles of the triangle over low, mode and high at shares in [0, 1]."""
    if high == low:
        return np.full_like(share, low)
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(share * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - share) * (high - low) * (high - mode))
    return np.asarray(np.where(share < turn, rising, falling))


def paths(scheme: str, cut: ArrayLike, power: ArrayLike, met: Chance, assumed: Assumptions) -> Paths:
    """What happens year by year under one scheme.

    cut (n,) : asked by the last year, reached in equal steps; power (T,) : share of a lasting saving that the body
    keeps in value (M5.5), 0 for schemes that share nothing. Each year a body closes kappa x power x credibility of the
    gap left, then as much more as its ceiling forces and the gap allows. Beyond that a hard ceiling costs service, a
    settlement money.   Raises ValueError on an unknown scheme.
    """
    if scheme not in RULES:
        raise ValueError(f"unknown scheme {scheme!r}; use {', '.join(RULES)}")
    rule, years = RULES[scheme], met.noise.shape[0]
    asked, kept = floats(cut, "cut"), np.broadcast_to(floats(power, "power"), (years,)) * assumed.credibility
    left, own, clawed = met.gap.copy(), np.zeros_like(met.gap), np.zeros_like(met.gap)
    found = Paths(*(np.zeros_like(met.noise) for _ in Paths._fields))
    for year in range(years):
        closed = np.minimum(met.kappa * kept[year], 1.0) * left
        left -= closed
        own += closed
        ceiling = 1 - asked * (year + 1) / years - clawed
        pressure = met.noise[year] if rule.indexed else met.noise[year] + met.drift[year]
        forced = np.clip(1 - met.gap + left + pressure - ceiling, 0.0, left)
        left -= forced
        planned = 1 - met.gap + left
        beyond = planned + pressure - ceiling
        found.ceiling[year], found.planned[year] = ceiling, planned
        if rule.shared:
            found.cost[year] = planned + pressure
            continue
        found.loss[year] = np.maximum(beyond, 0.0)
        if rule.clawed_back:
            found.saved[year] = np.clip(-beyond, 0.0, own)
            clawed += found.saved[year]
            own -= found.saved[year]
        found.cost[year] = ceiling - found.saved[year]
        found.surprise[year] = met.drift[year] * (not rule.indexed)
    return found
