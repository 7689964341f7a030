"""The steps of a real programme's settlement of one year, from the publishers' rows that its rules read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.releases.claim import Step, plain, spoken
from pipelines.releases.figures import Figure, figure, same
from pipelines.releases.lookup import Row
from pipelines.releases.sector import money
from pipelines.releases.settlement_parts import Policy
from pipelines.scenarios.rules import shipped

if TYPE_CHECKING:
    from pipelines.releases.read import Release

HALF_A_CENT = 0.0051


def programme_figures(release: Release, policy: Policy, row: Row) -> list[Figure]:
    """What the rules read, then what was paid: the publishers' rows of the body and year."""
    measures = [(id, name) for name, id in sorted(policy.sets["columns"].items())]
    if policy.sets.get("published"):
        measures.append((policy.sets["published"], "paid"))
    return [figure(release, row["body_id"], id, row["period"], role, rebuilt=False) for id, role in measures]


def programme_steps(release: Release, policy: Policy, row: Row, found: list[Figure], unit: str) -> tuple[Step, ...]:
    """What lies below the benchmark, the rule that decided, the amount, and what was paid."""
    read = tuple(step for part in found for step in part.steps)
    if row["status"] != "ok":
        return (*read, Step("Settlement", row["explanation"]))
    names = [*sorted(policy.sets["columns"]), "paid"]
    value = {name: part.value for name, part in zip(names, found, strict=False)}
    stated = {name: row[f"{name}_{unit}"] / 100 for name in ("below", "kept", "centre", "held")}
    below = float(value["benchmark_total"] or 0) - float(value["expenditure_total"] or 0)
    difference = Step(
        "Below the benchmark",
        "negative for spending above it",
        "benchmark - expenditure",
        f"{plain(value['benchmark_total'])} - {plain(value['expenditure_total'])} = {plain(stated['below'])}",
        same(below, stated["below"], HALF_A_CENT),
    )
    sums = f"{plain(stated['below'])} = {plain(stated['kept'])} + {plain(stated['centre'])}"
    fits = same(stated["below"], stated["kept"] + stated["centre"] + stated["held"], HALF_A_CENT)
    rest = Step("Where it goes", row["explanation"], "below = kept + centre", sums, fits)
    return (*read, difference, _amount(policy, row, stated), rest, *_paid(release, value.get("paid"), stated["kept"]))


def _amount(policy: Policy, row: Row, stated: dict[str, float]) -> Step:
    """The amount from rate and factor, or the rule that stands in their place."""
    kept, below, rate = stated["kept"], stated["below"], row["rate"]
    if kept == 0 or not rate:
        return Step("Amount", row["explanation"], "", "0" if kept == 0 else plain(kept))
    rules, year = shipped(str(policy.sets["rules"])), int(row["period"])
    factor = float(rules.value("payment_factor", year)) if kept > 0 else 1.0
    product = factor * rate * below
    numbers = f"{plain(factor)} x {plain(rate)} x {plain(below)} = {plain(round(product, 2))}"
    if same(product, kept, HALF_A_CENT):
        return Step("Amount", "the sharing rate of the year", "payment factor x rate x below", numbers, True)
    caps = [rules.value("payment_cap", year, key) for key in rules.keys("payment_cap")]
    ceiling = (below + 0.0) and row[next(name for name in row if name.startswith("ceiling_"))] / 100
    if kept > 0 and any(cap and same(cap * ceiling, kept, HALF_A_CENT) for cap in caps):
        return Step(
            "Amount", "the cap of the track binds", "cap x benchmark", f"{numbers}, capped at {plain(kept)}", True
        )
    return Step(
        "Amount", "less than the rate gives: a limit, relief or part of a year", "", f"{numbers}; {plain(kept)}"
    )


def _paid(release: Release, paid: float | None, kept: float) -> tuple[Step, ...]:
    if paid is None:
        return ()
    apart = f"recomputed {spoken(kept, money(release))}, {plain(round(abs(kept - paid), 2))} apart"
    words = "published by the programme and not used here; inputs are printed rounded"
    return (Step("What was paid", words, "", f"{spoken(paid, money(release))}; {apart}"),)
