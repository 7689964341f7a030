"""The steps of the walk, in order: what each reads, what it writes, and the function that does it.

`evenhand run` calls them one after another in one process; Dagster wraps each as assets. Both are this list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines import contracts as c
from pipelines.packs.pack import Pack
from pipelines.walk import (
    benchmarks,
    chains,
    cost_models,
    dictionary,
    frontiers,
    funnels,
    indicators,
    ingest,
    passport,
    potential,
    productivity,
    register,
    robustness,
    schemes,
    screens,
    settlements,
    standing,
    targets,
    tracking,
    values,
)
from pipelines.walk.inputs import Inputs
from pipelines.warehouse import Warehouse


@dataclass(frozen=True)
class Walk:
    """What every step is given."""

    pack: Pack
    inputs: Inputs
    warehouse: Warehouse


@dataclass(frozen=True)
class Step:
    """One step: its tables are checked as soon as it has written them."""

    name: str
    title: str
    group: str
    writes: tuple[c.Table, ...]
    reads: tuple[str, ...]
    made_by: str
    run: Callable[[Walk], int]


def steps(pack: Pack) -> tuple[Step, ...]:
    """The steps of a pack, in the order in which they run."""
    money = c.costs(pack.currency, pack.base_period)
    return (
        Step(
            "cells",
            "Read publishers' figures",
            "landing",
            (c.CELLS,),
            (),
            "pipelines/sources",
            lambda w: ingest.ingest(w.pack, w.inputs, w.warehouse),
        ),
        Step(
            "register",
            "Tell bodies and their codes",
            "register",
            (c.BODIES, c.BODY_ALIAS, c.BODY_LINEAGE, c.PERIODS),
            ("cells",),
            "pipelines/walk/register.py",
            lambda w: register.register(w.pack, w.warehouse),
        ),
        Step(
            "dictionary",
            "State measures and services",
            "register",
            (c.MEASURES, c.SERVICES, c.INDICATORS, c.SCOPE_FLAGS),
            (),
            "pipelines/walk/dictionary.py",
            lambda w: dictionary.dictionary(w.pack, w.warehouse),
        ),
        Step(
            "values",
            "Place and judge every figure",
            "values",
            (c.VALUES, c.QUARANTINE, c.FLAGGED, c.EDITIONS),
            ("cells", "bodies", "body_alias", "periods", "measures"),
            "sql/staging/judged.sql",
            lambda w: values.values(w.warehouse),
        ),
        Step(
            "rebuilt",
            "Rebuild on today's boundaries",
            "values",
            (c.VALUES_REBUILT,),
            ("values", "body_lineage", "bodies", "periods"),
            "sql/marts/values_rebuilt.sql",
            lambda w: values.rebuild(w.warehouse),
        ),
        Step(
            "costs",
            "Cost services in base-year prices",
            "indicators",
            (money,),
            ("values", "services", "cells"),
            "sql/marts/costs.sql",
            lambda w: indicators.service_costs(w.pack, w.warehouse),
        ),
        Step(
            "indicators",
            "Compute indicators",
            "indicators",
            (c.INDICATOR_VALUES,),
            ("values", "values_rebuilt", "indicators", "scope_flags", "cells"),
            "pipelines/walk/indicators.py",
            lambda w: indicators.indicator_values(w.pack, w.warehouse),
        ),
        Step(
            "peers",
            "Find comparable bodies",
            "benchmarks",
            (c.PEERS, c.PEER_FEATURES, c.PEER_GROUPS),
            ("values", "values_rebuilt", "bodies", "body_alias", "costs", "cells"),
            "pipelines/methods/peers.py",
            lambda w: benchmarks.find_peers(w.pack, w.warehouse),
        ),
        Step(
            "positions",
            "Compare with peers",
            "benchmarks",
            (c.POSITIONS,),
            ("indicator_values", "peers", "bodies"),
            "pipelines/methods/position.py",
            lambda w: benchmarks.positions(w.pack, w.warehouse),
        ),
        Step(
            "standing",
            "Take chance out of figures and places",
            "benchmarks",
            (c.RELIABILITY, c.PLACES),
            ("indicator_values", "bodies", "periods", "costs"),
            "pipelines/methods/standing.py",
            lambda w: standing.standing(w.pack, w.warehouse),
        ),
        Step(
            "funnels",
            "Draw funnels of counted events",
            "benchmarks",
            (c.FUNNELS, c.FUNNEL_POINTS),
            ("indicator_values", "bodies", "periods", "costs"),
            "pipelines/methods/funnel_field.py",
            lambda w: funnels.funnels(w.pack, w.warehouse),
        ),
        Step(
            "robustness",
            "Ask other peer sets",
            "benchmarks",
            (c.ROBUSTNESS, c.ROBUSTNESS_SETS),
            ("indicator_values", "peers", "bodies", "values", "values_rebuilt", "costs"),
            "pipelines/methods/robustness.py",
            lambda w: robustness.robustness(w.pack, w.warehouse),
        ),
        Step(
            "chains",
            "Follow the money to what is wanted",
            "benchmarks",
            (c.chains(pack.currency),),
            ("values", "values_rebuilt", "bodies", "periods", "costs", "peers"),
            "pipelines/methods/chain.py",
            lambda w: chains.chains(w.pack, w.warehouse),
        ),
        Step(
            "productivity",
            "Weigh output against cost",
            "benchmarks",
            (c.PRODUCTIVITY,),
            ("values", "values_rebuilt", "bodies", "periods", "costs", "indicator_values"),
            "pipelines/methods/volumes.py",
            lambda w: productivity.productivity(w.pack, w.warehouse),
        ),
        Step(
            "frontiers",
            "Compare with the best observed",
            "benchmarks",
            (c.EFFICIENCY, c.EFFICIENCY_PEERS, c.EFFICIENCY_PARTS, c.MALMQUIST),
            ("values", "values_rebuilt", "bodies", "periods", "costs", "scope_flags", "flagged", "indicator_values"),
            "pipelines/methods/frontier.py",
            lambda w: frontiers.frontiers(w.pack, w.warehouse),
        ),
        Step(
            "cost_models",
            "Model what a body like this costs",
            "benchmarks",
            (c.COST_MODELS, c.modelled_costs(pack.currency)),
            ("values", "values_rebuilt", "bodies", "periods", "costs", "scope_flags", "flagged"),
            "pipelines/methods/cost_models.py",
            lambda w: cost_models.cost_models(w.pack, w.warehouse),
        ),
        Step(
            "potential",
            "Price what good peers do for less",
            "benchmarks",
            (c.potential(pack.currency), c.potential_totals(pack.currency), c.EXEMPLARS),
            (
                *("indicator_values", "peers", "bodies", "values", "values_rebuilt", "costs", "periods"),
                *("efficiency", "cost_models", "modelled_costs"),
            ),
            "pipelines/methods/potential.py",
            lambda w: potential.potential(w.pack, w.warehouse),
        ),
        Step(
            "targets",
            "Ask for what peers hold",
            "policy",
            (c.POLICIES, c.TARGETS, c.TARGET_PATHS, c.TARGET_TESTS, c.TARGET_BUDGETS),
            ("indicator_values", "reliability", "peers", "bodies", "body_lineage", "values", "values_rebuilt", "costs"),
            "pipelines/methods/targets.py",
            lambda w: targets.targets(w.pack, w.warehouse),
        ),
        Step(
            "tracking",
            "Call targets without calling noise",
            "policy",
            (c.TRACKING, c.CHARTS, c.FORECASTS),
            (
                *("targets", "target_paths", "indicator_values", "reliability"),
                *("bodies", "values", "values_rebuilt", "costs"),
            ),
            "pipelines/methods/forecast.py",
            lambda w: tracking.tracking(w.pack, w.warehouse),
        ),
        Step(
            "screens",
            "Ask bodies about their figures",
            "policy",
            (c.SCREENS,),
            ("indicator_values", "reliability", "peers", "bodies", "values", "values_rebuilt", "costs"),
            "pipelines/methods/screens.py",
            lambda w: screens.screens(w.pack, w.warehouse),
        ),
        Step(
            "settlements",
            "Settle who keeps what they save",
            "policy",
            (c.settlements(pack.currency), c.INCENTIVES),
            (
                "cells",
                "potential",
                "modelled_costs",
                "indicator_values",
                "peers",
                "bodies",
                "values",
                "costs",
                "periods",
            ),
            "pipelines/scenarios/settlement.py",
            lambda w: settlements.settle_pack(w.pack, w.warehouse),
        ),
        Step(
            "schemes",
            "Find one total in several ways",
            "policy",
            (c.schemes(pack.currency), c.SCHEME_BODIES),
            ("potential", "modelled_costs", "indicator_values", "peers", "values", "periods"),
            "pipelines/scenarios/compare.py",
            lambda w: schemes.compare_pack(w.pack, w.warehouse),
        ),
        Step(
            "passport",
            "Grade the data",
            "quality",
            (c.PASSPORT,),
            ("values", "bodies", "periods", "flagged", "quarantine", "scope_flags", "measures", "indicators"),
            "sql/marts/passport.sql",
            lambda w: passport.passport(w.warehouse),
        ),
    )
