"""Potential in a walk: priced against peers, graded, with reasons, overlaps counted once, exemplars named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.contracts import costs as cost_table
from pipelines.contracts.production import COST_MODELS, EFFICIENCY, modelled_costs
from pipelines.packs.schema_frontiers import Frontier
from pipelines.walk.potential import overlaps, potential, within
from tests.warehouses import put

BODIES = [f"C{n:02}" for n in range(1, 31)]
UNIT = np.exp(np.random.default_rng(8).normal(0, 0.3, 30)) * 100
EDITED = {"interval_method": "test", "input_editions": "r@e"}


def walked(warehouse, pack, own: dict[str, object] | None = None, cost: float | None = 1e6, **quality: float):
    """30 courts, each the peer of the next 12; C01 costs 300 a case; overturned 5 (4 to 6) but where `quality` says."""
    put(warehouse, "marts.bodies", *({"body_id": b} for b in BODIES), class_id="court", valid_from="1972-01-01")
    usable = [{"body_id": b, "value": 100.0} for b in BODIES]
    put(warehouse, "staging.usable", *usable, measure_id="residents", period="2023", input_editions="g@e")
    years = [
        {"period": y, "kind": "calendar_year", "start": f"{y}-01-01", "end": f"{y}-12-31"} for y in ("2022", "2023")
    ]
    put(warehouse, "marts.periods", *years)
    spent = [{"body_id": b, "cost_eur": cost, "input_editions": "s@e"} for b in BODIES if cost is not None]
    warehouse.write_frame("marts.costs", costs(pack, spent))
    pairs = [
        {"body_id": b, "peer_id": BODIES[(n + k) % 30], "closeness_order": k}
        for n, b in enumerate(BODIES)
        for k in range(1, 13)
    ]
    put(warehouse, "marts.peers", *pairs, model_id=pack.headline_peer_model)
    rows = []
    for n, body in enumerate(BODIES):
        value = 300.0 if n == 0 else float(UNIT[n])
        unit = {"value": value, "se": 0.05, "lo": value * 0.9, "hi": value * 1.1} | (own or {} if n == 0 else {})
        worse = quality.get(body, 5.0)
        for year in ("2022", "2023"):
            rows.append({"body_id": body, "indicator_id": "spending_per_case", "period": year} | unit)
            ends = {"value": worse, "lo": worse - 1, "hi": worse + 1}
            rows.append({"body_id": body, "indicator_id": "overturned_share", "period": year} | ends)
    put(warehouse, "marts.indicator_values", *(EDITED | row for row in rows))
    model = pack.peer_model(pack.headline_peer_model).model_copy(update={"k": 12})
    potential(replace(pack, peer_models=(model,)), warehouse)


def costs(pack, rows) -> pl.DataFrame:
    """Rows of marts.costs in the pack's currency."""
    schema = cost_table(pack.currency, pack.base_period).schema
    full = [{"service_id": "justice", "period": "2023", "status": "ok"} | row for row in rows]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in full], schema=schema)


def of(warehouse, body: str = "C01") -> dict[str, object]:
    return warehouse.read("from marts.potential where body_id = ?", [body]).row(0, named=True)


def test_a_dear_body_has_a_firm_potential_against_its_peers(warehouse, courts):
    walked(warehouse, courts)
    row = of(warehouse)
    quartile = np.exp(np.quantile(np.log(UNIT[1:13]), 0.25))
    assert (row["grade"], row["route"], row["routes"], row["n_peers"], row["counted"]) == ("A", "P", "P", 12, True)
    assert row["addressable_eur"] == 1e6
    assert row["value_eur"] == pytest.approx(1e6 * (1 - quartile / 300), rel=0.1)  # shrinking takes a little off
    assert 0 < row["lo_eur"] < row["value_eur"] < row["hi_eur"] < 1e6
    assert row["input_editions"] == "r@e s@e"


def test_a_body_below_its_peers_quartile_cannot_be_told_apart(warehouse, courts):
    walked(warehouse, courts)
    cheapest = BODIES[int(np.argmin(UNIT))]
    row = of(warehouse, cheapest)
    assert (row["grade"], row["value_eur"], row["counted"], row["lo_eur"]) == ("C", None, False, 0.0)


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ({"like_for_like": False}, "not like for like, or withheld by a check"),
        ({"value": None, "lo": None, "hi": None, "se": None, "status": "missing"}, "the figure is missing"),
        ({"status": "small"}, "too small to say"),
        ({"se": None}, "no standard error can be given, so chance cannot be taken out"),
    ],
)
def test_without_a_sound_figure_there_is_a_reason_and_no_range(warehouse, courts, own, reason):
    walked(warehouse, courts, own)
    row = of(warehouse)
    assert (row["grade"], row["value_eur"], row["lo_eur"], row["reason"]) == (None, None, None, reason)


def test_without_a_cost_there_is_no_total_either(warehouse, courts):
    walked(warehouse, courts, cost=None)
    assert of(warehouse)["reason"] == "the cost is absent or not above zero"
    assert warehouse.read("from marts.potential_totals").is_empty()


def test_the_total_is_over_draws_and_under_what_chance_would_add(warehouse, courts):
    walked(warehouse, courts)
    row = warehouse.read("from marts.potential_totals").row(0, named=True)
    assert (row["service_id"], row["field"], row["n"]) == ("justice", "court", 30)
    assert row["lo_eur"] < row["value_eur"] < row["hi_eur"]
    width = warehouse.scalar("select sum(hi_eur - lo_eur) from marts.potential")
    assert row["hi_eur"] - row["lo_eur"] < width / 2  # errors of thirty bodies do not fall the same way


def test_exemplars_are_cheaper_and_not_worse(warehouse, courts):
    walked(warehouse, courts)
    cheaper = {BODIES[n] for n in range(1, 13) if UNIT[n] < np.median(UNIT[1:13])}
    rows = warehouse.read("from marts.exemplars where body_id = 'C01'")
    assert set(rows["exemplar_id"]) == cheaper
    assert set(rows["since"]) == {"2022"}
    assert set(rows["years"]) == {2}
    bad = sorted(cheaper)[0]
    walked(warehouse, courts, **{bad: 6.5})  # 5.5 to 7.5 lies wholly above 5, and fewer overturned is better
    assert set(warehouse.read("from marts.exemplars where body_id = 'C01'")["exemplar_id"]) == cheaper - {bad}


def test_a_cost_model_that_passed_gives_the_headline_and_a_frontier_widens_the_range(warehouse, courts):
    key = {"service_id": "justice", "period": "2023"}
    model = {**key, "field": "court", "passed": True, "inefficiency": False}
    ratios = [{**key, "body_id": b, "ratio": 1.5 if n == 0 else 1 + n / 100} for n, b in enumerate(BODIES)]
    bounded = [{**row, "ratio_lo": row["ratio"] * 0.96, "ratio_hi": row["ratio"] / 0.96} for row in ratios]
    scores = [{"frontier_id": "f", "body_id": b, "period": "2023", "field": "court", "fdh": 1.0} for b in BODIES]
    for table, rows in ((COST_MODELS, [model]), (modelled_costs("EUR"), bounded), (EFFICIENCY, scores)):
        frame(warehouse, table, rows)
    frontier = Frontier(id="f", label="F", service="justice", inputs=("spending",), outputs=("resolved",), note="n")
    walked(warehouse, replace(courts, frontiers=(frontier,)))
    row = of(warehouse)
    assert (row["route"], row["routes"]) == ("R", "R P F")
    assert row["lo_eur"] == 0.0  # nobody real does as much for less
    assert row["grade"] == "B"  # so the routes do not agree
    frame(warehouse, COST_MODELS, [{**model, "passed": False}])
    walked(warehouse, courts)
    assert of(warehouse)["routes"] == "P"


def frame(warehouse, table, rows) -> None:
    """Rows of a contract's table, with nothing in columns that do not matter."""
    full = [{name: row.get(name) for name in table.schema} for row in rows]
    warehouse.write_frame(table.qualified, pl.DataFrame(full, schema=table.schema))


def test_a_part_and_its_whole_share_their_money(courts):
    whole = courts.service("justice")
    part = whole.model_copy(update={"id": "civil", "part_of": "justice", "cost": "other"})
    apart = whole.model_copy(update={"id": "prisons", "cost": "third"})
    extra = tuple(courts.measure("spending").model_copy(update={"id": id}) for id in ("other", "third"))
    pack = replace(courts, services=(whole, part, apart), measures=(*courts.measures, *extra))
    groups = overlaps(pack, {"justice", "civil", "prisons"})
    assert groups == {"justice": "civil justice", "civil": "civil justice"}
    assert overlaps(pack, {"civil", "prisons"}) == {}  # parts of one whole are not parts of each other
    assert within({"a": "b", "b": "c", "c": None}, "a", "c")
    assert not within({"a": "b", "b": "c", "c": None}, "c", "a")
