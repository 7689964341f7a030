"""From minutes saved to cash in the budget, and what may be invested for it: numbers that stay in the reader's tab.

The server paints an example; assets/minutes.js works out what is typed. Nothing typed is sent or put in the address.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboards.components import block
from dashboards.components.markup import attrs, island
from dashboards.components.numbers import headline_money, percent_of, symbol
from dashboards.components.sliders import number_input
from dashboards.components.strip import part_bar
from dashboards.data import Book
from pipelines.scenarios.capacity import Cascade, Factor, Factors, minutes_cascade
from pipelines.scenarios.invest import REFERENCE_CLASSES, appraise


@dataclass(frozen=True)
class Field:
    """A number to fill in: its name, words, the example's value, its span, and what it means."""

    name: str
    label: str
    value: float
    span: tuple[float, float, float]
    note: str


CLAIM = (
    Field("staff", "People who save time", 400, (1, 1_000_000, 1), "who do the work that gets quicker"),
    Field("minutes", "Minutes saved a day by each", 20, (0.5, 480, 0.5), "as claimed"),
    Field("days", "Days worked a year", 210, (1, 366, 1), "without leave and sickness"),
    Field("rate", "Cost of an hour", 26, (1, 1000, 0.5), "with employer’s costs"),
)
SHARES = (
    Field("adoption", "Adoption, %", 55, (0, 100, 1), "how many of them use it, on average over the year"),
    Field("persistence", "Persistence, %", 100, (0, 100, 1), "how many go on using it"),
    Field("attribution", "Attribution, %", 60, (0, 100, 1), "how much would not have happened anyway"),
    Field("rework", "Rework, %", 0, (0, 100, 1), "time spent on checking and doing again"),
    Field("convertibility", "Convertibility, %", 50, (0, 100, 1), "fragments under half an hour: about half"),
    Field("cashable", "Cashable, %", 25, (0, 100, 1), "posts that go, agency hours not bought"),
    Field("optimism", "Optimism, %", 20, (0, 100, 1), "by how much such claims have proved too high"),
)
INVESTMENT = Field("investment", "Investment now", 100_000, (1, 1e12, 1), "before any overrun")
STEPS = {
    "gross": ("Minutes claimed", "as hours a year"),
    "adopted": ("Adopted", "not everybody uses it"),
    "persisted": ("Persisted", "some stop using it"),
    "attributed": ("Attributed", "part would have happened anyway"),
    "less rework": ("Less rework", "part is spent on checking and doing again"),
    "capacity": ("Capacity", "short fragments cannot be put to other work"),
    "cash": ("Cash", "only posts removed or agency hours avoided are cash"),
    "cash after optimism": ("Cash after optimism", "claims made in advance have proved too high"),
}
"""Steps of the cascade in words, with why something is lost at each."""
USUAL_CLASS = "equipment and development"
METHOD = "M5.8"


def minutes_panel(book: Book, years: int) -> html.Section:
    """Inputs, cascade and appraisal over the settlement's years, painted with an example."""
    data = {
        "sign": symbol(book.currency),
        "years": years,
        "steps": list(STEPS),
        "fields": [field.name for field in (*CLAIM, *SHARES, INVESTMENT)],
        "classes": {name: bounds[0] for name, bounds in REFERENCE_CLASSES.items()},
    }
    found = example()
    content = [
        html.P(
            [html.B("These numbers stay in this tab"), " and are an example until you change them."], className="sub"
        ),
        html.P(said(book, found), id="minutes-said", role="status", **attrs(aria_live="polite")),
        html.Div([inputs(), cascade_table(book, found)], className="two"),
        appraisal(book, found, years),
        html.Div(json.dumps(data, ensure_ascii=False), id="minutes-data", hidden=True),
    ]
    title = "From minutes saved to cash in the budget"
    return block.panel(title, island(html.Div(content, className="minutes")), id="minutes")


def example() -> Cascade:
    """The cascade of the example's numbers."""
    shares = {field.name: Factor(field.value / 100) for field in SHARES}
    staff, minutes, days, rate = (field.value for field in CLAIM)
    return minutes_cascade(staff, minutes, days, rate, Factors(**shares))


def said(book: Book, found: Cascade) -> str:
    """What of the claim reaches the budget, in one sentence."""
    claim, capacity = found.at("gross"), found.at("capacity")
    other = 1 - found.at("cash").hours / capacity.hours
    return (
        f"Of the {money(book, claim.value_gbp)} a year that the minutes claimed would be worth, "
        f"{money(book, found.cash_gbp)} ({percent_of(found.share_of_claim)}) reaches the budget; "
        f"{capacity.hours:,.0f} hours ({found.fte:,.1f} posts) are freed, {percent_of(other)} of them for other work."
    )


def money(book: Book, amount: float) -> str:
    return headline_money(amount, currency=book.currency)


def inputs() -> html.Div:
    """The numbers to fill in, each with what it means."""
    rows = [
        html.Div(
            [
                html.Label(field.label, htmlFor=f"minutes-{field.name}"),
                number_input("number", f"minutes-{field.name}", f"{field.value:g}", field.span, className="typed"),
                html.Span(field.note, className="note"),
            ],
            className="control",
        )
        for field in (*CLAIM, *SHARES)
    ]
    return html.Div(rows, className="minutes-inputs")


def cascade_table(book: Book, found: Cascade) -> Any:
    """Every step with hours, money, what is left of the claim, and why the rest is lost."""
    whole = found.at("gross").value_gbp
    body = [
        html.Tr(
            [
                html.Th([STEPS[step.name][0], block.note(STEPS[step.name][1])], scope="row"),
                html.Td(f"{step.hours:,.0f}", className="number"),
                html.Td(money(book, step.value_gbp), className="number"),
                html.Td([part_bar(step.value_gbp / whole), percent_of(step.value_gbp / whole)], className="number"),
            ]
        )
        for step in found.steps
    ]
    heads = ("Step, and what is lost at it", "Hours a year", "Worth a year", "Of the claim")
    return scrolled("From minutes to cash", heads, body)


def appraisal(book: Book, found: Cascade, years: int) -> html.Div:
    """What an investment for it would be worth: as planned, and with the overruns that such projects have had."""
    field = INVESTMENT
    amount = number_input("number", f"minutes-{field.name}", f"{field.value:g}", field.span, className="typed")
    kinds = [html.Option(name, value=name, selected=name == USUAL_CLASS) for name in REFERENCE_CLASSES]
    low, high = REFERENCE_CLASSES[USUAL_CLASS][0]
    body = []
    for name, overrun in (("As planned", 0.0), ("Least overrun", low), ("Greatest overrun", high)):
        worth = appraise(field.value, [found.cash_gbp] * years, cost_uplift=overrun)
        back = f"not in {years} years" if math.isnan(worth.payback_year) else f"year {worth.payback_year:g}"
        cells = (percent_of(overrun), *(money(book, each) for each in (worth.cost, worth.benefits, worth.npv)), back)
        body.append(html.Tr([html.Th(name, scope="row"), *(html.Td(cell, className="number") for cell in cells)]))
    heads = ("Course of the project", "Overrun", "Cost", f"Cash of {years} years today", "Worth today", "Paid back")
    return html.Div(
        [
            html.H3("Invest to save"),
            html.P(
                "Only cash repays an investment. Overruns are the published bounds of such projects before risks are "
                "managed; later cash is discounted at 3.5% a year.",
                className="sub",
            ),
            html.Div(
                [
                    html.Div([html.Label(field.label, htmlFor="minutes-investment"), amount], className="control"),
                    html.Div(
                        [
                            html.Label("Kind of project", htmlFor="minutes-class"),
                            html.Select(kinds, id="minutes-class"),
                        ],
                        className="control",
                    ),
                ],
                className="controls",
            ),
            scrolled("Invest to save", heads, body),
        ]
    )


def scrolled(title: str, heads: tuple[str, ...], body: list[Any]) -> html.Div:
    """A table in a region of its own that scrolls."""
    top = [html.Th(head, scope="col", className="number" if place else None) for place, head in enumerate(heads)]
    table = html.Table(
        [html.Caption(title, className="unseen"), html.Thead(html.Tr(top)), html.Tbody(body)], className="figures"
    )
    return html.Div(table, className="scroll", tabIndex=0, role="region", **attrs(aria_label=f"{title}, table"))
