"""Menus: a body that forecasts its own cost honestly is paid most (methods.md M5.6).

Forecasts, costs and payoffs are points of the benchmark: 100 is the benchmark, a forecast x is points above 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats
from pipelines.methods.card import Method

LEAST_SHARE, MOST_SHARE = 0.1, 0.7

METHOD = Method(
    id="M5.6",
    version="1",
    title="Menus and truth-telling",
    formula="s(x) = s0 - kappa x; A(x) = A0 + omega x; I(x) = I0 + [kappa(A0 - 100) - omega s0]x + "
    "kappa(2 omega - 1)x^2/2; U(x, c) = s(x)(A(x) - c) + I(x), greatest at x = c - 100",
    defaults={"s0": 0.40, "kappa": 0.005, "omega": 0.25, "A0": 105.0, "I0": 2.5, "share": [LEAST_SHARE, MOST_SHARE]},
    edge_cases="a forecast outside the domain, where the share would leave [0.1, 0.7], counts as its end; an uncertain "
    "body does best with the mean of its cost; small bodies choose one of three options",
    source="Laffont & Tirole (1993); Crouch (2006); Ofgem information quality incentive",
)


@dataclass(frozen=True)
class Menu:
    """s0: share at the benchmark; kappa: share lost per point forecast; omega: allowance per point forecast;
    A0: allowance at the benchmark; I0: income at the benchmark (points)."""

    s0: float = 0.40
    kappa: float = 0.005
    omega: float = 0.25
    A0: float = 105.0
    I0: float = 2.5

    def __post_init__(self) -> None:
        if self.kappa <= 0:
            raise ValueError("kappa must be positive: with a share that does not fall, every forecast pays the same")
        if not LEAST_SHARE <= self.s0 <= MOST_SHARE:
            raise ValueError(f"s0 {self.s0} lies outside the shares allowed, {LEAST_SHARE} to {MOST_SHARE}")

    @property
    def domain(self) -> tuple[float, float]:
        """Forecasts at which the share stays within [0.1, 0.7]."""
        return (self.s0 - MOST_SHARE) / self.kappa, (self.s0 - LEAST_SHARE) / self.kappa


class TruthCheck(NamedTuple):
    """holds: no forecast of the grid beats the truth; gain: the most that any would add, in points (at most 0 in exact
    arithmetic); cost, forecast: where."""

    holds: bool
    gain: float
    cost: float
    forecast: float


class Options(NamedTuple):
    """forecast, share, allowance, income: [3], points; boundary [2]: costs at which the best choice changes;
    loss: the most that choosing among these can cost a body within half a step of one, against the full menu."""

    forecast: FloatArray
    share: FloatArray
    allowance: FloatArray
    income: FloatArray
    boundary: FloatArray
    loss: float


class MenuPayment(NamedTuple):
    """counted: forecasts after the clamp; points: payoff; payment_gbp: money, negative when the body pays."""

    counted: FloatArray
    points: FloatArray
    payment_gbp: FloatArray


def within_domain(menu: Menu, forecast: ArrayLike) -> FloatArray:
    """Forecasts moved in to the ends of the domain; clamping the share instead would break truth-telling."""
    return np.clip(floats(forecast, "forecast"), *menu.domain)


def sharing_rate(menu: Menu, forecast: ArrayLike) -> FloatArray:
    """Share of every point of saving that a body with this forecast keeps: fractions of 1."""
    return np.asarray(menu.s0 - menu.kappa * within_domain(menu, forecast))


def allowance(menu: Menu, forecast: ArrayLike) -> FloatArray:
    """Cost allowed for this forecast, in points."""
    return np.asarray(menu.A0 + menu.omega * within_domain(menu, forecast))


def additional_income(menu: Menu, forecast: ArrayLike) -> FloatArray:
    """Income beside the share, in points: the quadratic that makes the honest forecast the best one."""
    x = within_domain(menu, forecast)
    slope = menu.kappa * (menu.A0 - 100) - menu.omega * menu.s0
    return np.asarray(menu.I0 + slope * x + menu.kappa * (2 * menu.omega - 1) * x**2 / 2)


def payoff(menu: Menu, forecast: ArrayLike, cost: ArrayLike) -> FloatArray:
    """What a body earns that forecast x points above 100 and cost c points: s(x)(A(x) - c) + I(x); they broadcast."""
    actual = floats(cost, "cost")
    return np.asarray(
        sharing_rate(menu, forecast) * (allowance(menu, forecast) - actual) + additional_income(menu, forecast)
    )


def misreporting_loss(menu: Menu, forecast: ArrayLike, cost: ArrayLike) -> FloatArray:
    """Points lost by a forecast that is not the cost: kappa/2 times the squared distance, inside the domain."""
    actual = floats(cost, "cost")
    return np.asarray(payoff(menu, actual - 100, actual) - payoff(menu, forecast, actual))


def misreporting_words(menu: Menu, points: float) -> str:
    """The sentence of the screen for a forecast `points` too high (negative: too low)."""
    lost = menu.kappa * points**2 / 2
    side = "high" if points > 0 else "low"
    return f"Forecasting {abs(points):g} points too {side} would cost you {lost:.2f} points."


def truth_telling(menu: Menu, costs: ArrayLike, forecasts: ArrayLike) -> TruthCheck:
    """Whether the truth is the best forecast at every cost of a grid; the worst case says where it is not.

    costs (c,) in points, forecasts (f,) in points above 100. A gain below 1e-9 points is rounding.
    """
    actual, stated = floats(costs, "costs"), floats(forecasts, "forecasts")
    gain = -misreporting_loss(menu, stated[None, :], actual[:, None])
    row, column = np.unravel_index(int(np.argmax(gain)), gain.shape)
    worst = float(gain[row, column])
    return TruthCheck(worst < 1e-9, worst, float(actual[row]), float(stated[column]))


def three_options(menu: Menu, forecasts: ArrayLike = (0.0, 20.0, 40.0)) -> Options:
    """The menu of a small body: three forecasts to choose from.

    The best of them is the one nearest to the truth (the loss is quadratic), so choices change halfway.
    Raises ValueError unless there are three, ascending and inside the domain.
    """
    x = floats(forecasts, "forecasts")
    if x.shape != (3,) or (np.diff(x) <= 0).any() or (within_domain(menu, x) != x).any():
        raise ValueError(f"three ascending forecasts within {menu.domain[0]:g} to {menu.domain[1]:g} are needed")
    widest = float(np.diff(x).max()) / 2
    return Options(
        x,
        sharing_rate(menu, x),
        allowance(menu, x),
        additional_income(menu, x),
        100 + (x[1:] + x[:-1]) / 2,
        menu.kappa * widest**2 / 2,
    )


def choose(options: Options, cost: ArrayLike) -> IntArray:
    """Which option (0, 1, 2) pays a body of this cost most; on a boundary, where two pay the same, the lower one."""
    return np.searchsorted(options.boundary, floats(cost, "cost"), side="left")


def menu_payment(
    menu: Menu, forecast: ArrayLike, cost_gbp: ArrayLike, benchmark_gbp: ArrayLike, gate: ArrayLike = True
) -> MenuPayment:
    """Money from a menu: the payoff in points, over 100, times the benchmark in pounds; replaces the rule of M5.3.

    A failed quality gate zeroes a positive payoff and leaves a negative one. Raises ValueError on a benchmark of 0 or
    less.
    """
    benchmark, passed = floats(benchmark_gbp, "benchmark_gbp"), np.asarray(gate, dtype=np.bool_)
    if (benchmark <= 0).any():
        raise ValueError("a benchmark is 0 or less; a menu needs a benchmark in pounds")
    earned = payoff(menu, forecast, 100 * floats(cost_gbp, "cost_gbp") / benchmark)
    points = np.where(_withheld(earned, passed), 0.0, earned)
    return MenuPayment(within_domain(menu, forecast), points, points / 100 * benchmark)


def _withheld(points: FloatArray, passed: BoolArray) -> BoolArray:
    return np.asarray((points > 0) & ~passed)
