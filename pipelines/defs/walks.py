"""The walk of every shipped pack as Dagster assets: one per table, checks beside them, one job and schedule a pack.

The steps, their order and their checks come from `pipelines.walk`, so a scheduled run and `evenhand run` are the same
code. Each step is one multi-asset, because a warehouse has one writer.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.contracts import CheckResult, Table
from pipelines.landing.pull import Wanted, pull
from pipelines.packs.load import load_pack
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Dataset
from pipelines.releases.store import Store
from pipelines.restricted import keep
from pipelines.walk.checks import known_checks
from pipelines.walk.due import CRON, ZONE
from pipelines.walk.failures import note_failure
from pipelines.walk.ingest import wanted
from pipelines.walk.inputs import gather
from pipelines.walk.provenance import provenance
from pipelines.walk.run import build_candidate, deliver, run_step, stored_checks
from pipelines.walk.steps import Step, Walk, steps
from pipelines.warehouse import open_warehouse

SHIPPED = ("english_councils", "us_acos")
OWNERS = ["team:evenhand"]
KINDS = {"landing": {"polars"}, "benchmarks": {"numpy", "duckdb"}, "indicators": {"numpy", "duckdb"}}
DOWNLOAD_RETRIES = dg.RetryPolicy(max_retries=3, delay=30, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)


class Home(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Where warehouses, landed editions and releases live."""

    path: str

    @property
    def folder(self) -> Path:
        """The home as a path."""
        return Path(self.path)

    def warehouse(self, pack: Pack) -> Path:
        """The file of a pack's warehouse."""
        return self.folder / "warehouse" / f"{pack.id}.duckdb"


def table_key(pack: Pack, table: Table) -> dg.AssetKey:
    """The asset of a table."""
    return dg.AssetKey([pack.id, table.layer, table.name])


def raw_key(pack: Pack, dataset: Dataset) -> dg.AssetKey:
    """The asset of a dataset as landed."""
    return dg.AssetKey([pack.id, "raw", dataset.id])


def raw_asset(pack: Pack, dataset: Dataset) -> dg.AssetsDefinition:
    """A dataset: pulled where an address is declared, and stated as it lies there. The only step that is retried."""

    @dg.asset(
        key=raw_key(pack, dataset),
        group_name=f"{pack.id}_raw",
        kinds={"file"},
        owners=OWNERS,
        description=f"{pack.source(dataset.id).TITLE} ({pack.source(dataset.id).PUBLISHER}). {dataset.note or ''}",
        retry_policy=DOWNLOAD_RETRIES,
    )
    def landed(home: Home) -> dg.MaterializeResult[Any]:
        if dataset.download is not None:
            sources = pack.sources(dataset.id).values()
            pull([Wanted(source, dataset.files, dataset.download) for source in sources], home.folder / "raw").check()
        with gather([], home.folder, [pack]) as inputs:
            editions = [edition for found, edition in wanted(pack, inputs.editions) if found.id == dataset.id]
        version = hashlib.sha256(" ".join(sorted(each.sha256 for each in editions)).encode()).hexdigest()[:16]
        return dg.MaterializeResult(
            metadata={"editions": [each.edition for each in editions]}, data_version=dg.DataVersion(version)
        )

    return landed


def step_assets(pack: Pack, step: Step) -> dg.AssetsDefinition:
    """One step as the assets of its tables, with the checks that guard them."""
    by_name = {table.name: table_key(pack, table) for each in steps(pack) for table in each.writes}
    upstream = [by_name[name] for name in step.reads]
    if step.name == "cells":
        upstream = [raw_key(pack, dataset) for dataset in pack.datasets]
    specs = [
        dg.AssetSpec(
            table_key(pack, table),
            deps=upstream,
            description=f"{table.grain[:1].upper()}{table.grain[1:]}.",
            group_name=f"{pack.id}_{step.group}",
            kinds=KINDS.get(step.group, {"duckdb"}),
            owners=OWNERS,
            metadata={"made_by": step.made_by, "key": ", ".join(table.key), "audience": table.audience},
        )
        for table in step.writes
    ]
    checks = [check_spec(pack, table, known) for table in step.writes for known in known_checks(pack, table)]

    @dg.multi_asset(name=f"{pack.id}_{step.name}", specs=specs, check_specs=checks, pool=f"{pack.id}_warehouse")
    def materialise(home: Home) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        with gather([], home.folder, [pack]) as inputs, open_warehouse(home.warehouse(pack)) as warehouse:
            results = run_step(Walk(pack, inputs, warehouse), step)
            rows: dict[str, Any] = {
                table.name: warehouse.scalar(f"select count(*) from {table.qualified}") for table in step.writes
            }
            version = hashlib.sha256(json.dumps(provenance(pack, inputs), sort_keys=True).encode()).hexdigest()[:16]
        for table in step.writes:
            yield dg.MaterializeResult(
                asset_key=table_key(pack, table),
                metadata={"dagster/row_count": rows[table.name]},
                data_version=dg.DataVersion(version),
            )
        keys = {table.name: table_key(pack, table) for table in step.writes}
        yield from (check_result(keys[result.table], result) for result in results)

    return materialise


def check_spec(pack: Pack, table: Table, known: CheckResult) -> dg.AssetCheckSpec:
    """A check as Dagster knows it: critical ones block what comes after."""
    return dg.AssetCheckSpec(
        check_name(known),
        asset=table_key(pack, table),
        description=known.meaning,
        blocking=known.severity == "critical",
    )


def check_name(check: CheckResult) -> str:
    """Dagster's names hold no full stop."""
    return check.id.replace(".", "__")


def check_result(key: dg.AssetKey, result: CheckResult) -> dg.AssetCheckResult:
    """A result as Dagster shows it; what could not be evaluated is never a pass."""
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=check_name(result),
        passed=result.outcome == "passed",
        severity=dg.AssetCheckSeverity.ERROR if result.severity == "critical" else dg.AssetCheckSeverity.WARN,
        description=f"{result.outcome.replace('_', ' ')}: {result.observed}",
        metadata={"examples": list(result.examples)},
    )


def release_asset(pack: Pack) -> dg.AssetsDefinition:
    """The published release: built from the tables, gated by every check, shelved under the name of its content."""
    tables = [table_key(pack, table) for step in steps(pack) for table in step.writes]

    @dg.asset(
        key=dg.AssetKey([pack.id, "release"]),
        deps=tables,
        group_name=f"{pack.id}_release",
        kinds={"parquet"},
        owners=OWNERS,
        description="Immutable, content-addressed, behind the gate; CURRENT names it.",
        pool=f"{pack.id}_warehouse",
    )
    def release(home: Home) -> dg.MaterializeResult[Any]:
        store = Store(home.folder)
        with (
            gather([], home.folder, [pack]) as inputs,
            open_warehouse(home.warehouse(pack)) as warehouse,
            store.workspace(pack.id) as folder,
        ):
            walk = Walk(pack, inputs, warehouse)
            candidate = build_candidate(walk, folder, stored_checks(walk), provenance(pack, inputs))
            keep(warehouse, home.folder, pack.id, candidate.release)
            published = deliver(store, pack, candidate, hold=False)
        return dg.MaterializeResult(
            metadata={"release": published.release, "outcome": published.outcome},
            data_version=dg.DataVersion(published.release),
        )

    return release


def pack_definitions(pack: Pack) -> dg.Definitions:
    """Everything of one pack."""
    assets = [raw_asset(pack, dataset) for dataset in pack.datasets]
    assets += [step_assets(pack, step) for step in steps(pack)]
    assets.append(release_asset(pack))
    job = dg.define_asset_job(
        f"{pack.id}_run",
        selection=dg.AssetSelection.assets(*assets),
        executor_def=dg.in_process_executor,
        description=f"{pack.title}: from landed editions to a published release.",
    )
    daily = dg.ScheduleDefinition(name=f"{pack.id}_daily", job=job, cron_schedule=CRON, execution_timezone=ZONE)
    return dg.Definitions(assets=assets, jobs=[job], schedules=[daily])


@dg.run_failure_sensor(
    name="run_failed", description="A line in <home>/runs/failures.jsonl for every run that failed or was blocked."
)
def run_failed(context: dg.RunFailureSensorContext, home: Home) -> None:
    """Leaves the line; what carries it to people is theirs to choose."""
    run = context.dagster_run
    note_failure(home.folder, run.job_name, run.run_id, context.failure_event.message or "")


@dg.definitions
def defs() -> dg.Definitions:
    """Every shipped pack, and the home they share."""
    home = Home(path=os.environ.get("EVENHAND_HOME", ".evenhand"))
    merged = dg.Definitions.merge(*(pack_definitions(load_pack(name)) for name in SHIPPED))
    return dg.Definitions.merge(merged, dg.Definitions(resources={"home": home}, sensors=[run_failed]))
