"""The address is the state."""

from __future__ import annotations

from typing import Any

from dashboards import routes
from dashboards.components.markup import render
from tests.browser.conftest import PREFIX, Site, Tab
from tests.browser.pages import DEEPER, EACH, Page


def test_a_control_changes_the_address_keeps_the_focus_and_says_the_lede(tab: Tab) -> None:
    page = tab.open("?service=roads")
    page.select_option("#control-service", label="Waste and recycling")
    page.wait_for_function("() => document.querySelector('#control-service') === document.activeElement")
    page.wait_for_function("() => document.querySelector('#live').textContent.includes('waste')")
    assert page.url.endswith("service=waste") or page.url.endswith(PREFIX)


def test_back_restores_page_and_choice(tab: Tab) -> None:
    page = tab.open("/body/T06")
    before = page.locator("#lede").inner_text()
    page.select_option("#control-model", "official")
    page.wait_for_url("**?model=official")
    page.wait_for_function("() => document.querySelector('#page .compared').textContent.includes('own list')")
    page.go_back()
    page.wait_for_function("() => !document.querySelector('#page .compared').textContent.includes('own list')")
    assert page.locator("#lede").inner_text() == before
    assert page.input_value("#control-model") == ""


def test_back_closes_the_drawer(tab: Tab) -> None:
    page = tab.open("/body/T01")
    page.click("#claim-waste_cost_per_tonne")
    page.wait_for_selector("dialog[open]")
    page.go_back()
    page.wait_for_selector("dialog[open]", state="detached")


@DEEPER
def test_a_permanent_link_shows_the_same_in_a_new_browser_and_back_restores_it(
    tab: Tab, site: Site, path: str, listed: Page
) -> None:
    page = tab.visit(site.address + path)
    seen = shown(page)
    links = page.locator("#page a", has_text="Permanent link")
    link = links.first.get_attribute("href") if links.count() else path  # a page that says what is wrong has none
    context = page.context.browser.new_context()
    other = context.new_page()
    other.goto(site.address + link)
    other.wait_for_selector("html.ready", state="attached")
    assert comes_to(other, seen) == seen
    other.locator("nav.main a", has_text="Quality").click()
    other.wait_for_function("() => document.querySelector('#page h1').textContent === 'Which figures to doubt'")
    other.go_back()
    other.wait_for_function("title => document.querySelector('#page h1').textContent === title", arg=seen[0])
    assert comes_to(other, seen) == seen
    context.close()


def comes_to(page: Any, seen: list[str]) -> list[str]:
    """What the page shows once it shows what is expected, or after ten seconds: some parts are filled by a script."""
    for _ in range(100):
        if shown(page) == seen:
            break
        page.wait_for_timeout(100)
    return shown(page)


def shown(page: Any) -> list[str]:
    """Heading, lede and first table, as far as the page has them."""
    parts = (page.locator(f"#page {part}") for part in ("h1", ".lede", "table"))
    return [part.first.inner_text() if part.count() else "" for part in parts]


@EACH
def test_an_unknown_setting_is_refused_with_a_way_out(site: Site, path: str, listed: Page) -> None:
    view = routes.view(site.library, f"{path}{'&' if '?' in path else '?'}bogus=1")
    assert view.status == (404 if listed.path == "/nope" else 400)
    assert "<a " in render(view.content)


def test_an_address_with_a_claim_opens_the_drawer(tab: Tab) -> None:
    page = tab.open("/body/T01?claim=T01~recycling_share~2023-24~statistical")
    page.wait_for_selector("dialog[open]")
    assert "Waste recycled" in page.locator("#claim-title").inner_text()


def test_without_a_script_the_page_and_its_claims_are_there(tab: Tab) -> None:
    context = tab.page.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(tab.home + PREFIX + "/body/T01")
    assert page.locator("h1").inner_text() == "Alderbrook"
    page.click("#claim-waste_cost_per_tonne")
    assert "/claim/T01/waste_cost_per_tonne" in page.url
    assert page.locator("h3").first.inner_text() == "How it is calculated"
    context.close()


def test_a_chosen_appearance_lasts_and_colours_the_charts(tab: Tab) -> None:
    page = tab.open("/body/T01")
    page.select_option("#appearance", "dark")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.main-svg')).background.includes('16, 22, 28')"
    )
    page.reload()
    tab.settle()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.main-svg')).background.includes('16, 22, 28')"
    )


def test_a_slider_writes_itself_alone_and_another_plan_brings_its_own_course(tab: Tab) -> None:
    page = tab.open("/body/T01/settlement")
    page.locator("#slider-share").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**?share=55")
    page.select_option("#control-plan", "steady")
    page.wait_for_url("**plan=steady*")
    page.wait_for_function("() => document.querySelector('#slider-saving').value === '0'")
    assert "saving=" not in page.url
    assert page.locator("#slider-share").input_value() == "55"
