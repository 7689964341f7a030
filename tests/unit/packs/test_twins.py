"""Twins: a larger sector with alike marginals, sums that stay true, and names that stay inside their own copy."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.packs.load import load_pack
from pipelines.packs.twins import twins

PACK = load_pack(Path(__file__).parent / "courts")


@pytest.fixture(scope="module")
def cells():
    found = {}
    for dataset in PACK.datasets:
        (file,) = (f for pattern in dataset.files for f in sorted(PACK.data.glob(pattern)))
        found[dataset.id] = PACK.source(dataset.id).parse(file.read_bytes(), file.name).cells
    return found


def figures(frame, code, series):
    found = frame.filter((pl.col("code") == code) & (pl.col("series") == series)).sort("period")
    return found["value"].to_list()


def test_a_sector_of_its_own_size_is_itself(cells):
    for dataset, frame in twins(PACK, cells, 1).items():
        assert_frame_equal(frame, cells[dataset].sort("code", "series", "period"))


def test_three_times_the_sector_has_three_times_the_bodies(cells):
    grown = twins(PACK, cells, 3)["returns"]
    bodies = grown.filter(pl.col("code").str.starts_with("C"))["code"].n_unique()
    before = cells["returns"].filter(pl.col("code").str.starts_with("C"))["code"].n_unique()
    assert bodies == 3 * before
    assert not grown.select(pl.struct("code", "series", "period").is_duplicated().any()).item()


def test_all_amounts_of_a_twin_move_by_one_factor(cells):
    grown = twins(PACK, cells, 2)["returns"]
    ratios = {
        round(twin / own, 9)
        for series in ("spending_keur", "resolved")
        for own, twin in zip(figures(grown, "C01", series), figures(grown, "C01~1", series), strict=True)
    }
    assert len(ratios) == 1  # so net = total - income stays true


def test_the_whole_country_is_still_the_sum_of_its_courts(cells):
    resolved = twins(PACK, cells, 3)["returns"].filter(pl.col("series") == "resolved")
    sums = resolved.filter(pl.col("code") != "X").group_by("period").agg(pl.col("value").sum().alias("sum"))
    total = resolved.filter(pl.col("code") == "X").join(sums, on="period")
    assert total.filter((pl.col("value") / pl.col("sum") - 1).abs() > 1e-12).is_empty()


def test_successors_and_courts_of_appeal_are_twins_of_the_same_copy(cells):
    facts = twins(PACK, cells, 3)["register"].filter(pl.col("code") == "C14~2").select("series", "text")
    named = dict(facts.rows())
    assert (named["successor"], named["appeal_court"], named["region"]) == ("C16~2", "CA1~2", "South")


def test_the_same_seed_gives_the_same_sector_in_any_order(cells):
    again = twins(PACK, dict(reversed(cells.items())), 2)
    for dataset, frame in twins(PACK, cells, 2).items():
        assert_frame_equal(frame, again[dataset])


def test_a_scale_below_one_is_no_sector(cells):
    with pytest.raises(ValueError, match="at least its own size"):
        twins(PACK, cells, 0)
