"""Explain a settlement: every amount kept, paid or held, from publishers' costs through baseline, gap and ceiling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.contracts.production import hundredths
from pipelines.methods.quantiles import quantile
from pipelines.releases.amounts import serving
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, Step, plain, spoken
from pipelines.releases.explain import checks_of, editions_of
from pipelines.releases.figures import Figure, figure, same
from pipelines.releases.lookup import Row, find_body, one, rows
from pipelines.releases.sector import money
from pipelines.releases.settlement_parts import HEADLINE, Policy, chosen, compared, gap_draws, policy_of
from pipelines.releases.settlement_rules import programme_figures, programme_steps
from pipelines.scenarios.baseline import baseline
from pipelines.scenarios.ceiling import ceiling, compounded
from pipelines.scenarios.ledger import Line, ledger

if TYPE_CHECKING:
    from pipelines.releases.read import Release

YEARS, PENNY = 3, 0.0101
CAUTIOUS = 0.25
TABLES = ("settlements", "policies")
TOTAL = "total"
"""Instead of a period: every year of the plan together."""


def explain_settlement(release: Release, body_id: str, scheme: str, period: str, plan: str) -> Claim:
    """The claim behind one year of a settlement, or its sum over all years where `period` is `total`.

    The scheme's first plan unless `plan` names another.
    Raises BadInput, with what there is, on an unknown body, scheme or period.
    """
    body, policy = find_body(release, body_id), policy_of(release, scheme)
    if period == TOTAL:
        return _of_all_years(release, body, policy, plan)
    row = chosen(release, "settlements", "plan_id", plan, scheme_id=scheme, body_id=body["body_id"], period=period)
    unit = hundredths(str(release.facts["currency"]))
    if policy.terms is None:
        found = programme_figures(release, policy, row)
        steps, about = programme_steps(release, policy, row, found, unit), "as its rules have it"
    else:
        found = terms_figures(release, policy, row)
        steps, about = terms_steps(release, policy, row, found, unit), str(policy.plan(row["plan_id"])["label"])
    inputs = tuple(entry for part in found for entry in part.inputs)
    mark = "Illustration. " if policy.row["illustration"] else ""
    kept = row[f"kept_{unit}"]
    return Claim(
        kind="settlements",
        pack=release.pack,
        release=release.id,
        body=body["body_id"],
        body_name=body["name"],
        figure=scheme,
        label=f"{policy.row['label']}: {about}",
        unit=money(release),
        period=period,
        model=row["plan_id"],
        sentence=f"{mark}{body['name']}, {period}, {about}: {row['explanation']}",
        value=kept / 100 if row["status"] == "ok" and kept is not None else None,
        lo=None,
        hi=None,
        status=row["status"],
        caveats=tuple(words for words in (policy.row["note"],) if words),
        steps=steps,
        inputs=inputs,
        peers=(),
        checks=checks_of(release, (*TABLES, *(name for part in found for name in part.tables))),
        methods=(note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]),),
        editions=editions_of(inputs, row["input_editions"]),
    )


def _of_all_years(release: Release, body: Row, policy: Policy, plan: str) -> Claim:
    """What is kept or paid over all years of a plan: each year's amount, settled again, and their sum."""
    scheme, unit, currency = policy.row["policy_id"], hundredths(str(release.facts["currency"])), money(release)
    key = {"scheme_id": scheme, "body_id": body["body_id"]}
    first = chosen(release, "settlements", "plan_id", plan, **key)
    found = rows(release, "settlements", **key, plan_id=first["plan_id"])
    years = sorted((row for row in found if row["status"] == "ok"), key=lambda row: str(row["period"]))
    one_year = explain_settlement(release, body["body_id"], scheme, first["period"], first["plan_id"])
    if not years:  # nothing was settled: the first year says why, and no sum stands for it
        return replace(one_year, period=TOTAL)
    parts = [row[f"kept_{unit}"] / 100 for row in years]
    total = round(sum(parts), 2)
    numbers = " + ".join(plain(part) for part in parts)
    words = "kept, less what is paid; the claim of each year has the way to its amount"
    steps = tuple(
        Step(
            row["period"],
            row["explanation"],
            "",
            spoken(part, currency),
            _entries(release, policy, row, unit)[-1].reproduced if policy.terms else None,
        )
        for row, part in zip(years, parts, strict=True)
    )
    about = str(policy.plan(first["plan_id"])["label"]) if policy.terms else "as its rules have it"
    mark = "Illustration. " if policy.row["illustration"] else ""
    did = f"{'keeps' if total >= 0 else 'pays'} {spoken(abs(total), currency)}"
    span = f"{years[0]['period']} to {years[-1]['period']}"
    return replace(
        one_year,
        period=TOTAL,
        sentence=f"{mark}{body['name']}, {span}, {about}: over all years it {did}",
        value=total,
        status="ok",
        steps=(*steps, Step("All years", words, "", f"{numbers} = {spoken(total, currency)}")),
    )


def terms_figures(release: Release, policy: Policy, row: Row) -> list[Figure]:
    """The publishers' rows behind a baseline: each service's cost, then the volume, oldest year first."""
    body, years = row["body_id"], _years(release)
    costs = [str(_service(release, part["service_id"])["cost"]) for part in compared(release, policy, body)]
    spent = [figure(release, body, cost, year, "cost", rebuilt=True) for cost in costs for year in years]
    volume = str(policy.sets["volume"])
    when = [serving(release, body, volume, year) for year in years]
    return [*spent, *(figure(release, body, volume, year, "volume", rebuilt=True) for year in when)]


def terms_steps(release: Release, policy: Policy, row: Row, found: list[Figure], unit: str) -> tuple[Step, ...]:
    """Baseline, gap, ceiling, cost, and the year's entries, each from the numbers before it."""
    if row[f"base_{unit}"] is None:
        return (Step("Baseline", "none: a cost or a volume of the last three years is missing"),)
    parts = compared(release, policy, row["body_id"])
    volume = [part.value or np.nan for part in found[-YEARS:]]
    gap = float(quantile(gap_draws(release, parts, HEADLINE), CAUTIOUS))
    words = "25th percentile of what peers show possible, over the cost compared; services of grade C count as none"
    used = Step("Gap", words, "", f"{plain(100 * gap)}%", same(gap, row["gap"], 1e-9))
    return (
        _baseline(release, policy, row, parts, volume, unit),
        used,
        _ceiling(policy, row, unit),
        _last(release, row, parts, unit),
        _cost(policy, row, unit),
        *_entries(release, policy, row, unit),
    )


def _baseline(release: Release, policy: Policy, row: Row, parts: list[Row], volume: list[float], unit: str) -> Step:
    spent = [_cost_in(release, parts, year) for year in _years(release)]
    terms = policy.terms
    assert terms is not None
    whole = all(
        same(_real(release, part, part["period"]), part[f"addressable_{money(release)}"], 0.005) for part in parts
    )
    found = float(baseline(spent, volume, elasticity=terms.elasticity).value)
    words = f"mean of three years' cost of {', '.join(part['service_id'] for part in parts)}, at the last year's volume"
    numbers = " and ".join(
        f"{spoken(cost, money(release))} x ({plain(volume[-1])} / {plain(made)})^{terms.elasticity:g}"
        for cost, made in zip(spent, volume, strict=True)
    )
    fits = same(found, row[f"base_{unit}"] / 100, PENNY) if whole else None
    formula = "mean of cost x (volume of the last year / volume)^elasticity"
    return Step(
        "Baseline", words, formula, f"{numbers}: mean {spoken(row[f'base_{unit}'] / 100, money(release))}", fits
    )


def _ceiling(policy: Policy, row: Row, unit: str) -> Step:
    terms, base, year = policy.terms, row[f"base_{unit}"] / 100, _year(policy, row)
    assert terms is not None
    found = float(ceiling(base, row["gap"], terms).real[year - 1])
    words = (
        f"{100 * terms.catch_up:g}% of the gap over {terms.catch_up_years} years and {100 * terms.frontier_shift:g}% "
        "a year of everybody; no year falls faster than the collar"
    )
    formula = "baseline x (1 - catch-up x gap x min(year / years, 1)) x (1 - frontier shift)^year"
    stated = row[f"ceiling_{unit}"] / 100
    return Step(f"Ceiling of year {year}", words, formula, plain(round(found, 2)), same(found, stated, PENNY))


def _last(release: Release, row: Row, parts: list[Row], unit: str) -> Step:
    year = _years(release)[-1]
    found, stated = _cost_in(release, parts, year), row[f"last_{unit}"] / 100
    return Step("Last year", f"cost of the same services in {year}", "", plain(stated), same(found, stated, PENNY))


def _cost(policy: Policy, row: Row, unit: str) -> Step:
    saving, year = policy.plan(row["plan_id"])["saving"], _year(policy, row)
    last, stated = row[f"last_{unit}"] / 100, row[f"cost_{unit}"] / 100
    found = last * float(compounded(-saving, year)[-1])
    numbers = f"{plain(last)} x (1 - {saving:g})^{year} = {plain(stated)}"
    words = "what the last year cost, then the plan's assumption, which is no forecast"
    return Step(f"Cost of year {year}", words, "last year x (1 - saving)^year", numbers, same(found, stated, PENNY))


def _entries(release: Release, policy: Policy, row: Row, unit: str) -> tuple[Step, ...]:
    """The year's line, settled again from every year of the plan, and each of its amounts."""
    told = _again(release, policy, row, unit)
    stated = [row[f"{name}_{unit}"] for name in ("kept", "centre", "held", "bank")]
    fits = [round(part * 100) for part in (told.keep, told.centre, told.held, told.bank)] == stated
    parties = {"body": "The body", "centre": "The centre", "held": "Held"}
    amounts = tuple(
        Step(parties[entry.party], entry.words, "", spoken(entry.amount, money(release))) for entry in told.entries
    )
    sums = f"{plain(told.below)} = {plain(told.keep)} + {plain(told.centre)} + {plain(told.held)}"
    balance = Step("Below the ceiling", told.reason, "below = kept + centre + change of what is held", sums, fits)
    return (*amounts, balance)


def _again(release: Release, policy: Policy, row: Row, unit: str) -> Line:
    terms = policy.terms
    assert terms is not None
    key = {name: row[name] for name in ("scheme_id", "body_id", "plan_id")}
    years = sorted(rows(release, "settlements", **key), key=lambda found: str(found["period"]))
    path, cost = (np.array([found[f"{name}_{unit}"] for found in years]) / 100 for name in ("ceiling", "cost"))
    passed = None if terms.gate == "sliding" else np.array([found["gate"] == "passed" for found in years], np.float64)
    lines = ledger(path, cost, terms, quality=passed, threshold=row["threshold"], reinvest=path)
    return lines[_year(policy, row) - 1]


def _year(policy: Policy, row: Row) -> int:
    return int(row["period"][:4]) - int(policy.sets["first_period"][:4]) + 1


def _years(release: Release) -> list[str]:
    """The last three periods in which services cost something."""
    starts = {found["period"]: found["start"] for found in release.table("periods").iter_rows(named=True)}
    return sorted(set(release.table("costs")["period"]), key=lambda period: str(starts[period]))[-YEARS:]


def _service(release: Release, id: str) -> Row:
    return one(release, "services", service_id=id) or {}


def _real(release: Release, part: Row, period: str) -> float:
    cost = one(release, "costs", body_id=part["body_id"], service_id=part["service_id"], period=period) or {}
    real = [name for name in cost if name.startswith("cost_")]
    return float(cost[real[-1]]) if real and cost[real[-1]] is not None else np.nan


def _cost_in(release: Release, parts: list[Row], period: str) -> float:
    return float(sum(_real(release, part, period) for part in parts))
