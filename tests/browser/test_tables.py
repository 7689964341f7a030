"""Tables are put in place by the script: every cell that the server painted is there, after each way to a page."""

from __future__ import annotations

from tests.browser.conftest import Tab

ROWS = "() => [...document.querySelectorAll('#page table')].map(t => t.rows.length)"
PAINTED = "() => [...document.querySelectorAll('#painted table')].map(t => t.rows.length)"


def test_tables_are_whole_after_loading_and_after_links(tab: Tab) -> None:
    page = tab.page
    page.route("**/_dash-layout", lambda route: route.abort())
    page.goto(f"{tab.home}/twelve-councils/quality")
    painted = page.evaluate(PAINTED)
    page.unroute("**/_dash-layout")
    tab.open("/quality")
    assert page.evaluate(ROWS) == painted and len(painted) > 3
    for label, title in (("Releases", "Releases"), ("Services", "Services"), ("Quality", "Which figures to doubt")):
        page.click(f"nav.main >> text={label}")
        page.wait_for_selector(f"#page h1:has-text('{title}')")
        page.wait_for_timeout(300)
        framed = "() => [...document.querySelectorAll('#page .scroll')].map(f => f.querySelectorAll('table').length)"
        assert set(page.evaluate(framed)) == {1}
    assert page.evaluate(ROWS) == painted
