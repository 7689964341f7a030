"""Funnel plots: what chance allows, and what is unusual even allowing for unexplained variation (methods.md M3.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from pipelines.methods import status as st
from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats, over
from pipelines.methods.card import Method
from pipelines.methods.quantiles import quantile

TAIL = 0.10
BODIES_NEEDED = 10
PHI_TOO_LARGE = 10.0
Z95, Z998 = float(ndtri(0.975)), float(ndtri(0.999))

METHOD = Method(
    id="M3.4",
    version="1",
    title="Funnel plot with overdispersion",
    formula="z = (y - theta)/s held to its 10 and 90 % points; phi = mean z^2; "
    "tau2 = (n phi - n + 1)/(sum w - sum w2/sum w) if n phi > n - 1 else 0; limits theta +- z_p sqrt(s2 + tau2)",
    defaults={"tail": TAIL, "bodies_needed": BODIES_NEEDED, "phi_too_large": PHI_TOO_LARGE, "levels": [0.95, 0.998]},
    edge_cases="A zero count moves log ratios to square roots; under 10 bodies tau2 is not estimated; phi over 10 "
    "flags nobody: context adjustment comes first.",
    source="Spiegelhalter (2005), Statistics in Medicine 24 and Quality and Safety in Health Care 14; "
    "Spiegelhalter et al. (2012); DerSimonian & Laird (1986)",
)


class Funnel(NamedTuple):
    """y, s, z (plain) and widened z, each [n]; theta0; phi; tau2 (NaN: not estimated, limits are plain);
    flag [n] on the widened limits: 0 within, +-1 outside 95 %, +-2 outside 99.8 %; kind of transform used."""

    y: FloatArray
    s: FloatArray
    z: FloatArray
    widened: FloatArray
    theta0: float
    phi: float
    tau2: float
    flag: IntArray
    kind: str


class Dispersion(NamedTuple):
    """phi, tau2 and the bodies that informed them."""

    phi: float
    tau2: float
    kept: int


def funnel(
    first: ArrayLike, second: ArrayLike, kind: str, *, status: ArrayLike = "ok", history_tau2: float = np.nan
) -> Funnel:
    """Each body against the sector: transformed, with plain and widened z, and a flag on the widened ones.

    kind and its two figures (n,): `log_ratio` or `sqrt_ratio` observed, expected; `proportion` events, cases;
    `count_ratio` two counts. NaN leaves a body out; `status.REFERENCE` values alone inform theta0, phi and tau2.
    history_tau2 : the sector's earlier value, used under 10 bodies.
    Raises ValueError on an unknown kind, a negative count, expected or cases of 0, or more events than cases.
    Source: Spiegelhalter (2005a, b); methods.md M3.4.
    """
    a, b = _counts(first, second, kind)
    counted = st.is_in(status, st.REFERENCE) & ~np.isnan(a + b)
    if kind == "log_ratio" and (a == 0).any():
        kind = "sqrt_ratio"
    y, s = _TRANSFORMS[kind](a, b)
    theta0 = _CENTRES[kind](a[counted].sum(), b[counted].sum())
    z = (y - theta0) / s
    spread = winsorised_dispersion(z[counted], s[counted])
    tau2 = spread.tau2 if spread.kept >= BODIES_NEEDED else history_tau2
    widened = (y - theta0) / np.sqrt(s**2 + np.nan_to_num(tau2))
    quiet = np.isnan(widened) | (spread.phi > PHI_TOO_LARGE)
    reach = np.abs(np.where(quiet, 0.0, widened))
    flag = np.sign(np.where(quiet, 0.0, widened)) * ((reach > Z95).astype(int) + (reach > Z998))
    return Funnel(y, s, z, widened, theta0, spread.phi, tau2, flag.astype(np.int64), kind)


def winsorised_dispersion(z: ArrayLike, s: ArrayLike, tail: float = TAIL) -> Dispersion:
    """phi and tau2 with z moved in to its type 7 quantiles at `tail` and 1 - tail. z, s : (n,), complete."""
    scores = floats(z, "z")
    held = np.clip(scores, quantile(scores, tail), quantile(scores, 1 - tail))
    return _dispersion(held, floats(s, "s"))


def trimmed_dispersion(z: ArrayLike, s: ArrayLike, tail: float = TAIL) -> Dispersion:
    """phi and tau2 of the bodies strictly inside the two quantiles, as FunnelPlotR's log path has it."""
    scores = floats(z, "z")
    inside = (scores > quantile(scores, tail)) & (scores < quantile(scores, 1 - tail))
    return _dispersion(scores[inside], floats(s, "s")[inside])


def limits(s: ArrayLike, theta0: float, tau2: float, kind: str) -> FloatArray:
    """Lines of the plot (g, 4): lower and upper 95 %, lower and upper 99.8 %, on the scale of the ratio or share.

    s : (g,) sampling sds (`sd_at`).   tau2 : 0 for plain limits, that of the funnel for widened ones.
    The multiplicative alternative takes s times sqrt(max(phi, 1)) and tau2 0.
    """
    wide = np.sqrt(floats(s, "s") ** 2 + np.nan_to_num(tau2))
    ends = np.column_stack([theta0 + sign * z * wide for z in (Z95, Z998) for sign in (-1, 1)])
    return _BACK[kind](ends)


def sd_at(size: ArrayLike, kind: str) -> FloatArray:
    """Sampling sd of y at expected counts (ratios) or cases (proportions), for drawing limits. Not for count_ratio."""
    return {"log_ratio": 1.0, "sqrt_ratio": 0.5, "proportion": 0.5}[kind] / np.sqrt(floats(size, "size"))


def discoveries(widened: ArrayLike, rate: float = 0.05) -> BoolArray:
    """Which of many widened z (any shape, NaN left out) stand out with a false discovery rate of at most `rate`.

    By chance alone `rate` x the number of figures would lie outside single limits: report that number beside.
    Source: Benjamini & Hochberg (1995), on two-sided p.
    """
    scores = floats(widened, "z")
    p = np.where(np.isnan(scores), np.nan, 2 * ndtr(-np.abs(scores)))
    in_order = np.sort(p[~np.isnan(p)])
    passing = in_order[in_order <= rate * np.arange(1, in_order.size + 1) / max(in_order.size, 1)]
    return np.asarray(p <= passing[-1]) if passing.size else np.zeros(p.shape, dtype=np.bool_)


def _dispersion(z: FloatArray, s: FloatArray) -> Dispersion:
    n, w = z.size, s**-2.0
    if n < 2:
        return Dispersion(np.nan, np.nan, n)
    phi = float(np.mean(z**2))
    over_n = n * phi - (n - 1)
    tau2 = over_n / (w.sum() - (w**2).sum() / w.sum()) if over_n > 0 else 0.0
    return Dispersion(phi, float(tau2), n)


def _counts(first: ArrayLike, second: ArrayLike, kind: str) -> tuple[FloatArray, FloatArray]:
    if kind not in _TRANSFORMS:
        raise ValueError(f"unknown funnel {kind!r}; use {', '.join(_TRANSFORMS)}")
    a, b = floats(first, "first"), floats(second, "second")
    if (a < 0).any() or (b < 0).any() or (kind != "count_ratio" and (b == 0).any()):
        raise ValueError("a count is negative, or an expected count or number of cases is 0")
    if kind == "proportion" and (a > b).any():
        raise ValueError("more events than cases")
    return a, b


def _log(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.log(a / b), 1 / np.sqrt(b)


def _root(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.sqrt(a / b), 1 / (2 * np.sqrt(b))


def _arcsine(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.arcsin(np.sqrt(a / b)), 1 / (2 * np.sqrt(b))


def _count_ratio(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    variance = a / (a + 0.5) ** 2 + b / (b + 0.5) ** 2
    return np.log((a + 0.5) / (b + 0.5)), np.sqrt(np.where(variance > 0, variance, np.nan))


_TRANSFORMS: dict[str, Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]] = {
    "log_ratio": _log,
    "sqrt_ratio": _root,
    "proportion": _arcsine,
    "count_ratio": _count_ratio,
}
_CENTRES: dict[str, Callable[[float, float], float]] = {
    "log_ratio": lambda a, b: 0.0,
    "sqrt_ratio": lambda a, b: 1.0,
    "proportion": lambda a, b: float(np.arcsin(np.sqrt(over(a, b)))),
    "count_ratio": lambda a, b: float(np.log(over(a, b))),
}
_BACK: dict[str, Callable[[FloatArray], FloatArray]] = {
    "log_ratio": np.exp,
    "sqrt_ratio": lambda y: np.maximum(y, 0) ** 2,
    "proportion": lambda y: np.sin(np.clip(y, 0, np.pi / 2)) ** 2,
    "count_ratio": np.exp,
}
