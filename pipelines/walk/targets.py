"""From what peers hold to what a body is asked: policies, targets, paths, fairness tests and budgets (F15, F16)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from pipelines.contracts import PEERS, POLICIES, TARGET_BUDGETS, TARGET_PATHS, TARGET_TESTS, TARGETS, Table
from pipelines.methods import fairness
from pipelines.methods import targets as method
from pipelines.methods.card import Method
from pipelines.methods.fairness import Finding
from pipelines.methods.glide import allowance
from pipelines.packs.pack import Pack
from pipelines.packs.schema_policy import TargetPolicy
from pipelines.walk.benchmarks import peer_ids, stacked
from pipelines.walk.issued import Issued, kept, read_issued
from pipelines.walk.matrices import Roster, context_figures, context_matrix, roster
from pipelines.walk.series import Series, all_series
from pipelines.walk.target_budgets import budget_rows
from pipelines.walk.target_findings import findings
from pipelines.walk.target_round import Asked, Round, bounds_of, round_of
from pipelines.warehouse import Warehouse

HISTORY_RULES = ("step limit", "best reliable peer", "rounding", method.OWN_LEVEL)
Rows = list[dict[str, object]]


class Sector(NamedTuple):
    """What every policy reads: bodies, peers as rows [n, K], context [n, k], series by indicator."""

    bodies: Roster
    ids: np.ndarray
    context: np.ndarray
    series: Mapping[str, Series]


class Proposed(NamedTuple):
    """Rows of one policy's tables."""

    targets: pl.DataFrame
    paths: pl.DataFrame
    tests: pl.DataFrame


def targets(pack: Pack, warehouse: Warehouse) -> int:
    """Write policies, targets, target_paths, target_tests and target_budgets; returns the rows of targets.

    A pack without policies gets empty tables. An issued policy keeps the targets of its files (`issued`).
    """
    frozen = {policy.id: read_issued(pack.path, policy.id) for policy in pack.target_policies}
    warehouse.write(POLICIES, policy_rows(pack, frozen))
    made = of_policies(pack, warehouse, frozen) if frozen else []
    rows, budgets = [each for each, _ in made], [budget for _, budget in made if budget.height]
    warehouse.write(TARGET_PATHS, stacked([each.paths for each in rows], TARGET_PATHS))
    warehouse.write(TARGET_TESTS, stacked([each.tests for each in rows], TARGET_TESTS))
    warehouse.write(TARGET_BUDGETS, stacked(budgets, TARGET_BUDGETS))
    return warehouse.write(TARGETS, stacked([each.targets for each in rows], TARGETS))


def of_policies(
    pack: Pack, warehouse: Warehouse, frozen: Mapping[str, Issued | None]
) -> list[tuple[Proposed, pl.DataFrame]]:
    """The rows of every target policy, and its budgets."""
    sector = sector_of(pack, warehouse)
    made = []
    for policy in pack.target_policies:
        found = frozen[policy.id]
        rows = issued_rows(warehouse, found) if found else proposals(pack, warehouse, policy, sector)
        made.append((rows, budget_of(pack, policy, rows.targets, sector)))
    return made


def issued_rows(warehouse: Warehouse, found: Issued) -> Proposed:
    """The rows of an issued policy, to the letter, with the targets of ended bodies closed."""
    return Proposed(kept(warehouse, found), found.paths, found.tests)


def policy_rows(pack: Pack, frozen: Mapping[str, Issued | None]) -> pl.DataFrame:
    """Contract rows of every policy of the pack, whatever its kind."""
    rows = []
    for policy in pack.policies:
        found = frozen.get(policy.id)
        stated = policy.model_dump(include={"kind", "label", "illustration", "owner", "source", "note"})
        parameters = json.dumps(policy.parameters(), sort_keys=True, ensure_ascii=False)
        day = found.day if found else policy.issued
        rows.append({"policy_id": policy.id, **stated, "issued": day, "parameters": parameters})
    return pl.DataFrame(rows, schema=pl.Schema(POLICIES.schema))


def sector_of(pack: Pack, warehouse: Warehouse) -> Sector:
    """Everything that the policies of a pack read."""
    bodies = roster(pack, warehouse)
    model = pack.peer_model(pack.headline_peer_model)
    ids = peer_ids(model, bodies, warehouse.table(PEERS).filter(pl.col("model_id") == model.id))
    columns = context_matrix(pack, warehouse, bodies)[0]
    context = np.column_stack([*columns.values()]) if columns else np.empty((len(bodies.ids), 0))
    named = {
        id
        for policy in pack.target_policies
        for item in policy.items
        for id in (item.indicator, *(counter.indicator for counter in item.counter_measures))
    }
    return Sector(bodies, ids, context, all_series(warehouse, bodies, named))


def deprivation_of(warehouse: Warehouse, bodies: Roster, measures: Iterable[str]) -> np.ndarray:
    """(n,) the newest figure of the first of some measures that a body has, NaN without any."""
    rows = context_figures(warehouse)
    out = np.full(len(bodies.ids), np.nan)
    for measure in reversed(tuple(measures)):
        newest = rows.filter(pl.col("measure_id") == measure).group_by("body_id", maintain_order=True).last()
        for body, value in newest.select("body_id", "value").iter_rows():
            if body in bodies.place:
                out[bodies.place[body]] = value
    return out


def proposals(pack: Pack, warehouse: Warehouse, policy: TargetPolicy, sector: Sector) -> Proposed:
    """What a policy proposes to every body today."""
    deprivation = deprivation_of(warehouse, sector.bodies, policy.deprivation)
    fields = np.array(sector.bodies.field)
    asked: Rows = []
    paths: Rows = []
    tests: Rows = []
    for item in policy.items:
        found = round_of(pack, policy, item, sector.series, sector.ids, fields)
        if found is None:
            continue
        told = findings(found, sector.context, deprivation, pack.noun)
        read = editions_of(found, sector.series)
        for one in found.asked:
            asked.append(target_row(found, one, sector.bodies) | {"input_editions": read})
            paths += path_rows(found, one, sector.bodies)
            tests += test_rows(found, one, told.get(one.row, ()), sector.bodies, read)
    hashed = method.METHOD.params_hash(
        reference=policy.reference, pi=policy.share, horizon=policy.horizon, shift=policy.frontier_shift
    )
    return Proposed(
        framed(asked, TARGETS, method.METHOD, hashed),
        framed(paths, TARGET_PATHS),
        framed(tests, TARGET_TESTS, fairness.METHOD, fairness.METHOD.params_hash()),
    )


def editions_of(found: Round, series: Mapping[str, Series]) -> str:
    """Every edition that a round was read from: of its indicator and of its guards."""
    named = (found.item.indicator, *(counter.indicator for counter in found.item.counter_measures))
    return " ".join(sorted({edition for id in named if id in series for edition in series[id].editions}))


def key_of(found: Round, one: Asked, bodies: Roster) -> dict[str, object]:
    """The key of a target."""
    return {"policy_id": found.policy.id, "body_id": bodies.ids[one.row], "indicator_id": found.item.indicator}


def target_row(found: Round, one: Asked, bodies: Roster) -> dict[str, object]:
    """One row of targets; without a target only where it would have started and why there is none."""
    series, row, base = found.series, one.row, found.base
    stands = {
        "base_period": found.period,
        "due_period": found.due,
        "own": series.value[row, base],
        "start": series.drawn[row, base],
        "start_lo": series.drawn_lo[row, base],
        "start_hi": series.drawn_hi[row, base],
        "n_peers": int((~np.isnan(found.levels.held.level[one.peers])).sum()),
        "counter_measures": " ".join(g.counter.indicator for g in found.guards if g.applies[row]) or None,
        "status": str(series.status[row, base]),
        "reason": one.reason,
        "state": "proposed" if one.found else "none",
    }
    return key_of(found, one, bodies) | stands | (asked_words(one, bodies) if one.found else {})


def asked_words(one: Asked, bodies: Roster) -> dict[str, object]:
    """The columns of a target that is asked for."""
    found = one.found
    if found is None:
        raise AssertionError("nothing is asked")
    moved = [step.rule for step in found.steps if step.rule in HISTORY_RULES and step.after != step.before]
    return {
        "reference": found.reference,
        "basis": found.basis,
        "target": float(found.glide.path[-1]),
        "hold": found.status == "hold",
        "success": found.success + float(found.glide.frontier[-1]),
        "peers_there": int(one.holders.size),
        "held_years": one.held_years,
        "holders": " ".join(sorted(bodies.names[one.holders])) or None,
        "limited_by": " ".join(rule.replace(" ", "_") for rule in moved) or None,
        "challenge": one.challenge.c,
        "challenge_label": one.challenge.label or None,
    }


def path_rows(found: Round, one: Asked, bodies: Roster) -> Rows:
    """One row of target_paths for each period from the base to the due period."""
    if one.found is None:
        return []
    glide, se = one.found.glide, float(found.series.se[one.row, found.base])
    bounds = bounds_of(found.indicator, [found.start[one.row], *glide.path])
    low, high = (np.clip(edge, *bounds) for edge in allowance(glide.path, se))
    return [
        key_of(found, one, bodies)
        | {
            "period": found.series.after(found.period, step),
            "value": float(glide.path[step]),
            "catch_up": float(glide.catch_up[step]),
            "frontier": float(glide.frontier[step]),
            "lo": float(low[step]),
            "hi": float(high[step]),
        }
        for step in range(len(glide.path))
    ]


def test_rows(found: Round, one: Asked, tests: Iterable[Finding], bodies: Roster, read: str) -> Rows:
    """One row of target_tests for each test."""
    return [
        key_of(found, one, bodies)
        | {"test": t.test, "statistic": t.value, "result": t.verdict, "reason": t.reason, "input_editions": read}
        for t in tests
    ]


def framed(rows: Rows, table: Table, used: Method | None = None, hashed: str = "") -> pl.DataFrame:
    """Rows as a frame of a contract, null for NaN and for what is not stated, with what is recorded of the method."""
    recorded = {"method_id": used.id, "method_version": used.version, "params_hash": hashed} if used else {}
    frame = pl.DataFrame([row | recorded for row in rows], schema=pl.Schema(table.schema))
    return frame.with_columns(pl.selectors.float().fill_nan(None))


def budget_of(pack: Pack, policy: TargetPolicy, rows: pl.DataFrame, sector: Sector) -> pl.DataFrame:
    """Contract rows of target_budgets of one policy: of every body that carries a target."""
    active = rows.filter(pl.col("state").is_in(["proposed", "issued"])).sort("body_id", "indicator_id")
    carried: dict[str, list[str]] = {}
    for body, indicator in active.select("body_id", "indicator_id").iter_rows():
        carried.setdefault(body, []).append(indicator)
    if not carried:
        return pl.DataFrame(schema=pl.Schema(TARGET_BUDGETS.schema))
    fields = dict(zip(sector.bodies.ids, sector.bodies.field, strict=True))
    return budget_rows(pack, policy, carried, fields, sector.series, np.array(sector.bodies.field))
