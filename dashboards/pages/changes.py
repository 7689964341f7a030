"""What changed between two releases, and why?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboards.address import Address, Refused, choice, only, page_number
from dashboards.changes import Changes
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import day, plural
from dashboards.components.sheet import Sheet
from dashboards.library import Library
from dashboards.pages.change_tables import FIELDS, HEADS, moved_cells, peers_sheet
from dashboards.pages.what_went_in import what_went_in
from pipelines.errors import BadInput

Row = Mapping[str, Any]
PAIR = re.compile(r"([0-9a-f]{12,16})\.\.([0-9a-f]{12,16})")
PAGE = 50
SHOW = {"": "Everything that moved", "verdicts": "Changes of verdict"}


def layout(library: Library, address: Address) -> block.View:
    """The page `/releases/<a>..<b>`: counts, the ten largest, every position that moved, peers, what went in."""
    only(address, "show", "measure", "page")
    found = compared(library, address)
    chosen = choice(address, "show", SHOW, "")
    measure = choice(address, "measure", {row["indicator_id"] for row in found.rows}, "")
    rows = [row for row in (found.turned if chosen else found.rows) if measure in ("", row["indicator_id"])]
    pages = -(-len(rows) // PAGE)
    page = page_number(address, pages)
    shown = rows[(page - 1) * PAGE : page * PAGE]
    moved, ten, peers = sheet(found, rows, shown, address), furthest(found, address), peers_sheet(found, address)
    title = "What changed"
    table: Any = block.table_block(
        "Position by position", said(found, rows, shown), moved, address, below=pager(address, pages, page)
    )
    content = [
        block.heading(title, address, kicker=kicker(found), section="releases"),
        block.lede(*lede(found)),
        block.table_block("The ten that moved furthest", TEN, ten, address) if found.rows else None,
        controls(found, address, chosen, measure) if found.rows else None,
        table if found.rows else None,
        block.table_block("Whose peers changed", PEERS, peers, address) if found.peers else None,
        what_went_in(found),
    ]
    return block.View(title, [part for part in content if part is not None], "releases", (moved, ten, peers))


TEN = "In points of the peers’ median, with the causes. Furthest says how far, not how well."
BECAUSE = {
    "own_data": "the body’s own figure moved",
    "peers_data": "its peers’ figures moved",
    "peer_set": "other bodies are its peers",
    "revision": "published figures were revised",
    "method": "the measure or the method changed",
}
PEERS = "Bodies whose list of peers is another one now, by name; one reason for each peer that came or went."


def compared(library: Library, address: Address) -> Changes:
    """The two releases that the address names. Raises Refused on one unknown, one named twice, or no common ground."""
    pair = PAIR.fullmatch(address.parts[1])
    if pair is None:
        raise Refused(404, "Two releases are named by their first 12 hexadecimal digits with two dots between.")
    names = [standing(library, address.pack, part) for part in pair.groups()]
    if names[0] == names[1]:
        raise Refused(400, "This address names one release twice; nothing changes between a release and itself.")
    try:
        return library.changes(address.pack, *names)
    except BadInput as error:
        raise Refused(404, f"These two releases cannot be compared: {error}.") from None


def standing(library: Library, pack: str, name: str) -> str:
    """The release of a pack whose name begins so. Raises Refused (404) where none stands on the shelf."""
    found = next((known for known in library.releases(pack) if known.startswith(name)), "")
    if not found:
        raise Refused(404, f"There is no release {name} of this sector on the shelf.")
    return found


def kicker(found: Changes) -> list[Any]:
    """Which two releases, each with its link and date."""
    parts: list[Any] = []
    for word, book in (("From release ", found.before), (" to ", found.after)):
        parts += [word, html.A(html.Code(book.id[:12]), href=Address(book.pack, "", ()).to("releases", book.id[:12]))]
        parts.append(f" of {day(book.date)}")
    return parts


def lede(found: Changes) -> list[Any]:
    """How many positions moved, how many verdicts changed, and what moved most of them."""
    if not found.rows:
        return [html.B("No position moved."), f" {found.both:,} stand in both releases{only_one(found)}."]
    turned = len(found.turned)
    first = f"{len(found.rows):,} of {found.both:,} positions moved"
    parts: list[Any] = [html.B(first), f"; {plural(turned, 'verdict is', 'verdicts are')} another one now"]
    cause = max(found.mains, key=lambda name: found.mains[name])
    most = f"{found.mains[cause]:,} moved mostly because {BECAUSE[cause]}"
    peers = plural(len(found.peers), f"{found.after.noun} has", f"{found.after.nouns} have")
    return [*parts, f"{only_one(found)}. {most}; {peers} other peers."]


def only_one(found: Changes) -> str:
    """Positions that stand in one of the two only."""
    came = [f"{found.came:,} came"] if found.came else []
    gone = [f"{found.gone:,} went"] if found.gone else []
    return f"; {' and '.join([*came, *gone])}" if came or gone else ""


def said(found: Changes, rows: Sequence[Row], shown: Sequence[Row]) -> str:
    """What the table holds and how its parts add up."""
    model = str(found.after.models[found.model]["label"]) if found.model in found.after.models else found.model
    part = f"{len(shown)} of {len(rows):,}, " if len(shown) < len(rows) else ""
    return (
        f"{part}by name, against {words.uncapital(model)}. The parts are percentage points of the peers’ median "
        "and add up to the change; the bars of a page share one scale."
    )


def sheet(found: Changes, rows: Sequence[Row], shown: Sequence[Row], address: Address) -> Sheet:
    """One page of rows as read; all of them as CSV."""
    return Sheet("changes", "Position by position", HEADS, moved_cells(found, shown, address), FIELDS, rows)


def furthest(found: Changes, address: Address) -> Sheet:
    """The ten largest changes, each with its causes."""
    cells = moved_cells(found, found.furthest, address)
    return Sheet("furthest", "The ten that moved furthest", HEADS, cells, FIELDS, found.furthest)


def controls(found: Changes, address: Address, chosen: str, measure: str) -> Any:
    """Show everything or changes of verdict; one measure or all."""
    listed = sorted({(row["label"], row["indicator_id"]) for row in found.rows})
    counts = {"": len(found.rows), "verdicts": len(found.turned)}
    show = [(value, f"{text} ({counts[value]:,})") for value, text in SHOW.items()]
    return block.controls(
        address,
        block.control("show", "Show", show, chosen, ""),
        block.control("measure", "Measure", [("", "Every measure"), *((id, text) for text, id in listed)], measure, ""),
    )


def pager(address: Address, pages: int, page: int) -> Any:
    """Links to the page before and after."""
    if pages < 2:
        return None
    before = html.Li(html.A("Page before", href=address.here(page=str(page - 1) if page > 2 else None)))
    after = html.Li(html.A("Next page", href=address.here(page=str(page + 1))))
    items = [before if page > 1 else None, html.Li(f"Page {page} of {pages}"), after if page < pages else None]
    return html.Nav(
        html.Ul([item for item in items if item]), className="pager", **attrs(aria_label="Pages of this list")
    )
