"""Plotly figures of one service of one body: dot plot, waterfall, peer sets, funnel, index. No statistics."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.components.figures import (
    BAND,
    HIGHER,
    INK,
    LOWER,
    PAPER,
    REF,
    SAME,
    YOU,
    axis,
    layout,
    named_ticks,
)
from dashboards.components.numbers import Style, headline_money, period_words

Row = Mapping[str, Any]
ROW_HEIGHT = 28
WIDEST = 22
"""Letters of a name that stand on one line of an axis."""
MARK = {"lower": (LOWER, "triangle-down"), "higher": (HIGHER, "triangle-up")}
UNSURE = ("provisional", "imputed", "break")
"""Statuses drawn hollow."""


def dot_plot(rows: Sequence[Row], style: Style, band: Row) -> dict[str, Any]:
    """One row per body with its 95% interval, the middle half of peers shaded, their median dashed.

    rows : `name`, `value`, `lo`, `hi`, `status`, `you`, from the top down; lo and hi may be null.
    band : `peer_q25`, `peer_median`, `peer_q75`, each may be null.
    """
    height = 76 + ROW_HEIGHT * len(rows)
    factor = 100 if style.kind == "fraction" else 1
    names = [two_lines(row["name"], bold=row["you"]) for row in rows]
    shapes = [*_half(band, factor), *_median(band, factor)]
    return {
        "data": [_dots(rows, factor, you=False), _dots(rows, factor, you=True)],
        "layout": layout(
            height,
            margin={"l": 8, "r": 16, "t": 28, "b": 8},
            shapes=shapes,
            annotations=_median_label(band, style, factor),
            xaxis=axis(**_units(style), nticks=6),
            yaxis=axis(
                range=[len(rows) - 0.5, -0.5],
                tickvals=list(range(len(rows))),
                ticktext=names,
                showgrid=False,
            ),
        ),
    }


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
    return {
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
            420,
            margin={"l": 8, "r": 8, "t": 16, "b": 8},
            annotations=notes,
            shapes=lines,
            xaxis=axis(
                tickvals=list(range(len(steps))),
                ticktext=[two_lines(step["label"], 14, lines=4) for step in steps],
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


def peer_sets(rows: Sequence[Row]) -> dict[str, Any]:
    """One row per peer set: the ratio to that set's median with its interval, marked by verdict.

    rows : `label`, `n_peers`, `ratio`, `ratio_lo`, `ratio_hi`, `verdict`; ratios null where withheld.
    """
    known = [row for row in rows if positive(row["ratio_lo"]) and positive(row["ratio_hi"]) and positive(row["ratio"])]
    lowest = max(0.12, min((row["ratio_lo"] for row in known), default=0.75))
    highest = min(8.0, max((row["ratio_hi"] for row in known), default=1.25))
    lowest, highest = min(lowest, 0.9), max(highest, 1.1)
    ticks = named_ticks(lowest, highest)
    marks = [_set_mark(place, row) for place, row in enumerate(rows) if row in known]
    return {
        "data": marks,
        "layout": layout(
            64 + 36 * len(rows),
            margin={"l": 8, "r": 16, "t": 8, "b": 8},
            shapes=[_upright(1.0, INK, "solid", 2)],
            xaxis=axis(
                type="log",
                range=[math.log10(lowest * 0.96), math.log10(highest * 1.04)],
                tickvals=[at for at, _ in ticks],
                ticktext=[two_lines(words, 9) for _, words in ticks],
                tickangle=0,
            ),
            yaxis=axis(
                range=[len(rows) - 0.5, -0.5],
                tickvals=list(range(len(rows))),
                ticktext=[two_lines(f"{row['label']} ({row['n_peers']})", 26) for row in rows],
                showgrid=False,
            ),
        ),
    }


def funnel(points: Sequence[Row], style: Style, you: str, size_words: str) -> dict[str, Any]:
    """Bodies by size and value inside the widened limits; those outside are named, the body in view is a diamond.

    points : funnel_points rows with `name`, in order of `size`.
    """
    factor = 100 if style.kind == "fraction" else 1
    drawn = [row for row in points if row["value"] is not None and row["size"]]
    edges = [
        _edge(drawn, end, dash, factor)
        for end, dash in (("lo_95", "dash"), ("hi_95", "dash"), ("lo_998", "solid"), ("hi_998", "solid"))
    ]
    groups = [
        _cloud([row for row in drawn if row["body_id"] != you and row["flag"] == flag], *look, factor)
        for flag, look in (("within", (SAME, "circle")), ("low", MARK["lower"]), ("high", MARK["higher"]))
    ]
    own = _cloud([row for row in drawn if row["body_id"] == you], YOU, "diamond", factor, 14)
    named = [row for row in drawn if row["body_id"] == you or row["flag"] in ("low", "high")]
    return {
        "data": [*edges, *groups, own],
        "layout": layout(
            420,
            margin={"l": 8, "r": 60, "t": 8, "b": 8},
            annotations=[*_names(named, you, factor), *_limit_labels(drawn, factor)],
            xaxis=axis(title={"text": size_words}, rangemode="tozero"),
            yaxis=axis(**_units(style)),
        ),
    }


def index_line(rows: Sequence[Row], name: str) -> dict[str, Any]:
    """Productivity with its 95% interval, output and input beside it; 100 is the first comparable period.

    rows : productivity rows in order of period.
    """
    periods = [period_words(row["period"]) for row in rows]
    edge = {"type": "scatter", "mode": "lines", "x": periods, "hoverinfo": "skip", "line": {"width": 0, "color": BAND}}
    lines: tuple[tuple[str, str, str, float, str], ...] = (
        ("productivity", YOU, "solid", 2.5, f"<b>{name}: productivity</b>"),
        ("output_quality", REF, "dash", 1.5, "Output"),
        ("input", SAME, "dot", 1.5, "Input"),
    )
    return {
        "data": [
            {**edge, "y": [row["lo"] for row in rows]},
            {**edge, "y": [row["hi"] for row in rows], "fill": "tonexty", "fillcolor": BAND},
            *(_series(periods, rows, column, colour, dash, width) for column, colour, dash, width, _ in lines),
        ],
        "layout": layout(
            360,
            margin={"l": 8, "r": 150, "t": 8, "b": 8},
            annotations=_apart([(words, rows[-1][column], colour) for column, colour, _, _, words in lines]),
            xaxis=axis(type="category", showgrid=False, nticks=5),
            yaxis=axis(),
        ),
    }


def two_lines(text: str, width: int = WIDEST, *, bold: bool = False, lines: int = 3) -> str:
    """Words broken over lines of about `width` letters, never cut short; the last line takes what is left."""
    rows: list[str] = []
    for word in text.split():
        if rows and (len(rows[-1]) + 1 + len(word) <= width or len(rows) == lines):
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    told = "<br>".join(plain(row) for row in rows)
    return f"<b>{told}</b>" if bold else told


def plain(text: str) -> str:
    """A text that Plotly cannot read as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def positive(number: float | None) -> bool:
    return number is not None and number > 0


def _dots(rows: Sequence[Row], factor: float, *, you: bool) -> dict[str, Any]:
    kept = [(place, row) for place, row in enumerate(rows) if row["you"] == you and row["value"] is not None]
    colour = YOU if you else SAME
    fill = [PAPER if row["status"] in UNSURE else colour for _, row in kept]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["value"] * factor for _, row in kept],
        "y": [place for place, _ in kept],
        "hoverinfo": "skip",
        "marker": {
            "color": fill,
            "symbol": "diamond" if you else "circle",
            "size": 14 if you else 9,
            "line": {"color": colour, "width": 2},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_reach(row["hi"], row["value"], factor) for _, row in kept],
            "arrayminus": [_reach(row["value"], row["lo"], factor) for _, row in kept],
            "color": colour,
            "thickness": 4 if you else 2,
            "width": 0,
        },
    }


def _reach(upper: float | None, lower: float | None, factor: float) -> float:
    return 0.0 if upper is None or lower is None else (upper - lower) * factor


def _half(band: Row, factor: float) -> list[dict[str, Any]]:
    if band["peer_q25"] is None:
        return []
    ends = {"x0": band["peer_q25"] * factor, "x1": band["peer_q75"] * factor}
    return [
        {
            "type": "rect",
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            **ends,
            "fillcolor": BAND,
            "line": {"width": 0},
            "layer": "below",
        }
    ]


def _median(band: Row, factor: float) -> list[dict[str, Any]]:
    return [] if band["peer_median"] is None else [_upright(band["peer_median"] * factor, REF, "dash", 2)]


def _median_label(band: Row, style: Style, factor: float) -> list[dict[str, Any]]:
    if band["peer_median"] is None:
        return []
    return [
        {
            "text": f"Peers’ median {style.write(band['peer_median'])}",
            "x": band["peer_median"] * factor,
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": REF, "size": 14},
        }
    ]


def _upright(x: float, colour: str, dash: str, width: float) -> dict[str, Any]:
    line = {"color": colour, "width": width, "dash": dash}
    return {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line, "layer": "below"}


def _units(style: Style) -> dict[str, Any]:
    """What an axis writes before and after its numbers."""
    sign = style.unit[:1] if style.unit[:1] in "£$€" else ""
    return {"tickprefix": sign, "ticksuffix": {"share": "%", "fraction": "%"}.get(style.kind, "")}


def _step_colour(step: Row) -> str:
    if step["kind"] == "reference":
        return REF
    if step["kind"] == "you":
        return YOU
    return HIGHER if step["amount"] > 0 else LOWER


def _amount(place: int, step: Row, currency: str, bases: Sequence[float], tops: Sequence[float]) -> dict[str, Any]:
    """The amount over its bar; a step says plus or minus."""
    sign = "" if step["kind"] != "step" else "+" if step["amount"] >= 0 else "−"
    told = f"{sign}{headline_money(abs(step['amount']), currency=currency)}"
    return {
        "text": f"<b>{told}</b>",
        "x": place,
        "y": max(bases[place], tops[place]),
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": INK, "size": 14},
    }


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
    told = headline_money(abs(value), se=abs(value) / 10, currency=currency)
    return f"−{told}" if value < 0 else told


def _set_mark(place: int, row: Row) -> dict[str, Any]:
    colour, shape = MARK.get(row["verdict"], (SAME, "circle"))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["ratio"]],
        "y": [place],
        "hoverinfo": "skip",
        "marker": {"color": colour, "symbol": shape, "size": 12},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [row["ratio_hi"] - row["ratio"]],
            "arrayminus": [row["ratio"] - row["ratio_lo"]],
            "color": SAME,
            "thickness": 2,
            "width": 0,
        },
    }


def _edge(rows: Sequence[Row], column: str, dash: str, factor: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [row["size"] for row in rows],
        "y": [None if row[column] is None else row[column] * factor for row in rows],
        "line": {"color": REF, "dash": dash, "width": 1.2},
        "hoverinfo": "skip",
    }


def _cloud(rows: Sequence[Row], colour: str, shape: str, factor: float, size: int = 8) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["size"] for row in rows],
        "y": [row["value"] * factor for row in rows],
        "marker": {"color": colour, "symbol": shape, "size": size},
        "hoverinfo": "skip",
    }


def _names(rows: Sequence[Row], you: str, factor: float) -> list[dict[str, Any]]:
    """Names beside marks that stand apart: the body in view and at most eight others, the farthest out."""
    others = sorted((row for row in rows if row["body_id"] != you), key=lambda row: -abs(row["z_widened"] or 0))[:8]
    kept = [row for row in rows if row["body_id"] == you] + others
    return [
        {
            "text": two_lines(row["name"], bold=row["body_id"] == you),
            "x": row["size"],
            "y": row["value"] * factor,
            "xanchor": "left",
            "xshift": 8,
            "showarrow": False,
            "font": {"color": YOU if row["body_id"] == you else INK, "size": 14},
        }
        for row in kept
    ]


def _limit_labels(rows: Sequence[Row], factor: float) -> list[dict[str, Any]]:
    if not rows:
        return []
    last = rows[-1]
    return [
        {
            "text": words,
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "y": last[end] * factor,
            "showarrow": False,
            "font": {"color": REF, "size": 14},
        }
        for words, end in (("95%", "hi_95"), ("99.8%", "hi_998"))
        if last[end] is not None
    ]


def _series(
    periods: Sequence[str], rows: Sequence[Row], column: str, colour: str, dash: str, width: float
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if column == "productivity" else "lines",
        "x": list(periods),
        "y": [row[column] for row in rows],
        "connectgaps": False,
        "hoverinfo": "skip",
        "line": {"color": colour, "dash": dash, "width": width},
        "marker": {"color": colour, "size": 8},
    }


def _apart(ends: Sequence[tuple[str, float | None, str]]) -> list[dict[str, Any]]:
    """Labels at the right ends of lines, pushed apart where they would touch."""
    placed = sorted(((at, words, colour) for words, at, colour in ends if at is not None), key=lambda end: end[0])
    if not placed:
        return []
    span = max(placed[-1][0] - placed[0][0], 0.02 * abs(placed[-1][0]), 1e-9)
    notes, shift = [], 0.0
    for place, (at, words, colour) in enumerate(placed):
        near = place and (at - placed[place - 1][0]) / span < 0.15
        shift = shift + 18 if near else 0.0
        notes.append(
            {
                "text": words,
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 6,
                "y": at,
                "yshift": shift,
                "showarrow": False,
                "align": "left",
                "font": {"color": colour, "size": 14},
            }
        )
    return notes
