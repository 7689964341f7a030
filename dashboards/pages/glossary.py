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
        "Reliability",
        "How much of the spread between bodies is real and not chance, from 0 to 1. Below 0.7 a single body’s figure "
        "is not read alone; below 0.4 it says little.",
    ),
    (
        "Funnel",
        "Each body against its size, with the limits that chance alone allows. Small bodies may lie further out "
        "without anything being unusual.",
    ),
    (
        "Delivery chain",
        "From money to inputs, outputs and outcomes. The stage furthest behind peers is named; that is where to look, "
        "not who is at fault.",
    ),
    (
        "Reachable potential",
        "What would be spent less a year if this body matched the cheapest quarter at today’s outputs and quality, "
        "as a range, before the cost of getting there. A verdict compares with the peers’ median, so both can hold. "
        "Figures of two routes or services that overlap are not added up.",
    ),
    (
        "Grade of a potential",
        "A: reliable, and every way of reckoning starts above nought. B: the main one does, but another reaches nought "
        "or disagrees, or the figure is not firm. C: the main one reaches nought, so no amount is shown.",
    ),
    (
        "Robustness",
        "How many other fair ways of choosing peers give the same verdict. Where fewer than two thirds do, the verdict "
        "loses its colour and says so.",
    ),
    (
        "Productivity",
        "Output, with quality where it is measured, over what went in, followed over the years. A break in a series "
        "is drawn as a break.",
    ),
    (
        "Frontier",
        "The least input seen for the same output among comparable bodies. It assumes data without error, so it never "
        "sets a target, a grade or a payment.",
    ),
    (
        "Exemplar",
        "A comparable body that has spent less for two figures or more without worse quality, and since when. "
        "A question to ask it, no order to "
        "follow.",
    ),
    (
        "Glide path",
        "The way from today’s level to a target, year by year: catching up with peers and ongoing improvement kept "
        "apart. It is fixed once agreed.",
    ),
    (
        "Control chart",
        "A body’s own series with the limits that its usual ups and downs keep to. A point outside, or a long run on "
        "one side, says that something changed; it does not say why.",
    ),
    (
        "Resource ceiling",
        "What a body may spend in a year under a settlement, with volumes, prices and catching up allowed for. What is "
        "spent below it is shared.",
    ),
    (
        "Sharing rate",
        "The part of each amount below the ceiling that the body keeps; the centre gets the rest.",
    ),
    (
        "Limit of a settlement",
        "How far from its ceiling a year’s cost must be before anything is kept or paid; nearer than that it may be "
        "chance. It is as wide as a body’s figures vary by chance, and at least as wide as the terms say. For "
        "overspending it is also called a dead band.",
    ),
    (
        "Borne by the centre",
        "The part of an overspend that the body does not pay. In tables such amounts are below 0, and those that go to "
        "the centre above it.",
    ),
    (
        "Points of the peers’ median",
        "Percentage points: a body that moves from 10% above its peers’ median to 25% above it moved by 15 points. The "
        "parts of such a move add up.",
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
            html.P(
                [
                    "How each figure is made: ",
                    html.A("every method", href=address.to("methods")),
                    ". What each table and column means: ",
                    html.A("the data dictionary", href=address.to("dictionary")),
                    ".",
                ]
            ),
            block.panel("Words", html.Dl(terms, className="terms"), id="words"),
            block.panel("Letters beside or instead of a figure", html.Dl(letters, className="terms"), id="letters"),
        ],
    )
