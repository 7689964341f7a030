"""The settlement workbench answers a slider in the tab, asks nobody, and says what the server says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import PREFIX, Tab

BODY = "/body/T02/settlement"
SHOWN = """() => {
  const panel = id => document.getElementById(id).closest('.panel');
  return {
    lede: document.getElementById('lede').textContent,
    ledger: panel('title-ledger').textContent,
    twin: panel('title-ceiling').querySelector('table').textContent,
    terms: panel('terms').textContent,
    meaning: panel('meaning').textContent,
    sliders: [...document.querySelectorAll('input.range, input.typed')].map(each => each.value),
    links: [...document.querySelectorAll('main a[data-full]')]
      .map(each => each.pathname + decodeURIComponent(each.search)),
    hidden: [...document.querySelectorAll('[data-offered-only], [data-trial-only]')].map(each => each.hidden)
  };
}"""
CHART = """() => {
  const chart = document.querySelector('#chart-ceiling .js-plotly-plot') || document.getElementById('chart-ceiling');
  return JSON.stringify([chart.data.map(each => each.y.map(value => value.toFixed(6))),
    chart.layout.annotations.map(each => [each.text, each.y.toFixed(6), each.yshift]), chart.layout.yaxis.ticksuffix]);
}"""
STATES = (
    "share=80",
    "saving=0",
    "share=0&saving=8",
    "saving=1&cap=0",
    "threshold=6&catch_up=50&saving=2",
    "plan=hasty&cap=1",
    "catch_up=100&frontier_shift=3&threshold=10&saving=0.5",
)


@pytest.fixture
def bench(tab: Tab) -> Tab:
    """The workbench of a body, its script at work."""
    tab.open(BODY)
    tab.page.wait_for_function("() => window.evenhand.stay && document.querySelector('#page .main-svg')")
    return tab


def plain(tab: Tab, address: str) -> dict[str, Any]:
    """What the server paints at an address, before any script has changed it."""
    context = tab.page.context.browser.new_context()
    page = context.new_page()
    page.route("**/_dash-layout", lambda route: route.abort())
    page.goto(address)
    shown: dict[str, Any] = page.evaluate(SHOWN)
    context.close()
    return shown


def go(tab: Tab, query: str) -> None:
    """Another state of the page, as a moved control asks for it."""
    tab.page.evaluate(
        "query => { history.pushState({}, '', location.pathname + '?' + query);"
        " window.dispatchEvent(new CustomEvent('_dashprivate_pushstate')); }",
        query,
    )
    frames(tab)


def frames(tab: Tab) -> None:
    """Until what is due at the next frames has been drawn, after the rest that a chart takes (assets/workbench.js)."""
    tab.page.evaluate(
        "() => new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 240))"
    )


@pytest.mark.parametrize("query", STATES)
def test_the_tab_says_what_the_server_says_of_the_same_address(bench: Tab, query: str) -> None:
    before = len(bench.asked)
    go(bench, query)
    shown, drawn = bench.page.evaluate(SHOWN), bench.page.evaluate(CHART)
    assert bench.asked[before:] == []
    served = plain(bench, f"{bench.home}{PREFIX}{BODY}?{query}")
    for part, said in served.items():
        assert shown[part] == said
    bench.open(f"{BODY}?{query}")
    frames(bench)
    assert bench.page.evaluate(SHOWN) == shown
    assert bench.page.evaluate(CHART) == drawn


def test_twenty_steps_of_a_slider_ask_nothing_and_are_one_step_back(bench: Tab) -> None:
    page, first = bench.page, bench.page.evaluate(SHOWN)
    before = len(bench.asked)
    page.focus("#slider-saving")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile("saving=0$"))
    frames(bench)
    assert page.evaluate("document.activeElement.id") == "slider-saving"
    assert "trial; offered" in page.locator("[data-slider=saving]").inner_text()
    assert page.locator("#live").text_content() == page.locator("#lede").text_content()
    page.go_back()
    page.wait_for_url(re.compile("settlement$"))
    frames(bench)
    assert page.evaluate(SHOWN) == first
    assert bench.asked[before:] == []


def test_while_a_slider_moves_the_page_follows_and_the_address_waits(bench: Tab) -> None:
    page = bench.page
    page.evaluate(
        "() => { const slider = document.getElementById('slider-share'); slider.value = 90;"
        " slider.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    frames(bench)
    assert "90%" in page.locator("[data-slider=share] label").inner_text()
    assert page.url.endswith(BODY)
    assert page.locator("#sentence-ledger").inner_text().startswith("On trial, not offered.")


def test_a_typed_number_is_brought_within_its_limits(bench: Tab) -> None:
    page = bench.page
    page.click("summary:has-text('Type the numbers instead')")
    page.fill("#typed-cap", "7")
    page.keyboard.press("Tab")
    page.wait_for_url(re.compile("cap=7$"))
    assert page.locator("#slider-cap").input_value() == "7"
    page.fill("#typed-cap", "900")
    page.keyboard.press("Tab")
    page.wait_for_url(re.compile("cap=20$"))
    assert page.locator("#typed-cap").input_value() == "20"
    page.fill("#typed-cap", "")
    page.keyboard.press("Tab")
    page.wait_for_url(re.compile("settlement$"))
    assert page.locator("#typed-cap").input_value() == page.locator("[data-slider=cap]").get_attribute("data-offered")


def test_the_offered_terms_come_back_by_their_link_and_say_where_they_come_from(bench: Tab) -> None:
    page, first = bench.page, bench.page.evaluate(SHOWN)
    before = len(bench.asked)
    go(bench, "share=10&plan=hasty")
    assert page.locator("#origin-ledger").is_hidden()
    page.click("text=Back to the offered terms")
    page.wait_for_url(re.compile("settlement$"))
    frames(bench)
    assert page.evaluate(SHOWN) == first
    assert page.evaluate("document.activeElement.id") == "top"
    assert page.locator("#origin-ledger").is_visible()
    assert bench.asked[before:] == []


def test_what_the_tab_cannot_answer_the_server_answers(bench: Tab) -> None:
    go(bench, "share=900")
    bench.page.wait_for_function("() => document.querySelector('#page h1').textContent !== 'Birchfield'")
    assert "is a number from 0 to 100 per cent" in bench.page.locator("#page").inner_text()


def test_another_body_brings_its_own_figures(bench: Tab) -> None:
    page = bench.page
    go(bench, "share=10")
    page.evaluate(
        f"() => {{ history.pushState({{}}, '', '{PREFIX}/body/T09/settlement');"
        " window.dispatchEvent(new CustomEvent('_dashprivate_pushstate')); }"
    )
    page.wait_for_function("() => document.querySelector('#page h1').textContent === 'Inglemoor'")
    bench.settle()
    frames(bench)
    assert page.evaluate(SHOWN) == plain(bench, f"{bench.home}{PREFIX}/body/T09/settlement")


def test_minutes_typed_stay_in_the_tab_and_end_as_cash(bench: Tab) -> None:
    page = bench.page
    assert "£24,000 (3.3%) reaches the budget" in page.locator("#minutes-said").inner_text()
    before, address = len(bench.asked), page.url
    page.fill("#minutes-minutes", "40")
    page.fill("#minutes-cashable", "50")
    # 400 x 40 / 60 x 210 x 26 = 1,456,000; x 0.55 x 0.6 x 0.5 = 240,240; x 0.5 x 0.8 = 96,096
    said = page.locator("#minutes-said").inner_text()
    assert said.startswith("Of the £1.46m a year") and "£96,100 (6.6%) reaches the budget" in said
    rows = page.locator("#minutes").locator("xpath=ancestor::section").locator("tbody").first.locator("tr")
    assert rows.nth(7).locator("td").nth(1).inner_text() == "£96,100"
    page.select_option("#minutes-class", "standard buildings")
    assert "24%" in page.locator("#minutes").locator("xpath=ancestor::section").inner_text()
    page.fill("#minutes-days", "0")
    assert "cannot be read" in page.locator("#minutes-said").inner_text()
    assert page.locator("#minutes-days").get_attribute("aria-invalid") == "true"
    assert bench.asked[before:] == [] and page.url == address


@pytest.mark.parametrize("tab", [{"viewport": {"width": 360, "height": 800}}], indirect=True, ids=["phone"])
def test_on_a_phone_and_turned_to_a_wide_screen_the_chart_says_what_the_slider_asked(bench: Tab) -> None:
    go(bench, "saving=0")
    narrow = bench.page.evaluate(CHART)
    bench.page.set_viewport_size({"width": 1280, "height": 900})
    bench.page.wait_for_function("() => document.querySelector('#chart-ceiling .main-svg').clientWidth > 500")
    frames(bench)
    turned = bench.page.evaluate(CHART)
    bench.open(f"{BODY}?saving=0")
    frames(bench)
    assert turned == bench.page.evaluate(CHART)
    assert narrow.split("]],")[0] == turned.split("]],")[0]  # the same lines
