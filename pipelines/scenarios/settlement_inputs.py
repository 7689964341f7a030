"""What belongs here: what a settlement is given, checked and in units, before any rule is applied."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, floats
from pipelines.scenarios.terms import Terms


class Inputs(NamedTuple):
    """A year's inputs, each broadcasting to (...): ceiling above 0, cost, gate and requests in units."""

    ceiling: FloatArray
    cost: FloatArray
    passed: BoolArray
    sentinel: BoolArray
    rate: FloatArray
    reinvest: FloatArray
    bank_spend: FloatArray
    threshold: FloatArray
    dead: FloatArray
    known: BoolArray


def gated(quality: ArrayLike | None, terms: Terms) -> tuple[BoolArray, FloatArray, BoolArray]:
    """(passed, sharing rate, whether quality is known), each broadcasting to (..., T)."""
    share = np.array(terms.share)
    if quality is None:
        return np.array(True), share, np.array(True)
    grade = floats(quality, "quality")
    known = np.isfinite(grade)
    if terms.gate == "veto":
        return grade > 0, share, known
    if ((grade < 0) | (grade > 100)).any():
        raise ValueError("a sliding gate takes percentiles from 0 to 100")
    scale = np.where(known & (grade >= terms.sliding_from), grade / 100, 0.0)
    return np.array(True), share * scale, known


def refuse_impossible(
    ceiling: FloatArray, reinvest: FloatArray, bank_spend: FloatArray, opening: FloatArray, threshold: FloatArray
) -> None:
    """Raises ValueError, in words, on inputs that no settlement can have."""
    if ceiling.ndim == 0:
        raise ValueError("ceiling and cost need a last axis of years")
    if (ceiling <= 0).any():
        raise ValueError("a settlement needs ceilings above 0; leave the body out, or NaN for a year without one")
    if (reinvest < 0).any() or (bank_spend < 0).any() or (opening < 0).any():
        raise ValueError("requests to reinvest and opening banks cannot be negative")
    if not ((threshold >= 0) & (threshold <= 1)).all():
        raise ValueError("a threshold is a share of the ceiling, from 0 to 1")
