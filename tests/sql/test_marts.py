"""Each select of sql/marts on figures small enough to follow by hand."""

from __future__ import annotations

import math

import pytest

from tests.warehouses import EDITION, OLDER, put, put_nothing, put_status_order, years


def judged(warehouse, *rows, **same):
    put(warehouse, "staging.judged", *rows, measure_id="m", text="1", code="A", series="s", **same)


def test_the_ruling_edition_rules_a_period_whole_and_fills_nothing(warehouse):
    # The newest edition rules 2022-23 and omits body B there; B's older figure stays, and is not current.
    # It does not speak of 2021-22 at all: the older one rules that.
    judged(
        warehouse,
        {"body_id": "A", "scaled": 2.0},
        {"body_id": "A", "scaled": 1.0, "edition": OLDER},
        {"body_id": "B", "scaled": 5.0, "edition": OLDER},
        {"body_id": "B", "scaled": 4.0, "edition": OLDER, "period": "2021-22"},
        {"body_id": None, "scaled": 3.0, "rule": "unknown_body", "reason": "no such body"},
    )
    put(warehouse, "staging.editions", {}, {"edition": OLDER}, source="Publisher, returns")
    put(warehouse, "staging.ruling", {}, {"period": "2021-22", "edition": OLDER})
    found = warehouse.select("marts", "values").sort("body_id", "period", "edition")
    assert found.select("body_id", "period", "edition", "value", "is_current").rows() == [
        ("A", "2022-23", OLDER, 1.0, False),
        ("A", "2022-23", EDITION, 2.0, True),
        ("B", "2021-22", OLDER, 4.0, True),
        ("B", "2022-23", OLDER, 5.0, False),
    ]


def test_what_is_set_aside_is_kept_with_its_reason(warehouse):
    judged(warehouse, {"body_id": "A"}, {"body_id": None, "rule": "unknown_body", "reason": "no such body"})
    found = warehouse.select("marts", "quarantine")
    assert found.select("published_text", "rule", "reason").rows() == [("1", "unknown_body", "no such body")]


def test_an_edition_counts_what_came_in_what_stayed_and_what_it_rules(warehouse):
    judged(
        warehouse,
        {"body_id": "A"},
        {"body_id": "B"},
        {"body_id": None, "rule": "unknown_body", "reason": "x"},
    )
    put(warehouse, "staging.editions", {"rows_in": 99}, {"edition": OLDER, "rows_in": 7})
    put(warehouse, "staging.ruling", {}, {"period": "2023-24"})
    found = warehouse.select("marts", "editions").sort("edition")
    columns = ("edition", "rows_in", "rows_accepted", "rows_quarantined", "periods_current")
    assert found.select(columns).rows() == [(OLDER, 0, 0, 0, 0), (EDITION, 3, 2, 1, 2)]


def flagged(warehouse, *rows):
    put(warehouse, "staging.changes", *rows, measure_id="m", period="2022-23", before_period="2021-22")
    return dict(warehouse.select("marts", "flagged").select("body_id", "reason").iter_rows())


def test_a_change_beyond_three_tenths_or_four_spreads_is_flagged(warehouse):
    def change(name, log, sd):
        return {
            "body_id": name,
            "log_change": log,
            "robust_sd": sd,
            "before_value": 100.0,
            "value": 100 * math.exp(log),
        }

    found = flagged(
        warehouse,
        change("quiet", 0.29, 0.01),  # 0.29 < max(0.3, 0.04)
        change("moved", 0.31, 0.01),  # 0.31 > 0.3
        change("fell", -0.31, 0.01),
        change("noisy", 0.79, 0.20),  # 0.79 < max(0.3, 0.8)
        change("beyond", 0.81, 0.20),
    )
    assert sorted(found) == ["beyond", "fell", "moved"]
    assert found["moved"] == "rose by 36% on 2021-22"  # e^0.31 = 1.363
    assert found["fell"] == "fell by 27% on 2021-22"  # e^-0.31 = 0.733


def test_from_or_to_zero_only_more_than_twenty_is_flagged(warehouse):
    found = flagged(
        warehouse,
        {"body_id": "A", "before_value": 0.0, "value": 20.0},
        {"body_id": "B", "before_value": 0.0, "value": 21.0},
        {"body_id": "C", "before_value": 21.0, "value": 0.0},
        {"body_id": "D", "before_value": 0.0, "value": 0.0},
    )
    assert {name: words.split(" ")[0] for name, words in found.items()} == {"B": "rose", "C": "fell"}


def test_costs_are_whole_pence_nominal_and_real(warehouse):
    put(warehouse, "staging.service_costs", {"service_id": "s", "measure_id": "spend"})
    put(warehouse, "staging.measure_rules", {"measure_id": "spend"})
    put(warehouse, "staging.deflator", {"factor": 1.1, "status": "provisional"})
    put(
        warehouse,
        "marts.values",
        {"body_id": "A", "value": 1234.567},
        {"body_id": "B", "value": None, "status": "missing"},
        {"body_id": "C", "value": 5.0, "is_current": False},
        {"body_id": "D", "value": -10.0, "period": "1999-00"},
        measure_id="spend",
    )
    found = warehouse.select("marts", "costs").sort("body_id")
    # 1,234.567 is 123,457 pence; times 1.1 is 135,802.37, that is 135,802.
    assert found.select("body_id", "pence", "real_pence", "deflator_status").rows() == [
        ("A", 123457, 135802, "provisional"),
        ("B", None, None, "provisional"),
        ("D", -1000, None, None),  # no index for that year: as spent only
    ]
    assert found["input_editions"][0] == f"returns@{EDITION}"


@pytest.fixture
def merged(warehouse):
    """Two districts and their county became one unitary council on 1 April 2023; an old unitary lives on elsewhere."""
    put(
        warehouse,
        "marts.bodies",
        {"body_id": "D1", "class_id": "district", "valid_to": "2023-03-31"},
        {"body_id": "D2", "class_id": "district", "valid_to": "2023-03-31"},
        {"body_id": "K", "class_id": "county", "valid_to": "2023-03-31"},
        {"body_id": "U", "class_id": "unitary", "valid_from": "2023-04-01"},
    )
    put(
        warehouse,
        "staging.classes",
        {"class_id": "district", "tier": "lower"},
        {"class_id": "county", "tier": "upper"},
        {"class_id": "unitary", "tier": "single"},
    )
    put(warehouse, "marts.periods", *years("2021-22", "2022-23", "2023-24"))
    put(warehouse, "marts.body_lineage", *({"from_id": old, "to_id": "U"} for old in ("D1", "D2", "K")))
    put_status_order(warehouse)
    return warehouse


def rebuilt(warehouse, rebuild, *values):
    put(warehouse, "staging.measure_rules", {"measure_id": "m", "rebuild": rebuild})
    put(warehouse, "marts.values", *values, measure_id="m")
    return warehouse.select("marts", "values_rebuilt").sort("body_id", "period")


SPENDING = ({"body_id": "D1", "value": 1.0}, {"body_id": "D2", "value": 2.0}, {"body_id": "K", "value": 40.0})


@pytest.mark.parametrize(
    ("rebuild", "value", "parts"),
    [("sum", 43.0, "D1 D2 K"), ("lower", 3.0, "D1 D2"), ("upper", 40.0, "K")],
)
def test_the_tiers_of_a_measure_are_added_up_and_no_others(merged, rebuild, value, parts):
    # Spending of both tiers adds up, 1 + 2 + 40; tonnes of a county and of its districts are the same tonnes.
    found = rebuilt(merged, rebuild, *SPENDING)
    assert found.select("body_id", "value", "parts", "status").rows() == [("U", value, parts, "ok")]


def test_rates_are_never_added_up(merged):
    assert rebuilt(merged, "none", *SPENDING).is_empty()


def test_one_absent_predecessor_makes_the_sum_absent(merged):
    found = rebuilt(merged, "lower", {"body_id": "D1", "value": 1.0}, {"body_id": "D2", "status": "suppressed"})
    columns = ("value", "status", "n_parts", "n_present")
    assert found.select(columns).rows() == [(None, "suppressed", 2, 1)]
    silent = rebuilt(merged, "lower", {"body_id": "D1", "value": 1.0})  # D2 states nothing at all
    assert silent.select(columns).rows() == [(None, "missing", 2, 1)]


def test_nothing_is_rebuilt_from_nothing_nor_over_the_bodys_own_figure(merged):
    assert rebuilt(merged, "sum", {"body_id": "D1", "status": "missing"}).is_empty()
    own = rebuilt(merged, "sum", *SPENDING, {"body_id": "U", "value": 50.0})
    assert own.is_empty()


def test_years_of_the_successor_itself_are_not_rebuilt(merged):
    after = [{**row, "period": "2023-24"} for row in SPENDING]
    assert rebuilt(merged, "sum", *after).is_empty()


def test_only_the_ruling_edition_is_added_up(merged):
    found = rebuilt(merged, "lower", *SPENDING, {"body_id": "D1", "value": 9.0, "edition": OLDER, "is_current": False})
    assert found["value"].to_list() == [3.0]
    assert found["input_editions"].to_list() == [f"returns@{EDITION}"]


def test_a_split_shares_by_population_are_imputed_and_successions_chain(warehouse):
    # County K of 100 was split 0.6 to X and 0.4 to Y in 2019; Y became Z in 2023: Z has 0.4 x 100 of 2018-19.
    put(
        warehouse,
        "marts.bodies",
        {"body_id": "K", "valid_to": "2019-03-31"},
        {"body_id": "X", "valid_from": "2019-04-01"},
        {"body_id": "Y", "valid_from": "2019-04-01", "valid_to": "2023-03-31"},
        {"body_id": "Z", "valid_from": "2023-04-01"},
    )
    put(warehouse, "staging.classes", {})
    put(warehouse, "marts.periods", *years("2018-19", "2022-23"))
    put(
        warehouse,
        "marts.body_lineage",
        {"from_id": "K", "to_id": "X", "share": 0.6, "share_basis": "population"},
        {"from_id": "K", "to_id": "Y", "share": 0.4, "share_basis": "population"},
        {"from_id": "Y", "to_id": "Z"},
    )
    put_status_order(warehouse)
    found = rebuilt(
        warehouse, "sum", {"body_id": "K", "value": 100.0, "period": "2018-19"}, {"body_id": "Y", "value": 7.0}
    )
    assert found.select("body_id", "period", "value", "status").rows() == [
        ("X", "2018-19", 60.0, "imputed"),
        ("Z", "2018-19", 40.0, "imputed"),
        ("Z", "2022-23", 7.0, "ok"),
    ]


@pytest.fixture
def graded(warehouse):
    """One class of councils, one measure, two years, nothing remarkable."""
    put(warehouse, "staging.expected_in", {"measure_id": "m"})
    put(warehouse, "marts.bodies", {"body_id": "A"}, {"body_id": "B"}, {"body_id": "C", "valid_to": "2022-03-31"})
    put(warehouse, "marts.periods", *years("2021-22", "2022-23"))
    put(warehouse, "marts.measures", {"measure_id": "m"})
    put_nothing(warehouse, "marts.flagged", "marts.scope_flags", "staging.breaks", "staging.service_measures")
    put_nothing(warehouse, "marts.indicators")
    put_nothing(warehouse, "staging.judged")
    return warehouse


def passport(warehouse, *values):
    put(warehouse, "marts.values", *values, measure_id="m")
    rows = warehouse.select("marts", "passport").sort("body_id", "period").iter_rows(named=True)
    return {(row["body_id"], row["period"]): row for row in rows}


def test_a_body_is_expected_while_it_lived_and_absent_ones_are_graded_d(graded):
    found = passport(
        graded,
        {"body_id": "A", "value": 1.0, "period": "2021-22"},
        {"body_id": "A", "value": 1.0},
        {"body_id": "B", "value": None, "status": "suppressed"},
    )
    assert {key: (row["status"], row["grade"]) for key, row in found.items()} == {
        ("A", "2021-22"): ("ok", "A"),
        ("A", "2022-23"): ("ok", "A"),
        ("B", "2021-22"): ("missing", "D"),
        ("B", "2022-23"): ("suppressed", "D"),
        ("C", "2021-22"): ("missing", "D"),
    }
    assert found["A", "2021-22"]["present_share"] == pytest.approx(1 / 3)  # of A, B and C
    assert found["A", "2022-23"]["present_share"] == pytest.approx(1 / 2)  # of A and B
    assert [row["age_periods"] for row in found.values()] == [1, 0, 1, 0, 1]  # March 2022 and March 2023


@pytest.mark.parametrize(
    ("status", "grade"), [("ok", "A"), ("provisional", "B"), ("imputed", "C"), ("break", "C"), ("small", "C")]
)
def test_a_status_bounds_the_grade(graded, status, grade):
    assert passport(graded, {"body_id": "A", "value": 1.0, "status": status})["A", "2022-23"]["grade"] == grade


def test_a_revised_figure_is_graded_b(graded):
    old = {"body_id": "A", "value": 1.0, "edition": OLDER, "is_current": False}
    same = passport(graded, old, {"body_id": "A", "value": 1.0})["A", "2022-23"]
    assert (same["n_editions"], same["revised"], same["grade"]) == (2, False, "A")
    moved = passport(graded, old, {"body_id": "A", "value": 2.0})["A", "2022-23"]
    assert (moved["n_editions"], moved["revised"], moved["grade"]) == (2, True, "B")


def test_a_flag_and_a_quarantined_twin_are_graded_b(graded):
    put(graded, "marts.flagged", {"body_id": "A", "measure_id": "m", "rule": "year_on_year"})
    put(graded, "staging.judged", {"body_id": "B", "measure_id": "m", "rule": "second_code"})
    found = passport(graded, {"body_id": "A", "value": 1.0}, {"body_id": "B", "value": 1.0})
    assert (found["A", "2022-23"]["flags"], found["A", "2022-23"]["grade"]) == ("year_on_year", "B")
    assert (found["B", "2022-23"]["n_quarantined"], found["B", "2022-23"]["grade"]) == (1, "B")


def test_what_is_not_like_for_like_is_graded_c_with_the_reason_in_its_periods_only(graded):
    put(graded, "staging.service_measures", {"service_id": "s", "measure_id": "m"})
    flag = {"body_id": "A", "service_id": "s", "period_from": "2022-23", "indicators": "", "reason": "county pays"}
    put(graded, "marts.scope_flags", flag)
    found = passport(graded, {"body_id": "A", "value": 1.0}, {"body_id": "A", "value": 1.0, "period": "2021-22"})
    assert [(row["grade"], row["comparability"]) for key, row in found.items() if key[0] == "A"] == [
        ("A", None),
        ("C", "county pays"),
    ]


def test_a_flag_that_names_indicators_touches_what_stands_above_their_line(graded):
    for measure in ("m", "n"):
        put(graded, "staging.service_measures", {"service_id": "s", "measure_id": measure})
        put(
            graded, "marts.indicators", {"indicator_id": "i", "numerator": "m"}, {"indicator_id": "j", "numerator": "n"}
        )
        flag = {"body_id": "A", "service_id": "s", "period_from": "", "indicators": "h i", "reason": "county pays"}
        put(graded, "marts.scope_flags", flag)
        put(graded, "staging.expected_in", {"measure_id": measure})
        put(graded, "marts.measures", {"measure_id": measure})
        put(graded, "marts.values", {"body_id": "A", "measure_id": measure, "value": 1.0})
        found = dict(graded.select("marts", "passport").select("body_id", "grade").iter_rows())
        assert found["A"] == ("C" if measure == "m" else "A")


def test_a_break_and_a_caveat_are_said_where_nothing_worse_is_known(graded):
    put(graded, "marts.measures", {"measure_id": "m", "caveat": "estimates"})
    put(graded, "staging.breaks", {"measure_id": "m", "period": "2022-23", "why": "new form"})
    found = passport(graded, {"body_id": "A", "value": 1.0}, {"body_id": "A", "value": 1.0, "period": "2021-22"})
    assert [row["comparability"] for key, row in found.items() if key[0] == "A"] == ["estimates", "new form"]
