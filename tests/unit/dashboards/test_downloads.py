"""Tables taken away: every figure with interval, status and caveat; workbooks without formulas, byte for byte alike."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from dashboards import routes
from dashboards.components.sheet import FORMULA, Head, Sheet, as_csv
from dashboards.components.workbook import as_xlsx
from dashboards.data import Book
from dashboards.downloads import FIGURE, INTERVAL, caveat, complete
from dashboards.library import Library

PREFIX = "/twelve-councils"
PAGES = (
    "",
    "/bodies",
    "/body/T01",
    "/body/T01/report",
    "/body/T01/peers",
    "/body/T01/chain",
    "/body/T01/potential",
    "/body/T01/service/waste",
    "/service/waste",
    "/services",
    "/quality",
    "/releases",
    "/claim/T01/recycling_share/2023-24/statistical",
)
EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "=cmd|' /C calc'!A0", "http://example.org")


def sheet_of(texts: tuple[str, ...]) -> Sheet:
    rows = [{"name": text, "value": 1.5, "lo": None, "status": "ok", "core": True} for text in texts]
    cells = [[text, "1.5"] for text in texts]
    return Sheet("s", "=Title", (Head("Name"), Head("£", True)), cells, ("name", "value", "lo", "status", "core"), rows)


@pytest.mark.parametrize("path", PAGES)
def test_a_table_with_figures_has_interval_status_and_caveat(library: Library, book: Book, path: str) -> None:
    found = routes.view(library, PREFIX + path)
    assert found.status == 200
    for sheet in found.sheets:
        fields = complete(sheet, book).fields
        assert len(set(fields)) == len(fields), sheet.id
        if any(FIGURE.match(name) for name in fields):
            assert any(INTERVAL.search(name) for name in fields), sheet.id
            assert {"status", "caveat"} <= set(fields), sheet.id


def test_a_status_that_a_table_lacks_is_that_of_the_figure_it_names(book: Book) -> None:
    raw = [{"exemplar_id": "T02", "body_id": "T01", "indicator_id": "waste_cost_per_tonne", "period": "2023-24"}]
    made = complete(Sheet("s", "S", (), [], ("exemplar_id", "value"), raw), book)
    assert made.fields == ("exemplar_id", "value", "lo", "hi", "status", "caveat")
    assert made.raw[0]["status"] == "provisional"
    assert made.raw[0]["caveat"] == (
        "provisional: will be revised; "
        "a proxy: spending includes street cleaning, so this stands in for the cost of collection"
    )


def test_a_sound_figure_has_no_caveat_and_an_unlike_one_says_so(book: Book) -> None:
    assert caveat({"status": "ok"}, book) == ""
    assert caveat({"status": "ok", "like_for_like": False}, book).startswith("not like for like")


def test_csv_disarms_every_first_character_that_a_spreadsheet_runs() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(sheet_of(EVIL)), newline="")))[1:]
    assert [row[0] for row in rows] == [*(f"'{text}".replace("\r", "\n") for text in EVIL[:-1]), EVIL[-1]]
    assert all(text.startswith(FORMULA) for text in EVIL[:-1])


def test_a_workbook_holds_texts_numbers_and_truth_values_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(sheet_of(EVIL), [("Title", "=1+1")], "2024-11-14")))
    data, about = book["Data"], book["Read me"]
    assert [cell.value for cell in data[1]] == ["name", "value", "lo", "status", "core"]
    texts = [data.cell(row, 1) for row in range(2, 2 + len(EVIL))]
    assert [cell.value.replace("_x000D_", "\r") for cell in texts] == list(EVIL)
    assert {cell.hyperlink for cell in texts} == {None}
    assert all(cell.quotePrefix for cell in texts)
    assert [cell.value for cell in data[2]][1:] == [1.5, None, "ok", True]
    assert about["B1"].value == "=1+1"


def test_a_workbook_file_has_no_formula_element_and_no_link() -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(sheet_of(EVIL), [("Title", "=1+1")], "2024-11-14"))) as parts:
        text = {name: parts.read(name).decode() for name in parts.namelist()}
    assert not any("<f>" in part or "<f " in part or "<hyperlink" in part for part in text.values())
    assert "2024-11-14T00:00:00Z" in text["docProps/core.xml"]


def test_the_same_address_gives_the_same_workbook_at_any_time(library: Library, book: Book) -> None:
    sheet = complete(routes.view(library, f"{PREFIX}/body/T01").sheets[0], book)
    first = as_xlsx(sheet, [("Title", "x")], book.date)
    time.sleep(2.1)  # ZIP stamps count in steps of two seconds
    assert as_xlsx(sheet, [("Title", "x")], book.date) == first


def test_a_workbook_says_what_it_is_where_it_comes_from_and_what_to_know(client: Any, book: Book) -> None:
    answer = client.get(f"{PREFIX}/body/T02?xlsx=look-first")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="body-T02-look-first-{book.id[:12]}.xlsx"'
    about = load_workbook(io.BytesIO(answer.data))["Read me"]
    rows = [(row[0].value, row[1].value) for row in about.iter_rows()]
    said = dict(rows)
    assert said["Title"] == "Look here first: Birchfield"
    assert said["What it shows"].startswith("In order of how clearly each differs from peers.")
    assert said["Page"] == f"Birchfield: {PREFIX}/{book.id[:12]}/body/T02"
    assert book.id in said["Release"]
    assert said["Cite as"].startswith("Evenhand, ")
    assert "Licence" in said
    assert ("Letter", "P: provisional: will be revised") in rows
    assert any(name == "Caveat" and "proxy" in text for name, text in rows)


@pytest.mark.parametrize(
    ("query", "status"),
    [("xlsx=zzz", 404), ("csv=look-first&xlsx=look-first", 400), ("xlsx=", 404), ("csv=a&csv=b", 400)],
)
def test_a_file_that_there_is_not_is_a_page_that_says_so(client: Any, query: str, status: int) -> None:
    answer = client.get(f"{PREFIX}/body/T01?{query}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
