"""The dictionary says what every column, measure and indicator of the release means."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards import routes
from dashboards.components.markup import render
from dashboards.components.sheet import as_csv
from dashboards.data import Book
from dashboards.library import Library
from pipelines.contracts import published

PATH = "/twelve-councils/dictionary"


def test_every_column_of_the_contract_stands_in_it_once(library: Library) -> None:
    view = routes.view(library, PATH)
    columns = next(sheet for sheet in view.sheets if sheet.id == "columns")
    found = [(row["table"], row["column"]) for row in columns.raw]
    contract = [(table.name, column.name) for table in published("GBP", "2023-24") for column in table.columns]
    assert found == contract
    assert all(row["meaning"] and row["type"] for row in columns.raw)
    shown = render(view.content)
    for name in {table for table, _ in contract}:
        assert f"{PATH}/{name}" in shown
        page = routes.view(library, f"{PATH}/{name}")
        assert [(row["table"], row["column"]) for row in page.sheets[0].raw] == [
            each for each in found if each[0] == name
        ]
    assert as_csv(columns).count("\n") == len(contract) + 1


def test_measures_name_their_publisher_and_indicators_their_parts(library: Library, book: Book) -> None:
    view = routes.view(library, PATH)
    measures = {row["measure_id"]: row for sheet in view.sheets if sheet.id == "measures" for row in sheet.raw}
    assert measures["waste_spend"]["publisher"] == "Department of Invented Finance"
    assert set(measures) == set(book.measures)
    shown = render(view.content)
    assert "Spending on waste over waste collected" in shown
    assert "Lower is wanted" in shown and "Proxy: " in shown


def test_its_links_to_the_interface_answer(client: Any, library: Library) -> None:
    shown = "".join(render(routes.view(library, path).content) for path in (PATH, f"{PATH}/bodies"))
    links = [part.split('"')[0] for part in shown.split('href="')[1:] if part.startswith("/api/")]
    assert len(links) == 7
    for link in links:
        with client.get(link) as answer:
            assert answer.status_code == 200, link


def test_a_parameter_is_refused(library: Library) -> None:
    assert routes.view(library, f"{PATH}?table=x").status == 400


@pytest.mark.parametrize("table", ["cells", "..%2fbodies", "bodies%00", "bodies/columns", "<b>"])
def test_a_table_that_is_none_is_refused(library: Library, table: str) -> None:
    assert routes.view(library, f"{PATH}/{table}").status == 404
