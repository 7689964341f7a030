"""Which services' cost a settlement by terms rests on for one body: those of the scheme that could be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.components import words
from dashboards.components.numbers import headline_money, period_words
from dashboards.data import Body, Book
from dashboards.whatif import covered

Row = dict[str, Any]


def covered_briefly(book: Book, body: Body, scheme: Row) -> str:
    """'It covers waste and housing.'; empty where nothing is known of it."""
    names = [name(book, row) for row in covered(book, body.id, scheme["said"].get("services") or ())[0]]
    return f"It covers {words.listed(list(dict.fromkeys(names)))}." if names else ""


def covered_words(book: Book, body: Body, scheme: Row) -> str:
    """What the services in it cost, which add up to the last year's cost, and which are left out, and why."""
    settled, left = covered(book, body.id, scheme["said"].get("services") or ())
    unit = book.currency.lower()
    costs = [
        f"{name(book, row)} ({headline_money(row[f'addressable_{unit}'], currency=book.currency)})" for row in settled
    ]
    if not costs:
        return ""
    when = period_words(settled[0]["period"])
    told = f"What {words.listed(costs)} cost in {when}, in {book.facts.get('base_period')} prices."
    return " ".join([told, *left_out(book, left)])


def left_out(book: Book, left: list[Row]) -> Iterator[str]:
    """A sentence for every reason to leave services of the scheme out."""
    for reason in dict.fromkeys(str(row["reason"] or "its cost cannot be compared") for row in left):
        names = [name(book, row) for row in left if str(row["reason"] or "its cost cannot be compared") == reason]
        verb = "is" if len(names) == 1 else "are"
        yield f"{words.capital(words.listed(names))} {verb} left out: {reason}."


def name(book: Book, row: Row) -> str:
    """A service as it stands inside a sentence."""
    return words.uncapital(str(book.services[row["service_id"]]["label"]))
