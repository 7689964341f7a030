"""The gate opens unless a critical check failed or could not be evaluated, and says in one line which."""

from __future__ import annotations

import pytest

from pipelines.contracts import CheckResult
from pipelines.errors import Blocked
from pipelines.quality.gate import require_unblocked


def check(severity: str, outcome: str, *examples: str) -> CheckResult:
    return CheckResult("rooms", "court", "sql", severity, outcome, "every court has a room", "2 rows", examples)


@pytest.mark.parametrize(
    ("severity", "outcome"), [("critical", "passed"), ("warning", "failed"), ("warning", "not_evaluated")]
)
def test_passes_and_warnings_open_it(severity, outcome):
    require_unblocked("courts", [check(severity, outcome)])


def test_no_check_at_all_opens_it():
    require_unblocked("courts", [])


def test_a_critical_failure_closes_it_with_one_line():
    with pytest.raises(Blocked) as caught:
        require_unblocked("courts", [check("warning", "failed"), check("critical", "failed", "id B\n of C", "id C")])
    assert str(caught.value) == (
        "courts: check rooms on table court failed: every court has a room; 2 rows; first: id B of C; "
        "mend the input named there and run again. Nothing was published"
    )
    assert caught.value.exit_code == 3


def test_what_could_not_be_evaluated_closes_it_and_others_are_counted():
    with pytest.raises(Blocked, match=r"could not be evaluated: .* \(1 more\); mend"):
        require_unblocked("courts", [check("critical", "not_evaluated"), check("critical", "failed")])
