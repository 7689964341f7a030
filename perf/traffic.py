"""What readers of every published pack ask, a server to ask it of, and its own counters; for perf/dashboard.py."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, NamedTuple

from dashboards.data import Book
from dashboards.library import Library

COMMAND = (sys.executable, "-c", "from pipelines.cli import main; main()")
CALLBACK = "/_dash-update-component"
TABS = ("", "/chain", "/potential", "/targets", "/settlement", "/peers", "/report")
SECTOR = ("", "/bodies", "/services", "/settlements", "/quality", "/releases", "/methods", "/glossary")
WORKERS = 2
Request = tuple[str, str, str]


class Answer(NamedTuple):
    """Status, milliseconds and body as sent."""

    status: int
    took: float
    body: bytes


def callback(output: str, key: str, value: object) -> Request:
    """What a browser sends for a page or a drawer."""
    name = f"{key}.data"
    part, side = output.split(".")
    said = {
        "output": output,
        "outputs": {"id": part, "property": side},
        "inputs": [{"id": key, "property": "data", "value": value}],
        "changedPropIds": [name],
        "parsedChangedPropsIds": [name],
    }
    return "POST", CALLBACK, json.dumps(said)


def page_of(path: str) -> Request:
    return callback("page.children", "page-key", path)


def prefix(book: Book) -> str:
    return "/" + book.pack.replace("_", "-")


def targets(book: Book, rng: random.Random) -> tuple[list[str], list[Request], list[Request]]:
    """(pages, drawers, answers of the interface) of a pack, 600 bodies' pages in the order of their popularity."""
    start, services = prefix(book), list(book.services)
    bodies = [body.id for body in book.living]
    rng.shuffle(bodies)
    tabs = [*TABS, *(f"/service/{service}" for service in services)]
    pages = [f"{start}/body/{body}{rng.choice(tabs)}" for body in bodies for _ in range(2)]
    headline = book.services[book.foremost]["headline"]
    period = book.newest(headline)
    drawers = [
        callback(
            "drawer.children", "claim-key", [f"{start}/body/{body}", f"{body}~{headline}~{period}~{book.headline}"]
        )
        for body in bodies
    ]
    api = f"/api/v1/packs/{book.pack}/releases/{book.id}"
    tables = [f"{api}/tables/indicator_values?body_id={body}" for body in bodies]
    return pages, drawers, [("GET", path, "") for path in tables]


def zipf(listed: Sequence[Any], count: int, rng: random.Random) -> list[Any]:
    """`count` draws in which the n-th item comes up 1/n as often as the first."""
    return rng.choices(listed, [1 / place for place in range(1, len(listed) + 1)], k=count)


def mix(library: Library, count: int, files: Sequence[str], seed: int = 1) -> list[Request]:
    """`count` requests of readers of every pack."""
    rng = random.Random(seed)
    found: list[Request] = []
    books = [library.book(pack) for pack in library.packs()]
    for book in books:
        each = count // len(books) // 20
        pages, drawers, interface = targets(book, rng)
        sector = [prefix(book) + path for path in (*SECTOR, *(f"/service/{service}" for service in book.services))]
        found += [page_of(path) for path in (*zipf(pages, 6 * each, rng), *zipf(sector, 2 * each, rng))]
        found += [("GET", path, "") for path in (*zipf(pages, 3 * each, rng), *zipf(sector, each, rng))]
        found += [("GET", path, "") for path in ("/_dash-layout", "/_dash-dependencies") for _ in range(each)]
        found += [("GET", path, "") for path in rng.choices(files, k=2 * each)]
        found += [*zipf(drawers, 2 * each, rng), *zipf(interface, 2 * each, rng)]
    rng.shuffle(found)
    return found


class Site:
    """A running server: asked once, or by a crowd."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: str = "") -> Answer:
        """One request on a connection of its own."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        head = {"Accept-Encoding": "gzip, deflate, br, zstd", **({"Content-Type": "application/json"} if body else {})}
        begun = perf_counter()
        line.request(method, path, body or None, head)
        answer = line.getresponse()
        data = answer.read()
        took = 1000 * (perf_counter() - begun)
        line.close()
        return Answer(answer.status, took, data)

    def plain(self, path: str) -> str:
        """A page as text, never compressed."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("GET", path)
        text = line.getresponse().read().decode()
        line.close()
        return text

    def counters(self) -> tuple[int, int]:
        """(hits, misses) of all workers together; asked until each has answered."""
        seen: dict[int, tuple[int, int]] = {}
        for _ in range(200):
            told = json.loads(self.ask("GET", "/healthz").body)
            seen[told["worker"]] = (told["answers"]["hits"], told["answers"]["misses"])
            if len(seen) == WORKERS:
                break
        return sum(hits for hits, _ in seen.values()), sum(misses for _, misses in seen.values())

    def crowd(self, requests: Sequence[Request], users: int, pause: float, seconds: float) -> dict[str, Any]:
        """What so many users saw, with the share of answers found ready-made."""
        task = {"port": self.port, "users": users, "pause": pause, "seconds": seconds, "requests": requests}
        before = self.counters()
        said = subprocess.run(
            (sys.executable, "-m", "perf.load"), input=json.dumps(task).encode(), stdout=subprocess.PIPE, check=True
        )
        after = self.counters()
        hits, misses = (late - early for late, early in zip(after, before, strict=True))
        return {**json.loads(said.stdout), "hit_rate": hits / max(1, hits + misses)}


@contextmanager
def serving(home: Path) -> Iterator[tuple[Site, float]]:
    """`evenhand serve` over a home, and the seconds until it first answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = perf_counter()
    command = (*COMMAND, "serve", "--home", str(home), "--port", str(port), "--workers", str(WORKERS))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    site = Site(port)
    try:
        while True:
            try:
                site.ask("GET", "/healthz")
                break
            except OSError:
                sleep(0.05)
        yield site, perf_counter() - begun
    finally:
        process.terminate()
        process.wait(30)
