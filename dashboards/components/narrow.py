"""What a narrow screen shows of a figure: names over their rows, ends of lines named above, lying bars. No statistics.

A figure carries what differs in `layout.meta.narrow`: `layout` with whole entries that take the place of its own, and
`data` where the marks move too. A script puts it in place below 40rem (assets/evenhand.js); the marks say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.components.labels import LINE, count_lines, on_two, stacked, two_lines

Figure = dict[str, Any]
LETTERS = 34
"""Letters on one line above a row."""
MARK = 24
"""Pixels of a row below its words."""
CLEAR = 0.4
"""Part of a narrow axis that the words of one period may take."""
SHORT = 9
"""Letters of a period's name of which three stand beside one another on a phone."""
PAPER = "#ffffff"
SAMPLE = {"solid": "──", "dash": "– –", "dot": "···"}


def with_narrow(figure: Figure, layout: Mapping[str, Any], data: Sequence[Any] | None = None) -> Figure:
    """The figure with its narrow twin beside it."""
    twin = {"layout": dict(layout), **({} if data is None else {"data": list(data)})}
    return {**figure, "layout": {**figure["layout"], "meta": {"narrow": twin}}}


def heights(figure: Figure) -> tuple[int, int]:
    """Pixels that the figure takes: on a wide screen (where it fills its panel, at least), and on a narrow one."""
    meta = figure["layout"].get("meta", {})
    wide = int(figure["layout"].get("height") or meta["least"])
    return wide, int(meta.get("narrow", {"layout": {}})["layout"].get("height", wide))


def filling(figure: Figure) -> Figure:
    """The figure as high as its panel has room for, and at least as high as it was."""
    least = figure["layout"].pop("height")
    figure["layout"]["meta"] = {**figure["layout"].get("meta", {}), "least": least}
    return figure


def rows_above(figure: Figure, names: Sequence[str], bold: Sequence[bool] = (), **axes: Any) -> Figure:
    """A figure of one row per name: each name stands over its row, and the marks have the whole width.

    axes : entries of the layout that differ besides, such as `xaxis`.
    """
    old = figure["layout"]["yaxis"]["tickvals"]
    loud = bold or [False] * len(names)
    told = [over(name, strong) for name, strong in zip(names, loud, strict=True)]
    tops, total = stacked([LINE * count_lines(words) + MARK for words in told])
    centres = [top + LINE * count_lines(words) + MARK / 2 - 3 for top, words in zip(tops, told, strict=True)]
    place = dict(zip(old, centres, strict=True))
    data = [{**trace, "y": [place.get(at) for at in trace["y"]]} for trace in figure["data"]]
    wide = figure["layout"]
    layout = {
        "height": round(wide["height"] - (wide["yaxis"]["range"][0] - wide["yaxis"]["range"][1]) + total),
        "annotations": [*wide.get("annotations", ()), *map(over_row, told, tops)],
        "yaxis": {**wide["yaxis"], "range": [total, 0], "tickvals": [], "ticktext": []},
        **axes,
    }
    return with_narrow(figure, layout, data)


def over(name: str, strong: bool) -> str:
    """A name on one line or two; on as many as it takes where two do not hold it."""
    two = on_two(name, LETTERS, bold=strong)
    within = max(len(line) for line in on_two(name, LETTERS).split("<br>")) <= LETTERS
    return two if within else two_lines(name, LETTERS, bold=strong, lines=9)


def over_row(words: str, top: float) -> dict[str, Any]:
    """A name at the left, over its row."""
    look = {"font": {"size": 14}, "bgcolor": PAPER, "borderpad": 0, "showarrow": False}
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yanchor": "top", "align": "left"}
    return {"text": words, **where, **look}


def ends_above(figure: Figure) -> Figure:
    """A figure of lines over periods: what is written at their right ends stands above, with a sample of each line."""
    wide = figure["layout"]
    ends = [note for note in wide["annotations"] if note.get("xref") == "paper" and note["x"] == 1]
    others = [note for note in wide["annotations"] if note not in ends]
    dashes = {
        trace["line"]["color"]: trace["line"].get("dash", "solid")
        for trace in reversed(figure["data"])
        if "lines" in trace["mode"] and trace["line"].get("width")
    }
    notes = [above(note, dashes, len(ends) - 1 - place) for place, note in enumerate(ends)]
    more = 20 * len(ends)
    layout = {
        "height": wide["height"] + more,
        "annotations": [*others, *notes],
        "margin": {**wide["margin"], "r": 30, "t": 12 + more},
        "xaxis": few_periods(figure),
    }
    return with_narrow(figure, layout)


def above(note: Mapping[str, Any], dashes: Mapping[str, str], place: int) -> dict[str, Any]:
    """One line's name above the plot, counted upwards."""
    sample = SAMPLE.get(dashes.get(note["font"]["color"], ""), "")
    text = f"{sample} {note['text'].replace('<br>', ' ')}".strip()
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
    return {"text": text, **where, "yshift": 4 + 20 * place, "showarrow": False, "align": "left", "font": note["font"]}


def few_periods(figure: Figure) -> dict[str, Any]:
    """The axis of periods with the first and the last named, upright, and the middle where it stands clear of both.

    Three long ones, such as '30 Sep 2016', would touch on a phone.
    """
    axis = figure["layout"]["xaxis"]
    seen = axis.get("categoryarray") or list(dict.fromkeys(at for trace in figure["data"] for at in trace["x"]))
    last = len(seen) - 1
    short = max((len(str(at)) for at in seen), default=0) <= SHORT
    middle = {last // 2} if short and last // 2 >= CLEAR * last else set()
    kept = [seen[place] for place in sorted({0, last} | middle)] if seen else []
    return {**{key: value for key, value in axis.items() if key != "nticks"}, "tickvals": kept, "tickangle": 0}


def apart(ticks: Sequence[tuple[float, str]], first: float, least: float) -> list[tuple[float, str]]:
    """The ticks that stand at least `least` from one another, `first` before all; (position, words)."""
    kept: list[tuple[float, str]] = []
    for at, words in sorted(ticks, key=lambda tick: abs(tick[0] - first)):
        if all(abs(at - other) >= least for other, _ in kept):
            kept.append((at, words))
    return sorted(kept)
