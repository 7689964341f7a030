"""Method cards by id, gathered from the modules of pipelines/methods and pipelines/scenarios."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType, ModuleType

import pipelines.methods
import pipelines.scenarios
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


@cache
def claims() -> Mapping[str, str]:
    """What each method claims, by id: the opening line of the module in which its card stands, less its reference."""
    own = ((card, module) for card, module in _found_in() if f'id="{card.id}"' in inspect.getsource(module))
    return MappingProxyType({card.id: _opening(module) for card, module in own})


def _opening(module: ModuleType) -> str:
    first = " ".join((module.__doc__ or "").strip().split("\n\n")[0].split())
    return first.rpartition(" (methods.md")[0] or first.rstrip(".")


def _found() -> Iterator[Method]:
    return (card for card, _ in _found_in())


def _found_in() -> Iterator[tuple[Method, ModuleType]]:
    for package in (pipelines.methods, pipelines.scenarios):
        for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(each.name)
            yield from ((value, module) for value in vars(module).values() if isinstance(value, Method))
