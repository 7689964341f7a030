"""Who already does it, and what that would free: exemplars by name, potential as a range with a grade."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks.exemplar_table import MOST, listing, qualities, told
from dashboards.components import block
from dashboards.components.markup import attrs
from dashboards.components.numbers import headline_money, period_words
from dashboards.components.sheet import Sheet
from dashboards.components.strip import range_bar
from dashboards.data import Body, Book
from pipelines.methods.potential import rounded_ends, spread_of, step_of

Row = dict[str, Any]
GRADE = {
    "A": "grade A: every way of estimating it starts above zero, on a firm figure",
    "B": "grade B: the main way of estimating it starts above zero; another reaches zero or disagrees, or the figure "
    "is not firm",
    "C": "grade C",
}
CHEAPEST = {"P": "the cheapest quarter of its peers", "R": "the cheapest quarter by the cost model"}
"""What a potential compares with, by the route of its headline."""


def already_there(
    book: Book, address: Address, body: Body, service: str, *, title: str = "Who already does it"
) -> tuple[Any, Sheet] | None:
    """The block, or None where the release has neither exemplars nor potential of the service."""
    exemplars = book.rows("exemplars", body_id=body.id, service_id=service)
    potential = next(iter(book.rows("potential", body_id=body.id, service_id=service)), None)
    if not exemplars and (potential is None or potential["grade"] is None):
        return None
    paired = qualities(book, exemplars[0]) if exemplars else []
    sheet = listing(book, address, body, service, exemplars, paired)
    shown = Sheet(sheet.id, sheet.title, sheet.heads, sheet.cells[:MOST], sheet.fields, sheet.raw[:MOST], sheet.key)
    period = exemplars[0]["period"] if exemplars else potential["period"]  # type: ignore[index]
    origin = block.Origin(("of", "exemplars", body.id, service, period)) if exemplars else None
    below = reachable(book, address, body, potential) if potential else None
    if not exemplars:
        return block.panel(title, block.sentence(nobody(book)), below, id=f"title-exemplars-{service}"), sheet
    return (
        block.table_block(title, told(book, body, exemplars, paired), shown, address, origin, below=below),
        sheet,
    )


def nobody(book: Book) -> str:
    held = "is shown to have held a cost below the median for two figures or more"
    return f"No comparable {book.noun} {held} without being worse on quality."


def reachable(book: Book, address: Address, body: Body, row: Row) -> html.Div:
    """The potential in words, with its bar; a grade C gets the sentence and no money."""
    unit = book.currency.lower()
    value, lo, hi = (row[f"{name}_{unit}"] for name in ("value", "lo", "hi"))
    parts = ("of", "potential", body.id, row["service_id"], row["period"])
    opens = block.claim_link(
        "Where this comes from", parts, address, f"claim-potential-{row['service_id']}", "potential"
    )
    if value is None:
        why = row["reason"] or f"{doubt(row)}, so no amount is given"
        return html.Div([html.P(f"Reachable potential: {why}. "), html.P(opens)], className="aside")
    said = money_range(book, lo, hi)
    beside = "" if row["counted"] else " Another service’s potential already holds this money."
    return html.Div(
        [
            html.P(["Reachable potential: ", html.B(f"{said} a year"), f", {grade_words(row['grade'], lo)}."]),
            range_bar(lo, hi, value, row[f"addressable_{unit}"]),
            html.P(
                [
                    f"The size of the unexplained difference in {period_words(row['period'])} (90% range), "
                    f"{prices(book)}before the cost of getting there. Do not add it to another service’s. ",
                    against_median(book, row),
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


def grade_words(grade: str, lo: float) -> str:
    """What a grade says; a grade A from zero stands in releases whose rule allowed it."""
    return GRADE[grade] if grade != "A" or lo > 0 else "grade A by the rule of its time: firm by its main estimate"


def prices(book: Book) -> str:
    """The prices of an amount, where the release turns money into those of one year."""
    base = book.facts.get("base_period")
    return f"at {base} prices and " if base else ""


def doubt(row: Row) -> str:
    """Why a potential of grade C has no amount."""
    return f"its cost cannot be told apart from {CHEAPEST.get(row['route'] or 'P')}"


def verdict_of(book: Book, row: Row) -> str:
    """The verdict against the peers' median on the figure that a potential compares."""
    key = {"body_id": row["body_id"], "indicator_id": row["indicator_id"], "period": row["period"]}
    return next((str(each["verdict"]) for each in book.standing(book.headline, **key)), "withheld")


def against_median(book: Book, row: Row) -> str:
    """How a potential goes with the verdict on the same figure, which compares with something else; always said."""
    quarter = CHEAPEST.get(row["route"] or "P")
    told = {
        "same": "the cost cannot be told apart. Both hold",
        "lower": "the cost is lower. Both hold",
        "higher": "the cost is higher too",
        "withheld": "there is no verdict",
    }[verdict_of(book, row)]
    return f"Potential compares with {quarter}; against its peers’ median {told}."


def money_range(book: Book, lo: float, hi: float) -> str:
    """'£1.2m to £6.4m', as its claim rounds it; an end of nothing is a plain zero."""
    ends = rounded_ends(lo, hi)
    kept = [None if 0 < end < step_of(lo, hi) else spread_of(lo, hi) for end in ends]
    return " to ".join(headline_money(end, se, book.currency) for end, se in zip(ends, kept, strict=True))
