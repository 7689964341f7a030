"""Incentive power: what the choices of the card do to it."""

import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.power import power, power_of
from pipelines.scenarios.terms import Terms

D = 1 / 1.035


def test_a_norm_of_peers_alone_lets_a_body_keep_its_share_for_ever():
    assert_allclose(power(0.5, 5, own_weight=0.0), 0.5)


def test_one_year_settlements_with_a_three_year_baseline_see_a_saving_by_thirds():
    # Year 1 in full, then 2/3 and 1/3 of it, then nothing.
    assert_allclose(power(1.0, 1), (1 - D) * (1 + D * 2 / 3 + D**2 / 3))


def test_the_last_year_before_a_review_is_worth_least_when_the_last_year_is_the_baseline():
    found = power(1.0, 5, rebase="last_year")
    assert (found[1:] < found[:-1]).all()
    assert_allclose(found[-1], 1 - D)


def test_only_the_banked_part_suffers_from_doubt():
    # Half is banked, and honoured with probability 0.6: 1 - 0.5 * 0.4 = 0.8.
    assert_allclose(power(1.0, 5, credibility=0.6, banked=0.5), 0.8 * power(1.0, 5))


def test_rolling_retention_is_the_same_in_every_year():
    assert_allclose(power_of(Terms(rolling_years=5, years=4)), [0.5 * (1 - D**5)] * 4)


@pytest.mark.parametrize(
    ("arguments", "more"), [((0.5, 0), {}), ((0.5, 5), {"discount": 0.0}), ((0.5, 5), {"rolling": 0})]
)
def test_impossible_inputs(arguments, more):
    with pytest.raises(ValueError, match="at least one year"):
        power(*arguments, **more)


def test_shares_lie_between_0_and_1():
    with pytest.raises(ValueError, match="between 0 and 1"):
        power(1.5, 5)
