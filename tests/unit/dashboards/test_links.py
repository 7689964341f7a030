"""Every link and every claim that a page of the invented release offers can be opened."""

from __future__ import annotations

from functools import cache

from dashboards import routes
from dashboards.components.markup import render
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages import claim
from tests import links
from tests.releases import ENDED, LIVING, PACK
from tests.unit.dashboards.test_pages import PREFIX

TABS = ("", "/chain", "/peers", "/potential", "/targets", "/settlement", "/report", "/try")
SECTOR = ("", "/bodies", "/services", "/quality", "/settlements", "/methods", "/dictionary", "/glossary", "/releases")


def pages(book: Book) -> list[str]:
    """Every page that shows figures, with every choice that brings other ones."""
    found = [f"{PREFIX}{page}" for page in SECTOR]
    found += [f"{PREFIX}/service/{service}" for service in book.services]
    found += [f"{PREFIX}?service={service}&model={model}" for service in book.services for model in book.models]
    for body in (*LIVING, *ENDED):
        found += [f"{PREFIX}/body/{body}{tab}" for tab in TABS]
        found += [f"{PREFIX}/body/{body}/{part}/{id}" for part in ("service", "chain") for id in book.services]
        found += [f"{PREFIX}/body/{body}/settlement?plan={plan}" for plan in ("steady", "modest")]
    return [page for page in found if "/T11/" not in page and "/T12/" not in page]


def test_every_link_and_every_claim_that_a_page_offers_can_be_opened(library: Library, book: Book) -> None:
    @cache
    def see(target: str) -> tuple[int, str]:
        path = target.partition("?")[0]
        if path.endswith("report.pdf") or path.startswith("/api/"):  # files, which tests of their own open
            return 200, ""
        view = routes.view(library, target)
        return view.status, render(view.content)

    offered = {key for page in pages(book) for key in links.CLAIM.findall(see(page)[1])}
    kinds = {key.split("~")[1] for key in offered if key.startswith("of~")}
    assert {"targets", "target_tests", "target_budgets", "settlements", "scheme_bodies", "schemes"} <= kinds
    assert links.dead(see, pages(book), PREFIX) == []


def test_the_last_part_of_a_claim_is_what_its_kind_takes(library: Library, book: Book) -> None:
    for path, status in (
        ("targets/T01/recycling_share/2023-24/fair_targets", 200),
        ("targets/T01/recycling_share/2023-24/modest", 404),
        ("settlements/T01/fair_settlement/2024-25/modest", 200),
        ("settlements/T01/fair_settlement/2024-25/fair_targets", 404),
        ("position/T01/recycling_share/2023-24/statistical", 200),
        ("position/T01/recycling_share/2023-24/nope", 404),
    ):
        assert routes.view(library, f"{PREFIX}/claim/of/{path}").status == status, path
    assert book.variants("schemes") == {"equal_cut", "gain_share"}


def test_a_drawer_opens_a_target_and_a_settlement(library: Library) -> None:
    book, address = routes.opened(library, f"{PREFIX}/body/T01/targets")
    for key in (
        "of~targets~T01~recycling_share~2023-24~fair_targets",
        "of~settlements~T01~fair_settlement~2024-25~modest",
    ):
        assert "How it is calculated" in render(claim.drawer(book, address, key))
    assert book.pack == PACK
