"""Shared Savings Program: the results in one shape, and the public use file as printed."""

import gzip

import pytest

from pipelines.errors import BadInput
from pipelines.sources import cms_mssp_puf, cms_mssp_results
from pipelines.sources.cms_mssp_results import FACTS, FIGURES
from tests.samples import csv_bytes

RECOMPUTED = ["msr_expected", "expected_gen_savings", "expected_earned", "abs_diff", "rounding_tol_usd", "ok_rounding"]


def results(name="mssp_py2014.csv", year="2014", **cells):
    labels = ["performance_year", "aco_id", "aco_name", *FIGURES, *FACTS, *RECOMPUTED]
    row = dict.fromkeys(labels, "1.0") | {"performance_year": year, "aco_id": "A67373", "aco_name": "", "track": "T1"}
    return cms_mssp_results.parse(csv_bytes([labels, list((row | cells).values())]), name)


def cell(parsed, series):
    return parsed.cells.filter(series=series).row(0, named=True)


def test_figures_of_a_performance_year():
    found = cell(results(benchmark_total="450902466.0"), "benchmark_total")
    assert (found["code"], found["period"], found["value"]) == ("A67373", "2014", 450902466.0)
    assert results().date == "2014-12-31"


def test_an_empty_quality_score_is_pay_for_reporting():
    found = cell(results(quality_score=""), "quality_score")
    assert (found["status"], found["text"], found["value"]) == ("not_applicable", "P4R", None)


def test_another_empty_figure_is_missing_and_an_empty_word_no_fact():
    parsed = results(met_qps="", rev_exp_cat="")
    assert cell(parsed, "met_qps")["status"] == "missing"
    assert parsed.cells.filter(series="rev_exp_cat").is_empty()


def test_the_track_is_a_fact_of_its_year():
    found = cell(results(track="T1+"), "track")
    assert (found["text"], found["period"], found["value"]) == ("T1+", "2014", None)


def test_what_another_engine_recomputed_is_not_returned():
    assert not set(RECOMPUTED) & set(results().cells["series"])


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"year": "14"}, "performance year '14'"),
        ({"msr_published": "two"}, "holds 'two'"),
        ({"aco_id": ""}, "no identified"),
    ],
)
def test_results_that_cannot_be_read_are_refused_by_name(cells, message):
    with pytest.raises(BadInput, match=message):
        results(**cells)


def puf(header, *rows, name="py2022.csv.gz"):
    return cms_mssp_puf.parse(gzip.compress(csv_bytes([header, *rows])), name)


def test_columns_of_any_year_are_series_in_lower_case():
    old = puf(["ACO_Num", "year", "Sav_rate", "ACO_NAME"], ["A67373", "2014", "0.0714", "Palm"], name="py2014.csv.gz")
    new = puf(["ACO_ID", "ACO_Name", "Sav_rate"], ["A1001", "Palm", "6.46%"])
    assert old.cells.select("code", "name", "series", "period", "value").rows() == [
        ("A67373", "Palm", "sav_rate", "2014", 0.0714)
    ]
    assert new.cells.select("series", "period", "value", "text").rows() == [("sav_rate", "2022", 6.46, "6.46%")]


def test_the_standardised_file_of_2020_has_row_numbers_that_are_no_figures():
    header = ["x", "aco_id", "aco_name", "n_ab", "performance_year"]
    parsed = puf(header, ["1", "A1001", "Palm", "80864.0", "2020.0"], name="py2020_standardised.csv.gz")
    assert parsed.cells.select("series", "value").rows() == [("n_ab", 80864.0)]
    assert parsed.date == "2020-12-31"


@pytest.mark.parametrize(
    ("text", "status", "value"),
    [
        ("*", "suppressed", None),
        ("-", "missing", None),
        ("", "missing", None),
        ("N/A", "not_applicable", None),
        ("P4R", "not_applicable", None),
        ("$1,234", "ok", 1234.0),
        ("-5", "ok", -5.0),
    ],
)
def test_markers_dollars_and_commas(text, status, value):
    found = cell(puf(["ACO_ID", "ACO_Name", "QualScore"], ["A1001", "Palm", text]), "qualscore")
    assert (found["status"], found["value"], found["text"]) == (status, value, text)


def test_words_are_facts():
    found = cell(puf(["ACO_ID", "ACO_Name", "Current_Track"], ["A1001", "Palm", "EN"]), "current_track")
    assert (found["text"], found["status"], found["value"]) == ("EN", "ok", None)


def test_a_year_unlike_the_files_name_is_refused():
    with pytest.raises(BadInput, match="the file's name says 2022"):
        puf(["ACO_ID", "ACO_Name", "year", "n_ab"], ["A1001", "Palm", "2014", "1"])


def test_a_name_without_a_year_is_refused():
    with pytest.raises(BadInput, match="states no performance year"):
        puf(["ACO_ID", "ACO_Name"], ["A1001", "Palm"], name="puf.csv.gz")


def test_a_gzip_bomb_is_refused_before_it_is_read():
    with pytest.raises(BadInput, match="100:1"):
        cms_mssp_puf.parse(gzip.compress(b"ACO_ID,ACO_Name\n" + b"0" * 5_000_000), "py2022.csv.gz")


def test_a_truncated_gzip_file_is_refused():
    whole = gzip.compress(csv_bytes([["ACO_ID", "ACO_Name", "n_ab"], ["A1001", "Palm", "1"]]))
    with pytest.raises(BadInput, match=r"py2022\.csv\.gz"):
        cms_mssp_puf.parse(whole[:-9], "py2022.csv.gz")


def test_an_unknown_word_is_refused():
    with pytest.raises(BadInput, match="cell C2 holds 'Two-Sided'"):
        puf(["ACO_ID", "ACO_Name", "N_AB"], ["A1001", "Palm", "Two-Sided"])
