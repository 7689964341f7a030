"""A body's first page leads on: what is asked, what would be kept; the chosen peers travel along the tabs."""

from __future__ import annotations

import re

import pytest

from dashboards import routes
from dashboards.components.markup import render
from dashboards.components.numbers import headline_money
from dashboards.data import Book
from dashboards.library import Library

PREFIX = "/twelve-councils"
TABS = ("peers", "chain", "potential", "targets", "settlement")


def page(library: Library, path: str) -> str:
    view = routes.view(library, PREFIX + path)
    assert view.status == 200
    return render(view.content)


def said(library: Library, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(library, path)))


def test_targets_stand_in_a_line_each_with_level_year_call_and_chance(library: Library) -> None:
    words = said(library, "/body/T01")
    assert "Targets and tracking in three lines" in words
    assert re.search(
        r"Waste recycled : 44% of waste collected .*by 2026-27 \(fails 1 fairness test\)\. Uncertain: about as likely "
        r"as not, 40%",
        words,
    )
    assert "An illustration: nobody has issued these targets." in words
    none = said(library, "/body/T05")
    assert "This release holds no target of" in none and "in three lines" not in none


def test_what_is_kept_is_the_sum_of_the_releases_ledger(library: Library, book: Book) -> None:
    rows = book.rows("settlements", body_id="T01", plan_id="modest")
    kept = sum(row["kept_pence"] for row in rows) / 100
    words = said(library, "/body/T01")
    assert f"would keep {headline_money(kept, currency='GBP')}" in words.replace(" : What you would keep", "")
    assert "has no ledger of" in said(library, "/body/T05")
    claim = "of~settlements~T01~fair_settlement~total~modest"
    assert book.claim_of("settlements", "T01", "fair_settlement", "total", "modest").value == pytest.approx(kept)
    assert f'data-drawer="{claim}"' in page(library, "/body/T01")


@pytest.mark.parametrize("tab", TABS)
def test_the_chosen_peers_travel_along_every_tab(library: Library, tab: str) -> None:
    markup = page(library, f"/body/T02/{tab}?model=official")
    tabs = markup.split('class="tabs"')[1].split("</nav>")[0]
    assert tabs.count("?model=official") == 1 + len(TABS)
    fixed = "This tab is worked out with these peers only" in markup
    assert fixed == (tab != "peers")


def test_a_model_that_the_release_lacks_is_refused_on_every_tab(library: Library) -> None:
    assert routes.view(library, f"{PREFIX}/body/T02/targets?model=nobody").status == 400


def test_the_chain_says_on_which_basis_its_money_stands(library: Library) -> None:
    assert "this release holds no index of local wages and rents for the service" in said(library, "/body/T02/chain")


def test_a_settlement_over_the_sector_says_three_facts_and_what_each_is_asked_for(library: Library, book: Book) -> None:
    words = said(library, "/settlements")
    for fact in ("Kept by all", "Burden on the deprived", "Largest loss", "no order of merit", "90% range"):
        assert fact in words
    view = routes.view(library, f"{PREFIX}/settlements")
    sheet = next(sheet for sheet in view.sheets if sheet.id == "asked")
    rows = book.rows("scheme_bodies", way="gain_share")
    assert {row["body_id"]: row["cut"] for row in sheet.raw} == {row["body_id"]: row["cut"] for row in rows}
