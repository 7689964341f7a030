"""Explain a delivery chain: amounts back to publishers' rows, factors, the peers' factors, gaps to the penny (F25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.contracts.production import hundredths
from pipelines.errors import BadInput
from pipelines.methods.status import REFERENCE
from pipelines.methods.volumes import area_factor
from pipelines.releases import chain_steps, steps
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, PeerFigure, Step, plain
from pipelines.releases.explain import checks_of, editions_of
from pipelines.releases.figures import Figure, figure, name_of
from pipelines.releases.lookup import Row, find, find_body, nearest, rows
from pipelines.releases.steps import MEANING

if TYPE_CHECKING:
    from pipelines.releases.read import Release


def explain_chain(release: Release, body_id: str, service_id: str, period: str, model_id: str) -> Claim:
    """The claim behind the gap of a body's chain and of each of its stages.

    Raises BadInput, with the nearest spellings, on an unknown body or service, or a period without the chain.
    """
    body = find_body(release, body_id)
    service = find(release, "services", "service_id", service_id, "service")
    stages = _stages(release, body, service_id, period, model_id)
    whole, parts = stages[0], stages[1:]
    found = _amounts(release, service, stages)
    compared, peers = _compared(release, stages)
    cents, unit = hundredths(str(release.facts["currency"])), str(release.facts["currency"]).lower()
    inputs = tuple(entry for part in found for entry in part.inputs)
    value, lo, hi = (None if whole[name] is None else whole[name] / 100 for name in _columns(cents))
    return Claim(
        kind="chains",
        pack=release.pack,
        release=release.id,
        body=body["body_id"],
        body_name=body["name"],
        figure=service_id,
        label=f"{service['label']}: {whole['label']}",
        unit=unit,
        period=period,
        model=model_id,
        sentence=_sentence(body, service, stages, unit, cents),
        value=value,
        lo=lo,
        hi=hi,
        status=whole["status"],
        caveats=_caveats(release, service, whole),
        steps=(
            *(step for part in found for step in part.steps),
            *_taken(release, service, stages, found),
            *(chain_steps.factor(row) for row in stages),
            *compared,
            *chain_steps.gaps(stages, unit, cents),
            *chain_steps.tightest(parts),
        ),
        inputs=inputs,
        peers=peers,
        checks=checks_of(release, ("chains", "peers", *(name for part in found for name in part.tables))),
        methods=(note(whole["method_id"], whole["method_version"], whole["params_hash"], whole["seed"]),),
        editions=editions_of(inputs, whole["input_editions"]),
    )


def _columns(cents: str) -> tuple[str, str, str]:
    return f"gap_{cents}", f"gap_lo_{cents}", f"gap_hi_{cents}"


def _stages(release: Release, body: Row, service: str, period: str, model: str) -> list[Row]:
    key = {"body_id": body["body_id"], "service_id": service, "model_id": model}
    found = sorted(rows(release, "chains", **key, period=period), key=lambda row: int(row["stage"]))
    if found:
        return found
    known = sorted({row["period"] for row in rows(release, "chains", **key)})
    who = f"{body['name']} ({body['body_id']})"
    if not known:
        raise BadInput(f"{who} has no chain of {service!r} under peer model {model!r}: ask for --of cost")
    raise BadInput(f"{who} has no chain of {service!r} in {period!r}{nearest(known, period)}")


def _amounts(release: Release, service: Row, stages: list[Row]) -> tuple[Figure, ...]:
    """The figure of every amount, from the money on, in the period in which it was found."""
    ends = [(stages[1]["above"], stages[1]["above_period"]), *((s["below"], s["below_period"]) for s in stages[1:])]
    return tuple(
        figure(release, stages[0]["body_id"], measure, found or stages[0]["period"], f"amount {n}", rebuilt=True)
        for n, (measure, found) in enumerate(ends, start=1)
    )


def _taken(release: Release, service: Row, stages: list[Row], found: tuple[Figure, ...]) -> tuple[Step, ...]:
    """How the figures became the amounts: base-year prices and area costs for money, nothing for the rest."""
    out: list[Step] = []
    stated = [stages[1]["above_value"], *(row["below_value"] for row in stages[1:])]
    if found[0].value is not None and stated[0] is not None:
        basket = _basket(release, service, stages[0]["body_id"])
        if release.facts["base_period"]:
            period = stages[0]["period"]
            out.append(steps.real_terms(release, found[0].value, stated[0] * basket, period, found[0].label))
        if service["area_costs"]:
            words = "what the same wages and rents would cost at the national average; for comparisons only"
            shown = f"divided by {plain(basket)} = {plain(stated[0])}"
            out.append(Step(f"{found[0].label} at average area costs", words, "C / A", shown))
        if not release.facts["base_period"]:
            out += steps.recorded(found[0].label, found[0].value, stated[0] * basket)
    for part, amount, row in zip(found[1:], stated[1:], stages[1:], strict=True):
        out += steps.recorded(part.label, part.value, amount) if amount is not None else ()
        if row["below_period"] not in (None, row["period"]):
            out.append(Step(f"{part.label}: period", f"that of {row['below_period']} serves {row['period']}"))
    return tuple(out)


def _basket(release: Release, service: Row, body: str) -> float:
    """What the service costs where the body is, 1 = national average; the newest index of wages and of rents."""
    if not service["area_costs"]:
        return 1.0
    (labour, wages), (rent, rents) = (part.split(":") for part in service["area_costs"].split())
    known = [
        [row["value"] for row in rows(release, "values", body_id=body, measure_id=measure, is_current=True)][-1:]
        for measure in (labour, rent)
    ]
    return float(area_factor(known[0], known[1], float(wages), float(rents))[0])


def _compared(release: Release, stages: list[Row]) -> tuple[tuple[Step, ...], tuple[PeerFigure, ...]]:
    """The peers' factors once more, and each peer's whole factor."""
    key = {name: stages[0][name] for name in ("model_id", "service_id", "period")}
    of_all: dict[str, list[Row]] = {}
    for row in rows(release, "chains", **key):
        of_all.setdefault(row["body_id"], []).append(row)
    listed = rows(release, "peers", model_id=key["model_id"], body_id=stages[0]["body_id"])
    order = [peer["peer_id"] for peer in sorted(listed, key=lambda peer: int(peer["closeness_order"]))]
    told = {peer: sorted(of_all.get(peer, []), key=lambda row: int(row["stage"])) for peer in order}
    counted = [peer for peer in order if _counts(told[peer])]
    figures = tuple(_peer(release, peer, told[peer], peer in counted) for peer in order)
    if stages[0]["reference"] is None:
        return (), figures
    table = np.array(
        [[chain_steps.number(row["factor"]) for row in part] for part in (stages, *(told[peer] for peer in counted))]
    )
    return (
        chain_steps.reference(stages, table),
        chain_steps.medians(stages),
        chain_steps.distance(stages, table),
    ), figures


def _counts(stages: list[Row]) -> bool:
    return bool(stages) and all(
        row["factor"] is not None and row["status"] in REFERENCE and row["like_for_like"] for row in stages
    )


def _peer(release: Release, body: str, stages: list[Row], counted: bool) -> PeerFigure:
    name = name_of(release, body)
    if not stages:
        return PeerFigure(body, name, None, "missing", False, "no cost for this period")
    whole = stages[0]
    if counted:
        return PeerFigure(body, name, whole["factor"], whole["status"], True)
    if not whole["like_for_like"]:
        return PeerFigure(body, name, whole["factor"], whole["status"], False, "not like for like")
    doubtful = next((row for row in stages if row["factor"] is None or row["status"] not in REFERENCE), whole)
    why = doubtful["reason"] if doubtful["factor"] is None else MEANING[doubtful["status"]]
    return PeerFigure(body, name, whole["factor"], whole["status"], False, str(why))


def _sentence(body: Row, service: Row, stages: list[Row], unit: str, cents: str) -> str:
    whole, gap = stages[0], f"gap_{cents}"
    about = f"{service['label']}, {body['name']}, {whole['period']}"
    if whole["factor"] is None or whole[gap] is None:
        return f"{about}: no gap is shown. {str(whole['reason']).capitalize()}."
    way = "dearer" if whole[gap] > 0 else "cheaper"
    sure = ""
    if whole[f"gap_lo_{cents}"] is not None:
        ends = (chain_steps.spoken_money(whole[f"gap_{end}_{cents}"], unit) for end in ("lo", "hi"))
        sure = f" (95% interval {' to '.join(ends)})"
    split = ", ".join(
        f"{chain_steps.spoken_money(row[gap], unit)} in {row['label']}" for row in stages[1:] if row[gap] is not None
    )
    return f"{about}: {chain_steps.spoken_money(abs(whole[gap]), unit)} {way} than comparable bodies{sure}: {split}."


def _caveats(release: Release, service: Row, whole: Row) -> tuple[str, ...]:
    flags = [] if whole["like_for_like"] else rows(release, "scope_flags", body_id=whole["body_id"])
    unlike = [
        f"Not like for like: {flag['reason']} ({flag['source']})"
        for flag in flags
        if flag["service_id"] == service["service_id"]
        and flag["period_from"] <= whole["period"] <= (flag["period_to"] or "9999")
    ]
    return tuple(words for words in (service["chain_note"], *unlike) if words)
