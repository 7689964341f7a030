"""Does the verdict survive other fair peer sets? Up to six named sets as rows, many more as one band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.numbers import Style, percent_of, plural
from dashboards.components.plots import peer_sets
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book

Row = dict[str, Any]
FIELDS = (
    "body_id",
    "indicator_id",
    "period",
    "set_id",
    "label",
    "n_peers",
    "peer_median",
    "ratio",
    "ratio_lo",
    "ratio_hi",
    "percentile",
    "verdict",
)


def robustness_strip(book: Book, address: Address, body: Body, row: Row) -> tuple[Any, Sheet] | None:
    """One row per named peer set; None where the release has no other than the default."""
    key = {"body_id": body.id, "indicator_id": row["indicator_id"], "period": row["period"]}
    sets = sorted(book.rows("robustness_sets", **key), key=lambda each: each["place"])
    if sum(each["verdict"] != "withheld" for each in sets) < 2:
        return None
    dial = next(iter(book.rows("robustness", **key)), None)
    sheet = listing(sets, book.style(row["indicator_id"]), body)
    origin = block.Origin(("of", "robustness", body.id, row["indicator_id"], row["period"]))
    told = [
        "Against the median of each set, with its number of peers in brackets; no two hold the same peers. "
        "▲ higher and ▼ lower by more than "
        "chance, ● cannot be told apart. ",
        *band(dial, book.style(row["indicator_id"])),
    ]
    title = "Does the verdict survive other fair peer sets?"
    return block.figure_block(title, told, peer_sets(sets), sheet, origin, address), sheet


def band(dial: Row | None, style: Style) -> list[str]:
    """How many of all plausible sets agree, and between which medians the peers would lie."""
    if dial is None or dial["agreement"] is None or dial["median_lo"] is None:
        return []
    medians = style.interval(dial["median_lo"], dial["median_hi"])
    agree = percent_of(dial["agreement"])
    sets = plural(dial["n_sets"], "different plausible peer set", "different plausible peer sets")
    return [f"Of {sets}, {agree} give the verdict of the first row; the peers’ median would be {medians} under most."]


def listing(sets: Sequence[Row], style: Style, body: Body) -> Sheet:
    """The table behind the strip."""
    cells = [
        [
            each["label"],
            str(each["n_peers"]),
            "–" if each["peer_median"] is None else style.write(each["peer_median"]),
            words.difference(each) or "–",
            words.VERDICT[each["verdict"]],
        ]
        for each in sets
    ]
    heads = (
        Head("Peer set"),
        Head("Peers", True),
        Head("Their median", True),
        Head(f"{body.name} against it"),
        Head("Verdict"),
    )
    return Sheet("peer-sets", f"{body.name} under other peer sets", heads, cells, FIELDS, sets)
