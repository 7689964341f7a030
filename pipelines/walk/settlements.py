"""Settlements of a pack: who keeps what of each year and why, and how strong the reward for saving is (M5.1-M5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from pipelines.contracts.policy import INCENTIVES, settlements
from pipelines.methods.arrays import FloatArray
from pipelines.packs.pack import Pack
from pipelines.packs.schema_settlement import SettlementPolicy
from pipelines.scenarios import us_mssp
from pipelines.scenarios.incentives import Findings, examine, scan
from pipelines.scenarios.power import METHOD as POWER
from pipelines.scenarios.power import power, power_of
from pipelines.scenarios.rules import shipped
from pipelines.scenarios.schedule import schedule
from pipelines.walk.amounts import union
from pipelines.walk.benchmarks import stacked
from pipelines.walk.settlement_rules import PAID, PUBLISHED, inputs, rules_rows
from pipelines.walk.settlement_terms import terms_rows
from pipelines.warehouse import Warehouse

REACH = 0.12  # of the benchmark: savings and overspends looked at, beyond every minimum rate
SCALE = 1e8  # dollars of the benchmark that is looked at: rules are in proportion to it


def settle_pack(pack: Pack, warehouse: Warehouse) -> int:
    """Write settlements and incentives; returns the rows of the first. A pack without any gets empty tables."""
    warehouse.write_frame(PUBLISHED, nothing_published())
    table = settlements(pack.currency)
    frames, rows = [], []
    for policy in pack.settlements:
        found = rules_rows(pack, warehouse, policy) if policy.rules else terms_rows(pack, warehouse, policy)
        frames.append(found)
        read = union(found["input_editions"].unique().to_list()) if policy.rules else ""
        reward = programme_reward(pack, warehouse, policy) if policy.rules else terms_reward(policy)
        rows += [(policy.id, *row, POWER.id, POWER.version, params_hash(policy), read, None) for row in reward]
    warehouse.write(INCENTIVES, pl.DataFrame(rows, schema=INCENTIVES.schema, orient="row"))
    return warehouse.write(table, stacked(frames, table))


def nothing_published() -> pl.DataFrame:
    """The working table of what was paid, empty: a pack without a real programme has none."""
    return pl.DataFrame(schema=PAID)


def params_hash(policy: SettlementPolicy) -> str:
    """The hash of what the power of a settlement rests on."""
    if policy.terms is not None:
        return policy.terms.params_hash
    return POWER.params_hash(**(policy.power.model_dump(include={"rebase", "own_weight"}) if policy.power else {}))


def terms_reward(policy: SettlementPolicy) -> Iterator[tuple[Any, ...]]:
    """(year, power, power under yearly claw-back, cliffs, perverse stretches) of every year of the terms."""
    terms = policy.agreed
    for place, kept in enumerate(power_of(terms)):
        found = examine(schedule(terms, year=place + 1))
        yield place + 1, float(kept), clawed_back(terms.discount), cliffs(found), perverse(found, "of the ceiling")


def programme_reward(pack: Pack, warehouse: Warehouse, policy: SettlementPolicy) -> Iterator[tuple[Any, ...]]:
    """The same for a programme: its power where the pack says what that rests on, its edges by trying every saving."""
    row = typical(inputs(pack, warehouse, policy))
    if row is None:
        return
    found = scan(lambda saving: kept_by_rules(row, str(policy.rules), saving), -REACH, REACH, points=481)
    about = f"of the benchmark (track {row['track'][0]} in {row['performance_year'][0]})"
    told = policy.power
    kept = [None] if told is None else power(told.share, told.years, own_weight=told.own_weight, rebase=told.rebase)
    for place, share in enumerate(kept):
        yield place + 1, share, clawed_back(0.035), cliffs(found), perverse(found, about)


def clawed_back(discount: float) -> float:
    """Share of a lasting saving's value that is kept when it is taken back after one year."""
    return float(power(1.0, 1, discount=discount, rebase="last_year")[0])


def typical(rows: pl.DataFrame) -> pl.DataFrame | None:
    """One made-up row: the commonest track of the newest year, median size and minimum rate, full quality."""
    newest = rows.filter(pl.col("performance_year") == pl.col("performance_year").max(), pl.col("track").is_not_null())
    if newest.is_empty():
        return None
    track = newest["track"].value_counts().sort(["count", "track"], descending=[True, False])["track"][0]
    same = newest.filter(track=track)
    middle = same.select(pl.col("assigned_beneficiaries", "msr_published").median())
    blank = [pl.lit(None, same.schema[name]).alias(name) for name in (*us_mssp.FIGURES, *us_mssp.FACTS)]
    return (
        same.head(1)
        .with_columns(blank)
        .with_columns(
            pl.lit(track).alias("track"),
            pl.lit(middle["assigned_beneficiaries"][0]).alias("assigned_beneficiaries"),
            pl.lit(middle["msr_published"][0]).alias("msr_published"),
        )
    )


def kept_by_rules(row: pl.DataFrame, rules: str, saving: FloatArray) -> FloatArray:
    """What one body keeps at each saving, both as shares of the benchmark."""
    rows = pl.concat([row] * saving.size).with_columns(
        pl.lit(SCALE).alias("benchmark_total"), pl.Series("expenditure_total", SCALE * (1 - saving))
    )
    return np.asarray(us_mssp.settle(rows, shipped(rules))["earned"].to_numpy() / SCALE)


def cliffs(found: Findings) -> str | None:
    """Savings at which what is kept jumps, in per cent, joined by a space; None without one."""
    return " ".join(f"{100 * cliff.at:.3g}" for cliff in found.cliffs) or None


def perverse(found: Findings, base: str) -> str | None:
    """Stretches on which saving is punished or overpaid, in words; None without one."""
    told = [
        f"from {placed(slope.low)} to {placed(slope.high)} {base}: {slope.kind} (at most {slope.most:.2f})"
        for slope in found.slopes
    ]
    jumps = [
        f"at {placed(cliff.at)} {base} what is kept jumps by {100 * cliff.jump:.3g}% of it" for cliff in found.cliffs
    ]
    return "; ".join([*jumps, *told]) or None


def placed(saving: float) -> str:
    """A saving as a share of the base; below zero it is an overspend."""
    return f"{'an overspend of ' if saving < 0 else ''}{abs(100 * saving):.3g}%"
