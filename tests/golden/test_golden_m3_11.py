"""M3.11 stochastic frontier: the worked values of methods.md."""

import pytest

from pipelines.methods.cost_frontier import half_normal, moments

pytestmark = pytest.mark.golden


def test_moments(golden, same):
    given, expected = golden("M3.11", "moments, cost")
    found = moments(given["m2"], given["m3"])
    same([found.sigma_u, found.sigma_v, found.mean_u], [expected[name] for name in ("sigma_u", "sigma_v", "mean_u")])


def test_inefficiency_behind_a_residual(golden, same):
    spread = moments(**golden("M3.11", "moments, cost")[0])
    given, expected = golden("M3.11", "JLMS and Battese-Coelli")
    found = half_normal(given["eps"], spread.sigma_u, spread.sigma_v)
    same(found.mean, expected["E_u"])
    same(found.efficiency, expected["E_exp_minus_u"])
