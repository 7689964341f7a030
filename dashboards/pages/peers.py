"""Peers: why is each a peer?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, Refused, choice, only
from dashboards.blocks import own_results, own_set
from dashboards.components import block, words
from dashboards.components.numbers import percent_of, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import part_bar
from dashboards.data import Body, Book, Library
from dashboards.own_peers import Chosen, asked, gathered, names, next_alike, set_features
from dashboards.own_verdicts import rejudged
from dashboards.pages import why_peers
from dashboards.pages.body import header, known, newest_rows, not_compared, ordered

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
            own_set.answer(book, address, told),
            own_set.controls(book, address, found, measures(rows), row["indicator_id"] if row else ""),
            own_set.left_out(book, address, found.asked),
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


def with_typed(book: Book, address: Address, body: Body) -> tuple[own_set.Typed, Chosen]:
    """The set with a name typed for adding; without it, and said why, where it does not fit. Raises Refused (400)."""
    before = asked(book, address, body)
    told = own_set.typed(book, address, body, before)
    try:
        return told, gathered(book, body, told.asked)
    except Refused as refused:
        if told.asked == before:
            raise
        return own_set.Typed(before, refused.sentence), gathered(book, body, before)


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
    told = [row for row in firsts if {row["verdict"], row["published_verdict"]} != {"withheld"}]
    other = own_results.changed(told)
    many_services = plural(len(told), "service that has one", "services that have one")
    parts: list[Any] = [f"Against {many} of your own choice, not the published peers, "]
    if not found.members:
        parts = ["Your set holds nobody yet, so there is nothing to compare with. Add peers by name below. "]
    elif not told:
        parts.append("no service has a verdict, as under the published ones. ")
    elif not other:
        parts += [html.B("no verdict differs"), f" from the published one, of {many_services}. "]
    else:
        parts.append(html.B(f"the verdict differs on {len(other)} of {many_services}"))
        parts.append(f": {words.listed([moved(row) for row in other])}. ")
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


def listing(
    library: Library, book: Book, address: Address, body: Body, found: Chosen, features: dict[str, list[Row]]
) -> Sheet:
    """Every peer, the most alike first, with what sets it apart and the way to leave it out."""
    stated = {row["peer_id"]: row for row in book.rows("peers", model_id=found.model, body_id=body.id)}
    held = library.held(book.pack, book.id, found.model, body.id)
    cells, raw = [], []
    for code in found.members:
        rows = features.get(code, [])
        pair, top = why_peers.likeness(rows), top_themes(rows)
        away, rebased = distances(found, code, stated.get(code))
        times = sum(code in peers for peers in held)
        cells.append(
            [
                html.A(book.name(code), href=address.to("body", code), className="strong"),
                standing(found, code, stated.get(code)),
                percent_of(rebased) if rebased is not None else "–",
                themes(book, rows),
                alike(book, pair, 0),
                alike(book, pair, 1),
                f"{times} of {plural(len(held), 'release', 'releases')}",
                own_set.out_link(address, found.asked, code, book.name(code)),
            ]
        )
        raw.append(
            {
                "peer_id": code,
                "name": book.name(code),
                "added": code in found.asked.added,
                "published": code in stated,
                "distance": away,
                "distance_rebased": rebased,
                "retention": stated.get(code, {}).get("retention"),
                "core": stated.get(code, {}).get("core"),
                **{f"theme_{place}": theme for place, (theme, _) in enumerate(top, start=1)},
                **{f"theme_{place}_share": share for place, (_, share) in enumerate(top, start=1)},
                "most_alike": pair[0]["label"] if pair else None,
                "least_alike": pair[1]["label"] if pair else None,
                "in_releases": times,
                "of_releases": len(held),
            }
        )
    title = f"Peers of {body.name} by your own choice, and why" if found.own else f"Peers of {body.name}, and why"
    heads = (
        Head(words.capital(book.noun)),
        Head("Peer"),
        Head("Distance", True),
        Head("What the distance is made of"),
        Head("Most alike in"),
        Head("Least alike in"),
        Head("In its published list in"),
        Head("Leave out"),
    )
    return Sheet("why", title, heads, cells, LISTED, raw)


LISTED = (
    "peer_id",
    "name",
    "added",
    "published",
    "distance",
    "distance_rebased",
    "retention",
    "core",
    "theme_1",
    "theme_1_share",
    "theme_2",
    "theme_2_share",
    "most_alike",
    "least_alike",
    "in_releases",
    "of_releases",
)


def distances(found: Chosen, code: str, stated: Row | None) -> tuple[float | None, float | None]:
    """Distance and its share of the farthest allowed: as published, or measured anew for a set of one's own."""
    if not found.own or found.found is None or found.place is None:
        return (stated["distance"], stated["distance_rebased"]) if stated else (None, None)
    place = found.place.roster.place.get(code)
    if place is None or found.found.distance[place] != found.found.distance[place]:
        return None, None
    return float(found.found.distance[place]), float(found.found.rebased[place])


def standing(found: Chosen, code: str, stated: Row | None) -> Any:
    """Core or marginal as published; added by name; or found by the settings."""
    if code in found.asked.added:
        return "Added by you"
    return why_peers.standing(stated) if stated else "By your settings"


def listing_block(book: Book, address: Address, body: Body, found: Chosen, sheet: Sheet) -> Any:
    if not sheet.cells:
        said = "Your set holds nobody." if found.own else why_peers.none_said(book, body, found.asked.model)
        return block.panel("Peers", html.P(said), id="title-why")
    said = (
        f"{short_words(found)}The most alike first{', then those you added' if found.asked.added else ''}: an order of "
        "likeness, not of merit. Distance is a share of the farthest allowed; "
        f"0% would be the same on every feature. {why_peers.marks_said(book, body, found.model)}"
    )
    return block.table_block("Why each is a peer", said, sheet, address)


def short_words(found: Chosen) -> str:
    """That fewer are alike enough than the number asked for, where that is so."""
    alike = len(found.found.peers) if found.found else 0
    if found.found is None or not found.asked.count or alike >= found.asked.count:
        return ""
    return f"Only {alike} of the {found.asked.count} asked for are alike enough; the list is never filled up. "


def near(book: Book, address: Address, body: Body, found: Chosen) -> Sheet:
    """The bodies just outside the set."""
    codes = next_alike(book, body, found, own_set.NEAR)
    pairs = {code: why_peers.likeness(rows) for code, rows in set_features(book, body, found, codes).items()}
    told = {code: (alike(book, pair, 0), alike(book, pair, 1)) for code, pair in pairs.items()}
    return own_set.near_sheet(book, address, found, codes, told)


def near_words(book: Book, found: Chosen) -> str:
    """Which bodies these are."""
    return (
        f"{words.capital(book.nouns)} just outside the set, the most alike first. Any other can be added by name above."
    )


def top_themes(rows: Sequence[Row]) -> list[tuple[str, float]]:
    """The two themes that make up most of a distance, with their shares."""
    shares: dict[str, float] = {}
    for row in rows:
        if row["share"] is not None:
            shares[row["theme"]] = shares.get(row["theme"], 0.0) + row["share"]
    return sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:2]


def themes(book: Book, rows: Sequence[Row]) -> Any:
    """The two themes that make up most of the distance: a bar, the share, and both values of its weightiest feature."""
    top = top_themes(rows)
    if not top:
        return "The publisher does not say"
    parts: list[Any] = []
    for theme, share in top:
        parts.append(html.Div([part_bar(share), f"{theme} {percent_of(share)}"], className="theme"))
        told = [row for row in rows if row["theme"] == theme and row["share"] is not None]
        row = max(told, key=lambda each: each["share"])
        parts.append(html.Span(pair_words(book, row), className="note"))
    return parts


def pair_words(book: Book, row: Row) -> str:
    """A feature with both values: 'weekly pay: 548 and 546'."""
    mine, theirs = (why_peers.value(book, row["unit"], row[end]) for end in ("body_value", "peer_value"))
    return f"{row['label']}: {mine} and {theirs}"


def alike(book: Book, pair: tuple[Row, Row] | None, which: int) -> str:
    """The most or the least alike feature with both values."""
    return "–" if pair is None else pair_words(book, pair[which])


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
