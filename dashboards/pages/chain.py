"""Delivery chain: which stage should we look at?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, Refused, only
from dashboards.blocks.body_header import header, known, not_compared
from dashboards.blocks.chain_gap import (
    chain_gap,
    chain_rows,
    factor,
    money,
    money_span,
    own_cost,
    reading,
    span,
    sure,
    told_parts,
)
from dashboards.components import block, words
from dashboards.components.numbers import headline_money, period_words, plural, ratio_words
from dashboards.data import Body, Book

Row = dict[str, Any]


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>/chain[/<service>]`: the stages from money to results, and the gap in money at each."""
    only(address)
    body = known(book, address.parts[1])
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    services = with_chain(book, body)
    if len(address.parts) == 4 and address.parts[3] not in book.services:
        raise Refused(404, f"This release has no service called “{address.parts[3]}”.")
    service = address.parts[3] if len(address.parts) == 4 else next(iter(services), "")
    rows = chain_rows(book, body, service) if service else []
    made = chain_gap(book, address, body, service, rows[0]["period"]) if rows else None
    return block.View(
        f"Delivery chain of {body.name}",
        [
            *header(book, address, body, book.headline, "chain"),
            block.lede(*lede(book, body, service, rows)),
            choices(book, address, body, services, service),
            basis(book, body, service, rows),
            stages(book, rows),
            made[0] if made else None,
            about(book, service) if service else None,
        ],
        "bodies",
        (made[1],) if made else (),
    )


def with_chain(book: Book, body: Body) -> list[str]:
    """Services whose chain the release can show of the body, by label."""
    found = {row["service_id"] for row in book.rows("chains", body_id=body.id) if row["factor"] is not None}
    return sorted(found, key=lambda id: str(book.services[id]["label"]))


def lede(book: Book, body: Body, service: str, rows: Sequence[Row]) -> list[Any]:
    """The gap in money and the stage to look at, or why neither can be told."""
    if not rows:
        return [f"This release has no delivery chain of {body.name}: a stage needs cost, output and result together."]
    label, whole = words.uncapital(book.services[service]["label"]), next(row for row in rows if not row["stage"])
    if whole["gap"] is None:
        return [
            f"{body.name}’s chain for {label} cannot be compared: {whole['reason'] or 'too few peers have it all'}."
        ]
    more = "more" if whole["gap"] > 0 else "less"
    told = f"{headline_money(abs(whole['gap']), currency=book.currency)} {more}"
    parts: list[Any] = [
        f"For the same results, {body.name} spent ",
        html.B(told),
        f" on {label} in {period_words(whole['period'])} than {plural(whole['n_peers'], 'peer', 'peers')} would. ",
    ]
    parts.append(words.capital(sure(book, whole)))
    if said := told_parts(book, rows):
        parts += [" By stage: ", html.B(said), "."]
    return parts


def basis(book: Book, body: Body, service: str, rows: Sequence[Row]) -> Any:
    """Whether money is as spent or at average wages and rents, and what the adjustment comes to."""
    first = next((row for row in rows if row["stage"]), None)
    spent = own_cost(book, body, service, first["period"]) if first else None
    if first is None or spent is None:
        return None
    if not book.services[service]["area_costs"]:
        return html.P("Money is as spent: this release holds no index of local wages and rents for the service.")
    money_of = [headline_money(each, currency=book.currency) for each in (spent, first["above_value"])]
    change = first["above_value"] - spent
    way = "more" if change > 0 else "less"
    return html.P(
        [
            "Money is adjusted for local wages and rents: ",
            html.B(f"{headline_money(abs(change), currency=book.currency)} {way}"),
            f" than the {money_of[0]} spent, which would have been {money_of[1]} at average wages and rents.",
        ]
    )


def choices(book: Book, address: Address, body: Body, services: Sequence[str], chosen: str) -> Any:
    """Links to the chain of each service."""
    if len(services) < 2:
        return None
    items = []
    for id in services:
        label = str(book.services[id]["label"])
        link = html.A(label, href=address.to("body", body.id, "chain", id, model=address.query.get("model")))
        items.append(html.Li(html.B(label) if id == chosen else link))
    return html.Ul(items, className="choices")


def stages(book: Book, rows: Sequence[Row]) -> Any:
    """The stages from left to right: the body's factor, its peers', the gap; the bottleneck is outlined."""
    cards = [card(book, row) for row in rows if row["stage"]]
    if not cards:
        return None
    return html.Section(
        [html.H2("Stage by stage", id="title-stages"), html.Ol(cards, className="stages")], className="panel"
    )


def card(book: Book, row: Row) -> html.Li:
    """One stage."""
    title = [html.B(words.capital(row["label"])), block.note(reading(book, row))]
    if row["factor"] is None:
        return html.Li(title, className="stage")
    facts = [
        html.Dt("Here"),
        html.Dd(factor(book, row, row["factor"])),
        html.Dt("Middle half of peers"),
        html.Dd(span(book, row)),
        html.Dt("Against peers"),
        html.Dd(ratio_words(row["ratio"]) if row["ratio"] is not None else "–"),
        html.Dt("Gap in money"),
        html.Dd(money(book, row)),
        html.Dt("95% interval"),
        html.Dd("–" if row["gap_lo"] is None else money_span(book, row)),
    ]
    said = html.P("Look here first: the largest part, and unusual among peers.", className="first")
    return html.Li(
        [*title, html.Dl(facts), said if row["bottleneck"] else None],
        className="stage bottleneck" if row["bottleneck"] else "stage",
    )


def about(book: Book, service: str) -> html.Details:
    """What the parts are, and what they are not."""
    return block.help_block(
        "What does this mean?",
        html.P(
            "The cost of a result is the product of its stages: what an input costs, how many inputs an output takes, "
            "how many outputs a result takes. The gap to peers is shared out by the logarithms of the stages’ ratios, "
            "so that the parts add up exactly and their order does not matter."
        ),
        html.P(
            "A gap is an unexplained difference, not waste. The reference is the geometric mean over the same peers at "
            "every stage; the middle half of each stage alone is shown beside it and does not multiply to the whole."
        ),
        *([html.P(str(book.services[service]["note"]))] if book.services[service]["note"] else []),
    )
