"""Every page works by keyboard alone."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Tab

WALK = """() => {
  const shown = e => e.checkVisibility({checkVisibilityCSS: true, checkOpacity: true}) && !e.closest('[hidden]');
  return [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]')]
    .filter(e => !e.disabled && shown(e)).length;
}"""
HERE = """() => {
  const e = document.activeElement, s = getComputedStyle(e);
  return {tag: e.tagName, text: (e.textContent || e.name || '').trim().slice(0, 60), chart: !!e.closest('.chart'),
          ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, body: e === document.body};
}"""


def walk(page: Any, most: int = 400) -> list[dict[str, Any]]:
    """Stops of the Tab key from the top until the focus leaves the page."""
    stops = []
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(HERE)
        if stop["body"]:
            break
        stops.append(stop)
    return stops


def test_every_link_and_control_is_reached_with_a_visible_ring_and_none_in_a_chart(tab: Tab, page_path: str) -> None:
    page = tab.open(page_path)
    stops = walk(page)
    assert len(stops) == page.evaluate(WALK)
    assert stops[0]["text"] == "Skip to the content"
    assert not [stop for stop in stops if stop["chart"]]
    assert not [stop for stop in stops if not stop["ring"]]


def test_the_skip_link_lands_in_main(tab: Tab) -> None:
    page = tab.open("/body/T01")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_body_is_two_actions_away_by_keyboard(tab: Tab) -> None:
    page = tab.open("/quality")
    page.focus("#find")
    page.keyboard.type("heathwick")
    page.keyboard.press("Enter")
    page.wait_for_url("**/body/T08")
    tab.settle()
    assert page.locator("#page h1").inner_text() == "Heathwick"


def test_after_navigation_the_heading_has_the_focus_and_the_title_changes(tab: Tab) -> None:
    page = tab.open("")
    page.click("nav.main >> text=Quality")
    page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    assert page.evaluate("document.activeElement.textContent") == "Which figures to doubt"
    assert page.title() == "Which figures to doubt · Evenhand"
    assert page.locator("nav.main [aria-current=page]").inner_text() == "Quality"


def test_the_drawer_opens_closes_and_gives_the_focus_back(tab: Tab) -> None:
    page = tab.open("/body/T01")
    page.focus("#claim-waste_cost_per_tonne")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert "claim=T01~waste_cost_per_tonne~2023-24" in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    assert page.evaluate("document.activeElement.id") == "claim-waste_cost_per_tonne"
    assert "claim" not in page.url
