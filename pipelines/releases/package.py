"""Describe a release to machines and people: datapackage.json (Data Package 2.0) and README.txt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import CheckResult, Column, Table
from pipelines.releases import layout
from pipelines.releases.checks import verdict

FACTS = (
    "pack",
    "title",
    "noun",
    "nouns",
    "currency",
    "base_period",
    "year_kind",
    "region_noun",
    "classes",
    "peer_models",
    "headline_peer_model",
    "deflator",
    "frontiers",
    "cost_models",
    "licence_note",
    "wording",
    "age_limits",
    "contact",
)
"""What the caller says of the pack; a None is stated, never left out."""

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
FIELD_TYPE = {"text": "string", "whole": "integer", "real": "number", "truth": "boolean"}
LICENCES = {
    "OGL-UK-3.0": (
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "US-PD": ("United States Government work, public domain", "https://www.usa.gov/government-works"),
}
CSV_NOTE = (
    "Numbers stand as they are. Text that a spreadsheet would run as a formula has one apostrophe before it; "
    "the Parquet file has the text to the letter."
)


def package(
    folder: Path,
    contract: Sequence[Table],
    frames: Mapping[str, pl.DataFrame],
    checks: Sequence[CheckResult],
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """The content of datapackage.json for a folder whose other files are already written.

    contract : the release's tables, in order.   frames : the same tables as written.   checks : sorted results.
    """
    editions = frames["editions"]
    resources = [entry for table in contract for entry in table_resources(folder, table, frames[table.name].height)]
    return {
        "$schema": PROFILE,
        "name": str(facts["pack"]).replace("_", "-"),
        "title": facts["title"],
        "description": f"Benchmarks of {facts['nouns']}: figures as published and what was computed from them.",
        "licenses": licences(editions),
        "sources": sources(editions),
        "resources": [*resources, *other_resources(folder)],
        "evenhand": {
            **{key: facts[key] for key in FACTS},
            "contact": facts.get("contact"),
            "newest_period": newest_period(frames),
            "date": newest_date(editions),
            "counts": counts(frames, checks),
        },
    }


def table_resources(folder: Path, table: Table, rows: int) -> list[dict[str, Any]]:
    """A table twice: as CSV under its own name, as Parquet under `<name>-parquet`."""
    common = {
        "type": "table",
        "rows": rows,
        "grain": table.grain,
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": [field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [""],
        },
    }
    csv = {
        "encoding": "utf-8",
        "format": "csv",
        "mediatype": "text/csv",
        "note": CSV_NOTE,
    }
    parquet = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
    title = {"description": table.grain[:1].upper() + table.grain[1:]}
    return [
        {"name": table.name, **stated(folder, f"{layout.TABLES}/{table.name}.csv"), **title, **csv, **common},
        {
            "name": f"{table.name}-parquet",
            **stated(folder, f"{layout.TABLES}/{table.name}.parquet"),
            **title,
            **parquet,
            **common,
        },
    ]


def other_resources(folder: Path) -> list[dict[str, Any]]:
    """Checks, lineage and read-me, so that every file but the description itself has its hash stated."""
    return [
        {"name": "checks", **stated(folder, layout.CHECKS), "format": "json", "mediatype": "application/json"},
        {"name": "lineage-parquet", **stated(folder, layout.LINEAGE), "format": "parquet"},
        {"name": "readme", **stated(folder, layout.README), "format": "txt", "mediatype": "text/plain"},
    ]


def stated(folder: Path, path: str) -> dict[str, Any]:
    """Path, size and hash of a file, as a resource states them."""
    return {
        "path": path,
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{layout.file_sha256(folder / path)}",
    }


def field(column: Column) -> dict[str, Any]:
    """One field of a table schema; `unit` is our own property.

    Required text may be empty ("" means always, in dates of validity), so an empty cell there is text, not an absence.
    """
    out: dict[str, Any] = {
        "name": column.name,
        "type": FIELD_TYPE[column.type],
        "description": column.description,
    }
    if column.unit:
        out["unit"] = column.unit
    if column.required:
        out["constraints"] = {"required": True}
        if column.type == "text":
            out["missingValues"] = []
    return out


def licences(editions: pl.DataFrame) -> list[dict[str, str]]:
    """The licences of the figures read, by name."""
    names = editions["licence"].unique().sort().to_list()
    return [
        {
            "name": name,
            **({"title": LICENCES[name][0], "path": LICENCES[name][1]} if name in LICENCES else {"title": name}),
        }
        for name in names
    ]


def sources(editions: pl.DataFrame) -> list[dict[str, str]]:
    """Every publication and edition read, sorted."""
    found = (
        editions.select("publisher", "title", "url", "edition").unique().sort("publisher", "title", "edition", "url")
    )
    return [
        {"title": f"{row['publisher']}: {row['title']}", "path": row["url"], "version": row["edition"]}
        for row in found.iter_rows(named=True)
    ]


def newest_date(editions: pl.DataFrame) -> str:
    """Date of the newest edition: the date of the release, since no clock is read; empty when nothing was read."""
    return str(editions["date"].max() or "")


def newest_period(frames: Mapping[str, pl.DataFrame]) -> str | None:
    """The period with the latest end among those that have an indicator value."""
    seen = frames["indicator_values"].filter(pl.col("value").is_not_null()).select("period").unique()
    ends = seen.join(frames["periods"], on="period").sort("end", "start", "period")
    return str(ends["period"][-1]) if ends.height else None


def counts(frames: Mapping[str, pl.DataFrame], checks: Iterable[CheckResult]) -> dict[str, int]:
    """Living bodies, current values, quarantined cells, and checks by what became of them."""
    outcomes = [verdict(check) for check in checks]
    return {
        "bodies": frames["bodies"].filter(pl.col("valid_to").is_null()).height,
        "values": frames["values"].filter(pl.col("is_current")).height,
        "quarantined": frames["quarantine"].height,
        **{f"checks_{kind}": outcomes.count(kind) for kind in ("passed", "warned", "failed", "not_evaluated")},
    }


def readme(facts: Mapping[str, Any], editions: pl.DataFrame) -> str:
    """README.txt: what this is, how to cite and verify it, what the files are. Lines of at most 100 characters."""
    return README.format(
        title=facts["title"], pack=facts["pack"], date=newest_date(editions), note=facts["licence_note"]
    )


README = """\
{title}
A release of Evenhand. Newest source dated {date}.

The folder that holds this file is named by its content: change one byte and the name no longer fits.

Cite
    {title}, Evenhand release <name of this folder>, sources to {date}.

Verify
    evenhand releases verify {pack} <name of this folder>
    Without Evenhand: hash every file except provenance.json with SHA-256, write one line
    "<path> <sha256>" for each, sort the lines, hash the whole text (with its line feeds), and take
    the first 16 hexadecimal digits. They are the name of this folder.

Files
    tables/*.parquet     the tables, to the letter
    tables/*.csv         the same in UTF-8; an absent figure is an empty cell, and text that a
                         spreadsheet would run as a formula has one apostrophe before it
    datapackage.json     columns, units, keys, hashes, licences and sources (Data Package 2.0)
    checks.json          every check, what it means and what came out
    lineage.parquet      what each table was made from
    provenance.json      code, lock and input hashes from which it can be rebuilt (not in the name)

Licence
    {note}
    The licence of each source stands in datapackage.json and in tables/editions.csv.
"""
