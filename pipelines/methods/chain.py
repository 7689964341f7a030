"""Where along the delivery chain a cost gap arises: cost -> inputs -> outputs -> outcomes (methods.md M1.7)."""

from __future__ import annotations

from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, IntArray, floats
from pipelines.methods.card import Method
from pipelines.methods.peers import FULL_GROUP, SMALL_GROUP

STAGES = ("budgetary", "operational", "effectiveness")  # C/I, I/Q, Q/O; each lower is better
TRIM_FROM = FULL_GROUP

METHOD = Method(
    id="M1.7",
    version="1",
    title="Delivery-chain decomposition",
    formula="C/O = (C/I)(I/Q)(Q/O); gap at stage k = O L(own, reference) ln r_k, L the logarithmic mean",
    defaults={"trim_from": TRIM_FROM, "small_group": SMALL_GROUP, "outcome_lag": 1},
    edge_cases="A missing or zero I, Q or O leaves only the stages before it; the reference is the geometric mean of "
    "every stage over the same peers, without the dearest and the cheapest when there are 8 or more.",
    source="Ang (2005), Energy Policy 33; Aldridge, Hawkins & Xuereb (2016)",
)


class Chain(NamedTuple):
    """gap_gbp [n,3] total gap by stage, positive = dearer than the reference; ratios [n,3] own over reference;
    total_gbp [n] = O (own - reference), the sum of three stages; separable [n] stages that can be shown, 0 to 3."""

    gap_gbp: FloatArray
    ratios: FloatArray
    total_gbp: FloatArray
    separable: IntArray


def stage_factors(cost: ArrayLike, inputs: ArrayLike, outputs: ArrayLike, outcomes: ArrayLike) -> FloatArray:
    """Cost per input, input per output, output per outcome: (n, 3); NaN from the first stage that cannot be formed.

    cost, inputs, outputs, outcomes : (n,); a figure of 0 or less, or absent, ends the chain.
    """
    flows = np.column_stack([floats(part, "chain") for part in (cost, inputs, outputs, outcomes)])
    positive = np.where(flows > 0, flows, np.nan)
    factors = positive[:, :3] / positive[:, 1:]
    return np.asarray(np.where(np.cumsum(np.isnan(factors), axis=1) > 0, np.nan, factors))


def chain_decompose(
    cost: ArrayLike, inputs: ArrayLike, outputs: ArrayLike, outcomes: ArrayLike, reference: ArrayLike
) -> Chain:
    """The gap to the reference in money by stage: no residual, no order, signs reverse when the two swap.

    cost, inputs, outputs, outcomes : (n,), outcomes of the period that the cost is due for (`outcome_lag`).
    reference : (3,) or (n, 3) factors of the reference, from `chain_reference` or of last year.
    Stages are given up to the first that cannot be formed; with cost and outcomes known they are money too, and what
    is left of the total cannot be separated.
    Raises ValueError on a reference that is not positive.   Source: Ang (2005), logarithmic-mean decomposition.
    """
    factors = stage_factors(cost, inputs, outputs, outcomes)
    base = np.broadcast_to(floats(reference, "reference"), factors.shape)
    if (base <= 0).any():
        raise ValueError("a reference factor is zero or negative")
    logs = np.log(factors / base)
    people = np.where(floats(outcomes, "outcomes") > 0, floats(outcomes, "outcomes"), np.nan)
    own, other = floats(cost, "cost") / people, base.prod(axis=1)
    scale = people * log_mean(own, other)
    return Chain(
        scale[:, None] * logs, np.exp(logs), people * (own - other), np.asarray((~np.isnan(factors)).sum(axis=1))
    )


def log_mean(a: ArrayLike, b: ArrayLike) -> FloatArray:
    """Logarithmic mean (a - b)/ln(a/b), a where they are equal; NaN unless both are positive."""
    first, second = floats(a, "a"), floats(b, "b")
    both = (first > 0) & (second > 0)
    step = np.log(np.where(both, first, np.nan) / np.where(both, second, np.nan))
    equal = step == 0
    # b (e^x - 1)/x keeps its digits where a and b nearly agree.
    return np.where(equal, first, second * np.expm1(step) / np.where(equal, 1.0, step))


def chain_reference(factors: ArrayLike, mask: ArrayLike) -> FloatArray:
    """Each body's reference (n, 3): the geometric mean of every stage over the same peers, which multiplies exactly.

    factors : (n, 3) from `stage_factors`; only bodies with all three count.   mask : (n, n), [b, j]: j a peer of b.
    With 8 peers or more the highest and the lowest total cost per outcome are left out (ties: the earlier row); under 5
    the reference is NaN.   Source: methods.md M1.7.
    """
    logs = np.log(floats(factors, "factors"))
    whole = np.asarray(mask, dtype=np.bool_) & ~np.isnan(logs).any(axis=1) & ~np.eye(len(logs), dtype=np.bool_)
    return np.array([_reference(logs[row]) for row in whole]).reshape(-1, 3)


def shapley(own: ArrayLike, reference: ArrayLike) -> FloatArray:
    """The same gap per outcome shared by averaging over the 3! orders of the stages: (3,), a check on the headline."""
    mine, theirs = floats(own, "own"), floats(reference, "reference")
    parts = np.zeros(3)
    orders = list(permutations(range(3)))
    for order in orders:
        state = theirs.copy()
        for stage in order:
            before = state.prod()
            state[stage] = mine[stage]
            parts[stage] += (state.prod() - before) / len(orders)
    return parts


def _reference(logs: FloatArray) -> FloatArray:
    if len(logs) < SMALL_GROUP:
        return np.full(3, np.nan)
    if len(logs) >= TRIM_FROM:
        logs = logs[np.sort(np.argsort(logs.sum(axis=1), kind="stable")[1:-1])]
    return np.asarray(np.exp(logs.mean(axis=0)))
