"""At which stage did productivity change? The effect split along the delivery chain (methods.md M6.2).

Less input per output with more output per outcome is faster work with a weaker effect; a single total would hide it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.assignments import assignments, differences, p_value, rounding_of
from pipelines.methods.card import Method
from pipelines.methods.chain import log_mean
from pipelines.methods.did import changes, spread, whole

METHOD = Method(
    id="M6.2",
    version="1",
    title="Effects by stage of the delivery chain",
    formula="difference-in-differences of ln(C/I), ln(I/Q), ln(Q/O) over the same bodies; the total is their sum",
    defaults={"level": 0.95, "anticipation": 0},
    edge_cases="A body without every stage in every period is left out of all of them, or the stages would not add. "
    "A factor of 0 or less has no logarithm and counts as absent.",
    source="Aldridge, Hawkins & Xuereb (2016); Ang (2005) for the money of a stage",
)


class StageEffects(NamedTuple):
    """beta (S,): effect on the log of each factor. total: their sum. pct: e^total - 1. cov (S, S): joint, NaN where
    there is no spread. se, lo, hi, p (S + 1,): of the total first, then of each stage."""

    beta: FloatArray
    total: float
    pct: float
    cov: FloatArray
    se: FloatArray
    lo: FloatArray
    hi: FloatArray
    p: FloatArray


def stage_effects(
    factors: ArrayLike, treated: ArrayLike, start: int, *, anticipation: int = 0, level: float = 0.95, seed: int = 0
) -> StageEffects:
    """The effect on every factor of cost per outcome; the logs add up to the total, without remainder.

    factors : (n, T, S) cost per input, input per output, output per outcome (`chain.stage_factors` by period).
    treated : (n,).   start, anticipation : as in `did.changes`.
    Raises ValueError without a treated body or a control that has every stage.   Source: methods.md M6.2.
    """
    amounts = floats(factors, "factors")
    logs = np.log(np.where(amounts > 0, amounts, np.nan))
    change, own = whole(changes(logs, start, anticipation), treated)
    found = differences(np.column_stack([change.sum(axis=1), change]), assignments(own, seed=seed))
    cov, df = spread(change, own)
    beta = found[0, 1:]
    at = np.concatenate([[beta.sum()], beta])
    se = np.sqrt(np.concatenate([[cov.sum()], np.diag(cov)]).clip(min=0))
    half = (float(student.ppf(0.5 + level / 2, df)) if df > 0 else np.nan) * se
    p = np.array([p_value(column, rounding_of(logs)) for column in found.T])
    return StageEffects(beta, float(at[0]), float(np.expm1(at[0])), cov, se, at - half, at + half, p)


def in_money(beta: ArrayLike, cost: float) -> FloatArray:
    """Money by stage (S,), positive = dearer, of effects on logs; they add to cost less cost without the project.

    beta : (S,).   cost : of the treated bodies after the start, positive, in the money wanted.
    Without the project it would have been cost e^-total. Raises ValueError on a cost that is not positive.
    Source: Ang (2005), as M1.7.
    """
    effects = floats(beta, "beta")
    if not cost > 0:
        raise ValueError("effects on a cost need a cost above zero")
    return np.asarray(effects * log_mean(cost, cost * np.exp(-effects.sum())))
