"""Rows of one indicator as pages share them: which bodies, in which order, how many of each verdict."""

from __future__ import annotations

from collections.abc import Sequence
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


def counts(rows: Rows) -> dict[str, int]:
    """How many rows have each verdict; `compared` is those with any, `apart` those that are not like for like."""
    found = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in (*VERDICTS, "withheld")}
    return {
        **found,
        "compared": sum(found[verdict] for verdict in VERDICTS),
        "apart": sum(not row["like_for_like"] for row in rows),
    }
