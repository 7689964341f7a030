"""Small files in the publishers' formats, built from rows, so that every quirk has a sample that runs everywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

Rows = Sequence[Sequence[object]]


def csv_bytes(rows: Rows, encoding: str = "utf-8") -> bytes:
    """A CSV whose cells are quoted only where they must be."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(encoding)


def ods_bytes(sheets: Mapping[str, Rows]) -> bytes:
    """An OpenDocument workbook; numbers are written as numbers, everything else as text."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for value in row:
                line.addElement(ods_cell(value))
            table.addElement(line)
        document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def ods_cell(value: object) -> TableCell:
    """One cell: empty, a number or a text (with its line breaks as paragraphs)."""
    if value is None or value == "":
        return TableCell()
    if isinstance(value, int | float):
        return TableCell(valuetype="float", value=str(value))
    cell = TableCell(valuetype="string")
    for line in str(value).split("\n"):
        cell.addElement(P(text=line))
    return cell


def xlsx_bytes(sheets: Mapping[str, Rows]) -> bytes:
    """An Excel workbook with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if value == "" else value for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
