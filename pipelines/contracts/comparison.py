"""Tables of comparison: costs, indicators, peers, and where a body stands among them."""

from __future__ import annotations

from pipelines.contracts.shape import BODY, METHOD, PERIOD, STATUS, Table, c


def costs(currency: str, base_period: str | None) -> Table:
    """The cost table of a pack: nominal and real columns carry the currency and the base year."""
    nominal = f"cost_{currency.lower()}"
    columns = [
        BODY,
        c("service_id", "Service", required=True),
        PERIOD,
        c(nominal, "Cost of the service, as spent", "real", currency),
    ]
    if base_period:
        real = f"{nominal}_{base_period.replace('-', '_')}"
        columns.append(c(real, f"Cost in {base_period} prices (GDP deflator)", "real", currency))
    columns += [STATUS, c("input_editions", "Editions read", required=True)]
    return Table(
        "costs",
        "marts",
        "one row per body, service and period with a cost",
        ("body_id", "service_id", "period"),
        tuple(columns),
    )


INDICATOR_VALUES = Table(
    "indicator_values",
    "marts",
    "one row per body, indicator and period",
    ("body_id", "indicator_id", "period"),
    (
        BODY,
        c("indicator_id", "Indicator", required=True),
        PERIOD,
        c(
            "numerator",
            "Figure above the line, in the measure's unit (base-year prices where the indicator says so)",
            "real",
        ),
        c("numerator_nominal", "The same as spent, for money in real terms", "real"),
        c("denominator", "Figure below the line", "real"),
        c("denominator_period", "Period of the denominator, where the pack aligns another one"),
        c("value", "multiplier x numerator / denominator", "real"),
        c("se", "Standard error: of the logarithm for unit costs, of the value otherwise", "real"),
        c("lo", "Lower end of the 95% interval", "real"),
        c("hi", "Upper end of the 95% interval", "real"),
        c("interval_method", "How the interval was found, or why there is none", required=True),
        STATUS,
        c("status_reasons", "Every input status that is not ok, joined by a space"),
        c("rebuilt", "Whether predecessors' figures were added up", "truth", "", True),
        c("like_for_like", "False where another body pays part of the service", "truth", "", True),
        *METHOD,
    ),
)

PEERS = Table(
    "peers",
    "marts",
    "one row per peer model, body and peer",
    ("model_id", "body_id", "peer_id"),
    (
        c("model_id", "Peer model of the pack", required=True),
        BODY,
        c("peer_id", "A comparable body", required=True),
        c("closeness_order", "1 is the most alike; an order of likeness, not of merit", "whole", "", True),
        c("distance", "Weighted distance; null where the publisher states only the order", "real"),
        c("distance_rebased", "Distance divided by the farthest allowed body's", "real"),
        c(
            "retention",
            "Share of perturbed models in which it stays a peer; null where not computed",
            "real",
            "fraction of 1",
        ),
        c("core", "Retention of at least 0.8", "truth"),
        *METHOD,
    ),
)

PEER_FEATURES = Table(
    "peer_features",
    "marts",
    "one row per peer model, body, peer and context variable",
    ("model_id", "body_id", "peer_id", "variable_id"),
    (
        c("model_id", "Peer model", required=True),
        BODY,
        c("peer_id", "Peer", required=True),
        c("variable_id", "Context variable", required=True),
        c("label", "The variable in words", required=True),
        c("theme", "Theme of the variable", required=True),
        c("unit", "Unit of the two values", required=True),
        c("body_value", "The body's value", "real"),
        c("peer_value", "The peer's value", "real"),
        c("share", "Share of the squared distance", "real", "fraction of 1"),
    ),
)

PEER_GROUPS = Table(
    "peer_groups",
    "marts",
    "one row per peer model and body: the state of its group",
    ("model_id", "body_id"),
    (
        c("model_id", "Peer model", required=True),
        BODY,
        c("n_peers", "Peers found within the distance cap", "whole", "bodies", True),
        c("state", "benchmark (8 or more), few (5 to 7) or none (under 5)", required=True),
        c("appears_in", "Peer lists in which this body stands", "whole", "lists", True),
        c("note", "Why the group is small, in words"),
    ),
)

POSITIONS = Table(
    "positions",
    "marts",
    "one row per peer model, body, indicator and period",
    ("model_id", "body_id", "indicator_id", "period"),
    (
        c("model_id", "Peer model", required=True),
        BODY,
        c("indicator_id", "Indicator", required=True),
        PERIOD,
        c("n_peers", "Peers with a usable, like-for-like figure", "whole", "bodies", True),
        c("n_left_out", "Peers left out because they are not like for like", "whole", "bodies", True),
        c("peer_min", "Smallest peer value", "real"),
        c("peer_q25", "Lower quartile of peers (type 7)", "real"),
        c("peer_median", "Median of peers", "real"),
        c("peer_q75", "Upper quartile of peers (type 7)", "real"),
        c("peer_max", "Largest peer value", "real"),
        c(
            "percentile",
            "Mid-rank percentile among peers, 100 is best (for a neutral measure: highest)",
            "real",
            "per cent",
        ),
        c("band", "Quarter of the group by the published convention, 1 is best (or highest)", "whole"),
        c("ratio", "Value divided by the peers' median", "real"),
        c("ratio_lo", "Lower end of the 95% interval of the ratio", "real"),
        c("ratio_hi", "Upper end of the 95% interval of the ratio", "real"),
        c("verdict", "lower, higher, same (cannot be told apart) or withheld", required=True),
        c("reason", "Why the verdict is withheld; null otherwise"),
        *METHOD,
    ),
)
