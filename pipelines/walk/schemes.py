"""One required total, found in several ways over one sector: whom it cuts beyond what peers show possible (M5.11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from pipelines.contracts.policy import SCHEME_BODIES
from pipelines.contracts.policy import schemes as schemes_table
from pipelines.methods.arrays import FloatArray
from pipelines.methods.quantiles import quantile
from pipelines.packs.pack import Pack
from pipelines.packs.schema_settlement import Comparison, SettlementPolicy
from pipelines.scenarios.acceptance import burdens
from pipelines.scenarios.compare import METHOD, Ask, Ranges, compare_schemes, scheme_ranges, winners_and_losers
from pipelines.walk.amounts import union
from pipelines.walk.benchmarks import stacked
from pipelines.walk.gaps import Gaps, gaps
from pipelines.walk.matrices import context_figures
from pipelines.warehouse import Warehouse

LEVEL = 0.90
WAYS = {"U": "clawback", "X": "equal_cut", "B": "benchmark", "G": "gain_share", "M": "menu"}
LABELS = {
    "U": "Use it or lose it: an equal cut of what was last spent",
    "X": "An equal percentage cut",
    "B": "In proportion to the gap to good peers",
    "G": "In proportion to the gap, and further savings shared",
    "M": "In proportion to the gap, and a menu that rewards an honest forecast",
}
VERDICTS = {"asked less": "less", "asked more": "more", "cannot be told apart": "cannot be told apart"}


@dataclass(frozen=True)
class Sector:
    """A comparison's input: what peers show possible, deprivation (n,) with NaN where unknown, and editions read."""

    policy: SettlementPolicy
    asked: Comparison
    gaps: Gaps
    deprivation: FloatArray
    editions: str


class Outcome(NamedTuple):
    """One way: what it asks, its ranges over the draws, each body's verdict, money kept of further savings, burden."""

    ask: Ask
    ranges: Ranges
    verdict: np.ndarray
    kept: float
    burden: float


def compare_pack(pack: Pack, warehouse: Warehouse) -> int:
    """Write schemes and scheme_bodies of every settlement that compares; returns the rows of the first."""
    table = schemes_table(pack.currency)
    totals, bodies = [], []
    for policy in pack.settlements:
        if policy.comparison is None:
            continue
        sector = sector_of(pack, warehouse, policy, policy.comparison)
        if sector.gaps.bodies:
            found = outcomes(sector)
            totals.append(pl.DataFrame(list(total_rows(sector, found)), schema=table.schema, orient="row"))
            bodies += [body_rows(sector, one) for one in found]
    warehouse.write(SCHEME_BODIES, stacked(bodies, SCHEME_BODIES))
    return warehouse.write(table, stacked(totals, table))


def sector_of(pack: Pack, warehouse: Warehouse, policy: SettlementPolicy, asked: Comparison) -> Sector:
    """Gaps with their draws, and the deprivation of each body: the first of the measures that it has, newest figure."""
    found = gaps(pack, warehouse, policy.services)
    rows = context_figures(warehouse).filter(pl.col("measure_id").is_in(asked.deprivation))
    newest = rows.group_by("body_id", "measure_id", maintain_order=True).last()
    told: dict[str, tuple[float, str]] = {}
    for measure in reversed(asked.deprivation):
        part = newest.filter(measure_id=measure).select("body_id", "value", "input_editions")
        told |= {body: (value, read) for body, value, read in part.iter_rows()}
    own = [told.get(body, (np.nan, "")) for body in found.bodies]
    editions = union([*found.editions, *(read for _, read in own)])
    return Sector(policy, asked, found, np.array([value for value, _ in own]), editions)


def outcomes(sector: Sector) -> list[Outcome]:
    """Every way over the same bodies and the same draws of what is possible."""
    money, draws, known = sector.gaps.money, sector.gaps.draws, sector.gaps.usable
    required, cap, terms = sector.asked.required, sector.asked.burden_cap, sector.policy.agreed
    middle = np.asarray(quantile(draws.T, 0.5))
    asks = compare_schemes(money, known, required, cap, able=middle, share=terms.share)
    ranges = scheme_ranges(money, known, draws, required, cap, LEVEL)
    change = winners_and_losers(money, draws, required, cap, LEVEL)
    named = np.array([VERDICTS[str(word)] for word in change.verdict])
    same = np.full(money.size, "cannot be told apart")
    weight = burdens(asks, money, sector.deprivation, terms.years)
    return [
        Outcome(
            ask,
            ranges["X" if scheme in "UX" else "B"],
            same if scheme in "UX" else named,
            float(quantile(np.maximum(draws - ask.cut, 0) @ (ask.kept * money), 0.5)),
            round(weight[scheme][0].concentration, 9),
        )
        for scheme, ask in asks.items()
    ]


def total_rows(sector: Sector, found: list[Outcome]) -> Iterator[tuple[Any, ...]]:
    """One row per way, in the columns of schemes."""
    within = all(one.ask.feasible for one in found)  # equal cuts never ask whether it is possible
    for one in found:
        ask, ranges = one.ask, one.ranges
        low, middle, high = ranges.overcut_total
        least, half, most = ranges.untapped_total
        counted = [int((one.verdict == word).sum()) for word in ("less", "more", "cannot be told apart")]
        yield (
            *(sector.policy.id, WAYS[ask.scheme], LABELS[ask.scheme], sector.asked.required),
            *(within, len(sector.gaps.bodies)),
            *(float(part) for part in (middle, low, high, half, least, most)),
            *(one.kept, None if np.isnan(one.burden) else one.burden, *counted),
            *(None if ask.scheme in "UX" else ranges.chance_infeasible, sentence(sector, one)),
            *(METHOD.id, METHOD.version, params_hash(sector), sector.editions, 0),
        )


def sentence(sector: Sector, one: Outcome) -> str:
    """What a way asks and leaves, as shares of the sector's cost that is compared."""
    total = sector.gaps.money.sum()
    over, left = (
        f"{100 * part[1] / total:.2f}% ({100 * part[0] / total:.2f} to {100 * part[2] / total:.2f})"
        for part in (one.ranges.overcut_total, one.ranges.untapped_total)
    )
    rule = "" if one.ask.scheme in "UX" else f"{one.ask.words} "
    later = " In the first round it is an equal cut; whoever saves is cut from less in the next."
    cut = f"Of the cost compared, {over} is cut beyond what peers show possible"
    return (
        f"{rule}{cut}, and {left} that they do show possible is left untouched.{later if one.ask.scheme == 'U' else ''}"
    )


def body_rows(sector: Sector, one: Outcome) -> pl.DataFrame:
    """One way's rows of scheme_bodies."""
    ask, ranges = one.ask, one.ranges
    columns = {
        "cut": ask.cut,
        "cut_lo": ranges.cut[:, 0],
        "cut_hi": ranges.cut[:, 2],
        "overcut": ranges.overcut[:, 1],
        "overcut_lo": ranges.overcut[:, 0],
        "overcut_hi": ranges.overcut[:, 2],
        "untapped": ranges.untapped[:, 1],
        "chance_overcut": ranges.chance_overcut,
    }
    return pl.DataFrame({"body_id": sector.gaps.bodies, "input_editions": sector.gaps.editions}).with_columns(
        pl.lit(sector.policy.id).alias("scheme_id"),
        pl.lit(WAYS[ask.scheme]).alias("way"),
        *(pl.Series(name, values, dtype=pl.Float64) for name, values in columns.items()),
        pl.Series("verdict", one.verdict.tolist(), dtype=pl.String),
        pl.lit(METHOD.id).alias("method_id"),
        pl.lit(METHOD.version).alias("method_version"),
        pl.lit(params_hash(sector)).alias("params_hash"),
        pl.lit(0).cast(pl.Int64).alias("seed"),
    )


def params_hash(sector: Sector) -> str:
    """The hash of what a comparison is set: the sharing rate and the level of its ranges."""
    return METHOD.params_hash(share=sector.policy.agreed.share, level=LEVEL)
