"""Context variables made comparable before distances are taken (methods.md M2.1, steps 1 and 2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats, over, zeros_to_nan
from pipelines.methods.quantiles import quantile

SD_PER_MAD = 1.4826
SD_PER_MEAN_DEVIATION = 1.2533
WINSOR = 3.0


def transform(z: ArrayLike, kinds: Sequence[str], sizes: ArrayLike | None = None) -> FloatArray:
    """Each column on the scale where differences are comparable: `log`, `logit` or `none`.

    z : (n, v), NaN where absent.   kinds : one of the three words per column.
    sizes : (n, v) denominators of proportions, needed where one is exactly 0 or 1: it becomes (count + 1/2)/(size + 1).
    Raises ValueError on an unknown kind, a log of 0 or less, a share outside [0, 1], or 0 or 1 without its size.
    """
    columns = floats(z, "z")
    if len(kinds) != columns.shape[1]:
        raise ValueError(f"{columns.shape[1]} context variables but {len(kinds)} transforms")
    weighed = np.full(columns.shape, np.nan) if sizes is None else floats(sizes, "sizes")
    parts = [_transformed(columns[:, v], kind, weighed[:, v], v) for v, kind in enumerate(kinds)]
    return np.column_stack(parts) if parts else columns


def robust_scores(z: ArrayLike, winsor: float = WINSOR) -> FloatArray:
    """(z - median)/(1.4826 MAD) per column over all bodies, cut at +-winsor; a column without variation is all NaN.

    z : (n, v), NaN where absent. MAD = 0 (over half the bodies equal): 1.2533 mean absolute deviation instead.
    """
    columns = floats(z, "z").T
    middle = quantile(columns, 0.5)[:, None]
    away = np.abs(columns - middle)
    mad = SD_PER_MAD * quantile(away, 0.5)
    mean = SD_PER_MEAN_DEVIATION * over(np.nansum(away, axis=1), (~np.isnan(away)).sum(axis=1))
    scale = zeros_to_nan(np.where(mad > 0, mad, mean))[:, None]
    return np.clip((columns - middle) / scale, -winsor, winsor).T


def classical_scores(z: ArrayLike) -> FloatArray:
    """(z - mean)/sd per column, sd with n-1, for parity with published models; no winsorising.

    A column without variation is all NaN.
    """
    columns = floats(z, "z")
    count = (~np.isnan(columns)).sum(axis=0)
    away = columns - over(np.nansum(columns, axis=0), count)
    sd = np.sqrt(over(np.nansum(away**2, axis=0), np.maximum(count - 1, 0)))
    return np.asarray(over(away, sd))


def _transformed(column: FloatArray, kind: str, sizes: FloatArray, place: int) -> FloatArray:
    if kind == "none":
        return column
    if kind == "log":
        if (column <= 0).any():
            raise ValueError(f"context variable {place} has a value of 0 or less, which has no logarithm")
        return np.asarray(np.log(column))
    if kind == "logit":
        return _logit(column, sizes, place)
    raise ValueError(f"unknown transform {kind!r} for context variable {place}; use none, log or logit")


def _logit(share: FloatArray, sizes: FloatArray, place: int) -> FloatArray:
    if ((share < 0) | (share > 1)).any():
        raise ValueError(f"context variable {place} is not a share of 1")
    end = (share == 0) | (share == 1)
    if (end & np.isnan(sizes)).any():
        raise ValueError(f"context variable {place} is exactly 0 or 1 somewhere; give its sizes")
    inside = np.where(end, (share * sizes + 0.5) / (sizes + 1), share)
    return np.asarray(np.log(inside / (1 - inside)))
