"""Explain potential: the unit cost and its peers, the cost it applies to, and the draws made once more (M3.16, F13)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.errors import BadInput
from pipelines.methods.peer_quartile import peer_raw, peer_route
from pipelines.methods.potential import raw_potential, rounded_ends
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, PeerFigure, Step, plain, spoken
from pipelines.releases.explain import checks_of, editions_of, explain
from pipelines.releases.explain_cost import explain_cost
from pipelines.releases.explain_potential_routes import route_steps
from pipelines.releases.fields import field_words
from pipelines.releases.figures import name_of, same
from pipelines.releases.lookup import Row, find, find_body, nearest, one, rows
from pipelines.releases.sector import ReleaseSector, modelled_route, money, sector_of, usual_cost

if TYPE_CHECKING:
    from pipelines.releases.read import Release

TABLES = ("potential", "costs", "indicator_values", "peers")
GRADES = {
    "A": "grade A: every way of estimating it starts above zero, the figure is firm and they agree",
    "B": "grade B: its main estimate starts above zero; another reaches zero or disagrees, or the figure is not firm",
    "C": "grade C: its main estimate reaches zero or the figure is unreliable, so no amount is given",
}


def explain_potential(release: Release, body_id: str, service_id: str, period: str) -> Claim:
    """The claim behind a catch-up potential; the route by peers is redrawn with its seed.

    Raises BadInput, with the nearest spellings, on what the release does not have.
    """
    service = find(release, "services", "service_id", service_id, "service")
    row = potential_row(release, find_body(release, body_id), service_id, period)
    own = explain(release, row["body_id"], row["indicator_id"], period, str(release.facts["headline_peer_model"]))
    spent = explain_cost(release, row["body_id"], service_id, period) if _costed(release, row) else None
    value, low, high, base = (row[f"{name}_{money(release)}"] for name in ("value", "lo", "hi", "addressable"))
    return replace(
        own,
        kind="potential",
        figure=service_id,
        label=f"Reachable potential in {service['label']}",
        unit=money(release),
        sentence=_sentence(release, own.body_name, str(service["label"]), row),
        value=value,
        lo=low,
        hi=high,
        caveats=(*own.caveats, *_caveats(row, service)),
        steps=(*own.steps, *(_base(release, row) if base is not None else ()), *_routes(release, row)),
        inputs=(*own.inputs, *(spent.inputs if spent else ())),
        checks=checks_of(release, (*TABLES, *(check.table for check in own.checks))),
        methods=(*own.methods, note(row["method_id"], row["method_version"], row["params_hash"], row["seed"])),
        editions=editions_of(own.inputs, row["input_editions"]),
    )


def explain_potential_total(release: Release, field: str, service_id: str, period: str) -> Claim:
    """The claim behind a sector's potential; `field` is the text of that column. The draws are made once more.

    Raises BadInput, with the nearest, when the release has no such total.
    """
    service = find(release, "services", "service_id", service_id, "service")
    row = one(release, "potential_totals", service_id=service_id, period=period, field=field)
    if row is None:
        known = [f"{r['field']} {r['period']}" for r in rows(release, "potential_totals", service_id=service_id)]
        raise BadInput(f"no total of {service_id!r} for {field!r} in {period!r}{nearest(known, f'{field} {period}')}")
    unit, who = money(release), field_words(release, field)
    value, low, high, naive = (row[f"{name}_{unit}"] for name in ("value", "lo", "hi", "naive"))
    words = (
        f"Reachable potential in {service['label']}, {who}, {period}: {_about(value, unit)} a year "
        f"({_about(low, unit)} to {_about(high, unit)}), before the cost of getting there; do not add."
    )
    sector = sector_of(release, service_id, period, field)
    return Claim(
        kind="potential_totals",
        pack=release.pack,
        release=release.id,
        body=field,
        body_name=who,
        figure=service_id,
        label=f"Reachable potential in {service['label']}",
        unit=unit,
        period=period,
        model=str(release.facts["headline_peer_model"]),
        sentence=words,
        value=value,
        lo=low,
        hi=high,
        status="ok",
        caveats=(f"Without taking out chance it would read {_about(naive, unit)}, which must not be quoted",),
        steps=(_total(release, row, sector),),
        inputs=(),
        peers=tuple(_share(release, body, sector.rows[body], unit) for body in sector.bodies),
        checks=checks_of(release, (*TABLES, "potential_totals")),
        methods=(note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]),),
        editions=editions_of((), row["input_editions"]),
    )


def potential_row(release: Release, body: Row, service: str, period: str) -> Row:
    """The row of potential. Raises BadInput, with the periods that the body has, when there is none."""
    row = one(release, "potential", body_id=body["body_id"], service_id=service, period=period)
    if row:
        return row
    known = [found["period"] for found in rows(release, "potential", body_id=body["body_id"], service_id=service)]
    who = f"{body['name']} ({body['body_id']})"
    raise BadInput(
        f"{who} has no potential of {service!r} in {period!r}"
        + (nearest(known, period) if known else ": it has no unit cost of that service that can be compared")
    )


def _costed(release: Release, row: Row) -> bool:
    return one(release, "costs", **{key: row[key] for key in ("body_id", "service_id", "period")}) is not None


def _about(amount: float, unit: str) -> str:
    """Money to two significant digits, as a range is spoken."""
    digits = max(0, len(str(int(abs(amount)))) - 2)
    return spoken(float(round(amount, -digits)), unit)


def _sentence(release: Release, name: str, service: str, row: Row) -> str:
    about, unit = f"{service}, {name}, {row['period']}", money(release)
    if row["grade"] is None:
        return f"{about}: no potential is given: {row['reason']}."
    if row["grade"] == "C":
        return f"{about}: cannot be told apart from the cheapest quarter of peers, so no amount is given (grade C)."
    ends = " to ".join(spoken(end + 0.0, unit) for end in rounded_ends(row[f"lo_{unit}"], row[f"hi_{unit}"]))
    return f"{about}: reachable potential {ends} a year, before the cost of getting there; do not add ({row['grade']})."


def _caveats(row: Row, service: Row) -> tuple[str, ...]:
    against = None
    if row["grade"] in ("A", "B"):
        against = (
            "Potential compares with the cheapest quarter; higher and lower than peers compare with their median, so a "
            "body that cannot be told apart from its peers may have a potential"
        )
    blind = None if service["quality"] else "No quality is paired with this service: it may be cheaper and worse"
    shared = f"Shares its money with {row['overlap']}; only the largest is counted" if row["overlap"] else None
    return tuple(
        words for words in (against, blind, shared, "Unexplained difference after the stated comparison") if words
    )


def _base(release: Release, row: Row) -> tuple[Step, ...]:
    """The cost that the comparison covers, against the cost of the service."""
    cost = one(release, "costs", **{key: row[key] for key in ("body_id", "service_id", "period")}) or {}
    real = [name for name in cost if name.startswith("cost_")][-1]
    base = row[f"addressable_{money(release)}"]
    if same(cost[real], base, 0.005):
        words = "all of the cost of the service is compared"
        return (Step("Cost compared", words, "", spoken(base, money(release)), True),)
    share = f"{plain(100 * base / cost[real])}% of {spoken(cost[real], money(release))}"
    return (Step("Cost compared", "without what the pack calls ring-fenced", "", share, base < cost[real]),)


def _routes(release: Release, row: Row) -> tuple[Step, ...]:
    if row["grade"] is None:
        return (Step("Potential", f"none is given: {row['reason']}"),)
    steps, words = route_steps(release, row), GRADES[row["grade"]]
    if row["grade"] == "A" and not row[f"lo_{money(release)}"] > 0:  # version 1 of the method allowed it
        words = "grade A by the rule of its time: the main estimate starts above zero and the figure is firm"
    if row["reliability"] is None:
        return (*steps, Step("Grade", words))
    return (*steps, Step("Grade", words, "", f"reliability {row['reliability']:.2f}; A from 0.7, none under 0.4"))


def _total(release: Release, row: Row, sector: ReleaseSector) -> Step:
    unit = money(release)
    words = f"the potentials of {row['n']} bodies added up in every draw; never the sum of their medians"
    if "R" in {str(found["route"]) for found in sector.rows.values()}:
        found = modelled_route(release, sector, row["service_id"])
        naive = raw_potential(
            np.where(np.isnan(found.ratio), np.nan, sector.spend), usual_cost(release, sector, row["service_id"])
        )
    else:
        found = peer_route(sector.spend, sector.value, sector.se, sector.ids, names=sector.names, status=sector.status)
        naive = peer_raw(sector.spend, sector.value, sector.ids, sector.status)
    stated = [row[f"{name}_{unit}"] for name in ("lo", "value", "hi", "naive")]
    covered = np.isfinite(found.median)
    pairs = zip((*found.total, naive[covered].sum()), stated, strict=True)
    fits = all(same(float(again), said, 0.01) for again, said in pairs) and int(covered.sum()) == row["n"]
    numbers = (
        f"{plain(round(stated[0]))} to {plain(round(stated[2]))}, without taking out chance {plain(round(stated[3]))}"
    )
    return Step("Sum over draws", words, "quantiles of the sum over bodies, draw by draw", numbers, fits)


def _share(release: Release, body: str, row: Row, unit: str) -> PeerFigure:
    graded = row["grade"] is not None
    why = "" if graded else str(row["reason"])
    return PeerFigure(body, name_of(release, body), row[f"value_{unit}"], row["status"], graded, why)
