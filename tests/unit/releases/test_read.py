"""A reader follows the pointer, reads each table once, and can be led to no other place."""

from pathlib import Path

import pytest

from pipelines.contracts import published
from pipelines.errors import BadInput
from pipelines.releases.read import current, open_release, packs, releases
from tests import releases as sample


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("read")
    sample.make_release(folder)
    return folder


def test_the_pointers_release_is_opened_with_its_facts_and_checks(home: Path) -> None:
    release = open_release(home, sample.PACK)
    assert release.id == current(home, sample.PACK)
    assert releases(home, sample.PACK) == [release.id]
    assert packs(home) == [sample.PACK]
    assert release.facts["title"] == "Twelve invented councils"
    assert sorted(check.id for check in release.checks) == sorted(check.id for check in sample.checks())


def test_tables_are_the_contracts_and_are_read_once(home: Path) -> None:
    release = open_release(home, sample.PACK)
    contract = published("GBP", "2023-24")
    assert release.tables() == [table.name for table in contract]
    for table in contract:
        assert release.table(table.name).schema == table.schema
    assert release.table("values") is release.table("values")


def test_an_unknown_table_is_named_with_those_there_are(home: Path) -> None:
    with pytest.raises(BadInput, match="has no table 'cells'; it has bodies, body_alias"):
        open_release(home, sample.PACK).table("cells")


def test_before_the_first_release_the_way_out_is_named(tmp_path: Path) -> None:
    assert packs(tmp_path) == []
    assert releases(tmp_path, "parks") == []
    with pytest.raises(BadInput, match=r"nothing has been published yet.*evenhand run --pack parks"):
        open_release(tmp_path, "parks")


@pytest.mark.parametrize(
    ("pack", "release"),
    [
        ("../../etc", None),
        (sample.PACK, ".candidates"),
        (sample.PACK, "../" + sample.PACK),
        (sample.PACK, "0123456789abcdef0"),
        (sample.PACK, "0123456789ABCDEF"),
        (sample.PACK, "0123456789abcde\n"),
        (sample.PACK, "0123456789abcdef"),
    ],
)
def test_no_other_folder_is_opened(home: Path, pack: str, release: str | None) -> None:
    with pytest.raises(BadInput):
        open_release(home, pack, release)


def test_a_pointer_that_names_no_release_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "releases" / "parks"
    folder.mkdir(parents=True)
    (folder / "CURRENT").write_text("../../secret\n")
    with pytest.raises(BadInput, match="16 hexadecimal digits"):
        open_release(tmp_path, "parks")
