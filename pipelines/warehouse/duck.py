"""One pack's warehouse: contract tables in, frames out.

What belongs here: opening and closing the file, writing a contract table, running a select from `sql/`. Frames enter
through Parquet files, never through scans of memory (docs/adr/0004). Nothing here knows a pack or a method.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipelines.contracts import Table
from pipelines.errors import BadInput

SQL_ROOT = Path(__file__).resolve().parents[2] / "sql"
LAYERS = ("staging", "marts")
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",  # nothing is fetched from the network
    "autoload_known_extensions": "false",
    # Frames enter through one file, written over and over: no block of the one before may be read as this one's.
    "enable_external_file_cache": "false",
    "memory_limit": "1500MB",  # beyond it, work goes to disk: frames of the same run need their memory too
    "threads": "2",
    "preserve_insertion_order": "true",
}


QueryError = duckdb.Error
"""What a query that cannot be run raises, for those who may not import DuckDB."""


class Warehouse:
    """An open warehouse. Names of tables come from contracts or from `sql/`, never from data."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        self.connection = connection
        self.scratch = scratch

    def write(self, table: Table, frame: pl.DataFrame) -> int:
        """Replace a contract table by a frame, sorted by its key. Returns its rows.

        Raises BadInput when columns, types, required cells or the key are not those of the contract.
        """
        ordered = conform(frame, table)
        self.write_frame(table.qualified, ordered)
        return ordered.height

    def write_parts(self, table: Table, frames: Iterable[pl.DataFrame]) -> int:
        """Replace a contract table by frames that follow one another in its key, held in memory one at a time.

        Returns their rows; raises BadInput as `write`, also when a part does not follow the one before.
        """
        paths: list[str] = []
        rows, last = 0, pl.DataFrame(schema=table.schema)
        for frame in frames:
            ordered = conform(frame, table)
            if not table.in_order(pl.concat([last, ordered.head(1)])):
                raise BadInput(f"table {table.name}: a part does not follow the one before; write the parts by key")
            paths.append(str(self.scratch / f"part{len(paths)}.parquet"))
            ordered.write_parquet(paths[-1], compression="lz4")
            rows, last = rows + ordered.height, ordered.tail(1) if ordered.height else last
        if not paths:
            return self.write(table, last)
        self.connection.execute(f"create or replace table {table.qualified} as from read_parquet(?)", [paths])
        for path in paths:
            Path(path).unlink()
        return rows

    def write_frame(self, name: str, frame: pl.DataFrame) -> None:
        """Replace the named working table by a frame, through a Parquet file; row counts are compared."""
        path = self.scratch / "frame.parquet"
        frame.write_parquet(path, compression="lz4")
        self.connection.execute(f"create or replace table {name} as from read_parquet(?)", [str(path)])
        path.unlink()
        loaded = self.scalar(f"select count(*) from {name}")
        if loaded != frame.height:
            raise RuntimeError(f"{name}: {frame.height} rows were handed over and {loaded} arrived")

    def read(self, query: str, params: Sequence[object] | None = None) -> pl.DataFrame:
        """The result of a query as a frame."""
        return self.connection.sql(query, params=params).pl()

    def table(self, table: Table) -> pl.DataFrame:
        """A contract table, sorted by its key."""
        found = self.read(f"from {table.qualified}").cast(dict(table.schema))  # type: ignore[arg-type]
        return found if table.in_order(found) else found.sort(table.key)

    def parts(self, table: Table, rows: int) -> Iterator[pl.DataFrame]:
        """A contract table in parts of `rows` rows, in the order in which `write` left them; one at least."""
        total = int(str(self.scalar(f"select count(*) from {table.qualified}")))
        for start in range(0, max(total, 1), rows):
            part = self.read(f"from {table.qualified} where rowid >= {start} and rowid < {start + rows}")
            yield part.cast(dict(table.schema))  # type: ignore[arg-type]

    def columns(self, table: Table, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of a contract table, in the order in which `write` left its rows."""
        wanted = ", ".join(f'"{name}"' for name in names)
        return self.read(f"select {wanted} from {table.qualified}")

    def keep_to(self, memory: str) -> None:
        """Give back cached blocks beyond this much memory, such as `500MB`, and cache no more from here on."""
        self.connection.execute("set memory_limit = ?", [memory])

    def scalar(self, query: str, params: Sequence[object] | None = None) -> object:
        """The single value of a query."""
        row = self.connection.execute(query, params).fetchone()
        return row[0] if row else None

    def select(self, layer: str, name: str) -> pl.DataFrame:
        """The result of `sql/<layer>/<name>.sql`."""
        return self.read(sql_text(layer, name))

    def derive(self, name: str, layer: str, query: str) -> None:
        """Replace the working table `name` by the result of `sql/<layer>/<query>.sql`, without leaving the database."""
        self.connection.execute(f"create or replace table {name} as {sql_text(layer, query)}")

    def has(self, qualified: str) -> bool:
        """Whether the table `layer.name` exists."""
        schema, name = qualified.split(".")
        found = self.scalar(
            "select count(*) from information_schema.tables where table_schema = ? and table_name = ?", [schema, name]
        )
        return found == 1


def sql_text(layer: str, name: str) -> str:
    """The text of `sql/<layer>/<name>.sql`."""
    return (SQL_ROOT / layer / f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def open_warehouse(path: Path) -> Iterator[Warehouse]:
    """Open (or make) a pack's warehouse for the length of a block; BadInput when another run holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path), config=SETTINGS)
    except duckdb.IOException as fault:
        if "lock" not in str(fault).lower():
            raise
        raise BadInput(
            f"{path.name}: another run of this pack is under way; wait for it to end, or use another --home"
        ) from None
    with closing(connection), tempfile.TemporaryDirectory(prefix="evenhand-", dir=path.parent) as scratch:
        connection.execute("set enable_progress_bar = false")  # it draws on standard output, where --json prints
        for layer in LAYERS:
            connection.execute(f"create schema if not exists {layer}")
        yield Warehouse(connection, Path(scratch))


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The frame in the contract's column order and types, sorted by key.

    Raises BadInput naming the table and the first offending column or key.
    """
    missing = [name for name in table.schema if name not in frame.columns]
    if missing:
        raise BadInput(f"table {table.name}: column '{missing[0]}' is missing; the step that writes it must supply it")
    typed = frame.select([pl.col(name).cast(dtype) for name, dtype in table.schema.items()])
    ordered = typed if table.in_order(typed) else typed.sort(table.key)
    for column in table.columns:
        if (column.required or column.name in table.key) and ordered[column.name].null_count():
            row = ordered.filter(pl.col(column.name).is_null()).row(0, named=True)
            where = ", ".join(f"{key}={row[key]}" for key in table.key)
            raise BadInput(f"table {table.name}: '{column.name}' is empty at {where}; it must be known")
    # Rows are in the key's order, so that one that repeats a key follows the one that it repeats.
    twice = ordered.filter(pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in table.key))
    if twice.height:
        where = ", ".join(f"{key}={twice[key][0]}" for key in table.key)
        raise BadInput(f"table {table.name}: more than one row for {where}; one is allowed")
    return ordered
