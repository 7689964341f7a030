"""Could this project's effect be seen at all, and what was gained? Power and the benefit ledger (methods.md M6.6).

Printed when a project is registered, before money is spent.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats, over
from pipelines.methods.card import Method
from pipelines.methods.draws import generator

FACTOR = 2.8  # 1.96 for 5 % two-sided and 0.84 for a power of 80 %
DRAWS = 2000

METHOD = Method(
    id="M6.6",
    version="1",
    title="Smallest detectable effect and benefit ledger",
    formula="2.8 sigma sqrt((1/n_T + 1/n_C)(1/T_pre + 1/T_post)); with errors that carry over, from donors' residuals: "
    "the 95 % point of |difference| by chance plus its 80 % point",
    defaults={"factor": FACTOR, "draws": DRAWS, "alpha": 0.05, "power": 0.8},
    edge_cases="The formula holds for errors that do not carry over from period to period, and is too hopeful "
    "otherwise: the simulation is the default. Gains without a business case have no realisation rate.",
    source="Bloom (1995), Evaluation Review 19; methods.md M6.6",
)

Design = Literal["controlled", "interrupted", "before and after"]
GRADES = ("registered controlled", "unregistered controlled", "interrupted", "before and after")


class Realised(NamedTuple):
    """gain, lo, hi: effect x exposure, in the money of the exposure, positive = gained. rate: gain over the gain
    that the business case promised, NaN where it promised none."""

    gain: float
    lo: float
    hi: float
    rate: float


def detectable(sigma: ArrayLike, treated: int, controls: int, pre: int, post: int, *, factor: float = FACTOR) -> float:
    """The smallest effect that 80 of 100 such studies would find at 5 %, if errors do not carry over.

    sigma : standard deviation of a body's error in one period, in the unit of the effect (0.04 = 4 % of a log).
    treated, controls : bodies.   pre, post : periods.   Raises ValueError on none of any, or a negative sigma.
    Source: Bloom (1995).
    """
    counts = (treated, controls, pre, post)
    spread = float(floats(sigma, "sigma"))
    if min(counts) < 1 or spread < 0:
        raise ValueError("power needs a body and a period on each side, and a spread that is not negative")
    return factor * spread * float(np.sqrt((1 / treated + 1 / controls) * (1 / pre + 1 / post)))


def detectable_simulated(
    donors: ArrayLike,
    treated: int,
    pre: int,
    post: int,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    draws: int = DRAWS,
    seed: int = 0,
) -> float:
    """The smallest detectable effect as the donors' own history has it, with whatever carries over in it.

    donors : (J, T) past figures without the project, T >= pre + post, J > treated; rows with absent periods are left
    out. Each draw takes a window and pretends that `treated` of the donors had a project in it.
    Raises ValueError on too few donors or periods.   Source: methods.md M6.6.
    """
    past = floats(donors, "donors")
    past = past[~np.isnan(past).any(axis=1)]
    windows = past.shape[1] - pre - post + 1
    if len(past) <= treated or windows < 1 or min(treated, pre, post) < 1:
        raise ValueError(f"{len(past)} donors of {past.shape[1]} periods are too few for {treated} and {pre} + {post}")
    chance = _by_chance(_window_changes(past, pre, post), treated, draws, seed)
    return float(np.quantile(np.abs(chance), 1 - alpha) + np.quantile(chance, power))


def realised(effect: float, lo: float, hi: float, exposure: float, promised: float = np.nan) -> Realised:
    """What the project gained, and which part of what it promised.

    effect, lo, hi : estimate and limits, as a share of the exposure, negative = cheaper (e^beta - 1, or M6.2's pct).
    exposure : cost after the start had the project not been, above zero.   promised : gain of the business case.
    Raises ValueError on an exposure that is not positive, or limits that do not hold the effect.
    """
    if not exposure > 0 or not lo <= effect <= hi:
        raise ValueError("a gain needs an exposure above zero and limits that hold the effect")
    gain = -effect * exposure
    return Realised(gain, -hi * exposure, -lo * exposure, float(over(gain, promised)))


def grade(design: Design, registered: bool) -> str:
    """The grade of evidence, one of GRADES; only a controlled design is worth more for being registered first."""
    if design != "controlled":
        return design
    return GRADES[0] if registered else GRADES[1]


def proves_cause(graded: str) -> bool:
    """Whether a settlement may cite the estimate as proof of cause: the first two grades only."""
    return graded in GRADES[:2]


def _window_changes(past: FloatArray, pre: int, post: int) -> FloatArray:
    """(windows, J) mean of `post` periods less mean of the `pre` before them, for every place they fit."""
    sums = np.cumsum(np.pad(past, ((0, 0), (1, 0))), axis=1)
    before = (sums[:, pre:] - sums[:, :-pre])[:, : past.shape[1] - pre - post + 1] / pre
    after = (sums[:, post:] - sums[:, :-post])[:, pre:] / post
    return np.asarray((after - before).T)


def _by_chance(changes: FloatArray, treated: int, draws: int, seed: int) -> FloatArray:
    """(2 draws,) differences between a random few and the rest, each with its mirror: chance has no direction."""
    stream = generator("M6.6", seed=seed)
    windows, n = changes.shape
    picked = np.take_along_axis(
        changes[stream.integers(windows, size=draws)], stream.random((draws, n)).argsort(axis=1), axis=1
    )
    found = picked[:, :treated].mean(axis=1) - picked[:, treated:].mean(axis=1)
    return np.concatenate([found, -found])
