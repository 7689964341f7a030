"""`evenhand disputes`: what is printed, what is refused, and that a slip of units is seen at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.releases import PACK, make_release
from tests.runs import Outcome, evenhand_here

FIGURE = ("T01", "recycling_share", "2023-24")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    make_release(folder)
    return folder


@pytest.fixture
def run(published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """`evenhand disputes WORDS` over a home of its own."""
    home = shutil.copytree(published, tmp_path / "home")

    def disputes(*words: str) -> Outcome:
        return evenhand_here(capsys, monkeypatch, "disputes", *words, "--home", home)

    return disputes


def raised(run, *more: str) -> str:
    done = run("raise", PACK, *FIGURE, "--by", "Alderbrook", "--statement", "Counted twice.", *more)
    assert done.code == 0, done.err
    return str(done.out.split()[1].rstrip(":"))


def test_from_raising_to_the_decision(run) -> None:
    assert run("list", PACK).out == ""
    id = raised(run)
    line = run("list", PACK, "--open").out
    assert line.startswith(f"{id}  open") and "T01 recycling_share 2023-24  answer due " in line
    done = run("decide", PACK, id, "--outcome", "upheld", "--by", "Publisher", "--note", "So it is.")
    assert (done.code, done.out) == (0, f"{PACK} {id}: upheld\n")
    assert run("list", PACK, "--open").out == ""
    assert "decided " in run("list", PACK).out
    shown = run("show", PACK, id).out
    assert "raised  " in shown and "by Alderbrook" in shown and "  Counted twice." in shown
    assert "by Publisher: upheld\n  So it is." in shown


def test_what_is_given_stands_beside_what_was_published(run) -> None:
    done = run("raise", PACK, *FIGURE, "--by", "A", "--statement", "B", "--numerator", "8000")
    first, given, published, recomputed, *_ = done.out.splitlines()
    assert "raised; an answer is due by " in first
    assert given.startswith("numerator recycled: 8,000; published: 11,")
    assert published.startswith("published  40%") and recomputed.startswith("recomputed 27.9%")


def test_json_is_one_object_with_the_recomputed_figure(run) -> None:
    id = raised(run, "--numerator", "8000", "--denominator", "20000")
    run("note", PACK, "Alderbrook", "waste", "--by", "A", "--text", "We collect weekly.")
    listed = json.loads(run("list", PACK, "--json").out)
    assert ([each["id"] for each in listed["disputes"]], listed["notes"][0]["text"]) == ([id], "We collect weekly.")
    assert json.loads(run("list", PACK, "--json", "--open").out)["notes"] == []
    whole = json.loads(run("show", PACK, id, "--json").out)
    assert (whole["state"], whole["recomputed"]["recomputed"]["value"]) == ("open", 40.0)
    assert whole["recomputed"]["published"]["status"] == "ok"


def test_words_may_come_from_a_file(run, tmp_path: Path) -> None:
    (tmp_path / "why.txt").write_text("A long story.\n", encoding="utf-8")
    done = run("raise", PACK, *FIGURE, "--by", "A", "--statement", f"@{tmp_path / 'why.txt'}")
    assert done.code == 0 and "A long story." in run("show", PACK, done.out.split()[1].rstrip(":")).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", PACK, "0123456789"), "no dispute '0123456789'; `evenhand disputes list twelve_councils` shows them"),
        (("list", "nothing"), "no published release"),
        (("raise", PACK, "T99", *FIGURE[1:], "--by", "A", "--statement", "B"), "has no body 'T99'"),
        (("raise", PACK, *FIGURE, "--statement", "B"), "Missing option '--by'"),
        (("raise", PACK, *FIGURE, "--by", "A", "--statement", "B", "--numerator", "1,000"), "not a valid float"),
        (("raise", PACK, *FIGURE, "--by", "A", "--statement", "@nowhere.txt"), "nowhere.txt: cannot be read"),
        (("raise", PACK, *FIGURE, "--by", "A", "--statement", "B", "--deadline", "1999-01-01"), "choose a day from"),
        (("decide", PACK, "x", "--outcome", "won", "--by", "A", "--note", "B"), "'won' is not one of 'upheld'"),
        (("note", PACK, "T01", "rubbish", "--by", "A", "--text", "B"), "no service 'rubbish'"),
    ],
)
def test_bad_usage_is_exit_2_and_one_line(run, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err and done.err.startswith("evenhand: ") and done.err.count("\n") == 1


def test_what_a_release_shows_of_itself_leaves_disputes_to_their_own_list(
    run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    raised(run)
    shown = evenhand_here(capsys, monkeypatch, "releases", "show", PACK, "--home", tmp_path / "home").out
    assert "publish by tests: sample" in shown and "Counted twice" not in shown
