"""A first visit in Chromium, from an empty cache: what is sent and when the page is there; for perf/dashboard.py."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WATCH = """() => {
  window.seen = {paint: 0, largest: 0, shift: 0, blocked: 0};
  const on = (type, each) => new PerformanceObserver(l => l.getEntries().forEach(each)).observe({type, buffered: true});
  on('paint', e => { if (e.name === 'first-contentful-paint') seen.paint = e.startTime; });
  on('largest-contentful-paint', e => { seen.largest = e.startTime; });
  on('layout-shift', e => { if (!e.hadRecentInput) seen.shift += e.value; });
  on('longtask', e => { seen.blocked += Math.max(0, e.duration - 50); });
}"""
READY = "() => document.documentElement.classList.contains('ready') && performance.now()"
DRAWN = "() => [...document.querySelectorAll('#page .chart')].every(c => c.querySelector('.main-svg'))"
WANTED = {
    "kB sent": "750",
    "requests": "18",
    "first paint, s": "0.3",
    "largest paint, s": "1.3",
    "interactive, s": "1.5",
    "blocked, ms": "650",
    "shift": "0.05",
}


def visits(chromium: str, address: str, times: int) -> list[tuple[str, str, list[float]]]:
    """(what, what the design asks for, its value at each visit), each visit with nothing kept from another."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        found = [visit(browser, address) for _ in range(times)]
        browser.close()
    return [(name, wanted, [each[name] for each in found]) for name, wanted in WANTED.items()]


def visit(browser: Any, address: str) -> dict[str, float]:
    """Figures of one visit."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda asked: sizes.append(sum(asked.sizes()[f"response{p}Size"] for p in PARTS)))
    page.add_init_script(f"({WATCH})()")
    page.goto(address)
    ready = page.wait_for_function(READY).json_value()
    page.wait_for_function(DRAWN)
    page.wait_for_timeout(500)
    seen = page.evaluate("seen")
    context.close()
    return {
        "kB sent": sum(sizes) / 1000,
        "requests": float(len(sizes)),
        "first paint, s": seen["paint"] / 1000,
        "largest paint, s": seen["largest"] / 1000,
        "interactive, s": ready / 1000,
        "blocked, ms": seen["blocked"],
        "shift": seen["shift"],
    }


PARTS = ("Headers", "Body")
