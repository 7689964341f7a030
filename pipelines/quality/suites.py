"""Great Expectations suites kept as JSON, run on one table at a time.

What belongs here: finding suites, running them, turning results into CheckResult. Great Expectations is imported inside
the function that runs it, because the import alone takes seconds and 260 MB (docs/adr/0006).
"""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import CheckResult, Table
from pipelines.errors import BadInput

ROOT = Path(__file__).resolve().parents[2] / "expectations"
EXAMPLES = 5
SEVERITIES = ("critical", "warning")


def suites_for(pack_id: str, pack_path: Path, table: Table) -> list[Path]:
    """The suite files for a table: the common one, the shipped pack's, and one in the pack's own folder."""
    name = f"{table.layer}/{table.name}.json"
    places = (ROOT / "common", ROOT / pack_id, pack_path / "expectations")
    return [place / name for place in places if (place / name).is_file()]


def read_suite(path: Path) -> list[dict[str, Any]]:
    """The expectations of a suite file; BadInput naming the file and entry for anything that is not one."""
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
        entries = suite["expectations"]
    except (json.JSONDecodeError, KeyError, TypeError) as fault:
        raise BadInput(
            f"{path.name}: not a suite with a list 'expectations' ({fault}); see expectations/README.md"
        ) from None
    for index, entry in enumerate(entries):
        if not {"type", "kwargs", "severity", "meaning"} <= set(entry) or entry["severity"] not in SEVERITIES:
            raise BadInput(
                f"{path.name}: expectation {index + 1} needs type, kwargs, meaning, severity (critical or warning)"
            )
    return list(entries)


def columns_read(table: Table, paths: Iterable[Path]) -> list[str]:
    """The columns of a table that suites look at, in the table's order; its key when they look at none."""
    named = {name for path in paths for entry in read_suite(path) for name in columns_of(entry)}
    return [name for name in table.schema if name in named] or list(table.key)


def check_suites(table: Table, frame: pl.DataFrame, paths: Iterable[Path]) -> list[CheckResult]:
    """The result of every expectation of every suite on one table, in the order of the files."""
    entries = [entry for path in paths for entry in read_suite(path)]
    if not entries:
        return []
    results = validate(frame, entries)
    return [outcome(table, entry, result) for entry, result in zip(entries, results, strict=True)]


@cache
def context() -> Any:
    """An in-memory Great Expectations context without analytics."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # raised inside third-party imports, not by us
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        for name in ("great_expectations", "great_expectations.core"):
            logging.getLogger(name).setLevel(logging.ERROR)
        made = gx.get_context(mode="ephemeral")
        made.variables.progress_bars = ProgressBarsConfig(globally=False)
    return made


def validate(frame: pl.DataFrame, entries: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """Great Expectations' own result for each entry, in the same order; one that cannot be built has raised."""
    made = context()
    from great_expectations import ExpectationSuite

    # The place in the list travels in `meta`, so that results can be matched whatever order they come in.
    built = {index: expectation(entry, index) for index, entry in enumerate(entries)}
    sound = [found for found in built.values() if not isinstance(found, str)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # raised inside third-party code while validating
        source = made.data_sources.add_or_update_pandas("warehouse")
        asset = source.add_dataframe_asset("table")
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch(
            batch_parameters={"dataframe": frame.to_pandas()}
        )
        # Handed over whole: a suite that expectations are added to one by one keeps one per type and column.
        suite = ExpectationSuite(name="suite", expectations=sound)
        found = batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": EXAMPLES})
    by_place = {result.expectation_config.meta["place"]: result.to_json_dict() for result in found.results}
    by_place |= {index: refused(fault) for index, fault in built.items() if isinstance(fault, str)}
    return [by_place[index] for index in range(len(entries))]


def expectation(entry: Mapping[str, Any], place: int) -> Any:
    """Great Expectations' object for an entry, or, when there is no such expectation or argument, why, in words."""
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    try:
        stated = ExpectationConfiguration(type=entry["type"], kwargs=entry["kwargs"], meta={"place": place})
        return stated.to_domain_obj()
    except (GreatExpectationsError, ValueError, TypeError) as fault:
        return " ".join(str(fault).split())


def refused(fault: str) -> dict[str, Any]:
    """The result of an expectation that could not even be built."""
    return {"success": False, "exception_info": {"raised_exception": True, "exception_message": fault}}


def columns_of(entry: Mapping[str, Any]) -> list[str]:
    """The columns that an expectation reads."""
    kwargs = entry["kwargs"]
    single = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return [*single, *kwargs.get("column_list", []), *kwargs.get("column_set", [])]


def outcome(table: Table, entry: Mapping[str, Any], result: Mapping[str, Any]) -> CheckResult:
    """A CheckResult; an expectation that broke is `not_evaluated`, never failed and never passed."""
    exception = result.get("exception_info") or {}
    detail = result.get("result") or {}
    broke = raised(exception)
    words = "passed" if result["success"] else "failed"
    return CheckResult(
        id=check_id(table, entry),
        table=table.name,
        kind="expectation",
        severity=str(entry["severity"]),
        outcome="not_evaluated" if broke else words,
        meaning=str(entry["meaning"]),
        observed=broke or observed(detail),
        examples=tuple(str(value)[:120] for value in (detail.get("partial_unexpected_list") or [])[:EXAMPLES]),
    )


def raised(exception: Mapping[str, Any]) -> str:
    """The message of an exception that an expectation met, in whichever of two shapes it is reported; else empty."""
    if exception.get("raised_exception"):
        return str(exception.get("exception_message"))[:300]
    nested = [info for info in exception.values() if isinstance(info, Mapping) and info.get("raised_exception")]
    return str(nested[0].get("exception_message"))[:300] if nested else ""


def observed(detail: Mapping[str, Any]) -> str:
    """What was found, in one short phrase."""
    if detail.get("unexpected_count") is not None:
        return f"{detail['unexpected_count']} of {detail.get('element_count', '?')} unexpected"
    return str(detail.get("observed_value", ""))[:200]


def check_id(table: Table, entry: Mapping[str, Any]) -> str:
    """A stable id: table, expectation type and the columns it reads."""
    short = str(entry["type"]).removeprefix("expect_").removeprefix("column_")
    return ".".join([table.name, short, *columns_of(entry)])
