"""`evenhand run` on the figures in the repository: two releases that verify, once, and the same bytes anywhere.

The walks are shared: both packs in one home (`both`), each pack in a process of its own in another home (`apart`), and
both on the publishers' own files where these are at hand (`originals`).
"""

from __future__ import annotations

import getpass
import json
import socket
import subprocess
import threading
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import tables
from pipelines.packs.load import load_pack
from pipelines.releases import layout
from pipelines.releases.read import open_release
from pipelines.releases.rebuild import differences
from pipelines.releases.store import Store
from pipelines.releases.verify import problems
from tests.runs import ROOT, Ran, Small, evenhand, finish, snapshot, start

pytestmark = [pytest.mark.integration, pytest.mark.slow]

PACKS = ("english_councils", "us_acos")
RAW = ROOT / "data" / "raw"


def folder(home: Path, pack: str) -> Path:
    """The current release of a pack."""
    store = Store(home)
    release = store.current(pack)
    assert release is not None
    return store.place(pack, release)


def last_object(text: str) -> dict:
    """The JSON object on the last line; no other line is one."""
    *before, line = text.splitlines()
    assert not [other for other in before if other.startswith("{")]
    return json.loads(line)


@pytest.fixture(scope="session")
def apart(both: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both packs again, from scratch, at the same time in two processes that share a home and nothing else."""
    home = tmp_path_factory.mktemp("apart") / "elsewhere"
    other = {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "USER": "somebody",
        "PYTHONHASHSEED": "7",
        "POLARS_MAX_THREADS": "1",
    }
    processes = [start("run", "--pack", pack, "--home", home, "--json", env=other) for pack in PACKS]
    for process in processes:
        outcome = finish(process)
        assert outcome.code == 0, outcome.err
    return home


@pytest.fixture(scope="session")
def originals(publishers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both packs from the publishers' own files."""
    home = tmp_path_factory.mktemp("originals") / "home"
    outcome = evenhand("run", "--raw", publishers, "--home", home, "--json")
    assert outcome.code == 0, outcome.err
    return home


def test_a_run_publishes_two_releases_that_verify(both: Ran) -> None:
    assert both.outcome.code == 0, both.outcome.err
    for pack in PACKS:
        found = folder(both.home, pack)
        assert problems(found) == ()
        assert [entry.what for entry in Store(both.home).decisions(pack).decisions] == ["publish"]
        assert not list(found.parent.glob(".building-*"))


def test_json_is_one_object_and_stands_last(both: Ran) -> None:
    found = last_object(both.outcome.out)
    assert [entry["pack"] for entry in found["packs"]] == list(PACKS)
    for entry in found["packs"]:
        assert (entry["outcome"], entry["message"]) == ("new", None)
        assert entry["release"] == Store(both.home).current(entry["pack"])
        assert entry["counts"]["checks_failed"] == entry["counts"]["checks_not_evaluated"] == 0
        assert entry["counts"]["values"] > 10_000


def test_the_run_record_stands_outside_the_release(both: Ran) -> None:
    records = [json.loads(path.read_text()) for path in sorted((both.home / "runs").glob("*.json"))]
    assert {entry["pack"] for record in records for entry in record["packs"]} >= set(PACKS)
    assert all(record["began"] <= record["ended"] for record in records)


def test_a_second_run_publishes_nothing_and_leaves_every_byte_alone(both: Ran) -> None:
    before = snapshot(both.home / "releases")
    again = evenhand("run", "--home", both.home, "--json")
    assert again.code == 0, again.err
    assert [entry["outcome"] for entry in last_object(again.out)["packs"]] == ["unchanged", "unchanged"]
    assert snapshot(both.home / "releases") == before


@pytest.mark.parametrize("pack", PACKS)
def test_another_home_clock_user_and_locale_give_the_same_bytes(both: Ran, apart: Path, pack: str) -> None:
    here, there = folder(both.home, pack), folder(apart, pack)
    assert differences(here, there) == ()
    assert here.name == there.name
    assert snapshot(here) == snapshot(there)


@pytest.mark.parametrize("pack", PACKS)
def test_no_clock_user_or_place_stands_in_a_release(both: Ran, pack: str) -> None:
    record = max((both.home / "runs").glob("*.json"))
    today = json.loads(record.read_text())["began"][:10]
    forbidden = [str(ROOT), str(both.home), str(Path.home()) + "/", "/tmp/", today]
    # A name of a few letters would be found by chance in compressed bytes.
    forbidden += [name for name in (getpass.getuser(), socket.gethostname()) if len(name) > 5]
    for path in sorted(folder(both.home, pack).rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        for word in forbidden:
            assert word.encode() not in data, f"{path.name} holds {word}"
        if path.suffix == ".parquet":  # its pages are compressed: the cells are looked at too
            words = pl.read_parquet(path).select(pl.col(pl.String))
            for column in words.columns:
                for word in forbidden:
                    found = words[column].str.contains(word, literal=True).sum()
                    assert not found, f"{path.name}, {column} holds {word}"


@pytest.mark.parametrize("pack", PACKS)
def test_restricted_tables_are_in_no_release(both: Ran, pack: str) -> None:
    made = load_pack(pack)
    contract = tables(made.currency, made.base_period)
    public = {table.name for table in contract if table.audience == "public"}
    restricted = {table.name for table in contract} - public
    assert restricted, "the test is about nothing without a restricted table"
    found = {path.stem for path in (folder(both.home, pack) / layout.TABLES).iterdir()}
    assert found == public
    lineage = pl.read_parquet(folder(both.home, pack) / layout.LINEAGE)
    assert not restricted & set(lineage["table_name"])


def test_hold_stops_at_a_candidate(small: Small) -> None:
    before = Store(small.home).current("libraries")
    figures = small.pack / "data" / "figures.csv"
    figures.write_text(figures.read_text().replace("497.2", "498.2"))
    held = evenhand("run", "--pack", small.pack, "--raw", small.pack / "data", "--home", small.home, "--hold", "--json")
    assert held.code == 0, held.err
    (entry,) = last_object(held.out)["packs"]
    store = Store(small.home)
    assert (entry["outcome"], store.current("libraries")) == ("held", before)
    assert store.candidates("libraries") == [entry["release"]]
    assert problems(store.place("libraries", entry["release"])) == ()
    # Signed off, it is a release like any other.
    assert store.sign_off("libraries", entry["release"], "A reviewer", "Looks right").outcome == "new"
    assert store.current("libraries") == entry["release"]


def test_a_reader_sees_the_old_release_or_the_new_one(small: Small) -> None:
    old = Store(small.home).current("libraries")
    figures = small.pack / "data" / "figures.csv"
    figures.write_text(figures.read_text().replace("497.2", "499.2"))
    seen: list[str] = []
    faults: list[str] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            release = open_release(small.home, "libraries")
            faults.extend(problems(release.path))
            if release.table("values").is_empty():
                faults.append("no values")
            seen.append(release.id)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        outcome = evenhand("run", "--pack", small.pack, "--raw", small.pack / "data", "--home", small.home)
    finally:
        over.set()
        reader.join()
    assert outcome.code == 0, outcome.err
    new = Store(small.home).current("libraries")
    assert new != old
    assert faults == []
    assert seen[0] == old
    assert set(seen) <= {old, new}
    assert seen == sorted(seen, key=[old, new].index), "once the new one was seen, the old one is gone"


@pytest.mark.parametrize("pack", PACKS)
def test_the_publishers_own_files_give_the_same_release(both: Ran, originals: Path, pack: str) -> None:
    here, there = folder(both.home, pack), folder(originals, pack)
    assert differences(here, there) == ()
    assert here.name == there.name
    stated = [json.loads((place / layout.PROVENANCE).read_text()) for place in (here, there)]
    for entry in (item for each in stated for item in each["inputs"]):
        entry.pop("figure_sha256")  # the starter names its figure files; all else about the inputs is the same
    assert stated[0] == stated[1]


def test_the_starter_is_written_again_byte_for_byte(publishers: Path, tmp_path: Path) -> None:
    written = evenhand("starter", "--from", publishers, "--out", tmp_path / "raw")
    assert written.code == 0, written.err
    again = snapshot(tmp_path / "raw")
    kept = subprocess.run(["git", "ls-files", "-z", "data/raw"], cwd=ROOT, capture_output=True, text=True, check=False)
    committed = {name.removeprefix("data/raw/") for name in kept.stdout.split("\0") if name} or set(snapshot(RAW))
    assert again == {name: digest for name, digest in snapshot(RAW).items() if name in committed}


def test_the_starter_is_small_and_holds_no_publisher_s_file(publishers: Path) -> None:
    files = [path for path in RAW.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 15 * 10**6
    assert not set(snapshot(RAW).values()) & set(snapshot(publishers).values())
