"""Chromium and a served home, once per run. Without Chromium these tests skip aloud; where CI=true they fail."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server

from dashboards.app import create_app
from dashboards.library import Library
from pipelines.releases.reply_write import Noting, Raising, decide_dispute, leave_note, raise_dispute
from tests.browser.checks.axe import missing
from tests.browser.pages import Page, path_of
from tests.older import make_older
from tests.releases import PACK, make_release
from tests.runs import Ran

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PREFIX = "/twelve-councils"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Shelf:
    """A home with the invented release, an older state of it, and what T04 said: a note, an open and a decided dispute.

    All but the home are the names that addresses give them.
    """

    home: Path
    older: str
    release: str
    open: str
    decided: str

    @property
    def names(self) -> dict[str, str]:
        """Releases and disputes by what a path calls them."""
        return {part: getattr(self, part) for part in ("older", "release", "open", "decided")}

    def named(self, path: str) -> str:
        """A path with the names of releases and disputes put in."""
        return path.format_map(self.names)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    home = tmp_path_factory.mktemp("served")
    older, release = make_older(home)[:12], make_release(home)[:12]
    figure = ("T04", "waste_cost_per_tonne")
    said = Raising(
        *figure, "2022-23", "Finance lead, Dunmere", "The figure holds a payment\nfor two years.", 5_000_000.0
    )
    one = raise_dispute(home, PACK, said)
    other = raise_dispute(home, PACK, Raising(*figure, "2023-24", "Finance lead, Dunmere", "The cell is another's."))
    decide_dispute(home, PACK, other.id, "not-upheld", "Publisher", "The cell is Dunmere's own.")
    leave_note(home, PACK, Noting("T04", "waste", "Dunmere", "We collect every week."))
    return Shelf(home, older, release, one.id, other.id)


@dataclass(frozen=True)
class Site:
    """A served home: its address, and the library that answers there."""

    address: str
    library: Library
    names: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def serving(home: Path, names: Mapping[str, str] | None = None) -> Iterator[Site]:
    """A home served from a thread of this process, while the block lasts."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app(home)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", app.library, names or {})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def invented(shelf: Shelf) -> Iterator[Site]:
    """The invented release and its older state, served."""
    with serving(shelf.home, shelf.names) as site:
        yield site


@pytest.fixture(scope="session")
def shipped(both: Ran) -> Iterator[Site]:
    """Both shipped packs as `evenhand run` builds them, served."""
    assert both.outcome.code == 0, both.outcome.err
    with serving(both.home) as site:
        yield site


@pytest.fixture
def site(listed: Page, request: pytest.FixtureRequest) -> Site:
    """Where the page at hand is served."""
    found: Site = request.getfixturevalue("invented" if listed.pack == PACK else "shipped")
    return found


@pytest.fixture
def path(listed: Page, site: Site) -> str:
    """The address of the page at hand, with pack, release and bodies filled in."""
    return path_of(listed, site.library, site.names)


@pytest.fixture(scope="session")
def served(invented: Site) -> str:
    """Address of a server over the invented release."""
    return invented.address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the whole run."""
    if not CHROMIUM.exists() and not shutil.which("chromium"):
        missing("Chromium is not installed: `apt-get install chromium` brings it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = str(CHROMIUM if CHROMIUM.exists() else shutil.which("chromium"))
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Tab:
    """One open page, with what it asked for and complained about."""

    page: Any
    home: str
    shelf: Shelf
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        """Load a page of the invented release."""
        return self.visit(self.home + PREFIX + self.shelf.named(path))

    def visit(self, address: str) -> Any:
        """Load a page and wait until the script has taken over and charts are drawn."""
        self.page.goto(address)
        self.settle()
        return self.page

    def settle(self) -> None:
        self.page.wait_for_selector("html.ready", state="attached")
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('#page .chart')].every(c => c.querySelector('.main-svg'))"
        )


@pytest.fixture
def tab(chromium: Any, served: str, shelf: Shelf, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """A tab of its own; `@pytest.mark.parametrize("tab", [{...}], indirect=True)` gives options of the context."""
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **getattr(request, "param", {})})
    context.set_default_timeout(30_000)
    page = context.new_page()
    found = Tab(page, served, shelf)
    page.on("request", lambda asked: found.asked.append(asked.url))
    page.on("console", lambda said: found.said.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: found.said.append(f"error: {error}"))
    yield found
    context.close()
