"""What a reader takes away: a chart with its words inside, and a report that is one sheet of paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.checks.fit import SHEET
from tests.browser.conftest import Site, Tab
from tests.browser.pages import Page, pages
from tests.releases import PACK

DARK = {"color_scheme": "dark", "accept_downloads": True}
CLIPPED = """() => [...document.querySelectorAll('.report *')].filter(e => {
  const box = e.getBoundingClientRect(), paper = document.querySelector('.report').getBoundingClientRect();
  return e.checkVisibility() && !e.closest('.unseen') && (box.right > paper.right + 1 || box.left < paper.left - 1);
}).map(e => e.outerHTML.slice(0, 120))"""


def fetched(tab: Tab, kind: str, folder: Path) -> Path:
    """The file of the first chart's button, pressed by keyboard."""
    with tab.page.expect_download() as waiting:
        tab.page.locator(f"#page button[data-picture={kind}]").first.focus()
        tab.page.keyboard.press("Enter")
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


@pytest.mark.parametrize("tab", [DARK], indirect=True, ids=["dark"])
def test_a_chart_is_a_file_with_title_sentence_and_citation_in_its_light_colours(tab: Tab, tmp_path: Path) -> None:
    page = tab.open("/body/T01")
    title = page.locator("#page figure h2").first.inner_text()
    drawn = fetched(tab, "svg", tmp_path)
    text = drawn.read_text(encoding="utf-8")
    assert drawn.name.startswith("body-T01-quality-") and drawn.suffix == ".svg"
    assert title.split()[0] in text and "Evenhand, Twelve invented councils, release" in text
    assert "rgb(18, 67, 109)" in text or "#12436d" in text.lower()  # --you of the light page
    assert "<script" not in text
    assert fetched(tab, "png", tmp_path).read_bytes().startswith(b"\x89PNG")
    assert [url for url in tab.asked if not url.startswith((tab.home, "data:", "blob:"))] == []
    assert tab.said == []


REPORTS = [Page(PACK, f"/body/{body}/report") for body in ("T01", "T05", "T08")]
REPORTS += [page for page in pages() if page.pack != PACK and page.path.endswith("/report")]


@pytest.mark.parametrize("listed", REPORTS, ids=str)
def test_the_report_prints_on_one_sheet_and_nothing_is_clipped(tab: Tab, site: Site, path: str, listed: Page) -> None:
    page = tab.visit(site.address + path)
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") == 1
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET["width"]
    assert page.evaluate("document.querySelector('.report').scrollHeight") <= SHEET["height"]
    assert not page.locator(".strip-bar >> visible=true").count()
