"""Dagster runs the same walk: the graph holds every table and check, and its job publishes the same release."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from pipelines.contracts import tables
from pipelines.definitions import defs
from pipelines.packs.load import load_pack
from pipelines.releases.store import Store
from pipelines.walk.checks import known_checks
from pipelines.walk.run import run
from pipelines.walk.steps import steps

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def graph() -> dg.Definitions:
    return defs()


@pytest.mark.parametrize("name", ["english_councils", "us_acos"])
def test_every_table_is_an_asset_with_its_checks(graph: dg.Definitions, name: str):
    pack = load_pack(name)
    specs = {spec.key.to_user_string(): spec for spec in graph.resolve_all_asset_specs()}
    for table in tables(pack.currency, pack.base_period):
        spec = specs[f"{name}/{table.layer}/{table.name}"]
        assert spec.description and spec.group_name.startswith(name) and spec.owners and spec.kinds
    found = {
        (check.asset_key.to_user_string(), check.name)
        for assets in graph.assets or []
        if isinstance(assets, dg.AssetsDefinition)
        for check in assets.check_specs
    }
    for step in steps(pack):
        for table in step.writes:
            for known in known_checks(pack, table):
                assert (f"{name}/{table.layer}/{table.name}", known.id.replace(".", "__")) in found


def test_critical_checks_block_and_warnings_do_not(graph: dg.Definitions):
    checks = [c for a in graph.assets or [] if isinstance(a, dg.AssetsDefinition) for c in a.check_specs]
    by_name = {check.name: check for check in checks}
    assert by_name["net_is_total_less_income"].blocking
    assert not by_name["sources_are_fresh"].blocking


def test_only_landing_is_retried(graph: dg.Definitions):
    retried = {
        key.to_user_string().split("/")[1]
        for assets in graph.assets or []
        if isinstance(assets, dg.AssetsDefinition) and assets.op.retry_policy is not None
        for key in assets.keys
    }
    assert retried == {"raw"}


def test_each_pack_has_a_job_and_a_daily_schedule(graph: dg.Definitions):
    assert {schedule.name for schedule in graph.schedules or []} == {"english_councils_daily", "us_acos_daily"}
    assert {job.name for job in graph.jobs or []} == {"english_councils_run", "us_acos_run"}


@pytest.mark.slow
def test_the_job_publishes_the_release_of_evenhand_run(tmp_path: Path):
    scheduled, by_hand = tmp_path / "scheduled", tmp_path / "by_hand"
    # The operator's own command in a process of its own: Dagster's event loop meets no other test's.
    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "dagster.yaml").write_bytes((ROOT / "dagster.yaml").read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "dagster", "job", "execute", "-m", "pipelines.definitions", "-j", "us_acos_run"],
        env={**os.environ, "DAGSTER_HOME": str(instance), "EVENHAND_HOME": str(scheduled)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (other,) = run([load_pack("us_acos")], [], by_hand)
    assert Store(scheduled).current("us_acos") == other.release
