"""Chains of a few invented courts: what each stage costs beyond the peers, and why a stage is not shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.packs.pack import Pack
from pipelines.packs.schema import PeerModel, ScopeFlag
from pipelines.packs.schema_services import AreaCosts, Chain, Link
from pipelines.walk.chains import chains
from pipelines.walk.flows import flow_frames, outcome_lag
from pipelines.warehouse import Warehouse
from tests.warehouses import put, put_nothing

LINKS = (
    Link(measure="spending"),
    Link(measure="judges", label="spending per judge"),
    Link(measure="resolved", label="judges per case"),
)
NOTE = "Cases differ in weight."
YEARS = ("2021", "2022", "2023")
PEERLESS = PeerModel(id="alike", label="Alike", kind="computed")
Figures = dict[tuple[str, str], float | None]


@pytest.fixture
def pack(courts: Pack) -> Pack:
    """The courts with a chain of two stages, and peers given by hand."""
    chain = Chain(label="spending per case", links=LINKS, note=NOTE)
    (service,) = courts.services
    return replace(
        courts,
        services=(service.model_copy(update={"chain": chain}),),
        peer_models=(PEERLESS,),
        headline_peer_model="alike",
        deflator=None,
        base_period=None,
        scope_flags=(),
    )


def courtroom(warehouse: Warehouse, pack: Pack, figures: Figures | None = None, count: int = 7, **status: str) -> None:
    """Courts C01, C02, ...: 100 for 20 judges and 400 cases unless `figures` say otherwise; all are peers of all."""
    names = [f"C{n:02}" for n in range(1, count + 1)]
    usual = {"spending": 100.0, "judges": 20.0, "resolved": 400.0}
    told = {(body, measure): value for body in names for measure, value in usual.items()} | (figures or {})
    put(warehouse, "marts.bodies", *({"body_id": body, "class_id": "court", "valid_from": ""} for body in names))
    days = [{"period": y, "kind": "calendar_year", "start": f"{y}-01-01", "end": f"{y}-12-31"} for y in YEARS]
    put(warehouse, "marts.periods", *days)
    put(
        warehouse,
        "staging.usable",
        *(
            {"body_id": body, "measure_id": measure, "value": value, "status": status.get(f"{body}_{measure}", "ok")}
            for (body, measure), value in told.items()
        ),
        period="2023",
        input_editions="returns@e",
    )
    pairs = [(a, b) for a in names for b in names if a != b]
    put(warehouse, "marts.peers", *({"body_id": a, "peer_id": b, "model_id": "alike"} for a, b in pairs))
    put_nothing(warehouse, "marts.costs", "staging.deflator")
    for name, frame in flow_frames(pack).items():
        warehouse.write_frame(f"staging.{name}", frame)


def stages(warehouse: Warehouse, pack: Pack, body: str = "C01") -> list[dict[str, object]]:
    chains(pack, warehouse)
    found = warehouse.read("from marts.chains where body_id = ? order by stage", [body])
    return list(found.iter_rows(named=True))


def test_a_dear_stage_holds_the_whole_gap(warehouse, pack):
    # 150 for 20 judges and 400 cases against 100: 7.5 a judge against 5; 20 / 400 judges a case like everybody.
    courtroom(warehouse, pack, {("C01", "spending"): 150.0})
    whole, judge, case = stages(warehouse, pack)
    assert [row["factor"] for row in (whole, judge, case)] == [150 / 400, 150 / 20, 20 / 400]
    assert [row["reference"] for row in (whole, judge, case)] == pytest.approx([0.25, 5.0, 0.05])
    assert [row["gap_cents"] for row in (whole, judge, case)] == [5000, 5000, 0]  # (150 - 100) in cents
    assert (whole["n_peers"], whole["label"], judge["label"]) == (6, "spending per case", "spending per judge")
    assert [row["bottleneck"] for row in (whole, judge, case)] == [None, None, None]  # six peers name no stage
    assert (judge["above"], judge["above_value"], judge["below"], judge["below_period"]) == (
        "spending",
        150.0,
        "judges",
        "2023",
    )


def test_the_stage_that_stands_out_is_named(warehouse, pack):
    spread = {(f"C{n:02}", "spending"): 95.0 + 2 * n for n in range(2, 10)}
    courtroom(warehouse, pack, spread | {("C01", "spending"): 150.0, ("C01", "judges"): 21.0}, count=9)
    whole, judge, case = stages(warehouse, pack)
    assert (judge["bottleneck"], case["bottleneck"]) == (True, False)
    assert judge["gap_cents"] + case["gap_cents"] == whole["gap_cents"]


@pytest.mark.parametrize(
    ("figure", "status", "shown", "reason"),
    [
        (("C01", "judges"), "missing", [True, False, False], "Judges: the figure is missing"),
        (("C01", "judges"), "suppressed", [True, False, False], "Judges: the figure is suppressed"),
        (("C01", "resolved"), "missing", [False, True, False], "Cases resolved: the figure is missing"),
        (("C01", "spending"), "missing", [False, False, False], "Spending: the figure is missing"),
    ],
)
def test_what_is_missing_ends_the_chain_there(warehouse, pack, figure, status, shown, reason):
    courtroom(warehouse, pack, {figure: None}, **{"_".join(figure): status})
    found = stages(warehouse, pack)
    assert [row["factor"] is not None for row in found] == shown
    assert reason in str(found[-1]["reason"])
    assert {row["gap_cents"] for row in found[1:]} == {None}  # a stage has money only where cost and cases are known
    assert {row["bottleneck"] for row in found} == {None}
    # Everybody else keeps five peers.
    assert stages(warehouse, pack, "C02")[0]["n_peers"] == 5


def test_a_prefix_with_the_end_known_has_its_money(warehouse, pack):
    links = (*LINKS, Link(measure="overturned", label="cases per judgment overturned"))
    (service,) = pack.services
    longer = service.model_copy(update={"chain": Chain(label="all", links=links, outcome_lag=0, note=NOTE)})
    pack = replace(pack, services=(longer,))
    ends = {(f"C{n:02}", "overturned"): 40.0 for n in range(1, 8)}
    courtroom(warehouse, pack, ends | {("C01", "spending"): 150.0, ("C01", "resolved"): None}, C01_resolved="missing")
    whole, judge, *rest = stages(warehouse, pack)
    assert (whole["gap_cents"], judge["gap_cents"]) == (5000, 5000)
    assert [row["gap_cents"] for row in rest] == [None, None]
    assert all("Cases resolved: the figure is missing" in str(row["reason"]) for row in rest)


@pytest.mark.parametrize("money", [0.0, -20.0])
def test_nothing_is_divided_along_a_chain_that_costs_nothing(warehouse, pack, money):
    courtroom(warehouse, pack, {("C01", "spending"): money})
    whole, *_ = stages(warehouse, pack)
    assert (whole["factor"], whole["status"]) == (None, "withheld")
    assert whole["reason"] == "Spending: zero or negative, so the chain ends there"


def test_four_peers_are_too_few(warehouse, pack):
    courtroom(warehouse, pack, count=5)
    whole, *_ = stages(warehouse, pack)
    assert (whole["reference"], whole["gap_cents"], whole["n_peers"]) == (None, None, 4)
    assert "too few comparable" in str(whole["reason"])


@pytest.mark.parametrize("named", [(), ("spending_per_case",), ("overturned_share",)])
def test_whoever_is_partly_paid_for_is_no_reference(warehouse, pack, named):
    # The share overturned is of cases resolved, an amount of the chain: a flag on it concerns the chain too.
    flag = ScopeFlag(bodies=("C01",), service="justice", indicators=named, reason="The capital pays.", source="Act 1")
    courtroom(warehouse, pack)
    whole, *_ = stages(warehouse, replace(pack, scope_flags=(flag,)))
    assert (whole["like_for_like"], whole["factor"], whole["gap_cents"]) == (False, 0.25, None)
    assert whole["reason"] == "not like for like: another body pays part of the service"
    assert stages(warehouse, replace(pack, scope_flags=(flag,)), "C02")[0]["n_peers"] == 5


def test_a_flag_on_an_indicator_outside_the_chain_does_not_concern_it(warehouse, pack):
    elsewhere = pack.indicator("spending_per_case").model_copy(
        update={"id": "per_resident", "numerator": "overturned", "denominator": "residents"}
    )
    flag = ScopeFlag(bodies=("C01",), service="justice", indicators=("per_resident",), reason="Why.", source="Act 1")
    courtroom(warehouse, pack)
    pack = replace(pack, scope_flags=(flag,), indicators=(*pack.indicators, elsewhere))
    assert stages(warehouse, pack)[0]["like_for_like"] is True


def test_money_is_compared_at_average_wages_where_the_pack_has_them(warehouse, pack):
    area = AreaCosts(labour="wages", property="rents", labour_share=0.6, property_share=0.1, source="Ministry, 2019")
    (service,) = pack.services
    pack = replace(pack, services=(service.model_copy(update={"area_costs": area}),))
    indices = {(f"C{n:02}", name): 1.0 for n in range(1, 8) for name in ("wages", "rents")}
    # 0.6 x 1.5 + 0.1 x 2 + 0.3 = 1.4: 140 spent are 100 at average cost.
    dear = {("C01", "wages"): 1.5, ("C01", "rents"): 2.0, ("C01", "spending"): 140.0, ("C07", "wages"): None}
    courtroom(warehouse, pack, indices | dear, C07_wages="missing")
    whole, judge, _ = stages(warehouse, pack)
    assert (judge["above_value"], whole["gap_cents"]) == (pytest.approx(100.0), 0)
    without = stages(warehouse, pack, "C07")[0]
    assert (without["factor"], without["status"]) == (None, "missing")  # no index, no comparable money


def test_an_outcome_follows_by_a_year_unless_the_pack_says_otherwise(pack):
    def lag(last: str, **said: int) -> int:
        links = (*LINKS[:2], Link(measure=last, label="last"))
        chain = Chain(label="all", links=links, note=NOTE, **said)
        return outcome_lag(pack, pack.services[0].model_copy(update={"chain": chain}))

    assert (lag("overturned"), lag("resolved"), lag("overturned", outcome_lag=0)) == (1, 0, 0)


def test_a_service_without_a_chain_has_no_rows(warehouse, courts, pack):
    courtroom(warehouse, pack)
    assert chains(replace(courts, peer_models=(PEERLESS,), headline_peer_model="alike"), warehouse) == 0
