"""MHCLG Live Table 122: net additional dwellings by local authority district, England.

One wide table with a column per financial year; counts of dwellings, negative where more were lost than built.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl
from python_calamine import CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Parsed,
    checked,
    clean_name,
    find_header,
    locator,
    normal_label,
    sheet_grid,
    wide_cells,
    workbook,
)
from pipelines.sources.periods import financial_year, iso_day

PUBLISHER = "MHCLG"
DATASET = "mhclg_housing_supply"
TITLE = "Live table 122: net additional dwellings by local authority district, England"
URL = "https://www.gov.uk/government/statistical-data-sets/live-tables-on-net-supply-of-housing"
LICENCE = "OGL-UK-3.0"
FILES = ("housing-data.ods", "Live_Table_122*.ods", "LT_122*.ods")

SHEET = "LT_122"
SERIES = "LT_122:net additional dwellings"
CODES = ("current ons code", "former ons code", "dclg code")  # the first that is filled identifies the row
MARKERS = {"[x]": "missing"}
AGGREGATES = ("E10", "E11", "E12", "E92", "class:")  # counties and totals send no return, so none of theirs is imputed
IMPUTED = (
    re.compile(r"following local authorities were not submitted in (\d{4}-\d{2}) so were imputed: (.+?)\.?$"),
    re.compile(
        r"figures? for (.+?) (?:was|were) not submitted in (\d{4}-\d{2}) so (?:was|were) imputed", re.IGNORECASE
    ),
    re.compile(r"The (\d{4}-\d{2}) data .*? data was imputed for (.+?)\. "),
)
NOISE = re.compile(r"( ua|,? (county|city) of)(?=$| )|[^a-z ]")


def parse(data: bytes, name: str) -> Parsed:
    """Every figure of the table; a year marked [p] is provisional, a figure that the notes call imputed is imputed.

    A row's code is the current ONS code, else the former one, else the department's; the four class totals have none:
    theirs is `class:<name>`. Facts, timeless: `LT_122:former ons code` and `LT_122:dclg code` where filled.
    Imputation stands only in the notes and the cover, by name: a name counts when exactly one authority with a figure
    for that year bears it. Left out: titles, cover, contents, notes.
    """
    book = workbook(data, name)
    grid = sheet_grid(book, SHEET, name)
    header = find_header(grid, ("Current ONS code", "Authority data"), SHEET, name)
    labels = [normal_label(text) for text in grid[header]]
    columns = year_columns(grid[header], name)
    rows = [r for r in range(header + 1, len(grid)) if any(text.strip() for text in grid[r])]
    body, codes = labels.index("authority data"), [labels.index(label) for label in CODES if label in labels]
    facts = CellRows(name)
    for r in rows:
        filled = [grid[r][c].strip() for c in codes if grid[r][c].strip()]
        own = filled[0] if filled else f"class:{clean_name(grid[r][body]).lower()}"
        for c in codes[1:]:
            if grid[r][c].strip():
                facts.add_fact(own, clean_name(grid[r][body]), f"{SHEET}:{labels[c]}", grid[r][c], locator(SHEET, r, c))
        grid[r][codes[0]] = own
    cells = wide_cells(grid, rows, columns, code=codes[0], body=body, markers=MARKERS, sheet=SHEET, name=name)
    cells = with_imputed(with_provisional(cells, columns), remarks(book, name))
    facts_found = [facts.frame()] if facts.columns["code"] else []
    return Parsed(publication_date(book, name), checked(pl.concat([cells, *facts_found]), name))


def year_columns(header: list[str], name: str) -> list[Column]:
    """One column per label that begins with a financial year, whatever marks follow: `2023-24 [r] [note 17]`."""
    columns = [
        Column(c, SERIES, period, text.strip()) for c, text in enumerate(header) if (period := financial_year(text[:7]))
    ]
    if not columns:
        raise BadInput(f"{name}: sheet '{SHEET}' has no column such as 2023-24; is this live table 122?")
    return columns


def with_provisional(cells: pl.DataFrame, columns: list[Column]) -> pl.DataFrame:
    """The cells, those of a year marked [p] provisional."""
    years = [column.period for column in columns if "[p]" in column.period_text]
    return restated(cells, pl.col("period").is_in(years), "provisional")


def with_imputed(cells: pl.DataFrame, texts: list[str]) -> pl.DataFrame:
    """The cells, those that the remarks call imputed without ambiguity marked so (which outweighs provisional)."""
    numbers = cells.filter(
        pl.col("value").is_not_null() & ~pl.any_horizontal(pl.col("code").str.starts_with(mark) for mark in AGGREGATES)
    )
    bearers: dict[tuple[str, str], list[str]] = {}
    for code, name, period in numbers.select("code", "name", "period").iter_rows():
        bearers.setdefault((period, plain(name)), []).append(code)
    keys = [
        f"{codes[0]} {period}"
        for text in texts
        for period, listed in imputed_lists(text)
        for words in names_in(listed, {key: codes for (year, key), codes in bearers.items() if year == period})
        if len(codes := bearers[period, words]) == 1
    ]
    return restated(cells, pl.concat_str("code", "period", separator=" ").is_in(keys), "imputed")


def restated(cells: pl.DataFrame, which: pl.Expr, status: str) -> pl.DataFrame:
    """The cells, those with a value that `which` selects under another status."""
    chosen = which & pl.col("value").is_not_null()
    return cells.with_columns(status=pl.when(chosen).then(pl.lit(status)).otherwise("status"))


def imputed_lists(text: str) -> list[tuple[str, str]]:
    """(financial year, list of names) for each statement of imputation in a remark."""
    listing, plain_sentence, cover = IMPUTED
    found = listing.findall(text) or [(year, names) for names, year in plain_sentence.findall(text)]
    return found + cover.findall(text)


def names_in(listed: str, known: Mapping[str, object]) -> list[str]:
    """The known names in `A, B and C and D`: an `and` divides only where both sides are names and the whole is none."""
    found = []
    for part in re.split(r",\s*", listed):
        words = plain(part).split()
        cuts = [i for i, word in enumerate(words) if word == "and"]
        splits = [[" ".join(words)], *([" ".join(words[:i]), " ".join(words[i + 1 :])] for i in cuts)]
        found += next((names for names in splits if all(name in known for name in names)), [])
    return found


def plain(name: str) -> str:
    """A name reduced to what notes and table share: `Stoke-on-Trent UA` is `stoke on trent`."""
    return " ".join(NOISE.sub(" ", name.lower()).split())


def remarks(book: CalamineWorkbook, name: str) -> list[str]:
    """Texts of the cover and the notes."""
    return [text for sheet in ("Cover", "Notes") for row in sheet_grid(book, sheet, name) for text in row if text]


def publication_date(book: CalamineWorkbook, name: str) -> str:
    """The first date on the cover, which stands under `Date of publication`."""
    for row in sheet_grid(book, "Cover", name):
        if day := iso_day(row[0]):
            return day
    raise BadInput(f"{name}: sheet 'Cover' states no date of publication; download the whole workbook")
