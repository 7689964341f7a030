"""Bands that hold every effect of a staggered design at once, by multiplier bootstrap (methods.md M6.4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipelines.methods.arrays import FloatArray, over
from pipelines.methods.draws import generator
from pipelines.methods.staggered import Aggregate

DRAWS = 1000
LEAST_BODIES = 5


class Bands(NamedTuple):
    """se (K,): of each effect. half (K,): half-width of the uniform band. Both NaN for an effect from under 5 bodies,
    whose own spread cannot be known, and at the base, which is 0 by construction."""

    se: FloatArray
    half: FloatArray


def bands(found: Aggregate, *, draws: int = DRAWS, level: float = 0.95, seed: int = 0) -> Bands:
    """Errors of aggregated effects, and a band wide enough for all of them together.

    Each draw turns the sign of every body's part in the errors at random; the band is as wide as the largest of the
    standardised errors in `level` of the draws. Cohort sizes are held as they are.
    Raises ValueError on fewer than 100 draws.   Source: Callaway & Sant'Anna (2021), algorithm 1.
    """
    if draws < 100:
        raise ValueError("bands need 100 draws or more")
    signs = generator("M6.4", seed=seed).choice([-1.0, 1.0], size=(draws, found.influence.shape[1]))
    errors = signs @ found.influence.T
    se = np.sqrt((found.influence**2).sum(axis=1))
    stated = (found.bodies >= LEAST_BODIES) & (se > 0)
    largest = np.abs(over(errors, np.where(stated, se, np.nan)))[:, stated].max(axis=1, initial=0)
    se = np.where(stated, se, np.nan)
    return Bands(se, se * float(np.quantile(largest, level)))
