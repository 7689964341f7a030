"""M4.8 bunching: the worked values of methods.md."""

import pytest

from pipelines.methods.bunching import excess_mass, local_binomial

pytestmark = pytest.mark.golden


def test_binomial(golden, same):
    given, expected = golden("M4.8", "binomial")
    same(local_binomial(**given).p, expected["p"])


def test_excess_mass(golden, same):
    given, expected = golden("M4.8", "excess mass, cubic, 2+2 bins excluded, one-bin windows, not iterated")
    found = excess_mass(given["counts"], given["threshold_after_bin"])
    same(found.fitted[6:8], expected["fitted_bin7_bin8"])
    same([found.missing, found.excess, found.relative], [expected[name] for name in ("missing", "excess", "b")])
