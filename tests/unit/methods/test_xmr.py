"""Control charts agree with a reference written from the published definitions, and say when they cannot judge."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.xmr import Rebase, expected_signals, xmr
from pipelines.methods.xmr_limits import assurance, limits, residuals
from pipelines.methods.xmr_rules import FALSE_RATES, PRIORITY, labels, marks

BASE = [52.0, 50, 54, 51, 49, 53, 52, 50, 55, 51, 50, 52]


def published(values, count):
    """Mean, mean moving range after screening and limits, as Making Data Count writes them; plain lists."""
    base = values[:count]
    mean = sum(base) / len(base)
    moves = [abs(base[i] - base[i - 1]) for i in range(1, len(base))]
    average = sum(moves) / len(moves)
    moves = [move for move in moves if not move > 3.267 * average]
    average = sum(moves) / len(moves)
    return mean, average, mean - 2.66 * average, mean + 2.66 * average


def reference(values, count):
    """The label of each point by going through every window that the published rules name."""
    mean, average, low, high = published(values, count)
    near_low, near_high = mean - 2 / 3 * 2.66 * average, mean + 2 / 3 * 2.66 * average
    n = len(values)
    told = {name: set() for name in PRIORITY}
    for i in range(n):
        if values[i] > high or values[i] < low:
            told["outside"].add(i)
    for i in range(n - 6):
        seven = values[i : i + 7]
        if all(v > mean for v in seven) or all(v < mean for v in seven):
            told["shift"] |= set(range(i, i + 7))
        moves = [seven[k + 1] - seven[k] for k in range(6)]
        if all(m > 0 for m in moves) or all(m < 0 for m in moves):
            told["trend"] |= set(range(i, i + 7))
    for i in range(n - 2):
        for inside, beyond in (
            (lambda v: v > mean, lambda v: near_high < v <= high),
            (lambda v: v < mean, lambda v: low <= v < near_low),
        ):
            three = range(i, i + 3)
            hits = [k for k in three if beyond(values[k])]
            if all(inside(values[k]) for k in three) and len(hits) >= 2:
                told["two_of_three"] |= set(hits)
    first = ["outside", "trend", "two_of_three", "shift"]
    return told, [next((name for name in first if i in told[name]), "") for i in range(n)]


def eventful(seed):
    """A series in which every rule finds something sooner or later; half of them on a grid, so that ties occur."""
    rng = np.random.default_rng(seed)
    y = rng.normal(50, 2, 40) + np.where(np.arange(40) > 25, rng.normal(0, 3), 0)
    start = rng.integers(12, 30)
    y[start : start + 8] = np.sort(y[start : start + 8])[:: rng.choice([-1, 1])]
    return np.round(y) if seed % 2 else y


@pytest.mark.parametrize("part", range(4))
def test_every_rule_agrees_with_the_published_definitions(part):
    seen = set()
    for seed in range(100 * part, 100 * part + 100):
        y = eventful(seed)
        chart = xmr(y, direction=1, baseline=12, widen_above=np.inf)
        told, label = reference(y.tolist(), 12)
        assert_allclose(
            [chart.phases[0].limits.mean, chart.phases[0].limits.mr, chart.lines.lower[0], chart.lines.upper[0]],
            published(y.tolist(), 12),
        )
        assert chart.label.tolist() == label
        for name, found in zip(PRIORITY, chart.marks, strict=True):
            assert set(np.flatnonzero(found)) == told[name], name
        seen |= set(label)
    assert seen == {"", *PRIORITY}


def test_a_point_on_the_mean_breaks_a_run():
    flat = np.zeros(8)
    up = np.array([1.0, 1, 1, 0, 1, 1, 1, 1])
    assert not marks(up, flat, flat + 9).shift.any()
    assert marks(np.ones(7), np.zeros(7), np.full(7, 9.0)).shift.tolist() == [1] * 7


def test_trend_needs_six_differences_and_its_length_is_a_choice():
    y = np.array([1.0, 2, 3, 4, 5, 6, 6, 7])
    assert not marks(y, np.zeros(8), np.full(8, 99.0), shift_n=9).trend.any()
    assert marks(y, np.zeros(8), np.full(8, 99.0), trend_n=6).trend.tolist() == [1] * 6 + [0, 0]


def test_an_absent_point_breaks_runs_and_is_never_labelled():
    y = np.append(BASE, [48, 47, 48, np.nan, 48, 47, 48, 47.0])
    chart = xmr(y, direction=-1, baseline=12)
    assert not chart.label.any()
    assert np.isnan(chart.mr[[15, 16]]).all()


def test_priority():
    y = np.append(BASE, [60.0] * 7)
    chart = xmr(y, direction=1, baseline=12)
    assert chart.marks.shift[-1] == 1
    assert chart.label[-1] == "outside"
    label, way = labels(chart.marks)
    assert (label[-1], way[-1], chart.variation) == ("outside", 1, "improving")


def test_a_falling_trend_improves_a_cost_even_above_the_mean():
    chart = xmr([*BASE, 58, 57, 56, 55, 54, 53, 52.5], direction=-1, baseline=12)
    assert (chart.label[-1], chart.variation) == ("trend", "improving")
    assert xmr([*BASE, 70], direction=0, baseline=12).variation == "special cause"
    assert xmr([*BASE, 70], direction=-1, baseline=12).variation == "concerning"


def test_refusals_come_with_a_reason_and_the_same_shape():
    chart = xmr(BASE[:7], direction=-1)
    assert chart.refused.startswith("7 points")
    assert chart.lines.mean.shape == (7,)
    assert not chart.label.any() and chart.variation == ""
    assert "never moves" in xmr([5.0] * 9, direction=-1).refused
    assert "gaps" in xmr([5, np.nan] * 9, direction=-1).refused
    assert xmr([], direction=-1).refused.startswith("0 points")


def test_yearly_series_of_eight_are_provisional():
    chart = xmr(BASE[:8], direction=-1)
    assert not chart.refused
    assert "provisional" in chart.notes[0]


def test_moving_ranges_are_screened_once():
    y = [10.0, 11, 10, 11, 10, 11, 10, 30, 10, 11, 10, 11]
    # Ranges: nine of 1 and two of 20: mean 49/11 = 4.45; 20 is beyond 14.55, so 1 is left. The mean keeps the 30.
    found = limits(y)
    assert (found.mr, found.mean) == (1, sum(y) / 12)


@pytest.mark.parametrize(
    ("target", "direction", "words"),
    [
        (40, -1, "consistently fails"),
        (60, -1, "consistently passes"),
        (50, -1, "hit or miss"),
        (40, 1, "consistently passes"),
        (60, 1, "consistently fails"),
        (60, 0, ""),
        (np.nan, 1, ""),
    ],
)
def test_assurance(target, direction, words):
    assert assurance(45, 58, target, direction) == words


def test_phases_are_shown_and_rules_stop_at_a_rebase():
    after = [46.0, 47, 45, 46, 48, 45, 47, 46, 47]
    chart = xmr([*BASE, *after], direction=-1, rebases=[Rebase(12, "the board", "a new triage desk")])
    assert [(phase.first, phase.last, phase.why) for phase in chart.phases] == [
        (0, 11, ""),
        (12, 20, "a new triage desk"),
    ]
    assert_allclose(chart.lines.mean[[0, 20]], [np.mean(BASE), np.mean(after)])
    assert not chart.label.any()  # judged by its own limits the new level is common cause
    waits = xmr([*BASE, *BASE], direction=-1, baseline=12, rebases=[Rebase(12, "the board", "hope")])
    assert "one side" in waits.notes[0]
    assert len(waits.phases) == 1
    with pytest.raises(ValueError, match="known cause"):
        xmr(BASE, direction=-1, rebases=[Rebase(8, "the board", "")])


def test_autocorrelation_widens_by_its_factor():
    y = np.repeat([10.0, 12, 14, 12, 10, 8], 3) + np.tile([0, 0.1, -0.1], 6)
    found = limits(y)
    away = y - y.mean()
    r = (away[1:] @ away[:-1]) / (away @ away)
    assert r > 0.3
    assert_allclose(found.widened, np.sqrt((1 + r) / (1 - r)))
    assert_allclose(found.upper - found.mean, 2.66 * found.mr * found.widened)
    assert limits(y, widen_above=np.inf).widened == 1
    assert_allclose(residuals(y)[1:], away[1:] - r * away[:-1])


def test_limits_are_drawn_no_further_than_a_figure_can_lie_and_judge_as_before():
    share = [95.0, 88, 97, 90, 96, 89, 98, 91, 97, 20]
    free, cut = (xmr(share, direction=1, baseline=9, within=ends) for ends in ((-np.inf, np.inf), (0, 100)))
    assert free.lines.upper[0] > 100 and set(cut.lines.upper) == {100.0}
    assert_allclose(cut.lines.lower, free.lines.lower)
    assert list(cut.label) == list(free.label) and cut.label[-1] == "outside"
    assert (cut.variation, cut.assurance) == (free.variation, free.assurance)


def test_expected_signals():
    assert expected_signals(50) == 50 * FALSE_RATES["any"]


def test_unit_and_mirror():
    y = eventful(7)
    one, scaled, mirrored = xmr(y, direction=1), xmr(y * 1000 + 5, direction=1), xmr(-y, direction=-1)
    assert_array_equal(one.label, scaled.label)
    assert_array_equal(one.label, mirrored.label)
    assert one.variation == mirrored.variation
