"""Exemplars by name as a table: cost and paired qualities with intervals and marks, and since when each has held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dash import html

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.numbers import interval_or, period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book

Row = dict[str, Any]
MOST = 6
"""Exemplars that a block shows; its CSV has them all."""
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


def told(book: Book, body: Body, exemplars: list[Row], paired: Sequence[Quality]) -> str:
    """What makes a peer an exemplar, and on which quality measures it is no worse than the body's own figure."""
    own = [own_quality(book, body, each) for each in paired]
    quality = f" and not worse on {words.listed(own)}" if own else ""
    more = f" {len(exemplars)} in all; the most alike first." if len(exemplars) > MOST else " The most alike first."
    return (
        f"Peers whose cost has stayed below the peers’ median for two figures or more{quality}.{more} “Since” counts "
        f"from when it is below the median. Each row says whether its cost can be told apart from that of {body.name}."
    )


def own_quality(book: Book, body: Body, quality: Quality) -> str:
    """A paired quality and the body's own figure of it."""
    label, own = words.uncapital(quality.label), quality.rows.get(body.id)
    if own is None or own["value"] is None:
        return label
    return f"{label} ({body.name}: {book.style(quality.id).sentence(own['value'])})"


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
        known = [each for each in book.periods_of(id) if book.starts[each] <= book.starts[row["period"]]]
        period = max(known, key=lambda each: (book.starts[each], each), default="")
        rows = {each["body_id"]: each for each in book.standing(book.headline, indicator_id=id, period=period)}
        found.append(Quality(id, str(book.indicators[id]["label"]), period, rows))
    return found


def listing(
    book: Book, address: Address, body: Body, service: str, exemplars: list[Row], paired: Sequence[Quality]
) -> Sheet:
    """Each exemplar with its cost and qualities, their intervals and marks, and since when it has held."""
    rows = sorted(exemplars, key=lambda row: row["closeness_order"])
    key = {"indicator_id": rows[0]["indicator_id"], "period": rows[0]["period"]} if rows else {}
    costs = {each["body_id"]: each for each in book.standing(book.headline, **key)} if rows else {}
    shown = [costs[row["exemplar_id"]] for row in rows]
    seen = [quality.rows[row["exemplar_id"]] for quality in paired for row in rows]
    cells = [
        [
            [
                html.A(book.name(row["exemplar_id"]), href=address.to("body", row["exemplar_id"]), className="strong"),
                block.note(since(book, row)),
                block.note(apart(costs.get(body.id), cost, body)),
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


def apart(own: Row | None, cost: Row, body: Body) -> str:
    """Whether an exemplar's cost is lower than the body's own by more than chance: their intervals do not touch."""
    if own is None or own["value"] is None:
        return ""
    return f"{'Lower than' if told_apart(own, cost) else 'Cannot be told apart from'} {body.name}"


def told_apart(own: Row, exemplar: Row) -> bool:
    """Whether the interval of the exemplar's cost ends below where the body's own begins."""
    return None not in (own["lo"], exemplar["hi"]) and bool(exemplar["hi"] < own["lo"])


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
        return f"Since {since_when(book, row)} ({plural(row['years'], 'year', 'years')})"
    return f"{plural(row['years'], 'figure', 'figures')} since {since_when(book, row)}"


def since_when(book: Book, row: Row) -> str:
    """The period from which an exemplar has held; 'at least' it, where the release has no earlier figure to tell."""
    earliest = book.earliest(row["indicator_id"])
    return f"{'at least ' if row['since'] == earliest else ''}{period_words(row['since'])}"
