"""Every chart says the same without colour, and its colours stand out from the page in light and dark.

Two marks of one chart that differ in colour differ in something else too: shape, filling, line style, sign or label.
Contrast is WCAG's: (lighter + 0.05) / (darker + 0.05) of relative luminances; 4.5 for words, 3 for marks and lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from dashboards import routes
from dashboards.components.courses import FAN, control_chart
from dashboards.components.figures import BAND, HIGHER, LOWER, PAPER, RULE
from dashboards.components.numbers import Style
from tests.browser.charts import charts_of
from tests.browser.conftest import Site
from tests.browser.pages import EACH, Page

ASSETS = Path(routes.__file__).parent / "assets"
SCRIPT = (ASSETS / "evenhand.js").read_text(encoding="utf-8")
STYLE = (ASSETS / "evenhand.css").read_text(encoding="utf-8")
DARK: dict[str, str] = dict(
    re.findall(r'"(#[0-9a-f]{6})": "(#[0-9a-f]{6})"', SCRIPT.split("var DARK = {")[1].split("}")[0])
)
SHADES = (BAND, FAN, PAPER, RULE)
"""Backgrounds and grid lines: what lies on them carries the meaning, and its edges are in the table."""


def luminance(colour: str) -> float:
    """Relative luminance of a #rrggbb: 0.2126 R + 0.7152 G + 0.0722 B of its linear parts."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def marks(figure: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(colour, everything else that tells a mark apart) of each mark, line and bar of a figure."""
    for trace in figure["data"]:
        if trace["type"] == "bar":
            yield from bars(trace, figure)
            continue
        if "lines" in trace["mode"] and trace["line"]["width"]:
            yield trace["line"]["color"], ("line", trace["line"].get("dash", "solid"), "markers" in trace["mode"])
        if "markers" in trace["mode"] and trace["x"]:
            yield from points(trace)
    for shape in figure["layout"].get("shapes", ()):
        if shape["type"] == "line" and not coloured_one_by_one(figure["data"][0]):
            yield shape["line"]["color"], ("upright", shape["line"].get("dash", "solid"))


def coloured_one_by_one(trace: dict[str, Any]) -> bool:
    """Whether a trace is the bars of a waterfall, whose connectors carry no meaning of their own."""
    return trace["type"] == "bar" and isinstance(trace["marker"]["color"], list)


def points(trace: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Colour and shape of each point, and the style of the line that it sits on; a filling of paper is hollow."""
    marker, count = trace["marker"], len(trace["x"])
    line = trace.get("line", {}).get("color")
    fills = spread(marker.get("color", line), count)
    shapes = spread(marker.get("symbol", "circle"), count)
    edge = marker.get("line", {}).get("color", line)
    dash = trace["line"].get("dash", "solid") if "lines" in trace["mode"] else ""
    for fill, shape in zip(fills, shapes, strict=True):
        hollow = fill == PAPER
        yield (edge if hollow else fill), (shape, hollow, marker.get("size", 6) > 12, dash)


def bars(trace: dict[str, Any], figure: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Colour and label of each bar: steps say plus or minus, totals are named below; bars of one colour, and edge."""
    if not coloured_one_by_one(trace):
        yield from ((trace["marker"]["color"], ("bar",)), (trace["marker"]["line"]["color"], ("edge",)))
        return
    told = [re.sub("<.*?>", "", note["text"]) for note in figure["layout"]["annotations"]]
    for place, (colour, words) in enumerate(zip(trace["marker"]["color"], told, strict=True)):
        yield colour, ("bar", words[0] if words[0] in "+−" else place)


def spread(value: Any, count: int) -> list[Any]:
    return list(value) if isinstance(value, list) else [value] * count


def by_colour_alone(figure: dict[str, Any]) -> list[str]:
    """Pairs of marks that only their colours tell apart."""
    found = sorted(set(marks(figure)), key=str)
    return [f"{one} and {other}" for one, other in combinations(found, 2) if one[1] == other[1] and one[0] != other[0]]


@EACH
def test_no_two_marks_of_a_chart_differ_in_colour_alone(site: Site, path: str, listed: Page) -> None:
    for id, figure, _ in charts_of(routes.view(site.library, path)):
        assert by_colour_alone(figure) == [], id


@EACH
def test_words_and_marks_of_charts_stand_out_in_light_and_dark(site: Site, path: str, listed: Page) -> None:
    for id, figure, _ in charts_of(routes.view(site.library, path)):
        drawn = {colour.lower() for colour, _ in marks(figure)} - set(SHADES)
        words = {note["font"]["color"].lower() for note in figure["layout"].get("annotations", ())}
        words.add(figure["layout"]["font"]["color"].lower())
        for colours, least in ((drawn, 3.0), (words, 4.5)):
            for colour in colours:
                assert contrast(colour, PAPER) >= least, (id, colour)
                assert contrast(DARK[colour], DARK[PAPER]) >= least, (id, colour, "dark")


def test_a_chart_that_relies_on_colour_is_found_out() -> None:
    row = {"period": "2023", "mean": 5.0, "lower": 2.0, "upper": 8.0, "value": 9.0, "signal": "outside"}
    rows = [{**row, "way": way} for way in ("improving", "concerning")]
    drawn = control_chart(rows, Style("rate", "days"))
    assert by_colour_alone(drawn) == []
    drawn["data"][-1]["marker"]["symbol"], square = "square", ("square", False, False, "")
    assert by_colour_alone(drawn) == [f"('{LOWER}', {square}) and ('{HIGHER}', {square})"]


def tokens(selector: str) -> dict[str, str]:
    """Colour tokens that the stylesheet sets under a selector."""
    block = STYLE.split(f"{selector} {{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


THEMES = {
    "light": tokens(":root"),
    "dark by choice": tokens(':root[data-theme="dark"]'),
    "dark by device": tokens(':root:not([data-theme="light"])'),
}
WORDS = ("ink", "mute", "you", "lower-words", "higher", "alert-words", "same", "ref", "plan-words")
MARKS = ("you", "lower", "higher", "alert", "same", "ref")


@pytest.mark.parametrize("theme", THEMES)
def test_words_have_contrast_on_page_wash_and_own_row_and_marks_on_the_page(theme: str) -> None:
    known = THEMES[theme]
    for ground in ("paper", "wash", "own"):
        assert {
            word: round(contrast(known[word], known[ground]), 2)
            for word in WORDS
            if contrast(known[word], known[ground]) < 4.5
        } == {}
    assert {
        mark: contrast(known[mark], known["paper"]) for mark in MARKS if contrast(known[mark], known["paper"]) < 3
    } == {}


def test_charts_take_the_dark_colours_of_the_page() -> None:
    """A chart's dark colour is its token's, or one step off where two light colours share it."""
    light, dark = THEMES["light"], THEMES["dark by choice"]
    assert dark == THEMES["dark by device"]
    for token, colour in light.items():
        if colour in DARK and token in dark:
            apart = [abs(int(DARK[colour][at : at + 2], 16) - int(dark[token][at : at + 2], 16)) for at in (1, 3, 5)]
            assert max(apart) <= 1, token
    assert len(set(DARK.values())) == len(DARK)
