"""One's own terms: a CSV of ceilings and costs, settled by the multi-year engine under a dated and cited YAML file.

What belongs here: laying rows out as bodies by periods and back. Nothing is computed here.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from pipelines.errors import BadInput
from pipelines.scenarios.rules import rule_set
from pipelines.scenarios.settlement import Settlement, settle
from pipelines.scenarios.terms import Terms
from pipelines.settle_input import Range, check_columns, figures, names, refuse_twice, years

KEYS = ("body_id", "period")
REQUIRED = ("ceiling", "cost")
MOST = 1e13  # pounds; beyond it pence no longer fit a float
RANGES: dict[str, Range] = {
    "ceiling": (0.01, MOST),
    "cost": (0, MOST),
    "quality_pass": (0, 1),
    "quality_percentile": (0, 100),
    "sentinel": (0, 1),
    "reinvest": (0, MOST),
    "bank_spend": (0, MOST),
    "threshold": (0, 1),
}
STEPS = tuple(name for name in Settlement._fields if name not in REQUIRED)


def by_terms(path: Path, table: pl.DataFrame, file: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows as the engine reads them, and its yearly flows as columns, row by row.

    The file's periods, in order, are the years of the settlement; a body without a row in one is not settled then.
    Raises BadInput for terms that cannot be used and for rows that cannot be read.
    """
    check_columns(path, table, (*KEYS, *REQUIRED), STEPS)
    rows = pl.DataFrame([names(path, table, "body_id"), years(path, table, "period")])
    refuse_twice(path, rows, KEYS)
    terms = read_terms(file, min(rows["period"].to_list()))
    gate = "quality_percentile" if terms.gate == "sliding" else "quality_pass"
    check_columns(path, table, (gate,), ())
    rows = rows.hstack(figures(path, table, RANGES, REQUIRED))
    at = places(rows)
    grids = {name: grid(rows[name], at) for name in RANGES}
    asked = {name: np.nan_to_num(grids[name]) for name in ("reinvest", "bank_spend")}
    least = np.where(np.isnan(grids["threshold"]), terms.threshold, grids["threshold"])
    found = settle(
        grids["ceiling"],
        grids["cost"],
        terms,
        quality=grids[gate],
        sentinel=grids["sentinel"] == 1,
        threshold=least,
        **asked,
    )
    return rows, pl.DataFrame({name: getattr(found, name)[at] for name in STEPS})


def read_terms(file: Path, year: int) -> Terms:
    """The terms in force at the end of the settlement's first year. Raises BadInput naming the term and the way out."""
    name = str(file)
    try:
        return Terms.from_mapping(rule_set(file.read_bytes(), name).values(year))
    except OSError as fault:
        raise BadInput(f"{name}: cannot be read ({fault.strerror}); name a YAML file of terms") from None
    except ValueError as fault:
        raise BadInput(f"{name}: {fault}; see parameters/uk-multi-year.yml") from None


def places(rows: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """For each row, which body and which period it is."""
    body = rows["body_id"].rank("dense").to_numpy().astype(int) - 1
    period = rows["period"].rank("dense").to_numpy().astype(int) - 1
    return body, period


def grid(values: pl.Series, at: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The values as bodies by periods, NaN where there is no row or no figure."""
    out = np.full((at[0].max() + 1, at[1].max() + 1), np.nan)
    out[at] = values.to_numpy()
    return out
