"""Which target comes first, which fairness tests each fails, and why cost has none: one account for tab and report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.components import words
from dashboards.components.numbers import chance_of
from dashboards.data import Body, Book
from dashboards.pages.body import newest_rows, ordered

Row = dict[str, Any]
TEST = {
    "attainability": "Attainable",
    "context": "Allows for circumstances",
    "noise": "Step asked is larger than year-to-year noise",
    "history": "Others have done it",
    "burden": "Fairly shared",
    "consistency": "Same for same",
}
EARLY = "too early to say"


def tests_of(book: Book, row: Row) -> list[Row]:
    """The fairness tests of a target, in their order."""
    key = {name: row[name] for name in ("policy_id", "body_id", "indicator_id")}
    order = list(TEST)
    return sorted(book.rows("target_tests", **key), key=lambda each: order.index(each["test"]))


def tracking_of(book: Book, row: Row) -> Row | None:
    """How a target goes; None where it is not followed."""
    key = {name: row[name] for name in ("policy_id", "body_id", "indicator_id")}
    return next(iter(book.rows("tracking", **key)), None)


def fails(book: Book, row: Row) -> str:
    """'fails 2 of 6 fairness tests: “same for same”, “fairly shared”'; empty where a target fails none."""
    failed = [f"“{words.uncapital(TEST[each['test']])}”" for each in failed_of(book, row)]
    return f"{fails_of(book, row)}: {', '.join(failed)}" if failed else ""


def failed_of(book: Book, row: Row) -> list[Row]:
    """The tests that a target fails, each with its reason in words."""
    return [each for each in tests_of(book, row) if each["result"] == "fail"]


def fails_of(book: Book, row: Row) -> str:
    """'fails 2 of 6 fairness tests'."""
    tests = tests_of(book, row)
    noun = "fairness test" if len(tests) == 1 else "fairness tests"
    return f"fails {len(failed_of(book, row))} of {len(tests)} {noun}"


def in_order(book: Book, body: Body, rows: Sequence[Row]) -> list[Row]:
    """Sound targets first, then those that can be judged, then by how clearly their service differs from peers."""
    services = [row["service_id"] for row in ordered([r for r in newest_rows(book, body, book.headline) if r["first"]])]

    def place(row: Row) -> tuple[bool, bool, bool, int, str]:
        found = tracking_of(book, row)
        service = book.indicators[row["indicator_id"]]["service_id"]
        at = services.index(service) if service in services else len(services)
        early = found is None or found["call"] == EARLY
        return bool(fails(book, row)), early, bool(row["hold"]), at, row["indicator_id"]

    return sorted(rows, key=place)


def leading_first(book: Book, rows: Sequence[Row], leading: str) -> list[Row]:
    """The target of one measure, else the first of its service, before all others, which keep their order."""
    service = book.indicators[leading]["service_id"] if leading else ""
    same = [row for row in rows if book.indicators[row["indicator_id"]]["service_id"] == service]
    first = next((row for row in same if row["indicator_id"] == leading), next(iter(same), None))
    return list(rows) if first is None else [first, *(row for row in rows if row is not first)]


def forecast(found: Row) -> str:
    """'As things go, the chance of meeting it is unlikely, 14%'; apart from the call where that is too early to make.

    found : a row of tracking that has a chance.
    """
    chance = f"{found['p_words']}, {chance_of(found['p_hit'])}"
    if found["call"] == EARLY:
        return f"On the forecast alone: {chance}"
    return f"As things go, the chance of meeting it is {chance}"


def no_cost(book: Book, body: Body, rows: Sequence[Row]) -> str:
    """Why a body is asked for nothing on cost; empty where it is asked.

    rows : every row of the policy and the body, with and without a target.
    """
    cost = [row for row in rows if book.indicators[row["indicator_id"]]["stage"] == "cost"]
    if any(row["target"] is not None for row in cost):
        return ""
    if not cost:
        return f"The policy targets no measure of cost that {body.name} has."
    why = [
        f"{words.uncapital(str(book.indicators[row['indicator_id']]['label']))}, because {row['reason']}"
        if row["reason"]
        else words.uncapital(str(book.indicators[row["indicator_id"]]["label"]))
        for row in cost
    ]
    return f"No target for cost: none for {words.listed(why)}."
