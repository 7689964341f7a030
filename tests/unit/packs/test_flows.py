"""What a chain, volumes and area costs cannot say: each case spoils the template once and expects one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.packs.load import PackError, load_pack
from pipelines.packs.scaffold import new_pack

CHAIN = "      - {measure: staff, label: spending per full-time member of staff}\n"
OUTPUT = "      - {measure: loans}\n"
TWO = "      - {measure: loans, unit_cost: 3, source: Ministry}\n      - {measure: satisfied}\n"
QUALITY = "    quality:\n      - {indicator: NAME, weight: 0.7, source: Board}\n"
AREA = (
    "  area_costs: {labour: density, property: density, labour_share: SHARE, property_share: 0.2, source: Ministry}\n"
)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return new_pack(tmp_path / "spoilt")


def refused(pack: Path, old: str, new: str) -> list[str]:
    file = pack / "services.yml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(PackError) as refusal:
        load_pack(pack)
    return list(refusal.value.lines)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("- {measure: spending}", "- {measure: loans}", "a chain begins with money, and 'loans' is in loans"),
        ("- {measure: spending}", "- {measure: spending, label: all}", "the first link has no label"),
        (CHAIN, "      - {measure: staff}\n", "'staff' needs a label for the stage that leads to it"),
        (CHAIN, CHAIN.replace("staff,", "density,"), "only amounts that add up can be divided along a chain"),
        (CHAIN, CHAIN.replace("staff,", "prices,"), "unknown measure 'prices'"),
        (CHAIN, "", "at least 3 items"),
        (OUTPUT, TWO, "'satisfied' needs a unit_cost and its source: several outputs are added by cost"),
        (OUTPUT, "      - {measure: density}\n", "only amounts that add up"),
        (OUTPUT, OUTPUT + QUALITY.replace("NAME", "spending_per_loan"), "is not one of which more is better"),
        (OUTPUT, OUTPUT + QUALITY.replace("NAME", "joy"), "unknown indicator 'joy'"),
        ("  volumes: ", AREA.replace("SHARE", "0.5") + "  volumes: ", "is in per_km2, not an index"),
    ],
)
def test_a_fault_is_told_where_it_stands(pack, old, new, words):
    lines = refused(pack, old, new)
    assert any(words in line for line in lines), lines


def test_weights_and_shares_are_parts_of_one(pack):
    quality = QUALITY + QUALITY.partition("\n")[2].replace("NAME", "loans_per_staff")
    lines = refused(pack, OUTPUT, OUTPUT + quality.replace("NAME", "satisfaction"))
    assert [line.partition("'lending': ")[2] for line in lines] == [
        "quality weights sum to more than the whole value of the service"
    ]


def test_shares_of_more_than_the_whole_cost_are_refused(pack):
    lines = refused(pack, "  volumes: ", AREA.replace("SHARE", "0.9") + "  volumes: ")
    assert any("labour_share and property_share are parts of 1" in line for line in lines)


def test_the_template_has_a_chain_and_volumes(pack):
    (service,) = load_pack(pack).services
    assert [link.measure for link in service.chain.links] == ["spending", "staff", "loans"]
    assert [output.measure for output in service.volumes.outputs] == ["loans"]
