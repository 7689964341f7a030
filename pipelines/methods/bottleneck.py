"""The stage that sets the pace of a delivery chain, from flows and from peers (methods.md M1.8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from pipelines.methods.arrays import FloatArray, IntArray, floats, over
from pipelines.methods.card import Method
from pipelines.methods.context import SD_PER_MAD
from pipelines.methods.peers import SMALL_GROUP
from pipelines.methods.quantiles import quantile

BUSY = 0.95
WINDOW = 8
GROWING = 6
UNSTEADY = 0.20
WEEKS = 52

METHOD = Method(
    id="M1.8",
    version="1",
    title="Bottleneck along the chain",
    formula="constraint = the stage of highest utilisation among those with utilisation >= 0.95 and a growing queue in "
    "6 of the last 8 periods; stage gap z = (ln own - median)/(1.4826 MAD)",
    defaults={"busy": BUSY, "window": WINDOW, "growing": GROWING, "unsteady": UNSTEADY, "capacity_weeks": WEEKS},
    edge_cases="None qualifying: no sustained constraint; no wait when the queue moves by over 20 % a period.",
    source="Goldratt (1990); Little (1961); Hopp & Spearman (2008)",
)


class Flow(NamedTuple):
    """Per stage [S]: utilisation (sums over the window), growth of the queue and wait in periods (latest period),
    score (mean rank of the three, higher = tighter), periods of growth; constraint: stage from 1, 0 = none."""

    utilisation: FloatArray
    growth: FloatArray
    wait: FloatArray
    score: FloatArray
    growing: IntArray
    constraint: int


def flow(
    arrivals: ArrayLike, capacity: ArrayLike, completions: ArrayLike, wip: ArrayLike, rework: ArrayLike = 0.0
) -> Flow:
    """The sustained constraint of a serial line from its flows.

    arrivals, capacity, completions, wip : (T, S) cases per period and stage, latest period last; the last 8 count.
    rework : fraction of each stage's work that comes back to it, in [0, 1): arrivals become a/(1 - f).
    Utilisation is total arrivals over total capacity of the window. Fewer than 8 periods can still qualify when 6 grow.
    Raises ValueError on shapes or a fraction outside [0, 1).   Source: methods.md M1.8.
    """
    again = floats(rework, "rework")
    if ((again < 0) | (again >= 1)).any():
        raise ValueError("a rework fraction is outside [0, 1)")
    came, could, done, waiting = (floats(part, "flows")[-WINDOW:] for part in (arrivals, capacity, completions, wip))
    if came.ndim != 2 or not came.shape == could.shape == done.shape == waiting.shape:
        raise ValueError("arrivals, capacity, completions and wip must be four tables (periods, stages) of one shape")
    utilisation = over((came / (1 - again)).sum(axis=0), could.sum(axis=0))
    growth = came - done
    wait = np.where(np.abs(growth[-1]) > UNSTEADY * waiting[-1], np.nan, over(waiting[-1], done[-1]))
    growing = np.asarray((growth > 0).sum(axis=0))
    able = (utilisation >= BUSY) & (growing >= GROWING)
    constraint = int(np.argmax(np.where(able, utilisation, -np.inf))) + 1 if able.any() else 0
    return Flow(utilisation, growth[-1], wait, _score(utilisation, growth[-1], wait), growing, constraint)


def demonstrated_capacity(completions: ArrayLike) -> FloatArray:
    """Capacity (S,) shown in practice: the 95th percentile of weekly completions (T, S) in the last 52 weeks."""
    return quantile(floats(completions, "completions")[-WEEKS:].T, 0.95)


def throughput(demand: float, capacity: ArrayLike, rework: ArrayLike = 0.0) -> float:
    """End-of-chain completions per period of a deterministic serial line: the least of demand and c(1 - f)."""
    return float(min(demand, np.min(floats(capacity, "capacity") * (1 - floats(rework, "rework")))))


def marginal_throughput(demand: float, capacity: ArrayLike, rework: ArrayLike = 0.0) -> FloatArray:
    """Extra end completions from one more unit of capacity at each stage (S,): only the binding one adds any."""
    limits = floats(capacity, "capacity")
    now = throughput(demand, limits, rework)
    return np.array([throughput(demand, limits + unit, rework) - now for unit in np.eye(limits.size)])


def stage_gaps(factors: ArrayLike, mask: ArrayLike) -> FloatArray:
    """How far each stage factor (n, S) is from the peers' median, in robust sds of their logs; positive = worse.

    mask : (n, n), [b, j] true: j a peer of b. NaN under 5 peers with the stage, or without spread among them.
    """
    logs = np.log(floats(factors, "factors"))
    theirs = np.asarray(mask, dtype=np.bool_) & ~np.eye(len(logs), dtype=np.bool_)
    group = np.where(theirs[:, None, :], logs.T[None], np.nan)  # (n, S, n)
    middle = quantile(group, 0.5)
    scale = SD_PER_MAD * quantile(np.abs(group - middle[..., None]), 0.5)
    enough = (~np.isnan(group)).sum(axis=-1) >= SMALL_GROUP
    return np.where(enough, over(logs - middle, scale), np.nan)


def highlighted(gap_gbp: ArrayLike, gaps: ArrayLike) -> IntArray:
    """The stage (1 to S) with the largest positive contribution in money, if its z is 1 or more; 0 = none. (n,)."""
    money = np.nan_to_num(floats(gap_gbp, "gap"), nan=-np.inf)
    largest = money.argmax(axis=1)
    place = np.arange(len(money)), largest
    firm = (np.nan_to_num(floats(gaps, "gaps")[place]) >= 1) & (money[place] > 0)
    return np.asarray(np.where(firm, largest + 1, 0))


def _score(*measures: FloatArray) -> FloatArray:
    ranks = np.array([rankdata(measure, nan_policy="omit") for measure in measures])
    return np.asarray(over(np.nansum(ranks, axis=0), (~np.isnan(ranks)).sum(axis=0)))
