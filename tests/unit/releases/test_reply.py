"""Right of reply: every event is one line of the log, nothing is edited, and nothing in the log is trusted."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import BadInput
from pipelines.releases.decisions import Decision, append, decide, read
from pipelines.releases.read import current, replies
from pipelines.releases.reply import KIND, Replies, name_of
from pipelines.releases.reply_words import LARGEST_FILE, LONGEST, given, name, prose
from pipelines.releases.reply_write import (
    Noting,
    Raising,
    deadline,
    decide_dispute,
    leave_note,
    named,
    raise_dispute,
    working_days_after,
)
from tests.releases import PACK, make_release

ASKED = Raising("T01", "recycling_share", "2023-24", "Alderbrook", "Two lorries were counted twice.", 10_000.0)


def today() -> date:
    """The day that a record made now carries."""
    return datetime.now(UTC).date()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    make_release(folder)
    return folder


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    """A copy to write in."""
    return Path(shutil.copytree(published, tmp_path / "home"))


def log_of(home: Path) -> Path:
    return home / "releases" / PACK / "decisions.jsonl"


def record(home: Path, why: str = "Wrong.", **details: str) -> Decision:
    """A sound record of a raised dispute, with some of its details changed before it gets its name."""
    facts = {"event": "raise", "body": "T01", "indicator": "recycling_share", "period": "2023-24"}
    made = decide("Alderbrook", KIND, current(home, PACK), why, {**facts, **details})
    return named(made, {"deadline": "2026-12-24"})


def test_a_dispute_is_raised_decided_and_read_back(home: Path) -> None:
    made = raise_dispute(home, PACK, ASKED)
    assert replies(home, PACK).open == (made,)
    assert (made.figure, made.numerator, made.denominator) == (("T01", "recycling_share", "2023-24"), 10_000.0, None)
    done = decide_dispute(home, PACK, made.id, "partly-upheld", "Publisher", "One lorry was.")
    assert replies(home, PACK).disputes == (done,)
    assert done.ruling and (done.ruling.outcome, done.ruling.reason) == ("partly-upheld", "One lorry was.")
    assert replies(home, PACK).open == ()


def test_every_event_is_one_line_and_earlier_lines_stay_to_the_letter(home: Path) -> None:
    made = raise_dispute(home, PACK, replace(ASKED, statement="One line.\n\nAnother."))
    before = log_of(home).read_bytes()
    decide_dispute(home, PACK, made.id, "upheld", "Publisher", "So it is.")
    leave_note(home, PACK, Noting("T01", "waste", "Alderbrook", "We collect weekly."))
    after = log_of(home).read_bytes()
    assert after.startswith(before) and after.count(b"\n") == before.count(b"\n") + 2
    assert [json.loads(line)["details"].get("event") for line in after.splitlines()] == [
        None,
        "raise",
        "decide",
        "note",
    ]


def test_a_name_is_made_from_the_content_alone(home: Path) -> None:
    made = raise_dispute(home, PACK, ASKED)
    assert len(made.id) == 10
    with pytest.raises(BadInput, match=f"on record since .* as {made.id}"):
        raise_dispute(home, PACK, ASKED)
    with pytest.raises(BadInput, match="on record since"):  # the day wanted is no part of what is said
        raise_dispute(home, PACK, replace(ASKED, body="alderbrook", deadline=today().isoformat()))
    others = [{"statement": "Else."}, {"numerator": 10_001.0}, {"by": "Else"}, {"period": "2022-23"}]
    names = {raise_dispute(home, PACK, replace(ASKED, **other)).id for other in others}  # type: ignore[arg-type]
    assert len(names | {made.id}) == 5


def test_two_who_raise_at_once_both_stand_in_the_log(home: Path) -> None:
    asked = [replace(ASKED, statement=f"Statement {number}.") for number in range(8)]
    with ThreadPoolExecutor(4) as several:
        made = list(several.map(lambda each: raise_dispute(home, PACK, each), asked))
    assert {each.id for each in replies(home, PACK).disputes} == {each.id for each in made}
    assert read(log_of(home)).torn == ()


def test_a_decided_dispute_is_not_decided_again(home: Path) -> None:
    made = raise_dispute(home, PACK, ASKED)
    decide_dispute(home, PACK, made.id, "not-upheld", "Publisher", "The table stands.")
    with pytest.raises(BadInput, match=r"was not upheld on .*never edited: raise a new dispute"):
        decide_dispute(home, PACK, made.id, "upheld", "Publisher", "After all.")
    with pytest.raises(BadInput, match="no dispute '0123456789'"):
        decide_dispute(home, PACK, "0123456789", "upheld", "Publisher", "Why not.")


def test_where_two_logs_were_joined_the_later_decision_stands(home: Path) -> None:
    made = raise_dispute(home, PACK, ASKED)
    for outcome in ("not-upheld", "upheld"):
        details = {"event": "decide", "id": made.id, "outcome": outcome}
        append(log_of(home), decide("Publisher", KIND, made.release, "Because.", details))
    (found,) = replies(home, PACK).disputes
    assert [ruling.outcome for ruling in found.rulings] == ["not-upheld", "upheld"]
    assert found.ruling is found.rulings[-1]


def test_twenty_working_days_leave_out_weekends_and_no_holiday() -> None:
    # Monday 7 December 2026: four weeks of five days later is Monday 4 January 2027; Christmas is counted.
    assert working_days_after(date(2026, 12, 7), 20) == date(2027, 1, 4)
    # From a Saturday the first working day is the Monday, so the twentieth is the Friday four weeks on.
    assert working_days_after(date(2026, 12, 5), 20) == date(2027, 1, 1)
    assert deadline("2026-12-07", None) == "2027-01-04"
    assert deadline("2026-12-07", "2026-12-07") == "2026-12-07"


@pytest.mark.parametrize("wanted", ["2026-12-06", "2027-12-09", "soon", "2026-13-01", "20261224", "2026-12-24T10:00"])
def test_a_deadline_is_a_day_from_the_raising_on_within_a_year(wanted: str) -> None:
    with pytest.raises(BadInput, match="--deadline"):
        deadline("2026-12-07", wanted)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body": "Aldebrook"}, r"did you mean Alderbrook \(T01\)"),
        ({"indicator": "recycled_share"}, "did you mean recycling_share"),
        ({"period": "2024-25"}, "no figure for 'recycling_share' in '2024-25'"),
        ({"release": "0123456789abcdef"}, "no release 0123456789abcdef"),
        ({"by": "  "}, "--by: is empty"),
        ({"by": "two\nlines"}, r"--by: holds the unreadable character U\+000A"),
        ({"statement": ""}, "--statement: is empty"),
        ({"statement": "x" * (LONGEST + 1)}, "4,001 letters; at most 4,000"),
        ({"statement": "a\x00b"}, r"U\+0000"),
        ({"statement": "a\x1b[31mb"}, r"U\+001B"),
        ({"statement": "abc \u202egnp.exe"}, r"U\+202E"),
        ({"statement": "half \ud800"}, r"U\+D800"),
        ({"numerator": float("nan")}, "--numerator nan"),
        ({"numerator": float("inf")}, "--numerator inf"),
        ({"numerator": -1.0}, "counted from nothing up"),
        ({"denominator": 0.0}, "nothing can be divided by it"),
        ({"denominator": -5.0}, "nothing can be divided by it"),
        ({"numerator": 1e300}, "a finite number is wanted"),
        ({"numerator": 30_000.0, "denominator": 20_000.0}, "30,000 of 20,000 is more than the whole"),
        ({"numerator": None, "denominator": 3.0}, "is more than the whole"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_line_and_leaves_no_trace(
    home: Path, changed: dict[str, Any], said: str
) -> None:
    before = log_of(home).read_bytes()
    with pytest.raises(BadInput, match=said) as fault:
        raise_dispute(home, PACK, replace(ASKED, **changed))
    assert "\n" not in str(fault.value)
    assert log_of(home).read_bytes() == before


def test_an_unpublished_pack_gets_no_folder(tmp_path: Path) -> None:
    for refused in (
        lambda: raise_dispute(tmp_path, "nothing", ASKED),
        lambda: decide_dispute(tmp_path, "nothing", "0123456789", "upheld", "P", "W"),
        lambda: leave_note(tmp_path, "nothing", Noting("T01", "waste", "A", "B")),
        lambda: raise_dispute(tmp_path, "../up", ASKED),
    ):
        with pytest.raises(BadInput):
            refused()
    assert list(tmp_path.iterdir()) == []


def test_a_note_is_on_a_service_or_on_one_figure_of_it(home: Path) -> None:
    on_service = leave_note(home, PACK, Noting("Alderbrook", "waste", "A", "We collect weekly."))
    on_figure = leave_note(home, PACK, Noting("T01", "waste", "A", "See above.", "recycling_share", "2023-24"))
    assert replies(home, PACK).notes == (on_service, on_figure)
    assert (on_service.body, on_service.indicator, on_figure.period) == ("T01", "", "2023-24")
    for asked, said in (
        (Noting("T01", "wast", "A", "B"), "did you mean waste"),
        (Noting("T01", "waste", "A", "B", "recycling_share"), "names both, --indicator and --period"),
        (Noting("T01", "waste", "A", "B", "road_cost_per_km", "2023-24"), "is of service roads, not waste"),
        (Noting("Alderbrook", "waste", "A", "We collect weekly."), f"on record since .* as {on_service.id}"),
    ):
        with pytest.raises(BadInput, match=said):
            leave_note(home, PACK, asked)


def test_words_may_come_from_a_bounded_file_in_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeffTwo lorries – twice.\r\n\r\nIndeed.\r\n".encode())
    assert prose(given(f"@{path}"), "it") == "Two lorries – twice.\n\nIndeed."
    for content, said in ((b"\xff\xfe", "is not UTF-8"), (b"x" * (LARGEST_FILE + 1), "at most 4,000 letters")):
        path.write_bytes(content)
        with pytest.raises(BadInput, match=said):
            given(f"@{path}")
    for nowhere in (tmp_path, tmp_path / "none"):
        with pytest.raises(BadInput, match="cannot be read"):
            given(f"@{nowhere}")


def test_letters_that_run_from_right_to_left_are_welcome() -> None:
    assert name("بلدية", "--by") == "بلدية" and prose("שלום, 41%", "it") == "שלום, 41%"


@pytest.mark.parametrize(
    "line",
    [
        b'{"when":1,"who":"a","what":"dispute","release":"r","why":"w","details":{}}',
        b'{"when":"w","who":["a"],"what":"dispute","release":"r","why":"w","details":{}}',
        b'{"when":"w","who":"a","what":"dispute","release":"r","why":"w","details":[1]}',
        b'{"when":"w","who":"a","what":"dispute","release":"r","why":"w","details":{"id":3}}',
        b'{"when":"w","who":"a","what":"dispute","release":"r","why":"w","details":null}',
        b'{"when":"w","who":"\\ud800","what":"dispute","release":"r","why":"w","details":{}}',
        b"[" * 100_000,
    ],
    ids=["number", "list", "details", "number within", "null", "surrogate", "deep"],
)
def test_a_line_of_the_wrong_types_is_named_and_left_out(home: Path, line: bytes) -> None:
    made = raise_dispute(home, PACK, ASKED)
    with log_of(home).open("ab") as stream:
        stream.write(line + b"\n")
    found = replies(home, PACK)
    assert found.disputes == (made,)
    assert found.unread == ("decisions.jsonl, line 3: not a whole record, probably torn by a crash; it is left out",)


def altered(home: Path) -> list[Decision]:
    """Records that are whole and say what none may say, each with the name that its content deserves."""
    sound = record(home)
    return [
        replace(sound, why="Altered."),  # its name is that of other words
        replace(sound, details={**sound.details, "id": "../../etc"}),
        replace(sound, when="yesterday"),
        replace(sound, when="2026-99-99T00:00:00Z"),
        replace(sound, details={**sound.details, "deadline": "<b>"}),
        replace(sound, details={**sound.details, "event": "erase"}),
        replace(sound, details={}),
        record(home, numerator="many"),
        record(home, numerator="nan"),
        record(home, denominator="0"),
        record(home, why="x" * (LONGEST + 1)),
        record(home, why="a\x07b"),
        record(home, body="T01\n"),
        replace(sound, details={"event": "decide", "id": "0123456789", "outcome": "upheld"}),
        _renamed(replace(sound, release="../x")),
    ]


def _renamed(decision: Decision) -> Decision:
    return replace(decision, details={**decision.details, "id": name_of(decision)})


def test_a_record_that_says_what_none_may_say_is_named_and_left_out(home: Path) -> None:
    wrong = altered(home)
    for each in wrong:
        append(log_of(home), each)
    append(log_of(home), record(home))
    found = replies(home, PACK)
    assert [each.statement for each in found.disputes] == ["Wrong."]
    assert len(found.unread) == len(wrong)
    assert all(line.startswith("a reply of ") and "\n" not in line for line in found.unread)


def test_an_outcome_that_none_knows_decides_nothing(home: Path) -> None:
    made = raise_dispute(home, PACK, ASKED)
    append(log_of(home), decide("P", KIND, made.release, "W", {"event": "decide", "id": made.id, "outcome": "won"}))
    found = replies(home, PACK)
    assert found.open == (made,) and "outcome 'won'" in found.unread[0]
    with pytest.raises(BadInput, match="outcome 'won'"):
        decide_dispute(home, PACK, made.id, "won", "P", "W")


def test_open_disputes_come_in_the_order_in_which_an_answer_is_due(home: Path) -> None:
    first = today()
    for day, words in ((9, "Third."), (1, "First."), (5, "Second.")):
        due = date.fromordinal(first.toordinal() + day).isoformat()
        raise_dispute(home, PACK, replace(ASKED, statement=words, deadline=due))
    assert [each.statement for each in replies(home, PACK).open] == ["First.", "Second.", "Third."]


def test_nothing_said_is_nothing_to_read(tmp_path: Path) -> None:
    assert replies(tmp_path, PACK) == Replies((), (), ())
