"""Spoiled input is refused in one line that names the file and a way out; nothing is published and nothing changes.

Every case changes one thing in input that runs as it is (the first test shows that it does). Exit code 2 is input
refused at the door, 3 a check that blocks (house.md, decision 6).
"""

from __future__ import annotations

import io
import json
import re
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from pipelines.landing.figures import read_figures, write_figures
from tests.runs import ROOT, Outcome, Small, evenhand_here, restate, snapshot
from tests.samples import csv_bytes, ods_bytes, xlsx_bytes

pytestmark = pytest.mark.integration

Run = Callable[..., Outcome]


class Spoil(NamedTuple):
    """What is done to the input, the exit code that must follow, and words that the one line must hold."""

    name: str
    change: Callable[[Path], object]
    words: tuple[str, ...]
    code: int = 2


def cases(*spoils: Spoil) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("spoil", spoils, ids=[spoil.name for spoil in spoils])


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line in this process."""
    return lambda *words: evenhand_here(capsys, monkeypatch, *words)


def require_refused(outcome: Outcome, spoil: Spoil, home: Path, before: dict[str, str]) -> None:
    """One line, the right code, and every release, pointer and decision as it was."""
    lines = outcome.err.splitlines()
    assert outcome.code == spoil.code, outcome.err
    assert len(lines) == 1, outcome.err
    assert lines[0].startswith("evenhand: ")
    assert len(lines[0]) < 1200
    for word in spoil.words:
        assert word in lines[0]
    # The way out stands after a semicolon, or is a question; a fault of a pack names the line to be corrected.
    assert re.search(r"; |\?$|\.yml:\d+: ", lines[0]), f"no way out: {lines[0]}"
    assert snapshot(home / "releases") == before


def replaced(file: str, old: str, new: str) -> Callable[[Path], object]:
    """Replace the first `old` in a text file below a folder."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def written(file: str, data: bytes) -> Callable[[Path], object]:
    """Put other bytes in place of a file."""
    return lambda folder: (folder / file).write_bytes(data)


def edited(file: str, edit: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    """Change a file's bytes."""
    return lambda folder: (folder / file).write_bytes(edit((folder / file).read_bytes()))


def in_rows(file: str, edit: Callable[[int, list[str]], list[str]]) -> Callable[[Path], object]:
    """Change the cells of the rows below the header; the scaffold quotes nothing."""

    def change(data: bytes) -> bytes:
        header, *rows = data.decode().splitlines()
        out = [",".join(edit(place, row.split(","))) for place, row in enumerate(rows)]
        return "\n".join([header, *out, ""]).encode()

    return edited(file, change)


def with_cell(row: list[str], column: int, text: str) -> list[str]:
    return [*row[:column], text, *row[column + 1 :]]


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_the_input_runs_before_it_is_spoiled(small: Small, command: Run) -> None:
    before = snapshot(small.home / "releases")
    again = command("run", "--pack", small.pack, "--raw", small.raw, "--home", small.home, "--json")
    assert (again.code, json.loads(again.out.splitlines()[-1])["packs"][0]["outcome"]) == (0, "unchanged")
    assert snapshot(small.home / "releases") == before
    landed = command("run", "--pack", small.pack, "--raw", small.pack / "data", "--home", small.home, "--json")
    # From the publishers' own files: other provenance, the same release.
    assert (landed.code, json.loads(landed.out.splitlines()[-1])["packs"][0]["outcome"]) == (0, "unchanged")
    assert snapshot(small.home / "releases") == before


FIGURES, REGISTER = "figures.csv", "register.csv"
SPENDING, LOANS = 3, 5

FILES = (
    Spoil("cut in the middle of a row", edited(FIGURES, lambda data: data[:-9]), (FIGURES, "cell")),
    Spoil("a column is missing", replaced(FIGURES, "Loans", "Lent"), (FIGURES, "Loans")),
    Spoil("a comma that is not quoted", in_rows(FIGURES, lambda n, r: [*r, "7"] if n == 5 else r), (FIGURES, "I7")),
    Spoil("a row twice", edited(FIGURES, lambda data: data + data.splitlines(True)[-1]), (FIGURES, "L0040")),
    Spoil("an unknown marker", replaced(FIGURES, "..", "[q]"), (FIGURES, "D3", "[q]")),
    Spoil("words in a number", replaced(FIGURES, "497.2", "about 500"), (FIGURES, "D2", "about 500")),
    Spoil("two decimal points", replaced(FIGURES, "497.2", "49.7.2"), (FIGURES, "D2", "49.7.2")),
    Spoil("not a number", replaced(FIGURES, "497.2", "NaN"), (FIGURES, "D2", "NaN")),
    Spoil("without limit", replaced(FIGURES, "497.2", "inf"), (FIGURES, "D2", "inf")),
    Spoil("beyond every double", replaced(FIGURES, "497.2", "1e999"), (FIGURES, "D2", "1e999")),
    Spoil("NUL bytes", edited(FIGURES, lambda data: data[:500] + b"\0\0" + data[500:]), (FIGURES, "line", "NUL")),
    Spoil("UTF-16", edited(FIGURES, lambda data: data.decode().encode("utf-16")), (FIGURES, "UTF-16")),
    Spoil(
        "no known encoding",
        edited(FIGURES, lambda data: data.replace(b"Library 2,", b"Library \x81,", 1)),
        (FIGURES, "line 8", "0x81"),
    ),
    Spoil("a web page", written(FIGURES, b"<!doctype html><html><title>Sorry</title></html>"), (FIGURES, "HTML")),
    Spoil("a zip archive", written(FIGURES, zipped({FIGURES: b"Code,Year\n"})), (FIGURES, "zip")),
    Spoil("an error in JSON", written(FIGURES, b'{"error": "not found"}'), (FIGURES, "JSON")),
    Spoil("a PDF", written(FIGURES, b"%PDF-1.7\n"), (FIGURES, "PDF")),
    Spoil("a workbook named csv", written(FIGURES, xlsx_bytes({"a": [["Code"]]})), (FIGURES, "Excel")),
    Spoil("nothing in it", written(FIGURES, b""), (FIGURES, "empty")),
    Spoil("only a header", edited(FIGURES, lambda data: data.splitlines(True)[0]), (FIGURES, "no figures")),
    Spoil("no header", edited(FIGURES, lambda data: b"".join(data.splitlines(True)[1:])), (FIGURES, "header")),
    Spoil("a body without a code", replaced(FIGURES, "L0003,", ","), (FIGURES, "14")),
    Spoil("a cell over 32 kB", replaced(FIGURES, "Library 2,", f"{'x' * 33_000},"), (FIGURES, "B8", "32 kB")),
    Spoil("a quotation mark never closed", replaced(FIGURES, "Library 2,", '"Library 2,'), (FIGURES, "cell")),
    Spoil("a million columns", edited(FIGURES, lambda data: b"," * 10**6 + b"\n" + data), (FIGURES, "columns")),
    Spoil("a year that is no period", replaced(FIGURES, "2019-20", "some time in 2031"), (FIGURES, "some time in")),
    Spoil("a year of three years", replaced(FIGURES, "2019-20", "2019-22"), (FIGURES, "2019-22")),
    Spoil("a day that is no day", replaced(REGISTER, "1951-04-01", "1951-04-31"), ("register", "L0002", "1951-04-31")),
    Spoil("a body registered twice", replaced(REGISTER, "L0002,", "L0001,"), (REGISTER, "L0001")),
    Spoil(
        "two editions of one date",
        lambda folder: (
            (folder / "older").mkdir(),
            (folder / "older" / REGISTER).write_bytes((folder / REGISTER).read_bytes().replace(b",North,", b",South,")),
        ),
        (REGISTER, "two editions", "2024-06-30"),
    ),
    Spoil(
        "a link that leads out",
        lambda folder: (
            shutil.move(folder / FIGURES, folder.parent.parent / "elsewhere.csv"),
            (folder / FIGURES).symlink_to(folder.parent.parent / "elsewhere.csv"),
        ),
        (FIGURES, "symbolic link"),
    ),
    Spoil(
        "thousands taken for pounds in one year",
        in_rows(
            FIGURES,
            lambda n, r: (
                with_cell(r, SPENDING, str(float(r[SPENDING]) * 1000))
                if r[2] == "2022-23" and r[SPENDING][0].isdigit()
                else r
            ),
        ),
        ("unit_slip", "2022-23", "spending"),
        3,
    ),
    Spoil(
        "negative where that is impossible",
        in_rows(FIGURES, lambda n, r: with_cell(r, LOANS, f"-{r[LOANS]}") if n % 3 == 0 else r),
        ("quarantine_share", "figures"),
        3,
    ),
    Spoil(
        "bodies that nobody knows",
        in_rows(FIGURES, lambda n, r: with_cell(r, 0, f"X{r[0]}") if n % 12 < 6 else r),
        ("quarantine_share", "figures"),
        3,
    ),
)


@cases(*FILES)
def test_a_spoiled_file_in_a_folder(spoil: Spoil, small: Small, command: Run) -> None:
    before = snapshot(small.home / "releases")
    spoil.change(small.pack / "data")
    outcome = command("run", "--pack", small.pack, "--raw", small.pack / "data", "--home", small.home)
    require_refused(outcome, spoil, small.home, before)


def edition_of(root: Path, dataset: str) -> Path:
    """The folder of a dataset's one edition under a raw root."""
    (folder,) = root.glob(f"*/{dataset}/*")
    return folder


def stated(dataset: str, old: str, new: str) -> Callable[[Path], object]:
    """Replace words in the `source.yml` of a dataset's edition."""
    return lambda root: replaced("source.yml", old, new)(edition_of(root, dataset))


def forged(dataset: str, old: str, new: str) -> Callable[[Path], object]:
    """Replace words in a dataset's figure file and state the new hash."""
    return lambda root: restate(edition_of(root, dataset), lambda data: data.replace(old.encode(), new.encode(), 1))


def dataset_ids(once: Small) -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in once.raw.glob("*/*/*")))


SOURCE = "source.yml"
CODES = "L0001,Library 1,"

ROOTS = (
    Spoil(
        "other bytes than the hash says",
        lambda root: edited(FIGURES, lambda data: data + b"\n")(edition_of(root, "figures")),
        (FIGURES, "SHA-256"),
    ),
    Spoil("no source.yml", lambda root: (edition_of(root, "figures") / SOURCE).unlink(), (SOURCE,)),
    Spoil("no figure file", lambda root: (edition_of(root, "figures") / FIGURES).unlink(), ("figures", "exactly one")),
    Spoil(
        "a second file",
        lambda root: (edition_of(root, "figures") / "more.csv").write_text("a"),
        ("figures", "exactly one"),
    ),
    Spoil("a key is missing", stated("figures", "licence:", "# licence:"), (SOURCE, "licence")),
    Spoil("a key nobody knows", stated("figures", "licence:", "colour: red\nlicence:"), (SOURCE, "colour")),
    Spoil(
        "a date that is no day", stated("register", "date: '2024-06-30", "date: '2024-06-31"), (SOURCE, "2024-06-31")
    ),
    Spoil("a kind nobody knows", stated("figures", "kind: figures", "kind: guess"), (SOURCE, "guess")),
    Spoil("no YAML", stated("figures", "title:", "title: [:"), (SOURCE, "YAML")),
    Spoil("a list for a text", stated("figures", "title:", "title: []\nlanding:"), (SOURCE, "title")),
    Spoil("an edition that is not its hash", stated("figures", "edition: ", "edition: 1"), (SOURCE, "edition")),
    Spoil(
        "aliases without end",
        lambda root: (edition_of(root, "figures") / SOURCE).write_text(
            "a: &a [x, x]\n" + "".join(f"k{n}: &k{n} [*{'a' if n == 0 else f'k{n - 1}'}, *a]\n" for n in range(60))
        ),
        (SOURCE,),
    ),
    Spoil("a descriptor of 1 MB", stated("figures", "title:", f"title: {'x' * 10**6}"), (SOURCE, "64 kB")),
    Spoil(
        "a dataset whose folder leads out",
        lambda root: replaced(SOURCE, "dataset: register", "dataset: ../../../register")(edition_of(root, "register")),
        (SOURCE, "belongs in"),
    ),
    Spoil(
        "a folder named for another day",
        lambda root: edition_of(root, "figures").rename(edition_of(root, "figures").with_name("2020-01-01-00000000")),
        (SOURCE, "belongs in"),
    ),
    Spoil(
        "a link for a file",
        lambda root: (
            shutil.move(edition_of(root, "figures") / FIGURES, root.parent / "elsewhere.csv"),
            (edition_of(root, "figures") / FIGURES).symlink_to(root.parent / "elsewhere.csv"),
        ),
        (FIGURES, "symbolic link"),
    ),
    Spoil("a stray file", lambda root: (root / "notes.txt").write_text("a"), ("notes.txt", "no place")),
    Spoil(
        "no figure file's columns",
        lambda root: restate(edition_of(root, "figures"), lambda data: data.replace(b"locator", b"place", 1)),
        (FIGURES, "line 1"),
    ),
    Spoil("a row too long", forged("figures", ",c,suppressed", ",c,suppressed,,,,,,9"), (FIGURES,)),
    Spoil("a status nobody knows", forged("figures", "suppressed", "secret"), (FIGURES, "secret", "row")),
    Spoil("words for a value", forged("figures", "suppressed,,", "suppressed,many,"), (FIGURES, "many", "row")),
    # Words may be a fact, such as a name; that they are none here is seen where the measure takes them up.
    Spoil(
        "words for a figure",
        forged("figures", "497.2", "about 500"),
        ("absent_is_never_a_number", "L0001", "spending", "2018-19"),
        3,
    ),
    Spoil("a value without limit", forged("figures", "497.2,,", "497.2,,inf"), (FIGURES, "inf", "row")),
    Spoil("a value that is no number", forged("figures", "497.2,,", "497.2,,nan"), (FIGURES, "nan", "row")),
    Spoil("words for a bound", forged("figures", "suppressed,,0.0", "suppressed,,few"), (FIGURES, "few")),
    Spoil("a value for what is missing", forged("figures", "missing,", "missing,5"), (FIGURES, "row")),
    Spoil("a period that is none", forged("figures", "2019-20", "2019-29"), (FIGURES, "row", "2019-29")),
    Spoil("a period of words", forged("figures", "2019-20", "soon"), (FIGURES, "row", "soon")),
    Spoil("nobody's first row", forged("figures", CODES, ",,"), (FIGURES, "row 2")),
    Spoil(
        "a row twice",
        lambda root: restate(edition_of(root, "figures"), lambda data: data + data.splitlines(True)[-1]),
        (FIGURES, "more than once"),
    ),
    Spoil(
        "cut in the middle",
        lambda root: restate(edition_of(root, "figures"), lambda data: data[: len(data) // 2]),
        (FIGURES,),
    ),
    Spoil(
        "NUL bytes",
        lambda root: restate(edition_of(root, "figures"), lambda data: data[:300] + b"\0" + data[300:]),
        (FIGURES, "NUL"),
    ),
    Spoil(
        "UTF-16",
        lambda root: restate(edition_of(root, "figures"), lambda data: data.decode().encode("utf-16")),
        (FIGURES, "UTF-16"),
    ),
    Spoil(
        "a web page",
        lambda root: restate(edition_of(root, "figures"), lambda data: b"<!doctype html><p>Sorry"),
        (FIGURES, "HTML"),
    ),
    Spoil(
        "a cell over 32 kB",
        lambda root: restate(
            edition_of(root, "figures"), lambda data: data.replace(b"Library 1,", b"%s," % (b"x" * 33_000))
        ),
        (FIGURES, "32 kB"),
    ),
)


@cases(*ROOTS)
def test_a_spoiled_raw_root(spoil: Spoil, small: Small, command: Run) -> None:
    before = snapshot(small.home / "releases")
    spoil.change(small.raw)
    outcome = command("run", "--pack", small.pack, "--raw", small.raw, "--home", small.home)
    require_refused(outcome, spoil, small.home, before)


ROADS = "road-condition-data.ods"
A_ROADS, BC_ROADS = "RDC0120_A_Roads_and_Motorways", "RDC0120_B_and_C_Roads"
ROAD_ROWS = [
    ["Percentage of road length"],
    [],
    [],
    [],
    ["ONS Area Code", "Region", "Local Authority", "FYE 2023", "FYE 2024", "Notes"],
    ["E06000047", "North East", "County Durham UA", 5, 4, "[z]"],
]
ROAD_SHEETS = {
    "Cover_page": [["RDC0120"], ["Last updated: 21 January 2026"]],
    A_ROADS: ROAD_ROWS,
    BC_ROADS: ROAD_ROWS,
    "Notes": [["Notes"], ["Note number", "Note text"]],
}
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def roads(**other: object) -> bytes:
    """A workbook of road conditions with other sheets in place of its own; None leaves one out."""
    sheets = {**ROAD_SHEETS, **other}
    return ods_bytes({name: rows for name, rows in sheets.items() if rows is not None})


def declaring(data: bytes, member: str, size: int) -> bytes:
    """An archive whose list of contents declares another size for a member."""
    place = data.rindex(member.encode())  # the list stands at the end; the size 22 bytes before the name
    return data[: place - 22] + struct.pack("<I", size) + data[place - 18 :]


def bomb() -> bytes:
    return zipped({"mimetype": ODS_TYPE, "content.xml": b" " * 30_000_000})


def encrypted(data: bytes) -> bytes:
    """An archive whose list of contents says that its last member is encrypted."""
    place = data.rindex(b"PK\x01\x02")
    return data[: place + 8] + b"\x01\x00" + data[place + 10 :]


RSX_ROWS = [
    ["Table RSX, 2022-23, last updated 6 June 2024"],
    ["", "", "", "", "", "RSX-env-net-cur-exp"],
    ["E-code", "ONS Code", "Local authority", "Class", "Subclass", "Net Current Expenditure"],
]

FORMATS = (
    Spoil("a workbook of another make", written(ROADS, xlsx_bytes({A_ROADS: ROAD_ROWS})), (ROADS, "Excel")),
    Spoil("a web page for a workbook", written(ROADS, b"<!DOCTYPE html><html></html>"), (ROADS, "HTML")),
    Spoil("text for a workbook", written(ROADS, b"ONS Area Code,Region\n"), (ROADS, "plain text")),
    Spoil("an archive that unpacks 1,000 times", written(ROADS, bomb()), (ROADS, "content.xml", "100:1")),
    Spoil(
        "a member that declares 300 MB",
        written(ROADS, declaring(roads(), "content.xml", 300 * 10**6)),
        (ROADS, "content.xml", "200 MB"),
    ),
    Spoil("a password", written(ROADS, encrypted(roads())), (ROADS, "encrypted")),
    Spoil("half a workbook", written(ROADS, roads()[: len(roads()) // 2]), (ROADS, "zip")),
    Spoil(
        "a damaged workbook",
        written(ROADS, (lambda data: data[:600] + b"damage" + data[606:])(roads())),
        (ROADS, "damaged"),
    ),
    Spoil("a sheet is missing", written(ROADS, roads(**{BC_ROADS: None})), (ROADS, BC_ROADS)),
    Spoil("a header is missing", written(ROADS, roads(**{A_ROADS: [*ROAD_ROWS[:4], ROAD_ROWS[5]]})), (ROADS, A_ROADS)),
    Spoil(
        "a marker that is none",
        written(ROADS, roads(**{A_ROADS: [*ROAD_ROWS[:5], [*ROAD_ROWS[5][:3], "n/k", 4, ""]]})),
        (ROADS, f"{A_ROADS}!D6", "n/k"),
    ),
    Spoil(
        "a council without a code",
        written(ROADS, roads(**{A_ROADS: [*ROAD_ROWS[:5], ["", *ROAD_ROWS[5][1:]]]})),
        (ROADS, A_ROADS),
    ),
    Spoil(
        "a council twice",
        written(ROADS, roads(**{A_ROADS: [*ROAD_ROWS, ROAD_ROWS[5]]})),
        (ROADS, "E06000047", "more than once"),
    ),
    Spoil(
        "half a Parquet file", written("bds_long_0.parquet", b"PAR1" + b"\0" * 500), ("bds_long_0.parquet", "Parquet")
    ),
    Spoil("text for Parquet", written("bds_long_0.parquet", b"a,b\n"), ("bds_long_0.parquet", "Parquet")),
    Spoil(
        "a return without its machine names",
        written("RSX_2022-23_data_by_LA.csv", csv_bytes([RSX_ROWS[0], RSX_ROWS[2]])),
        ("RSX_2022-23_data_by_LA.csv",),
    ),
    Spoil(
        "a budget in another alphabet",
        written("RA_2023-24_data_Part_1.csv", "Ведомость,Год\n".encode("utf-16-le")),
        ("RA_2023-24_data_Part_1.csv", "NUL"),
    ),
    Spoil("names that nobody knows", written("table.ods", roads()), ("holds no file of a known name",)),
)


@cases(*FORMATS)
def test_a_spoiled_file_in_a_publisher_s_format(spoil: Spoil, tmp_path: Path, command: Run) -> None:
    folder, home = tmp_path / "files", tmp_path / "home"
    folder.mkdir()
    spoil.change(folder)
    outcome = command("run", "--pack", "english_councils", "--raw", folder, "--home", home)
    require_refused(outcome, spoil, home, {})


def test_the_sample_of_a_publisher_s_format_is_read_before_it_is_spoiled(tmp_path: Path) -> None:
    from pipelines.sources.dft_road_condition import parse

    assert parse(roads(), ROADS).cells["value"].drop_nulls().to_list() == [5.0, 4.0, 5.0, 4.0]


PACKS = (
    Spoil(
        "a key nobody knows", replaced("measures.yml", "  label: Loans", "  colour: red\n  label: Loans"), ("colour",)
    ),
    Spoil("a reference to nothing", replaced("measures.yml", "dataset: figures", "dataset: figurs"), ("figurs",)),
    Spoil(
        "an id twice",
        edited("measures.yml", lambda data: data + b"\n- id: staff" + data.split(b"- id: staff")[1].split(b"- id:")[0]),
        ("staff",),
    ),
    Spoil("a unit that is none", replaced("measures.yml", "unit: fte", "unit: furlongs"), ("furlongs",)),
    Spoil(
        "parts in a circle",
        lambda pack: (
            replaced("measures.yml", "  label: Staff", "  part_of: loans\n  label: Staff")(pack),
            replaced("measures.yml", "  label: Loans", "  part_of: staff\n  label: Loans")(pack),
        ),
        ("staff", "loans"),
    ),
    Spoil("no YAML", replaced("measures.yml", "- id: staff", "- id: [staff"), ("measures.yml:",)),
    Spoil(
        "aliases without end",
        lambda pack: (pack / "scope.yml").write_text(
            "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
        ),
        ("scope.yml",),
    ),
    Spoil("a list for a mapping", written("pack.yml", b"- id: libraries\n"), ("pack.yml",)),
    Spoil("another encoding", edited("pack.yml", lambda data: data + b"# \xff\n"), ("pack.yml",)),
    Spoil("no pack.yml", lambda pack: (pack / "pack.yml").unlink(), ("libraries", "pack.yml")),
)


@cases(*PACKS)
def test_a_spoiled_pack(spoil: Spoil, small: Small, command: Run) -> None:
    before = snapshot(small.home / "releases")
    spoil.change(small.pack)
    outcome = command("run", "--pack", small.pack, "--raw", small.raw, "--home", small.home)
    require_refused(outcome, spoil, small.home, before)


PLACES = (
    Spoil("no such folder", lambda place: None, ("nowhere", "is not a folder")),
    Spoil("a file for a folder", lambda place: place.write_text("a"), ("nowhere", "is not a folder")),
    Spoil("an empty folder", lambda place: place.mkdir(), ("nowhere", "evenhand pull")),
)


@cases(*PLACES)
def test_input_that_is_not_there(spoil: Spoil, small: Small, tmp_path: Path, command: Run) -> None:
    before = snapshot(small.home / "releases")
    spoil.change(tmp_path / "nowhere")
    outcome = command("run", "--pack", small.pack, "--raw", tmp_path / "nowhere", "--home", small.home)
    require_refused(outcome, spoil, small.home, before)


def returns(root: Path, year: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Change the cells of the spending returns of a year, as `evenhand starter` would have written them."""
    for edition in root.glob("*/mhclg_rsx/*"):
        cells = read_figures((edition / FIGURES).read_bytes(), FIGURES)
        if year in cells["period"]:
            restate(edition, lambda data, cells=cells: write_figures(change(cells)))


def valued(series: str, body: str, change: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Change the figures of a series, of one body."""
    here = (pl.col("series") == series) & (pl.col("code") == body)
    return lambda cells: cells.with_columns(pl.when(here).then(change).otherwise("value").alias("value"))


def scaled(series: str, factor: float) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Multiply a whole column."""
    return lambda cells: cells.with_columns(
        pl.when(pl.col("series") == series).then(VALUE * factor).otherwise("value").alias("value")
    )


VALUE = pl.col("value")
COUNCILS = (
    # Net spending is printed in thousands of pounds, rounded: 2 may be rounding, 5 is not.
    Spoil(
        "net is not total less income",
        lambda root: returns(root, "2021-22", valued("RSX-env-net-cur-exp", "E08000035", VALUE + 5)),
        ("net_is_total_less_income", "E08000035", "environment_net_spend", "2021-22"),
        3,
    ),
    Spoil(
        "pounds in a column of thousands",
        lambda root: returns(root, "2023-24", scaled("RSX-env-empl", 1000)),
        ("unit_slip", "environment_staff_cost", "2023-24"),
        3,
    ),
    # Where a return is marked as missing, a shortfall is only warned of. Here no mark is left, as if all had reported.
    Spoil(
        "councils cut out of the national total",
        lambda root: returns(root, "2021-22", lambda cells: cells.filter(VALUE.is_not_null())),
        ("national_total", "2021-22"),
        3,
    ),
)


@pytest.mark.slow
@cases(*COUNCILS)
def test_returns_that_contradict_themselves(spoil: Spoil, tmp_path: Path, command: Run) -> None:
    root, home = tmp_path / "raw", tmp_path / "home"
    for dataset in ("mysociety_authorities", "mhclg_rsx", "ons_population", "ons_population_2020"):
        for folder in (ROOT / "data" / "raw").glob(f"*/{dataset}"):
            shutil.copytree(folder, root / folder.parent.name / dataset)
    spoil.change(root)
    outcome = command("run", "--pack", "english_councils", "--raw", root, "--home", home)
    require_refused(outcome, spoil, home, {})


RELEASES = (
    Spoil(
        "a table was altered",
        edited("tables/values.csv", lambda data: data.replace(b"497200", b"397200", 1)),
        ("tables/values.csv", "altered"),
        3,
    ),
    Spoil(
        "a table is gone", lambda release: (release / "tables/peers.parquet").unlink(), ("peers.parquet", "missing"), 3
    ),
    Spoil("a file was added", written("tables/more.csv", b"a\n"), ("tables/more.csv", "extra"), 3),
)


@cases(*RELEASES)
def test_a_current_release_that_is_not_what_was_published(spoil: Spoil, small: Small, command: Run) -> None:
    pointer = small.home / "releases" / "libraries" / "CURRENT"
    spoil.change(pointer.parent / pointer.read_text().strip())
    before = snapshot(small.home / "releases")
    outcome = command("run", "--pack", small.pack, "--raw", small.raw, "--home", small.home)
    require_refused(outcome, spoil, small.home, before)
