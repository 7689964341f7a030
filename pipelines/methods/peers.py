"""Statistical nearest neighbours that can be explained, and how firmly each is one (methods.md M2.1, M2.2).

Bodies enter sorted by body_id: equal distances are settled by their order. Scores come from `context.py`.

Hard constraints part a sector into blocks (a country, a class) between which no pair is allowed, and only pairs inside
a block are ever measured: cost grows with the number of blocks, and with the square of the bodies within one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats, over
from pipelines.methods.card import Method
from pipelines.methods.draws import generator
from pipelines.methods.quantiles import at

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
    distance per variable (sums to 1; NaN at distance 0); size [n] peers; cap: the distance at which lists stop;
    farthest [n]: distance of the farthest allowed body, 0 where there is none."""

    ids: IntArray
    distance: FloatArray
    contribution: FloatArray
    size: IntArray
    cap: float
    farthest: FloatArray


class Block(NamedTuple):
    """Bodies that may only be each other's peers: rows [m], ascending; allowed [m,m], as in `nearest`."""

    rows: IntArray
    allowed: BoolArray


@dataclass(frozen=True)
class Blocks:
    """Hard constraints without the pairs that are forbidden anyway: no pair of bodies of two blocks is allowed."""

    parts: tuple[Block, ...]


class _Pairs(NamedTuple):
    """Pairs a < b that a block allows either way, block after block: `ends` is where each block's pairs end.

    squared : (v, p) squared differences, 0 where absent.   seen : (v, p), or None when nothing is absent.
    first, second : (p,) places within the block.
    """

    blocks: tuple[Block, ...]
    squared: FloatArray
    seen: FloatArray | None
    first: IntArray
    second: IntArray
    ends: IntArray


def nearest(
    z: ArrayLike, weights: ArrayLike, allowed: ArrayLike | Blocks | None = None, *, k: int = K, cap: float = CAP
) -> Peers:
    """The k nearest allowed bodies of each body, with each variable's share of the squared distance.

    z : (n, v) scores, NaN where absent.   weights : (v,) >= 0, rescaled to sum 1 over variables with any value.
    allowed : (n, n), [b, j] true when j meets b's hard constraints, or the same as blocks; the diagonal never counts.
    cap : type 7 share of the distances of all unordered pairs allowed either way, whatever their block; 1 = no cap.
    Ties (to 12 decimals) by row order. Raises ValueError on shapes, negative weights or none left.
    Source: methods.md M2.1.
    """
    scores, share = _checked(z, weights)
    pairs = _pairs(scores, allowed)
    along = _along(pairs, share)
    limit = _limit(along, cap)
    shape = (scores.shape[0], min(k, scores.shape[0]))
    ids, shown, farthest = np.full(shape, -1), np.full(shape, np.nan), np.zeros(shape[0])
    for block, distance in zip(pairs.blocks, _matrices(pairs, along), strict=True):
        may = block.allowed & ~np.isnan(distance)
        order, ranked = _ranked(np.where(may & (distance <= limit), distance, np.inf), k)
        ids[block.rows, : order.shape[1]] = np.where(order >= 0, block.rows[order], -1)
        shown[block.rows, : order.shape[1]] = ranked
        farthest[block.rows] = np.where(may, distance, 0.0).max(axis=1)
    return Peers(ids, shown, _contributions(scores, share, ids), (ids >= 0).sum(axis=1), limit, farthest)


def blocks(allowed: ArrayLike) -> Blocks:
    """The blocks of a mask (n, n): its connected components; a body without any allowed pair is in none."""
    may = np.array(allowed, dtype=np.bool_)
    np.fill_diagonal(may, False)
    label = connected_components(csr_array(may), directed=False)[1]
    order = np.argsort(label, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
    return Blocks(tuple(Block(rows, may[np.ix_(rows, rows)]) for rows in groups if rows.size > 1))


def distances(z: ArrayLike, weights: ArrayLike) -> FloatArray:
    """All distances (n, n), 0 on the diagonal, NaN where under 70 % of weight can be compared."""
    scores, share = _checked(z, weights)
    pairs = _pairs(scores, None)
    matrix = next(_matrices(pairs, _along(pairs, share)), np.zeros((scores.shape[0], scores.shape[0])))
    np.fill_diagonal(matrix, 0.0)
    return matrix


class Reach:
    """How far peers may be apart in a sector, for one weighting after another: its pairs are squared once and kept."""

    def __init__(self, z: ArrayLike, allowed: ArrayLike | Blocks | None = None) -> None:
        """z (n, v) and allowed as in `nearest`. Holds v floats a pair, twice that where a value is absent."""
        self._scores = floats(z, "z")
        self._pairs = _pairs(self._scores, allowed)

    def limit(self, weights: ArrayLike, cap: float) -> float:
        """The distance at which lists stop: `nearest(...).cap` of the same arguments. NaN when no pair is known."""
        return _limit(_along(self._pairs, _checked(self._scores, weights)[1]), cap)


def towards(z: ArrayLike, weights: ArrayLike, body: int) -> tuple[FloatArray, FloatArray]:
    """Distance of every body from one of them (n,) and each variable's share of its square (n, v), as `nearest` has it.

    No constraint and no cap: a pair that a model forbids has its distance too. NaN where under 70 % of weight can be
    compared; shares are NaN at distance 0.
    """
    scores, share = _checked(z, weights)
    squared = np.square(scores - scores[body]).T
    absent = np.isnan(squared)
    known, none = np.where(absent, 0.0, squared), np.zeros(0, dtype=np.int64)
    # As in `_pairs`: nothing is divided where nothing is absent, or the last digit would be another.
    seen = (~absent).astype(np.float64) if np.isnan(scores).any() else None
    along = _along(_Pairs((), known, seen, none, none, none), share)
    parts = share * known.T
    return along, np.asarray(over(parts, parts.sum(axis=1, keepdims=True)))


def rebased(distance: ArrayLike) -> FloatArray:
    """Distances (n, n) with each row's farthest body at 1, for display only."""
    rows = floats(distance, "distance")
    return np.asarray(over(rows, np.max(np.nan_to_num(rows), axis=1, keepdims=True)))


def select(distance: ArrayLike, allowed: ArrayLike | None = None, *, k: int = K, cap: float = CAP) -> Peers:
    """The nearest rows of any distance matrix (n, n), NaN = not comparable, under the rules of `nearest`.

    Contributions are NaN with no variable: this also serves distances that do not split by variable.
    """
    away = floats(distance, "distance")
    may = np.ones(away.shape, dtype=np.bool_) if allowed is None else np.array(allowed, dtype=np.bool_)
    np.fill_diagonal(may, False)
    may &= ~np.isnan(away)
    limit = _limit(away[np.triu(may | may.T)], cap)
    ids, shown = _ranked(np.where(may & (away <= limit), away, np.inf), k)
    farthest = np.where(may, away, 0.0).max(axis=1, initial=0.0)
    return Peers(ids, shown, np.full((*ids.shape, 0), np.nan), (ids >= 0).sum(axis=1), limit, farthest)


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
    allowed: ArrayLike | Blocks | None = None,
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
    pairs, rows = _pairs(scores, allowed), np.asarray(ids, dtype=np.int64)
    places = [_places(block, rows) for block in pairs.blocks]
    kept, runs = np.zeros(rows.shape), 0
    for perturbed in reruns(share, draws, seed):
        along = _along(pairs, perturbed)
        limit = _limit(along, cap)
        along[~(along <= limit)] = np.inf
        for block, listed, near in zip(pairs.blocks, places, _matrices(pairs, along), strict=True):
            kept[block.rows] += _keeps(np.where(block.allowed, near, np.inf), listed, k)
        runs += 1
    return np.where(rows >= 0, over(kept, runs), np.nan)


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


def _pairs(scores: FloatArray, allowed: ArrayLike | Blocks | None) -> _Pairs:
    parts = _blocks(scores.shape[0], allowed).parts
    within = [np.nonzero(np.triu(block.allowed | block.allowed.T, 1)) for block in parts]
    first, second = (np.concatenate([np.zeros(0, np.int64), *(pair[end] for pair in within)]) for end in (0, 1))
    ends = np.cumsum([pair[0].size for pair in within], dtype=np.int64)
    bodies = [[block.rows[pair[end]] for block, pair in zip(parts, within, strict=True)] for end in (0, 1)]
    one, other = (np.concatenate([np.zeros(0, np.int64), *rows]) for rows in bodies)
    squared = np.square(scores.T[:, one] - scores.T[:, other])
    if not np.isnan(scores).any():
        return _Pairs(parts, squared, None, first, second, ends)
    absent = np.isnan(squared)
    return _Pairs(parts, np.where(absent, 0.0, squared), (~absent).astype(np.float64), first, second, ends)


def _blocks(n: int, allowed: ArrayLike | Blocks | None) -> Blocks:
    if isinstance(allowed, Blocks):
        return allowed
    return blocks(np.ones((n, n), dtype=np.bool_) if allowed is None else allowed)


def _along(pairs: _Pairs, weights: FloatArray) -> FloatArray:
    """The distance of every pair [p], NaN where too little can be compared."""
    total = _weighted(pairs.squared, weights)
    if pairs.seen is not None:
        compared = _weighted(pairs.seen, weights)
        total = np.where(compared >= WEIGHT_NEEDED - 1e-12, over(total, compared), np.nan)
    return np.asarray(np.round(np.sqrt(total), _TIE_DIGITS))


def _matrices(pairs: _Pairs, along: FloatArray) -> Iterator[FloatArray]:
    """Each block's distances (m, m), one block at a time; NaN on the diagonal and for pairs not allowed either way."""
    starts = [0, *pairs.ends][: pairs.ends.size]
    for block, start, end in zip(pairs.blocks, starts, pairs.ends, strict=True):
        matrix = np.full((block.rows.size, block.rows.size), np.nan)
        first, second = pairs.first[start:end], pairs.second[start:end]
        matrix[first, second] = matrix[second, first] = along[start:end]
        yield matrix


def _weighted(rows: FloatArray, weights: FloatArray) -> FloatArray:
    # Added row by row, not by a matrix product, whose last digit depends on the machine.
    total = np.zeros(rows.shape[1])
    for row, weight in zip(rows, weights, strict=True):
        if weight > 0:
            total += weight * row
    return total


def _limit(along: FloatArray, cap: float) -> float:
    """The type 7 quantile of the distances that are known, without sorting them; NaN when none is."""
    known = along[~np.isnan(along)]
    if not known.size:
        return float("nan")
    below = int((known.size - 1) * cap)
    parted = np.partition(known, [below, min(below + 1, known.size - 1)])
    return float(at(parted, np.asarray(known.size, dtype=np.float64), cap))


def _ranked(near: FloatArray, k: int) -> tuple[IntArray, FloatArray]:
    """The first k columns of each row in order of distance and what they measure; -1 and NaN where infinite."""
    order = np.argsort(near, axis=1, kind="stable")[:, :k]
    ranked = np.take_along_axis(near, order, axis=1)
    inside = np.isfinite(ranked)
    return np.where(inside, order, -1), np.where(inside, ranked, np.nan)


def _places(block: Block, ids: IntArray) -> IntArray:
    """The ids of a block's bodies as places within the block, -1 for none and for bodies of other blocks."""
    listed = ids[block.rows]
    place = np.minimum(np.searchsorted(block.rows, listed), block.rows.size - 1)
    return np.where(block.rows[place] == listed, place, -1)


def _contributions(scores: FloatArray, share: FloatArray, ids: IntArray) -> FloatArray:
    parts = np.nan_to_num(share * (scores[:, None, :] - scores[ids]) ** 2)
    parts = np.where((ids >= 0)[..., None], parts, np.nan)
    return np.asarray(over(parts, parts.sum(axis=-1, keepdims=True)))


def reruns(share: FloatArray, draws: int, seed: int) -> Iterator[FloatArray]:
    """Weights of each rerun: without each variable in turn, then Dirichlet draws around `share`, which sums to 1."""
    used = np.flatnonzero(share > 0)
    for variable in used if used.size > 1 else []:
        left = np.where(np.arange(share.size) == variable, 0.0, share)
        yield left / left.sum()
    for replicate in range(draws):
        drawn = np.zeros(share.size)
        stream = generator(STABILITY.id, replicate=replicate, seed=seed)
        drawn[used] = stream.dirichlet(CONCENTRATION * used.size * share[used])
        yield drawn


def _keeps(near: FloatArray, ids: IntArray, k: int) -> BoolArray:
    """Whether each id is among the first k of its row under stable order."""
    own = np.take_along_axis(near, np.maximum(ids, 0), axis=1)
    last = np.partition(near, min(k, near.shape[1]) - 1, axis=1)[:, min(k, near.shape[1]) - 1, None]
    kept = (own <= last) & np.isfinite(own) & (ids >= 0)
    crowded = np.flatnonzero(((near <= last).sum(axis=1) > k) & np.isfinite(last[:, 0]))
    for row in crowded:  # a tie at the k-th place: the earlier row keeps it
        first = np.argsort(near[row], kind="stable")[:k]
        kept[row] &= np.isin(ids[row], first)
    return np.asarray(kept)
