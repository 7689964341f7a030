"""Find one thing in a release, or say what is nearest to what was asked for."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.errors import BadInput

if TYPE_CHECKING:
    from pipelines.releases.read import Release

Row = dict[str, Any]


def rows(release: Release, table: str, **key: object) -> list[Row]:
    """The rows of a table where every named column equals the value given, in the table's order."""
    frame = release.table(table)
    wanted = [pl.col(name) == value for name, value in key.items()]
    return frame.filter(*wanted).to_dicts()


def one(release: Release, table: str, **key: object) -> Row | None:
    """The only row under a key; None when there is none."""
    found = rows(release, table, **key)
    return found[0] if found else None


def find_body(release: Release, text: str) -> Row:
    """A body by its code, its name in any case, or a code of another scheme.

    Of several bodies with one name the living one is meant. Raises BadInput when none or several fit.
    """
    bodies = release.table("bodies")
    exact = bodies.filter(pl.col("body_id") == text)
    named = bodies.filter(pl.col("name").str.to_lowercase() == text.strip().lower())
    aliases = release.table("body_alias").filter(pl.col("code") == text)["body_id"].unique()
    other = bodies.filter(pl.col("body_id").is_in(aliases.implode()))
    living = named.filter(pl.col("valid_to").is_null())
    for found in (exact, named, living, other):
        if found.height == 1:
            return found.row(0, named=True)
    if named.height > 1:
        raise BadInput(f"{text!r} is the name of {named.height} bodies: {', '.join(named['body_id'])}; use the code")
    raise BadInput(f"{release.pack} has no body {text!r}{nearest_body(bodies, text)}")


def nearest_body(bodies: pl.DataFrame, text: str) -> str:
    """Up to three bodies whose name or code is like `text`, as words for a message."""
    codes: dict[str, str] = {}
    for code, name in bodies.select("body_id", "name").iter_rows():
        codes.setdefault(name.lower(), f"{name} ({code})")
        codes.setdefault(code.lower(), f"{name} ({code})")
    return _suggestion(list(dict.fromkeys(codes[near] for near in get_close_matches(text.lower(), codes, 3, 0.5))))


def find(release: Release, table: str, column: str, wanted: str, what: str) -> Row:
    """A row by its identifier. Raises BadInput with the nearest identifiers."""
    row = one(release, table, **{column: wanted})
    if row is None:
        known = release.table(table)[column].unique().sort().to_list()
        raise BadInput(f"{release.pack} has no {what} {wanted!r}{nearest(known, wanted)}")
    return row


def nearest(known: list[str], wanted: str) -> str:
    """Up to three of `known` that are like `wanted`, else a few of all, as words for a message."""
    close = get_close_matches(wanted, known, 3, 0.5)
    return _suggestion(close) if close else f"; it has {', '.join(known[:12])}{' and more' if len(known) > 12 else ''}"


def _suggestion(found: list[str]) -> str:
    return (
        f"; did you mean {' or '.join(found)}?"
        if found
        else "; search by name on the dashboard or in tables/bodies.csv"
    )
