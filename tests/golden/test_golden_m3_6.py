"""M3.6 shrinkage and M3.7 rank uncertainty: the worked values of methods.md."""

import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.rank import rank_sim
from pipelines.methods.shrinkage import shrink

pytestmark = pytest.mark.golden


def test_paule_mandel(golden, same):
    given, expected = golden("M3.6", "Paule-Mandel")
    found = shrink(given["y"], given["s"])
    same(found.tau2, expected["tau2"])
    same(found.mu, [expected["mu"]] * 6)
    same(found.reliability, expected["R"])
    same(found.value, expected["shrunk"])
    same(found.sd_conditional, expected["sd_conditional"])
    same(found.sd, expected["sd"])


def test_rank_simulation(golden):
    given, expected = golden("M3.7", "rank simulation (1e6 draws, conditional sd)")
    found = rank_sim(given["shrunk"], given["sd"], given["d"], list("ABCDEF"), top=2, draws=200_000)
    assert_allclose(found.expected, expected["expected_rank"], atol=0.02)
    assert_allclose(found.p_top, expected["p_best_two"], atol=0.02)
    assert_array_equal(found.range90, expected["range90"])
