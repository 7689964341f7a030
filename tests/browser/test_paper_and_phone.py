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


CUT = """() => [...document.querySelectorAll('#page .chart')].filter(c => c.checkVisibility()).flatMap(c => {
  const box = c.getBoundingClientRect(), plot = c.querySelector('.nsewdrag');
  const seen = [...c.querySelectorAll('.main-svg text')].filter(t => t.textContent.trim())
    .map(t => [t.textContent, t.getBoundingClientRect()]).filter(([, at]) => at.width);
  const out = seen.filter(([, at]) => at.left < box.left - 1 || at.right > box.right + 1)
    .map(([words]) => 'cut: ' + words);
  seen.forEach(([words, at], i) => seen.slice(i + 1).forEach(([other, next]) => {
    const wide = Math.min(at.right, next.right) - Math.max(at.left, next.left);
    const high = Math.min(at.bottom, next.bottom) - Math.max(at.top, next.top);
    if (wide > 2 && high > 3) out.push('over one another: ' + words + ' | ' + other);
  }));
  if (plot && plot.getBoundingClientRect().width < 170) out.push('narrow: ' + plot.getBoundingClientRect().width);
  return out;
})"""


CHART = "document.querySelector('#page .js-plotly-plot')"


@pytest.mark.parametrize("tab", [PHONE], indirect=True, ids=["320px"])
@pytest.mark.parametrize("path", ["/body/T02/service/waste", "/body/T02/chain", "/body/T02/settlement", "/settlements"])
def test_no_label_of_a_chart_is_cut_or_falls_on_another_at_320_pixels(tab: Tab, path: str) -> None:
    page = tab.open(path)
    page.wait_for_function(
        "() => [...document.querySelectorAll('#page .js-plotly-plot')].every(c => !c.layout?.meta?.narrow)"
    )
    assert page.evaluate(CUT) == []


def test_a_chart_that_turns_narrow_keeps_the_height_that_paper_gives_it_though_resizing_forgot_it(tab: Tab) -> None:
    page = tab.open("/body/T01")
    page.wait_for_function(f"() => {CHART} && {CHART}.layout.meta && {CHART}.layout.height === undefined")
    page.set_viewport_size(PHONE["viewport"])
    page.wait_for_function(f"() => {CHART}.layout.meta.wide")
    assert page.evaluate(f"{CHART}.layout.meta.wide.layout.height") == 380  # the narrow one is 40 more


@pytest.mark.parametrize("tab", [PHONE], indirect=True, ids=["320px"])
def test_the_verdict_is_in_sight_on_a_phone_without_scrolling(tab: Tab) -> None:
    page = tab.open("/body/T02")
    rights = page.evaluate(
        "() => [...document.querySelectorAll('#page table .narrow-only')].map(e => e.getBoundingClientRect().right)"
    )
    assert rights and max(rights) <= 320


@pytest.mark.parametrize("tab", [{"viewport": {"width": 1024, "height": 800}}], indirect=True, ids=["1024px"])
def test_the_search_stands_beside_the_navigation_and_the_counts_are_whole_at_1024_pixels(tab: Tab) -> None:
    page = tab.open("")
    assert page.evaluate(
        "() => document.querySelector('form.find').getBoundingClientRect().top"
        " < document.querySelector('nav.main').getBoundingClientRect().bottom"
    )
    assert page.evaluate(
        "() => [...document.querySelectorAll('#page .two .scroll')].every(s => s.scrollWidth <= s.clientWidth + 1)"
    )


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


@pytest.mark.parametrize(
    "tab", [{"forced_colors": "active", "color_scheme": "dark"}], indirect=True, ids=["forced, dark"]
)
def test_strips_keep_dark_marks_on_white_where_colours_are_forced_on_a_dark_device(tab: Tab) -> None:
    page = tab.open("/body/T01")
    shown = page.evaluate(
        "() => ['background-color', 'color'].map((name, i) => getComputedStyle("
        "document.querySelector(i ? '#page .strip .dot' : '#page .strip'))['background-color'])"
    )
    assert shown == ["rgb(255, 255, 255)", "rgb(18, 67, 109)"]  # #12436d on white
