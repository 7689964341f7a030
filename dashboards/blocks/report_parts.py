"""Parts of the board report: where the gap arises, what is reachable, what is asked and whether it is on course."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks.already_there import money_range
from dashboards.blocks.asked import EARLY, fails, in_order, leading_first
from dashboards.blocks.chain_gap import chain_rows, direction, own_cost, steps, sure, told_apart, told_parts
from dashboards.components import block, words
from dashboards.components.chain_bars import chain_bars
from dashboards.components.markup import attrs
from dashboards.components.numbers import chance_of, headline_money, period_words
from dashboards.data import Body, Book
from pipelines.contracts.production import hundredths

Row = dict[str, Any]
MOST = 3
"""Services with a potential and exemplars that the sheet names; it says how many more there are."""
FEW = 2
"""Targets that it names."""


SHORT = 12
"""Letters of a name that fit over a column of figures."""


@dataclass(frozen=True)
class Chain:
    """A finding in words, and the block that shows it."""

    finding: list[Any]
    block: html.Section


def chain(book: Book, body: Body, rows: Sequence[Row]) -> Chain | None:
    """The first service, in the order of the table, whose gap can be split over its chain; None where none can."""
    for row in rows:
        service = row["service_id"]
        found = chain_rows(book, body, service)
        whole = next((each for each in found if each["stage"] == 0), None)
        stages = [each for each in found if each["stage"] and each["gap"] is not None]
        spent = own_cost(book, body, service, whole["period"]) if whole else None
        if whole is None or not stages or spent is None:
            continue
        drawn = chain_bars(bars(book, body, whole, stages, spent), book.currency, f"Chain of {row['service']}")
        label = words.uncapital(row["service"])
        about = f"{period_words(whole['period'])}. Parts add up exactly. A part is an unexplained difference."
        return Chain(
            finding(book, whole, stages, label),
            html.Section(
                [
                    html.H2(heading(whole, label), id="title-bars"),
                    drawn,
                    html.P(about, className="note"),
                ],
                **attrs(aria_labelledby="title-bars"),
            ),
        )
    return None


def heading(whole: Row, label: str) -> str:
    return f"Where the {direction(whole)} on {label} arises" if told_apart(whole) else f"Stage by stage: {label}"


def bars(book: Book, body: Body, whole: Row, stages: Sequence[Row], spent: float) -> list[Row]:
    """The steps of the waterfall, the body under a name that fits beside its bar."""
    found = steps(whole, stages, spent, body)
    return [*found[:-1], {**found[-1], "label": f"{short(book, body)}, actual"}]


def short(book: Book, body: Body) -> str:
    """A body's name where it is short, else what it is."""
    return body.name if len(body.name) <= SHORT else f"This {book.noun}"


def finding(book: Book, whole: Row, stages: Sequence[Row], label: str) -> list[Any]:
    """The gap with its interval and the part of every stage, in money."""
    amount = headline_money(abs(whole["gap"]), currency=book.currency)
    if not stages or not (parts := told_parts(book, stages)):
        return [f"The {direction(whole)} on {label} is {amount}; no stage stands out."]
    if not told_apart(whole):
        return []  # nothing to find a place for
    return [
        html.B(f"Where the {amount} {direction(whole)} on {label} arises: "),
        f"{parts}, than if every stage went as at {whole['n_peers']} peers. {words.capital(sure(book, whole))}",
    ]


def reachable(book: Book, address: Address, body: Body) -> html.Section | None:
    """The largest potentials as ranges with their grades, and who already does it."""
    unit = book.currency.lower()
    rows = book.rows("potential", body_id=body.id)
    if not rows:
        return None
    known = sorted((row for row in rows if row[f"value_{unit}"] is not None), key=lambda row: -row[f"value_{unit}"])
    items = [html.Li(potential(book, address, body, row)) for row in known[:MOST]]
    done = already(book, body, known[0]["service_id"]) if known else ""
    left = len(known) - len(items)
    more = f" {words.capital(words.number_word(left))} more on the page Potential." if left else ""
    none = "On no service can its cost be told apart from the cheapest quarter, so no amount is given."
    told = (
        f"Against the cheapest quarter; verdicts are against the median. Before the cost of change; do not add.{more}"
    )
    return html.Section(
        [
            html.H2("What is reachable", id="title-reachable"),
            html.Ul(items) if items else html.P(none),
            html.P(done) if done else None,
            html.P(told, className="note") if items else None,
        ],
        **attrs(aria_labelledby="title-reachable"),
    )


def potential(book: Book, address: Address, body: Body, row: Row) -> list[Any]:
    """One service's range and grade."""
    unit = book.currency.lower()
    service = row["service_id"]
    said = money_range(book, row[f"lo_{unit}"], row[f"hi_{unit}"])
    parts = ("of", "potential", body.id, service, row["period"])
    label = str(book.services[service]["label"])
    opens = block.claim_link(html.B(f"{said} a year"), parts, address, f"claim-potential-{service}", label)
    return [f"{label}: ", opens, f", grade {row['grade']}"]


def already(book: Book, body: Body, service: str) -> str:
    """Who already does one service for less, the most alike first; empty where nobody comparable does."""
    found = book.rows("exemplars", body_id=body.id, service_id=service)
    found = sorted(found, key=lambda each: each["closeness_order"])[:MOST]
    names = [
        f"{book.name(each['exemplar_id'])} ({book.style(each['indicator_id']).write(each['value'])})" for each in found
    ]
    label = words.uncapital(str(book.services[service]["label"]))
    return f"On {label}, already done with quality no lower by {words.listed(names)}." if names else ""


def keeps(book: Book, address: Address, body: Body) -> html.Section | None:
    """What the body would keep, or kept, under the release's first settlement: one figure, its terms, one link."""
    unit = hundredths(book.currency)
    for scheme in book.rows("policies", kind="settlement"):
        rows = book.rows("settlements", scheme_id=scheme["policy_id"], body_id=body.id, status="ok")
        plans = [plan["id"] for plan in json.loads(scheme["parameters"]).get("plans") or ()]
        chosen = plans[min(1, len(plans) - 1)] if plans else None  # the first stands still, where there are several
        rows = [row for row in rows if chosen in (None, row["plan_id"])]
        if rows:
            kept, below = (sum(row[f"{name}_{unit}"] or 0 for row in rows) / 100 for name in ("kept", "below"))
            return html.Section(
                [
                    html.H2("What it would keep" if plans else "What it kept", id="title-keeps"),
                    html.P(kept_words(book, address, body, scheme, kept, below, [str(row["period"]) for row in rows])),
                ],
                **attrs(aria_labelledby="title-keeps"),
            )
    return None


def kept_words(
    book: Book, address: Address, body: Body, scheme: Row, kept: float, below: float, periods: Sequence[str]
) -> list[Any]:
    """'£2.8m of the £5.9m by which its cost stays below the ceiling', with the terms and where they are."""
    said = json.loads(scheme["parameters"])
    first, last = (pick(periods, key=lambda each: book.ends.get(each, each)) for pick in (min, max))
    years = period_words(last) if first == last else f"{period_words(first)} to {period_words(last)}"
    plan = next((plan["label"] for plan in (said.get("plans") or ())[:2][-1:]), "")
    assumed = f", with the plan “{plan}”" if plan else ""
    bound = " These terms bind nobody." if scheme["illustration"] else ""
    base = f", {book.facts['base_period']} prices" if plan and book.facts.get("base_period") else ""
    amount = headline_money(abs(kept), currency=book.currency)
    link = html.A(html.B(amount), href=address.to("body", body.id, "settlement"))
    under = f"Under “{scheme['label']}”{assumed}, {years}{base}: "
    if below <= 0:
        over = headline_money(-below, currency=book.currency)
        return [under, "it pays " if kept < 0 else "it keeps ", link, f"; its cost is {over} above the ceiling.{bound}"]
    whole = headline_money(below, currency=book.currency)
    return [under, "it pays " if kept < 0 else "it keeps ", link, f" of {whole} below the ceiling.{bound}"]


def targets(book: Book, body: Body, leading: str = "") -> html.Section | None:
    """What is asked, by when, and the call; None where the release holds no target of the body.

    leading : the measure that the sheet opens with; its target, else one of its service, comes first.
    """
    asked = in_order(book, body, [row for row in book.rows("targets", body_id=body.id) if row["target"] is not None])
    if not asked:
        return None
    calls = {(row["policy_id"], row["indicator_id"]): row for row in book.rows("tracking", body_id=body.id)}
    shown = leading_first(book, asked, leading)[:FEW]
    items = [html.Li(target(book, row, calls.get((row["policy_id"], row["indicator_id"])))) for row in shown]
    left = [row for row in asked if row not in shown]
    off = [row for row in left if calls.get((row["policy_id"], row["indicator_id"]), {}).get("call") == "off track"]
    named = words.listed([words.uncapital(str(book.indicators[row["indicator_id"]]["label"])) for row in off])
    more = f"{words.capital(words.number_word(len(left)))} more on the page Targets" if left else ""
    more += f", off track: {named}." if off else "." if left else ""
    notes = [each for each in (unissued(book, shown), more) if each]
    return html.Section(
        [
            html.H2("Targets and call", id="title-targets"),
            html.Ul(items),
            html.P(" ".join(notes), className="note") if notes else None,
        ],
        **attrs(aria_labelledby="title-targets"),
    )


def unissued(book: Book, rows: Sequence[Row]) -> str:
    """That nobody has issued targets of an illustration, named where others beside them are of a policy in force."""
    policies = {row["policy_id"]: row for row in book.rows("policies", kind="targets")}
    used = dict.fromkeys(row["policy_id"] for row in rows)
    shown = [policies[id]["label"] for id in used if id in policies and policies[id]["illustration"]]
    if not shown:
        return ""
    if len(shown) == len(used):
        return "Nobody has issued these targets."
    return f"Nobody has issued those of {words.listed([f'“{label}”' for label in shown])}."


def target(book: Book, row: Row, call: Row | None) -> list[Any]:
    """One target: the level, when it is due, whether it binds, and the call."""
    style, label = book.style(row["indicator_id"]), book.indicators[row["indicator_id"]]["label"]
    state = "" if row["state"] == "issued" else f" ({row['state']})"
    said: list[Any] = [f"{label}: {style.sentence(row['target'])} by {period_words(row['due_period'])}{state}"]
    failed = f"; {each}" if (each := fails(book, row)) else ""
    if call is None:
        return [*said, f"{failed}."]
    alone = "; on the forecast alone" if call["call"] == EARLY else ""
    chance = "" if call["p_hit"] is None else f"{alone}, probability of meeting it {chance_of(call['p_hit'])}"
    return [*said, ": ", html.B(call["call"]), f"{chance}{failed}."]
