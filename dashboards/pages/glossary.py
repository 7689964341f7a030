"""Words and methods: one glossary for every page."""

from __future__ import annotations

from dash import html

from dashboards.address import Address, only
from dashboards.components import block, words
from dashboards.data import Book
from pipelines.contracts import STATUS_LETTER

TERMS = (
    (
        "Peers",
        "The bodies most like a given one on features outside its control, such as how many people live there and how "
        "closely together. No measure of cost, performance or quality takes part in choosing them.",
    ),
    (
        "Peers’ median",
        "The middle value of the peers: half of them are above it, half below. The body itself is left out.",
    ),
    (
        "Middle half of peers",
        "From the value that a quarter of peers are below to the value that a quarter are "
        "above (quartiles of type 7, as spreadsheets compute them).",
    ),
    (
        "95% interval",
        "The range in which the true level is likely to lie. Chance alone could move the "
        "figure this much. How each was found stands in its claim.",
    ),
    (
        "Cannot be told apart from its peers",
        "The interval crosses the peers’ median. This is a statement about evidence, not that the two are equal.",
    ),
    (
        "Higher or lower than peers by more than chance",
        "The whole interval lies on one side of the peers’ median. A direction, not praise "
        "or blame; where one direction is wanted, the words say so.",
    ),
    ("Other fair peer sets disagree", "Fewer than two thirds of the peer sets tried give the same verdict."),
    (
        "Look here first",
        "Services in order of how clearly they differ from peers: the "
        "difference over its standard error. Not an order of merit.",
    ),
    (
        "Like for like",
        "Where another body pays part of a service, the figures do not compare. Such "
        "bodies are left out, counted and named with the source.",
    ),
    ("Proxy", "A measure that stands in for another that nobody publishes. It says so wherever it appears."),
    ("Quarantine", "Cells that failed a check. They are stored with the reason and never shown as performance."),
    (
        "Edition",
        "One state of a publisher’s file: the date in its own words and the first digits "
        "of its hash. Revisions are new editions; the older ones stay.",
    ),
    (
        "Release",
        "An immutable set of tables whose name is made from its content. The "
        "same address and release always show the same page.",
    ),
)


def layout(book: Book, address: Address) -> block.View:
    """The page `/glossary`."""
    only(address)
    terms = [html.Div([html.Dt(term), html.Dd(meaning)]) for term, meaning in TERMS]
    letters = [
        html.Div([html.Dt(STATUS_LETTER[status]), html.Dd(words.capital(meaning))])
        for status, meaning in words.SPOKEN.items()
        if STATUS_LETTER[status]
    ]
    title = "Words and methods"
    return block.View(
        title,
        [
            block.heading(title, address, kicker=book.title),
            block.lede("What the words on these pages mean, and what they do not."),
            block.panel("Words", html.Dl(terms, className="terms"), id="words"),
            block.panel("Letters beside or instead of a figure", html.Dl(letters, className="terms"), id="letters"),
        ],
    )
