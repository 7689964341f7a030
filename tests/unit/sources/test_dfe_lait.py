"""LAIT background data: text values, DfE numbers, spellings of years."""

import io

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.dfe_lait import parse

COLUMNS = ["Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region"]
KINDS = [pl.String, pl.String, pl.String, pl.String, pl.String, pl.Float64, pl.String]


def sample(*rows):
    filled = [(measure, None, year, name, value, number, "NA") for measure, year, name, value, number in rows]
    out = io.BytesIO()
    pl.DataFrame(filled, schema=dict(zip(COLUMNS, KINDS, strict=True)), orient="row").write_parquet(out)
    return out.getvalue()


def parsed(*rows):
    return parse(sample(*rows), "bds_long_0.parquet")


def test_text_becomes_a_number_and_the_text_stays():
    cell = parsed(("Section_47", "2023", "Camden", "7.0000000000000007E-2", 202.0)).cells.row(0, named=True)
    assert (cell["value"], cell["text"]) == (0.07, "7.0000000000000007E-2")
    assert (cell["status"], cell["locator"]) == ("ok", "row 0")


def test_a_dfe_number_has_no_decimals():
    assert parsed(("Section_47", "2023", "Camden", "1", 202.0)).cells["code"].to_list() == ["202"]


def test_a_dash_is_missing_never_nought():
    cells = parsed(("LAC", "2023", "Cumbria", "-", 909.0), ("LAC", "2022", "Cumbria", "0", 909.0)).cells
    assert cells.select("period", "value", "status").rows() == [("2021-22", 0.0, "ok"), ("2022-23", None, "missing")]


def test_provisional_is_said_in_the_year():
    cells = parsed(
        ("KS1P_all", "2025 (prov)", "England", "80", 970.0), ("KS1P_all", "2024", "England", "79", 970.0)
    ).cells
    assert cells.select("period", "period_text", "status").rows() == [
        ("2024", "2024", "ok"),
        ("2025", "2025 (prov)", "provisional"),
    ]


def test_outturn_is_the_financial_year_and_england_stays():
    parsed_ = parsed(("TotalLACFinance", "2024-25 (OT)", "England", "8000000000", 970.0))
    assert parsed_.cells.select("code", "name", "period", "value").rows() == [("970", "England", "2024-25", 8e9)]
    assert parsed_.date == "2025-03-31"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("LAC", "2023", "Camden", "n/a", 202.0)], r"row 0 \(LAC, Camden\) holds 'n/a'"),
        ([("LAC", "2023", "Camden", "inf", 202.0)], "holds 'inf'"),
        ([("LAC", "FY23", "Camden", "1", 202.0)], "measure 'LAC' has the year 'FY23'"),
        ([("LAC", "2023", "Camden", "1", None)], "row 0 has no code"),
        ([("LAC", "2023", "Camden", None, 202.0)], "row 0 has no text"),
        ([("LAC", "2023", "Camden", "1", 202.0)] * 2, "202, LAC, 2023 stands more than once"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(rows, message):
    with pytest.raises(BadInput, match=message):
        parsed(*rows)


def test_a_parquet_file_without_the_columns_is_refused():
    out = io.BytesIO()
    pl.DataFrame({"Years": ["2023"]}).write_parquet(out)
    with pytest.raises(BadInput, match="no column Short Desc, LA and Regions, Values, LA Number"):
        parse(out.getvalue(), "bds_long_0.parquet")


def test_a_damaged_parquet_file_is_refused():
    data = sample(("LAC", "2023", "Camden", "1", 202.0))
    with pytest.raises(BadInput, match=r"bds_long_0\.parquet"):
        parse(data[:40] + b"PAR1", "bds_long_0.parquet")
