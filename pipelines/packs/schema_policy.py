"""The shape of policy.yml: what every entry states, and `kind: targets`; `policy_kinds` lists the kinds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from pipelines.packs.schema import Id, Part, Period, Words
from pipelines.sources.periods import is_period


def _day(text: str) -> str:
    if not (len(text) == 10 and is_period(text)):
        raise ValueError("is not a day such as 2024-04-01")
    return text


Day = Annotated[str, AfterValidator(_day)]
Family = Literal[
    "cost",
    "quality",
    "speed",
    "accuracy",
    "rework",
    "volume",
    "equity",
    "ratio",
    "denominator",
    "stage",
    "next stage",
]
"""What a measure tells of; a target's counter-measures come from the family that it could be bought with."""


class PolicyPart(Part):
    """What every policy states, whatever its kind.

    illustration : it binds nobody, and every page says so.   issued : the day on which it was, absent while proposed.
    source : law, determination or reason that its parameters rest on.
    """

    id: Id
    kind: str
    label: Words
    illustration: bool
    issued: Day | None = None
    owner: Words
    source: Words
    note: Words | None = None

    def parameters(self) -> dict[str, Any]:
        """Everything that the policy sets, by name: all but what says who, when and why."""
        return self.model_dump(mode="json", exclude=set(PolicyPart.model_fields), exclude_none=True)


class Counter(Part):
    """An indicator that must not worsen meanwhile by more than `tolerance`, in its own unit (methods.md M4.6)."""

    indicator: Id
    family: Family
    tolerance: Annotated[float, Field(ge=0)] = 0.0


class TargetItem(Part):
    """One indicator of a target policy. Peers count only when the first counter-measure that they have did not worsen.

    base_period, reference, path : in place of the policy's own.
    """

    indicator: Id
    family: Family
    counter_measures: Annotated[tuple[Counter, ...], Field(min_length=1)]
    base_period: Period | None = None
    reference: Literal["top_quartile", "median", "exemplar"] | None = None
    path: Literal["geometric", "linear"] | None = None


class TargetPolicy(PolicyPart):
    """kind: targets. What comparable bodies demonstrably hold, asked of the others by a date (methods.md M4.1 to M4.6).

    horizon, sustained_years : years.   share : of the way to the reference.   frontier_shift : a year, asked of costs
    on top of catching up.   deprivation : measures, higher = more deprived; the first that a body has counts in
    the test of who carries the burden.
    """

    kind: Literal["targets"]
    base_period: Period
    horizon: Annotated[int, Field(ge=1, le=10)] = 3
    share: Annotated[float, Field(gt=0, le=1)] = 0.5
    reference: Literal["top_quartile", "median", "exemplar"] = "top_quartile"
    frontier_shift: Annotated[float, Field(ge=0, lt=0.1)] = 0.0
    sustained_years: Annotated[int, Field(ge=1, le=10)] = 3
    path: Literal["geometric", "linear"] = "geometric"
    per_service: Annotated[int, Field(ge=1)] = 5
    per_body: Annotated[int, Field(ge=1)] = 12
    deprivation: tuple[Id, ...] = ()
    items: Annotated[tuple[TargetItem, ...], Field(min_length=1)]

    def item(self, indicator: str) -> TargetItem | None:
        """The item of an indicator, None when the policy has none."""
        return next((item for item in self.items if item.indicator == indicator), None)
