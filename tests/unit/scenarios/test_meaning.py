"""What terms mean for one body: amounts that add up, limits on both sides, and no share that contradicts another."""

from dataclasses import replace

import pytest

from pipelines.scenarios.meaning import Footing, limit_words, reward_words, start_words
from pipelines.scenarios.terms import Terms

ABOUT = Footing("Alder", 95e6, 100e6, 93e6, "2024/25", "2023-24", 0.1)
TERMS = Terms()


def test_the_first_ceiling_is_told_in_two_parts_that_add_up():
    # 100 - 93 = 7 = (100 - 95) + (95 - 93)
    assert start_words(ABOUT, "£") == (
        "The first ceiling, for 2024/25, is £93.0m: £7.00m below what the last year cost, £100m. It starts from the "
        "mean of three years’ cost, £95.0m in 2023-24 prices and at the last year’s volume; that is £5.00m below the "
        "last year, because the two years before it cost less. Closing the gap and ongoing efficiency take £2.00m "
        "off it in the first year."
    )
    risen = start_words(ABOUT._replace(last=90e6), "£")
    assert "£3.00m above what the last year cost" in risen
    assert "£5.00m above the last year, because the two years before it cost more" in risen
    still = start_words(ABOUT._replace(base=93e6, last=93e6), "£")
    assert "£93.0m: equal to what the last year cost" in still
    assert "volume; that is what it cost." in still
    assert "take nothing off it" in still


def test_the_limit_is_told_with_its_reason():
    assert limit_words(ABOUT, TERMS) == (
        "Alder pays only in a year whose cost is 10% or more above the ceiling, and in none of the first 2 years. It "
        "keeps part of its share from 5% below the ceiling on, and all of it from 10% on. The limit is 10% and not the "
        "2% of the terms, because its figures vary that much by chance: one year in ten would pass even this without "
        "any saving."
    )
    assert limit_words(ABOUT._replace(least=0.02), TERMS).endswith(
        "The terms set this limit of 2%: less may be chance."
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"loss_rate": 0.0}, "Alder pays nothing, however far its cost is above the ceiling."),
        ({"floor": 0.0}, "Alder pays nothing, however far"),
        ({"loss_free_years": 5}, "Alder pays nothing, however far"),
        ({"loss_free_years": 1}, "10% or more above the ceiling, and not in the first year."),
        ({"loss_free_years": 0}, "10% or more above the ceiling. It"),
        ({"loss_start": "above"}, "more than 10% above the ceiling,"),
        ({"dead_band": 0.03}, "3% or more above the ceiling,"),
        ({"dead_band": 0.0}, "whose cost is above the ceiling,"),
        ({"start": "notch"}, "It keeps a share of a saving from 10% below the ceiling on."),
        ({"start": "above"}, "It keeps a share of what lies more than 10% below the ceiling."),
        ({"share": 0.0}, "It keeps nothing of a saving."),
        ({"cap": 0.0}, "It keeps nothing of a saving."),
    ],
)
def test_every_kind_of_limit_has_its_words(changed, said):
    assert said in limit_words(ABOUT, replace(TERMS, **changed))


def test_without_a_limit_nothing_is_said_to_be_chance():
    told = limit_words(ABOUT._replace(least=0.0), replace(TERMS, threshold=0.0))
    assert "It keeps a share of every saving." in told
    assert "chance" not in told


def test_the_reward_is_set_beside_the_share_it_is_less_than():
    assert reward_words(TERMS) == (
        "Where the limit is passed, a saving made in the first year and kept up for good leaves the body 29% of "
        "the saving’s whole value, not the 50% of its share, because later ceilings start from the lower cost. Where "
        "money that is not spent is taken back each year, it would be 3%."
    )
    assert "of its share" not in reward_words(replace(TERMS, own_weight=0.0))  # nothing is taken back: half it is
    assert "every saving is kept for 4 years" in reward_words(replace(TERMS, rolling_years=4))
