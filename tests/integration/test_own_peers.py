"""What pages find again for a set of peers is what the pipeline published, body for body, in both packs."""

from __future__ import annotations

import polars as pl
import pytest

from dashboards.library import Library
from dashboards.own_verdicts import rejudged
from dashboards.peers_field import field, sought
from tests.runs import Ran

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.mark.parametrize("pack", ["english_councils", "us_acos"])
def test_the_default_reproduces_every_published_peer(both: Ran, pack: str) -> None:
    book = Library(both.home).book(pack)
    place = field(book, book.headline)
    assert place is not None and len(place.roster.ids) > 300
    listed = book.release.table("peers").filter(pl.col("model_id") == book.headline).sort("closeness_order")
    stated: dict[str, list[tuple[str, float, float]]] = {}
    for body, *row in listed.select("body_id", "peer_id", "distance", "distance_rebased").iter_rows():
        stated.setdefault(body, []).append(tuple(row))
    for body in place.roster.ids:
        found = sought(place, body, place.k, place.weights, same_region=False)
        at = [place.roster.place[peer] for peer in found.peers]
        again = list(zip(found.peers, found.distance[at], found.rebased[at], strict=True))
        assert again == stated.get(body, []), body


@pytest.mark.parametrize("pack", ["english_councils", "us_acos"])
def test_under_the_published_list_every_position_is_the_published_one(both: Ran, pack: str) -> None:
    book, seen = Library(both.home).book(pack), 0
    groups = book.rows("peer_groups")
    for group in groups[:: len(groups) // 40]:
        model, body = group["model_id"], book.bodies[group["body_id"]]
        rows = [row for row in book.standing(model, body_id=body.id) if row["n_peers"] is not None]
        listed = book.rows("peers", model_id=model, body_id=body.id)
        peers = [row["peer_id"] for row in sorted(listed, key=lambda row: row["closeness_order"])]
        again = rejudged(book, body, peers, rows)
        assert [{name: row[name] for name in old} for row, old in zip(again, rows, strict=True)] == rows
        seen += len(rows)
    assert seen > 300
