"""Serve the dashboard with granian: loopback unless told otherwise, workers that share nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

from dashboards import routes
from dashboards.data import Book
from dashboards.library import Library

HOME, PROXIES = "EVENHAND_SERVED_HOME", "EVENHAND_SERVED_PROXIES"
"""How home and proxies reach the workers, which start as processes of their own."""
WATCH = 2.0
"""Seconds between two looks at the pointers."""
TABS = ((), ("chain",), ("potential",), ("targets",), ("settlement",), ("peers",), ("report",), ("try",))


def serve(home: Path, host: str = "127.0.0.1", port: int = 8050, workers: int = 1, proxies: int = 0) -> None:
    """Serve the releases under `home` until stopped. proxies : reverse proxies in front, see `create_app`."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ[HOME], os.environ[PROXIES] = str(home.resolve()), str(proxies)
    Server(
        "dashboards.serve:load",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        log_access=False,
    ).serve()


def load() -> Any:
    """The WSGI application of one worker, which reads the current releases before a reader asks, and each new one."""
    from dashboards.app import create_app

    home = Path(os.environ[HOME])
    app = create_app(home, int(os.environ.get(PROXIES, "0")))
    Thread(target=stay_warm, args=(app.library,), name="warm", daemon=True).start()
    return app.server


def stay_warm(library: Library) -> None:
    """Read every release that becomes current, for as long as the worker lives."""
    seen: frozenset[tuple[str, str]] = frozenset()
    while True:
        current = frozenset(library.current())
        for pack, release in sorted(current - seen):
            warm(library, library.book(pack, release))
        seen = current
        sleep(WATCH)


def warm(library: Library, book: Book) -> None:
    """Make one page of each kind: tables are read when first asked for, and kept. The pages themselves are not."""
    for parts in kinds(book):
        routes.view(library, "/".join(("", book.pack.replace("_", "-"), *parts)))


def kinds(book: Book) -> Iterator[tuple[str, ...]]:
    """A page of each kind that reads tables, those most asked for first."""
    yield ()
    service = book.foremost
    headline = book.services[service]["headline"] if service else ""
    rows = book.standing(book.headline, indicator_id=headline, period=book.newest(headline))
    measured = (row["body_id"] for row in rows if row["value"] is not None)
    body = next(measured, next((body.id for body in book.living), ""))
    yield from (("body", body, *tab) for tab in (*TABS, ("service", service)))
    yield ("service", service)
    yield ("claim", body, headline, book.newest(headline), book.headline)
    yield from ((name,) for name in ("settlements", "quality", "bodies", "methods"))
