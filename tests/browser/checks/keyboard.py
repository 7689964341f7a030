"""Every link and control is reached by the Tab key, with a visible ring, and none of them is inside a chart."""

from __future__ import annotations

from typing import Any

SHOWN = """() => {
  const shown = e => e.checkVisibility({checkVisibilityCSS: true, checkOpacity: true}) && !e.closest('[hidden]');
  return [...document.querySelectorAll('a[href], button, select, input, summary, textarea, [tabindex="0"]')]
    .filter(e => !e.disabled && shown(e)).length;
}"""
FOLLOW = """() => {
  window.stops = [];
  document.activeElement.blur();
  window.scrollTo(0, 0);
  document.addEventListener('focusin', event => {
    const e = event.target, s = getComputedStyle(e);
    window.stops.push({text: (e.textContent || e.name || e.tagName).trim().slice(0, 60), chart: !!e.closest('.chart'),
      ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2});
  });
}"""


def walk(page: Any) -> list[str]:
    """Stops that are missing, out of place, without a ring or inside a chart.

    One press more than there are links and controls: it leaves the page where all of them are stops, once each.
    """
    wanted = page.evaluate(SHOWN)
    page.evaluate(FOLLOW)
    for _ in range(wanted + 1):
        page.keyboard.press("Tab")
    stops: list[dict[str, Any]] = page.evaluate("window.stops")
    faults = [f"{len(stops)} stops for {wanted} links and controls"] if len(stops) != wanted else []
    faults += [f"first stop: {stops[0]['text']}"] if stops[0]["text"] != "Skip to the content" else []
    faults += [f"inside a chart: {stop['text']}" for stop in stops if stop["chart"]]
    return faults + [f"no ring: {stop['text']}" for stop in stops if not stop["ring"]]
