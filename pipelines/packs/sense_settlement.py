"""What a settlement cannot rest on: inputs that its rules do not read, money counted twice, money for deprivation."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.packs.draft import Draft, Fault, Rule, suggestion
from pipelines.packs.schema import MONEY
from pipelines.packs.schema_settlement import SettlementPolicy
from pipelines.scenarios import us_mssp

POLICY = "policy.yml"
READ = (*us_mssp.REQUIRED, *us_mssp.FIGURES, *us_mssp.FACTS)
WORDS = us_mssp.FACTS
Found = tuple[tuple[str | int, ...], str]


def settlement_rules(draft: Draft) -> Iterator[Fault]:
    """Every impossibility in the settlements of policy.yml."""
    for place, policy in draft.policies.items():
        if isinstance(policy, SettlementPolicy):
            faults = programme_faults(draft, policy) if policy.rules else terms_faults(draft, policy)
            yield from (Fault(POLICY, (*place, *key), message) for key, message in faults)


def programme_faults(draft: Draft, policy: SettlementPolicy) -> Iterator[Found]:
    """(key, message) of every fault of what a programme's rules are given."""
    for key in (*policy.columns, *policy.printed):
        if key not in READ:
            where = "columns" if key in policy.columns else "printed"
            yield (where, key), f"{policy.rules} reads no '{key}'{suggestion(key, READ)}"
    for name in us_mssp.REQUIRED:
        if name not in policy.columns:
            yield ("columns",), f"{policy.rules} needs '{name}'; say which measure it is"
    for name in set(policy.columns) & set(WORDS):
        yield ("columns", name), f"'{name}' is a word or a day; state the publisher's column under `printed`"
    if "track" not in policy.printed:
        yield ("printed",), f"{policy.rules} needs 'track'; say which publisher's column it is"
    published = draft.measure(policy.published)
    if published and published.unit not in MONEY:
        yield ("published",), f"'{published.id}' is in {published.unit}, not in money"


def terms_faults(draft: Draft, policy: SettlementPolicy) -> Iterator[Found]:
    """(key, message) of every fault of a settlement by terms."""
    services = {service.id: service for service in draft.services.values()}
    for row, id in enumerate(policy.services):
        whole = services[id].part_of if id in services else None
        while whole in services and whole not in policy.services:
            whole = services[whole].part_of
        if whole in policy.services:
            yield ("services", row), f"'{id}' is part of '{whole}', whose money would count twice; name one of them"
        if id in policy.services[:row]:
            yield ("services", row), f"'{id}' is named twice"
    for row, plan in enumerate(policy.plans):
        if any(year > policy.agreed.years for year in plan.gate_fails):
            yield ("plans", row, "gate_fails"), f"a year beyond the {policy.agreed.years} of the settlement"
    for row, id in enumerate(policy.comparison.deprivation if policy.comparison else ()):
        measure = draft.measure(id)
        if measure and measure.unit in MONEY:
            yield ("comparison", "deprivation", row), f"'{id}' is money; deprivation is a score or a share"


SETTLEMENT_RULES: tuple[Rule, ...] = (settlement_rules,)
