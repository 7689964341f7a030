"""A table as an Excel workbook: a sheet of data and a sheet that says what it is. No cell is a formula or a link."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from dashboards.components.sheet import Sheet

LONGEST = 32_000
"""Letters that a cell holds; Excel refuses more than 32,767."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
COLUMN = 16


def as_xlsx(sheet: Sheet, facts: Sequence[tuple[str, str]], date: str) -> bytes:
    """The workbook's bytes. `facts` fills the sheet "Read me"; `date` (ISO) is the only one that the file holds."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": sheet.title, "author": "Evenhand", "created": datetime.fromisoformat(date)})
        styles = {name: book.add_format(style) for name, style in STYLES.items()}
        data, about = book.add_worksheet("Data"), book.add_worksheet("Read me")
        for column, name in enumerate(sheet.fields):
            data.write_string(0, column, name, styles["head"])
        for place, row in enumerate(sheet.raw, start=1):
            for column, name in enumerate(sheet.fields):
                write(data, place, column, row.get(name), styles["text"])
        data.freeze_panes(1, 0)
        data.set_column(0, max(0, len(sheet.fields) - 1), COLUMN)
        for place, (name, said) in enumerate(facts):
            about.write_string(place, 0, name, styles["head"])
            write(about, place, 1, said, styles["wrapped"])
        about.set_column(0, 0, COLUMN)
        about.set_column(1, 1, 6 * COLUMN)
    return out.getvalue()


STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "valign": "top"},
    "text": {"quote_prefix": True},
    "wrapped": {"text_wrap": True, "valign": "top", "quote_prefix": True},
}
"""The quote prefix keeps a text that begins like a formula a text, also after somebody edits its cell."""


def write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """One cell by its type: numbers as numbers, truth values as such, everything else as text; a gap stays empty."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST], style)
