"""Catch-up potential against a body's own peers, and against one real body: routes P and F of methods.md M3.16."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, IntArray, floats, over
from pipelines.methods.draws import generator
from pipelines.methods.peers import FULL_GROUP, SMALL_GROUP
from pipelines.methods.potential import DRAWS, LEVEL, METHOD, SHARE, Route, checked
from pipelines.methods.quantiles import ascending, at, quantile
from pipelines.methods.shrinkage import Shrunk, shrink
from pipelines.methods.status import REFERENCE, is_in


def peer_route(
    actual: ArrayLike,
    unit_cost: ArrayLike,
    se: ArrayLike,
    ids: ArrayLike,
    *,
    names: Sequence[str],
    status: ArrayLike = "ok",
    draws: int = DRAWS,
    seed: int = 0,
    level: float = LEVEL,
) -> Route:
    """Route P: potential against the quartile of the body's own peers, taken anew in every draw.

    actual : (n,) addressable cost; unit_cost : (n,), both positive, NaN where absent; one field (`towards_peers`).
    se : (n,) of ln unit_cost.   ids : (n, K) rows of each body's peers, -1 for none.   names : of the draws' streams.
    status : only `status.REFERENCE` figures inform the mean, stand among peers or have a potential. Without 8 usable
    peers a body has none. `ratio` is the shrunk unit cost. Raises ValueError on costs or se of 0 or less.
    Source: methods.md M3.16, steps 1-3, route P.
    """
    spend, usual = checked(actual, unit_cost)
    shrunk = towards_peers(usual, se, ids, status)
    usable = np.isfinite(shrunk.value) & is_in(np.broadcast_to(status, usual.shape), REFERENCE)
    noise = np.zeros((usual.size + 1, draws))
    noise[-1] = np.nan
    for row in np.flatnonzero(usable).tolist():
        noise[row] = drawn(names[row], shrunk.value[row], shrunk.sd[row], draws, seed)
    listed = _usable_peers(ids, usable)
    ends = ((1 - level) / 2, 0.5, (1 + level) / 2)
    bands, sums = np.full((3, usual.size), np.nan), np.zeros(draws)
    for row in np.flatnonzero(usable & ~np.isnan(spend)).tolist():
        near = listed[row][listed[row] >= 0]
        if near.size >= FULL_GROUP:
            found = spend[row] * np.maximum(0, 1 - np.exp(low_quantile(noise[near], SHARE) - noise[row]))
            bands[:, row] = _bands(found, ends)
            sums += found
    centre = np.where(usable, shrunk.value, np.nan)
    gap = _gap(spend, centre, listed)
    known = np.where(np.isnan(bands[1]), np.nan, 1.0)
    total = _bands(sums, ends) if np.isfinite(bands[1]).any() else np.full(3, np.nan)
    return Route(np.exp(centre), gap * known, bands[1], bands[0], bands[2], total, shrunk.reliability)


def peer_raw(actual: ArrayLike, unit_cost: ArrayLike, ids: ArrayLike, status: ArrayLike = "ok") -> FloatArray:
    """(n,) the same before any shrinking or drawing: overstated by noise, for the naive total only."""
    spend, usual = checked(actual, unit_cost)
    usable = ~np.isnan(usual) & is_in(np.broadcast_to(status, usual.shape), REFERENCE)
    return _gap(spend, np.where(usable, np.log(usual), np.nan), _usable_peers(ids, usable))


def towards_peers(unit_cost: ArrayLike, se: ArrayLike, ids: ArrayLike, status: ArrayLike = "ok") -> Shrunk:
    """ln unit_cost drawn towards what the body's own peers lead one to expect: M3.6 with z = mean log of its peers.

    Towards the mean of the field, a cost that circumstances explain would count as spread that is not chance: where
    they explain half of the variance the potential came out at 1.1 to 1.5 times the truth, this way at 0.98 to 1.03.
    A body without 5 usable peers is drawn towards the field. Shapes and refusals as `peer_route`.
    """
    usual = np.asarray(unit_cost, dtype=np.float64)
    logs, error = np.log(usual), np.broadcast_to(np.asarray(se, dtype=np.float64), usual.shape)
    listed = _usable_peers(ids, np.isfinite(logs) & is_in(np.broadcast_to(status, usual.shape), REFERENCE))
    count = (listed >= 0).sum(axis=1)
    mean = over(np.where(listed >= 0, logs[listed], 0.0).sum(axis=1), count)
    mean = np.where(count >= SMALL_GROUP, mean, np.nan)
    if np.isnan(mean).all():
        return shrink(logs, error, status=status)
    return shrink(logs, error, np.where(np.isnan(mean), np.nanmean(mean), mean), status=status)


def exemplar_route(
    actual: ArrayLike,
    score: ArrayLike,
    exemplar: ArrayLike,
    sd: ArrayLike,
    reliability: ArrayLike,
    *,
    names: Sequence[str],
    draws: int = DRAWS,
    seed: int = 0,
    level: float = LEVEL,
) -> Route:
    """Route F: potential against the one real body that does at least as much with the least (M3.8, free disposal).

    score : (n,) free-disposal score, NaN where none.   exemplar : (n,) row of that body, itself where nobody is.
    sd, reliability (n,) of M3.6: the gap ln(1/score) is drawn towards 0 by the reliability, because the exemplar was
    picked for being cheap, and both bodies are redrawn from the streams of `peer_route`. No headline rests on it.
    """
    spend, gap = floats(actual, "actual"), -np.log(floats(score, "score"))
    other, spread, share = np.asarray(exemplar, dtype=np.int64), floats(sd, "sd"), floats(reliability, "reliability")
    ends = ((1 - level) / 2, 0.5, (1 + level) / 2)
    bands, sums = np.full((3, spend.size), np.nan), np.zeros(draws)
    for row in np.flatnonzero(~np.isnan(spend + gap + spread + spread[other])).tolist():
        moved = drawn(names[row], np.nan_to_num(share[row], nan=1.0) * gap[row], spread[row], draws, seed)
        moved -= drawn(names[int(other[row])], 0.0, spread[other[row]], draws, seed)
        found = spend[row] * np.maximum(0, 1 - np.exp(-moved))
        bands[:, row] = _bands(found, ends)
        sums += found
    total = _bands(sums, ends)
    return Route(np.exp(gap), spend * (1 - np.exp(-gap)), bands[1], bands[0], bands[2], total, share)


def drawn(name: str, centre: float, sd: float, draws: int, seed: int) -> FloatArray:
    """(draws,) of one body, from the stream of its name: the same wherever the body is met."""
    return np.asarray(centre + sd * generator(METHOD.id, name, seed=seed).standard_normal(draws))


def low_quantile(rows: FloatArray, share: float) -> FloatArray:
    """Type 7 quantile over k rows (k, d) at each of d places, for a low share: only the lowest rows are kept sorted.

    Several times faster than sorting every column. No NaN.
    """
    place = (len(rows) - 1) * share
    below = int(place)
    lowest = np.full((min(below + 2, len(rows)), rows.shape[1]), np.inf)
    carried, swap = np.empty(rows.shape[1]), np.empty(rows.shape[1])
    for row in rows:
        np.copyto(carried, row)
        for kept in lowest:
            np.maximum(kept, carried, out=swap)
            np.minimum(kept, carried, out=kept)
            carried, swap = swap, carried
    return np.asarray(lowest[below] + (place - below) * (lowest[min(below + 1, len(rows) - 1)] - lowest[below]))


def _bands(found: FloatArray, ends: tuple[float, ...]) -> FloatArray:
    """Quantiles of many draws, sorted once."""
    in_order, count = ascending(found)
    return np.array([float(at(in_order, count, end)) for end in ends])


def _usable_peers(ids: ArrayLike, usable: np.ndarray) -> IntArray:
    """ids with -1 for peers without a usable figure and for the body itself."""
    listed = np.asarray(ids, dtype=np.int64)
    keep = (listed >= 0) & usable[listed] & (listed != np.arange(len(listed))[:, None])
    return np.where(keep, listed, -1)


def _gap(spend: FloatArray, centre: FloatArray, listed: IntArray) -> FloatArray:
    """(n,) spend x max(0, 1 - q25 of peers / own) on logs, NaN under 8 usable peers."""
    group = np.where(listed >= 0, centre[listed], np.nan)
    benchmark = np.where((listed >= 0).sum(axis=1) >= FULL_GROUP, quantile(group, SHARE), np.nan)
    return np.asarray(spend * np.maximum(0, 1 - np.exp(benchmark - centre)))
