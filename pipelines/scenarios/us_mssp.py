"""Shared savings and losses of US accountable care organisations, step by step, for any year the rule set covers.

What belongs here: the order of the steps. What does not: a rate, a cap or a date, which stand in parameters/us-mssp.yml
with their sources; and reading files. Source: 42 CFR 425.600-425.611, checked against the published payments.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.scenarios.rules import RuleSet

# What the steps read, beside the two keys. Facts may be null, figures of REQUIRED may not.
KEYS = ("aco_id", "performance_year")
REQUIRED = ("assigned_beneficiaries", "benchmark_total", "expenditure_total")
FIGURES = (
    "quality_score",
    "msr_published",
    "met_qps",
    "met_alt_qps",
    "disaster_adjustment",
    "revlosslimit",
    "aco_revenue",
    "reducedss",
    "guardrail",
    "agreement_period_num",
    "months",
)
FACTS = ("track", "rev_exp_cat", "current_start_date")

# Parameters that a row takes by its track and year, and those by its year alone.
BY_TRACK = (
    "sides",
    "max_sharing_rate",
    "payment_cap",
    "loss_rate_least",
    "loss_rate_most",
    "loss_limit",
    "revenue_loss_limit",
    "reduced_share",
    "msr_where_none_is_stated",
)
BY_YEAR = ("payment_factor", "quality_rule", "emergency_relief", "reduced_share_least_beneficiaries", "guardrail")
WORDS = ("sides", "quality_rule", "guardrail")

STEPS = (
    "side",
    "msr",
    "msr_source",
    "savings",
    "savings_rate",
    "gate",
    "quality_result",
    "quality",
    "max_rate",
    "final_rate",
    "payment_factor",
    "shared_before_cap",
    "cap",
    "cap_binds",
    "loss_rate",
    "loss_before_limit",
    "loss_limit",
    "limit_binds",
    "loss_relief",
    "share_of_year",
    "earned",
    "not_recomputed",
    "why",
)
TRACK_2_YEARS = 3
TRACK_2_NAMES = ("T2 year 1", "T2 year 2", "T2 year 3")
FIRST_YEAR = 2013  # agreements of 2012 had a first performance year that ran to the end of 2013


def settle(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """The columns of STEPS, one row per row of `rows`, in their order; `earned` is in dollars, negative for losses.

    rows : KEYS, REQUIRED, FIGURES and FACTS as columns (year Int64, figures Float64, facts text, start date Date; null
    where not stated). Dollars in whole or part dollars, rates as fractions, `aco_revenue` in dollars, `months` 1-12.
    Raises ValueError for a track that the rules do not know in that year, and for a minimum savings rate that follows
    from nothing.
    """
    table = rows.join(in_force(rows, rules), on=["track", "performance_year"], how="left", maintain_order="left")
    table = table.with_columns(scale_minimum(rows, rules), limit_share(rows, rules))
    for step in (minimum, gate, quality, shared, lost, outcome):
        table = table.with_columns(step()) if step is not gate else gate(table)
    if table["msr"].null_count():
        row = int(table["msr"].is_null().arg_true()[0])
        raise ValueError(f"row {row}: the minimum savings rate follows from nothing; state msr_published")
    return table.with_columns(why()).select(STEPS)


def in_force(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """One row per track and year among the rows, with each parameter as `rule_<name>`; null where none is in force."""
    pairs = rows.select("track", "performance_year").unique(maintain_order=True)
    found: list[dict[str, Any]] = []
    for track, year in pairs.rows():
        values = {name: rules.value(name, year, track) for name in BY_TRACK}
        values |= {name: rules.value(name, year) for name in BY_YEAR}
        if values["sides"] is None or values["payment_factor"] is None:
            raise ValueError(f"track {track} has no rules in {year}")
        found.append({"track": track, "performance_year": year} | {f"rule_{name}": values[name] for name in values})
    schema = {f"rule_{name}": pl.String if name in WORDS else pl.Float64 for name in (*BY_TRACK, *BY_YEAR)}
    return pl.DataFrame(found, schema={"track": pl.String, "performance_year": pl.Int64} | schema)


def scale_minimum(rows: pl.DataFrame, rules: RuleSet) -> pl.Series:
    """`scale_msr`: the sliding scale's minimum savings rate, NaN below the first beneficiary it speaks of."""
    years, size = rows["performance_year"].to_numpy(), rows["assigned_beneficiaries"].to_numpy()
    rate = np.full(len(rows), np.nan)
    for year in np.unique(years):
        points = np.array(rules.value("msr_scale", int(year)))
        now = (years == year) & (size >= points[0, 0])
        rate[now] = np.interp(size[now], points[:, 0], points[:, 1])
    return pl.Series("scale_msr", rate)


def limit_share(rows: pl.DataFrame, rules: RuleSet) -> pl.Expr:
    """`limit_share`: the loss limit as a share of the benchmark; Track 2's rises with the years of an agreement."""
    start = pl.max_horizontal(pl.col("current_start_date").dt.year(), pl.lit(FIRST_YEAR))
    nth = (pl.col("performance_year") - start + 1).clip(1, TRACK_2_YEARS)
    years = rows["performance_year"]
    last = int(years.max()) if len(years) else FIRST_YEAR  # type: ignore[arg-type]
    steps = [rules.value("loss_limit", last, name) for name in TRACK_2_NAMES]
    second = (
        pl.when(nth == 1).then(pl.lit(steps[0])).when(nth == 2).then(pl.lit(steps[1])).when(nth == 3).then(steps[2])
    )
    return pl.when(pl.col("track") == "T2").then(second).otherwise(pl.col("rule_loss_limit")).alias("limit_share")


def minimum() -> list[pl.Expr]:
    """Side, difference from the benchmark, and the minimum savings rate with where it comes from."""
    one, scale = pl.col("rule_sides") == "one", pl.col("scale_msr").is_not_nan()
    stated, standing = pl.col("msr_published"), pl.col("rule_msr_where_none_is_stated")
    source = (
        pl.when(one & scale)
        .then(pl.lit("sliding scale"))
        .when(stated.is_not_null() & one)
        .then(pl.lit("stated, below the scale"))
        .when(stated.is_not_null())
        .then(pl.lit("stated, elected"))
        .when(standing.is_not_null())
        .then(pl.lit("rule"))
    )
    savings = pl.col("benchmark_total") - pl.col("expenditure_total")
    return [
        pl.col("rule_sides").alias("side"),
        pl.when(one & scale).then("scale_msr").otherwise(pl.coalesce(stated, standing)).alias("msr"),
        source.alias("msr_source"),
        savings.alias("savings"),
        (savings / pl.col("benchmark_total")).alias("savings_rate"),
    ]


def gate(table: pl.DataFrame) -> pl.DataFrame:
    """The table with `gate`: what counts. Savings reach the minimum or count reduced; losses count on two sides."""
    D, least = pl.col("savings"), pl.col("msr") * pl.col("benchmark_total")
    guarded = (pl.col("guardrail") == 1) & pl.col("rule_guardrail").is_not_null()
    word = (
        pl.when((D > 0) & guarded.fill_null(False))
        .then(pl.lit("guardrail"))
        .when((D > 0) & (D >= least))
        .then(pl.lit("savings"))
        .when((D > 0) & reduced())
        .then(pl.lit("reduced savings"))
        .when((D < 0) & (pl.col("side") == "two") & (-D >= least))
        .then(pl.lit("losses"))
        .otherwise(pl.lit("below the minimum"))
    )
    return table.with_columns(word.alias("gate"))


def reduced() -> pl.Expr:
    """Whether savings below the minimum count at a reduced rate: as flagged, else as track, revenue, size and start say."""
    qualifies = (
        (pl.col("rev_exp_cat").str.to_lowercase().str.starts_with("low"))
        & (pl.col("current_start_date").dt.year() >= 2024)
        & (pl.col("assigned_beneficiaries") >= pl.col("rule_reduced_share_least_beneficiaries"))
    )
    return pl.col("rule_reduced_share").is_not_null() & pl.coalesce(pl.col("reducedss") == 1, qualifies, False)


def quality() -> list[pl.Expr]:
    """The result of the quality standard, and the factor that it puts on the sharing rate."""
    rule, met, score = pl.col("rule_quality_rule"), pl.col("met_qps"), pl.col("quality_score")
    alternative = (rule == "alternative") & (score > 0) & pl.coalesce(pl.col("met_alt_qps") == 1, True)
    result = (
        pl.when((met == 0) & alternative.fill_null(False))
        .then(pl.lit("alternative standard"))
        .when((met == 0) | ((rule == "scaled") & (score == 0)).fill_null(False))
        .then(pl.lit("not met"))
        .when(score.is_null())
        .then(pl.lit("pay for reporting"))
        .when(met.is_null())
        .then(pl.lit("met (not stated)"))
        .otherwise(pl.lit("met"))
    )
    full = pl.lit(1.0)
    scaled = (rule == "scaled") | result.eq("alternative standard")
    factor = pl.when(result == "not met").then(0.0).when(scaled).then(score.fill_null(1.0)).otherwise(full)
    return [result.alias("quality_result"), factor.alias("quality")]


def shared() -> list[pl.Expr]:
    """What savings earn: rate, payment reduction, then the cap, which binds after the reduction."""
    counts = pl.col("gate").is_in(["savings", "reduced savings"])
    part = pl.when(pl.col("gate") == "reduced savings").then(pl.col("rule_reduced_share")).otherwise(1.0)
    rate = pl.when(counts).then(pl.col("rule_max_sharing_rate") * pl.col("quality") * part).otherwise(0.0)
    before = pl.col("rule_payment_factor") * rate * pl.col("savings")
    cap = pl.col("rule_payment_cap") * pl.col("benchmark_total")
    return [
        pl.col("rule_max_sharing_rate").alias("max_rate"),
        rate.alias("final_rate"),
        pl.col("rule_payment_factor").alias("payment_factor"),
        before.alias("shared_before_cap"),
        cap.alias("cap"),
        (before > cap).alias("cap_binds"),
    ]


def lost() -> list[pl.Expr]:
    """What losses cost: rate, limit, then relief for disasters. The revenue limit stands where revenue is stated."""
    counts, score = pl.col("gate") == "losses", pl.col("quality_score").fill_null(1.0)
    scaled = (1 - pl.col("rule_max_sharing_rate") * score).clip(pl.col("rule_loss_rate_least"), most())
    rate = pl.when(counts).then(pl.when(pl.col("quality_result") == "not met").then(most()).otherwise(scaled))
    before = (rate * -pl.col("savings")).fill_null(0.0)
    by_revenue = pl.col("rule_revenue_loss_limit") * pl.col("aco_revenue")
    limit = pl.min_horizontal(pl.col("limit_share") * pl.col("benchmark_total"), by_revenue)
    limited = pl.min_horizontal(before, limit)
    granted = pl.max_horizontal(pl.col("disaster_adjustment").abs(), pl.col("rule_emergency_relief") * limited)
    return [
        rate.alias("loss_rate"),
        before.alias("loss_before_limit"),
        limit.alias("loss_limit"),
        (before > limit).fill_null(False).alias("limit_binds"),
        pl.min_horizontal(granted.fill_null(0.0), limited).alias("loss_relief"),
    ]


def most() -> pl.Expr:
    """The largest loss rate of the track."""
    return pl.col("rule_loss_rate_most")


def outcome() -> list[pl.Expr]:
    """Earned dollars over the months of the period, and what the public figures leave open."""
    loss = pl.min_horizontal("loss_before_limit", "loss_limit") - pl.col("loss_relief")
    months = pl.col("months").fill_null(12.0) / 12
    earned = pl.min_horizontal("shared_before_cap", "cap") - loss
    unknown = (
        pl.col("rule_revenue_loss_limit").is_not_null()
        & pl.col("aco_revenue").is_null()
        & (pl.col("revlosslimit") != 0).fill_null(True)
    )
    owed = (pl.col("gate") == "losses") & (loss > 0)
    open_point = (
        pl.when(owed & unknown)
        .then(pl.lit("the loss limit by the organisation's revenue, which is not public: state aco_revenue"))
        .when(owed & pl.col("limit_share").is_null())
        .then(pl.lit("the loss limit of Track 2, which rises with the agreement: state current_start_date"))
        .otherwise(pl.lit(""))
    )
    return [
        months.alias("share_of_year"),
        # Plus zero: a body that owes nothing must not read -0.0.
        pl.when(pl.col("gate").is_in(["below the minimum", "guardrail"]))
        .then(0.0)
        .otherwise(earned * months + 0.0)
        .alias("earned"),
        open_point.alias("not_recomputed"),
    ]


def why() -> pl.Expr:
    """One sentence that says how the row came to its figure."""
    saved, least = percent(pl.col("savings_rate").abs()), percent(pl.col("msr"))
    reached = pl.format("saved {} %, at least the minimum of {} %", saved, least)
    below = pl.format("saved {} %, below the minimum of {} %, yet low-revenue", saved, least)
    keeps = pl.format(": keeps {} % of it, of which {} % is paid", percent(pl.col("final_rate")), paid())
    capped = pl.when(pl.col("cap_binds")).then(pl.lit(", up to the cap")).otherwise(pl.lit(""))
    owes = pl.format(
        "overspent {} %, at least the minimum of {} %: owes {} % of it", saved, least, percent(pl.col("loss_rate"))
    )
    limited = pl.when(pl.col("limit_binds")).then(pl.lit(", up to the limit")).otherwise(pl.lit(""))
    relieved = pl.when(pl.col("loss_relief") > 0).then(pl.lit(", less relief for disasters")).otherwise(pl.lit(""))
    return (
        pl.when((pl.col("gate").is_in(["savings", "reduced savings"])) & (pl.col("quality_result") == "not met"))
        .then(pl.concat_str(pl.when(pl.col("gate") == "savings").then(reached).otherwise(below), pl.lit(": nothing, the quality standard is not met")))
        .when(pl.col("gate") == "savings")
        .then(pl.concat_str(reached, keeps, capped))
        .when(pl.col("gate") == "reduced savings")
        .then(pl.concat_str(below, keeps, capped))
        .when(pl.col("gate") == "losses")
        .then(pl.concat_str(owes, limited, relieved))
        .when(pl.col("gate") == "guardrail")
        .then(pl.lit("the benchmark was raised by the guardrail, which protects from losses and earns no savings"))
        .when(pl.col("savings") > 0)
        .then(pl.format("saved {} %, below the minimum of {} %: nothing", saved, least))
        .when(pl.col("side") == "one")
        .then(pl.lit("overspent or level: one-sided, owes nothing"))
        .otherwise(pl.format("overspent {} %, below the minimum of {} %: owes nothing", saved, least))
        .alias("why")
    )


def percent(share: pl.Expr) -> pl.Expr:
    """A share as a percentage with two decimals."""
    return (100 * share).round(2)


def paid() -> pl.Expr:
    """The percentage left by the payment reduction."""
    return percent(pl.col("payment_factor"))
