"""Each select of sql/staging on figures small enough to follow by hand."""

from __future__ import annotations

import math

import pytest

from tests.warehouses import put, years


@pytest.fixture
def placing(warehouse):
    """One measure in thousands, two codes that changed hands in April 2023, one recoded from 2021-22 on."""
    put(warehouse, "staging.measure_rules", {"measure_id": "waste", "series": "s", "scale": 1000.0})
    put(warehouse, "staging.dataset_rules", {})
    put(warehouse, "staging.recodes", {"printed": "E99", "meant": "E06", "since": "2021-22"})
    put(
        warehouse,
        "marts.body_alias",
        {"code": "E06", "body_id": "E06", "valid_from": ""},
        {"code": "815", "body_id": "E10", "valid_from": "1974-04-01", "valid_to": "2023-03-31", "scheme": "gss"},
        {"code": "815", "body_id": "E65", "valid_from": "2023-04-01"},
    )
    put(warehouse, "marts.periods", *years("2020-21", "2021-22", "2022-23", "2023-24"))
    return warehouse


def resolved(warehouse, *cells):
    put(warehouse, "staging.cells", *cells, series="s")
    warehouse.derive("staging.resolved", "staging", "resolved")
    return warehouse.read("from staging.resolved order by code, period")


def test_a_figure_is_scaled_with_its_bounds(placing):
    found = resolved(placing, {"code": "E06", "value": 1.5}, {"code": "E99", "lo": 1.0, "hi": 4.0})
    assert found["scaled"].to_list() == [1500.0, None]  # 1.5 thousand
    assert found.select("scaled_lo", "scaled_hi").row(1) == (1000.0, 4000.0)


def test_a_code_means_the_body_that_lived_in_the_year(placing):
    found = resolved(placing, {"code": "815", "period": "2022-23"}, {"code": "815", "period": "2023-24"})
    assert found["body_id"].to_list() == ["E10", "E65"]


def test_a_recode_holds_from_its_first_period_on(placing):
    found = resolved(placing, {"code": "E99", "period": "2020-21"}, {"code": "E99", "period": "2021-22"})
    assert found["body_id"].to_list() == [None, "E06"]
    assert found["meant_code"].to_list() == ["E99", "E06"]


def test_a_cell_stands_once_whatever_its_code_means(placing):
    assert resolved(placing, {"code": "815"}, {"code": "nobody"}).height == 2


def judge(warehouse, *rows):
    put(
        warehouse,
        "staging.resolved",
        *rows,
        measure_id="waste",
        period_kind="financial_year",
        least=0.0,
        most=100.0,
    )
    warehouse.derive("staging.judged", "staging", "judged")
    return dict(warehouse.read("select code, rule from staging.judged").iter_rows())


def test_what_is_plausible_is_accepted_and_so_are_both_ends(warehouse):
    rows = [{"code": str(v), "body_id": str(v), "scaled": float(v)} for v in (0, 50, 100)]
    assert judge(warehouse, *rows) == {"0": None, "50": None, "100": None}


def test_each_rule_sets_aside_what_it_names(warehouse):
    found = judge(
        warehouse,
        {"code": "unknown", "body_id": None, "scaled": 1.0},
        {"code": "timeless", "body_id": "B", "scaled": 1.0, "period": "", "period_kind": None},
        {"code": "below", "body_id": "C", "scaled": -1.0},
        {"code": "above", "body_id": "D", "scaled": 101.0},
        {"code": "gap", "body_id": "E", "scaled": None, "status": "missing"},
    )
    assert found == {
        "unknown": "unknown_body",
        "timeless": "no_period",
        "below": "negative",
        "above": "implausible",
        "gap": None,
    }


def test_a_negative_figure_may_be_allowed_and_yet_implausible(warehouse):
    found = judge(
        warehouse,
        {"code": "net", "body_id": "A", "scaled": -5.0, "allow_negative": True, "least": None},
        {"code": "far", "body_id": "B", "scaled": -5.0, "allow_negative": True},
    )
    assert found == {"net": None, "far": "implausible"}


def test_of_two_codes_of_a_body_the_own_one_with_a_figure_stands(warehouse):
    # A figure comes before a gap; of two figures, the one under the body's own code.
    both = judge(
        warehouse, {"code": "A", "body_id": "A", "scaled": 1.0}, {"code": "old", "body_id": "A", "scaled": 1.0}
    )
    assert both == {"A": None, "old": "second_code"}
    gap = judge(
        warehouse, {"code": "A", "body_id": "A", "status": "missing"}, {"code": "old", "body_id": "A", "scaled": 1.0}
    )
    assert gap == {"A": "second_code", "old": None}


def changes(warehouse, before, after, *, unit="tonnes", kind="output", breaks=()):
    """staging.changes from two years of figures, one body each."""
    rows = [
        {"body_id": f"B{n:02}", "period": period, "value": float(value)}
        for period, column in (("2021-22", before), ("2022-23", after))
        for n, value in enumerate(column)
    ]
    put(warehouse, "marts.values", *rows, measure_id="m")
    put(warehouse, "marts.periods", *years("2021-22", "2022-23"))
    put(warehouse, "staging.measure_rules", {"measure_id": "m", "unit": unit, "kind": kind})
    put(warehouse, "staging.breaks", *({"measure_id": "m", "period": p, "why": "x"} for p in breaks))
    warehouse.derive("staging.changes", "staging", "changes")
    return warehouse.read("from staging.changes order by body_id")


def test_a_change_is_the_logarithm_of_the_ratio_and_its_spread_the_scaled_mad(warehouse):
    found = changes(warehouse, [100, 100, 100], [100, 110, 200])
    logs = [0.0, math.log(1.1), math.log(2)]
    assert found["log_change"].to_list() == pytest.approx(logs)
    # middle log(1.1) = 0.0953; distances 0.0953, 0, 0.5978; their middle 0.0953
    assert found["robust_sd"][0] == pytest.approx(1.4826 * math.log(1.1))
    assert found["median_change"][0] == pytest.approx(math.log(1.1))
    assert found["n_bodies"][0] == 3


def test_from_zero_there_is_no_logarithm(warehouse):
    assert changes(warehouse, [0, 10], [30, 10])["log_change"].to_list() == [None, 0.0]


def test_across_a_declared_break_and_for_context_no_change_is_computed(warehouse):
    assert changes(warehouse, [100], [900], breaks=["2022-23"]).is_empty()
    assert changes(warehouse, [100], [900], kind="context").is_empty()
    assert changes(warehouse, [100], [900]).height == 1


def test_small_counts_are_left_out_of_the_middle_change_only(warehouse):
    # 20 and 5 persons move by chance; 100 to 200 is the one pair that counts: log 2.
    found = changes(warehouse, [20, 100], [5, 200], unit="persons")
    assert found["median_change"][0] == pytest.approx(math.log(2))
    assert found["n_bodies"][0] == 1
    assert found["log_change"][0] == pytest.approx(math.log(0.25))


def test_usable_takes_what_is_stated_and_fills_gaps_from_predecessors(warehouse):
    put(warehouse, "staging.measure_rules", {"measure_id": "m"})
    put(
        warehouse,
        "marts.values",
        {"body_id": "A", "value": 1.0},
        {"body_id": "A", "value": 9.0, "edition": "old", "is_current": False},
        {"body_id": "B", "value": None, "status": "missing"},
        {"body_id": "C", "value": None, "status": "missing"},
        measure_id="m",
    )
    put(warehouse, "marts.values_rebuilt", {"body_id": "B", "measure_id": "m", "value": 7.0, "input_editions": "x@y"})
    warehouse.derive("staging.usable", "staging", "usable")
    found = warehouse.read("select body_id, value, status, rebuilt from staging.usable order by body_id")
    assert found.rows() == [("A", 1.0, "ok", False), ("B", 7.0, "ok", True), ("C", None, "missing", False)]


POINTS = [
    {"period": f"{year}-06-30", "kind": "point", "start": f"{year}-06-30", "end": f"{year}-06-30"}
    for year in range(2018, 2026)
]


def aligned(warehouse, denominators, *, rule="nearest_point", prefer="later", flags=(), points=()):
    """staging.ratio_inputs for body A in 2021-22: one numerator of 10, denominators by period."""
    usable = [{"body_id": "A", "measure_id": "top", "period": "2021-22", "value": 10.0, "input_editions": "t@1"}]
    usable += [
        {"body_id": "A", "measure_id": "people", "period": period, "value": value, "input_editions": "p@1"}
        for period, value in denominators.items()
    ]
    put(warehouse, "staging.usable", *usable)
    put(
        warehouse,
        "staging.alignments",
        {"indicator_id": "i", "service_id": "s", "numerator": "top", "denominator": "people"},
        rule=rule,
        prefer=prefer,
    )
    put(warehouse, "staging.served", {"indicator_id": "i"})
    put(warehouse, "marts.bodies", {"body_id": "A"})
    put(warehouse, "marts.periods", *years("2021-22"), *POINTS, *points)
    put(warehouse, "marts.scope_flags", *flags, body_id="A", service_id="s")
    warehouse.derive("staging.ratio_inputs", "staging", "ratio_inputs")
    (row,) = warehouse.read("from staging.ratio_inputs").iter_rows(named=True)
    return row


def test_the_point_nearest_to_the_middle_of_the_year_serves_it(warehouse):
    # The middle of 2021-22 is 30 September 2021: 92 days from mid-2021, 273 from mid-2022.
    row = aligned(warehouse, {"2021-06-30": 5.0, "2022-06-30": 6.0})
    assert (row["denominator"], row["denominator_period"]) == (5.0, "2021-06-30")


def test_without_mid_2021_the_nearer_of_mid_2020_and_mid_2022_is_later(warehouse):
    # 457 days back to mid-2020, 273 on to mid-2022.
    row = aligned(warehouse, {"2020-06-30": 4.0, "2022-06-30": 6.0})
    assert row["denominator_period"] == "2022-06-30"


def test_a_point_with_a_figure_comes_before_a_nearer_gap(warehouse):
    row = aligned(warehouse, {"2021-06-30": None, "2022-06-30": 6.0})
    assert row["denominator_period"] == "2022-06-30"


def test_a_point_beyond_the_limit_is_not_used(warehouse):
    row = aligned(warehouse, {"2019-06-30": 4.0})  # 823 days from 30 September 2021, the limit is 732
    assert (row["denominator"], row["denominator_status"]) == (None, "missing")


@pytest.mark.parametrize(("prefer", "taken"), [("later", "2022-06-30"), ("earlier", "2020-12-31")])
def test_of_two_equally_near_points_the_pack_says_which(warehouse, prefer, taken):
    # 30 September 2021 lies 273 days after 31 December 2020 and 273 before 30 June 2022.
    winter = {"period": "2020-12-31", "kind": "point", "start": "2020-12-31", "end": "2020-12-31"}
    row = aligned(warehouse, {"2020-12-31": 4.0, "2022-06-30": 6.0}, prefer=prefer, points=[winter])
    assert row["denominator_period"] == taken


def test_the_same_period_is_asked_for_where_the_pack_says_so(warehouse):
    assert aligned(warehouse, {"2021-06-30": 5.0}, rule="same")["denominator"] is None
    assert aligned(warehouse, {"2021-22": 5.0}, rule="same")["denominator"] == 5.0


@pytest.mark.parametrize(
    ("flag", "alike"),
    [
        ({"period_from": "", "indicators": ""}, False),
        ({"period_from": "2021-22", "period_to": "2021-22", "indicators": ""}, False),
        ({"period_from": "2022-23", "indicators": ""}, True),
        ({"period_from": "", "period_to": "2020-21", "indicators": ""}, True),
        ({"period_from": "", "indicators": "i j"}, False),
        ({"period_from": "", "indicators": "j"}, True),
        ({"period_from": "", "indicators": "", "service_id": "another"}, True),
    ],
)
def test_a_flag_counts_in_its_periods_for_its_indicators(warehouse, flag, alike):
    row = aligned(warehouse, {"2021-06-30": 5.0}, flags=[flag])
    assert row["like_for_like"] is alike


def test_a_rate_that_only_the_publisher_computes_needs_no_denominator(warehouse):
    aligned(warehouse, {"2021-06-30": 5.0})
    put(warehouse, "staging.alignments", {"indicator_id": "i", "service_id": "s", "numerator": "top"}, rule="same")
    warehouse.derive("staging.ratio_inputs", "staging", "ratio_inputs")
    found = warehouse.read("select numerator, denominator from staging.ratio_inputs")
    assert found.rows() == [(10.0, None)]
