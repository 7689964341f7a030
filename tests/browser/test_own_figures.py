"""A body tries its own figures: worked out in the tab as Python works them out, without one request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pipelines.methods.intervals import prop_ci, unit_cost_ci
from pipelines.methods.position import verdict
from pipelines.methods.quantiles import quantile
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms
from tests.browser.checks.axe import findings, in_the_dark
from tests.browser.conftest import Tab

PATH = "/body/T01/try?service=waste"
SPENT, TONNES, RECYCLED = "#own-figure-waste-2", "#own-figure-waste-3", "#own-figure-waste-4"
CSV = 'measure,value,period\nwaste_spend,"£6,500,000",2023-24\nWaste collected,29000\nrecycled,13500.0\n'
COST, SHARE = 1, 2
"""Places of the cost and of the share recycled among the measures of Alderbrook."""
BAD_CELLS = [
    ("abc", "“abc” is not a number."),
    ("=1+1", "“=1+1” is not a number."),
    ("12,5", "write decimals after a point"),
    ("1e6", "is not a number"),
    ("-5", "“-5” is below zero"),
    ("9" * 20, "larger than any figure"),
    ("<b>1</b>", "“<b>1</b>” is not a number."),
]
BAD_FILES = [
    (b"measure,value\n" + b"recycled,1\n" * 1_000_000, "is larger than 256 kB"),
    (b"measure,value\n" + b"recycled,1\n" * 3000, "has more than 2,000 lines"),
    (b"recycled,\x0012", "holds NUL characters"),
    ("recycled,£12".encode("cp1252"), "is not in UTF-8"),
    ("recycled,12".encode("utf-16"), "is not in UTF-8"),
    (b"PK\x03\x04rest", "save it as CSV first"),
    (b'"recycled,12', "never closes"),
    (b"", "There is no line in"),
    (
        b"<img src=x onerror=alert(1)>,3",
        "Line 1: measure “<img src=x onerror=alert(1)>” is not one of this page’s.",
    ),
    (b"recycled", "has no value beside it"),
    (b"recycled,1,2031-32", "period “2031-32” of recycled is not on this page; it compares 2023-24."),
    (b"recycling_share,40", "it is worked out: give recycled and waste_tonnes"),
    (b"recycled,1\nrecycled,2", "Line 2: recycled stands in two lines"),
    (b"waste_spend,6,500,000", "a number with commas needs quotation marks"),
    (b"measure,value\nrecycled,=HYPERLINK(1)", "Line 2: value of recycled: “=HYPERLINK(1)” is not a number."),
    (b"__proto__,1\nconstructor,2", "Line 2: measure “constructor” is not one of this page’s."),
]
DROP = """([text, name, kind]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], name, {type: kind}));
  const event = new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: data});
  document.querySelector('#own').dispatchEvent(event);
}"""


def opened(tab: Tab) -> Any:
    """The page with its cells; from here on no request may follow."""
    page = tab.open(PATH)
    page.wait_for_selector(SPENT)
    page.wait_for_timeout(300)
    tab.asked.clear()
    return page


def drop(page: Any, content: bytes, name: str = "ours.csv") -> None:
    from base64 import b64encode

    page.evaluate(DROP, [b64encode(content).decode(), name, "text/csv"])


def said(page: Any, words: str) -> str:
    """The summary, once it holds some words."""
    page.wait_for_function("words => document.querySelector('#own-summary').textContent.includes(words)", arg=words)
    return str(page.locator("#own-summary").inner_text())


def known(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("JSON.parse(document.querySelector('#own-data').textContent)")
    return found


def test_typed_figures_are_worked_out_as_python_does_without_a_request(tab: Tab) -> None:
    page = opened(tab)
    page.fill(SPENT, "6,500,000")
    page.fill(TONNES, "29000")
    page.fill(RECYCLED, "13500")
    said(page, "Waste recycled: 47%")
    data = known(page)
    share = data["measures"][SHARE]
    limits = prop_ci(13500, 29000)
    lo, hi, middle = 100 * float(limits.lo), 100 * float(limits.hi), float(quantile(share["peers"], 0.5))
    word = str(verdict(100 * 13500 / 29000, lo, hi, len(share["peers"]), reference=middle))
    assert page.locator(f"#own-value-{SHARE}").inner_text().startswith("47%")  # 13,500 of 29,000 is 46.55 %
    assert page.locator(f"#own-interval-{SHARE}").inner_text() == f"{lo:.0f}% to {hi:.0f}%"
    assert word == "higher"
    assert "Higher than peers, the wanted direction" in page.locator(f"#own-verdict-{SHARE}").inner_text()
    cost = unit_cost_ci(6_500_000 / 29_000, data["measures"][COST]["se"])
    assert page.locator(f"#own-value-{COST}").inner_text().startswith("£224")  # 224.14
    assert page.locator(f"#own-interval-{COST}").inner_text() == f"£{float(cost.lo):.0f} to £{float(cost.hi):.0f}"
    assert "too few comparable bodies (4)" in page.locator(f"#own-verdict-{COST}").inner_text()
    assert "no amount" in page.locator("#own-potential-waste").inner_text()
    assert page.locator(f"#own-strip-{SHARE} .dot").count() == 1
    assert tab.asked == []


def test_what_is_kept_is_pythons_settlement_to_the_penny(tab: Tab) -> None:
    page = opened(tab)
    page.fill(SPENT, "6500000")
    page.fill("#own-plan-2", "6600000.55")
    page.uncheck("[data-gate='1']")
    data = known(page)["settlement"]
    wanted = settle(
        data["ceiling"],
        [6_500_000, 6_500_000, 6_600_000.55],
        Terms.from_mapping(data["terms"]),
        quality=[1, 0, 1],
        threshold=data["threshold"],
        reinvest=data["ceiling"],  # as the release: what the terms let a body spend at once is spent
    )
    total = round(100 * float(wanted.kept.sum()))
    pounds = f"£{total / 100:,.2f}".removesuffix(".00")
    assert said(page, f"you would keep {pounds}.")
    assert "waits a year" in page.locator("#own-why-1").inner_text()
    cells = page.locator("[id^=own-bank-]").all_inner_texts()
    assert cells == [f"£{float(each) / 1e6:.2f}m" for each in wanted.bank]
    assert tab.asked == []


def test_a_dropped_csv_fills_the_cells_and_leaves_no_trace(tab: Tab) -> None:
    page = opened(tab)
    address = page.url
    drop(page, CSV.encode("utf-8-sig"))
    assert "3 figures taken from ours.csv. On trial: " in said(page, "taken from")
    assert [page.input_value(each) for each in (SPENT, TONNES, RECYCLED)] == ["£6,500,000", "29000", "13500.0"]
    page.wait_for_timeout(500)
    assert tab.asked == []
    assert page.url == address
    kept = page.evaluate(
        "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])"
    )
    assert not re.search(r"6,500,000|6500000|29000|13500", kept)
    page.click("#own-clear")
    said(page, "forgotten")
    assert page.input_value(SPENT) == ""
    assert page.locator(f"#own-value-{SHARE}").inner_text() == "–"
    page.fill(SPENT, "1")
    page.reload()
    page.wait_for_selector(SPENT)
    assert page.input_value(SPENT) == ""


def test_a_chosen_file_and_pasted_lines_are_read_too(tab: Tab, tmp_path: Path) -> None:
    page = opened(tab)
    file = tmp_path / "chosen.csv"
    file.write_text("measure;value\nrecycled;12000\n", encoding="utf-8")
    page.set_input_files("#own-file", file)
    said(page, "1 figure taken from chosen.csv")
    page.fill("#own-lines", "recycled\t12500")
    page.click("#own-take")
    said(page, "1 figure taken from the pasted lines")
    assert page.input_value(RECYCLED) == "12500"
    assert tab.asked == []


def test_an_error_stands_at_its_cell_and_is_tied_to_it(tab: Tab) -> None:
    page = opened(tab)
    for text, fault in BAD_CELLS:
        page.fill(RECYCLED, text)
        assert page.get_attribute(RECYCLED, "aria-invalid") == "true", text
        described = page.get_attribute(RECYCLED, "aria-describedby")
        assert fault in page.locator(f"[id='{described}']").inner_text()
    assert "1 cell cannot be read" in said(page, "cannot be read")
    page.fill(RECYCLED, "12000")
    assert page.get_attribute(RECYCLED, "aria-invalid") is None
    assert tab.asked == []


def test_a_hostile_file_gets_a_sentence_and_stays_text(tab: Tab) -> None:
    page = opened(tab)
    for content, fault in BAD_FILES:
        drop(page, content)
        page.wait_for_function("words => document.querySelector('#own-errors').textContent.includes(words)", arg=fault)
        assert page.locator("#own-errors img, #own-errors b, #own-summary b").count() == 0
    assert [complaint for complaint in tab.said if complaint.startswith("error")] == []
    assert tab.asked == []


@pytest.mark.parametrize("tab", [{}, {"viewport": {"width": 320, "height": 640}}], indirect=True)
def test_no_finding_with_results_and_errors_in_light_and_dark(tab: Tab) -> None:
    page = opened(tab)
    drop(page, CSV.encode() + b"bogus,1\nroad_km,-1\n")
    said(page, "3 figures taken")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert findings(page) == []
    assert in_the_dark(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_going_to_another_body_starts_afresh(tab: Tab) -> None:
    page = opened(tab)
    page.fill(RECYCLED, "12000")
    page.click("#page .kicker a")
    page.wait_for_function("() => document.querySelector('#page h1').textContent === 'Alderbrook'")
    page.click("#page .actions >> text=Try your own figures")
    page.wait_for_selector(RECYCLED, state="attached")
    assert page.input_value(RECYCLED) == ""
    page.fill("#find", "Birchfield")
    page.press("#find", "Enter")
    page.wait_for_url("**/body/T02")
    assert page.locator("#own").count() == 0
