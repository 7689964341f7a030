"""Every table once: columns, types, units, key, grain, audience.

A table that is not here is not written, published or read. `tables` is in the order in which a run writes them.
Types are those of a release: text, whole numbers, floating point and truth values. Days are ISO text, so that CSV and
Parquet agree to the letter. `shape` says what a table is; `facts`, `comparison`, `standing` and `production` list
them by what they are about.
"""

from __future__ import annotations

from pipelines.contracts.comparison import INDICATOR_VALUES, PEER_FEATURES, PEER_GROUPS, PEERS, POSITIONS, costs
from pipelines.contracts.facts import (
    BODIES,
    BODY_ALIAS,
    BODY_LINEAGE,
    CELLS,
    EDITIONS,
    FLAGGED,
    INDICATORS,
    MEASURES,
    PASSPORT,
    PERIODS,
    QUARANTINE,
    SCOPE_FLAGS,
    SERVICES,
    VALUES,
    VALUES_REBUILT,
)
from pipelines.contracts.production import (
    COST_MODELS,
    EFFICIENCY,
    EFFICIENCY_PARTS,
    EFFICIENCY_PEERS,
    EXEMPLARS,
    MALMQUIST,
    PRODUCTIVITY,
    chains,
    modelled_costs,
    potential,
    potential_totals,
)
from pipelines.contracts.shape import (
    STATUS_LETTER,
    STATUSES,
    TYPES,
    VERDICTS,
    CheckResult,
    Column,
    Table,
    c,
)
from pipelines.contracts.standing import FUNNEL_POINTS, FUNNELS, PLACES, RELIABILITY, ROBUSTNESS, ROBUSTNESS_SETS

__all__ = [
    "BODIES",
    "BODY_ALIAS",
    "BODY_LINEAGE",
    "CELLS",
    "COST_MODELS",
    "EDITIONS",
    "EFFICIENCY",
    "EFFICIENCY_PARTS",
    "EFFICIENCY_PEERS",
    "EXEMPLARS",
    "FLAGGED",
    "FUNNELS",
    "FUNNEL_POINTS",
    "INDICATORS",
    "INDICATOR_VALUES",
    "MALMQUIST",
    "MEASURES",
    "PASSPORT",
    "PEERS",
    "PEER_FEATURES",
    "PEER_GROUPS",
    "PERIODS",
    "PLACES",
    "POSITIONS",
    "PRODUCTIVITY",
    "QUARANTINE",
    "RELIABILITY",
    "ROBUSTNESS",
    "ROBUSTNESS_SETS",
    "SCOPE_FLAGS",
    "SERVICES",
    "STATUSES",
    "STATUS_LETTER",
    "TYPES",
    "VALUES",
    "VALUES_REBUILT",
    "VERDICTS",
    "CheckResult",
    "Column",
    "Table",
    "c",
    "chains",
    "costs",
    "modelled_costs",
    "potential",
    "potential_totals",
    "published",
    "tables",
]


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
        RELIABILITY,
        PLACES,
        FUNNELS,
        FUNNEL_POINTS,
        ROBUSTNESS,
        ROBUSTNESS_SETS,
        chains(currency),
        PRODUCTIVITY,
        EFFICIENCY,
        EFFICIENCY_PEERS,
        EFFICIENCY_PARTS,
        MALMQUIST,
        COST_MODELS,
        modelled_costs(currency),
        potential(currency),
        potential_totals(currency),
        EXEMPLARS,
        PASSPORT,
    )


def published(currency: str, base_period: str | None) -> tuple[Table, ...]:
    """The tables of a release: those whose audience is public."""
    return tuple(table for table in tables(currency, base_period) if table.audience == "public")
