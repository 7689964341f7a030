"""One writer per pack: others wait, the holder may enter again, a dead holder's lock is gone."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipelines.errors import Blocked
from pipelines.releases.lock import only_writer

HOLD = """
import sys
from pathlib import Path
from pipelines.releases.lock import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> "subprocess.Popen[str]":
    """Another process that holds the lock until its input closes or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_holder_may_enter_again(tmp_path: Path) -> None:
    with only_writer(tmp_path / "lock"), only_writer(tmp_path / "lock", wait_seconds=0):
        pass


def test_another_process_is_kept_out_and_named_and_its_death_frees_the_lock(tmp_path: Path) -> None:
    with holder(tmp_path / "lock") as process:
        with pytest.raises(Blocked, match=f"process {process.pid} still writes"), only_writer(tmp_path / "lock", 0):
            pass
        process.kill()
        process.wait()
        with only_writer(tmp_path / "lock", wait_seconds=5):
            pass


def test_another_thread_is_kept_out(tmp_path: Path) -> None:
    refused: list[str] = []

    def enter() -> None:
        try:
            with only_writer(tmp_path / "lock", wait_seconds=0.01):
                pass
        except Blocked as fault:
            refused.append(str(fault))

    with only_writer(tmp_path / "lock"):
        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
    assert len(refused) == 1
