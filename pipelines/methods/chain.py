"""Where along the delivery chain a cost gap arises: cost -> inputs -> outputs -> outcomes (methods.md M1.7).

The full chain has three stages, budgetary C/I, operational I/Q, effectiveness Q/O; any number from two works alike.
"""

from __future__ import annotations

from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from pipelines.methods.arrays import FloatArray, IntArray, floats
from pipelines.methods.card import Method
from pipelines.methods.peers import FULL_GROUP, SMALL_GROUP

TRIM_FROM = FULL_GROUP

METHOD = Method(
    id="M1.7",
    version="1",
    title="Delivery-chain decomposition",
    formula="C/O = (C/I)(I/Q)(Q/O), or as many stages as there are; gap at stage k = O L(own, reference) ln r_k, "
    "L the logarithmic mean",
    defaults={"trim_from": TRIM_FROM, "small_group": SMALL_GROUP, "outcome_lag": 1},
    edge_cases="A missing or zero I, Q or O leaves only the stages before it; the reference is the geometric mean of "
    "every stage over the same peers, without the dearest and the cheapest when there are 8 or more.",
    source="Ang (2005), Energy Policy 33; Aldridge, Hawkins & Xuereb (2016)",
)


class Chain(NamedTuple):
    """gap_gbp [n,S] total gap by stage, positive = dearer than the reference; ratios [n,S] own over reference;
    total_gbp [n] = O (own - reference), the sum of the stages; scale [n] money of one unit of log ratio;
    separable [n] stages that can be shown, 0 to S."""

    gap_gbp: FloatArray
    ratios: FloatArray
    total_gbp: FloatArray
    scale: FloatArray
    separable: IntArray


def stage_factors(*flows: ArrayLike) -> FloatArray:
    """Cost per input, input per output, output per outcome: (n, S); NaN from the first stage that cannot be formed.

    flows : S + 1 of them, each (n,), from cost to what is wanted; a figure of 0 or less, or absent, ends the chain.
    """
    amounts = np.column_stack([floats(part, "chain") for part in flows])
    positive = np.where(amounts > 0, amounts, np.nan)
    factors = positive[:, :-1] / positive[:, 1:]
    return np.asarray(np.where(np.cumsum(np.isnan(factors), axis=1) > 0, np.nan, factors))


def chain_decompose(*flows: ArrayLike, reference: ArrayLike) -> Chain:
    """The gap to the reference in money by stage: no residual, no order, signs reverse when the two swap.

    flows : S + 1 of them, each (n,): cost, ..., outcomes of the period that the cost is due for (`outcome_lag`).
    reference : (S,) or (n, S) factors of the reference, from `chain_reference` or of last year.
    Stages are given up to the first that cannot be formed; with cost and outcomes known they are money too, and what
    is left of the total cannot be separated.
    Raises ValueError on a reference that is not positive.   Source: Ang (2005), logarithmic-mean decomposition.
    """
    factors = stage_factors(*flows)
    base = np.broadcast_to(floats(reference, "reference"), factors.shape)
    if (base <= 0).any():
        raise ValueError("a reference factor is zero or negative")
    logs = np.log(factors / base)
    outcomes = floats(flows[-1], "outcomes")
    people = np.where(outcomes > 0, outcomes, np.nan)
    own, other = floats(flows[0], "cost") / people, base.prod(axis=1)
    scale = people * log_mean(own, other)
    separable = np.asarray((~np.isnan(factors)).sum(axis=1))
    return Chain(scale[:, None] * logs, np.exp(logs), people * (own - other), scale, separable)


def gap_ci(found: Chain, cost: ArrayLike, se: ArrayLike, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Limits in money of the whole gap (column 0) and of every stage, (n, S+1) each: lo, hi; NaN without an se.

    cost : (n,).   se : (n, S+1) standard errors of the logs of the whole factor and of each stage's (M1.1).
    The whole is log-normal: cost e^(+-z se) less what the reference would cost. A stage is its log ratio +-z se at the
    money that one unit of log ratio is worth, so it excludes zero exactly when the ratio's interval excludes 1. The
    reference is held as it is, as in a verdict. Stages' errors are not independent: their limits do not add up.
    """
    half = float(ndtri(0.5 + level / 2)) * floats(se, "se")
    money = floats(cost, "cost")
    whole = [money * np.exp(sign * half[:, 0]) - (money - found.total_gbp) for sign in (-1, 1)]
    stages = [found.gap_gbp + sign * found.scale[:, None] * half[:, 1:] for sign in (-1, 1)]
    lo, hi = (np.column_stack(pair) for pair in zip(whole, stages, strict=True))
    return lo, hi


def whole_parts(parts: ArrayLike, total: ArrayLike) -> FloatArray:
    """Parts (n, S) rounded to whole numbers that add up exactly to the rounded total (n,), by largest remainder.

    Of equal remainders the earlier part is rounded up. A row with an absent part or total is rounded part by part,
    because it adds up to nothing. Exact up to 2^53.
    """
    exact = floats(parts, "parts")
    floor = np.floor(exact)
    short = np.rint(floats(total, "total")) - floor.sum(axis=1)
    every, rest = np.divmod(short, exact.shape[1])
    order = np.argsort(np.argsort(floor - exact, axis=1, kind="stable"), axis=1, kind="stable")
    out = floor + every[:, None] + (order < rest[:, None])
    return np.where(np.isnan(out).any(axis=1, keepdims=True), np.rint(exact), out)


def log_mean(a: ArrayLike, b: ArrayLike) -> FloatArray:
    """Logarithmic mean (a - b)/ln(a/b), a where they are equal; NaN unless both are positive."""
    first, second = floats(a, "a"), floats(b, "b")
    both = (first > 0) & (second > 0)
    step = np.log(np.where(both, first, np.nan) / np.where(both, second, np.nan))
    equal = step == 0
    # b (e^x - 1)/x keeps its digits where a and b nearly agree.
    return np.where(equal, first, second * np.expm1(step) / np.where(equal, 1.0, step))


def chain_reference(factors: ArrayLike, mask: ArrayLike) -> FloatArray:
    """Each body's reference (n, S): the geometric mean of every stage over the same peers, which multiplies exactly.

    factors : (n, S) from `stage_factors`; only bodies with every stage count.   mask : (n, n), [b, j]: j a peer of b.
    With 8 peers or more the highest and the lowest total cost per outcome are left out (ties: the earlier row); under 5
    the reference is NaN.   Source: methods.md M1.7.
    """
    logs = np.log(floats(factors, "factors"))
    whole = np.asarray(mask, dtype=np.bool_) & ~np.isnan(logs).any(axis=1) & ~np.eye(len(logs), dtype=np.bool_)
    return np.array([_reference(logs[row]) for row in whole]).reshape(logs.shape)


def shapley(own: ArrayLike, reference: ArrayLike) -> FloatArray:
    """The same gap per outcome shared by averaging over the S! orders of the stages: (S,), a check on the headline."""
    mine, theirs = floats(own, "own"), floats(reference, "reference")
    parts = np.zeros(mine.size)
    orders = list(permutations(range(mine.size)))
    for order in orders:
        state = theirs.copy()
        for stage in order:
            before = state.prod()
            state[stage] = mine[stage]
            parts[stage] += (state.prod() - before) / len(orders)
    return parts


def _reference(logs: FloatArray) -> FloatArray:
    if len(logs) < SMALL_GROUP:
        return np.full(logs.shape[1], np.nan)
    if len(logs) >= TRIM_FROM:
        logs = logs[np.sort(np.argsort(logs.sum(axis=1), kind="stable")[1:-1])]
    return np.asarray(np.exp(logs.mean(axis=0)))
