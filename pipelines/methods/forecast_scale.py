"""The scale on which a bounded measure is forecast, so that no fan leaves what is possible (methods.md M4.12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from pipelines.methods.arrays import FloatArray


class Scale(NamedTuple):
    """To the scale of the models and back."""

    to: Callable[[FloatArray], FloatArray]
    back: Callable[[FloatArray], FloatArray]


def scale_of(name: str, bounds: tuple[float, float], series: FloatArray) -> Scale:
    """`level`, `log`, or `logit` between bounds. Raises ValueError where figures lie outside, or another name.

    Logits of n figures are taken after drawing them in by 1/(2n) of the way to the middle, (s (n - 1) + 1/2)/n, only
    when one of them lies on a bound; the way back stops at the bounds.
    Source: Smithson & Verkuilen (2006), Psychological Methods 11.
    """
    if name == "level":
        return Scale(np.asarray, np.asarray)
    if name == "log":
        if (series <= 0).any():
            raise ValueError("a forecast on logs needs figures above 0")
        return Scale(_log, np.exp)
    if name != "logit":
        raise ValueError(f"unknown scale {name!r}; use level, log or logit")
    low, high = bounds
    if (series < low).any() or (series > high).any():
        raise ValueError(f"a figure lies outside its bounds, {low:g} to {high:g}")
    return _between(low, high, series.size, bool(((series == low) | (series == high)).any()))


def limits_of(format: str, unit: str, multiplier: float) -> tuple[float, float]:
    """What a measure cannot pass by its definition: 0, and the whole where it is a share or in per cent."""
    return 0.0, multiplier if format == "share" else 100.0 if unit == "per cent" else np.inf


def unpassed(limits: tuple[float, float], figures: ArrayLike) -> tuple[float, float]:
    """The limits of `limits_of` that no figure of a series passes; without one on a side where a figure does.

    What is drawn around a series (a limit, a fan, an allowance) is cut there: beyond lies nothing possible.
    """
    known = np.asarray(figures, dtype=np.float64)
    known = known[~np.isnan(known)]
    low, high = limits
    return (-np.inf if (known < low).any() else low), (np.inf if (known > high).any() else high)


def natural(limits: tuple[float, float], figures: FloatArray) -> tuple[str, tuple[float, float]]:
    """The scale on which figures are forecast, with its bounds: shares as logits, amounts above 0 as logs, else level.

    limits : as `limits_of`.   figures : all that are turned, the target among them.
    """
    low, high = limits
    if np.isfinite(high) and bool((figures > low).all() and (figures < high).all()):
        return "logit", limits
    return ("log" if bool((figures > 0).all()) else "level"), (0.0, 1.0)


def _log(y: FloatArray) -> FloatArray:
    # A target of 0 or less lies infinitely far down: it is never met.
    return np.log(y, where=y > 0, out=np.full(y.shape, -np.inf))


def _between(low: float, high: float, n: int, drawn: bool) -> Scale:
    def to(y: FloatArray) -> FloatArray:
        share = (y - low) / (high - low)
        return np.asarray(logit((share * (n - 1) + 0.5) / n if drawn else np.clip(share, 0, 1)))

    def back(z: FloatArray) -> FloatArray:
        share = expit(z)
        whole = np.clip((share * n - 0.5) / (n - 1), 0, 1) if drawn else share
        return np.asarray(low + (high - low) * whole)

    return Scale(to, back)
