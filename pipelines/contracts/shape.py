"""What a table is: columns with types, units and meaning, a key, a grain, an audience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

STATUSES = (
    "quarantined",
    "withheld",
    "not_applicable",
    "missing",
    "suppressed",
    "zero_den",
    "break",
    "small",
    "imputed",
    "provisional",
    "ok",
)
"""Value statuses, worst first (methods.md 0.2)."""

STATUS_LETTER = MappingProxyType(
    {
        "missing": "x",
        "suppressed": "c",
        "not_applicable": "z",
        "withheld": "w",
        "zero_den": "x",
        "quarantined": "w",
        "provisional": "P",
        "imputed": "M",
        "break": "B",
        "small": "",
        "ok": "",
    }
)
"""What stands in place of a value, or after it, in every table and export (dashboard.md section 2)."""

VERDICTS = ("lower", "same", "higher", "withheld")
"""Where a value stands against its peers' median, given its interval. Directions, never praise or blame."""

TYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {"text": pl.String(), "whole": pl.Int64(), "real": pl.Float64(), "truth": pl.Boolean()}
)


@dataclass(frozen=True)
class Column:
    """One column: its name carries the unit where it has one; `required` forbids null."""

    name: str
    type: str
    description: str
    unit: str = ""
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its layer, grain in words, key, columns and who may see it."""

    name: str
    layer: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    audience: str = "public"

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Polars types by column name, in order."""
        return {column.name: TYPES[column.type] for column in self.columns}

    @property
    def qualified(self) -> str:
        """The table's name in the warehouse."""
        return f"{self.layer}.{self.name}"

    def in_order(self, frame: pl.DataFrame) -> bool:
        """Whether the rows of a frame ascend strictly by the key: sorted, and none twice. False where a key is null."""
        ascends = pl.lit(False)
        for name in reversed(self.key):
            now, before = pl.col(name), pl.col(name).shift(1)
            ascends = (now > before) | ((now == before) & ascends)
        return bool(frame.select(ascends.slice(1).all(ignore_nulls=False)).item())


def c(name: str, description: str, type: str = "text", unit: str = "", required: bool = False) -> Column:
    """A column; shorthand for the listing below."""
    return Column(name, type, description, unit, required)


@dataclass(frozen=True)
class CheckResult:
    """One check on one table: what it means, how severe it is, what came out.

    outcome : passed, failed, or not_evaluated (the check itself broke: never read as a pass).
    kind : expectation, sql or gate.   severity : critical (blocks) or warning (shows).
    """

    id: str
    table: str
    kind: str
    severity: str
    outcome: str
    meaning: str
    observed: str = ""
    examples: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published because of it."""
        return self.severity == "critical" and self.outcome != "passed"


BODY = c("body_id", "Body, by its current official code", required=True)
PERIOD = c("period", "Canonical period, such as 2022-23", required=True)
STATUS = c("status", "Status of the value (methods.md 0.2)", required=True)
METHOD = (
    c("method_id", "Method card", required=True),
    c("method_version", "Version of the method", required=True),
    c("params_hash", "First 12 hexadecimal digits of the hash of the parameters", required=True),
    c("input_editions", "Editions read, `dataset@edition`, sorted, joined by a space", required=True),
    c("seed", "Seed of a random method; null where nothing is drawn", "whole"),
)
