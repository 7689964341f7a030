"""What changed between two releases: the invented one, and an older state of it with three known differences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboards import routes
from dashboards.app import create_app
from dashboards.components.block import View
from dashboards.components.markup import render, text
from dashboards.components.parts import extent
from dashboards.library import Library
from pipelines.releases.read import CAUSES, open_release
from tests import releases as sample
from tests.older import SHARE, make_older

PREFIX = "/twelve-councils"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, str, str]:
    """A library with the older and the newer release, and their names."""
    home = tmp_path_factory.mktemp("two")
    before = make_older(home)
    after = sample.make_release(home)
    assert open_release(home, sample.PACK).id == after != before
    return Library(home), before, after


def see(pair: tuple[Library, str, str], query: str = "") -> View:
    library, before, after = pair
    return routes.view(library, f"{PREFIX}/releases/{before[:12]}..{after[:12]}{query}")


def rows(view: View) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["body_id"], row["indicator_id"]): dict(row) for row in view.sheets[0].raw}


def test_counts_and_parts_are_those_of_the_differences_made(pair: tuple[Library, str, str]) -> None:
    view = see(pair)
    assert view.status == 200 and render(view.content).count("<h1") == 1
    found = rows(view)
    row = found["T01", SHARE]
    # The ratio was 0.8 r and is r: a fifth of r is 100 x 0.2 r points, and nothing but the revision moved it.
    assert row["ratio_before"] == pytest.approx(0.8 * row["ratio_after"])
    assert row["revision_points"] == pytest.approx(100 * 0.2 * row["ratio_after"])
    assert sum(abs(row[f"{cause}_points"]) for cause in CAUSES) == pytest.approx(row["revision_points"])
    for row in found.values():
        points = sum(row[f"{cause}_points"] for cause in CAUSES)
        assert points == pytest.approx(100 * (row["ratio_after"] - row["ratio_before"]))
    said = text(list(view.content))
    library, before, after = pair
    changes = library.changes(sample.PACK, before, after)
    assert f"{len(found)} of {changes.both} positions moved" in said
    assert "Revision" in said and "2 of 3" not in said


def test_a_newer_period_is_the_bodys_or_its_peers_own_figure(pair: tuple[Library, str, str]) -> None:
    roads = [row for (_, indicator), row in rows(see(pair)).items() if indicator == "road_cost_per_km"]
    assert roads
    for row in roads:
        assert (row["period_before"], row["period_after"]) == ("2022-23", "2023-24")
        assert row["own_data"] or row["peers_data"]


def test_whose_peers_changed_is_said_with_a_reason(pair: tuple[Library, str, str]) -> None:
    sheet = next(sheet for sheet in see(pair).sheets if sheet.id == "peers-changed")
    assert {row["body_id"] for row in sheet.raw} == {"T02"}
    assert all(row["reason"] for row in sheet.raw)


def test_only_changes_of_verdict_or_one_measure_are_shown_when_asked(pair: tuple[Library, str, str]) -> None:
    turned = rows(see(pair, "?show=verdicts"))
    assert all(row["verdict_before"] != row["verdict_after"] for row in turned.values())
    assert {indicator for _, indicator in rows(see(pair, f"?measure={SHARE}"))} == {SHARE}


def test_no_hidden_figure_stands_on_either_side(pair: tuple[Library, str, str]) -> None:
    shown = render(see(pair).content)
    assert f"{sample.HIDDEN_VALUE:,.0f}" not in shown and f"{sample.HIDDEN_VALUE:.0f}" not in shown


def test_the_way_there_is_on_the_list_and_in_the_strip(pair: tuple[Library, str, str]) -> None:
    library, before, after = pair
    path = f"/releases/{before[:12]}..{after[:12]}"
    assert path in render(routes.view(library, f"{PREFIX}/releases").content)
    page = create_app(library.home).server.test_client().get(PREFIX).get_data(as_text=True)
    assert path in page


def test_comparing_again_is_kept(pair: tuple[Library, str, str]) -> None:
    library, before, after = pair
    assert library.changes(sample.PACK, before, after) is library.changes(sample.PACK, before, after)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("{a}..{a}", 400),
        ("000000000000..{b}", 404),
        ("{a}..ffffffffffff", 404),
        ("{a}..", 404),
        ("..{b}", 404),
        ("{a}..{b}..{a}", 404),
        ("{a}..%0a{b}", 404),
        ("{a}..%2e%2e%2f{b}", 404),
        ("{A}..{b}", 404),
        ("{a}..{b}?show=everything", 400),
        ("{a}..{b}?measure=%00", 400),
        ("{a}..{b}?page=0", 400),
        ("{a}..{b}?page=99", 400),
        ("{a}..{b}?sort=change", 400),
        ("ffffffffffff", 404),
        ("CURRENT", 404),
        ("{a}/{b}", 404),
    ],
)
def test_a_hostile_pair_gets_one_sentence(pair: tuple[Library, str, str], path: str, status: int) -> None:
    library, before, after = pair
    asked = path.format(a=before[:12], b=after[:12], A="ABCDEF012345")
    view = routes.view(library, f"{PREFIX}/releases/{asked}")
    assert view.status == status
    assert "Traceback" not in text(list(view.content))


def test_a_release_of_another_pack_is_unknown_here(pair: tuple[Library, str, str], tmp_path: Path) -> None:
    _, before, _ = pair
    other = sample.make_release(tmp_path)
    view = routes.view(Library(tmp_path), f"{PREFIX}/releases/{before[:12]}..{other[:12]}")
    assert view.status == 404 and before[:12] in text(list(view.content))


def test_a_release_has_its_checklist_files_and_commands(pair: tuple[Library, str, str]) -> None:
    library, _, after = pair
    view = routes.view(library, f"{PREFIX}/releases/{after[:12]}")
    said = text(list(view.content))
    assert "Every blocking check passed" in said and f"evenhand releases verify {sample.PACK} {after}" in said
    client = create_app(library.home).server.test_client()
    files = next(sheet for sheet in view.sheets if sheet.id == "files").raw
    for file in files[:4]:
        with client.get(file["url"]) as answer:
            assert answer.status_code == 200 and len(answer.data) == file["bytes"]


def test_the_reach_of_bars_is_the_longest_side() -> None:
    # 3 + 2 to the right, 4 to the left.
    assert extent([{"a": 3.0, "b": 2.0, "c": -4.0}], ["a", "b", "c"]) == 5.0
    assert extent([], ["a"]) == 0.0
