"""The gate: what may be published, given the results of every check."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.contracts import CheckResult
from pipelines.errors import Blocked


def require_unblocked(pack_id: str, results: Iterable[CheckResult]) -> None:
    """Raise Blocked with one line on the first blocking check; nothing is published then."""
    blocking = [result for result in results if result.blocks]
    if not blocking:
        return
    first = blocking[0]
    how = "could not be evaluated" if first.outcome == "not_evaluated" else "failed"
    example = f"; first: {first.examples[0]}" if first.examples else ""
    more = f" ({len(blocking) - 1} more)" if len(blocking) > 1 else ""
    raise Blocked(
        f"{pack_id}: check {first.id} on table {first.table} {how}: {first.meaning}; {first.observed}{example}{more}; "
        "mend the input named there and run again. Nothing was published"
    )
