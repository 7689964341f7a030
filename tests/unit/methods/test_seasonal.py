"""Seasons are not signals, and shares of few cases are not either."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.laney import laney, needs_laney
from pipelines.methods.seasonal import deseasonalised, seasonal_xmr, year_on_year

WAVE = 10 * np.sin(2 * np.pi * np.arange(60) / 12)


def noisy(seed, size, sd=1.0):
    return 100 + WAVE[:size] + np.random.default_rng(seed).normal(0, sd, size)


def test_the_season_comes_out_and_the_trend_stays():
    y = 100 + 0.5 * np.arange(36) + WAVE[:36]
    found = deseasonalised(y, 12)
    assert_allclose(found.effect, WAVE[:12], atol=1e-9)
    assert_allclose(found.y, 100 + 0.5 * np.arange(36))
    assert_allclose(found.widen, np.sqrt(4 / 2))  # three years


def test_later_points_do_not_inform_the_season():
    y = noisy(0, 48)
    changed = y.copy()
    changed[40:] += 50
    assert_allclose(deseasonalised(y, 12, 36).effect, deseasonalised(changed, 12, 36).effect)


def test_two_years_take_the_season_out_and_fewer_look_a_year_back():
    assert seasonal_xmr(noisy(1, 36), 12, direction=-1, baseline=24).kind == "deseasonalised"
    short = seasonal_xmr(noisy(1, 20), 12, direction=-1, target=90)
    assert (short.kind, short.refused, short.assurance) == ("year on year", "", "")
    assert "needs 20" in seasonal_xmr(noisy(1, 19), 12, direction=-1).refused
    assert seasonal_xmr(noisy(1, 16), 4, direction=-1).kind == "deseasonalised"  # quarters
    assert_allclose(year_on_year([1.0, 2, 3, 5], 2), [np.nan, np.nan, 2, 3])
    assert np.isnan(year_on_year([1.0], 12)).all()
    with pytest.raises(ValueError, match="at least 2 times"):
        deseasonalised(noisy(1, 20), 12)


def test_limits_lie_right_for_points_after_the_baseline():
    # 200 series of nothing but season and noise: about as many points outside as for a plain chart of 24.
    out = [
        (seasonal_xmr(noisy(seed, 48), 12, direction=1, baseline=24).marks.outside[24:] != 0).mean()
        for seed in range(200)
    ]
    assert 0.003 < np.mean(out) < 0.03  # without widening it is about 0.09


def test_laney_against_its_definition():
    rng = np.random.default_rng(4)
    cases = rng.integers(50, 400, 20).astype(float)
    events = rng.binomial(cases.astype(int), 0.3).astype(float)
    found = laney(events, cases, direction=1, target=0.5)
    p = events.sum() / cases.sum()
    z, moves = [], []
    for x, n in zip(events, cases, strict=True):
        z.append((x / n - p) / (p * (1 - p) / n) ** 0.5)
    for before, after in pairwise(z):
        moves.append(abs(after - before))
    kept = [move for move in moves if move <= 3.267 * sum(moves) / len(moves)]
    sigma_z = sum(kept) / len(kept) / 1.128
    upper = [p + 3 * (p * (1 - p) / n) ** 0.5 * sigma_z for n in cases]
    assert_allclose(found.lines.upper, np.clip(upper, 0, 1), rtol=2e-4)  # 2.66 stands for 3/1.128
    assert found.assurance == "consistently fails"
    assert needs_laney(cases) and not needs_laney([100.0, 110, 105])


def test_laney_edges():
    assert laney([1.0] * 7, [9.0] * 7, direction=1).refused.startswith("7 points")
    assert np.isnan(laney([1.0, 0, 2] * 4, [9.0, 0, 9] * 4, direction=1).y[1])
    with pytest.raises(ValueError, match="more events"):
        laney([5.0], [4.0], direction=1)
