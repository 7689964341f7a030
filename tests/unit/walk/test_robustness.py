"""The dial in a walk: six named sets, the default first, and the same verdict as the position."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.packs.schema import PeerModel, Variable
from pipelines.walk.benchmarks import find_peers, positions
from pipelines.walk.robustness import robustness
from tests.warehouses import put

SIZE = Variable(id="size", measure="residents", label="Residents", theme="Size")
AREA = Variable(id="area", measure="area", label="Area", theme="Area")
NEAREST = PeerModel(id="alike", label="Alike", kind="computed", k=10, cap_quantile=1, variables=(SIZE, AREA))
FIGURE = {"indicator_id": "spending_per_case", "interval_method": "test", "input_editions": "r@e"}


def walked(warehouse, pack, figures: dict[int, dict[str, object]] | None = None, regions: int = 1):
    """24 courts of 100, 200, ... residents that cost 10, 11, ... a case; `figures` by number stand out from them."""
    ids = [f"C{n:02}" for n in range(1, 25)]
    rows = [
        {"body_id": b, "class_id": "court", "name": f"Court {b}", "region": f"R{n % regions}"}
        for n, b in enumerate(ids)
    ]
    put(warehouse, "marts.bodies", *rows, valid_from="1972-01-01")
    usable = [{"body_id": b, "value": 100.0 * n, "measure_id": "residents"} for n, b in enumerate(ids, 1)]
    usable += [{"body_id": b, "value": 30.0 + n * 7 % 11, "measure_id": "area"} for n, b in enumerate(ids, 1)]
    put(warehouse, "staging.usable", *usable, period="2023", input_editions="register@e")
    years = [
        {"period": y, "kind": "calendar_year", "start": f"{y}-01-01", "end": f"{y}-12-31"} for y in ("2022", "2023")
    ]
    put(warehouse, "marts.periods", *years)
    put(warehouse, "marts.costs", {"body_id": "C01", "service_id": "justice", "period": "2023"})
    values = []
    for n, body in enumerate(ids, 1):
        row = {"body_id": body, "value": 9.0 + n, "period": "2023"} | (figures or {}).get(n, {})
        ends = {"lo": row["value"] - 0.5, "hi": row["value"] + 0.5} if row["value"] is not None else {}
        values += [FIGURE | ends | row, FIGURE | {"body_id": body, "value": 1.0, "period": "2022"}]
    put(warehouse, "marts.indicator_values", *values)
    model = replace(pack, peer_models=(NEAREST,), headline_peer_model="alike")
    find_peers(model, warehouse)
    positions(model, warehouse)
    robustness(model, warehouse)


def dial(warehouse, body: str) -> dict[str, object]:
    return warehouse.read("from marts.robustness where body_id = ?", [body]).row(0, named=True)


def test_the_newest_period_alone_has_a_dial_with_the_verdict_of_the_position(warehouse, courts):
    walked(warehouse, courts)
    rows = warehouse.read(
        "select r.period, r.verdict = p.verdict as agrees from marts.robustness r join marts.positions p "
        "using (body_id, indicator_id, period)"
    )
    assert (rows.height, set(rows["period"]), rows["agrees"].all()) == (24, {"2023"}, True)
    assert dial(warehouse, "C01")["verdict"] == "lower"  # 10 (9.5 to 10.5), and everybody else costs more
    assert dial(warehouse, "C01")["agreement"] == pytest.approx(1.0)
    assert dial(warehouse, "C24")["share_higher"] == pytest.approx(1.0)


def test_six_sets_have_a_name_and_the_default_comes_first(warehouse, courts):
    walked(warehouse, courts)
    rows = warehouse.read("from marts.robustness_sets where body_id = 'C12' order by place")
    assert rows["set_id"].to_list() == [
        "default",
        "fewer",
        "more",
        "variable",
        "without_lifting",
        "without_lowering",
    ]  # the cap leaves nobody out, so the ten most alike however far are the default once more and have no row
    assert rows["n_peers"].to_list() == [10, 8, 20, 10, 9, 9]
    assert rows["label"][0] == "Alike: up to 10, the default"
    assert rows["label"][4].startswith("Without Court C")
    middle = rows["peer_median"]
    assert middle[4] <= middle[0] <= middle[5]  # without the peer that lifts it most, and without the opposite one


def test_no_two_named_sets_have_the_same_usable_peers(warehouse, courts):
    # Only C01 to C09 have a figure: of the ten most alike C01 has seven of them, of the eight most alike six, of twenty
    # all eight. The region, the cap and every variable left out give one of these again.
    walked(warehouse, courts, {n: {"value": None, "status": "missing"} for n in range(10, 25)})
    rows = warehouse.read("from marts.robustness_sets where body_id = 'C01' order by place")
    assert rows["set_id"].to_list() == ["default", "fewer", "more", "without_lifting", "without_lowering"]
    assert rows["place"].to_list() == [1, 2, 3, 4, 5]
    assert rows["n_peers"].to_list() == [7, 6, 8, 6, 6]
    assert dial(warehouse, "C01")["n_sets"] < 20  # of about 200 questions


def test_the_region_is_asked_for_where_there_are_several(warehouse, courts):
    walked(warehouse, courts, regions=2)
    rows = warehouse.read("from marts.robustness_sets where body_id = 'C12' and set_id = 'region'")
    assert rows["label"][0] == f"The 10 most alike of the same {courts.region_noun} only, however far"
    assert rows["n_peers"][0] == 10  # of the other eleven of its region


def test_a_figure_that_is_absent_or_not_like_for_like_has_no_verdict_and_keeps_its_row(warehouse, courts):
    walked(warehouse, courts, {3: {"value": None, "status": "missing"}, 4: {"value": 5.0, "like_for_like": False}})
    for body, status in (("C03", "missing"), ("C04", "ok")):
        row = dial(warehouse, body)
        assert (row["verdict"], row["n_sets"], row["agreement"], row["firm"]) == ("withheld", 0, None, None)
        assert (row["status"], row["ratio"]) == (status, None)
        assert row["median_lo"] is not None  # its peers still have a median


def test_twice_the_same(warehouse, courts):
    walked(warehouse, courts)
    before = warehouse.read("from marts.robustness"), warehouse.read("from marts.robustness_sets")
    walked(warehouse, courts)
    assert before[0].equals(warehouse.read("from marts.robustness"))
    assert before[1].equals(warehouse.read("from marts.robustness_sets"))
