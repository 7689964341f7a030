"""The register of authorities and the lookup from lower to upper tier."""

import pytest

from pipelines.errors import BadInput
from pipelines.sources import mysociety_authorities, ons_lower_upper_lookup
from tests.samples import csv_bytes

HEADER = [
    "local-authority-code",
    "official-name",
    "nice-name",
    "gss-code",
    "start-date",
    "end-date",
    "replaced-by",
    "former-gss-codes",
    "area",
    "pop-2020",
]
CUMBRIA = [
    "CMA",
    "Cumbria County Council",
    "Cumbria",
    "E10000006",
    "",
    "2023-04-01",
    "CBD,WAF",
    "",
    "6767.0",
    "499000.0",
]
DERRY = ["NIR-A", "Derry City Council", "Derry", "", "", "2015-03-31", "DRS", "", "", ""]
GLASGOW = [
    "GLG",
    "Glasgow, City of",
    "Glasgow",
    "S12000049",
    "1996-04-01",
    "",
    "",
    "S12000046,S12000043",
    "175",
    "635640",
]


def register(*rows):
    return mysociety_authorities.parse(csv_bytes([HEADER, *rows]), "uk_local_authorities_future.csv")


def facts(cells, code):
    return dict(cells.filter(code=code).select("series", "text").rows())


def test_a_list_stays_one_fact_and_a_comma_in_a_name_moves_nothing():
    cells = register(CUMBRIA, GLASGOW).cells
    assert facts(cells, "E10000006")["replaced_by"] == "CBD,WAF"
    assert facts(cells, "S12000049")["former_gss_codes"] == "S12000046,S12000043"
    assert facts(cells, "S12000049")["official_name"] == "Glasgow, City of"
    assert facts(cells, "E10000006")["local_authority_code"] == "CMA"


def test_a_body_without_a_gss_code_stands_under_its_letters():
    assert facts(register(CUMBRIA, DERRY).cells, "NIR-A")["replaced_by"] == "DRS"


def test_area_and_population_are_values():
    cells = register(CUMBRIA, DERRY).cells.filter(series="area")
    assert cells.select("code", "value", "status").rows() == [("E10000006", 6767.0, "ok"), ("NIR-A", None, "missing")]
    assert register(CUMBRIA).cells.filter(series="pop_2020")["period"].to_list() == ["2020-06-30"]


def test_an_empty_cell_is_no_fact():
    assert "start_date" not in facts(register(CUMBRIA).cells, "E10000006")


def test_the_date_is_the_newest_start_or_end():
    assert register(CUMBRIA, GLASGOW, DERRY).date == "2023-04-01"


def test_an_unquoted_comma_is_refused():
    line = ",".join(GLASGOW)  # its name and its codes hold commas of their own
    data = csv_bytes([HEADER]) + line.encode()
    with pytest.raises(BadInput, match="cell K2 stands in a column without a label"):
        mysociety_authorities.parse(data, "uk_local_authorities_future.csv")


def test_two_rows_with_one_code_are_refused():
    with pytest.raises(BadInput, match="E10000006"):
        register(CUMBRIA, CUMBRIA)


LOOKUP = ["LTLA23CD", "LTLA23NM", "LTLA23NMW", "UTLA23CD", "UTLA23NM", "UTLA23NMW", "ObjectId"]
ADUR = ["E07000223", "Adur", "", "E10000032", "West Sussex", "", "200"]


def test_the_upper_tier_of_a_district_behind_a_byte_order_mark():
    parsed = ons_lower_upper_lookup.parse(csv_bytes([LOOKUP, ADUR], "utf-8-sig"), "Lower_Tier.csv")
    assert facts(parsed.cells, "E07000223") == {"upper_tier_code": "E10000032", "upper_tier_name": "West Sussex"}
    assert parsed.date == "2023-12-31"


def test_another_table_is_refused():
    with pytest.raises(BadInput, match="first column is not named LTLA23CD"):
        ons_lower_upper_lookup.parse(csv_bytes([["LAD23CD"], ["E07000223"]]), "Lower_Tier.csv")
