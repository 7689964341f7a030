"""axe finds nothing where a page has more than it shows at first: drawer open, tables unfolded, no script yet."""

from __future__ import annotations

import pytest

from tests.browser.checks.axe import findings, in_the_dark
from tests.browser.conftest import PREFIX, Site, Tab
from tests.browser.pages import DEEPER, Page


@DEEPER
def test_no_finding_with_tables_unfolded_and_the_drawer_open(tab: Tab, site: Site, path: str, listed: Page) -> None:
    page = tab.visit(site.address + path)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert findings(page) == []
    links = page.locator("#page [data-drawer]:visible")
    if links.count():
        links.first.click()
        page.wait_for_selector("dialog[open]")
        assert page.locator("#claim-title").inner_text() != "No such figure"
        assert findings(page) == []
    assert in_the_dark(page) == []


@pytest.mark.parametrize("tab", [{"viewport": {"width": 320, "height": 640}}], indirect=True, ids=["phone"])
def test_no_finding_on_a_phone(tab: Tab) -> None:
    assert findings(tab.open("/body/T01")) == []


def test_no_finding_before_the_script_has_taken_over(tab: Tab) -> None:
    page = tab.page
    page.route("**/_dash-layout", lambda route: route.abort())
    page.goto(tab.home + PREFIX + "/body/T01")
    assert page.locator("#painted h1").inner_text() == "Alderbrook"
    assert findings(page) == []
