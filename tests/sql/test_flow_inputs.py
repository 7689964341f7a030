"""Which amount serves which place of a chain: the money's periods, points in time, and what follows later."""

from __future__ import annotations

import pytest

from tests.warehouses import put, years

POINT = {"period": "2021-09-30", "kind": "point", "start": "2021-09-30", "end": "2021-09-30"}


def flows(warehouse, *usable: tuple[str, str, float | None], rule: str = "same", lag: int = 0):
    """staging.flow_inputs of body A: money, then people; figures as (measure, period, value)."""
    put(
        warehouse,
        "staging.flows",
        {"place": 0, "measure_id": "money", "rule": "same", "lag": 0},
        {"place": 1, "measure_id": "people", "rule": rule, "lag": lag},
        service_id="s",
        use="chain",
    )
    put(warehouse, "staging.flow_classes", {"service_id": "s"})
    put(warehouse, "marts.bodies", {"body_id": "A"}, {"body_id": "X", "class_id": "other"})
    put(warehouse, "marts.periods", *years("2020-21", "2021-22", "2022-23"), POINT)
    rows = [{"measure_id": m, "period": p, "value": v, "input_editions": f"{m}@1"} for m, p, v in usable]
    put(
        warehouse,
        "staging.usable",
        *({"body_id": "A"} | row for row in rows),
        *({"body_id": "X"} | row for row in rows),
    )
    warehouse.derive("staging.flow_inputs", "staging", "flow_inputs")
    assert warehouse.scalar("select count(*) from staging.flow_inputs where body_id = 'X'") == 0  # not of its class
    found = warehouse.read("select place, period, value, found_period, status from staging.flow_inputs order by all")
    return found.rows()


def test_every_place_has_a_row_for_every_period_of_the_money(warehouse):
    assert flows(warehouse, ("money", "2021-22", 8.0), ("people", "2020-21", 4.0)) == [
        (0, "2021-22", 8.0, "2021-22", "ok"),
        (1, "2021-22", None, None, "missing"),
    ]


def test_a_point_in_time_serves_the_year_that_it_lies_in(warehouse):
    found = flows(warehouse, ("money", "2021-22", 8.0), ("people", "2021-09-30", 4.0), rule="nearest_point")
    assert found[1] == (1, "2021-22", 4.0, "2021-09-30", "ok")


@pytest.mark.parametrize(("lag", "taken"), [(0, "2020-21"), (1, "2021-22"), (2, "2022-23")])
def test_what_follows_the_money_is_looked_for_later(warehouse, lag, taken):
    people = [("people", period, float(n)) for n, period in enumerate(("2020-21", "2021-22", "2022-23"))]
    found = flows(warehouse, ("money", "2020-21", 8.0), *people, lag=lag)
    assert found[1] == (1, "2020-21", float(lag), taken, "ok")


def test_what_would_follow_after_the_last_period_leaves_no_row_with_a_value(warehouse):
    found = flows(warehouse, ("money", "2022-23", 8.0), ("people", "2022-23", 4.0), lag=1)
    assert found[1] == (1, "2022-23", None, None, "missing")
