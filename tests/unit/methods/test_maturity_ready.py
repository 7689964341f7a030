"""Readiness by class of project: climbs add up, the weakest link decides, an unrated capability is never enough."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.methods.maturity_ready import REQUIRED, Gap, readiness, ready_for


def verdicts(actual):
    return [each.verdict for each in readiness(actual)]


def test_adequate_everywhere_is_enough_for_the_safest_class_only():
    found = readiness([3] * 12)
    assert [each.climb for each in found] == [0, 3, 6, 11]  # 3 of 5 at 2; 5 + failure; 3 + 2(2) + 4 sector
    assert [each.verdict for each in found] == ["ready", "close", "close", "not ready"]
    assert ready_for(found) == ("off-the-shelf, reversible, internal",)


def test_gaps_are_named_widest_first():
    found = readiness([2, 2, 2, 4, 3, 5, 5, 5, 3, 3, 3, 3])[2]
    assert found.gaps == (Gap("risk", 2), Gap("supplier relations", 1), Gap("governing failure", 1))
    assert (found.climb, found.verdict) == (4, "not ready")


def test_outstanding_is_ready_for_everything():
    assert ready_for(readiness([1] * 12)) == tuple(REQUIRED)


def test_a_level_that_is_missing_is_not_enough_where_it_matters():
    # Innovation networks are asked of nobody; risk of everybody.
    assert verdicts([1, 1, 1, 1, 1, np.nan, *[1] * 6]) == ["ready"] * 4
    found = readiness([1, 1, 1, np.nan, *[1] * 8])
    assert [each.verdict for each in found] == ["not rated"] * 4
    assert found[0].unrated == ("risk",)
    assert verdicts([5, 1, 1, np.nan, *[1] * 8]) == ["not ready"] * 4  # a gap of two is known already


@pytest.mark.parametrize(
    ("actual", "required", "words"),
    [
        ([3] * 5, REQUIRED, "not 5"),
        ([0] * 12, REQUIRED, "whole number"),
        ([3] * 12, {"short": (3, 3)}, "short: 12 levels"),
        ([3] * 12, {"open": (np.nan,) * 12}, "every capability"),
    ],
)
def test_what_cannot_be_compared_is_said(actual, required, words):
    with pytest.raises(ValueError, match=words):
        readiness(actual, required)
