"""Every gaming screen on data that nobody touched: how often it asks all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from pipelines.methods import bunching, digits, divergence
from pipelines.methods.screens import Screen


class Null(NamedTuple):
    """nominal: the rate that the screen promises on data as it assumes them, NaN where the data break an assumption."""

    name: str
    nominal: float
    run: Callable[[np.random.Generator], Screen]


def walk(rng: np.random.Generator, periods: int, sd: float) -> np.ndarray:
    return np.exp(np.cumsum(rng.normal(0, sd, periods)))


def autocorrelated(rng: np.random.Generator, periods: int, r: float) -> np.ndarray:
    series = rng.normal(size=periods)
    for period in range(1, periods):
        series[period] += r * series[period - 1]
    return series


def binomial(rng: np.random.Generator) -> Screen:
    good = int(rng.binomial(60, 0.5))
    return bunching.local_binomial(good, 60 - good)


def just_in_time(rng: np.random.Generator) -> Screen:
    events = int(rng.binomial(150, 0.2)), int(rng.binomial(600, 0.2))
    return bunching.just_in_time(events, (150, 600))


def excess(rng: np.random.Generator, means: np.ndarray) -> Screen:
    found = bunching.excess_mass(rng.poisson(means), means.size // 2, replicates=200, seed=int(rng.integers(1 << 30)))
    return bunching.ask_excess(found)


def density(values: np.ndarray, threshold: float) -> Screen:
    return bunching.ask_density(bunching.density_jump(values, threshold), "above")


def counts(rng: np.random.Generator, screen: Callable[..., Screen]) -> Screen:
    return screen(rng.poisson(60, 24), np.sqrt(60))


def denominators(rng: np.random.Generator, denominator: np.ndarray) -> Screen:
    numerator = 800 * np.exp(rng.normal(0, 0.02, denominator.size))
    return divergence.shrinking_denominator(numerator, 1000 * denominator, rng.normal(0, 0.02, 10))


BASE = np.arange(10) >= 7
GROWTH = np.exp(0.01 * np.arange(10))
BUMP = 40 * np.exp(-(((np.arange(40) - 18) / 12) ** 2))

NULLS = (
    Null("local binomial", 0.05, binomial),
    Null("just in time", 0.05, just_in_time),
    Null("density jump, normal", 0.05, lambda rng: density(rng.normal(size=400), 0.3)),
    Null("density jump, gamma", 0.05, lambda rng: density(rng.gamma(3, 1, 400), 2.0)),
    Null("density jump, uniform", 0.05, lambda rng: density(rng.uniform(size=400), 0.5)),
    Null("excess mass, 14 bins", 0.05, lambda rng: excess(rng, np.linspace(60, 20, 14))),
    Null("excess mass, 40 bins", 0.05, lambda rng: excess(rng, np.linspace(60, 20, 40))),
    Null("excess mass, a bump that no polynomial fits", np.nan, lambda rng: excess(rng, BUMP)),
    Null("last digits", 0.05, lambda rng: digits.terminal_digits(np.bincount(rng.integers(0, 10, 300), minlength=10))),
    Null("heaping", 0.05, lambda rng: digits.heaping(np.bincount(rng.integers(0, 10, 300), minlength=10))),
    Null("repeats, Poisson 60", 0.05, lambda rng: counts(rng, digits.repeats)),
    Null("too smooth, Poisson 60", 0.05, lambda rng: counts(rng, digits.too_smooth)),
    Null("denominator, steady", 0.05, lambda rng: denominators(rng, np.exp(rng.normal(0, 0.02, 9)))),
    Null("denominator, wandering", 0.05, lambda rng: denominators(rng, walk(rng, 9, 0.02))),
    Null("quality, steady", 0.05, lambda rng: divergence.quality_divergence(*rng.normal(size=(2, 12)))),
    Null(
        "quality, wandering", 0.05, lambda rng: divergence.quality_divergence(*rng.normal(size=(2, 12)).cumsum(axis=1))
    ),
    Null("category move", 0.05, lambda rng: divergence.category_move(rng.poisson(200, 2), rng.poisson(150, 2))),
    Null("base years", 0.05, lambda rng: divergence.base_year_spike(GROWTH * np.exp(rng.normal(0, 0.03, 10)), BASE)),
    Null("base years, wandering spend", np.nan, lambda rng: divergence.base_year_spike(walk(rng, 10, 0.03), BASE)),
    Null("break at start", 0.05, lambda rng: divergence.start_break(rng.normal(size=24), 12)),
    Null(
        "break at start, autocorrelated", np.nan, lambda rng: divergence.start_break(autocorrelated(rng, 24, 0.5), 12)
    ),
)


def false_positives(null: Null, times: int, seed: int = 0) -> float:
    """Share of runs on untouched data in which the screen asks."""
    rng = np.random.default_rng([seed, sum(map(ord, null.name))])
    return float(np.mean([null.run(rng).flag for _ in range(times)]))
