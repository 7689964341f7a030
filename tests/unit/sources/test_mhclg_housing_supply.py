"""Live table 122: each quirk of the publisher's workbook on a table of a few lines."""

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.mhclg_housing_supply import imputed_lists, names_in, parse, plain
from tests.samples import ods_bytes

SERIES = "LT_122:net additional dwellings"
HEADER = ["DCLG code", "Former ONS code", "Current ONS code", "Authority data", "2022-23 [note 16]"]
HEADER += ["2023-24 [r] [note 17]", "2024-25 [p]"]
BATH = ["F0114", "00HA", "E06000022", "Bath and North East Somerset UA", 490, 669, 476]
BCP = ["A0014", "", "E06000058", "Bournemouth, Christchurch and Poole UA", "[x]", 912, 1100]
BLACKBURN = ["M2372", "00EX", "E06000008", "Blackburn with Darwen UA", -74, 553, 523]
ALNWICK = ["P2905", "35UB", "", "Alnwick", 3, "[x]", "[x]"]
OLD = ["T9999", "", "", "Old Town", 1, "[x]", "[x]"]
WILTSHIRE_UA = ["", "", "E06000054", "Wiltshire UA", 10, 11, 12]
WILTSHIRE = ["", "", "E10000033", "Wiltshire", 10, 11, 12]
DISTRICTS = ["", "", "", "Shire Districts", 5, 6, 7]
ENGLAND = ["", "", "E92000001", "England", 234292, 221409, 208600]


def book(*rows, notes=(), cover="20 November 2025\nNext update: 1 November 2026", sentence="No imputation."):
    sheets = {
        "Cover": [["Table 122: Net additional dwellings"], ["Date of publication"], [cover], [sentence]],
        "Notes": [["Note number", "Note text"], *[[f"[note {n}]", text] for n, text in enumerate(notes)]],
        "LT_122": [["Net additional dwellings"], ["One table."], ["Notes."], ["Source: HFR"], HEADER, *rows],
    }
    return parse(ods_bytes(sheets), "housing-data.ods")


def one(parsed, code, period="2023-24", series=SERIES):
    key = (pl.col("code") == code) & (pl.col("series") == series) & (pl.col("period") == period)
    return parsed.cells.row(by_predicate=key, named=True)


def test_year_labels_carry_notes_and_the_year_marked_p_is_provisional():
    parsed = book(BATH)
    assert [one(parsed, "E06000022", year)["status"] for year in ("2022-23", "2023-24", "2024-25")] == [
        "ok",
        "ok",
        "provisional",
    ]
    found = one(parsed, "E06000022")
    assert (found["value"], found["period_text"], found["locator"]) == (669.0, "2023-24 [r] [note 17]", "LT_122!F6")
    assert parsed.date == "2025-11-20"


def test_genuine_negative_values():
    assert one(book(BLACKBURN), "E06000008", "2022-23")["value"] == -74.0


def test_before_a_body_existed_its_figure_is_missing():
    assert one(book(BCP), "E06000058", "2022-23")["status"] == "missing"


def test_the_current_code_identifies_a_row_and_without_it_the_next_that_is_filled():
    parsed = book(BATH, BCP, ALNWICK, OLD)
    assert set(parsed.cells["code"]) == {"E06000022", "E06000058", "35UB", "T9999"}
    assert one(parsed, "E06000022", "", "LT_122:former ons code")["text"] == "00HA"
    assert one(parsed, "E06000022", "", "LT_122:dclg code")["text"] == "F0114"


def test_totals_are_kept_those_without_a_code_under_their_class():
    parsed = book(DISTRICTS, ENGLAND, WILTSHIRE)
    assert set(parsed.cells["code"]) == {"class:shire districts", "E92000001", "E10000033"}


def test_figures_that_a_note_calls_imputed():
    note = (
        "Figures for the following local authorities were not submitted in 2022-23 so were imputed: "
        "Bath and North East Somerset and Blackburn with Darwen."
    )
    parsed = book(BATH, BLACKBURN, BCP, notes=[note])
    assert one(parsed, "E06000022", "2022-23")["status"] == "imputed"
    assert one(parsed, "E06000008", "2022-23")["status"] == "imputed"
    assert one(parsed, "E06000008", "2022-23")["value"] == -74.0
    assert one(parsed, "E06000022", "2023-24")["status"] == "ok"


def test_imputed_outweighs_provisional_and_the_cover_counts_too():
    cover = "The 2024-25 data in this table. This year, data was imputed for Bath and North East Somerset. More detail."
    parsed = book(BATH, BCP, sentence=cover)
    assert one(parsed, "E06000022", "2024-25")["status"] == "imputed"
    assert one(parsed, "E06000058", "2024-25")["status"] == "provisional"


def test_a_county_s_total_is_never_taken_for_the_authority_of_its_name():
    note = "The figure for Wiltshire was not submitted in 2022-23 so was imputed."
    parsed = book(WILTSHIRE, WILTSHIRE_UA, notes=[note])
    assert one(parsed, "E06000054", "2022-23")["status"] == "imputed"
    assert one(parsed, "E10000033", "2022-23")["status"] == "ok"


def test_a_name_that_two_authorities_bear_marks_neither():
    twin = ["", "", "E07000999", "Wiltshire", 1, 1, 1]
    parsed = book(WILTSHIRE_UA, twin, notes=["The figure for Wiltshire was not submitted in 2022-23 so was imputed."])
    assert set(parsed.cells.filter(pl.col("period") == "2022-23")["status"]) == {"ok"}


def test_three_ways_of_saying_imputed():
    listing = "Figures for the following local authorities were not submitted in 2016-17 so were imputed: A."
    assert imputed_lists(listing) == [("2016-17", "A")]
    assert imputed_lists("Figures for A and B were not submitted in 2006-07 so were imputed.") == [
        ("2006-07", "A and B")
    ]
    assert imputed_lists("The figure for A was not submitted in 2007-08 so was imputed.") == [("2007-08", "A")]


def test_and_divides_only_between_names():
    known = dict.fromkeys(["reigate and banstead", "worcester", "stockport", "hinckley and bosworth"])
    assert names_in("Reigate and Banstead and Worcester", known) == ["reigate and banstead", "worcester"]
    assert names_in("Stockport and Hinckley and Bosworth", known) == ["stockport", "hinckley and bosworth"]
    assert names_in("Elsewhere and Worcester", known) == []


@pytest.mark.parametrize(
    ("name", "reduced"),
    [
        ("Stoke-on-Trent UA", "stoke on trent"),
        ("Herefordshire, County of UA", "herefordshire"),
        ("Kingston upon Hull, City of UA", "kingston upon hull"),
        ("St. Edmundsbury", "st edmundsbury"),
    ],
)
def test_names_are_compared_without_what_the_notes_leave_out(name, reduced):
    assert plain(name) == reduced


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        ([[*BATH[:4], "..", 1, 2]], {}, "E6 holds '..'"),
        ([BATH, BATH], {}, "more than once"),
        ([BATH], {"cover": "soon"}, "no date of publication"),
    ],
)
def test_spoiled_workbooks_are_refused(rows, options, words):
    with pytest.raises(BadInput, match=words):
        book(*rows, **options)
