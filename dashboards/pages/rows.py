"""Rows of one indicator as pages share them: which bodies, in which order, how many of each verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.data import Book

Rows = Sequence[dict[str, Any]]
VERDICTS = ("lower", "same", "higher")
FIELDS = (
    "body_id",
    "name",
    "indicator_id",
    "period",
    "value",
    "lo",
    "hi",
    "status",
    "like_for_like",
    "n_peers",
    "n_left_out",
    "peer_q25",
    "peer_median",
    "peer_q75",
    "ratio",
    "ratio_lo",
    "ratio_hi",
    "verdict",
    "reason",
)
"""Columns of a CSV of positions: every value with its interval and status."""


def kinds(book: Book) -> dict[str, str]:
    """Benchmarked classes that have a living body, by id, in words."""
    present = {body.class_id for body in book.living}
    return {id: str(row.get("plural", row["label"])) for id, row in book.classes.items() if id in present}


def named(book: Book, rows: Rows, kind: str) -> list[dict[str, Any]]:
    """Rows of living, benchmarked bodies (of one kind), each with its name, alphabetically."""
    found = {body.id: body for body in book.living if kind in ("", body.class_id)}
    kept = [{**row, "name": found[row["body_id"]].name} for row in rows if row["body_id"] in found]
    return sorted(kept, key=lambda row: (row["name"].casefold(), row["body_id"]))


def first_measure(book: Book, service: str, model: str, kind: str) -> str:
    """The measure that a service opens with for a kind of body: its headline, else the first with verdicts there.

    A tier that has no part in the headline has measures of its own; costs come first among them.
    """
    return book.once(("first measure", service, model, kind), lambda: _first_measure(book, service, model, kind))


def _first_measure(book: Book, service: str, model: str, kind: str) -> str:
    listed = sorted(book.indicators_of(service), key=lambda row: (_apart(book, service, row), row["stage"] != "cost"))
    for row in listed if kind else ():
        id = str(row["indicator_id"])
        rows = named(book, book.standing(model, indicator_id=id, period=book.newest(id)), kind)
        if any(each["verdict"] in VERDICTS for each in rows):
            return id
    return str(book.services[service]["headline"])


def tiers(book: Book, service: str, model: str) -> dict[str, list[str]]:
    """Kinds of body by the measure that the service opens with for them, the headline's first."""
    headline = str(book.services[service]["headline"])
    found: dict[str, list[str]] = {headline: []}
    for kind in kinds(book):
        found.setdefault(first_measure(book, service, model, kind), []).append(kind)
    return found


def compared_kinds(book: Book, rows: Rows) -> list[str]:
    """Kinds of body, in words, that have a verdict in these rows; none where every kind has."""
    told = {book.bodies[row["body_id"]].class_id for row in rows if row["verdict"] in VERDICTS}
    every = kinds(book)
    return [words for id, words in every.items() if id in told] if told < set(every) else []


def _apart(book: Book, service: str, row: Mapping[str, Any]) -> bool:
    return bool(row["indicator_id"] != book.services[service]["headline"])


def counts(rows: Rows) -> dict[str, int]:
    """How many rows have each verdict; `compared` is those with any, `apart` those that are not like for like."""
    found = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in (*VERDICTS, "withheld")}
    return {
        **found,
        "compared": sum(found[verdict] for verdict in VERDICTS),
        "apart": sum(not row["like_for_like"] for row in rows),
    }
