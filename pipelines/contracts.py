"""Every table once: columns, types, units, key, grain, audience.

A table that is not here is not written, published or read. `TABLES` is in the order in which a run writes them.
Types are those of a release: text, whole numbers, floating point and truth values. Days are ISO text, so that CSV and
Parquet agree to the letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

STATUSES = (
    "quarantined",
    "withheld",
    "not_applicable",
    "missing",
    "suppressed",
    "zero_den",
    "break",
    "small",
    "imputed",
    "provisional",
    "ok",
)
"""Value statuses, worst first (methods.md 0.2)."""

STATUS_LETTER = MappingProxyType(
    {
        "missing": "x",
        "suppressed": "c",
        "not_applicable": "z",
        "withheld": "w",
        "zero_den": "x",
        "quarantined": "w",
        "provisional": "P",
        "imputed": "M",
        "break": "B",
        "small": "",
        "ok": "",
    }
)
"""What stands in place of a value, or after it, in every table and export (dashboard.md section 2)."""

VERDICTS = ("lower", "same", "higher", "withheld")
"""Where a value stands against its peers' median, given its interval. Directions, never praise or blame."""

TYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {"text": pl.String(), "whole": pl.Int64(), "real": pl.Float64(), "truth": pl.Boolean()}
)


@dataclass(frozen=True)
class Column:
    """One column: its name carries the unit where it has one; `required` forbids null."""

    name: str
    type: str
    description: str
    unit: str = ""
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its layer, grain in words, key, columns and who may see it."""

    name: str
    layer: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    audience: str = "public"

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Polars types by column name, in order."""
        return {column.name: TYPES[column.type] for column in self.columns}

    @property
    def qualified(self) -> str:
        """The table's name in the warehouse."""
        return f"{self.layer}.{self.name}"

    def in_order(self, frame: pl.DataFrame) -> bool:
        """Whether the rows of a frame ascend strictly by the key: sorted, and none twice. False where a key is null."""
        ascends = pl.lit(False)
        for name in reversed(self.key):
            now, before = pl.col(name), pl.col(name).shift(1)
            ascends = (now > before) | ((now == before) & ascends)
        return bool(frame.select(ascends.slice(1).all(ignore_nulls=False)).item())


def c(name: str, description: str, type: str = "text", unit: str = "", required: bool = False) -> Column:
    """A column; shorthand for the listing below."""
    return Column(name, type, description, unit, required)


@dataclass(frozen=True)
class CheckResult:
    """One check on one table: what it means, how severe it is, what came out.

    outcome : passed, failed, or not_evaluated (the check itself broke: never read as a pass).
    kind : expectation, sql or gate.   severity : critical (blocks) or warning (shows).
    """

    id: str
    table: str
    kind: str
    severity: str
    outcome: str
    meaning: str
    observed: str = ""
    examples: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published because of it."""
        return self.severity == "critical" and self.outcome != "passed"


BODY = c("body_id", "Body, by its current official code", required=True)
PERIOD = c("period", "Canonical period, such as 2022-23", required=True)
STATUS = c("status", "Status of the value (methods.md 0.2)", required=True)
METHOD = (
    c("method_id", "Method card", required=True),
    c("method_version", "Version of the method", required=True),
    c("params_hash", "First 12 hexadecimal digits of the hash of the parameters", required=True),
    c("input_editions", "Editions read, `dataset@edition`, sorted, joined by a space", required=True),
    c("seed", "Seed of a random method; null where nothing is drawn", "whole"),
)

CELLS = Table(
    "cells",
    "staging",
    "one row per dataset, edition, code, series and period, as the publisher printed it",
    ("dataset", "edition", "code", "series", "period"),
    (
        c("dataset", "Dataset of the pack", required=True),
        c("edition", "Edition, `<date>-<sha256[:8]>`", required=True),
        c("code", "The publisher's code of the body", required=True),
        c("name", "The publisher's name of the body, note marks removed"),
        c("series", "The publisher's column", required=True),
        PERIOD,
        c("period_text", "The publisher's words for the period"),
        c("value", "The figure in the publisher's unit", "real"),
        STATUS,
        c("lo", "Lower bound of a suppressed figure", "real"),
        c("hi", "Upper bound of a suppressed figure", "real"),
        c("text", "The published text"),
        c("locator", "Sheet and cell, or row, where it stood"),
    ),
    audience="internal",
)

BODIES = Table(
    "bodies",
    "marts",
    "one row per body, past and present",
    ("body_id",),
    (
        BODY,
        c("name", "Name in use, or last in use", required=True),
        c("class_id", "Class of the pack", required=True),
        c("parent_id", "Body that this one lies within, such as a district's county"),
        c("region", "Region, as the register words it"),
        c("valid_from", "First day of existence, where known (ISO)"),
        c("valid_to", "Last day of existence; null for a living body (ISO)"),
    ),
)

BODY_ALIAS = Table(
    "body_alias",
    "marts",
    "one row per scheme, code and span of validity",
    ("scheme", "code", "body_id", "valid_from"),
    (
        c("scheme", "Coding scheme, such as gss, dfe, name", required=True),
        c("code", "Code or folded name in that scheme", required=True),
        BODY,
        c("valid_from", "First day on which the code means this body; empty when always (ISO)", required=True),
        c("valid_to", "Last day on which the code means this body (ISO)"),
    ),
)

BODY_LINEAGE = Table(
    "body_lineage",
    "marts",
    "one row per ended body and successor",
    ("from_id", "to_id"),
    (
        c("from_id", "Body that ended", required=True),
        c("to_id", "Body that took it over", required=True),
        c("effective_period", "First financial year of the successor", required=True),
        c("share", "Share of the ended body's counts that went to this successor", "real", "fraction of 1", True),
        c("kind", "merge, split, boundary or rename", required=True),
        c(
            "share_basis",
            "How the share is known: whole, stated, or population (then rebuilt values are imputed)",
            required=True,
        ),
    ),
)

PERIODS = Table(
    "periods",
    "marts",
    "one row per period that any table names",
    ("period",),
    (
        PERIOD,
        c("kind", "financial_year, calendar_year, quarter, month, point or pooled", required=True),
        c("start", "First day (ISO)", required=True),
        c("end", "Last day (ISO)", required=True),
    ),
)

EDITIONS = Table(
    "editions",
    "marts",
    "one row per dataset and edition read",
    ("dataset", "edition"),
    (
        c("dataset", "Dataset of the pack", required=True),
        c("edition", "Edition", required=True),
        c("date", "Date in the file's own words (ISO)", required=True),
        c("publisher", "Publisher", required=True),
        c("title", "Title of the publication", required=True),
        c("url", "Where it is published", required=True),
        c("licence", "Licence of the figures", required=True),
        c("original_name", "The publisher's file name", required=True),
        c("original_sha256", "SHA-256 of the publisher's file", required=True),
        c("rows_in", "Cells read", "whole", "cells", True),
        c("rows_accepted", "Cells accepted", "whole", "cells", True),
        c("rows_quarantined", "Cells quarantined", "whole", "cells", True),
        c("periods_current", "Periods for which this edition rules", "whole", "periods", True),
    ),
)

MEASURES = Table(
    "measures",
    "marts",
    "one row per measure of the pack",
    ("measure_id",),
    (
        c("measure_id", "Measure", required=True),
        c("label", "Name in words", required=True),
        c("unit", "Unit after scaling", required=True),
        c("kind", "cost, input, output, outcome or context", required=True),
        c("polarity", "higher, lower or neutral: the wanted direction", required=True),
        c("dataset", "Dataset it comes from", required=True),
        c("series", "The publisher's column", required=True),
        c("scale", "Published figure times this gives the unit", "real", "", True),
        c("caveat", "What a reader must know"),
    ),
)

SERVICES = Table(
    "services",
    "marts",
    "one row per service of the pack",
    ("service_id",),
    (
        c("service_id", "Service", required=True),
        c("label", "Name in words", required=True),
        c("headline", "Indicator shown first", required=True),
        c("cost", "Measure of its cost", required=True),
        c("inputs", "Measures, joined by a space"),
        c("outputs", "Measures, joined by a space"),
        c("outcomes", "Measures, joined by a space"),
        c("quality", "Quality indicators that a saving must not worsen, joined by a space"),
        c("counter_measures", "Indicators watched beside the headline, joined by a space"),
        c("note", "What the service covers and leaves out"),
    ),
)

INDICATORS = Table(
    "indicators",
    "marts",
    "one row per indicator of the pack",
    ("indicator_id",),
    (
        c("indicator_id", "Indicator", required=True),
        c("service_id", "Service it belongs to", required=True),
        c("label", "Name in words", required=True),
        c("unit", "Unit of the value, as spoken", required=True),
        c("format", "How it is printed: unit_cost, share, rate or count", required=True),
        c("polarity", "higher, lower or neutral: the wanted direction", required=True),
        c("stage", "Stage of the delivery chain: cost, input, output, outcome or context", required=True),
        c("numerator", "Measure above the line", required=True),
        c("denominator", "Measure below the line; null for a rate that only the publisher can compute"),
        c("multiplier", "Value = multiplier x numerator / denominator", "real", "", True),
        c("real_terms", "Numerator in base-year prices", "truth", "", True),
        c("interval", "How its interval is found: history, proportion, count or none", required=True),
        c("proxy", "What it stands in for, in words; null when it is the thing itself"),
        c("caveat", "What a reader must know"),
    ),
)

VALUES = Table(
    "values",
    "marts",
    "one row per body, measure, period and edition, as published, in the measure's unit",
    ("body_id", "measure_id", "period", "edition"),
    (
        BODY,
        c("measure_id", "Measure", required=True),
        PERIOD,
        c("edition", "Edition, `<date>-<sha256[:8]>`", required=True),
        c("value", "The figure in the measure's unit", "real"),
        STATUS,
        c("lo", "Lower bound of a suppressed figure", "real"),
        c("hi", "Upper bound of a suppressed figure", "real"),
        c("unit", "Unit of the value", required=True),
        c("source", "Publisher and dataset", required=True),
        c("locator", "Sheet and cell, or row, where it stood", required=True),
        c("published_text", "The published text"),
        c("is_current", "Whether the newest edition for this dataset and period says so", "truth", "", True),
    ),
)

VALUES_REBUILT = Table(
    "values_rebuilt",
    "marts",
    "one row per living body, measure and period for which its predecessors' figures were added up",
    ("body_id", "measure_id", "period"),
    (
        BODY,
        c("measure_id", "Measure", required=True),
        PERIOD,
        c("value", "Sum over predecessors, times their shares", "real"),
        STATUS,
        c("parts", "Predecessors added up, joined by a space", required=True),
        c("n_parts", "How many predecessors were to be added up", "whole", "bodies", True),
        c("n_present", "How many of them have a figure", "whole", "bodies", True),
        c("input_editions", "Editions read", required=True),
    ),
)

QUARANTINE = Table(
    "quarantine",
    "marts",
    "one row per cell set aside, with the reason",
    ("dataset", "edition", "code", "series", "period"),
    (
        c("dataset", "Dataset of the pack", required=True),
        c("edition", "Edition", required=True),
        c("code", "The publisher's code of the body", required=True),
        c("name", "The publisher's name of the body"),
        c("series", "The publisher's column", required=True),
        PERIOD,
        c("published_text", "The published text"),
        c("locator", "Where it stood", required=True),
        c("rule", "Rule that set it aside", required=True),
        c("reason", "The reason in words", required=True),
    ),
)

FLAGGED = Table(
    "flagged",
    "marts",
    "one row per value kept but marked for confirmation",
    ("body_id", "measure_id", "period", "rule"),
    (
        BODY,
        c("measure_id", "Measure", required=True),
        PERIOD,
        c("rule", "Rule that marked it", required=True),
        c("reason", "The reason in words", required=True),
    ),
)

SCOPE_FLAGS = Table(
    "scope_flags",
    "marts",
    "one row per body, service, first period and indicators that are not like for like, with its source",
    ("body_id", "service_id", "period_from", "indicators"),
    (
        BODY,
        c("service_id", "Service", required=True),
        c("period_from", "First period; empty when always", required=True),
        c("period_to", "Last period; null when still so"),
        c("indicators", "Indicators affected, joined by a space; empty when all of the service are", required=True),
        c("reason", "What another body pays for", required=True),
        c("source", "Where this is stated", required=True),
    ),
)

PASSPORT = Table(
    "passport",
    "marts",
    "one row per body, measure and period that the pack expects",
    ("body_id", "measure_id", "period"),
    (
        BODY,
        c("measure_id", "Measure", required=True),
        PERIOD,
        STATUS,
        c("grade", "A: sound. B: usable with a note. C: not to be relied on alone. D: absent", required=True),
        c(
            "present_share",
            "Share of the class with a usable figure for this measure and period",
            "real",
            "fraction of 1",
        ),
        c(
            "age_periods",
            "Whole years from this period's end to the end of the newest period at hand",
            "whole",
            "years",
            True,
        ),
        c("n_editions", "Editions that state this figure", "whole", "editions", True),
        c("revised", "Whether a later edition changed it", "truth", "", True),
        c("n_quarantined", "Cells of this body, measure and period set aside", "whole", "cells", True),
        c("flags", "Rules that marked it, joined by a space"),
        c("comparability", "Why it may not compare with other bodies or years; null when nothing is known"),
    ),
)


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
        c("lo", "Lower end of the 95 % interval", "real"),
        c("hi", "Upper end of the 95 % interval", "real"),
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
        c("ratio_lo", "Lower end of the 95 % interval of the ratio", "real"),
        c("ratio_hi", "Upper end of the 95 % interval of the ratio", "real"),
        c("verdict", "lower, higher, same (cannot be told apart) or withheld", required=True),
        c("reason", "Why the verdict is withheld; null otherwise"),
        *METHOD,
    ),
)


def tables(currency: str, base_period: str | None) -> tuple[Table, ...]:
    """Every table of a pack, in the order in which a run writes them."""
    return (
        CELLS,
        BODIES,
        BODY_ALIAS,
        BODY_LINEAGE,
        PERIODS,
        MEASURES,
        SERVICES,
        INDICATORS,
        SCOPE_FLAGS,
        VALUES,
        QUARANTINE,
        FLAGGED,
        EDITIONS,
        VALUES_REBUILT,
        costs(currency, base_period),
        INDICATOR_VALUES,
        PEERS,
        PEER_FEATURES,
        PEER_GROUPS,
        POSITIONS,
        PASSPORT,
    )


def published(currency: str, base_period: str | None) -> tuple[Table, ...]:
    """The tables of a release: those whose audience is public."""
    return tuple(table for table in tables(currency, base_period) if table.audience == "public")
