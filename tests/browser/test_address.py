"""The address is the state."""

from __future__ import annotations

from tests.browser.conftest import PREFIX, Tab


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


def test_a_permanent_link_shows_the_same_in_a_new_tab(tab: Tab) -> None:
    page = tab.open("/service/waste?measure=recycling_share")
    seen = [page.locator(part).inner_text() for part in ("#page h1", "#lede", "#page table")]
    link = page.locator("text=Permanent link").get_attribute("href")
    other = page.context.browser.new_context().new_page()
    other.goto(tab.home + link)
    other.wait_for_selector("html.ready", state="attached")
    assert [other.locator(part).inner_text() for part in ("#page h1", "#lede", "#page table")] == seen
    other.context.close()


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
