"""M4.11 control charts: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.methods.xmr import Rebase, xmr
from pipelines.methods.xmr_limits import limits

pytestmark = pytest.mark.golden
NAMES = ("mean", "mr", "lower", "upper", "near_lower", "near_upper", "mr_limit")


@pytest.mark.parametrize(("points", "key"), [("baseline", "baseline"), ("new", "rebased")])
def test_limits(golden, same, points, key):
    given, expected = golden("M4.11", "baseline and labels")
    found = limits(given[points], widen_above=np.inf)
    same([getattr(found, name) for name in NAMES], [expected[key][name] for name in NAMES])


def test_labels_and_icon(golden, same):
    given, expected = golden("M4.11", "baseline and labels")
    series = [*given["baseline"], *given["new"]]
    found = xmr(series, direction=given["d"], target=45, baseline=12)
    assert list(found.label[12:]) == expected["labels_new"]
    assert not found.label[:12].any()
    assert (found.variation, found.assurance) == (expected["variation"], "hit or miss")
    same(found.lines.lower, [expected["baseline"]["lower"]] * 19)


def test_the_eighth_point_is_waited_for(golden):
    given, _ = golden("M4.11", "baseline and labels")
    series = [*given["baseline"], *given["new"]]
    change = [Rebase(12, "the board", "a new triage desk")]
    seven = xmr(series, direction=-1, baseline=12, rebases=change)
    assert len(seven.phases) == 1
    assert "7 points" in seven.notes[0]
    assert len(xmr([*series, 47], direction=-1, baseline=12, rebases=change).phases) == 2
