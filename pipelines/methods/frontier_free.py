"""What belongs here: frontiers without convexity, where every peer is a real body (methods.md M3.10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, IntArray
from pipelines.methods.card import Method
from pipelines.methods.frontier_data import Amounts, prepare

METHOD = Method(
    id="M3.10",
    version="1",
    title="Comparison with real bodies only (free disposal hull, order-m, order-alpha)",
    formula="least max_i x_ij / x_io over bodies j with y_j >= y_o; its expectation over m of them; its low quantile",
    defaults={"m": 25, "alpha": 0.95, "orientation": "in"},
    edge_cases="a body that only dominates itself scores 1 with one dominator; nobody to compare with is NaN",
    source="Deprins, Simar & Tulkens (1984); Cazals, Florens & Simar (2002); Daouia & Simar (2007)",
)
CELLS = 1 << 20  # comparisons held at a time


@dataclass(frozen=True)
class FreeDisposal:
    """score (n,), NaN without a comparable body; dominators (n,) comparable bodies; peer (n,) the best, -1 for none."""

    score: FloatArray
    dominators: IntArray
    peer: IntArray


def fdh(
    X: ArrayLike,
    Y: ArrayLike,
    *,
    orientation: str = "in",
    X_ref: ArrayLike | None = None,
    Y_ref: ArrayLike | None = None,
) -> FreeDisposal:
    """Efficiency against the one body that does at least as much with least ("in"), or most with no more ("out").

    Input scores are theta <= 1, output scores phi >= 1 for bodies of the reference set. Raises ValueError as `dea`.
    Source: Deprins, Simar & Tulkens (1984).
    """
    return summarise(prepare(X, Y, X_ref, Y_ref), orientation, lambda ordered, count: ordered[:, 0])


def order_m(X: ArrayLike, Y: ArrayLike, m: int = 25, *, orientation: str = "in") -> FreeDisposal:
    """Expected efficiency against the best of m comparable bodies drawn at random, in closed form.

    Above 1 (output orientation: below 1) for bodies better than most; falls to `fdh` as m grows.
    Raises ValueError as `dea`, and when m < 1.   Source: Cazals, Florens & Simar (2002), with r_j of M3.10 sorted.
    """
    if m < 1:
        raise ValueError(f"m must be 1 or more, not {m}")

    def expectation(ordered: FloatArray, count: IntArray) -> FloatArray:
        place = np.arange(ordered.shape[1])
        left = np.clip((count[:, None] - place) / np.maximum(count, 1)[:, None], 0, 1) ** m
        after = np.clip((count[:, None] - place - 1) / np.maximum(count, 1)[:, None], 0, 1) ** m
        share = left - after
        terms: FloatArray = np.where(share > 0, ordered, 0.0) * share
        return np.where(count > 0, terms.sum(axis=1), np.nan)

    return summarise(prepare(X, Y), orientation, expectation)


def order_alpha(X: ArrayLike, Y: ArrayLike, alpha: float = 0.95, *, orientation: str = "in") -> FreeDisposal:
    """Efficiency against the body that a share 1 - alpha of the comparable ones matches or beats (order statistic).

    Raises ValueError as `dea`, and unless 0 < alpha <= 1.   Source: Daouia & Simar (2007), type 1 quantile.
    """
    if not 0 < alpha <= 1:
        raise ValueError(f"alpha must lie in (0, 1], not {alpha}")

    def quantile(ordered: FloatArray, count: IntArray) -> FloatArray:
        place = np.maximum(np.ceil((1 - alpha) * count - 1e-9).astype(np.int64), 1) - 1
        return np.asarray(np.take_along_axis(ordered, place[:, None], axis=1)[:, 0])

    return summarise(prepare(X, Y), orientation, quantile)


def summarise(data: Amounts, orientation: str, statistic: Callable[[FloatArray, IntArray], FloatArray]) -> FreeDisposal:
    """Apply a statistic of the ordered ratios, best first and NaN at the end, to blocks of bodies."""
    score, count, peer = [], [], []
    for ratios in comparisons(data, orientation):
        order = np.argsort(ratios if orientation == "in" else -ratios, axis=1, kind="stable")
        ordered = np.take_along_axis(ratios, order, axis=1)
        among = (~np.isnan(ordered)).sum(axis=1)
        score.append(statistic(ordered, among))
        count.append(among)
        peer.append(np.where(among > 0, order[:, 0], -1))
    return FreeDisposal(np.concatenate(score), np.concatenate(count), np.concatenate(peer))


def comparisons(data: Amounts, orientation: str) -> Iterator[FloatArray]:
    """(b, n_ref) blocks of ratios to every comparable body: the greatest input ratio, or the least output ratio.

    NaN for bodies that are not comparable; an amount of 0 is matched only by 0.
    """
    if orientation not in ("in", "out"):
        raise ValueError(f"orientation must be in or out, not {orientation!r}")
    step = max(1, CELLS // len(data.ref_inputs))
    for first in range(0, len(data.inputs), step):
        inputs, outputs = data.inputs[first : first + step], data.outputs[first : first + step]
        if orientation == "in":
            comparable = covers(data.ref_outputs, outputs)
            ratios = extreme(data.ref_inputs, inputs, np.maximum, 0.0)
        else:
            comparable = covers(-data.ref_inputs, -inputs)
            ratios = extreme(data.ref_outputs, outputs, np.minimum, np.inf)
        ratios[~comparable] = np.nan
        yield ratios


def covers(theirs: FloatArray, own: FloatArray) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(b, n_ref) whether a reference body has at least a body's amount in every column."""
    answer = np.ones((len(own), len(theirs)), dtype=bool)
    for column in range(own.shape[1]):
        answer &= theirs[:, column] >= own[:, column, None]
    return answer


def extreme(theirs: FloatArray, own: FloatArray, better: np.ufunc, neutral: float) -> FloatArray:
    """(b, n_ref) greatest (or least) ratio of their amounts to a body's own over the columns.

    Where a body has 0: 0 of theirs says nothing (neutral), more is an infinite ratio.
    """
    answer = np.full((len(own), len(theirs)), neutral)
    for column in range(own.shape[1]):
        base = own[:, column, None]
        ratio = np.where(theirs[:, column] > 0, np.inf, neutral) * np.ones_like(base)
        np.divide(theirs[:, column], base, out=ratio, where=base > 0)
        better(answer, ratio, out=answer)
    return answer
