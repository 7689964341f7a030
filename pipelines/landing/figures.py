"""The compact figure file: the cells that packs use, in our own layout, small enough to review.

One CSV a dataset and edition, sorted by code, series and period. What repeats is written once: code and name stand on
the first row of a body, the series on the first row of its run; `period_text`, `value` and `status` stand only where
they say more than `period`, `text` and "ok".
Writing and reading back give the same cells, to the last bit (tests/unit/landing/test_figures.py).
"""

from __future__ import annotations

import io

import polars as pl

from pipelines.errors import BadInput
from pipelines.sources.cells import CELL_LIMIT, CELL_SCHEMA, WITH_VALUE, checked
from pipelines.sources.periods import is_period
from pipelines.sources.sniff import check_content

FILE_NAME = "figures.csv"
COLUMNS = ("code", "name", "series", "period", "period_text", "text", "status", "value", "lo", "hi", "locator")
WITHOUT_VALUE = ("missing", "suppressed", "not_applicable")
FACT = "fact"
SHOWN = ("code", "series", "period", "status", "value written", "text", "lo written", "hi written")
PLAIN = r"^-?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?$"


def write_figures(cells: pl.DataFrame) -> bytes:
    """The bytes of a figure file for cells of CELL_SCHEMA."""
    ordered = cells.sort("code", "series", "period")
    first = pl.col("code") != pl.col("code").shift(1).fill_null("")
    begins = first | (pl.col("series") != pl.col("series").shift(1).fill_null(""))
    implied = _implied(pl.col("text"))
    compact = ordered.select(
        pl.when(first).then("code").alias("code"),
        pl.when(first).then("name").alias("name"),
        pl.when(begins).then("series").alias("series"),
        "period",
        pl.when(pl.col("period_text") != pl.col("period")).then("period_text").alias("period_text"),
        "text",
        pl.when(pl.col("status") != "ok").then("status").alias("status"),
        pl.when(pl.col("value").ne_missing(implied) | (pl.col("status") == "ok") & pl.col("value").is_null())
        .then(pl.col("value"))
        .alias("value"),
        "lo",
        "hi",
        "locator",
    )
    # A text that reads as a number although it has no value (a code, a date's year) is a fact: it is written with the
    # value "fact", so that reading back does not turn it into a figure.
    fact = ordered["value"].is_null() & ordered.select(implied.is_not_null()).to_series()
    compact = compact.with_columns(
        pl.when(fact).then(pl.lit(FACT)).otherwise(_shortest(pl.col("value"))).alias("value")
    )
    return compact.write_csv(quote_style="necessary", line_terminator="\n").encode()


def read_figures(data: bytes, name: str) -> pl.DataFrame:
    """The cells of a figure file, sorted by code, series and period.

    Raises BadInput naming the file, and the row where there is one, for content that is no text, other columns, a
    status, value, bound or period that is none, a row of nobody, and a figure that stands twice: a hash says that a
    file was not changed since it was described, not that it was right.
    """
    check_content(data, name)
    try:
        frame = pl.read_csv(io.BytesIO(data), infer_schema=False)
    except pl.exceptions.PolarsError as fault:
        raise BadInput(f"{name}: is not a figure file ({str(fault).splitlines()[0]}); write it again") from None
    if tuple(frame.columns) != COLUMNS:
        raise BadInput(f"{name}: line 1 must be {','.join(COLUMNS)}; write the file again with `evenhand starter`")
    cells = _filled(frame)
    _check_rows(frame, cells, name)
    return checked(cells, name)


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    """The cells that the rows stand for: what repeats is written out, what is implied is stated."""
    status = pl.col("status").fill_null("ok")
    text = pl.col("text").fill_null("")
    body = pl.col("code").is_not_null().cum_sum()
    return frame.select(
        pl.col("code").forward_fill(),
        pl.col("name").forward_fill().over(body).fill_null(""),
        pl.col("series").forward_fill(),
        pl.col("period").fill_null(""),
        pl.col("period_text").fill_null(pl.col("period")).fill_null(""),
        pl.when(pl.col("value") == FACT)
        .then(None)
        .when(pl.col("value").is_not_null())
        .then(pl.col("value").cast(pl.Float64, strict=False))
        .when(status.is_in(WITH_VALUE))
        .then(_implied(text))
        .alias("value"),
        status.alias("status"),
        pl.col("lo").cast(pl.Float64, strict=False),
        pl.col("hi").cast(pl.Float64, strict=False),
        text.alias("text"),
        "locator",
    ).cast(dict(CELL_SCHEMA))  # type: ignore[arg-type]


def _check_rows(frame: pl.DataFrame, cells: pl.DataFrame, name: str) -> None:
    """Raise BadInput at the first row that says what cannot be."""
    written = [pl.col(column).alias(f"{column} written") for column in ("value", "lo", "hi")]
    rows = cells.with_columns(frame.select(written)).with_row_index("row", offset=2)
    valued = pl.col("status").is_in(WITH_VALUE)
    no_period = [period for period in cells["period"].unique() if period and not is_period(period)]
    faults = {
        "belongs to no body or no series": pl.col("code").is_null() | pl.col("series").is_null(),
        "holds a cell over 32 kB": pl.max_horizontal(pl.col(pl.String).str.len_bytes()) > CELL_LIMIT,
        "has a status that is not known": ~(valued | pl.col("status").is_in(WITHOUT_VALUE)),
        "has a period that is none": pl.col("period").is_in(no_period),
        "does not say where the figure stood": pl.col("locator").is_null(),
        "has a value that is no finite number": ~pl.col("value").is_finite()
        | pl.col("value").is_null() & (pl.col("value written") != FACT),
        "has a value though its status says that there is none": ~valued & pl.col("value").is_not_null(),
        "has no value though its status says that there is one": valued
        & (pl.col("status") != "ok")
        & pl.col("value").is_null(),
        **{
            f"has a bound ({bound}) that is no finite number": ~pl.col(bound).is_finite()
            | pl.col(bound).is_null() & pl.col(f"{bound} written").is_not_null()
            for bound in ("lo", "hi")
        },
    }
    for words, wrong in faults.items():
        found = rows.filter(wrong)
        if found.height:
            row = found.row(0, named=True)
            shown = ", ".join(str(row[key])[:40] for key in SHOWN if row[key] not in (None, ""))
            raise BadInput(f"{name}: row {row['row']} ({shown}) {words}; write the file again with `evenhand starter`")


def _implied(text: pl.Expr) -> pl.Expr:
    """The number that a plain published text stands for, else null."""
    stripped = text.str.strip_chars()
    plain = stripped.str.contains(PLAIN) & stripped.str.contains(r"\d")
    return pl.when(plain).then(stripped.str.replace_all(",", "")).cast(pl.Float64, strict=False)


def _shortest(value: pl.Expr) -> pl.Expr:
    """A float as the shortest text that reads back to it."""
    return value.map_elements(repr, return_dtype=pl.String)
