"""Runs of the command line for tests: here where many are needed, in another process where it must die or compete."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.landing.descriptor import FILE_NAME as DESCRIPTOR

ROOT = Path(__file__).resolve().parents[1]
EVENHAND = Path(sys.executable).with_name("evenhand")  # the console script, as users start it


class Outcome(NamedTuple):
    """What a command line ended with and printed."""

    code: int
    out: str
    err: str


class Ran(NamedTuple):
    """A home and what the run that filled it printed."""

    home: Path
    outcome: Outcome


class Small(NamedTuple):
    """A scaffolded pack, a raw root of its figure files, and a home with one release of it."""

    pack: Path
    raw: Path
    home: Path


def start(*words: str | Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """`evenhand WORDS` in a process of its own, standing in the repository."""
    return subprocess.Popen(
        [EVENHAND, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> Outcome:
    """The outcome of a process that was started."""
    out, err = process.communicate(timeout=600)
    return Outcome(process.returncode, out, err)


def evenhand(*words: str | Path, env: Mapping[str, str] | None = None) -> Outcome:
    """`evenhand WORDS` in a process of its own, to its end."""
    return finish(start(*words, env=env))


def evenhand_here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> Outcome:
    """`evenhand WORDS` in this process: the imports, which take seconds, are made once."""
    from pipelines.cli import main

    monkeypatch.setattr(sys, "argv", ["evenhand", *map(str, words)])
    capsys.readouterr()
    code = 0
    try:
        main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    return Outcome(code, *capsys.readouterr())


def snapshot(folder: Path) -> dict[str, str]:
    """Relative path and SHA-256 of every file below a folder, but the lock file, which holds a process number."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def restate(edition: Path, change: Callable[[bytes], bytes]) -> Path:
    """Change the one figure file of an edition folder and state its new hash, as a forger would; returns the file."""
    (file,) = (path for path in edition.iterdir() if path.name != DESCRIPTOR)
    before = file.read_bytes()
    after = change(before)
    assert after != before, "the spoil must spoil something"
    file.write_bytes(after)
    descriptor = edition / DESCRIPTOR
    stated = descriptor.read_text(encoding="utf-8")
    old, new = (hashlib.sha256(data).hexdigest() for data in (before, after))
    descriptor.write_text(stated.replace(f"\nsha256: {old}", f"\nsha256: {new}"), encoding="utf-8")
    return file
