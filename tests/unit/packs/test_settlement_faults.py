"""What a settlement cannot rest on: each case spoils a sound one once and expects one line that names the fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.packs.load import PackError, load_pack
from pipelines.packs.scaffold import new_pack

SOUND: dict[str, Any] = {
    "id": "fair",
    "kind": "settlement",
    "label": "Fair",
    "illustration": True,
    "owner": "nobody",
    "source": "invented",
    "services": ["lending"],
    "first_period": "2024-25",
    "volume": "loans",
    "terms": {"years": 5, "share": 0.5},
    "plans": [{"id": "steady", "label": "As it is", "saving": 0}],
}
PROGRAMME = {name: SOUND[name] for name in ("id", "kind", "label", "illustration", "owner", "source")} | {
    "rules": "us-mssp",
    "columns": {"assigned_beneficiaries": "loans", "benchmark_total": "spending", "expenditure_total": "spending"},
    "printed": {"track": {"dataset": "returns", "series": "track"}},
}


def loaded(tmp_path: Path, entry: dict[str, Any]):
    """The template with one more policy."""
    pack = new_pack(tmp_path / "libraries")
    file = pack / "policy.yml"
    known = yaml.safe_load((pack / "datasets.yml").read_text())[0]["id"]
    text = yaml.safe_dump([entry], sort_keys=False).replace("dataset: returns", f"dataset: {known}")
    file.write_text(f"{file.read_text()}\n{text}")
    return load_pack(pack)


def test_sound_ones_are_read(tmp_path):
    policy = loaded(tmp_path, SOUND).settlements[0]
    assert policy.periods() == ("2024-25", "2025-26", "2026-27", "2027-28", "2028-29")
    assert policy.parameters()["terms"]["bank_expiry"] == 3  # defaults are told too
    assert loaded(tmp_path / "other", PROGRAMME).settlements[0].rules == "us-mssp"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({**SOUND, "terms": {"yeers": 5}}, "has no term 'yeers'"),
        ({**SOUND, "terms": {"years": 99}}, "99 is outside 1 to 30"),
        ({**SOUND, "rules": "us-mssp"}, "either `rules` or `terms`"),
        ({**SOUND, "plans": []}, "needs services, first_period, volume and plans"),
        ({**SOUND, "plans": [dict(SOUND["plans"][0]), dict(SOUND["plans"][0])]}, "two plans have one id"),
        ({**SOUND, "first_period": "2024-Q1"}, "first_period must be a year"),
        ({**SOUND, "services": ["lendin"]}, "unknown service 'lendin'"),
        ({**SOUND, "services": ["lending", "lending"]}, "'lending' is named twice"),
        ({**SOUND, "volume": "lones"}, "unknown measure 'lones'"),
        ({**SOUND, "plans": [{**SOUND["plans"][0], "gate_fails": [6]}]}, "a year beyond the 5 of the settlement"),
        (
            {**SOUND, "comparison": {"required": 0.03, "burden_cap": 0.1, "deprivation": ["spending"]}},
            "'spending' is money; deprivation is a score or a share",
        ),
        ({**PROGRAMME, "columns": {**PROGRAMME["columns"], "benchmark": "spending"}}, "us-mssp reads no 'benchmark'"),
        (
            {**PROGRAMME, "columns": {"benchmark_total": "spending", "expenditure_total": "spending"}},
            "needs 'assigned_",
        ),
        ({**PROGRAMME, "columns": {**PROGRAMME["columns"], "track": "loans"}}, "'track' is a word or a day"),
        ({**PROGRAMME, "printed": {}}, "us-mssp needs 'track'"),
        ({**PROGRAMME, "published": "loans"}, "'loans' is in loans, not in money"),
    ],
)
def test_a_settlement_that_rests_on_nothing_is_refused(tmp_path, entry, words):
    with pytest.raises(PackError) as refusal:
        loaded(tmp_path, entry)
    assert words in str(refusal.value)
    assert all("policy.yml:" in line for line in refusal.value.lines)
