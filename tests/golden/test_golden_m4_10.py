"""M4.10 denominators: the worked values of methods.md."""

import pytest

from pipelines.methods.divergence import log_change

pytestmark = pytest.mark.golden


def test_denominator(golden, same):
    given, expected = golden("M4.10", "denominator")
    found = log_change(given["N"], given["D"])
    same(found.ratio, expected["ratio"])
    same(
        [found.change, found.numerator, found.denominator],
        [expected[name] for name in ("dln", "numerator", "denominator")],
    )
