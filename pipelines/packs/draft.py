"""A pack under examination, and what can be wrong with it: places, faults, hints.

What belongs here: what every rule needs. What does not: the rules (`references.py`, `sense.py`).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.packs.document import Document, Place
from pipelines.packs.schema import Bodies, Dataset, Head, Indicator, Measure, PeerModel, ScopeFlag
from pipelines.packs.schema_frontiers import CostModel, Frontier
from pipelines.packs.schema_policy import PolicyPart
from pipelines.packs.schema_services import Service


class Fault(NamedTuple):
    """One thing wrong: in which file, at which key, and in words."""

    file: str
    place: Place
    message: str


class Draft(NamedTuple):
    """A pack under examination: raw documents by file, and the objects that are well-formed, by their place."""

    documents: Mapping[str, Document]
    head: Head | None
    bodies: Bodies | None
    datasets: Mapping[Place, Dataset]
    measures: Mapping[Place, Measure]
    services: Mapping[Place, Service]
    indicators: Mapping[Place, Indicator]
    peer_models: Mapping[Place, PeerModel]
    scope_flags: Mapping[Place, ScopeFlag]
    frontiers: Mapping[Place, Frontier]
    cost_models: Mapping[Place, CostModel]
    policies: Mapping[Place, PolicyPart]

    def measure(self, id: str | None) -> Measure | None:
        """The well-formed measure of this id."""
        return next((m for m in self.measures.values() if m.id == id), None)

    def indicator(self, id: str) -> Indicator | None:
        """The well-formed indicator of this id."""
        return next((i for i in self.indicators.values() if i.id == id), None)


Rule = Callable[[Draft], Iterator[Fault]]

NAMED = (
    ("bodies.yml", "classes.*.id", "class"),
    ("datasets.yml", "*.id", "dataset"),
    ("measures.yml", "*.id", "measure"),
    ("services.yml", "*.id", "service"),
    ("indicators.yml", "*.id", "indicator"),
    ("peers.yml", "*.id", "peer model"),
    ("frontiers.yml", "*.id", "frontier"),
    ("policy.yml", "*.id", "policy"),
)
"""Where each kind of thing gets its id."""


def walk(content: Any, path: Sequence[str], place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text that a dotted path reaches, with its place; `*` goes through all items of a list."""
    if not path:
        if isinstance(content, str):
            yield place, content
    elif path[0] == "*" and isinstance(content, list):
        for index, item in enumerate(content):
            yield from walk(item, path[1:], (*place, index))
    elif isinstance(content, dict) and path[0] in content:
        yield from walk(content[path[0]], path[1:], (*place, path[0]))


def found_in(draft: Draft, file: str, path: str) -> Iterator[tuple[Place, str]]:
    """`walk` in one of the pack's files; nothing when the file is absent."""
    if file in draft.documents:
        yield from walk(draft.documents[file].content, path.split("."))


def suggestion(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)` for the nearest known word; else the known words when they are few; else nothing."""
    names = sorted(set(known))
    near = difflib.get_close_matches(word, names, n=1)
    if near:
        return f" (did you mean '{near[0]}'?)"
    return f" (known: {', '.join(names)})" if 0 < len(names) <= 8 else ""


def owner(draft: Draft, file: str, place: Place) -> str:
    """`measure 'abc': ` for a place inside that measure; empty where nothing around it has an id."""
    content, best = draft.documents[file].content, ""
    for depth, step in enumerate(place):
        content = content[step]
        if isinstance(content, dict) and isinstance(content.get("id"), str):
            shape = ".".join("*" if isinstance(s, int) else str(s) for s in (*place[: depth + 1], "id"))
            kind = next((k for f, p, k in NAMED if (f, p) == (file, shape)), "")
            best = f"{kind} '{content['id']}': " if kind else best
        if not isinstance(content, dict | list):
            break
    return best
