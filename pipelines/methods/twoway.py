"""What one regression with body and period effects would say of staggered starts: a diagnostic (methods.md M6.4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats


class TwoWay(NamedTuple):
    """effect: the coefficient, never a headline. weights (n, T): what each treated cell's effect counts in it, summing
    to 1; 0 elsewhere and for bodies left out. negative: sum of the weights below zero, 0 when none is."""

    effect: float
    weights: FloatArray
    negative: float


def two_way(y: ArrayLike, first: ArrayLike) -> TwoWay:
    """The coefficient of treatment with body and period effects, and the weights it gives to treated cells.

    y : (n, T).   first : (n,) first treated period, counted from 1; 0 = never. Bodies with absent periods are left out.
    Raises ValueError when treatment cannot be told from body and period effects.
    Source: Frisch & Waugh (1933); de Chaisemartin & D'Haultfoeuille (2020), American Economic Review 110.
    """
    figures = floats(y, "y")
    usable = ~np.isnan(figures).any(axis=1)
    treated = _cells(np.asarray(first, dtype=np.int64), figures.shape[1])
    rest = without_effects(treated[usable].astype(np.float64))
    size = float((rest**2).sum())
    if size < 1e-9:
        raise ValueError("treatment follows body and period exactly; there is nothing to compare")
    # On treated cells the residual sums to its own square, so that the weights sum to 1.
    weights = np.zeros_like(figures)
    weights[usable] = np.where(treated[usable], rest / size, 0.0)
    return TwoWay(float((rest * figures[usable]).sum() / size), weights, float(weights.clip(max=0).sum()))


def without_effects(panel: FloatArray) -> FloatArray:
    """A whole panel (n, T) less its body means and period means, plus its mean."""
    return np.asarray(
        panel - panel.mean(axis=1, keepdims=True) - panel.mean(axis=0, keepdims=True) + panel.mean(), dtype=np.float64
    )


def _cells(first: IntArray, periods: int) -> BoolArray:
    return np.asarray((first[:, None] > 0) & (np.arange(1, periods + 1) >= first[:, None]))
