"""What a catch-up potential cannot rest on: another service's figures, no money, cuts without a source."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.packs.draft import Draft, Fault, Rule
from pipelines.packs.schema import MONEY, Indicator
from pipelines.packs.schema_services import Service


def potential_rules(draft: Draft) -> Iterator[Fault]:
    """Every fault of the key `potential` of services.yml."""
    for place, service in draft.services.items():
        for key, message in potential_faults(draft, service):
            yield Fault("services.yml", (*place, "potential", *key), message)


def potential_faults(draft: Draft, service: Service) -> Iterator[tuple[tuple[str, ...], str]]:
    """(key below `potential`, message) of every impossibility in one service's potential."""
    stated = service.potential
    for id in stated.indicators:
        found = draft.indicator(id)
        if found and not compares_cost(found, service):
            message = f"'{id}' is no unit cost of {service.cost} of which less may be better; no pounds can rest on it"
            yield ("indicators",), message
    if (stated.share < 1 or stated.excludes) and not stated.source:
        yield (), "who says that part of the cost cannot be moved? state the `source`"
    for id in stated.excludes:
        measure = draft.measure(id)
        if measure and measure.unit not in MONEY:
            yield ("excludes",), f"'{id}' is in {measure.unit}, not in money"


def compares_cost(indicator: Indicator, service: Service) -> bool:
    """Whether an indicator is the service's cost per unit of something, of which more is not wanted."""
    whole = indicator.service == service.id and indicator.numerator == service.cost
    return whole and indicator.format == "unit_cost" and indicator.polarity != "higher"


POTENTIAL_RULES: tuple[Rule, ...] = (potential_rules,)
