"""Shared savings and losses of US accountable care organisations, step by step, for any year the rule set covers.

What belongs here: the order of the steps. What does not: a rate, a cap or a date, which stand in parameters/us-mssp.yml
with their sources; and reading files. Source: 42 CFR 425.600-425.611, checked against the published payments.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.scenarios.rules import RowFault, RuleSet

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

# How else publishers and people write the tracks, in lower case.
TRACK_NAMES = {
    "track 1": "T1",
    "track 2": "T2",
    "track 3": "T3",
    "track 1+": "T1+",
    "1": "T1",
    "2": "T2",
    "3": "T3",
    "1+": "T1+",
    "enhanced": "EN",
    **{f"{word} {level}".lower(): level for word in ("basic", "level", "basic level") for level in "ABCDE"},
    **{key.lower(): key for key in ("T1", "T2", "T3", "T1+", "A", "B", "C", "D", "E", "EN")},
}

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
TRACK_2_YEARS = ("T2 year 1", "T2 year 2", "T2 year 3")
FIRST_YEAR = 2013  # agreements of 2012 had a first performance year that ran to the end of 2013


def settle(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """The columns of STEPS, one row per row of `rows`, in their order; `earned` is in dollars, negative for losses.

    rows : KEYS, REQUIRED, FIGURES and FACTS as columns (year Int64, figures Float64, facts text, start date Date; null
    where not stated). Dollars in whole or part dollars, rates as fractions, `aco_revenue` in dollars, `months` 1-12.
    Raises RowFault for a track that the rules do not know in that year, and for a minimum savings rate that neither the
    scale, nor the row, nor the rules state.
    """
    table = rows.join(in_force(rows, rules), on=["track", "performance_year"], how="left", maintain_order="left")
    table = table.with_columns(scale_minimum(rows, rules), limit_share(rows, rules))
    for step in (minimum, gate, quality, shared, lost, outcome):
        table = table.with_columns(step())
    if table["msr"].null_count():
        words = "the minimum savings rate is elected, or below the scale; state it in msr_published"
        raise RowFault(int(table["msr"].is_null().arg_true()[0]), words)
    return table.with_columns(why()).select(STEPS)


def in_force(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """One row per track and year among the rows, with each parameter as `rule_<name>`; null where none is in force."""
    pairs = rows.select("track", "performance_year").unique(maintain_order=True)
    found: list[dict[str, Any]] = []
    for track, year in pairs.rows():
        values = {name: rules.value(name, year, track) for name in BY_TRACK}
        values |= {name: rules.value(name, year) for name in BY_YEAR}
        if values["sides"] is None or values["payment_factor"] is None:
            row = rows.select((pl.col("track") == track) & (pl.col("performance_year") == year)).to_series()
            known = ", ".join(rules.keys("sides"))
            raise RowFault(row.arg_true()[0], f"track '{track}' has no rules in {year}; the tracks are {known}")
        found.append({"track": track, "performance_year": year} | {f"rule_{name}": values[name] for name in values})
    schema: dict[str, Any] = {"track": pl.String, "performance_year": pl.Int64}
    schema |= {f"rule_{name}": pl.String if name in WORDS else pl.Float64 for name in (*BY_TRACK, *BY_YEAR)}
    return pl.DataFrame(found, schema=schema)


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
    """`limit_share`: the loss limit as a share of the benchmark; Track 2's rises with the years at risk.

    Null for Track 2 where those years are not known: no start date, or a second agreement after one that may have been
    one-sided.
    """
    last = max(rows["performance_year"].to_list(), default=FIRST_YEAR)
    start = pl.max_horizontal(pl.col("current_start_date").dt.year(), pl.lit(FIRST_YEAR))
    year = (pl.col("performance_year") - start + 1).clip(1, len(TRACK_2_YEARS))
    known = pl.col("current_start_date").is_not_null() & (pl.col("agreement_period_num") <= 1).fill_null(True)
    rising = pl.coalesce(
        pl.when(known & (year == nth)).then(pl.lit(rules.value("loss_limit", last, name), dtype=pl.Float64))
        for nth, name in enumerate(TRACK_2_YEARS, start=1)
    )
    return pl.when(pl.col("track") == "T2").then(rising).otherwise(pl.col("rule_loss_limit")).alias("limit_share")


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


def gate() -> list[pl.Expr]:
    """What counts: savings that reach the minimum, or at a reduced share; losses on two sides only."""
    saved, least = pl.col("savings"), pl.col("msr") * pl.col("benchmark_total")
    reached = saved.abs() >= least
    guarded = ((pl.col("guardrail") == 1) & pl.col("rule_guardrail").is_not_null()).fill_null(False)
    word = (
        pl.when((saved > 0) & guarded)
        .then(pl.lit("guardrail"))
        .when((saved > 0) & reached)
        .then(pl.lit("savings"))
        .when((saved > 0) & reduced())
        .then(pl.lit("reduced savings"))
        .when((saved < 0) & reached & (pl.col("side") == "two"))
        .then(pl.lit("losses"))
        .otherwise(pl.lit("below the minimum"))
    )
    return [word.alias("gate")]


def reduced() -> pl.Expr:
    """Whether savings below the minimum count at a reduced rate: as flagged, else by track, revenue, size, start."""
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
        .then(pl.lit("the loss limit of Track 2, which rises with the years at risk: these are not known"))
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
    share, least = percent(pl.col("savings_rate").abs()), percent(pl.col("msr"))
    reached = pl.format("saved {} %, at least the minimum of {} %", share, least)
    below = pl.format("saved {} %, below the minimum of {} %", share, least)
    counted = (
        pl.when(pl.col("gate") == "savings").then(reached).otherwise(pl.concat_str(below, pl.lit(", low revenue")))
    )
    keeps = pl.format(
        ": earns {} % of it, paid at {} %", percent(pl.col("final_rate")), percent(pl.col("payment_factor"))
    )
    earns = pl.when(pl.col("quality_result") == "not met").then(pl.lit(": nothing, quality not met")).otherwise(keeps)
    owes = pl.format("overspent {} %, minimum {} %: owes {} % of it", share, least, percent(pl.col("loss_rate")))
    return (
        pl.when(pl.col("gate").is_in(["savings", "reduced savings"]))
        .then(pl.concat_str(counted, earns, when_true("cap_binds", ", up to the cap")))
        .when(pl.col("gate") == "losses")
        .then(pl.concat_str(owes, when_true("limit_binds", ", up to the limit"), relieved()))
        .when(pl.col("gate") == "guardrail")
        .then(pl.lit("benchmark raised by the guardrail, which protects from losses and earns no savings"))
        .when(pl.col("savings") > 0)
        .then(pl.concat_str(below, pl.lit(": nothing")))
        .when(pl.col("side") == "one")
        .then(pl.lit("spent the benchmark or more: one-sided, owes nothing"))
        .otherwise(pl.format("overspent {} %, below the minimum of {} %: owes nothing", share, least))
        .alias("why")
    )


def when_true(column: str, words: str) -> pl.Expr:
    """The words where a column is true, else nothing."""
    return pl.when(pl.col(column)).then(pl.lit(words)).otherwise(pl.lit(""))


def relieved() -> pl.Expr:
    """Words for relief where there was some."""
    return pl.when(pl.col("loss_relief") > 0).then(pl.lit(", less relief for disasters")).otherwise(pl.lit(""))


def percent(share: pl.Expr) -> pl.Expr:
    """A share as a percentage with two decimals."""
    return (100 * share).round(2)
