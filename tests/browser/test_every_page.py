"""Every page, opened once and held against everything that a page must be; a failure names the check and its findings.

Checks that change the window come last. The policy is in force throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.checks import axe, fit, forced, keyboard
from tests.browser.conftest import Site, Tab
from tests.browser.pages import EACH, Page

CHECKS: dict[str, Callable[[Any], list[str]]] = {
    "axe, light": axe.findings,
    "axe, dark": axe.in_the_dark,
    "keyboard": keyboard.walk,
    "forced colours": forced.kept,
    "320 pixels and 400 %": fit.narrow,
    "paper": fit.printed,
}


@EACH
def test_a_page_asks_no_stranger_complains_of_nothing_and_passes_every_check(
    tab: Tab, site: Site, path: str, listed: Page
) -> None:
    page = tab.visit(site.address + path)
    page.wait_for_timeout(200)
    found = {name: check(page) for name, check in CHECKS.items()}
    found["strangers"] = [url for url in tab.asked if not url.startswith((site.address, "data:", "blob:"))]
    found["console"] = [said for said in tab.said if "404" not in said or listed.path != "/nope"]
    assert {name: faults for name, faults in found.items() if faults} == {}
