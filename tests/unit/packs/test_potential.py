"""What a potential cannot rest on: each case spoils the template once and expects one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.packs.load import PackError, load_pack
from pipelines.packs.scaffold import new_pack

NOTE = "  note: Invented figures.\n"


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("{indicators: [satisfaction]}", "'satisfaction' is no unit cost of spending of which less may be better"),
        ("{indicators: [nothing]}", "nothing"),
        ("{share: 0.8}", "state the `source`"),
        ("{excludes: [spending]}", "state the `source`"),
        ("{excludes: [loans], source: Ministry}", "'loans' is in loans, not in money"),
        ("{excludes: [nothing], source: Ministry}", "nothing"),
        ("{share: 1.2, source: Ministry}", "share"),
    ],
)
def test_a_potential_that_rests_on_nothing_is_refused(tmp_path: Path, stated: str, words: str):
    pack = new_pack(tmp_path / "spoilt")
    file = pack / "services.yml"
    text = file.read_text()
    assert NOTE in text
    file.write_text(text.replace(NOTE, f"{NOTE}  potential: {stated}\n", 1))
    with pytest.raises(PackError) as refusal:
        load_pack(pack)
    assert len(refusal.value.lines) == 1
    assert words in refusal.value.lines[0]
    assert "services.yml" in refusal.value.lines[0]


def test_a_sound_one_is_read(tmp_path: Path):
    pack = new_pack(tmp_path / "sound")
    file = pack / "services.yml"
    stated = "{indicators: [spending_per_loan], share: 0.9, source: Ministry}"
    file.write_text(file.read_text().replace(NOTE, f"{NOTE}  potential: {stated}\n", 1))
    found = load_pack(pack).service("lending").potential
    assert (found.indicators, found.share, found.source) == (("spending_per_loan",), 0.9, "Ministry")
