"""Frontiers and cost models that would flatter or mislead are refused, with file, line and the way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.packs.load import PackError, load_pack

COURTS = Path(__file__).parent / "courts"
SOUND = """\
- id: work
  label: Work
  service: justice
  inputs: [judges]
  outputs: [resolved]
  note: Invented.
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the courts, which may be spoiled."""
    return Path(shutil.copytree(COURTS, tmp_path / "courts"))


def faults(pack: Path, file: str, text: str) -> str:
    (pack / file).write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as found:
        load_pack(pack)
    return str(found.value)


def test_classes_are_those_of_the_service_when_absent(pack):
    (pack / "frontiers.yml").write_text(SOUND, encoding="utf-8")
    (found,) = load_pack(pack).frontiers
    assert (found.classes, found.rts, found.orientation) == (("court",), "vrs", "in")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[resolved]", "[resolvd]", "unknown measure or product 'resolvd' (did you mean 'resolved'?)"),
        ("[judges]", "[judgs]", "unknown measure 'judgs'"),
        ("[resolved]", "[resolved, overturned, residents, area, spending]", "1 inputs and 5 outputs are more than 5"),
        ("[resolved]", "[resolved, judges]", "'judges' stands twice"),
        ("note:", "quality: [nothing]\n  note:", "unknown indicator 'nothing'"),
        ("note:", "rts: growing\n  note:", "'rts' is 'growing', not one of vrs, crs, drs, irs"),
        (
            "note:",
            "products: [{id: p, label: P, unit: cases, volume: resolved, rate: judges}]\n  note:",
            "product 'p' is not among the outputs",
        ),
    ],
)
def test_a_frontier_that_cannot_be_is_refused(pack, old, new, words):
    said = faults(pack, "frontiers.yml", SOUND.replace(old, new))
    assert words in said
    assert "courts/frontiers.yml:" in said


def test_a_rate_is_no_amount(pack):
    measures = (pack / "measures.yml").read_text(encoding="utf-8")
    (pack / "measures.yml").write_text(
        measures + "- {id: share, label: Share, dataset: returns, series: share, unit: percent, kind: outcome, "
        "period_kind: calendar_year}\n",
        encoding="utf-8",
    )
    said = faults(pack, "frontiers.yml", SOUND.replace("[resolved]", "[share]"))
    assert "'share' is in percent, which is no amount" in said
    said = faults(pack, "cost_models.yml", "- {service: justice, volumes: [share], note: Invented.}\n")
    assert "name it under `context`" in said


def test_a_service_has_one_cost_model(pack):
    twice = "- {service: justice, volumes: [resolved], note: Invented.}\n" * 2
    assert "service 'justice' has a cost model already" in faults(pack, "cost_models.yml", twice)
