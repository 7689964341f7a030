"""Bodies: which body am I? An alphabetical list without a single performance figure."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from dash import html

from dashboards.address import Address, choice, only, page_number
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import of_all
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book
from dashboards.pages.rows import kinds

PAGE = 50
GRADES = "A sound, B usable with a note, C not to be relied on alone, D absent"


def layout(book: Book, address: Address) -> block.View:
    """The page `/bodies`, 50 to a page, by kind and region."""
    only(address, "kind", "region", "page")
    kind = choice(address, "kind", kinds(book), "")
    regions = sorted({body.region for body in book.living if body.region})
    region = choice(address, "region", regions, "")
    found = [body for body in book.living if kind in ("", body.class_id) and region in ("", body.region)]
    pages = -(-len(found) // PAGE)
    page = page_number(address, pages)
    sheet = listing(book, address, found[(page - 1) * PAGE : page * PAGE])
    whole = listing(book, address, found)
    title = f"All {book.nouns}"
    return block.View(
        title,
        [
            block.heading(title, address, kicker=book.title, section="bodies"),
            block.lede(
                f"{of_all(len(found), len(book.living))} {book.nouns}, alphabetically. ",
                "Open one to see where it stands, or type its name above.",
            ),
            form(book, address, kind, region, regions),
            block.table_block(
                f"{words.capital(book.nouns)} and what is known of them",
                f"Measures with a figure for {book.newest_period}, and their data grades: "
                f"{GRADES}. Grades are of the data, not of the {book.noun}.",
                sheet,
                address,
            ),
            pager(address, page, pages),
        ],
        "bodies",
        (whole,),
    )


def listing(book: Book, address: Address, found: Sequence[Body]) -> Sheet:
    """Name, kind, region, measures present and their grades, for these bodies."""
    grades = graded(book)
    cells, raw = [], []
    for body in found:
        held = grades.get(body.id, {})
        present = sum(held.get(grade, 0) for grade in "ABC")
        total = sum(held.values())
        told = ", ".join(f"{held[grade]} {grade}" for grade in "ABCD" if held.get(grade)) or "none expected"
        link = html.A(body.name, href=address.to("body", body.id), className="strong")
        cells.append([link, body.kind, body.region or "–", of_all(present, total), told])
        raw.append(
            {
                "body_id": body.id,
                "name": body.name,
                "kind": body.kind,
                "region": body.region,
                "measures_present": present,
                "measures_expected": total,
                **{f"grade_{grade.lower()}": held.get(grade, 0) for grade in "ABCD"},
            }
        )
    region = words.capital(str(book.facts.get("region_noun") or "region"))
    heads = (Head(words.capital(book.noun)), Head("Kind"), Head(region), Head("Measures present", True), Head("Grades"))
    fields = (
        "body_id",
        "name",
        "kind",
        "region",
        "measures_present",
        "measures_expected",
        "grade_a",
        "grade_b",
        "grade_c",
        "grade_d",
    )
    return Sheet("bodies", words.capital(book.nouns), heads, cells, fields, raw)


def graded(book: Book) -> dict[str, dict[str, int]]:
    """Measures by grade in the newest period, per body."""
    frame = book.release.table("passport").filter(pl.col("period") == book.newest_period)
    found: dict[str, dict[str, int]] = {}
    for body, grade, count in frame.group_by("body_id", "grade").len().iter_rows():
        found.setdefault(body, {})[grade] = count
    return found


def form(book: Book, address: Address, kind: str, region: str, regions: Sequence[str]) -> html.Form:
    noun = str(book.facts.get("region_noun") or "region")
    parts = []
    if len(kinds(book)) > 1:
        parts.append(block.control("kind", "Kind", [("", "All kinds"), *kinds(book).items()], kind, ""))
    if regions:
        listed = [("", "Everywhere"), *((name, name) for name in regions)]
        parts.append(block.control("region", words.capital(noun), listed, region, ""))
    return block.controls(address, *parts)


def pager(address: Address, page: int, pages: int) -> html.Nav | None:
    """Links to the pages of a list; the page at hand is marked and is no link."""
    if pages < 2:
        return None
    items = []
    for number in range(1, pages + 1):
        here = attrs(aria_current="page") if number == page else {}
        target = address.here(page=str(number) if number > 1 else None)
        items.append(html.Li(html.A([html.Span("Page ", className="unseen"), str(number)], href=target, **here)))
    return html.Nav(html.Ul(items), className="pager", **attrs(aria_label="Pages of this list"))
