"""Group B of the publishers' own files: the counts of SOURCES.md, and a figure of each read by eye."""

import fnmatch
from importlib import import_module

import polars as pl
import pytest

from pipelines.sources.cells import CELL_SCHEMA, KEY, WITH_VALUE
from pipelines.sources.dfe_lait_years import canonical_year
from pipelines.sources.periods import span

pytestmark = pytest.mark.integration

MODULES = [
    "mhclg_oflog_asc",
    "dfe_lait",
    "dfe_lait_dictionary",
    "dfe_la_codes",
    "dfe_statistical_neighbours",
    "dfe_cin_b1",
    "dfe_cin_c1",
    "dfe_csww",
    "ons_population",
    "ons_population_2020",
    "ons_neighbours",
    "mhclg_imd",
    "mhclg_imd_upper",
    "hmt_gdp_deflator",
    "mysociety_authorities",
    "ons_lower_upper_lookup",
    "cms_mssp_results",
    "cms_mssp_puf",
]


@pytest.fixture(scope="module")
def read(publishers):
    """Parse a dataset's file (the only one, or the one whose name holds `part`), once."""
    done = {}

    def parse(module, part=""):
        if (module, part) not in done:
            source = import_module(f"pipelines.sources.{module}")
            paths = [path for path in sorted(publishers.rglob("*")) if part in path.name and is_for(path, source)]
            assert len(paths) == 1, paths
            done[module, part] = source.parse(paths[0].read_bytes(), paths[0].name)
        return done[module, part]

    return parse


def is_for(path, source):
    return path.is_file() and any(fnmatch.fnmatchcase(path.name, glob) for glob in source.FILES)


def statuses(cells):
    return dict(cells["status"].value_counts().rows())


def value(parsed, code, series, period):
    rows = parsed.cells.filter(code=code, series=series, period=period)
    assert rows.height == 1
    return rows["value"][0]


def fact(parsed, code, series):
    rows = parsed.cells.filter(code=code, series=series)
    assert rows.height == 1
    return rows["text"][0]


@pytest.mark.parametrize("module", MODULES)
def test_every_file_gives_cells_as_agreed(module, publishers):
    source = import_module(f"pipelines.sources.{module}")
    assert module == source.DATASET
    paths = [path for path in sorted(publishers.rglob("*")) if is_for(path, source)]
    assert paths
    for path in paths:
        parsed = source.parse(path.read_bytes(), path.name)
        cells = parsed.cells
        assert dict(cells.schema) == CELL_SCHEMA
        assert cells.select(KEY).equals(cells.select(KEY).sort(KEY))
        assert not cells.filter(pl.col("value").is_not_null() & ~pl.col("status").is_in(WITH_VALUE)).height
        assert cells.drop("value", "lo", "hi").null_count().sum_horizontal().item() == 0
        assert all(span(period) for period in cells["period"].unique())
        assert span(parsed.date).kind == "point"


def test_oflog_rows_bodies_and_empty_values(read):
    cells = read("mhclg_oflog_asc").cells.filter(pl.col("series").str.contains(r"^ASC\d$"))
    assert cells.height == 6376
    assert cells["code"].n_unique() == 157
    assert cells["series"].n_unique() == 7
    assert statuses(cells) == {"ok": 6376 - 298, "missing": 298}
    assert statuses(cells.filter(series="ASC7"))["missing"] == 253
    assert cells.filter(series="ASC1")["period"].unique().sort().to_list() == ["2016-17", "2018-19", "2021-22"]
    assert value(read("mhclg_oflog_asc"), "E06000005", "ASC1", "2016-17") == 7.6


def test_the_publishers_deviations_follow_from_its_values_and_medians(read):
    """(value - median) / MAD of the class: of one sign, so value and median say which."""
    wide = read("mhclg_oflog_asc").cells.filter(
        pl.col("value").is_not_null() & pl.col("series").str.starts_with("ASC1")
    )
    wide = wide.pivot("series", index=["code", "period"], values="value").drop_nulls()
    apart = (wide["ASC1"] - wide["ASC1:median"]).round(6)
    assert (apart.sign() == wide["ASC1:mads_from_median"].sign()).all()
    assert wide.height == 451


def test_lait_rows_measures_spellings_and_markers(read):
    cells = read("dfe_lait").cells
    assert cells.height == 641_070
    assert cells["series"].n_unique() == 434
    assert cells["period_text"].n_unique() == 65
    assert cells["code"].n_unique() == 158 + 1 + 11  # authorities past and present, England, regions (London in three)
    assert statuses(cells)["missing"] == 93_883
    assert cells.filter(pl.col("period_text").str.ends_with("(OT)"))["period"].unique().sort().to_list() == [
        f"{year}-{(year + 1) % 100}" for year in range(2016, 2025)
    ]


def test_lait_joins_its_dictionary_by_words(read):
    facts = read("dfe_lait_dictionary").cells
    described = facts.filter(pl.col("series").str.ends_with(":polarity"))["series"].str.strip_suffix(":polarity")
    assert set(described) == set(read("dfe_lait").cells["series"])
    assert fact(read("dfe_lait_dictionary"), "LAIT", "Work_Force_AvgNumCase_SW:polarity") == "Low"
    polarity = facts.filter(pl.col("series").str.ends_with(":polarity"))
    assert set(polarity["text"]) == {"High", "Low", "-", "NA"}


def test_the_year_kinds_kept_with_lait_are_those_of_the_dictionary(read):
    facts = read("dfe_lait_dictionary").cells.filter(pl.col("series").str.ends_with(":year_type"))
    kind = dict(facts.select(pl.col("series").str.strip_suffix(":year_type"), "text").rows())
    meant = {
        "Financial Year": "2022-23",
        "Annual": "2022-23",
        "Annual (end of Sept)": "2023-09-30",
        "Annual - January": "2023-M01",
        "Calendar Year": "2023",
        "Academic Year": "2023",
    }
    bare = read("dfe_lait").cells.filter(pl.col("period_text").str.contains(r"^\d{4}( |$)"))["series"].unique()
    assert {measure: canonical_year(measure, "2023") for measure in bare} == {m: meant[kind[m]] for m in bare}


def test_lait_numbers_are_bridged_to_ons_codes_by_the_childrens_files(read):
    parts = [read(module).cells.filter(series="dfe_number") for module in ("dfe_cin_b1", "dfe_cin_c1", "dfe_csww")]
    bridge = pl.concat(parts).select("text", "code").unique()
    twice = bridge.filter(pl.col("text").is_duplicated()).sort("text", "code").rows()
    assert twice == [
        ("815", "E06000065"),
        ("815", "E10000023"),
        ("933", "E06000066"),
        ("933", "E10000027"),
    ]
    councils = {code for code in read("dfe_lait").cells["code"].unique() if int(code) < 970}
    assert councils <= set(bridge["text"])


def test_lait_lists(read):
    assert read("dfe_la_codes").cells["code"].n_unique() == 171
    assert fact(read("dfe_la_codes"), "301", "type") == "OLB"
    neighbours = read("dfe_statistical_neighbours").cells
    assert neighbours["code"].n_unique() == 158
    assert neighbours.height == 158 * 21
    assert fact(read("dfe_statistical_neighbours"), "303", "neighbour:01") == "311"
    assert fact(read("dfe_statistical_neighbours"), "909", "closeness:01") == "Extremely Close"


@pytest.mark.parametrize(("module", "rows", "columns"), [("dfe_cin_b1", 1802, 16), ("dfe_cin_c1", 1802, 12)])
def test_children_in_need_rows_and_authorities(read, module, rows, columns):
    cells = read(module).cells
    assert cells.height == rows * columns + 156
    assert cells["code"].n_unique() == 156 + 11 + 1


def test_children_in_need_figures(read):
    assert value(read("dfe_cin_b1"), "E92000001", "At31_episodes", "2022-23") == 403_090
    assert value(read("dfe_cin_c1"), "E12000001", "Re_referrals_percent", "2022-23") == 22.5
    assert statuses(read("dfe_cin_b1").cells) == {"ok": 28_790, "suppressed": 106, "missing": 92}


def test_workforce_rows_markers_and_the_joint_return(read):
    cells = read("dfe_csww").cells
    assert cells.height == 1137 * 22 + 156
    low = cells.filter(text="low")
    assert low.select("status", "lo", "hi").unique().rows() == [("suppressed", 0.0, 0.05)]
    assert low.height == 3
    assert statuses(cells)["not_applicable"] == 38 + 17 + 3 + 3 + 3 + 3
    assert fact(read("dfe_csww"), "E06000061 / E06000062", "dfe_number") == "940 / 941"


def test_populations(read):
    new, old = read("ons_population"), read("ons_population_2020")
    assert new.cells["code"].n_unique() == 404
    assert old.cells["code"].n_unique() == 420
    assert old.cells.filter(series="population").height == 420 * 20
    assert value(new, "E92000001", "population", "2022-06-30") == 57_106_398
    assert value(old, "E92000001", "population", "2020-06-30") == 56_550_138
    for parsed, day in ((new, "2022-06-30"), (old, "2020-06-30")):
        people = [value(parsed, "E92000001", s, day) for s in ("population_0_17", "population_18_plus", "population")]
        assert people[0] + people[1] == people[2]


def test_the_councils_abolished_in_2023_are_only_in_the_older_population(read):
    allerdale, cumbria = "E07000026", "E10000006"
    assert {allerdale, cumbria} <= set(read("ons_population_2020").cells["code"])
    assert not {allerdale, cumbria} & set(read("ons_population").cells["code"])


def test_context_and_neighbours(read):
    parsed = read("ons_neighbours")
    context = parsed.cells.filter(pl.col("series").str.starts_with("4:"))
    assert context["series"].n_unique() == 31
    assert context["code"].n_unique() == 382
    assert context.filter(pl.col("code").str.starts_with("E"))["code"].n_unique() == 317
    assert statuses(context) == {"ok": 31 * 382 - 20, "missing": 19, "suppressed": 1}
    assert parsed.cells.filter(pl.col("series").str.starts_with("neighbour:")).height == 3 * 20 * 382
    assert [fact(parsed, "E06000002", f"neighbour:7a:0{n}") for n in (1, 2)] == ["S12000049", "W06000022"]


def test_deprivation(read):
    lower, upper = read("mhclg_imd"), read("mhclg_imd_upper")
    assert (lower.cells["code"].n_unique(), upper.cells["code"].n_unique()) == (317, 151)
    assert lower.cells["series"].str.split(":").list.first().n_unique() == 10
    assert set(lower.cells["series"]) == set(upper.cells["series"])
    assert value(lower, "E06000002", "IMD:imd - average score", "2019") == 40.46
    assert "E10000002" in set(upper.cells["code"])


def test_deflator(read):
    parsed = read("hmt_gdp_deflator")
    years = parsed.cells.filter(series="gdp_deflator_chained")
    assert years.height == 74
    assert (years["period"][0], years["period"][-1]) == ("1955-56", "2028-29")
    assert value(parsed, "UK", "gdp_deflator", "2021-22") == 93.629
    assert value(parsed, "UK", "gdp_deflator", "2023-24") is None
    assert value(parsed, "UK", "gdp_deflator_chained", "2023-24") == pytest.approx(106.10)
    forecasts = parsed.cells.filter(pl.col("status") == "provisional")["period"].unique().sort().to_list()
    financial = [f"{year}-{year + 1 - 2000}" for year in range(2023, 2029)]
    assert forecasts == sorted([*financial, *map(str, range(2023, 2029))])


def test_register_and_lookup(read):
    register = read("mysociety_authorities")
    names = register.cells.filter(series="nice_name")
    assert names.height == 470
    assert register.cells.filter(series="nation", text="England").height == 380
    assert register.cells.filter(series="end_date").height == 73
    assert fact(register, "E10000006", "replaced_by") == "CBD,WAF"
    lookup = read("ons_lower_upper_lookup")
    assert lookup.cells["code"].n_unique() == 318
    assert fact(lookup, "E07000223", "upper_tier_code") == "E10000032"


@pytest.mark.parametrize(
    ("year", "rows"), [("2014", 333), ("2016", 432), ("2018", 548), ("2020", 513), ("2022", 482), ("2024", 476)]
)
def test_shared_savings_organisations_by_year(read, year, rows):
    results, puf = read("cms_mssp_results", f"mssp_py{year}"), read("cms_mssp_puf", f"py{year}")
    assert results.cells.filter(series="benchmark_total").height == rows
    assert set(results.cells["code"]) == set(puf.cells["code"])
    both = results.cells.filter(series="benchmark_total").join(puf.cells.filter(series="abtotbnchmk"), on="code")
    assert both.height == rows
    assert both["value"].equals(both["value_right"])


def test_pay_for_reporting(read):
    scores = read("cms_mssp_results", "mssp_py2014").cells.filter(series="quality_score")
    assert statuses(scores) == {"ok": 333 - 119, "not_applicable": 119}
    assert read("cms_mssp_puf", "py2014").cells.filter(text="P4R").height == 119
