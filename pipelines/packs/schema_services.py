"""The shape of services.yml: delivery chains, volumes of output, and what a service costs in each area."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.packs.schema import Alignment, Id, Part, Words


class Link(Part):
    """One amount of a delivery chain. label : the stage from the amount before to this one, absent for the first."""

    measure: Id
    label: Words | None = None
    align: Alignment = Alignment()


class Chain(Part):
    """From money to what is wanted, three amounts or more (methods.md M1.7). label : the whole chain in words.

    outcome_lag : periods by which the last amount follows the money; absent, 1 for an outcome and 0 otherwise.
    note : what the chain leaves out.
    """

    label: Words
    links: Annotated[tuple[Link, ...], Field(min_length=3)]
    outcome_lag: Annotated[int, Field(ge=0, le=10)] | None = None
    note: Words


class Output(Part):
    """An output in a volume index, with its national unit cost where there are several (methods.md M1.4)."""

    measure: Id
    unit_cost: Annotated[float, Field(gt=0)] | None = None
    source: Words | None = None


class QualityWeight(Part):
    """The share of a service's value that an indicator stands for, and who says so (methods.md M1.5)."""

    indicator: Id
    weight: Annotated[float, Field(gt=0, le=1)]
    source: Words


class Volumes(Part):
    """What a productivity index counts as output, against the real cost of the service; `excluded` in words (M1.6)."""

    outputs: Annotated[tuple[Output, ...], Field(min_length=1)]
    quality: tuple[QualityWeight, ...] = ()
    excluded: Words


class AreaCosts(Part):
    """Measures that hold area indices of wages and rents, 1 = national average, and their shares of cost (M1.3)."""

    labour: Id
    property: Id
    labour_share: Annotated[float, Field(ge=0, le=1)]
    property_share: Annotated[float, Field(ge=0, le=1)]
    source: Words


class Potential(Part):
    """What a catch-up potential compares (methods.md M3.16).

    indicators : unit costs, of which the first that a body has is compared; absent, the headline.
    share : part of the cost that can be moved at all; excludes : measures of ring-fenced cost, left out by each body's
    own share of it. Either needs its source; absent, all of the cost counts.
    """

    indicators: tuple[Id, ...] = ()
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    excludes: tuple[Id, ...] = ()
    source: Words | None = None


class Service(Part):
    """services.yml: one delivery chain from money to outcome."""

    id: Id
    label: Words
    headline: Id
    cost: Id
    inputs: tuple[Id, ...] = ()
    outputs: tuple[Id, ...] = ()
    outcomes: tuple[Id, ...] = ()
    quality: tuple[Id, ...] = ()
    counter_measures: tuple[Id, ...] = ()
    spend_only: bool = False
    part_of: Id | None = None
    classes: tuple[Id, ...] = ()
    note: Words | None = None
    chain: Chain | None = None
    volumes: Volumes | None = None
    area_costs: AreaCosts | None = None
    potential: Potential = Potential()
