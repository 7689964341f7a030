"""A new pack that runs as it is: the commented template, and invented figures beside it.

What belongs here: copying the template under a new id and drawing its figures. The template is itself a pack
(pipelines/packs/template), so that it is checked like every other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipelines.errors import BadInput
from pipelines.packs.load import FILES, SHIPPED, TEMPLATE, shipped_packs, valid_id

LIBRARIES = 40
YEARS = ("2018-19", "2019-20", "2020-21", "2021-22", "2022-23", "2023-24")
REGIONS = ("North", "East", "South", "West")
INFLATION = 1.025
EXAMPLE_ID = "id: example "


def new_pack(name_or_path: str | Path) -> Path:
    """Write a commented pack with invented figures under `data/`, and return its folder.

    A bare name makes a folder of that name in the current one; the folder's name becomes the pack's id.
    Raises BadInput when the folder holds something already, or its name is no id.
    """
    folder = Path(name_or_path)
    if not valid_id(folder.name):
        raise BadInput(
            f"{folder.name}: no id for a pack; use lower case letters, digits and _, beginning with a letter"
        )
    if folder.name in shipped_packs():
        raise BadInput(f"{folder.name}: a shipped pack has this name; choose another")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder}: exists and is not empty; choose another folder, or empty it")
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for file in FILES:
        text = (SHIPPED / TEMPLATE / file).read_text(encoding="utf-8")
        own = text.replace(EXAMPLE_ID, f"id: {folder.name} ") if file == "pack.yml" else text
        (folder / file).write_text(own, encoding="utf-8")
    for file, rows in invented_figures().items():
        (folder / "data" / file).write_text(csv_text(rows), encoding="utf-8", newline="")
    return folder


def csv_text(rows: Sequence[Sequence[object]]) -> str:
    """Rows as CSV with Unix line ends."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def invented_figures(seed: int = 0) -> dict[str, list[list[object]]]:
    """Rows of the template's three CSV files by file name; the same seed gives the same bytes.

    Sizes are log-normal, unit costs fall a little with size and rise 2.5 % a year; one figure of each marker is in.
    """
    draw = np.random.Generator(np.random.Philox(key=seed))
    residents = np.round(np.exp(draw.normal(10.3, 0.5, LIBRARIES)))
    density = np.round(np.exp(draw.normal(6.5, 0.8, LIBRARIES)))
    skill = draw.normal(0.0, 0.12, LIBRARIES)
    register: list[list[object]] = [["Code", "Library", "Opened", "Region", "Residents served", "Density"]]
    figures: list[list[object]] = [["Code", "Library", "Year", "Spending", "Staff", "Loans", "Satisfied", "Asked"]]
    for n in range(LIBRARIES):
        code, name = f"L{n + 1:04d}", f"Library {n + 1}"
        opened = f"{1950 + n}-04-01"
        register.append([code, name, opened, REGIONS[n % len(REGIONS)], int(residents[n]), int(density[n])])
        for t, year in enumerate(YEARS):
            loans = residents[n] * np.exp(1.4 + draw.normal(0, 0.05))
            cost = loans * 3.5 * INFLATION**t * np.exp(skill[n] + draw.normal(0, 0.04)) / 1000
            asked = int(draw.integers(150, 400))
            satisfied = int(draw.binomial(asked, np.clip(0.8 - skill[n], 0.5, 0.95)))
            figures.append(
                [code, name, year, round(cost, 1), round(cost / 45, 1), round(loans), satisfied, asked],
            )
    figures[1][6] = "c"
    figures[2][3] = ".."
    figures[-1][3] = f"{figures[-1][3]}p"
    prices: list[list[object]] = [["Area", "Year", "Index"]]
    prices += [["NATION", year, round(100 * INFLATION**t, 3)] for t, year in enumerate(YEARS)]
    return {"register.csv": register, "figures.csv": figures, "prices.csv": prices}
