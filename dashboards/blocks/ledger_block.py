"""The ledger of a settlement: every year's ceiling, cost and shares, with the reason in words; rows reconcile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.numbers import Style, percent_of, period_words
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book
from pipelines.contracts.production import hundredths
from pipelines.scenarios.ledger import Line, in_words

Row = dict[str, Any]
FIELDS = ("period", "ceiling", "cost", "below", "kept", "centre", "held", "bank", "explanation")
MILLION = 1e6


def ledger_block(
    book: Book, address: Address, rows: Sequence[Row], said: Any, *foot: Any, limit: str = "ceiling"
) -> Any:
    """The table, its totals last; amounts in millions with two decimals, in the CSV to the penny."""
    sheet = listing(book, rows, limit)
    return block.table_block("Year by year", said, sheet, address, foot=foot), sheet


def ledger_origin(address: Address, parts: Sequence[str]) -> Any:
    """The link to where a ledger's figures come from."""
    return block.claim_link(block.Origin.words, parts, address, "origin-ledger", "Settlement ledger")


def of_lines(found: Sequence[Line], periods: Sequence[str], currency: str) -> list[Row]:
    """Ledger rows of lines that the engine settled now."""
    return [
        {
            "period": period,
            "ceiling": line.ceiling,
            "cost": line.cost,
            "below": line.below,
            "kept": line.keep,
            "centre": line.centre,
            "held": line.held,
            "bank": line.bank,
            "explanation": in_words(line, currency),
        }
        for line, period in zip(found, periods, strict=False)
    ]


def of_release(book: Book, rows: Sequence[Row]) -> list[Row]:
    """Ledger rows as the release holds them."""
    unit = hundredths(book.currency)
    names = ("ceiling", "cost", "below", "kept", "centre", "held", "bank")
    return [
        {
            "period": row["period"],
            "explanation": row["explanation"],
            **{name: None if row[f"{name}_{unit}"] is None else row[f"{name}_{unit}"] / 100 for name in names},
        }
        for row in rows
    ]


def listing(book: Book, rows: Sequence[Row], limit: str) -> Sheet:
    """One row per year, then the sum.   limit : what cost is held against, in a word."""
    totals: Row = {
        name: sum(row[name] or 0.0 for row in rows) for name in ("ceiling", "cost", "below", "kept", "centre", "held")
    }
    every = [*rows, {"period": "Sum", "explanation": "", "bank": None, **totals}]
    cells = [
        [
            [row["period"] if row["period"] == "Sum" else period_words(row["period"]), block.note(row["explanation"])],
            *(amount(row[name]) for name in ("ceiling", "cost", "below")),
            share(row),
            *(amount(row[name]) for name in ("kept", "centre", "held", "bank")),
        ]
        for row in every
    ]
    unit = f"{Style('money', '', book.currency).write(1)[0]}m"
    heads = (
        Head("Year, and why"),
        Head(f"{words.capital(limit)}, {unit}", True),
        Head(f"Cost, {unit}", True),
        Head(f"Below (+) or above (−) the {limit}, {unit}", True),
        Head(f"The same, of the {limit}", True),
        Head(f"Kept (+) or paid (−), {unit}", True),
        Head(f"To the centre (+) or borne by it (−), {unit}", True),
        Head(f"Held (+) or let go (−), {unit}", True),
        Head(f"In the bank, {unit}", True),
    )
    return Sheet("ledger", "Settlement ledger", heads, cells, FIELDS, list(rows))


def amount(value: float | None) -> str:
    """Millions with two decimals and a true minus sign; nothing absent is a zero."""
    if value is None:
        return "–"
    told = f"{abs(value) / MILLION:,.2f}"
    return f"−{told}" if value < 0 and told != "0.00" else told


def share(row: Row) -> str:
    if not row["ceiling"] or row["below"] is None:
        return "–"
    part = row["below"] / row["ceiling"]
    return f"{'−' if part < 0 else ''}{percent_of(abs(part))}"
