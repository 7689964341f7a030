"""A figure's narrow twin says the same: every mark, name and amount, and nothing is cut short."""

from __future__ import annotations

import re

import pytest

from dashboards.components.asked_plot import asked_plot
from dashboards.components.courses import tick
from dashboards.components.labels import on_two
from dashboards.components.narrow import LETTERS, apart, few_periods, heights, over
from dashboards.components.numbers import Style
from dashboards.components.plots import dot_plot
from dashboards.components.waterfall import waterfall

LONG = "The Accountable Care Organization of Northern and Southern Somewhere, Incorporated"
BAND = {"peer_q25": 90.0, "peer_median": 118.0, "peer_q75": 119.0}


def row(name: str, value: float, *, you: bool = False) -> dict[str, object]:
    return {"name": name, "value": value, "lo": value - 5, "hi": value + 5, "status": "ok", "you": you}


def words(text: str) -> str:
    return re.sub(r"<[^>]+>", " ", text).replace("  ", " ").strip()


def test_a_name_stands_on_one_line_or_two_of_about_the_same_length_and_is_never_cut() -> None:
    assert on_two("Sunderland") == "Sunderland"
    first, second = on_two(LONG).split("<br>")
    assert f"{first} {second}" == LONG and abs(len(first) - len(second)) <= len("Incorporated")


def test_rows_are_as_high_as_their_names_and_each_name_stands_over_its_marks_on_a_narrow_screen() -> None:
    figure = dot_plot([row("Ash", 100.0), row(LONG, 120.0, you=True)], Style("unit_cost", "£ per tonne"), BAND)
    low, high = figure["layout"]["yaxis"]["tickvals"]
    assert (low, high) == (28 / 2, 28 + 40 / 2)  # a row of one line is 28 pixels, of two 2 x 18 + 4 = 40
    twin = figure["layout"]["meta"]["narrow"]
    over = [note for note in twin["layout"]["annotations"] if note.get("yanchor") == "top"]
    assert [words(note["text"]) for note in over] == ["Ash", LONG]
    marks = [at for trace in twin["data"] for at in trace["y"]]
    assert len(marks) == 2 and all(note["y"] + 18 <= at for note, at in zip(over, marks, strict=True))
    assert [trace["x"] for trace in twin["data"]] == [trace["x"] for trace in figure["data"]]
    # Two lines of 34 letters do not hold the long name, so over its row it takes three of 18 pixels.
    assert heights(figure) == (28 + 40 + 76, (18 + 24) + (54 + 24) + 76)


def test_the_medians_name_turns_inwards_near_a_side() -> None:
    figure = dot_plot([row("Ash", 100.0), row("Elm", 120.0)], Style("unit_cost", "£ per tonne"), BAND)
    # Lines run from 95 to 125, so 118 lies at (118 - 95) / 30 = 0.77 of the width: beyond 0.65.
    assert figure["layout"]["annotations"][0]["xanchor"] == "right"


def test_lying_bars_have_the_same_lengths_and_amounts() -> None:
    steps = [
        {"label": "Done as peers do it", "kind": "reference", "amount": 20e6},
        {"label": "spending per tonne", "kind": "step", "amount": 7e6},
        {"label": "tonnes per home", "kind": "step", "amount": -1e6},
        {"label": "Ash actual", "kind": "you", "amount": 26e6},
    ]
    figure = waterfall(steps, "GBP")
    twin = figure["layout"]["meta"]["narrow"]
    upright, lying = figure["data"][0], twin["data"][0]
    assert (lying["x"], lying["base"]) == (upright["y"], upright["base"])
    amounts = {note["text"] for note in figure["layout"]["annotations"]}
    assert amounts <= {note["text"] for note in twin["layout"]["annotations"]}


def test_an_amount_right_of_the_longest_bar_has_room_where_bars_reach_below_zero_too() -> None:
    steps = [
        {"label": "Done as peers do it", "kind": "reference", "amount": 300_000},
        {"label": "tonnes per home", "kind": "step", "amount": -617_000},
        {"label": "Ash actual", "kind": "you", "amount": -317_000},
    ]
    low, high = waterfall(steps, "GBP")["layout"]["meta"]["narrow"]["layout"]["xaxis"]["range"]
    # "−£617,000" has 9 letters of 9.5 pixels; of 250 pixels those right of 300,000 must hold them
    assert (high - 300_000) / (high - low) * 250 >= 9 * 9.5 - 1e-9


@pytest.mark.parametrize(("count", "named"), [(1, (0,)), (2, (0, 1)), (3, (0, 1, 2)), (4, (0, 3)), (6, (0, 2, 5))])
def test_the_middle_period_is_named_where_it_stands_clear_of_both_ends(count: int, named: tuple[int, ...]) -> None:
    # of four, the second stands a third of the width from the first, which is less than 0.4; of six, 2 / 5 = 0.4
    periods = ["Last year", "2024-25", "2025-26", "2026-27", "2027-28", "2028-29"][:count]
    figure = {"data": [], "layout": {"xaxis": {"categoryarray": periods}}}
    assert few_periods(figure)["tickvals"] == [periods[place] for place in named]


def test_ticks_that_would_touch_are_left_out_the_first_never() -> None:
    ticks = [(-0.3, "Half"), (0.0, "Peers’ median"), (0.1, "25% more"), (0.35, "Double")]
    assert apart(ticks, 0.0, 0.2) == [(-0.3, "Half"), (0.0, "Peers’ median"), (0.35, "Double")]


def test_bars_stand_in_three_groups_with_their_own_ranges() -> None:
    rows = [
        {"name": "Elm", "verdict": "more", "cut": 0.05, "cut_lo": 0.04, "cut_hi": 0.06},
        {"name": "Ash", "verdict": "less", "cut": 0.02, "cut_lo": 0.01, "cut_hi": 0.025},
        {"name": "Oak", "verdict": "less", "cut": 0.01, "cut_lo": 0.015, "cut_hi": 0.02},
    ]
    figure = asked_plot(rows, 0.03, "Equal cut 3.0%")
    names = [words(name) for name in figure["layout"]["yaxis"]["ticktext"]]
    assert names == ["▼ Asked less: 2", "Oak", "Ash", "= Cannot be told apart: 0", "▲ Asked more: 1", "Elm"]
    assert figure["data"][0]["x"] == [1.0, 2.0]  # per cent of cost
    assert figure["data"][1]["x"] == [1.5, 2.0, None, 1.0, 2.5, None]  # what is asked may lie outside its range
    shapes = [trace["marker"]["symbol"] for trace in figure["data"] if trace.get("mode") == "markers"]
    assert shapes == ["triangle-down", "circle", "triangle-up"]


def test_a_name_that_two_lines_do_not_hold_takes_more_and_none_is_wider_than_a_phone() -> None:
    long = "Without The Accountable Care Organization, Ltd., whose figure lifts the median most (12)"
    lines = over(long, False).split("<br>")
    assert len(lines) == 3 and all(len(line) <= LETTERS for line in lines) and " ".join(lines) == long
    assert over("Rotherham", True) == "<b>Rotherham</b>"


def test_three_long_names_of_periods_do_not_stand_on_a_phone() -> None:
    periods = [tick(f"{year}-09-30") for year in range(2016, 2023)]
    figure = {"data": [], "layout": {"xaxis": {"categoryarray": periods}}}
    assert few_periods(figure)["tickvals"] == ["30 Sep 2016", "30 Sep 2022"]
    assert tick("2024-25") == "2024-25"
