"""Whose peers are others between two releases, how far the two lists agree, and why each one changed (M2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.errors import BadInput
from pipelines.methods.peer_sets import jaccard, rank_biased_overlap
from pipelines.releases.diff_peer_reasons import Model, why_added, why_dropped

if TYPE_CHECKING:
    from pipelines.releases.read import Release


@dataclass(frozen=True)
class PeerChange:
    """One peer that came or went: the kind of reason, the reason in words, and the figures behind it."""

    peer_id: str
    change: str
    kind: str
    reason: str


@dataclass(frozen=True)
class SetChange:
    """One body's list under one model in two releases. overlap : rank-biased, the nearest weigh most."""

    model_id: str
    body_id: str
    n_before: int
    n_after: int
    jaccard: float | None
    overlap: float | None
    changes: tuple[PeerChange, ...]


def diff_peers(before: Release, after: Release, model: str | None = None) -> tuple[SetChange, ...]:
    """Every body whose set of peers changed, by model and body; `model` keeps to one.

    Raises BadInput when the releases are of different packs or neither has the model.
    """
    if before.pack != after.pack:
        raise BadInput(f"{before.pack} and {after.pack} are different packs; compare two releases of one")
    known = sorted({str(found["id"]) for side in (before, after) for found in side.facts["peer_models"]})
    if model is not None and model not in known:
        raise BadInput(f"{after.pack} has no peer model {model!r}; it has {', '.join(known)}")
    return tuple(
        change
        for each in ([model] if model else known)
        for change in _changed_sets(Model(before, each), Model(after, each))
    )


def as_data(changes: tuple[SetChange, ...]) -> list[dict[str, Any]]:
    """The changes as plain data, for JSON."""
    return [asdict(change) for change in changes]


def lines(changes: tuple[SetChange, ...], most: int = 10) -> Iterator[str]:
    """The changes for a terminal: how many, then the `most` bodies whose sets agree least; no order of merit."""
    yield f"{len(changes):,} {'set' if len(changes) == 1 else 'sets'} of peers changed"
    for change in sorted(changes, key=lambda c: (c.jaccard or 0.0, c.model_id, c.body_id))[:most]:
        agree = "" if change.jaccard is None else f", {change.jaccard:.0%} of either list in both"
        order = "" if change.overlap is None else f", agreement of order {change.overlap:.2f}"
        yield f"{change.body_id} under {change.model_id}: {change.n_before} to {change.n_after} peers{agree}{order}"
        yield from (f"  {one.change} {one.peer_id}: {one.reason}" for one in change.changes)


def _changed_sets(old: Model, new: Model) -> Iterator[SetChange]:
    for body in sorted(old.lists.keys() | new.lists.keys()):
        was, now = old.lists.get(body, {}), new.lists.get(body, {})
        if was.keys() == now.keys():
            continue
        dropped = (PeerChange(peer, "dropped", *why_dropped(body, peer, old, new)) for peer in was if peer not in now)
        added = (PeerChange(peer, "added", *why_added(body, peer, old, new)) for peer in now if peer not in was)
        agree, order = jaccard(was, now), rank_biased_overlap(list(was), list(now))
        yield SetChange(
            new.id,
            body,
            len(was),
            len(now),
            _known(agree),
            _known(order),
            (*sorted(dropped, key=_peer), *sorted(added, key=_peer)),
        )


def _peer(change: PeerChange) -> str:
    return change.peer_id


def _known(number: float) -> float | None:
    return None if np.isnan(number) else number
