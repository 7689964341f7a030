"""What belongs here: pounds in whole pennies, so that sums are exact and nothing is lost to rounding.

Amounts travel as float64 holding whole numbers of the smallest unit: up to 2**53 pence (£90 trillion) their sums and
differences are exact, in any order and by any number of workers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats

# What a binary fraction may lack of the whole or half penny of its decimal: four steps of float64 and a millionth.
STEPS, SLACK = 1 + 4 * float(np.finfo(np.float64).eps), 1e-6


class Units(NamedTuple):
    """Smallest units to the pound: 100 for pence, 0 for amounts that are not rounded (marginal analysis)."""

    per_pound: int

    def of(self, pounds: ArrayLike, name: str) -> FloatArray:
        """Pounds as units, to the nearest."""
        amount = floats(pounds, name)
        return np.asarray(np.rint(amount * self.per_pound)) if self.per_pound else amount

    def nearest(self, amount: FloatArray) -> FloatArray:
        """An entitlement (never negative) in whole units, halves upwards."""
        return np.asarray(np.floor(amount * STEPS + (0.5 + SLACK))) if self.per_pound else amount

    def down(self, limit: FloatArray) -> FloatArray:
        """A limit in whole units, never above itself."""
        return np.asarray(np.floor(limit * STEPS + SLACK)) if self.per_pound else limit

    def pounds(self, amount: FloatArray) -> FloatArray:
        """Units as pounds: each the float nearest to its pence."""
        return amount / self.per_pound if self.per_pound else amount
