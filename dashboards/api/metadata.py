"""A release described in other people's words: CSV on the Web, and schema.org for search engines."""

from __future__ import annotations

from typing import Any

from dashboards.api.answers import BASE, tables_of
from dashboards.data import Book

XSD = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


def csvw(book: Book) -> dict[str, Any]:
    """CSV on the Web (W3C, Metadata Vocabulary for Tabular Data): every table with its columns, types and key."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": book.title,
        "dc:identifier": book.id,
        "dc:license": [entry.get("path", entry["name"]) for entry in book.release.meta["licenses"]],
        "tables": [
            {
                "url": f"files/{entry['path']}",
                "dc:description": entry["grain"],
                "tableSchema": {
                    "primaryKey": entry["schema"]["primaryKey"],
                    "columns": [_column(field) for field in entry["schema"]["fields"]],
                },
            }
            for entry in tables_of(book)
        ],
    }


def _column(field: dict[str, Any]) -> dict[str, Any]:
    required = bool(field.get("constraints", {}).get("required"))
    out = {
        "name": field["name"],
        "titles": field["name"],
        "datatype": XSD[field["type"]],
        "required": required,
        "dc:description": field["description"],
    }
    return {**out, "null": []} if "missingValues" in field else {**out, "null": [""]}


def dataset(book: Book, root: str) -> dict[str, Any]:
    """schema.org Dataset. root : scheme and host, to make addresses whole."""
    url = f"{root}{BASE}/packs/{book.pack}/releases/{book.id}"
    meta = book.release.meta
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": f"Evenhand, {book.title}",
        "description": meta["description"],
        "identifier": book.id,
        "version": book.id,
        "dateModified": book.date,
        "url": url,
        "isAccessibleForFree": True,
        "license": [entry.get("path", entry["name"]) for entry in meta["licenses"]],
        "isBasedOn": sorted({entry["path"] for entry in meta["sources"] if entry["path"].startswith("https://")}),
        "variableMeasured": [str(row["label"]) for row in book.indicators.values()],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": entry["name"],
                "encodingFormat": "text/csv",
                "contentUrl": f"{url}/files/{entry['path']}",
            }
            for entry in tables_of(book)
        ],
    }
