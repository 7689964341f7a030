"""Targets of nine courts whose figures can be added up by eye, and what becomes of them once issued."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from pipelines.contracts import TARGET_PATHS, TARGET_TESTS, TARGETS
from pipelines.errors import BadInput
from pipelines.packs.schema_policy import TargetPolicy
from pipelines.walk.issued import DECIDED, issued_files, read_issued
from pipelines.walk.screens import screens
from pipelines.walk.targets import targets
from pipelines.walk.tracking import tracking
from tests.warehouses import put

YEARS = ("2021", "2022", "2023")
COSTS = {"C01": 100, "C02": 40, "C03": 50, "C04": 60, "C05": 70, "C06": 80, "C07": 90, "C08": 95, "C09": 98}
POLICY = {
    "id": "asked",
    "kind": "targets",
    "label": "What courts hold",
    "illustration": "true",
    "owner": "nobody",
    "source": "invented",
    "base_period": "2023",
    "items": [
        {
            "indicator": "spending_per_case",
            "family": "cost",
            "path": "linear",
            "counter_measures": [{"indicator": "overturned_share", "family": "quality", "tolerance": "1"}],
        }
    ],
}


def pack_with(courts, path=None, **terms):
    """The courts with a target policy."""
    return replace(courts, policies=(TargetPolicy.model_validate({**POLICY, **terms}),), path=path or courts.path)


def figures(warehouse, worse: str = "", unsure: str = "") -> None:
    """Courts of constant cost and of 5 % overturned; one whose share rose to 9 and an unreliable one where named."""
    put(warehouse, "marts.bodies", *({"body_id": b, "class_id": "court", "valid_from": "1972"} for b in COSTS))
    context = [{"body_id": b, "measure_id": m, "value": 100.0} for b in COSTS for m in ("residents", "income")]
    put(warehouse, "staging.usable", *context, period="2023", input_editions="register@e")
    put(
        warehouse,
        "marts.periods",
        *({"period": y, "kind": "calendar_year", "start": f"{y}-01-01", "end": f"{y}-12-31"} for y in YEARS),
    )
    put(warehouse, "marts.costs", {"body_id": "C01", "service_id": "justice", "period": "2023"})
    rows, drawn = [], []
    for body, cost in COSTS.items():
        for year in YEARS:
            share = 9.0 if (body, year) == (worse, "2023") else 5.0
            for indicator, value in (("spending_per_case", float(cost)), ("overturned_share", share)):
                key = {"body_id": body, "indicator_id": indicator, "period": year}
                ends = {"value": value, "lo": value - 0.98, "hi": value + 0.98}  # a standard error of 0.5
                rows.append({**key, **ends, "se": 0.5, "numerator": value, "denominator": 1.0, "input_editions": "r@1"})
                drawn.append({**key, **ends, "reliability": 0.3 if body == unsure else 0.9, "use": "individual"})
    put(warehouse, "marts.indicator_values", *rows)
    put(warehouse, "marts.reliability", *drawn)
    pairs = [(a, b) for a in COSTS for b in COSTS if a != b]
    order = dict.fromkeys(COSTS, 0)
    listed = []
    for own, peer in pairs:
        order[own] += 1
        listed.append({"model_id": "alike", "body_id": own, "peer_id": peer, "closeness_order": order[own]})
    put(warehouse, "marts.peers", *listed)
    put(warehouse, "marts.body_lineage", {"from_id": "X", "to_id": "Y"})


@pytest.fixture
def nine(courts):
    """The courts' headline model, whatever its name, is called alike here."""
    model = courts.peer_model(courts.headline_peer_model).model_copy(update={"id": "alike"})
    return replace(courts, headline_peer_model="alike", peer_models=(model,))


def row(warehouse, body: str, table: str = "targets") -> dict[str, object]:
    return warehouse.read(f"from marts.{table} where body_id = ?", [body]).row(0, named=True)


def test_half_of_the_way_to_the_best_quarter(warehouse, nine):
    # The peers of C01 hold 40, 50, 60, 70, 80, 90, 95, 98: the 25th percentile is 50 + 0.75 x 10 = 57.5. Half of the
    # way from 100 is 78.75, rounded towards 100 at three digits of the middle cost, 80: 78.8. Four peers are there.
    figures(warehouse)
    assert targets(pack_with(nine), warehouse) == 9
    found = row(warehouse, "C01")
    assert (found["state"], found["basis"], found["hold"], found["limited_by"]) == (
        "proposed",
        "top_quartile",
        False,
        "rounding",
    )
    assert found["reference"] == pytest.approx(57.5)
    assert found["target"] == pytest.approx(78.8)
    assert (found["peers_there"], found["n_peers"], found["holders"]) == (4, 8, "C02 C03 C04 C05")
    assert (found["held_years"], found["due_period"]) == (3.0, "2026")
    path = warehouse.read("from marts.target_paths where body_id = 'C01' order by period")
    assert path["value"].to_list() == pytest.approx([100, 100 - 21.2 / 3, 100 - 42.4 / 3, 78.8])
    told = {t["test"]: t for t in warehouse.read("from marts.target_tests where body_id = 'C01'").iter_rows(named=True)}
    assert (told["attainability"]["result"], told["attainability"]["statistic"]) == ("pass", 0.5)
    assert told["noise"]["statistic"] == pytest.approx(21.2 / (2**0.5 * 0.98 / 1.959964))
    assert told["history"]["result"] == "not tested"  # three years hold no window of three
    budget = row(warehouse, "C01", "target_budgets")
    assert (budget["active"], budget["allowed"], budget["effective"]) == (1, 12, 1.0)


def test_a_level_bought_with_quality_counts_for_nobody(warehouse, nine):
    # Without C02 there are seven peers, of whom only the median may be asked for: 80, half of the way is 90.
    figures(warehouse, worse="C02")
    targets(pack_with(nine), warehouse)
    found = row(warehouse, "C01")
    assert (found["basis"], found["n_peers"]) == ("median", 7)
    assert found["target"] == pytest.approx(90)
    assert "C02" not in str(found["holders"])


def test_who_holds_the_level_is_asked_to_hold_and_who_cannot_be_told_is_asked_nothing(warehouse, nine):
    figures(warehouse, unsure="C09")
    targets(pack_with(nine), warehouse)
    best, unsure = row(warehouse, "C02"), row(warehouse, "C09")
    assert (best["hold"], best["target"]) == (True, 40)
    assert (unsure["state"], unsure["target"]) == ("none", None)
    assert "too unreliable" in str(unsure["reason"])


def test_a_figure_drawn_towards_others_lets_no_court_fall_back(warehouse, nine):
    """C02 costs 40 in every year and is drawn to 55: it is asked to hold its own 40, not 55, and meets it from there.

    C01 pays 100 and is drawn to 99; its own level is no better, so its target rests on the start alone.
    """
    figures(warehouse)
    ends = [{"value": 55.0, "lo": 45.2, "hi": 64.8} if r["body_id"] == "C02" else {} for r in drawn(warehouse)]
    put(warehouse, "marts.reliability", *(r | e for r, e in zip(drawn(warehouse), ends, strict=True)))
    pack = pack_with(nine)
    targets(pack, warehouse)
    best = row(warehouse, "C02")
    assert (best["start"], best["hold"], best["target"], best["success"]) == (55, True, 40, 40)
    assert best["limited_by"] == "own_level"
    path = warehouse.read("from marts.target_paths where body_id = 'C02' order by period")
    assert path["value"].to_list() == [40, 40, 40, 40]
    told = {t["test"]: t for t in warehouse.read("from marts.target_tests where body_id = 'C02'").iter_rows(named=True)}
    assert [told[test]["result"] for test in ("context", "noise", "consistency")] == [
        "not tested",
        "not tested",
        "pass",
    ]
    other = row(warehouse, "C01")
    assert other["success"] == other["target"] == pytest.approx(78.8)
    assert "4 of its 8 peers are shown to have held it for 3 years" in {
        t["reason"] for t in warehouse.read("from marts.target_tests where body_id = 'C01'").iter_rows(named=True)
    }
    assert "no court has figures 3 years apart up to 2023" in {  # there are those of 2021 to 2023
        t["reason"] for t in warehouse.read("from marts.target_tests where body_id = 'C01'").iter_rows(named=True)
    }


def drawn(warehouse) -> list[dict[str, object]]:
    return list(warehouse.read("from marts.reliability where indicator_id = 'spending_per_case'").iter_rows(named=True))


def test_the_frontier_shift_is_asked_on_top_of_catching_up(warehouse, nine):
    figures(warehouse)
    targets(pack_with(nine, frontier_shift="0.01"), warehouse)
    assert row(warehouse, "C01")["target"] == pytest.approx(78.8 * 0.99**3)


def test_an_issued_policy_is_kept_to_the_letter_and_ended_bodies_are_closed(warehouse, nine, tmp_path):
    figures(warehouse)
    pack = pack_with(nine, tmp_path)
    targets(pack, warehouse)
    before = warehouse.table(TARGETS)
    freeze(warehouse, tmp_path)
    rows = warehouse.read("from marts.bodies").with_columns(
        pl.when(pl.col("body_id") == "C01").then(pl.lit("2024-03-31")).alias("valid_to")
    )
    put(warehouse, "marts.bodies", *rows.to_dicts())
    put(warehouse, "marts.body_lineage", {"from_id": "C01", "to_id": "C02"})
    alive = warehouse.read("from marts.peers where 'C01' not in (body_id, peer_id)")  # a run finds peers anew
    put(warehouse, "marts.peers", *alive.to_dicts())
    targets(pack, warehouse)
    after = warehouse.table(TARGETS)
    kept = ["body_id", "target", "start", "holders", "due_period"]
    assert after.select(kept).equals(before.select(kept))
    assert row(warehouse, "C02")["state"] == "issued"
    closed = row(warehouse, "C01")
    assert closed["state"] == "closed" and "2024-03-31 and was merged into" in str(closed["reason"])
    assert warehouse.read("select issued from marts.policies").item() == "2024-01-02"
    assert not warehouse.read("from marts.target_budgets where body_id = 'C01'").height
    tracking(pack, warehouse)
    assert not warehouse.read("from marts.tracking where body_id = 'C01'").height


def freeze(warehouse, folder) -> None:
    """What issuing writes."""
    files = issued_files(folder, "asked")
    files["targets"][0].parent.mkdir()
    words = ("2024-01-02", "Ann", "agreed", None)
    stated = [pl.lit(text).alias(name) for name, text in zip(DECIDED, words, strict=True)]
    warehouse.table(TARGETS).with_columns(state=pl.lit("issued")).with_columns(stated).write_csv(files["targets"][0])
    warehouse.table(TARGET_PATHS).write_csv(files["paths"][0])
    warehouse.table(TARGET_TESTS).write_csv(files["tests"][0])


def test_a_spoilt_file_is_named_with_the_way_out(warehouse, nine, tmp_path):
    figures(warehouse)
    targets(pack_with(nine, tmp_path), warehouse)
    freeze(warehouse, tmp_path)
    path = issued_files(tmp_path, "asked")["targets"][0]
    path.write_text(path.read_text().replace(",100.0,", ",many,", 1))
    with pytest.raises(BadInput, match=r"issued/asked.csv: .*restore the file"):
        read_issued(tmp_path, "asked")


def test_no_call_before_a_figure_has_followed_the_start(warehouse, nine):
    figures(warehouse)
    pack = pack_with(nine)
    targets(pack, warehouse)
    assert tracking(pack, warehouse) == 9
    found = row(warehouse, "C01", "tracking")
    assert (found["call"], found["reason"], found["p_hit"]) == ("too early to say", "no figure after 2023 yet", None)
    assert not warehouse.read("from marts.charts").height  # three points tell no signal from noise


def test_a_pack_without_a_policy_asks_nothing(warehouse, nine):
    figures(warehouse)
    pack = replace(nine, policies=())
    assert (targets(pack, warehouse), tracking(pack, warehouse), screens(pack, warehouse)) == (0, 0, 0)
