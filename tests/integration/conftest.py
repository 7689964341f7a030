"""What the integration tests share: one run of both packs from data/raw, and a small pack's run."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path

import pytest

from pipelines.packs.load import load_pack
from pipelines.packs.scaffold import new_pack
from pipelines.walk.run import run
from pipelines.walk.starter import write_starter
from tests.runs import Outcome, Ran, Small, evenhand


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Both shipped packs, run from data/raw by the command line: once for all processes of the suite.

    Whoever comes first holds the lock and runs; the others wait and read what it left.
    """
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
    made = Small(tmp_path / "libraries", tmp_path / "raw", tmp_path / "home")
    for source, target in zip(once, made, strict=True):
        shutil.copytree(source, target)
    return made
