"""Over the years: the figure beside its peers' middle half, and productivity as an index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.address import Address
from dashboards.blocks.absence import claim_of
from dashboards.components import block, words
from dashboards.components.figures import over_band
from dashboards.components.numbers import percent_of, period_words
from dashboards.components.plots import index_line
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book
from dashboards.own_peers import Chosen
from dashboards.own_verdicts import rejudged
from dashboards.pages.body import LABEL, over_time

Row = dict[str, Any]
FIELDS = (
    "body_id",
    "service_id",
    "period",
    "base",
    "output",
    "output_quality",
    "input",
    "productivity",
    "lo",
    "hi",
    "change",
    "excluded",
    "status",
)


def trend(book: Book, address: Address, body: Body, row: Row, chosen: Chosen) -> tuple[Any, Sheet] | None:
    """The indicator over time with the peers' band; None under two figures."""
    indicator = row["indicator_id"]
    found = book.standing(chosen.model, body_id=body.id, indicator_id=indicator)
    found = rejudged(book, body, chosen.members, found) if chosen.own else found
    rows = sorted(({**each, "name": body.name} for each in found), key=lambda each: book.ends.get(each["period"], ""))
    if sum(each["value"] is not None for each in rows) < 2:
        return None
    style, label = book.style(indicator), book.indicators[indicator]["label"]
    last = next(each for each in reversed(rows) if each["value"] is not None)
    made = over_time(book, label, rows, style)
    sheet = Sheet("trend", made.title, made.heads, made.cells, made.fields, made.raw, made.key)
    base = book.facts.get("base_period")
    prices = f"In {base} prices. " if base and book.indicators[indicator]["real_terms"] else ""
    sentence_of = [prices, words.position_sentence(last, body.name, style), words.hollow(rows)]
    figure = over_band(rows, short(book, body), style)
    origin = None if chosen.own else block.Origin(claim_of(last, chosen.model))
    return block.figure_block("Over the years", sentence_of, figure, sheet, origin, address), sheet


def productivity(book: Book, address: Address, body: Body, service: str) -> tuple[Any, Sheet] | None:
    """Productivity, output and input as indices; None under two comparable periods."""
    rows = book.rows("productivity", body_id=body.id, service_id=service)
    rows = sorted((told(row) for row in rows), key=lambda row: book.ends.get(row["period"], row["period"]))
    known = [row for row in rows if row["productivity"] is not None]
    if len(known) < 2:
        return None
    last = known[-1]
    sheet = listing(rows, body)
    origin = block.Origin(("of", "productivity", body.id, service, last["period"]))
    figure = index_line(known, short(book, body))
    return block.figure_block("Productivity", sentence(body, last), figure, sheet, origin, address), sheet


def told(row: Row) -> Row:
    """A row with the output that productivity counts: adjusted for quality where the service has a quality measure."""
    return row if row["output_quality"] is not None else {**row, "output_quality": row["output"]}


def short(book: Book, body: Body) -> str:
    """A name that fits beside a line."""
    return body.name if len(body.name) <= LABEL else f"This {book.noun}"


def sentence(body: Body, last: Row) -> list[str]:
    """Output, input and productivity since the base, with the interval, and what is left out."""
    since = period_words(last["base"])
    change = f"productivity {moved(last['productivity'])}"
    if last["lo"] is None:
        parts = [f"Since {since}, {change}; no interval can be given."]
    else:
        between = f"{last['lo']:.0f} to {last['hi']:.0f}, {since} = 100"
        moves = f"output {moved(last['output_quality'])}, input {moved(last['input'])}"
        told = f"{change} ({between})."
        if last["lo"] <= 100 <= last["hi"]:
            told = f"productivity cannot be told apart from no change ({last['productivity']:.0f}; {between})."
        parts = [f"Since {since}, {body.name}’s {moves}: {told} Upright lines: 95% intervals."]
    return [*parts, *([f" {words.capital(last['excluded']).rstrip('.')}."] if last["excluded"] else [])]


def moved(index: float) -> str:
    """An index against 100 in words."""
    change = round(index - 100)
    return "stood still" if change == 0 else f"{'rose' if change > 0 else 'fell'} {abs(change)}%"


def listing(rows: Sequence[Row], body: Body) -> Sheet:
    """The table behind the lines."""
    cells = [
        [
            period_words(row["period"]),
            number(row["output_quality"]),
            number(row["input"]),
            [number(row["productivity"]), " ", words.letter(row["status"], absent=row["productivity"] is None)],
            "–" if row["lo"] is None else f"{row['lo']:.1f} to {row['hi']:.1f}",
            "–" if row["change"] is None else signed(row["change"]),
        ]
        for row in rows
    ]
    heads = (
        Head("Period"),
        Head("Output", True),
        Head("Input", True),
        Head("Productivity", True),
        Head("95% interval", True),
        Head("Change", True),
    )
    return Sheet("productivity", f"Productivity of {body.name}", heads, cells, FIELDS, rows, words.letters_used(rows))


def number(index: float | None) -> str:
    return "–" if index is None else f"{index:.1f}"


def signed(change: float) -> str:
    return f"{'−' if change < 0 else '+' if change > 0 else ''}{percent_of(abs(change))}"
