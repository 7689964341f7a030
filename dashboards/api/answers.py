"""What the interface answers: plain dictionaries from a release. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.data import Book
from dashboards.library import Library
from pipelines.errors import BadInput
from pipelines.releases.read import (
    Dispute,
    claim_json,
    dispute_json,
    note_json,
    recompute,
    recomputed_json,
)

BASE = "/api/v1"
MOST = 1000
PAGE = 100
LARGEST = 2**63 - 1
"""Of whole numbers in a table."""
UNSHOWN = ("quarantined", "withheld")
"""Statuses under which a figure is stored and never shown."""
RESERVED = ("columns", "limit", "offset")
WHOLE = (pl.Int64, pl.Float64)


class NotFound(Exception):
    """Nothing at this address; one sentence says what there is instead."""


class Unreadable(Exception):
    """A parameter that cannot be read; one sentence says which and what it may be."""


def packs(library: Library) -> dict[str, Any]:
    """Every published pack with its current release."""
    return {"packs": [summary(library.book(pack), current=True) for pack in library.packs()]}


def releases(library: Library, pack: str) -> dict[str, Any]:
    """Every release of a pack on the shelf, the current one marked."""
    known_pack(library, pack)
    now = dict(library.current())[pack]
    return {"releases": [summary(library.book(pack, id), current=id == now) for id in library.releases(pack)]}


def summary(book: Book, *, current: bool) -> dict[str, Any]:
    """A release in a few facts, with its address."""
    return {
        "pack": book.pack,
        "title": book.title,
        "release": book.id,
        "current": current,
        "date": book.date,
        "newest_period": book.newest_period or None,
        "counts": dict(book.facts["counts"]),
        "url": f"{BASE}/packs/{book.pack}/releases/{book.id}",
    }


def release(library: Library, pack: str, name: str) -> dict[str, Any]:
    """One release: its facts, its tables, its files."""
    book = opened(library, pack, name)
    url = f"{BASE}/packs/{pack}/releases/{book.id}"
    files = [entry["path"] for entry in book.release.meta["resources"]]
    return {
        **summary(book, current=dict(library.current())[pack] == book.id),
        "currency": book.currency,
        "base_period": book.facts.get("base_period"),
        "licence_note": book.facts.get("licence_note"),
        "tables": [table_summary(entry, url) for entry in tables_of(book)],
        "files": [f"{url}/files/{path}" for path in files],
        "metadata": {kind: f"{url}/{kind}" for kind in ("datapackage.json", "csvw.json", "dataset.jsonld")},
    }


def tables_of(book: Book) -> list[dict[str, Any]]:
    """The release's own description of each table."""
    return [entry for entry in book.release.meta["resources"] if entry.get("format") == "csv"]


def table_summary(entry: Mapping[str, Any], url: str) -> dict[str, Any]:
    """A table: grain, key, columns with types, units and meanings, rows, address."""
    return {
        "name": entry["name"],
        "grain": entry["grain"],
        "key": entry["schema"]["primaryKey"],
        "rows": entry["rows"],
        "columns": [
            {name: field[name] for name in ("name", "type", "unit", "description") if name in field}
            for field in entry["schema"]["fields"]
        ],
        "url": f"{url}/tables/{entry['name']}",
    }


def table(library: Library, pack: str, name: str, wanted: str, query: Mapping[str, str]) -> dict[str, Any]:
    """One page of a table's rows, filtered by equality on any of its columns.

    Figures whose status forbids showing them are null. Raises NotFound or Unreadable.
    """
    book = opened(library, pack, name)
    known = [entry["name"] for entry in tables_of(book)]
    if wanted not in known:
        raise NotFound(f"This release has no table of that name; it has {', '.join(known)}.")
    frame = shown(book.release.table(wanted))
    kept = frame.filter(*(condition(frame, column, text) for column, text in query.items() if column not in RESERVED))
    limit, offset = number(query, "limit", PAGE, 1, MOST), number(query, "offset", 0, 0, 10**9)
    page = kept.select(columns(frame, query)).slice(offset, limit)
    after = offset + limit
    return {
        "pack": pack,
        "release": book.id,
        "table": wanted,
        "total": kept.height,
        "offset": offset,
        "limit": limit,
        "next_offset": after if after < kept.height else None,
        "rows": page.to_dicts(),
    }


def shown(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows without the figures that a status forbids showing."""
    if "status" not in frame.columns:
        return frame
    real = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    hidden = pl.col("status").is_in(UNSHOWN)
    return frame.with_columns(pl.when(hidden).then(None).otherwise(pl.col(name)).alias(name) for name in real)


def condition(frame: pl.DataFrame, column: str, text: str) -> pl.Expr:
    """Equality of a column with a parameter's text, read in the column's type. Raises Unreadable."""
    if column not in frame.columns:
        raise Unreadable(f"There is no column or setting of that name; the columns are {', '.join(frame.columns)}.")
    kind = frame.schema[column]
    if kind == pl.Boolean:
        if text not in ("true", "false"):
            raise Unreadable(f"The column {column} is true or false.")
        return pl.col(column) == (text == "true")
    if kind in WHOLE:
        try:
            wanted = int(text) if kind == pl.Int64 else float(text)
        except ValueError:
            raise Unreadable(f"The column {column} holds numbers.") from None
        if isinstance(wanted, int) and abs(wanted) > LARGEST:
            raise Unreadable(f"The column {column} holds no number of that size.")
        return pl.col(column) == wanted
    return pl.col(column) == text


def columns(frame: pl.DataFrame, query: Mapping[str, str]) -> list[str]:
    """The columns asked for, by default all. Raises Unreadable on one that the table does not have."""
    asked = [name for name in query.get("columns", "").split(",") if name]
    if any(name not in frame.columns for name in asked) or len(set(asked)) < len(asked):
        raise Unreadable(f"columns names columns of the table once each, among {', '.join(frame.columns)}.")
    return asked or frame.columns


def number(query: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """A whole-number setting within its bounds. Raises Unreadable."""
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and low <= int(text) <= high):
        raise Unreadable(f"{name} is a whole number from {low} to {high}.")
    return int(text)


def claim(
    library: Library, pack: str, name: str, key: tuple[str, str, str, str], query: Mapping[str, str]
) -> dict[str, Any]:
    """Everything behind one figure. key : kind, body (or field), figure, period. Raises NotFound or Unreadable."""
    book = opened(library, pack, name)
    if set(query) - {"model"}:
        raise Unreadable("A claim takes one setting, model.")
    model = query.get("model", book.headline)
    try:
        return claim_json(book.claim_of(*key, model))
    except BadInput as error:
        raise NotFound(f"There is no such figure: {error}.") from None


def disputes(library: Library, pack: str, query: Mapping[str, str]) -> dict[str, Any]:
    """One page of a pack's disputes in the order in which they came, and its newest notes; outside every release."""
    known_pack(library, pack)
    if set(query) - {"state", "limit", "offset"}:
        raise Unreadable("Disputes take the settings state, limit and offset.")
    state, replies = query.get("state", "all"), library.book(pack).replies
    if state not in ("all", "open", "decided"):
        raise Unreadable("state is all, open or decided.")
    chosen = [each for each in replies.disputes if state == "all" or each.is_open == (state == "open")]
    limit, offset = number(query, "limit", PAGE, 1, MOST), number(query, "offset", 0, 0, 10**9)
    after = offset + limit
    return {
        "pack": pack,
        "total": len(chosen),
        "offset": offset,
        "limit": limit,
        "next_offset": after if after < len(chosen) else None,
        "disputes": [told(library, pack, each) for each in chosen[offset:after]],
        "notes": [note_json(each) for each in replies.notes[-MOST:]],
        "unread": len(replies.unread),
    }


def dispute(library: Library, pack: str, name: str) -> dict[str, Any]:
    """One dispute, with the figure recomputed from the body's inputs where it names any. Raises NotFound."""
    known_pack(library, pack)
    found = library.book(pack).replies.dispute(name)
    if found is None:
        raise NotFound(f"There is no dispute of that name; {BASE}/packs/{pack}/disputes lists every one.")
    again = None
    if found.corrects and found.release in library.releases(pack):
        try:
            again = recomputed_json(recompute(library.book(pack, found.release).release, found))
        except BadInput as error:
            again = {"error": str(error)}
    return {**told(library, pack, found), "recomputed": again}


def told(library: Library, pack: str, found: Dispute) -> dict[str, Any]:
    """A dispute with the body's name and its address."""
    url = f"{BASE}/packs/{pack}/disputes/{found.id}"
    return {**dispute_json(found), "body_name": library.book(pack).name(found.body), "url": url}


def opened(library: Library, pack: str, name: str) -> Book:
    """A release by its name, or the current one. Raises NotFound."""
    known_pack(library, pack)
    if name == "current":
        return library.book(pack)
    if name not in library.releases(pack):
        raise NotFound("There is no release of that name on the shelf; `current` is the one in force.")
    return library.book(pack, name)


def known_pack(library: Library, pack: str) -> None:
    """Raise NotFound where nothing of the pack is published."""
    if pack not in library.packs():
        raise NotFound(f"There is no pack of that name; published packs are {', '.join(library.packs()) or 'none'}.")
