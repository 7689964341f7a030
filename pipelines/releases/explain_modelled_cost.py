"""Explain a modelled cost: actual over modelled, back to the costs and volumes of the pooled years (F25)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from pipelines.errors import BadInput
from pipelines.releases.amounts import behind, newest
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, Step, plain, spoken
from pipelines.releases.explain import checks_of, editions_of
from pipelines.releases.explain_cost_model import stated_model, verdict
from pipelines.releases.figures import Figure, figure, same
from pipelines.releases.lookup import Row, find, find_body, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release


def explain_modelled_cost(release: Release, body_id: str, service_id: str, period: str) -> Claim:
    """The claim behind a body's actual over modelled cost, back to its costs and volumes in the pooled years.

    Raises BadInput, with the nearest spellings, on an unknown body, service or period.
    """
    body, service = find_body(release, body_id), find(release, "services", "service_id", service_id, "service")
    row = one(release, "modelled_costs", body_id=body["body_id"], service_id=service_id, period=period)
    if row is None:
        known = [each["period"] for each in rows(release, "modelled_costs", body_id=body["body_id"])]
        raise BadInput(
            f"{body['name']} ({body['body_id']}) has no modelled cost of {service_id!r} in {period!r}"
            f"{nearest(sorted(set(known)), period)}"
        )
    model = _model(release, body, service_id, period)
    costs = [behind(release, body["body_id"], service["cost"], {}, w, None, "cost") for w in model["periods"].split()]
    drivers = _drivers(release, body["body_id"], model, service_id)
    found = [*costs, *drivers]
    inputs = tuple(entry for part in found for entry in part.inputs)
    return Claim(
        kind="modelled_costs",
        pack=release.pack,
        release=release.id,
        body=body["body_id"],
        body_name=body["name"],
        figure=service_id,
        label=f"Cost of {service['label']} against what a body like this usually costs",
        unit="ratio",
        period=period,
        model=None,
        sentence=_sentence(body, service, row, model),
        value=row["ratio"],
        lo=row["ratio_lo"],
        hi=row["ratio_hi"],
        status=row["status"],
        caveats=(stated_model(release, service_id)["note"], *verdict(model)),
        steps=(*(step for part in found for step in part.steps), *_ratio(release, row, model, costs)),
        inputs=inputs,
        peers=(),
        checks=checks_of(release, ("modelled_costs", "cost_models", *(name for part in found for name in part.tables))),
        methods=(note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]),),
        editions=editions_of(inputs, row["input_editions"]),
    )


def _model(release: Release, body: Row, service: str, period: str) -> Row:
    found = rows(release, "cost_models", service_id=service, period=period)
    return next(each for each in found if body["class_id"] in each["field"].split())


def _drivers(release: Release, body: str, model: Row, service: str) -> list[Figure]:
    stated = stated_model(release, service)
    when = model["periods"].split()
    volumes = [behind(release, body, id, {}, period, None, "volume") for id in stated["volumes"] for period in when]
    circumstances = [(driver["measure"], newest(release, body, driver["measure"])) for driver in stated["context"]]
    return volumes + [figure(release, body, id, when, "circumstance", True) for id, when in circumstances if when]


def _sentence(body: Row, service: Row, row: Row, model: Row) -> str:
    about = f"{service['label']}, {body['name']}, {model['periods'].replace(' ', ', ')}"
    if row["ratio"] is None:
        return f"{about}: no modelled cost is given, because no year's figures could be used ({row['status']})."
    side = "can" if row["ratio_lo"] > 1 or row["ratio_hi"] < 1 else "cannot"
    return (
        f"{about}: {100 * row['ratio']:.0f}% of what a body with its volumes and circumstances usually costs "
        f"(95% interval {100 * row['ratio_lo']:.0f}% to {100 * row['ratio_hi']:.0f}%); "
        f"it {side} be told from the usual."
    )


def _ratio(release: Release, row: Row, model: Row, costs: list[Figure]) -> tuple[Step, ...]:
    """The mean yearly cost from the years that could be used, and its ratio to the modelled one."""
    unit = str(release.facts["currency"]).lower()
    actual, modelled = row[f"actual_{unit}"], row[f"modelled_{unit}"]
    if row["ratio"] is None:
        return (Step("Actual over modelled cost", f"none is given: {row['status']}"),)
    years = dict(zip(model["periods"].split(), (part.value for part in costs), strict=True))
    used = _years(years, actual)
    terms = " + ".join(plain(years[year]) for year in used)
    mean = Step(
        "Mean yearly cost",
        f"over the years whose figures could be used: {', '.join(used) or 'not found'}",
        "sum of yearly costs / years",
        f"({terms}) / {len(used)} = {spoken(actual, unit)}",
        bool(used),
    )
    numbers = f"{plain(actual)} / {plain(modelled)} = {plain(row['ratio'])}"
    ratio = Step(
        "Actual over modelled cost",
        "by the field's regression",
        "actual / modelled",
        numbers,
        same(actual / modelled, row["ratio"]),
    )
    sure = Step(
        "95% interval",
        "year-to-year noise pooled over bodies, and the error of the coefficients; lasting differences are not noise",
        "",
        f"{plain(row['ratio_lo'])} to {plain(row['ratio_hi'])}",
    )
    return (mean, ratio, sure, *_frontier(row))


def _years(costs: dict[str, float | None], mean: float) -> tuple[str, ...]:
    """The years whose mean is the one published: all of them, else the most that fit; none when nothing does."""
    known = [year for year, cost in costs.items() if cost is not None]
    for size in range(len(known), 0, -1):
        for years in combinations(known, size):
            if same(float(np.mean([costs[year] for year in years])), mean):
                return years
    return ()


def _frontier(row: Row) -> tuple[Step, ...]:
    if row["sfa"] is None:
        return ()
    words = (
        "a stochastic frontier, which tells noise from inefficiency by the shape of the residuals; a cross-check only"
    )
    return (
        Step(
            "Cross-check", words, "", f"{plain(row['sfa'])}, between {plain(row['sfa_lo'])} and {plain(row['sfa_hi'])}"
        ),
    )
