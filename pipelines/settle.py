"""`evenhand settle`: what bodies earn, owe or may charge under a real programme's rules or one's own terms.

What belongs here: which columns a rule set reads, calling it, and writing its steps beside the rows as they came.
Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from pipelines.errors import BadInput
from pipelines.scenarios import revenue_cap, us_mssp
from pipelines.scenarios.rules import SHIPPED, RowFault, shipped
from pipelines.settle_input import (
    Range,
    check_columns,
    dates,
    figures,
    names,
    read_table,
    refuse_twice,
    years,
)
from pipelines.settle_terms import by_terms

FLAG: Range = (0, 1)
MOST = 1e15  # of any currency; beyond it cents no longer fit a float
MSSP: dict[str, Range] = {
    "assigned_beneficiaries": (1, 1e9),
    "benchmark_total": (0.01, MOST),
    "expenditure_total": (0, MOST),
    "quality_score": (0, 1),
    "msr_published": (0, 0.5),
    "met_qps": FLAG,
    "met_alt_qps": FLAG,
    "disaster_adjustment": (-MOST, MOST),
    "revlosslimit": FLAG,
    "aco_revenue": (0.01, MOST),
    "reducedss": FLAG,
    "guardrail": FLAG,
    "agreement_period_num": (1, 100),
    "months": (1, 12),
}
CAP: dict[str, Range] = {
    "cost_base": (0.01, MOST),
    "norm_cost": (0, MOST),
    "efficiency": (0, 100),
    "rab": (0, MOST),
    "rho": (0, 1),
    "recalibration": (-1, 1),
}
Settled = tuple[pl.DataFrame, pl.DataFrame]


def settle(path: Path, rules: str, out: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Settle every row of a CSV and write the rows with one column per step to `out`; returns both and what to say.

    rules : us-mssp, revenue-cap, or the path of a YAML file with the terms of a settlement.
    Raises BadInput, with nothing written, naming file, line, column and the way out.
    """
    ways: dict[str, Callable[[Path, pl.DataFrame], Settled]] = {"us-mssp": by_mssp, "revenue-cap": by_cap}
    if rules not in ways and not Path(rules).is_file():
        raise BadInput(f"{rules}: neither {' nor '.join(SHIPPED)} nor a file; name one, or a YAML file of terms")
    table = read_table(path)
    rows, steps = ways[rules](path, table) if rules in ways else by_terms(path, table, Path(rules))
    result = table.hstack(steps)
    write(result, out)
    return result, notes(rows, steps)


def by_mssp(path: Path, table: pl.DataFrame) -> Settled:
    """Rows as the Shared Savings Program reads them, and its steps."""
    check_columns(path, table, (*us_mssp.KEYS, "track", *us_mssp.REQUIRED, "quality_score"), us_mssp.STEPS)
    track = names(path, table, "track")
    rows = pl.DataFrame(
        [
            names(path, table, "aco_id"),
            years(path, table, "performance_year"),
            track.str.to_lowercase().replace_strict(us_mssp.TRACK_NAMES, default=track),
            *figures(path, table, MSSP, us_mssp.REQUIRED, ("P4R",)),
            words(table, "rev_exp_cat"),
            dates(path, table, "current_start_date"),
        ]
    )
    # In 2019 an organisation could end one agreement in June and begin another in July: two periods of one year.
    refuse_twice(path, rows, (*us_mssp.KEYS, "current_start_date"))
    return rows, told(path, rows, "aco_id", lambda: us_mssp.settle(rows, shipped("us-mssp")))


def by_cap(path: Path, table: pl.DataFrame) -> Settled:
    """Rows as the revenue cap reads them, and its steps."""
    check_columns(path, table, (*revenue_cap.KEYS, *revenue_cap.REQUIRED), revenue_cap.STEPS)
    rows = pl.DataFrame(
        [
            names(path, table, "body_id"),
            years(path, table, "period"),
            *figures(path, table, CAP, revenue_cap.REQUIRED),
        ]
    )
    refuse_twice(path, rows, revenue_cap.KEYS)
    return rows, told(path, rows, "body_id", lambda: revenue_cap.settle(rows, shipped("revenue-cap")))


def words(table: pl.DataFrame, column: str) -> pl.Series:
    """A column of text, null where it is absent."""
    return table[column] if column in table.columns else pl.Series(column, [None] * table.height, dtype=pl.String)


def told(path: Path, rows: pl.DataFrame, body: str, compute: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """What `compute` answers; BadInput with the line and the body of a row that it cannot settle."""
    try:
        return compute()
    except RowFault as fault:
        where = f"line {fault.row + 2} ({rows[body][fault.row]})"
        raise BadInput(f"{path}: {where}: {fault.words}; see docs/settle.md") from None


def notes(rows: pl.DataFrame, steps: pl.DataFrame) -> tuple[str, ...]:
    """What a reader must know: which parts could not be recomputed, and for how many rows."""
    if "not_recomputed" not in steps.columns:
        return ()
    counts = steps["not_recomputed"].value_counts(sort=True).filter(pl.col("not_recomputed") != "")
    return tuple(f"{count} of {rows.height} rows leave open {words}" for words, count in counts.rows())


def write(result: pl.DataFrame, out: Path) -> None:
    """Replace `out` in one step: a reader sees the old file or the whole new one."""
    temporary = out.with_name(f".{out.name}.new")
    try:
        result.write_csv(temporary, line_terminator="\n")
        temporary.replace(out)
    except OSError as fault:
        raise BadInput(f"{out}: cannot be written ({fault.strerror}); name another file with -o") from None
    finally:
        temporary.unlink(missing_ok=True)
