"""Where the reader forces colours, charts and strips keep their own, on white; words and borders take the reader's."""

from __future__ import annotations

from typing import Any

COLOURS = """() => [...document.querySelectorAll('#page :is(.chart, .strip, .shares, .bar-line)')].map(part =>
  [part, ...part.querySelectorAll('svg path, svg text, span')].map(e => {
    const style = getComputedStyle(e);
    return [style.fill, style.stroke, e === part ? '' : style.backgroundColor, style.borderLeftStyle].join(' ');
  }))"""
ON_WHITE = """() => [...document.querySelectorAll('#page :is(.chart, .strip, .shares)')]
  .filter(e => getComputedStyle(e).backgroundColor !== 'rgb(255, 255, 255)').map(e => e.className)"""


def kept(page: Any) -> list[str]:
    """Marks whose colours are lost, and charts that are not on white; the page is as before afterwards."""
    before = page.evaluate(COLOURS)
    page.emulate_media(forced_colors="active")
    after, dark = page.evaluate(COLOURS), page.evaluate(ON_WHITE)
    page.emulate_media(forced_colors="none")
    lost = [place for place, (own, forced) in enumerate(zip(before, after, strict=True)) if own != forced]
    return [
        *(f"chart or strip {place} loses its colours" for place in lost),
        *(f"not on white: {each}" for each in dark),
    ]
