"""Claim: where does this figure come from? One content, as a page of its own and as a drawer over any page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, Refused, only
from dashboards.blocks.absence import claim_of
from dashboards.blocks.reply import how_to_dispute
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import period_words, plural
from dashboards.components.sheet import Head, Sheet, as_table
from dashboards.data import Book
from dashboards.pages.body import newest_rows
from dashboards.pages.quality import result, safe
from pipelines.errors import BadInput
from pipelines.releases.read import Claim, InputRow, Step

MOST_PEERS = 60
Content = tuple[str, list[Any], Sheet | None]


def layout(book: Book, address: Address) -> block.View:
    """The page `/claim/...`: `<body>/<indicator>/<period>[/<model>]`, `<indicator>/<period>[/<model>]`, `<body>`, or

    `of/<kind>/<body or field>/<figure>/<period>[/<model, policy, plan or way>]` for every other kind of figure.
    """
    only(address)
    title, content, sheet = told(book, address, address.parts[1:])
    return block.View(
        title,
        [
            block.heading(title, address, kicker="Where these figures come from"),
            html.Div([html.H2("In words"), *content], className="claim"),
        ],
        sheets=(sheet,) if sheet else (),
    )


def drawer(book: Book, address: Address, reference: str) -> html.Dialog:
    """The same content in a native dialog; closing it gives the focus back to the link."""
    title, content, _ = told(book, address, tuple(reference.split("~")))
    close = html.Form(html.Button("Close", type="submit", className="close"), method="dialog")
    page = html.A("Open as a page", href=address.to("claim", *reference.split("~")), **attrs(data_full=""))
    return html.Dialog(
        [
            html.Div([html.H2(title, id="claim-title", tabIndex=-1), close], className="claim-head"),
            html.Div(content, className="claim"),
            html.P(page, className="note"),
        ],
        id="claim",
        **attrs(aria_labelledby="claim-title"),
    )


def told(book: Book, address: Address, parts: Sequence[str]) -> Content:
    """Title, content and input table of the claim that these parts name. Raises Refused (404) where none does."""
    if parts[0] == "of" and len(parts) in (5, 6) and parts[1] in book.kinds:
        return of_kind(book, address, *parts[1:])
    if len(parts) == 1 and parts[0] in book.bodies:
        return of_body(book, address, parts[0])
    if len(parts) in (2, 3) and parts[0] in book.indicators and (len(parts) == 2 or parts[2] in book.models):
        return of_set(book, address, *parts)
    if len(parts) in (3, 4) and parts[0] in book.bodies and parts[1] in book.indicators:
        return of_figure(book, address, *parts)
    raise Refused(404, "This release has no such figure.")


def of_figure(
    book: Book, address: Address, body: str, indicator: str, period: str, model: str | None = None
) -> Content:
    """One indicator's figure, and its position under a peer model."""
    if model is not None and model not in book.models:
        raise Refused(404, "This release has no such peer set.")
    try:
        claim = book.claim(body, indicator, period, model)
    except BadInput as error:
        raise Refused(404, f"This release has no such figure: {error}") from None
    return written(book, address, claim, f"evenhand explain {book.pack} {body} {indicator} {period}")


def of_kind(book: Book, address: Address, kind: str, body: str, figure: str, period: str, variant: str = "") -> Content:
    """One figure of any other kind; `variant` is what `Book.variants` has of the kind, such as a plan."""
    if variant and variant not in book.variants(kind):
        raise Refused(404, "This release has no such peer set, policy, plan or way.")
    try:
        claim = book.claim_of(kind, body, figure, period, variant or book.headline)
    except BadInput as error:
        raise Refused(404, f"This release has no such figure: {error}") from None
    who = f"'{body}'" if " " in body else body
    named = f" --model {variant}" if variant else ""
    return written(book, address, claim, f"evenhand explain {book.pack} {who} {figure} {period} --of {kind}{named}")


def written(book: Book, address: Address, claim: Claim, command: str) -> Content:
    """A claim in full: words, calculation, input rows, peers, checks, method, release, how to dispute."""
    inputs = input_sheet(claim)
    content: list[Any] = [
        html.P(claim.sentence, className="lede"),
        html.Ul([html.Li(caveat) for caveat in claim.caveats]) if claim.caveats else None,
        None
        if claim.reproduced
        else html.P("Recomputing this figure from its inputs does not give the published number.", className="alarm"),
        html.H3("How it is calculated"),
        html.Ol([step_item(step) for step in claim.steps], className="steps"),
        html.H3("The figures that went in"),
        as_table(inputs),
        *peers_part(claim),
        html.H3("Checks of the tables involved"),
        *checks_part(claim),
        html.H3("Method and version"),
        html.Ul([html.Li(method(each, address)) for each in claim.methods]),
        html.H3("Release"),
        html.P(
            [
                "Release ",
                html.Code(claim.release),
                f" of {book.title}; editions ",
                html.Code(", ".join(claim.editions) or "none"),
                ".",
            ]
        ),
        html.P(["The same from a terminal: ", html.Code(command)]),
        *wrong(book, address, claim),
    ]
    when = ", all years" if claim.period == "total" else f", {period_words(claim.period)}" if claim.period else ""
    return f"{claim.label}: {claim.body_name}{when}", content, inputs


def wrong(book: Book, address: Address, claim: Claim) -> list[Any]:
    """How to dispute one figure of one body, with its disputes; for other kinds of figure, whom to tell."""
    if claim.kind in ("indicator", "position"):
        return [html.H3("How to dispute this figure"), *how_to_dispute(book, address, claim)]
    said = (
        "Tell the publisher named in the row above, quoting its edition and cell, "
        "and tell whoever runs this site, quoting the release."
    )
    return [html.H3("If you think it is wrong"), html.P(said)]


def step_item(step: Step) -> html.Li:
    """One step in words, with its formula and its numbers."""
    lines: list[Any] = [html.B(step.title), f": {step.words}"]
    lines += [html.Div(html.Code(step.formula))] if step.formula else []
    mark = {True: " ✓ reproduced", False: " ✗ does not reproduce", None: ""}[step.reproduced]
    lines += [html.Div([html.Code(step.numbers), mark])] if step.numbers else []
    return html.Li(lines)


def input_sheet(claim: Claim) -> Sheet:
    """Publisher, edition, cell, value and status of each figure that went in."""
    cells = [
        [
            [
                html.Span(row.label, className="strong"),
                html.Span(f"{row.role}; {row.body_name}, {period_words(row.period)}", className="note"),
            ],
            published(row),
            words.capital(words.SPOKEN.get(row.status, "as published")),
            [
                html.A(row.title, href=safe(row.url), **attrs(data_full="")),
                html.Span(f"{row.publisher}; edition {row.edition}; {row.original_name}", className="note"),
            ],
            html.Code(row.locator),
        ]
        for row in claim.inputs
    ]
    raw = [{name: getattr(row, name) for name in FIELDS} for row in claim.inputs]
    heads = (Head("Figure"), Head("As published"), Head("Status"), Head("Publication"), Head("Cell"))
    return Sheet("inputs", "The figures that went in", heads, cells, FIELDS, raw)


FIELDS = (
    "role",
    "body",
    "body_name",
    "measure",
    "label",
    "period",
    "value",
    "lo",
    "hi",
    "unit",
    "status",
    "publisher",
    "title",
    "edition",
    "locator",
    "published_text",
    "original_name",
    "url",
    "licence",
)


def published(row: InputRow) -> Any:
    """The publisher's own text; the bounds of a suppressed figure; the note that goes with it."""
    parts: list[Any] = [html.Code(row.published_text or "–")]
    if row.value is None and row.lo is not None and row.hi is not None:
        parts.append(html.Span(f"between {row.lo:g} and {row.hi:g}", className="note"))
    if row.note:
        parts.append(html.Span(row.note, className="note"))
    return parts


def checks_part(claim: Claim) -> list[Any]:
    """Checks of the tables involved: those that did not pass in full, those that passed folded away."""
    passed = [check for check in claim.checks if check.outcome == "passed"]
    others = [check for check in claim.checks if check.outcome != "passed"]
    parts: list[Any] = [html.Li([result(check), f": {check.meaning} ({check.observed})"]) for check in others]
    shown: list[Any] = [html.Ul(parts)] if parts else []
    if passed:
        items = [html.Li([result(check), f": {check.meaning}"]) for check in passed]
        shown.append(html.Details([html.Summary(f"Show {len(passed)} that passed"), html.Ul(items)]))
    return shown or [html.P("No check names these tables.")]


def peers_part(claim: Claim) -> list[Any]:
    """Which peers were counted, which not and why; their own figures stand on their own pages."""
    if not claim.peers:
        return []
    counted = [peer.body_name for peer in claim.peers if peer.counted]
    others = [peer for peer in claim.peers if not peer.counted]
    parts: list[Any] = [html.H3("The peers"), html.P(f"Counted: {words.listed(counted[:MOST_PEERS]) or 'none'}.")]
    if others:
        parts.append(html.Ul([html.Li(f"{peer.body_name} not counted: {peer.why}") for peer in others]))
    return parts


def method(note: Any, address: Address) -> list[Any]:
    """Identifier with the link to its page, version, title and formula of a method."""
    link = html.A(note.id, href=address.to("methods", note.id), className="strong")
    parts: list[Any] = [link, html.B(f" version {note.version}")]
    parts += [f", {note.title}"] if note.title else []
    parts += [html.Code(note.formula)] if note.formula else []
    seed = "" if note.seed is None else f", seed {note.seed}"
    return [
        *parts,
        html.Span(f"parameters {note.params_hash}{seed}", className="note"),
        note.source and html.Span(note.source, className="note"),
    ]


def of_set(book: Book, address: Address, indicator: str, period: str, model: str = "") -> Content:
    """The claim of a whole chart: what is measured, from which editions, and a link to each single figure."""
    row = book.indicators[indicator]
    values = book.rows("indicator_values", indicator_id=indicator, period=period)
    if not values:
        raise Refused(404, f"This release has no figure of {row['label']} for {period}.")
    model = model or book.headline
    rows = book.standing(model, indicator_id=indicator, period=period)
    found = [(book.name(each["body_id"]), each["body_id"], claim_of(each, model)) for each in rows]
    links = [
        html.Li(html.A(name, href=address.to("claim", *parts)))
        for name, _, parts in sorted(found, key=lambda each: (each[0].casefold(), each[1]))
    ]
    content = [
        html.P(f"{row['label']}, {period_words(period)}: {plural(len(found), 'figure', 'figures')}.", className="lede"),
        html.H3("How it is calculated"),
        html.P(formula(book, row)),
        *notes(row),
        html.H3("Editions read"),
        editions(book, values),
        html.H3("Each figure, with its rows"),
        html.Ul(links, className="columns"),
        html.H3("Release"),
        html.P(["Release ", html.Code(book.id), f" of {book.title}."]),
    ]
    return f"{row['label']}, {period_words(period)}", content, None


def formula(book: Book, row: Any) -> str:
    """The ratio in words, from the names of its measures."""
    top = words.uncapital(book.measures[row["numerator"]]["label"])
    base = book.facts.get("base_period")
    prices = f" in {base} prices" if base and row["real_terms"] else ""
    if not row["denominator"]:
        return f"As the publisher states it: {top}{prices}."
    times = "" if row["multiplier"] == 1 else f", times {row['multiplier']:g}"
    bottom = words.uncapital(book.measures[row["denominator"]]["label"])
    return f"{words.capital(top)}{prices}, divided by {bottom}{times}."


def notes(row: Any) -> list[Any]:
    proxy = [html.P([html.B("Proxy: "), f"{words.capital(words.proxy(row))}."])] if row["proxy"] else []
    return [*proxy, *([html.P(row["caveat"])] if row["caveat"] else [])]


def editions(book: Book, values: Sequence[dict[str, Any]]) -> html.Ul:
    """Publications behind these values, from what each value says it read."""
    named = sorted({name for row in values for name in (row["input_editions"] or "").split()})
    known = {f"{row['dataset']}@{row['edition']}": row for row in book.rows("editions")}
    items = []
    for name in named:
        row = known.get(name)
        if row:
            items.append(
                html.Li(
                    [
                        html.A(row["title"], href=safe(row["url"]), **attrs(data_full="")),
                        f", {row['publisher']}, edition ",
                        html.Code(row["edition"]),
                        f" ({row['licence']})",
                    ]
                )
            )
    return html.Ul(items)


def of_body(book: Book, address: Address, body: str) -> Content:
    """Every figure of a body's page, each with the link to its own claim."""
    newest = newest_rows(book, book.bodies[body], book.headline)

    def name(row: dict[str, Any]) -> str:
        return str(book.indicators[row["indicator_id"]]["label"])

    links = [
        html.Li(
            [
                html.A(name(row), href=address.to("claim", *claim_of(row, book.headline))),
                f", {row['period']}",
            ]
        )
        for row in sorted(newest, key=name)
    ]
    values = book.rows("indicator_values", body_id=body)
    content = [
        html.P(
            f"{plural(len(links), 'figure', 'figures')} of {book.name(body)}. Open "
            f"one to see its rows, its calculation and its checks.",
            className="lede",
        ),
        html.H3("Each figure"),
        html.Ul(links, className="columns"),
        html.H3("Editions read"),
        editions(book, values),
    ]
    return f"Figures of {book.name(body)}", content, None
