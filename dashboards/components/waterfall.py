"""A waterfall in money: from one total to another, step by step, on a base of zero. No statistics."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.components.figures import HIGHER, INK, LOWER, PAPER, REF, SAME, YOU, axis, layout
from dashboards.components.labels import LINE, count_lines, on_two, stacked, two_lines
from dashboards.components.narrow import LETTERS, MARK, over_row, with_narrow
from dashboards.components.numbers import headline_money
from dashboards.components.words import capital

Row = Mapping[str, Any]
NARROWEST = 250
"""Pixels across the plot on the narrowest screen."""
LETTER = 9.5
"""Pixels that a bold letter of an amount takes."""


def waterfall(steps: Sequence[Row], currency: str) -> dict[str, Any]:
    """From the peers' total to the body's own, step by step, on a base of zero.

    steps : `label`, `kind` (reference, step or you) and `amount` in the currency, the totals first and last.
    """
    bases, tops, level = [], [], 0.0
    for step in steps:
        total = step["kind"] != "step"
        bases.append(0.0 if total else level)
        level = step["amount"] if total else level + step["amount"]
        tops.append(level)
    colours = [_step_colour(step) for step in steps]
    notes = [_amount(place, step, currency, bases, tops) for place, step in enumerate(steps)]
    lines = [_connector(place, top) for place, top in enumerate(tops[:-1])]
    top, low = max(*tops, *bases, 0.0), min(*tops, *bases, 0.0)
    figure = {
        "data": [
            {
                "type": "bar",
                "x": list(range(len(steps))),
                "y": [end - start for start, end in zip(bases, tops, strict=True)],
                "base": bases,
                "marker": {"color": colours, "line": {"color": PAPER, "width": 2}},
                "hoverinfo": "skip",
                "width": 0.72,
            }
        ],
        "layout": layout(
            460,
            margin={"l": 8, "r": 8, "t": 16, "b": 8},
            annotations=notes,
            shapes=lines,
            xaxis=axis(
                tickvals=list(range(len(steps))),
                ticktext=[two_lines(capital(step["label"]), 11, lines=6) for step in steps],
                showgrid=False,
                tickangle=0,
            ),
            yaxis=axis(
                range=[low * 1.12, top * 1.12],
                nticks=6,
                **_money_ticks(low, top, currency),
                zeroline=True,
                zerolinecolor=INK,
            ),
        ),
    }
    return lying(figure, steps, currency, tops, low, top)


def lying(
    figure: dict[str, Any], steps: Sequence[Row], currency: str, tops: Sequence[float], low: float, top: float
) -> dict[str, Any]:
    """The figure with its narrow twin: bars lie under their names, amounts stand at their right ends."""
    bars = figure["data"][0]
    names = [on_two(capital(step["label"]), LETTERS) for step in steps]
    starts, total = stacked([LINE * count_lines(name) + MARK for name in names])
    centres = [start + LINE * count_lines(name) + MARK / 2 - 3 for start, name in zip(starts, names, strict=True)]
    amounts = [
        {
            "text": _told(step, currency),
            "x": max(base, end),
            "xanchor": "left",
            "xshift": 2,
            "y": centre,
            "showarrow": False,
            "font": {"color": INK, "size": 14},
        }
        for step, base, end, centre in zip(steps, bars["base"], tops, centres, strict=True)
    ]
    longest = max(len(re.sub("<.*?>", "", note["text"])) for note in amounts)
    ticks = _money_ticks(low, top, currency)
    few = {name: values[::2] for name, values in ticks.items()}
    return with_narrow(
        figure,
        {
            "height": round(total + 48),
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "annotations": [*map(over_row, names, starts), *amounts],
            "shapes": [],
            "xaxis": axis(range=_room(low, top, longest), **few, zeroline=True, zerolinecolor=INK, tickangle=0),
            "yaxis": axis(range=[total, 0], tickvals=[], showgrid=False),
        },
        [{**bars, "orientation": "h", "x": bars["y"], "y": centres, "width": 16}],
    )


def _room(low: float, top: float, letters: int) -> list[float]:
    """Ends of the narrow axis: right of the longest bar stands an amount of that many letters."""
    start = low * 1.12
    part = min(LETTER * letters / NARROWEST, 0.5)
    return [start, start + (top - start) / (1 - part)]


def _step_colour(step: Row) -> str:
    if step["kind"] == "reference":
        return REF
    if step["kind"] == "you":
        return YOU
    return HIGHER if step["amount"] > 0 else LOWER


def _amount(place: int, step: Row, currency: str, bases: Sequence[float], tops: Sequence[float]) -> dict[str, Any]:
    """The amount over its bar."""
    return {
        "text": _told(step, currency),
        "x": place,
        "y": max(bases[place], tops[place]),
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": INK, "size": 14},
    }


def _told(step: Row, currency: str) -> str:
    """An amount in words; a step says plus or minus."""
    sign = "" if step["kind"] != "step" else "+" if step["amount"] >= 0 else "−"
    return f"<b>{sign}{headline_money(abs(step['amount']), currency=currency)}</b>"


def _connector(place: int, level: float) -> dict[str, Any]:
    ends = {"x0": place + 0.36, "x1": place + 0.64, "y0": level, "y1": level}
    return {"type": "line", **ends, "line": {"color": SAME, "width": 1}}


def _money_ticks(low: float, top: float, currency: str) -> dict[str, Any]:
    """About five round amounts, written as everywhere else."""
    span = max(top - min(low, 0.0), 1e-9)
    rough = span / 5
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * times for times in (1, 2, 2.5, 5, 10) if unit * times >= rough)
    first, last = math.floor(low / step), math.ceil(top / step)
    values = [step * place for place in range(first, last + 1)]
    words = [headline_money(0, currency=currency) if v == 0 else _short_money(v, currency) for v in values]
    return {"tickvals": values, "ticktext": words}


def _short_money(value: float, currency: str) -> str:
    told = headline_money(abs(value), currency=currency).replace(".00", "").replace(".0", "")
    return f"−{told}" if value < 0 else told
