"""Answers as bytes, kept while their release is current: one bounded store, and what tells a changed pointer."""

from __future__ import annotations

import os
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

LIMIT = 256 * 1024 * 1024
Key = tuple[object, ...]


@dataclass(frozen=True)
class Answer:
    """Body as sent (compressed where the reader asked for it), status and headers."""

    body: bytes
    status: int
    headers: tuple[tuple[str, str], ...]


class ByteCache:
    """At most `limit` bytes of answers. The key holds how every pointer and log looks: nothing stale is served."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.size = 0
        self.hits = 0
        self.misses = 0
        self._held: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Answer | None:
        """The answer under a key, which becomes the most recently used; None where there is none. Both are counted."""
        with self._lock:
            answer = self._held.get(key)
            if answer:
                self._held.move_to_end(key)
            self.hits += answer is not None
            self.misses += answer is None
            return answer

    def __contains__(self, key: Key) -> bool:
        """Whether there is an answer under a key; counts nothing and leaves the order alone."""
        with self._lock:
            return key in self._held

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer; the least recently used ones leave until all fit. One larger than a tenth is not kept."""
        if len(answer.body) * 10 > self.limit:
            return
        with self._lock:
            old = self._held.pop(key, None)
            self.size += len(answer.body) - (len(old.body) if old else 0)
            self._held[key] = answer
            while self.size > self.limit:
                _, gone = self._held.popitem(last=False)
                self.size -= len(gone.body)


def pointers(home: Path) -> tuple[object, ...]:
    """What every pointer looks like from outside: publishing puts a new file in the place of the old one."""
    return seen(home, "CURRENT")


def logs(home: Path) -> tuple[object, ...]:
    """What every log of decisions looks like from outside: a decision makes it longer."""
    return seen(home, "decisions.jsonl")


def shelf(home: Path) -> tuple[object, ...]:
    """Pointers and logs together, in one pass: whatever any answer depends on, but for the records of runs."""
    return seen(home, "CURRENT", "decisions.jsonl")


def seen(home: Path, *names: str) -> tuple[object, ...]:
    """Pack, name, file number, time and length of files of these names in each pack's folder; no file is opened."""
    found = []
    with suppress(FileNotFoundError), os.scandir(home / "releases") as folders:
        for folder in folders:
            for name in names:
                with suppress(FileNotFoundError, NotADirectoryError):
                    file = os.stat(f"{folder.path}/{name}")
                    found.append((folder.name, name, file.st_ino, file.st_mtime_ns, file.st_size))
    return tuple(found)
