"""A programme's settlement, from the pack's own measures by its dated rules, and set beside what was paid."""

from __future__ import annotations

import polars as pl

from pipelines.contracts.policy import settlements
from pipelines.errors import BadInput
from pipelines.packs.pack import Pack
from pipelines.packs.schema_settlement import Printed, SettlementPolicy
from pipelines.scenarios import us_mssp
from pipelines.scenarios.ledger import money
from pipelines.scenarios.rules import RowFault, RuleSet, shipped
from pipelines.settle_input import day
from pipelines.warehouse import Warehouse

PUBLISHED = "staging.settlement_published"
PAID: dict[str, pl.DataType] = {
    **dict.fromkeys(("scheme_id", "body_id", "period"), pl.String()),
    **dict.fromkeys(("earned", "within", "published"), pl.Float64()),
}
LAST_DIGIT = 0.5e-4  # half a unit of the last digit in which a quality score is printed
KEY = ("aco_id", "performance_year")


def rules_rows(pack: Pack, warehouse: Warehouse, policy: SettlementPolicy) -> pl.DataFrame:
    """Contract rows of settlements for a programme; a body that lacks a needed figure keeps an unsettled row."""
    given = inputs(pack, warehouse, policy)
    complete = pl.all_horizontal(pl.col(name).is_not_null() for name in (*us_mssp.REQUIRED, "track"))
    able, unable = given.filter(complete), given.filter(~complete)
    rules = shipped(str(policy.rules))
    steps = able.hstack(settled(pack, able, rules))
    warehouse.write_frame(PUBLISHED, beside(pack, warehouse, policy, steps))
    table = settlements(pack.currency)
    rows = [contract_rows(pack, policy, rules, steps), contract_rows(pack, policy, rules, without(unable))]
    return pl.concat([part.select(list(table.schema)).cast(pl.Schema(table.schema)) for part in rows])


def settled(pack: Pack, rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """The programme's steps; BadInput with body and year for a row that its rules cannot settle."""
    try:
        return us_mssp.settle(rows, rules)
    except RowFault as fault:
        who = f"{rows['aco_id'][fault.row]}, {rows['performance_year'][fault.row]}"
        raise BadInput(f"pack {pack.id}: policy.yml: {who}: {fault.words}; see docs/settle.md") from None


def inputs(pack: Pack, warehouse: Warehouse, policy: SettlementPolicy) -> pl.DataFrame:
    """What the rules read, one row per body and year, null where not stated; `editions` names what was read."""
    rows = figures(pack, warehouse, policy)
    for name, column in policy.printed.items():
        found = printed(pack, warehouse, column).rename({"value": f"{name} value", "text": name})
        words = pl.col(name) if name in us_mssp.FACTS else pl.col(f"{name} value").alias(name)
        rows = rows.join(found.select("body_id", "period", words), on=["body_id", "period"], how="left")
    rows = rows.rename({"body_id": "aco_id"}).with_columns(pl.col("period").cast(pl.Int64).alias("performance_year"))
    absent = [pl.lit(None, pl.Float64).alias(name) for name in us_mssp.FIGURES if name not in rows.columns]
    absent += [pl.lit(None, pl.String).alias(name) for name in us_mssp.FACTS if name not in rows.columns]
    rows = rows.with_columns(absent).sort(KEY)
    track = pl.col("track").str.strip_chars()
    return rows.with_columns(
        track.str.to_lowercase().replace_strict(us_mssp.TRACK_NAMES, default=track),
        pl.col("current_start_date").map_elements(day, return_dtype=pl.Date, skip_nulls=True),
    )


def figures(pack: Pack, warehouse: Warehouse, policy: SettlementPolicy) -> pl.DataFrame:
    """The rules' numbers from the pack's measures, in the publisher's own unit: 0.0235 is not turned into 2.35."""
    measure = {pack.measure(id).id: (name, pack.measure(id).scale) for name, id in policy.columns.items()}
    rows = warehouse.read(
        """
        select body_id, period, measure_id, value, input_editions from staging.usable
        where list_contains(?, measure_id) order by body_id, period, measure_id
        """,
        [sorted(measure)],
    )
    scale = pl.col("measure_id").replace_strict({id: scale for id, (_, scale) in measure.items()})
    name = pl.col("measure_id").replace_strict({id: name for id, (name, _) in measure.items()})
    read = rows.group_by("body_id", "period").agg(
        pl.col("input_editions").str.split(" ").list.explode().unique().sort().str.join(" ").alias("editions")
    )
    wide = rows.with_columns((pl.col("value") / scale).alias("value"), name.alias("name")).pivot(
        on="name", on_columns=list(policy.columns), index=["body_id", "period"], values="value"
    )
    return wide.join(read, on=["body_id", "period"])


def printed(pack: Pack, warehouse: Warehouse, column: Printed) -> pl.DataFrame:
    """A publisher's column by body and period, as the ruling edition has it: text, and value where it is a number."""
    return warehouse.read(
        """
        select a.body_id, c.period, c.value, nullif(trim(c.text), '') as text
        from staging.cells c
        join staging.ruling r on r.dataset = c.dataset and r.period = c.period and r.edition = c.edition
        join marts.body_alias a on a.scheme = ? and a.code = c.code
        where c.dataset = ? and c.series = ?
        qualify row_number() over (partition by a.body_id, c.period order by a.valid_from desc) = 1
        order by a.body_id, c.period
        """,
        [pack.dataset(column.dataset).scheme, column.dataset, column.series],
    )


def without(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that cannot be settled, with no step and the reason."""
    needed = (*us_mssp.REQUIRED, "track")
    lacks = pl.concat_list(pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in needed)
    words = lacks.list.drop_nulls().list.join(", ")
    return rows.with_columns(
        *(pl.lit(None, pl.Float64).alias(name) for name in ("earned", "savings", "msr", "final_rate", "loss_rate")),
        *(pl.lit(None, pl.String).alias(name) for name in ("gate", "quality_result")),
        pl.lit(None, pl.Float64).alias("quality"),
        pl.lit("").alias("not_recomputed"),
        pl.format("Not settled: {} is missing", words).alias("why"),
    )


def contract_rows(pack: Pack, policy: SettlementPolicy, rules: RuleSet, steps: pl.DataFrame) -> pl.DataFrame:
    """The steps in the columns of the contract, in hundredths, so that below is kept plus centre to the last one."""
    table = settlements(pack.currency)
    unit = next(name for name in table.schema if name.startswith("ceiling_")).removeprefix("ceiling_")
    kept, below = whole(pl.col("earned")), whole(pl.col("benchmark_total")) - whole(pl.col("expenditure_total"))
    money = {
        "ceiling": whole(pl.col("benchmark_total")),
        "cost": whole(pl.col("expenditure_total")),
        "below": below,
        "kept": kept,
        "centre": below - kept,
        "held": kept * 0,
        "bank": kept * 0,
        "base": pl.lit(None, pl.Int64),
        "last": pl.lit(None, pl.Int64),
    }
    loses = pl.col("gate") == "losses"
    return steps.with_columns(
        pl.lit(policy.id).alias("scheme_id"),
        pl.col("aco_id").alias("body_id"),
        pl.lit("actual").alias("plan_id"),
        *(amount.alias(f"{name}_{unit}") for name, amount in money.items()),
        pl.lit(None, pl.Float64).alias("gap"),
        pl.col("msr").alias("threshold"),
        pl.when(loses).then("loss_rate").otherwise("final_rate").alias("rate"),
        gate_word().alias("gate"),
        words(kept).alias("explanation"),
        pl.when(pl.col("earned").is_null()).then(pl.lit("missing")).otherwise(pl.lit("ok")).alias("status"),
        pl.lit(us_mssp.METHOD.id).alias("method_id"),
        pl.lit(us_mssp.METHOD.version).alias("method_version"),
        pl.lit(us_mssp.METHOD.params_hash(rules=rules.model_dump(mode="json"))).alias("params_hash"),
        pl.col("editions").alias("input_editions"),
        pl.lit(None, pl.Int64).alias("seed"),
    )


def whole(amount: pl.Expr) -> pl.Expr:
    """Money in whole hundredths."""
    return (amount * 100).round(0).cast(pl.Int64)


def gate_word() -> pl.Expr:
    """The quality gate in the words of the contract."""
    met, factor = pl.col("quality_result"), pl.col("quality")
    return (
        pl.when(met.is_null())
        .then(None)
        .when(met == "not met")
        .then(pl.lit("failed"))
        .when(factor < 1)
        .then(pl.lit("scaled"))
        .otherwise(pl.lit("passed"))
    )


def words(kept: pl.Expr) -> pl.Expr:
    """Why the body keeps or owes what it does, where the rest goes, and what the public figures leave open."""
    rest = whole(pl.col("benchmark_total")) - whole(pl.col("expenditure_total")) - kept
    start = (
        pl.when(kept > 0)
        .then(pl.format("{} kept because it ", dollars(kept)))
        .when(kept < 0)
        .then(pl.format("{} owed because it ", dollars(-kept)))
        .otherwise(pl.lit("Nothing kept or owed: "))
    )
    end = pl.when(rest > 0).then(pl.format(". {} stays with the centre.", dollars(rest)))
    met = pl.format(". {} of the overspend is borne by the centre.", dollars(-rest))
    left = end.when(rest < 0).then(met).otherwise(pl.lit("."))
    open_points = pl.when(pl.col("not_recomputed") != "").then(
        pl.format(" Not recomputed: {}.", pl.col("not_recomputed"))
    )
    told = pl.concat_str(start, pl.col("why"), left, open_points.otherwise(pl.lit("")))
    return pl.when(pl.col("earned").is_null()).then(pl.format("{}.", pl.col("why"))).otherwise(told)


def dollars(cents: pl.Expr) -> pl.Expr:
    """Whole cents as prose has them: $1.27m. The columns beside it hold every cent."""
    return cents.map_elements(lambda amount: money(amount / 100, "$"), return_dtype=pl.String)


def beside(pack: Pack, warehouse: Warehouse, policy: SettlementPolicy, steps: pl.DataFrame) -> pl.DataFrame:
    """What was paid, and how far the printing of the inputs lets the recomputed amount lie from it.

    Half a dollar on benchmark, expenditure and payment, and half of the last digit of the quality score.
    """
    score = pl.when(pl.col("quality") < 1).then(pl.col("max_rate") * LAST_DIGIT).otherwise(0.0)
    within = 0.5 + pl.col("payment_factor") * (pl.col("final_rate") + score * pl.col("savings").abs())
    paid = warehouse.read(
        "select body_id, period, value as published from staging.usable where measure_id = ? and value is not null",
        [policy.published or ""],
    )
    rows = steps.select(
        pl.lit(policy.id).alias("scheme_id"),
        pl.col("aco_id").alias("body_id"),
        "period",
        "earned",
        (within + pl.col("loss_rate").fill_null(0.0)).alias("within"),
    )
    return rows.join(paid, on=["body_id", "period"]).sort("scheme_id", "body_id", "period")
