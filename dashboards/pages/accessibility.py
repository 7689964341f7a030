"""Accessibility: what works, what was tested, what is not known yet."""

from __future__ import annotations

from dash import html

from dashboards.address import Address, only
from dashboards.components import block
from dashboards.data import Book


def layout(book: Book, address: Address) -> block.View:
    """The page `/accessibility`."""
    only(address)
    title = "Accessibility"
    return block.View(
        title,
        [
            block.heading(title, address, kicker="About this site"),
            block.lede("Every page works by keyboard alone, at 320 pixels, in print, and without a script."),
            block.panel(
                "What was done",
                html.Ul(
                    [
                        html.Li(
                            "Each chart is one picture with a sentence, and a table with the same figures below it."
                        ),
                        html.Li("No colour carries a meaning alone: shape, line or words carry it too."),
                        html.Li(
                            "Pages follow the device’s light, dark and forced colours; a choice stands in the footer."
                        ),
                        html.Li("Each page is tested automatically against WCAG 2.2, levels A and AA."),
                    ]
                ),
                id="done",
            ),
            block.panel(
                "What is not known yet", html.P("No test with people who use screen readers has been done."), id="open"
            ),
        ],
    )
