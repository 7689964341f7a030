"""axe finds nothing on any page, light or dark, drawer open or closed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import AXE, PREFIX, Tab, missing

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BYPASS = {"bypass_csp": True}


def findings(page: Any) -> list[str]:
    """What axe finds, as lines of rule, element and reason."""
    if not AXE.exists():
        missing("axe-core is not here: `python -m dashboards.vendor --tests` fetches it")
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("tab", [BYPASS], indirect=True, ids=[""])
def test_no_finding_in_light_or_dark(tab: Tab, page_path: str) -> None:
    page = tab.open(page_path)
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    assert findings(page) == []


@pytest.mark.parametrize("tab", [BYPASS], indirect=True)
def test_no_finding_with_the_drawer_open_and_tables_unfolded(tab: Tab) -> None:
    page = tab.open("/body/T01")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert findings(page) == []
    page.click("#claim-waste_cost_per_tonne")
    page.wait_for_selector("dialog[open]")
    assert findings(page) == []


@pytest.mark.parametrize("tab", [{**BYPASS, "viewport": {"width": 320, "height": 640}}], indirect=True, ids=["phone"])
def test_no_finding_on_a_phone(tab: Tab) -> None:
    assert findings(tab.open("/body/T01")) == []


@pytest.mark.parametrize("tab", [{**BYPASS, "java_script_enabled": True}], indirect=True)
def test_no_finding_before_the_script_has_taken_over(tab: Tab) -> None:
    page = tab.page
    page.route("**/_dash-layout", lambda route: route.abort())
    page.goto(tab.home + PREFIX + "/body/T01")
    assert page.locator("#painted h1").inner_text() == "Alderbrook"
    assert findings(page) == []
