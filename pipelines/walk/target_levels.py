"""What peers are shown to hold: levels of an indicator kept for years while its guard did not worsen (M4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.methods.sustained import Sustained, sustained
from pipelines.packs.pack import Pack
from pipelines.packs.schema_policy import Counter, TargetItem, TargetPolicy
from pipelines.walk.series import Series

DIRECTION = {"higher": 1, "lower": -1}
STEADY = 1.2815515655446004 * np.sqrt(2)
"""Standard errors of a fall that nine steady bodies in ten stay within: two figures meet, each with its chance."""


@dataclass(frozen=True)
class Guard:
    """A counter-measure beside a series: matrices [n, T] on its columns. applies (n,) : who has it at all."""

    counter: Counter
    direction: int
    value: np.ndarray
    se: np.ndarray
    applies: np.ndarray


@dataclass(frozen=True)
class Levels:
    """panel [n, T] : figures up to the base period.   quality [n, T], turned so that up is good, in the unit of the
    guard that the body has.   slack (n,) : fall of quality that chance explains.   held : `sustained`, NaN without."""

    panel: np.ndarray
    quality: np.ndarray
    slack: np.ndarray
    held: Sustained


def guards_of(pack: Pack, series: Mapping[str, Series], own: Series, item: TargetItem) -> tuple[Guard, ...]:
    """The counter-measures of an item, each period beside the one that ends nearest to it."""
    out = []
    for counter in item.counter_measures:
        found = series.get(counter.indicator)
        direction = DIRECTION[pack.indicator(counter.indicator).polarity]
        if found is None:
            empty = np.full(own.value.shape, np.nan)
            out.append(Guard(counter, direction, empty, empty, np.zeros(len(empty), dtype=bool)))
            continue
        columns = np.array(found.beside(own.periods))
        value, se = (np.where(columns >= 0, matrix[:, columns], np.nan) for matrix in (found.value, found.se))
        out.append(Guard(counter, direction, value, se, ~np.isnan(found.value).all(axis=1)))
    return tuple(out)


def levels(policy: TargetPolicy, own: Series, guards: tuple[Guard, ...], base: int, direction: int) -> Levels:
    """What every body is shown to have held up to column `base`, by the first guard that it has."""
    quality, slack = np.full(own.value.shape, np.nan), np.zeros(len(own.value))
    for guard in reversed(guards):
        quality[guard.applies] = guard.direction * guard.value[guard.applies]
        spread = STEADY * guard.se[:, : base + 1]
        known = ~np.isnan(spread).all(axis=1)
        typical = np.zeros(len(spread))
        typical[known] = np.nanmedian(spread[known], axis=1)
        slack[guard.applies] = typical[guard.applies]
    panel, quality = own.value[:, : base + 1], quality[:, : base + 1]
    years = min(own.points(policy.sustained_years), base + 1)
    return Levels(panel, quality, slack, sustained(panel, quality, direction, years, tolerance=slack))
