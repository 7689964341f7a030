"""Frontiers in a walk, on courts whose scores are those of methods.md M3.8: who is scored, who is not, and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.packs.schema import PeerModel, Variable
from pipelines.packs.schema_frontiers import Frontier, Product
from pipelines.quality.rules import check_rules, read_rules
from pipelines.walk.frontiers import frontiers
from pipelines.walk.scores import Sample, score
from tests.warehouses import put, put_nothing

SIZE = Variable(id="size", measure="residents", label="Residents", theme="Size")
NEAREST = PeerModel(id="alike", label="Alike", kind="computed", k=8, cap_quantile=1, variables=(SIZE,))
JUDGES = (2.0, 4.0, 6.0, 9.0, 5.0, 8.0, 20.0, 20.0, 20.0, 20.0)  # M3.8, and four far inside
RESOLVED = (1.0, 5.0, 7.0, 8.0, 3.0, 5.0, 1.0, 5.0, 7.0, 8.0)
BCC = (1.0, 1.0, 1.0, 1.0, 0.6, 0.5, 0.1, 0.2, 0.3, 0.45)
WORK = Frontier(
    id="work", label="Work", service="justice", inputs=("judges",), outputs=("resolved",), classes=("court",), note="x"
)
IDS = tuple(f"C{n:02}" for n in range(10))


def walked(warehouse, courts, frontier=WORK, changed=None, began=None, flagged=(), shared=(), periods=("2023",)):
    """Ten courts in each period; `changed` holds columns of a figure by (body, measure)."""
    rows = [{"body_id": b, "valid_from": (began or {}).get(b, "1972-01-01")} for b in IDS]
    put(warehouse, "marts.bodies", *rows, class_id="court")
    figures = []
    for period in periods:
        for body, judges, resolved in zip(IDS, JUDGES, RESOLVED, strict=True):
            for measure, value in (("judges", judges), ("resolved", resolved), ("residents", 9.0), ("overturned", 0.5)):
                own = (changed or {}).get((body, measure), {}) if period == periods[-1] else {}
                figures.append({"body_id": body, "measure_id": measure, "value": value, "period": period} | own)
    put(warehouse, "staging.usable", *figures, input_editions="returns@e")
    put(
        warehouse,
        "marts.periods",
        *({"period": p, "kind": "calendar_year", "start": f"{p}-01-01", "end": f"{p}-12-31"} for p in periods),
    )
    put(warehouse, "marts.costs", {"body_id": "C00", "service_id": "justice", "period": periods[-1]})
    put_nothing(warehouse, "staging.deflator", "staging.changes", "marts.scope_flags", "marts.flagged")
    if flagged:
        put(warehouse, "marts.flagged", *flagged)
    if shared:
        put(warehouse, "marts.scope_flags", *shared)
    put_nothing(warehouse, "marts.indicator_values")
    frontiers(replace(courts, peer_models=(NEAREST,), frontiers=(frontier,)), warehouse)


def column(warehouse, name: str) -> dict[str, object]:
    return dict(warehouse.read(f"select body_id, {name} from marts.efficiency order by body_id").iter_rows())


def test_scores_peers_and_targets_are_those_of_the_card(warehouse, courts):
    walked(warehouse, courts)
    assert list(column(warehouse, "score").values()) == pytest.approx(BCC)
    # The fifth body is measured by half the first and half the second: 0.5 x 2 + 0.5 x 4 = 3 = 0.6 x 5.
    peers = warehouse.read("select peer_id, weight from marts.efficiency_peers where body_id = 'C04' order by 1").rows()
    assert peers == [("C00", pytest.approx(0.5)), ("C01", pytest.approx(0.5))]
    part = warehouse.read("from marts.efficiency_parts where body_id = 'C04' and side = 'input'").row(0, named=True)
    assert (part["actual"], part["target"], part["slack"]) == pytest.approx((5.0, 3.0, 0.0))
    # Of real bodies, the second does more with 4 of the fifth's 5 judges.
    assert (column(warehouse, "fdh")["C04"], column(warehouse, "exemplar_id")["C04"]) == (pytest.approx(0.8), "C01")


def test_the_rules_of_the_tables_hold(warehouse, courts):
    walked(warehouse, courts, periods=("2022", "2023"))
    tables = ("efficiency", "efficiency_peers", "efficiency_parts", "malmquist")
    found = check_rules(warehouse, (rule for rule in read_rules() if rule.table in tables))
    assert {check.outcome for check in found} == {"passed"}
    assert len(found) == 5


def test_a_score_that_rests_on_a_body_to_be_checked_is_provisional(warehouse, courts):
    # Nobody else reaches the fourth's 8 cases with 9 judges but the tenth with 20: 20/9 > 1.5, so it is to be checked;
    # the tenth is measured by it alone.
    walked(warehouse, courts)
    assert column(warehouse, "outlier")["C03"]
    assert column(warehouse, "status")["C09"] == "provisional"


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (
            {"changed": {("C05", "judges"): {"value": None, "status": "missing"}}},
            "missing",
            "Judges: the figure is missing",
        ),
        ({"changed": {("C05", "judges"): {"value": None, "status": "suppressed"}}}, "suppressed", "suppressed"),
        ({"changed": {("C05", "resolved"): {"status": "imputed"}}}, "imputed", "modelled"),
        ({"changed": {("C05", "judges"): {"value": -1.0}}}, "withheld", "is negative"),
        ({"changed": {("C05", "resolved"): {"value": 0.0}}}, "withheld", "nothing above 0"),
        ({"began": {"C05": "2022-01-01"}}, "withheld", "began within 2 years"),
        ({"flagged": ({"body_id": "C05", "measure_id": "judges", "period": "2023"},)}, "withheld", "to be confirmed"),
        (
            {"shared": ({"body_id": "C05", "service_id": "justice", "period_from": "2020", "indicators": ""},)},
            "withheld",
            "not like for like",
        ),
    ],
)
def test_who_cannot_be_compared_has_a_reason_and_sets_no_frontier(warehouse, courts, change, status, words):
    walked(warehouse, courts, **change)
    row = warehouse.read("from marts.efficiency where body_id = 'C05'").row(0, named=True)
    assert (row["score"], row["status"], row["n"]) == (None, status, 9)
    assert words in row["reason"]


def test_too_few_bodies_publish_nothing_and_say_so(warehouse, courts):
    walked(warehouse, courts, changed={("C09", "judges"): {"value": None, "status": "missing"}})
    rows = warehouse.read("select score, status, reason from marts.efficiency where body_id < 'C09'").rows()
    assert {(score, status) for score, status, _ in rows} == {(None, "withheld")}
    assert all("9 comparable bodies are too few: 1 inputs and 1 outputs need 10" in reason for *_, reason in rows)
    assert warehouse.scalar("select count(*) from marts.efficiency_peers") == 0


def test_a_product_is_volume_times_rate(warehouse, courts):
    upheld = Product(id="weighed", label="Weighed", unit="cases", volume="resolved", rate="overturned", scale=0.1)
    walked(warehouse, courts, WORK.model_copy(update={"outputs": ("weighed",), "products": (upheld,)}))
    # 7 x 0.5 x 0.1 = 0.35; the same factor for all, so the same scores.
    actual = warehouse.scalar("select actual from marts.efficiency_parts where body_id = 'C02' and side = 'output'")
    assert actual == pytest.approx(0.35)
    assert list(column(warehouse, "score").values()) == pytest.approx(BCC)


def test_change_is_none_where_nothing_changed_and_all_the_frontiers_where_all_halve(warehouse, courts):
    halved = {(b, "judges"): {"value": x / 2} for b, x in zip(IDS, JUDGES, strict=True)}
    walked(warehouse, courts, changed=halved, periods=("2022", "2023"))
    rows = warehouse.read("select change, catching_up, frontier_shift from marts.malmquist").rows()
    assert rows == [(pytest.approx(2.0), pytest.approx(1.0), pytest.approx(2.0))] * 10


def test_money_of_its_own_year_shows_no_change(warehouse, courts):
    walked(warehouse, courts, periods=("2022", "2023"))
    assert warehouse.scalar("select count(*) from marts.malmquist") == 10
    priced = WORK.model_copy(update={"inputs": ("spending",)})
    spend = {(b, "judges"): {"measure_id": "spending"} for b in IDS}
    walked(warehouse, courts, priced, changed=spend, periods=("2022", "2023"))
    assert warehouse.scalar("select count(*) from marts.malmquist") == 0


def sample(orientation: str = "in", quality: tuple[float, ...] = ()) -> Sample:
    judged = np.array(quality, dtype=float).reshape(6, -1)
    return Sample(
        names=np.array(IDS[:6]),
        rows=np.arange(6),
        X=np.array(JUDGES[:6])[:, None],
        Y=np.array(RESOLVED[:6])[:, None],
        quality=judged,
        rts="vrs",
        orientation=orientation,
    )


def test_output_scores_are_shares_too():
    # M3.8, output orientation: phi = (1, 1, 1, 1, 2, 1.53333); as shares 1/2 and 1/1.53333.
    found = score(sample("out")).frame
    assert found["score"].to_list() == pytest.approx([1, 1, 1, 1, 0.5, 1 / (4.6 / 3)])
    assert (found["lo"] <= found["hi"]).all() and (found["hi"] <= found["score"] + 1e-9).all()


def test_nobody_is_measured_by_a_body_of_worse_quality():
    # M3.14 (a): against bodies at least as good alone, the fifth's 0.6 becomes 0.8; no interval is claimed.
    found = score(sample(quality=(1, 3, 2, 2, 3, 1))).frame
    assert found["score"].to_list() == pytest.approx([1, 1, 1, 1, 0.8, 0.5])
    assert found["lo"].null_count() == 6
    assert (found["fdh"] >= found["score"] - 1e-9).all()
