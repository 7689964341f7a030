"""Overview: where is difference more than chance?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import html

from dashboards.address import Address, choice, only
from dashboards.components import block, words
from dashboards.components.figures import against_peers
from dashboards.components.markup import attrs
from dashboards.components.numbers import headline_money, period_words, ratio_words, whole
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import share_bar
from dashboards.data import Book
from dashboards.pages.rows import FIELDS, VERDICTS, Rows, compared_kinds, counts, first_measure, kinds, named, tiers

FARTHEST = (1 / 6, 6.0)
"""Ratios to the peers' median beyond which a mark would squeeze all others; those bodies stand in the table only."""


def layout(book: Book, address: Address) -> block.View:
    """The page `/`: one service's bodies against their own peers, every service's counts, the release's facts."""
    only(address, "service", "model", "kind")
    first = book.foremost
    service = choice(address, "service", book.services, first)
    model = choice(address, "model", book.models, book.headline)
    kind = choice(address, "kind", kinds(book), "")
    if not service:
        return nothing(book, address)
    indicator = first_measure(book, service, model, kind)
    period = book.newest(indicator)
    rows = named(book, book.standing(model, indicator_id=indicator, period=period), kind)
    twin = twin_sheet(book, indicator, period, rows)
    services = services_sheet(book, address, model, kind)
    return block.View(
        f"Where difference between {book.nouns} is more than chance",
        [
            block.heading(
                f"Where difference between {book.nouns} is more than chance",
                address,
                kicker=" · ".join(
                    part for part in (book.title, period_words(period), kinds(book).get(kind, "")) if part
                ),
                section="overview",
            ),
            block.lede(*lede(book, indicator, rows)),
            form(book, address, service, model, kind, first),
            how_to_read(book, rows),
            figure(book, address, indicator, period, model, rows, twin),
            html.Div([services_block(book, address, services), facts(book, address, rows)], className="two uneven"),
            doors(book, address),
        ],
        "overview",
        (twin, services),
    )


def lede(book: Book, indicator: str, rows: Rows) -> list[Any]:
    """The answer: how many cannot be told apart, are higher, are lower; who was left out; that it is a proxy."""
    row, found = book.indicators[indicator], counts(rows)
    label = words.uncapital(row["label"])
    parts: list[Any] = [f"No {book.noun} can be compared on {label} yet: ", withheld_reasons(rows)]
    if found["compared"]:
        told = f"{found['same']:,} of {found['compared']:,} {book.nouns} cannot be told apart from their own peers"
        parts = [f"On {label}, ", html.B(told), f". {directions(found)}"]
        own = compared_kinds(book, rows) if len({row["body_id"] for row in rows}) == len(book.living) else []
        parts += [f" Compared are {words.listed(own)}; Kind shows the others’ own measures."] if own else []
    if found["apart"]:
        parts.append(
            f" {found['apart']:,} {_is(found['apart'])} left out, because another body pays part of the service "
            "and the figures are not like for like."
        )
    if row["proxy"]:
        parts.append(f" This is a proxy: {words.proxy(row)}.")
    return parts


def directions(found: dict[str, int]) -> str:
    """'39 are higher than peers by more than chance, and 33 are lower.'"""
    higher, lower = found["higher"], found["lower"]
    first = f"{words.capital(words.number_word(higher))} {_is(higher)} higher than peers by more than chance"
    return f"{first}, and {words.number_word(lower)} {_is(lower)} lower."


def figure(book: Book, address: Address, indicator: str, period: str, model: str, rows: Rows, twin: Sheet) -> Any:
    """The dot-and-interval plot, with three counts that take its place on a phone."""
    label = book.indicators[indicator]["label"]
    told = [row for row in rows if row["verdict"] in VERDICTS and _drawable(row)]
    drawn = [row for row in told if FARTHEST[0] <= row["ratio"] <= FARTHEST[1]]
    beyond = len(told) - len(drawn)
    sentence = (
        f"One mark is one {book.noun}, with the range its true position is likely to lie in (95%). "
        "Marks run from low to high so that intervals can be compared; this is no order of merit."
        + (f" {words.capital(words.number_word(beyond))} beyond the drawn range: see the table." if beyond else "")
    )
    found = counts(rows)
    tally = html.Div(
        [
            html.P([html.B(f"{words.SYMBOL[v]} {found[v]:,}"), words.uncapital(words.VERDICT[v])], className=v)
            for v in VERDICTS
        ],
        className="tally",
        **attrs(aria_hidden="true"),
    )
    if not drawn:
        return block.panel(label, html.P("There is nothing to draw."), id="title-nothing")
    return block.figure_block(
        f"{label}, {period_words(period)}: each {book.noun} against its own peers",
        sentence,
        against_peers(drawn, found),
        twin,
        block.Origin((indicator, period, model)),
        address,
        above=tally,
    )


def twin_sheet(book: Book, indicator: str, period: str, rows: Rows) -> Sheet:
    """The rows of the plot and those that it cannot draw, alphabetically."""
    style, polarity = book.style(indicator), book.indicators[indicator]["polarity"]
    cells = [
        [
            row["name"],
            words.shown(row, style),
            "" if row["lo"] is None else style.interval(row["lo"], row["hi"], row["value"]),
            words.difference(row) if row["verdict"] != "withheld" else "",
            f"{words.SYMBOL[row['verdict']]} {words.verdict_text(row, polarity)}",
        ]
        for row in rows
    ]
    return Sheet(
        "against-peers",
        f"{book.indicators[indicator]['label']}, {period_words(period)}",
        (
            Head(words.capital(book.noun)),
            Head(words.capital(style.unit), True),
            Head("95% interval", True),
            Head("Against the peers’ median (95% interval)"),
            Head("Verdict"),
        ),
        cells,
        FIELDS,
        rows,
        words.letters_used(rows),
    )


def services_sheet(book: Book, address: Address, model: str, kind: str) -> Sheet:
    """One row per service, or per tier where tiers open with measures of their own: how many differ from peers."""
    raw, cells = [], []
    for service, indicator, only_kinds in opened(book, model, kind):
        facts_of, period = book.services[service], book.newest(indicator)
        rows = [
            row
            for one in only_kinds or [kind]
            for row in named(book, book.standing(model, indicator_id=indicator, period=period), one)
        ]
        found = counts(rows)
        tier = "" if kind else words.listed(compared_kinds(book, rows))
        spend = spending(book, service, period, {r["body_id"] for r in rows if r["verdict"] in VERDICTS})
        link = [
            html.A(facts_of["label"], href=address.to("service", service), className="strong"),
            html.Span(
                [
                    f"{book.indicators[indicator]['label']}, ",
                    html.Span(period_words(period), className="whole"),
                    f"; {tier}" if tier else "",
                ],
                className="note",
            ),
        ]
        bar = share_bar(found["lower"], found["same"], found["higher"])
        money = headline_money(spend, None, book.currency) if spend is not None else "–"
        opens = block.claim_link(
            whole(found["compared"]), (indicator, period, model), address, f"claim-{indicator}", facts_of["label"]
        )
        numbers = [opens if rows else whole(found["compared"]), bar, *(whole(found[verdict]) for verdict in VERDICTS)]
        cells.append([link, money, *numbers])
        raw.append(
            {
                "service_id": service,
                "service": facts_of["label"],
                "indicator_id": indicator,
                "period": period,
                "kinds": tier,
                "spending": spend,
                **found,
            }
        )
    heads = (
        Head("Service"),
        Head("Spend", True),
        Head(words.capital(book.nouns), True),
        Head(f"Share of {book.nouns}"),
        Head([html.Span("▼ ", className="lower", **attrs(aria_hidden="true")), "Lower"], True),
        Head("Same", True),
        Head([html.Span("▲ ", className="higher", **attrs(aria_hidden="true")), "Higher"], True),
    )
    told = ("compared", *VERDICTS, "withheld", "apart")
    fields = ("service_id", "service", "indicator_id", "period", "kinds", "spending", *told)
    return Sheet("services", "Every service, the same question", heads, cells, fields, raw)


def opened(book: Book, model: str, kind: str) -> Iterator[tuple[str, str, list[str]]]:
    """(service, measure, kinds of body) of each row: under one kind, that kind's measure; else a row per tier."""
    for service in book.services:
        if kind:
            yield service, first_measure(book, service, model, kind), []
            continue
        found = tiers(book, service, model)
        for indicator, held in found.items():
            yield service, indicator, held if len(found) > 1 else []


def spending(book: Book, service: str, period: str, compared: set[str]) -> float | None:
    """Published cost of the bodies compared, as spent; None where the release states none."""
    column = f"cost_{book.currency.lower()}"
    found = [row[column] for row in book.rows("costs", service_id=service, period=period) if row["body_id"] in compared]
    stated = [value for value in found if value is not None]
    return sum(stated) if stated else None


def services_block(book: Book, address: Address, sheet: Sheet) -> html.Section:
    sentence = (
        f"How many {book.nouns} differ from their own peers by more than chance, on each service’s first measure; "
        "kinds that have no part in it are counted in a row of their own. "
        f"Spend is that of the {book.nouns} compared, as spent."
    )
    return block.table_block("Every service, the same question", sentence, sheet, address)


def facts(book: Book, address: Address, rows: Rows) -> html.Section:
    """This release in figures, each with the page that says why."""
    found = counts(rows)
    provisional = sum(row["status"] == "provisional" for row in rows)
    number = book.facts["counts"]
    listed = [
        (f"{words.capital(book.nouns)} compared", f"{found['compared']:,} of {len(rows):,}", None),
        ("Not like for like", f"{found['apart']:,}", ("why", address.to("quality") + "#title-like-for-like")),
        ("No verdict for another reason", f"{found['withheld'] - found['apart']:,}", None),
        ("Provisional figures", f"{provisional:,} marked P", None),
        ("Figures quarantined", f"{number['quarantined']:,}", ("why", address.to("quality") + "#title-quarantine")),
        ("Figures as published", f"{number['values']:,}", None),
        ("Open disputes", f"{len(book.replies.open):,}", ("see", address.to("disputes"))),
    ]
    items = []
    for label, value, link in listed:
        more: list[Any] = (
            [" ", html.A([link[0], html.Span(f": {label}", className="unseen")], href=link[1])] if link else []
        )
        items.append(html.Div([html.Dt(label), html.Dd([value, *more])]))
    return block.panel("This release", html.Dl(items, className="facts"), id="facts", wash=True)


def how_to_read(book: Book, rows: Rows) -> html.Details:
    """The dot, the line and the middle, told on one of the reader's own rows."""
    sample = next((row for row in rows if row["verdict"] == "same" and _drawable(row)), None)
    told = "A body is called higher or lower only when its whole line lies on one side of its own peers’ median."
    if sample:
        mark, low, high = (ratio_words(sample[name]) for name in ("ratio", "ratio_lo", "ratio_hi"))
        told = (
            f"For example {sample['name']}: against its peers’ median its mark says {mark}, and its line runs from "
            f"{low} to {high}. The line crosses the median, so {sample['name']} cannot be told apart from its peers."
        )
    return block.help_block(
        "How to read this page",
        html.P(f"Each {book.noun} is compared with its own peers, the {book.nouns} most like it, and with no others."),
        html.P(told),
        html.P("Where lines overlap, do not order them."),
    )


def form(book: Book, address: Address, service: str, model: str, kind: str, first: str) -> html.Form:
    """Service, peers and kind of body, as native selects."""
    parts = [
        block.control("service", "Service", [(id, row["label"]) for id, row in book.services.items()], service, first),
        block.control(
            "model", "Peers", [(id, str(row["label"])) for id, row in book.models.items()], model, book.headline
        ),
    ]
    if len(kinds(book)) > 1:
        listed = [("", f"All {book.nouns}"), *kinds(book).items()]
        parts.append(block.control("kind", "Kind", listed, kind, ""))
    return block.controls(address, *parts)


def doors(book: Book, address: Address) -> html.Section:
    """Three doors, by thing and not by role."""
    return block.panel(
        "Where to go from here",
        html.Ul(
            [
                html.Li(
                    [
                        html.A(f"Find your {book.noun}", href=address.to("bodies")),
                        ": where it stands, and why each of its peers is one.",
                    ]
                ),
                html.Li(
                    [
                        html.A("Open a service", href=address.to("services")),
                        f": every {book.noun} with its interval, alphabetically.",
                    ]
                ),
                html.Li(
                    [
                        html.A("Judge the data", href=address.to("quality")),
                        ": sources, checks, and every figure that was set aside, with the reason.",
                    ]
                ),
            ],
            className="doors",
        ),
        id="doors",
    )


def nothing(book: Book, address: Address) -> block.View:
    title = f"{book.title}: no services yet"
    return block.View(
        title,
        [
            block.heading(title, address, section="overview"),
            block.lede("This release describes no service. Add one to the pack’s services and publish again."),
        ],
        "overview",
    )


def withheld_reasons(rows: Rows) -> str:
    """The commonest reason for having no verdict."""
    reasons = [words.reason(row) for row in rows]
    return f"{max(set(reasons), key=lambda reason: (reasons.count(reason), reason))}." if reasons else "no figures."


def _drawable(row: dict[str, Any]) -> bool:
    return all((row[name] or 0) > 0 for name in ("ratio", "ratio_lo", "ratio_hi"))


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
