"""The revenue cap by hand: calibration, recalibration, the weighing, and what is refused."""

import polars as pl
import pytest

from pipelines.scenarios.revenue_cap import FIGURES, REQUIRED, STEPS, settle
from pipelines.scenarios.rules import RowFault, shipped

RULES = shipped("revenue-cap")
SCHEMA = {"body_id": pl.String, "period": pl.Int64, **dict.fromkeys((*REQUIRED, *FIGURES), pl.Float64)}


def settled(*rows):
    table = [
        dict.fromkeys(SCHEMA) | {"body_id": str(i), "period": 2026, "cost_base": 100.0} | r for i, r in enumerate(rows)
    ]
    return settle(pl.DataFrame(table, schema=SCHEMA), RULES)


def test_a_given_norm_is_taken_as_it_is():
    found = settled({"norm_cost": 90.0}).row(0, named=True)
    assert tuple(found) == STEPS
    assert found["cap"] == pytest.approx(0.3 * 100 + 0.7 * 90)
    assert (found["calibration"], found["recalibrated_by"], found["not_recomputed"]) == (0, 0, "")
    assert found["why"] == "30.0% of own cost and 70.0% of the norm, which is 90.0% of own cost"


def test_norms_from_efficiency_sum_to_costs_before_the_recalibration():
    found = settled(
        {"efficiency": 0.8, "rab": 300.0},
        {"efficiency": 0.9, "rab": 100.0},
        {"cost_base": 50.0, "efficiency": 1.0, "rab": 0.0},
    )
    # 80 + 90 + 50 = 220 of 250: 30 lacking, spread 300 : 100 : 0 as 22.5, 7.5 and 0.
    assert found["calibration"].to_list() == pytest.approx([22.5, 7.5, 0])
    assert found["norm_calibrated"].sum() == pytest.approx(250)
    # f1 + f2 = -0.0017588338136: norms rise by 300 x 0.0017588 / 0.7 and so on.
    assert found["recalibrated_by"].to_list() == pytest.approx([0.7537859201, 0.2512619734, 0.0])
    norm = 102.5 + 0.7537859201
    assert found["cap"][0] == pytest.approx(0.3 * 100 + 0.7 * norm)
    assert found["from_own_cost"][0] == pytest.approx(30) and found["from_norm"][0] == pytest.approx(0.7 * norm)


def test_each_period_is_calibrated_alone_under_its_own_weight():
    rows = [{"period": year, "efficiency": e, "rab": 10.0} for year, e in ((2022, 0.5), (2026, 0.8), (2022, 0.7))]
    found = settled(*rows)
    assert found["rho_used"].to_list() == [0.6, 0.7, 0.6]
    assert found["calibration"].to_list() == pytest.approx([40, 20, 40])  # 80 lacking, halved; 20 lacking
    assert [bool(words) for words in found["not_recomputed"]] == [True, False, True]  # no correction known for 2022


def test_columns_take_precedence_over_the_rules():
    found = settled({"efficiency": 0.9, "rab": 10.0, "rho": 0.5, "recalibration": 0.01, "period": 2030})
    assert found["norm"][0] == pytest.approx(100 - 10 * 0.01 / 0.5)
    assert found["cap"][0] == pytest.approx(50 + 0.5 * 99.8)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"norm_cost": 90.0}, {}], "row 1: neither norm_cost nor efficiency"),
        ([{"efficiency": 0.9}], "row 0: efficiency without rab"),
        ([{"norm_cost": 90.0}, {"efficiency": 0.9, "rab": 1.0}], "row 1: some rows of its period have norm_cost"),
        ([{"efficiency": 0.9, "rab": 0.0}], "row 0: the asset bases of its period sum to 0"),
        ([{"efficiency": 0.9, "rab": 1.0, "rho": 0.0}], "row 0: efficiency and a rho of 0"),
        ([{"norm_cost": 90.0, "period": 1999}], "row 0: no weight rho in the rules for this year"),
    ],
)
def test_what_gives_no_cap_is_refused(rows, words):
    with pytest.raises(RowFault, match=words):
        settled(*rows)


def test_a_lasting_cut_is_kept_by_rho_when_the_norm_stands():
    before, after = settled({"norm_cost": 90.0})["cap"][0], settled({"norm_cost": 90.0, "cost_base": 99.0})["cap"][0]
    assert before - after == pytest.approx(0.3)  # RULES: the cap falls by 1 - rho, the company keeps rho
