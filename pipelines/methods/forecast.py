"""Where a series is heading, how likely it meets its target, and whether that can be said yet (methods.md M4.12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats, over
from pipelines.methods.card import Method
from pipelines.methods.forecast_models import MODELS, Predicted, admitted, cdf, crps, meets
from pipelines.methods.forecast_scale import Scale, scale_of
from pipelines.methods.sustained import sign

NEEDED, WEIGHED_FROM, FIRST_ORIGIN, ORIGINS = 6, 12, 8, 12
FAN = (0.10, 0.25, 0.50, 0.75, 0.90)
ON_TRACK, OFF_TRACK = 0.66, 0.33
REACH = 10
# Pooled chances spread wider than their members. With weights 1/CRPS the 80 % fan held 89 to 94 % of figures averaged
# over five kinds of series (perf/tracking.py); the sixth power, which leans on the better model, holds 81 to 86 %.
SHARPNESS = 6
CALLS = ("on track", "uncertain", "off track", "too early to say")
VERBAL = ((0.10, "very unlikely"), (0.33, "unlikely"), (0.66, "about as likely as not"), (0.90, "likely"))

METHOD = Method(
    id="M4.12",
    version="2",
    title="Forecast to the target date",
    formula="P = sum w P(model meets T*); line, random walk with drift, damped Holt from 16 points, no change from 12; "
    "w proportional to 1/CRPS^6 at rolling origins from 12 points, equal before",
    defaults={
        "needed": NEEDED,
        "weighed_from": WEIGHED_FROM,
        "first_origin": FIRST_ORIGIN,
        "origins": ORIGINS,
        "sharpness": SHARPNESS,
        "on_track": ON_TRACK,
        "off_track": OFF_TRACK,
        "fan": FAN,
        "scale": "level",
    },
    edge_cases="Under 6 points: too early to say, pace only. After a structural break only what follows it counts. "
    "Bounded measures are forecast as logs or logits; a fan is cut where no figure can lie.",
    source="Hyndman & Athanasopoulos (2021); Jordan, Krueger & Lerch (2019) for the score; methods.md M4.12",
)


class Pace(NamedTuple):
    """Improvement a period: required from the last figure on, achieved on average so far, and required/achieved (NaN
    unless something was achieved); positive is better."""

    required: float
    achieved: float
    ratio: float


class Model(NamedTuple):
    """One member: its weight (0: drawn as a reference only), chance of hitting, and median (H,)."""

    weight: float
    p_hit: float
    centre: FloatArray


@dataclass(frozen=True)
class Forecast:
    """call: on track, uncertain, off track, or too early to say.   p_hit: at the target date, NaN when too early.
    fan (H, 5): 10, 25, 50, 75 and 90 %, in the unit of y.   pace.   reached: periods until the median meets the
    target, NaN if not within ten horizons.   models: by name.   used: points that count."""

    call: str
    p_hit: float
    fan: FloatArray
    pace: Pace
    reached: float
    models: dict[str, Model]
    used: int


def forecast(
    y: ArrayLike,
    target: float,
    horizon: int,
    direction: int,
    *,
    scale: str = "level",
    bounds: tuple[float, float] = (0.0, 1.0),
    break_at: int = 0,
    within: tuple[float, float] = (-np.inf, np.inf),
) -> Forecast:
    """The fan to the target date, the chance of hitting, the pace, and one call.

    y : (T,) evenly spaced, in order; NaN only before the first figure.   target : in the unit of y.
    horizon : periods to the target date, 1 or more.   direction : +1 or -1.
    scale : `level`, `log` (above 0) or `logit` (within `bounds`).   break_at : first point after a structural break.
    within : what no figure can pass; the fan is cut there, the chance is not touched.
    Raises ValueError on gaps, another scale or direction, or figures outside what the scale allows.
    """
    series = _series(y, break_at)
    sign(direction)
    if horizon < 1:
        raise ValueError("a forecast needs at least one period to the target date")
    pace = _pace(series, target, horizon, direction)
    if series.size < NEEDED:
        return Forecast(CALLS[3], np.nan, np.full((horizon, len(FAN)), np.nan), pace, np.nan, {}, series.size)
    turn = scale_of(scale, bounds, series)
    z, goal = turn.to(series), float(turn.to(np.array([target]))[0])
    names = admitted(z.size)
    weights = dict(zip(names, weigh(z, horizon, names), strict=True))
    ahead = {name: MODELS[name](z, REACH * horizon) for name in dict.fromkeys((*names, "no change"))}
    models = {name: _member(name, ahead[name], weights, goal, horizon, direction, turn) for name in ahead}
    mixed = [(weights[name], ahead[name]) for name in names]
    p_hit = float(sum(models[name].p_hit * weights[name] for name in names))
    fan = turn.back(mixture_quantiles([(w, _cut(m, horizon)) for w, m in mixed], FAN))
    return Forecast(
        call(p_hit), p_hit, np.clip(fan, *within), pace, _reached(mixed, goal, direction), models, series.size
    )


def call(p_hit: float) -> str:
    """on track from 0.66, off track under 0.33, uncertain between; too early to say without a probability."""
    if np.isnan(p_hit):
        return CALLS[3]
    return CALLS[0] if p_hit >= ON_TRACK else CALLS[2] if p_hit < OFF_TRACK else CALLS[1]


def verbal(p: float) -> str:
    """A probability in words: very unlikely, unlikely, about as likely as not, likely, very likely (methods.md 0.5)."""
    return next((words for least, words in VERBAL if p < least), "very likely" if p > VERBAL[-1][0] else VERBAL[-1][1])


def weigh(z: FloatArray, horizon: int, names: tuple[str, ...]) -> FloatArray:
    """Weights of the models, summing to 1: equal under 12 points, then by 1/CRPS^6 of its past forecasts.

    Origins: the last 12 that leave 8 points before and one after; every lead up to the horizon counts alike.
    """
    if z.size < WEIGHED_FROM:
        return np.full(len(names), 1 / len(names))
    score = np.array([_past_score(z, horizon, name) for name in names])
    if score.min() == 0:
        return np.asarray((score == 0) / (score == 0).sum())
    inverse = (score.min() / score) ** SHARPNESS
    return np.asarray(inverse / inverse.sum())


def mixture_quantiles(members: list[tuple[float, Predicted]], shares: tuple[float, ...]) -> FloatArray:
    """(H, len(shares)) quantiles of a mixture of Student-t distributions, by bisection."""
    lows, highs = zip(*((m.centre - 200 * m.scale, m.centre + 200 * m.scale) for _, m in members), strict=True)
    shape = (len(shares), members[0][1].centre.size)
    low, high = (np.broadcast_to(end, shape) for end in (np.min(lows, axis=0), np.max(highs, axis=0)))
    for _ in range(50):  # to a thousand-billionth of the span
        middle = (low + high) / 2
        below = sum(w * cdf(m, middle) for w, m in members) < np.array(shares)[:, None]
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(((low + high) / 2).T)


def _series(y: ArrayLike, break_at: int) -> FloatArray:
    """The figures that count. Raises ValueError on a gap among them."""
    figures = floats(y, "y")[break_at:]
    known = np.flatnonzero(~np.isnan(figures))
    series = figures[known[0] :] if known.size else figures[:0]
    if np.isnan(series).any():
        raise ValueError("a forecast needs a series without gaps; begin after the gap with break_at")
    return series


def _pace(series: FloatArray, target: float, horizon: int, direction: int) -> Pace:
    if series.size < 2:
        return Pace(direction * (target - series[-1]) / horizon if series.size else np.nan, np.nan, np.nan)
    required = direction * (target - series[-1]) / horizon
    achieved = direction * (series[-1] - series[0]) / (series.size - 1)
    return Pace(float(required), float(achieved), float(over(required, achieved)) if achieved > 0 else np.nan)


def _past_score(z: FloatArray, horizon: int, name: str) -> float:
    """Mean CRPS over the last origins and their leads."""
    scores = []
    for origin in range(max(FIRST_ORIGIN, z.size - ORIGINS), z.size):
        seen = z[origin : origin + horizon]
        scores.append(crps(MODELS[name](z[:origin], seen.size), seen))
    return float(np.concatenate(scores).mean())


def _member(
    name: str, found: Predicted, weights: dict[str, float], goal: float, horizon: int, direction: int, turn: Scale
) -> Model:
    chance = float(meets(found, np.array(goal), direction)[horizon - 1])
    return Model(weights.get(name, 0.0), chance, turn.back(found.centre[:horizon]))


def _cut(found: Predicted, horizon: int) -> Predicted:
    return Predicted(found.centre[:horizon], found.scale[:horizon], found.df)


def _reached(members: list[tuple[float, Predicted]], goal: float, direction: int) -> float:
    """First period in which the target is as likely met as not."""
    chance = sum(w * meets(m, np.array(goal), direction) for w, m in members)
    met = np.flatnonzero(np.asarray(chance) >= 0.5)
    return float(met[0] + 1) if met.size else np.nan
