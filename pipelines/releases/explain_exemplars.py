"""Explain exemplars: who already does it, what each costs, and that none is worse in a paired quality (F13)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.errors import BadInput
from pipelines.methods.exemplars import LEAST, level_kept
from pipelines.methods.status import REFERENCE
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, Step, plain, spoken
from pipelines.releases.explain import checks_of, explain
from pipelines.releases.figures import name_of, same
from pipelines.releases.lookup import Row, find, find_body, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release


def explain_exemplars(release: Release, body_id: str, service_id: str, period: str) -> Claim:
    """The claim behind the exemplars of a body and service: one step for each of them.

    Raises BadInput, with the nearest spellings, on what the release does not have.
    """
    service = find(release, "services", "service_id", service_id, "service")
    body = find_body(release, body_id)
    found = rows(release, "exemplars", body_id=body["body_id"], service_id=service_id, period=period)
    if not found:
        known = sorted({row["period"] for row in rows(release, "exemplars", service_id=service_id)})
        raise BadInput(
            f"{body['name']} ({body['body_id']}) has no exemplar in {service_id!r} in {period!r}: none of its peers "
            f"is shown to be cheaper and no worse{'' if period in known else nearest(known, period)}"
        )
    first = found[0]
    own = explain(release, body["body_id"], first["indicator_id"], period, str(release.facts["headline_peer_model"]))
    ordered = sorted(found, key=lambda row: int(row["closeness_order"]))
    names = ", ".join(name_of(release, row["exemplar_id"]) for row in ordered)
    return replace(
        own,
        kind="exemplars",
        figure=service_id,
        label=f"Who already does it: {service['label']}",
        sentence=f"{service['label']}, {own.body_name}, {period}: cheaper and not shown to be worse: {names}.",
        value=None,
        lo=None,
        hi=None,
        steps=(*own.steps, *(_step(release, own, row) for row in ordered)),
        checks=checks_of(release, ("exemplars", *(check.table for check in own.checks))),
        methods=(*own.methods, note(first["method_id"], first["method_version"], first["params_hash"], first["seed"])),
    )


def _step(release: Release, own: Claim, row: Row) -> Step:
    """One exemplar: its unit cost against the peers' median and the body's own, and its paired qualities."""
    counted = [peer.value for peer in own.peers if peer.counted and peer.value is not None]
    middle = float(np.median(counted)) if counted else float("nan")
    theirs = next((peer.value for peer in own.peers if peer.body == row["exemplar_id"]), None)
    cheaper = theirs is not None and theirs < middle and not theirs >= _own_cost(release, row)
    worse = [id for id in str(row["quality"]).split() if _worse(release, row, id)]
    since = f"{row['years']} figure{'' if row['years'] == 1 else 's'} in a row, since {row['since']}"
    words = f"{since}; not worse by more than chance in {', '.join(_labels(release, row))}"
    numbers = f"{spoken(row['value'], own.unit)}, below the peers' median {plain(middle)}"
    fits = cheaper and same(theirs, row["value"]) and not worse and _held(release, row)
    return Step(
        name_of(release, row["exemplar_id"]), words, "cheaper, level kept, and no quality wholly worse", numbers, fits
    )


def _own_cost(release: Release, row: Row) -> float:
    """The body's own unit cost where it may be compared, else NaN: then the peers' median alone decides."""
    found = one(release, "indicator_values", **{key: row[key] for key in ("body_id", "indicator_id", "period")}) or {}
    usable = bool(found.get("like_for_like")) and found.get("status") in REFERENCE
    return float("nan") if not usable or found["value"] is None else float(found["value"])


def _held(release: Release, row: Row) -> bool:
    """Whether every step of its unit cost since it began to hold is within chance; version 1 did not ask."""
    if row["method_version"] == "1":
        return True
    begins = {each["period"]: str(each["start"]) for each in rows(release, "periods")}
    own = rows(release, "indicator_values", indicator_id=row["indicator_id"], body_id=row["exemplar_id"])
    first, last = begins[row["since"]], begins[row["period"]]
    run = sorted((one for one in own if first <= begins[one["period"]] <= last), key=lambda one: begins[one["period"]])
    cost, lo, hi = (np.array([[one[name] for one in run]], dtype=np.float64) for name in ("value", "lo", "hi"))
    kept = level_kept(cost, lo, hi, np.array([[one["status"] for one in run]]))
    return len(run) == row["years"] >= LEAST and bool(kept[0, 1:].all())


def _labels(release: Release, row: Row) -> list[str]:
    found = (one(release, "indicators", indicator_id=id) for id in str(row["quality"]).split())
    return [str(each["label"]) for each in found if each]


def _worse(release: Release, row: Row, quality: str) -> bool:
    """Whether the exemplar's quality lies wholly on the worse side of the body's own, in the period compared."""
    indicator = one(release, "indicators", indicator_id=quality) or {}
    begins = {each["period"]: str(each["start"]) for each in rows(release, "periods")}
    own = {
        each["period"]: each
        for each in rows(release, "indicator_values", indicator_id=quality, body_id=row["body_id"])
        if begins[each["period"]] <= begins[row["period"]]
    }
    newest = max(own, key=lambda name: begins[name])
    theirs = one(release, "indicator_values", indicator_id=quality, body_id=row["exemplar_id"], period=newest)
    if theirs is None or theirs["value"] is None or own[newest]["value"] is None:
        return True
    if indicator["polarity"] == "higher":
        return bool((theirs["value"] if theirs["hi"] is None else theirs["hi"]) < own[newest]["value"])
    return bool((theirs["value"] if theirs["lo"] is None else theirs["lo"]) > own[newest]["value"])
