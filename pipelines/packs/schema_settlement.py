"""The shape of `kind: settlement` in policy.yml: a programme's rules on the pack's measures, or terms of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pipelines.packs.schema import Id, Part, Period, Words
from pipelines.packs.schema_policy import PolicyPart
from pipelines.scenarios.terms import Terms
from pipelines.sources.periods import span


def _known(mapping: Any) -> Any:
    names = sorted(field.name for field in fields(Terms))
    unknown = sorted(str(key) for key in mapping if key not in names) if isinstance(mapping, Mapping) else []
    if unknown:
        raise ValueError(f"has no term '{unknown[0]}'; the terms are {', '.join(names)}")
    return mapping


Share = Annotated[float, Field(gt=0, lt=1)]


class Plan(Part):
    """An assumed course of cost, so that a reader sees what the terms would do.

    saving : real saving a year, as a share of the year before; below 0 for growing cost.   gate_fails : years of the
    settlement, 1 the first, in which quality fails.
    """

    id: Id
    label: Words
    saving: Annotated[float, Field(ge=-0.2, le=0.2)]
    gate_fails: tuple[Annotated[int, Field(ge=1, le=30)], ...] = ()


class Printed(Part):
    """A column of a publisher that no measure holds, because it is a word, a day or a flag."""

    dataset: Id
    series: Words


class Power(Part):
    """What a programme's rules leave open and the strength of its reward rests on (methods.md M5.5)."""

    share: Annotated[float, Field(ge=0, le=1)]
    years: Annotated[int, Field(ge=1, le=30)]
    rebase: Literal["last_year", "mean3"]
    own_weight: Annotated[float, Field(ge=0, le=1)]
    source: Words


class Comparison(Part):
    """Ways of finding one total, side by side (methods.md M5.11).

    required : share of the sector's cost to be found.   burden_cap : most that a benchmark path asks of a body.
    deprivation : measures, higher = more deprived, of which the first that a body has counts.
    """

    required: Share
    burden_cap: Share
    deprivation: tuple[Id, ...] = ()


class SettlementPolicy(PolicyPart):
    """kind: settlement. Either `rules` of a real programme, or `terms` of one's own.

    rules : columns maps the programme's inputs to measures, printed to publishers' columns; published, the measure that
    holds what was paid, is only compared.   terms : services settled together, first_period and volume of the
    settlement, plans of cost, and the comparison of schemes.
    """

    kind: Literal["settlement"]
    rules: Literal["us-mssp"] | None = None
    columns: dict[str, Id] = Field(default_factory=dict)
    printed: dict[str, Printed] = Field(default_factory=dict)
    published: Id | None = None
    power: Power | None = None
    terms: Annotated[Terms, BeforeValidator(_known)] | None = None
    services: tuple[Id, ...] = ()
    first_period: Period | None = None
    volume: Id | None = None
    plans: tuple[Plan, ...] = ()
    comparison: Comparison | None = None

    @model_validator(mode="after")
    def one_or_the_other(self) -> Self:
        """Refuse both or neither of rules and terms, and what either lacks."""
        if (self.rules is None) == (self.terms is None):
            raise ValueError("needs either `rules` or `terms`")
        if self.rules and not self.columns:
            raise ValueError("needs `columns`: which measure is which input of the rules")
        if self.terms and not (self.services and self.first_period and self.volume and self.plans):
            raise ValueError("with terms needs services, first_period, volume and plans")
        if self.first_period and span(self.first_period).kind not in ("financial_year", "calendar_year"):
            raise ValueError("first_period must be a year such as 2025-26 or 2025")
        if len({plan.id for plan in self.plans}) < len(self.plans):
            raise ValueError("two plans have one id")
        return self

    def parameters(self) -> dict[str, Any]:
        """As any policy's, with every term: one that is null (no cap, no expiry) says something."""
        stated = super().parameters()
        return stated if self.terms is None else {**stated, "terms": self.terms.canonical()}

    @property
    def agreed(self) -> Terms:
        """The terms; an AssertionError for a programme's rules."""
        assert self.terms is not None
        return self.terms

    def periods(self) -> tuple[str, ...]:
        """The years of the settlement as canonical periods, the first one first."""
        assert self.first_period is not None
        first, financial = int(self.first_period[:4]), "-" in self.first_period
        years = range(first, first + self.agreed.years)
        return tuple(f"{year}-{(year + 1) % 100:02d}" if financial else str(year) for year in years)
