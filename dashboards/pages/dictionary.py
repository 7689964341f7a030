"""Data dictionary: what does every table, column, measure and indicator of this release mean?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboards.address import Address, Refused, only
from dashboards.api.answers import BASE
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import plural, size, whole
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book
from dashboards.pages.quality import safe

Row = Mapping[str, Any]
TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
POLARITY = {"higher": "Higher is wanted", "lower": "Lower is wanted", "neutral": "Neither way is wanted"}


def layout(book: Book, address: Address) -> block.View:
    """The page `/dictionary`: tables, then measures and indicators with unit, polarity and caveat."""
    only(address)
    columns, measured, shown = every_table(book, address), measures(book), indicators(book, address)
    title = "Data dictionary"
    number = f"{plural(len(book.tables), 'table', 'tables')} with {plural(len(columns.raw), 'column', 'columns')}, "
    return block.View(
        title,
        [
            block.heading(title, address, kicker=book.title),
            block.lede(
                f"This release holds {number}{plural(len(measured.raw), 'measure', 'measures')} as published ",
                f"and {plural(len(shown.raw), 'indicator', 'indicators')} made from them.",
            ),
            html.P(["For programs: ", *ways_in(book)]),
            block.table_block("Tables", TABLES, columns, address),
            block.table_block("Indicators", INDICATORS, shown, address),
            block.table_block("Measures", MEASURES, measured, address),
        ],
        sheets=(columns, shown, measured),
    )


FIELDS = ("table", "grain", "key", "column", "type", "required", "unit", "meaning")
TABLES = "Open one for its columns with type, unit and meaning. The CSV holds every column of every table."
INDICATORS = "What pages compare: one measure over another, or a measure as its publisher states it."
MEASURES = "What publishers state, in their unit."


def ways_in(book: Book) -> list[Any]:
    """Links to the interface for programs."""
    url = f"{BASE}/packs/{book.pack}/releases/{book.id}"
    found = [
        (f"{BASE}/openapi.json", "every address of the interface"),
        (f"{url}/datapackage.json", "this dictionary as a Data Package"),
        (f"{url}/csvw.json", "as CSV on the Web"),
        (f"{url}/dataset.jsonld", "as a schema.org Dataset"),
    ]
    links = [html.A(said, href=link, **attrs(data_full="")) for link, said in found]
    return [*[part for link in links for part in (link, "; ")][:-1], "."]


def one(book: Book, address: Address) -> block.View:
    """The page `/dictionary/<table>`: one row's meaning, the key, every column. Raises Refused (404) on no table."""
    only(address)
    entry = next((found for found in book.tables if found["name"] == address.parts[1]), None)
    if entry is None:
        raise Refused(404, "This release has no table of that name; the data dictionary lists every one.")
    sheet, url = columns_of(entry), f"{BASE}/packs/{book.pack}/releases/{book.id}"
    path = str(entry["path"])
    links = [
        ("Rows as JSON", f"{url}/tables/{entry['name']}"),
        (f"CSV, {size(entry['bytes'])}", f"{url}/files/{path}"),
        ("Parquet", f"{url}/files/{path.removesuffix('.csv')}.parquet"),
    ]
    items = [html.Li(html.A(said, href=link, **attrs(data_full=""))) for said, link in links]
    key = ["A row is named by ", html.Code(", ".join(entry["schema"]["primaryKey"])), "."]
    title = str(entry["name"])
    return block.View(
        title,
        [
            block.heading(title, address, kicker=html.A("Data dictionary", href=address.to("dictionary"))),
            block.lede(
                f"{words.capital(str(entry['grain']))}; {plural(entry['rows'], 'row', 'rows')} in this release."
            ),
            html.Nav(html.Ul(items), className="pager", **attrs(aria_label="This table")),
            block.table_block("Columns", key, sheet, address),
        ],
        sheets=(sheet,),
    )


def every_table(book: Book, address: Address) -> Sheet:
    """The tables with what one row of each is; the CSV has a row for every column."""
    cells = [
        [
            html.A(entry["name"], href=address.to("dictionary", entry["name"]), className="strong"),
            words.capital(str(entry["grain"])),
            whole(len(entry["schema"]["fields"])),
            whole(entry["rows"]),
        ]
        for entry in book.tables
    ]
    heads = (Head("Table"), Head("Grain"), Head("Columns", True), Head("Rows", True))
    raw = [row for entry in book.tables for row in described(entry)]
    return Sheet("columns", "Tables", heads, cells, FIELDS, raw)


def columns_of(entry: Row) -> Sheet:
    """A table's columns with type, unit and meaning."""
    cells = [
        [html.Code(field["name"]), kind(field), field.get("unit") or "–", field.get("description") or "–"]
        for field in entry["schema"]["fields"]
    ]
    heads = (Head("Column"), Head("Type"), Head("Unit"), Head("Meaning"))
    return Sheet("columns", "Columns", heads, cells, FIELDS, described(entry))


def kind(field: Row) -> str:
    """A column's type in words, and whether it may be empty."""
    always = (field.get("constraints") or {}).get("required")
    return TYPES.get(str(field["type"]), str(field["type"])) + ("" if always else ", may be empty")


def described(entry: Row) -> list[dict[str, Any]]:
    """A table's columns as they are written to a file."""
    return [
        {
            "table": entry["name"],
            "grain": entry["grain"],
            "key": field["name"] in entry["schema"]["primaryKey"],
            "column": field["name"],
            "type": field["type"],
            "required": bool((field.get("constraints") or {}).get("required")),
            "unit": field.get("unit"),
            "meaning": field.get("description"),
        }
        for field in entry["schema"]["fields"]
    ]


def measures(book: Book) -> Sheet:
    """What publishers state: publisher, unit, polarity, caveat."""
    sources = {row["dataset"]: row for row in book.rows("editions")}
    cells, raw = [], []
    for id, row in sorted(book.measures.items(), key=lambda pair: (str(pair[1]["label"]).casefold(), pair[0])):
        source = sources.get(row["dataset"], {})
        name = source.get("publisher") or row["dataset"]
        publication = html.A(source["title"], href=safe(source["url"]), **attrs(data_full="")) if source else "–"
        cells.append(
            [
                [html.Span(row["label"], className="strong"), html.Span(id, className="note")],
                [publication, html.Span(name, className="note")],
                row["unit"].replace("_", " "),
                POLARITY.get(row["polarity"], "–"),
                row["caveat"] or "–",
            ]
        )
        raw.append({**row, "publisher": source.get("publisher"), "publication": source.get("title")})
    heads = (Head("Measure"), Head("Publication"), Head("Unit"), Head("Direction"), Head("Caveat"))
    fields = (
        "measure_id",
        "label",
        "publisher",
        "publication",
        "dataset",
        "series",
        "unit",
        "kind",
        "polarity",
        "caveat",
    )
    return Sheet("measures", "Measures", heads, cells, fields, raw)


def indicators(book: Book, address: Address) -> Sheet:
    """What pages compare: how it is made, unit, polarity, proxy and caveat."""
    cells = []
    rows = sorted(book.indicators.values(), key=lambda row: (str(row["label"]).casefold(), row["indicator_id"]))
    for row in rows:
        link = html.A(row["label"], href=address.to("service", row["service_id"], measure=row["indicator_id"]))
        proxy = [html.B("Proxy: "), f"{words.proxy(row)}. "] if row["proxy"] else []
        caveat = [*proxy, row["caveat"] or ("" if proxy else "–")]
        made = [
            label(book, row["numerator"]),
            f" over {words.uncapital(label(book, row['denominator']))}" if row["denominator"] else "",
        ]
        cells.append(
            [
                [link, html.Span(row["indicator_id"], className="note")],
                "".join(made),
                row["unit"],
                POLARITY.get(row["polarity"], "–"),
                caveat,
            ]
        )
    heads = (Head("Indicator"), Head("Made from"), Head("Unit"), Head("Direction"), Head("Caveat"))
    fields = (
        "indicator_id",
        "service_id",
        "label",
        "numerator",
        "denominator",
        "multiplier",
        "unit",
        "polarity",
        "stage",
        "real_terms",
        "interval",
        "proxy",
        "caveat",
    )
    return Sheet("indicators", "Indicators", heads, cells, fields, rows)


def label(book: Book, measure: str) -> str:
    """A measure's name in words."""
    return str(book.measures[measure]["label"]) if measure in book.measures else measure
