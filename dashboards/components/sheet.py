"""One table, two shapes: an HTML table for reading and a CSV for taking away, from the same rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import html

from dashboards.components.markup import Trusted, attrs, render

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that a spreadsheet would run, the full-width ones too."""


@dataclass(frozen=True)
class Head:
    """A column as read: its heading, and whether it holds figures."""

    label: Any
    figures: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table: `cells` as shown under `heads`; `raw` as written under `fields`, unrounded, with interval and status.

    The first cell of each row names it. `key` lists (letter, meaning) of the marks used.
    """

    id: str
    title: str
    heads: Sequence[Head]
    cells: Sequence[Sequence[Any]]
    fields: Sequence[str]
    raw: Sequence[Mapping[str, Any]]
    key: Sequence[tuple[str, str]] = ()
    marked: frozenset[int] = field(default_factory=frozenset)


def as_table(sheet: Sheet) -> html.Div:
    """The table inside a region of its own that scrolls, with the key of its letters below."""
    table: Any = Trusted(_markup(sheet))
    region = html.Div(table, className="scroll", tabIndex=0, role="region", **attrs(aria_label=f"{sheet.title}, table"))
    return html.Div([region, key(sheet.key)])


def key(letters: Sequence[tuple[str, str]]) -> Any:
    """What the letters beside figures mean."""
    if not letters:
        return None
    parts: list[Any] = []
    for mark, meaning in dict(letters).items():
        parts += [html.B(mark), f" {meaning}. "]
    return html.P(parts, className="note")


def as_csv(sheet: Sheet) -> str:
    """The table as CSV with one heading row; a text that a spreadsheet would run has an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(sheet.fields)
    writer.writerows([_safe(row.get(name)) for name in sheet.fields] for row in sheet.raw)
    return out.getvalue()


def _safe(value: Any) -> Any:
    if not isinstance(value, str):
        return "" if value is None else value
    guarded = f"'{value}" if value.startswith(FORMULA) else value
    # Python's writer leaves a lone carriage return bare, where a reader would end the row.
    return guarded.replace("\r\n", "\n").replace("\r", "\n")


def _markup(sheet: Sheet) -> str:
    """The table as text: a component for every cell took longer to make than all else on a page of 500 rows."""
    kinds = [' class="number"' if column.figures else "" for column in sheet.heads]
    heads = (
        f'<th scope="col"{kind}>{render(column.label)}</th>' for kind, column in zip(kinds, sheet.heads, strict=True)
    )
    rows = (_row(cells, kinds, own=number in sheet.marked) for number, cells in enumerate(sheet.cells))
    return (
        f'<table class="figures"><caption class="unseen">{render(sheet.title)}</caption>'
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _row(cells: Sequence[Any], kinds: Sequence[str], *, own: bool) -> str:
    shown = (f"<td{kind}>{render(cell)}</td>" for cell, kind in zip(cells[1:], kinds[1:], strict=True))
    mark = ' class="own"' if own else ""
    return f'<tr{mark}><th scope="row">{render(cells[0])}</th>{"".join(shown)}</tr>'
