"""What a service's chain, volumes and area costs cannot say: money first, amounts that add up, weights with a source.

What belongs here: rules of the keys `chain`, `volumes` and `area_costs` of services.yml. What does not: names
(`references.py`), all other rules (`sense.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.packs.draft import Draft, Fault, Rule
from pipelines.packs.schema import MONEY, RATES, Measure
from pipelines.packs.schema_services import AreaCosts, Chain, Service, Volumes


def flow_rules(draft: Draft) -> Iterator[Fault]:
    """Every fault of chains, volumes and area costs, at the key where it stands."""
    for place, service in draft.services.items():
        for key, message in service_faults(draft, service):
            yield Fault("services.yml", (*place, key), message)


def service_faults(draft: Draft, service: Service) -> Iterator[tuple[str, str]]:
    """(key, message) of every impossibility in one service."""
    cost = draft.measure(service.cost)
    if service.chain:
        yield from (("chain", message) for message in chain_faults(draft, service.chain))
    if service.volumes and cost:
        yield from (("volumes", message) for message in volume_faults(draft, service.volumes, cost))
    if service.area_costs:
        yield from (("area_costs", message) for message in area_faults(draft, service.area_costs))


def chain_faults(draft: Draft, chain: Chain) -> Iterator[str]:
    """A chain that begins with no money, skips a label, names an amount twice, or holds a rate."""
    money = draft.measure(chain.links[0].measure)
    if money and money.unit not in MONEY:
        yield f"a chain begins with money, and '{money.id}' is in {money.unit}"
    if chain.links[0].label:
        yield "the first link has no label: a label names the stage from the amount before"
    names = [link.measure for link in chain.links]
    yield from (f"'{name}' stands in the chain twice" for name in dict.fromkeys(names) if names.count(name) > 1)
    for link in chain.links[1:]:
        found = draft.measure(link.measure)
        if not link.label:
            yield f"'{link.measure}' needs a label for the stage that leads to it"
        if found and money:
            yield from amount_faults(found, money, link.align.rule)


def amount_faults(found: Measure, money: Measure, rule: str) -> Iterator[str]:
    """A rate where an amount is needed, or a period that does not fit the money's."""
    if found.unit in RATES or "per_" in found.unit:
        yield f"'{found.id}' is in {found.unit}: only amounts that add up can be divided along a chain"
    if found.unit in MONEY:
        yield f"'{found.id}' is money; only the first amount is, and it alone has base-year prices"
    if rule == "same" and found.period_kind != money.period_kind:
        yield f"'{found.id}' is by {found.period_kind}, the money by {money.period_kind}; align them"


def volume_faults(draft: Draft, volumes: Volumes, cost: Measure) -> Iterator[str]:
    """Outputs that cannot be added, weights without a source, quality without a wanted direction."""
    for output in volumes.outputs:
        found = draft.measure(output.measure)
        if found:
            yield from amount_faults(found, cost, "same")
        if len(volumes.outputs) > 1 and not (output.unit_cost and output.source):
            yield f"'{output.measure}' needs a unit_cost and its source: several outputs are added by cost"
    for part in volumes.quality:
        indicator = draft.indicator(part.indicator)
        if indicator and indicator.polarity != "higher":
            yield f"quality '{part.indicator}' is not one of which more is better: growth would count the wrong way"
    if sum(part.weight for part in volumes.quality) > 1:
        yield "quality weights sum to more than the whole value of the service"


def area_faults(draft: Draft, area: AreaCosts) -> Iterator[str]:
    """Shares of more than the whole cost, or an index that is none."""
    if area.labour_share + area.property_share > 1:
        yield "labour_share and property_share are parts of 1"
    for found in (draft.measure(area.labour), draft.measure(area.property)):
        if found and found.unit != "index":
            yield f"'{found.id}' is in {found.unit}, not an index"


FLOW_RULES: tuple[Rule, ...] = (flow_rules,)
