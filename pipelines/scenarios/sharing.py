"""What belongs here: a year's entitlement and penalty before gate and bank (methods.md M5.3).

Amounts are in whatever unit ceiling and saving are given in.
"""

from __future__ import annotations

import numpy as np

from pipelines.methods.arrays import FloatArray
from pipelines.scenarios.money import Units
from pipelines.scenarios.terms import Start, Terms


def shared(ceiling: FloatArray, gain: FloatArray, threshold: FloatArray, start: Start) -> FloatArray:
    """(...) the part of a gain (>= 0) that is shared out.

    `notch`: all from the threshold.   `ramp`: none to half of it, all from it.   `above`: what exceeds it.
    """
    if start == "above":
        return np.asarray(np.maximum(gain - threshold * ceiling, 0))
    ratio = np.asarray(gain / ceiling)
    if start == "notch":
        return np.asarray(gain * (ratio >= threshold))
    ratio *= 2
    if threshold.all():
        rising = np.asarray(ratio / threshold)
    else:  # without a threshold everything is shared
        every = np.full(np.broadcast_shapes(ratio.shape, threshold.shape), 2.0)
        rising = np.divide(ratio, threshold, where=threshold > 0, out=every)
    rising -= 1
    return np.asarray(gain * np.clip(rising, 0, 1, out=rising))


def entitlement(
    ceiling: FloatArray, gain: FloatArray, rate: FloatArray, threshold: FloatArray, terms: Terms, units: Units
) -> FloatArray:
    """(...) the payment before the gate: the shared part of the gain at `rate`, at most the cap.

    ceiling > 0; gain >= 0.   rate : the sharing rate, after a sliding gate.   threshold : a share of the ceiling.
    """
    amount = units.nearest(rate * shared(ceiling, gain, threshold, terms.start))
    return amount if terms.cap is None else np.minimum(amount, units.down(terms.cap * ceiling))


def penalty(ceiling: FloatArray, excess: FloatArray, dead: FloatArray, terms: Terms, units: Units) -> FloatArray:
    """(...) what the body pays of an overspend (excess >= 0): nothing inside the dead band, at most the floor."""
    if terms.loss_start == "notch":
        counted = excess * (excess / ceiling >= dead)
    else:
        counted = np.maximum(excess - dead * ceiling, 0)
    amount = units.nearest(terms.loss_rate * counted)
    return amount if terms.floor is None else np.minimum(amount, units.down(terms.floor * ceiling))
