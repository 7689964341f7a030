"""The interface, fuzzed from its own description: schemathesis makes the requests, none may get a fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from dashboards.api.openapi import document
from dashboards.app import create_app
from dashboards.library import Library
from tests.releases import make_release

pytestmark = pytest.mark.integration
EXAMPLES = 30


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzzed")
    make_release(folder)
    return folder


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_no_request_made_from_the_description_gets_a_fault(home: Path, mode: GenerationMode) -> None:
    client = create_app(home).server.test_client()
    schema = schemathesis.openapi.from_dict(document(Library(home)))
    tried = 0
    for operation in (found.ok() for found in schema.get_all_operations()):
        parameters = [*operation.path_parameters, *operation.query]
        if mode is GenerationMode.NEGATIVE and not parameters:
            continue  # an address without parameters has no wrong ones
        cases = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def fuzz(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            answer = client.open(case.formatted_path, method=case.method, query_string=case.query, headers=case.headers)
            assert answer.status_code < 500, case.as_curl_command()
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            if answer.status_code >= 400:
                assert json.loads(answer.data)["error"].endswith(".")

        fuzz()
    assert tried > 5 * EXAMPLES
