"""What one measure contributes to a claim: its published rows, or the predecessors' rows that were added up."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from pipelines.releases.claim import InputRow, Step, plain, spoken
from pipelines.releases.lookup import Row, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

TOLERANCE = 1e-9
UNSHOWN = ("quarantined", "withheld")
"""Values that are stored and never shown as performance (methods.md 0.2)."""


@dataclass(frozen=True)
class Figure:
    """A measure's figure: its value, the published rows behind it, the steps to it, the tables it touched."""

    label: str
    value: float | None
    inputs: tuple[InputRow, ...]
    steps: tuple[Step, ...]
    tables: tuple[str, ...]


def same(found: float | None, stated: float | None, within: float = 1e-12) -> bool:
    """Whether two numbers agree to 1e-9 of their size, or differ by at most `within`; two absences agree."""
    if found is None or stated is None:
        return found is stated
    return math.isclose(found, stated, rel_tol=TOLERANCE, abs_tol=within)


def figure(release: Release, body: str, measure: str, period: str, role: str, rebuilt: bool) -> Figure:
    """The figure of a measure. rebuilt : whether the result may rest on predecessors' figures that were added up.

    A figure that the publisher states for the body itself comes first; the sum stands in only where there is none.
    """
    key = {"body_id": body, "measure_id": measure, "period": period}
    row = one(release, "values_rebuilt", **key) if rebuilt else None
    if row is None or any(own["value"] is not None for own in rows(release, "values", **key, is_current=True)):
        return _as_published(release, body, measure, period, role)
    return _from_parts(release, row, role)


def _as_published(release: Release, body: str, measure: str, period: str, role: str) -> Figure:
    facts = one(release, "measures", measure_id=measure) or {}
    label = str(facts.get("label", measure))
    found = rows(release, "values", body_id=body, measure_id=measure, period=period)
    stated = sorted(found, key=lambda row: (not row["is_current"], row["edition"]))
    inputs = tuple(input_row(release, row, role) for row in stated)
    if not stated or not stated[0]["is_current"]:
        absent = set_aside(release, body, facts, period, role)
        return Figure(label, None, (*absent, *inputs), (_absence(label, period, absent),), ("values", "quarantine"))
    step = _reading(label, stated[0], float(facts.get("scale", 1.0)), inputs[0])
    return Figure(label, stated[0]["value"], inputs, (step,), ("cells", "values"))


def _from_parts(release: Release, row: Row, role: str) -> Figure:
    parts = [
        (
            part,
            share_of(release, part, row["body_id"]),
            _as_published(release, part, row["measure_id"], row["period"], role),
        )
        for part in row["parts"].split()
    ]
    inputs = tuple(replace(entry, note=_share_note(share)) for _, share, found in parts for entry in found.inputs)
    label = parts[0][2].label
    step = _adding_up(release, label, row, [(part, share, found.value) for part, share, found in parts])
    readings = tuple(
        replace(step, title=f"{step.title}, {name_of(release, part)}")
        for part, _, found in parts
        for step in found.steps
    )
    return Figure(label, row["value"], inputs, (*readings, step), ("cells", "values", "values_rebuilt", "body_lineage"))


def share_of(release: Release, part: str, body: str, seen: tuple[str, ...] = ()) -> float:
    """Share of an ended body's counts that a later body carries on, along every line of succession; 1 for itself."""
    if part == body:
        return 1.0
    steps = [row for row in rows(release, "body_lineage", from_id=part) if row["to_id"] not in (*seen, part)]
    return math.fsum(row["share"] * share_of(release, row["to_id"], body, (*seen, part)) for row in steps)


def input_row(release: Release, row: Row, role: str) -> InputRow:
    """A row of `values` with the words of its measure, body, edition and passport."""
    facts = one(release, "measures", measure_id=row["measure_id"]) or {}
    edition = one(release, "editions", dataset=facts.get("dataset", ""), edition=row["edition"]) or {}
    key = {"body_id": row["body_id"], "measure_id": row["measure_id"], "period": row["period"]}
    passport = one(release, "passport", **key) or {}
    return InputRow(
        role=role if row["is_current"] else f"{role}, as an earlier edition had it",
        body=row["body_id"],
        body_name=name_of(release, row["body_id"]),
        measure=row["measure_id"],
        label=str(facts.get("label", row["measure_id"])),
        period=row["period"],
        value=None if row["status"] in UNSHOWN else row["value"],
        lo=row["lo"],
        hi=row["hi"],
        unit=row["unit"],
        status=row["status"],
        publisher=str(edition.get("publisher", row["source"])),
        title=str(edition.get("title", "")),
        edition=row["edition"],
        locator=row["locator"],
        published_text=row["published_text"] or "",
        original_name=str(edition.get("original_name", "")),
        url=str(edition.get("url", "")),
        licence=str(edition.get("licence", "")),
        is_current=row["is_current"],
        grade=str(passport.get("grade", "")) if row["is_current"] else "",
        note=str(passport.get("comparability") or ""),
    )


def set_aside(release: Release, body: str, facts: Row, period: str, role: str) -> tuple[InputRow, ...]:
    """The quarantined cells of a body, measure and period: shown as evidence, with the reason, never as a value."""
    aliases = release.table("body_alias").filter(pl.col("body_id") == body)["code"].to_list()
    key = {"dataset": facts.get("dataset", ""), "series": facts.get("series", ""), "period": period}
    found = [row for row in rows(release, "quarantine", **key) if row["code"] in (body, *aliases)]
    return tuple(_quarantined(release, body, facts, row, role) for row in found)


def _quarantined(release: Release, body: str, facts: Row, row: Row, role: str) -> InputRow:
    edition = one(release, "editions", dataset=row["dataset"], edition=row["edition"]) or {}
    return InputRow(
        role=f"{role}, set aside",
        body=body,
        body_name=name_of(release, body),
        measure=str(facts["measure_id"]),
        label=str(facts["label"]),
        period=row["period"],
        value=None,
        lo=None,
        hi=None,
        unit=str(facts["unit"]),
        status="quarantined",
        publisher=str(edition.get("publisher", "")),
        title=str(edition.get("title", "")),
        edition=row["edition"],
        locator=row["locator"],
        published_text=row["published_text"] or "",
        original_name=str(edition.get("original_name", "")),
        url=str(edition.get("url", "")),
        licence=str(edition.get("licence", "")),
        note=f"set aside by {row['rule']}: {row['reason']}",
    )


def name_of(release: Release, body: str) -> str:
    """A body's name, or its code when the release does not name it."""
    row = one(release, "bodies", body_id=body)
    return str(row["name"]) if row else body


def _absence(label: str, period: str, absent: tuple[InputRow, ...]) -> Step:
    if absent:
        return Step(label, f"the published figure for {period} was {absent[0].note}")
    return Step(label, f"no source read for this release states a figure for {period}")


def _reading(label: str, row: Row, scale: float, source: InputRow) -> Step:
    named = f"{source.publisher}, “{source.title}”: " if source.title else ""
    where = f"{named}{row['locator']}, edition {row['edition']},"
    if row["value"] is None or row["status"] in UNSHOWN:
        return Step(label, f"{where} reads “{row['published_text']}”: {row['status'].replace('_', ' ')}")
    printed = number_in(row["published_text"] or "")
    if scale == 1.0 or printed is None:
        return Step(label, f"{where} reads “{row['published_text']}”", "", f"{spoken(row['value'], row['unit'])}")
    numbers = f"{plain(printed)} x {plain(scale)} = {spoken(row['value'], row['unit'])}"
    words = f"{where} reads “{row['published_text']}”, which is turned into {unit_words(row['unit'])}"
    return Step(
        label, words, "published figure x scale", numbers, True if same(printed * scale, row["value"]) else None
    )


def unit_words(unit: str) -> str:
    """A unit as a sentence names it: pounds for gbp."""
    return {"gbp": "pounds", "usd": "dollars", "eur": "euros"}.get(unit, unit.replace("_", " "))


def number_in(text: str) -> float | None:
    """The number that a published text states, without commas and marks; None when it states none."""
    found = re.match(r"\s*[£$€]?\s*([-−]?[\d,]*\.?\d+(?:[eE][-+]?\d+)?)", text)
    return float(found.group(1).replace(",", "").replace("−", "-")) if found else None


def _adding_up(release: Release, label: str, row: Row, parts: list[tuple[str, float, float | None]]) -> Step:
    terms = [f"{plain(share)} x {plain(value)} ({name_of(release, part)})" for part, share, value in parts]
    present = [share * value for _, share, value in parts if value is not None]
    total = math.fsum(present) if present else None
    return Step(
        title=f"{label} on today's boundaries",
        words=f"the figures of {row['n_present']} of {row['n_parts']} predecessors were added up",
        formula="sum of share x figure over the predecessors",
        numbers=f"{' + '.join(terms)} = {plain(row['value'])}",
        reproduced=same(total, row["value"]) if row["value"] is not None else None,
    )


def _share_note(share: float) -> str:
    return "" if share == 1.0 else f"{plain(100 * share)}% of it was carried on"
