"""Position has group-size rules, and a verdict follows from the interval alone."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.position import (
    Position,
    position_among,
    quantile_bands,
    quantile_position,
    rag,
    robust_score,
    verdict,
)

EVERYONE = np.ones((40, 40), dtype=bool)


def place(values, direction=1, **rest) -> Position:
    n = len(values)
    return quantile_position(np.array(values, dtype=float), EVERYONE[:n, :n], direction, **rest)


@pytest.mark.parametrize(("bodies", "group"), [(5, "none"), (6, "few"), (8, "few"), (9, "full")])
def test_group_size_rules(bodies, group):
    found = place(range(bodies))  # each has bodies - 1 peers
    assert set(found.group) == {group}
    assert np.isnan(found.median).all() == (group == "none")
    assert np.isnan(found.percentile).all() == np.isnan(found.q1).all() == (group != "full")


def test_absent_and_unreliable_values_leave_the_group():
    status = ["ok"] * 9 + ["small", "imputed", "provisional"]
    found = place([*range(9), 100, 100, 100], status=status)
    assert found.peers[0] == 9  # eight others and the provisional one
    assert found.high[0] == 100
    assert found.peers[9] == 10  # the small body itself is still placed among the others
    assert found.percentile[9] == pytest.approx(100 * (9 + 0.5) / 10)
    assert np.isnan(found.band[9])


def test_medians_and_ranges_leave_the_body_itself_out():
    found = place([1000, 1, 2, 3, 4, 5, 6, 7, 8])
    assert (found.median[0], found.low[0], found.high[0]) == (4.5, 1, 8)
    assert_allclose([found.q1[0], found.q3[0]], np.quantile(range(1, 9), [0.25, 0.75]))


def test_a_neutral_measure_counts_the_lower_only():
    found = place([3, 1, 2, 3, 4, 5, 6, 7, 8], 0)
    assert found.percentile[0] == pytest.approx(100 * 2 / 8)
    assert np.isnan(found.band).all()


def test_columns_at_once_equal_columns_alone():
    rng = np.random.default_rng(1)
    x, mask = rng.normal(size=(30, 5)).round(1), rng.random((30, 30)) < 0.5
    x[rng.random(x.shape) < 0.2] = np.nan
    signs = [1, -1, 0, 1, -1]
    together = quantile_position(x, mask, signs)
    for column, sign in enumerate(signs):
        for all_at_once, alone in zip(together, quantile_position(x[:, column], mask, sign), strict=True):
            np.testing.assert_array_equal(all_at_once[:, column], alone)


def test_position_by_plain_loops():
    rng = np.random.default_rng(2)
    x, mask = rng.integers(0, 9, 30).astype(float), rng.random((30, 30)) < 0.6
    found = quantile_position(x, mask, -1)
    for b in range(30):
        group = [x[j] for j in range(30) if mask[b, j] and j != b]
        worse, equal = sum(v > x[b] for v in group), sum(v == x[b] for v in group)
        assert found.percentile[b] == pytest.approx(100 * (worse + equal / 2) / len(group))
        assert found.q3[b] == pytest.approx(np.quantile(group, 0.75))


def test_nobody_for_a_peer():
    found = quantile_position([1.0, 2.0], np.zeros((2, 2), dtype=bool), 1)
    assert found.peers.tolist() == [0, 0]
    assert found.group.tolist() == ["none", "none"]


def test_fewer_values_than_bands_have_no_bands():
    assert np.isnan(quantile_bands([1.0, 2.0, 3.0, np.nan], 1)).all()


def test_a_direction_is_one_of_three():
    with pytest.raises(ValueError, match="direction"):
        place([1, 2], 2)


def test_robust_score_without_spread():
    assert robust_score(9.0, [5, 5, 5, 9], 1) == pytest.approx(4 / 1.2533)  # MAD 0, mean deviation 1
    assert np.isnan(robust_score(5.0, [5, 5, 5], 1))
    assert np.isnan(robust_score(5.0, [4, 6, 7], 0))


def test_the_verdict_follows_from_the_interval():
    found = verdict([0.8, 1.2, 1.0, 0.9], [0.7, 1.1, 0.9, 0.8], [0.9, 1.3, 1.1, 1.0], 5)
    assert found.tolist() == ["lower", "higher", "same", "same"]  # a limit at the median tells nothing apart


def test_what_withholds_a_verdict():
    lo, value, hi, n, status = zip(
        *[
            (0.7, 0.8, 0.9, 4, "ok"),
            (0.7, 0.8, 0.9, 5, "small"),
            (0.7, 0.8, 0.9, 5, "imputed"),
            (0.7, 0.8, 0.9, 5, "quarantined"),
            (np.nan, 0.8, 0.9, 9, "ok"),
            (np.nan, np.nan, np.nan, 9, "missing"),
        ],
        strict=True,
    )
    assert set(verdict(value, lo, hi, n, status)) == {"withheld"}
    assert verdict(0.8, 0.7, 0.9, 5, "provisional") == "lower"


def test_a_median_of_zero_is_compared_as_it_stands():
    assert verdict([-2.0, 1.0], [-3.0, -1.0], [-1.0, 2.0], 9, reference=0.0).tolist() == ["lower", "same"]


def test_an_absent_median_withholds():
    assert verdict(1.0, 0.5, 2.0, 9, reference=np.nan) == "withheld"


def test_an_interval_must_hold_its_value():
    with pytest.raises(ValueError, match="in order"):
        verdict(1.0, 1.1, 1.2, 9)


def test_a_colour_asks_for_more_than_a_word():
    words = ["higher", "higher", "lower", "same", "withheld", "higher", "higher", "higher"]
    signs, peers = [1, -1, -1, 1, 1, 0, 1, 1], [8, 8, 8, 8, 8, 8, 7, 8]
    status = ["ok"] * 7 + ["provisional"]
    assert rag(words, signs, peers, status).tolist() == ["green", "red", "green", "amber", "", "", "", ""]


def test_lists_of_peers_say_the_same_as_a_mask():
    rng = np.random.default_rng(3)
    x, mask = rng.normal(size=(20, 4)).round(1), rng.random((20, 20)) < 0.5
    lists = [[j for j in range(20) if mask[b, j]] for b in range(20)]  # a body may stand in its own list: left out
    ids = np.array([row + [-1] * (20 - len(row)) for row in lists])
    for by_list, by_mask in zip(position_among(x, ids, 1), quantile_position(x, mask, 1), strict=True):
        np.testing.assert_array_equal(by_list, by_mask)
