"""Whether bodies could accept a scheme: who carries it, who envies whom, and who would lose (M5.11, M5.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, floats
from pipelines.methods.burden import Burden, burden
from pipelines.scenarios.compare import Ask

PARTICIPATION = 0.8


class Envy(NamedTuple):
    """envious [n]: some body of the same context with at least the same gap is asked less; share of bodies so; largest
    [n]: by how much less, fraction of budget."""

    envious: BoolArray
    share: float
    largest: FloatArray


class Participation(NamedTuple):
    """chance [n] that a body of average effort does not lose; holds [n]: it is 0.8 or more."""

    chance: FloatArray
    holds: BoolArray


def burdens(
    asks: Mapping[str, Ask], budgets: ArrayLike, deprivation: ArrayLike, horizon: float
) -> dict[str, tuple[Burden, Burden]]:
    """How each scheme's cuts, and its cuts beyond what is possible, lie against deprivation: (asked, over-cut).

    budgets (n,) money; deprivation (n,) higher is more deprived, NaN leaves a body out of the index; horizon : years.
    """
    money = floats(budgets, "budgets")
    return {
        scheme: (
            burden(np.maximum(ask.cut, 0.0) * money, money, deprivation, horizon),
            burden(ask.overcut * money, money, deprivation, horizon),
        )
        for scheme, ask in asks.items()
    }


def envy(cut: ArrayLike, gaps: ArrayLike, context: ArrayLike, tolerance: float = 1e-9) -> Envy:
    """Who would prefer another's terms: same context, a gap at least as large, and a smaller cut.

    cut, gaps (n,) fractions; context (n,) group names. A smaller cut on a smaller gap is the scheme's purpose.
    """
    asked, room, group = floats(cut, "cut"), floats(gaps, "gaps"), np.asarray(context).astype(str)
    least = np.empty_like(asked)
    for name in np.unique(group):
        rows = np.flatnonzero(group == name)
        rows = rows[np.argsort(room[rows])]
        ahead = np.minimum.accumulate(asked[rows][::-1])[::-1]
        least[rows] = ahead[np.searchsorted(room[rows], room[rows] - tolerance, side="left")]
    largest = np.maximum(asked - least, 0.0)
    envious = largest > tolerance
    return Envy(envious, float(envious.mean()), np.where(envious, largest, 0.0))


def participation(net_gain: ArrayLike, needed: float = PARTICIPATION) -> Participation:
    """Whether bodies would sign: the chance that the net gain is 0 or more, from draws (k, n) at average effort."""
    chance = (floats(net_gain, "net_gain") >= 0).mean(axis=0)
    return Participation(np.asarray(chance), np.asarray(chance >= needed))
