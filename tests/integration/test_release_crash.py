"""Kill a publisher at any moment: the pointer still names a whole release, and the next run succeeds."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.releases.store import Store
from pipelines.releases.verify import problems
from tests import releases as sample

ROOT = Path(__file__).resolve().parents[2]
PACK = sample.PACK
KILLS = 24

# Publishes ever new releases: the first body is named after the seed and the round.
PUBLISHER = """
import sys
from pathlib import Path
import polars as pl
from pipelines.releases.build import build
from pipelines.releases.store import Store
from tests import releases as sample

store, seed, rounds = Store(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
frames = sample.frames()
parts = (sample.checks(), sample.lineage(), sample.pack_facts(), sample.provenance())
print("ready", flush=True)
for turn in range(rounds):
    name = pl.col("name").str.replace("Alderbrook", f"Town {seed}.{turn}")
    with store.workspace(sample.PACK) as folder:
        candidate = build(folder, {**frames, "bodies": frames["bodies"].with_columns(name)}, *parts)
        store.publish(sample.PACK, candidate, f"publisher {seed}", "another round")
"""

# Publishes once and kills itself at the n-th call that changes the disk; prints how many there were if it survives.
AT_STEP = (
    """
import os, signal, sys
step, seen = int(sys.argv[4]), 0

def counted(call):
    def wrapper(*args, **kwargs):
        global seen
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return wrapper

for name in ("fsync", "write", "rename", "replace", "rmdir", "ftruncate"):
    setattr(os, name, counted(getattr(os, name)))
"""
    + PUBLISHER.replace('print("ready", flush=True)', "seen = 0")
    + "print(seen, flush=True)\n"
)


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )


def finished(process: subprocess.Popen[str]) -> str:
    """What a process printed; it must end well."""
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return out


def require_whole(home: Path) -> None:
    """The pointer, once there is one, names a release that verifies; so does every release on the shelf."""
    store = Store(home)
    here = store.current(PACK)
    standing = store.releases(PACK)
    assert here is None or here in standing
    for release in standing:
        assert problems(store.place(PACK, release)) == ()


def require_next_run_succeeds(home: Path, seed: str) -> None:
    """One more publisher ends well, its release is current and nothing half-made is left."""
    finished(start(PUBLISHER, str(home), seed, "1"))
    require_whole(home)
    store = Store(home)
    last = store.decisions(PACK).decisions[-1]
    assert (last.what, last.release, last.who) == ("publish", store.current(PACK), f"publisher {seed}")
    assert not list((home / "releases" / PACK).glob(".building-*"))


@pytest.mark.integration
@pytest.mark.slow
def test_killing_a_publisher_at_random_moments_leaves_a_whole_release(tmp_path: Path) -> None:
    sample.make_release(tmp_path)
    moments, longest = random.Random(20261122), 0.6
    for turn in range(KILLS):
        process = start(PUBLISHER, str(tmp_path), f"r{turn}", "1000")
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, longest))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        require_whole(tmp_path)
        if len(Store(tmp_path).releases(PACK)) == 1:
            longest *= 1.25  # a busy machine publishes later; some kills must fall after a release
    assert len(Store(tmp_path).releases(PACK)) > 1
    require_next_run_succeeds(tmp_path, "last")


@pytest.mark.integration
@pytest.mark.slow
def test_killing_a_publisher_at_each_kind_of_step_leaves_a_whole_release(tmp_path: Path) -> None:
    sample.make_release(tmp_path / "count")
    steps = int(finished(start(AT_STEP, str(tmp_path / "count"), "s", "1", "0")))
    # The first and the last dozen steps, where folders, log and pointer change; between them files are only forced out.
    for step in (1, 2, steps // 2, *range(steps - 11, steps + 1)):
        home = tmp_path / f"step{step}"
        before = sample.make_release(home)
        process = start(AT_STEP, str(home), "s", "1", str(step))
        process.communicate()
        assert process.returncode == -signal.SIGKILL, f"step {step} of {steps}"
        require_whole(home)
        after = Store(home).current(PACK)
        decided = [entry.release for entry in Store(home).decisions(PACK).decisions]
        assert after == before or after in decided, "the pointer never moves without a record"
        assert sample.make_release(home) == Store(home).current(PACK) == before
        assert not list((home / "releases" / PACK).glob(".building-*"))


@pytest.mark.integration
@pytest.mark.slow
def test_two_publishers_at_once_take_turns_and_readers_never_see_half_a_release(tmp_path: Path) -> None:
    sample.make_release(tmp_path)
    store = Store(tmp_path)
    processes = [start(PUBLISHER, str(tmp_path), seed, "6") for seed in ("a", "b")]
    looks = 0
    while any(process.poll() is None for process in processes):
        here = store.current(PACK)
        assert here is not None
        assert problems(store.place(PACK, here)) == ()
        looks += 1
    for process in processes:
        finished(process)
    assert looks > 0
    require_whole(tmp_path)
    log = store.decisions(PACK)
    assert log.torn == ()
    assert len(log.decisions) == len(store.releases(PACK)) == 13  # the sample's, and six of each
    assert log.decisions[-1].release == store.current(PACK)
