"""Twins: a larger sector with alike marginals, sums that stay true, and names that stay inside their own copy."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.packs.load import load_pack
from pipelines.packs.twins import COUNTRY, copies, countries, twin_pack, twins, with_countries

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
        for own, twin in zip(figures(grown, "C01", series), figures(grown, "C01x1", series), strict=True)
    }
    assert len(ratios) == 1  # so net = total - income stays true


def test_the_whole_country_is_still_the_sum_of_its_courts(cells):
    resolved = twins(PACK, cells, 3)["returns"].filter(pl.col("series") == "resolved")
    sums = resolved.filter(pl.col("code") != "X").group_by("period").agg(pl.col("value").sum().alias("sum"))
    total = resolved.filter(pl.col("code") == "X").join(sums, on="period")
    assert total.filter((pl.col("value") / pl.col("sum") - 1).abs() > 1e-12).is_empty()


def test_successors_and_courts_of_appeal_are_twins_of_the_same_copy(cells):
    facts = twins(PACK, cells, 3)["register"].filter(pl.col("code") == "C14x2").select("series", "text")
    named = dict(facts.rows())
    assert (named["successor"], named["appeal_court"], named["region"]) == ("C16x2", "CA1x2", "South")


def test_the_same_seed_gives_the_same_sector_in_any_order(cells):
    again = twins(PACK, dict(reversed(cells.items())), 2)
    for dataset, frame in twins(PACK, cells, 2).items():
        assert_frame_equal(frame, again[dataset])


def test_a_scale_below_one_is_no_sector(cells):
    with pytest.raises(ValueError, match="at least its own size"):
        twins(PACK, cells, 0)


def test_a_code_has_one_copy_in_each_country():
    assert copies(["C01", "C02"], 3) == ("C01", "C01x1", "C01x2", "C02", "C02x1", "C02x2")


def test_every_body_says_in_which_country_it_lies(cells):
    grown = twins(PACK, cells, 3)
    facts = with_countries(PACK, "register", grown["register"]).filter(pl.col("series") == COUNTRY)
    assert set(facts["code"]) == set(grown["register"]["code"])
    said = dict(facts.select("code", "text").rows())
    assert (said["C01"], said["C01x2"]) == ("Country 0", "Country 2")
    assert with_countries(PACK, "returns", grown["returns"]).equals(grown["returns"])  # no register: as it is


def test_peers_of_a_twin_pack_are_compatriots():
    grown = twin_pack(PACK, 3)
    assert all(model.same_region for model in grown.peer_models)
    assert all(source.region == COUNTRY for source in grown.register)
    assert twin_pack(PACK, 1).scope_flags == PACK.scope_flags


def test_what_a_pack_says_of_codes_holds_for_their_twins():
    councils = load_pack("english_councils")
    grown = twin_pack(councils, 2)
    supply = grown.dataset("housing_supply")
    assert [(each.from_, each.to) for each in supply.recode] == [
        ("E07000025", "E06000053"),
        ("E07000025x1", "E06000053x1"),
    ]
    assert {"E07000001", "E07000001x1"} <= set(supply.skip[0].codes)
    # The region London is no body and has no twin: its figures go to the one Greater London Authority.
    assert [each.from_ for each in grown.dataset("rsx").recode] == ["E12000007"]
    assert set(grown.scope_flags[0].bodies) == {
        f"{body}{mark}" for body in councils.scope_flags[0].bodies for mark in ("", "x1")
    }


def test_each_country_has_a_sum_of_its_own(cells):
    nation = [code for found in PACK.classes if found.aggregate for code in found.codes]
    grown = countries(PACK, "returns", cells["returns"], 3)
    before = set(cells["returns"]["code"]) & set(nation)
    assert before
    assert set(copies(sorted(before), 3)) <= set(grown["code"])
    assert not any(measure.national_total for measure in twin_pack(PACK, 3).measures)
