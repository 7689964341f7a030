"""What the keyboard does beyond reaching things: skip, find, open, close, and where the focus lands."""

from __future__ import annotations

from tests.browser.conftest import Tab


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
