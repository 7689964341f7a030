"""A third sector, courts, from YAML and CSV alone: no line of code knows what a court is."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.packs.load import load_pack

COURTS = Path(__file__).parent / "courts"


@pytest.fixture(scope="module")
def pack():
    return load_pack(COURTS)


@pytest.fixture(scope="module")
def cells(pack):
    found = {}
    for dataset in pack.datasets:
        (file,) = (f for pattern in dataset.files for f in sorted(pack.data.glob(pattern)))
        found[dataset.id] = pack.source(dataset.id).parse(file.read_bytes(), file.name)
    return found


def test_the_sector_is_unlike_the_others(pack):
    assert (pack.currency, pack.year_kind, pack.noun) == ("EUR", "calendar_year", "court")
    assert [dataset.source for dataset in pack.datasets] == ["declared", "declared"]


def test_classes_follow_the_longest_prefix(pack):
    assert [pack.class_of(code).id for code in ("C01", "CA1", "X")] == ["court", "appeal", "land"]


def test_the_register_states_who_followed_whom(cells):
    facts = cells["register"].cells.filter(pl.col("code") == "C14").select("series", "text")
    assert dict(facts.filter(pl.col("series").is_in(["successor", "closed"])).rows()) == {
        "successor": "C16",
        "closed": "2022-12-31",
    }
    assert cells["register"].date == "2024-05-31"  # "Last updated, 31 May 2024" in cell B2


def test_figures_carry_status_and_place(cells):
    returns = cells["returns"].cells
    wanted = (pl.col("code") == "C05") & (pl.col("period") == "2019") & (pl.col("series") == "overturned")
    hidden = returns.row(by_predicate=wanted, named=True)
    assert (hidden["status"], hidden["lo"], hidden["hi"], hidden["text"]) == ("suppressed", 1.0, 4.0, "*")
    assert set(returns["status"].unique()) == {
        "ok",
        "provisional",
        "imputed",
        "missing",
        "suppressed",
        "not_applicable",
    }


def test_the_whole_country_is_the_sum_of_its_courts(cells):
    resolved = cells["returns"].cells.filter(pl.col("series") == "resolved")
    courts = resolved.filter(pl.col("code").str.contains(r"^C\d")).group_by("period").agg(pl.col("value").sum())
    total = resolved.filter(pl.col("code") == "X").select("period", total="value")
    assert courts.join(total, on="period").filter(pl.col("value") != pl.col("total")).is_empty()
