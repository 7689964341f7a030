"""What a tab needs to work out a body's own figures: published figures, peers' values, spreads, terms. Plain values.

It goes into the page as JSON and is read by assets/own-figures.js. Nothing comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.components.numbers import WORD, period_words, symbol
from dashboards.data import HIDDEN, Body, Book
from dashboards.trial_sector import among, prices, sector_rows, spread
from dashboards.trial_terms import offered
from pipelines.releases.read import minimum

Row = Mapping[str, Any]
Data = dict[str, Any]
DIRECTION = {"higher": 1, "lower": -1, "neutral": 0}
UNITS = {**WORD, "fraction": "fraction of 1", "percent": "%"}
"""A unit as it stands beside a cell to fill in."""


def trial(book: Book, body: Body, model: str) -> Data:
    """`figures` that a body may give, `measures` worked out from them, by service, and the `settlement` they enter.

    A figure is a measure of a period as publishers state it (money in the prices of its period). A measure of the
    result names its figures by number.
    """
    rows = newest(book, body)
    sector = sector_rows(book, model, rows)
    peers = {row["peer_id"] for row in book.rows("peers", model_id=model, body_id=body.id)}
    index = prices(book, rows)
    figures: dict[tuple[str, str], Data] = {}
    measures = [
        measure(book, row, sector.get(row["indicator_id"], pl.DataFrame()), peers, index, figures) for row in rows
    ]
    listed = list(figures.values())
    return {
        "name": body.name,
        "sign": symbol(book.currency),
        "figures": listed,
        "measures": measures,
        "settlement": offered(book, body, measures, listed),
    }


def newest(book: Book, body: Body) -> list[Row]:
    """The body's row of every indicator in its newest period, by service; those that do not apply are left out."""
    found = [row for row in book.rows("indicator_values", body_id=body.id) if row["status"] != "not_applicable"]
    kept = [row for row in found if row["period"] == book.newest(row["indicator_id"])]
    return sorted(kept, key=lambda row: _place(book, str(row["indicator_id"])))


def _place(book: Book, id: str) -> tuple[str, bool, str]:
    service = book.services[book.indicators[id]["service_id"]]
    return (str(service["label"]), service["headline"] != id, str(book.indicators[id]["label"]))


def measure(
    book: Book,
    row: Row,
    sector: pl.DataFrame,
    peers: set[str],
    index: Mapping[str, float],
    figures: dict[tuple[str, str], Data],
) -> Data:
    """One measure with its peers; its figures are added to `figures`."""
    indicator = book.indicators[row["indicator_id"]]
    style = book.style(row["indicator_id"])
    shown = row["status"] not in HIDDEN
    top = row["numerator_nominal"] if indicator["real_terms"] else row["numerator"]
    top_place = figure(book, figures, indicator, "numerator", row["period"], top if shown else None)
    bottom_place = None
    if indicator["denominator"]:
        period = row["denominator_period"] or row["period"]
        bottom = row["denominator"] if shown else None
        bottom_place = figure(book, figures, indicator, "denominator", period, bottom)
    return {
        "id": row["indicator_id"],
        "service": indicator["service_id"],
        "label": indicator["label"],
        "top": top_place,
        "bottom": bottom_place,
        "k": indicator["multiplier"],
        "minimum": minimum(sector) if bottom_place is not None else 0.0,
        "index": index.get(row["period"]) if indicator["real_terms"] else None,
        "real": bool(indicator["real_terms"]),
        "interval": indicator["interval"],
        "se": spread(book, row) if indicator["interval"] == "history" else None,
        "status": row["status"],
        "alike": bool(row["like_for_like"]),
        "direction": DIRECTION[indicator["polarity"]],
        "kind": style.kind,
        "unit": style.spoken,
        "value": row["value"] if shown else None,
        "peers": among(sector, peers),
        "cost": compares_cost(book, row),
    }


def figure(
    book: Book,
    figures: dict[tuple[str, str], Data],
    indicator: Row,
    part: str,
    period: str,
    value: float | None,
) -> int:
    """The number of a figure in `figures`, which gets it if it lacks it."""
    id = indicator[part]
    found = book.measures.get(id, {})
    unit = str(found.get("unit", ""))
    money = unit.lower() == book.currency.lower()
    entry = figures.setdefault(
        (id, period),
        {
            "place": len(figures),
            "id": id,
            "label": str(found.get("label", id)),
            "period": period,
            "when": period_words(period),
            "unit": symbol(book.currency) if money else UNITS.get(unit, unit.replace("_", " ")),
            "value": value,
            "negative": money,
            "service": indicator["service_id"],
        },
    )
    if entry["value"] is None:
        entry["value"] = value
    # Nothing can be divided by a negative amount, and events are counted from nothing up.
    if part == "denominator" or indicator["interval"] in ("proportion", "count"):
        entry["negative"] = False
    return int(entry["place"])


def compares_cost(book: Book, row: Row) -> bool:
    """Whether the potential of its service rests on this measure: as the release has it, else a headline unit cost."""
    indicator = book.indicators[row["indicator_id"]]
    service = book.services[indicator["service_id"]]
    found = book.rows("potential", body_id=row["body_id"], service_id=service["service_id"])
    if found:
        return bool(found[0]["indicator_id"] == row["indicator_id"])
    unit_cost = indicator["format"] == "unit_cost" and indicator["multiplier"] == 1 and indicator["denominator"]
    return bool(unit_cost and service["headline"] == row["indicator_id"] and service["cost"] == indicator["numerator"])
