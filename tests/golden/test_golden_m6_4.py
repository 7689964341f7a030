"""M6.4 staggered adoption: the worked values of methods.md, tolerance 1e-8 as stated there."""

import pytest
from numpy.testing import assert_allclose

from pipelines.methods.staggered import by_event, group_time, overall, simple
from pipelines.methods.twoway import two_way

pytestmark = pytest.mark.golden


def test_staggered(golden):
    given, expected = golden("M6.4", "staggered")
    found = group_time(given["Y"], given["first_treated"])
    events = by_event(found)
    actual = {
        "att_3": found.att[0],
        "att_4": found.att[1],
        "event_0_2": events.effect[events.at >= 0],
        "cohort_average": overall(found).effect[0],
        "simple": simple(found),
        "twfe": two_way(given["Y"], given["first_treated"]).effect,
    }
    assert set(actual) == set(expected)
    for name, value in actual.items():
        assert_allclose(value, expected[name], rtol=0, atol=1e-8, err_msg=name)
    assert found.groups.tolist() == [3, 4]
