"""Indices of a few invented courts: output against cost, breaks, quality, and the width that two periods give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.methods.indicators import log_se
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Break, PeerModel
from pipelines.packs.schema_services import Output, QualityWeight, Volumes
from pipelines.walk.flows import flow_frames
from pipelines.walk.productivity import NO_QUALITY, productivity
from pipelines.warehouse import Warehouse
from tests.warehouses import put, put_nothing

YEARS = ("2021", "2022", "2023")
CASES = (Output(measure="resolved"),)
WEIGHED = (
    Output(measure="resolved", unit_cost=2.0, source="Ministry, 2022"),
    Output(measure="overturned", unit_cost=10.0, source="Ministry, 2022"),
)
Series = dict[tuple[str, str], tuple[float | None, ...]]


@pytest.fixture
def pack(courts: Pack) -> Pack:
    """The courts with cases resolved as output, without prices and without peers."""
    return counting(replace(courts, peer_models=(PeerModel(id="none", label="None", kind="published"),)), CASES)


def counting(pack: Pack, outputs: tuple[Output, ...], *quality: QualityWeight) -> Pack:
    volumes = Volumes(outputs=outputs, quality=quality, excluded="Advice is not counted.")
    (service,) = pack.services
    return replace(pack, services=(service.model_copy(update={"volumes": volumes}),), deflator=None, base_period=None)


def courtroom(warehouse: Warehouse, pack: Pack, figures: Series) -> None:
    """Figures by court and measure over 2021, 2022, 2023."""
    names = sorted({body for body, _ in figures})
    put(warehouse, "marts.bodies", *({"body_id": body, "class_id": "court", "valid_from": ""} for body in names))
    days = [{"period": y, "kind": "calendar_year", "start": f"{y}-01-01", "end": f"{y}-12-31"} for y in YEARS]
    put(warehouse, "marts.periods", *days)
    put(
        warehouse,
        "staging.usable",
        *(
            {"body_id": body, "measure_id": measure, "period": year, "value": value}
            | ({"status": "missing"} if value is None else {})
            for (body, measure), series in figures.items()
            for year, value in zip(YEARS, series, strict=True)
        ),
        input_editions="returns@e",
    )
    put_nothing(warehouse, "marts.costs", "staging.deflator", "marts.indicator_values")
    for name, frame in flow_frames(pack).items():
        warehouse.write_frame(f"staging.{name}", frame)
    warehouse.derive("staging.flow_inputs", "staging", "flow_inputs")


def indices(warehouse: Warehouse, pack: Pack, body: str = "C01") -> list[dict[str, object]]:
    productivity(pack, warehouse)
    return list(
        warehouse.read("from marts.productivity where body_id = ? order by period", [body]).iter_rows(named=True)
    )


def test_output_input_and_what_one_does_with_the_other(warehouse, pack):
    # Cases 100, 110, 120; cost 200, 200, 250: output 100, 110, 120; input 100, 100, 125; 100, 110, 96.
    courtroom(warehouse, pack, {("C01", "spending"): (200.0, 200.0, 250.0), ("C01", "resolved"): (100.0, 110.0, 120.0)})
    found = indices(warehouse, pack)
    assert [row["output"] for row in found] == pytest.approx([100, 110, 120])
    assert [row["input"] for row in found] == pytest.approx([100, 100, 125])
    assert [row["productivity"] for row in found] == pytest.approx([100, 110, 96])
    assert [row["change"] for row in found] == [None, pytest.approx(0.1), pytest.approx(96 / 110 - 1)]
    assert {row["base"] for row in found} == {"2021"}
    assert {row["output_quality"] for row in found} == {None}
    assert found[0]["excluded"] == f"Advice is not counted. {NO_QUALITY}"


def test_several_outputs_are_added_at_national_unit_costs(warehouse, pack):
    pack = counting(pack, WEIGHED)
    figures = {("C01", "spending"): (1.0, 1.0, 1.0), ("C01", "resolved"): (50.0, 60.0, 50.0)}
    courtroom(warehouse, pack, figures | {("C01", "overturned"): (10.0, 10.0, 5.0)})
    # 2 x 50 + 10 x 10 = 200; 2 x 60 + 100 = 220; 100 + 50 = 150.
    assert [row["output"] for row in indices(warehouse, pack)] == pytest.approx([100, 110, 75])


def test_two_periods_differ_by_two_errors(warehouse, pack):
    draw = np.random.default_rng(4)
    cost = {f"C{n:02}": np.exp(draw.normal(5, 0.1, 3)) for n in range(1, 6)}
    figures = {(body, "spending"): tuple(series.tolist()) for body, series in cost.items()}
    courtroom(warehouse, pack, figures | {(body, "resolved"): (100.0, 100.0, 100.0) for body in cost})
    se = log_se(np.array([cost[body] for body in sorted(cost)])).se[0]  # pooled: three periods are no history
    first, _, last = indices(warehouse, pack)
    assert (first["lo"], first["hi"]) == (100.0, 100.0)
    assert np.log(last["hi"] / last["productivity"]) == pytest.approx(1.959963984540054 * np.sqrt(2) * se)
    assert last["lo"] * last["hi"] == pytest.approx(last["productivity"] ** 2)


def test_the_first_comparable_period_is_100_and_gaps_have_no_index(warehouse, pack):
    courtroom(warehouse, pack, {("C01", "spending"): (200.0, 200.0, 250.0), ("C01", "resolved"): (None, 100.0, 100.0)})
    first, second, third = indices(warehouse, pack)
    assert (first["productivity"], first["status"], first["base"]) == (None, "missing", "2022")
    assert (second["productivity"], third["productivity"]) == (100, pytest.approx(80))


def test_a_gap_is_bridged_but_has_no_change(warehouse, pack):
    courtroom(warehouse, pack, {("C01", "spending"): (200.0, 200.0, 250.0), ("C01", "resolved"): (100.0, None, 100.0)})
    _, gap, last = indices(warehouse, pack)
    assert (gap["output"], gap["status"]) == (None, "missing")
    assert (last["productivity"], last["change"]) == (pytest.approx(80), None)


def test_no_index_crosses_a_break(warehouse, pack):
    changed = pack.measure("resolved").model_copy(update={"breaks": (Break(period="2022", why="New count."),)})
    pack = replace(pack, measures=tuple(changed if m.id == "resolved" else m for m in pack.measures))
    courtroom(warehouse, pack, {("C01", "spending"): (100.0, 100.0, 100.0), ("C01", "resolved"): (50.0, 80.0, 88.0)})
    found = indices(warehouse, pack)
    assert [row["base"] for row in found] == ["2021", "2022", "2022"]
    assert [row["output"] for row in found] == pytest.approx([100, 100, 110])
    assert [row["change"] for row in found] == [None, None, pytest.approx(0.1)]


def test_quality_multiplies_output_and_is_carried_for_one_period(warehouse, pack):
    pack = counting(pack, CASES, QualityWeight(indicator="cases_per_judge", weight=0.5, source="Board, 2023"))
    courtroom(warehouse, pack, {("C01", "spending"): (100.0, 100.0, 100.0), ("C01", "resolved"): (50.0, 50.0, 60.0)})
    measured = [{"period": "2021", "value": 4.0}, {"period": "2022", "value": 9.0}]
    put(warehouse, "marts.indicator_values", *measured, body_id="C01", indicator_id="cases_per_judge")
    found = indices(warehouse, pack)
    # (9 / 4)^0.5 = 1.5, kept in 2023: 100, 150, 120 x 1.5 = 180.
    assert [row["output_quality"] for row in found] == pytest.approx([100, 150, 180])
    assert [row["productivity"] for row in found] == pytest.approx([100, 150, 180])
    assert [row["status"] for row in found] == ["ok", "ok", "imputed"]
    assert found[0]["excluded"] == "Advice is not counted."


@pytest.mark.parametrize(
    ("spending", "resolved", "status"),
    [(-5.0, 50.0, "withheld"), (0.0, 50.0, "withheld"), (5.0, 0.0, "withheld"), (5.0, 19.0, "small")],
)
def test_what_has_no_logarithm_has_no_index_and_few_cases_are_small(warehouse, pack, spending, resolved, status):
    courtroom(warehouse, pack, {("C01", "spending"): (5.0, spending, 5.0), ("C01", "resolved"): (50.0, resolved, 50.0)})
    _, odd, last = indices(warehouse, pack)
    assert (odd["status"], odd["productivity"] is None) == (status, status == "withheld")
    assert last["productivity"] == pytest.approx(100)


def test_nobody_without_a_comparable_period_has_rows(warehouse, pack):
    courtroom(warehouse, pack, {("C01", "spending"): (1.0, 1.0, 1.0), ("C01", "resolved"): (None, None, None)})
    assert productivity(pack, warehouse) == 0
