"""A real server over a home, and requests to it byte by byte: what a polite client would never send."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

START = "from pipelines.cli import main; main()"


class Answer(NamedTuple):
    """Status, head and body as they came; status 0 where none came."""

    status: int
    head: str
    body: bytes


@contextmanager
def serving(home: Path, log: Path) -> Iterator[int]:
    """The port of `evenhand serve` over a home, while the block lasts; what it prints goes to `log`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", START, "serve", "--home", str(home), "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(60)  # its workers may still be reading their releases


def wait(port: int, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    """Until the server answers. Raises TimeoutError where it does not."""
    for _ in range(int(seconds / 0.1)):
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (URLError, ConnectionError):
            assert process.poll() is None, "the server stopped"
            time.sleep(0.1)
    raise TimeoutError("the server did not answer")


def send(port: int, data: bytes) -> Answer:
    """What comes back for these bytes, until the server closes the connection."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        try:
            line.sendall(data)
            while part := line.recv(65536):
                found += part
        except ConnectionError:
            assert found, "the connection was cut before any answer"
    found = found.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    head, _, body = found.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    return Answer(int(words[1]) if len(words) > 1 else 0, head.decode("latin-1").lower(), body)


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request; a header's name is given with underscores. Host and length are added where they are not given."""
    given = {name.replace("_", "-").title(): value for name, value in headers.items()}
    known = {"Host": "localhost", **given, "Connection": "close"}
    if body and "Content-Length" not in known and "Transfer-Encoding" not in known:
        known["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in known.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
