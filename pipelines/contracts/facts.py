"""Tables of what publishers and the pack say: bodies, measures, values, editions, and how far each is to be trusted."""

from __future__ import annotations

from pipelines.contracts.shape import BODY, PERIOD, STATUS, Table, c

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
        c("chain", "Amounts of its delivery chain from money to what is wanted, joined by a space"),
        c("chain_note", "What the delivery chain leaves out"),
        c("volumes", "Outputs that its productivity counts, joined by a space"),
        c("unit_costs", "National unit costs by which these are added, in that order, joined by a space"),
        c("quality_weights", "Quality indicators in its productivity, each `indicator:weight`, joined by a space"),
        c("area_costs", "Indices of wages and rents and their shares of cost, each `measure:share`, joined by a space"),
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
        c("reason", "What is to be confirmed by the body, in words that follow the measure's name", required=True),
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
