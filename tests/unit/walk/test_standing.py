"""Standing of courts whose figures can be drawn by eye, and their funnels."""

from __future__ import annotations

import math

import pytest

from pipelines.walk.funnels import funnels
from pipelines.walk.standing import standing
from tests.warehouses import put

FIGURE = {"interval_method": "test", "input_editions": "r@2"}
COUNT = 12


def courts_with(warehouse, *figures: dict[str, object], period: str = "2023") -> None:
    """Courts C01, C02, ... of one class and what each states; the newest costs are those of 2023."""
    names = [f"C{n:02}" for n in range(1, COUNT + 1)]
    put(warehouse, "marts.bodies", *({"body_id": name, "class_id": "court", "valid_from": "1972"} for name in names))
    people = [{"body_id": name, "measure_id": m, "value": 100.0} for name in names for m in ("residents", "income")]
    put(warehouse, "staging.usable", *people, period="2023", input_editions="register@e")
    years = [
        {"period": y, "kind": "calendar_year", "start": f"{y}-01-01", "end": f"{y}-12-31"} for y in ("2022", "2023")
    ]
    put(warehouse, "marts.periods", *years)
    put(warehouse, "marts.costs", {"body_id": "C01", "service_id": "justice", "period": "2023"})
    rows = [{"body_id": name, "period": period} | row for name, row in zip(names, figures, strict=False)]
    put(warehouse, "marts.indicator_values", *(FIGURE | row for row in rows))


def cost(value: float | None, se: float | None = 0.1, **more: object) -> dict[str, object]:
    """A unit cost with the standard error of its logarithm."""
    ends = (
        {} if value is None or se is None else {"lo": value * math.exp(-1.96 * se), "hi": value * math.exp(1.96 * se)}
    )
    return {"indicator_id": "spending_per_case", "value": value, "se": se, **ends, **more}


def share(events: float, cases: float, **more: object) -> dict[str, object]:
    """A percentage of cases with a Wald standard error, and an interval wide enough to hold it."""
    p = events / cases
    se = 100 * math.sqrt(p * (1 - p) / cases)
    ends = {"lo": max(0.0, 100 * p - 3), "hi": min(100.0, 100 * p + 3)}
    stated = {"indicator_id": "overturned_share", "numerator": events, "denominator": cases, "value": 100 * p, "se": se}
    return stated | ends | more


def row(warehouse, table: str, body: str) -> dict[str, object]:
    return warehouse.read(f"from marts.{table} where body_id = ?", [body]).row(0, named=True)


def test_unit_costs_are_drawn_as_logarithms_and_shown_in_money(warehouse, courts):
    # ln 50, ..., ln 200 with equal se 0.1: the mean of logs is ln 100, the variance 2 (ln 2)^2 / 4, so with
    # tau2 = s2 of the sample - 0.01 every R is tau2 / (tau2 + 0.01), and 200 is drawn to 100 x 2^R.
    courts_with(warehouse, *(cost(value) for value in (50, 100, 100, 100, 200)))
    standing(courts, warehouse)
    found = row(warehouse, "reliability", "C05")
    tau2 = 2 * math.log(2) ** 2 / 4 - 0.01
    share_kept = tau2 / (tau2 + 0.01)
    assert (found["n"], found["field"], found["use"]) == (5, "court", "individual")
    assert found["reliability"] == pytest.approx(share_kept)
    assert found["spread"] == pytest.approx(math.sqrt(tau2))
    assert found["mean"] == pytest.approx(100)
    assert found["value"] == pytest.approx(100 * 2**share_kept)
    assert found["lo"] < found["value"] < found["hi"]
    assert (found["method_id"], found["input_editions"], found["seed"]) == ("M3.6", "r@2", None)


def test_four_are_too_few_to_draw_and_to_place(warehouse, courts):
    courts_with(warehouse, *(cost(value) for value in (50, 100, 100, 200)))
    standing(courts, warehouse)
    found, place = row(warehouse, "reliability", "C04"), row(warehouse, "places", "C04")
    assert (found["value"], found["reliability"], found["mean"], found["use"]) == (
        pytest.approx(200),
        None,
        None,
        "none",
    )
    assert (place["n"], place["place_lo"], place["told_apart_from"]) == (0, None, None)


def test_who_informs_the_field_and_who_only_stands_in_it(warehouse, courts):
    courts_with(
        warehouse,
        *(cost(value) for value in (50, 80, 100, 120, 200)),
        cost(None, None, status="missing"),
        cost(900, status="withheld"),
        cost(900, like_for_like=False),
        cost(150, status="small"),
        cost(150, None),
    )
    standing(courts, warehouse)
    rows = {r["body_id"]: r for r in warehouse.read("from marts.reliability").iter_rows(named=True)}
    assert len(rows) == 10
    assert {found["n"] for found in rows.values()} == {5}
    for body in ("C06", "C07", "C08", "C10"):
        assert (rows[body]["value"], rows[body]["use"]) == (None, "none")
    assert rows["C09"]["value"] is not None and rows["C09"]["use"] == "none"  # drawn, and not judged
    places = {r["body_id"]: r for r in warehouse.read("from marts.places").iter_rows(named=True)}
    assert [body for body, found in places.items() if found["place_lo"] is not None] == [
        "C01",
        "C02",
        "C03",
        "C04",
        "C05",
    ]


def test_a_place_is_a_range_and_the_wanted_end_is_first(warehouse, courts):
    # Costs 20 % apart with 1 % of noise: nobody's place is in doubt, and the lowest spending is best.
    courts_with(warehouse, *(cost(100 * 1.2**n, 0.01) for n in range(8)))
    standing(courts, warehouse)
    first, last = row(warehouse, "places", "C01"), row(warehouse, "places", "C08")
    assert (first["place_lo"], first["place_hi"], first["told_apart_from"], first["group"]) == (1, 1, 7, 1)
    assert (last["place_lo"], last["place_hi"], last["group"], last["seed"]) == (8, 8, 8, 0)
    assert (first["p_best_quarter"], first["p_worst_quarter"]) == (1.0, 0.0)


def test_places_are_of_the_newest_period_that_can_be_used(warehouse, courts):
    older = [cost(100 + n, period="2022") for n in range(6)]
    newer = [cost(None, None, period="2023", status="missing") for _ in range(6)]
    courts_with(warehouse, *older)
    bodies = [f"C{n:02}" for n in range(1, 7)]
    rows = [FIGURE | {"body_id": b} | r for part in (older, newer) for b, r in zip(bodies, part, strict=True)]
    put(warehouse, "marts.indicator_values", *rows)
    standing(courts, warehouse)
    assert set(warehouse.read("from marts.places")["period"]) == {"2022"}
    assert set(warehouse.read("from marts.reliability")["period"]) == {"2022", "2023"}


def test_no_event_at_all_still_has_a_chance_of_its_own(warehouse, courts):
    # 0 of 100 has a Wald se of 0; half of its interval (0 to 3) over 1.96 is 0.765.
    courts_with(warehouse, share(0, 100), *(share(events, 100) for events in (2, 8, 20, 30, 45)))
    standing(courts, warehouse)
    found = row(warehouse, "reliability", "C01")
    spread = found["spread"]
    assert found["reliability"] == pytest.approx(spread**2 / (spread**2 + (3 / 2 / 1.959964) ** 2))
    assert found["lo"] >= 0


def test_same_figures_same_bytes_in_any_order(warehouse, courts):
    figures = [cost(100 * 1.03**n) for n in range(9)]
    courts_with(warehouse, *figures)
    standing(courts, warehouse)
    first = warehouse.read("from marts.places")
    warehouse.connection.execute(
        "create or replace table marts.indicator_values as from marts.indicator_values order by value desc"
    )
    standing(courts, warehouse)
    assert warehouse.read("from marts.places").equals(first)


def test_a_funnel_at_each_bodys_own_size(warehouse, courts):
    # Eleven courts overturn 10 % and one 30 %: at 400 cases s = 1 / (2 root 400) = 0.025 around the pooled arcsine.
    courts_with(warehouse, *(share(40, 400) for _ in range(11)), share(120, 400))
    funnels(courts, warehouse)
    line = warehouse.read("from marts.funnels").row(0, named=True)
    pooled = (11 * 40 + 120) / 4800
    assert (line["kind"], line["n"], line["field"]) == ("proportion", 12, "court")
    assert line["centre"] == pytest.approx(100 * pooled)
    assert line["expected"] == pytest.approx(0.002 * 12)
    point = row(warehouse, "funnel_points", "C12")
    centre = math.asin(math.sqrt(pooled))
    assert point["size"] == 400
    assert point["z"] == pytest.approx((math.asin(math.sqrt(0.3)) - centre) / 0.025)
    assert point["plain_hi_95"] == pytest.approx(100 * math.sin(centre + 1.959964 * 0.025) ** 2)
    assert (point["flag"], point["discovery"]) == ("high", True)
    assert row(warehouse, "funnel_points", "C01")["flag"] == "within"


def test_few_bodies_get_plain_limits_and_fewer_still_no_funnel(warehouse, courts):
    courts_with(warehouse, *(share(40, 400) for _ in range(6)), share(120, 400))
    funnels(courts, warehouse)
    line, point = warehouse.read("from marts.funnels").row(0, named=True), row(warehouse, "funnel_points", "C07")
    assert (line["tau2"], point["hi_95"]) == (None, point["plain_hi_95"])
    assert line["note"] == "fewer than 10 bodies: limits are those of chance alone"
    courts_with(warehouse, *(share(40, 400) for _ in range(4)))
    funnels(courts, warehouse)
    line, point = warehouse.read("from marts.funnels").row(0, named=True), row(warehouse, "funnel_points", "C01")
    assert (line["centre"], point["flag"], point["hi_95"]) == (None, "withheld", None)
    assert line["note"].startswith("fewer than 5 bodies")


def test_far_more_spread_than_chance_flags_nobody(warehouse, courts):
    # From 2 % to 90 % of 4,000 cases each: phi far beyond 10.
    courts_with(warehouse, *(share(80 + 320 * n, 4000) for n in range(12)))
    funnels(courts, warehouse)
    line = warehouse.read("from marts.funnels").row(0, named=True)
    assert line["phi"] > 10 and line["expected"] is None
    assert "none is called unusual" in line["note"]
    points = warehouse.read("from marts.funnel_points")
    assert set(points["flag"]) == {"withheld"}
    assert points["discovery"].null_count() == points.height


def test_small_and_incomparable_figures_are_never_flagged(warehouse, courts):
    odd = [share(300, 400, status="small"), share(300, 400, like_for_like=False)]
    courts_with(warehouse, *(share(40, 400) for _ in range(10)), *odd)
    funnels(courts, warehouse)
    small, apart = row(warehouse, "funnel_points", "C11"), row(warehouse, "funnel_points", "C12")
    assert (small["flag"], small["z"] is None) == ("withheld", False)
    assert (apart["flag"], apart["z"], apart["value"]) == ("withheld", None, None)
    assert warehouse.read("from marts.funnels")["n"][0] == 10
