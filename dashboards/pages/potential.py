"""Potential: what do comparable bodies show to be reachable, and who already does it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, only
from dashboards.blocks.already_there import CHEAPEST, already_there, doubt, money_range, verdict_of
from dashboards.blocks.body_header import header, known, not_compared
from dashboards.blocks.frontier_block import frontier_block
from dashboards.components import block, words
from dashboards.components.numbers import headline_money, period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import range_bar
from dashboards.data import Body, Book

Row = dict[str, Any]


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>/potential`: every service with its range, grade and exemplars; then the frontiers."""
    only(address)
    body = known(book, address.parts[1])
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    rows = sorted(
        book.rows("potential", body_id=body.id), key=lambda row: str(book.services[row["service_id"]]["label"])
    )
    sheet = listing(book, address, body, rows)
    made = [named(book, address, body, row["service_id"]) for row in rows]
    shown = [each for each in made if each]
    frontiers = frontier_block(book, address, body)
    return block.View(
        f"Potential of {body.name}",
        [
            *header(book, address, body, book.headline, "potential"),
            block.lede(*lede(book, body, rows)),
            table(address, body, rows, sheet),
            *(part[0] for part in shown),
            frontiers[0] if frontiers else None,
            about(),
        ],
        "bodies",
        (sheet, *(part[1] for part in shown), *((frontiers[1],) if frontiers else ())),
    )


def named(book: Book, address: Address, body: Body, service: str) -> tuple[Any, Sheet] | None:
    """The exemplars of one service, under the service's name and with identifiers of their own."""
    if not book.rows("exemplars", body_id=body.id, service_id=service):
        return None
    return already_there(book, address, body, service, title=str(book.services[service]["label"]))


def money(book: Book, row: Row, name: str) -> float | None:
    found: float | None = row[f"{name}_{book.currency.lower()}"]
    return found


def lede(book: Book, body: Body, rows: Sequence[Row]) -> list[Any]:
    """How many services have a reachable amount, and the largest; never a sum of them."""
    known_rows = [row for row in rows if money(book, row, "value") is not None]
    if not rows:
        return [f"This release states no potential of {body.name}."]
    if not known_rows:
        return [f"On no service can {body.name}’s cost be told from the cheapest quarter, so no amount is given."]
    top = max(known_rows, key=lambda row: money(book, row, "value") or 0.0)
    label = words.uncapital(book.services[top["service_id"]]["label"])
    said = money_range(book, money(book, top, "lo") or 0.0, money(book, top, "hi") or 0.0)
    return [
        f"On {plural(len(known_rows), 'service', 'services')} of {len(rows)} there is a range for what {body.name} "
        f"spends above the cheapest quarter; {examples(book, body, known_rows)}. The largest is {label}: ",
        html.B(f"{said} a year"),
        ", before the cost of getting there. Do not add services up.",
    ]


def examples(book: Book, body: Body, rows: Sequence[Row]) -> str:
    """On how many of these services somebody real is named; only there do comparable bodies show anything."""
    named_there = {row["service_id"] for row in book.rows("exemplars", body_id=body.id)}
    count = sum(row["service_id"] in named_there for row in rows)
    if not count:
        return "on none of them is anybody named who already does as well for less"
    where = "on each of them" if count == len(rows) else f"on {words.number_word(count)} of them"
    return f"{where} comparable {book.nouns} show that its results can be had for less, by name"


def listing(book: Book, address: Address, body: Body, rows: Sequence[Row]) -> Sheet:
    """One row per service."""
    cells = [cells_of(book, address, body, row) for row in rows]
    heads = (
        Head("Service"),
        Head("Cost compared", True),
        Head("Reachable a year (90% range)", True),
        Head(["Range", html.Br(), "(each row from zero)"]),
        Head("Grade"),
        Head("Against peers’ median, and what to know"),
    )
    fields = tuple(rows[0]) if rows else ("body_id", "service_id", "period")
    return Sheet("potential", f"Potential of {body.name}", heads, cells, fields, rows, words.letters_used(rows))


def cells_of(book: Book, address: Address, body: Body, row: Row) -> list[Any]:
    label = str(book.services[row["service_id"]]["label"])
    page = address.to("body", body.id, "service", row["service_id"])
    name = [html.A(label, href=page, className="strong"), block.note(period_words(row["period"]))]
    whole, value = money(book, row, "addressable"), money(book, row, "value")
    parts = ("of", "potential", body.id, row["service_id"], row["period"])
    id = f"claim-potential-{row['service_id']}"
    cost = "–" if whole is None else headline_money(whole, currency=book.currency)
    if value is None:
        why = row["reason"] or doubt(row)
        opens = block.claim_link("no amount", parts, address, id, label)
        return [name, cost, opens, "–", row["grade"] or "–", f"{words.capital(str(why))}."]
    lo, hi = money(book, row, "lo") or 0.0, money(book, row, "hi") or 0.0
    opens = block.claim_link(money_range(book, lo, hi), parts, address, id, label)
    shared = "" if row["counted"] else " The same money stands in another row of this table."
    verdict = verdict_of(book, row)
    beside = words.VERDICT[verdict] if verdict != "withheld" else "No verdict"
    if verdict == "lower":
        beside += f"; {CHEAPEST[row['route']]} is lower still"
    return [name, cost, opens, range_bar(lo, hi, value, whole or hi), row["grade"], f"{beside}.{shared}"]


def table(address: Address, body: Body, rows: Sequence[Row], sheet: Sheet) -> Any:
    if not rows:
        return block.panel("By service", html.P("Nothing to show."), id="by-service")
    return block.table_block(
        "By service",
        "What matching the cheapest quarter would free a year at today’s outputs and quality. The verdicts higher and "
        "lower compare with the median, so a cost that cannot be told apart from its peers may still have a potential. "
        "Amounts of two services may hold the same money: do not add them.",
        sheet,
        address,
    )


def about() -> html.Details:
    """What the amounts compare, what was adjusted, what they do not know."""
    return block.help_block(
        "What does this mean?",
        html.P(
            "Each body’s cost per unit is drawn towards its field’s mean as far as chance could have made it; then "
            "20,000 draws compare it with the cheapest quarter of its own peers, or of the field by a cost model, each "
            "drawn anew. The range runs from the lowest to the highest end of every route that passed its tests."
        ),
        html.P(
            "Grade A: every route starts above zero, they agree and the figure is firm. Grade B: the main route starts "
            "above zero, but another reaches zero or disagrees, or the figure is not firm. Grade C: the main route "
            "reaches zero or the figure is unreliable, so no amount is given."
        ),
        html.P("It does not know the cost of getting there, nor whether every body could do it at once."),
    )
