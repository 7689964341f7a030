"""Every file that is missing, extra or altered is one clear line."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from pipelines.errors import Blocked
from pipelines.releases.verify import problems, require_sound
from tests import releases as sample


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("verify")
    release = sample.make_release(home)
    return home / "releases" / sample.PACK / release


@pytest.fixture
def release(shelf: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(shelf, tmp_path / shelf.name))


def test_a_release_as_published_has_no_problems(release: Path) -> None:
    assert problems(release) == ()
    require_sound(release)


def test_an_altered_file_is_named(release: Path) -> None:
    path = release / "tables" / "values.csv"
    path.write_bytes(path.read_bytes().replace(b"21.5", b"21.6", 1))
    found = problems(release)
    assert found[0].startswith("tables/values.csv: altered")
    assert "the folder is named" in found[1]
    with pytest.raises(Blocked, match=r"tables/values\.csv: altered.*and 1 more.*restore the folder or rebuild"):
        require_sound(release)


def test_a_missing_file_is_named(release: Path) -> None:
    (release / "tables" / "peers.parquet").unlink()
    assert problems(release)[0] == "tables/peers.parquet: missing"


def test_an_extra_file_is_named(release: Path) -> None:
    (release / "tables" / "notes.txt").write_text("mine")
    assert problems(release)[0] == "tables/notes.txt: extra, no part of the release"


def test_a_description_made_to_fit_altered_files_does_not_fit_the_name(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_bytes())
    (release / "README.txt").write_text("Other words")
    for entry in package["resources"]:
        if entry["path"] == "README.txt":
            entry["hash"] = "sha256:" + hashlib.sha256(b"Other words").hexdigest()
    (release / "datapackage.json").write_text(json.dumps(package))
    (line,) = problems(release)
    assert line.endswith(f"the folder is named {release.name}")


def test_a_renamed_folder_is_told_its_name(release: Path) -> None:
    other = release.rename(release.with_name("0123456789abcdef"))
    assert problems(other) == (f"the content is that of release {release.name}, the folder is named 0123456789abcdef",)


@pytest.mark.parametrize("spoil", [b"", b"{", b"[]", b'{"resources": [1]}', b'{"resources": [{"path": "x"}]}'])
def test_an_unreadable_description_is_one_line(release: Path, spoil: bytes) -> None:
    (release / "datapackage.json").write_bytes(spoil)
    assert problems(release) == ("datapackage.json: cannot be read as a description of a release",)


def test_a_missing_description_provenance_or_folder_is_one_line(release: Path) -> None:
    (release / "provenance.json").unlink()
    assert problems(release) == ("provenance.json: missing, so the release cannot be rebuilt",)
    (release / "datapackage.json").unlink()
    assert len(problems(release)) == 1
    assert "no such release folder" in problems(release / "elsewhere")[0]


def test_a_link_is_no_file(release: Path) -> None:
    (release / "README.txt").unlink()
    (release / "README.txt").symlink_to(release / "checks.json")
    assert problems(release) == ("README.txt: is a link; a release holds plain files only",)
