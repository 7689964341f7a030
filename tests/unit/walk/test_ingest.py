"""What a pack takes from landed editions, and which edition rules a period."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.landing.descriptor import Edition
from pipelines.packs.schema import PeerModel, Skip
from pipelines.sources.cells import CELL_SCHEMA
from pipelines.walk.ingest import ingest, ruling_frame, tagged, used_cells, used_series, wanted
from pipelines.walk.inputs import Inputs, gather


def cells(*pairs: tuple[str, str]) -> pl.DataFrame:
    """Cells with code and series."""
    rows = [
        {"code": code, "series": series, "period": "2023", "status": "ok", "locator": "A1"} for code, series in pairs
    ]
    return pl.DataFrame(rows, schema=CELL_SCHEMA)


def kept(pack, dataset, *pairs):
    return used_cells(pack, dataset, cells(*pairs)).select("code", "series").rows()


def edition(dataset: str, date: str, digits: str = "a") -> Edition:
    """An edition that lies nowhere."""
    name = f"{date}-{digits * 8}"
    hashed = digits * 64
    return Edition("P", dataset, "T", name, date, "u", "l", "f.csv", hashed, hashed, "figures", Path("nowhere"))


def test_only_series_that_the_pack_names_are_taken(courts):
    returns = courts.dataset("returns")
    assert kept(courts, returns, ("C1", "judges"), ("C1", "typists")) == [("C1", "judges")]


def test_a_register_gives_its_facts_and_its_measures(courts):
    exact, prefixes = used_series(courts, courts.dataset("register"))
    assert exact == {"residents", "area", "name", "opened", "closed", "successor", "appeal_court", "region"}
    assert prefixes == set()


def test_only_codes_of_the_sector_are_taken_and_skipped_ones_left(courts):
    dataset = courts.dataset("returns").model_copy(
        update={"only": ("C", "X"), "skip": (Skip(codes=("CA1",), why="sits above courts"),)}
    )
    pairs = (("C1", "judges"), ("CA1", "judges"), ("Q1", "judges"), ("X", "judges"))
    assert kept(courts, dataset, *pairs) == [("C1", "judges"), ("X", "judges")]


def test_a_published_list_of_peers_is_taken_by_its_prefix(courts):
    model = PeerModel(id="list", label="L", kind="published", dataset="returns", series_prefix="neighbour_")
    pack = replace(courts, peer_models=(*courts.peer_models, model))
    pairs = (("C1", "neighbour_1"), ("C1", "neighbour_12"), ("C1", "other_1"))
    assert kept(pack, pack.dataset("returns"), *pairs) == [("C1", "neighbour_1"), ("C1", "neighbour_12")]


def test_editions_of_datasets_that_the_pack_does_not_name_are_left(courts):
    (name,) = courts.sources("returns")
    editions = [edition(name, "2024-01-01"), edition("strangers", "2024-01-01"), edition(name, "2023-01-01")]
    assert [(d.id, e.date) for d, e in wanted(courts, editions)] == [
        ("returns", "2023-01-01"),
        ("returns", "2024-01-01"),
    ]


def test_cells_carry_their_dataset_and_edition(courts):
    found = tagged(courts.dataset("returns"), edition("returns", "2024-01-01"), cells(("C1", "judges")))
    assert found.select("dataset", "edition").rows() == [("returns", "2024-01-01-aaaaaaaa")]


def test_of_several_sources_of_a_dataset_the_newest_edition_rules(courts):
    (name,) = courts.sources("returns")
    old, new = edition(name, "2023-01-01"), edition(name, "2024-01-01")
    found = ruling_frame(courts, {(name, "2022"): old, (name, "2023"): new})
    assert found.rows() == [("returns", "2022", old.edition), ("returns", "2023", new.edition)]


def test_a_pack_without_any_data_is_refused(courts, warehouse):
    with pytest.raises(BadInput, match="no data for any of its datasets"):
        ingest(courts, Inputs(()), warehouse)


def test_a_folder_of_publishers_files_becomes_cells_editions_and_a_ruling(courts, warehouse, tmp_path):
    with gather([courts.data], tmp_path, [courts]) as inputs:
        count = ingest(courts, inputs, warehouse)
    assert count == warehouse.scalar("select count(*) from staging.cells") > 300
    counted = dict(warehouse.read("select dataset, rows_in from staging.editions").iter_rows())
    assert sum(counted.values()) == count  # every cell belongs to one edition
    ruled = warehouse.read("select dataset, period, count(*) as n from staging.ruling group by all")
    assert set(ruled["n"]) == {1}
    assert set(ruled["dataset"]) == {"register", "returns"}


def test_a_path_that_is_no_folder_is_refused(courts, tmp_path):
    with pytest.raises(BadInput, match="is not a folder"), gather([tmp_path / "nowhere"], tmp_path, [courts]):
        pass
