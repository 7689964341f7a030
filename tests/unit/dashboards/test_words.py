"""Words are earned by their row."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.components import words
from dashboards.components.markup import text
from dashboards.components.numbers import Style

COST = Style("unit_cost", "£ a tonne")


def row(**more: Any) -> dict[str, Any]:
    base = {
        "status": "ok", "value": 125.0, "lo": 109.0, "hi": 142.0, "peer_q25": 96.0, "peer_median": 104.0,
        "peer_q75": 108.0, "ratio": 1.2, "ratio_lo": 1.05, "ratio_hi": 1.37, "verdict": "higher", "reason": None,
        "like_for_like": True, "n_peers": 13, "period": "2023-24",
    }  # fmt: skip
    return base | more


def test_a_direction_is_no_praise_and_the_wanted_one_is_said_in_words() -> None:
    assert words.verdict_text(row(), "neutral") == "Higher than peers"
    assert words.verdict_text(row(), "higher") == "Higher than peers, the wanted direction"
    assert words.verdict_text(row(), "lower") == "Higher than peers, not the wanted direction"
    assert words.verdict_text(row(verdict="same"), "lower") == "Cannot be told apart"


def test_a_figure_to_be_confirmed_has_no_wanted_direction_and_no_colour() -> None:
    moved = row(to_confirm="Spending on waste fell by 56% on 2022-23")
    assert words.verdict_text(moved, "lower") == "Higher than peers; the figure is to be confirmed"
    assert "faded" in words.verdict(moved, "lower").className
    assert words.verdict_text(moved | {"verdict": "same"}, "lower") == "Cannot be told apart"
    assert (
        words.to_confirm(moved, "council") == "Spending on waste fell by 56% on 2022-23; the council is to confirm it. "
    )
    assert words.to_confirm(row(to_confirm=None), "council") == ""


@pytest.mark.parametrize(("agreement", "faded"), [((1, 2), True), ((2, 3), False), ((1, 1), False), ((3, 6), True)])
def test_under_two_thirds_of_peer_sets_the_verdict_loses_its_colour(agreement: tuple[int, int], faded: bool) -> None:
    shown = words.verdict(row(), "neutral", agreement)
    assert ("faded" in shown.className) is faded
    assert ("other fair peer sets disagree" in text(shown)) is faded


def test_an_absent_figure_is_a_letter_with_its_meaning_spoken_and_never_a_number() -> None:
    shown = text(words.shown(row(value=None, status="suppressed"), COST))
    assert shown == "csuppressed by the publisher, to protect people"
    assert text(words.shown(row(value=None, status="zero_den"), COST)).startswith("x")


def test_a_provisional_figure_carries_its_letter() -> None:
    assert text(words.shown(row(status="provisional"), COST)) == "£125 Pprovisional: will be revised"


def test_a_quarantined_figure_has_a_mark_of_its_own() -> None:
    assert text(words.shown(row(value=None, status="quarantined"), COST)).startswith("▣ w")


def test_a_withheld_verdict_says_why() -> None:
    assert words.verdict_text(row(verdict="withheld", reason="too few peers"), "lower") == "Withheld: too few peers"
    assert words.reason(row(like_for_like=False)) == "another body pays part of the service"


def test_clearness_is_difference_over_spread_and_last_without_a_verdict() -> None:
    near, far = row(ratio=1.1, ratio_lo=0.9, ratio_hi=1.3), row(ratio=1.6, ratio_lo=1.4, ratio_hi=1.8)
    assert words.clearness(far) > words.clearness(near) > words.clearness(row(verdict="withheld")) == -1


def test_sentences_come_from_the_row() -> None:
    told = words.position_sentence(row(), "Sunderland", COST)
    assert told == "Sunderland: £125 a tonne (£109 to £142), 2023-24; the middle half of its 13 peers, £96 to £108."
    few = words.position_sentence(row(peer_q25=None, peer_q75=None, n_peers=6), "Sunderland", COST)
    assert few.endswith("the median of its 6 peers, £104.")
    absent = words.position_sentence(row(value=None, status="missing"), "Sunderland", COST)
    assert absent == "Sunderland has no figure to show: missing: not supplied to the publisher."


def test_differences_have_intervals_in_words() -> None:
    assert words.difference(row()) == "20% more (5% more to 37% more)"
    assert words.difference(row(ratio_lo=None)) == "20% more, no interval"


def test_lists_and_labels_inside_sentences() -> None:
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.uncapital("A roads in poor state") == "A roads in poor state"
    assert words.uncapital("Waste") == "waste"
    assert words.uncapital("BAME residents") == "BAME residents"
