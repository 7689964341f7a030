"""What several test modules share: the import path, the publishers' own files, a run of both packs and a small one."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
# pytest's importlib mode leaves the import path alone, and `tests.samples` must be found by plain `pytest` too.
sys.path.insert(0, str(ROOT))

# How long an example takes depends on the machine and what else runs on it; nothing is asserted of it.
settings.register_profile("unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

if TYPE_CHECKING:
    from tests.runs import Ran, Small


@pytest.fixture(scope="session")
def publishers() -> Path:
    """The folder of publishers' files beside the repository; skips aloud where there is none."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the publishers' files are not at ../{folder.relative_to(ROOT.parent)}; nothing to compare with")
    return folder


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Both shipped packs, run from data/raw by the command line: once for all processes of the suite.

    Whoever comes first holds the lock and runs; the others wait and read what it left.
    """
    from tests.runs import Outcome, Ran, evenhand

    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "both"
    place.mkdir(exist_ok=True)
    home, said = place / "home", place / "outcome.json"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(json.dumps(evenhand("run", "--home", home, "--json")))
    return Ran(home, Outcome(*json.loads(said.read_text())))


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A scaffolded pack, published once. Nobody changes it: `small` is a copy to spoil."""
    from pipelines.packs.load import load_pack
    from pipelines.packs.scaffold import new_pack
    from pipelines.walk.run import run
    from pipelines.walk.starter import write_starter
    from tests.runs import Small

    place = tmp_path_factory.mktemp("small")
    folder = new_pack(place / "libraries")
    pack = load_pack(folder)
    write_starter([pack], folder / "data", place / "raw")
    (result,) = run([pack], [place / "raw"], place / "home")
    assert result.outcome == "new", result.message
    shutil.rmtree(place / "home" / "warehouse")
    return Small(folder, place / "raw", place / "home")


@pytest.fixture
def small(once: Small, tmp_path: Path) -> Small:
    """A copy of the scaffolded pack, its raw root and its home."""
    made = type(once)(tmp_path / "libraries", tmp_path / "raw", tmp_path / "home")
    for source, target in zip(once, made, strict=True):
        shutil.copytree(source, target)
    return made


LONGEST = ("test_run.py", "test_interrupted.py", "test_release_crash.py", "test_dagster.py", "test_counts.py")
"""Files that take minutes: first, so that short ones fill the other processes' time to the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, else the order as it was; a file stays in one process, its pages go eight by eight."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
    pages: Counter[str] = Counter()
    for item in items:
        file = item.path.name
        if "listed" in getattr(item, "fixturenames", ()):
            pages[file] += 1
        item.add_marker(pytest.mark.xdist_group(f"{file} {pages[file] // 8}" if pages[file] else file))
