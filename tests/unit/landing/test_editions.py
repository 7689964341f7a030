"""A raw root is read back only when every statement about every file holds."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import BadInput
from pipelines.landing.descriptor import (
    Download,
    edition_id,
    is_day,
    publisher_folder,
    read_descriptor,
    write_descriptor,
)
from pipelines.landing.editions import Edition, edition_folder, is_raw_root, read_root
from pipelines.landing.land import land_figures, land_file
from tests.unit.landing.fake import JUNE, MAY, FakeSource

JUNE_ID = edition_id("2024-06-06", hashlib.sha256(JUNE).hexdigest())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A raw root with two editions of one dataset."""
    raw = tmp_path / "raw"
    land_file(JUNE, "bins_2023.csv", FakeSource(), raw)
    land_file(MAY, "bins_2023.csv", FakeSource(), raw)
    return raw


def june(root: Path) -> Path:
    return root / "office-of-bins" / "office_bins" / JUNE_ID


def test_editions_are_read_back_sorted_with_what_their_source_states(root: Path) -> None:
    may, june_edition = read_root(root)
    assert (may.date, june_edition.date) == ("2024-05-01", "2024-06-06")
    assert june_edition.path == june(root) / "bins_2023.csv"
    assert june_edition.read() == JUNE
    assert (
        june_edition.publisher,
        june_edition.title,
        june_edition.licence,
        june_edition.kind,
        june_edition.landing,
    ) == (
        "Office of Bins",
        "Bins emptied",
        "OGL-UK-3.0",
        "original",
        0,
    )
    assert root / edition_folder(june_edition) == june(root)


def test_a_root_is_told_from_a_plain_folder(root: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "bins.csv").write_bytes(JUNE)
    assert is_raw_root(root)
    assert not is_raw_root(plain)
    assert not is_raw_root(tmp_path / "nowhere")


def test_an_empty_root_has_no_editions_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Figures.")
    (tmp_path / ".partial").mkdir()
    assert read_root(tmp_path) == []
    with pytest.raises(BadInput, match="is not a folder"):
        read_root(tmp_path / "nowhere")


def changed_file(edition: Path) -> None:
    (edition / "bins_2023.csv").write_bytes(JUNE + b"E07000002,2022-23,9\n")


def no_descriptor(edition: Path) -> None:
    (edition / "source.yml").unlink()


def second_file(edition: Path) -> None:
    (edition / "bins_2024.csv").write_bytes(JUNE)


def folder_inside(edition: Path) -> None:
    (edition / "more").mkdir()


def link_to_secret(edition: Path) -> None:
    (edition / "bins_2023.csv").unlink()
    (edition / "bins_2023.csv").symlink_to("/etc/hostname")


def linked_edition(edition: Path) -> None:
    edition.rename(edition.parents[3] / "elsewhere")
    edition.symlink_to(edition.parents[3] / "elsewhere")


def other_edition_name(edition: Path) -> None:
    edition.rename(edition.with_name("2025-01-01-00000000"))


def stray_file(edition: Path) -> None:
    (edition.parent / "notes.txt").write_text("a note")


def unsafe_folder(edition: Path) -> None:
    (edition.parent / "a b").mkdir()


def renamed_file(edition: Path) -> None:
    (edition / "bins_2023.csv").rename(edition / "bins_2024.csv")


def huge_descriptor(edition: Path) -> None:
    (edition / "source.yml").write_text("# " + "x" * 70_000)


SPOILED = [
    (changed_file, "SHA-256"),
    (no_descriptor, r"holds no source\.yml"),
    (second_file, "exactly one file"),
    (folder_inside, "no folder"),
    (link_to_secret, "symbolic link"),
    (linked_edition, "symbolic link"),
    (other_edition_name, "belongs in office-of-bins/office_bins/2024-06-06-"),
    (stray_file, r"notes\.txt: has no place"),
    (unsafe_folder, "name may hold"),
    (renamed_file, r"states the name 'bins_2023\.csv'"),
    (huge_descriptor, "over 64 kB"),
]


@pytest.mark.parametrize(("spoil", "words"), SPOILED, ids=[spoil.__name__ for spoil, _ in SPOILED])
def test_a_spoiled_root_is_refused_with_the_file_named(root: Path, spoil: Callable[[Path], None], words: str) -> None:
    spoil(june(root))
    with pytest.raises(BadInput, match=words) as refusal:
        read_root(root)
    assert str(root) in str(refusal.value)
    assert "\n" not in str(refusal.value)


DESCRIPTORS = [
    ("title: Bins emptied", "titel: Bins emptied", "key title is missing"),
    ("kind: original", "kind: original\nowner: nobody", "key 'owner' is not known"),
    ("kind: original", "kind: guess", "kind 'guess' is not known"),
    ("kind: original", "kind: [original]", "key kind must be a text"),
    ("date: '2024-06-06'", "date: 2024-06-31", "date '2024-06-31' is not a day"),
    ("licence: OGL-UK-3.0", "licence: ''", "key licence must be a text"),
    ("\nsha256: ", "\nsha256: F", "sha256 is not a SHA-256"),
    ("original_sha256: ", "original_sha256: " + "0" * 64 + " #", "sha256 and original_sha256 differ"),
    ("edition: 2024-06-06-", "edition: 2024-06-07-", "edition '2024-06-07-.*' must be 2024-06-06-"),
    ("kind: original", "kind: original\nlanding: two", "landing 'two' is not a whole number"),
    ("kind: original", "kind: original\ndownload: {}", "download must hold requested, url"),
    ("kind: original", "kind: original\ndownload: {requested: a, url: [b]}", "every value of download must be a text"),
    ("publisher: Office of Bins", "publisher: [", "line .*is not valid YAML"),
    ("publisher: Office of Bins", "publisher: " + "[" * 5_000, "is not valid YAML"),
    ("publisher: Office of Bins", "publisher: ../../etc", "belongs in etc/"),
]


@pytest.mark.parametrize(("old", "new", "words"), DESCRIPTORS)
def test_a_descriptor_that_states_nonsense_is_refused(root: Path, old: str, new: str, words: str) -> None:
    path = june(root) / "source.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(BadInput, match=words) as refusal:
        read_root(root)
    assert str(path) in str(refusal.value)


def test_a_descriptor_that_is_no_mapping_or_no_text_is_refused(root: Path) -> None:
    path = june(root) / "source.yml"
    path.write_text("- a\n- b\n")
    with pytest.raises(BadInput, match="list of keys and values"):
        read_root(root)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="not valid YAML in UTF-8"):
        read_root(root)


def test_a_descriptor_written_and_read_back_states_the_same(tmp_path: Path) -> None:
    """Hashes that look like numbers, names that look like nothing and words in other alphabets stay what they are."""
    digits = "1" * 8 + "e" + "5" * 55
    edition = Edition(
        publisher="Bureau: «déchets»",
        dataset="office_bins",
        title="null",
        edition=f"2024-06-06-{digits[:8]}",
        date="2024-06-06",
        url="https://bins.example/?a=1&b=#c",
        licence="OGL-UK-3.0",
        original_name="yes.csv",
        original_sha256=digits,
        sha256=digits,
        kind="original",
        path=tmp_path / "yes.csv",
        landing=7,
        download=Download("http://a/yes.csv", "http://b/yes.csv", etag='W/"5"', retrieved="2024-06-07T00:00:00+00:00"),
    )
    path = tmp_path / "source.yml"
    path.write_text(write_descriptor(edition), encoding="utf-8")
    assert read_descriptor(path, tmp_path / "yes.csv") == edition


def test_figures_keep_the_hash_and_name_of_the_original_and_hold_no_clock(root: Path, tmp_path: Path) -> None:
    original = read_root(root)[1]
    starter = tmp_path / "starter"
    figures = land_figures(b"code,value\nE07000001,5\n", original, starter)
    assert read_root(starter) == [figures]
    assert (figures.edition, figures.original_sha256, figures.original_name, figures.kind, figures.path.name) == (
        original.edition,
        original.original_sha256,
        "bins_2023.csv",
        "figures",
        "figures.csv",
    )
    assert figures.sha256 != figures.original_sha256
    assert "retrieved" not in (figures.path.parent / "source.yml").read_text()


def test_figures_are_never_overwritten(root: Path, tmp_path: Path) -> None:
    original = read_root(root)[1]
    starter = tmp_path / "starter"
    first = land_figures(b"code,value\nE07000001,5\n", original, starter)
    assert land_figures(b"code,value\nE07000001,5\n", original, starter) == first
    with pytest.raises(BadInput, match="holds other bytes"):
        land_figures(b"code,value\nE07000001,6\n", original, starter)
    with pytest.raises(BadInput, match="is of kind original"):
        land_figures(b"code,value\nE07000001,5\n", original, root)


def test_days_and_folders() -> None:
    assert is_day("2024-02-29")
    assert not any(map(is_day, ("2023-02-29", "2024-2-9", "20240229", "2024-W01-1", "")))
    assert publisher_folder("HM Treasury") == "hm-treasury"
    assert publisher_folder("../etc/") == "etc"
