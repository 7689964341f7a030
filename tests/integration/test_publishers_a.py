"""The publishers' own files: rows, markers and joins are those that the note on the sources counted."""

from functools import lru_cache
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from pipelines.sources import (
    defra_env18,
    defra_fly_tipping,
    dft_road_condition,
    mhclg_homelessness,
    mhclg_housing_supply,
    mhclg_ra,
    mhclg_rsx,
)
from pipelines.sources.cells import CELL_SCHEMA, KEY, WITH_VALUE

pytestmark = pytest.mark.integration

RSX = {
    "2021-22": "mhclg-rsx/RSX_2021-22_data_by_LA_Live.csv",
    "2022-23": "mhclg-rsx/RSX_2022-23_data_by_LA.csv",
    "2023-24": "mhclg-rsx/RSX_2023-24_data_by_LA.csv",
    "first release": "mhclg-rsx/RSX_2022-23_data_by_LA.ods",
}
RA = {
    "2021-22": "mhclg-ra-budget/RA_2021-22_data_by_LA.csv",
    "2023-24": "mhclg-ra-budget/RA_2023-24_data_Part_1.csv",
}
WASTE = "defra-env18-waste/waste-data.ods"
FLY = "defra-fly-tipping/flytipping_la.ods"
ROADS = "dft-road-condition/road-condition-data.ods"
HOMES = "mhclg-housing-supply/housing-data.ods"
HOMELESS = [f"mhclg-homelessness/Detailed_LA_{file}" for file in ("202203.ods", "202303.ods", "202403.xlsx")]
ENV = "RSX-env-net-cur-exp"
RATE = "Table_3:percentage of household waste sent for reuse, recycling or composting (ex ni192)"
EVERY_FILE = [
    *((mhclg_rsx, path) for path in RSX.values()),
    *((mhclg_ra, path) for path in RA.values()),
    (defra_env18, WASTE),
    (defra_fly_tipping, FLY),
    (dft_road_condition, ROADS),
    (mhclg_housing_supply, HOMES),
    *((mhclg_homelessness, path) for path in HOMELESS),
]


@lru_cache
def read(module: ModuleType, folder: Path, path: str) -> tuple[str, pl.DataFrame]:
    return module.parse((folder / path).read_bytes(), Path(path).name)


def cells(module: ModuleType, folder: Path, path: str) -> pl.DataFrame:
    return read(module, folder, path)[1]


def bodies(frame: pl.DataFrame, series: str, period: str) -> set[str]:
    """Codes with a value of this series in this period."""
    chosen = (pl.col("series") == series) & (pl.col("period") == period) & pl.col("value").is_not_null()
    return set(frame.filter(chosen)["code"])


def coded(frame: pl.DataFrame) -> set[str]:
    """Codes of nine characters but England's."""
    return {code for code in frame["code"] if len(code) == 9 and code != "E92000001" and code[0] == "E"}


def councils(publishers: Path, year: str) -> set[str]:
    """Lower-tier and unitary councils of RSX."""
    classes = cells(mhclg_rsx, publishers, RSX[year]).filter(pl.col("series") == "class")
    return set(classes.filter(pl.col("text").is_in(["SD", "UA", "MD", "LB"]))["code"])


@pytest.mark.parametrize(("module", "path"), EVERY_FILE, ids=lambda value: value if isinstance(value, str) else "")
def test_every_file_gives_the_cell_s_shape(publishers, module, path):
    date, frame = read(module, publishers, path)
    assert date[4] == date[7] == "-"
    assert frame.schema == pl.Schema(CELL_SCHEMA)
    assert not frame.select(KEY).is_duplicated().any()
    assert frame.select(KEY).equals(frame.select(KEY).sort(KEY))
    assert frame.filter(pl.col("value").is_not_null() & ~pl.col("status").is_in(WITH_VALUE)).is_empty()
    assert frame.drop("value", "lo", "hi").null_count().sum_horizontal().item() == 0


@pytest.mark.parametrize(
    ("year", "authorities", "without_return", "uncertified", "date"),
    [
        ("2021-22", 425, 4, 0, "2023-11-23"),
        ("2022-23", 425, 4, 83, "2024-06-06"),
        ("first release", 425, 23, 127, "2023-12-14"),
        ("2023-24", 410, 14, 58, "2024-12-12"),
    ],
)
def test_rsx_rows(publishers, year, authorities, without_return, uncertified, date):
    found, frame = read(mhclg_rsx, publishers, RSX[year])
    assert found == date
    assert len(coded(frame)) == authorities
    assert set(frame["code"]) - coded(frame) == {"E6803", "E92000001"}
    net = frame.filter(pl.col("series") == ENV)
    assert (net["status"] == "missing").sum() == without_return
    assert (net["status"] == "provisional").sum() == uncertified
    assert frame.filter(pl.col("series").str.starts_with("RSX-"))["series"].n_unique() == 98
    assert net.filter(pl.col("name") == "Greater London Authority").height == 1


def test_rsx_bodies_without_a_return_in_2021_22(publishers):
    net = cells(mhclg_rsx, publishers, RSX["2021-22"]).filter(pl.col("series") == ENV)
    missing = net.filter(pl.col("status") == "missing")["name"]
    assert set(missing) == {"Bromsgrove", "North Norfolk", "Redditch", "Woking"}


def test_rsx_first_release_against_the_later_one(publishers):
    """2,108 of 425 x 98 = 41,650 cells of authorities with an ONS code differ, over 34 bodies."""
    first, later = (cells(mhclg_rsx, publishers, RSX[year]) for year in ("first release", "2022-23"))
    wanted = pl.col("series").str.starts_with("RSX-") & pl.col("code").is_in(sorted(coded(later)))
    pairs = first.filter(wanted).join(later.filter(wanted), on=KEY, suffix="_later")
    changed = pairs.filter(pl.col("value").ne_missing(pl.col("value_later")))
    assert (pairs.height, changed.height, changed["code"].n_unique()) == (41_650, 2_108, 34)


@pytest.mark.parametrize(
    ("year", "authorities", "date", "common"),
    [("2021-22", 425, "2022-03-31", 414), ("2023-24", 410, "2023-06-22", 386)],
)
def test_ra_rows_and_the_join_of_budget_and_outturn(publishers, year, authorities, date, common):
    found, frame = read(mhclg_ra, publishers, RA[year])
    assert found == date
    assert len({code for code in frame["code"] if not code.startswith("total:")}) == authorities
    outturn = bodies(cells(mhclg_rsx, publishers, RSX[year]), "RSX-totsx-net-cur-exp", year)
    joined = bodies(frame, "servicetot", year) & outturn
    assert len(joined - {"E6803"}) == common  # the note counts nine-character codes; Lee Valley joins by its E-code


def test_ra_series_common_to_both_years_are_the_lines_of_the_table(publishers):
    before, after = (cells(mhclg_ra, publishers, path) for path in RA.values())
    common = set(before["series"]) & set(after["series"])
    assert common - {"class", "ecode", "notes"} == set(mhclg_ra.LINES.values())


def test_ra_bodies_whose_return_came_too_late_are_missing(publishers):
    frame = cells(mhclg_ra, publishers, RA["2021-22"])
    late = frame.filter((pl.col("series") == "notes") & (pl.col("text") == "S"))
    missing = frame.filter((pl.col("series") == "servicetot") & (pl.col("status") == "missing"))
    assert set(late["code"]) == set(missing["code"])
    assert late.height == 6


def test_ra_ellipsis_of_one_byte_and_discontinued_category(publishers):
    frame = cells(mhclg_ra, publishers, RA["2023-24"])
    assert frame.filter(pl.col("text") == "É")["status"].to_list() == ["missing"] * 26
    discontinued = frame.filter(pl.col("text") == "Category discontinued")
    assert set(discontinued["series"]) == {"asccovdis"}
    assert discontinued.height == 410


@pytest.mark.parametrize("year", RA)
def test_ra_totals_add_up_so_the_lines_are_the_right_ones(publishers, year):
    """Total service expenditure is the sum of the thirteen service totals, to rounding (1 per term)."""
    parts = [
        "edutot",
        "transtot",
        "csctot",
        "asctot",
        "phtot",
        "housgfcftot",
        "cultot",
        "envtot",
        "plantot",
        "poltot",
        "frstot",
        "centot",
        "othtot",
    ]
    wide = (
        cells(mhclg_ra, publishers, RA[year])
        .filter(pl.col("series").is_in([*parts, "servicetot"]) & pl.col("value").is_not_null())
        .pivot("series", index="code", values="value")
        .drop_nulls()
    )
    off = wide.filter((pl.sum_horizontal(parts) - pl.col("servicetot")).abs() > 14)
    assert wide.height > 390
    assert off.height <= 0.02 * wide.height


def test_env18_rows_per_table(publishers):
    date, frame = read(defra_env18, publishers, WASTE)
    per_table = {f"Table_{n}": frame.filter(pl.col("series") == f"Table_{n}:authority type").height for n in (1, 2, 3)}
    assert per_table == {"Table_1": 3_409, "Table_2": 1_239, "Table_3": 4_963}
    assert date == "2025-03-27"
    years = frame.filter(pl.col("series") == RATE)["period"].unique().sort()
    assert (years[0], years[-1], len(years)) == ("2010-11", "2023-24", 14)


def test_env18_codes_that_fail_to_join_and_bristol(publishers):
    frame = cells(defra_env18, publishers, WASTE)
    assert {"E10000002", "E50000008", "E50000009"} <= set(frame["code"])
    bristol = frame.filter((pl.col("code") == "E06000023") & (pl.col("series") == RATE))
    assert bristol.filter(pl.col("period") == "2023-24")["status"].item() == "missing"
    assert frame.filter(pl.col("series") == RATE)["value"].max() < 1
    assert len({code for code in frame["code"] if code.startswith("region:")}) == 10


def test_fly_tipping_rows(publishers):
    date, frame = read(defra_fly_tipping, publishers, FLY)
    for series in ("LA_incidents:total incidents", "LA_actions:total actions"):
        column = frame.filter(pl.col("series") == series)
        assert column.filter(~pl.col("code").str.starts_with("total:")).height == 3_531
    assert date == "2024-03-13"
    assert frame.filter(pl.col("text") == ":").height > 40_000
    assert frame.filter(pl.col("code").str.starts_with("total:England"))["code"].n_unique() == 3


def test_road_condition_rows(publishers):
    date, frame = read(dft_road_condition, publishers, ROADS)
    figures = frame.filter(pl.col("series").str.ends_with(dft_road_condition.MEASURE))
    assert figures.group_by("series").len()["len"].to_list() == [160 * 18] * 2
    assert date == "2026-01-21"
    city = figures.filter((pl.col("code") == "E09000001") & (pl.col("status") == "break"))
    assert city.filter(pl.col("series").str.contains("B_and_C"))["value"].is_between(67, 75).all()
    assert not figures["name"].str.contains(r"\[").any()


def test_road_condition_flags_are_those_of_the_notes_column(publishers):
    frame = cells(dft_road_condition, publishers, ROADS)
    flagged = frame.filter(pl.col("series").str.ends_with(":method"))
    assert frame.filter(pl.col("status") == "break").height == flagged.height == 362


def test_housing_supply_rows(publishers):
    date, frame = read(mhclg_housing_supply, publishers, HOMES)
    figures = frame.filter(pl.col("series") == mhclg_housing_supply.SERIES)
    assert figures["code"].n_unique() == 417 + 4  # the four class totals have no code
    assert figures["period"].n_unique() == 24
    assert figures.filter((pl.col("code") == "E06000008") & (pl.col("period") == "2001-02"))["value"].item() == -74
    assert date == "2025-11-20"


def test_housing_supply_imputation_is_read_from_all_notes_but_one_name(publishers):
    """2013-14 lists 19 names; Shepway does not stand in the table, which calls it Folkestone and Hythe."""
    frame = cells(mhclg_housing_supply, publishers, HOMES)
    imputed = frame.filter(pl.col("status") == "imputed")
    assert imputed.filter(pl.col("period") == "2013-14").height == 18
    assert imputed.filter(pl.col("period") == "2010-11").height == 24
    assert set(imputed.filter(pl.col("period") == "2024-25")["name"]) == {
        "Telford and Wrekin UA",
        "North Somerset UA",
        "Thurrock UA",
        "Stockport",
        "Hinckley and Bosworth",
    }


@pytest.mark.parametrize(
    ("path", "rows", "day", "date"),
    [
        (HOMELESS[0], 309, "2022-03-31", "2022-07-31"),
        (HOMELESS[1], 309, "2023-03-31", "2023-07-31"),
        (HOMELESS[2], 296, "2024-03-31", "2024-08-31"),
    ],
)
def test_homelessness_rows(publishers, path, rows, day, date):
    found, frame = read(mhclg_homelessness, publishers, path)
    stock = frame.filter(pl.col("series") == "TA1:total number of households in ta")
    assert stock.filter(pl.col("code").str.contains("^E0[6-9]")).height == rows
    assert (found, set(stock["period"])) == (date, {day})
    assert stock.filter(pl.col("code") == "rest of england").height == 1


@pytest.mark.parametrize(
    ("year", "in_rsx", "with_spend", "with_recycling", "with_homes"),
    [("2021-22", 309, 305, 297, 297), ("2022-23", 309, 305, 297, 297), ("2023-24", 296, 283, 280, 280)],
)
def test_councils_that_join(publishers, year, in_rsx, with_spend, with_recycling, with_homes):
    """The table of joins: lower-tier and unitary councils with a value in each source in turn."""
    chosen = councils(publishers, year)
    spend = chosen & bodies(cells(mhclg_rsx, publishers, RSX[year]), ENV, year)
    recycling = spend & bodies(cells(defra_env18, publishers, WASTE), RATE, year)
    homes = recycling & bodies(cells(mhclg_housing_supply, publishers, HOMES), mhclg_housing_supply.SERIES, year)
    assert (len(chosen), len(spend), len(recycling), len(homes)) == (in_rsx, with_spend, with_recycling, with_homes)
