"""M7.2 scoring of capability maturity: the worked values of methods.md."""

import pytest

from pipelines.methods.maturity import CAPABILITIES
from pipelines.methods.maturity_views import views, weakest_in_words

pytestmark = pytest.mark.golden


def test_three_raters(golden, same):
    given, expected = golden("M7.2", "three raters")
    found = views(given["ratings"])
    same(found.median, expected["median"])
    same(found.range, expected["range"])
    same(found.exact, expected["exact_pairwise"])
    same(found.within_one, expected["within_one"])
    same(found.alpha, expected["krippendorff_ordinal"])
    same(found.overall, expected["overall_median"])
    organisation = [each.short for each in CAPABILITIES if each.locus == "organisation"]
    assert weakest_in_words(found, organisation) == expected["weakest"]
    assert found.verdict == "differ"  # 0.583 is below 0.67
