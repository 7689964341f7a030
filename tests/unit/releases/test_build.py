"""The same tables give the same bytes and the same name, whatever order they come in and whoever builds them."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts import CELLS, CheckResult
from pipelines.errors import BadInput
from pipelines.releases import layout
from pipelines.releases.build import Candidate, build
from tests import releases as sample

FRAMES = sample.frames()


def made(folder: Path, frames: Mapping[str, pl.DataFrame] = FRAMES, **changes: Any) -> Candidate:
    """A candidate of the sample in a new folder."""
    folder.mkdir(parents=True)
    parts: dict[str, Any] = {
        "checks": sample.checks(),
        "lineage": sample.lineage(),
        "facts": sample.pack_facts(),
        "provenance": sample.provenance(),
    }
    return build(folder, frames, **{**parts, **changes})


def contents(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in layout.files_of(folder)}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_order_of_rows_columns_checks_and_inputs_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    place = tmp_path_factory.mktemp("build")
    shuffled = {
        name: frame.sample(fraction=1, shuffle=True, seed=seed).select(reversed(frame.columns))
        for name, frame in reversed(FRAMES.items())
    }
    stated = sample.provenance()
    other = made(
        place / "other",
        shuffled,
        checks=reversed(sample.checks()),
        lineage=sample.lineage().sample(fraction=1, shuffle=True, seed=seed),
        provenance={**stated, "inputs": stated["inputs"][::-1]},
    )
    first = made(place / "first")
    assert contents(first.path) == contents(other.path)
    assert first.release == other.release


def test_the_name_follows_the_content_and_not_the_provenance(tmp_path: Path) -> None:
    first = made(tmp_path / "a")
    elsewhere = made(tmp_path / "b", provenance={**sample.provenance(), "code_revision": "f" * 40})
    revised = {**FRAMES, "bodies": FRAMES["bodies"].with_columns(pl.col("name").str.replace("Fernley", "Fernleigh"))}
    other = made(tmp_path / "c", revised)
    assert first.release == elsewhere.release
    assert first.release != other.release


def test_the_name_can_be_checked_with_common_tools(tmp_path: Path) -> None:
    candidate = made(tmp_path / "a")
    command = (
        "sha256sum $(find * -type f ! -name provenance.json) | awk '{print $2 \" \" $1}' "
        "| LC_ALL=C sort | sha256sum | cut -c1-16"
    )
    found = subprocess.run(["sh", "-c", command], cwd=candidate.path, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == candidate.release


def test_nothing_of_the_machine_or_the_moment_stands_in_a_release(tmp_path: Path) -> None:
    candidate = made(tmp_path / "a-telling-folder-name")
    together = b"".join(contents(candidate.path).values())
    for telling in (b"a-telling-folder-name", str(tmp_path).encode(), str(Path.home()).encode() + b"/"):
        assert telling not in together


def test_csv_and_parquet_hold_the_same_rows(tmp_path: Path) -> None:
    candidate = made(tmp_path / "a")
    for name, rows in candidate.rows.items():
        parquet = pl.read_parquet(candidate.path / "tables" / f"{name}.parquet")
        csv = pl.read_csv(candidate.path / "tables" / f"{name}.csv", schema=parquet.schema)
        assert parquet.height == rows
        assert parquet.equals(csv), name


def test_the_description_states_hash_size_and_rows_of_every_file(tmp_path: Path) -> None:
    candidate = made(tmp_path / "a")
    package = json.loads((candidate.path / "datapackage.json").read_bytes())
    listed = {entry["path"]: entry for entry in package["resources"]}
    assert set(layout.files_of(candidate.path)) - set(listed) == {"datapackage.json", "provenance.json"}
    for path, entry in listed.items():
        assert entry["hash"] == f"sha256:{layout.file_sha256(candidate.path / path)}"
        assert entry["bytes"] == (candidate.path / path).stat().st_size
    names = [entry["name"] for entry in package["resources"]]
    assert {"values", "values-parquet", "checks", "lineage-parquet"} <= set(names)
    assert len(names) == len(set(names))


def test_the_description_carries_keys_units_licences_and_sources(tmp_path: Path) -> None:
    package = json.loads((made(tmp_path / "a").path / "datapackage.json").read_bytes())
    costs = next(entry for entry in package["resources"] if entry["name"] == "costs")
    assert costs["schema"]["primaryKey"] == ["body_id", "service_id", "period"]
    assert [(f["name"], f.get("unit")) for f in costs["schema"]["fields"]][3:5] == [
        ("cost_gbp", "GBP"),
        ("cost_gbp_2023_24", "GBP"),
    ]
    assert [licence["name"] for licence in package["licenses"]] == ["OGL-UK-3.0"]
    assert len(package["sources"]) == 6  # five datasets, one of them in two editions
    assert package["evenhand"]["date"] == "2024-11-14"
    assert package["evenhand"]["newest_period"] == "2023-24"
    assert package["evenhand"]["counts"] == {
        "bodies": 11,  # ten living councils and the United Kingdom
        "values": 166,  # 167 rows, of which the first edition of one figure is not current
        "quarantined": 1,
        "checks_passed": 3,
        "checks_warned": 1,
        "checks_failed": 0,
        "checks_not_evaluated": 1,
    }


def test_a_table_that_is_not_public_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="table 'cells' is internal: only public tables enter a release"):
        made(tmp_path / "a", {**FRAMES, "cells": pl.DataFrame(schema=CELLS.schema)})


def test_a_table_outside_the_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="table 'gaming' is not in"):
        made(tmp_path / "a", {**FRAMES, "gaming": pl.DataFrame()})


def test_a_table_left_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="table 'peers' is missing"):
        made(tmp_path / "a", {name: frame for name, frame in FRAMES.items() if name != "peers"})


def test_missing_facts_and_provenance_are_named(tmp_path: Path) -> None:
    facts = {key: value for key, value in sample.pack_facts().items() if key != "title"}
    with pytest.raises(BadInput, match="facts: 'title' is missing"):
        made(tmp_path / "a", facts=facts)
    with pytest.raises(BadInput, match="input spend: 'original_sha256' is missing"):
        made(tmp_path / "b", provenance={**sample.provenance(), "inputs": [{"dataset": "spend", "edition": "e"}]})


def test_lineage_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="lineage: columns reads"):
        made(tmp_path / "a", lineage=pl.DataFrame({"reads": ["values"]}))


def test_checks_that_block_are_told_to_the_caller(tmp_path: Path) -> None:
    bad = CheckResult("net", "values", "sql", "critical", "not_evaluated", "Net is total less income")
    assert made(tmp_path / "a", checks=[*sample.checks(), bad]).blocking == (bad,)
