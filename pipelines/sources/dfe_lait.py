"""Local Authority Interactive Tool: 434 measures of children's services, education and health per council and year.

A Parquet file of seven columns, all text but the authority's number. Series are the publisher's short descriptors as
printed (`Section_47`, `TotalLACFinance`); codes are DfE numbers without decimals (`301`; `970` England, `980` to `990`
regions); what they mean in ONS codes is in the children's files. `-` is missing or suppressed, the file does not say
which. New councils carry `-` before their first year and abolished ones after their last. Finance is in pounds, gross
outturn (OT). Units, polarity and kind of year are in `dfe_lait_dictionary`; periods are explained in `dfe_lait_years`.
"""

from __future__ import annotations

import io

import polars as pl

from pipelines.errors import BadInput
from pipelines.sources.cells import CELL_SCHEMA, Parsed, checked
from pipelines.sources.dfe_lait_years import canonical_year
from pipelines.sources.periods import newest_end
from pipelines.sources.sniff import check_content

PUBLISHER = "Department for Education"
DATASET = "dfe_lait"
TITLE = "Local Authority Interactive Tool (LAIT), background data set"
URL = "https://www.gov.uk/government/publications/local-authority-interactive-tool-lait"
LICENCE = "OGL-UK-3.0"
FILES = ("bds_long_*.parquet",)

SERIES, YEARS, BODY, VALUES, NUMBER = "Short Desc", "Years", "LA and Regions", "Values", "LA Number"
MISSING = "-"
PROVISIONAL = "(prov)"


def parse(data: bytes, name: str) -> Parsed:
    """One cell per row of the file; the file states no date, so the date is the end of its newest period.

    Read as columns, never row by row. `Data item` repeats the measure in words where it is filled and `Region` places
    the council; both are left out. Raises BadInput for a missing column or number, an unknown marker or spelling of a
    year, and a key that stands twice.
    """
    rows = read_rows(data, name)
    cells = rows.join(canonical_periods(rows, name), on=["series", "period_text"], how="left", maintain_order="left")
    cells = cells.with_columns(
        value=pl.col("text").str.strip_chars().cast(pl.Float64, strict=False),
        missing=pl.col("text").str.strip_chars() == MISSING,
    )
    refuse_unknown_text(cells, name)
    status = pl.when("missing").then(pl.lit("missing")).when(pl.col("period_text").str.ends_with(PROVISIONAL))
    cells = cells.with_columns(
        status=status.then(pl.lit("provisional")).otherwise(pl.lit("ok")),
        lo=pl.lit(None, pl.Float64),
        hi=pl.lit(None, pl.Float64),
        locator=pl.lit("row ") + pl.col("row").cast(pl.String),
    ).select(pl.col(column).cast(kind) for column, kind in CELL_SCHEMA.items())
    return Parsed(newest_end(cells["period"].unique()), checked(cells, name))


def read_rows(data: bytes, name: str) -> pl.DataFrame:
    """The five columns in use, under the cell's names, with the zero-based row index."""
    check_content(data, name)
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise BadInput(f"{name}: the Parquet file cannot be read ({fault}); download it again") from None
    lacking = [column for column in (SERIES, YEARS, BODY, VALUES, NUMBER) if column not in frame.columns]
    if lacking:
        raise BadInput(f"{name}: no column {', '.join(lacking)} (found: {', '.join(frame.columns)}); wrong file?")
    rows = frame.select(
        row=pl.int_range(pl.len()),
        code=pl.col(NUMBER).cast(pl.Int64, strict=False).cast(pl.String),
        name=pl.col(BODY).cast(pl.String).str.replace_all(r"\s+", " ").str.strip_chars(),
        series=pl.col(SERIES).cast(pl.String).str.strip_chars(),
        period_text=pl.col(YEARS).cast(pl.String),
        text=pl.col(VALUES).cast(pl.String),
    )
    for column in ("code", "series", "period_text", "text"):
        empty = rows.filter(pl.col(column).is_null())
        if empty.height:
            raise BadInput(f"{name}: row {empty['row'][0]} has no {column}; fill it in or remove the row")
    return rows


def canonical_periods(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """The canonical period of every measure and spelling in the file (some 3,800 pairs)."""
    pairs = rows.select("series", "period_text").unique().sort("series", "period_text")
    periods = [canonical_year(series, words) for series, words in pairs.iter_rows()]
    if None in periods:
        series, words = pairs.row(periods.index(None))
        raise BadInput(
            f"{name}: measure '{series}' has the year '{words}', a spelling not known; add it to dfe_lait_years"
        )
    return pairs.with_columns(period=pl.Series(periods, dtype=pl.String))


def refuse_unknown_text(cells: pl.DataFrame, name: str) -> None:
    """Raise BadInput at the first value that is neither a finite number nor the marker."""
    odd = cells.filter(~pl.col("missing") & ~pl.col("value").is_finite().fill_null(value=False))
    if odd.height:
        row = odd.row(0, named=True)
        raise BadInput(
            f"{name}: row {row['row']} ({row['series']}, {row['name']}) holds '{row['text'][:40]}', which is neither a "
            "number nor a marker known for this table; correct it, or add the marker to the source"
        )
