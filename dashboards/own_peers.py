"""The set of peers that an address gives: who is in it, and what the distances are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboards.address import Address, Refused
from dashboards.data import Body, Book
from dashboards.own_asked import MOST, NOBODY, Asked, asked
from dashboards.peers_field import Field, Nearest, features, sought
from dashboards.peers_field import field as field_of

Row = dict[str, Any]


@dataclass(frozen=True)
class Chosen:
    """The set that an address gives: who is in it, nearest first, then those added; what the distances are made of."""

    asked: Asked
    members: tuple[str, ...]
    published: tuple[str, ...]
    wanted: int
    place: Field | None = None
    found: Nearest | None = None

    @property
    def model(self) -> str:
        """The published model that the set starts from; the headline one where it starts from nobody."""
        return self.asked.headline if self.asked.model == NOBODY else self.asked.model

    @property
    def own(self) -> bool:
        return self.asked.own

    @property
    def query(self) -> dict[str, str | None]:
        """Parameters for links that keep the set."""
        return self.asked.query


def chosen(book: Book, address: Address, body: Body) -> Chosen:
    """The set that an address gives. Raises Refused (400) on what no set can be, and beyond 30 peers."""
    return gathered(book, body, asked(book, address, body))


def gathered(book: Book, body: Body, wanted: Asked) -> Chosen:
    """The set that is asked for. Raises Refused (400) beyond 30 peers."""
    listed = book.rows("peers", model_id=wanted.model, body_id=body.id)
    published = tuple(row["peer_id"] for row in sorted(listed, key=lambda row: row["closeness_order"]))
    usual = int(book.models.get(wanted.model, {}).get("k") or 0)
    place = described_by(book, body, wanted.model)
    found = measured(place, body, wanted, usual) if place else None
    again = bool(found and book.models.get(wanted.model, {}).get("variables"))
    if found and again and (wanted.count or wanted.region or wanted.weights):
        base = found.peers
    else:
        base = tuple(code for code in published if not wanted.region or book.bodies[code].region == body.region)
        base = base[: wanted.count or None]
    members = (*(code for code in base if code not in (*wanted.without, *wanted.added)), *wanted.added)
    if len(members) > MOST:
        raise Refused(400, f"A set holds at most {MOST} peers; this address asks for {len(members)}.")
    return Chosen(wanted, members, published, wanted.count or usual, place, found)


def described_by(book: Book, body: Body, model: str) -> Field | None:
    """The field that describes a body under a model: its own, or the headline one's for a list that states none."""
    for each in (model, book.headline):
        place = field_of(book, each)
        if place and body.id in place.roster.place:
            return place
    return None


def measured(place: Field, body: Body, wanted: Asked, usual: int) -> Nearest:
    """Distances under the weights asked for. Raises Refused (400) where they leave nothing to compare."""
    scale = [wanted.weights.get(str(variable["theme"]), 1.0) for variable in place.variables]
    try:
        return sought(
            place, body.id, wanted.count or usual or place.k, place.weights * np.array(scale), same_region=wanted.region
        )
    except ValueError:
        raise Refused(400, "Under these weights nothing is left by which to compare.") from None


def next_alike(book: Book, body: Body, found: Chosen, most: int = 8) -> list[str]:
    """The bodies most alike that are not in the set: of a published list first, then by distance."""
    rest = [*found.published, *(found.found.allowed if found.found else ())]
    if not found.found:
        rest += [row["peer_id"] for model in book.models for row in book.rows("peers", model_id=model, body_id=body.id)]
    listed = dict.fromkeys(code for code in rest if code not in (*found.members, *found.asked.without))
    return list(listed)[:most]


def set_features(book: Book, body: Body, found: Chosen, others: Sequence[str]) -> dict[str, list[Row]]:
    """What sets the body apart from others, by body; empty where the release cannot say."""
    if found.place is None or found.found is None:
        return {}
    return features(book, found.place, found.found, body.id, others)
