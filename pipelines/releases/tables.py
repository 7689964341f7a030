"""Frames into files: held to the contract, sorted by key, and written so that equal tables give equal bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts import Table
from pipelines.errors import BadInput

ARROW = {"text": pa.string(), "whole": pa.int64(), "real": pa.float64(), "truth": pa.bool_()}
ROWS_PER_GROUP = 131_072
LOSSLESS = {
    "text": (pl.Categorical, pl.Enum, pl.Null),
    "whole": (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32, pl.Null),
    "real": (pl.Float32, pl.Null),
    "truth": (pl.Null,),
}
# A spreadsheet runs text that starts like this. Plain figures and lone signs ("-", "-12.5", "+3 %") do not run.
FORMULA = r"^'*[=+\-@\t\r＝＋－＠]"
HARMLESS = r"^[+\-][\s\d.,%£$]*$"


def conform(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as the contract has it: its columns, types and order, sorted by key.

    Raises BadInput, naming table and column or key, when a column is missing, unknown or of another type, a required
    one has nulls, a figure is not finite, or a key stands twice. Negative zero becomes zero: the two are one figure.
    """
    _same_columns(table, frame)
    typed = frame.select(_cast(table, name, frame.schema[name]) for name in table.schema)
    _no_nulls(table, typed)
    _finite(table, typed)
    if table.in_order(typed):
        return typed
    ordered = typed.sort(table.key, maintain_order=True)
    _unique(table, ordered)
    return ordered


def in_parts(table: Table, frame: pl.DataFrame | Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The table in parts of ROWS_PER_GROUP rows, one at least, each held to the contract.

    frame : the whole table, in any order; or its parts of that many rows, by key, of which one at a time is held.
    Raises BadInput as `conform`, also for parts that do not follow one another.
    """
    if isinstance(frame, pl.DataFrame):
        whole = conform(table, frame)
        yield from whole.iter_slices(ROWS_PER_GROUP) if whole.height else (whole,)
        return
    last = pl.DataFrame(schema=table.schema)
    for part in frame:
        ready = conform(table, part)
        if not table.in_order(pl.concat([last, ready.head(1)])):
            raise BadInput(f"table {table.name!r}: a part does not follow the one before; hand the parts over by key")
        last = ready.tail(1)
        yield ready


def write_table(table: Table, parts: Iterable[pl.DataFrame], stem: Path) -> Iterator[pl.DataFrame]:
    """Write `<stem>.parquet` and `<stem>.csv` from conforming parts, handing each on once it is written."""
    with parquet_writer(stem.with_suffix(".parquet"), arrow_schema(table)) as out, csv_file(stem) as lines:
        for place, part in enumerate(parts):
            out.write_table(as_arrow(part, out.schema), row_group_size=ROWS_PER_GROUP)
            csv_rows(part, lines, header=place == 0)
            yield part


def write_arrow(table: pa.Table, path: Path) -> None:
    """Write a small Arrow table as releases write Parquet."""
    plain = table.replace_schema_metadata(None)
    with parquet_writer(path, plain.schema) as out:
        out.write_table(plain.combine_chunks(), row_group_size=ROWS_PER_GROUP)


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer with every setting fixed: zstd 3, no metadata of other libraries."""
    return pq.ParquetWriter(
        path,
        schema,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        store_schema=False,
    )


def arrow_schema(table: Table) -> pa.Schema:
    """The contract's types and nulls in Arrow's words."""
    return pa.schema(
        [pa.field(column.name, ARROW[column.type], nullable=not column.required) for column in table.columns]
    )


def as_arrow(part: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """A part as one chunk per column."""
    return part.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema).combine_chunks()


def csv_file(stem: Path) -> IO[bytes]:
    """The table's CSV, opened for writing."""
    return stem.with_suffix(".csv").open("wb")


def csv_rows(part: pl.DataFrame, out: IO[bytes], header: bool) -> None:
    """Write UTF-8, LF, shortest floats that read back the same, null as nothing, text guarded against formulas."""
    texts = [name for name, kind in part.schema.items() if kind == pl.String]
    safe = part.with_columns(guarded(pl.col(name)).alias(name) for name in texts)
    safe.write_csv(out, include_header=header, line_terminator="\n", quote_style="necessary")


def guarded(text: pl.Expr) -> pl.Expr:
    """Text with an apostrophe before whatever a spreadsheet would run as a formula; `unguarded` takes it off again."""
    runs = text.str.contains(FORMULA) & ~text.str.contains(HARMLESS)
    return pl.when(runs).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def unguarded(text: pl.Expr) -> pl.Expr:
    """The inverse of `guarded`: one leading apostrophe less where it stands before a sign that starts a formula."""
    marked = text.str.starts_with("'") & text.str.contains(FORMULA)
    return pl.when(marked).then(text.str.slice(1)).otherwise(text)


def _same_columns(table: Table, frame: pl.DataFrame) -> None:
    found, wanted = set(frame.columns), set(table.schema)
    wrong = [f"{name!r} is missing" for name in sorted(wanted - found)]
    wrong += [f"{name!r} is not in the contract" for name in sorted(found - wanted)]
    if wrong:
        raise BadInput(f"table {table.name!r}: column {'; '.join(wrong)}; pipelines/contracts lists its columns")


def _cast(table: Table, name: str, found: pl.DataType) -> pl.Expr:
    kind = next(column.type for column in table.columns if column.name == name)
    wanted = table.schema[name]
    if found != wanted and not isinstance(found, LOSSLESS[kind]):
        raise BadInput(
            f"table {table.name!r}, column {name!r}: is {found}, the contract says {wanted}; cast it in the step"
        )
    cast = pl.col(name).cast(wanted)
    return pl.when(cast == 0).then(0.0).otherwise(cast).alias(name) if kind == "real" else cast


def _no_nulls(table: Table, frame: pl.DataFrame) -> None:
    required = [column.name for column in table.columns if column.required]
    nulls: Mapping[str, int] = frame.select(pl.col(required).null_count()).row(0, named=True)
    for name, count in nulls.items():
        if count:
            raise BadInput(
                f"table {table.name!r}, column {name!r}: {count:,} nulls where the contract requires a value"
            )


def _finite(table: Table, frame: pl.DataFrame) -> None:
    for name in (column.name for column in table.columns if column.type == "real"):
        strange = frame.filter(~pl.col(name).is_finite())
        if strange.height:
            key = dict(zip(table.key, strange.select(table.key).row(0), strict=True))
            raise BadInput(
                f"table {table.name!r}, column {name!r}: {strange[name][0]} at {key}; an absent figure is null"
            )


def _unique(table: Table, frame: pl.DataFrame) -> None:
    twice = frame.filter(pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in table.key))
    if twice.height:
        key = dict(zip(table.key, twice.select(table.key).row(0), strict=True))
        raise BadInput(f"table {table.name!r}: key {key} stands more than once; one row per {', '.join(table.key)}")
