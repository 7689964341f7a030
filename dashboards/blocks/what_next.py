"""What is asked of a body and what it would keep, in a few lines each: two doors from its first page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards import whatif
from dashboards.address import CARRIED, Address
from dashboards.blocks.settled_services import covered_briefly
from dashboards.components import block, words
from dashboards.components.numbers import chance_of, headline_money, percent_of, period_words, plural
from dashboards.data import Body, Book
from pipelines.contracts.production import hundredths

Row = dict[str, Any]
EARLY = "too early to say"
MOST = 3
"""Targets that the first page names; it says how many more there are."""


def targets_panel(book: Book, address: Address, body: Body, model: str | None) -> html.Section:
    """Targets and tracking in a line each: name, level and year, call, chance; and the link to all of them."""
    asked = important(book.rows("targets", body_id=body.id))
    link = html.P(html.A("Targets and tracking", href=address.to("body", body.id, "targets", model=model)))
    if not asked:
        title = "Targets and tracking"
        said = f"This release holds no target of {body.name}."
        return block.panel(title, html.P(said), link, id="title-asked")
    title = "Targets and tracking in three lines"
    policies = {row["policy_id"]: row for row in book.rows("policies", kind="targets")}
    calls = {(row["policy_id"], row["indicator_id"]): row for row in book.rows("tracking", body_id=body.id)}
    lines = [
        html.Li(line(book, address, row, calls.get((row["policy_id"], row["indicator_id"])), model))
        for row in asked[:MOST]
    ]
    nobody = all(policies.get(row["policy_id"], {}).get("illustration") for row in asked[:MOST])
    left = len(asked) - len(lines)
    notes = ["An illustration: nobody has issued these targets. "] if nobody else []
    notes += [f"{words.capital(words.number_word(left))} more on that page."] if left else []
    return block.panel(title, html.Ul(lines), block.note(*notes) if notes else None, link, id="title-asked")


def important(rows: Sequence[Row]) -> list[Row]:
    """Targets with a level: issued before proposed, a change before holding what is held, else as the pack has them."""
    asked = [row for row in rows if row["target"] is not None]
    return sorted(asked, key=lambda row: (row["state"] != "issued", bool(row["hold"])))


def own_page(address: Address, row: Row, model: str | None = None) -> str:
    """The address of one target on the page of targets."""
    chosen = {"policy": row["policy_id"], "measure": row["indicator_id"], "model": model}
    return address.to("body", row["body_id"], "targets", **chosen)


def asked_here(book: Book, address: Address, body: Body, indicator: str) -> html.P | None:
    """The target of one measure, as the link to it; None where there is none."""
    asked = important(book.rows("targets", body_id=body.id, indicator_id=indicator))
    if not asked:
        return None
    row = asked[0]
    level = f"{book.style(indicator).sentence(row['target'])} by {period_words(row['due_period'])}"
    link = html.A(f"to hold {level}" if row["hold"] else level, href=own_page(address, row, address.query.get(CARRIED)))
    return html.P(["Target of this measure: ", link, "."], className="note")


def line(book: Book, address: Address, row: Row, found: Row | None, model: str | None = None) -> list[Any]:
    """One target: its name, which leads to it, its level, which opens its claim, year, call and chance in words."""
    style, label = book.style(row["indicator_id"]), str(book.indicators[row["indicator_id"]]["label"])
    parts = ("of", "targets", row["body_id"], row["indicator_id"], row["base_period"], row["policy_id"])
    level = block.claim_link(style.sentence(row["target"]), parts, address, f"asked-{row['indicator_id']}", label)
    key = {name: row[name] for name in ("policy_id", "body_id", "indicator_id")}
    failed = book.rows("target_tests", result="fail", **key)
    name = html.A(html.B(label), href=own_page(address, row, model))
    said: list[Any] = [name, ": ", level, f" by {period_words(row['due_period'])}"]
    said += [f" (fails {plural(len(failed), 'fairness test', 'fairness tests')})"] if failed else []
    if found is None:
        return [*said, "."]
    if found["p_hit"] is None:
        return [*said, ". ", words.capital(found["call"]), "."]
    alone = ". On the forecast alone" if found["call"] == EARLY else ""
    return [*said, ". ", words.capital(found["call"]), f"{alone}: {found['p_words']}, {chance_of(found['p_hit'])}."]


def keep_panel(book: Book, address: Address, body: Body, model: str | None) -> html.Section:
    """What the body would keep under the release's first settlement and its usual plan; one sentence where none."""
    title = "What you would keep"
    scheme = next(iter(whatif.schemes_of(book).values()), None)
    if scheme is None:
        return block.panel(title, html.P("This release holds no settlement scheme."), id="title-keep")
    rows = book.rows("settlements", scheme_id=scheme["policy_id"], body_id=body.id, status="ok")
    if not rows:
        said = f"“{scheme['label']}” has no ledger of {body.name}: no comparable cost."
        return block.panel(title, html.P(said), id="title-keep")
    told = (
        offered(book, address, body, scheme, rows) if scheme["said"].get("terms") else paid(book, address, body, rows)
    )
    notes = [covered_briefly(book, body, scheme)] if scheme["said"].get("terms") else []
    notes += ["An illustration: these terms bind nobody."] if scheme["illustration"] else []
    nobody = block.note(" ".join(filter(None, notes))) if any(notes) else None
    link = html.A("Settlement, year by year", href=address.to("body", body.id, "settlement", model=model))
    return block.panel(title, html.P(told), nobody, html.P(link), id="title-keep")


def offered(book: Book, address: Address, body: Body, scheme: Row, rows: Sequence[Row]) -> list[Any]:
    """Under offered terms: what is kept of what stays below the ceiling, if the usual plan is followed."""
    tried = whatif.trial(Address(address.pack, address.release, ()), scheme)
    plan = next(each for each in scheme["said"]["plans"] if each["id"] == tried.plan)
    planned = [row for row in rows if row["plan_id"] == tried.plan]
    kept, below = sums(book, planned)
    years = plural(len(planned), "year", "years")
    terms = (
        f"under the terms offered, which let it keep {percent_of(tried.offered.share)} of a saving below the ceiling"
    )
    figure = opened(book, address, body, {**planned[0], "period": "total"}, kept if below > 0 or kept < 0 else 0.0)
    if below > 0:
        keeps = [f"{body.name} would keep ", figure, f" of {headline_money(below, currency=book.currency)}"]
        return [*keeps, f" below its ceiling over {years}, {terms}, if {words.uncapital(str(plan['label']))}."]
    over = headline_money(-below, currency=book.currency)
    return [
        f"If {words.uncapital(str(plan['label']))}, {body.name} would keep nothing: {starts(book, planned[0])}its cost "
        f"would come to {over} above the ceiling over {years}, of which it would pay ",
        figure,
        ", under the terms offered; the centre bears the rest.",
    ]


def starts(book: Book, first: Row) -> str:
    """That the first ceiling lies below what the last year cost, so that a saver may pay; empty where it does not."""
    last, ceiling = (first[f"{name}_{hundredths(book.currency)}"] for name in ("last", "ceiling"))
    if None in (last, ceiling) or ceiling >= last:
        return ""
    under = headline_money((last - ceiling) / 100, currency=book.currency)
    return f"its first ceiling is {under} below what the last year cost, so "


def paid(book: Book, address: Address, body: Body, rows: Sequence[Row]) -> list[Any]:
    """Under a programme's own rules: what was kept of the newest year."""
    row = max(rows, key=lambda each: book.ends.get(str(each["period"]), ""))
    kept, below = sums(book, [row])
    figure = opened(book, address, body, row, kept)
    side = "below" if below >= 0 else "above"
    amount = headline_money(abs(below), currency=book.currency)
    did = "paid" if kept < 0 else "kept"
    when = period_words(row["period"])
    return [f"In {when} {body.name} {did} ", figure, f": its cost was {amount} {side} its benchmark."]


def sums(book: Book, rows: Sequence[Row]) -> tuple[float, float]:
    """Kept and below over the years, in the currency, from whole hundredths."""
    unit = hundredths(book.currency)
    kept, below = (sum(row[f"{name}_{unit}"] or 0 for row in rows) / 100 for name in ("kept", "below"))
    return kept, below


def opened(book: Book, address: Address, body: Body, row: Row, amount: float) -> Any:
    """An amount without its sign, as the link to where it comes from."""
    parts = ("of", "settlements", body.id, row["scheme_id"], row["period"], row["plan_id"])
    said = html.B(headline_money(abs(amount), currency=book.currency))
    return block.claim_link(said, parts, address, "kept", "What you would keep")
