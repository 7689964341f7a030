"""The OpenAPI 3.1 document of the interface, made from what is published: packs and tables are listed by name."""

from __future__ import annotations

from typing import Any

from dashboards.api.answers import BASE, MOST, PAGE, tables_of
from dashboards.library import Library
from pipelines.releases.read import KINDS

Json = dict[str, Any]


def document(library: Library) -> Json:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Evenhand open data",
            "version": "1",
            "description": "Read-only access to published releases. A release never changes: quote its name. "
            "Answers carry an ETag and may be asked for again with If-None-Match.",
        },
        "paths": paths(library),
        "components": {"schemas": SCHEMAS},
    }


def paths(library: Library) -> Json:
    """Every path with its parameters and answers."""
    packs = library.packs()
    tables = sorted({entry["name"] for pack in packs for entry in tables_of(library.book(pack))})
    pack, release = _path("pack", packs), _path("release", None, "A release's name, or `current`.")
    table, file = _path("table", tables), _path("path", None, "A file that the release's description lists.")
    key = [_path("kind", sorted(KINDS)), *(_path(name) for name in ("body", "figure", "period"))]
    one = f"{BASE}/packs/{{pack}}/releases/{{release}}"
    return {
        f"{BASE}/openapi.json": _get("This document", [], "Anything"),
        f"{BASE}/packs": _get("Published packs", [], "Packs"),
        f"{BASE}/packs/{{pack}}/releases": _get("Releases of a pack", [pack], "Releases"),
        one: _get("One release: facts, tables, files", [pack, release], "Release"),
        f"{one}/tables/{{table}}": _get(
            "Rows of a table; any column may be given as a parameter to filter by equality",
            [pack, release, table, *PAGING],
            "Rows",
        ),
        f"{one}/claims/{{kind}}/{{body}}/{{figure}}/{{period}}": _get(
            "Everything behind one figure", [pack, release, *key, MODEL], "Claim"
        ),
        f"{one}/files/{{path}}": _get("A file of the release, byte for byte", [pack, release, file], None),
        f"{BASE}/packs/{{pack}}/disputes": _get(
            "What bodies say of their figures: disputes with decisions, and notes",
            [pack, STATE, *PAGING[:2]],
            "Disputes",
        ),
        f"{BASE}/packs/{{pack}}/disputes/{{name}}": _get(
            "One dispute, with the figure recomputed from the body's inputs where it names any",
            [pack, _path("name", None, "A dispute's name")],
            "Dispute",
        ),
        **{
            f"{one}/{name}": _get(words, [pack, release], "Anything")
            for name, words in (
                ("datapackage.json", "Data Package 2.0"),
                ("csvw.json", "CSV on the Web"),
                ("dataset.jsonld", "schema.org Dataset"),
            )
        },
    }


def _get(summary: str, parameters: list[Json], schema: str | None) -> Json:
    content = (
        {"application/octet-stream": {}}
        if schema is None
        else {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    )
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "get": {
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": "Found", "content": content},
                "304": {"description": "Not changed since the ETag sent"},
                "400": {"description": "A parameter cannot be read", "content": problem},
                "404": {"description": "Nothing of that name", "content": problem},
                "414": {"description": "The address is too long", "content": problem},
            },
        }
    }


def _path(name: str, known: list[str] | None = None, words: str = "") -> Json:
    schema: Json = {"type": "string", "minLength": 1, "maxLength": 200}
    if known:
        schema["enum"] = known
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": words or name}


def _whole(name: str, default: int, low: int, high: int) -> Json:
    schema = {"type": "integer", "default": default, "minimum": low, "maximum": high}
    return {"name": name, "in": "query", "schema": schema}


PAGING = [
    _whole("limit", PAGE, 1, MOST),
    _whole("offset", 0, 0, 10**9),
    {"name": "columns", "in": "query", "schema": {"type": "string"}, "description": "Columns, parted by commas"},
]
STATE = {
    "name": "state",
    "in": "query",
    "schema": {"type": "string", "enum": ["all", "open", "decided"], "default": "all"},
}
MODEL = {"name": "model", "in": "query", "schema": {"type": "string"}, "description": "A peer model of the pack"}
WORD, COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}


def _object(required: Json, **more: Any) -> Json:
    return {"type": "object", "required": list(required), "properties": {**required, **more}}


SUMMARY = _object({"pack": WORD, "title": WORD, "release": WORD, "date": WORD, "url": WORD})
SCHEMAS: Json = {
    "Anything": {"type": "object"},
    "Packs": _object({"packs": {"type": "array", "items": SUMMARY}}),
    "Releases": _object({"releases": {"type": "array", "items": SUMMARY}}),
    "Release": _object({**SUMMARY["properties"], "tables": {"type": "array"}, "files": {"type": "array"}}),
    "Rows": _object(
        {"release": WORD, "table": WORD, "total": COUNT, "offset": COUNT, "limit": COUNT, "rows": {"type": "array"}}
    ),
    "Claim": _object({"kind": WORD, "sentence": WORD, "steps": {"type": "array"}, "inputs": {"type": "array"}}),
    "Disputes": _object(
        {"pack": WORD, "total": COUNT, "offset": COUNT, "limit": COUNT, "disputes": {"type": "array"}, "unread": COUNT},
        notes={"type": "array"},
    ),
    "Dispute": _object(
        dict.fromkeys(("id", "state", "release", "body", "indicator", "period", "statement", "deadline"), WORD),
        rulings={"type": "array"},
        recomputed={"type": ["object", "null"]},
    ),
    "Problem": _object({"error": WORD}),
}
