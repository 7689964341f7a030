"""Who already does it, and what that would free: exemplars by name, potential as a range with a grade."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import headline_money, interval_or, period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import range_bar
from dashboards.data import Body, Book

Row = dict[str, Any]
FIELDS = (
    "body_id",
    "service_id",
    "period",
    "exemplar_id",
    "name",
    "indicator_id",
    "value",
    "lo",
    "hi",
    "quality",
    "since",
    "years",
    "closeness_order",
)
MOST = 6
GRADE = {
    "A": "grade A: more than chance, on a firm figure, and no other way of estimating contradicts it",
    "B": "grade B: more than chance, but the figure is not firm or another way of estimating contradicts it",
    "C": "grade C",
}


def already_there(
    book: Book, address: Address, body: Body, service: str, *, title: str = "Who already does it"
) -> tuple[Any, Sheet] | None:
    """The block, or None where the release has neither exemplars nor potential of the service."""
    exemplars = book.rows("exemplars", body_id=body.id, service_id=service)
    potential = next(iter(book.rows("potential", body_id=body.id, service_id=service)), None)
    if not exemplars and (potential is None or potential["grade"] is None):
        return None
    sheet = listing(book, address, body, service, exemplars)
    shown = Sheet(sheet.id, sheet.title, sheet.heads, sheet.cells[:MOST], sheet.fields, sheet.raw[:MOST])
    period = exemplars[0]["period"] if exemplars else potential["period"]  # type: ignore[index]
    origin = block.Origin(("of", "exemplars", body.id, service, period)) if exemplars else None
    below = reachable(book, address, body, potential) if potential else None
    if not exemplars:
        return block.panel(title, block.sentence(nobody(book)), below, id=f"title-exemplars-{service}"), sheet
    return (
        block.table_block(title, told(book, exemplars), shown, address, origin, below=below),
        sheet,
    )


def nobody(book: Book) -> str:
    return f"No comparable {book.noun} is below the median cost without being worse on quality."


def told(book: Book, exemplars: list[Row]) -> str:
    """What makes a peer an exemplar, and on which quality measures it is no worse."""
    paired = [words.uncapital(book.indicators[id]["label"]) for id in exemplars[0]["quality"].split()]
    quality = f" and not worse on {words.listed(paired)}" if paired else ""
    more = f" {len(exemplars)} in all; the most alike first." if len(exemplars) > MOST else " The most alike first."
    return f"Peers below the median cost{quality}.{more}"


def listing(book: Book, address: Address, body: Body, service: str, exemplars: list[Row]) -> Sheet:
    """Each exemplar with its cost, interval, and since when it has held."""
    rows = sorted(exemplars, key=lambda row: row["closeness_order"])
    cells = []
    for row in rows:
        style = book.style(row["indicator_id"])
        link = html.A(book.name(row["exemplar_id"]), href=address.to("body", row["exemplar_id"]), className="strong")
        held = f"{period_words(row['since'])} ({plural(row['years'], 'year', 'years')})"
        cells.append(
            [link, style.write(row["value"]), interval_or(style, row["lo"], row["hi"], row["value"], "–"), held]
        )
    unit = words.capital(book.style(rows[0]["indicator_id"]).unit) if rows else "Cost"
    heads = (Head(words.capital(book.noun)), Head(unit, True), Head("95% interval", True), Head("Since"))
    raw = [{**row, "name": book.name(row["exemplar_id"])} for row in rows]
    title = f"Who already does what {body.name} does for less: {book.services[service]['label']}"
    return Sheet(f"exemplars-{service}", title, heads, cells, FIELDS, raw)


def reachable(book: Book, address: Address, body: Body, row: Row) -> html.Div:
    """The potential in words, with its bar; a grade C gets the sentence and no money."""
    unit = book.currency.lower()
    value, lo, hi = (row[f"{name}_{unit}"] for name in ("value", "lo", "hi"))
    parts = ("of", "potential", body.id, row["service_id"], row["period"])
    opens = block.claim_link(
        "Where this comes from", parts, address, f"claim-potential-{row['service_id']}", "potential"
    )
    if value is None:
        why = row["reason"] or "what it spends cannot be told apart from good peers, so no amount is given"
        return html.Div([html.P(f"Reachable potential: {why}. "), html.P(opens)], className="aside")
    said = money_range(book, lo, hi)
    prices = f", at {base} prices" if (base := book.facts.get("base_period")) else ""
    beside = "" if row["counted"] else " Another service’s potential already holds this money."
    return html.Div(
        [
            html.P(["Reachable potential: ", html.B(f"{said} a year"), f", {GRADE[row['grade']]}."]),
            range_bar(lo, hi, value, row[f"addressable_{unit}"]),
            html.P(
                [
                    f"The size of the unexplained difference in {period_words(row['period'])} (90% range){prices}, "
                    "before the cost of getting there. Do not add it to another service’s.",
                    beside,
                    " ",
                    opens,
                ],
                className="note",
            ),
        ],
        className="aside",
        **attrs(role="note"),
    )


def money_range(book: Book, lo: float, hi: float) -> str:
    """'£1.2m to £6.4m'; an end of nothing is a plain zero."""
    ends = [headline_money(end, se=max(hi - lo, 1.0) / 3.3, currency=book.currency) for end in (lo, hi)]
    return " to ".join(ends)
