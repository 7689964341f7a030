"""Who already does it, and what that would free: exemplars by name, potential as a range with a grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dash import html

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import headline_money, interval_or, period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import range_bar
from dashboards.data import Body, Book
from pipelines.methods.potential import rounded_ends, spread_of, step_of

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
    "status",
)
MOST = 6
GRADE = {
    "A": "grade A: every way of estimating it starts above zero, on a firm figure",
    "B": "grade B: the main estimate starts above zero; another reaches zero or disagrees, or the figure is not firm",
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
    sheet = listing(book, address, body, service, exemplars)
    shown = Sheet(sheet.id, sheet.title, sheet.heads, sheet.cells[:MOST], sheet.fields, sheet.raw[:MOST], sheet.key)
    period = exemplars[0]["period"] if exemplars else potential["period"]  # type: ignore[index]
    origin = block.Origin(("of", "exemplars", body.id, service, period)) if exemplars else None
    below = reachable(book, address, body, potential) if potential else None
    if not exemplars:
        return block.panel(title, block.sentence(nobody(book)), below, id=f"title-exemplars-{service}"), sheet
    return (
        block.table_block(title, told(book, body, exemplars), shown, address, origin, below=below),
        sheet,
    )


def nobody(book: Book) -> str:
    held = "is shown to have held a cost below the median for two figures or more"
    return f"No comparable {book.noun} {held} without being worse on quality."


def told(book: Book, body: Body, exemplars: list[Row]) -> str:
    """What makes a peer an exemplar, and on which quality measures it is no worse than the body's own figure."""
    paired = [own_quality(book, body, row) for row in qualities(book, exemplars[0])]
    quality = f" and not worse on {words.listed(paired)}" if paired else ""
    more = f" {len(exemplars)} in all; the most alike first." if len(exemplars) > MOST else " The most alike first."
    return f"Peers that have held a cost below the median for two figures or more{quality}.{more}"


def own_quality(book: Book, body: Body, quality: Quality) -> str:
    """A paired quality and the body's own figure of it."""
    label, own = words.uncapital(quality.label), quality.rows.get(body.id)
    if own is None or own["value"] is None:
        return label
    return f"{label} ({body.name}: {book.style(quality.id).write(own['value'])})"


class Quality(NamedTuple):
    """A paired quality in the period that was compared: every body's row by its code."""

    id: str
    label: str
    period: str
    rows: dict[str, Row]


def qualities(book: Book, row: Row) -> list[Quality]:
    """The paired qualities of an exemplar: each in its newest period that began no later than the cost's."""
    found = []
    for id in str(row["quality"]).split():
        every = book.standing(book.headline, indicator_id=id)
        known = {each["period"] for each in every if book.starts[each["period"]] <= book.starts[row["period"]]}
        period = max(known, key=lambda each: (book.starts[each], each), default="")
        rows = {each["body_id"]: each for each in every if each["period"] == period}
        found.append(Quality(id, str(book.indicators[id]["label"]), period, rows))
    return found


def listing(book: Book, address: Address, body: Body, service: str, exemplars: list[Row]) -> Sheet:
    """Each exemplar with its cost and qualities, their intervals and marks, and since when it has held."""
    rows = sorted(exemplars, key=lambda row: row["closeness_order"])
    paired = qualities(book, rows[0]) if rows else []
    key = {"indicator_id": rows[0]["indicator_id"], "period": rows[0]["period"]} if rows else {}
    costs = {each["body_id"]: each for each in book.standing(book.headline, **key)} if rows else {}
    shown = [costs[row["exemplar_id"]] for row in rows]
    seen = [quality.rows[row["exemplar_id"]] for quality in paired for row in rows]
    cells = [
        [
            [
                html.A(book.name(row["exemplar_id"]), href=address.to("body", row["exemplar_id"]), className="strong"),
                block.note(since(book, row)),
            ],
            figure(book, row["indicator_id"], cost),
            *(figure(book, quality.id, quality.rows[row["exemplar_id"]]) for quality in paired),
        ]
        for row, cost in zip(rows, shown, strict=True)
    ]
    unit = words.capital(book.style(rows[0]["indicator_id"]).unit) if rows else "Cost"
    heads = (
        Head(f"{words.capital(book.noun)}, and since when"),
        Head(f"{unit} (95% interval)", True),
        *(Head(quality_head(quality, rows[0]["period"]), True) for quality in paired),
    )
    raw = [{**row, "name": book.name(row["exemplar_id"]), **of_qualities(paired, row)} for row in rows]
    fields = (*FIELDS, *(name for quality in paired for name in quality_fields(quality)))
    title = f"Who already does what {body.name} does for less: {book.services[service]['label']}"
    return Sheet(f"exemplars-{service}", title, heads, cells, fields, raw, words.letters_used([*shown, *seen]))


def figure(book: Book, indicator: str, row: Row) -> list[Any]:
    """A figure with its mark, its interval beneath."""
    style = book.style(indicator)
    return [*words.shown(row, style), block.note(interval_or(style, row["lo"], row["hi"], row["value"], "no interval"))]


def quality_head(quality: Quality, period: str) -> str:
    """The quality's name, and its period where it is another than the cost's."""
    when = "" if quality.period == period else f", {period_words(quality.period)}"
    return f"{quality.label}{when}"


def quality_fields(quality: Quality) -> tuple[str, ...]:
    return tuple(f"{quality.id}{part}" for part in ("", "_lo", "_hi", "_status", "_period"))


def of_qualities(paired: Sequence[Quality], row: Row) -> Row:
    """The columns of a CSV that hold an exemplar's qualities."""
    out: Row = {}
    for quality in paired:
        found = quality.rows[row["exemplar_id"]]
        parts = (found["value"], found["lo"], found["hi"], found["status"], quality.period)
        out |= dict(zip(quality_fields(quality), parts, strict=True))
    return out


def since(book: Book, row: Row) -> str:
    """'Since 2021-22 (3 years)'; where a year is missing between the figures, '3 figures since 2020'."""
    first, last = (int(book.ends[row[name]][:4]) for name in ("since", "period"))
    if last - first + 1 == row["years"]:
        return f"Since {period_words(row['since'])} ({plural(row['years'], 'year', 'years')})"
    return f"{plural(row['years'], 'figure', 'figures')} since {period_words(row['since'])}"


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
