"""What a set of one's own says: each verdict beside the published one, and one measure under many fair peer sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks.absence import claim_of
from dashboards.blocks.peer_sets import listing as sets_listing
from dashboards.blocks.peer_sets import robustness_strip
from dashboards.components import block, words
from dashboards.components.numbers import percent_of, plural
from dashboards.components.plots import peer_sets
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import strip
from dashboards.data import Body, Book
from dashboards.own_peers import Chosen
from dashboards.own_verdicts import figures
from dashboards.pages.body import measure_note, no_interval
from dashboards.pages.rows import FIELDS
from pipelines.methods.peer_sets import POOL, cherry_pick_index, jaccard, picked
from pipelines.methods.peers import SMALL_GROUP
from pipelines.methods.status import REFERENCE

Row = dict[str, Any]
OWN_FIELDS = (*FIELDS, "n_figures", "published_verdict", "published_n_peers")
BACK = "Back to the published peers"


def changed(rows: Sequence[Row]) -> list[Row]:
    """Rows whose verdict under the set is another than under the published peers; one that is withheld is none."""
    both = (row for row in rows if "withheld" not in (row["verdict"], row["published_verdict"]))
    return [row for row in both if row["verdict"] != row["published_verdict"]]


def beside(rows: Sequence[Row], published: Sequence[Row]) -> list[Row]:
    """Rows under the set, with the verdict under the published peers."""
    before = {row["indicator_id"]: row for row in published}
    return [
        {
            **row,
            "published": before[row["indicator_id"]],
            "published_verdict": before[row["indicator_id"]]["verdict"],
            "published_n_peers": before[row["indicator_id"]]["n_peers"],
        }
        for row in rows
    ]


def verdicts(book: Book, address: Address, body: Body, found: Chosen, rows: Sequence[Row]) -> tuple[Any, Sheet]:
    """One row per service: value, interval, middle half of the set, verdict under the set and under the default."""
    two = found.own or found.asked.model != book.headline
    model = book.headline if found.own else found.asked.model
    whose = "your set" if found.own else "these peers"
    cells: list[list[Any]] = []
    for row in rows:
        style = book.style(row["indicator_id"])
        value = block.claim_link(
            words.shown(row, style), origin(book, row, model), address, f"claim-{row['indicator_id']}", row["label"]
        )
        interval = style.interval(row["lo"], row["hi"], row["value"]) if row["lo"] is not None else no_interval(row)
        page = address.to("body", body.id, "service", row["service_id"], **found.query)
        label = [
            html.A(row["service"], href=page, className="strong"),
            measure_note(book, {**row, "n_left_out": 0}),
            html.Span(counted(row, found), className="note"),
        ]
        verdict = words.verdict(row, row["polarity"])
        cells.append([label, value, interval, words.half(row, style)])
        published = [words.verdict(row["published"], row["polarity"]), differs(row)]
        cells[-1] += [verdict, published] if two else [strip(row), verdict]
    heads = (
        Head("Service and its measure"),
        Head(body.name, True),
        Head("95% interval", True),
        Head(f"Middle half of {whose}", True),
        *(() if two else (Head("Position (each row from zero)"),)),
        Head(f"Against {whose}"),
        *((Head("Against the published peers"),) if two else ()),
    )
    title = f"{body.name} against {whose}" + (", beside the published peers" if two else "")
    sheet = Sheet("own-verdicts", title, heads, cells, OWN_FIELDS, rows, words.letters_used(rows))
    told = "Your own choice, not the published one. " if found.own else ""
    note = f"{told}Withheld where fewer than {words.number_word(SMALL_GROUP)} peers contribute a figure."
    shown = block.table_block("What these peers say", note, sheet, address)
    return shown, sheet


def origin(book: Book, row: Row, model: str) -> tuple[str, ...]:
    """Parts of the claim of a row's figure, with its position where the release has one under the model."""
    if model == book.headline:
        return claim_of(row, model)
    key = {name: row[name] for name in ("body_id", "indicator_id", "period")}
    return claim_of(next(iter(book.standing(model, **key))), model)


def counted(row: Row, found: Chosen) -> str:
    """How many of the set have a figure, and how many of those contribute."""
    of = f"{row['n_figures']} of {plural(len(found.members), 'peer', 'peers')} have a figure"
    unlike = f"{row['n_left_out']} not like for like, " if row["n_left_out"] else ""
    return f"{of}; {unlike}{row['n_peers']} contribute{'s' if row['n_peers'] == 1 else ''}."


def differs(row: Row) -> Any:
    """That the two verdicts differ, in words."""
    return html.Span("differs", className="note") if changed([row]) else None


def compared(book: Book, address: Address, body: Body, found: Chosen, row: Row) -> tuple[Any, Sheet] | None:
    """The measure looked at under the set and under the release's named fair peer sets."""
    if not found.own:
        return robustness_strip(book, address, body, row)
    key = {"body_id": body.id, "indicator_id": row["indicator_id"], "period": row["period"]}
    named = sorted(book.rows("robustness_sets", **key), key=lambda each: each["place"])
    own = {**row, "set_id": "own", "label": "Your set", "percentile": None}
    rows = [own, *named]
    if not any(each["verdict"] != "withheld" for each in rows):
        return None
    style = book.style(row["indicator_id"])
    sheet = sets_listing(rows, style, body)
    same = sum(each["verdict"] == own["verdict"] for each in named)
    told = [
        f"{row['label']}. Your set first, then the sets that the release names. ▲ higher and ▼ lower by more than "
        "chance, ● cannot be told apart. ",
        f"{same} of {plural(len(named), 'named set', 'named sets')} give the verdict of yours. " if named else "",
        *caution(book, body, found, row),
    ]
    title = "Your set beside other fair peer sets"
    return block.figure_block(title, told, peer_sets(rows), sheet, None, address), sheet


def caution(book: Book, body: Body, found: Chosen, row: Row) -> list[str]:
    """How much of the published list is kept, and whether the set's median is one that few sets would give."""
    published = [each["peer_id"] for each in book.rows("peers", model_id=book.headline, body_id=body.id)]
    both = len(set(published) & set(found.members))
    share = jaccard(published, found.members)
    said = (
        [f"It shares {both} of {len(published)} published peers ({percent_of(share)} of all in either). "]
        if published
        else []
    )
    near = found.found.allowed[:POOL] if found.found else ()
    index = cherry_pick_index(usable(book, found.members, row), usable(book, near, row), body.id)
    if picked(index):
        many = f"{min(99, round(100 * max(index, 1 - index)))} in 100"
        end = "above" if index > 0.5 else "below"
        said.append(
            f"Its median lies {end} that of {many} sets of its size drawn from the {len(near)} most alike: "
            "a reader may ask why these were chosen."
        )
    return said


def usable(book: Book, codes: Sequence[str], row: Row) -> list[float]:
    """Figures of bodies that may stand in a group for the row's measure."""
    if not codes:
        return []
    value, _, _, status, alike, _ = figures(book, codes, [row])
    rows = zip(value[:, 0].tolist(), status[:, 0].tolist(), alike[:, 0].tolist(), strict=True)
    return [number for number, word, like in rows if like and word in REFERENCE and number == number]
