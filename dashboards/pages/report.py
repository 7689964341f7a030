"""Board report: one sheet of paper on where a body stands, why, what is reachable, and how far to trust it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, only
from dashboards.blocks import report_parts
from dashboards.blocks.absence import out_of_date, uncompared
from dashboards.blocks.body_header import known, not_compared
from dashboards.blocks.reply import about
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import day, period_words, plural
from dashboards.components.sheet import Head, Sheet, as_table
from dashboards.data import Body, Book
from dashboards.pages.body import agreed, figures, newest_rows, ordered, sets_cell
from dashboards.pages.releases import citation
from dashboards.pages.rows import FIELDS

Row = dict[str, Any]
MOST = 6
"""Services that fit on the sheet beside everything else that a body may have; the rest are counted in a sentence."""


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>/report`."""
    only(address)
    body = known(book, address.parts[1])
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    rows = ordered([row for row in agreed(book, newest_rows(book, body, book.headline)) if row["first"]])
    leading = rows[0]["indicator_id"] if rows else ""
    chain = report_parts.chain(book, body, rows)
    period = max((row["period"] for row in rows), key=lambda each: book.ends.get(each, each), default="")
    sheet = table(book, address, body, rows[:MOST], period)
    title = f"{body.name}: what comparison shows" + (f", {period_words(period)}" if period else "")
    left = [chain.block if chain else None, report_parts.keeps(book, address, body)]
    right = [report_parts.reachable(book, address, body), report_parts.targets(book, body, leading)]
    columns = [html.Div([part for part in side if part], className="pile") for side in (left, right)]
    content = html.Article(
        [
            masthead(book),
            block.heading(title, address, section="bodies", actions=takeaway(address, body)),
            numbered(findings(book, body, rows, chain)),
            look(address, body, rows, sheet),
            html.Div(columns, className="two"),
            trust(book, body, rows[:MOST], period or book.newest_period),
            cite(book, address, body),
        ],
        className="report dense" if len(rows) > 4 else "report",
        **attrs(aria_labelledby="top"),
    )
    return block.View(title, [content], "bodies", (sheet,))


def masthead(book: Book) -> html.P:
    """The line above the title: the maker, what this is, which release."""
    released = f"Board report · {book.title} · release of {day(book.date)} ({book.id[:6]})"
    return html.P([html.B("Evenhand"), html.Span(released)], className="masthead")


def takeaway(address: Address, body: Body) -> list[Any]:
    """Links beside the title: the sheet as a PDF, and the way back."""
    pdf = html.A("PDF of this page", href=address.to("body", body.id, "report.pdf"), **attrs(data_full=""))
    return [pdf, html.A(f"All about {body.name}", href=address.to("body", body.id))]


def numbered(found: Sequence[list[Any]]) -> Any:
    """Findings as a list; one alone as a sentence."""
    if len(found) == 1:
        return html.P(found[0], className="findings")
    return html.Ol([html.Li(said) for said in found], className="findings")


def findings(book: Book, body: Body, rows: Sequence[Row], chain: report_parts.Chain | None) -> list[list[Any]]:
    """At most three sentences: the clearest difference, where it arises (or the next one), and all the rest."""
    if not rows:
        return [[f"This release has no measure for {body.name}."]]
    old = [[html.B(out_of_date(book, rows))]] if out_of_date(book, rows) else []
    if alone := uncompared(body, rows):
        return [*old, [alone]]
    apart = [row for row in rows if row["verdict"] in ("higher", "lower")]
    if not apart:
        first: list[Any] = [html.B(f"{body.name} differs from its peers by more than chance on no service.")]
        return [*old, *(part for part in (first, chain.finding if chain else None, rest(rows, [])) if part)]
    said = [apart[0]]
    second = chain.finding if chain and chain.finding else None
    if second is None and len(apart) > 1:
        said.append(apart[1])
        second = difference(book, apart[1])
    return [*old, *(part for part in (difference(book, apart[0]), second, rest(rows, said)) if part)]


def difference(book: Book, row: Row) -> list[Any]:
    """One service that differs, with its figures and how many peer sets agree."""
    same, tried = row["agreement"]
    sets = f" {same} of {tried} fair peer sets agree." if tried > 1 else ""
    verdict = "higher" if row["verdict"] == "higher" else "lower"
    doubt = f"; {words.OTHER_SETS_DISAGREE}" if words.disagree(row["agreement"]) else ""
    doubt += f"; {words.UNCONFIRMED}" if row["to_confirm"] else ""
    position = words.position_sentence(row, row["label"], book.style(row["indicator_id"]))
    return [html.B(f"{row['service']}: {verdict} than at peers, by more than chance{doubt}. "), position, sets]


def rest(rows: Sequence[Row], said: Sequence[Row]) -> list[Any]:
    """What the findings above leave: other differences by name, the others by number."""
    left = [row for row in rows if row not in said]
    parts: list[Any] = []
    for verdict in ("higher", "lower"):
        names = [words.uncapital(row["service"]) for row in left if row["verdict"] == verdict]
        if names:
            also = "Also " if said else ""
            parts.append(html.B(words.capital(f"{also}{verdict} than at peers: {words.listed(names)}. ")))
    doubtful = [row for row in left if row["verdict"] in ("higher", "lower") and words.disagree(row["agreement"])]
    if doubtful:
        names = [words.uncapital(row["service"]) for row in doubtful]
        parts.append(f"On {words.listed(names)}, {words.OTHER_SETS_DISAGREE}. ")
    for verdict, told in (("same", "cannot be told apart from peers"), ("withheld", "carry no verdict")):
        count = sum(row["verdict"] == verdict for row in left)
        if count:
            many = f"{words.number_word(count)} service{'s' if count > 1 else ''}"
            told = "carries no verdict" if count == 1 and verdict == "withheld" else told
            parts.append(words.capital(f"{many} {told}. "))
    return parts


def table(book: Book, address: Address, body: Body, rows: Sequence[Row], period: str) -> Sheet:
    """The table of the sheet: a service a row, as on the body's page; the title's period is not repeated."""
    cells = []
    for row in rows:
        older = "" if row["period"] == period else f", {period_words(row['period'])}"
        name = [html.Span(row["service"], className="strong"), block.note(f"{row['label']}{older}")]
        cells.append([name, *figures(book, address, row, book.headline), sets_cell(row)])
    heads = (
        Head("Service and its first measure"),
        Head(report_parts.short(book, body), True),
        Head("95% interval", True),
        Head("Middle half of peers", True),
        Head("Position (each from zero)"),
        Head("Against peers"),
        Head(["Fair\N{NO-BREAK SPACE}peer", html.Br(), "sets that", html.Br(), "agree"], True),
    )
    title = f"Look here first: {body.name}"
    return Sheet("report", title, heads, cells, FIELDS, rows, words.letters_used(rows))


def look(address: Address, body: Body, rows: Sequence[Row], sheet: Sheet) -> Any:
    """The table under its heading; what did not fit is counted."""
    if not rows:
        return None
    left = len(rows) - len(sheet.cells)
    more = f" {plural(left, 'more service is', 'more services are')} on the page of {body.name}." if left else ""
    order = f"In order of how clearly each differs from peers; not an order of merit.{more}"
    return html.Section(
        [
            html.H2("Look here first", id="title-report"),
            html.P(order, id="sentence-report", className="sub"),
            as_table(sheet),
            html.Div(block.feet(sheet, block.Origin((body.id,)), address), className="foot"),
        ],
        **attrs(aria_labelledby="title-report"),
    )


def trust(book: Book, body: Body, rows: Sequence[Row], period: str) -> html.Section:
    """Two lines: the grades of the body's data with every flag above, and what the comparison does not know."""
    data = data_grades(body, book.rows("passport", body_id=body.id, period=period), period)
    flags = flagged(book, rows)
    none = "No figure above carries a flag." if any(row["value"] is not None for row in rows) else ""
    shown = f"Of the figures above, {words.listed(flags)}." if flags else none
    limits = (
        "Intervals carry chance and year-to-year noise, not errors of accounting. A difference is unexplained; "
        "it is not waste."
    )
    lines = [html.P([of_periods(book, rows), data, shown]), html.P([limits, under_dispute(book, rows)])]
    return html.Section([html.H2("How far to trust this", id="trust"), *lines], **attrs(aria_labelledby="trust"))


def data_grades(body: Body, held: Sequence[Row], period: str) -> str:
    """How many source figures of one period have each data grade; they are not the measures worked out from them."""
    grades = Counter(row["grade"] for row in held)
    if not grades:
        return ""
    told = words.listed([f"{grades[grade]} of data grade {grade}" for grade in sorted(grades)])
    figures = plural(len(held), "source figure", "source figures")
    return (
        f"Measures are worked out from source figures. {body.name} has {figures} for {period_words(period)}: {told}. "
    )


def under_dispute(book: Book, rows: Sequence[Row]) -> str:
    """Which figures of the sheet the body disputes, with the day an answer is due; empty where it disputes none."""
    open_ones = [each for row in rows for each in about(book, row) if each.is_open]
    told = [
        f"{words.uncapital(str(book.indicators[each.indicator]['label']))} (an answer is due by {day(each.deadline)})"
        for each in open_ones
    ]
    return f" Under open dispute: {words.listed(told)}." if told else ""


def of_periods(book: Book, rows: Sequence[Row]) -> str:
    """From which to which period the figures above are, where they are not all of one."""
    periods = sorted({row["period"] for row in rows}, key=lambda each: (book.ends.get(each, each), each))
    if len(periods) < 2:
        return ""
    return f"The figures above are of {period_words(periods[0])} to {period_words(periods[-1])}. "


def flagged(book: Book, rows: Sequence[Row]) -> list[str]:
    """Every flag that a figure of the table carries: status, scope, proxies, peers left out."""
    marked = Counter(row["status"] for row in rows if row["status"] in words.SPOKEN)
    flags = [f"{count} {words.SPOKEN[status].split(':')[0]}" for status, count in sorted(marked.items())]
    apart = sum(row["like_for_like"] is False for row in rows)
    flags += [f"{apart} not like for like"] if apart else []
    unsure = [words.uncapital(row["service"]) for row in rows if row["to_confirm"]]
    flags += [f"{plural(len(unsure), 'is', 'are')} to be confirmed ({words.listed(unsure)})"] if unsure else []
    proxies = [words.proxy(row) for row in rows if row["proxy"]]
    flags += [f"{plural(len(proxies), 'is a proxy', 'are proxies')} ({words.listed(proxies[:1])})"] if proxies else []
    for row in rows:
        if row["n_left_out"]:
            peers = plural(row["n_left_out"], "peer is", "peers are")
            flags.append(f"on {words.uncapital(row['service'])} {peers} left out as not like for like")
    return flags


def cite(book: Book, address: Address, body: Body) -> html.P:
    """Citation, permanent link and licence."""
    return html.P(
        [
            f"Cite as: {citation(book)} Body {body.id}. Permanent link: ",
            html.A(address.permanent(), href=address.permanent(), **attrs(data_full="")),
            html.Br(),
            str(book.facts.get("licence_note") or ""),
        ],
        className="citation",
    )
