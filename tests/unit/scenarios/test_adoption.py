"""Curves are recovered from what they made, stay below who is eligible, and lean on peers when data are few."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.adoption import Prior, bass, fit_bass, fit_logistic, logistic, logistic_mean

MONTHS = np.arange(0.0, 25.0)


def test_a_clean_logistic_is_recovered():
    found = fit_logistic(MONTHS, logistic(MONTHS, 0.7, 0.35, 9))
    assert_allclose(found.parameters, [0.7, 0.35, 9], rtol=1e-5)
    assert found.at_bound == ()
    assert found.sd < 1e-6


def test_a_clean_bass_curve_is_recovered_with_a_month_missing():
    share = bass(24, 0.03, 0.38, 0.7)
    share[5] = np.nan
    assert_allclose(fit_bass(share).parameters, [0.03, 0.38, 0.7], rtol=1e-4)


def test_noise_widens_the_standard_errors():
    noise = np.random.default_rng(3).normal(0, 1, MONTHS.size)
    quiet, loud = (
        fit_logistic(MONTHS, np.clip(logistic(MONTHS, 0.7, 0.35, 9) + sd * noise, 0, 1)) for sd in (0.005, 0.02)
    )
    assert (loud.se > quiet.se).all()
    assert (np.abs(loud.parameters - [0.7, 0.35, 9]) < 4 * loud.se).all()


def test_nobody_beyond_the_eligible_adopts():
    found = fit_logistic(MONTHS, logistic(MONTHS, 0.7, 0.35, 9), eligible=0.6)
    assert found.parameters[0] <= 0.6
    assert found.at_bound == ("K",)


def test_few_data_lean_on_the_peers():
    prior = Prior((0.6, 0.3, 10.0), (0.05, 0.05, 2.0))
    alone = fit_logistic([1.0], logistic([1.0], 0.6, 0.3, 10), prior=prior)
    assert_allclose(alone.parameters, prior.mean, rtol=1e-4)
    many = fit_logistic(MONTHS, logistic(MONTHS, 0.7, 0.35, 9), prior=prior)
    assert_allclose(many.parameters, [0.7, 0.35, 9], atol=0.1)


def test_the_mean_of_a_year_is_below_its_end():
    assert logistic_mean(0.7, 0.35, 9, 1, 12) < logistic([12], 0.7, 0.35, 9)[0]
    # K = 1 and t0 in the middle: the curve is symmetrical about one half.
    assert logistic_mean(1, 0.5, 3, 1, 5) == pytest.approx(0.5)


def test_what_is_refused():
    with pytest.raises(ValueError, match="prior from peers"):
        fit_logistic([1, 2, 3], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="outside 0 to 1"):
        fit_bass([0.1, 0.2, 0.3, 1.4])
    with pytest.raises(ValueError, match="eligible"):
        fit_bass([0.1] * 5, eligible=0)
    with pytest.raises(ValueError, match="hold no period"):
        logistic_mean(1, 1, 1, 3, 2)
