"""Several raters: middle views, agreement by its definition, and what is said when there is nothing to compare."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from pipelines.methods.maturity_views import ordinal_alpha, views, weakest_in_words

# Krippendorff (2011), section on four observers and twelve units with missing data; his ordinal alpha is 0.815.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def by_pairs(given):
    """Alpha by its definition: distances over all pairs within a unit, and over all pairs of values that pair."""
    units = [column[~np.isnan(column)] for column in np.asarray(given, dtype=float).T]
    units = [unit for unit in units if len(unit) > 1]
    pool = np.concatenate(units)

    def distance(c, k):
        low, high = min(c, k), max(c, k)
        between = sum((pool == g).sum() for g in range(int(low), int(high) + 1))
        return (between - ((pool == c).sum() + (pool == k).sum()) / 2) ** 2

    observed = sum(distance(a, b) / (len(unit) - 1) for unit in units for a in unit for b in unit) / len(pool)
    expected = sum(distance(a, b) for a in pool for b in pool) / (len(pool) * (len(pool) - 1))
    return 1 - observed / expected


def test_published_alpha():
    assert ordinal_alpha(np.array(FOUR, dtype=float)) == pytest.approx(0.815, abs=5e-4)


def test_alpha_by_its_definition():
    rng = np.random.default_rng(4)
    for _ in range(20):
        given = rng.integers(1, 6, (4, 6)).astype(float)
        given[rng.random(given.shape) < 0.2] = np.nan
        assert ordinal_alpha(given) == pytest.approx(by_pairs(given), abs=1e-12)


def test_a_median_between_two_levels_stands_for_the_worse():
    found = views([[2, 3], [3, 3]])
    assert_array_equal(found.median, [2.5, 3])
    assert_array_equal(found.level, [3, 3])
    assert_array_equal(found.iqr, [0.5, 0])  # type 7 of (2, 3): 2.25 to 2.75
    assert (found.exact, found.within_one) == (0.5, 1)


def test_one_rater_is_one_view():
    found = views([[2, 4, 4]])
    assert found.verdict == "one view"
    assert np.isnan([found.exact, found.within_one, found.alpha]).all()
    assert weakest_in_words(found, ["a", "b", "c"]) == "b (4), c (4)"
    with pytest.raises(ValueError, match="as many names"):
        weakest_in_words(found, ["a"])


def test_one_level_only_is_agreement_without_alpha():
    found = views([[3, 3], [3, 3]])
    assert np.isnan(found.alpha)
    assert found.verdict == "agree"


def test_a_capability_that_nobody_rated_stays_absent():
    found = views([[2, np.nan, 4], [2, np.nan, 4]])
    assert_array_equal(found.median, [2, np.nan, 4])
    assert_array_equal(found.range, [0, np.nan, 0])
    assert found.alpha == 1
    assert (found.overall, found.weakest, found.verdict) == (3, (2,), "agree")


@pytest.mark.parametrize("ratings", [[2, 3], [[np.nan, np.nan]], [[0, 3]], [[2.5, 3]]])
def test_what_is_no_rating_is_said(ratings):
    with pytest.raises(ValueError, match=r"ratings|level"):
        views(ratings)
