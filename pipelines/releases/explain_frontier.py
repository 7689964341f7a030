"""Explain a frontier: a score from its frontier peers and their amounts, its targets, and the change between years."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipelines.errors import BadInput
from pipelines.releases.amounts import behind
from pipelines.releases.cards import cards, note
from pipelines.releases.claim import Claim, MethodNote, PeerFigure, Step, plain
from pipelines.releases.explain import checks_of, editions_of
from pipelines.releases.figures import Figure, name_of
from pipelines.releases.frontier_steps import label, score_steps
from pipelines.releases.lookup import Row, find_body, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

UNIT = "fraction of 1"


def explain_efficiency(release: Release, body_id: str, frontier_id: str, period: str) -> Claim:
    """The claim behind a frontier score: every amount, the peers' amounts at their weights, what is left over.

    Raises BadInput, with the nearest spellings, on an unknown body, frontier or period.
    """
    body, frontier = find_body(release, body_id), find_frontier(release, frontier_id)
    row = frontier_row(release, "efficiency", body, frontier_id, period)
    key = {"frontier_id": frontier_id, "body_id": body["body_id"], "period": period}
    parts = rows(release, "efficiency_parts", **key)
    found = _amounts(release, body["body_id"], frontier, period, parts)
    inputs = tuple(entry for part in found for entry in part.inputs)
    tables = ("efficiency", "efficiency_peers", "efficiency_parts", *(name for part in found for name in part.tables))
    read = tuple(step for part in found for step in part.steps)
    return Claim(
        kind="efficiency",
        pack=release.pack,
        release=release.id,
        body=body["body_id"],
        body_name=body["name"],
        figure=frontier_id,
        label=frontier["label"],
        unit=UNIT,
        period=period,
        model=None,
        sentence=_sentence(body, frontier, row),
        value=row["score"],
        lo=row["lo"],
        hi=row["hi"],
        status=row["status"],
        caveats=(frontier["note"],),
        steps=(*read, *(score_steps(release, frontier, row, parts) if parts else (_absent(row),))),
        inputs=inputs,
        peers=_peers(release, key),
        checks=checks_of(release, tables),
        methods=_methods(row),
        editions=editions_of(inputs, row["input_editions"]),
    )


def explain_efficiency_peers(release: Release, body_id: str, frontier_id: str, period: str) -> Claim:
    """The claim behind the frontier peers of a body: who they are, with what weight, and what they do together."""
    found = explain_efficiency(release, body_id, frontier_id, period)
    named = [f"{peer.body_name} ({plain(peer.value)})" for peer in found.peers]
    words = f"{found.label}, {found.body_name}, {period}: measured against {', '.join(named) or 'nobody'}."
    return replace(found, kind="efficiency_peers", sentence=words)


def explain_efficiency_parts(release: Release, body_id: str, frontier_id: str, period: str) -> Claim:
    """The claim behind the targets of a body: each amount, what the frontier would do, what is left over."""
    found = explain_efficiency(release, body_id, frontier_id, period)
    key = {"frontier_id": frontier_id, "body_id": found.body, "period": period}
    frontier = find_frontier(release, frontier_id)
    named = [
        f"{label(release, frontier, part['measure_id'])} {plain(part['actual'])}, there {plain(part['target'])}"
        for part in rows(release, "efficiency_parts", **key)
    ]
    return replace(
        found,
        kind="efficiency_parts",
        sentence=f"{found.label}, {found.body_name}, {period}: {_at(named)}.",
    )


def _at(named: list[str]) -> str:
    return f"now and at the frontier: {'; '.join(named)}" if named else "no amounts are compared"


def find_frontier(release: Release, frontier_id: str) -> dict[str, Any]:
    """A frontier as the release states it. Raises BadInput with the known ones."""
    stated: dict[str, dict[str, Any]] = {each["id"]: each for each in release.facts["frontiers"]}
    if frontier_id not in stated:
        raise BadInput(f"{release.pack} has no frontier {frontier_id!r}{nearest(sorted(stated), frontier_id)}")
    return stated[frontier_id]


def frontier_row(release: Release, table: str, body: Row, frontier_id: str, period: str) -> Row:
    """A body's row on a frontier. Raises BadInput, with the periods that it has, when there is none."""
    row = one(release, table, frontier_id=frontier_id, body_id=body["body_id"], period=period)
    if row:
        return row
    known = [found["period"] for found in rows(release, table, frontier_id=frontier_id, body_id=body["body_id"])]
    raise BadInput(
        f"{body['name']} ({body['body_id']}) is not on frontier {frontier_id!r} in {period!r}{nearest(known, period)}"
    )


def _amounts(release: Release, body: str, frontier: dict[str, Any], period: str, parts: list[Row]) -> list[Figure]:
    stated = {part["measure_id"]: part["actual"] for part in parts}
    products = {made["id"]: made for made in frontier["products"]}
    inward = [*frontier["inputs"], *frontier["undesirable"]]
    return [
        behind(release, body, id, products, period, stated.get(id), "input" if id in inward else "output")
        for id in (*inward, *frontier["outputs"])
    ]


def _sentence(body: Row, frontier: dict[str, Any], row: Row) -> str:
    about = f"{frontier['label']}, {body['name']}, {row['period']}"
    if row["score"] is None:
        return f"{about}: no score is given. {str(row['reason'])[:1].upper()}{str(row['reason'])[1:]}."
    inward = frontier["orientation"] == "in"
    share = f"{100 * row['score']:.1f}%"
    if row["lo"] is not None:
        share = f"{100 * row['lo']:.0f}% to {100 * row['hi']:.0f}%"
    how = (
        f"the best of {row['n']} comparable bodies would do as much with {share} of its inputs"
        if inward
        else f"it does {share} of what the best of {row['n']} comparable bodies would with as much"
    )
    if row["lo"] is None:
        return f"{about}: {how}, as computed; no interval is given."
    sure = f"95% interval, if the data hold no error; {100 * row['score']:.1f}% as computed, before correction"
    return f"{about}: {how} ({sure})."


def _absent(row: Row) -> Step:
    return Step("Score", f"none is given: {row['reason']}")


def _peers(release: Release, key: dict[str, str]) -> tuple[PeerFigure, ...]:
    found = sorted(rows(release, "efficiency_peers", **key), key=lambda peer: (-peer["weight"], peer["peer_id"]))
    return tuple(
        PeerFigure(
            peer["peer_id"], name_of(release, peer["peer_id"]), peer["weight"], "ok", True, "weight in the target"
        )
        for peer in found
    )


def _methods(row: Row) -> tuple[MethodNote, ...]:
    own = note(row["method_id"], row["method_version"], row["params_hash"], row["seed"])
    others = [cards()[id] for id in ("M3.8", "M3.10", "M3.15")]
    return (own, *(note(card.id, card.version, card.params_hash(), None) for card in others))
