"""The shape of frontiers.yml and cost_models.yml: what a frontier compares, what drives a modelled cost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipelines.packs.schema import Id, Part, Period, Words


class Product(Part):
    """An amount built from two measures: volume x rate x scale, such as loans finished in time (methods.md M1.5)."""

    id: Id
    label: Words
    unit: Id
    volume: Id
    rate: Id
    scale: Annotated[float, Field(gt=0)] = 1.0


class Frontier(Part):
    """frontiers.yml: amounts that go in and come out, by which bodies of one field are held against the best of them.

    outputs : measures, or products by their id.   undesirable : harm, taken as a further input.
    quality : indicators on which nobody is held against a body that is worse.   periods : default, all at hand.
    """

    id: Id
    label: Words
    service: Id
    inputs: Annotated[tuple[Id, ...], Field(min_length=1)]
    outputs: Annotated[tuple[Id, ...], Field(min_length=1)]
    products: tuple[Product, ...] = ()
    undesirable: tuple[Id, ...] = ()
    quality: tuple[Id, ...] = ()
    rts: Literal["vrs", "crs", "drs", "irs"] = "vrs"
    orientation: Literal["in", "out"] = "in"
    classes: tuple[Id, ...] = ()
    periods: tuple[Period, ...] = ()
    note: Words

    @property
    def inward(self) -> tuple[str, ...]:
        """Everything of which less is better: inputs, then undesirable outputs."""
        return (*self.inputs, *self.undesirable)


class Driver(Part):
    """A circumstance that moves cost, by the measure that tells of it."""

    measure: Id
    transform: Literal["none", "log", "logit"] = "none"


class CostModel(Part):
    """cost_models.yml: what a service would usually cost a body with these volumes in these circumstances.

    periods : newest periods pooled.
    """

    service: Id
    volumes: Annotated[tuple[Id, ...], Field(min_length=1)]
    context: tuple[Driver, ...] = ()
    periods: Annotated[int, Field(ge=1, le=10)] = 3
    classes: tuple[Id, ...] = ()
    note: Words
