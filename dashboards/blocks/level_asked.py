"""What a target asks for and on what it rests: the peers that hold it, or what the body itself holds."""

from __future__ import annotations

import json
from typing import Any

from dash import html

from dashboards.components import words
from dashboards.components.numbers import period_words, plural
from dashboards.data import Body, Book
from pipelines.methods.sustained import YEARS

Row = dict[str, Any]
BASIS = {
    "top_quartile": "what the best quarter of its {peers} are shown to hold",
    "median": "the median of what its {peers} are shown to hold",
    "exemplar": "the nearest better example among its {peers}",
    "model": "what is expected of the better quarter of those like it",
    "own_trend": "its own trend",
}


def asked_of(book: Book, body: Body, policy: Row, row: Row, found: Row | None) -> list[Any]:
    """Level, date and what the level rests on; that the newest figure is better already, where it is."""
    style, label = book.style(row["indicator_id"]), book.indicators[row["indicator_id"]]["label"]
    terms = json.loads(policy["parameters"])
    due = period_words(row["due_period"])
    if row["hold"]:
        parts: list[Any] = [f"{label}: ", html.B(f"hold {style.sentence(row['target'])} until {due}"), ". "]
        parts += holding(book, body, terms, row)
    else:
        parts = [f"{label}: ", html.B(f"{style.sentence(row['target'])} by {due}")]
        parts.append(f"{held_by(book, row, terms)}. " if row["peers_there"] is not None else ". ")
    if found and better(book, row, found["value"], row["target"]):
        newest = f"{style.write(found['value'])} ({period_words(found['period'])})"
        parts.append(f"Its newest figure, {newest}, is already better than that. ")
    return parts


def held_by(book: Book, row: Row, terms: Row) -> str:
    """', which 7 of its 9 peers are shown to have held for 3 years'; of the level before the shift asked of everybody.

    Peers are counted at that level, which is another one where the policy asks everybody for a yearly step.
    """
    there, years = row["peers_there"], plural(held_years(terms), "year", "years")
    are = "is" if there == 1 else "are"
    who = f"{there or 'none'} of its {plural(row['n_peers'], 'peer', 'peers')} {are} shown to have held"
    style, level = book.style(row["indicator_id"]), before_shift(book, row)
    if level is None or style.write(level) == style.write(row["target"]):
        return f", which {who} for {years}"
    return f". {words.capital(who)} {style.write(level)} for {years}; the rest is the yearly step asked of everybody"


def before_shift(book: Book, row: Row) -> float | None:
    """The level due without the shift that everybody is asked for; None where the release has no path."""
    key = {name: row[name] for name in ("policy_id", "body_id", "indicator_id")}
    path = book.rows("target_paths", **key, period=row["due_period"])
    level: float | None = path[0]["catch_up"] if path else None
    return level


def held_years(terms: Row) -> int:
    """For how many years a level must stand before it counts as held."""
    return int(terms.get("sustained_years", YEARS))


def holding(book: Book, body: Body, terms: Row, row: Row) -> list[str]:
    """Why a body is asked to hold, whose level it is, and from where it counts as held."""
    style, limits = book.style(row["indicator_id"]), (row["limited_by"] or "").split()
    basis = BASIS[row["basis"]].format(peers=plural(row["n_peers"], "peer", "peers"))
    few = " (too few for a best quarter)" if (row["basis"], wanted(terms, row)) == ("median", "top_quartile") else ""
    there = any(not better(book, row, row["reference"], level) for level in (row["start"], row["target"]))
    why = (
        f"{body.name} is already as good as {basis}, {style.write(row['reference'])}{few}"
        if there
        else f"No more can be asked of {body.name} fairly"
    )
    said = [f"{why}, so holding is success. "]
    if "own_level" in limits:
        years, last = plural(held_years(terms), "year", "years"), period_words(row["base_period"])
        said.append(f"The level rests on what {body.name} itself held for the {years} to {last}. ")
    met = row.get("success")  # a release made before this was recorded has no such column
    if met is not None and style.write(met) != style.write(row["target"]):
        said.append(f"Allowing for chance, it counts as held from {style.write(met)}. ")
    return said


def wanted(terms: Row, row: Row) -> str:
    """What the policy would aim at with peers enough."""
    item: Row = next((each for each in terms["items"] if each["indicator"] == row["indicator_id"]), {})
    return str(item.get("reference") or terms.get("reference", ""))


def better(book: Book, row: Row, value: float | None, level: float) -> bool:
    """Whether a value of the target's measure is better than a level."""
    if value is None:
        return False
    return bool(value < level if book.indicators[row["indicator_id"]]["polarity"] == "lower" else value > level)
