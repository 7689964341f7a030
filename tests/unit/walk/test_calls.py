"""What is said of a target: nothing too early, met only beyond chance and with no guard worse."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.methods.target_budget import Joint
from pipelines.packs.schema_policy import Counter
from pipelines.walk.calls import Goal, against_path, say, tail, watched
from pipelines.walk.series import Series
from pipelines.walk.target_levels import Guard

HELD, WORSE = Joint(True, 0.01, "met"), Joint(False, 0.5, "a counter-measure may have worsened")


def series(*values: float, se: float = 1.0, status: str = "ok") -> Series:
    """One body's yearly series from 2016 on."""
    y = np.array([values], dtype=np.float64)
    years = tuple(str(2016 + n) for n in range(len(values)))
    spread = np.full(y.shape, se)
    return Series(
        "i", "calendar_year", 1, years, np.full(y.shape, status, dtype="U16"), (), y, spread, y, y, y, y, y, y
    )


def goal(base: int, last: int, left: int, level: float = 90.0, path: dict[str, float] | None = None) -> Goal:
    return Goal(0, -1, base, last, left, level, path or {})


def test_no_figure_after_the_start_is_no_call():
    said = say(series(100, 99, 98), goal(2, 2, 3), None, HELD)
    assert (said.call, said.reason) == ("too early to say", "no figure after 2018 yet")


def test_fewer_than_six_points_are_no_call():
    said = say(series(100, np.nan, 98, 97), goal(2, 3, 2), None, HELD)
    assert (said.call, said.reason) == ("too early to say", "2 points follow on one another; a chance needs 6")


@pytest.mark.parametrize(
    ("newest", "guard", "call"),
    [
        (88.0, HELD, "met"),  # two standard errors better than 90: chance 0.98
        (88.0, WORSE, "uncertain"),
        (90.0, HELD, "uncertain"),  # exactly there: 0.5
        (91.0, HELD, "off track"),  # one standard error worse: 0.16
    ],
)
def test_once_due_it_is_met_only_beyond_chance_and_with_no_guard_worse(newest, guard, call):
    assert say(series(100, 95, newest), goal(0, 2, 0), None, guard).call == call


def test_a_series_begins_after_its_last_gap_or_break():
    gap = series(100, np.nan, 98, 97, 96)
    assert tail(gap, 0, 4).tolist() == [98, 97, 96]
    broken = series(100, 99, 98, 97, 96)
    broken.status[0, 2] = "break"
    assert tail(broken, 0, 4).tolist() == [98, 97, 96]


def test_a_path_is_read_with_its_allowance():
    # 80 % allowance of 1.28 sqrt(2) se: 1.81 about a path of 97.
    path = {"2018": 97.0}
    for value, words in ((95.0, "better"), (96.0, "within"), (98.5, "within"), (99.0, "worse")):
        assert against_path(series(100, 99, value), goal(1, 2, 2, path=path)) == words
    assert against_path(series(100, 99, 98), goal(2, 2, 2, path=path)) is None


def test_a_guard_is_held_to_its_tolerance():
    # It fell by 2 with a standard error of 0.5 each: (2 - 1) / sqrt(0.5) = 1.414 beyond a tolerance of 1.
    # A steady one is 1.414 inside it: chance 0.079, below the 0.2 at which it would count as worse.
    value, se = np.array([[80.0, 80.0, 78.0]]), np.full((1, 3), 0.5)
    guard = Guard(Counter(indicator="q", family="quality", tolerance=1), 1, value, se, np.array([True]))
    found = watched((guard,), goal(1, 2, 1))
    assert (found.success, found.p_worse) == (False, pytest.approx(0.92135, abs=1e-5))
    steady = Guard(guard.counter, 1, np.array([[80.0, 80.0, 80.0]]), se, guard.applies)
    kept = watched((steady,), goal(1, 2, 1))
    assert kept.success
    unknown = watched((Guard(guard.counter, 1, np.array([[80.0, 80.0, np.nan]]), se, guard.applies),), goal(1, 2, 1))
    assert np.isnan(unknown.p_worse)
