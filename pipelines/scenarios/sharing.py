"""What belongs here: a year's entitlement and penalty before gate and bank (methods.md M5.3).

Amounts are in whatever unit ceiling and saving are given in.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from pipelines.methods.arrays import FloatArray
from pipelines.scenarios.money import Units
from pipelines.scenarios.terms import Start, Terms


def started(ratio: FloatArray, threshold: FloatArray, start: Start) -> FloatArray:
    """Part of the saving that is shared: 0 to 1 by saving over ceiling (ratio >= 0).

    `notch`: all from the threshold.   `ramp`: none to half of it, all from it.   `above`: what exceeds it.
    """
    if start == "notch":
        return (ratio >= threshold).astype(np.float64)
    positive = threshold > 0
    if start == "ramp":
        rising = np.divide(2 * ratio, threshold, where=positive, out=np.full(np.broadcast(ratio, threshold).shape, 2.0))
        rising -= 1
        return cast(FloatArray, np.clip(rising, 0, 1, out=rising))
    beyond = np.maximum(ratio - threshold, 0)
    return cast(FloatArray, np.divide(beyond, ratio, where=ratio > 0, out=np.zeros_like(beyond)))


def entitlement(
    ceiling: FloatArray, gain: FloatArray, rate: FloatArray, threshold: FloatArray, terms: Terms, units: Units
) -> FloatArray:
    """(...) the payment before the gate: the shared part of the gain at `rate`, at most the cap.

    ceiling > 0; gain >= 0.   rate : the sharing rate, after a sliding gate.   threshold : a share of the ceiling.
    """
    amount = started(gain / ceiling, threshold, terms.start)
    amount *= gain
    amount *= rate
    amount = units.nearest(amount)
    return amount if terms.cap is None else np.minimum(amount, units.down(terms.cap * ceiling))


def penalty(ceiling: FloatArray, excess: FloatArray, dead: FloatArray, terms: Terms, units: Units) -> FloatArray:
    """(...) what the body pays of an overspend (excess >= 0): nothing inside the dead band, at most the floor."""
    if terms.loss_start == "notch":
        counted = excess * (excess / ceiling >= dead)
    else:
        counted = np.maximum(excess - dead * ceiling, 0)
    amount = units.nearest(terms.loss_rate * counted)
    return amount if terms.floor is None else np.minimum(amount, units.down(terms.floor * ceiling))
