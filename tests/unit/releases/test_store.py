"""Publishing moves one pointer, never twice for the same content, and every move has its record."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import CheckResult
from pipelines.errors import BadInput, Blocked
from pipelines.releases.build import Candidate, build
from pipelines.releases.store import Published, Store
from tests import releases as sample

PACK = sample.PACK
FRAMES = sample.frames()
FAILED = CheckResult("net", "values", "sql", "critical", "failed", "Net is total less income", "3 bodies differ")


def candidate(folder: Path, name: str = "Alderbrook", checks: tuple[CheckResult, ...] = ()) -> Candidate:
    """The sample with another name for its first body, and so another release."""
    bodies = FRAMES["bodies"].with_columns(pl.col("name").str.replace("Alderbrook", name))
    frames = {**FRAMES, "bodies": bodies}
    return build(
        folder, frames, [*sample.checks(), *checks], sample.lineage(), sample.pack_facts(), sample.provenance()
    )


def publish(store: Store, name: str = "Alderbrook") -> Published:
    with store.workspace(PACK) as folder:
        return store.publish(PACK, candidate(folder, name), "tests", "a reason")


def hold(store: Store, checks: tuple[CheckResult, ...] = ()) -> str:
    with store.workspace(PACK) as folder:
        return store.hold(PACK, candidate(folder, checks=checks), "tests", "look first")


def moves(store: Store) -> list[tuple[str, str]]:
    return [(entry.what, entry.release) for entry in store.decisions(PACK).decisions]


def test_a_first_release_is_pointed_to_and_logged(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.current(PACK) is None
    published = publish(store)
    assert published.outcome == "new"
    assert store.current(PACK) == published.release
    assert store.releases(PACK) == [published.release]
    assert moves(store) == [("publish", published.release)]
    assert (tmp_path / "releases" / PACK / "CURRENT").read_text() == f"{published.release}\n"


def test_the_same_content_again_publishes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = publish(store)
    assert publish(store) == Published(first.release, "unchanged")
    assert store.releases(PACK) == [first.release]
    assert len(moves(store)) == 1
    assert not list((tmp_path / "releases" / PACK).glob(".building-*"))


def test_content_that_was_published_before_is_pointed_to_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = publish(store), publish(store, "Elderbrook")
    assert publish(store) == Published(first.release, "moved")
    assert store.releases(PACK) == sorted([first.release, second.release])


def test_a_release_shelved_by_a_run_that_died_before_the_pointer_moved_is_picked_up(tmp_path: Path) -> None:
    store = Store(tmp_path)
    release = publish(store).release
    (tmp_path / "releases" / PACK / "CURRENT").unlink()
    assert publish(store) == Published(release, "moved")
    assert store.current(PACK) == release


def test_leftovers_of_killed_runs_are_removed_by_the_next(tmp_path: Path) -> None:
    store = Store(tmp_path)
    stale = tmp_path / "releases" / PACK / ".building-killed" / "tables"
    stale.mkdir(parents=True)
    (stale / "half.csv").write_text("a,b\n1")
    publish(store)
    assert not stale.parent.exists()


def test_a_blocking_check_publishes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(Blocked, match="check net failed"), store.workspace(PACK) as folder:
        store.publish(PACK, candidate(folder, checks=(FAILED,)), "tests", "a reason")
    assert store.current(PACK) is None
    assert store.releases(PACK) == []


def test_a_held_candidate_waits_for_a_signature(tmp_path: Path) -> None:
    store = Store(tmp_path)
    held = hold(store)
    assert (store.candidates(PACK), store.releases(PACK), store.current(PACK)) == ([held], [], None)
    assert store.sign_off(PACK, held, "A. Reader", "figures agreed") == Published(held, "new")
    assert (store.candidates(PACK), store.current(PACK)) == ([], held)
    last = store.decisions(PACK).decisions[-1]
    assert (last.who, last.what, last.why) == ("A. Reader", "publish", "figures agreed")


def test_holding_the_same_content_twice_keeps_one_candidate(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert hold(store) == hold(store)
    assert len(store.candidates(PACK)) == 1


def test_a_blocked_candidate_needs_somebody_who_answers_for_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    held = hold(store, (FAILED,))
    with pytest.raises(Blocked, match="3 bodies differ"):
        store.sign_off(PACK, held, "A. Reader", "urgent")
    store.override(PACK, held, "A. Reader", "the publisher confirmed the three figures")
    assert store.sign_off(PACK, held, "A. Reader", "urgent").outcome == "new"
    assert moves(store) == [("hold", held), ("override", held), ("publish", held)]


def test_signing_needs_a_name_a_reason_and_a_candidate(tmp_path: Path) -> None:
    store = Store(tmp_path)
    held = hold(store)
    with pytest.raises(BadInput, match="say who decides and why"):
        store.sign_off(PACK, held, " ", "a reason")
    with pytest.raises(BadInput, match="no release or candidate 0123456789abcdef"):
        store.sign_off(PACK, "0123456789abcdef", "A. Reader", "a reason")


def test_an_altered_candidate_is_not_signed_off(tmp_path: Path) -> None:
    store = Store(tmp_path)
    held = hold(store)
    (store.place(PACK, held) / "tables" / "bodies.csv").write_text("body_id\n")
    with pytest.raises(Blocked, match=r"tables/bodies\.csv: altered"):
        store.sign_off(PACK, held, "A. Reader", "a reason")


def test_rolling_back_goes_to_the_release_before_and_stays_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = publish(store).release, publish(store, "Elderbrook").release
    assert store.rollback(PACK, "A. Reader", "wrong name") == first
    assert store.current(PACK) == first
    assert publish(store, "Elderbrook") == Published(second, "withdrawn")
    assert store.current(PACK) == first
    assert store.sign_off(PACK, second, "A. Reader", "the name was right") == Published(second, "moved")
    assert publish(store, "Elderbrook").outcome == "unchanged"


def test_rolling_back_twice_goes_back_twice(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = publish(store).release
    for name in ("Elderbrook", "Olderbrook"):
        publish(store, name)
    store.rollback(PACK, "A. Reader", "one back")
    assert store.rollback(PACK, "A. Reader", "and another") == first
    with pytest.raises(BadInput, match="no earlier release"):
        store.rollback(PACK, "A. Reader", "and another")


def test_rolling_back_to_what_is_not_there_or_does_not_verify_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = publish(store).release, publish(store, "Elderbrook").release
    with pytest.raises(BadInput, match="no other release of it"):
        store.rollback(PACK, "A. Reader", "a reason", to=second)
    (store.place(PACK, first) / "checks.json").write_text("{}")
    with pytest.raises(Blocked, match=r"checks\.json: altered"):
        store.rollback(PACK, "A. Reader", "a reason", to=first)
    assert store.current(PACK) == second


def test_a_damaged_release_is_not_taken_for_the_new_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    release = publish(store).release
    shutil.rmtree(store.place(PACK, release) / "tables")
    with pytest.raises(Blocked, match="missing"):
        publish(store)


@pytest.mark.parametrize("pack", ["../other", "Big", "", "a/b", ".hidden"])
def test_no_path_escapes_through_a_packs_name(tmp_path: Path, pack: str) -> None:
    with pytest.raises(BadInput, match="identifier"):
        Store(tmp_path).current(pack)
