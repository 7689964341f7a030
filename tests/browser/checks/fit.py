"""Nothing is cut off: on a narrow screen, at four times the size, on paper.

1,280 pixels at 400 % are 320 CSS pixels, and 1,024 are 256: a phone and a magnified page are one check (WCAG 1.4.10).
"""

from __future__ import annotations

from typing import Any

NARROW = {"width": 320, "height": 256}
SHEET = {"width": 688, "height": 1017}
"""A4 without its margins, in CSS pixels."""
CUT = """() => {
  const near = 1.5, found = [];
  const name = e => `<${e.tagName.toLowerCase()} ${e.id || e.getAttribute('class') || ''}> `
    + `${e.textContent.trim().slice(0, 60)}`;
  const seen = e => e.checkVisibility({checkVisibilityCSS: true}) && !e.closest('.unseen, [hidden], .skip');
  for (const text of document.querySelectorAll('.chart text')) {
    if (!text.textContent.trim() || !seen(text)) continue;
    const box = text.getBoundingClientRect(), chart = text.closest('.chart').getBoundingClientRect();
    if (box.left < chart.left - near || box.right > chart.right + near || box.top < chart.top - near
      || box.bottom > chart.bottom + near) found.push(`beyond its chart: ${name(text)}`);
  }
  const cuts = style => [style.overflowX, style.overflowY].some(each => each === 'hidden' || each === 'clip');
  for (const e of document.querySelectorAll('body *:not(svg, svg *, script, style, option, input[type=file])')) {
    if (!seen(e)) continue;
    const style = getComputedStyle(e);
    if (style.textOverflow === 'ellipsis') found.push(`ellipsis: ${name(e)}`);
    const overflows = e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
    if (cuts(style) && overflows && e.textContent.trim() && !e.closest('.chart')) found.push(`cut off: ${name(e)}`);
  }
  return found;
}"""
BEYOND = """width => [...document.querySelectorAll('body *:not(svg *)')].filter(e => {
  const box = e.getBoundingClientRect();
  return e.checkVisibility() && !e.closest('.unseen, .scroll, .skip') && box.width && box.right > width + 1;
}).map(e => `beyond the edge: <${e.tagName.toLowerCase()} ${e.id || e.className}> ${e.textContent.slice(0, 60)}`)"""
DRAWN = """() => [...document.querySelectorAll('.chart .main-svg:first-child')].every(
  s => s.getBoundingClientRect().width <= s.closest('.chart').getBoundingClientRect().width + 1)"""

PRESSED = """() => [...document.querySelectorAll('#page .js-plotly-plot')].every(
    chart => chart.querySelector('.main-svg').getAttribute('width') === '660')"""
"""Whether every chart has the width of a sheet: the page gives it to them once it hears of paper."""


def narrow(page: Any) -> list[str]:
    """What scrolls sideways or is cut off at 320 pixels, tables unfolded."""
    page.set_viewport_size(NARROW)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_function(DRAWN)
    return [*sideways(page, NARROW["width"]), *page.evaluate(CUT)]


def printed(page: Any) -> list[str]:
    """What is wider than a sheet of paper or cut off there."""
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")
    page.wait_for_function(DRAWN)
    page.wait_for_function(PRESSED)
    found = [*sideways(page, SHEET["width"]), *page.evaluate(CUT)]
    page.emulate_media(media="screen")
    return found


def sideways(page: Any, width: int) -> list[str]:
    """What makes the page wider than its window, outside regions that scroll by themselves."""
    if page.evaluate("document.documentElement.scrollWidth") <= width:
        return []
    return page.evaluate(BEYOND, width) or ["the page scrolls sideways"]
