"""Statistical nearest neighbours that can be explained, and how firmly each is one (methods.md M2.1, M2.2).

Bodies enter sorted by body_id: equal distances are settled by their order. Scores come from `context.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats, over
from pipelines.methods.card import Method
from pipelines.methods.draws import generator
from pipelines.methods.quantiles import quantile

K = 15
CAP = 0.20
WEIGHT_NEEDED = 0.70
FULL_GROUP = 8
SMALL_GROUP = 5
DRAWS = 200
CONCENTRATION = 10.0
_TIE_DIGITS = 12  # distances that agree to 12 decimals are equal: the rest is rounding

METHOD = Method(
    id="M2.1",
    version="1",
    title="Statistical nearest neighbours",
    formula="d2(a,b) = sum_v w_v (z_av - z_bv)^2, z robustly standardised, sum w = 1",
    defaults={"k": K, "cap": CAP, "weight_needed": WEIGHT_NEEDED, "winsor": 3.0, "standardise": "median and MAD"},
    edge_cases="A pair without a value drops the variable if at least 70 % of weight remains; the list stops at the "
    "20th percentile of allowed distances and is never padded: 8 allow a benchmark, 5 a median, fewer nothing.",
    source="CIPFA nearest neighbours model; Benton, Chamberlain, Wilson & Teeman (2007), NFER",
)
STABILITY = Method(
    id="M2.2",
    version="1",
    title="Retention of peers",
    formula="share of reruns that keep the peer: leave one variable out, and Dirichlet draws around the weights",
    defaults={"draws": DRAWS, "concentration": CONCENTRATION, "seed": 0},
    edge_cases="Draws are shared by all bodies, because the distance cap depends on every pair.",
    source="methods.md M2.2; the concentration is a judgement: equal weights vary by about 30 %",
)
METHODS = (METHOD, STABILITY)


class Peers(NamedTuple):
    """ids [n,K] rows of the bodies, nearest first, -1 for none; distance [n,K]; contribution [n,K,v] share of squared
    distance per variable (sums to 1; NaN at distance 0); size [n] peers; cap: the distance at which lists stop."""

    ids: IntArray
    distance: FloatArray
    contribution: FloatArray
    size: IntArray
    cap: float


class _Pairs(NamedTuple):
    """Squared differences [v, p] of the pairs a < b, 0 where absent; seen [v, p], or None when nothing is absent."""

    squared: FloatArray
    seen: FloatArray | None
    first: IntArray
    second: IntArray
    n: int


def nearest(
    z: ArrayLike, weights: ArrayLike, allowed: ArrayLike | None = None, *, k: int = K, cap: float = CAP
) -> Peers:
    """The k nearest allowed bodies of each body, with each variable's share of the squared distance.

    z : (n, v) scores, NaN where absent.   weights : (v,) >= 0, rescaled to sum 1 over variables with any value.
    allowed : (n, n), [b, j] true when j meets b's hard constraints; the diagonal never counts.
    cap : type 7 share of the distances of all unordered pairs allowed either way; 1 = no cap.
    Ties (to 12 decimals) by row order. Raises ValueError on shapes, negative weights or none left.
    Source: methods.md M2.1.
    """
    scores, share = _checked(z, weights)
    distance = _square(_pairs(scores), share)
    chosen = select(distance, allowed, k=k, cap=cap)
    return chosen._replace(contribution=_contributions(scores, share, chosen.ids))


def distances(z: ArrayLike, weights: ArrayLike) -> FloatArray:
    """All distances (n, n), 0 on the diagonal, NaN where under 70 % of weight can be compared."""
    scores, share = _checked(z, weights)
    return _square(_pairs(scores), share)


def rebased(distance: ArrayLike) -> FloatArray:
    """Distances (n, n) with each row's farthest body at 1, for display only."""
    rows = floats(distance, "distance")
    return np.asarray(over(rows, np.max(np.nan_to_num(rows), axis=1, keepdims=True)))


def select(distance: ArrayLike, allowed: ArrayLike | None = None, *, k: int = K, cap: float = CAP) -> Peers:
    """The nearest rows of any distance matrix (n, n), NaN = not comparable, under the rules of `nearest`.

    Contributions are NaN with no variable: this also serves distances that do not split by variable.
    """
    near, limit = _capped(floats(distance, "distance"), allowed, cap)
    order = np.argsort(near, axis=1, kind="stable")[:, :k]
    ranked = np.take_along_axis(near, order, axis=1)
    inside = np.isfinite(ranked)
    ids = np.where(inside, order, -1)
    shown = np.where(inside, ranked, np.nan)
    return Peers(ids, shown, np.full((*ids.shape, 0), np.nan), inside.sum(axis=1), limit)


def peer_mask(ids: ArrayLike) -> BoolArray:
    """ids [n,K] as a mask [n,n]: [b, j] true when j is a peer of b."""
    rows = np.asarray(ids, dtype=np.int64)
    mask = np.zeros((rows.shape[0], rows.shape[0] + 1), dtype=np.bool_)
    np.put_along_axis(mask, rows, True, axis=1)  # -1 writes into the spare last column
    return mask[:, :-1]


def listings(ids: ArrayLike) -> IntArray:
    """How often each body is somebody's peer [n]; over 3K its data errors spread widely and it is examined."""
    rows = np.asarray(ids, dtype=np.int64)
    return np.bincount(rows[rows >= 0], minlength=rows.shape[0])


def retention(
    z: ArrayLike,
    weights: ArrayLike,
    ids: ArrayLike,
    allowed: ArrayLike | None = None,
    *,
    k: int = K,
    cap: float = CAP,
    draws: int = DRAWS,
    seed: int = 0,
) -> FloatArray:
    """Share of reruns that keep each peer, [n,K] beside `ids`; NaN beside -1.

    The reruns are one per variable left out and `draws` weight sets from Dirichlet(10 v w), v = number of weighted
    variables, all counted alike; each takes its own distance cap. The weights of draw r come from the Philox stream
    (M2.2, seed, "", r) and serve every body. Core peers have 0.8 or more.   Source: methods.md M2.2.
    """
    scores, share = _checked(z, weights)
    pairs, rows = _pairs(scores), np.asarray(ids, dtype=np.int64)
    kept, reruns = np.zeros(rows.shape), 0
    for perturbed in _reruns(share, draws, seed):
        kept += _keeps(*_capped(_square(pairs, perturbed), allowed, cap), rows, k)
        reruns += 1
    return np.where(rows >= 0, over(kept, reruns), np.nan)


def _checked(z: ArrayLike, weights: ArrayLike) -> tuple[FloatArray, FloatArray]:
    scores, raw = floats(z, "z"), floats(weights, "weights")
    if scores.ndim != 2 or raw.shape != scores.shape[1:]:
        raise ValueError(f"scores of shape {scores.shape} do not fit weights of shape {raw.shape}")
    if not (raw >= 0).all():
        raise ValueError("a weight is negative or absent")
    used = np.where(np.isnan(scores).all(axis=0), 0.0, raw)
    if used.sum() <= 0:
        raise ValueError("no weighted variable has a value; no distance can be taken")
    return scores, used / used.sum()


def _pairs(scores: FloatArray) -> _Pairs:
    first, second = np.triu_indices(scores.shape[0], 1)
    squared = np.square(scores.T[:, first] - scores.T[:, second])
    absent = np.isnan(squared)
    seen = (~absent).astype(np.float64) if absent.any() else None
    return _Pairs(np.where(absent, 0.0, squared), seen, first, second, scores.shape[0])


def _square(pairs: _Pairs, weights: FloatArray) -> FloatArray:
    total = _weighted(pairs.squared, weights)
    if pairs.seen is not None:
        compared = _weighted(pairs.seen, weights)
        total = np.where(compared >= WEIGHT_NEEDED - 1e-12, over(total, compared), np.nan)
    matrix = np.zeros((pairs.n, pairs.n))
    matrix[pairs.first, pairs.second] = np.round(np.sqrt(total), _TIE_DIGITS)
    return matrix + matrix.T


def _weighted(rows: FloatArray, weights: FloatArray) -> FloatArray:
    # Added row by row, not by a matrix product, whose last digit depends on the machine.
    total = np.zeros(rows.shape[1])
    for row, weight in zip(rows, weights, strict=True):
        if weight > 0:
            total += weight * row
    return total


def _capped(distance: FloatArray, allowed: ArrayLike | None, cap: float) -> tuple[FloatArray, float]:
    """Distances with inf for whatever may not be a peer, and the limit itself."""
    n = distance.shape[0]
    may = np.ones((n, n), dtype=np.bool_) if allowed is None else np.array(allowed, dtype=np.bool_)
    np.fill_diagonal(may, False)
    may &= ~np.isnan(distance)
    limit = float(quantile(distance[np.triu(may | may.T)], cap)) if may.any() else np.nan
    return np.where(may & (distance <= limit), distance, np.inf), limit


def _contributions(scores: FloatArray, share: FloatArray, ids: IntArray) -> FloatArray:
    parts = np.nan_to_num(share * (scores[:, None, :] - scores[ids]) ** 2)
    parts = np.where((ids >= 0)[..., None], parts, np.nan)
    return np.asarray(over(parts, parts.sum(axis=-1, keepdims=True)))


def _reruns(share: FloatArray, draws: int, seed: int) -> Iterator[FloatArray]:
    used = np.flatnonzero(share > 0)
    for variable in used if used.size > 1 else []:
        left = np.where(np.arange(share.size) == variable, 0.0, share)
        yield left / left.sum()
    for replicate in range(draws):
        drawn = np.zeros(share.size)
        stream = generator(STABILITY.id, replicate=replicate, seed=seed)
        drawn[used] = stream.dirichlet(CONCENTRATION * used.size * share[used])
        yield drawn


def _keeps(near: FloatArray, limit: float, ids: IntArray, k: int) -> BoolArray:
    """Whether each id is among the first k of its row under stable order."""
    own = np.take_along_axis(near, np.maximum(ids, 0), axis=1)
    last = np.partition(near, min(k, near.shape[1]) - 1, axis=1)[:, min(k, near.shape[1]) - 1, None]
    kept = (own <= last) & np.isfinite(own) & (ids >= 0)
    crowded = np.flatnonzero(((near <= last).sum(axis=1) > k) & np.isfinite(last[:, 0]))
    for row in crowded:  # a tie at the k-th place: the earlier row keeps it
        first = np.argsort(near[row], kind="stable")[:k]
        kept[row] &= np.isin(ids[row], first)
    return np.asarray(kept)
