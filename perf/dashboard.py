"""How fast the dashboard answers: `python -m perf.dashboard [--home HOME] [--seconds 8]` from the repository.

Rows of the design's acceptance table that concern the server. `evenhand serve` (granian, 2 workers) answers real HTTP
over a copy of a home that holds finished releases (without --home, one that a run of both packs makes), asked by
another process (perf/load.py). The mix is that of readers of every published pack: of 20 requests 8 are the callback
that the browser sends for a page, 4 whole pages, 2 what Dash asks on a first visit, 2 files, 2 drawers and 2 answers
of the interface. Which body is drawn by Zipf's law, so that some are asked for often and most seldom.

Kept and made anew are told apart by the workers' own counters, printed beside the figures. One machine holds server,
readers and whatever else it does: the load average stands beside each row. Nothing here passes or fails; what the
design asks for stands in round brackets.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

import polars as pl

from dashboards.data import Book
from dashboards.library import Library
from perf.traffic import COMMAND, TABS, Answer, Request, Site, mix, page_of, prefix, serving
from pipelines.releases import layout
from pipelines.releases.build import PROVENANCE_KEYS, Candidate, build
from pipelines.releases.package import FACTS
from pipelines.releases.store import Store

WARM = 20.0
"""Seconds given to the workers to read their releases before anything is measured."""
CROWDS = ((50, 0.0, 50), (300, 0.0, 200), (600, 4.0, 200))
"""Users, mean pause in seconds, and the p95 in milliseconds that the design asks for."""
REQUESTS = 4000
ROUNDS, KEPT = 12, 0.998
"""A crowd asks until this share of answers is ready-made, so many times at most."""
SECTOR = ("", "/bodies", "/settlements", "/quality", "/services", "/releases", "/methods", "/operate")
CHROMIUM = shutil.which("chromium")


def main() -> None:
    """Print every row."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--home", type=Path, help="a home with releases; left as it is")
    options.add_argument("--seconds", type=float, default=8.0, help="of each crowd")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="evenhand-perf-") as folder:
        home = Path(folder) / "home"
        provide(home, asked.home)
        measure(home, asked.seconds)


def provide(home: Path, given: Path | None) -> None:
    """A home to measure: a copy of the given one's releases, or what a run makes."""
    if given:
        shutil.copytree(given / "releases", home / "releases")
    else:
        subprocess.run((*COMMAND, "run", "--home", str(home)), check=True)


def measure(home: Path, seconds: float) -> None:
    """Every row, in the order in which a server's day goes."""
    library = Library(home)
    books = [library.book(pack) for pack in library.packs()]
    with prepared(home, books[-1]) as candidate, serving(home) as (site, started):
        first_requests(site, books, started)
        uncached(site, books)
        for book in books:
            what_if(site, book)
        asked = mix(library, REQUESTS, files(site, books[0]))
        crowd(site, "50 users, no pause, nothing kept yet", asked, (50, 0.0), seconds)
        for _ in range(ROUNDS):  # each worker keeps its own answers, and learns only what it happens to be asked
            if site.crowd(asked, 64, 0.0, seconds)["hit_rate"] > KEPT:
                break
        for users, pause, wanted in CROWDS:
            name = f"{users} users, {f'pausing {pause:.0f} s' if pause else 'no pause'} (p95 {wanted} ms)"
            crowd(site, name, asked, (users, pause), max(seconds, 4 * pause))
        publication(site, home, books[-1], candidate, asked, 2 * seconds)
        first_visit(site, books[0])


def row(name: str, *said: str) -> None:
    print(f"{name:<52} {', '.join(said)}  [load {os.getloadavg()[0]:.1f}]", flush=True)


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values) or [float("nan")]
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(answers: Sequence[Answer]) -> str:
    """Median and most, and how many are not what was asked for."""
    took = [answer.took for answer in answers]
    wrong = sum(answer.status != 200 for answer in answers)
    return f"{median(took):.0f} ms, most {max(took):.0f}" + (f", {wrong} of {len(took)} REFUSED" if wrong else "")


def first_requests(site: Site, books: Sequence[Book], started: float) -> None:
    """What the first readers wait for after a start, and others once the workers have read their releases."""
    row("start to first answer", f"{started:.1f} s")
    for place, when in enumerate(("at once", f"{WARM:.0f} s later")):
        for book in books:
            path = f"{prefix(book)}/body/{book.living[place].id}"
            row(f"first body page {when}: {book.pack}", f"{site.ask('GET', path).took:.0f} ms")
        sleep(0 if place else WARM)


def uncached(site: Site, books: Sequence[Book]) -> None:
    """Answers that no worker holds yet, one at a time: whole pages and callbacks, by kind."""
    for book in books:
        for kind, paths in kinds(book).items():
            pages = [site.ask("GET", path) for path in paths]
            calls = [site.ask(*page_of(path)) for path in paths]
            row(f"uncached {book.pack} {kind} (100 ms)", f"page {spread(pages)}", f"callback {spread(calls)}")


def kinds(book: Book) -> dict[str, list[str]]:
    """Addresses of each kind of page, none of them twice."""
    start, services = prefix(book), list(book.services)
    bodies = [body.id for body in book.living[2:]]
    tabs = (*TABS, *(f"/service/{service}" for service in services))
    found = {f"/body/…{tab}": [f"{start}/body/{body}{tab}" for body in bodies[::17][:8]] for tab in tabs}
    paths = (*SECTOR, *(f"/service/{service}" for service in services))
    return {**found, **{path or "/": variants(book, path) for path in paths}}


def variants(book: Book, path: str) -> list[str]:
    """One page under addresses that are kept apart: by release or not, in either appearance or the reader's own."""
    start = prefix(book)
    themes = ("", "?theme=light", "?theme=dark")
    return [f"{base}{path}{theme}" for base in (start, f"{start}/{book.id[:12]}") for theme in themes]


def what_if(site: Site, book: Book) -> None:
    """Terms on trial for a whole sector, never asked for before, so computed at each step."""
    paths = [f"{prefix(book)}/settlements?share={5 * n}&cap={n}" for n in range(1, 13)]
    if site.ask("GET", paths[0]).status == 200:
        row(f"sector what-if {book.pack} (200 ms)", f"callback {spread([site.ask(*page_of(path)) for path in paths])}")


def crowd(site: Site, name: str, asked: Sequence[Request], size: tuple[int, float], seconds: float) -> None:
    """One crowd as a row."""
    tell(name, site.crowd(asked, *size, seconds))


def tell(name: str, found: dict[str, Any]) -> None:
    took = found["took"]
    figures = f"p50 {quantile(took, 0.5):.1f}, p95 {quantile(took, 0.95):.1f}, p99 {quantile(took, 0.99):.1f} ms"
    rate, hits = f"{len(took) / found['seconds']:,.0f} requests/s", f"hit rate {found['hit_rate']:.1%}"
    wrong = f"{found['failed']} failed {found['failures'] or ''}".strip()
    row(name, figures, rate, hits, wrong, f"readers took {found['core']:.0%} of a core")


def files(site: Site, book: Book) -> list[str]:
    """Our own files that a page names."""
    painted = site.plain(prefix(book))
    return [path for path in re.findall(r'(?:src|href)="(/assets/[^"]+)"', painted) if "plotly" not in path]


@contextmanager
def prepared(home: Path, book: Book) -> Iterator[Candidate]:
    """A second release of a pack, whole and checked, that only has to be published: the first under another title."""
    store, release = Store(home), book.release
    facts = {**{name: release.facts[name] for name in FACTS}, "title": f"{book.title}, again"}
    made = json.loads((release.path / layout.PROVENANCE).read_bytes())
    lineage = pl.read_parquet(release.path / layout.LINEAGE)
    frames = {name: release.table(name) for name in release.tables()}
    with store.workspace(book.pack) as folder:
        yield build(folder, frames, release.checks, lineage, facts, {name: made[name] for name in PROVENANCE_KEYS})


def publication(
    site: Site, home: Path, book: Book, candidate: Candidate, asked: Sequence[Request], seconds: float
) -> None:
    """Publish while a crowd asks: whether the very next readers see it, and whether anybody was failed."""
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(site.crowd, asked, 50, 0.0, seconds)
        sleep(seconds / 3)
        begun = perf_counter()
        Store(home).publish(book.pack, candidate, by="perf", why="while readers ask")
        pointed = perf_counter()
        fresh = [f"{book.title}, again" in site.plain(prefix(book)) for _ in range(10)]  # both workers, most likely
        tell("50 users, no pause, a release published meanwhile", told.result())
    row("that release", f"published in {pointed - begun:.2f} s", f"shown to {sum(fresh)} of the next 10 requests")


def first_visit(site: Site, book: Book) -> None:
    """Bytes, requests and times of a first visit to a body's page in Chromium, where there is one: medians of five."""
    if not CHROMIUM:
        row("first visit", "Chromium is not installed")
        return
    from perf.visit import visits

    path = f"http://127.0.0.1:{site.port}{prefix(book)}/body/{book.living[2].id}"
    found = visits(CHROMIUM, path, 5)
    for name, wanted, values in found:
        row(f"first visit: {name} ({wanted})", f"{median(values):,.2f}".rstrip("0").rstrip("."))


if __name__ == "__main__":
    main()
