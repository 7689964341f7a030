"""Productivity change between neighbouring periods of a frontier, and its two parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.methods.arrays import FloatArray
from pipelines.methods.malmquist import METHOD, malmquist, malmquist_interval
from pipelines.methods.status import worst
from pipelines.packs.schema_frontiers import Frontier
from pipelines.walk.amounts import union
from pipelines.walk.matrices import Roster
from pipelines.walk.samples import Panel

REPLICATES = 200
NAMES = ("change", "lo", "hi", "catching_up", "frontier_shift", "pure", "scale")
SETTLED = ("ok", "provisional")  # across a break of definition no change is computed (methods.md 0.2)


@dataclass(frozen=True)
class Pair:
    """One field of a frontier in two periods, by their places in the panel; rows of the roster."""

    frontier: Frontier
    words: str
    before: int
    after: int
    rows: np.ndarray
    panel: Panel


def change_rows(bodies: Roster, pair: Pair, needed: int) -> tuple[pl.DataFrame, int, int]:
    """Contract rows of malmquist, the programs behind its intervals, and those of them that HiGHS had to solve.

    The indices are null where a body is not compared in both periods, or fewer than `needed` are.
    """
    found, rows = pair.panel, pair.rows
    status = worst(found.status[rows, pair.before], found.status[rows, pair.after])
    both = found.usable[rows, pair.before] & found.usable[rows, pair.after] & np.isin(status, SETTLED)
    columns, lost = {name: np.full(len(rows), np.nan) for name in NAMES}, 0
    if int(both.sum()) >= needed:
        found_indices, lost = indices(pair, rows[both])
        for name, values in found_indices.items():
            columns[name][both] = values
    else:
        status = np.where(both, "withheld", status)
    editions = [union(texts) for texts in zip(*found.editions[rows][:, [pair.before, pair.after]].T, strict=True)]
    frame = pl.DataFrame({"body_id": bodies.names[rows], "status": status, "input_editions": editions}).with_columns(
        *(pl.Series(name, values, nan_to_null=True) for name, values in columns.items()),
        frontier_id=pl.lit(pair.frontier.id),
        period=pl.lit(found.periods[pair.after]),
        period_from=pl.lit(found.periods[pair.before]),
        method_id=pl.lit(METHOD.id),
        method_version=pl.lit(METHOD.version),
        params_hash=pl.lit(METHOD.params_hash(replicates=REPLICATES)),
        seed=pl.lit(0),
    )
    return frame, 4 * REPLICATES * int(both.sum()), lost


def indices(pair: Pair, rows: np.ndarray) -> tuple[dict[str, FloatArray], int]:
    """The indices of the bodies of these rows with the interval of the whole change, and the number of fallbacks."""
    frontier = pair.frontier

    def side(ids: tuple[str, ...], period: int) -> FloatArray:
        return np.column_stack([pair.panel.column(id, period)[rows] for id in ids])

    amounts = [side(ids, period) for period in (pair.before, pair.after) for ids in (frontier.inward, frontier.outputs)]
    found = malmquist(*amounts)
    interval = malmquist_interval(*amounts, replicates=REPLICATES)
    columns = {
        "change": found.m,
        "lo": interval.m[0],
        "hi": interval.m[1],
        "catching_up": found.ec,
        "frontier_shift": found.tc,
        "pure": found.pure,
        "scale": found.scale,
    }
    return columns, interval.fallbacks
