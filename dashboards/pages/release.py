"""One release: can I trust it, what is in it, and how do I check that for myself?"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from dash import html

from dashboards.address import Address, Refused, only
from dashboards.api.answers import BASE
from dashboards.components import block
from dashboards.components.markup import attrs
from dashboards.components.numbers import day, moment, plural, size, whole
from dashboards.components.sheet import Head, Sheet, as_table
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages import quality
from dashboards.pages.changes import standing
from dashboards.pages.releases import citation, compare_links
from dashboards.runs import Told, decisions
from pipelines.contracts import CheckResult

NAME = re.compile(r"[0-9a-f]{12,16}")


def layout(library: Library, address: Address) -> block.View:
    """The page `/releases/<a>`: blocking checklist, evidence, decisions, files with hashes, how to verify and cite."""
    only(address)
    if not NAME.fullmatch(address.parts[1]):
        raise Refused(404, "A release is named by its first 12 hexadecimal digits.")
    book = library.book(address.pack, standing(library, address.pack, address.parts[1]))
    checks = book.release.checks
    blocking = sheet("checklist", "Blocking checklist", book, [c for c in checks if c.severity == "critical"])
    evidence = sheet("evidence", "Evidence that warns", book, [c for c in checks if c.severity != "critical"])
    told = [each for each in decisions(library.home, book.pack) if each.release == book.id and each.what != "dispute"]
    listed = files(book)
    title = f"Release {book.id[:12]}"
    return block.View(
        title,
        [
            block.heading(title, address, kicker=f"{book.title}, {day(book.date)}", section="releases"),
            block.lede(*lede(library, book)),
            links(library, book, address),
            checklist("Blocking checklist", BLOCKING, blocking, checks, address),
            checklist("Evidence", EVIDENCE, evidence, checks, address),
            who_decided(told, disputes_of(book, address)),
            block.table_block("Files", FILES, listed, address),
            verify(book),
        ],
        "releases",
        (blocking, evidence, listed),
    )


BLOCKING = "Each of these must pass, or nothing is published. One that could not be evaluated never counts as a pass."
EVIDENCE = "These warn: the release stands, and the warning with it."
FILES = "Each file with its SHA-256, as the release’s own description states it. The release’s name is made from them."


def lede(library: Library, book: Book) -> list[Any]:
    """What it holds, and whether it is the current one."""
    number = book.facts["counts"]
    state = "the current one" if library.book(book.pack).id == book.id else "not the current one"
    broken = [check for check in book.release.checks if check.blocks]
    said = (
        f"{plural(len(broken), 'blocking check', 'blocking checks')} did not pass"
        if broken
        else "Every blocking check passed"
    )
    return [
        html.B(f"{said}. "),
        f"This release is {state}: {whole(number['values'])} figures of ",
        f"{plural(number['bodies'], book.noun, book.nouns)}.",
    ]


def links(library: Library, book: Book, address: Address) -> html.Nav:
    """To the release as readers see it, and to what changed."""
    first = html.A("See its pages", href=Address(book.pack, book.id[:12], ()).to(), **attrs(data_full=""))
    items = [html.Li(link) for link in (first, *compare_links(library, book, address))]
    return html.Nav(html.Ul(items), className="pager", **attrs(aria_label="This release"))


def sheet(id: str, title: str, book: Book, checks: list[CheckResult]) -> Sheet:
    """Checks as a table, those that did not pass first."""
    order = {"failed": 0, "not_evaluated": 1, "passed": 2}
    listed = sorted(checks, key=lambda check: (order[check.outcome], check.table, check.id))
    cells = [[c.meaning, quality.result(c), c.table, quality.observed(c)] for c in listed]
    fields = ("id", "table", "kind", "severity", "outcome", "meaning", "observed")
    raw = [{**{name: getattr(c, name) for name in fields}, "outcome": quality.came_out(c)} for c in listed]
    heads = (Head("What it says"), Head("Result"), Head("Table"), Head("Seen"))
    return Sheet(id, title, heads, cells, fields, raw)


def checklist(title: str, said: str, found: Sheet, checks: tuple[CheckResult, ...], address: Address) -> html.Section:
    """Checks that did not pass in full; those that passed folded away below their count."""
    split = sum(row["outcome"] != "passed" for row in found.raw)
    passed = len(found.raw) - split
    open_ones = replace(found, id=f"{found.id}-open", title=f"{title}: did not pass", cells=found.cells[:split])
    folded = replace(found, id=f"{found.id}-passed", title=f"{title}: passed", cells=found.cells[split:])
    content: list[Any] = [as_table(open_ones)] if split else []
    if passed:
        content.append(html.Details([html.Summary(f"Show {passed} that passed"), as_table(folded)]))
    count = f"{passed:,} of {len(found.raw):,} passed. "
    foot = html.Div(block.feet(found, None, address), className="foot")
    return block.panel(title, html.P([html.B(count), said], className="sub"), *content, foot, id=f"title-{found.id}")


def who_decided(told: list[Told], disputes: html.P) -> html.Section:
    """Every decision about the release, as the log of the pack has it."""
    items = [html.Li(f"{moment(each.when)}: {each.what} by {each.who}: {each.why}") for each in told]
    nothing = html.P("The log of decisions says nothing of it.")
    return block.panel("Who decided", html.Ul(items) if items else nothing, disputes, id="decided")


def disputes_of(book: Book, address: Address) -> html.P:
    """How many of the release's figures bodies dispute, with the way to them."""
    found = [each for each in book.replies.disputes if each.release == book.id]
    waiting = sum(each.is_open for each in found)
    said = (
        f"{plural(len(found), 'figure of it was', 'figures of it were')} disputed, {waiting:,} without a decision yet. "
    )
    link = html.A("Right of reply", href=address.to("disputes"))
    return html.P([said if found else "No figure of it was disputed. ", link])


def files(book: Book) -> Sheet:
    """Every file that the release lists, with its size, hash and download link."""
    cells, raw = [], []
    for entry in book.release.meta["resources"]:
        path, digest = str(entry["path"]), str(entry["hash"]).removeprefix("sha256:")
        url = f"{BASE}/packs/{book.pack}/releases/{book.id}/files/{path}"
        rows = whole(entry["rows"]) if "rows" in entry else "–"
        cells.append(
            [
                html.A(path, href=url, **attrs(data_full="")),
                size(entry["bytes"]),
                rows,
                html.Code(digest, className="hash"),
            ]
        )
        raw.append({"path": path, "bytes": entry["bytes"], "rows": entry.get("rows"), "sha256": digest, "url": url})
    heads = (Head("File"), Head("Size", True), Head("Rows", True), Head("SHA-256"))
    return Sheet("files", "Files", heads, cells, ("path", "bytes", "rows", "sha256", "url"), raw)


def verify(book: Book) -> html.Section:
    """What to type, and what to write."""
    described = f"{BASE}/packs/{book.pack}/releases/{book.id}/datapackage.json"
    return block.panel(
        "Verify and cite",
        html.P(
            [
                "That every file is the one that was published: ",
                html.Code(f"evenhand releases verify {book.pack} {book.id}"),
            ]
        ),
        html.P(
            [
                "That the inputs it names give these very bytes: ",
                html.Code(f"evenhand releases rebuild {book.pack} {book.id}"),
            ]
        ),
        html.P(
            ["Its own description of every table: ", html.A("datapackage.json", href=described, **attrs(data_full=""))]
        ),
        html.P(["To cite it: ", html.Cite(citation(book))]),
        id="cite",
    )
