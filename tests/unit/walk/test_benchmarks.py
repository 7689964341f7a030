"""Peers and positions on courts whose figures can be compared by eye."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.packs.schema import PeerModel, Variable
from pipelines.walk.benchmarks import find_peers, positions
from tests.warehouses import put

SIZE = Variable(id="size", measure="residents", label="Residents", theme="Size")
NEAREST = PeerModel(id="alike", label="Alike", kind="computed", k=8, cap_quantile=1, variables=(SIZE,))
LIST = PeerModel(
    id="listed", label="Listed", kind="published", k=6, dataset="returns", series_prefix="neighbour_", scheme="no"
)


def bodies(warehouse, count: int, began: dict[int, str] | None = None):
    """Courts C01, C02, ... with 100, 200, ... residents; the newest costs are those of 2023."""
    rows = [
        {"body_id": f"C{n:02}", "class_id": "court", "valid_from": (began or {}).get(n, "1972-01-01")}
        for n in range(1, count + 1)
    ]
    put(warehouse, "marts.bodies", *rows)
    people = [{"body_id": row["body_id"], "value": 100.0 * n} for n, row in enumerate(rows, 1)]
    put(warehouse, "staging.usable", *people, measure_id="residents", period="2023", input_editions="register@e")
    put(
        warehouse,
        "marts.periods",
        {"period": "2023", "kind": "calendar_year", "start": "2023-01-01", "end": "2023-12-31"},
    )
    put(warehouse, "marts.costs", {"body_id": "C01", "service_id": "justice", "period": "2023"})


def peers_of(warehouse, body: str, model: str = "alike") -> list[str]:
    found = warehouse.read(
        "select peer_id from marts.peers where body_id = ? and model_id = ? order by closeness_order", [body, model]
    )
    return found["peer_id"].to_list()


def test_the_nearest_come_first_and_ties_in_order_of_body(warehouse, courts):
    bodies(warehouse, 9)
    find_peers(replace(courts, peer_models=(NEAREST,)), warehouse)
    assert peers_of(warehouse, "C05")[:4] == ["C04", "C06", "C03", "C07"]  # 100 away twice, 200 away twice
    assert peers_of(warehouse, "C01")[:2] == ["C02", "C03"]


def test_each_pair_says_which_variable_parts_it(warehouse, courts):
    bodies(warehouse, 9)
    find_peers(replace(courts, peer_models=(NEAREST,)), warehouse)
    row = warehouse.read("from marts.peer_features where body_id = 'C01' and peer_id = 'C02'").row(0, named=True)
    assert (row["body_value"], row["peer_value"], row["share"], row["unit"]) == (100.0, 200.0, 1.0, "persons")


def test_a_body_is_nobodys_peer_for_two_years_and_has_peers_itself(warehouse, courts):
    # The newest costs end on 31 December 2023: whoever began after 31 December 2021 is too new.
    bodies(warehouse, 10, began={5: "2022-01-01", 6: "2021-12-31"})
    find_peers(replace(courts, peer_models=(NEAREST,)), warehouse)
    assert "C05" not in peers_of(warehouse, "C04")
    assert "C06" in peers_of(warehouse, "C04")
    assert len(peers_of(warehouse, "C05")) == 8


@pytest.mark.parametrize(("count", "state"), [(9, "benchmark"), (8, "few"), (6, "few"), (5, "none")])
def test_a_group_is_as_good_as_it_is_large(warehouse, courts, count, state):
    bodies(warehouse, count)  # everybody has count - 1 peers
    find_peers(replace(courts, peer_models=(NEAREST,)), warehouse)
    assert set(warehouse.read("from marts.peer_groups")["state"]) == {state}


def listed(warehouse, *series: tuple[str, str], aliases: tuple[dict[str, object], ...] = ()):
    """A publisher's list of neighbours of number 1, given as (series, number)."""
    cells = [{"code": "1", "series": name, "text": number, "period": ""} for name, number in series]
    put(warehouse, "staging.cells", *cells)
    put(warehouse, "staging.ruling", {"period": ""})
    own = [{"code": str(n), "body_id": f"C{n:02}", "valid_from": ""} for n in range(1, 10)]
    put(warehouse, "marts.body_alias", *own, *aliases, scheme="no")


def test_a_published_list_keeps_its_order_and_loses_whom_the_rules_exclude(warehouse, courts):
    bodies(warehouse, 9, began={4: "2023-01-01"})
    listed(
        warehouse,
        ("neighbour_10", "2"),  # the tenth, although it sorts before the second as text
        ("neighbour_2", "9"),
        ("neighbour_1", "4"),  # too new
        ("neighbour_3", "77"),  # nobody's number
        ("neighbour_4", "1"),  # itself
        ("other_1", "3"),
    )
    find_peers(replace(courts, peer_models=(NEAREST, LIST)), warehouse)
    assert peers_of(warehouse, "C01", "listed") == ["C09", "C02"]
    row = warehouse.read("from marts.peers where model_id = 'listed' limit 1").row(0, named=True)
    assert (row["distance"], row["retention"], row["input_editions"]) == (None, None, "returns@2024-01-01-aaaaaaaa")


def test_a_number_that_changed_hands_means_the_body_that_holds_it_now(warehouse, courts):
    bodies(warehouse, 9)
    before = {"code": "2", "body_id": "C99", "valid_from": "", "valid_to": "2023-03-31"}
    listed(warehouse, ("neighbour_1", "2"), ("neighbour_2", "3"), aliases=(before,))
    warehouse.connection.execute("update marts.body_alias set valid_from = '2023-04-01' where body_id = 'C02'")
    find_peers(replace(courts, peer_models=(NEAREST, LIST)), warehouse)
    assert peers_of(warehouse, "C01", "listed") == ["C02", "C03"]


FIGURE = {"indicator_id": "spending_per_case", "period": "2023", "interval_method": "test", "input_editions": "r@e"}


def positioned(warehouse, pack, figures: dict[str, dict[str, object]], peer_ids: list[str]):
    """C01's position against given peers; figures by body."""
    bodies(warehouse, 9)
    pairs = [{"body_id": "C01", "peer_id": peer, "closeness_order": n} for n, peer in enumerate(peer_ids, 1)]
    put(warehouse, "marts.peers", *pairs, model_id="alike")
    rows = [{"body_id": body, "lo": 0.9 * v["value"], "hi": 1.1 * v["value"]} | v for body, v in figures.items()]
    put(warehouse, "marts.indicator_values", *(FIGURE | row for row in rows))
    positions(replace(pack, peer_models=(NEAREST,)), warehouse)
    return warehouse.read("from marts.positions where body_id = 'C01'").row(0, named=True)


EIGHT = [f"C{n:02}" for n in range(2, 10)]


def test_a_position_is_the_mid_rank_among_peers_and_lower_spending_is_better(warehouse, courts):
    # Peers 20, 30, ..., 90 and own 35: six of eight spend more, so 75 %; quartiles of type 7 are 37.5, 55, 72.5.
    figures = {"C01": {"value": 35.0}} | {body: {"value": 10.0 * n} for n, body in enumerate(EIGHT, 2)}
    row = positioned(warehouse, courts, figures, EIGHT)
    assert (row["peer_q25"], row["peer_median"], row["peer_q75"]) == (37.5, 55.0, 72.5)
    assert (row["peer_min"], row["peer_max"], row["n_peers"]) == (20.0, 90.0, 8)
    assert row["percentile"] == pytest.approx(75.0)
    assert row["ratio"] == pytest.approx(35 / 55)
    assert (row["verdict"], row["reason"]) == ("lower", None)  # 31.5 to 38.5 lies below 55


def test_ties_take_half_a_place(warehouse, courts):
    figures = {"C01": {"value": 50.0}} | {body: {"value": 50.0} for body in EIGHT}
    row = positioned(warehouse, courts, figures, EIGHT)
    assert (row["percentile"], row["verdict"]) == (50.0, "same")


def test_bodies_that_are_not_like_for_like_are_left_out_and_counted(warehouse, courts):
    figures = {"C01": {"value": 50.0}} | {body: {"value": 60.0} for body in EIGHT}
    figures["C02"] |= {"like_for_like": False, "value": 9.0}
    row = positioned(warehouse, courts, figures, EIGHT)
    assert (row["n_peers"], row["n_left_out"], row["peer_min"]) == (7, 1, 60.0)
    own = positioned(warehouse, courts, figures | {"C01": {"value": 50.0, "like_for_like": False}}, EIGHT)
    assert (own["verdict"], own["percentile"]) == ("withheld", None)
    assert own["reason"].startswith("not like for like")


def test_four_peers_are_too_few_to_compare_with(warehouse, courts):
    figures = {"C01": {"value": 50.0}} | {body: {"value": 60.0} for body in EIGHT[:4]}
    row = positioned(warehouse, courts, figures, EIGHT)
    assert (row["n_peers"], row["verdict"], row["peer_median"]) == (4, "withheld", None)
    assert row["reason"] == "too few comparable courts (4) to compare"


def test_without_an_interval_no_verdict_is_given(warehouse, courts):
    figures = {"C01": {"value": 50.0, "lo": None, "hi": None}} | {body: {"value": 60.0} for body in EIGHT}
    row = positioned(warehouse, courts, figures, EIGHT)
    assert (row["verdict"], row["reason"]) == ("withheld", "no interval can be given, so chance cannot be ruled out")
