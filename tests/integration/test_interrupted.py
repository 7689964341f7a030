"""Kill a run at any moment: the pointer names a whole release or none, and the next run succeeds.

A run tells of each step before it takes it; a killer waits for the chosen step and then a moment, so that the kills are
spread over the whole walk however fast the machine is. After the last step come building, shelving and pointing.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import time
from pathlib import Path

import pytest

from pipelines.packs.load import load_pack
from pipelines.releases.store import Store
from pipelines.releases.verify import problems
from pipelines.walk.steps import steps
from tests.runs import Ran, Small, evenhand, finish, start

pytestmark = [pytest.mark.integration, pytest.mark.slow]

STEPS = len(steps(load_pack("english_councils")))
MOMENTS = random.Random(20261122)
# The step before which to wait (0: the process has only begun), and seconds after it.
SMALL_KILLS = [(0, 0.5), *((step, MOMENTS.uniform(0, 0.3)) for step in (1, 2, 4, 7, 12, 17, STEPS - 1))]
SMALL_KILLS += [(STEPS, wait) for wait in (0.2, 0.4, 0.6, 0.8, 1.0, 1.4)]
COUNCIL_KILLS = [(STEPS, 6.0)]


def kill(words: list[str | Path], step: int, wait: float) -> bool:
    """Start a run, kill it `wait` seconds after it tells of a step; whether it was still alive."""
    process = start("run", *words)
    assert process.stdout is not None
    for line in process.stdout if step else ():
        if re.search(rf": {step}/{STEPS} ", line):
            break
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def require_whole(home: Path, pack: str) -> str | None:
    """What the pointer names verifies, and so does everything on the shelf; returns it."""
    store = Store(home)
    here = store.current(pack)
    for release in store.releases(pack):
        assert problems(store.place(pack, release)) == ()
    assert here is None or here in store.releases(pack)
    return here


def require_next_run_succeeds(home: Path, pack: str, words: list[str | Path]) -> str:
    """The next run ends well and nothing half-made is left."""
    outcome = evenhand("run", *words, "--json")
    assert outcome.code == 0, outcome.err
    (entry,) = json.loads(outcome.out)["packs"]
    assert entry["release"] == require_whole(home, pack)
    assert not list((home / "releases" / pack).glob(".building-*"))
    return str(entry["release"])


def test_a_small_pack_killed_throughout_the_walk(small: Small) -> None:
    figures = small.pack / "data" / "figures.csv"
    words: list[str | Path] = ["--pack", small.pack, "--raw", small.pack / "data", "--home", small.home]
    before = require_whole(small.home, "libraries")
    killed = 0
    for turn, (step, wait) in enumerate(SMALL_KILLS):
        figures.write_text(
            re.sub("L0001,Library 1,2018-19,[0-9.]+", f"L0001,Library 1,2018-19,5{turn:02d}.5", figures.read_text())
        )
        killed += kill(words, step, wait)
        require_whole(small.home, "libraries")
    assert killed >= 12
    after = require_next_run_succeeds(small.home, "libraries", words)
    assert after != before
    log = Store(small.home).decisions("libraries")
    assert log.decisions[-1].release == after


def test_a_first_run_killed_leaves_nothing_to_read(small: Small, tmp_path: Path) -> None:
    home = tmp_path / "fresh"
    words: list[str | Path] = ["--pack", small.pack, "--raw", small.raw, "--home", home]
    assert kill(words, 5, 0.0)
    assert require_whole(home, "libraries") is None
    assert require_next_run_succeeds(home, "libraries", words) == Store(small.home).current("libraries")


@pytest.mark.skipif(os.environ.get("EVENHAND_AUDIT") != "true", reason="two whole runs: `make audit` makes them")
def test_councils_killed_while_the_release_is_built(both: Ran, tmp_path: Path) -> None:
    home = tmp_path / "home"
    words: list[str | Path] = ["--pack", "english_councils", "--home", home]
    for step, wait in COUNCIL_KILLS:
        kill(words, step, wait)
        require_whole(home, "english_councils")
    made = require_next_run_succeeds(home, "english_councils", words)
    assert made == Store(both.home).current("english_councils")


def test_two_runs_of_one_pack_at_once(small: Small, tmp_path: Path) -> None:
    home = tmp_path / "fresh"
    words = ["run", "--pack", small.pack, "--raw", small.raw, "--home", home, "--json"]
    outcomes = [finish(process) for process in [start(*words), start(*words)]]
    # One waits for the other, and finds that nothing is left to do.
    assert [outcome.code for outcome in outcomes] == [0, 0], [outcome.err for outcome in outcomes]
    found = [json.loads(outcome.out)["packs"][0] for outcome in outcomes]
    assert sorted(entry["outcome"] for entry in found) == ["new", "unchanged"]
    assert {entry["release"] for entry in found} == {require_whole(home, "libraries")}
    assert len(Store(home).decisions("libraries").decisions) == 1
