"""Control chart of a targeted measure: is a change more than the usual noise?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.address import Address
from dashboards.blocks.cut import cut_words
from dashboards.components import block, words
from dashboards.components.courses import SIGNALS, control_chart
from dashboards.components.numbers import Style, period_words
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book

Row = dict[str, Any]
FIELDS = (
    "body_id",
    "indicator_id",
    "period",
    "kind",
    "phase",
    "value",
    "moving_range",
    "mean",
    "lower",
    "upper",
    "near_lower",
    "near_upper",
    "signal",
    "way",
)
RULE = {
    "outside": "outside the limits",
    "trend": "seven points steadily rising or falling",
    "two_of_three": "two of three points near a limit",
    "shift": "seven points on one side of the mean",
}


def control_block(book: Book, address: Address, body: Body, row: Row) -> tuple[Any, Sheet] | None:
    """The chart and its table; None under eight points, where limits would be guesses."""
    id = row["indicator_id"]
    rows = book.rows("charts", body_id=body.id, indicator_id=id)
    rows = sorted(rows, key=lambda each: book.ends.get(each["period"], each["period"]))
    if not rows or rows[-1]["mean"] is None:
        return None
    style = book.style(id)
    sheet = listing(rows, style)
    origin = block.Origin(("of", "charts", body.id, id, rows[-1]["period"]))
    cut = cut_words("The limits", rows, ("lower", "upper"), book.indicators[id], style)
    said = f"{told(rows)}{cut}"
    return block.figure_block("Control chart", said, control_chart(rows, style), sheet, origin, address), sheet


def told(rows: Sequence[Row]) -> str:
    """What the newest point says, and which rules were met before."""
    met = [row for row in rows if row["signal"]]
    numbers = "; ".join(f"{SIGNALS[rule][1]} {words_of}" for rule, words_of in RULE.items())
    last = rows[-1]
    if not met:
        return "Every point lies within what chance alone gives: no change is claimed."
    when = ", ".join(period_words(row["period"]) for row in met[-4:])
    filling = " Filled: improving; hollow: concerning." if any(row["way"] for row in met) else ""
    now = (
        f"The newest point is {last['way'] or 'special cause'}" if last["signal"] else "The newest point is usual noise"
    )
    return f"{now}. Something changed at {when}; this does not say why. Marks: {numbers}.{filling}"


def reading(row: Row) -> str:
    """The rule that a point meets and the way it went."""
    rule = RULE.get(row["signal"] or "", "usual noise")
    return f"{rule}, {row['way']}" if row["signal"] and row["way"] else rule


def listing(rows: Sequence[Row], style: Style) -> Sheet:
    """Every point with its limits and the rule it meets."""
    cells = [
        [
            period_words(row["period"]),
            "–" if row["value"] is None else style.write(row["value"]),
            "–" if row["mean"] is None else style.write(row["mean"]),
            "–" if row["lower"] is None else style.interval(row["lower"], row["upper"]),
            reading(row),
        ]
        for row in rows
    ]
    heads = (
        Head("Period"),
        Head(words.capital(style.unit), True),
        Head("Mean", True),
        Head("Process limits", True),
        Head("Reading"),
    )
    return Sheet("control", "Control chart", heads, cells, FIELDS, rows)
