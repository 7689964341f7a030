"""Who is who: bodies, their codes in every scheme, who took over from whom, and the periods that figures name.

Everything here comes from facts in publishers' registers, as the pack declares them; nothing is typed in by hand.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import polars as pl

from pipelines.contracts import BODIES, BODY_ALIAS, BODY_LINEAGE, CELLS, PERIODS
from pipelines.errors import BadInput
from pipelines.landing.descriptor import is_day
from pipelines.packs.pack import Pack
from pipelines.packs.schema import RegisterSource
from pipelines.sources.periods import span
from pipelines.warehouse import Warehouse

Facts = dict[str, dict[str, str]]
"""Words by series, by code; the printed name stands under the empty series."""

LIST_SPLIT = re.compile(r"\s*[,|;]\s*")


def register(pack: Pack, warehouse: Warehouse) -> int:
    """Write bodies, body_alias, body_lineage and periods; returns the number of bodies."""
    bodies: dict[str, dict[str, object]] = {}
    aliases: list[tuple[str, str, str]] = []
    takeovers: list[tuple[str, str]] = []
    for source in pack.register:
        facts = read_facts(warehouse, source.dataset)
        found = {code: words for code, words in facts.items() if is_new_body(pack, code, bodies)}
        own = own_codes(source, facts)
        for code, words in sorted(found.items()):
            bodies[code] = body_row(pack, source, code, words, own)
            aliases += body_aliases(pack, source, code, words)
            takeovers += [(code, own[name]) for name in listed(words, source.replaced_by) if name in own]
    if not bodies:
        raise BadInput(
            f"pack {pack.id}: no register names a body of its classes; the input needs the files of dataset "
            f"{pack.register[0].dataset}, or bodies.yml other codes"
        )
    close_ended(bodies, takeovers)
    warehouse.write(BODIES, pl.DataFrame(list(bodies.values()), schema=BODIES.schema))
    warehouse.write(BODY_ALIAS, alias_frame(pack, warehouse, bodies, aliases))
    warehouse.write(BODY_LINEAGE, lineage_frame(pack, warehouse, bodies, takeovers))
    warehouse.write(PERIODS, period_frame(warehouse))
    return len(bodies)


def is_new_body(pack: Pack, code: str, bodies: Mapping[str, object]) -> bool:
    """Whether a code is one body of the pack that no earlier register holds: `E06000061 / E06000062` is two bodies."""
    return code not in bodies and code.isalnum() and pack.class_of(code) is not None


def read_facts(warehouse: Warehouse, dataset: str) -> Facts:
    """The words that a register's ruling editions state about each code; a later period's words win."""
    rows = warehouse.read(
        f"""
        select c.code, c.series, c.text, c.name
        from {CELLS.qualified} c join staging.ruling r using (dataset, period, edition)
        where c.dataset = ? order by c.code, c.period, c.series
        """,
        [dataset],
    )
    facts: Facts = defaultdict(dict)
    for code, series, text, name in rows.iter_rows():
        facts[code][series] = text
        if name:
            facts[code][""] = name
    return facts


def own_codes(source: RegisterSource, facts: Facts) -> dict[str, str]:
    """The register's own short codes, each with the code of the body it stands for."""
    if source.own_code is None:
        return {code: code for code in facts}
    return {words[source.own_code]: code for code, words in facts.items() if words.get(source.own_code)}


def body_row(
    pack: Pack, source: RegisterSource, code: str, words: Mapping[str, str], own: Mapping[str, str]
) -> dict[str, object]:
    """One row of bodies."""
    found = pack.class_of(code)
    assert found is not None
    return {
        "body_id": code,
        "name": word(words, source.name) or words.get("") or code,
        "class_id": found.id,
        "parent_id": own.get(word(words, source.parent) or ""),
        "region": word(words, source.region),
        "valid_from": day(words, source.valid_from, source, code),
        "valid_to": day(words, source.valid_to, source, code),
    }


def day(words: Mapping[str, str], series: str | None, source: RegisterSource, code: str) -> str | None:
    """A day that a register states; BadInput for words that are none: days are compared as text from here on."""
    text = word(words, series)
    if text is not None and not is_day(text):
        raise BadInput(
            f"register {source.dataset}: {code} has '{text[:40]}' as {series}, which is no day written yyyy-mm-dd; "
            "correct it in the file"
        )
    return text


def word(words: Mapping[str, str], series: str | None) -> str | None:
    """The fact under a series, or None when the register has no such series or nothing in it."""
    return (words.get(series) or None) if series else None


def listed(words: Mapping[str, str], series: str | None) -> list[str]:
    """The items of a list written in one fact."""
    text = word(words, series)
    return [item for item in LIST_SPLIT.split(text) if item] if text else []


def body_aliases(pack: Pack, source: RegisterSource, code: str, words: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Other codes and names of a body: (scheme, code, body)."""
    scheme = pack.dataset(source.dataset).scheme
    former = [(scheme, old, code) for series in source.former_codes or () for old in listed(words, series)]
    others = [(scheme, words[series], code) for scheme, series in source.aliases.items() if words.get(series)]
    names = {words.get("", ""), word(words, source.name) or ""} - {""}
    return former + others + [("name", name, code) for name in sorted(names)]


def close_ended(bodies: dict[str, dict[str, object]], takeovers: Iterable[tuple[str, str]]) -> None:
    """An ended body's last day is the day before its successor's first, where the register gives one day for both."""
    for old, new in takeovers:
        end, start = bodies[old]["valid_to"], bodies.get(new, {}).get("valid_from")
        if isinstance(end, str) and end == start:
            bodies[old]["valid_to"] = (dt.date.fromisoformat(end) - dt.timedelta(days=1)).isoformat()


def alias_frame(
    pack: Pack, warehouse: Warehouse, bodies: Mapping[str, Mapping[str, object]], aliases: list[tuple[str, str, str]]
) -> pl.DataFrame:
    """Codes of all bodies: their own always, former ones unless another holds them, bridged ones while they lived."""
    scheme = pack.dataset(pack.register[0].dataset).scheme
    rows: set[tuple[str, str, str, str, object]] = {(scheme, body, body, "", None) for body in bodies}
    rows |= {(kind, code, body, "", None) for kind, code, body in aliases if not (kind == scheme and code in bodies)}
    for bridge in pack.bridges:
        for code, words in read_facts(warehouse, bridge.dataset).items():
            body, other = bodies.get(code), words.get(bridge.series)
            if body is not None and other:
                rows.add((bridge.scheme, other, code, str(body["valid_from"] or ""), body["valid_to"]))
    return pl.DataFrame(sorted(rows, key=str), schema=BODY_ALIAS.schema, orient="row")


def lineage_frame(
    pack: Pack, warehouse: Warehouse, bodies: Mapping[str, Mapping[str, object]], takeovers: list[tuple[str, str]]
) -> pl.DataFrame:
    """Ended bodies and their successors, with the share of counts that went to each."""
    successors: dict[str, list[str]] = defaultdict(list)
    predecessors: dict[str, list[str]] = defaultdict(list)
    for old, new in takeovers:
        if bodies[old]["valid_to"] and new in bodies:
            successors[old].append(new)
            predecessors[new].append(old)
    sizes = newest_values(pack, warehouse, pack.lineage.share_measure if pack.lineage else None)
    notes = {(note.from_, note.to): note for note in pack.lineage.notes} if pack.lineage else {}
    rows = []
    for old, heirs in successors.items():
        for new in heirs:
            kind = "split" if len(heirs) > 1 else "merge" if len(predecessors[new]) > 1 else "rename"
            share = 1.0 if kind != "split" else shared(sizes, new, heirs, old)
            basis = "population" if kind == "split" else "whole"
            if (note := notes.get((old, new))) is not None:
                kind, share, basis = note.kind, note.share or share, "stated" if note.share else basis
            rows.append((old, new, first_period(pack, str(bodies[old]["valid_to"])), share, kind, basis))
    return pl.DataFrame(rows, schema=BODY_LINEAGE.schema, orient="row")


def shared(sizes: Mapping[str, float], heir: str, heirs: list[str], old: str) -> float:
    """The heir's part of all heirs' size; BadInput when a size is unknown."""
    unknown = [body for body in heirs if body not in sizes]
    if unknown:
        raise BadInput(f"{old} was split and {unknown[0]} has no figure for the lineage's share measure; supply one")
    return sizes[heir] / sum(sizes[body] for body in heirs)


def newest_values(pack: Pack, warehouse: Warehouse, measure_id: str | None) -> dict[str, float]:
    """The newest published figure of a measure by code."""
    if measure_id is None:
        return {}
    measure = pack.measure(measure_id)
    rows = warehouse.read(
        f"""
        select c.code, arg_max(c.value, c.period) as value
        from {CELLS.qualified} c join staging.ruling r using (dataset, period, edition)
        where c.dataset = ? and c.series = ? and c.value is not null group by c.code order by c.code
        """,
        [measure.dataset, measure.series],
    )
    return dict(rows.iter_rows())


def first_period(pack: Pack, last_day: str) -> str:
    """The first period of the pack's year kind that begins after a day."""
    after = dt.date.fromisoformat(last_day) + dt.timedelta(days=1)
    if pack.year_kind == "calendar_year":
        return str(after.year if (after.month, after.day) == (1, 1) else after.year + 1)
    year = after.year if (after.month, after.day) <= (4, 1) else after.year + 1
    return f"{year}-{(year + 1) % 100:02d}"


def period_frame(warehouse: Warehouse) -> pl.DataFrame:
    """The periods that cells name, with kind, first and last day."""
    names = warehouse.read(f"select distinct period from {CELLS.qualified} where period <> '' order by period")
    rows = [(period, *span(period)) for period in names["period"]]
    return pl.DataFrame(rows, schema=PERIODS.schema, orient="row")
