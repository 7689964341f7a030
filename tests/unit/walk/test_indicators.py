"""Costs and indicators: base-year money, statuses, intervals, provenance."""

from __future__ import annotations

import math
from dataclasses import replace

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.packs.schema import Deflator, Indicator
from pipelines.walk.indicators import deflate, service_costs, valued
from tests.warehouses import EDITION, put, years

INPUTS = {
    **dict.fromkeys(("body_id", "period", "numerator_status", "denominator_status", "deflator_status"), pl.String),
    **dict.fromkeys(("input_editions", "denominator_editions", "denominator_period"), pl.String),
    **dict.fromkeys(("numerator", "denominator", "factor"), pl.Float64),
    **dict.fromkeys(("rebuilt", "like_for_like"), pl.Boolean),
}
SOUND = {
    "body_id": "A",
    "period": "2022-23",
    "numerator": 50.0,
    "numerator_status": "ok",
    "denominator": 200.0,
    "denominator_status": "ok",
    "factor": 1.1,
    "deflator_status": "ok",
    "input_editions": "x@2",
    "denominator_editions": "a@1 x@2",
    "rebuilt": False,
    "like_for_like": True,
}


def rows(*given: dict[str, object], **same: object) -> pl.DataFrame:
    """Inputs of an indicator, sound where nothing else is given."""
    return pl.DataFrame([SOUND | same | row for row in given], schema=INPUTS)


def indicator(**given: object) -> Indicator:
    """An indicator per thousand without an interval, unless told otherwise."""
    plain = {"id": "i", "service": "s", "label": "L", "unit": "per 1,000", "format": "rate", "polarity": "lower"}
    plain |= {"stage": "output", "numerator": "n", "denominator": "d", "multiplier": 1000.0, "interval": "none"}
    return Indicator(**(plain | given))


def one(found: pl.DataFrame) -> dict[str, object]:
    (row,) = found.iter_rows(named=True)
    return row


def test_a_value_is_the_multiplied_ratio_with_every_edition_read():
    row = one(valued(indicator(), rows({})))
    assert row["value"] == 250.0  # 1000 x 50 / 200
    assert row["input_editions"] == "a@1 x@2"
    assert (row["status"], row["numerator_nominal"], row["seed"]) == ("ok", None, None)
    assert row["interval_method"] == "none: the pack declares none"


def test_real_terms_move_the_numerator_and_keep_what_was_spent():
    row = one(valued(indicator(real_terms=True, multiplier=1.0), rows({})))
    assert row["numerator"] == pytest.approx(55.0)  # 50 x 1.1
    assert row["numerator_nominal"] == 50.0
    assert row["value"] == pytest.approx(0.275)


@pytest.mark.parametrize(
    ("given", "status", "value"),
    [
        ({"denominator": 0.0}, "zero_den", None),
        ({"denominator": 19.0}, "small", 1000 * 50 / 19),  # fewer than 20 events
        ({"denominator": 20.0}, "ok", 2500.0),
        ({"denominator": -5.0}, "withheld", None),  # a net budget below zero divides nothing
        ({"denominator": None, "denominator_status": "missing"}, "missing", None),
        ({"numerator": None, "numerator_status": "suppressed"}, "suppressed", None),
        (
            {"numerator": None, "numerator_status": "not_applicable", "denominator_status": "missing"},
            "not_applicable",
            None,
        ),
        ({"numerator": 0.0}, "ok", 0.0),
        ({"numerator_status": "provisional", "denominator_status": "imputed"}, "imputed", 250.0),
    ],
)
def test_a_value_takes_the_worst_of_its_inputs(given, status, value):
    row = one(valued(indicator(), rows(given)))
    assert row["status"] == status
    assert row["value"] == (None if value is None else pytest.approx(value))


def test_every_status_that_is_not_ok_is_named():
    row = one(valued(indicator(), rows({"numerator_status": "provisional", "denominator_status": "imputed"})))
    assert sorted(str(row["status_reasons"]).split()) == ["imputed", "provisional"]


def test_a_forecast_index_makes_money_provisional_and_a_count_not():
    forecast = rows({"deflator_status": "provisional"})
    assert one(valued(indicator(real_terms=True), forecast))["status"] == "provisional"
    assert one(valued(indicator(), forecast))["status"] == "ok"


def test_a_proportion_above_one_is_quarantined_and_has_no_interval():
    share = indicator(interval="proportion", multiplier=100.0)
    row = one(valued(share, rows({"numerator": 201.0})))
    assert (row["status"], row["lo"], row["hi"]) == ("quarantined", None, None)
    assert one(valued(share, rows({"numerator": 200.0})))["status"] == "ok"


def test_a_proportion_has_wilson_limits():
    # Wilson for 50 of 200: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), p = 0.25, z = 1.959964.
    row = one(valued(indicator(interval="proportion", multiplier=100.0), rows({})))
    z, n, p = 1.959964, 200, 0.25
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert row["lo"] == pytest.approx(100 * (p + z**2 / (2 * n) - half) / (1 + z**2 / n), rel=1e-6)
    assert row["hi"] == pytest.approx(100 * (p + z**2 / (2 * n) + half) / (1 + z**2 / n), rel=1e-6)
    assert row["se"] == pytest.approx(100 * math.sqrt(p * (1 - p) / n))


def test_a_count_has_byar_limits_over_its_denominator():
    # Byar for 50: 50 (1 - 1/450 - 1.96/(3 √50))³ = 37.11, and 51 (1 - 1/459 + 1.96/(3 √51))³ = 65.92.
    row = one(valued(indicator(interval="count"), rows({})))
    assert row["lo"] == pytest.approx(1000 * 37.11 / 200, rel=1e-3)
    assert row["hi"] == pytest.approx(1000 * 65.92 / 200, rel=1e-3)
    assert row["se"] == pytest.approx(1000 * math.sqrt(50) / 200)


def history(body: str, values: list[float]) -> list[dict[str, object]]:
    """Yearly numerators of a body from 2014-15 on."""
    return [{"body_id": body, "period": f"{2014 + n}-{15 + n}", "numerator": value} for n, value in enumerate(values)]


def test_a_long_history_gives_its_own_interval_a_short_one_the_sectors():
    own = history("A", [100.0, 110.0, 95.0, 105.0, 99.0, 108.0, 101.0])
    short = history("B", [50.0, 60.0])
    found = valued(indicator(interval="history"), rows(*own, *short))
    methods = {row["body_id"]: row["interval_method"] for row in found.iter_rows(named=True)}
    assert "own history" in methods["A"]
    assert "pooled" in methods["B"]
    for row in found.iter_rows(named=True):  # log-normal limits: value x e^(± 1.96 se)
        assert row["lo"] == pytest.approx(row["value"] * math.exp(-1.959964 * row["se"]), rel=1e-6)
        assert row["hi"] == pytest.approx(row["value"] * math.exp(1.959964 * row["se"]), rel=1e-6)


def test_a_single_period_tells_nothing_about_variation():
    row = one(valued(indicator(interval="history"), rows({})))
    assert (row["lo"], row["hi"], row["se"]) == (None, None, None)
    assert str(row["interval_method"]).startswith("none")


def test_a_rate_of_the_publisher_needs_no_denominator():
    row = one(
        valued(
            indicator(denominator=None, multiplier=1.0), rows({"denominator": None, "denominator_status": "missing"})
        )
    )
    assert (row["value"], row["status"], row["input_editions"]) == (50.0, "ok", "x@2")


@pytest.fixture
def priced(courts):
    """The courts with euros of 2022-23 and an index whose year 2021-22 is smoothed."""
    source = Deflator(dataset="prices", series="index", body_code="X", smooth=("2021-22",))
    return replace(courts, deflator=source, base_period="2022-23", year_kind="financial_year")


def index(warehouse, *levels):
    cells = [
        {"dataset": "prices", "code": "X", "series": "index", "period": period, "value": level, "status": status}
        for period, level, status in levels
    ]
    quarter = {"dataset": "prices", "code": "X", "series": "index", "period": "2022-Q1", "value": 99.0}
    put(warehouse, "staging.cells", *cells, quarter)
    periods = [period for period, _, _ in levels]
    put(warehouse, "staging.ruling", *({"dataset": "prices", "period": p} for p in [*periods, "2022-Q1"]))
    spring = {"period": "2022-Q1", "kind": "quarter", "start": "2022-01-01", "end": "2022-03-31"}
    put(warehouse, "marts.periods", *years(*periods), spring)


LEVELS = (
    ("2020-21", 100.0, "ok"),
    ("2021-22", 300.0, "ok"),
    ("2022-23", 121.0, "ok"),
    ("2023-24", 133.1, "provisional"),
)


def test_money_is_turned_into_base_year_money_over_a_smoothed_index(warehouse, priced):
    index(warehouse, *LEVELS)
    assert deflate(priced, warehouse) == 4
    found = warehouse.read("select period, factor, status, index from staging.deflator order by period")
    # 2021-22 becomes √(100 x 121) = 110; factors are 121 over the level.
    assert found["index"].to_list() == pytest.approx([100.0, 110.0, 121.0, 133.1])
    assert found["factor"].to_list() == pytest.approx([1.21, 1.1, 1.0, 1 / 1.1])
    assert found["status"].to_list() == ["ok", "ok", "ok", "provisional"]


def test_a_forecast_base_year_makes_all_other_years_provisional(warehouse, priced):
    index(warehouse, *LEVELS[:2], ("2022-23", 121.0, "provisional"))
    deflate(priced, warehouse)
    found = dict(warehouse.read("select period, status from staging.deflator").iter_rows())
    assert found == {"2020-21": "provisional", "2021-22": "provisional", "2022-23": "ok"}


def test_a_base_year_without_an_index_is_refused(warehouse, priced):
    index(warehouse, *LEVELS[:2])
    with pytest.raises(BadInput, match="prices has no index for the base year 2022-23"):
        deflate(priced, warehouse)


def test_a_pack_without_a_deflator_has_nominal_costs_only(warehouse, courts):
    put(warehouse, "staging.service_costs", {"service_id": "justice", "measure_id": "spending"})
    put(warehouse, "staging.measure_rules", {"measure_id": "spending"})
    put(warehouse, "marts.values", {"body_id": "C1", "measure_id": "spending", "value": 12.345})
    assert service_costs(courts, warehouse) == 1
    row = one(warehouse.read("from marts.costs"))
    assert row["cost_eur"] == 12.35  # whole cents, rounded half away from zero
    assert "cost_eur_2022_23" not in row
    assert (row["status"], row["input_editions"]) == ("ok", f"returns@{EDITION}")
