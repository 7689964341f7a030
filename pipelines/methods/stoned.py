"""A frontier without a formula and with noise: a convex fit, then its residuals' lean (methods.md M3.12).

The middle way between data envelopment analysis, which takes all distance for inefficiency, and stochastic frontiers,
which assume a formula. Context that management does not control enters linearly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.card import Method
from pipelines.methods.convex_fit import Surface, surface
from pipelines.methods.cost_frontier import Moments, half_normal, moments

LARGEST = 300  # bodies: the shape has n^2 conditions
ENOUGH = 60  # bodies, as for every stochastic frontier (M3.11)
NOISE = 1e-16  # residual variance, as a share of that of the explained amount, that is rounding

METHOD = Method(
    id="M3.12",
    version="1",
    title="Convex fit with noise (StoNED)",
    formula="min sum (y - g(x) - z d)^2 over g concave and rising (cost: convex and rising); m2, m3 of the residuals; "
    "sigma_u^3 = -m3/(sqrt(2/pi)(1 - 4/pi)) with the sign of a shortfall; sigma_v^2 = m2 - (1 - 2/pi) sigma_u^2",
    defaults={"largest": LARGEST, "enough": ENOUGH, "model": "additive", "distribution": "half-normal"},
    edge_cases="Residuals that lean the wrong way: no detectable inefficiency, sigma_u = 0. All spread explained by "
    "inefficiency: sigma_v = 0 and the distance to the frontier is the answer. Fewer than 60 bodies: figures are not "
    "to be shown. Incomplete rows are left out by the caller. More than 300 bodies are refused.",
    source="Kuosmanen & Kortelainen (2012); Johnson & Kuosmanen (2011); Lee et al. (2013); Jondrow et al. (1982)",
)


@dataclass(frozen=True)
class Stoned:
    """What a convex fit shows of n bodies, in the unit of the explained amount (moments in its powers).

    fitted : (n,) average practice g(x) + z d.   frontier : (n,) best practice, `fitted` moved by `mean_inefficiency`.
    slopes : (n, m) marginal product (cost) of every column, 0 or more; one admissible set where several are.
    context : (k,) coefficients of z.   ssr, m2, m3 : of the residuals, m3 as it falls, about their mean.
    inefficiency : (n,) E[u|e], 0 or more.   kkt : largest miss of an optimality condition, at most 1e-8.
    detectable : whether the data show any inefficiency.   enough : n >= 60, below which nothing is shown.
    """

    fitted: FloatArray
    frontier: FloatArray
    slopes: FloatArray
    context: FloatArray
    ssr: float
    m2: float
    m3: float
    sigma_u: float
    sigma_v: float
    mean_inefficiency: float
    inefficiency: FloatArray
    kkt: float
    detectable: bool
    enough: bool


def stoned_production(y: ArrayLike, X: ArrayLike, z: ArrayLike | None = None) -> Stoned:
    """Output y (n,) from inputs X (n, m): y = g(x) + z d + v - u, g concave and rising in every input.

    z : (n, k) context, optional.   Any units; negative figures are allowed, the model is additive.
    Raises ValueError on NaN or infinity, shapes that differ, fewer than 2 bodies or more than 300.
    Source: Kuosmanen & Kortelainen (2012); methods.md M3.12.
    """
    output, inputs, context = checked(y, X, z)
    return decomposed(output, context, surface(output, inputs, context), shortfall=1)


def stoned_cost(C: ArrayLike, Q: ArrayLike, z: ArrayLike | None = None) -> Stoned:
    """Cost C (n,) of outputs Q (n, s): C = g(q) + z d + v + u, g convex and rising in every output.

    Arguments and errors as `stoned_production`. A cost that rises convexly in outputs is, with both signs turned, an
    output that rises concavely in inputs: one fit serves both.
    """
    cost, outputs, context = checked(C, Q, z)
    turned = surface(-cost, -outputs, context)
    found = turned._replace(fitted=-turned.fitted, context=-turned.context)
    return decomposed(cost, context, found, shortfall=-1)


def checked(y: ArrayLike, x: ArrayLike, z: ArrayLike | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The three tables, z with no column where there is none. Raises ValueError as `stoned_production` says."""
    explained, columns = floats(y, "the explained amount"), floats(x, "the explaining amounts")
    context = np.empty((len(columns), 0)) if z is None else floats(z, "context")
    if explained.ndim != 1 or {columns.ndim, context.ndim} != {2} or not columns.shape[1]:
        raise ValueError("a convex fit needs one amount (n,), its columns (n, m) and context (n, k)")
    if not len(explained) == len(columns) == len(context):
        raise ValueError(f"rows differ: {len(explained)} amounts, {len(columns)} of columns, {len(context)} of context")
    if not 2 <= len(explained) <= LARGEST:
        raise ValueError(f"a convex fit takes 2 to {LARGEST} bodies, not {len(explained)}")
    if any(np.isnan(table).any() for table in (explained, columns, context)):
        raise ValueError("a convex fit needs complete rows; leave incomplete ones out")
    return explained, columns, context


def decomposed(y: FloatArray, z: FloatArray, found: Surface, *, shortfall: int) -> Stoned:
    """Noise and inefficiency behind the residuals; shortfall +1: inefficiency lowers y, -1: it raises y."""
    fitted = found.fitted + z @ found.context
    left = y - fitted
    centred = left - left.mean()
    m2, m3 = float((centred**2).mean()), float((centred**3).mean())
    exact = m2 <= NOISE * float(y.var())
    spread = Moments(0.0, 0.0, 0.0) if exact else moments(m2, -shortfall * m3)
    return Stoned(
        fitted=fitted,
        frontier=fitted + shortfall * spread.mean_u,
        slopes=found.slopes,
        context=found.context,
        ssr=float((left**2).sum()),
        m2=m2,
        m3=m3,
        sigma_u=spread.sigma_u,
        sigma_v=spread.sigma_v,
        mean_inefficiency=spread.mean_u,
        inefficiency=behind(spread.mean_u - shortfall * left, spread),
        kkt=found.kkt,
        detectable=spread.sigma_u > 0,
        enough=len(y) >= ENOUGH,
    )


def behind(distance: FloatArray, spread: Moments) -> FloatArray:
    """(n,) expected inefficiency given the distance to the frontier; all distance of the right sign without noise."""
    if spread.sigma_u == 0:
        return np.zeros(len(distance))
    if spread.sigma_v == 0:
        return np.maximum(distance, 0.0)
    return half_normal(distance, spread.sigma_u, spread.sigma_v).mean
