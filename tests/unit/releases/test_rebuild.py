"""A rebuilt release is the same bytes, or the first file and row that differ are named."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.errors import BadInput, Blocked
from pipelines.releases.build import Candidate, build
from pipelines.releases.rebuild import rebuild
from pipelines.releases.store import Store
from tests import releases as sample

FRAMES = sample.frames()


def run_with(**frames: pl.DataFrame) -> Any:
    """A run that makes the sample with some tables changed."""

    def run(provenance: Mapping[str, Any], folder: Path) -> Candidate:
        assert {item["dataset"] for item in provenance["inputs"]} == set(sample.EDITION)
        changed = {**FRAMES, **frames}
        return build(folder, changed, sample.checks(), sample.lineage(), sample.pack_facts(), provenance)

    return run


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    release = sample.make_release(tmp_path)
    store = Store(tmp_path)
    report = rebuild(store, sample.PACK, release, run_with())
    assert report.same
    report.require_same()
    assert store.current(sample.PACK) == release
    assert not list((tmp_path / "releases" / sample.PACK).glob(".building-*"))


def test_the_first_row_that_differs_is_named(tmp_path: Path) -> None:
    release = sample.make_release(tmp_path)
    here = pl.col("measure_id") == "population"
    other = FRAMES["values"].with_columns(
        pl.when(here).then(pl.col("value") + 1).otherwise(pl.col("value")).alias("value")
    )
    report = rebuild(Store(tmp_path), sample.PACK, release, run_with(values=other))
    assert not report.same
    assert report.rebuilt != release
    # rows sorted by body, measure, period: deprivation of T01 is row 0, its population row 1
    assert report.differences[0] == (
        "tables/values.parquet: row 1 (T01, population, 2022-04-01), column value: 67000.0 before, 67001.0 now"
    )
    assert report.differences[1:] == ("tables/values.csv: other bytes", "datapackage.json: other bytes")
    with pytest.raises(Blocked, match=r"rebuilt as .*tables/values\.parquet: row 1"):
        report.require_same()


def test_rows_more_or_less_are_counted(tmp_path: Path) -> None:
    release = sample.make_release(tmp_path)
    report = rebuild(Store(tmp_path), sample.PACK, release, run_with(flagged=FRAMES["flagged"].clear()))
    assert report.differences[0] == "tables/flagged.parquet: 1 rows before, 0 now; the first 0 are the same"


def test_an_unknown_release_and_an_unreadable_provenance_are_refused(tmp_path: Path) -> None:
    release = sample.make_release(tmp_path)
    store = Store(tmp_path)
    with pytest.raises(BadInput, match="no release or candidate"):
        rebuild(store, sample.PACK, "0123456789abcdef", run_with())
    (store.place(sample.PACK, release) / "provenance.json").write_text("{")
    with pytest.raises(Blocked, match="cannot be read, so its inputs are unknown"):
        rebuild(store, sample.PACK, release, run_with())
