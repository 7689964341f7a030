"""Third-party files are fetched by name, checked, and never needed."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

from dashboards import vendor


def archive(folder: Path, content: bytes) -> Path:
    path = folder / "p.tgz"
    with tarfile.open(path, "w:gz") as members:
        info = tarfile.TarInfo(vendor.PLOTLY.member)
        info.size = len(content)
        members.addfile(info, io.BytesIO(content))
    return path


def test_the_bundle_is_the_one_inside_the_plotly_package() -> None:
    assert get_plotlyjs_version() == vendor.PLOTLY.version


def test_an_archive_that_is_not_the_pinned_one_is_not_opened(tmp_path: Path) -> None:
    package = replace(vendor.PLOTLY, target=tmp_path / "vendor" / "x.js")
    with pytest.raises(vendor.Tampered, match="not the pinned one"):
        vendor.extract(package, archive(tmp_path, b"other"))
    assert not package.target.exists()


def test_the_pinned_one_is_put_in_place_with_its_version(tmp_path: Path) -> None:
    path = archive(tmp_path, b"chart")
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    package = replace(vendor.PLOTLY, target=tmp_path / "vendor" / "x.js", sha512=digest)
    vendor.extract(package, path)
    assert package.target.read_bytes() == b"chart"
    assert vendor.fetch(package).endswith("in place")


def test_without_npm_the_full_bundle_serves_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(vendor.shutil, "which", lambda name: None)
    monkeypatch.setattr(vendor, "PLOTLY", replace(vendor.PLOTLY, target=tmp_path / "x.js"))
    assert vendor.main([]) == 0
    assert "the full chart bundle that ships with Dash serves instead" in capsys.readouterr().out


def test_an_unknown_word_is_refused() -> None:
    assert vendor.main(["--everything"]) == 2
