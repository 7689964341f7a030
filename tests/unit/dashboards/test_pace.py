"""One reader cannot have more than its share of new answers made; kept ones are free, a proxy is believed if told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboards import pace
from dashboards.app import create_app

READER, OTHER = {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "203.0.113.10"}


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, home: Path) -> Any:
    """A client of an app that makes three new answers a minute for each address."""
    monkeypatch.setattr(pace, "PACE", "3 per minute")
    return create_app(home).server.test_client()


def statuses(client: Any, paths: list[str], **more: Any) -> list[int]:
    return [client.get(path, **more).status_code for path in paths]


def test_a_reader_beyond_the_pace_is_told_so_in_one_sentence_and_others_are_not(slow: Any) -> None:
    assert statuses(slow, ["/glossary", "/bodies", "/quality", "/methods"], environ_base=READER) == [200, 200, 200, 429]
    refused = slow.get("/services", environ_base=READER)
    assert refused.get_data(as_text=True).count(".") == 2 and "Try again in a minute" in refused.get_data(as_text=True)
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
    assert statuses(slow, ["/services"], environ_base=OTHER) == [200]


def test_answers_that_are_kept_are_not_counted(slow: Any) -> None:
    assert statuses(slow, ["/glossary"] * 9, environ_base=READER) == [200] * 9
    assert statuses(slow, ["/bodies", "/quality", "/methods"], environ_base=READER) == [200, 200, 429]
    assert statuses(slow, ["/glossary"], environ_base=READER) == [200]


def test_the_interface_and_what_dash_asks_are_counted_too(slow: Any) -> None:
    paths = ["/api/v1/packs", "/_dash-layout", "/nope", "/api/v1/openapi.json"]
    assert statuses(slow, paths, environ_base=READER) == [200, 200, 404, 429]


def test_readers_on_the_machine_itself_are_not_held_back(slow: Any) -> None:
    assert statuses(slow, ["/glossary", "/bodies", "/quality", "/methods", "/services"]) == [200] * 5


@pytest.mark.parametrize(("proxies", "last"), [(0, 200), (1, 429)])
def test_a_proxys_word_is_taken_only_where_one_is_announced(
    monkeypatch: pytest.MonkeyPatch, home: Path, proxies: int, last: int
) -> None:
    monkeypatch.setattr(pace, "PACE", "3 per minute")
    client = create_app(home, proxies).server.test_client()
    paths = ["/glossary", "/bodies", "/quality", "/methods"]
    assert statuses(client, paths, headers={"X-Forwarded-For": "203.0.113.9"})[-1] == last
