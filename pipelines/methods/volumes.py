"""Area cost adjustment, output volumes, quality and productivity (methods.md M1.3 to M1.6)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, TextArray, floats, over
from pipelines.methods.card import Method

QUALITY_CAP = 0.03
DRIFT_POINTS = 0.5

AREA = Method(
    id="M1.3",
    version="1",
    title="Area cost adjustment",
    formula="C_adj = C/A, A = w_L ACA_L + w_R ACA_R + (1 - w_L - w_R)",
    defaults={"vintage": "one for the length of a target"},
    edge_cases="For comparisons only; accounts, ceilings and payments use C. Adjusting twice is a defect.",
    source="Review of relative needs and resources, area cost adjustment papers (2019)",
)
VOLUME = Method(
    id="M1.4",
    version="1",
    title="Cost-weighted output volume",
    formula="L = sum u0 q1 / sum u0 q0; P with u1; F = sqrt(L P); ln T = sum (s0 + s1)/2 ln(q1/q0); chained by product",
    defaults={"headline": "laspeyres", "reference": 100, "drift_points": DRIFT_POINTS},
    edge_cases="An activity without a previous unit cost enters one link late; a zero volume has no Tornqvist link; a "
    "missing volume leaves the link without a value.",
    source="ONS, Sources and methods for public service productivity; Diewert (1976); Atkinson (2005)",
)
QUALITY = Method(
    id="M1.5",
    version="1",
    title="Quality-adjusted output",
    formula="L_Q = sum u0 q1 g1 / sum u0 q0 g0, g = prod (x_t/x_0)^omega, sum omega <= 1",
    defaults={"settlement_cap": QUALITY_CAP, "carry_periods": 1},
    edge_cases="A missing component keeps its last value for one period, imputed; settlements cap the yearly change.",
    source="Atkinson (2005); ONS, quality adjustment of public service output",
)
PRODUCTIVITY = Method(
    id="M1.6",
    version="1",
    title="Productivity indices",
    formula="TFP = output index / Tornqvist input index over cost shares",
    defaults={"share_tolerance": 1e-6},
    edge_cases="Without capital it is named multi-factor excluding capital; labour productivity never stands alone.",
    source="Caves, Christensen & Diewert (1982); Atkinson (2005)",
)
METHODS = (AREA, VOLUME, QUALITY, PRODUCTIVITY)


class Links(NamedTuple):
    """Growth from each period to the next, [..., T-1], 1 = no change; NaN where an index cannot be formed."""

    laspeyres: FloatArray
    paasche: FloatArray
    fisher: FloatArray
    tornqvist: FloatArray


def area_factor(labour: ArrayLike, property_: ArrayLike, labour_share: float, property_share: float) -> FloatArray:
    """What a basket of the service costs in each area, 1 = national average: w_L ACA_L + w_R ACA_R + the rest.

    labour, property_ : (n,) area indices > 0.   shares : national cost shares of the service, >= 0, at most 1 together.
    Raises ValueError otherwise.   Source: methods.md M1.3.
    """
    wages, rents = floats(labour, "labour"), floats(property_, "property")
    if min(labour_share, property_share) < 0 or labour_share + property_share > 1:
        raise ValueError(f"cost shares {labour_share} and {property_share} are not parts of 1")
    if (wages <= 0).any() or (rents <= 0).any():
        raise ValueError("an area index is zero or negative")
    return labour_share * wages + property_share * rents + (1 - labour_share - property_share)


def area_adjust(
    cost: ArrayLike, labour: ArrayLike, property_: ArrayLike, labour_share: float, property_share: float
) -> FloatArray:
    """Cost (n, T) at national average wages and rents, in its own currency. For comparisons, never for an account."""
    return np.asarray(floats(cost, "cost").T / area_factor(labour, property_, labour_share, property_share)).T


def volume_links(volume: ArrayLike, unit_cost: ArrayLike) -> Links:
    """Laspeyres, Paasche, Fisher and Tornqvist growth of cost-weighted activity, link by link.

    volume, unit_cost : [..., T, J] activities on the last axis, periods before it, >= 0, NaN where absent; unit costs
    are national ones for the headline (local ones reward inefficiency). For quality-adjusted links pass volume x g.
    An activity without a unit cost at the start of a link is left out of it. A missing volume otherwise leaves the link
    NaN; a missing unit cost at its end leaves Paasche, Fisher and Tornqvist NaN.
    Raises ValueError on a negative figure.   Source: methods.md M1.4.
    """
    q, u = _not_negative(volume, "volume"), _not_negative(unit_cost, "unit cost")
    known = ~np.isnan(u[..., :-1, :])
    q0, q1, u0, u1 = (
        np.where(known, part, 0.0) for part in (q[..., :-1, :], q[..., 1:, :], u[..., :-1, :], u[..., 1:, :])
    )
    laspeyres, paasche = over((u0 * q1).sum(-1), (u0 * q0).sum(-1)), over((u1 * q1).sum(-1), (u1 * q0).sum(-1))
    shares = [over(part, part.sum(-1, keepdims=True)) for part in (u0 * q0, u1 * q1)]
    growth = np.where(known, _log_growth(q0, q1), 0.0)
    tornqvist = np.exp(np.where(known, (shares[0] + shares[1]) / 2 * growth, 0.0).sum(-1))
    return Links(laspeyres, paasche, np.sqrt(laspeyres * paasche), tornqvist)


def chained(links: ArrayLike, reference: float = 100.0) -> FloatArray:
    """Levels [..., T] from links [..., T-1], the first period at `reference`; a NaN link ends the series."""
    steps = floats(links, "links")
    first = np.ones((*steps.shape[:-1], 1))
    return reference * np.cumprod(np.concatenate([first, steps], axis=-1), axis=-1)


def chain_drift(volume: ArrayLike, unit_cost: ArrayLike) -> FloatArray:
    """|chained - direct| Laspeyres growth from first to last period, in points of 100; over 0.5 is a warning."""
    q, u = _not_negative(volume, "volume"), _not_negative(unit_cost, "unit cost")
    linked = np.prod(volume_links(q, u).laspeyres, axis=-1)
    direct = volume_links(q[..., [0, -1], :], u[..., [0, -1], :]).laspeyres[..., 0]
    return np.asarray(100 * np.abs(linked - direct))


def national_level(volume: ArrayLike, unit_cost: ArrayLike) -> FloatArray:
    """Output of each body (n,) in currency at national unit costs (J,): comparable across bodies and transitive."""
    return _not_negative(volume, "volume") @ _not_negative(unit_cost, "unit cost")


def geks_level(volume: ArrayLike, unit_cost: ArrayLike) -> FloatArray:
    """Relative output of bodies by GEKS-Fisher, (n,), geometric mean 1; transitive with each body's own unit costs.

    volume, unit_cost : (n, J), complete, >= 0, every pair of bodies sharing an activity.
    Source: Caves, Christensen & Diewert (1982); methods.md M1.4 (sensitivity; national unit costs are the default).
    """
    q, u = _not_negative(volume, "volume"), _not_negative(unit_cost, "unit cost")
    value = u @ q.T  # [a, b]: the output of b at the unit costs of a
    own = np.diag(value)
    fisher = np.sqrt(over(value.T, own) * over(own[:, None], value))  # [a, b]: a over b
    return np.asarray(np.exp(np.log(fisher).mean(axis=1)))


def quality_index(components: ArrayLike, weights: ArrayLike) -> FloatArray:
    """Quality multiplier g (T,), 1 in the first period: the product of (x_t/x_0)^omega over components.

    components : (T, C) higher is better, > 0.   weights : (C,) shares of the service's value, >= 0, at most 1 together.
    Raises ValueError otherwise.   Source: methods.md M1.5; Atkinson (2005).
    """
    x, omega = floats(components, "components"), _not_negative(weights, "weights")
    if omega.sum() > 1 + 1e-9:
        raise ValueError(f"quality weights sum to {omega.sum():.4g}, more than the whole value of the service")
    if (x <= 0).any():
        raise ValueError("a quality component is zero or negative; growth of it has no meaning")
    return np.asarray(np.exp(np.log(x / x[0]) @ omega))


def capped_quality(g: ArrayLike, cap: float = QUALITY_CAP) -> FloatArray:
    """The multiplier [T] with each year's change held within +-cap, for settlements: one survey cannot move money."""
    levels = floats(g, "g")
    steps = np.clip(levels[1:] / levels[:-1], 1 - cap, 1 + cap)
    return np.concatenate([levels[:1], levels[0] * np.cumprod(steps)])


def carried(components: ArrayLike) -> tuple[FloatArray, TextArray]:
    """Components (T, C) with a gap of one period filled from the period before, and the status of each cell.

    Only the first missing period keeps the last value (imputed); the next is missing.
    """
    x = floats(components, "components")
    before = np.vstack([np.full((1, x.shape[1]), np.nan), x[:-1]])
    fills = np.isnan(x) & ~np.isnan(before)
    filled = np.where(fills, before, x)
    return filled, np.where(fills, "imputed", np.where(np.isnan(filled), "missing", "ok"))


def input_index(before: ArrayLike, after: ArrayLike, shares_before: ArrayLike, shares_after: ArrayLike) -> FloatArray:
    """Tornqvist growth of inputs, 1 = no change; inputs on the last axis.

    before, after : [..., m] quantities > 0 (FTE, deflated goods, capital services).
    shares : [..., m] cost shares. Raises ValueError when a set does not sum to 1.   Source: methods.md M1.6.
    """
    shares = [_not_negative(part, "shares") for part in (shares_before, shares_after)]
    for part in shares:
        if (np.abs(part.sum(axis=-1) - 1) > 1e-6).any():
            raise ValueError(f"cost shares sum to {np.ravel(part.sum(axis=-1))[0]:.6g}, not 1")
    growth = _log_growth(_not_negative(before, "inputs"), _not_negative(after, "inputs"))
    return np.asarray(np.exp(((shares[0] + shares[1]) / 2 * growth).sum(axis=-1)))


def productivity(output_index: ArrayLike, input_index: ArrayLike) -> FloatArray:
    """Output growth over input growth: total factor with every input, partial (labour, cost) with one."""
    return np.asarray(over(floats(output_index, "output index"), floats(input_index, "input index")))


def _log_growth(before: FloatArray, after: FloatArray) -> FloatArray:
    ratio = over(after, before)
    return np.asarray(np.log(np.where(ratio > 0, ratio, np.nan)))


def _not_negative(values: ArrayLike, name: str) -> FloatArray:
    array = floats(values, name)
    if (array < 0).any():
        raise ValueError(f"{name} holds a negative figure")
    return array
