"""M4.9 digits: the worked values of methods.md."""

import pytest

from pipelines.methods.digits import heaping, terminal_digits

pytestmark = pytest.mark.golden


def test_digits(golden, same):
    given, expected = golden("M4.9", "digits")
    found = terminal_digits(given["counts"])
    same([found.statistic, found.p], [expected["chi2"], expected["p"]])
    same(heaping(given["counts"]).statistic, expected["whipple"])
