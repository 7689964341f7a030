"""M5.7 ratchet protection: the worked values of methods.md."""

import pytest

from pipelines.scenarios.power import power

pytestmark = pytest.mark.golden


def test_power_with_half_the_weight_on_own_cost(golden, same):
    given, expected = golden("M5.7", "own weight one half, year 1")
    for rebase in ("last_year", "mean3"):  # a saving of year 1 fills either window
        found = power(given["s"], given["T"], own_weight=given["w"], discount=given["r"], rebase=rebase)
        same(found[0], expected["power"])
