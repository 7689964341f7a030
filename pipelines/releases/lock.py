"""One writer per pack: a lock on a file that the kernel lets go of when its process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import Blocked

WAIT_SECONDS = 120.0  # a run of the largest pack takes well under a minute
_PAUSE_SECONDS = 0.05
_within: dict[Path, threading.RLock] = {}
_depth: dict[Path, int] = {}
_guard = threading.Lock()


@contextmanager
def only_writer(path: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock file at `path` while the block runs; the same thread may enter again.

    Other threads and processes wait. Raises Blocked, naming the holder, when the wait is longer than `wait_seconds`.
    """
    place = path.resolve()
    with _guard:
        thread_lock = _within.setdefault(place, threading.RLock())
    if not thread_lock.acquire(timeout=wait_seconds):
        raise Blocked(f"{path}: another step of this process is still writing; try again when it has finished")
    try:
        if _depth.get(place):
            yield
        else:
            with _locked_file(path, wait_seconds):
                _depth[place] = 1
                try:
                    yield
                finally:
                    _depth[place] = 0
    finally:
        thread_lock.release()


@contextmanager
def _locked_file(path: Path, wait_seconds: float) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _wait_for(handle, path, time.monotonic() + wait_seconds)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 32, 0).decode().strip() or "unknown"
                raise Blocked(
                    f"{path}: process {holder} still writes releases of this pack; wait for it, then try again"
                ) from None
            time.sleep(_PAUSE_SECONDS)
