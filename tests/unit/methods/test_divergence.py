"""Each pattern is asked about when it was put there, and not when peers, quality or the total explain it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.divergence import (
    base_year_spike,
    category_move,
    log_change,
    quality_divergence,
    shrinking_denominator,
    start_break,
)
from pipelines.methods.screens import asked

DENOMINATOR = np.array([1000, 1010, 995, 1005, 990, 1000, 930.0])  # changes within 2 %, then -7 %
NUMERATOR = np.array([820, 815, 822, 818, 821, 820, 810.0])


def test_parts_add_up_to_the_change():
    found = log_change([820, 810], [1000, 930])
    assert found.numerator + found.denominator == pytest.approx(found.change)
    with pytest.raises(ValueError, match="above 0"):
        log_change([1, 2], [0, 1])


def test_a_denominator_that_shrank_alone_is_asked_about():
    found = shrinking_denominator(NUMERATOR, DENOMINATOR, [0.0, 0.01, -0.01])
    assert found.flag
    assert "The ratio went from 0.82 to 0.871; 120% of this came from the denominator, which changed by -7.0%" in (
        found.question
    )


def test_not_when_the_peers_shrank_too_or_nothing_improved():
    assert not shrinking_denominator(NUMERATOR, DENOMINATOR, [-0.07, -0.08, -0.06]).flag
    assert not shrinking_denominator(0.9 ** np.arange(7) * NUMERATOR, DENOMINATOR, [0.0]).flag
    # Where lower is better the same figures are a worsening.
    assert not shrinking_denominator(NUMERATOR, DENOMINATOR, [0.0], direction=-1).flag
    assert shrinking_denominator(NUMERATOR, DENOMINATOR**-1.0, [0.0], direction=-1).flag
    assert not asked(shrinking_denominator(NUMERATOR[-4:], DENOMINATOR[-4:], [0.0]))


def test_output_that_quality_does_not_follow():
    output = np.array([100, 101, 100, 102, 101, 102, 110, 118.0])
    quality = np.array([50, 51, 50, 50, 51, 50, 49, 48.0])
    found = quality_divergence(output, quality)
    assert found.flag and found.statistic > 2
    # One period alone is not enough, nor output that quality follows.
    assert not quality_divergence(np.array([100, 101, 100, 102, 101, 102, 110, 110.0]), quality).flag
    assert not quality_divergence(output, (output - 100) / 2 + [0, 0.5, 0, -0.5, 0.5, 0, 0, 0]).flag
    assert not asked(quality_divergence(output[:5], quality[:5]))


def test_cases_that_moved_next_door():
    # Fall 80 of 600: z 3.27; rise 75 of 275: z 4.52; total -5 of 875.
    found = category_move([340, 260], [100, 175])
    assert found.flag
    assert found.statistic == pytest.approx(80 / np.sqrt(600))
    assert found.question.startswith("80 fewer cases are counted here and 75 more in the category beside it")
    assert not category_move([340, 260], [100, 105]).flag  # no rise beside it
    assert not category_move([340, 260], [100, 300]).flag  # the total rose: more than a move
    assert not asked(category_move([0, 0], [1, 2]))
    with pytest.raises(ValueError, match="negative"):
        category_move([-1, 2], [1, 2])


def test_dear_base_years():
    years = np.arange(10)
    wobble = 0.004 * np.array([1, -1, 1, 1, -1, -1, 1, -1, 1, -1])
    base = years >= 7
    plain = 100 * np.exp(0.02 * years + wobble)
    found = base_year_spike(plain * np.where(base, 1.06, 1.0), base)
    assert found.flag
    assert not base_year_spike(plain, base).flag
    assert not base_year_spike(plain * np.where(base, 0.94, 1.0), base).flag
    # Student's t of the dummy by ordinary least squares.
    design = np.column_stack([np.ones(10), years, base])
    target = np.log(plain * np.where(base, 1.06, 1.0))
    coefficients, rest = np.linalg.lstsq(design, target, rcond=None)[:2]
    se = np.sqrt(rest[0] / 7 * np.linalg.inv(design.T @ design)[2, 2])
    assert found.statistic == pytest.approx(coefficients[2] / se)
    assert not asked(base_year_spike(plain[:5], base[:5]))
    with pytest.raises(ValueError, match="above 0"):
        base_year_spike([0.0, 1, 2, 3, 4, 5, 6], base[:7])


def test_a_break_counts_only_at_the_start():
    noise = np.random.default_rng(8).normal(size=24)
    stepped = noise + 4 * (np.arange(24) >= 12)
    found = start_break(stepped, 12)
    assert found.flag and found.p < 0.01
    assert "at period 13, and the target started at period 13" in found.question
    assert start_break(stepped, 11).flag  # within a period
    assert not start_break(stepped, 6).flag
    assert not start_break(noise + np.arange(24.0), 12).flag  # a trend is no break
    assert not asked(start_break(stepped[:10], 5))


def test_the_f_of_a_shift_by_ordinary_least_squares():
    series = np.random.default_rng(9).normal(size=12)
    t, best = np.arange(12.0), []
    for date in range(3, 10):
        short = np.column_stack([np.ones(12), t])
        rss = [np.linalg.lstsq(X, series, rcond=None)[1][0] for X in (short, np.column_stack([short, t >= date]))]
        best.append((rss[0] - rss[1]) / (rss[1] / 9))
    assert_allclose(start_break(series, 6).statistic, max(best))
