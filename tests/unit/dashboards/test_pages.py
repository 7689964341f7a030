"""Every page on the invented release, each status at its known place (tests/releases.py)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dash import dcc

from dashboards import routes
from dashboards.blocks.absence import claim_of
from dashboards.components.block import View
from dashboards.components.markup import render, text
from dashboards.components.numbers import period_words
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages import find
from dashboards.pages.body import STALE, lede, newest_rows
from tests.releases import HIDDEN_VALUE, LIVING, NAMES

PREFIX = "/twelve-councils"
PATHS = [
    "",
    "?service=waste",
    "?service=roads&model=official",
    "/bodies",
    "/bodies?region=North",
    "/find?q=zzz",
    *(f"/body/{body}" for body in (*LIVING, "T11", "UK")),
    "/body/T06?model=official",
    "/body/T01/peers",
    "/body/T08/peers?model=official",
    "/services",
    "/service/waste",
    "/service/waste?measure=recycling_share&period=2022-23",
    "/service/roads",
    "/quality",
    "/releases",
    "/glossary",
    "/accessibility",
    "/claim/T01",
    "/claim/recycling_share/2023-24",
    "/claim/T01/recycling_share/2023-24/statistical",
    "/claim/T08/waste_cost_per_tonne/2023-24",
]


def see(library: Library, path: str) -> View:
    return routes.view(library, PREFIX + path)


def words_of(library: Library, path: str) -> str:
    return text(list(see(library, path).content))


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_one_heading_and_shows_no_hidden_number(library: Library, path: str) -> None:
    view = see(library, path)
    shown = render(view.content)
    assert view.status == 200, text(list(view.content))
    assert shown.count("<h1") == 1
    hidden = (f"{HIDDEN_VALUE:,.0f}", f"{HIDDEN_VALUE:.0f}")
    if path != "/quality" and not path.startswith("/claim/T08"):  # there the publisher's own text of the cell stands
        assert not any(number in shown for number in hidden)
    for sheet in view.sheets:
        figures = [row.get("value") for row in sheet.raw]
        assert HIDDEN_VALUE not in figures


@pytest.mark.parametrize("path", PATHS)
def test_no_page_orders_bodies_by_merit(library: Library, path: str) -> None:
    shown = words_of(library, path).lower()
    assert not re.search(
        r"\b(ranked?|ranking|league)\b|\b\d+(st|nd|rd|th) (of|out)\b|\b(worst|best) (council|body)", shown
    )


@pytest.mark.parametrize("path", PATHS)
def test_ids_are_unique_and_charts_are_pictures_with_a_table(library: Library, path: str) -> None:
    shown = render(see(library, path).content)
    ids = re.findall(r' id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    assert shown.count('role="img"') == shown.count("Show as table")


def test_the_table_under_the_plot_has_every_row_with_interval_and_status(library: Library) -> None:
    view = see(library, "?service=waste")
    sheet = next(sheet for sheet in view.sheets if sheet.id == "against-peers")
    assert [row["name"] for row in sheet.raw] == sorted(NAMES[:10])
    assert {"value", "lo", "hi", "status", "verdict"} <= set(sheet.fields)
    for row in sheet.raw:
        assert (row["value"] is None) == (row["status"] in ("missing", "quarantined"))


def test_the_marks_of_the_plot_are_the_rows_that_have_a_verdict(library: Library, book: Book) -> None:
    rows = book.standing("statistical", indicator_id="recycling_share", period="2023-24")
    told = {row["body_id"] for row in rows if row["verdict"] != "withheld"}
    from dashboards.pages.rows import counts, named

    assert counts(named(book, rows, ""))["compared"] == len(told)


def test_each_status_stands_where_it_should(library: Library) -> None:
    look = see(library, "/body/T03").sheets[0]
    shown = {row["indicator_id"]: text(cells) for row, cells in zip(look.raw, look.cells, strict=True)}
    assert "xmissing" in shown["waste_cost_per_tonne"]
    assert "Pprovisional" in words_of(library, "/body/T02")
    assert "csuppressed" in words_of(library, "/body/T04")
    assert "znot applicable" in words_of(library, "/body/T09")
    assert "▣ wwithheld: its figures failed a check" in words_of(library, "/body/T08")
    assert "too small to say" in words_of(library, "/body/T07")


def test_a_body_that_is_not_like_for_like_has_no_verdict_and_is_counted(library: Library, book: Book) -> None:
    rows = book.standing("statistical", body_id="T05", indicator_id="waste_cost_per_tonne")
    assert {row["verdict"] for row in rows} == {"withheld"}
    assert "left out" in words_of(library, "/service/waste")
    assert "A joint authority disposes of its waste" in words_of(library, "/service/waste")


@pytest.mark.parametrize(
    "path", ["?service=waste", "/body/T01", "/services", "/service/waste", "/claim/waste_cost_per_tonne/2023-24"]
)
def test_a_proxy_says_so_wherever_it_appears(library: Library, path: str) -> None:
    assert "proxy" in words_of(library, path).lower()


def test_an_ended_body_leads_to_its_successor(library: Library) -> None:
    view = see(library, "/body/T11")
    assert f'href="{PREFIX}/body/T10"' in render(view.content)
    assert "ended on 31 March 2023" in words_of(library, "/body/T11")


def test_a_small_group_has_no_median(library: Library, book: Book) -> None:
    rows = book.standing("official", body_id="T08", period="2023-24")
    assert {row["peer_median"] for row in rows} == {None}
    assert "Too few comparable bodies (3)" in words_of(library, "/body/T08/peers?model=official")


def test_one_hit_leads_to_the_body_and_a_miss_to_the_list(library: Library) -> None:
    assert see(library, "/find?q=alderbrook+council").leads_to == f"{PREFIX}/body/T01"
    assert "the list of all councils" in words_of(library, "/find?q=zzz")


def test_quality_shows_what_could_not_be_evaluated_as_such(library: Library) -> None:
    shown = words_of(library, "/quality")
    assert "Could not be evaluated" in shown
    assert "Gross spending cannot be negative" in shown


def test_a_failed_check_that_does_not_block_is_a_warning_wherever_it_stands(library: Library) -> None:
    """The strip counts it as a warning; so do the tables and the claims that read its table."""
    for path in ("/quality", "/claim/T01/waste_cost_per_tonne/2023-24"):
        page = render(see(library, path).content)
        assert 'class="outcome warned"' in page and "Warning" in page
        assert 'class="outcome failed"' not in page
    sheet = next(each for each in see(library, "/quality").sheets if each.id == "checks")
    assert {row["outcome"] for row in sheet.raw} == {"passed", "warned", "not_evaluated"}


def test_bodies_are_listed_without_a_single_performance_figure(library: Library) -> None:
    sheet = see(library, "/bodies").sheets[0]
    assert {"value", "verdict", "ratio"}.isdisjoint(sheet.fields)
    assert [row["name"] for row in sheet.raw] == sorted(NAMES[:10])


def test_charts_can_neither_zoom_nor_take_the_focus(library: Library) -> None:
    def graphs(node: Any) -> list[dcc.Graph]:
        if isinstance(node, dcc.Graph):
            return [node]
        children = getattr(node, "children", node if isinstance(node, list | tuple) else None)
        children = children if isinstance(children, list | tuple) else [children] if children is not None else []
        return [found for child in children if not isinstance(child, str) for found in graphs(child)]

    found = graphs(list(see(library, "/body/T01").content))
    assert found
    for graph in found:
        assert graph.config["displayModeBar"] is False
        assert graph.figure["layout"]["xaxis"]["fixedrange"] is True


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nope", 404),
        ("/body/ZZZ", 404),
        ("/body/T01/unsettled", 404),
        ("/service/zzz", 404),
        ("/claim/zzz", 404),
        ("/claim/T01/recycling_share/1999", 404),
        ("?colour=red", 400),
        ("?model=zzz", 400),
        ("/bodies?page=99", 400),
        ("/000000000000/quality", 404),
    ],
)
def test_what_cannot_be_shown_has_a_page_with_the_way_out(library: Library, path: str, status: int) -> None:
    view = see(library, path)
    assert view.status == status
    assert "overview" in text(list(view.content))


def test_a_body_without_newest_figures_says_so_and_shows_what_there_is(
    library: Library, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Had others figures of 2024-25, all of T01's would be older: an absence, which is no finding."""
    monkeypatch.setattr(book, "newest", lambda _: "2024-25")
    for path in ("/body/T01", "/body/T01/report"):
        shown = words_of(library, path)
        assert "No figures for 2024-25; the newest are of 2023-24." in shown
        rows = see(library, path).sheets[0].raw
        assert rows and all(row["value"] is not None for row in rows)


def test_a_body_compared_with_nobody_is_not_said_to_differ_on_nothing(book: Book) -> None:
    rows = [{**row, "verdict": "withheld"} for row in newest_rows(book, book.bodies["T01"], "statistical")]
    told = text(lede(book, book.bodies["T01"], rows))
    assert (
        told == "No first measure of Alderbrook can be compared with peers; the table shows what there is and says why."
    )
    hidden = [{**row, "value": None} for row in rows]
    assert "has no figure of Alderbrook that could be shown" in text(lede(book, book.bodies["T01"], hidden))


def test_a_figure_without_a_position_opens_its_value(book: Book) -> None:
    """The explanation of a position that the release does not hold would be no page at all."""
    row = newest_rows(book, book.bodies["T01"], "statistical")[0]
    assert claim_of(row, "statistical") == ("T01", row["indicator_id"], row["period"], "statistical")
    assert claim_of({**row, "n_peers": None}, "statistical") == ("T01", row["indicator_id"], row["period"])


def test_a_name_that_is_found_says_how_old_its_figures_are(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    body = book.bodies["T01"]
    old = next(period for period in sorted(book.ends) if book.age(period) >= STALE)
    assert find.age(book, body) == ""
    monkeypatch.setitem(book.last_periods, "T01", old)
    assert find.age(book, body) == f", newest figures of {period_words(old)}"
    monkeypatch.delitem(book.last_periods, "T01")
    assert find.age(book, body) == ", no figures"
