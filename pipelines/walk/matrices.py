"""Wide matrices at the point of computation: the roster of benchmarked bodies, their context, their indicators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipelines.contracts import BODIES, INDICATOR_VALUES, PERIODS
from pipelines.methods.peers import Block, Blocks
from pipelines.packs.pack import Pack
from pipelines.packs.schema import PeerModel
from pipelines.warehouse import Warehouse


@dataclass(frozen=True)
class Roster:
    """The living bodies that are benchmarked, sorted by body_id, with what the hard constraints ask of them."""

    ids: tuple[str, ...]
    class_id: tuple[str, ...]
    region: tuple[str | None, ...]
    began: tuple[str, ...]
    peers_from: dict[str, tuple[str, ...]]
    newest_end: str

    @cached_property
    def names(self) -> np.ndarray:
        """The body ids as an array, to index by row number."""
        return np.array(self.ids)

    @cached_property
    def place(self) -> dict[str, int]:
        """Row number of each body."""
        return {body: row for row, body in enumerate(self.ids)}

    @cached_property
    def field(self) -> tuple[str, ...]:
        """The field of each body: the classes that are compared with one another, joined by a space."""
        family = self.families()
        words = {first: " ".join(sorted(k for k in family if family[k] == first)) for first in family.values()}
        return tuple(words[family[kind]] for kind in self.class_id)

    def allows(self, model: PeerModel, body: np.ndarray, peer: np.ndarray) -> np.ndarray:
        """Whether each `peer` meets the hard constraints of `body`: class, region, and not merged too recently.

        body, peer : row numbers, of shapes that broadcast.   Returns truth values of their common shape.
        """
        newest = f"{int(self.newest_end[:4]) - model.exclude_merged_years}{self.newest_end[4:]}"
        settled = np.array([began <= newest for began in self.began], dtype=bool)
        mask = settled[peer] & (body != peer)
        if model.same_class:
            kinds, kind = np.unique(self.class_id, return_inverse=True)
            takes = np.array([np.isin(kinds, self.peers_from[own]) for own in kinds], dtype=bool)
            mask &= takes[kind[body], kind[peer]]
        if model.same_region:
            region = np.unique([name or "" for name in self.region], return_inverse=True)[1]
            mask &= region[body] == region[peer]
        return np.asarray(mask)

    def blocks(self, model: PeerModel) -> Blocks:
        """The hard constraints as blocks: bodies of one region where the model asks for it, and of classes that mix."""
        apart = list(self.region) if model.same_region else [None] * len(self.ids)
        family = self.families() if model.same_class else dict.fromkeys(self.class_id, "")
        members: dict[tuple[str, str], list[int]] = {}
        for row, (region, kind) in enumerate(zip(apart, self.class_id, strict=True)):
            members.setdefault((region or "", family[kind]), []).append(row)
        groups = [np.array(rows) for rows in members.values() if len(rows) > 1]
        return Blocks(tuple(Block(rows, self.allows(model, rows[:, None], rows[None, :])) for rows in groups))

    def families(self) -> dict[str, str]:
        """Each class with the first of the classes that it exchanges peers with, directly or through others."""
        kinds = sorted(set(self.class_id))
        linked = np.array([[other in self.peers_from[own] for other in kinds] for own in kinds]).reshape(-1, len(kinds))
        labels = connected_components(csr_array(linked), directed=False)[1] if kinds else []
        return {kind: kinds[list(labels).index(label)] for kind, label in zip(kinds, labels, strict=True)}


def roster(pack: Pack, warehouse: Warehouse) -> Roster:
    """The roster of a pack; `newest_end` is the last day of the newest period in which a service cost something.

    Bodies without any context figure are left out where the pack finds peers by context: nothing is like them.
    """
    benchmarked = [found.id for found in pack.classes if found.benchmarked and not found.aggregate]
    rows = warehouse.table(BODIES).filter(pl.col("class_id").is_in(benchmarked) & pl.col("valid_to").is_null())
    wanted = [
        (pl.col("measure_id") == v.measure) & (pl.lit(v.period == "newest") | (pl.col("period") == v.period))
        for model in pack.peer_models
        for v in model.variables
    ]
    if wanted:
        context = context_figures(warehouse).filter(pl.any_horizontal(wanted))
        rows = rows.join(context, on="body_id", how="semi", maintain_order="left")
    newest = warehouse.scalar("select max(p.end) from marts.costs c join marts.periods p using (period)")
    return Roster(
        tuple(rows["body_id"]),
        tuple(rows["class_id"]),
        tuple(rows["region"]),
        tuple(rows["valid_from"].fill_null("")),
        {found.id: found.peers_from for found in pack.classes},
        str(newest or "9999-12-31"),
    )


def context_matrix(pack: Pack, warehouse: Warehouse, bodies: Roster) -> tuple[dict[str, np.ndarray], str]:
    """Each context variable of the computed models as an array [n], NaN where absent, and the editions read."""
    usable = context_figures(warehouse)
    out: dict[str, np.ndarray] = {}
    editions: set[str] = set()
    for variable in (v for model in pack.peer_models for v in model.variables):
        rows = usable.filter(pl.col("measure_id") == variable.measure)
        if variable.period != "newest":
            rows = rows.filter(pl.col("period") == variable.period)
        newest = rows.group_by("body_id", maintain_order=True).last()
        column = np.full(len(bodies.ids), np.nan)
        for body, value, read in newest.select("body_id", "value", "input_editions").iter_rows():
            if body in bodies.place:
                column[bodies.place[body]] = value
                editions.update(read.split())
        out[variable.id] = column
    return out, " ".join(sorted(editions))


def context_figures(warehouse: Warehouse) -> pl.DataFrame:
    """Every figure that may describe a body's context: measured, not modelled; oldest first."""
    return warehouse.read(
        """
        select u.body_id, u.measure_id, u.period, u.value, u.input_editions, p.end
        from staging.usable u join marts.periods p using (period)
        where u.status in ('ok', 'provisional') and u.value is not null
        order by u.measure_id, p.end, u.body_id
        """
    )


def field_figures(warehouse: Warehouse, bodies: Roster) -> pl.DataFrame:
    """indicator_values of the roster with `field`, ordered by indicator, time, field and body: one field on end."""
    rows = warehouse.table(INDICATOR_VALUES).join(
        pl.DataFrame({"body_id": bodies.ids, "field": bodies.field}, schema={"body_id": pl.String, "field": pl.String}),
        on="body_id",
    )
    placed = rows.join(warehouse.table(PERIODS).select("period", "start"), on="period")
    return placed.sort("indicator_id", "start", "period", "field", "body_id")


@dataclass(frozen=True)
class Figures:
    """Indicators as matrices [n, m], one column per indicator and period; NaN where absent."""

    indicator: tuple[str, ...]
    period: tuple[str, ...]
    value: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    status: np.ndarray
    like_for_like: np.ndarray
    present: np.ndarray
    editions: np.ndarray


def indicator_columns(warehouse: Warehouse, bodies: Roster) -> Figures:
    """Every indicator and period that any body of the roster has, as matrices."""
    rows = warehouse.table(INDICATOR_VALUES).filter(pl.col("body_id").is_in(bodies.ids))
    starts = warehouse.table(PERIODS).select("period", "start")
    keys = rows.select("indicator_id", "period").unique().join(starts, on="period").sort("indicator_id", "start")
    keys = keys.with_row_index("column")
    placed = rows.join(keys, on=["indicator_id", "period"]).join(
        pl.DataFrame({"body_id": bodies.ids, "row": range(len(bodies.ids))}), on="body_id"
    )
    where = (placed["row"].to_numpy(), placed["column"].to_numpy())
    shape = (len(bodies.ids), keys.height)

    def matrix(name: str) -> np.ndarray:
        out = np.full(shape, np.nan)
        out[where] = placed[name].fill_null(np.nan).to_numpy()
        return out

    status, editions = np.full(shape, "missing", dtype="U16"), np.full(shape, "", dtype=object)
    like, present = np.ones(shape, dtype=bool), np.zeros(shape, dtype=bool)
    status[where], editions[where] = placed["status"].to_numpy(), placed["input_editions"].to_numpy()
    like[where], present[where] = placed["like_for_like"].to_numpy(), True
    return Figures(
        tuple(keys["indicator_id"]),
        tuple(keys["period"]),
        matrix("value"),
        matrix("lo"),
        matrix("hi"),
        status,
        like,
        present,
        editions,
    )
