"""Words on a chart: names broken over lines, text that is no markup, units of an axis, rows as high as their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.components.numbers import Style

WIDEST = 22
"""Letters of a name that stand on one line of an axis."""
LINE = 18
"""Pixels that a line of words takes in a chart."""


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


def on_two(text: str, width: int = WIDEST, *, bold: bool = False) -> str:
    """A name on one line, or on two of about the same length: never on three, never cut short."""
    half = max((len(text) + 1) // 2, max((len(word) for word in text.split()), default=0))
    shortest = next((each for each in range(half, len(text)) if _fits(text, each)), len(text))
    return two_lines(text, max(width, shortest), bold=bold, lines=2)


def _fits(text: str, width: int) -> bool:
    """Whether two lines of that many letters hold the words."""
    return all(len(line) <= width for line in two_lines(text, width, lines=2).split("<br>"))


def plain(text: str) -> str:
    """A text that Plotly cannot read as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def units(style: Style) -> dict[str, Any]:
    """What an axis writes before and after its numbers, which stand in full: $9,000 and not 9k."""
    sign = style.unit[:1] if style.unit[:1] in "£$€" else ""
    return {
        "tickprefix": sign,
        "ticksuffix": {"share": "%", "fraction": "%"}.get(style.kind, ""),
        "exponentformat": "none",
        "separatethousands": True,
    }


def count_lines(words: str) -> int:
    """Lines of a broken text."""
    return words.count("<br>") + 1


def stacked(heights: Sequence[float]) -> tuple[list[float], float]:
    """Where each row begins from the top, and how high they are together."""
    tops, total = [], 0.0
    for height in heights:
        tops.append(total)
        total += height
    return tops, total
