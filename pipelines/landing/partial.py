"""A download that may be interrupted: one `.part` file whose first line says of what, and then the bytes so far."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipelines.errors import BadInput
from pipelines.landing.land import PARTIAL

HEAD_LIMIT = 16_000  # bytes of the first line: an address and a validator


class Part:
    """An open `.part` file, held by this process alone.

    validator : the strong ETag or the Last-Modified of the bytes so far; empty when they cannot be taken up again.
    size : bytes so far, the first line not counted.
    """

    def __init__(self, path: Path, file: BinaryIO, url: str) -> None:
        self.path, self.file, self.url = path, file, url
        head = file.readline(HEAD_LIMIT)
        self.validator = _validator(head, url)
        self._begin = len(head)
        self.size = max(0, file.seek(0, 2) - self._begin)
        if not self.validator:
            self.restart("")

    @property
    def resumable(self) -> bool:
        """Whether there are bytes, and something names exactly these bytes."""
        return self.size > 0 and bool(self.validator)

    def restart(self, validator: str) -> None:
        """Forget the bytes so far and begin anew with bytes that `validator` names."""
        head = json.dumps({"url": self.url, "validator": validator}).encode() + b"\n"
        self.file.seek(0)
        self.file.truncate()
        self.file.write(head)
        self.validator, self._begin, self.size = validator, len(head), 0

    def write(self, data: bytes) -> None:
        """Append, and hand the bytes to the system at once: a killed process keeps them."""
        self.file.write(data)
        self.file.flush()
        self.size += len(data)

    def content(self) -> bytes:
        """All bytes so far."""
        self.file.seek(self._begin)
        return self.file.read()

    def remove(self) -> None:
        """The download has ended, well or badly: nothing is left of it."""
        self.path.unlink(missing_ok=True)
        self.size = 0


@contextmanager
def open_part(root: Path, url: str) -> Iterator[Part]:
    """The `.part` file for `url` under `root`; left behind only when it holds bytes that can be taken up again.

    Raises BadInput when another process is downloading the same address, or the folder cannot be written.
    """
    path = root / PARTIAL / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")  # made when it is not there, never truncated
    except OSError as fault:
        raise BadInput(
            f"{path}: cannot be written ({fault.strerror}); free space there or name another folder"
        ) from fault
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise BadInput(f"{url}: another pull is fetching this now; wait for it to end") from fault
        file.seek(0)
        part = Part(path, file, url)
        try:
            yield part
        except OSError as fault:
            raise BadInput(f"{path}: cannot be written ({fault.strerror}); free space there") from fault
        finally:
            if not part.resumable:
                part.remove()


def _validator(head: bytes, url: str) -> str:
    """The validator that a first line states, empty when the line is not one of ours for `url`."""
    try:
        stated = json.loads(head)
    except ValueError:
        return ""
    if not isinstance(stated, dict) or stated.get("url") != url or not head.endswith(b"\n"):
        return ""
    validator = stated.get("validator")
    return validator if isinstance(validator, str) else ""
