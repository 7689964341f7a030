"""What can be said of one target today: against its path, ahead to its date, and of its counter-measures (M4.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from pipelines.methods.forecast import CALLS, NEEDED, Forecast, call, forecast
from pipelines.methods.forecast_scale import limits_of, natural, unpassed
from pipelines.methods.glide import standing
from pipelines.methods.target_budget import Joint, joint_success
from pipelines.packs.schema import Indicator
from pipelines.walk.series import Series
from pipelines.walk.target_levels import Guard

ON_PATH = {"ahead": "better", "on path": "within", "behind": "worse", "": None}


class Goal(NamedTuple):
    """One target to track.   base, last : columns of the base period and the newest figure.   left : points from there
    to the due period.   level : from which it counts as met.   path : level by period."""

    row: int
    direction: int
    base: int
    last: int
    left: int
    level: float
    path: Mapping[str, float]


class Said(NamedTuple):
    """The call with its chance of being met, and the reason where there is none or it is held back."""

    call: str
    p_hit: float
    reason: str | None


def tail(series: Series, row: int, last: int) -> np.ndarray:
    """The figures up to column `last` that follow on one another: after the last gap, from the last break on."""
    y, start = series.value[row], last
    while start > 0 and not np.isnan(y[start - 1]) and series.status[row, start] != "break":
        start -= 1
    return np.asarray(y[start : last + 1])


def ahead(series: Series, indicator: Indicator, goal: Goal) -> Forecast | None:
    """The forecast to the due period; None when that has come or nothing can be compared."""
    figures = tail(series, goal.row, goal.last)
    if goal.left < 1 or figures.size < 2:
        return None
    limits = limits_of(indicator.format, indicator.unit, indicator.multiplier)
    scale, bounds = natural(limits, np.append(figures, goal.level))
    within = unpassed(limits, figures)
    return forecast(figures, goal.level, goal.left, goal.direction, scale=scale, bounds=bounds, within=within)


def against_path(series: Series, goal: Goal) -> str | None:
    """better, within or worse than the path with its allowance for chance; None before the first figure after base."""
    level = goal.path.get(series.periods[goal.last])
    if level is None or goal.last <= goal.base:
        return None
    y, se = series.value[goal.row, goal.last], series.se[goal.row, goal.last]
    return ON_PATH[str(standing([y], [level], [se], goal.direction)[0])]


def watched(guards: tuple[Guard, ...], goal: Goal) -> Joint:
    """Whether the counter-measures that the body has are likely no worse than in the base period."""
    change, error, slack, directions = [], [], [], []
    for guard in guards:
        if not guard.applies[goal.row]:
            continue
        value, se = guard.value[goal.row], guard.se[goal.row]
        later = [at for at in range(goal.base + 1, goal.last + 1) if not np.isnan(value[at])]
        newest = later[-1] if later else goal.base
        change.append(value[newest] - value[goal.base] if later else np.nan)
        spread = float(np.hypot(se[newest], se[goal.base]))
        error.append(spread if spread > 0 else np.nan)
        slack.append(guard.counter.tolerance)
        directions.append(guard.direction)
    return joint_success(True, change, error, slack, directions)


def say(series: Series, goal: Goal, found: Forecast | None, guard: Joint) -> Said:
    """The call on a target: never before a figure has followed its start, never by fewer than six points."""
    base = series.periods[goal.base]
    p_hit = found.p_hit if found else np.nan
    if goal.last <= goal.base:
        return Said(CALLS[3], p_hit, f"no figure after {base} yet")
    if goal.left < 1:
        return came_due(series, goal, guard)
    if np.isnan(p_hit):
        n = tail(series, goal.row, goal.last).size
        return Said(CALLS[3], p_hit, f"{n} points follow on one another; a chance needs {NEEDED}")
    return Said(call(p_hit), p_hit, None)


def came_due(series: Series, goal: Goal, guard: Joint) -> Said:
    """The call once the due period is in: met only when chance is unlikely to explain it and no guard worsened."""
    y, se = float(series.value[goal.row, goal.last]), float(series.se[goal.row, goal.last])
    away = goal.direction * (y - goal.level)
    p = float(ndtr(away / se)) if se > 0 else float(away >= 0)
    called = call(p)
    if called != CALLS[0]:
        return Said(called, p, None)
    return Said("met", p, None) if guard.success else Said(CALLS[1], p, guard.reason)
