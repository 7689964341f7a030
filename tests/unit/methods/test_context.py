"""Context variables become comparable scores, and what cannot be compared is refused."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.context import classical_scores, robust_scores, transform


def test_transforms():
    found = transform([[np.e, 0.5, 7.0]], ("log", "logit", "none"))
    assert_allclose(found, [[1.0, 0.0, 7.0]])


def test_a_share_of_nothing_uses_its_size():
    found = transform([[0.0], [1.0]], ("logit",), [[9.0], [9.0]])  # (0 + 1/2)/10 and (9 + 1/2)/10
    assert_allclose(found[:, 0], [np.log(0.05 / 0.95), np.log(0.95 / 0.05)])


@pytest.mark.parametrize(
    ("z", "kinds", "words"),
    [
        ([[0.0]], ("log",), "no logarithm"),
        ([[1.5]], ("logit",), "not a share"),
        ([[0.0]], ("logit",), "give its sizes"),
        ([[1.0]], ("root",), "unknown transform"),
        ([[1.0]], ("log", "log"), "1 context variables but 2"),
    ],
)
def test_what_is_refused(z, kinds, words):
    with pytest.raises(ValueError, match=words):
        transform(z, kinds)


def test_robust_scores_by_hand():
    # 1, 2, 3, 4, 100: median 3, deviations 2 1 0 1 97, MAD 1; 97/1.4826 is cut at 3.
    found = robust_scores(np.array([[1.0], [2.0], [3.0], [4.0], [100.0]]))[:, 0]
    assert_allclose(found, [-2 / 1.4826, -1 / 1.4826, 0.0, 1 / 1.4826, 3.0])


def test_over_half_equal_uses_the_mean_deviation():
    # 5, 5, 5, 9: median 5, MAD 0, mean deviation 1.
    assert_allclose(robust_scores([[5.0], [5.0], [5.0], [9.0]])[:, 0], [0, 0, 0, 3.0])
    assert_allclose(robust_scores([[5.0], [5.0], [5.0], [9.0]], winsor=9)[3, 0], 4 / 1.2533)


def test_a_constant_variable_has_no_scores_at_all():
    assert np.isnan(robust_scores([[5.0], [5.0]])).all()
    assert np.isnan(classical_scores([[5.0], [5.0]])).all()


def test_an_absent_value_stays_absent_and_moves_no_other():
    z = np.array([[1.0], [2.0], [4.0], [np.nan]])
    assert np.isnan(robust_scores(z)[3, 0])
    assert_allclose(robust_scores(z)[:3], robust_scores(z[:3]))
    assert_allclose(classical_scores(z)[:3, 0], (z[:3, 0] - 7 / 3) / np.std([1, 2, 4], ddof=1))
