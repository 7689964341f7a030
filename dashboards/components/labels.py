"""Words on a chart: names broken over lines, text that is no markup, units of an axis."""

from __future__ import annotations

from typing import Any

from dashboards.components.numbers import Style

WIDEST = 22
"""Letters of a name that stand on one line of an axis."""


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


def units(style: Style) -> dict[str, Any]:
    """What an axis writes before and after its numbers, which stand in full: $9,000 and not 9k."""
    sign = style.unit[:1] if style.unit[:1] in "£$€" else ""
    return {
        "tickprefix": sign,
        "ticksuffix": {"share": "%", "fraction": "%"}.get(style.kind, ""),
        "exponentformat": "none",
        "separatethousands": True,
    }
