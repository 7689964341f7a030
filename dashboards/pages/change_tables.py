"""Tables of what changed: one row for each position that moved, one for each body whose peers are others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.changes import FIGURES, Changes
from dashboards.components import words
from dashboards.components.numbers import Style, percent_of, period_words, points, ratio_words
from dashboards.components.parts import extent, parts
from dashboards.components.sheet import Head, Sheet
from pipelines.releases.read import CAUSES, SetChange

Row = Mapping[str, Any]
IN_WORDS = {
    "own_data": "own figure",
    "peers_data": "peers’ figures",
    "peer_set": "other peers",
    "revision": "revision",
    "method": "method",
}
"""The causes as a bar's labels, in the order in which they are stacked."""
HEADS = (
    Head("Body and measure"),
    Head("Before"),
    Head("After"),
    Head("Verdict"),
    Head("Points of the peers’ median"),
)
SIDES = ("before", "after")
FIELDS = (
    "body_id",
    "name",
    "indicator_id",
    "label",
    *(f"{name}_{side}" for side in SIDES for name in ("period", "ratio", *FIGURES)),
    "change",
    *CAUSES,
    *(f"{cause}_points" for cause in CAUSES),
)
"""Columns of the CSV: both sides with interval and status; the parts in logarithms and in points."""
MOST = 50
MOST_REASONS = 6


def moved_cells(found: Changes, rows: Sequence[Row], address: Address) -> list[list[Any]]:
    """What each row shows: both positions with their intervals, the verdict, and the parts as a bar with labels."""
    reach = extent(rows, [f"{cause}_points" for cause in CAUSES])
    return [
        [
            who(row, address),
            *(side(row, when, found.after.style(row["indicator_id"])) for when in SIDES),
            verdicts(row, str(found.after.indicators[row["indicator_id"]]["polarity"])),
            causes(row, reach),
        ]
        for row in rows
    ]


def who(row: Row, address: Address) -> list[Any]:
    """The body, its measure below."""
    link = html.A(row["name"], href=address.to("body", row["body_id"]), className="strong")
    return [link, html.Span(row["label"], className="note")]


def side(row: Row, when: str, style: Style) -> html.Div:
    """The figure of one release with interval, period and distance from its peers' median."""
    value, lo, hi = (row[f"{name}_{when}"] for name in ("value", "lo", "hi"))
    shown = words.shown({"value": value, "status": row[f"status_{when}"] or "missing"}, style)
    interval = "no interval" if value is None or lo is None or hi is None else style.interval(lo, hi, value)
    ends = [row[f"ratio_{end}_{when}"] for end in ("lo", "hi")]
    reach = "" if None in ends else f" ({ratio_words(ends[0])} to {ratio_words(ends[1])})"
    lines = [
        *shown,
        html.Span(f"{interval}, {period_words(row[f'period_{when}'])}", className="note"),
        html.Span(f"{ratio_words(row[f'ratio_{when}'])}{reach}", className="note") if value is not None else None,
    ]
    return html.Div(lines, className="when")


def verdicts(row: Row, polarity: str) -> list[Any]:
    """The verdict; both where it changed."""
    shown = [words.verdict(told(row, when), polarity) for when in SIDES]
    if row["verdict_before"] == row["verdict_after"]:
        return [shown[1]]
    return [
        html.Span(["Was: ", shown[0]], className="turned"),
        html.Span(["Now: ", shown[1]], className="turned strong"),
    ]


def told(row: Row, when: str) -> dict[str, Any]:
    """One side of a row under the names that verdicts are worded by."""
    found = {name: row[f"{name}_{when}"] for name in FIGURES}
    return {**found, "verdict": found["verdict"] or "withheld", "status": found["status"] or "missing"}


def causes(row: Row, reach: float) -> list[Any]:
    """The whole change in points, and its parts."""
    total = points(sum(row[f"{cause}_points"] for cause in CAUSES))
    listed = [(cause, words.capital(text), row[f"{cause}_points"]) for cause, text in IN_WORDS.items()]
    return [html.Span(f"{total} in all", className="strong"), parts(listed, reach)]


def peers_sheet(found: Changes, address: Address) -> Sheet:
    """Bodies whose peers are others now, by name; the page shows the first 50, the CSV every peer that came or went."""
    listed = sorted(found.peers, key=lambda change: (found.after.name(change.body_id).casefold(), change.body_id))
    cells = [peers_cells(found, change, address) for change in listed[:MOST]]
    raw = [
        {
            "body_id": change.body_id,
            "name": found.after.name(change.body_id),
            "model_id": change.model_id,
            "n_before": change.n_before,
            "n_after": change.n_after,
            "shared": change.jaccard,
            "peer_id": one.peer_id,
            "peer_name": found.after.name(one.peer_id),
            "change": one.change,
            "kind": one.kind,
            "reason": one.reason,
        }
        for change in listed
        for one in change.changes
    ]
    fields = tuple(raw[0]) if raw else ("body_id", "peer_id", "change", "reason")
    heads = (Head("Body"), Head("Peers", True), Head("In both lists", True), Head("Who came or went, and why"))
    return Sheet("peers-changed", "Whose peers changed", heads, cells, fields, raw)


def peers_cells(found: Changes, change: SetChange, address: Address) -> list[Any]:
    """One body: how many peers, how much of either list is in both, and the reasons."""
    items = [
        html.Li([html.B(f"{found.after.name(one.peer_id)} {one.change}"), f": {one.reason}"])
        for one in change.changes[:MOST_REASONS]
    ]
    left = len(change.changes) - MOST_REASONS
    items += [html.Li(f"and {left} more; the CSV holds all")] if left > 0 else []
    count = f"{change.n_before}" if change.n_before == change.n_after else f"{change.n_before} to {change.n_after}"
    return [
        html.A(found.after.name(change.body_id), href=address.to("body", change.body_id, "peers"), className="strong"),
        count,
        "–" if change.jaccard is None else percent_of(change.jaccard),
        html.Ul(items, className="labels"),
    ]
