"""A small source for the landing tests: the first line of a file gives its date, the others code, period and value."""

from dataclasses import dataclass

import polars as pl

from pipelines.errors import BadInput
from pipelines.sources.cells import CELL_SCHEMA, Parsed


@dataclass(frozen=True)
class FakeSource:
    """A source with its own name and file names; counts nothing, remembers nothing."""

    DATASET: str = "office_bins"
    FILES: tuple[str, ...] = ("bins*.csv",)
    PUBLISHER: str = "Office of Bins"
    TITLE: str = "Bins emptied"
    URL: str = "https://bins.example/statistics"
    LICENCE: str = "OGL-UK-3.0"

    def parse(self, data: bytes, name: str) -> Parsed:
        """`updated <date>`, then `code,period,value` lines."""
        head, *rows = data.decode().split("\n")
        if not head.startswith("updated "):
            raise BadInput(f"{name}: line 1 gives no date; is this the right table?")
        records = [
            {"code": code, "name": code, "series": "bins", "period": period, "value": float(value), "status": "ok"}
            for code, period, value in (row.split(",") for row in rows if row)
        ]
        return Parsed(head.removeprefix("updated ").strip(), pl.DataFrame(records, schema=CELL_SCHEMA))


def table(day: str, *rows: str) -> bytes:
    """The bytes of one of its files."""
    return "\n".join((f"updated {day}", *rows, "")).encode()


JUNE = table("2024-06-06", "E07000001,2022-23,5")
JUNE_CORRECTED = table("2024-06-06", "E07000001,2022-23,6")
MAY = table("2024-05-01", "E07000001,2021-22,4", "E07000001,2022-23,4")
