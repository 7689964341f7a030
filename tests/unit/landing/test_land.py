"""Landing is atomic, changes nothing that lies there, and lands the same bytes once."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import BadInput
from pipelines.landing.editions import read_root
from pipelines.landing.land import land_file, land_folder, next_landing
from pipelines.landing.precedence import rank_editions
from tests.unit.landing.fake import JUNE, JUNE_CORRECTED, MAY, FakeSource, table

BINS = FakeSource()
TIPS = FakeSource(DATASET="office_tips", FILES=("tips_20??.csv",))


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file under a root, with its bytes."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_same_bytes_are_the_same_edition_and_change_nothing(tmp_path: Path) -> None:
    first = land_file(JUNE, "bins.csv", BINS, tmp_path)
    before = snapshot(tmp_path)
    again = land_file(JUNE, "bins.csv", BINS, tmp_path)
    assert (first.new, again.new) == (True, False)
    assert first.edition == again.edition
    assert snapshot(tmp_path) == before


def test_changed_bytes_are_a_new_edition_and_the_old_one_stays(tmp_path: Path) -> None:
    old = land_file(JUNE, "bins.csv", BINS, tmp_path).edition
    new = land_file(JUNE_CORRECTED, "bins.csv", BINS, tmp_path).edition
    assert {edition.edition for edition in read_root(tmp_path)} == {old.edition, new.edition}
    assert old.read() == JUNE


def test_where_landings_have_an_order_the_later_one_rules(tmp_path: Path) -> None:
    for data in (JUNE, JUNE_CORRECTED, MAY):
        land_file(data, "bins.csv", BINS, tmp_path, number=next_landing)
    editions = read_root(tmp_path)
    assert sorted(edition.landing for edition in editions) == [1, 2, 3]
    ruling = rank_editions([(edition, {"2022-23"}) for edition in editions])
    assert ruling["office_bins", "2022-23"].read() == JUNE_CORRECTED


def test_an_edition_damaged_on_disk_is_not_taken_for_the_same(tmp_path: Path) -> None:
    edition = land_file(JUNE, "bins.csv", BINS, tmp_path).edition
    edition.path.write_bytes(b"gone")
    with pytest.raises(BadInput, match="changed or damaged"):
        land_file(JUNE, "bins.csv", BINS, tmp_path)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<html></html>", "bins.csv", "HTML"),
        (b"no date\n", "bins.csv", "line 1 gives no date"),
        (table("6 June 2024"), "bins.csv", "'6 June 2024', which is no day"),
        (table("2024-06-31"), "bins.csv", "no day"),
        (JUNE, "../bins.csv", "not a file name"),
        (JUNE, "a\\bins.csv", "not a file name"),
        (JUNE, ".bins.csv", "not a file name"),
        (JUNE, "SOURCE.yml", "not a file name"),
        (JUNE, "bins\n.csv", "not a file name"),
        (JUNE, "b" * 200 + ".csv", "not a file name"),
        (JUNE, "", "not a file name"),
    ],
)
def test_what_is_refused_leaves_no_trace(tmp_path: Path, data: bytes, name: str, words: str) -> None:
    root = tmp_path / "raw"
    with pytest.raises(BadInput, match=words):
        land_file(data, name, BINS, root)
    assert not root.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file, not a folder")
    with pytest.raises(BadInput, match=r"raw: cannot be written"):
        land_file(JUNE, "bins.csv", BINS, tmp_path / "raw")


def folder_of(tmp_path: Path, **files: bytes) -> Path:
    """A plain folder with these files (two underscores stand for a full stop), the first in a folder of its own."""
    folder = tmp_path / "plain"
    for n, (name, data) in enumerate(files.items()):
        place = folder / "deep" / "er" if n == 0 else folder
        place.mkdir(parents=True, exist_ok=True)
        (place / name.replace("__", ".")).write_bytes(data)
    return folder


def test_a_plain_folder_is_landed_by_file_names(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, bins_a__csv=JUNE, tips_2023__csv=MAY, TIPS_2023__csv=MAY, read__md=b"words")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "bins.csv").write_bytes(b"spoiled")
    first = land_folder(folder, tmp_path / "raw", [BINS, TIPS])
    assert [each.edition.dataset for each in first.landed] == ["office_bins", "office_tips"]
    assert [path.name for path in first.unused] == ["TIPS_2023.csv", "read.md"]
    assert first.landed[0].parsed.cells.height == 1
    second = land_folder(folder, tmp_path / "raw", [BINS, TIPS])
    assert (len(second.landed), len(second.unchanged)) == (0, 2)
    assert [edition.landing for edition in read_root(tmp_path / "raw")] == [0, 0]


def test_a_name_that_two_sources_claim_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, bins__csv=JUNE)
    with pytest.raises(BadInput, match=r"bins\.csv: belongs to office_bins and office_tips"):
        land_folder(folder, tmp_path / "raw", [BINS, FakeSource(DATASET="office_tips")])


def test_a_folder_without_known_files_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no file of a known name"):
        land_folder(folder_of(tmp_path, read__md=b"words"), tmp_path / "raw", [BINS])
    with pytest.raises(BadInput, match="is not a folder"):
        land_folder(tmp_path / "nowhere", tmp_path / "raw", [BINS])


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_followed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, kept__dat=JUNE)
    (folder / "bins_in.csv").symlink_to(folder / "deep" / "er" / "kept.dat")
    assert len(land_folder(folder, tmp_path / "raw", [BINS]).landed) == 1
    (tmp_path / "secret").write_bytes(JUNE_CORRECTED)
    (folder / "bins_out.csv").symlink_to(tmp_path / "secret")
    with pytest.raises(BadInput, match=r"bins_out\.csv: is a symbolic link that leads out"):
        land_folder(folder, tmp_path / "raw", [BINS])


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, other__dat=b"", more__dat=b"")
    (folder / "bins_gone.csv").symlink_to(folder / "never.dat")
    with pytest.raises(BadInput, match=r"bins_gone\.csv: cannot be read"):
        land_folder(folder, tmp_path / "raw", [BINS])


ROWS = st.lists(st.tuples(st.sampled_from(["E07000001", "E07000002"]), st.integers(0, 9)), max_size=3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.dates(), ROWS), min_size=1, max_size=6), st.randoms())
def test_landing_is_idempotent_and_its_order_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[object, list[tuple[str, int]]]], random: object
) -> None:
    """Any files, landed in any order and any number of times, give the same root, byte for byte."""
    tables = [table(str(day), *(f"{code},2022-23,{value}" for code, value in rows)) for day, rows in files]
    once, often = (tmp_path_factory.mktemp("root") for _ in range(2))
    for data in tables:
        land_file(data, "bins.csv", BINS, once)
    shuffled = tables * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for data in shuffled:
        land_file(data, "bins.csv", BINS, often)
    assert snapshot(once) == snapshot(often)
    assert len(read_root(once)) == len(set(tables))


KILLER = """
import os, signal, sys
from pathlib import Path
from tests.unit.landing.fake import FakeSource
from pipelines.landing.editions import read_root
from pipelines.landing.land import land_file, next_landing
from pipelines.sources.cells import Parsed

class Source(FakeSource):
    def parse(self, data, name):  # no Polars after a fork
        return Parsed("2024-06-06", None)

root = Path(sys.argv[1])
land_file(b"first", "bins.csv", Source(), root, number=next_landing)
died = landed = 0
for step in range(1, 500):
    child = os.fork()
    if child == 0:
        left = step
        def kill(event, args):
            global left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(kill)
        land_file(b"step %d" % step, "bins.csv", Source(), root, number=next_landing)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    editions = read_root(root)
    assert 1 <= len(editions) - landed <= 2, (step, editions)
    landed = len(editions) - 1
    died += os.WIFSIGNALED(status)
    if status == 0:
        break
land_file(b"last", "bins.csv", Source(), root, number=next_landing)
numbers = sorted(edition.landing for edition in read_root(root))
assert numbers == list(range(1, len(numbers) + 1)), numbers
print(died, len(numbers), *sorted(path.name for path in (root / ".partial").iterdir()))
"""


def test_killed_at_any_step_of_a_landing_the_root_stays_readable(tmp_path: Path) -> None:
    """A child is killed (SIGKILL) at its first, second, third ... system event until one survives."""
    repository = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path / "raw")],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    died, editions, *left_behind = done.stdout.split()
    assert int(died) > 10, "the landing has more steps than that: the hook did not see them"
    assert int(editions) >= 3
    assert left_behind == []
