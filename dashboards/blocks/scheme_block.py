"""The same total found in other ways: what each asks of one body, beside what peers show possible."""

from __future__ import annotations

from typing import Any

from dashboards.address import Address
from dashboards.components import block
from dashboards.components.numbers import percent_of
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book

Row = dict[str, Any]
CAUTIOUS = (
    "What is asked rests on the cautious end of every gap; the range beside it is what the same rule would ask if the "
    "true gaps were known, so what is asked may lie outside it."
)
VERDICT = {"less": "Less than under equal cuts", "more": "More than under equal cuts"}


def asked_of(book: Book, address: Address, body: Body, scheme: str) -> tuple[Any, Sheet] | None:
    """One row per way of finding the total; None where the release compares none."""
    ways = {row["way"]: row for row in book.rows("schemes", scheme_id=scheme)}
    rows = [row for row in book.rows("scheme_bodies", scheme_id=scheme, body_id=body.id) if row["way"] in ways]
    if not rows:
        return None
    cells = [
        [
            str(ways[row["way"]]["label"]),
            opened(book, address, row),
            known_gaps(row),
            share(row, "overcut"),
            "–" if row["untapped"] is None else percent_of(row["untapped"]),
            VERDICT.get(row["verdict"], "Cannot be told apart"),
        ]
        for row in rows
    ]
    heads = (
        Head("Way of finding the total"),
        Head("Asked of its cost", True),
        Head("Asked if every true gap were known (90% range)", True),
        Head("Beyond what peers show possible", True),
        Head("Left untouched", True),
        Head("Against equal cuts"),
    )
    sheet = Sheet("schemes", f"Ways of finding one total: {body.name}", heads, cells, tuple(rows[0]), rows)
    total = next(iter(ways.values()))["required"]
    told = (
        f"{f'Each way finds {percent_of(total)} of the sector’s cost. ' if total is not None else ''}{CAUTIOUS} "
        "Arithmetic only: nothing here assumes how anybody would respond."
    )
    return block.table_block("The same total in other ways", told, sheet, address), sheet


def share(row: Row, name: str) -> str:
    """A share of cost with its range."""
    if row[name] is None:
        return "–"
    ends = (row[f"{name}_lo"], row[f"{name}_hi"])
    if None in ends or ends[0] == ends[1]:
        return percent_of(row[name])
    return f"{percent_of(row[name])} ({percent_of(ends[0])} to {percent_of(ends[1])})"


def known_gaps(row: Row) -> str:
    """What the way would ask in 90% of draws of the true gaps; a dash where it does not look at gaps.

    Not an interval around what is asked, which rests on the cautious end of every gap.
    """
    if row["cut_lo"] is None or row["cut_lo"] == row["cut_hi"]:
        return "–"
    return f"{percent_of(row['cut_lo'])} to {percent_of(row['cut_hi'])}"


def opened(book: Book, address: Address, row: Row) -> Any:
    """What is asked, opening where it comes from."""
    parts = ("of", "scheme_bodies", row["body_id"], row["scheme_id"], book.newest_period, row["way"])
    return block.claim_link(percent_of(row["cut"]), parts, address, f"claim-scheme-{row['way']}", "what is asked")
