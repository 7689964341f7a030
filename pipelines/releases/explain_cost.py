"""Explain a cost: back from the cost table to the publisher's row, as spent and in base-year prices (F25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contracts import costs
from pipelines.errors import BadInput
from pipelines.releases import steps
from pipelines.releases.claim import Claim, Step, spoken
from pipelines.releases.explain import checks_of, editions_of
from pipelines.releases.figures import UNSHOWN, figure
from pipelines.releases.lookup import Row, find, find_body, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release


def explain_cost(release: Release, body_id: str, service_id: str, period: str) -> Claim:
    """The claim behind the cost of a service, as spent; a step gives it in base-year prices where the pack has them.

    Raises BadInput, with the nearest spellings, on an unknown body, service or period.
    """
    body = find_body(release, body_id)
    service = find(release, "services", "service_id", service_id, "service")
    row = _cost(release, body, service_id, period)
    nominal, real = _amounts(release)
    spent = figure(release, body["body_id"], service["cost"], period, "cost", rebuilt=True)
    shown = row["status"] not in UNSHOWN
    deflating = _in_real_terms(release, row, nominal, real, spent.label) if shown else ()
    checking = steps.recorded(spent.label, spent.value, row[nominal]) if shown else ()
    value = row[nominal] if shown else None
    unit = str(release.facts["currency"]).lower()
    return Claim(
        kind="cost",
        pack=release.pack,
        release=release.id,
        body=body["body_id"],
        body_name=body["name"],
        figure=service_id,
        label=f"Cost of {service['label']}",
        unit=unit,
        period=period,
        model=None,
        sentence=f"Cost of {service['label']}, {body['name']}, {period}: {spoken(value, unit)} as spent.",
        value=value,
        lo=None,
        hi=None,
        status=row["status"],
        caveats=tuple(words for words in (service["note"],) if words),
        steps=(*spent.steps, *checking, *deflating, *steps.status({**row, "status_reasons": None})),
        inputs=spent.inputs,
        peers=(),
        checks=checks_of(release, (*spent.tables, "costs")),
        methods=(),
        editions=editions_of(spent.inputs, row["input_editions"]),
    )


def _cost(release: Release, body: Row, service: str, period: str) -> Row:
    row = one(release, "costs", body_id=body["body_id"], service_id=service, period=period)
    if row:
        return row
    known = [found["period"] for found in rows(release, "costs", body_id=body["body_id"], service_id=service)]
    raise BadInput(
        f"{body['name']} ({body['body_id']}) has no cost of {service!r} in {period!r}{nearest(known, period)}"
    )


def _amounts(release: Release) -> tuple[str, str | None]:
    """The columns of the cost table: as spent, and in base-year prices or None."""
    table = costs(str(release.facts["currency"]), release.facts["base_period"])
    names = [column.name for column in table.columns if column.name.startswith("cost_")]
    return names[0], names[1] if len(names) > 1 else None


def _in_real_terms(release: Release, row: Row, nominal: str, real: str | None, label: str) -> tuple[Step, ...]:
    return () if real is None else (steps.real_terms(release, row[nominal], row[real], row["period"], label),)
