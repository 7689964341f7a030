"""Peers: why is each a peer?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, Refused, choice, only
from dashboards.blocks import own_names, own_results, own_set
from dashboards.blocks.body_header import header, known, not_compared
from dashboards.blocks.why_each import alike, listing, listing_block
from dashboards.components import block, words
from dashboards.components.numbers import plural
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book
from dashboards.library import Library
from dashboards.own_asked import asked, names
from dashboards.own_peers import Chosen, gathered, next_alike, set_features
from dashboards.own_verdicts import rejudged
from dashboards.pages import why_peers
from dashboards.pages.body import newest_rows, ordered

Row = dict[str, Any]


def layout(library: Library, book: Book, address: Address) -> block.View:
    """The page `/body/<code>/peers`: choose the peers, what they say, why each is one, who comes next."""
    only(address, *names(book), "measure", "add")
    body = known(book, address.parts[1])
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    told, found = with_typed(book, address, body)
    published = ordered(newest_rows(book, body, book.headline))
    rows = own_results.beside(rejudged(book, body, found.members, published), published)
    row = looked_at(address, rows)
    shown = [each for each in rows if each["first"] or each is row]
    verdicts = own_results.verdicts(book, address, body, found, shown) if shown else None
    compared = own_results.compared(book, address, body, found, row) if row else None
    listed = features_of(book, body, found)
    sheet = listing(library, book, address, body, found, listed)
    outside = near(book, address, body, found)
    values = values_sheet(book, address, body, found, listed)
    typed_in = bool(address.query.get("add")) and not told.said
    return block.View(
        f"{body.name}: peers",
        [
            *header(book, address, body, found.model, "peers", found),
            block.lede(
                *(own_lede(book, address, body, found, rows) if found.own else lede(book, body, found.asked.model))
            ),
            own_names.answer(book, address, told),
            own_set.controls(book, address, found, measures(rows), row["indicator_id"] if row else ""),
            own_names.left_out(book, address, found.asked),
            verdicts[0] if verdicts else None,
            listing_block(book, address, body, found, sheet),
            block.table_block("Next most alike", near_words(book, found), outside, address) if outside.cells else None,
            compared[0] if compared else None,
            values_block(book, address, values),
            html.Div(about(book, body, found.model)),
        ],
        "bodies",
        tuple(each for each in (verdicts and verdicts[1], sheet, outside, compared and compared[1], values) if each),
        leads_to=own_set.link(address, told.asked) if typed_in else "",
    )


def with_typed(book: Book, address: Address, body: Body) -> tuple[own_names.Typed, Chosen]:
    """The set with a name typed for adding; without it, and said why, where it does not fit. Raises Refused (400)."""
    before = asked(book, address, body)
    told = own_names.typed(book, address, body, before)
    try:
        return told, gathered(book, body, told.asked)
    except Refused as refused:
        if told.asked == before:
            raise
        return own_names.Typed(before, refused.sentence), gathered(book, body, before)


def looked_at(address: Address, rows: Sequence[Row]) -> Row | None:
    """The row of the measure chosen; the clearest first measure unless one is. Raises Refused (400) on another."""
    firsts = [row for row in rows if row["first"]]
    if not rows:
        return None
    usual = (firsts or rows)[0]["indicator_id"]
    chosen = choice(address, "measure", [row["indicator_id"] for row in rows], usual)
    return next(row for row in rows if row["indicator_id"] == chosen)


def measures(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Measures to look closely at, the clearest first measure first, then by name."""
    usual = looked_at(Address("", "", ()), rows)
    rest = sorted((row for row in rows if row is not usual), key=lambda row: (row["label"], row["indicator_id"]))
    return [(row["indicator_id"], str(row["label"])) for row in ([usual] if usual else []) + rest]


def features_of(book: Book, body: Body, found: Chosen) -> dict[str, list[Row]]:
    """What sets each peer apart: as the release states it, or measured anew for a set of one's own."""
    if found.own and found.place:
        return set_features(book, body, found, found.members)
    return why_peers.described(book, body, found.model)[0]


def own_lede(book: Book, address: Address, body: Body, found: Chosen, rows: Sequence[Row]) -> list[Any]:
    """How many peers of one's own, on which measures the verdict is another, and the way back."""
    many = plural(len(found.members), book.noun, book.nouns)
    firsts = [row for row in rows if row["first"]]
    told = [row for row in firsts if "withheld" not in (row["verdict"], row["published_verdict"])]
    gained = [row for row in firsts if row["published_verdict"] == "withheld" != row["verdict"]]
    lost = sum(row["verdict"] == "withheld" != row["published_verdict"] for row in firsts)
    other = own_results.changed(told)
    many_services = plural(len(told), "service that has both", "services that have both")
    parts: list[Any] = [f"Against {many} of your own choice, not the published peers, "]
    if not found.members:
        parts = ["Your set holds nobody yet, so there is nothing to compare with. Add peers by name below. "]
    elif other:
        parts.append(html.B(f"the verdict differs on {len(other)} of {many_services}"))
        parts.append(f": {words.listed([moved(row) for row in other])}. ")
    elif told:
        parts += [html.B("no verdict differs"), f" from the published one on the {many_services}. "]
    elif not gained:
        parts.append("no service has a verdict. ")
    if gained:
        given = "there is a verdict" if not told else "There is a verdict besides"
        parts += [
            html.B(given),
            f" where the published peers give none: {words.listed([moved(row) for row in gained])}. ",
        ]
    if lost:
        parts.append(
            f"On {plural(lost, 'service', 'services')} it is withheld, because too few of your set contribute. "
        )
    parts.append(html.A(own_results.BACK, href=address.to(*address.parts, **own_set.kept(address))))
    return [*parts, "."]


def moved(row: Row) -> str:
    """'waste (withheld, published: higher than peers)'."""
    now, before = (words.uncapital(words.VERDICT[row[name]]) for name in ("verdict", "published_verdict"))
    return f"{words.uncapital(row['service'])} ({now}; published: {before})"


def lede(book: Book, body: Body, model: str) -> list[Any]:
    """How many peers, by which model, and in how many other lists this body stands."""
    groups = book.rows("peer_groups", body_id=body.id, model_id=model)
    if not groups or groups[0]["state"] == "none":
        return [why_peers.none_said(book, body, model)]
    group = groups[0]
    many = plural(group["n_peers"], book.noun, book.nouns)
    lists = plural(group["appears_in"], "other list", "other lists")
    parts: list[Any] = [
        f"{body.name} is compared with ",
        html.B(f"the {many} most like it"),
        f". It stands in {lists} of peers itself. ",
    ]
    if group["state"] == "few":
        parts.append("The group is small, so that differences are harder to tell from chance. ")
    if group["note"]:
        parts.append(f"{group['note'].rstrip('.')}.")
    return parts


def near(book: Book, address: Address, body: Body, found: Chosen) -> Sheet:
    """The bodies just outside the set."""
    codes = next_alike(book, body, found, own_names.NEAR)
    pairs = {code: why_peers.likeness(rows) for code, rows in set_features(book, body, found, codes).items()}
    told = {code: (alike(book, pair, 0), alike(book, pair, 1)) for code, pair in pairs.items()}
    return own_names.near_sheet(book, address, found, codes, told)


def near_words(book: Book, found: Chosen) -> str:
    """Which bodies these are."""
    return (
        f"{words.capital(book.nouns)} just outside the set, the most alike first. Any other can be added by name above."
    )


def values_sheet(
    book: Book, address: Address, body: Body, found: Chosen, features: dict[str, list[Row]]
) -> Sheet | None:
    """Every feature of every peer side by side; None where the release states none."""
    first = next((rows for rows in features.values() if rows), None)
    if first is None:
        return None
    own = [why_peers.value(book, row["unit"], row["body_value"]) for row in first]
    cells: list[list[Any]] = [[html.Span(body.name, className="strong"), *own]]
    raw: list[Row] = [
        {"body_id": body.id, "name": body.name, **{row["variable_id"]: row["body_value"] for row in first}}
    ]
    for code in found.members:
        known_values = {row["variable_id"]: row["peer_value"] for row in features.get(code, ())}
        values = [known_values.get(row["variable_id"]) for row in first]
        link = html.A(book.name(code), href=address.to("body", code), className="strong")
        cells.append([link, *(why_peers.value(book, r["unit"], v) for r, v in zip(first, values, strict=True))])
        raw.append(
            {
                "body_id": code,
                "name": book.name(code),
                **{r["variable_id"]: v for r, v in zip(first, values, strict=True)},
            }
        )
    heads = (Head(words.capital(book.noun)), *(Head(why_peers.heading_of(book, row), True) for row in first))
    fields = ("body_id", "name", *(row["variable_id"] for row in first))
    title = f"Features of {body.name} and its peers"
    return Sheet("features", title, heads, cells, fields, raw, marked=frozenset({0}))


def values_block(book: Book, address: Address, sheet: Sheet | None) -> Any:
    if sheet is None:
        return None
    return block.table_block("The features, side by side", "Actual values, as published.", sheet, address)


def about(book: Book, body: Body, model: str) -> html.Details:
    """How likeness is measured, in words."""
    kind = str(book.models.get(model, {}).get("kind", ""))
    told = (
        "The publisher states who is alike and in which order, and not how far apart two bodies are."
        if kind == "published"
        else "Features outside a body’s control are put on one scale and weighted; squared differences are added up. "
        "A share of the squared distance says how much of the difference one theme makes."
    )
    return block.help_block(
        "How likeness is measured",
        html.P(told),
        html.P("No measure of cost, performance or quality takes part in choosing peers."),
    )
