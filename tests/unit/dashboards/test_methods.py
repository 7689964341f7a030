"""Method pages quote the cards, and count what this release made by them."""

from __future__ import annotations

import pytest

from dashboards import routes
from dashboards.components.markup import render, text
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages.methods import in_order
from pipelines.releases.read import cards, claims

PREFIX = "/twelve-councils"


def test_every_card_is_listed_with_its_claim_and_has_a_page(library: Library) -> None:
    view = routes.view(library, f"{PREFIX}/methods")
    assert {row["id"] for row in view.sheets[0].raw} == set(cards()) == set(claims())
    assert all(row["claim"] and row["formula"] and row["source"] for row in view.sheets[0].raw)
    for id in cards():
        assert routes.view(library, f"{PREFIX}/methods/{id}").status == 200


def test_a_page_tells_formula_defaults_limits_source_and_version(library: Library) -> None:
    card = cards()["M3.2"]
    shown = text(list(routes.view(library, f"{PREFIX}/methods/M3.2").content))
    for words in (card.title, card.formula, card.edge_cases.rstrip("."), card.source.rstrip("."), claims()["M3.2"]):
        assert words[1:] in shown
    assert all(name.replace("_", " ") in shown for name in card.defaults)


def test_figures_are_counted_by_table(library: Library, book: Book) -> None:
    sheet = routes.view(library, f"{PREFIX}/methods/M3.4").sheets[0]
    counted = {row["table"]: row["rows"] for row in sheet.raw}
    assert counted == {name: book.release.table(name).height for name in ("funnels", "funnel_points")}


def test_a_claim_leads_to_its_methods(library: Library) -> None:
    shown = render(routes.view(library, f"{PREFIX}/claim/T01/recycling_share/2023-24/statistical").content)
    assert f"{PREFIX}/methods/M1.1" in shown


def test_numbers_are_in_order() -> None:
    assert sorted(["M3.10", "us-mssp", "M3.16e", "M3.2", "M3.16"], key=in_order) == [
        "M3.2",
        "M3.10",
        "M3.16",
        "M3.16e",
        "us-mssp",
    ]


@pytest.mark.parametrize("path", ["M9.9", "..%2f..", "%00", "M3.4/more", "M3.4?x=1", "<b>"])
def test_a_method_that_is_none_is_refused(library: Library, path: str) -> None:
    assert routes.view(library, f"{PREFIX}/methods/{path}").status in (400, 404)
