"""What `evenhand settle` reads: a CSV as text, its cells as figures, years and dates, or one clear refusal.

What belongs here: reading and refusing, with line, column and the way out. What does not: what a rule does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.errors import BadInput
from pipelines.sources.cells import decode

ROWS = 2_000_000
SIZE = 512 * 2**20
EMPTY = ("", "-")  # a lone sign is how CMS prints an empty cell
FORMULA = r"^[\s']*[=+\-@＝＋－＠]."
FIGURE = r"^[+\-]?\$?[\d.,]+(?:[eE][+\-]?\d+)?\s?%?$"
YEAR = r"^(\d{4})(?:\.0|A|[-/]\d{2}|[-/]\d{4})?$"
US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?: .*)?")
Range = tuple[float, float]


def read_table(path: Path) -> pl.DataFrame:
    """The CSV with every cell as text. Raises BadInput for a file that is absent, too large, no CSV or has formulas."""
    try:
        if path.stat().st_size > SIZE:
            raise BadInput(f"{path}: is over {SIZE // 2**20} MB; split the file by year")
        table = pl.read_csv(decode(path.read_bytes(), str(path)).encode(), infer_schema=False)
    except OSError as fault:
        raise BadInput(f"{path}: cannot be read ({fault.strerror}); name a CSV file") from None
    except pl.exceptions.PolarsError as fault:
        raise BadInput(f"{path}: is not a CSV with one header line ({str(fault).splitlines()[0]}); mend it") from None
    if not 0 < table.height <= ROWS:
        raise BadInput(f"{path}: has {table.height:,} rows; between 1 and {ROWS:,} can be settled")
    for column in table.columns:
        named = column.rpartition("_duplicated_")[0]  # how polars tells a second column of one name apart
        if named in table.columns:
            raise BadInput(f"{path}: column '{named}' stands twice; remove or rename one")
        text = pl.col(column)
        refuse(path, table, column, text.str.contains(FORMULA) & ~text.str.contains(FIGURE), "is a formula; write text")
    return table


def refuse(path: Path, table: pl.DataFrame, column: str, wrong: pl.Expr | pl.Series, words: str) -> None:
    """Raise BadInput at the first row where `wrong` is true, with line, column and the cell as it stands."""
    found = table.select(wrong.fill_null(False)).to_series().arg_true()
    if found.len():
        row = int(found[0])
        text = table[column][row]
        cell = "is empty" if text is None or text in EMPTY else f"'{text[:30]}'"
        raise BadInput(f"{path}: line {row + 2}, column '{column}': {cell} {words}".replace("is empty is", "is empty:"))


def check_columns(path: Path, table: pl.DataFrame, needed: Sequence[str], added: Collection[str]) -> None:
    """Refuse a file without a column that the rules need, or with one that the steps would overwrite."""
    if absent := [name for name in needed if name not in table.columns]:
        has = ", ".join(table.columns[:12])
        raise BadInput(f"{path}: has no column '{absent[0]}' (it has {has}); add it, see docs/settle.md")
    if clash := sorted(set(added) & set(table.columns)):
        raise BadInput(f"{path}: already has a column '{clash[0]}', which would be overwritten; rename it")


def figures(
    path: Path, table: pl.DataFrame, ranges: Mapping[str, Range], needed: Collection[str], blanks: Collection[str] = ()
) -> list[pl.Series]:
    """Each column of `ranges` as Float64, null where empty or absent.

    needed : columns that may not be empty.   blanks : words that stand for an empty cell, such as P4R.
    Raises BadInput for text, NaN, infinity, percentages and figures outside a column's range.
    """
    return [
        figure(path, table, name, ranges[name], name in needed, blanks)
        if name in table.columns
        else pl.Series(name, [None] * table.height, dtype=pl.Float64)
        for name in ranges
    ]


def figure(
    path: Path, table: pl.DataFrame, column: str, limits: Range, needed: bool, blanks: Collection[str]
) -> pl.Series:
    """One column as Float64; BadInput as `figures` says."""
    text = table[column].str.strip_chars()
    empty = text.is_null() | text.is_in([*EMPTY, *blanks])
    value = text.cast(pl.Float64, strict=False)
    if (odd := ~empty & value.is_null()).any():
        value = value.zip_with(~odd, spelled(text))
    unread = ~empty & (value.is_null() | ~value.is_finite())
    refuse(path, table, column, unread, "is not a number (rates are fractions); mend it or leave the row out")
    if needed:
        refuse(path, table, column, empty, "is needed; supply it or leave the row out")
    low, high = limits
    words = f"is out of range, which is from {low:g} to {high:g}; mend it"
    refuse(path, table, column, (value < low) | (value > high), words)
    return value.alias(column)


def spelled(text: pl.Series) -> pl.Series:
    """Figures with a dollar sign or commas, such as $1,234.5, as Float64; null for other text."""
    plain = text.str.replace_all(r"[,$]", "").cast(pl.Float64, strict=False)
    return plain.zip_with(text.str.contains(FIGURE), pl.Series([None], dtype=pl.Float64))


def years(path: Path, table: pl.DataFrame, column: str) -> pl.Series:
    """A column of years as Int64: 2019, 2019.0, 2019A or 2019-20 (its first). Raises BadInput for anything else."""
    year = pl.col(column).str.strip_chars().str.extract(YEAR).cast(pl.Int64, strict=False)
    refuse(path, table, column, year.is_null() | ~year.is_between(1990, 2100), "is not a year; write it as 2024")
    return table.select(year.alias(column)).to_series()


def names(path: Path, table: pl.DataFrame, column: str) -> pl.Series:
    """A column of names without outer spaces; BadInput where one is empty."""
    refuse(path, table, column, pl.col(column).str.strip_chars().fill_null("") == "", "is needed; name the body")
    return table[column].str.strip_chars()


def dates(path: Path, table: pl.DataFrame, column: str) -> pl.Series:
    """A column of dates (2019-07-01, 7/1/2019, 07/01/19 with or without a time), null where empty or absent."""
    if column not in table.columns:
        return pl.Series(column, [None] * table.height, dtype=pl.Date)
    read = {text: day(text) for text in table[column].unique().to_list() if text is not None and text not in EMPTY}
    if wrong := [text for text, found in read.items() if found is None]:
        refuse(path, table, column, pl.col(column).is_in(wrong), "is not a date; write it as 2024-01-01")
    known = {text: found for text, found in read.items() if found is not None}
    return table[column].replace_strict(known, default=None, return_dtype=pl.Date)


def day(text: str) -> date | None:
    """The date in a text, month first where it has slashes; None when there is none."""
    try:
        if (found := US_DATE.fullmatch(text.strip())) is not None:
            month, dom, year = map(int, found.groups())
            return date(year + 2000 if year < 100 else year, month, dom)
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def refuse_twice(path: Path, rows: pl.DataFrame, key: Sequence[str]) -> None:
    """Refuse a body that stands twice in one period."""
    twice = rows.select(pl.struct(key).is_duplicated()).to_series().arg_true()
    if twice.len():
        first = rows.row(int(twice[0]), named=True)
        same = rows.select(pl.all_horizontal(pl.col(name).eq_missing(pl.lit(first[name])) for name in key)).to_series()
        lines = " and ".join(str(row + 2) for row in same.arg_true()[:2])
        words = ", ".join(str(first[name]) for name in key if first[name] is not None)
        raise BadInput(f"{path}: lines {lines}: {words} stands twice; a body has one row in a period, remove one")
