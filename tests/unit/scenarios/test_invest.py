"""Worth in today's money, after optimism, repaid from released cash only."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.invest import (
    Uplift,
    appraise,
    chance_positive,
    cost_uplift,
    duration_uplift,
    npv_draws,
    repay,
    uplift_draws,
)


def test_by_hand():
    # -100 + 60/1.1 + 60/1.21 = 4.1322; covered in year 2; delayed by a year: (60/1.1 + 60/1.21)/1.1 - 100 = -5.3343
    plan = appraise(100, [60, 60], rate=0.1)
    assert (plan.npv, plan.payback_year) == pytest.approx((4.132231, 2))
    late = appraise(100, [60, 60], rate=0.1, delay=1)
    assert (late.npv, late.payback_year) == pytest.approx((-5.334335, 3))


def test_a_plan_that_never_pays_has_no_payback():
    assert np.isnan(appraise(100, [10, 10]).payback_year)


def test_draws_agree_with_the_appraisal_of_each():
    over, short, late = [0.0, 0.24], [0.0, 0.3], [0.0, 0.5]
    each = [
        appraise(1.2, [0.1, 0.35, 0.45], delay=d, cost_uplift=o, benefit_shortfall=s).npv
        for o, s, d in zip(over, short, late, strict=True)
    ]
    assert_allclose(npv_draws(1.2, [0.1, 0.35, 0.45], over, short, late), each)


def test_the_chance_of_being_worth_it():
    # Benefits worth 100 today against a cost of 90(1 + u), u uniform-like on -1/3..2/3 in steps: positive when u < 1/9.
    overruns = np.linspace(-1 / 3, 2 / 3, 901)
    assert chance_positive(npv_draws(90, [103.5], overruns, 0.0)) == pytest.approx(4 / 9, abs=0.002)


def test_published_classes_give_way_to_own_projects():
    assert cost_uplift("standard buildings").high == 0.24
    assert cost_uplift("non-standard buildings").high == 0.51
    assert cost_uplift("equipment and development").high == 2.0
    assert duration_uplift("standard buildings").high == 0.04
    assert cost_uplift("standard buildings", [0.1] * 14).high == 0.24
    own = cost_uplift("standard buildings", np.arange(15) / 10)  # 0 to 1.4: mean 0.7, deciles 0.14 and 1.26
    assert (own.low, own.central, own.high) == pytest.approx((0.14, 0.7, 1.26))
    assert own.basis.startswith("15 completed")


def test_overruns_are_drawn_by_name():
    bounds = Uplift(0.0, 0.24, 0.24, "")
    cost, again = (uplift_draws(bounds, 4000, "cost") for _ in range(2))
    assert_allclose(cost, again)
    assert not np.allclose(cost, uplift_draws(bounds, 4000, "benefit"))
    assert cost.mean() == pytest.approx(0.16, abs=0.005)  # (0 + 0.24 + 0.24)/3
    assert uplift_draws(Uplift(0.1, 0.1, 0.1, ""), 2, "cost").tolist() == [0.1, 0.1]


def test_repayment_never_passes_released_cash():
    found = repay(100, [0, 60, -5, 200], rate=0.0)
    assert_allclose(found.paid, [0, 60, 0, 40])
    assert_allclose(found.balance, [100, 40, 40, 0])
    assert repay(100, [10], rate=0.1).left == pytest.approx(100)


def test_what_is_refused():
    with pytest.raises(ValueError, match="positive investment"):
        appraise(0, [1])
    with pytest.raises(ValueError, match="unknown class"):
        cost_uplift("castle")
