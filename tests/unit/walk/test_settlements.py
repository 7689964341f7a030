"""Settlements and schemes in a walk: invented courts by their own terms, two invented organisations by real rules."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.contracts import INCENTIVES, SCHEME_BODIES
from pipelines.contracts import costs as cost_table
from pipelines.contracts import schemes as schemes_table
from pipelines.contracts import settlements as settlements_table
from pipelines.packs.load import load_pack
from pipelines.packs.schema_settlement import SettlementPolicy
from pipelines.walk.gaps import gaps
from pipelines.walk.potential import potential
from pipelines.walk.schemes import compare_pack
from pipelines.walk.settlement_rules import PUBLISHED
from pipelines.walk.settlements import settle_pack
from tests.warehouses import put, put_nothing

BODIES = [f"C{n:02}" for n in range(1, 31)]
UNIT = np.exp(np.random.default_rng(8).normal(0, 0.3, 30)) * 100
UNIT[:3] = 300.0, 40.0, 45.0  # one far above its peers, two far below
YEARS = ("2021", "2022", "2023")
TERMS: dict[str, Any] = {
    "id": "fair",
    "kind": "settlement",
    "label": "Fair",
    "illustration": True,
    "owner": "nobody",
    "source": "invented",
    "services": ["justice"],
    "first_period": "2024",
    "volume": "residents",
    "terms": {"years": 3, "bank_cap": None, "start": "notch", "threshold": 0.02},
    "plans": [{"id": "steady", "label": "As it is", "saving": 0}, {"id": "cut", "label": "Less", "saving": 0.1}],
    "comparison": {"required": 0.03, "burden_cap": 0.2, "deprivation": ["residents"]},
}


def courts_with(courts, warehouse, last_cost: float | None = 1e6, **changes: Any):
    """30 courts, each the peer of the next 12, with three years of cost and one potential; C30's last cost varies."""
    put(warehouse, "marts.bodies", *({"body_id": b} for b in BODIES), class_id="court", valid_from="1972-01-01")
    spans = [{"period": y, "kind": "calendar_year", "start": f"{y}-01-01", "end": f"{y}-12-31"} for y in YEARS]
    put(warehouse, "marts.periods", *spans)
    people = [{"body_id": b, "value": 100.0 + n, "period": y} for n, b in enumerate(BODIES) for y in YEARS]
    put(warehouse, "staging.usable", *people, measure_id="residents", input_editions="g@e")
    table = cost_table(courts.currency, courts.base_period).schema
    spent = [
        {"body_id": b, "period": y, "service_id": "justice", "cost_eur": 1e6, "status": "ok", "input_editions": "s@e"}
        for b in BODIES
        for y in YEARS
    ]
    first = next(row for row in spent if row["body_id"] == "C30" and row["period"] == "2021")
    first["cost_eur"] = last_cost
    warehouse.write_frame("marts.costs", pl.DataFrame([{k: r.get(k) for k in table} for r in spent], schema=table))
    pairs = [
        {"body_id": b, "peer_id": BODIES[(n + k) % 30], "closeness_order": k}
        for n, b in enumerate(BODIES)
        for k in range(1, 13)
    ]
    put(warehouse, "marts.peers", *pairs, model_id=courts.headline_peer_model)
    figures = [{"body_id": b, "period": y, "value": float(UNIT[n])} for n, b in enumerate(BODIES) for y in YEARS]
    same = {"indicator_id": "spending_per_case", "se": 0.01, "interval_method": "test", "input_editions": "r@e"}
    put(warehouse, "marts.indicator_values", *figures, **same)
    model = courts.peer_model(courts.headline_peer_model).model_copy(update={"k": 12})
    policy = SettlementPolicy.model_validate({**TERMS, **changes})
    pack = dataclasses.replace(courts, peer_models=(model,), policies=(policy,))
    put_nothing(warehouse, "staging.cells", "staging.ruling", "marts.body_alias")
    potential(pack, warehouse)
    return pack


def settled(pack, warehouse) -> pl.DataFrame:
    settle_pack(pack, warehouse)
    return warehouse.table(settlements_table(pack.currency))


def test_every_cent_of_every_year_has_one_place(courts, warehouse):
    found = settled(courts_with(courts, warehouse), warehouse)
    assert found.height == 30 * 2 * 3
    assert (found["below_cents"] == found["ceiling_cents"] - found["cost_cents"]).all()
    assert (found["below_cents"] == found["kept_cents"] + found["centre_cents"] + found["held_cents"]).all()


def test_a_court_without_a_gap_is_asked_for_the_frontier_shift_alone(courts, warehouse):
    rows = settled(courts_with(courts, warehouse), warehouse).filter(body_id="C02", plan_id="cut").sort("period")
    assert rows["gap"].to_list() == [0.0] * 3
    # 1,000,000 x 0.992 = 992,000; squared 984,064; cubed 976,191.49 (976,191.488)
    assert rows["ceiling_cents"].to_list() == [99_200_000, 98_406_400, 97_619_149]
    assert rows["cost_cents"].to_list() == [90_000_000, 81_000_000, 72_900_000]
    # Below by 92,000: a half is kept. By 174,064: 87,032. By 247,191.49: the cap of 10 % binds, 97,619.14.
    assert rows["kept_cents"].to_list() == [4_600_000, 8_703_200, 9_761_914]
    assert "€46,000 kept because it is spent now" in rows["explanation"][0]


def test_a_gap_lowers_the_ceiling_and_the_collar_holds_the_fall(courts, warehouse):
    rows = settled(courts_with(courts, warehouse), warehouse).filter(body_id="C01", plan_id="steady").sort("period")
    assert rows["gap"][0] > 0.5
    # Half of more than half in five years is more than 5 % a year: the collar lets 2.5 % through.
    assert rows["ceiling_cents"].to_list() == [97_500_000, 95_062_500, 92_685_937]
    assert rows["kept_cents"].to_list()[:2] == [0, 0]  # no penalty in the first two years
    assert rows["kept_cents"][2] == -2_194_219  # 30 % of 73,140.62


def test_a_missing_year_leaves_no_baseline_and_says_so(courts, warehouse):
    rows = settled(courts_with(courts, warehouse, last_cost=None), warehouse).filter(body_id="C30")
    assert set(rows["status"]) == {"missing"}
    assert rows["ceiling_cents"].null_count() == rows.height
    assert set(rows["kept_cents"]) == {0}
    assert "Not settled" in rows["explanation"][0]


def test_a_failed_gate_holds_the_payment_for_a_year(courts, warehouse):
    plans = [{"id": "hasty", "label": "Less, and worse", "saving": 0.1, "gate_fails": [1]}]
    rows = settled(courts_with(courts, warehouse, plans=plans), warehouse).filter(body_id="C02").sort("period")
    assert rows["gate"].to_list() == ["failed", "passed", "passed"]
    assert rows["held_cents"].to_list() == [4_600_000, -4_600_000, 0]
    assert rows["kept_cents"][:2].to_list() == [0, 4_600_000 + 8_703_200]


def test_noisier_courts_have_a_higher_threshold(courts, warehouse):
    pack = courts_with(courts, warehouse)
    assert set(settled(pack, warehouse)["threshold"]) == {0.02}  # 1.28 x 0.01 x sqrt(4/3) = 0.0148 is less
    found = warehouse.table(settlements_table(pack.currency))
    louder = {"indicator_id": "spending_per_case", "se": 0.05, "interval_method": "test", "input_editions": "r@e"}
    figures = [{"body_id": b, "period": "2023", "value": float(UNIT[n])} for n, b in enumerate(BODIES)]
    put(warehouse, "marts.indicator_values", *figures, **louder)
    again = settled(pack, warehouse)
    assert again.height == found.height
    assert set(again["threshold"].round(6)) == {0.073901}  # 1.28 x 0.05 x sqrt(4/3)


def test_incentives_tell_power_edges_and_overpaid_stretches(courts, warehouse):
    settle_pack(courts_with(courts, warehouse), warehouse)
    found = warehouse.table(INCENTIVES).sort("year")
    assert found["year"].to_list() == [1, 2, 3]
    assert found["power"].is_between(found["power_annual"], 0.5).all()
    assert found["cliffs"].to_list() == ["2", "2", "-2 2"]  # a notch at 2 %, and a penalty from the third year on


def test_gaps_are_the_potential_over_the_cost(courts, warehouse):
    found = gaps(courts_with(courts, warehouse), warehouse, ("justice",), draws=20_000)
    rows = warehouse.read("select body_id, value_eur / addressable_eur as share from marts.potential order by body_id")
    told = rows.filter(pl.col("share").is_not_null())
    middle = dict(zip(found.bodies, np.median(found.draws, axis=0), strict=True))
    assert told.height > 5
    for body, share in told.iter_rows():
        assert middle[body] == pytest.approx(share, rel=1e-12)


def test_a_cut_by_gaps_spares_the_cheap_whom_an_equal_cut_hits(courts, warehouse):
    pack = courts_with(courts, warehouse)
    assert compare_pack(pack, warehouse) == 5
    bodies = warehouse.table(SCHEME_BODIES).filter(body_id="C02")
    cut = dict(bodies.select("way", "cut").iter_rows())
    assert (cut["equal_cut"], cut["benchmark"]) == (0.03, 0.0)
    chance = dict(bodies.select("way", "chance_overcut").iter_rows())
    assert (chance["equal_cut"], chance["benchmark"]) == (1.0, 0.0)
    assert dict(bodies.select("way", "verdict").iter_rows())["gain_share"] == "less"


def test_every_way_finds_the_same_total_and_counts_everybody(courts, warehouse):
    pack = courts_with(courts, warehouse)
    compare_pack(pack, warehouse)
    cuts = warehouse.table(SCHEME_BODIES).group_by("way").agg(pl.col("cut").mean())
    assert all(share == pytest.approx(0.03, abs=1e-9) for _, share in cuts.iter_rows())  # every cost is a million
    found = warehouse.table(schemes_table(pack.currency))
    assert ((found["winners"] + found["losers"] + found["undecided"]) == 30).all()
    kept = dict(found.select("way", "kept_eur").iter_rows())
    assert kept["gain_share"] > kept["benchmark"] == 0


def test_a_total_beyond_the_gaps_is_called_infeasible(courts, warehouse):
    changes = {"comparison": {**TERMS["comparison"], "burden_cap": 0.01}}
    pack = courts_with(courts, warehouse, **changes)
    compare_pack(pack, warehouse)
    found = warehouse.table(schemes_table(pack.currency)).filter(way="benchmark")
    assert found["feasible"].to_list() == [False]
    assert "Not feasible" in found["words"][0]


def test_the_same_inputs_give_the_same_bytes(courts, warehouse):
    pack = courts_with(courts, warehouse)
    first = settled(pack, warehouse)
    compare_pack(pack, warehouse)
    schemes = warehouse.table(schemes_table(pack.currency))
    assert settled(pack, warehouse).equals(first)
    compare_pack(pack, warehouse)
    assert warehouse.table(schemes_table(pack.currency)).equals(schemes)


def test_a_pack_without_a_settlement_gets_empty_tables(courts, warehouse):
    pack = dataclasses.replace(courts, policies=())
    assert (settle_pack(pack, warehouse), compare_pack(pack, warehouse)) == (0, 0)
    assert warehouse.table(INCENTIVES).is_empty()


def organisations(warehouse, *, paid: float = 4_900_000.0):
    """A1 on BASIC level E saved 10 % in 2022 with full quality; A2 has no track printed."""
    acos = load_pack("us_acos")
    stated = {
        "beneficiaries": 10_000.0,
        "benchmark": 100_000_000.0,
        "expenditure": 90_000_000.0,
        "quality_score": 90.0,
        "minimum_savings_rate": 2.0,
        "agreement_period": 1.0,
    }
    figures = [
        {"body_id": body, "measure_id": id, "value": value} for body in ("A1", "A2") for id, value in stated.items()
    ]
    figures.append({"body_id": "A1", "measure_id": "earned_savings_or_losses", "value": paid})
    put(warehouse, "staging.usable", *figures, period="2022", input_editions="results@e")
    printed = [{"series": "track", "text": "E"}, {"series": "met_qps", "value": 1.0, "text": "1"}]
    put(warehouse, "staging.cells", *printed, dataset="results", edition="e", code="A1", period="2022")
    put(warehouse, "staging.ruling", {"dataset": "results", "period": "2022", "edition": "e"})
    alias = [{"scheme": "aco", "code": body, "body_id": body, "valid_from": ""} for body in ("A1", "A2")]
    put(warehouse, "marts.body_alias", *alias)
    return acos


def test_a_real_programme_is_settled_by_its_own_rules(warehouse):
    found = settled(organisations(warehouse), warehouse).row(by_predicate=pl.col("body_id") == "A1", named=True)
    # 100 - 90 = 10 million, 10 % of the benchmark, over 2 %: 98 % of a half of it is 4.9 million; 5.1 stay.
    assert (found["below_cents"], found["kept_cents"], found["centre_cents"]) == (10**9, 490_000_000, 510_000_000)
    assert (found["plan_id"], found["threshold"], found["rate"], found["gate"]) == ("actual", 0.02, 0.5, "passed")
    assert found["explanation"].startswith("$4.90m kept because it saved 10.0%")


def test_what_cannot_be_settled_says_what_is_missing(warehouse):
    found = settled(organisations(warehouse), warehouse).row(by_predicate=pl.col("body_id") == "A2", named=True)
    assert (found["status"], found["kept_cents"], found["explanation"]) == (
        "missing",
        None,
        "Not settled: track is missing.",
    )


def test_what_was_paid_stands_beside_with_what_rounding_allows(warehouse):
    settled(organisations(warehouse), warehouse)
    row = warehouse.read(f"select earned, published, within from {PUBLISHED}").row(0)
    assert row == (pytest.approx(4_900_000.0), 4_900_000.0, pytest.approx(0.5 + 0.98 * 0.5))


def test_edges_of_a_programme_are_found_by_trying_every_saving(warehouse):
    settle_pack(organisations(warehouse), warehouse)
    found = warehouse.table(INCENTIVES)
    assert found["year"].to_list() == [1, 2, 3, 4, 5]
    assert set(found["cliffs"]) == {"2"}  # none at -2 %: every loss of 2022 was forgiven
    assert "track E in 2022" in found["perverse"][0]
