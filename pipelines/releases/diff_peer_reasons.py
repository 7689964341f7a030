"""Why a peer came or went between two releases: one reason each, from the releases' tables alone (M2.2).

The first that holds:

    body       the body or the peer ended, came into being, or changed class or region
    merger     the peer merged too recently to be anybody's peer, or no longer so
    list       the publisher lists others
    model      the model's variables, or the number of peers that it asks for, changed
    variable   the pair grew apart or together: the context variable whose difference moved most
    place      a nearer one took its place, or one that left made room
    cap        the distance beyond which nobody is a peer moved
    scale      the pair is as it was; the sector's spread, which measures it, moved
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipelines.releases.claim import plain

if TYPE_CHECKING:
    from pipelines.releases.read import Release

Named = Mapping[str, Any]
NEVER: Named = {}


@dataclass(frozen=True)
class Model:
    """One peer model as one release has it: lists, nearest first, distances, and the bodies that it lists."""

    release: Release
    id: str

    @cached_property
    def lists(self) -> dict[str, dict[str, float | None]]:
        """Distance of each peer of each body, nearest first."""
        rows = self.release.table("peers").filter(pl.col("model_id") == self.id).sort("body_id", "closeness_order")
        out: dict[str, dict[str, float | None]] = {}
        for body, peer, distance in rows.select("body_id", "peer_id", "distance").iter_rows():
            out.setdefault(body, {})[peer] = distance
        return out

    @cached_property
    def bodies(self) -> dict[str, Named]:
        """What the release says of every body."""
        return {row["body_id"]: row for row in self.release.table("bodies").iter_rows(named=True)}

    @cached_property
    def facts(self) -> Named:
        """What the release says of the model; empty when it does not have it."""
        return next((found for found in self.release.facts["peer_models"] if found["id"] == self.id), NEVER)

    @cached_property
    def listed(self) -> set[str]:
        """Bodies that stand in somebody's list."""
        return {peer for peers in self.lists.values() for peer in peers}

    @cached_property
    def merged(self) -> dict[str, str]:
        """First financial year of every body that took others over."""
        lines = self.release.table("body_lineage").select("to_id", "effective_period", "from_id")
        return {to: when for to, when, old in lines.iter_rows() if to != old}

    @cached_property
    def values(self) -> dict[str, dict[str, float]]:
        """Value of every body in each context variable."""
        rows = self.release.table("peer_features").filter(pl.col("model_id") == self.id)
        sides = [
            rows.select("variable_id", pl.col(f"{who}_id").alias("id"), f"{who}_value") for who in ("body", "peer")
        ]
        out: dict[str, dict[str, float]] = {}
        for side in sides:
            for variable, body, value in side.unique().iter_rows():
                if value is not None:
                    out.setdefault(variable, {})[body] = value
        return out

    @cached_property
    def labels(self) -> dict[str, str]:
        """Context variables in words."""
        rows = self.release.table("peer_features").filter(pl.col("model_id") == self.id)
        return dict(rows.select("variable_id", "label").unique().iter_rows())

    @cached_property
    def regional(self) -> bool:
        """Whether every peer is of its body's region: the model then asks for it."""
        pairs = ((body, peer) for body, peers in self.lists.items() for peer in peers)
        return all(self.bodies[body]["region"] == self.bodies[peer]["region"] for body, peer in pairs)

    def reach(self, body: str) -> float:
        """The distance within which a peer of this body must lie: its last peer's, or the cap in a short list."""
        own = [distance for distance in self.lists.get(body, {}).values() if distance is not None]
        return max(own) if self.full(body) and own else self.cap

    def full(self, body: str) -> bool:
        """Whether its list has as many peers as the model asks for."""
        return len(self.lists.get(body, {})) >= int(self.facts.get("k", 0))

    @cached_property
    def cap(self) -> float:
        """The largest distance at which anybody is a peer: as near as the tables tell the cap."""
        found = [distance for peers in self.lists.values() for distance in peers.values() if distance is not None]
        return max(found, default=np.inf)


def why_dropped(body: str, peer: str, old: Model, new: Model) -> tuple[str, str]:
    """Kind and words of why a peer went."""
    first = _lives(body, peer, old, new) or _merger(peer, new, old, "merged in {}: too recently to be a peer")
    if first or (first := _of_the_model(old, new)):
        return first
    if (old.lists[body][peer] or 0.0) <= new.reach(body):
        return _variable(body, peer, old, new, 1.0)
    came = [other for other in new.lists.get(body, {}) if other not in old.lists[body]]
    if new.full(body) and came:
        return "place", f"{_name(new, came[0])} is nearer and took its place"
    return _cap(old, new)


def why_added(body: str, peer: str, old: Model, new: Model) -> tuple[str, str]:
    """Kind and words of why a peer came."""
    first = _lives(body, peer, old, new) or _merger(peer, old, new, "merged in {}: long enough ago by now")
    if first or (first := _of_the_model(old, new)):
        return first
    if (new.lists[body][peer] or 0.0) <= old.reach(body):
        return _variable(body, peer, old, new, -1.0)
    gone = [other for other in old.lists.get(body, {}) if other not in new.lists[body]]
    if old.full(body) and gone:
        return "place", f"next in order of likeness, since {_name(old, gone[0])} left"
    return _cap(old, new)


def _lives(body: str, peer: str, old: Model, new: Model) -> tuple[str, str] | None:
    """Whether body or peer ended, came into being, or is of another class or, in a regional model, region."""
    for who, whose in ((peer, "it"), (body, "the body itself")):
        was, now = old.bodies.get(who), new.bodies.get(who)
        if now is None or (now["valid_to"] and not (was or NEVER).get("valid_to")):
            return "body", f"{whose} ended{_on(now, 'valid_to')}"
        if was is None or (was["valid_to"] and not now["valid_to"]):
            return "body", f"{whose} came into being{_on(now, 'valid_from')}"
        if was["class_id"] != now["class_id"]:
            return "body", f"{whose} changed class from {was['class_id']} to {now['class_id']}"
        if was["region"] != now["region"] and (old.regional or new.regional):
            return "body", f"{whose} changed region from {was['region']} to {now['region']}"
    return None


def _on(row: Named | None, day: str) -> str:
    return f" on {row[day]}" if row and row[day] else ""


def _merger(peer: str, without: Model, having: Model, words: str) -> tuple[str, str] | None:
    """Whether nobody lists a merged body in one release, as the rule on recent mergers has it, and somebody does in the
    other."""
    when = without.merged.get(peer) or having.merged.get(peer)
    if when is None or peer in without.listed or peer not in having.listed:
        return None
    return "merger", words.format(when)


def _of_the_model(old: Model, new: Model) -> tuple[str, str] | None:
    """Whether the model itself is another one, or a publisher's list."""
    if not old.facts or not new.facts:
        return "model", f"the {'older' if not old.facts else 'newer'} release does not have this model"
    if new.facts["kind"] == "published":
        return "list", "the publisher's list changed"
    if old.values and new.values and old.values.keys() != new.values.keys():
        moved = ", ".join(sorted(old.values.keys() ^ new.values.keys()))
        return "model", f"the model's variables changed: {moved}"
    if old.facts["k"] != new.facts["k"]:
        return "model", f"the model asks for {new.facts['k']} peers, before for {old.facts['k']}"
    return None


def _variable(body: str, peer: str, old: Model, new: Model, sign: float) -> tuple[str, str]:
    """The context variable in which the pair grew apart (sign 1) or together (-1) most, in the sector's spreads."""
    moved = []
    for variable, now in new.values.items():
        was = old.values.get(variable, {})
        if {body, peer} <= was.keys() & now.keys():
            spread = float(np.std(list(was.values()))) or 1.0
            gap = abs(now[peer] - now[body]) - abs(was[peer] - was[body])
            moved.append((sign * gap / spread, variable))
    if not moved or max(moved)[0] <= 0:
        return "scale", "its own values are no reason: the sector's spread, which measures likeness, moved"
    variable = max(moved)[1]
    was, now = old.values[variable], new.values[variable]
    who = max((peer, body), key=lambda each: abs(now[each] - was[each]))
    return "variable", (
        f"{new.labels[variable]} of {_name(new, who)} went from {plain(was[who])} to {plain(now[who])}, "
        f"{'away from' if sign > 0 else 'towards'} {_name(new, body if who == peer else peer)}"
    )


def _cap(old: Model, new: Model) -> tuple[str, str]:
    return "cap", f"the largest distance of a peer went from {plain(round(old.cap, 4))} to {plain(round(new.cap, 4))}"


def _name(model: Model, body: str) -> str:
    return f"{model.bodies.get(body, {'name': body})['name']} ({body})"
