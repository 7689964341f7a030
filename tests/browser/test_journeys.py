"""Each journey of a reader, from the front page to the answer, by clicking and typing.

A journey has a number: O for a body that compares itself, S for who publishes, P for who operates. What is asserted is
what a person would look for on the way.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from tests.browser.conftest import Shelf, Tab, serving
from tests.runs import evenhand_here

AT_HEADING = "() => document.activeElement.tagName === 'H1'"
INTERVAL = re.compile(r"[\d.,]+[%mk]? to .?[\d.,]+")
MINUS = "−"


def find(tab: Tab, typed: str, name: str) -> Any:
    """From the front page to a body, by typing a part of its name."""
    page = tab.open("")
    page.focus("#find")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/body/*")
    tab.settle()
    assert page.locator("#page h1").inner_text() == name
    return page


def follow(tab: Tab, link: str, within: str = "#page") -> Any:
    """Click a link by its words and wait until the page behind it has the focus."""
    tab.page.locator(f"{within} a", has_text=link).first.click()
    tab.page.wait_for_function(AT_HEADING)
    tab.settle()
    return tab.page


def lede(page: Any) -> str:
    return str(page.locator("#lede").inner_text())


def said(page: Any, part: str, words: str) -> None:
    """Wait until a part of the page says so."""
    page.wait_for_function(
        "([part, words]) => document.querySelector(part)?.textContent.includes(words)", arg=[part, words]
    )


def table(page: Any, words: str) -> list[list[str]]:
    """Rows of the first table whose text holds `words`, its head first."""
    shown = page.locator("#page table", has_text=words).first
    shown.wait_for(state="attached")
    rows: list[list[str]] = shown.evaluate("t => [...t.rows].map(r => [...r.cells].map(c => c.innerText.trim()))")
    return rows


def column(rows: list[list[str]], head: str) -> list[str]:
    return [row[rows[0].index(head)] for row in rows[1:]]


def file_of(tab: Tab, words: str) -> list[dict[str, str]]:
    """The rows of a CSV file that a link brings; lines of words above the head are passed over."""
    with tab.page.expect_download() as waiting:
        tab.page.locator("#page a", has_text=words).first.click()
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def number(text: str) -> float:
    """A figure as a page writes it, less unit and thousands."""
    return float(text.replace(MINUS, "-").replace("+", "").replace(",", "").replace("£", ""))


def pounds(texts: Iterable[str]) -> list[float]:
    """Amounts such as +£1.30m and −£237,000 in pounds."""
    return [number(text.rstrip("m")) * (1e6 if text.endswith("m") else 1) for text in texts]


def test_o1_a_body_finds_itself_and_sees_which_difference_is_chance(tab: Tab) -> None:
    page = find(tab, "alder", "Alderbrook")
    assert lede(page).startswith("No first measure of Alderbrook can be compared with peers")
    shown = table(page, "Look here first")
    assert "£232 to £256" in column(shown, "95% interval")
    page.locator("#page summary", has_text="Waste and recycling: 2 measures").focus()
    page.keyboard.press("Enter")
    measures = table(page, "Waste and recycling: measures of Alderbrook")
    recycled = next(row for row in measures if row[0].startswith("Waste recycled"))
    assert recycled[1].startswith("40%") and recycled[2] == "38% to 42%"
    assert "Cannot be told apart" in recycled[-1]
    follow(tab, "Waste and recycling")
    page.select_option("#control-measure", label="Waste recycled")
    page.wait_for_url("**measure=recycling_share")
    said(page, "#lede", "38% to 42%")
    assert "annot be told apart" in lede(page)


def test_o2_its_peers_why_each_is_one_and_whether_the_verdict_survives_others(tab: Tab) -> None:
    page = find(tab, "birch", "Birchfield")
    follow(tab, "Peers", "nav.tabs")
    why = table(page, "Most alike in")
    assert len(why) == 1 + 8
    assert all(re.search(r"People|Deprivation", likest) for likest in column(why, "Most alike in"))
    assert "the 8 councils most like it" in lede(page)
    page.select_option("#control-model", label="The publisher's own list")
    page.wait_for_url("**model=official")
    said(page, "#page .compared", "own list")
    follow(tab, "Where we stand", "nav.tabs")
    follow(tab, "Waste and recycling")
    page.locator("#page figure", has_text="other fair peer sets").locator("summary", has_text="table").click()
    sets = table(page, "under other peer sets")
    assert {"Higher than peers", "Cannot be told apart", "Withheld"} <= set(column(sets, "Verdict"))
    assert all(int(peers) >= 3 for peers in column(sets, "Peers"))
    assert "plausible peer sets" in page.locator("#page").inner_text()


def test_o2_choosing_ones_own_peers_by_keyboard_and_the_verdict_beside_the_default(tab: Tab) -> None:
    page = find(tab, "alder", "Alderbrook")
    follow(tab, "Peers", "nav.tabs")
    page.focus("#add")
    page.keyboard.type("juniper")
    page.keyboard.press("Enter")
    page.wait_for_url("**/peers?with=T10")
    tab.settle()
    assert "Against 9 councils of your own choice, not the published peers" in lede(page)
    assert "waste and recycling (cannot be told apart; published: withheld)" in lede(page)
    verdicts = table(page, "against your set, beside the published peers")
    waste = next(row for row in verdicts if row[0].startswith("Waste and recycling"))
    assert waste[1].startswith("£244") and waste[2] == "£232 to £256"
    # What the published peers withhold is no other verdict: the words say that one was gained, not that one differs.
    assert "Cannot be told apart" in waste[-2] and "too few comparable" in waste[-1] and "differs" not in waste[-1]
    page.locator("#page a", has_text="Leave out Cobbleton").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/peers?without=T03&with=T10")
    said(page, "#lede", "Against 8 councils")
    assert column(table(page, "Most alike in"), "Council")[-1] == "Juniper Vale"
    page.focus("#slider-weight-need")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**weight-need=0.75**")
    said(page, "[data-slider=weight-need]", "your own; published 1")
    assert page.evaluate("document.activeElement.id") == "slider-weight-need"
    page.fill("#control-count", "99")
    page.keyboard.press("Tab")
    page.wait_for_url("**count=30**")  # the most that a set holds
    page.fill("#control-count", "7")
    page.keyboard.press("Tab")
    page.wait_for_url("**count=7**")
    said(page, "#lede", "Against 7 councils")  # the seven nearest less one, and one added
    rows = file_of(tab, "Download CSV: Peers of Alderbrook by your own choice")
    assert [row["peer_id"] for row in rows][-1] == "T10" and "T03" not in [row["peer_id"] for row in rows]
    follow(tab, "Where we stand", "nav.tabs")
    assert "Compared with peers of your own choice (7 councils)" in page.locator("#page").inner_text()
    follow(tab, "Waste and recycling")
    assert "with=T10" in page.url and "peers of your own choice" in page.locator("#page").inner_text()
    follow(tab, "Back to the published peers")
    assert page.url.endswith("/body/T01/service/waste")


def test_o3_where_the_gap_arises_in_pounds_that_add_up(tab: Tab) -> None:
    page = find(tab, "birch", "Birchfield")
    follow(tab, "Delivery chain", "nav.tabs")
    assert "£237,000 less" in lede(page) and "spending per tonne collected" in lede(page)
    assert page.locator("#page .chart .main-svg").count()
    page.locator("#page summary", has_text="Show as table").first.click()
    *parts, whole = pounds(column(table(page, "Delivery chain of Birchfield"), "Gap"))
    # Each part is written to 10,000 pounds, so their sum is the whole to within 5,000 a part.
    assert sum(parts) == pytest.approx(whole, abs=5_000 * len(parts))
    rows = file_of(tab, "Download CSV: Delivery chain")
    exact = {row["stage"]: round(100 * float(row["gap"])) for row in rows}
    assert exact.pop("0") == sum(exact.values())


def test_o4_what_is_reachable_and_who_already_does_it(tab: Tab) -> None:
    page = find(tab, "birch", "Birchfield")
    follow(tab, "Potential", "nav.tabs")
    assert "£410,000 to £1.22m a year" in lede(page) and "Do not add" in lede(page)
    named = table(page, "Who already does what Birchfield does for less")
    who = column(named, "Council, and since when")
    assert [each.splitlines()[0] for each in who] == ["Fernley", "Alderbrook"]
    assert all("(2 years)" in each for each in who)
    assert all(INTERVAL.search(each) for row in named[1:] for each in row[1:])  # cost and qualities, each with its own
    follow(tab, "Fernley")
    assert page.locator("#page h1").inner_text() == "Fernley"


def test_o5_what_is_asked_is_it_fair_and_are_we_on_course(tab: Tab) -> None:
    page = find(tab, "birch", "Birchfield")
    short = page.locator("#page section", has_text="Targets and tracking in three lines").inner_text()
    assert re.search(
        r"50% of waste collected.* by 2026-27 \(fails 1 fairness test\)\. Uncertain: about as likely as not, 40%",
        " ".join(short.split()),
    )
    follow(tab, "Targets and tracking")
    answer = lede(page)
    assert "50% of waste collected by 2026-27, which 3 of its 8 peers are shown to have held for 3 years" in answer
    assert "The call: uncertain" in answer and "about as likely as not, 40%" in answer
    page.locator("#page figure", has_text="Dashed: the path").locator("summary").click()
    course = table(page, "Course of the target")
    assert {"What happened", "Path", "Forecast, 80% fan"} == set(column(course, "What"))
    assert all(INTERVAL.search(cell) for cell in column(course, "Interval or allowance"))
    tests = table(page, "Fairness tests")
    assert len(tests) == 1 + 6 and any("fail" in result for result in column(tests, "Result"))
    page.locator("#page figure", has_text="The newest point is").locator("summary").click()
    assert any(each.startswith("outside the limits") for each in column(table(page, "Process limits"), "Reading"))
    assert "Paired counter-measures" in page.locator("#page").inner_text()


def test_o6_what_would_be_kept_under_the_terms_and_under_others(tab: Tab) -> None:
    page = find(tab, "birch", "Birchfield")
    kept = page.locator("#page section", has_text="What you would keep").inner_text()
    assert "would keep £755,000" in " ".join(kept.split())
    follow(tab, "Settlement, year by year")
    assert re.search(
        r"Birchfield would keep £755,000 of the £1.51m by which its cost to 2026-27 stays below the ceiling\.$",
        lede(page),
    )
    balanced(tab)
    page.focus("#slider-share")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"/settlement\?.*share=55"))
    said(page, "[data-slider=share]", "trial; offered 50%")
    assert page.evaluate("document.activeElement.id") == "slider-share"
    # 8.123m x (0.992 - 0.96), x (0.984064 - 0.9216) and x (0.976191 - 0.884736), 55 % of each, and their sum
    assert column(table(page, "Settlement ledger"), "Kept (+) or paid (−), £m") == ["0.14", "0.28", "0.41", "0.83"]
    balanced(tab)
    page.focus("#slider-share")
    begun = perf_counter()
    for _ in range(11):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(r"/settlement\?.*share=0"))
    said(page, "#lede", "would keep nothing of the £1.51m")
    print(f"11 slider steps to the ledger of the last: {perf_counter() - begun:.2f} s")
    assert column(table(page, "Settlement ledger"), "Kept (+) or paid (−), £m") == ["0.00"] * 4
    follow(tab, "Back to the offered terms")
    said(page, "#lede", "would keep £755,000")
    assert page.url.endswith("/settlement")


def balanced(tab: Tab) -> None:
    """Every year of the ledger, to the penny: what is below the ceiling is kept, the centre's, or held."""
    for row in file_of(tab, "Download CSV: Settlement ledger"):
        pence = {part: round(100 * float(row[part])) for part in ("below", "kept", "centre", "held")}
        assert pence["below"] == pence["kept"] + pence["centre"] + pence["held"]


def test_o7_own_figures_are_one_link_away(tab: Tab) -> None:
    page = find(tab, "birch", "Birchfield")
    follow(tab, "Try your own figures")
    assert page.url.endswith("/body/T02/try")
    assert "stay in this tab" in page.locator("#page").inner_text()


def test_o8_what_is_taken_away_says_the_same_elsewhere(tab: Tab) -> None:
    page = find(tab, "birch", "Birchfield")
    follow(tab, "Board report")
    assert "£410,000 to £1.22m a year" in page.locator("#page").inner_text()
    assert page.locator("#page a", has_text="PDF of this page").get_attribute("href").endswith("/report.pdf")
    follow(tab, "All about Birchfield")
    follow(tab, "Waste and recycling")
    rows = file_of(tab, "Download CSV: Spending on waste per tonne collected, 2023-24")
    own = next(row for row in rows if row["body_id"] == "T02")
    assert float(own["lo"]) < float(own["value"]) < float(own["hi"]) and own["status"] == "provisional"
    seen = [page.locator(part).inner_text() for part in ("#page h1", "#lede")]
    link = page.locator("#page a", has_text="Permanent link").get_attribute("href")
    context = page.context.browser.new_context()
    other = context.new_page()
    other.goto(tab.home + link)
    other.wait_for_selector("html.ready", state="attached")
    assert [other.locator(part).inner_text() for part in ("#page h1", "#lede")] == seen
    context.close()


def test_o9_where_a_number_comes_from(tab: Tab) -> None:
    page = find(tab, "birch", "Birchfield")
    page.focus("#claim-waste_cost_per_tonne")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] table")
    drawer = page.locator("dialog[open]").inner_text()
    for wanted in (
        "£251 a tonne (95% interval £239 a tonne to £264 a tonne)",  # the claim
        "1 x 8,123,000 / 32,323 = £251.307 a tonne",  # 8,123,000 / 32,323 = 251.307
        "waste_spend!C8",  # the cell
        "8,123 [p]",  # as printed
        "Few figures move by more than 30%",  # a check that failed, not hidden
        "M1.1 version 1",
        f"Release {tab.shelf.release}",
    ):
        assert wanted in drawer
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    assert page.evaluate("document.activeElement.id") == "claim-waste_cost_per_tonne"


def test_s2_what_failed_and_what_was_set_aside_and_why(tab: Tab) -> None:
    page = tab.open("")
    follow(tab, "Quality", "nav.main")
    assert "1 figure set aside with a reason" in lede(page) and "1 could not be evaluated" in lede(page)
    failed = table(page, "Checks that did not pass")
    assert [row[0] for row in failed[1:]] == [
        "Few figures move by more than 30%",
        "Councils add up to the published total",
    ]
    page.locator("#page section", has_text="Quarantine").locator("summary", has_text="Show 1 row").first.click()
    aside = table(page, "Quarantine")
    assert [aside[1][0], aside[1][3]] == ["Heathwick", "-987,654"] and "cannot be negative" in aside[1][4]


def test_s3_what_changed_since_the_last_release_and_by_which_cause(tab: Tab) -> None:
    page = tab.open("")
    follow(tab, "What changed", "body")
    assert "positions moved" in lede(page)
    assert tab.shelf.older in page.url and tab.shelf.release in page.url
    moved = table(page, "The ten that moved furthest")
    row = next(row for row in moved if row[0].startswith("Alderbrook") and "recycled" in row[0])
    assert row[1].startswith("32%") and row[2].startswith("40%") and "Revision +21.1" in row[-1]
    page.select_option("#control-measure", label="Waste recycled")
    page.wait_for_url("**measure=recycling_share")
    page.wait_for_function(
        "() => { const shown = [...document.querySelectorAll('#page table')].find(t => t.caption.textContent ==="
        " 'Position by position'); return shown && !shown.textContent.includes('per kilometre'); }"
    )
    assert [row[0].splitlines()[0] for row in table(page, "Position by position")[1:]] == ["Alderbrook", "Birchfield"]


def test_s4_a_release_behind_its_checklist_that_anyone_can_verify(tab: Tab) -> None:
    page = tab.open("")
    follow(tab, "Releases", "nav.main")
    assert f"evenhand releases verify twelve_councils {tab.shelf.release}" in page.locator("#page").inner_text()
    follow(tab, tab.shelf.release, "#page table")
    assert "Every blocking check passed" in lede(page)
    page.locator("#page summary", has_text="Show 3 that passed").first.click()
    assert all("Passed" in result for result in column(table(page, "Blocking checklist: passed"), "Result"))
    assert all(
        re.fullmatch("[0-9a-f]{64}", digest) for digest in column(table(page, "tables/values.parquet"), "SHA-256")
    )
    assert "publish by tests" in page.locator("#page").inner_text()


def test_s5_what_the_terms_ask_of_everybody(tab: Tab) -> None:
    page = tab.open("")
    follow(tab, "Settlements", "nav.main")
    assert "5 of 5 would keep part of a saving" in lede(page) and "Together they would keep £4.07m" in lede(page)
    everybody = column(table(page, "Settlement of each"), "Council")
    assert everybody == sorted(everybody)
    below = column(table(page, "Settlement of each"), "Below (+) or above (−) the ceiling")[1]
    assert "Largest loss" in page.locator("#page section", has_text="Three facts").inner_text()
    bars = page.locator("#page figure", has_text="What each council is asked for")
    assert "no order of merit" in bars.inner_text() and bars.locator(".main-svg").count()
    bars.locator("summary").click()
    assert all(" to " in cell for cell in column(table(page, "What each is asked for"), "90% range"))
    ways = table(page, "Ways of finding one total")
    assert any("An equal percentage cut" in row[0] for row in ways)
    page.focus("#slider-saving")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(r"/settlements\?.*saving=3.5"))
    said(page, "[data-slider=saving]", "trial; offered 4%")
    assert column(table(page, "Settlement of each"), "Below (+) or above (−) the ceiling")[1] < below


@pytest.fixture
def publisher(tab: Tab, shelf: Shelf, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """`evenhand disputes WORDS` over a copy of the shelf's home; the tab reads that copy meanwhile."""
    home = shutil.copytree(shelf.home, tmp_path / "home")

    def disputes(*words: str) -> str:
        done = evenhand_here(capsys, monkeypatch, "disputes", *words, "--home", home)
        assert done.code == 0, done.err
        return done.out

    with serving(home) as site:
        tab.home = site.address
        yield disputes


def test_s6_a_disputed_figure_is_answered_and_the_decision_shown(tab: Tab, publisher: Any) -> None:
    # A body opens its figure and reads how to dispute it.
    page = find(tab, "alder", "Alderbrook")
    assert page.locator("#page .disputed").count() == 0
    page.locator("#page a", has_text="£244").first.click()
    page.wait_for_selector("dialog[open]")
    command = page.locator("#claim code", has_text="disputes raise").inner_text()
    assert command == (
        "evenhand disputes raise twelve_councils T01 waste_cost_per_tonne 2023-24 --by NAME --statement TEXT"
    )
    # The publisher puts it on record with just these words.
    words = command.split()[2:8]
    told = publisher(*words, "Alderbrook", "--statement", "A payment\nof two years.", "--numerator", "6000000")
    id = told.split()[1].rstrip(":")
    # At the next look the figure is marked, and the mark leads to the dispute.
    page.keyboard.press("Escape")
    tab.open("/body/T01")
    follow(tab, "disputed", "#page .disputed")
    assert page.url.endswith(f"/dispute/{id}")
    assert "No decision yet." in lede(page) and "that day has not passed" in lede(page)
    sides = table(page, "Published and recomputed")
    # 6,000,000 / 28,703 tonnes = £209.04 at the prices of the base year, against £244 as published.
    assert [row[3][:4] for row in sides[1:]] == ["£244", "£209"]
    assert all("Withheld: too few comparable bodies (4)" in row[-1] for row in sides[1:])  # as on the body's page
    assert any(named.startswith("Alderbrook: spending") for named in column(_listed(tab), "Disputed figure"))
    # The decision is shown on the service's page and in the drawer.
    publisher("decide", "twelve_councils", id, "--outcome", "partly-upheld", "--by", "Publisher", "--note", "One year.")
    tab.open("/body/T01/service/waste")
    block = page.locator("#page section", has=page.locator("#reply")).inner_text()
    assert "Partly upheld" in block and "by Publisher" in block
    follow(tab, "Spending on waste per tonne collected, 2023-24", "#page section:has(#reply)")
    assert lede(page).startswith("Partly upheld on") and "One year." in page.locator("#page").inner_text()
    tab.open("/body/T01")
    assert page.locator("#page .disputed").count() == 0
    page.locator("#page a", has_text="£244").first.click()
    page.wait_for_selector("dialog[open]")
    assert "Partly upheld" in page.locator("#claim").inner_text()


def _listed(tab: Tab) -> list[list[str]]:
    """The table of disputes, by way of the facts of the front page."""
    page = tab.open("")
    assert "2 see" in page.locator("#page .facts div", has_text="Open disputes").inner_text().replace("\n", " ")
    follow(tab, "see", "#page .facts div:has-text('Open disputes')")
    return table(page, "Disputed figures")


def test_p2_what_ran_what_is_stale_and_who_pointed_where(tab: Tab) -> None:
    page = tab.open("")
    follow(tab, "Operate", "nav.main")
    assert "No run is on record here" in lede(page)
    ages = table(page, "Age of each source")
    assert "0 days" in column(ages, "Age") and set(column(ages, "Limit")) == {"not stated"}
    log = table(page, "Who pointed where")
    assert [row[3] for row in log[1:]] == [tab.shelf.release, tab.shelf.older]  # the newest first
    page.get_by_role("button", name="Refresh").click()
    tab.settle()
    assert page.locator("#page h1").inner_text() == "Operate"
