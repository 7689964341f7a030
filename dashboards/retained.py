"""How long a peer has been one: the published lists of this release and of those before it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import polars as pl

from dashboards.library import opened as opened_release
from pipelines.releases.read import trail

MOST = 6
"""Releases looked at, the newest first."""


def recent(home: Path, pack: str, release: str) -> list[str]:
    """This release and those that were current before it and still stand on the shelf, the newest first."""
    became = list(dict.fromkeys(reversed(trail(home, pack))))
    upto = became[became.index(release) :] if release in became else [release]
    return upto[:MOST]


def held(home: Path, pack: str, release: str, model: str, body: str) -> list[frozenset[str]]:
    """Peers of a body in each recent release that has the model and the body, the newest first."""
    found = [lists(home, pack, each, model).get(body) for each in recent(home, pack, release)]
    return [peers for peers in found if peers is not None]


@lru_cache(maxsize=24)
def lists(home: Path, pack: str, release: str, model: str) -> Mapping[str, frozenset[str]]:
    """Everybody's peers under a model in one release. Kept, for a release never changes."""
    opened = opened_release(home, pack, release)
    groups = opened.table("peer_groups").filter(pl.col("model_id") == model)["body_id"]
    found: dict[str, set[str]] = {body: set() for body in groups}
    listed = opened.table("peers").filter(pl.col("model_id") == model)
    for body, peer in listed.select("body_id", "peer_id").iter_rows():
        found.setdefault(body, set()).add(peer)
    return {body: frozenset(peers) for body, peers in found.items()}
