"""The doctor finds what is wrong, in one line each."""

from pathlib import Path

from pipelines import doctor
from pipelines.releases.store import Store
from tests.releases import PACK, make_release


def test_a_sound_release_verifies_and_a_damaged_one_is_named(tmp_path: Path):
    name = make_release(tmp_path)
    found = {finding.subject: finding for finding in doctor.examine(tmp_path)}
    assert found[f"release {PACK}"].sound and name in found[f"release {PACK}"].words
    (Store(tmp_path).place(PACK, name) / "checks.json").write_text("{}")
    found = {finding.subject: finding for finding in doctor.examine(tmp_path)}
    assert not found[f"release {PACK}"].sound and "checks.json" in found[f"release {PACK}"].words


def test_a_package_other_than_the_lock_names_is_said(tmp_path: Path, monkeypatch):
    lock = tmp_path / "requirements.lock"
    lock.write_text("polars==0.0.1 \\\n    --hash=sha256:0\nclick==0.0.2\n")
    monkeypatch.setattr(doctor, "LOCK", lock)
    finding = doctor.packages()
    assert not finding.sound and "polars" in finding.words and "2 differ" in finding.words


def test_figures_that_were_changed_are_named(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(doctor, "STARTER", tmp_path / "absent")
    found = {finding.subject: finding for finding in doctor.examine(tmp_path / "home")}
    assert not found["figures"].sound and "absent" in found["figures"].words
