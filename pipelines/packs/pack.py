"""A checked pack, as the rest of the code uses it: look-ups by id, the parser of a dataset, a hash of its words."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pipelines.errors import BadInput
from pipelines.packs.schema import (
    BodyClass,
    Bridge,
    Dataset,
    Deflator,
    Indicator,
    Lineage,
    Measure,
    PeerModel,
    RegisterSource,
    ScopeFlag,
)
from pipelines.packs.schema_frontiers import CostModel, Frontier
from pipelines.packs.schema_policy import PolicyPart, TargetPolicy
from pipelines.packs.schema_services import Service
from pipelines.packs.schema_settlement import SettlementPolicy
from pipelines.sources.cells import Parsed
from pipelines.sources.declared import declared_parser
from pipelines.sources.declared_table import Table


class Source(Protocol):
    """What a parser module offers, and a declared table likewise."""

    PUBLISHER: str
    DATASET: str
    TITLE: str
    URL: str
    LICENCE: str
    FILES: tuple[str, ...]
    parse: Callable[[bytes, str], Parsed]


class DeclaredSource:
    """A table described in YAML, in the shape of a parser module."""

    def __init__(self, dataset: Dataset, table: Table) -> None:
        self.PUBLISHER = table.publisher
        self.DATASET = dataset.id
        self.TITLE = table.title
        self.URL = table.url
        self.LICENCE = table.licence
        self.FILES = dataset.files
        self.parse = declared_parser(table)


class Named(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """Its name in the pack."""


T = TypeVar("T", bound=Named)


@dataclass(frozen=True)
class Pack:
    """A sector as data. Absent `classes`, `expected_in` and `peers_from` are filled in when it is loaded."""

    id: str
    title: str
    noun: str
    nouns: str
    currency: str
    base_period: str | None
    year_kind: str
    region_noun: str
    deflator: Deflator | None
    headline_peer_model: str
    licence_note: str
    contact: str | None
    units: tuple[str, ...]
    wording: dict[str, str]
    classes: tuple[BodyClass, ...]
    register: tuple[RegisterSource, ...]
    bridges: tuple[Bridge, ...]
    lineage: Lineage | None
    datasets: tuple[Dataset, ...]
    measures: tuple[Measure, ...]
    services: tuple[Service, ...]
    indicators: tuple[Indicator, ...]
    peer_models: tuple[PeerModel, ...]
    scope_flags: tuple[ScopeFlag, ...]
    frontiers: tuple[Frontier, ...]
    cost_models: tuple[CostModel, ...]
    policies: tuple[PolicyPart, ...]
    path: Path

    def dataset(self, id: str) -> Dataset:
        """The dataset of this id; BadInput when there is none."""
        return self._one(self.datasets, id, "dataset")

    def measure(self, id: str) -> Measure:
        """The measure of this id; BadInput when there is none."""
        return self._one(self.measures, id, "measure")

    def service(self, id: str) -> Service:
        """The service of this id; BadInput when there is none."""
        return self._one(self.services, id, "service")

    def indicator(self, id: str) -> Indicator:
        """The indicator of this id; BadInput when there is none."""
        return self._one(self.indicators, id, "indicator")

    def peer_model(self, id: str) -> PeerModel:
        """The peer model of this id; BadInput when there is none."""
        return self._one(self.peer_models, id, "peer model")

    def body_class(self, id: str) -> BodyClass:
        """The class of this id; BadInput when there is none."""
        return self._one(self.classes, id, "class")

    def policy(self, id: str) -> PolicyPart:
        """The policy of this id; BadInput when there is none."""
        return self._one(self.policies, id, "policy")

    @property
    def target_policies(self) -> tuple[TargetPolicy, ...]:
        """The policies that set targets, in the order in which the pack lists them."""
        return tuple(policy for policy in self.policies if isinstance(policy, TargetPolicy))

    @property
    def settlements(self) -> tuple[SettlementPolicy, ...]:
        """The settlements, in the order in which the pack lists them."""
        return tuple(policy for policy in self.policies if isinstance(policy, SettlementPolicy))

    def class_of(self, body_id: str) -> BodyClass | None:
        """The class with the longest code prefix that the body's id begins with; None when no class has one."""
        fits = [(len(code), c) for c in self.classes for code in c.codes if body_id.startswith(code)]
        return max(fits, key=lambda fit: fit[0])[1] if fits else None

    def source(self, id: str) -> Source:
        """The first parser of a dataset: its module, or a declared table in a module's shape."""
        return next(iter(self.sources(id).values()))

    def sources(self, id: str) -> dict[str, Source]:
        """The parsers of a dataset by the name under which their files are landed: modules, or one declared table."""
        dataset = self.dataset(id)
        if dataset.table is not None:
            return {dataset.id: DeclaredSource(dataset, dataset.table)}
        names = (dataset.source, *dataset.also)
        modules: dict[str, Any] = {name: importlib.import_module(f"pipelines.sources.{name}") for name in names}
        return modules

    @property
    def data(self) -> Path | None:
        """The pack's own folder of figures, where it has one."""
        folder = self.path / "data"
        return folder if folder.is_dir() else None

    def hash(self) -> str:
        """SHA-256 over the names and bytes of the pack's YAML and CSV files, sorted by name."""
        digest = hashlib.sha256()
        files = [p for p in self.path.rglob("*") if p.suffix in (".yml", ".csv") and p.is_file()]
        for path in sorted(files, key=lambda p: p.relative_to(self.path).as_posix()):
            data = path.read_bytes()
            digest.update(f"{path.relative_to(self.path).as_posix()} {len(data)}\n".encode())
            digest.update(data)
        return digest.hexdigest()

    def _one(self, things: Sequence[T], id: str, kind: str) -> T:
        for thing in things:
            if thing.id == id:
                return thing
        known = ", ".join(sorted(thing.id for thing in things))
        raise BadInput(f"pack {self.id}: no {kind} '{id}' (it has {known})")
