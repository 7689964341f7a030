"""Which kinds of entry policy.yml knows, and the shape of each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from pydantic import ConfigDict

from pipelines.packs.schema import Part
from pipelines.packs.schema_policy import PolicyPart, TargetPolicy
from pipelines.packs.schema_settlement import SettlementPolicy


class OtherPolicy(Part):
    """Stands in for an entry whose kind is not known, so that the kind is what is reported."""

    model_config = ConfigDict(extra="ignore")
    kind: Literal["targets", "settlement"]


POLICY_KINDS: Mapping[str, type[PolicyPart]] = MappingProxyType(
    {"targets": TargetPolicy, "settlement": SettlementPolicy}
)
"""The shape of each kind of policy."""


def policy_shape(entry: Any) -> type[Part]:
    """The shape that an entry of policy.yml is held against, by its `kind`."""
    kind = entry.get("kind") if isinstance(entry, dict) else None
    return POLICY_KINDS.get(kind, OtherPolicy) if isinstance(kind, str) else OtherPolicy
