"""Chromium and a served home, once per run. Without Chromium these tests skip aloud; where CI=true they fail."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server

from dashboards.app import create_app
from tests.older import make_older
from tests.releases import make_release

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
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PREFIX = "/twelve-councils"
PAGES = (
    "",
    "?service=waste",
    "/bodies",
    "/find?q=b",
    "/body/T01",
    "/body/T08/peers",
    "/body/T01/peers?count=5&weight-need=2&without=T02&with=T10&measure=waste_cost_per_tonne",
    "/body/T01/peers?add=b",
    "/body/T01/service/waste?with=T10",
    "/body/T01/report",
    "/body/T03/service/waste?measure=recycling_share",
    "/body/T02/chain",
    "/body/T01/potential",
    "/body/T01/try?service=waste",
    "/body/T01/targets",
    "/body/T01/settlement?share=80",
    "/settlements",
    "/services",
    "/service/waste?measure=recycling_share",
    "/quality",
    "/releases",
    "/releases/{older}..{release}",
    "/releases/{older}..{release}?show=verdicts",
    "/releases/{release}",
    "/operate",
    "/methods",
    "/methods/M3.4",
    "/dictionary",
    "/dictionary/positions",
    "/glossary",
    "/accessibility",
    "/claim/T01/recycling_share/2023-24/statistical",
    "/nope",
)
"""One of each kind of page; `EVENHAND_AUDIT=true` adds every living body."""


def missing(what: str) -> None:
    """Skip aloud, or fail where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page_path" in metafunc.fixturenames:
        audit = os.environ.get("EVENHAND_AUDIT") == "true"
        more = tuple(f"/body/T{i:02}" for i in range(2, 12)) if audit else ()
        metafunc.parametrize("page_path", (*PAGES, *more))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Shelf:
    """A home with the invented release and an older state of it, and the names that addresses give them."""

    home: Path
    older: str
    release: str

    def named(self, path: str) -> str:
        """A path of PAGES with the releases' names put in."""
        return path.replace("{older}", self.older).replace("{release}", self.release)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    home = tmp_path_factory.mktemp("served")
    return Shelf(home, make_older(home)[:12], make_release(home)[:12])


@pytest.fixture(scope="session")
def served(shelf: Shelf) -> Iterator[str]:
    """Address of a server over the invented release."""
    home = shelf.home
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app(home).server, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


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
        """Load a page and wait until the script has taken over and charts are drawn."""
        self.page.goto(self.home + PREFIX + self.shelf.named(path))
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
