"""Every peer that comes or goes has one reason, and the reason is what was changed by hand."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from pipelines.cli_releases import releases as command
from pipelines.errors import BadInput
from pipelines.releases.build import build
from pipelines.releases.diff_peers import SetChange, as_data, diff_peers, lines
from pipelines.releases.read import Release, open_release
from pipelines.releases.store import Store
from tests import releases as sample

TABLES = ("bodies", "body_lineage", "peers", "peer_features")
LISTS = {"A": {"B": 1.0, "C": 2.0, "D": 3.0}, "E": {"B": 2.5}}
BODY = {"class_id": "council", "region": "North", "valid_from": None, "valid_to": None}
PEOPLE = {"A": 100.0, "B": 110.0, "C": 120.0, "D": 130.0, "E": 140.0, "F": 150.0}


def made(
    lists: dict[str, dict[str, float]],
    *,
    people: dict[str, float] = PEOPLE,
    bodies: dict[str, dict[str, str | None]] | None = None,
    merged: dict[str, str] | None = None,
    kind: str = "computed",
    k: int = 3,
) -> Release:
    """A release in memory of one model, `alike`, with lists by body, nearest first, and one context variable."""
    known = {body: {**BODY, "name": f"Council {body}", **(bodies or {}).get(body, {})} for body in PEOPLE}
    pairs = [(body, peer, place, at) for body, own in lists.items() for place, (peer, at) in enumerate(own.items())]
    frames: dict[str, list[dict[str, object]]] = {
        "bodies": [{"body_id": body, **facts} for body, facts in known.items() if facts["name"]],
        "body_lineage": [
            {"from_id": "Z", "to_id": body, "effective_period": when}
            for body, when in (merged or {"Z": "1974"}).items()
        ],
        "peers": [
            {"model_id": "alike", "body_id": b, "peer_id": p, "closeness_order": n, "distance": d}
            for b, p, n, d in pairs
        ],
        "peer_features": [
            {
                "model_id": "alike",
                "body_id": b,
                "peer_id": p,
                "variable_id": "people",
                "label": "People",
                "body_value": people[b],
                "peer_value": people[p],
            }
            for b, p, *_ in pairs
        ],
    }
    facts = {"peer_models": [{"id": "alike", "kind": kind, "k": k}], "headline_peer_model": "alike"}
    resources = [{"name": name, "format": "csv"} for name in TABLES]
    release = Release("courts", "made", Path(), {"evenhand": facts, "resources": resources}, ())
    release._frames.update({name: pl.DataFrame(rows) for name, rows in frames.items()})
    return release


def of_a(changes: tuple[SetChange, ...]) -> dict[str, tuple[str, str]]:
    """Kind and words of every change in A's list, by peer."""
    (found,) = (change for change in changes if change.body_id == "A")
    return {one.peer_id: (one.kind, one.reason) for one in found.changes}


def swapped(old: str, new: str, at: float = 3.0) -> dict[str, dict[str, float]]:
    """The lists with one peer of A for another, at the end."""
    own = {peer: distance for peer, distance in LISTS["A"].items() if peer != old}
    return {**LISTS, "A": {**own, new: at}}


def test_equal_lists_are_no_change() -> None:
    assert diff_peers(made(LISTS), made(LISTS)) == ()
    assert list(lines(())) == ["0 sets of peers changed"]


def test_how_far_two_lists_agree() -> None:
    (change,) = diff_peers(made(LISTS), made(swapped("D", "F")))
    # {B, C, D} and {B, C, F}: 2 of 4 in both.
    assert (change.n_before, change.n_after, change.jaccard) == (3, 3, 0.5)
    assert change.overlap is not None and change.overlap > 0.6  # the two nearest agree
    assert [one.change for one in change.changes] == ["dropped", "added"]


def test_a_peer_that_ended_and_the_one_that_moved_up() -> None:
    found = of_a(diff_peers(made(LISTS), made(swapped("D", "F", 3.5), bodies={"D": {"valid_to": "2025-03-31"}})))
    assert found["D"] == ("body", "it ended on 2025-03-31")
    assert found["F"] == ("place", "next in order of likeness, since Council D (D) left")


def test_a_peer_that_came_into_being() -> None:
    before = made(LISTS, bodies={"F": {"name": None}})
    found = of_a(diff_peers(before, made(swapped("D", "F", 2.2), bodies={"F": {"valid_from": "2025-04-01"}})))
    assert found["F"] == ("body", "it came into being on 2025-04-01")
    assert found["D"] == ("place", "Council F (F) is nearer and took its place")  # the list ends at 2.2 now


def test_a_peer_of_another_class() -> None:
    after = made(swapped("D", "F"), bodies={"D": {"class_id": "county"}})
    assert of_a(diff_peers(made(LISTS), after))["D"] == ("body", "it changed class from council to county")


def test_a_region_counts_only_where_the_model_keeps_to_it() -> None:
    moved: dict[str, dict[str, str | None]] = {"D": {"region": "South"}}
    assert of_a(diff_peers(made(LISTS), made(swapped("D", "F"), bodies=moved)))["D"][1].startswith("it changed region")
    apart: dict[str, dict[str, str | None]] = {"B": {"region": "South"}}
    mixed = of_a(diff_peers(made(LISTS, bodies=apart), made(swapped("D", "F"), bodies={**apart, **moved})))
    assert mixed["D"][0] != "body"


def test_a_recent_merger_and_its_end() -> None:
    without, having = made(swapped("D", "F"), merged={"D": "2024-25"}), made(LISTS, merged={"D": "2024-25"})
    assert of_a(diff_peers(having, without))["D"] == ("merger", "merged in 2024-25: too recently to be a peer")
    assert of_a(diff_peers(without, having))["D"] == ("merger", "merged in 2024-25: long enough ago by now")


def test_the_variable_that_moved_is_named_with_both_values() -> None:
    # D at 3.0 is still within reach of a list that ends at 3.2: it left because it grew, from 130 to 190.
    after = made({**swapped("D", "F", 3.2), "E": {"D": 2.5}}, people={**PEOPLE, "D": 190.0})
    found = of_a(diff_peers(made({**LISTS, "E": {"F": 2.5}}), after))
    assert found["D"] == ("variable", "People of Council D (D) went from 130 to 190, away from Council A (A)")


def test_a_nearer_one_pushes_out() -> None:
    # The new list ends at 2.5, so D at 3.0 is out of reach although nothing about it changed.
    found = of_a(diff_peers(made(LISTS), made(swapped("D", "F", 2.5))))
    assert found["D"] == ("place", "Council F (F) is nearer and took its place")


def test_a_cap_that_moved() -> None:
    # Lists shorter than 3 end at the cap: 3.0 before, 2.5 after.
    shorter = {"A": {"B": 1.0, "C": 2.0}, "E": {"B": 2.5}}
    found = of_a(diff_peers(made(LISTS), made(shorter)))
    assert found["D"] == ("cap", "the largest distance of a peer went from 3 to 2.5")
    assert of_a(diff_peers(made(shorter), made(LISTS)))["D"][0] == "cap"


def test_a_model_that_asks_for_more_and_a_publishers_list() -> None:
    longer = {**LISTS, "A": {**LISTS["A"], "F": 4.0}}
    found = of_a(diff_peers(made(LISTS), made(longer, k=4)))
    assert found["F"] == ("model", "the model asks for 4 peers, before for 3")
    listed = diff_peers(made(LISTS, kind="published"), made(swapped("D", "F"), kind="published"))
    assert set(of_a(listed).values()) == {("list", "the publisher's list changed")}


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(BadInput, match="courts has no peer model 'near'; it has alike"):
        diff_peers(made(LISTS), made(LISTS), "near")


def test_as_text_and_as_json() -> None:
    # In common at depths 1, 2, 3: 1, 2, 2. (0.1/0.9) (0.9 + 0.81 + 2/3 x 0.729) + 2/3 x 0.729 = 0.73.
    changes = diff_peers(made(LISTS), made(swapped("D", "F", 2.5)))
    told = list(lines(changes))
    assert told[:2] == [
        "1 set of peers changed",
        "A under alike: 3 to 3 peers, 50% of either list in both, agreement of order 0.73",
    ]
    assert told[2] == "  dropped D: Council F (F) is nearer and took its place"
    assert json.loads(json.dumps(as_data(changes)))[0]["changes"][0]["kind"] == "place"


def test_the_command_tells_peers_beside_positions(tmp_path: Path) -> None:
    first = sample.make_release(tmp_path)
    frames = sample.frames()
    gone = (pl.col("body_id") == "T01") & (pl.col("closeness_order") == 8) & (pl.col("model_id") == "statistical")
    frames["peers"] = frames["peers"].filter(~gone)
    store = Store(tmp_path)
    with store.workspace(sample.PACK) as folder:
        candidate = build(folder, frames, sample.checks(), sample.lineage(), sample.pack_facts(), sample.provenance())
        second = store.publish(sample.PACK, candidate, by="tests", why="one peer fewer").release
    assert len(diff_peers(open_release(tmp_path, sample.PACK, first), open_release(tmp_path, sample.PACK, second))) == 1
    words = ["diff", sample.PACK, first, second, "--home", str(tmp_path)]
    text, data = (CliRunner().invoke(command, [*words, *more]).output for more in ([], ["--json"]))
    assert "1 set of peers changed\nT01 under statistical: 8 to 7 peers" in text
    (change,) = json.loads(data)["peers"]
    assert (change["body_id"], [one["change"] for one in change["changes"]]) == ("T01", ["dropped"])
