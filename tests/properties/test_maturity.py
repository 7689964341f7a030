"""Capability maturity: agreement stays in its bounds, no order matters, doing better never rates worse."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.maturity import ANSWERS, evidenced, rate
from pipelines.methods.maturity_ready import readiness
from pipelines.methods.maturity_views import views

EXAMPLES = settings(max_examples=50, deadline=None)
WORDS = st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=4)


@st.composite
def tables(draw):
    """Ratings of 1 to 5 raters on 1 to 12 capabilities, some absent, the first one given."""
    raters, columns = draw(st.integers(1, 5)), draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    ratings = rng.integers(1, 6, (raters, columns)).astype(float)
    ratings[rng.random(ratings.shape) < draw(st.sampled_from([0, 0.3]))] = np.nan
    ratings[0, 0] = 3
    return ratings


@EXAMPLES
@given(tables())
def test_agreement_stays_in_its_bounds(ratings):
    found = views(ratings)
    if found.verdict != "one view":
        assert 0 <= found.exact <= found.within_one <= 1
    assert np.isnan(found.alpha) or -1 <= found.alpha <= 1 + 1e-12
    rated = ~np.isnan(found.median)
    assert ((found.median >= 1) & (found.median <= found.level) & (found.level <= 5))[rated].all()
    assert (found.iqr <= found.range)[rated].all()


@EXAMPLES
@given(tables(), st.integers(0, 100))
def test_order_of_raters_and_capabilities_does_not_matter(ratings, seed):
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(ratings.shape[0]), rng.permutation(ratings.shape[1])
    first, second = views(ratings), views(ratings[rows][:, columns])
    assert_array_equal(second.median, first.median[columns])
    assert_array_equal(second.range, first.range[columns])
    assert_allclose([second.alpha, second.exact], [first.alpha, first.exact], atol=1e-12)


@EXAMPLES
@given(tables())
def test_raters_who_copy_each_other_agree(ratings):
    found = views(np.vstack([ratings[0], ratings[0]]))
    assert (found.exact, found.verdict) == (1, "agree")


@EXAMPLES
@given(st.tuples(WORDS, WORDS, WORDS, WORDS, WORDS), st.integers(0, 3), st.integers(0, 3))
def test_a_statement_put_in_place_never_rates_worse(answers, level, place):
    better = [list(each) for each in answers]
    better[level][place % len(better[level])] = "fully"
    assert rate(better).level <= rate(answers).level


@EXAMPLES
@given(st.integers(1, 5), st.none() | st.floats(0, 100))
def test_evidence_never_improves_a_level(level, months):
    assert level <= evidenced(level, months).level <= max(3, level + 1)


@EXAMPLES
@given(st.lists(st.integers(1, 5), min_size=12, max_size=12), st.integers(0, 11))
def test_a_better_level_never_lengthens_the_climb(actual, place):
    better = [*actual]
    better[place] = max(1, better[place] - 1)
    for before, after in zip(readiness(actual), readiness(better), strict=True):
        assert after.climb <= before.climb
