"""Settlements across the sector: who would gain, who would lose, and what each way of finding a total asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from dash import html

from dashboards import whatif
from dashboards.address import Address, Refused, choice, only, page_number
from dashboards.blocks.sector_block import asked_block, facts
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import headline_money, percent_of, period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import share_bar
from dashboards.data import Book
from dashboards.pages.bodies import pager
from dashboards.pages.rows import kinds
from dashboards.pages.settlement import NAMES, form, illustration
from pipelines.contracts.production import hundredths

Row = dict[str, Any]
PAGE = 50
NO_RANGE = (
    "What was paid for a year is a fact and has no range. Chance decides part of it all the same: this release has no "
    "ways of finding one total under this programme, so it does not say how much."
)


def layout(book: Book, address: Address) -> block.View:
    """The page `/settlements[/<scheme>]`: terms on trial for the whole sector, or a real programme's totals."""
    only(address, "plan", "kind", "page", "period", *NAMES)
    schemes = whatif.schemes_of(book)
    if not schemes:
        said = "This release holds no settlement scheme."
        return block.View("Settlements", [block.heading("Settlements", address), block.lede(said)], "settlements")
    id = address.parts[1] if len(address.parts) == 2 else next(iter(schemes))
    if id not in schemes:
        raise Refused(404, f"This release has no settlement scheme called “{id}”.")
    scheme = schemes[id]
    return (trial_view if scheme["said"].get("terms") else programme_view)(book, address, scheme)


def trial_view(book: Book, address: Address, scheme: Row) -> block.View:
    """Every body settled now under the terms of the address."""
    tried = whatif.trial(address, scheme)
    found = whatif.sector(book, scheme["policy_id"])
    rows = settled_rows(book, found, tried)
    kind = choice(address, "kind", kinds(book), "")
    shown = [row for row in rows if kind in ("", row["class_id"])]
    pages = -(-len(shown) // PAGE)
    page = page_number(address, pages)
    part = listing(book, address, shown[(page - 1) * PAGE : page * PAGE])
    ways = ways_block(book, address, scheme)
    asked = asked_block(book, address, scheme["policy_id"], kind)
    whose = f" of all {book.nouns}, whatever kind is chosen below" if kind else ""
    covers = f"{'On trial, not offered' if tried.moved else 'As offered'}; over all years of the plan{whose}."
    return block.View(
        scheme["label"],
        [
            block.heading(scheme["label"], address, kicker="Settlements", section="settlements"),
            block.lede(*lede(book, rows, found), unsettled(book, scheme["policy_id"], rows)),
            illustration(scheme),
            html.Div(
                [
                    form(address, scheme, tried),
                    html.Div(
                        [
                            facts(book, address, scheme["policy_id"], rows, covers),
                            strength(book, address, scheme),
                        ],
                        className="pile",
                    ),
                ],
                className="two",
            ),
            kind_links(book, address, kind),
            asked[0],
            ways[0] if ways else None,
            block.table_block(f"Every {book.noun}", table_words(book, tried, found), part, address),
            pager(address, page, pages),
        ],
        "settlements",
        (replace(part, raw=shown), *((ways[1],) if ways else ()), *((asked[1],) if asked[1] else ())),
    )


def kind_links(book: Book, address: Address, kind: str) -> Any:
    """Which kind of body the bars and the table show, as links that keep the terms on trial; nothing where one kind."""
    found = kinds(book)
    if len(found) < 2:
        return None
    listed = [("", f"All {book.nouns}"), *((id, words.capital(label)) for id, label in found.items())]
    items = [
        html.Li(html.B(label) if id == kind else html.A(label, href=address.here(kind=id or None, page=None)))
        for id, label in listed
    ]
    return html.Ul(items, className="choices", **attrs(aria_label="Kind"))


def settled_rows(book: Book, found: whatif.Sector, tried: whatif.Trial) -> list[Row]:
    """Per body, over all years: below the ceiling, kept, centre, as sums in the currency; alphabetically."""
    if not found.bodies:
        return []
    flows = whatif.settled(found, tried)
    sums = {name: np.nansum(getattr(flows, name), axis=1) for name in ("ceiling", "below", "kept", "centre")}
    rows = [
        {
            "body_id": body,
            "name": book.name(body),
            "class_id": book.bodies[body].class_id if body in book.bodies else "",
            "gap": float(found.gap[place]),
            "threshold": float(found.threshold[place]),
            **{name: float(values[place]) for name, values in sums.items()},
        }
        for place, body in enumerate(found.bodies)
    ]
    return sorted(rows, key=lambda row: (str(row["name"]).casefold(), row["body_id"]))


def lede(book: Book, rows: Sequence[Row], found: whatif.Sector) -> list[Any]:
    """How many would keep something, how many would pay, how much in all."""
    if not rows:
        return [f"No {book.noun} has a baseline under this scheme."]
    gain, pay = sum(row["kept"] > 0 for row in rows), sum(row["kept"] < 0 for row in rows)
    total = sum(row["kept"] for row in rows)
    last = period_words(found.periods[-1])
    return [
        f"If every {book.noun} followed the plan to {last}, ",
        html.B(f"{gain:,} of {len(rows):,} would keep part of a saving"),
        f", {pay:,} would pay for an overspend, and the rest neither. ",
        f"Together they would {'keep' if total >= 0 else 'pay, net,'} {money(book, abs(total))}.",
    ]


def unsettled(book: Book, scheme: str, rows: Sequence[Row]) -> str:
    """How many share the total with these and have no settlement; empty where none."""
    left = {row["body_id"] for row in book.rows("scheme_bodies", scheme_id=scheme)} - {row["body_id"] for row in rows}
    if not left:
        return ""
    many = f"{words.capital(words.number_word(len(left)))} more {'has' if len(left) == 1 else 'have'} no settlement"
    why = "for want of a comparable cost in every year of the baseline; the ways of finding one total below count all"
    return f" {many}, {why}."


def money(book: Book, amount: float) -> str:
    return headline_money(amount, currency=book.currency)


def listing(book: Book, address: Address, rows: Sequence[Row]) -> Sheet:
    """One row per body with the link to its own workbench."""
    query = {name: value for name, value in address.query.items() if name in (*NAMES, "plan")}
    cells = [
        [
            html.A(row["name"], href=address.to("body", row["body_id"], "settlement", **query), className="strong"),
            percent_of(row["gap"]),
            signed(row["below"] / row["ceiling"]),
            money(book, row["below"]),
            money(book, row["kept"]),
            money(book, row["centre"]),
        ]
        for row in rows
    ]
    heads = (
        Head(words.capital(book.noun)),
        Head("Gap that counts", True),
        Head("Below (+) or above (−), of the ceiling", True),
        Head("Below (+) or above (−) the ceiling", True),
        Head("Kept (+) or paid (−)", True),
        Head("To the centre (+) or borne by it (−)", True),
    )
    fields = ("body_id", "name", "gap", "threshold", "ceiling", "below", "kept", "centre")
    return Sheet("settled", "Settlement of each", heads, cells, fields, rows)


def signed(share: float) -> str:
    return f"{'−' if share < 0 else ''}{percent_of(abs(share))}"


def table_words(book: Book, tried: whatif.Trial, found: whatif.Sector) -> str:
    """What the sums cover."""
    trial = "On trial, not offered. " if tried.moved else "As offered. "
    return f"{trial}Sums over {plural(len(found.periods), 'year', 'years')}, alphabetically: no order of merit."


def strength(book: Book, address: Address, scheme: Row) -> Any:
    """How strong the offered terms reward saving in each year, and where they pay too much or too little."""
    rows = sorted(book.rows("incentives", scheme_id=scheme["policy_id"]), key=lambda row: row["year"])
    if not rows:
        return None
    items = [
        html.Li(
            f"Year {row['year']}: of the value of a lasting saving {percent_of(row['power'])} is kept, against "
            f"{percent_of(row['power_annual'])} where what is not spent is lost"
        )
        for row in rows
        if row["power"] is not None
    ]
    odd = sorted({row["perverse"] for row in rows if row["perverse"]})
    cliffs = sorted({row["cliffs"] for row in rows if row["cliffs"] and not row["perverse"]})
    notes = listed_once("Where another unit of money saved is punished or overpaid", odd)
    notes += [html.P(f"What is kept jumps at savings of {jumps(each)} of what is allowed.") for each in cliffs]
    return block.panel("How strong the reward is", html.Ul(items), *notes, id="strength")


def listed_once(title: str, texts: Sequence[str]) -> list[Any]:
    """Each part of semicolon-separated texts once, under one title."""
    parts = list(dict.fromkeys(part.strip() for text in texts for part in text.split(";") if part.strip()))
    return [html.P([html.B(f"{title}: "), f"{'; '.join(parts)}."])] if parts else []


def jumps(cliffs: str) -> str:
    """Places of jumps in words: '−1% and 1%'."""
    return words.listed([f"{each}%".replace("-", "−") for each in cliffs.split()])


def ways_block(book: Book, address: Address, scheme: Row) -> tuple[Any, Sheet] | None:
    """The same total found in several ways: cuts beyond the possible, potential untouched, winners and losers."""
    rows = book.rows("schemes", scheme_id=scheme["policy_id"])
    if not rows:
        return None
    unit = book.currency.lower()
    cells = [
        [
            [opened(book, address, row), block.note(row["words"])],
            span(book, row, "overcut", unit),
            span(book, row, "untapped", unit),
            "–" if row["burden"] is None else f"{row['burden']:+.2f}".replace("-", "−"),
            html.Div(
                [
                    share_bar(row["winners"] or 0, row["undecided"] or 0, row["losers"] or 0),
                    f"{row['winners'] or 0} less, {row['undecided'] or 0} cannot be told, {row['losers'] or 0} more",
                ]
            ),
        ]
        for row in rows
    ]
    heads = (
        Head("Way of finding the total"),
        Head("Cuts beyond what peers show possible", True),
        Head("Potential left untouched", True),
        Head("Burden on the deprived", True),
        Head("Asked less or more than under equal cuts"),
    )
    sheet = Sheet("ways", "Ways of finding one total", heads, cells, tuple(rows[0]), rows)
    said = (
        "Arithmetic only, as offered, with 90% ranges over what the potential may be. Burden: 0 is evenly spread over "
        "deprived and other places, above 0 the deprived carry more."
    )
    return block.table_block("The same total in other ways", said, sheet, address), sheet


def opened(book: Book, address: Address, row: Row) -> Any:
    """The name of a way, opening where its figures come from."""
    parts = ("of", "schemes", "sector", row["scheme_id"], book.newest_period, row["way"])
    return block.claim_link(row["label"], parts, address, f"claim-way-{row['way']}", "where its figures come from")


def span(book: Book, row: Row, name: str, unit: str) -> str:
    """An amount with its range."""
    if row[f"{name}_{unit}"] is None:
        return "–"
    ends = " to ".join(money(book, row[f"{name}_{end}_{unit}"] or 0.0) for end in ("lo", "hi"))
    return f"{money(book, row[f'{name}_{unit}'])} ({ends})"


def programme_view(book: Book, address: Address, scheme: Row) -> block.View:
    """A real programme: one year's ledger of every body."""
    rows = book.rows("settlements", scheme_id=scheme["policy_id"])
    periods = sorted({row["period"] for row in rows}, key=lambda period: book.ends.get(period, period))
    period = choice(address, "period", periods, periods[-1])
    unit = hundredths(book.currency)
    told = [
        {**row, "name": book.name(row["body_id"]), **{n: (row[f"{n}_{unit}"] or 0) / 100 for n in ("below", "kept")}}
        for row in rows
        if row["period"] == period and row["status"] == "ok"
    ]
    told.sort(key=lambda row: (str(row["name"]).casefold(), row["body_id"]))
    pages = -(-len(told) // PAGE)
    page = page_number(address, pages)
    part = paid(book, address, told[(page - 1) * PAGE : page * PAGE])
    gain, total = sum(row["kept"] > 0 for row in told), sum(row["kept"] for row in told)
    listed = [(each, period_words(each)) for each in reversed(periods)]
    return block.View(
        scheme["label"],
        [
            block.heading(scheme["label"], address, kicker="Settlements", section="settlements"),
            block.lede(
                f"In {period_words(period)}, ",
                html.B(f"{gain:,} of {len(told):,} {book.nouns} kept part of a saving"),
                f", {money(book, total)} in all, by the programme’s rules on published inputs.",
            ),
            block.controls(address, block.control("period", "Year", listed, period, periods[-1])),
            html.Div(
                [
                    facts(
                        book, address, scheme["policy_id"], told, f"{period_words(period)}, by the programme’s rules."
                    ),
                    strength(book, address, scheme),
                ],
                className="two",
            ),
            html.P(NO_RANGE),
            block.table_block(f"Every {book.noun}", scheme["source"], part, address),
            pager(address, page, pages),
        ],
        "settlements",
        (replace(part, raw=told),),
    )


def paid(book: Book, address: Address, rows: Sequence[Row]) -> Sheet:
    """One row per body: below its benchmark, kept, and why."""
    cells = [
        [
            html.A(row["name"], href=address.to("body", row["body_id"], "settlement"), className="strong"),
            money(book, row["below"]),
            money(book, row["kept"]),
            row["explanation"],
        ]
        for row in rows
    ]
    heads = (
        Head(words.capital(book.noun)),
        Head("Below (+) or above (−) its benchmark", True),
        Head("Kept (+) or paid (−)", True),
        Head("Why"),
    )
    return Sheet("settled", "Settlement of each", heads, cells, tuple(rows[0]) if rows else ("body_id",), rows)
