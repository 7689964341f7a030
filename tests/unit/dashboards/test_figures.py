"""Figures say what their rows say, without a word or colour of their own."""

from __future__ import annotations

import json
from typing import Any

from dashboards.components.figures import against_peers, named_ticks, over_band
from dashboards.components.markup import render
from dashboards.components.numbers import Style
from dashboards.components.strip import share_bar, strip


def mark(name: str, verdict: str, ratio: float) -> dict[str, Any]:
    return {"name": name, "verdict": verdict, "ratio": ratio, "ratio_lo": ratio / 1.2, "ratio_hi": ratio * 1.2}


COUNTS = {"lower": 2, "same": 2, "higher": 1}
"""Of each group, one of the lower beyond the range that is drawn."""
ROWS = [mark("a", "same", 1.05), mark("b", "lower", 0.5), mark("c", "same", 0.9), mark("d", "higher", 1.6)]


def test_each_group_runs_from_low_to_high_with_a_gap_and_a_shape_of_its_own() -> None:
    lower, same, higher = against_peers(ROWS, COUNTS)["data"]
    assert (lower["text"], same["text"], higher["text"]) == (["b"], ["c", "a"], ["d"])
    assert lower["x"][-1] < same["x"][0] - 1
    assert {trace["marker"]["symbol"] for trace in (lower, same, higher)} == {"triangle-down", "circle", "triangle-up"}


def test_intervals_reach_from_lo_to_hi() -> None:
    same = against_peers(ROWS, COUNTS)["data"][1]
    assert same["y"][0] - same["error_y"]["arrayminus"][0] == 0.9 / 1.2
    assert same["y"][0] + same["error_y"]["array"][0] == 0.9 * 1.2


def test_the_counts_are_written_above_the_groups_and_there_is_no_legend_nor_zoom() -> None:
    figure = against_peers(ROWS, COUNTS)
    assert [note["text"] for note in figure["layout"]["annotations"]] == [
        "<b>▼ Lower</b>: 2",
        "<b>= Cannot be told apart from peers</b>: 2",
        "<b>▲ Higher</b>: 1",
    ]
    assert figure["layout"]["showlegend"] is False
    assert figure["layout"]["dragmode"] is False
    assert figure["layout"]["yaxis"]["fixedrange"] is True


def test_a_narrow_range_names_fine_ratios_and_a_wide_one_coarse_ones() -> None:
    assert [words for _, words in named_ticks(0.9, 1.12)] == [
        "10% less",
        "5% less",
        "Peers’ median",
        "5% more",
        "10% more",
    ]
    assert [words for _, words in named_ticks(0.4, 3.2)] == [
        "Half",
        "25% less",
        "Peers’ median",
        "50% more",
        "Double",
        "Triple",
    ]


def test_a_line_breaks_where_a_figure_is_absent_and_is_hollow_where_it_is_not_final() -> None:
    peers = {"peer_q25": 31.0, "peer_median": 38.0, "peer_q75": 45.0}
    rows = [
        {"period": "2021-22", "value": 30.0, "lo": 28.0, "hi": 33.0, "status": "ok", **peers},
        {"period": "2022-23", "value": None, "lo": None, "hi": None, "status": "missing", **peers},
        {"period": "2023-24", "value": 29.0, "lo": None, "hi": None, "status": "provisional", **peers},
    ]
    line = over_band(rows, "Sunderland", Style("share", "%"))["data"][3]
    assert line["y"] == [30.0, None, 29.0]
    assert line["connectgaps"] is False
    assert line["marker"]["color"] == ["#12436d", "#12436d", "#ffffff"]
    assert line["error_y"]["array"] == [33.0 - 30.0, 0.0, 0.0]
    assert line["error_y"]["arrayminus"] == [30.0 - 28.0, 0.0, 0.0]
    json.dumps(line)


def test_a_strip_starts_at_zero_and_draws_only_what_is_there() -> None:
    row = {
        "value": 50.0,
        "lo": 40.0,
        "hi": 60.0,
        "peer_q25": 80.0,
        "peer_median": 90.0,
        "peer_q75": 100.0,
        "status": "ok",
    }
    shown = render(strip(row))
    assert "left:47.2%" in shown  # 50 / (100 x 1.06) = 47.17%
    assert 'aria-hidden="true"' in shown
    absent = render(strip({**row, "value": None, "lo": None, "hi": None}))
    assert "dot" not in absent
    assert "half" in absent


def test_a_share_bar_has_a_part_for_each_count_that_is_not_nought() -> None:
    assert render(share_bar(1, 3, 0)).count("<span") == 2
