"""What is said is earned: no page, file or answer orders bodies, and a verdict is what its row's interval gives.

A place is stated only as a range of places with its interval; a verdict is higher where the whole interval lies above
the peers' median, lower where it lies below, else the body cannot be told apart (methods.md, M3.2).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pytest

from dashboards import routes
from dashboards.app import create_app
from dashboards.components.markup import text
from dashboards.components.sheet import as_csv
from dashboards.downloads import complete
from tests.browser.conftest import Site
from tests.browser.pages import EACH, PACK, Page, packs

ORDERING = re.compile(
    r"\branked\b|\brank(ing)?s?\b|\bleague\b|\bleader ?board\b|\bno\. ?\d+ of\b"
    r"|\b\d+(?-i:st|nd|rd|th)\b(?! (percentile|quantile|centile))"
    r"|\b(best|worst|top|bottom)[- ](performing|performer|council|bod)"
    r"|\b(worst|underperform\w*|outperform\w*|inefficien\w+|wasteful)\b",
    re.IGNORECASE,
)
"""Words that would order bodies or blame them. A percentile of a method is no place of a body."""
TERMS = re.compile(
    "mid-rank|rank uncertainty|never a rank, always a range|expected rank|rank of RMSPE|worst status|worst quarter"
    "|inefficiency|5th to 95th",
    re.IGNORECASE,
)
"""Terms of methods and columns where these are explained; nowhere else are they passed over."""
EXPLAINING = ("/methods", "/dictionary", "/claim", "/api/")
TABLES = ("positions", "places", "peers", "potentials", "settlements", "robustness_sets")


def blamed(said: str, where: str = "") -> list[str]:
    """Each such word with what stands around it."""
    said = TERMS.sub("", said) if any(part in where for part in EXPLAINING) else said
    return [said[max(0, found.start() - 40) : found.end() + 40] for found in ORDERING.finditer(said)]


@pytest.fixture(scope="module")
def clients() -> dict[int, Any]:
    return {}


def client_of(site: Site, clients: dict[int, Any]) -> Any:
    """Asks the application over the site's home, without a socket; made once."""
    key = id(site.library)
    if key not in clients:
        clients[key] = create_app(site.library.home).server.test_client()
    return clients[key]


@EACH
def test_no_page_and_no_table_of_it_orders_bodies(site: Site, path: str, listed: Page) -> None:
    view = routes.view(site.library, path)
    assert blamed(text(list(view.content)), path) == []
    book = site.library.book(listed.pack)
    for sheet in view.sheets:
        assert blamed(as_csv(complete(sheet, book)), path) == [], sheet.id


@EACH
def test_a_verdict_follows_from_the_interval_of_its_row(site: Site, path: str, listed: Page) -> None:
    book = site.library.book(listed.pack)
    for sheet in routes.view(site.library, path).sheets:
        if {"value", "lo", "hi", "peer_median", "verdict"} <= set(sheet.fields):
            for row in csv.DictReader(io.StringIO(as_csv(complete(sheet, book)))):
                assert row["verdict"] in earned(row), row


def earned(row: dict[str, str]) -> tuple[str, ...]:
    """Verdicts that a row's interval allows. Whoever is not like for like, or has no interval or peers, gets none."""
    if row["like_for_like"] != "True" or not all(row[name] for name in ("value", "lo", "hi", "peer_median")):
        return ("withheld",)
    lo, hi, median = (float(row[name]) for name in ("lo", "hi", "peer_median"))
    word = "higher" if lo > median else "lower" if hi < median else "same"
    return (word,) if row["status"] in ("ok", "provisional", "imputed", "break") else (word, "withheld")


@EACH
def test_a_workbook_says_no_more_than_its_page(site: Site, path: str, listed: Page, clients: dict[int, Any]) -> None:
    client, joint = client_of(site, clients), "&" if "?" in path else "?"
    path = routes.view(site.library, path).leads_to or path  # where the page itself sends its reader
    for sheet in routes.view(site.library, path).sheets[:1]:
        answer = client.get(f"{path}{joint}xlsx={sheet.id}")
        assert answer.status_code == 200
        with ZipFile(io.BytesIO(answer.data)) as book:
            assert [found for name in book.namelist() for found in blamed(book.read(name).decode(), path)] == []


@pytest.mark.parametrize("pack", packs())
def test_no_answer_of_the_interface_orders_bodies(
    pack: str, request: pytest.FixtureRequest, clients: dict[int, Any]
) -> None:
    site: Site = request.getfixturevalue("invented" if pack == PACK else "shipped")
    for asked in answers(site, pack):
        answer = client_of(site, clients).get(asked)
        assert answer.status_code == 200, asked
        assert blamed(json.dumps(answer.json, ensure_ascii=False), asked) == [], asked


def answers(site: Site, pack: str) -> Iterator[str]:
    """Addresses of the interface: a release, its tables' first rows, a claim."""
    book = site.library.book(pack)
    start = f"/api/v1/packs/{pack}/releases/{book.id}"
    yield start
    yield from (f"{start}/tables/{name}?limit=100" for name in TABLES if name in book.release.tables())


@pytest.mark.parametrize(
    "said",
    ["ranked 43rd", "rank 3", "the 43rd of 83", "a league table", "best performing", "the worst council", "no. 3 of 9"],
)
def test_a_word_that_orders_is_found_out(said: str) -> None:
    assert blamed(f"Alderbrook is {said}.")


def test_a_verdict_beyond_its_interval_is_found_out() -> None:
    row = {"like_for_like": "True", "value": "10", "lo": "9", "hi": "12", "peer_median": "9.5", "status": "ok"}
    assert earned(row) == ("same",)  # 9 to 12 holds 9.5
    assert earned({**row, "peer_median": "8.9"}) == ("higher",)
    assert earned({**row, "peer_median": "12.1"}) == ("lower",)
    assert earned({**row, "like_for_like": "False"}) == ("withheld",)
