"""The board report: one sheet of findings, each from the rows that the page shows; its PDF by Chromium."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from dashboards import paper, routes
from dashboards.address import Address, Refused
from dashboards.blocks import report_parts
from dashboards.blocks.asked import leading_first
from dashboards.components.chain_bars import chain_bars, reaches
from dashboards.components.markup import render, text
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages import report
from dashboards.paper import BY_HAND, DATES, Press, sheet

PREFIX = "/twelve-councils"
STEPS = [
    {"label": "peers", "kind": "reference", "amount": 10.0e6},
    {"label": "dearer", "kind": "step", "amount": 4.0e6},
    {"label": "cheaper", "kind": "step", "amount": -1.0e6},
    {"label": "own", "kind": "you", "amount": 13.0e6},
]


def row(service: str, verdict: str, agreement: tuple[int, int] = (2, 2)) -> dict[str, Any]:
    figure = {"value": 1.0, "indicator_id": "recycling_share", "period": "2023-24"}
    return {**figure, "service": service, "verdict": verdict, "agreement": agreement}


def test_bars_start_where_the_one_before_ended_and_totals_at_zero() -> None:
    # 10, then 10 to 14, then 14 down to 13, then 13 from zero
    assert reaches(STEPS) == [(0.0, 10.0e6), (10.0e6, 14.0e6), (14.0e6, 13.0e6), (0.0, 13.0e6)]
    shown = render(chain_bars(STEPS, "GBP", "Chain"))
    assert "left:71.4%;width:28.6%" in shown  # 10 of 14, and 4 of 14
    assert "left:92.9%;width:7.1%" in shown  # 13 of 14, and 1 of 14
    assert "+£4.00m" in shown and "−£1.00m" in shown and "£13.0m" in shown


def test_the_page_names_body_release_findings_table_trust_and_link(library: Library, book: Book) -> None:
    found = routes.view(library, f"{PREFIX}/body/T01/report")
    said = text(found.content)
    assert found.status == 200
    assert found.title == "Alderbrook: what comparison shows, 2023-24"
    for words in ("Board report", book.id[:6], "Look here first", "How far to trust this", "Cite as: Evenhand"):
        assert words in said
    assert f"{PREFIX}/{book.id[:12]}/body/T01/report" in said
    assert [sheet.id for sheet in found.sheets] == ["report"]
    assert "rank" not in said.lower()


def test_what_the_first_findings_leave_is_named_or_counted() -> None:
    rows = [row("Waste", "higher"), row("Roads", "lower", (1, 3)), row("Parks", "same"), row("Homes", "withheld")]
    assert text(report.rest(rows, rows[:1])) == (
        "Also lower than at peers: roads. On roads, other fair peer sets disagree. "
        "One service cannot be told apart from peers. One service carries no verdict. "
    )


def test_where_nothing_differs_the_first_finding_says_so(book: Book) -> None:
    found = report.findings(book, book.bodies["T01"], [row("Parks", "same")], None)
    assert [text(part) for part in found] == [
        "Alderbrook differs from its peers by more than chance on no service.",
        "One service cannot be told apart from peers. ",
    ]


def test_a_body_without_measures_says_so(book: Book) -> None:
    assert report.findings(book, book.bodies["T01"], [], None) == [["This release has no measure for Alderbrook."]]


def test_targets_are_shown_with_their_call_where_a_release_has_them(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"policy_id": "p", "body_id": "T01", "indicator_id": "recycling_share"}
    asked = {**key, "target": 45.0, "due_period": "2028-29", "state": "proposed", "hold": False}
    failed = {**key, "policy_id": "q", "test": "noise", "result": "fail"}
    tables = {
        "targets": [asked, {**asked, "policy_id": "q", "state": "issued"}],
        "tracking": [{**key, "call": "on track", "p_hit": 0.74}],
        "target_tests": [failed, {**failed, "test": "history", "result": "pass"}],
    }
    body, stored = book.bodies["T01"], book.rows

    def rows(table: str, **equal: object) -> list[dict[str, Any]]:
        found = tables[table] if table in tables else stored(table, **equal)
        return [row for row in found if all(row[name] == value for name, value in equal.items())]

    monkeypatch.setattr(book, "rows", rows)
    said = text(report_parts.targets(book, body))
    assert (
        "Waste recycled: 45% of waste collected by 2028-29 (proposed): on track, probability of meeting it 74%." in said
    )
    late = "Waste recycled: 45% of waste collected by 2028-29; fails 1 of 2 fairness tests: "
    late += "“step asked is larger than year-to-year noise”."
    assert said.index("on track") < said.index(late)
    tables["policies"] = [{"policy_id": "q", "kind": "targets", "illustration": True, "label": "Trial"}]
    assert "Nobody has issued those of “Trial”." in text(report_parts.targets(book, body))
    tables["targets"] = [{**asked, "policy_id": "q"}]
    tables["tracking"] = [{**key, "policy_id": "q", "call": "too early to say", "p_hit": 0.14}]
    early = text(report_parts.targets(book, body))
    assert "too early to say; on the forecast alone, probability of meeting it 14%; fails 1 of 2" in early
    assert "Nobody has issued these targets." in early
    tables["targets"] = []
    assert report_parts.targets(book, body) is None


def test_the_target_of_the_leading_service_comes_first_and_the_rest_keep_their_order(book: Book) -> None:
    cost, share = ({"indicator_id": id} for id in ("waste_cost_per_tonne", "recycling_share"))
    other = next({"indicator_id": id} for id, each in book.indicators.items() if each["service_id"] != "waste")
    assert leading_first(book, [other, share, cost], "waste_cost_per_tonne") == [cost, other, share]
    assert leading_first(book, [other, share], "waste_cost_per_tonne") == [share, other]
    assert leading_first(book, [other, share], "") == leading_first(book, [other, share], "recycling_share")[::-1]


def test_data_grades_say_that_source_figures_are_counted(book: Book) -> None:
    body = book.bodies["T01"]
    assert report.data_grades(body, [{"grade": "C"}, {"grade": "A"}, {"grade": "A"}], "2023-24") == (
        "Measures are worked out from source figures. "
        "Alderbrook has 3 source figures for 2023-24: 2 of data grade A and 1 of data grade C. "
    )
    assert report.data_grades(body, [], "2023-24") == ""


def test_the_sheet_to_print_holds_no_link_no_script_and_no_host(library: Library) -> None:
    page = sheet(routes.view(library, f"{PREFIX}/body/T01/report"))
    assert " href=" not in page and "<script" not in page and "http:" not in page
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    assert "size: A4; margin: 14mm" in page


def test_dates_in_a_pdf_are_those_of_the_release_at_the_same_length() -> None:
    found = b"/CreationDate (D:20261122101112+00'00') /ModDate (D:20261122101112+00'00')"
    made = DATES.sub(lambda each: each[1] + b"20241114000000", found)
    assert made == found.replace(b"20261122101112", b"20241114000000")


def test_without_chromium_the_answer_says_how_to_print(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    answer = client.get(f"{PREFIX}/body/T03/report.pdf")
    assert answer.status_code == 501
    assert BY_HAND in answer.get_data(as_text=True)


def test_one_report_is_printed_at_a_time_and_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    press, made = Press(library), []
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(paper, "printed", lambda *_: made.append(1) or b"%PDF-1.4")
    target = f"{PREFIX}/body/T01/report.pdf"
    lock: Lock = press._one
    with lock, pytest.raises(Refused) as busy:
        press.answer(target)
    assert busy.value.status == 429
    assert [press.answer(target).data for _ in range(2)] == [b"%PDF-1.4"] * 2
    assert len(made) == 1


@pytest.mark.parametrize("content", [b"", b"<html>"])
def test_a_print_that_fails_says_how_to_print(
    library: Library, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(paper, "printed", lambda *_: content)
    with pytest.raises(Refused, match="could not be made"):
        Press(library).answer(f"{PREFIX}/body/T01/report.pdf")


def test_a_program_that_does_not_end_is_stopped_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "SECONDS", 0.2)
    paper.run(["sh", "-c", "sleep 60 & echo $! > child; wait"], tmp_path)
    child = int((tmp_path / "child").read_text())
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().split()[2] in "ZX"


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b", content))


def test_the_pdf_of_three_bodies_is_one_page_and_the_same_bytes_twice(library: Library) -> None:
    if not any(shutil.which(name) for name in paper.NAMES):
        pytest.skip("Chromium is not installed: `apt-get install chromium` brings it")
    for body in ("T01", "T06", "T10"):
        made = Press(library).answer(f"{PREFIX}/body/{body}/report.pdf")
        assert made is not None
        assert pages(made.data) == 1, body
        assert b"file:" not in made.data and b"D:20241114000000" in made.data
    again = Press(library).answer(f"{PREFIX}/body/T10/report.pdf")
    assert again is not None and again.data == made.data


def test_parts_of_a_document_are_numbered_alike_from_wherever_chromium_counts() -> None:
    one, other = (
        b"/ID (node%08d) /ID (node%08d) /Limits [(node%08d) (node%08d)]" % (n, n + 9, n, n + 9) for n in (33, 34)
    )
    again = b"/ID (node00000001) /ID (node00000002) /Limits [(node00000001) (node00000002)]"
    assert paper.numbered_anew(one) == paper.numbered_anew(other) == again


def test_a_stem_keeps_letters_that_any_system_takes() -> None:
    address = Address("p", "", ("body", "A/../b", "é"), {}, "a1b2c3d4e5f6")
    assert address.stem("look first") == "body-A-..-b-look-first-a1b2c3d4e5f6"
