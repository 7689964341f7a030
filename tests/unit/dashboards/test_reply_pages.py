"""Disputes and notes on pages: what readers see, at once and in every worker, and what hostile words cannot do."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards import routes
from dashboards.app import create_app
from dashboards.cache import logs
from dashboards.components.markup import render, text
from dashboards.library import Library
from pipelines.releases.decisions import append, decide
from pipelines.releases.read import Dispute, current
from pipelines.releases.reply import KIND
from pipelines.releases.reply_write import Noting, Raising, decide_dispute, leave_note, named, raise_dispute
from tests.older import make_older
from tests.releases import HIDDEN_VALUE, PACK, make_release
from tests.unit.dashboards.test_operate import ran

PREFIX = "/twelve-councils"
SCRIPT = "<script>alert(1)</script>"
ASKED = Raising("T01", "recycling_share", "2023-24", "Waste lead", "Two lorries were counted twice.", 8_000.0)
FIRST = replace(ASKED, indicator="waste_cost_per_tonne", numerator=None)


def today() -> date:
    """The day that a record made now carries."""
    return datetime.now(UTC).date()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    make_older(folder)
    make_release(folder)
    return folder


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    """A copy to write in."""
    return Path(shutil.copytree(published, tmp_path / "home"))


def said(home: Path, path: str) -> str:
    view = routes.view(Library(home), PREFIX + path)
    assert view.status == 200, text(list(view.content))
    return text(list(view.content))


def marked(home: Path, path: str) -> str:
    return render(routes.view(Library(home), PREFIX + path).content)


def decided(home: Path, made: Dispute, outcome: str = "upheld", why: str = "One of them was.") -> None:
    decide_dispute(home, PACK, made.id, outcome, "Publisher", why)


def test_before_anybody_says_anything_each_place_says_so_and_how(home: Path) -> None:
    assert "No figure is disputed." in said(home, "/disputes")
    block = said(home, "/body/T01/service/waste")
    assert "Alderbrook has said nothing of these figures, and disputes none." in block
    assert "evenhand disputes note twelve_councils T01 waste --by NAME --text TEXT" in block
    assert "No figure of this service is under open dispute." in said(home, "/service/waste")
    assert "No figure of it was disputed." in said(home, f"/releases/{current(home, PACK)[:12]}")
    assert 'Open disputes</dt><dd>0 <a href="/twelve-councils/disputes"' in marked(home, "")
    assert "disputed" not in said(home, "/body/T01")


def test_an_open_dispute_is_a_page_with_claim_statement_deadline_and_figure(home: Path) -> None:
    made = raise_dispute(home, PACK, replace(ASKED, deadline=today().isoformat()))
    page = said(home, f"/dispute/{made.id}")
    assert "Alderbrook disputes: waste recycled, 2023-24" in page
    assert "No decision yet. An answer is due by" in page and "that day has not passed" in page
    assert "Two lorries were counted twice." in page and "Raised by Waste lead on" in page
    assert "Waste recycled: 8,000 tonnes" in page
    assert "Recomputed for this body alone" in page and "The release stays as it is" in page
    assert f"evenhand disputes decide twelve_councils {made.id} --outcome OUTCOME" in page
    (sheet,) = routes.view(Library(home), f"{PREFIX}/dispute/{made.id}").sheets
    assert [row["value"] for row in sheet.raw] == pytest.approx([40.0, 100 * 8_000 / 28_703], abs=0.01)
    assert [row["verdict"] for row in sheet.raw] == ["same", "lower"]
    pinned = current(home, PACK)[:12]
    assert f'href="{PREFIX}/{pinned}/claim/T01/recycling_share/2023-24/statistical"' in marked(
        home, f"/dispute/{made.id}"
    )


def test_a_decision_is_shown_with_its_reason_wherever_the_dispute_was(home: Path) -> None:
    made = raise_dispute(home, PACK, ASKED)
    decided(home, made, "partly-upheld")
    page = said(home, f"/dispute/{made.id}")
    assert "Partly upheld on" in page and "One of them was." in page and "has not passed" not in page
    assert "partly upheld, says Publisher" in page  # the list of what happened
    for path in ("/body/T01/service/waste", "/claim/T01/recycling_share/2023-24/statistical"):
        assert "Partly upheld on" in said(home, path), path
    assert "No figure of this service is under open dispute; 1 dispute was decided." in said(home, "/service/waste")
    assert "No dispute waits for a decision; one decided." in said(home, "/disputes")


def test_a_figure_under_open_dispute_is_marked_and_a_decided_one_is_not(home: Path) -> None:
    made = raise_dispute(home, PACK, FIRST)
    for path in ("/body/T01", "/service/waste"):
        link = re.search(rf'<a href="{PREFIX}/dispute/{made.id}">disputed<span', marked(home, path))
        assert link, path
    assert "disputed" not in said(home, "/body/T02")
    assert "Under open dispute: spending on waste per tonne collected (an answer is due by" in said(
        home, "/body/T01/report"
    )
    assert "1 figure of this service is under open dispute." in said(home, "/service/waste")
    assert 'Open disputes</dt><dd>1 <a href="/twelve-councils/disputes"' in marked(home, "")
    assert f"evenhand disputes show {PACK} {made.id}" in said(home, "/operate")
    assert "1 figure of it was disputed, 1 without a decision yet." in said(
        home, f"/releases/{current(home, PACK)[:12]}"
    )
    decided(home, made)
    assert "disputed" not in said(home, "/body/T01")
    assert "Under open dispute" not in said(home, "/body/T01/report")


def test_the_newest_note_stands_and_earlier_ones_are_folded_away(home: Path) -> None:
    for words in ("First words.", "Better words."):
        leave_note(home, PACK, Noting("T01", "waste", "Council leader", words))
    leave_note(home, PACK, Noting("T01", "waste", "A", "On the share.", "recycling_share", "2023-24"))
    block = said(home, "/body/T01/service/waste")
    assert block.index("Better words.") < block.index("On the share.") < block.index("First words.")
    assert "Show 1 earlier note, superseded" in block and "on waste recycled, 2023-24" in block
    assert "First words." not in said(home, "/body/T02/service/waste")
    assert said(home, "/disputes").index("On the share.") < said(home, "/disputes").index("First words.")


def test_the_list_has_open_ones_first_by_the_day_an_answer_is_due(home: Path) -> None:
    late, soon = today() + timedelta(30), today() + timedelta(3)
    done = raise_dispute(home, PACK, replace(ASKED, statement="Done."))
    raise_dispute(home, PACK, replace(ASKED, statement="Late.", deadline=late.isoformat()))
    raise_dispute(home, PACK, replace(ASKED, statement="Soon.", deadline=soon.isoformat()))
    decided(home, done)
    sheet = next(each for each in routes.view(Library(home), f"{PREFIX}/disputes").sheets if each.id == "disputes")
    assert [row["statement"] for row in sheet.raw] == ["Soon.", "Late.", "Done."]
    assert [row["state"] for row in sheet.raw] == ["open", "open", "upheld"]
    assert "No figure is disputed." in said(home, "/disputes?service=roads")


def test_whether_the_deadline_has_passed_is_told_by_the_newest_record_and_by_no_clock(home: Path) -> None:
    made = raise_dispute(home, PACK, replace(ASKED, deadline=today().isoformat()))
    client = create_app(home).server.test_client()
    path = f"{PREFIX}/dispute/{made.id}"
    assert "that day has not passed" in client.get(path).get_data(as_text=True)
    folder = home / "runs"
    ran(home)
    record = next(folder.glob("*.json"))
    record.write_text(record.read_text().replace("2026-11-22T21:30:12", "2999-01-02T05:00:00"))
    assert "By the newest record here, of 2 January 2999, that day has passed." in text_of(client.get(path))
    assert ", which has passed" in text_of(client.get(f"{PREFIX}/disputes"))


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_a_new_dispute_shows_at_the_next_request_of_every_worker_and_etags_follow(home: Path) -> None:
    workers = [create_app(home).server.test_client() for _ in range(2)]
    paths = [PREFIX, f"{PREFIX}/body/T01", f"{PREFIX}/disputes", f"/api/v1/packs/{PACK}/disputes"]
    before = [{path: worker.get(path).headers["ETag"] for path in paths} for worker in workers]
    raise_dispute(home, PACK, FIRST)
    for worker, known in zip(workers, before, strict=True):
        for path in paths:
            answer = worker.get(path, headers={"If-None-Match": known[path]})
            assert answer.status_code == 200 and answer.headers["ETag"] != known[path], path
    etag = workers[0].get(paths[-1]).headers["ETag"]  # data, unlike pages, are the same bytes from every worker
    assert workers[1].get(paths[-1], headers={"If-None-Match": etag}).status_code == 304
    same = f"/api/v1/packs/{PACK}/releases/current/tables/bodies"  # what nobody spoke of keeps its bytes
    etag = workers[0].get(same).headers["ETag"]
    raise_dispute(home, PACK, ASKED)
    assert workers[0].get(same, headers={"If-None-Match": etag}).status_code == 304


def test_the_drawer_shows_a_new_dispute_without_a_restart(home: Path) -> None:
    client = create_app(home).server.test_client()

    def drawer() -> str:
        body = {
            "output": "drawer.children",
            "outputs": {"id": "drawer", "property": "children"},
            "inputs": [
                {
                    "id": "claim-key",
                    "property": "data",
                    "value": [f"{PREFIX}/body/T01", "T01~recycling_share~2023-24~statistical"],
                }
            ],
            "changedPropIds": ["claim-key.data"],
            "state": [],
        }
        return json.dumps(client.post("/_dash-update-component", json=body).json)

    first = drawer()
    assert "How to dispute this figure" in first
    assert f"evenhand disputes raise {PACK} T01 recycling_share 2023-24 --by NAME --statement TEXT" in first
    made = raise_dispute(home, PACK, ASKED)
    assert made.id in drawer() and made.id not in first


def test_looking_whether_anything_was_said_opens_no_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raise_dispute(home, PACK, ASKED)
    library = Library(home)
    assert len(library.desk.of(PACK).open) == 1
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read again"))
    begun = time.perf_counter()
    for _ in range(100):
        assert len(library.desk.of(PACK).open) == 1
    print(f"100 looks: {1000 * (time.perf_counter() - begun):.1f} ms")
    assert logs(home) == logs(home)


def hostile(home: Path, statement: str, by: str = "A") -> Dispute:
    """A dispute whose words are hostile and may be kept."""
    return raise_dispute(home, PACK, replace(ASKED, statement=statement, by=by))


@pytest.mark.parametrize("words", [SCRIPT, "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "{{7*7}} ${7*7}"])
def test_hostile_words_are_words_on_every_page(home: Path, words: str) -> None:
    made = hostile(home, words, words)
    leave_note(home, PACK, Noting("T01", "waste", words, words))
    decide_dispute(home, PACK, made.id, "upheld", words, words)
    for path in ("/disputes", f"/dispute/{made.id}", "/body/T01/service/waste", "/service/waste", "/operate"):
        shown = marked(home, path)
        assert words not in shown or "<" not in words, path
        assert not re.search(r"<(script|img|svg)\b", shown), path
    assert words in said(home, f"/dispute/{made.id}")


def test_formulas_stay_text_in_files_that_are_taken_away(home: Path) -> None:
    hostile(home, '=HYPERLINK("https://x","y")', "@SUM(1)")
    leave_note(home, PACK, Noting("T01", "waste", "+1", "-2+3"))
    client = create_app(home).server.test_client()
    (row,) = csv.DictReader(io.StringIO(text_of(client.get(f"{PREFIX}/disputes?csv=disputes"))))
    assert row["statement"].startswith("'=HYPERLINK") and row["raised_by"] == "'@SUM(1)"
    (note,) = csv.DictReader(io.StringIO(text_of(client.get(f"{PREFIX}/disputes?csv=notes"))))
    assert (note["text"], note["noted_by"]) == ("'-2+3", "'+1")
    book = zipfile.ZipFile(io.BytesIO(client.get(f"{PREFIX}/disputes?xlsx=disputes").data))
    assert not any(b"<f>" in book.read(name) or b"<hyperlink" in book.read(name) for name in book.namelist())


def test_a_recomputed_figure_is_taken_away_with_interval_status_and_caveat(home: Path) -> None:
    made = raise_dispute(home, PACK, replace(FIRST, numerator=9_000_000.0))
    client = create_app(home).server.test_client()
    rows = list(csv.DictReader(io.StringIO(text_of(client.get(f"{PREFIX}/dispute/{made.id}?csv=recomputed")))))
    assert [row["figure"] for row in rows] == ["As published", "Recomputed with the body’s inputs"]
    assert all(row["lo"] and row["hi"] and row["status"] == "ok" and "a proxy" in row["caveat"] for row in rows)
    assert rows[1]["numerator"] == "9000000.0"


def test_very_long_words_are_whole_and_words_in_another_direction_stand_apart(home: Path) -> None:
    made = hostile(home, "x" * 4000, "ممثل")
    shown = marked(home, f"/dispute/{made.id}")
    assert "x" * 4000 in shown and "<bdi>ممثل</bdi>" in shown and '<p dir="auto">xxx' in shown


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dispute/0123456789", 404),
        ("/dispute/..%2F..%2Fetc", 404),
        (f"/dispute/{SCRIPT}", 404),
        ("/dispute/%00", 404),
        ("/dispute/" + "a" * 300, 404),
        ("/dispute", 404),
        ("/disputes/x", 404),
        ("/disputes?service=nothing", 400),
        ("/disputes?by=x", 400),
    ],
)
def test_an_address_that_names_no_dispute_gets_a_sentence(home: Path, path: str, status: int) -> None:
    answer = create_app(home).server.test_client().get(PREFIX + path)
    assert answer.status_code == status
    assert "<script>alert" not in text_of(answer) and "Traceback" not in text_of(answer)


def test_lines_of_the_wrong_form_break_no_page(home: Path) -> None:
    made = raise_dispute(home, PACK, ASKED)
    log = home / "releases" / PACK / "decisions.jsonl"
    with log.open("ab") as stream:
        stream.write(b'{"when":1,"who":["a"],"what":"dispute","release":{},"why":null,"details":7}\n')
        stream.write(b'{"when":"w","who":"\\ud800","what":"publish","release":"r","why":"w","details":{}}\n{"wh')
    for path in (
        "",
        "/disputes",
        f"/dispute/{made.id}",
        "/body/T01",
        "/body/T01/service/waste",
        "/operate",
        "/releases",
    ):
        assert said(home, path)
    assert "Lines of the log that are left out: 3" in said(home, "/disputes")


def raised_by_hand(home: Path, release: str, **details: str) -> Dispute:
    """A record that the log may hold, of a figure or release that is not here."""
    facts = {"event": "raise", "body": "T01", "indicator": "recycling_share", "period": "2023-24", **details}
    record = named(decide("A", KIND, release, "Wrong.", facts), {"deadline": "2026-12-24"})
    append(home / "releases" / PACK / "decisions.jsonl", record)
    return next(each for each in Library(home).desk.of(PACK).disputes if each.id == record.details["id"])


def test_a_dispute_of_what_is_not_here_still_has_its_page(home: Path) -> None:
    gone = raised_by_hand(home, "0123456789abcdef", numerator="8000.0")
    assert "no longer stands on the shelf, so it cannot be recomputed" in said(home, f"/dispute/{gone.id}")
    here = current(home, PACK)
    for details in ({"indicator": "nothing"}, {"body": "ZZ"}, {"period": "1999-00"}):
        odd = raised_by_hand(home, here, numerator="8000.0", **details)
        assert "has no such figure, so it cannot be recomputed" in said(home, f"/dispute/{odd.id}")
    assert said(home, "/disputes") and said(home, "/service/waste") and said(home, "/body/T01")


def test_a_dispute_raised_on_an_older_release_is_recomputed_from_that_one(home: Path) -> None:
    older = next(each for each in Library(home).releases(PACK) if each != current(home, PACK))
    made = raise_dispute(home, PACK, replace(ASKED, release=older))
    (sheet,) = routes.view(Library(home), f"{PREFIX}/dispute/{made.id}").sheets
    assert sheet.raw[0]["value"] == pytest.approx(0.8 * 40.0, abs=0.1)  # the older state has a fifth less
    assert "The same figure in the release in view" in said(home, f"/dispute/{made.id}")


def test_a_figure_that_was_set_aside_is_not_let_out_by_a_dispute(home: Path) -> None:
    made = raise_dispute(home, PACK, replace(FIRST, body="T08", numerator=9_000_000.0))
    for path in (f"/dispute/{made.id}", "/disputes"):
        assert f"{HIDDEN_VALUE:,.0f}" not in marked(home, path) and f"{HIDDEN_VALUE:.0f}" not in marked(home, path)
    client = create_app(home).server.test_client()
    assert f"{HIDDEN_VALUE:.0f}" not in text_of(client.get(f"/api/v1/packs/{PACK}/disputes/{made.id}"))


def test_the_interface_answers_disputes_with_their_recomputed_figure(home: Path) -> None:
    first, second = raise_dispute(home, PACK, ASKED), raise_dispute(home, PACK, replace(FIRST, statement=SCRIPT))
    decided(home, second)
    leave_note(home, PACK, Noting("T01", "waste", "A", "Weekly."))
    client = create_app(home).server.test_client()
    base = f"/api/v1/packs/{PACK}/disputes"
    whole = client.get(base).json
    assert [each["id"] for each in whole["disputes"]] == [first.id, second.id]
    assert (whole["total"], whole["unread"], whole["notes"][0]["text"]) == (2, 0, "Weekly.")
    assert [each["id"] for each in client.get(f"{base}?state=open").json["disputes"]] == [first.id]
    page = client.get(f"{base}?state=all&limit=1&offset=1").json
    assert ([each["state"] for each in page["disputes"]], page["next_offset"]) == (["upheld"], None)
    one = client.get(whole["disputes"][0]["url"]).json
    assert one["recomputed"]["recomputed"]["value"] == pytest.approx(100 * 8_000 / 28_703)
    assert one["body_name"] == "Alderbrook" and client.get(f"{base}/{second.id}").json["recomputed"] is None
    for path, status in (
        (f"{base}?state=won", 400),
        (f"{base}?x=1", 400),
        (f"{base}/nope", 404),
        (f"{base}?limit=0", 400),
    ):
        answer = client.get(path)
        assert answer.status_code == status and answer.json["error"].endswith(".")
    stated = client.get("/api/v1/openapi.json").json["paths"]
    assert {"/api/v1/packs/{pack}/disputes", "/api/v1/packs/{pack}/disputes/{name}"} <= set(stated)


def test_no_page_of_replies_orders_bodies_by_merit(home: Path) -> None:
    made = raise_dispute(home, PACK, ASKED)
    for path in ("/disputes", f"/dispute/{made.id}"):
        shown = said(home, path).lower()
        assert not re.search(r"\b(rank|ranked|ranking|league|worst|best)\b", shown)
        ids = re.findall(r' id="([^"]+)"', marked(home, path))
        assert len(ids) == len(set(ids))
