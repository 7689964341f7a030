"""A page for each thing that can be wrong with an address, with the way out."""

from __future__ import annotations

from dash import html

from dashboards.components.block import View
from dashboards.components.markup import attrs

TITLES = {
    400: "This address cannot be read",
    404: "There is no such page",
    414: "This address is too long",
    500: "This page failed",
}
EMPTY = "Nothing has been published yet"


def page(status: int, sentence: str, home: str, plain: str = "") -> View:
    """What was wrong and where to go instead; `plain` is the same page without the settings of its address."""
    title = TITLES.get(status, "There is no such page")
    again = ["Open ", html.A("this page without its settings", href=plain), ", go"] if plain else ["Go"]
    return _view(
        title,
        status,
        html.P(sentence, className="lede", id="lede"),
        html.P([*again, " to the ", html.A("overview", href=home or "/"), ", or type a name in the search box above."]),
    )


def failed(home: str, release: str) -> View:
    """An internal fault: what failed, that nothing else is affected, how to go on. No trace is shown."""
    return _view(
        TITLES[500],
        500,
        html.P(
            "This page could not be made. Nothing else is affected, and no figure was changed.",
            className="lede",
            id="lede",
        ),
        html.P(["Load the page again, or go to the ", html.A("overview", href=home or "/"), "."]),
        html.P(["When you report this, quote release ", html.Code(release or "none"), " and this page’s address."]),
    )


def empty() -> View:
    """Before the first release."""
    return _view(
        EMPTY,
        404,
        html.P(
            [
                "To publish the sectors that ship with Evenhand, type ",
                html.Code("evenhand run"),
                " and load this page again.",
            ],
            className="lede",
            id="lede",
        ),
    )


def _view(title: str, status: int, *content: object) -> View:
    heading = html.Div(html.H1(title, tabIndex=-1, id="top", **attrs(data_section="")), className="heading")
    return View(title, [heading, *content], status=status)
