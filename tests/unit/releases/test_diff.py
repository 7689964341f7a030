"""A change of position is split into causes that add up, and each cause is what was changed."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.releases.diff import CAUSES, SCHEMA, Side, Stand, diff, in_points, largest, split, verdicts_changed
from pipelines.releases.read import open_release
from tests.releases import PACK, make_release

OLD, NEW = "2022-23", "2023-24"


def side(period: str, ratio: float, figures: dict[str, dict[str, float]], peers: tuple[str, ...]) -> Side:
    values = {("cost", when): by_body for when, by_body in figures.items()}
    return Side({("A", "cost"): Stand(period, ratio, "same")}, values, values, {"A": peers})


THEN = {"A": 100.0, "B": 80.0, "C": 90.0, "D": 100.0}


def causes(old: Side, new: Side) -> dict[str, float]:
    row = split("A", "cost", old, new)
    parts = {cause: float(row[cause]) for cause in CAUSES}
    assert sum(parts.values()) == pytest.approx(float(row["change"]), abs=1e-12)
    return parts


def test_only_its_own_figure_moved():
    # 100 / median(80, 90, 100) = 100/90, then 120/90: ln 1.2.
    old = side(OLD, 100 / 90, {OLD: THEN}, ("B", "C", "D"))
    new = side(NEW, 120 / 90, {OLD: THEN, NEW: {**THEN, "A": 120.0}}, ("B", "C", "D"))
    assert causes(old, new) == pytest.approx(
        {"revision": 0, "own_data": math.log(1.2), "peers_data": 0, "peer_set": 0, "method": 0}, abs=1e-12
    )


def test_only_its_peers_moved():
    # The median of (88, 99, 110) is 99: ln(90/99).
    old = side(OLD, 100 / 90, {OLD: THEN}, ("B", "C", "D"))
    now = {"A": 100.0, "B": 88.0, "C": 99.0, "D": 110.0}
    parts = causes(old, side(NEW, 100 / 99, {OLD: THEN, NEW: now}, ("B", "C", "D")))
    assert parts["peers_data"] == pytest.approx(math.log(90 / 99))
    assert [cause for cause in CAUSES if abs(parts[cause]) > 1e-12] == ["peers_data"]


def test_only_a_revision():
    revised = {**THEN, "A": 110.0}
    parts = causes(
        side(OLD, 100 / 90, {OLD: THEN}, ("B", "C", "D")), side(OLD, 110 / 90, {OLD: revised}, ("B", "C", "D"))
    )
    assert [cause for cause in CAUSES if abs(parts[cause]) > 1e-12] == ["revision"]
    assert parts["revision"] == pytest.approx(math.log(1.1))


def test_only_the_peer_set():
    # (B, C, D) has the median 90, (C, D) has 95.
    parts = causes(side(OLD, 100 / 90, {OLD: THEN}, ("B", "C", "D")), side(OLD, 100 / 95, {OLD: THEN}, ("C", "D")))
    assert parts["peer_set"] == pytest.approx(math.log(90 / 95))
    assert [cause for cause in CAUSES if abs(parts[cause]) > 1e-12] == ["peer_set"]


def test_what_nothing_else_explains_is_the_method():
    parts = causes(side(OLD, 100 / 90, {OLD: THEN}, ("B", "C", "D")), side(OLD, 1.5, {OLD: THEN}, ("B", "C", "D")))
    assert parts["method"] == pytest.approx(math.log(1.5 / (100 / 90)))


@given(st.lists(st.floats(1, 1e6), min_size=8, max_size=8), st.floats(0.1, 10), st.floats(0.1, 10))
def test_causes_always_add_up(figures, before, after):
    then = dict(zip("ABCD", figures[:4], strict=True))
    now = dict(zip("ABCD", figures[4:], strict=True))
    old = side(OLD, before, {OLD: then}, ("B", "C"))
    causes(old, side(NEW, after, {OLD: {**then, "B": 7.0}, NEW: now}, ("C", "D")))


def test_a_release_does_not_differ_from_itself(tmp_path):
    make_release(tmp_path)
    release = open_release(tmp_path, PACK)
    changes = diff(release, release)
    assert changes.is_empty()
    assert largest(changes).is_empty() and verdicts_changed(changes).is_empty()


def test_parts_in_points_add_up_to_the_move():
    # From 1.0 to 1.2 by ln 1.3 of its own and -ln(1.3/1.2) of its peers: the logarithmic mean is 0.2/ln 1.2 = 1.0970,
    # so 28.8 points up, 8.8 down, 20 in all. Back at 1.15 after +-ln 1.1: 11 points either way.
    rows = [
        {"ratio_before": 1.0, "ratio_after": 1.2, "own_data": math.log(1.3), "peers_data": math.log(1.2 / 1.3)},
        {"ratio_before": 1.15, "ratio_after": 1.15, "own_data": math.log(1.1), "peers_data": -math.log(1.1)},
    ]
    whole = [
        {**dict.fromkeys(CAUSES, 0.0), "change": math.log(row["ratio_after"] / row["ratio_before"]), **row}
        for row in rows
    ]
    found = in_points(pl.DataFrame(whole, schema={name: SCHEMA[name] for name in whole[0]})).to_dicts()
    assert [round(found[0][f"{cause}_points"], 1) for cause in ("own_data", "peers_data")] == [28.8, -8.8]
    assert sum(found[0][f"{cause}_points"] for cause in CAUSES) == pytest.approx(20.0)
    assert [round(found[1][f"{cause}_points"], 1) for cause in ("own_data", "peers_data")] == [11.0, -11.0]
