"""Method cards by id, gathered from the modules of pipelines/methods."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

import pipelines.methods
from pipelines.methods.card import Method
from pipelines.releases.claim import MethodNote


@cache
def cards() -> Mapping[str, Method]:
    """Every method card, by id."""
    return MappingProxyType({card.id: card for card in _found()})


def note(method_id: str, version: str, params_hash: str, seed: int | None) -> MethodNote:
    """What a release recorded of a method, with the card's words when its version is the one at hand."""
    card = cards().get(method_id)
    if card is None:
        return MethodNote(method_id, version, params_hash, seed)
    if card.version != version:
        return MethodNote(
            method_id, version, params_hash, seed, card.title, f"see version {version} of the method", card.source
        )
    return MethodNote(method_id, version, params_hash, seed, card.title, card.formula, card.source)


def _found() -> Iterator[Method]:
    for module in pkgutil.iter_modules(pipelines.methods.__path__, "pipelines.methods."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Method):
                yield value
