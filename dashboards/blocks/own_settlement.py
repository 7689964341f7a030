"""What own figures would keep under the terms, and how the trial is worked out: frames that a script fills."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards.components import block, words
from dashboards.data import Book

Data = dict[str, Any]


def settlement(book: Book, data: Data) -> html.Section:
    """What would be kept under the terms, year by year; the script fills it."""
    terms = data["settlement"]
    if terms is None:
        said = html.P("This release has no cost of this body that a settlement could rest on.")
        return block.panel("What you would keep", said, id="title-keep")
    names = [str(book.services[each["service"]]["label"]) for each in terms["costs"]]
    told = html.P(
        [
            html.B(f"{str(terms['label']).rstrip('.')}.", className="badge"),
            f" Over {words.listed([words.uncapital(name) for name in dict.fromkeys(names)])}. ",
            rests_on(terms),
        ]
    )
    slots = [html.P(id="own-kept"), html.Div(id="own-keep"), html.P(id="own-power")]
    return block.panel("What you would keep", told, *slots, id="title-keep")


def rests_on(terms: Data) -> str:
    """Where the ceilings come from and what the costs are before anybody fills them in."""
    costs = (
        "Costs are your figures where you gave them and published ones elsewhere, the same each year, "
        "until you change a year."
    )
    if terms["offered"]:
        nobody = " The terms are an illustration and bind nobody." if terms["illustration"] else ""
        return f"Ceilings, in base-year prices, are those that this release states.{nobody} {costs}"
    why = "This release offers this body no settlement by terms."
    if terms["programme"]:
        why = f"“{terms['programme']}” follows rules of its own, which this page does not work out."
    return (
        f"{why} Ceilings, in base-year prices, start from the published cost, "
        f"ask for half of the lower end of the potential over five years and for 0.8% a year besides. {costs}"
    )


def about(book: Book) -> html.Details:
    """How the trial differs from a published figure."""
    taken = " Money is taken in the prices of its period and turned into base-year prices as this release does it."
    prices = taken if book.facts.get("deflator") else ""
    return block.help_block(
        "How is this worked out, and what does it leave out?",
        html.P(f"Your figures take the place of published ones; your peers’ stay as they are published.{prices}"),
        html.P(
            "The interval has the published spread of your own past figures, or that of a share or a count. A verdict "
            "needs the whole interval on one side of the peers’ median, as everywhere here."
        ),
        html.P(
            "The potential is the simple form: your unit cost less that of the best quarter of peers, times your "
            "volume, from one end of your interval to the other. The published one draws every figure towards what "
            "chance could have made it, 20,000 times, and is usually smaller."
        ),
    )
