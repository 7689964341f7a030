"""The steps of the Shared Savings Program as column expressions: minimum, gate, quality, shared, lost, outcome.

What belongs here: one function for each step, over the columns of the steps before it and the parameters in force,
which stand in `rule_<name>`. What does not: their order, see `us_mssp`. Source: 42 CFR 425.600-425.611.
"""

from __future__ import annotations

import polars as pl

TIE = 1e-9  # a saving of exactly the minimum counts, whatever a binary fraction makes of it; far below a dollar
NONE_STATED = "sliding scale, none stated"  # two sides may elect the scale, which needs no figure of its own


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
        .when(scale)
        .then(pl.lit(NONE_STATED))
    )
    by_size = pl.when(scale).then("scale_msr")
    savings = pl.col("benchmark_total") - pl.col("expenditure_total")
    return [
        pl.col("rule_sides").alias("side"),
        pl.when(one).then(pl.coalesce(by_size, stated)).otherwise(pl.coalesce(stated, standing, by_size)).alias("msr"),
        source.alias("msr_source"),
        savings.alias("savings"),
        (savings / pl.col("benchmark_total")).alias("savings_rate"),
    ]


def gate() -> list[pl.Expr]:
    """What counts: savings that reach the minimum, or at a reduced share; losses on two sides only."""
    saved, least = pl.col("savings"), pl.col("msr") * pl.col("benchmark_total")
    reached = saved.abs() >= least * (1 - TIE)
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
    limit = (
        pl.when(owed & unknown)
        .then(pl.lit("the loss limit by the organisation's revenue, which is not public: state aco_revenue"))
        .when(owed & pl.col("limit_share").is_null())
        .then(pl.lit("the loss limit of Track 2, which rises with the years at risk: these are not known"))
    )
    elected = pl.lit("the minimum savings rate elected: none is stated, so the one that varies with size stands")
    open_points = pl.concat_list(limit, pl.when(pl.col("msr_source") == NONE_STATED).then(elected))
    return [
        months.alias("share_of_year"),
        # Plus zero: a body that owes nothing must not read -0.0.
        pl.when(pl.col("gate").is_in(["below the minimum", "guardrail"]))
        .then(0.0)
        .otherwise(earned * months + 0.0)
        .alias("earned"),
        open_points.list.drop_nulls().list.join("; ").alias("not_recomputed"),
    ]
