"""Protection against the ratchet: a saving must not come back as a lower allowance for the body that made it (M5.7)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, floats, over
from pipelines.methods.card import Method
from pipelines.methods.quantiles import quantile
from pipelines.scenarios.power import window
from pipelines.scenarios.terms import Terms

METHOD = Method(
    id="M5.7",
    version="1",
    title="Ratchet protection",
    formula="next baseline w own + (1-w) peers; norms from peers without the body; at most half of a gain taken",
    defaults={"own_weight": 0.5, "ratchet_limit": 0.5, "norm": "mean"},
    edge_cases="a body without another in its group has no norm; under three periods there is no ratchet index",
    source="methods.md M5.7; Weitzman (1980); Freixas, Guesnerie & Tirole (1985); Bevan & Hood (2006)",
)
LEAST_PERIODS = 3


def own_average(cost: ArrayLike, terms: Terms) -> FloatArray:
    """(...) own cost as the next baseline sees it: the last year, or the mean of the last three, of (..., years).

    Raises ValueError with fewer years than the window has.
    """
    spend, wanted = floats(cost, "cost"), window(terms.rebase)
    if spend.shape[-1] < wanted:
        raise ValueError(f"the next baseline averages {wanted} years and was given {spend.shape[-1]}")
    return np.asarray(spend[..., -wanted:].mean(axis=-1), dtype=np.float64)


def next_baseline(own: ArrayLike, peers: ArrayLike, own_weight: float) -> FloatArray:
    """(...) w own + (1 - w) peers: a saving for good lowers the next allowance by only w of itself.

    own : `own_average`.   peers : what comparable bodies without this one would spend (`norms_without_own`).
    """
    return np.asarray(own_weight * floats(own, "own cost") + (1 - own_weight) * floats(peers, "peer benchmark"))


def norms_without_own(
    cost: ArrayLike, output: ArrayLike, *, peers: BoolArray | None = None, at: float | None = None
) -> FloatArray:
    """(n,) what each body's output would cost at the unit cost of the others: its own cost is nowhere in it.

    cost, output (n,) : £ and volume, above 0, NaN where absent.   peers (n, n) : row body, columns its peers; by
    default all; a body is never its own.   at : a quantile of the others' unit costs (0.25 is the better quarter); by
    default their total cost over their total output. NaN without another body.   Raises ValueError on output <= 0.
    """
    spend, made = floats(cost, "cost"), floats(output, "output")
    if spend.ndim != 1 or spend.shape != made.shape:
        raise ValueError("norms need one cost and one output per body")
    if (made <= 0).any():
        raise ValueError("norms need outputs above 0; leave the other bodies out")
    known = np.isfinite(spend) & np.isfinite(made)
    if at is None:
        unit = pooled_without_own(np.where(known, spend, 0), np.where(known, made, 0), peers)
    else:
        unit = quantile_without_own(spend / made, at, peers)
    return np.asarray(unit * made)


def others(n: int, peers: BoolArray | None) -> BoolArray:
    """(n, n) who counts for whom, nobody for himself."""
    who = np.ones((n, n), dtype=bool) if peers is None else np.array(peers, dtype=bool)
    np.fill_diagonal(who, False)
    return who


def pooled_without_own(cost: FloatArray, output: FloatArray, peers: BoolArray | None) -> FloatArray:
    """(n,) total cost over total output of the others, absent figures being 0.

    Sums from the left and from the right meet at each body. Total minus own would leave traces of the own figure in
    the last digits, and the norm would then not be free of it.
    """
    if peers is not None:
        who = others(len(cost), peers)
        return np.asarray(over(who @ cost, who @ output), dtype=np.float64)
    return np.asarray(over(sum_of_others(cost), sum_of_others(output)), dtype=np.float64)


def sum_of_others(values: FloatArray) -> FloatArray:
    """(n,) the sum of all others."""
    before = np.concatenate([[0.0], np.cumsum(values)[:-1]])
    after = np.concatenate([np.cumsum(values[::-1])[-2::-1], [0.0]])
    return np.asarray(before + after)


def quantile_without_own(unit: FloatArray, at: float, peers: BoolArray | None) -> FloatArray:
    """(n,) the quantile of the others' unit costs."""
    who = None if peers is None else others(len(unit), peers)
    found = np.empty(len(unit))
    for body in range(len(unit)):
        rest = np.delete(unit, body) if who is None else unit[who[body]]
        found[body] = quantile(rest, at) if np.isfinite(rest).any() else np.nan
    return found


def own_influence(norms: Callable[[FloatArray], FloatArray], cost: ArrayLike, step: float = 1.0) -> FloatArray:
    """(n,) how far each body's own norm moves with its own cost, pound for pound: 0 when norms are free of the ratchet.

    norms : costs (n,) to norms (n,). By brute force, one call a body.
    """
    spend = floats(cost, "cost")
    usual, moved = norms(spend), np.empty_like(spend)
    for body in range(len(spend)):
        other = spend.copy()
        other[body] -= step
        moved[body] = (usual[body] - norms(other)[body]) / step
    return moved


def limited_path(wanted: ArrayLike, last: ArrayLike, outperformance: ArrayLike, terms: Terms) -> FloatArray:
    """(...) the next ceiling, taking at most `ratchet_limit` of last period's out-performance into it.

    wanted : what the method would set.   last : the last ceiling.   outperformance : last ceiling less cost, £.
    """
    gain = np.maximum(floats(outperformance, "out-performance"), 0)
    least = floats(last, "last ceiling") - terms.ratchet_limit * gain
    return np.where(gain > 0, np.maximum(floats(wanted, "next ceiling"), least), wanted)


def ratchet_index(tightening: ArrayLike, outperformance: ArrayLike) -> FloatArray:
    """(...) slope of how much the next target was tightened on the out-performance before it: 0 none, 1 full ratchet.

    Both (..., periods), in the same unit. NaN under three periods with both, or where out-performance never varied.
    """
    harder, better = np.broadcast_arrays(floats(tightening, "tightening"), floats(outperformance, "out-performance"))
    known = np.isfinite(harder) & np.isfinite(better)
    count = known.sum(axis=-1, keepdims=True)
    spread = [
        np.where(known, part - over(np.where(known, part, 0).sum(-1, keepdims=True), count), 0)
        for part in (better, harder)
    ]
    slope = over((spread[0] * spread[1]).sum(axis=-1), (spread[0] ** 2).sum(axis=-1))
    return np.where(count[..., 0] >= LEAST_PERIODS, slope, np.nan)
