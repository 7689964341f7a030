"""Tables of production: delivery chains, productivity, efficiency frontiers, cost models, potential."""

from __future__ import annotations

from pipelines.contracts.shape import BODY, METHOD, PERIOD, STATUS, Column, Table, c

SERVICE = c("service_id", "Service", required=True)
FRONTIER = c("frontier_id", "Frontier of the pack", required=True)
FIELD = c("field", "Classes that are compared with one another, joined by a space", required=True)
HUNDREDTHS = {"GBP": "pence", "USD": "cents", "EUR": "cents"}


def hundredths(currency: str) -> str:
    """The word for a hundredth of a currency, as columns of whole money are named; `hundredths` where none is known."""
    return HUNDREDTHS.get(currency, "hundredths")


def chains(currency: str) -> Table:
    """The delivery-chain table of a pack; gaps are whole hundredths of its currency, so that stages add up exactly."""
    unit = hundredths(currency)
    return Table(
        "chains",
        "marts",
        "one row per peer model, body, service, period and stage of the delivery chain; stage 0 is the whole chain",
        ("model_id", "body_id", "service_id", "period", "stage"),
        (
            c("model_id", "Peer model", required=True),
            BODY,
            SERVICE,
            PERIOD,
            c("stage", "0 for the whole chain, then 1 for the stage nearest the money", "whole", "", True),
            c("label", "The stage in words", required=True),
            c("above", "Measure above the line of the stage's factor", required=True),
            c("below", "Measure below it", required=True),
            c("above_value", "Its amount: money in base-year prices where the pack has them", "real"),
            c("above_period", "Period of that amount; null where there is none"),
            c("below_value", "Amount below the line", "real"),
            c("below_period", "Period of that amount; null where there is none"),
            c("factor", "The body's factor: above per below; lower is better", "real"),
            c("reference", "The peers' factor: geometric mean over the same peers at every stage", "real"),
            c("ratio", "Factor divided by reference", "real"),
            c("peer_q25", "Lower quartile of the peers' factors", "real"),
            c("peer_median", "Median of the peers' factors; stages' medians do not multiply to the whole's", "real"),
            c("peer_q75", "Upper quartile of the peers' factors", "real"),
            c("n_peers", "Peers with the whole chain", "whole", "bodies", True),
            c(
                "like_for_like",
                "Whether the body pays for the whole chain itself; others are no reference",
                "truth",
                "",
                True,
            ),
            c(f"gap_{unit}", "Gap that arises at this stage; positive is dearer than the peers", "whole", unit),
            c(f"gap_lo_{unit}", "Lower end of its 95% interval", "whole", unit),
            c(f"gap_hi_{unit}", "Upper end of its 95% interval", "whole", unit),
            c("z", "Gap of the logarithm in robust standard deviations of the peers; positive is worse", "real"),
            c(
                "bottleneck",
                "Whether it has the largest gap in money and stands out; null below 8 peers",
                "truth",
            ),
            STATUS,
            c("reason", "Why the stage cannot be shown; null otherwise"),
            *METHOD,
        ),
    )


PRODUCTIVITY = Table(
    "productivity",
    "marts",
    "one row per body, service and period: volumes and productivity, first comparable period = 100",
    ("body_id", "service_id", "period"),
    (
        BODY,
        SERVICE,
        PERIOD,
        c("base", "The period that is 100", required=True),
        c("output", "Cost-weighted volume of output", "real", "index"),
        c("output_quality", "The same, adjusted for quality", "real", "index"),
        c("input", "Volume of input", "real", "index"),
        c("productivity", "Quality-adjusted output divided by input", "real", "index"),
        c("lo", "Lower end of its 95% interval", "real", "index"),
        c("hi", "Upper end of its 95% interval", "real", "index"),
        c("change", "Productivity divided by that of the period before, less 1", "real", "fraction of 1"),
        c("excluded", "What the indices leave out, in words"),
        STATUS,
        *METHOD,
    ),
)

EFFICIENCY = Table(
    "efficiency",
    "marts",
    "one row per frontier, body and period",
    ("frontier_id", "body_id", "period"),
    (
        FRONTIER,
        BODY,
        PERIOD,
        FIELD,
        c("n", "Bodies that make up the frontier's sample", "whole", "bodies", True),
        c(
            "score",
            "DEA score as computed, uncorrected: the share of its inputs with which the frontier does as much",
            "real",
            "fraction of 1",
        ),
        c(
            "lo",
            "Lower end of its corrected 95% interval, which may lie below the score",
            "real",
            "fraction of 1",
        ),
        c("hi", "Upper end of that interval", "real", "fraction of 1"),
        c("fdh", "Free-disposal score: against real bodies only", "real", "fraction of 1"),
        c("order_m", "Order-m score: against the best of 25 random comparable bodies", "real"),
        c("order_alpha", "Order-alpha score at 95%", "real"),
        c("dominators", "Bodies that do at least as much with no more (itself included)", "whole", "bodies"),
        c("exemplar_id", "The real body that the free-disposal score compares it with"),
        c("scale", "Scale efficiency: constant over variable returns", "real", "fraction of 1"),
        c("returns", "increasing, constant or decreasing returns to scale"),
        c("super_score", "Score without itself in the sample; null where no other body matches it", "real"),
        c("leverage", "How far everybody's scores move when it is left out", "real"),
        c("outlier", "Whether it is to be checked before anybody is measured by it", "truth"),
        c("unique_peers", "Whether its weights on peers are the only ones", "truth"),
        STATUS,
        c("reason", "Why no score is published; null otherwise"),
        *METHOD,
    ),
)

EFFICIENCY_PEERS = Table(
    "efficiency_peers",
    "marts",
    "one row per frontier, body, period and frontier peer",
    ("frontier_id", "body_id", "period", "peer_id"),
    (
        FRONTIER,
        BODY,
        PERIOD,
        c("peer_id", "Body on the frontier that it is measured against", required=True),
        c("weight", "Weight of that peer (lambda)", "real", "", True),
    ),
)

EFFICIENCY_PARTS = Table(
    "efficiency_parts",
    "marts",
    "one row per frontier, body, period and input or output",
    ("frontier_id", "body_id", "period", "measure_id"),
    (
        FRONTIER,
        BODY,
        PERIOD,
        c("measure_id", "Input or output", required=True),
        c("side", "input or output", required=True),
        c("actual", "Its amount, in the unit of the measure", "real", "", True),
        c("target", "Amount at the frontier: the score and the slack applied", "real"),
        c("slack", "What is left over after the score", "real"),
        c("multiplier", "One admissible implied weight", "real"),
    ),
)

MALMQUIST = Table(
    "malmquist",
    "marts",
    "one row per frontier, body and period with a period before: productivity change and its two parts",
    ("frontier_id", "body_id", "period"),
    (
        FRONTIER,
        BODY,
        PERIOD,
        c("period_from", "Period of comparison", required=True),
        c("change", "Productivity change; above 1 is a gain", "real"),
        c("lo", "Lower end of its 95% interval", "real"),
        c("hi", "Upper end of its 95% interval", "real"),
        c("catching_up", "Change against the frontier of its own period", "real"),
        c("frontier_shift", "Change of the frontier where the body stands", "real"),
        c("pure", "Catching up under variable returns; null where it cannot be solved", "real"),
        c("scale", "Change of scale efficiency; null where it cannot be solved", "real"),
        STATUS,
        *METHOD,
    ),
)

COST_MODELS = Table(
    "cost_models",
    "marts",
    "one row per service and field with a cost model: what it fits and whether it may be used",
    ("service_id", "period", "field"),
    (
        SERVICE,
        PERIOD,
        FIELD,
        c("periods", "Periods pooled, joined by a space", required=True),
        c("n_bodies", "Bodies in the model", "whole", "bodies", True),
        c("n_rows", "Body-years in the model", "whole", "rows", True),
        c("terms", "Cost drivers, joined by a space", required=True),
        c("elasticities", "Coefficients of the volumes, in that order, joined by a space", required=True),
        c("quartile", "25th percentile of actual over modelled cost", "real"),
        c("factor", "The same, capped at 1: the catch-up benchmark", "real"),
        c("reset_p", "Probability of the RESET test", "real"),
        c("vif", "Largest variance inflation factor", "real"),
        c("skewness", "Skewness of the residuals", "real"),
        c("prediction_r2", "Leave-one-out prediction R squared", "real"),
        c("stable", "Whether dropping any one body leaves the coefficients alone", "truth"),
        c("passed", "Whether every diagnostic passed: only then does it enter a figure in money", "truth", "", True),
        c("failed", "Diagnostics that failed, joined by a space"),
        c("inefficiency", "Whether the stochastic frontier detects any", "truth"),
        c("sigma_u", "Its spread of inefficiency", "real"),
        c("sigma_v", "Its spread of noise", "real"),
        *METHOD,
    ),
)


def modelled_costs(currency: str) -> Table:
    """The table of modelled costs of a pack, in its currency at base-year prices where it has them."""
    unit = currency.lower()
    return Table(
        "modelled_costs",
        "marts",
        "one row per body and service with a cost model, newest period",
        ("body_id", "service_id", "period"),
        (
            BODY,
            SERVICE,
            PERIOD,
            c(f"actual_{unit}", "Mean yearly cost over the pooled periods", "real", currency),
            c(f"modelled_{unit}", "Mean yearly cost of a body like this by the regression", "real", currency),
            c("ratio", "Actual divided by modelled", "real"),
            c("ratio_lo", "Lower end of its 95% interval", "real"),
            c("ratio_hi", "Upper end of its 95% interval", "real"),
            c("sfa", "Efficiency by the stochastic frontier", "real", "fraction of 1"),
            c("sfa_lo", "Lower end of its 95% interval", "real", "fraction of 1"),
            c("sfa_hi", "Upper end of its 95% interval", "real", "fraction of 1"),
            STATUS,
            *METHOD,
        ),
    )


def _money(name: str, words: str, currency: str) -> Column:
    return c(f"{name}_{currency.lower()}", words, "real", currency)


def potential(currency: str) -> Table:
    """The table of catch-up potential of a pack: a range in its currency, and a grade."""
    return Table(
        "potential",
        "marts",
        "one row per body and service, newest period: what matching good peers would free a year",
        ("body_id", "service_id", "period"),
        (
            BODY,
            SERVICE,
            PERIOD,
            FIELD,
            c("indicator_id", "Unit cost that is compared", required=True),
            _money("addressable", "Cost that the comparison covers, in base-year prices", currency),
            _money("value", "Reachable a year before the cost of getting there; null under grade C", currency),
            _money("lo", "Lower end of the 90% range over the routes admitted", currency),
            _money("hi", "Upper end of that range", currency),
            c("grade", "A, B or C; A: its whole range is above 0; C: may be nothing by its main route, so no headline"),
            c("route", "Route of the headline: R regression, P peer quartile"),
            c("routes", "Routes admitted to the range, joined by a space"),
            c("reliability", "Share of the difference that is not chance", "real", "fraction of 1"),
            c("n_peers", "Peers compared with", "whole", "bodies", True),
            c("overlap", "Services that share this money, as a group; potentials of one group are never added up"),
            c("counted", "Whether this is the group's largest, the only one that may be added to others", "truth"),
            STATUS,
            c("reason", "Why there is no range; null otherwise"),
            *METHOD,
        ),
    )


def potential_totals(currency: str) -> Table:
    """The table of a sector's potential: sums over draws, never sums of medians."""
    return Table(
        "potential_totals",
        "marts",
        "one row per service, period and field",
        ("service_id", "period", "field"),
        (
            SERVICE,
            PERIOD,
            FIELD,
            c("n", "Bodies added up", "whole", "bodies", True),
            _money("value", "Median over draws of the sum", currency),
            _money("lo", "Lower end of its 90% range", currency),
            _money("hi", "Upper end of its 90% range", currency),
            _money("naive", "The same without taking out chance: what must not be quoted", currency),
            *METHOD,
        ),
    )


EXEMPLARS = Table(
    "exemplars",
    "marts",
    "one row per body, service and named body that already does it: cheaper, and no worse in quality",
    ("body_id", "service_id", "period", "exemplar_id"),
    (
        BODY,
        SERVICE,
        PERIOD,
        c(
            "exemplar_id",
            "A peer below the peers' median unit cost and not worse on every paired quality",
            required=True,
        ),
        c("indicator_id", "Unit cost", required=True),
        c("value", "Its unit cost", "real"),
        c("lo", "Lower end of its 95% interval", "real"),
        c("hi", "Upper end of its 95% interval", "real"),
        c("quality", "Paired quality indicators, none worse, joined by a space", required=True),
        c("since", "First period of the unbroken run up to now in which this held at one level", required=True),
        c(
            "years",
            "Periods of that run, two or more; consecutive figures, not always consecutive years",
            "whole",
            "periods",
            True,
        ),
        c("closeness_order", "1 is the most alike; an order of likeness, not of merit", "whole", "", True),
        STATUS,
        *METHOD,
    ),
)
