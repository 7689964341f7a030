"""What an address asks for where a reader chooses the peers.

Only the address decides, so that a link shows the same set to everybody. It says how the set is found rather than who
is in it: a model or none, how many, from where, which themes weigh more, who is left out and who is added.

    model=ons&count=10&region=same&weight-size=2&without=A~B&with=C
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboards.address import Address, Refused, choice
from dashboards.data import Body, Book

Row = dict[str, Any]
MOST = 30
"""Peers of a set, and codes of a list."""
FEWEST = 3
HEAVIEST = 3.0
NOBODY = "none"
"""Instead of a model: only those who are added by name."""
WEIGHT = "weight-"


@dataclass(frozen=True)
class Asked:
    """What an address asks for. count 0 : as many as the model has.   weights : factors that are not 1, by theme."""

    model: str
    headline: str
    count: int = 0
    region: bool = False
    without: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def own(self) -> bool:
        """Whether the set is another than a published one."""
        listed = bool(self.count or self.region or self.without or self.added or self.weights)
        return self.model == NOBODY or listed

    @property
    def query(self) -> dict[str, str | None]:
        """The parameters that say it, without defaults."""
        said = {theme_name(theme): f"{factor:g}" for theme, factor in self.weights.items()}
        return {
            "model": None if self.model == self.headline else self.model,
            "count": str(self.count) if self.count else None,
            "region": "same" if self.region else None,
            **said,
            "without": "~".join(self.without) or None,
            "with": "~".join(self.added) or None,
        }

    def leaving_out(self, code: str) -> Asked:
        """Without one more body."""
        if code in self.added:
            return replace(self, added=tuple(each for each in self.added if each != code))
        return replace(self, without=(*self.without, code))

    def adding(self, code: str) -> Asked:
        """With one more body, or with one that was left out."""
        if code in self.without:
            return replace(self, without=tuple(each for each in self.without if each != code))
        return replace(self, added=(*self.added, code))


def theme_name(theme: str) -> str:
    """A theme's parameter: `weight-age-structure`."""
    return WEIGHT + re.sub(r"[^a-z0-9]+", "-", theme.lower()).strip("-")


def themes(book: Book) -> dict[str, str]:
    """Every theme of the release's computed models by its parameter."""
    every = [v["theme"] for model in book.models.values() for v in model.get("variables") or ()]
    return {theme_name(theme): theme for theme in every}


def names(book: Book) -> tuple[str, ...]:
    """The parameters of a set, for pages that take one."""
    return ("model", "count", "region", "without", "with", *themes(book))


def regions(book: Book) -> bool:
    """Whether bodies can be told apart by region."""
    return len({body.region for body in book.living if body.region}) > 1


def asked(book: Book, address: Address, body: Body) -> Asked:
    """What the address asks for. Raises Refused (400) on what no set can be."""
    model = choice(address, "model", (*book.models, NOBODY), book.headline)
    count = whole(address)
    usual = int(book.models.get(model, {}).get("k") or 0)
    region = choice(address, "region", ("same",), "") == "same"
    if region and not regions(book):
        raise Refused(400, "This release knows no regions, so that peers cannot be asked to share one.")
    without, added = codes(book, address, body, "without"), codes(book, address, body, "with")
    for code in set(without) & set(added):
        raise Refused(400, f"“{book.name(code)}” is both left out and added.")
    return Asked(
        model,
        book.headline,
        0 if count == usual or model == NOBODY else count,
        region and model != NOBODY,
        without,
        added,
        factors(book, address, model),
    )


def whole(address: Address) -> int:
    """The number of peers asked for, 0 for none. Raises Refused (400)."""
    text = address.query.get("count", "")
    if not text:
        return 0
    if not re.fullmatch(r"[0-9]{1,2}", text) or not FEWEST <= int(text) <= MOST:
        raise Refused(400, f"The number of peers is a whole number from {FEWEST} to {MOST}.")
    return int(text)


def codes(book: Book, address: Address, body: Body, name: str) -> tuple[str, ...]:
    """A list of bodies in the address, joined by ~. Raises Refused (400) where one of them cannot be a peer."""
    text = address.query.get(name, "")
    if not text:
        return ()
    listed = text.split("~")
    if len(listed) > MOST:
        raise Refused(400, f"“{name}” lists at most {MOST} codes; this address lists {len(listed)}.")
    for code in listed:
        found = book.bodies.get(code)
        if found is None:
            raise Refused(400, f"“{name}” lists “{code}”, which is the code of no {book.noun} of this release.")
        if code == body.id:
            raise Refused(400, f"{body.name} cannot be its own peer.")
        if found.valid_to or not found.benchmarked:
            raise Refused(400, f"{found.name} is not compared with others in this release, so it cannot be a peer.")
    if len(set(listed)) < len(listed):
        raise Refused(400, f"“{name}” lists a code twice.")
    return tuple(listed)


def factors(book: Book, address: Address, model: str) -> dict[str, float]:
    """Weights of themes that are not 1, of those that the model has. Raises Refused (400) outside 0 to 3, or all 0."""
    mine = {v["theme"] for v in book.models.get(model, {}).get("variables") or ()}
    out: dict[str, float] = {}
    for name, theme in themes(book).items():
        text = address.query.get(name, "")
        if text and (not re.fullmatch(r"[0-9](\.[0-9]{1,2})?", text) or float(text) > HEAVIEST):
            raise Refused(400, f"The weight of “{theme}” is a number from 0 to {HEAVIEST:g}.")
        if text and theme in mine and float(text) != 1.0:
            out[theme] = float(text)
    if mine and set(out) == mine and not any(out.values()):
        raise Refused(400, "One theme at least needs a weight above 0.")
    return out
