"""Intervals for frontier scores, which flatter in small samples (methods.md M3.9). They assume data without error.

What belongs here: the subsampling interval, which covers, and the smoothed bootstrap, kept for its bias figure and for
comparison. Resampling bodies with replacement is inconsistent and not offered.
Distances are delta = 1/theta for inputs and phi for outputs, so that 1 is the frontier and more is further away.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray
from pipelines.methods.card import Method
from pipelines.methods.frontier_data import Amounts, prepare
from pipelines.methods.frontier_exact import solve
from pipelines.methods.frontier_program import radial, technology
from pipelines.methods.frontier_resample import Frame, bootstrap, subsample

METHOD = Method(
    id="M3.9",
    version="1",
    title="Interval for a frontier score by subsampling",
    formula="delta - quantiles of (delta* - delta)(k/n)^g over samples of k = n^0.6 bodies without replacement",
    defaults={"rts": "vrs", "orientation": "in", "replicates": 2000, "level": 0.95, "exponent": 0.6, "seed": 0},
    edge_cases="a body outside a sample may pass 1; where it cannot be reached its distance is 0; noise is not covered",
    source="Kneip, Simar & Wilson (2008); Simar & Wilson (1998, 2011)",
)


@dataclass(frozen=True)
class FrontierInterval:
    """score, lo, hi (n,) on the scale of `dea`; the interval corrects bias, so lo < hi <= score for inputs.

    sample : k, bodies per subsample (0 for the bootstrap).   fallbacks : programs that HiGHS had to solve.
    """

    score: FloatArray
    lo: FloatArray
    hi: FloatArray
    sample: int
    fallbacks: int
    frame: Frame

    @cached_property
    def bootstrap(self) -> FloatArray:
        """(n, replicates) scores of the bodies against resampled frontiers; solved when first asked for."""
        return bootstrap(self.frame)[0]

    @property
    def unbiased(self) -> FloatArray:
        """(n,) score at the distance less its bootstrap bias: what the bootstrap takes the score to be."""
        distance = 2 * self.frame.distance - self.frame.as_distance(self.bootstrap).mean(axis=1)
        return self.frame.as_distance(distance)

    @property
    def bias(self) -> FloatArray:
        """(n,) score less what the bootstrap takes it to be."""
        return np.asarray(self.score - self.unbiased)

    @property
    def corrected(self) -> FloatArray:
        """(n,) the unbiased score where bias^2 > 3 variance (of distances), else the score as it stands."""
        resampled = self.frame.as_distance(self.bootstrap)
        bias = resampled.mean(axis=1) - self.frame.distance
        return np.where(bias**2 > 3 * resampled.var(axis=1, ddof=1), self.unbiased, self.score)


def dea_interval(
    X: ArrayLike,
    Y: ArrayLike,
    *,
    rts: str = "vrs",
    orientation: str = "in",
    replicates: int = 2000,
    seed: int = 0,
    level: float = 0.95,
    method: str = "subsampling",
    exponent: float = 0.6,
    keys: ArrayLike | None = None,
) -> FrontierInterval:
    """Interval for every body's score that allows for the frontier being seen through a sample only.

    method : subsampling (default; covers) or bootstrap (smoothed; undercovers, see M3.9).
    exponent : a subsample has n^exponent bodies, at least m+s+1.   keys : (n,) names of the bodies, which alone
    decide their draws; by default their row numbers. Lower and upper end are on the scale of `dea`.
    Raises ValueError as `dea`, and on fewer than 2 replicates, a level outside (0, 1), an unknown method or equal keys.
    Source: Kneip, Simar & Wilson (2008); Simar & Wilson (2011), section 4; Simar & Wilson (1998).
    """
    if replicates < 2 or not 0 < level < 1 or not 0 < exponent < 1:
        raise ValueError("an interval needs 2 replicates or more, and level and exponent inside (0, 1)")
    data = prepare(X, Y)
    names = tuple(str(key) for key in (range(len(data.inputs)) if keys is None else np.asarray(keys)))
    if len(set(names)) != len(data.inputs):
        raise ValueError("keys must name every body once")
    reference = technology(data.inputs, data.outputs, rts)
    full = solve(radial(reference, data.inputs, data.outputs, orientation, data.own_id), [data.distinct])
    frame = Frame(data, rts, orientation, replicates, seed, full.score, names)
    if method == "subsampling":
        sample = min(frame.size, max(round(frame.size**exponent), data.width + 1))
        distances, lost = subsample(frame, sample)
        rate = (sample / frame.size) ** rate_of_convergence(data, rts)
    elif method == "bootstrap":
        sample, rate = 0, 1.0
        scores, lost = bootstrap(frame)
        distances = frame.as_distance(scores)
    else:
        raise ValueError(f"method must be subsampling or bootstrap, not {method!r}")
    lo, hi = basic_interval(frame, distances, rate, level)
    return FrontierInterval(full.score, lo, hi, sample, lost + int(full.fallback.sum()), frame)


def rate_of_convergence(data: Amounts, rts: str) -> float:
    """Exponent at which a score nears its limit as n grows: 2/(m+s), or 2/(m+s+1) unless returns are constant."""
    return 2 / (data.width + (rts != "crs"))


def basic_interval(frame: Frame, distances: FloatArray, rate: float, level: float) -> tuple[FloatArray, FloatArray]:
    """Reflect the scaled deviations of resampled distances (n, B) about the estimate, clip at 1 and invert."""
    deviation = (distances - frame.distance[:, None]) * rate
    low, high = np.quantile(deviation, [(1 - level) / 2, (1 + level) / 2], axis=1)
    near, far = np.maximum(frame.distance - high, 1), np.maximum(frame.distance - low, 1)
    return (1 / far, 1 / near) if frame.orientation == "in" else (near, far)
