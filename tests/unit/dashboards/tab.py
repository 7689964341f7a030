"""The scripts of the dashboard run in node, so that tests can hold them to Python."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ASSETS = Path(__file__).resolve().parents[3] / "dashboards" / "assets"
RUN = """
const own = Object.assign({}, ...process.argv.slice(1).map(path => require(path)));
const calls = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(calls.map(([name, ...args]) => own[name](...args))));
"""


def called(calls: list[list[Any]], *scripts: str) -> list[Any]:
    """What the functions of these scripts return for [name, *arguments], all in one run of node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: `apt-get install nodejs` brings it")
    command = [node, "-e", RUN, *(str(ASSETS / name) for name in scripts)]
    text = json.dumps(calls, allow_nan=False)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: list[Any] = json.loads(done.stdout)
    return answer
