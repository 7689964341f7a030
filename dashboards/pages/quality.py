"""Quality: which figures should I doubt?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
from dash import html

from dashboards.address import Address, only
from dashboards.blocks.to_confirm import MOST, moved, moved_said
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import day, percent_of, plural, whole
from dashboards.components.sheet import Head, Sheet, as_table
from dashboards.data import Book
from pipelines.contracts import CheckResult

MOST_REASONS = 8
OUTCOME = {
    "passed": ("✓", "Passed"),
    "failed": ("✗", "Failed"),
    "warned": ("!", "Warning"),
    "not_evaluated": ("?", "Could not be evaluated"),
}
"""Mark and word of what came out of a check; `warned` is one that failed and does not block."""


def layout(book: Book, address: Address) -> block.View:
    """The page `/quality`: sources, checks, quarantine, to be confirmed, not like for like, grades per measure."""
    only(address)
    sheets = [sources(book), checks(book), quarantine(book), moved(book, address), flags(book, address), grades(book)]
    title = "Which figures to doubt"
    source, check, aside, unsure, scope, passport = sheets
    return block.View(
        title,
        [
            block.heading(title, address, kicker=book.title, section="quality"),
            block.lede(*lede(book)),
            contents(),
            block.table_block("Sources", SOURCES, source, address),
            checks_block(book, check, address),
            folded("Quarantine", quarantine_said(book), aside, address, by_reason(book)),
            folded("To be confirmed", moved_said(book, unsure), unsure, address),
            folded("Not like for like", flags_said(book), scope, address),
            folded("Grades by measure", GRADES, passport, address),
        ],
        "quality",
        tuple(sheets),
    )


SOURCES = (
    "Each edition read. Every cell read was accepted or set aside; none vanished. "
    "Age counts from the newest edition, since no clock is read."
)
CHECKS = "What did not pass is shown. A check that could not be evaluated is shown as such, never as a pass."
GRADES = "A: sound. B: usable with a note. C: not to be relied on alone. D: absent. Newest period of each measure."


def folded(title: str, sentence: str, sheet: Sheet, address: Address, above: Any = None) -> html.Section:
    """A long table folded away below its sentence; empty ones say so."""
    body: Any = html.P("There are none.")
    if sheet.cells:
        rows = plural(len(sheet.cells), "row", "rows")
        body = html.Details([html.Summary(f"Show {rows}"), as_table(sheet)])
    foot = html.Div(block.feet(sheet, None, address), className="foot")
    return block.panel(title, html.P(sentence, className="sub"), above, body, foot, id=f"title-{sheet.id}")


def checks_block(book: Book, sheet: Sheet, address: Address) -> html.Section:
    """Checks that did not pass as a table; those that passed folded away."""
    split = sum(check.outcome != "passed" for check in book.release.checks)
    open_ones = replace(sheet, id="checks-open", title="Checks that did not pass", cells=sheet.cells[:split])
    passed = replace(sheet, id="checks-passed", title="Checks that passed", cells=sheet.cells[split:])
    content: list[Any] = [as_table(open_ones) if split else html.P("Every check passed.")]
    content.append(html.Details([html.Summary(f"Show {len(passed.cells)} that passed"), as_table(passed)]))
    foot = html.Div(block.feet(sheet, None, address), className="foot")
    return block.panel("Checks", html.P(CHECKS, className="sub"), *content, foot, id="title-checks")


def by_reason(book: Book) -> Any:
    """How many cells each reason set aside, commonest first."""
    counted = book.release.table("quarantine").group_by("reason").len().sort("len", "reason", descending=[True, False])
    items = [html.Li([html.B(whole(count)), f": {reason}"]) for reason, count in counted.head(MOST_REASONS).iter_rows()]
    left = counted.height - MOST_REASONS
    items += [html.Li(f"and {left} other reasons; the CSV holds all")] if left > 0 else []
    return html.Ul(items) if items else None


def lede(book: Book) -> list[Any]:
    number = book.facts["counts"]
    told = f"{number['checks_passed']:,} checks passed"
    parts: list[Any] = [html.B(told)]
    warned = plural(number["checks_warned"], "warning", "warnings")
    broken = number["checks_not_evaluated"]
    parts.append(f", {warned}, {number['checks_failed']:,} failed; {broken:,} could not be evaluated. ")
    share = number["quarantined"] / max(1, number["values"] + number["quarantined"])
    parts.append(
        f"{plural(number['quarantined'], 'figure', 'figures')} set aside with a reason ({small(share)} of all)."
    )
    return parts


def small(share: float) -> str:
    return "less than 0.1%" if 0 < share < 0.001 else percent_of(share)


def contents() -> html.Nav:
    names = [
        ("sources", "Sources"),
        ("checks", "Checks"),
        ("quarantine", "Quarantine"),
        ("to-confirm", "To be confirmed"),
        ("like-for-like", "Not like for like"),
        ("grades", "Grades by measure"),
    ]
    items = [html.Li(html.A(label, href=f"#title-{id}")) for id, label in names]
    return html.Nav(html.Ul(items), className="pager", **attrs(aria_label="On this page"))


def flags_said(book: Book) -> str:
    bodies = len({row["body_id"] for row in book.rows("scope_flags")})
    many = plural(bodies, book.noun, book.nouns)
    return f"{many} left out of comparisons of a service, because another body pays part of it. Each with its source."


def sources(book: Book) -> Sheet:
    """One row per edition, the newest of each dataset first."""
    rows = sorted(
        book.rows("editions"), key=lambda row: (row["publisher"], row["title"], row["dataset"], _minus(row["date"]))
    )
    cells, raw = [], []
    for row in rows:
        age = max(0, int(book.date[:4] or 0) - int(row["date"][:4])) if book.date else 0
        rules = f"{row['periods_current']:,}" if row["periods_current"] else "0, superseded"
        cells.append(
            [
                [
                    html.A(row["title"], href=safe(row["url"]), className="strong", **attrs(data_full="")),
                    html.Span(row["publisher"], className="note"),
                ],
                [html.Span(day(row["date"]), className="whole"), html.Span(row["edition"], className="note whole")],
                plural(age, "year", "years") if age else "under a year",
                whole(row["rows_in"]),
                whole(row["rows_accepted"]),
                whole(row["rows_quarantined"]),
                rules,
                row["licence"],
            ]
        )
        raw.append({**row, "age_years": age})
    heads = (
        Head("Publication"),
        Head("Edition"),
        Head("Age"),
        Head("Cells read", True),
        Head("Accepted", True),
        Head("Set aside", True),
        Head("Periods it rules", True),
        Head("Licence"),
    )
    fields = (
        "dataset",
        "edition",
        "date",
        "publisher",
        "title",
        "url",
        "licence",
        "original_name",
        "original_sha256",
        "rows_in",
        "rows_accepted",
        "rows_quarantined",
        "periods_current",
        "age_years",
    )
    return Sheet("sources", "Sources", heads, cells, fields, raw)


def checks(book: Book) -> Sheet:
    """Every check, those that did not pass first."""
    order = {"failed": 0, "not_evaluated": 1, "passed": 2}
    listed = sorted(
        book.release.checks, key=lambda check: (order[check.outcome], check.severity, check.table, check.id)
    )
    cells = [[check.meaning, result(check), severity(check), check.table, observed(check)] for check in listed]
    raw = [
        {
            "id": c.id,
            "table": c.table,
            "kind": c.kind,
            "severity": c.severity,
            "outcome": came_out(c),
            "meaning": c.meaning,
            "observed": c.observed,
            "examples": "; ".join(c.examples),
        }
        for c in listed
    ]
    heads = (Head("What it says"), Head("Result"), Head("If it fails"), Head("Table"), Head("Seen"))
    fields = ("id", "table", "kind", "severity", "outcome", "meaning", "observed", "examples")
    return Sheet("checks", "Checks", heads, cells, fields, raw)


def result(check: CheckResult) -> html.Span:
    """Mark and word, each with its own colour."""
    came = came_out(check)
    mark, word = OUTCOME[came]
    return html.Span([html.Span(f"{mark} ", **attrs(aria_hidden="true")), word], className=f"outcome {came}")


def came_out(check: CheckResult) -> str:
    """The check's outcome as pages say it: one that failed and does not block is a warning, as the counts have it."""
    return "warned" if check.outcome == "failed" and not check.blocks else check.outcome


def severity(check: CheckResult) -> str:
    return "Nothing is published" if check.severity == "critical" else "A warning is shown"


def observed(check: CheckResult) -> Any:
    if not check.examples:
        return check.observed or "–"
    return [check.observed, html.Span(f"For example: {'; '.join(check.examples[:3])}", className="note")]


def quarantine(book: Book) -> Sheet:
    """Cells set aside, with rule and reason; the page shows the first 50, the CSV all."""
    rows = book.rows("quarantine")
    cells = [
        [
            row["name"] or row["code"],
            row["series"],
            row["period"],
            html.Code(row["published_text"] or "–"),
            [row["reason"], html.Span(f"{row['dataset']}, {row['locator']}", className="note")],
        ]
        for row in rows[:MOST]
    ]
    heads = (
        Head("Body"),
        Head("Publisher’s column"),
        Head("Period"),
        Head("As published", True),
        Head("Why, and where"),
    )
    fields = ("dataset", "edition", "code", "name", "series", "period", "published_text", "locator", "rule", "reason")
    return Sheet("quarantine", "Quarantine", heads, cells, fields, rows)


def quarantine_said(book: Book) -> str:
    total = book.facts["counts"]["quarantined"]
    first = f"The first {MOST} of {total:,}; the CSV holds all. " if total > MOST else ""
    return f"{first}Stored, and never shown as performance."


def flags(book: Book, address: Address) -> Sheet:
    rows = book.rows("scope_flags")
    cells = []
    for row in rows:
        label = book.services[row["service_id"]]["label"] if row["service_id"] in book.services else row["service_id"]
        span = f"{row['period_from'] or 'always'}{' to ' + row['period_to'] if row['period_to'] else ''}"
        link = html.A(book.name(row["body_id"]), href=address.to("body", row["body_id"]), className="strong")
        cells.append(
            [
                link,
                label,
                "Always" if span == "always" else f"From {span}",
                [row["reason"], html.Span(row["source"], className="note")],
            ]
        )
    heads = (Head(words.capital(book.noun)), Head("Service"), Head("When"), Head("Why, and who says so"))
    fields = ("body_id", "service_id", "period_from", "period_to", "reason", "source")
    return Sheet("like-for-like", "Not like for like", heads, cells, fields, rows)


def grades(book: Book) -> Sheet:
    """Bodies by grade, per measure, in the measure's newest period."""
    counted = book.graded.join(book.release.table("periods").select("period", "end"), on="period")
    counted = counted.filter(pl.col("end") == pl.col("end").max().over("measure_id"))
    columns = counted.select("measure_id", "period", "grade", "len")
    found: dict[tuple[str, str], dict[str, int]] = {}
    for measure, period, grade, count in columns.iter_rows():
        found.setdefault((measure, period), {})[grade] = count
    listed = sorted(found, key=lambda pair: (book.measures[pair[0]]["label"], pair))
    cells = [
        [
            [
                html.Span(book.measures[m]["label"], className="strong"),
                html.Span(book.measures[m]["caveat"] or "", className="note"),
            ],
            period,
            *(whole(found[m, period].get(grade, 0)) for grade in "ABCD"),
        ]
        for m, period in listed
    ]
    raw = [
        {
            "measure_id": m,
            "label": book.measures[m]["label"],
            "period": period,
            **{grade.lower(): found[m, period].get(grade, 0) for grade in "ABCD"},
        }
        for m, period in listed
    ]
    heads = (
        Head("Measure"),
        Head("Newest period"),
        *(Head(f"{words.capital(book.nouns)} at {grade}", True) for grade in "ABCD"),
    )
    return Sheet(
        "grades", "Grades by measure", heads, cells, ("measure_id", "label", "period", "a", "b", "c", "d"), raw
    )


def safe(url: str) -> str | None:
    """The publisher's address, where it is one that a browser may follow without running anything."""
    return url if url.startswith(("https://", "http://")) else None


def _minus(date: str) -> str:
    """A key that puts later days first."""
    return "".join(chr(ord("9") - ord(letter) + ord("0")) if letter.isdigit() else letter for letter in date)
