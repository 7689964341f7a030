"""What the terms mean for one body: what they cover, where the ceiling starts, the limit of chance, the reward."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards import whatif
from dashboards.blocks.settled_services import covered_words
from dashboards.components import block
from dashboards.components.markup import island
from dashboards.components.numbers import period_words, symbol
from dashboards.data import Body, Book
from pipelines.scenarios.meaning import Footing, limit_words, reward_words, start_words

Row = dict[str, Any]


def meaning_panel(
    book: Book, body: Body, scheme: Row, found: whatif.Sector, tried: whatif.Trial, first: float
) -> html.Section:
    """Four terms in words; all but the first follow the sliders (assets/workbench.js).   first : ceiling of year 1."""
    about = Footing(
        body.name,
        float(found.base[0]),
        float(found.last[0]),
        first,
        period_words(found.periods[0]),
        str(book.facts.get("base_period")),
        float(whatif.thresholds(found, tried)[0]),
    )
    terms = (
        ("cover", "What it covers", covered_words(book, body, scheme)),
        ("start", "Where the ceiling starts", start_words(about, symbol(book.currency))),
        ("limit", "When it pays or keeps", limit_words(about, tried.terms)),
        ("reward", "A lasting saving", reward_words(tried.terms)),
    )
    told = [html.Div([html.Dt(term), html.Dd(said, id=f"meaning-{id}")]) for id, term, said in terms if said]
    return block.panel(f"What these terms mean for {body.name}", island(html.Dl(told, className="terms")), id="meaning")
