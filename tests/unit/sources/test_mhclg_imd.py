"""Deprivation: ten domain sheets, trailing spaces in labels, a Notes sheet without cells."""

import pytest

from pipelines.errors import BadInput
from pipelines.sources import mhclg_imd, mhclg_imd_upper
from tests.samples import xlsx_bytes

LOWER = ["Local Authority District code (2019)", "Local Authority District name (2019)"]
UPPER = ["Upper Tier Local Authority District code (2019)", "Upper Tier Local Authority District name (2019)"]


def workbook(top=LOWER, *, without=(), score=35.037, spaces=" "):
    sheets = {"Notes": []}
    for domain in mhclg_imd.DOMAINS:
        if domain not in without:
            header = [*top, f"{domain} - Average score{spaces}", f"{domain} - Proportion  of LSOAs "]
            sheets[domain] = [header, ["E06000001", "Hartlepool", score, 0.3621]]
    return xlsx_bytes(sheets)


def test_every_domain_gives_its_columns_under_its_sheet():
    parsed = mhclg_imd.parse(workbook(), "File_10.xlsx")
    cell = parsed.cells.filter(series="IMD:imd - average score").row(0, named=True)
    assert (cell["code"], cell["value"], cell["period"], cell["locator"]) == ("E06000001", 35.037, "2019", "IMD!C2")
    assert parsed.cells.height == 10 * 2
    assert parsed.date == "2019-12-31"


def test_trailing_and_doubled_spaces_do_not_make_another_series():
    tidy, untidy = (mhclg_imd.parse(workbook(spaces=s), "File_10.xlsx").cells for s in ("", " "))
    assert tidy["series"].to_list() == untidy["series"].to_list()
    assert "IDACI:idaci - proportion of lsoas" in tidy["series"].to_list()


def test_the_upper_tier_is_a_dataset_of_its_own():
    data = workbook(UPPER)
    assert mhclg_imd_upper.parse(data, "File_11.xlsx").cells.height == 20
    with pytest.raises(BadInput, match="cell IMD!A1 holds 'Upper Tier"):
        mhclg_imd.parse(data, "File_10.xlsx")


def test_a_missing_domain_is_refused():
    with pytest.raises(BadInput, match="no sheet 'Crime'"):
        mhclg_imd.parse(workbook(without=("Crime",)), "File_10.xlsx")


def test_there_are_no_markers():
    with pytest.raises(BadInput, match="cell IMD!C2 holds '-'"):
        mhclg_imd.parse(workbook(score="-"), "File_10.xlsx")
