"""Data dictionary: what does every table, column, measure and indicator of this release mean?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboards.address import Address, only
from dashboards.api.answers import BASE
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import plural, size, whole
from dashboards.components.sheet import Head, Sheet, as_table
from dashboards.data import Book
from dashboards.pages.quality import safe

Row = Mapping[str, Any]
TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
POLARITY = {"higher": "Higher is wanted", "lower": "Lower is wanted", "neutral": "Neither way is wanted"}


def layout(book: Book, address: Address) -> block.View:
    """The page `/dictionary`: tables with columns, then measures and indicators with unit, polarity and caveat."""
    only(address)
    columns, measured, shown = every_column(book), measures(book), indicators(book, address)
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
            every_table(book, columns, address),
            block.table_block("Indicators", INDICATORS, shown, address),
            block.table_block("Measures", MEASURES, measured, address),
        ],
        sheets=(columns, shown, measured),
    )


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


def every_table(book: Book, columns: Sheet, address: Address) -> html.Section:
    """One fold for each table: grain, key, columns, links."""
    folds = html.Div([one_table(book, entry) for entry in book.tables], className="folds")
    said = html.P("Open a table to see its grain, its key and what each column means.", className="sub")
    foot = html.Div(block.feet(columns, None, address), className="foot")
    return block.panel("Tables", said, folds, foot, id="title-columns")


def one_table(book: Book, entry: Row) -> html.Details:
    """A table's fold: what one row is, what names a row, and its columns."""
    name, url = str(entry["name"]), f"{BASE}/packs/{book.pack}/releases/{book.id}"
    links: list[Any] = [
        html.A([said, html.Span(f": {name}", className="unseen")], href=link, **attrs(data_full=""))
        for said, link in (
            ("Rows as JSON", f"{url}/tables/{name}"),
            (f"CSV, {size(entry['bytes'])}", f"{url}/files/{entry['path']}"),
            ("Parquet", f"{url}/files/{str(entry['path']).removesuffix('.csv')}.parquet"),
        )
    ]
    key = ", ".join(entry["schema"]["primaryKey"])
    about = [f"{words.capital(str(entry['grain']))}. Key: ", html.Code(key), f". {whole(entry['rows'])} rows. "]
    listed: list[Any] = [part for link in links for part in (link, " ")]
    named: list[Any] = [html.B(name), html.Span(f", {entry['grain']}")]
    summary = html.Summary(named, id=f"table-{name}")
    said: list[Any] = [*about, *listed]
    return html.Details([summary, html.P(said), as_table(columns_of(entry))])


def columns_of(entry: Row) -> Sheet:
    """A table's columns with type, unit and meaning."""
    cells = [
        [html.Code(field["name"]), kind(field), field.get("unit") or "–", field.get("description") or "–"]
        for field in entry["schema"]["fields"]
    ]
    heads = (Head("Column"), Head("Type"), Head("Unit"), Head("Meaning"))
    return Sheet(f"columns-{entry['name']}", f"Columns of {entry['name']}", heads, cells, (), ())


def kind(field: Row) -> str:
    """A column's type in words, and whether it may be empty."""
    always = (field.get("constraints") or {}).get("required")
    return TYPES.get(str(field["type"]), str(field["type"])) + ("" if always else ", may be empty")


def every_column(book: Book) -> Sheet:
    """Every column of every table, for the file; the page folds them by table."""
    raw = [
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
        for entry in book.tables
        for field in entry["schema"]["fields"]
    ]
    return Sheet("columns", "Tables", (Head("Column"),), (), tuple(raw[0]), raw)


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
