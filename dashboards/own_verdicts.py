"""Verdicts under a set of a reader's own choice, by the rules of a release's own (methods.md M3.1, M3.2).

The figures are the release's; only the group that they are held against is another one. `pipelines.methods.position`
does the arithmetic for all measures and periods at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from dashboards.data import KEY, Body, Book
from pipelines.methods import position
from pipelines.methods.arrays import BoolArray, FloatArray, TextArray
from pipelines.methods.peers import SMALL_GROUP
from pipelines.methods.status import JUDGED

Row = dict[str, Any]


def rejudged(book: Book, body: Body, members: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """The body's rows with their position among `members` instead of the published peers.

    rows : one per indicator and period. `n_figures` counts the members with a figure, like for like or not, and
    `n_peers` those that stand in the group. `placed`: whether the release has a position of the row, and a claim of it.
    """
    if not rows:
        return []
    value, lo, hi, status, alike, present = figures(book, (body.id, *members), rows)
    like = np.where(alike, value, np.nan)
    ids = np.full((len(members) + 1, max(1, len(members))), -1)
    ids[0, : len(members)] = np.arange(1, len(members) + 1)
    found = position.position_among(like, ids, np.zeros(len(rows)), status=status)
    own_lo, own_hi = (np.where(alike[0], end, np.nan) for end in (lo[0], hi[0]))
    words = position.verdict(like[0], own_lo, own_hi, found.peers[0], status[0], reference=found.median[0])
    middle = np.where(found.median[0] > 0, found.median[0], np.nan)
    apart = (present & ~alike)[1:].sum(axis=0)
    shown = (present & ~np.isnan(value))[1:].sum(axis=0)
    numbers = {
        "peer_q25": found.q1[0],
        "peer_median": found.median[0],
        "peer_q75": found.q3[0],
        "ratio": like[0] / middle,
        "ratio_lo": own_lo / middle,
        "ratio_hi": own_hi / middle,
    }
    return [
        {
            **row,
            **{name: None if np.isnan(column[i]) else float(column[i]) for name, column in numbers.items()},
            "n_peers": int(found.peers[0][i]),
            "n_figures": int(shown[i]),
            "n_left_out": int(apart[i]),
            "verdict": str(words[i]),
            "reason": reason(book, row, str(words[i]), int(found.peers[0][i])),
            "agreement": (0, 0),
            "placed": row["n_peers"] is not None,
        }
        for i, row in enumerate(rows)
    ]


def reason(book: Book, row: Row, verdict: str, peers: int) -> str | None:
    """Why a verdict is withheld under the set; what the body's own figure lacks is said by the release."""
    if verdict != "withheld":
        return None
    if not row["like_for_like"] or row["status"] not in JUDGED:
        stated: str | None = row["reason"]
        return stated
    if peers < SMALL_GROUP:
        return f"too few comparable {book.nouns} ({peers}) to compare"
    return "no interval can be given, so chance cannot be ruled out"


def figures(
    book: Book, bodies: Sequence[str], rows: Sequence[Row]
) -> tuple[FloatArray, FloatArray, FloatArray, TextArray, BoolArray, BoolArray]:
    """value, lo, hi, status, like for like, present: each (bodies, rows)."""
    columns = pl.DataFrame(
        [(row["indicator_id"], row["period"], place) for place, row in enumerate(rows)],
        schema={"indicator_id": pl.String, "period": pl.String, "column": pl.Int64},
        orient="row",
    )
    lines = pl.DataFrame(
        {"body_id": list(bodies), "row": range(len(bodies))}, schema={"body_id": pl.String, "row": pl.Int64}
    )
    model = book.headline or next(iter(book.models), "")
    found = book.positions(model).select(*KEY, "value", "lo", "hi", "status", "like_for_like")
    found = found.join(lines, on="body_id").join(columns, on=["indicator_id", "period"])
    at = (found["row"].to_numpy(), found["column"].to_numpy())
    shape = (len(bodies), len(rows))

    def matrix(name: str) -> FloatArray:
        out = np.full(shape, np.nan)
        out[at] = found[name].fill_null(np.nan).to_numpy()
        return out

    status, alike = np.full(shape, "missing", dtype="U16"), np.ones(shape, dtype=np.bool_)
    present = np.zeros(shape, dtype=np.bool_)
    status[at], alike[at], present[at] = found["status"].to_numpy(), found["like_for_like"].to_numpy(), True
    return matrix("value"), matrix("lo"), matrix("hi"), status, alike, present
