"""The card of a method: what a release records beside a figure and what its page quotes (methods.md 0.6, 0.7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """One method in words, with its default parameters. `version` changes whenever the figures may."""

    id: str
    version: str
    title: str
    formula: str
    defaults: Mapping[str, object]
    edge_cases: str
    source: str

    def params_hash(self, **params: object) -> str:
        """12 hexadecimal digits that name the defaults overlaid with `params`.

        Raises ValueError on a parameter that the card does not have, or on NaN.
        """
        unknown = sorted(set(params) - set(self.defaults))
        if unknown:
            raise ValueError(
                f"{self.id} has no parameter {', '.join(unknown)}; it has {', '.join(sorted(self.defaults))}"
            )
        canonical = json.dumps({**self.defaults, **params}, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]
