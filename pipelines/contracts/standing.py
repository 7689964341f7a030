"""Tables of standing: a value without its chance, bodies that can be told apart, how firm a verdict is."""

from __future__ import annotations

from pipelines.contracts.shape import BODY, METHOD, PERIOD, STATUS, Table, c

INDICATOR = c("indicator_id", "Indicator", required=True)
FIELD = c("field", "Classes that are compared with one another, joined by a space", required=True)

RELIABILITY = Table(
    "reliability",
    "marts",
    "one row per body, indicator and period: the value with chance taken out",
    ("body_id", "indicator_id", "period"),
    (
        BODY,
        INDICATOR,
        PERIOD,
        FIELD,
        c("n", "Like-for-like bodies of the field with a usable value and a standard error", "whole", "bodies", True),
        c("mean", "Precision-weighted mean of the field, in the unit of the indicator", "real"),
        c(
            "spread",
            "Standard deviation between bodies beyond chance: of the logarithm where the standard error is",
            "real",
        ),
        c("value", "The value drawn towards the mean as far as it is unreliable", "real"),
        c("lo", "Lower end of its 95% interval", "real"),
        c("hi", "Upper end of its 95% interval", "real"),
        c("reliability", "Share of the difference to the mean that is not chance", "real", "fraction of 1"),
        c("use", "What it may be used for: individual, grouped or none", required=True),
        STATUS,
        *METHOD,
    ),
)

PLACES = Table(
    "places",
    "marts",
    "one row per body and indicator, newest period: the range of places it may hold",
    ("body_id", "indicator_id", "period"),
    (
        BODY,
        INDICATOR,
        PERIOD,
        FIELD,
        c("n", "Bodies of the field with a place", "whole", "bodies", True),
        c("place_lo", "Lower end of the 90% interval of its place, 1 = best (neutral measures: lowest)", "whole"),
        c("place_hi", "Upper end of that interval", "whole"),
        c("p_best_quarter", "Probability of standing in the best quarter", "real", "fraction of 1"),
        c("p_worst_quarter", "Probability of standing in the worst quarter", "real", "fraction of 1"),
        c("told_apart_from", "Bodies of the field that it can be told apart from", "whole", "bodies"),
        c(
            "group",
            "Everybody of a group can be told apart from everybody of another, 1 = best; within one, not all can",
            "whole",
        ),
        STATUS,
        *METHOD,
    ),
)

FUNNELS = Table(
    "funnels",
    "marts",
    "one row per indicator, period and field: the funnel's limits",
    ("indicator_id", "period", "field"),
    (
        INDICATOR,
        PERIOD,
        FIELD,
        c(
            "kind",
            "How figures are transformed: proportion, ratio (to the expected count) or root (of that ratio)",
            required=True,
        ),
        c("n", "Bodies in the funnel", "whole", "bodies", True),
        c("centre", "Value of the field as a whole, in the unit of the indicator", "real"),
        c("phi", "Overdispersion factor (Winsorised)", "real"),
        c("tau2", "Variance between bodies beyond chance, on the transformed scale", "real"),
        c("expected", "Flags that chance alone would give", "real", "bodies"),
        c("note", "Why nothing is flagged, or only by chance alone; null otherwise"),
        *METHOD,
    ),
)

FUNNEL_POINTS = Table(
    "funnel_points",
    "marts",
    "one row per body, indicator and period with a count behind it",
    ("body_id", "indicator_id", "period"),
    (
        BODY,
        INDICATOR,
        PERIOD,
        FIELD,
        c("size", "Denominator, or expected count: the width of the funnel here", "real"),
        c("value", "The value, in the unit of the indicator", "real"),
        c("z", "Distance from the centre in standard deviations of chance alone", "real"),
        c("z_widened", "The same, allowing for unexplained variation", "real"),
        c("lo_95", "Widened 95% limit below", "real"),
        c("hi_95", "Widened 95% limit above", "real"),
        c("lo_998", "Widened 99.8% limit below", "real"),
        c("hi_998", "Widened 99.8% limit above", "real"),
        c("plain_lo_95", "95% limit of chance alone, below", "real"),
        c("plain_hi_95", "95% limit of chance alone, above", "real"),
        c("flag", "low, high, within or withheld; by the widened 99.8% limits", required=True),
        c(
            "discovery",
            "Whether it stands out with false discoveries held at 5% over the period; null where not judged",
            "truth",
        ),
        STATUS,
        *METHOD,
    ),
)

ROBUSTNESS = Table(
    "robustness",
    "marts",
    "one row per body and indicator, newest period: the verdict over many plausible peer sets",
    ("body_id", "indicator_id", "period"),
    (
        BODY,
        INDICATOR,
        PERIOD,
        c(
            "n_sets",
            "Different plausible peer sets with a verdict; sets with the same usable peers are one",
            "whole",
            "sets",
            True,
        ),
        c("share_lower", "Share of them that say lower", "real", "fraction of 1"),
        c("share_same", "Share of them that cannot tell", "real", "fraction of 1"),
        c("share_higher", "Share of them that say higher", "real", "fraction of 1"),
        c("median_lo", "5th percentile of the peers' median over the sets", "real"),
        c("median_hi", "95th percentile of the peers' median over the sets", "real"),
        c("ratio", "Median over the sets of value divided by the peers' median", "real"),
        c("ratio_lo", "5th percentile of that ratio over the sets", "real"),
        c("ratio_hi", "95th percentile of that ratio over the sets", "real"),
        c("percentile_lo", "5th percentile of the percentile among peers over the sets", "real", "per cent"),
        c("percentile_hi", "95th percentile of the percentile among peers over the sets", "real", "per cent"),
        c("verdict", "Verdict of the default set: lower, higher, same or withheld", required=True),
        c("agreement", "Share of the sets with the verdict of the default set", "real", "fraction of 1"),
        c("firm", "Whether at least two thirds of the sets agree with it", "truth"),
        STATUS,
        *METHOD,
    ),
)

ROBUSTNESS_SETS = Table(
    "robustness_sets",
    "marts",
    "one row per body, indicator and named peer set, newest period; up to six, each with other usable peers",
    ("body_id", "indicator_id", "period", "set_id"),
    (
        BODY,
        INDICATOR,
        PERIOD,
        c("set_id", "Peer set", required=True),
        c("place", "Order in which the sets are shown, the default first", "whole", "", True),
        c("label", "The set in words", required=True),
        c("n_peers", "Peers with a usable, like-for-like figure", "whole", "bodies", True),
        c("peer_median", "Their median", "real"),
        c("ratio", "Value divided by that median", "real"),
        c("ratio_lo", "Lower end of the 95% interval of the ratio", "real"),
        c("ratio_hi", "Upper end of the 95% interval of the ratio", "real"),
        c("percentile", "Mid-rank percentile among them, 100 is best (neutral: highest)", "real", "per cent"),
        c("verdict", "lower, higher, same or withheld", required=True),
        *METHOD,
    ),
)
