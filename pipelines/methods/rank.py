"""How uncertain an order is: never a rank, always a range (methods.md M3.7).

A place is shown only as a range or, where the range is narrow, beside it; bodies that cannot be told apart form groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats
from pipelines.methods.card import Method
from pipelines.methods.draws import generator

DRAWS = 10_000
RANGE = 0.90
APART_DRAWS = 1000
FAR = 24  # bodies whose draws are tried first for the largest difference
_BLOCK = 50_000  # drawn values held at once: they stay in the processor's cache

METHOD = Method(
    id="M3.7",
    version="1",
    title="Rank uncertainty",
    formula="independent normal draws with the conditional sd of M3.6 -> expected rank, 90 % range, P(top), P(bottom); "
    "told apart: |difference|/se beyond the 90 % point of its maximum over all pairs, stepped down",
    defaults={"draws": DRAWS, "range": RANGE, "apart_draws": APART_DRAWS, "seed": 0},
    edge_cases="Bodies without any noise of their own and equal values take either place at random.",
    source="Goldstein & Spiegelhalter (1996); Mogstad, Romano, Shaikh & Wilhelm (2024)",
)


class RankRange(NamedTuple):
    """Under d, 1 = best. expected [n]; range90 [n,2]; p_top, p_bottom [n] chances of the first and last `top` places;
    printable [n] true when the range spans under a third of the field. NaN (false) for bodies left out."""

    expected: FloatArray
    range90: FloatArray
    p_top: FloatArray
    p_bottom: FloatArray
    printable: BoolArray


class Apart(NamedTuple):
    """better [n,n]: [a, b] true when a is better than b by more than chance, over all pairs at once; places [n,2] the
    ranks this leaves open; group [n] from 1 = best: everyone in a group is told apart from everyone in the next, and no
    finer cut is possible; 0 = left out."""

    better: BoolArray
    places: FloatArray
    group: IntArray


def rank_sim(
    shrunk: ArrayLike,
    sd: ArrayLike,
    direction: int,
    bodies: Sequence[str],
    *,
    top: int | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> RankRange:
    """Expected rank with its 90 % range from draws of what each body's true value may be.

    shrunk, sd : (n,) value and conditional sd of M3.6, NaN leaves a body out.   direction : +1 or -1.
    bodies : ids; each has a Philox stream of its own (M3.7, seed, id).   top : places that count as top and bottom,
    a quarter of the field rounded up by default. Raises ValueError on shapes, another direction or a negative sd.
    Source: Goldstein & Spiegelhalter (1996).
    """
    value, noise = _ordered(shrunk, sd, direction, len(bodies))
    seen = np.flatnonzero(~np.isnan(value + noise))
    names = [bodies[i] for i in seen.tolist()]
    counts = _rank_counts(value[seen], _with_tie_breaker(value[seen], noise[seen]), names, draws, seed)
    share = np.cumsum(counts, axis=1) / draws  # [b, r]: chance of rank r+1 or better
    n, size = value.size, seen.size
    places = max(1, -(-size // 4)) if top is None else top
    lower, upper = ((share < tail - 1e-12).sum(axis=1) + 1.0 for tail in ((1 - RANGE) / 2, (1 + RANGE) / 2))
    expected = counts @ np.arange(1, size + 1) / draws
    best, worst = counts[:, :places].sum(axis=1) / draws, counts[:, max(0, size - places) :].sum(axis=1) / draws
    figures = np.full((5, n), np.nan)
    figures[:, seen] = expected, lower, upper, best, worst
    printable = figures[2] - figures[1] + 1 < size / 3
    return RankRange(figures[0], figures[1:3].T, figures[3], figures[4], np.asarray(printable))


def told_apart(
    y: ArrayLike,
    se: ArrayLike,
    direction: int,
    bodies: Sequence[str],
    *,
    level: float = RANGE,
    draws: int = APART_DRAWS,
    seed: int = 0,
) -> Apart:
    """Which pairs can be put in order with confidence `level` for all of them at once, and the groups that remain.

    y, se : (n,) unshrunk values and standard errors > 0, NaN leaves a body out.   The rest as in rank_sim.
    The critical value is the quantile `level` of the largest studentised difference of two noises over all pairs not
    yet told apart; it is taken again without the pairs told apart until none is added (step-down).
    Source: Mogstad, Romano, Shaikh & Wilhelm (2024), with normal draws in place of the bootstrap.
    """
    value, noise = _ordered(y, se, direction, len(bodies))
    seen = np.flatnonzero(~np.isnan(value + noise))
    if (noise[seen] <= 0).any():
        raise ValueError("a standard error is zero or negative")
    names = [bodies[i] for i in seen.tolist()]
    ahead = _better(value[seen], noise[seen], _noises(names, draws, seed), level)
    better, group = np.zeros((value.size, value.size), dtype=np.bool_), np.zeros(value.size, dtype=np.int64)
    better[np.ix_(seen, seen)] = ahead
    group[seen] = _groups(value[seen], ahead)
    places = np.full((value.size, 2), np.nan)
    places[seen] = np.column_stack([1 + ahead.sum(axis=0), seen.size - ahead.sum(axis=1)])
    return Apart(better, places, group)


def _ordered(y: ArrayLike, sd: ArrayLike, direction: int, n: int) -> tuple[FloatArray, FloatArray]:
    """Values with the best lowest, and their sds."""
    value, noise = floats(y, "values"), floats(sd, "sd")
    if direction not in (-1, 1) or value.shape != (n,) or noise.shape != (n,):
        raise ValueError("an order needs a direction of +1 or -1 and one value, sd and id per body")
    if (noise < 0).any():
        raise ValueError("an sd is negative")
    return -direction * value, noise


def _noises(names: Sequence[str], draws: int, seed: int) -> FloatArray:
    """One row of standard normal draws per body."""
    return np.array([_stream(name, draws, seed) for name in names]).reshape(len(names), draws)


@lru_cache(maxsize=1024)
def _stream(name: str, draws: int, seed: int) -> FloatArray:
    # A body meets the same draws in every indicator, and drawing takes as long as ordering.
    return generator(METHOD.id, name, seed=seed).standard_normal(draws)


def _with_tie_breaker(value: FloatArray, noise: FloatArray) -> FloatArray:
    """Noise with a floor far below any difference, so that equal values without noise fall in random order."""
    scale = float(np.abs(value).max(initial=0.0)) or 1.0
    return np.maximum(noise, 1e-9 * scale)


def _rank_counts(value: FloatArray, noise: FloatArray, names: Sequence[str], draws: int, seed: int) -> FloatArray:
    """How often each body (row) takes each rank (column)."""
    size, drawn = value.size, _noises(names, draws, seed)
    step, counts = max(1, _BLOCK // max(size, 1)), np.zeros(size * size, dtype=np.int64)
    for start in range(0, draws, step):
        block = np.ascontiguousarray((value[:, None] + noise[:, None] * drawn[:, start : start + step]).T)
        cells = np.argsort(block, axis=1) * size + np.arange(size)
        counts += np.bincount(cells.ravel(), minlength=size * size)
    return counts.reshape(size, size).astype(np.float64)


def _better(value: FloatArray, noise: FloatArray, draws: FloatArray, level: float) -> BoolArray:
    """[a, b] true when a stands before b by more than chance. draws : (n, draws) standard normal."""
    spread = np.hypot(noise[:, None], noise)
    reach = (value - value[:, None]) / spread
    open_ = ~np.eye(value.size, dtype=np.bool_)
    while open_.any():
        largest = _largest(draws, noise, np.where(open_, 1 / spread, 0.0))
        told = open_ & (np.abs(reach) > np.quantile(largest, level))
        if not told.any():
            break
        open_ &= ~told
    closed = ~open_ & ~np.eye(value.size, dtype=np.bool_)
    return np.asarray(closed & (reach > 0))


def _largest(draws: FloatArray, noise: FloatArray, per_spread: FloatArray) -> FloatArray:
    """The largest studentised difference of two noises, of each draw, over the pairs whose `per_spread` is not 0.

    |s z - t y| is at most hypot(s, t) hypot(z, y), so only bodies with far draws can give it: pairs of the FAR farthest
    are tried, and where another pair might still go beyond them, every pair is.
    """
    scaled, distance = noise[:, None] * draws, np.abs(draws)
    if len(draws) <= FAR + 1:
        return _over_pairs(scaled, lambda body: per_spread[body, body + 1 :, None])
    order = np.argpartition(-distance.T, FAR, axis=1).T
    far, row = order[:FAR], np.arange(draws.shape[1])
    largest = _over_pairs(scaled[far, row], lambda body: per_spread[far[body], far[body + 1 :]])
    doubtful = largest**2 < distance.max(axis=0) ** 2 + distance[order[FAR], row] ** 2
    largest[doubtful] = _over_pairs(scaled[:, doubtful], lambda body: per_spread[body, body + 1 :, None])
    return largest


def _over_pairs(scaled: FloatArray, weight: Callable[[int], FloatArray]) -> FloatArray:
    """The largest weighted difference of two rows, of each column: one row against those after it, in slices."""
    largest = np.zeros(scaled.shape[1])
    for body in range(len(scaled) - 1):
        apart = np.abs(scaled[body + 1 :] - scaled[body]) * weight(body)
        np.maximum(largest, apart.max(axis=0), out=largest)
    return largest


def _groups(value: FloatArray, ahead: BoolArray) -> IntArray:
    """Groups along the order: a cut falls where everybody before is told apart from everybody after."""
    order = np.argsort(value, kind="stable")
    in_order = ahead[np.ix_(order, order)]
    group = np.ones(value.size, dtype=np.int64)
    for place in range(1, value.size):
        group[order[place]] = group[order[place - 1]] + bool(in_order[:place, place:].all())
    return group
