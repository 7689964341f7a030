"""One total, five schemes: who is asked for what, and how sure that is."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.compare import (
    SCHEMES,
    benchmark_cuts,
    clawback_cuts,
    compare_schemes,
    scheme_ranges,
    winners_and_losers,
)

GAPS = np.array([0.02, 0.05, 0.10, 0.15, 0.25])
BUDGETS = np.ones(5)


def test_every_scheme_gives_the_same_total():
    found = compare_schemes([40, 25, 15, 60, 10], GAPS, 0.05, 0.2, already=[0.01, 0, 0, 0.02, 0])
    assert tuple(found) == SCHEMES
    for ask in found.values():
        assert ask.cut @ [40, 25, 15, 60, 10] == pytest.approx(0.05 * 150)


def test_use_it_or_lose_it_cuts_the_saver_again():
    # 10 of 200 saved: spent 190, ceiling 180: 10/190 off what each spent; the saver's total cut 1 - 0.9 x 18/19.
    assert_allclose(clawback_cuts([100, 100], [0.1, 0.0], 0.1), [1 - 0.9 * 18 / 19, 1 / 19])
    assert_allclose(clawback_cuts(BUDGETS, 0.0, 0.075), 0.075)


def test_what_the_body_keeps_of_a_further_pound():
    found = compare_schemes(BUDGETS, GAPS, 0.075, share=0.5)
    assert [found[scheme].kept[0] for scheme in "UXBG"] == [0, 0, 0, 0.5]
    # Body 5: cost 75 of a benchmark 83.553 is 89.763; honest forecast -10.237; share 0.4 + 0.005 x 10.237.
    assert found["M"].kept[4] == pytest.approx(0.4 + 0.005 * (100 - 100 * 0.75 / (1 - 0.25 * 0.075 * 5 / 0.57)))


def test_an_infeasible_total_is_said_and_the_cap_stands():
    found = compare_schemes(BUDGETS, GAPS, 0.10, 0.125)["B"]
    assert not found.feasible
    assert found.shortfall == pytest.approx(5 * (0.10 - 0.084))
    assert found.cut.max() == 0.125
    assert found.words == "Not feasible: 10.0% is required and the known gaps under the cap give 8.4% at most."


def test_words_count_those_asked_too_much():
    found = compare_schemes(BUDGETS, GAPS, 0.075)
    assert found["X"].words == "An equal percentage cut asks 2 of 5 bodies for more than peers show possible."
    assert found["B"].words == "Every body is asked for 65.8% of its gap, none for more than the cap."


def test_a_gap_measured_wrongly_counts_against_the_benchmark():
    truth = np.array(
        [GAPS, GAPS, [0.02, 0.05, 0.10, 0.15, 0.10]]
    )  # in one draw of three the last body can do 10 % only
    found = scheme_ranges(BUDGETS, GAPS, truth, 0.075)
    assert found["B"].chance_overcut.tolist() == pytest.approx([0, 0, 0, 0, 1 / 3])
    assert found["X"].chance_overcut.tolist() == [1, 1, 0, 0, 0]
    assert found["X"].overcut_total[1] == pytest.approx(0.08)
    # The middle of what B would ask of body 5 is what it asks now; the third draw gives 42 points, enough for 37.5.
    assert found["B"].cut[4, 1] == pytest.approx(0.16447368)
    assert found["B"].chance_infeasible == 0


def test_a_total_that_only_some_draws_can_give():
    found = scheme_ranges(BUDGETS, GAPS, np.array([GAPS, GAPS / 2]), 0.075)
    assert found["B"].chance_infeasible == 0.5  # 28.5 points of gap for 37.5 required


def test_winners_are_named_only_when_sure():
    rng = np.random.default_rng(5)
    draws = GAPS + rng.normal(0, 0.04, (400, 5))
    found = winners_and_losers(BUDGETS, draws, 0.075)
    assert found.verdict.tolist() == [
        "asked less",
        "asked less",
        "cannot be told apart",
        "cannot be told apart",
        "asked more",
    ]
    assert (np.diff(found.difference, axis=1) >= 0).all()


def test_what_is_refused():
    with pytest.raises(ValueError, match="budget"):
        benchmark_cuts([1, 0], [0.1, 0.1], 0.05)
    with pytest.raises(ValueError, match="gap is missing"):
        benchmark_cuts([1, 1], [0.1, np.nan], 0.05)
