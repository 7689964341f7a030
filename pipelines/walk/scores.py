"""One field's frontier: every score with its interval, the real bodies beside it, and who bends it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, TextArray
from pipelines.methods.frontier import (
    dea,
    dea_conditional,
    dea_interval,
    fdh,
    order_alpha,
    order_m,
    scale,
    super_efficiency,
)
from pipelines.methods.frontier_result import Frontier
from pipelines.methods.outliers import SUPER, outliers

REPLICATES = 500  # against the card's 2,000, ends move by 0.3 % of the width in the median body, 6 % in one of twenty


@dataclass(frozen=True)
class Sample:
    """The bodies compared, by name and row of the roster: X (n, m), Y (n, s), quality (n, q), more being better."""

    names: TextArray
    rows: np.ndarray
    X: FloatArray
    Y: FloatArray
    quality: FloatArray
    rts: str
    orientation: str

    @property
    def conditional(self) -> bool:
        """Whether nobody may be held against a body of worse quality."""
        return bool(self.quality.shape[1])


@dataclass(frozen=True)
class Scored:
    """frame : a row per body with columns of efficiency, and `doubtful`.   programs : solved, fallbacks : by HiGHS."""

    sample: Sample
    answer: Frontier
    frame: pl.DataFrame
    programs: int
    fallbacks: int


def score(sample: Sample) -> Scored:
    """Everything that the table of efficiency says of the bodies of a sample, as shares of 1 in either orientation.

    Under conditions on quality only the radial score and the comparison with real bodies are given: intervals, scale
    and super-efficiency know no such conditions, and stay null.
    """
    if sample.conditional:
        answer = dea_conditional(sample.X, sample.Y, sample.quality, rts=sample.rts)
        more: dict[str, ArrayLike | None] = dict.fromkeys(("lo", "hi", "scale", "super_score"))
        more["returns"] = None
        solved, lost = len(sample.X), 0
    else:
        answer = dea(sample.X, sample.Y, rts=sample.rts, orientation=sample.orientation)
        more, lost = unconditional(sample)
        solved = len(sample.X) * (REPLICATES + 1)
    frame = pl.DataFrame({"body_id": sample.names, "score": share(sample, answer.score)})
    frame = frame.with_columns(**columns(more), **columns(real_bodies(sample)), **columns(bending(sample, answer)))
    return Scored(sample, answer, frame, solved, lost + answer.slack_fallbacks)


def columns(found: dict[str, ArrayLike | None]) -> dict[str, pl.Series | pl.Expr]:
    """Arrays as columns, NaN as null; what is not there as nulls."""
    return {
        name: pl.lit(None) if value is None else pl.Series(np.asarray(value), nan_to_null=True)
        for name, value in found.items()
    }


def share(sample: Sample, values: FloatArray) -> FloatArray:
    """Scores as shares: phi of the output orientation turned over, and rounding beyond 1 taken off the radial ones."""
    turned = values if sample.orientation == "in" else 1 / values
    return np.where(np.abs(turned - 1) <= 1e-9, 1.0, turned)


def unconditional(sample: Sample) -> tuple[dict[str, ArrayLike | None], int]:
    """Interval, scale and super-efficiency, and the programs of the interval that HiGHS solved."""
    X, Y, rts, orientation = sample.X, sample.Y, sample.rts, sample.orientation
    interval = dea_interval(X, Y, rts=rts, orientation=orientation, replicates=REPLICATES, keys=sample.names)
    ends = sorted((interval.lo, interval.hi), key=lambda end: share(sample, end).sum())
    scales = scale(X, Y, orientation=orientation)
    found: dict[str, ArrayLike | None] = {
        "lo": share(sample, ends[0]),
        "hi": share(sample, ends[1]),
        "scale": np.minimum(scales.efficiency, 1.0),
        "returns": scales.returns,
        "super_score": share(sample, super_efficiency(X, Y, rts=rts, orientation=orientation)),
    }
    return found, interval.fallbacks


def real_bodies(sample: Sample) -> dict[str, ArrayLike | None]:
    """Comparisons with real bodies that do at least as much and, where quality is judged, are no worse."""
    floor = sample.quality - sample.quality.min(axis=0) if sample.conditional else sample.quality
    Y = np.hstack([sample.Y, floor])
    free = fdh(sample.X, Y, orientation=sample.orientation)
    return {
        "fdh": share(sample, free.score),
        "order_m": share(sample, order_m(sample.X, Y, orientation=sample.orientation).score),
        "order_alpha": share(sample, order_alpha(sample.X, Y, orientation=sample.orientation).score),
        "dominators": free.dominators,
        "exemplar_id": sample.names[free.peer],
    }


def bending(sample: Sample, answer: Frontier) -> dict[str, ArrayLike | None]:
    """Leverage, bodies whose data are to be checked, and those that are measured by one of them.

    Under constant returns a body counts as far ahead by its super-efficiency alone: comparisons with real bodies take
    sizes as they are, and would flag small bodies for being small.
    """
    found = outliers(sample.X, sample.Y, rts=sample.rts)
    flag = found.flag
    if sample.rts == "crs":
        flag = found.unmatched | (found.super_score > SUPER)
    measured_by = answer.lambdas @ flag.astype(np.float64)
    return {
        "leverage": found.leverage,
        "outlier": flag,
        "unique_peers": answer.lambda_unique,
        "doubtful": measured_by > 0,
    }
