"""What is turned away before it reaches a page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dashboards.app import create_app
from dashboards.guard import HOST, expected, sentence

ONE = SimpleNamespace(component_id="page", component_property="children")
TWO = SimpleNamespace(component_id="b", component_property="data")
CALLBACKS: dict[str, Any] = {
    "page.children": {
        "callback": print,
        "inputs": [{"id": "key", "property": "data"}],
        "state": [{"id": "more", "property": "data"}],
        "output": ONE,
    },
    "..page.children...b.data..": {"callback": print, "inputs": [], "state": [], "output": [ONE, TWO]},
    "browser.data": {"inputs": [], "state": [], "output": ONE},
}
GOOD: dict[str, Any] = {
    "output": "page.children",
    "outputs": {"id": "page", "property": "children"},
    "inputs": [{"id": "key", "property": "data", "value": 1}],
    "state": [{"id": "more", "property": "data"}],
    "changedPropIds": ["key.data"],
}


@pytest.mark.parametrize(
    "host", ["", "localhost", "a.example.", "a-b.example:8050", "127.0.0.1:1", "[::1]:8050", ":80"]
)
def test_a_host_is_a_name_or_a_number_and_perhaps_a_port(host: str) -> None:
    assert HOST.fullmatch(host)


@pytest.mark.parametrize("host", ["a b", "a/b", 'a"', "a:999999", "a:b", "..", "[x]", "é", "a,b", "user@a"])
def test_anything_else_is_no_host(host: str) -> None:
    assert not HOST.fullmatch(host)


def test_a_callback_is_expected_in_its_own_shape_only() -> None:
    assert expected(GOOD, CALLBACKS)
    several = {"output": "..page.children...b.data..", "inputs": [], "changedPropIds": []}
    pair = [{"id": "page", "property": "children"}, {"id": "b", "property": "data"}]
    assert expected({**several, "outputs": pair}, CALLBACKS)
    assert not expected({**several, "outputs": pair[:1]}, CALLBACKS)
    assert not expected({**several, "outputs": pair[0]}, CALLBACKS)


@pytest.mark.parametrize(
    "change",
    [
        {"output": "zzz"},
        {"output": "browser.data"},
        {"output": ["page.children"]},
        {"outputs": None},
        {"outputs": [GOOD["outputs"]]},
        {"inputs": "key"},
        {"inputs": []},
        {"inputs": [GOOD["inputs"]]},
        {"inputs": [{"id": "other", "property": "data"}]},
        {"state": []},
        {"changedPropIds": "key.data"},
        {"changedPropIds": [1]},
    ],
)
def test_any_other_shape_is_not(change: dict[str, Any]) -> None:
    assert not expected({**GOOD, **change}, CALLBACKS)


@pytest.mark.parametrize("body", [None, [], 1, "x", {}])
def test_a_body_that_is_no_object_is_not(body: object) -> None:
    assert not expected(body, CALLBACKS)


def test_a_refusal_is_one_sentence_of_plain_text() -> None:
    answer = sentence(418)
    assert (answer.status_code, answer.get_data(as_text=True)) == (418, "This request was refused.\n")
    assert answer.content_type == "text/plain; charset=utf-8"


def test_a_fault_is_one_sentence_with_the_policy_and_no_trace(home: Any, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(home)

    def broken() -> None:
        raise RuntimeError("secret detail")

    app.server.add_url_rule("/broken", "broken", broken)
    with caplog.at_level("CRITICAL"):
        answer = app.server.test_client().get("/broken")
    assert answer.status_code == 500
    assert answer.get_data(as_text=True).startswith("This answer could not be made.")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
