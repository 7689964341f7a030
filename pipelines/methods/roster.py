"""Who may be whose peer: the hard constraints of a peer model over a sector's bodies (methods.md M2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipelines.methods.peers import Block, Blocks


class Constraints(Protocol):
    """What a peer model asks of every pair: one class, one region, no body that merged in its newest years."""

    @property
    def same_class(self) -> bool: ...
    @property
    def same_region(self) -> bool: ...
    @property
    def exclude_merged_years(self) -> int: ...


@dataclass(frozen=True)
class Roster:
    """The living bodies that are benchmarked, sorted by body_id, with what the hard constraints ask of them."""

    ids: tuple[str, ...]
    class_id: tuple[str, ...]
    region: tuple[str | None, ...]
    began: tuple[str, ...]
    peers_from: dict[str, tuple[str, ...]]
    newest_end: str

    @cached_property
    def names(self) -> np.ndarray:
        """The body ids as an array, to index by row number."""
        return np.array(self.ids)

    @cached_property
    def place(self) -> dict[str, int]:
        """Row number of each body."""
        return {body: row for row, body in enumerate(self.ids)}

    @cached_property
    def field(self) -> tuple[str, ...]:
        """The field of each body: the classes that are compared with one another, joined by a space."""
        family = self.families()
        words = {first: " ".join(sorted(k for k in family if family[k] == first)) for first in family.values()}
        return tuple(words[family[kind]] for kind in self.class_id)

    def allows(self, model: Constraints, body: np.ndarray, peer: np.ndarray) -> np.ndarray:
        """Whether each `peer` meets the hard constraints of `body`: class, region, and not merged too recently.

        body, peer : row numbers, of shapes that broadcast.   Returns truth values of their common shape.
        """
        newest = f"{int(self.newest_end[:4]) - model.exclude_merged_years}{self.newest_end[4:]}"
        settled = np.array([began <= newest for began in self.began], dtype=bool)
        mask = settled[peer] & (body != peer)
        if model.same_class:
            kinds, kind = np.unique(self.class_id, return_inverse=True)
            takes = np.array([np.isin(kinds, self.peers_from[own]) for own in kinds], dtype=bool)
            mask &= takes[kind[body], kind[peer]]
        if model.same_region:
            region = np.unique([name or "" for name in self.region], return_inverse=True)[1]
            mask &= region[body] == region[peer]
        return np.asarray(mask)

    def blocks(self, model: Constraints) -> Blocks:
        """The hard constraints as blocks: bodies of one region where the model asks for it, and of classes that mix."""
        apart = list(self.region) if model.same_region else [None] * len(self.ids)
        family = self.families() if model.same_class else dict.fromkeys(self.class_id, "")
        members: dict[tuple[str, str], list[int]] = {}
        for row, (region, kind) in enumerate(zip(apart, self.class_id, strict=True)):
            members.setdefault((region or "", family[kind]), []).append(row)
        groups = [np.array(rows) for rows in members.values() if len(rows) > 1]
        return Blocks(tuple(Block(rows, self.allows(model, rows[:, None], rows[None, :])) for rows in groups))

    def families(self) -> dict[str, str]:
        """Each class with the first of the classes that it exchanges peers with, directly or through others."""
        kinds = sorted(set(self.class_id))
        linked = np.array([[other in self.peers_from[own] for other in kinds] for own in kinds]).reshape(-1, len(kinds))
        labels = connected_components(csr_array(linked), directed=False)[1] if kinds else []
        return {kind: kinds[list(labels).index(label)] for kind, label in zip(kinds, labels, strict=True)}
