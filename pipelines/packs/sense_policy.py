"""What a target policy cannot ask: of a measure without direction, unguarded, or guarded by its own family."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.methods.target_budget import is_pair
from pipelines.packs.draft import Draft, Fault, Rule
from pipelines.packs.schema import MONEY
from pipelines.packs.schema_policy import TargetItem, TargetPolicy

POLICY = "policy.yml"


def target_rules(draft: Draft) -> Iterator[Fault]:
    """Every impossibility in the target policies of policy.yml."""
    for place, policy in draft.policies.items():
        if isinstance(policy, TargetPolicy):
            yield from (Fault(POLICY, (*place, *key), message) for key, message in policy_faults(draft, policy))


def policy_faults(draft: Draft, policy: TargetPolicy) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """(key, message) of every fault of one target policy."""
    for id in policy.deprivation:
        measure = draft.measure(id)
        if measure and measure.unit in MONEY:
            yield ("deprivation",), f"'{id}' is money; deprivation is a score or a share"
    seen: set[str] = set()
    for row, item in enumerate(policy.items):
        if item.indicator in seen:
            yield ("items", row, "indicator"), f"'{item.indicator}' has a target already; one measure, one target"
        seen.add(item.indicator)
        yield from ((("items", row, *key), message) for key, message in item_faults(draft, item))


def item_faults(draft: Draft, item: TargetItem) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """(key, message) of every fault of one item."""
    if undirected(draft, item.indicator):
        yield ("indicator",), f"'{item.indicator}' has no wanted direction; a target needs one"
    for row, counter in enumerate(item.counter_measures):
        if counter.indicator == item.indicator:
            yield ("counter_measures", row), "a measure cannot stand guard over itself"
        elif undirected(draft, counter.indicator):
            yield ("counter_measures", row), f"'{counter.indicator}' has no wanted direction, so it cannot worsen"
        if not is_pair(item.family, counter.family):
            words = f"'{counter.family}' does not stand guard over '{item.family}'; see methods M4.6 for the pairs"
            yield ("counter_measures", row, "family"), words


def undirected(draft: Draft, id: str) -> bool:
    """Whether an indicator is known and neither way of it is wanted."""
    found = draft.indicator(id)
    return found is not None and found.polarity == "neutral"


TARGET_RULES: tuple[Rule, ...] = (target_rules,)
