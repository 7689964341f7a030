"""`evenhand efficiency`: frontier scores for anybody's CSV, with intervals, slacks and named peers.

What belongs here: reading the file strictly, calling `pipelines.methods.frontier`, writing what it answers beside the
rows as they came. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.errors import BadInput
from pipelines.methods.frontier import Frontier, dea, dea_interval
from pipelines.methods.frontier_data import too_few
from pipelines.sources.cells import decode, number

ROWS = 20_000  # beyond this a frontier takes minutes; split the sector
SIZE = 64 * 2**20
ROUNDING = 1e-9  # a weight below this is what arithmetic left, not a peer


def efficiency(
    path: Path, inputs: Sequence[str], outputs: Sequence[str], rts: str, orientation: str, interval: bool, out: Path
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Score every row of a CSV and write the rows with their scores to `out`; returns both and what must be said.

    inputs, outputs : column names. The first other column names the bodies, else their row numbers do. Added columns:
    score; lo, hi with `interval`; slack_<column>; peers as `name weight; ...`.
    Raises BadInput naming file, line and column for anything but amounts of 0 or more, a row without a positive input
    or output, names that are not there or stand twice, and too few rows for the number of columns.
    """
    table = read_table(path)
    check_columns(path, table, inputs, outputs)
    names = body_names(path, table, [*inputs, *outputs])
    X, Y = (np.column_stack([amounts(path, table, column) for column in side]) for side in (inputs, outputs))
    check_rows(path, names, X, Y)
    if (short := too_few(len(names), X.shape[1], Y.shape[1])) is not None:
        raise BadInput(f"{path}: {short}; name fewer columns or add rows")
    found = dea(X, Y, rts=rts, orientation=orientation)
    result = table.with_columns(pl.Series("score", found.score, nan_to_null=True))
    if interval:
        limits = dea_interval(X, Y, rts=rts, orientation=orientation)
        result = result.with_columns(pl.Series("lo", limits.lo), pl.Series("hi", limits.hi))
    slacks = [pl.Series(f"slack_{column}", found.slacks[:, i]) for i, column in enumerate([*inputs, *outputs])]
    result = result.with_columns(*slacks, pl.Series("peers", peer_words(found, names)))
    try:
        result.write_csv(out, line_terminator="\n")
    except OSError as fault:
        raise BadInput(f"{out}: cannot be written ({fault.strerror}); name another file with -o") from None
    return result, found.notes


def read_table(path: Path) -> pl.DataFrame:
    """The CSV with every cell as text. Raises BadInput for a file that is absent, too large or no CSV."""
    try:
        if path.stat().st_size > SIZE:
            raise BadInput(f"{path}: is over {SIZE // 2**20} MB; split the file")
        text = decode(path.read_bytes(), str(path))
        table = pl.read_csv(text.encode(), infer_schema=False)
    except OSError as fault:
        raise BadInput(f"{path}: cannot be read ({fault.strerror}); name a CSV file") from None
    except pl.exceptions.PolarsError as fault:
        raise BadInput(f"{path}: is not a CSV with one header line ({str(fault).splitlines()[0]}); mend it") from None
    if not 0 < table.height <= ROWS:
        raise BadInput(f"{path}: has {table.height:,} rows; between 1 and {ROWS:,} can be scored")
    return table


def check_columns(path: Path, table: pl.DataFrame, inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """Refuse columns that are not there, named twice, or that the result would overwrite."""
    asked = [*inputs, *outputs]
    if not inputs or not outputs:
        raise BadInput(f"{path}: name at least one column with --inputs and one with --outputs")
    if absent := [name for name in asked if name not in table.columns]:
        raise BadInput(f"{path}: has no column '{absent[0]}' (it has {', '.join(table.columns[:12])}); check the names")
    if len(set(asked)) < len(asked):
        twice = next(name for name in asked if asked.count(name) > 1)
        raise BadInput(f"{path}: column '{twice}' is named twice; each is an input or an output, once")
    added = {"score", "lo", "hi", "peers", *(f"slack_{name}" for name in asked)}
    if clash := sorted(added & set(table.columns)):
        raise BadInput(f"{path}: already has a column '{clash[0]}', which would be overwritten; rename it")


def body_names(path: Path, table: pl.DataFrame, used: Sequence[str]) -> list[str]:
    """Names of the rows: the first column that is neither input nor output, when it names each row once."""
    others = [column for column in table.columns if column not in used]
    if not others:
        return [str(row + 1) for row in range(table.height)]
    column = table[others[0]]
    if column.null_count() or column.n_unique() < table.height:
        line = int((column.is_null() | column.is_duplicated()).arg_true()[0]) + 2
        raise BadInput(
            f"{path}: line {line}: '{others[0]}' must name each row once; mend it or put such a column first"
        )
    return column.to_list()


def amounts(path: Path, table: pl.DataFrame, column: str) -> np.ndarray:
    """A column as amounts of 0 or more; BadInput naming the line of the first cell that is none."""
    out = np.empty(table.height)
    for row, text in enumerate(table[column]):
        value = None if text is None else number(text)
        if value is None or text.strip().endswith("%"):
            found = "is empty" if text is None else f"'{text[:30]}' is not a number"
            raise BadInput(f"{path}: line {row + 2}, column '{column}': {found}; supply it, or leave the row out")
        if value < 0:
            raise BadInput(f"{path}: line {row + 2}, column '{column}': {text} is negative; amounts start at 0")
        out[row] = value
    return out


def check_rows(path: Path, names: Sequence[str], X: np.ndarray, Y: np.ndarray) -> None:
    """Refuse rows without a positive input or without a positive output."""
    for side, word in ((X, "input"), (Y, "output")):
        empty = np.flatnonzero((side == 0).all(axis=1))
        if empty.size:
            row = int(empty[0])
            raise BadInput(f"{path}: line {row + 2} ({names[row]}): every {word} is 0; leave the row out")


def peer_words(found: Frontier, names: Sequence[str]) -> list[str]:
    """For each row its reference bodies with their weights, the weightiest first."""
    weights = found.lambdas
    return [
        "; ".join(f"{names[j]} {weights[row, j]:.6g}" for j in found.peers(row) if weights[row, j] > ROUNDING)
        for row in range(len(names))
    ]
