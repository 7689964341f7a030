"""One quantile convention everywhere: Hyndman & Fan (1996) type 7, linear, as NumPy, DuckDB and Excel have it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray


def ascending(values: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Values sorted along the last axis with NaN at the end, and how many of each row are numbers."""
    array = np.asarray(values, dtype=np.float64)
    if array.shape[-1] == 0:
        array = np.full((*array.shape[:-1], 1), np.nan)
    return np.sort(array, axis=-1), np.asarray((~np.isnan(array)).sum(axis=-1), dtype=np.float64)


def at(in_order: FloatArray, count: FloatArray, share: float) -> FloatArray:
    """Type 7 quantile at `share` in [0, 1] of rows from `ascending`; NaN for an empty row."""
    place = np.maximum(count - 1, 0) * share
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0).astype(np.int64))
    low, high = (np.take_along_axis(in_order, end[..., None], axis=-1)[..., 0] for end in (below, above))
    return np.asarray(low + (place - below) * (high - low))


def quantile(values: ArrayLike, share: float) -> FloatArray:
    """Type 7 quantile along the last axis, leaving NaN out; NaN where nothing is left."""
    return at(*ascending(values), share)
