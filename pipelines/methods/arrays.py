"""Names for the kinds of array that the methods exchange, and the one way to read a caller's numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
TextArray = NDArray[np.str_]


def floats(values: ArrayLike, name: str) -> FloatArray:
    """Numbers as float64, NaN for absent. Raises ValueError on an infinity, which is never a figure."""
    array = np.asarray(values, dtype=np.float64)
    if np.isinf(array).any():
        raise ValueError(f"{name} holds an infinite value; absent figures are NaN")
    return array


def zeros_to_nan(values: FloatArray) -> FloatArray:
    """The same numbers with NaN for 0, ready to divide by."""
    return np.where(values == 0, np.nan, values)


def over(numerator: ArrayLike, denominator: ArrayLike) -> Any:
    """numerator/denominator, NaN where the denominator is 0; no warning is raised."""
    return np.asarray(numerator, dtype=np.float64) / zeros_to_nan(np.asarray(denominator, dtype=np.float64))
