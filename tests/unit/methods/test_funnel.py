"""Funnels flag what is unusual, and say when they cannot."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.funnel import Z95, Z998, discoveries, funnel, limits, sd_at, winsorised_dispersion

E = np.linspace(40, 160, 12)


def test_transforms_by_hand():
    log = funnel([50.0] * 10, [40.0] * 10, "log_ratio")
    assert (log.y[0], log.s[0]) == pytest.approx((np.log(1.25), 1 / np.sqrt(40)))
    share = funnel([20.0] * 10, [80.0] * 10, "proportion")
    assert (share.y[0], share.s[0], share.theta0) == pytest.approx((np.pi / 6, 1 / (2 * np.sqrt(80)), np.pi / 6))
    ratio = funnel([9.5] * 10, [19.5] * 10, "count_ratio")
    assert (ratio.y[0], ratio.s[0] ** 2) == pytest.approx((np.log(0.5), 9.5 / 100 + 19.5 / 400))
    assert ratio.theta0 == pytest.approx(np.log(9.5 / 19.5))


def test_a_zero_count_moves_to_square_roots():
    observed = E.round()
    observed[0] = 0
    found = funnel(observed, E, "log_ratio")
    assert found.kind == "sqrt_ratio"
    assert found.y[0] == 0
    assert found.theta0 == 1.0


def test_no_more_spread_than_chance_leaves_plain_limits():
    found = funnel(E, E, "log_ratio")
    assert found.tau2 == 0
    assert_allclose(found.widened, found.z)


def test_under_ten_bodies_nothing_is_estimated():
    found = funnel(2 * E[:9], E[:9], "log_ratio")
    assert np.isnan(found.tau2)
    assert_allclose(found.widened, found.z)
    assert funnel(2 * E[:9], E[:9], "log_ratio", history_tau2=0.5).tau2 == 0.5


def test_flags_are_on_the_widened_limits():
    observed = E.copy()
    observed[5] *= 1.35  # ln 1.35 = 0.30; s = 1/sqrt(94.5) = 0.103; z = 2.9
    observed[6] *= 0.5
    found = funnel(observed, E, "log_ratio")
    assert found.flag[5] == 1
    assert found.flag[6] == -2
    assert Z95 < found.widened[5] < Z998


def test_too_much_spread_flags_nobody():
    wild = E * np.where(np.arange(12) % 2, 4, 0.25)
    found = funnel(wild, E, "log_ratio")
    assert found.phi > 10
    assert not found.flag.any()


def test_absent_and_unreliable_bodies_inform_nothing():
    observed, status = np.append(E, [np.nan, 900.0]), ["ok"] * 12 + ["missing", "small"]
    found = funnel(observed, np.append(E, [50.0, 100.0]), "log_ratio", status=status)
    assert found.phi == pytest.approx(0.0)
    assert np.isnan(found.z[12])
    assert found.flag.tolist() == [0] * 13 + [2]


def test_dispersion_by_plain_numpy():
    rng = np.random.default_rng(1)
    s = rng.uniform(0.05, 0.2, 30)
    z = rng.normal(0, 2, 30)
    held = np.clip(z, *np.quantile(z, [0.1, 0.9]))
    w, phi = 1 / s**2, np.mean(held**2)
    found = winsorised_dispersion(z, s)
    assert found.phi == pytest.approx(phi)
    assert found.tau2 == pytest.approx((30 * phi - 29) / (w.sum() - (w**2).sum() / w.sum()))


def test_limits_return_to_shares_and_stay_inside_them():
    lines = limits(sd_at([5.0, 5000.0], "proportion"), np.arcsin(np.sqrt(0.02)), 0.0, "proportion")
    assert (lines >= 0).all()
    assert_allclose(lines[1, :2], 0.02, atol=0.005)
    assert lines[0, 2] <= lines[0, 0] <= 0.02 <= lines[0, 1] <= lines[0, 3]


def test_false_discoveries_are_controlled():
    # p = 0.001, 0.02, 0.03, 0.2: Benjamini-Hochberg thresholds 0.0125 0.025 0.0375 0.05 pass the first three.
    z = np.array([3.2905, -2.3263, 2.1701, 1.2816, np.nan])
    assert discoveries(z).tolist() == [True, True, True, False, False]
    assert not discoveries([0.1, 0.2]).any()
    assert not discoveries([np.nan]).any()


@pytest.mark.parametrize(
    ("first", "second", "kind", "words"),
    [
        ([1.0], [0.0], "log_ratio", "is 0"),
        ([-1.0], [2.0], "log_ratio", "negative"),
        ([3.0], [2.0], "proportion", "more events"),
        ([3.0], [2.0], "ratio", "unknown funnel"),
    ],
)
def test_what_is_refused(first, second, kind, words):
    with pytest.raises(ValueError, match=words):
        funnel(first, second, kind)
