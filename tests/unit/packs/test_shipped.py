"""The packs that ship: they load, hold what they promise, and name only what the publishers' files hold."""

from fnmatch import fnmatchcase

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.packs.load import SHIPPED, TEMPLATE, load_pack, shipped_packs
from pipelines.sources.periods import span

COUNCILS = load_pack("english_councils")
IMPLAUSIBLE = {"user_quality_of_life": [0.0] * 5}
"""Figures that the plausible range sets aside: absences that the publisher wrote as 0."""


def test_two_packs_ship():
    assert shipped_packs() == ("english_councils", "us_acos")


def test_councils_cover_every_service_and_enough_figures():
    assert {s.id for s in COUNCILS.services if not s.spend_only} == {
        "waste",
        "highways",
        "housing",
        "children",
        "adults",
        "budget",
    }
    assert {s.id for s in COUNCILS.services if s.spend_only} == {"culture", "planning", "central"}
    assert len(COUNCILS.measures) >= 30
    assert len(COUNCILS.indicators) >= 20


def test_classes_keep_counties_and_districts_apart():
    tiers = {c.id: c.tier for c in COUNCILS.classes if c.benchmarked}
    assert tiers == {
        "unitary": "single",
        "metropolitan": "single",
        "london": "single",
        "district": "lower",
        "county": "upper",
    }
    assert COUNCILS.body_class("county").peers_from == ("county",)
    assert COUNCILS.body_class("district").peers_from == ("district",)


def test_money_spent_on_waste_is_never_shared_by_tiers():
    costs = [i for i in COUNCILS.indicators if i.service == "waste" and i.format == "unit_cost"]
    tiers = [{COUNCILS.body_class(c).tier for c in i.classes} for i in costs]
    assert sorted(map(sorted, tiers)) == [["lower"], ["single"], ["single"], ["upper"]]


def test_proxies_are_labelled_where_all_environmental_money_stands_for_waste():
    for indicator in COUNCILS.indicators:
        if indicator.numerator == "environment_net_spend" and indicator.service == "waste":
            assert indicator.proxy is not None


@pytest.mark.parametrize(
    ("code", "class_id"),
    [
        ("E06000001", "unitary"),
        ("E07000223", "district"),
        ("E08000035", "metropolitan"),
        ("E09000003", "london"),
        ("E10000003", "county"),
        ("E6803", "park"),
        ("E61000001", "greater_london"),
        ("E92000001", "england"),
    ],
)
def test_a_bodys_class_is_that_of_its_longest_prefix(code, class_id):
    found = COUNCILS.class_of(code)
    assert found is not None
    assert found.id == class_id


def test_a_code_of_no_class_is_no_body():
    assert COUNCILS.class_of("W06000001") is None


def test_joint_disposal_touches_money_only_and_every_flag_is_sourced():
    flags = {flag.reason: flag for flag in COUNCILS.scope_flags}
    levy = next(flag for reason, flag in flags.items() if "North London" in reason)
    assert levy.indicators == ("environment_spend_per_tonne", "environment_spend_per_resident")
    assert len(levy.bodies) == 7
    joint = next(flag for reason, flag in flags.items() if "South Cambridgeshire" in reason)
    assert "recycling_rate" in joint.indicators
    assert all(flag.source for flag in flags.values())


def test_a_body_is_flagged_once_per_service_and_beginning():
    keys = [(body, flag.service, flag.from_) for flag in COUNCILS.scope_flags for body in flag.bodies]
    assert len(keys) == len(set(keys))


def test_absent_lists_are_filled_in():
    benchmarked = tuple(c.id for c in COUNCILS.classes if c.benchmarked)
    assert COUNCILS.indicator("environment_staff_share").classes == benchmarked
    assert COUNCILS.service("waste").classes == benchmarked


def test_dollars_are_never_deflated():
    acos = load_pack("us_acos")
    assert (acos.currency, acos.deflator, acos.base_period) == ("USD", None, None)
    assert not any(indicator.real_terms for indicator in acos.indicators)


def test_look_ups_say_what_there_is():
    with pytest.raises(BadInput, match="no service 'wast' \\(it has adults"):
        COUNCILS.service("wast")


def test_a_parser_is_a_module_or_a_declared_table():
    assert COUNCILS.source("rsx").DATASET == "mhclg_rsx"
    assert load_pack(SHIPPED / TEMPLATE).source("figures").FILES == ("figures.csv",)


def test_the_hash_changes_with_any_word(tmp_path):
    for file in COUNCILS.path.glob("*.yml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    same = load_pack(tmp_path).hash()
    assert same == COUNCILS.hash()
    (tmp_path / "scope.yml").write_text((tmp_path / "scope.yml").read_text() + "# a comment\n")
    assert load_pack(tmp_path).hash() != same


@pytest.mark.slow
@pytest.mark.integration
@pytest.mark.parametrize("name", shipped_packs())
def test_every_series_is_in_the_publishers_files_in_the_kind_of_period_stated(name, publishers):
    pack = load_pack(name)
    files = [path for path in publishers.rglob("*") if path.is_file()]
    for dataset in pack.datasets:
        source = pack.source(dataset.id)
        mine = [path for path in files if any(fnmatchcase(path.name, pattern) for pattern in source.FILES)]
        cells = pl.concat([source.parse(path.read_bytes(), path.name).cells for path in mine])
        if dataset.only is not None:
            cells = cells.filter(pl.any_horizontal(pl.col("code").str.starts_with(code) for code in dataset.only))
        for measure in (m for m in pack.measures if m.dataset == dataset.id):
            check_measure(measure, cells.filter(pl.col("series") == measure.series))
        stated = set(cells["series"].unique())
        assert {series for series in register_series(pack, dataset.id) if series not in stated} == set()


def check_measure(measure, cells):
    assert cells.height, f"{measure.id}: no series {measure.series}"
    assert {span(period).kind for period in cells["period"].unique()} == {measure.period_kind}, measure.id
    values = cells["value"].drop_nulls() * measure.scale
    assert measure.allow_negative or not (values < 0).any(), f"{measure.id} has negative figures"
    if measure.plausible:
        outside = values.filter(~values.is_between(*measure.plausible)).to_list()
        assert outside == IMPLAUSIBLE.get(measure.id, []), f"{measure.id} leaves its plausible range"


def register_series(pack, dataset):
    found = {bridge.series for bridge in pack.bridges if bridge.dataset == dataset}
    for source in (s for s in pack.register if s.dataset == dataset):
        single = (source.name, source.valid_from, source.valid_to, source.replaced_by, source.own_code, source.region)
        found |= {series for series in (*single, source.parent, *(source.former_codes or ())) if series}
    return found
