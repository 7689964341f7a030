"""A narrow screen and a sheet of paper."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Tab

PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.mark.parametrize("tab", [PHONE], indirect=True, ids=["320px"])
def test_targets_are_24_pixels_and_the_plot_becomes_three_counts(tab: Tab) -> None:
    page = tab.open("?service=waste")
    small = page.evaluate(
        "() => [...document.querySelectorAll('nav a, button, select, summary, .foot a')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).map(e => e.textContent)"
    )
    assert small == []
    assert page.locator("#page .panel:has(> .tally) > .chart").count() == page.locator("#page .tally:visible").count()


def test_paper_is_light_without_navigation_and_a_sheet_wide(tab: Tab) -> None:
    page = tab.open("/body/T01")
    page.select_option("#appearance", "dark")
    page.emulate_media(media="print")
    page.wait_for_function("() => document.querySelector('.main-svg').getAttribute('width') === '660'")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert "255, 255, 255" in page.evaluate("getComputedStyle(document.querySelector('.main-svg')).background")
    for gone in ("header.top", ".tabs", ".controls", ".foot"):
        assert not page.locator(f"{gone} >> visible=true").count()


def test_a_printed_body_is_a_few_whole_pages(tab: Tab) -> None:
    page = tab.open("/body/T01")
    paper = page.pdf(prefer_css_page_size=True)
    assert 1 <= paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") <= 4


@pytest.mark.parametrize("tab", [{"forced_colors": "active"}], indirect=True, ids=["forced colours"])
def test_charts_stay_on_white_where_the_reader_forces_colours(tab: Tab) -> None:
    page = tab.open("/body/T01")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('#page .chart')).backgroundColor")
        == "rgb(255, 255, 255)"
    )
