"""From amounts to frontiers: how far each body is from the best of its field, by whom it is measured, what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import polars as pl

from pipelines.contracts.production import EFFICIENCY, EFFICIENCY_PARTS, EFFICIENCY_PEERS, MALMQUIST
from pipelines.packs.pack import Pack
from pipelines.packs.schema import MONEY, Indicator
from pipelines.packs.schema_frontiers import Frontier
from pipelines.walk.amounts import Amount, amount, periods_of, real
from pipelines.walk.benchmarks import DIRECTION, stacked
from pipelines.walk.change import Pair, change_rows
from pipelines.walk.frontier_rows import Field, efficiency_rows, needed, part_rows, peer_rows
from pipelines.walk.matrices import Figures, Roster, indicator_columns, roster
from pipelines.walk.samples import Panel, panel
from pipelines.walk.scores import Sample, score
from pipelines.warehouse import Warehouse

SOLVED = {
    "frontier_id": pl.String,
    "field": pl.String,
    "period": pl.String,
    "rts": pl.String,
    "programs": pl.Int64,
    "fallbacks": pl.Int64,
}


def frontiers(pack: Pack, warehouse: Warehouse) -> int:
    """Write efficiency, efficiency_peers, efficiency_parts and malmquist; returns the rows of the first.

    How many programs the solver had to hand to HiGHS stands in staging.frontier_programs, where a check warns of them.
    """
    bodies = roster(pack, warehouse)
    figures = indicator_columns(warehouse, bodies) if any(f.quality for f in pack.frontiers) else None
    efficiency, peers, parts, changes, solved = [], [], [], [], []
    for frontier in sorted(pack.frontiers, key=lambda f: f.id):
        found = frontier_panel(pack, warehouse, bodies, frontier, figures)
        fields = list(solved_fields(bodies, frontier, found))
        for field in fields:
            efficiency.append(efficiency_rows(bodies, field, found))
            if field.scored is not None:
                peers.append(peer_rows(bodies, field, found))
                parts.append(part_rows(bodies, field, found))
                counted = field.scored.programs, field.scored.fallbacks
                solved.append((frontier.id, field.words, found.periods[field.period], frontier.rts, *counted))
        for pair in pairs(pack, frontier, found, fields):
            rows, programs, lost = change_rows(bodies, pair, needed(frontier))
            changes.append(rows)
            solved.append(
                (frontier.id, f"{pair.words}: change", found.periods[pair.after], frontier.rts, programs, lost)
            )
    warehouse.write_frame("staging.frontier_programs", pl.DataFrame(solved, schema=SOLVED, orient="row"))
    warehouse.write(EFFICIENCY_PEERS, stacked(peers, EFFICIENCY_PEERS))
    warehouse.write(EFFICIENCY_PARTS, stacked(parts, EFFICIENCY_PARTS))
    warehouse.write(MALMQUIST, stacked(changes, MALMQUIST))
    return warehouse.write(EFFICIENCY, stacked(efficiency, EFFICIENCY))


def frontier_panel(
    pack: Pack, warehouse: Warehouse, bodies: Roster, frontier: Frontier, figures: Figures | None
) -> Panel:
    """Every amount of a frontier, and the indicators on which its quality is judged, higher being better."""
    periods = frontier.periods or periods_of(pack, warehouse, frontier.inputs[0])
    products = {product.id: product for product in frontier.products}
    amounts: dict[str, Amount] = {}
    for id in (*frontier.inward, *frontier.outputs):
        if id in products:
            made = products[id]
            volume, rate = (amount(pack, warehouse, bodies, m, periods) for m in (made.volume, made.rate))
            amounts[id] = volume.times(rate, made.label, made.scale)
        else:
            amounts[id] = amount(pack, warehouse, bodies, id, periods)
    judged = {}
    if figures is not None:
        judged = {id: quality(pack.indicator(id), figures, len(bodies.ids), periods) for id in frontier.quality}
    sides = (frontier.inward, frontier.outputs)
    return panel(warehouse, bodies, frontier.service, amounts, periods, sides, judged)


def quality(indicator: Indicator, figures: Figures, n: int, periods: Sequence[str]) -> Amount:
    """An indicator over some periods, turned so that more is better."""
    shape = (n, len(periods))
    value, status = np.full(shape, np.nan), np.full(shape, "missing", dtype="U16")
    editions = np.full(shape, "", dtype=object)
    for column, (id, period) in enumerate(zip(figures.indicator, figures.period, strict=True)):
        if id == indicator.id and period in periods:
            place = periods.index(period)
            value[:, place] = DIRECTION[indicator.polarity] * figures.value[:, column]
            status[:, place], editions[:, place] = figures.status[:, column], figures.editions[:, column]
    return Amount(indicator.label, value, status, editions)


def solved_fields(bodies: Roster, frontier: Frontier, found: Panel) -> Iterator[Field]:
    """Every field and period of a frontier in which any body has every amount."""
    words = np.array(bodies.field)
    serves = np.isin(bodies.class_id, frontier.classes)
    for period in range(len(found.periods)):
        for name in sorted(set(words[serves])):
            rows = np.flatnonzero(serves & (words == name))
            compared = rows[found.usable[rows, period]]
            if len(compared) >= needed(frontier):
                yield Field(frontier, str(name), period, rows, score(sample(bodies, frontier, found, compared, period)))
            elif len(compared):
                yield Field(frontier, str(name), period, rows, None)


def sample(bodies: Roster, frontier: Frontier, found: Panel, rows: np.ndarray, period: int) -> Sample:
    """The amounts of the bodies compared."""

    def side(ids: tuple[str, ...]) -> np.ndarray:
        return np.column_stack([np.empty((len(rows), 0)), *(found.column(id, period)[rows] for id in ids)])

    return Sample(
        names=bodies.names[rows],
        rows=rows,
        X=side(frontier.inward),
        Y=side(frontier.outputs),
        quality=side(frontier.quality),
        rts=frontier.rts,
        orientation=frontier.orientation,
    )


def pairs(pack: Pack, frontier: Frontier, found: Panel, fields: list[Field]) -> Iterator[Pair]:
    """Each field's neighbouring periods between which productivity may be compared.

    Not under conditions on quality, and not where money is in prices of its own year: inflation would pass for change.
    """
    nominal = any(is_nominal(pack, id) for id in frontier.inward)
    if frontier.quality or nominal:
        return
    for words in sorted({field.words for field in fields}):
        shown = [field for field in fields if field.words == words]
        for before, after in pairwise(shown):
            if before.scored is not None and after.scored is not None:
                yield Pair(frontier, words, before.period, after.period, before.rows, found)


def is_nominal(pack: Pack, measure: str) -> bool:
    """Whether a measure is money that the pack cannot state in base-year prices."""
    return pack.measure(measure).unit in MONEY and not real(pack, measure)
