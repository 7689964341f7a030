"""Each test passes, cautions and fails where the card draws its lines, and says why."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.burden import burden, concentration, fractional_rank
from pipelines.methods.challenge import Challenge
from pipelines.methods.fairness import (
    TESTS,
    attainability,
    carried,
    consistency,
    consistency_of,
    context,
    fairness,
    noise,
    past,
    publishable,
)
from pipelines.methods.targets import target

PEERS = np.array([285.0, 292, 300, 310, 318, 325, 333, 340, 352, 365, 372, 380, 395, 410, 428])
EVEN = burden([1.0] * 5, [100.0] * 5, [1.0, 2, 3, 4, 5], 1)


def test_attainability_counts_reliable_peers():
    assert attainability(300, PEERS, -1).verdict == "pass"  # 3 of 15, a fifth
    assert attainability(295, PEERS, -1).verdict == "caution"  # 2 of 15
    assert attainability(290, PEERS, -1).verdict == "fail"  # 1 of 15
    found = attainability(300, PEERS, -1, np.where(PEERS <= 292, 0.39, 0.4))
    assert (found.value, found.reason) == (1 / 13, "1 of its 13 peers are shown to have held it")
    assert attainability(300, [np.nan], -1).verdict == "not tested"


@pytest.mark.parametrize(("unadjusted", "verdict"), [(341, "pass"), (332, "caution"), (309, "fail"), (338, "pass")])
def test_context_is_a_share_of_the_gap(unadjusted, verdict):
    assert context(338, unadjusted, 24).verdict == verdict  # 3/24, 6/24, 29/24, 0


@pytest.mark.parametrize(("gap", "verdict"), [(29, "pass"), (14.2, "caution"), (14, "fail")])
def test_noise(gap, verdict):
    assert noise(gap, 10, 2).verdict == verdict  # over 14.142


def test_holding_has_no_gap_to_test():
    assert noise(0, 10, 2).verdict == context(300, 290, 0).verdict == "not tested"


@pytest.mark.parametrize(
    ("c", "verdict"), [(0.09, "fail"), (0.1, "caution"), (0.2, "pass"), (0.8, "pass"), (0.9, "caution")]
)
def test_history(c, verdict):
    assert past(Challenge(c, "", 40, int(40 * c), 20, (1,))).verdict == verdict


def test_history_too_short():
    assert past(Challenge(np.nan, "", 8, 2, 4, (1,)))[2:] == (
        "not tested",
        "only 8 past cases from a similar start; 10 are needed",
    )
    assert past(Challenge(np.nan, "", 0, 0, 0, (1,))).reason == "no figures reach back that far"


def test_a_target_to_hold_its_own_level_has_no_gap_either():
    found = target(200, 60, PEERS, -1, held=150)
    told = fairness(found, 200, 60, -1, peers=PEERS, unadjusted=200, history=Challenge(np.nan, "", 0, 0, 0, ()),
                    sector=EVEN, row=0, swap=consistency_of([[1.0]], [150]))  # fmt: skip
    assert [test.verdict for test in told if test.test in ("context", "noise")] == ["not tested", "not tested"]


def test_ranks_share_the_middle_of_a_tie():
    # Weights 1, 2, 1: places 0-1, 1-3, 3-4 of 4; two bodies of weight 1 tie in the middle.
    assert_allclose(fractional_rank([5, 7, 7, 9], [1, 1, 1, 1]), [0.125, 0.5, 0.5, 0.875])
    assert_allclose(fractional_rank([5, 7, 9], [1, 2, 1]), [0.125, 0.5, 0.875])


def test_concentration_against_a_sum_over_all_pairs():
    # CI = sum w_i w_j (r_i - r_j) sign(d_i - d_j) / (2 mean): the pairwise definition of the index, W = 1.
    rng = np.random.default_rng(3)
    rate, by, w = rng.uniform(0, 1, 9), rng.integers(0, 4, 9).astype(float), rng.uniform(1, 5, 9)
    w /= w.sum()
    total = 0.0
    for i in range(9):
        for j in range(9):
            total += w[i] * w[j] * (rate[i] - rate[j]) * np.sign(by[i] - by[j])
    assert_allclose(concentration(rate, by, w), total / (2 * (w @ rate)))
    gini = sum(w[i] * w[j] * abs(rate[i] - rate[j]) for i in range(9) for j in range(9)) / (2 * (w @ rate))
    assert_allclose(concentration(rate, rate, w), gini)


def test_an_even_round_passes_and_a_heavy_body_fails_by_the_cap():
    assert carried(EVEN, 0).verdict == "pass"
    heavy = burden([1.0, 1, 1, 1, 2.6], [100.0] * 5, [1.0, 2, 5, 4, 3], 1)
    assert [carried(heavy, row).verdict for row in (0, 4)] == ["pass", "fail"]
    # 2.6 of 100 in one year
    assert carried(heavy, 4).reason == "it asks for a change worth 2.6% of the budget a year; the limit is 2.5%"


def test_burden_not_tested():
    assert carried(burden([1.0] * 4, [9.0] * 4, [1.0, 2, 3, 4]), 0).verdict == "not tested"
    assert carried(burden([0.0] * 5, [9.0] * 5, [1.0, 2, 3, 4, 5]), 0).verdict == "not tested"
    with pytest.raises(ValueError, match="budgets above 0"):
        burden([1.0], [0.0], [1.0])


def test_swap_test_finds_the_pair():
    swap = consistency_of([[1, 2], [1, 2], [1, 3], [1, np.nan], [1, np.nan]], [10, 11, 12, np.nan, np.nan])
    assert (swap.pairs, swap.largest) == (((0, 1),), 1)
    assert [consistency(swap, row).verdict for row in (0, 1, 2, 3)] == ["fail", "fail", "pass", "pass"]


def test_six_tests_in_order():
    found = target(362, 9, PEERS, -1, pi=1)
    swap = consistency_of([[1.0], [2.0]], [314, 315])
    told = fairness(found, 362, 9, -1, peers=PEERS, unadjusted=320, history=Challenge(0.325, "", 40, 13, 20, (3,)),
                    sector=EVEN, row=0, swap=swap)  # fmt: skip
    assert tuple(test.test for test in told) == TESTS
    assert {test.verdict for test in told} == {"pass"}
    assert publishable(told)
    assert not publishable((*told, noise(1, 9, 3)))


def test_noise_says_in_plain_words_over_how_many_years_progress_can_be_told() -> None:
    """One year's step over sqrt(2) se must reach 2: 1.414 x 1 x 2 = 2.83 of gap a year."""
    assert noise(10.0, 1.0, 3).reason == "progress can be told from chance each year"  # 10 / 3 = 3.3 a year
    assert noise(4.0, 1.0, 3).reason == "it takes 3 years to tell progress from chance"  # 2.83 / 1.33 = 2.1
    assert noise(1.0, 1.0, 3).reason == (  # 2.83 / 0.33 = 8.5
        "too small to see, for it would take 9 years to tell progress from chance"
    )
