"""Operate tells from the records what ran, and is not misled by broken or hostile ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboards import routes
from dashboards.app import create_app
from dashboards.components.markup import render, text
from dashboards.library import Library
from dashboards.runs import LARGEST, records, state
from tests.releases import PACK, make_release

PATH = "/twelve-councils/operate"
CHECK = {"id": "net_adds_up", "table": "values", "severity": "critical", "outcome": "failed", "meaning": "Net adds up"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_release(tmp_path)
    return tmp_path


def ran(home: Path, name: str = "20261122T212946080655-1", **facts: Any) -> Path:
    """A run record of one pack, with some of its facts changed."""
    folder = home / "runs"
    folder.mkdir(exist_ok=True)
    one = {"pack": PACK, "outcome": "new", "release": "", "seconds": 18.3, "step_seconds": {"cells": 5.4}, "checks": []}
    record = {"began": "2026-11-22T21:29:46+00:00", "ended": "2026-11-22T21:30:12+00:00", "packs": [{**one, **facts}]}
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def said(home: Path) -> str:
    view = routes.view(Library(home), PATH)
    assert view.status == 200
    return text(list(view.content))


def test_before_any_run_it_says_what_to_type(home: Path) -> None:
    assert "No run is on record here." in said(home) and "evenhand run" in said(home)


def test_the_last_run_is_told_with_its_duration_and_steps(home: Path) -> None:
    ran(home, "20261121T000000000000-1", outcome="failed", message="older")
    ran(home)
    shown = said(home)
    assert "Nothing is blocked." in shown and "22 November 2026, 21:30 UTC" in shown
    assert "Published a new release" in shown and "18 s" in shown and "5.4 s" in shown
    assert "every blocking check passed" not in shown  # the sample was published by the tests, with another reason
    assert "sample" in shown


def test_when_each_sector_is_due_next_is_told_from_the_record(home: Path) -> None:
    path = ran(home)
    assert "no schedule in its record" in said(home)
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(
        json.dumps({**record, "schedule": {"cron": "0 5 * * *", "zone": "Europe/London"}}), encoding="utf-8"
    )
    shown = said(home)
    assert "23 November 2026, 05:00 UTC" in shown and "cron 0 5 * * *, Europe/London" in shown
    path.write_text(json.dumps({**record, "schedule": ["0 5 * * *"]}), encoding="utf-8")
    assert "no schedule in its record" in said(home)


def test_a_limit_that_a_release_does_not_state_is_said_to_be_absent(home: Path) -> None:
    assert "not stated" in said(home)


def test_what_is_blocked_names_the_check_and_the_next_command(home: Path) -> None:
    ran(home, outcome="blocked", message="values: net_adds_up failed", checks=[CHECK, {**CHECK, "severity": "warning"}])
    shown = said(home)
    assert f"{PACK} did not get through." in shown
    assert shown.count("Net adds up") == 1 and f"evenhand run --pack {PACK}" in shown


def test_a_candidate_waits_for_a_signature(home: Path) -> None:
    (home / "releases" / PACK / ".candidates" / "0123456789abcdef").mkdir(parents=True)
    ran(home, outcome="held")
    assert f"evenhand releases publish {PACK} 0123456789abcdef --by NAME --note WHY" in said(home)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"packs": 3}', "[" * 100_000, "\udcff", '{"packs": {"a": 1}}', "x" * (LARGEST + 1)],
    ids=["empty", "torn", "list", "number", "deep", "no text", "mapping", "huge"],
)
def test_a_record_that_cannot_be_read_is_named_and_left_out(home: Path, content: str) -> None:
    good, bad = ran(home), home / "runs" / "20261123T000000000000-2.json"
    bad.write_bytes(content.encode("utf-8", "surrogateescape"))
    shown = said(home)
    assert bad.name in shown and "Published a new release" in shown
    assert len(records(home).ran) == 1 and good.name not in shown


def test_a_link_is_not_followed(home: Path, tmp_path: Path) -> None:
    target = ran(tmp_path / "releases")
    (home / "runs").mkdir()
    (home / "runs" / "20261123T000000000000-2.json").symlink_to(target)
    assert records(home).ran == () and "not a plain file" in said(home)


def test_odd_values_are_left_out_or_escaped(home: Path) -> None:
    ran(
        home,
        outcome="failed",
        seconds="soon",
        step_seconds={"cells": -1, "peers": True, "<b>": 2.0, "long": float("nan")},
        message="<script>alert(1)</script>\n\x07" + "x" * 9000,
        checks=[3, {"severity": "critical"}, {**CHECK, "id": ["a"]}],
    )
    (found,) = records(home).ran
    assert found.seconds is None and dict(found.steps) == {"<b>": 2.0}
    assert len(found.message) == 400 and "\x07" not in found.message
    assert "<script>alert" not in render(routes.view(Library(home), PATH).content)


def test_an_unknown_outcome_or_pack_is_no_run(home: Path) -> None:
    ran(home, outcome="splendid")
    ran(home, "20261123T000000000000-2", pack=None)
    assert records(home).ran == ()


def test_a_new_record_shows_at_the_next_request(home: Path) -> None:
    client = create_app(home).server.test_client()
    assert "No run is on record here." in client.get(PATH).get_data(as_text=True)
    before = state(home)
    ran(home)
    assert state(home) != before
    assert "Nothing is blocked." in client.get(PATH).get_data(as_text=True)


def test_a_parameter_is_refused(home: Path) -> None:
    assert routes.view(Library(home), f"{PATH}?home=/etc").status == 400
