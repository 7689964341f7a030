"""Explain a target: where it starts, what it aims at, who holds it, what limits it, and its path (F15, F25)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.errors import BadInput
from pipelines.methods.glide import glide
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, PeerFigure, Step, brief, plain
from pipelines.releases.explain import checks_of, editions_of, explain
from pipelines.releases.figures import name_of, same
from pipelines.releases.lookup import Row, find, find_body, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

DIRECTION = {"higher": 1, "lower": -1}
AIMS = {
    "top_quartile": "what the best quarter of {n} comparable bodies have held",
    "median": "the middle of what {n} comparable bodies have held",
    "exemplar": "the nearest better example among {n} comparable bodies",
}
LIMITS = {
    "step_limit": "no more is asked than three bodies in four from a similar start did not exceed",
    "best_reliable_peer": "it is never beyond the best peer whose level is reliable",
    "rounding": "it is rounded towards where the body starts",
    "own_level": "it is never less than the body itself has held, by the test of its peers",
}


def target_of(release: Release, body_id: str, indicator: str, policy: str) -> tuple[Row, Row]:
    """The body and its target: of the policy named, else of the newest that asks it for this indicator.

    policy : a policy's id; anything else, such as a peer model's, names none. Raises BadInput where there is no target.
    """
    body = find_body(release, body_id)
    find(release, "indicators", "indicator_id", indicator, "indicator")
    found = rows(release, "targets", body_id=body["body_id"], indicator_id=indicator)
    known = release.table("policies")
    if policy in known["policy_id"]:
        found = [row for row in found if row["policy_id"] == policy]
    if found:
        issued = dict(known.select("policy_id", "issued").iter_rows())
        return body, max(found, key=lambda row: (issued.get(row["policy_id"]) or "", row["policy_id"]))
    asked = sorted({row["indicator_id"] for row in rows(release, "targets", body_id=body["body_id"])})
    raise BadInput(f"{body['name']} has no target for {indicator!r}{nearest(asked, indicator) if asked else ''}")


def explain_target(release: Release, body_id: str, indicator_id: str, period: str | None, policy: str) -> Claim:
    """The claim behind a target: the figure it starts from, then start, reference, way, limits, holders.

    Raises BadInput, with the nearest spellings, on what the release does not have.
    """
    body, row = target_of(release, body_id, indicator_id, policy)
    if period and period not in (row["base_period"], row["due_period"]):
        raise BadInput(
            f"the target starts from {row['base_period']} and is due in {row['due_period']}; there is none of {period}"
        )
    own = explain(release, body["body_id"], indicator_id, row["base_period"])
    told = one(release, "policies", policy_id=row["policy_id"]) or {}
    direction = DIRECTION[find(release, "indicators", "indicator_id", indicator_id, "indicator")["polarity"]]
    terms: dict[str, Any] = json.loads(told["parameters"])
    peers = holders_of(release, row)
    return replace(
        own,
        kind="targets",
        period=row["due_period"],
        model=row["policy_id"],
        sentence=sentence(own, row),
        value=row["target"],
        lo=None,
        hi=None,
        status=row["status"],
        caveats=(*policy_caveats(told), *own.caveats),
        steps=(*own.steps, *derivation(release, own, row, terms, direction, peers)),
        peers=peers,
        checks=checks_of(release, ("targets", "target_paths", "reliability", *(c.table for c in own.checks))),
        methods=(*own.methods, note(row["method_id"], row["method_version"], row["params_hash"], row["seed"])),
        editions=editions_of(own.inputs, row["input_editions"]),
    )


def policy_caveats(told: Row) -> tuple[str, ...]:
    """What a reader must know of the policy."""
    binds = "An illustration: it was issued by nobody and binds nobody" if told.get("illustration") else ""
    return tuple(words for words in (binds, told.get("note") or "") if words)


def sentence(own: Claim, row: Row) -> str:
    """What is asked by when, and who holds it already."""
    about = f"{own.label}, {own.body_name}"
    if row["target"] is None:
        return f"{about}: no target. {row['reason'][:1].upper()}{row['reason'][1:]}."
    closed = f" ({row['reason']})" if row["state"] == "closed" else ""
    asked, start = brief(row["target"], own.unit), brief(row["start"], own.unit)
    if row["hold"]:
        limits = (row["limited_by"] or "").split()
        better = AIMS[row["basis"]].format(n=row["n_peers"])
        why = "no more can be asked of it fairly" if limits else f"as good as {better}"
        why = "which it has itself held" if "own_level" in limits else why
        words = f"hold {asked} until {row['due_period']}, {why}"
    else:
        words = f"{asked} by {row['due_period']}, from {start} in {row['base_period']}"
        words += f"; {row['peers_there']} of {row['n_peers']} comparable bodies hold it already"
    return f"{about}: {words}{closed}."


def holders_of(release: Release, row: Row) -> tuple[PeerFigure, ...]:
    """The headline peers with their figures in the base period; counted are those that hold the target."""
    holders = set((row["holders"] or "").split())
    key = {"model_id": str(release.facts["headline_peer_model"]), "body_id": row["body_id"]}
    order = sorted(rows(release, "peers", **key), key=lambda peer: int(peer["closeness_order"]))
    named = list(dict.fromkeys([*(str(peer["peer_id"]) for peer in order), *sorted(holders)]))
    here = (pl.col("indicator_id") == row["indicator_id"]) & (pl.col("period") == row["base_period"])
    figures = {r["body_id"]: r for r in release.table("indicator_values").filter(here).iter_rows(named=True)}
    out = []
    for peer in named:
        found = figures.get(peer, {"value": None, "status": "missing"})
        hidden = found["status"] in ("withheld", "quarantined")
        held = peer in holders
        why = "" if held else "is not shown to hold this level, or not with quality kept"
        value = None if hidden else found["value"]
        out.append(PeerFigure(peer, name_of(release, peer), value, found["status"], held, why))
    return tuple(out)


def derivation(
    release: Release, own: Claim, row: Row, terms: dict[str, Any], direction: int, peers: tuple[PeerFigure, ...]
) -> tuple[Step, ...]:
    """From the figure to the target."""
    start = start_step(release, own, row)
    if row["target"] is None:
        return (start, Step("No target", row["reason"]))
    aim = Step("Reference", AIMS[row["basis"]].format(n=row["n_peers"]), numbers=brief(row["reference"], own.unit))
    path = path_end(release, row)
    return (
        start,
        aim,
        way_step(row, terms, direction, path),
        *(Step("Limit", LIMITS[rule]) for rule in (row["limited_by"] or "").split()),
        end_step(row, path),
        held_step(row, direction, path, peers),
        *challenge_step(row),
    )


def start_step(release: Release, own: Claim, row: Row) -> Step:
    """The start is the figure with chance taken out, as it stands in the release while the target is proposed."""
    key = {"body_id": row["body_id"], "indicator_id": row["indicator_id"], "period": row["base_period"]}
    drawn = one(release, "reliability", **key) or {"value": None}
    numbers = f"{plain(row['own'])} as published, {plain(row['start'])} without chance"
    fits = same(drawn["value"], row["start"]) if row["state"] in ("proposed", "none") else None
    return Step("Start", f"the figure of {row['base_period']} with chance taken out", "", numbers, fits)


def path_end(release: Release, row: Row) -> Row:
    """The last point of a target's path."""
    key = {name: row[name] for name in ("policy_id", "body_id", "indicator_id")}
    return one(release, "target_paths", **key, period=row["due_period"]) or {"catch_up": row["target"], "frontier": 0.0}


def way_step(row: Row, terms: dict[str, Any], direction: int, path: Row) -> Step:
    """A share of the way to the reference, which limits can only bring nearer to the start."""
    share = float(terms["share"])
    if row["hold"]:
        return Step("Way", "the body is there already: it is asked to hold", numbers=plain(path["catch_up"]))
    asked = row["start"] + share * (row["reference"] - row["start"])
    left = direction * (asked - path["catch_up"])
    fits = same(asked, path["catch_up"]) if not row["limited_by"] else left >= -1e-9 * max(1.0, abs(asked))
    numbers = (
        f"{plain(row['start'])} + {share:g} x ({plain(row['reference'])} - {plain(row['start'])}) = {plain(asked)}"
    )
    return Step(
        "Way", f"{100 * share:g}% of the way to the reference", "start + share x (reference - start)", numbers, fits
    )


def end_step(row: Row, path: Row) -> Step:
    """The target is what catching up asks for with the frontier shift added."""
    total = path["catch_up"] + path["frontier"]
    numbers = f"{plain(path['catch_up'])} + {plain(path['frontier'])} = {plain(total)}"
    words = f"catching up, and what everybody is asked for by {row['due_period']} on top"
    return Step("Target", words, "catching up + frontier shift", numbers, same(total, row["target"], 1e-9))


def held_step(row: Row, direction: int, path: Row, peers: tuple[PeerFigure, ...]) -> Step:
    """Every peer that is said to hold the level stands there in the base period, too."""
    stand = [peer for peer in peers if peer.counted and peer.value is not None]
    edge = 1e-9 * max(1.0, abs(path["catch_up"]))
    there = all(direction * (float(p.value or 0.0) - path["catch_up"]) >= -edge for p in stand)
    proposed = row["state"] == "proposed"
    fits = there and len(stand) == row["peers_there"] if proposed else None
    for_years = f", for {row['held_years']:g} years at the median" if row["held_years"] is not None else ""
    words = f"{row['peers_there']} of {row['n_peers']} peers have held {plain(path['catch_up'])} or better{for_years}"
    names = ", ".join(peer.body_name for peer in peers if peer.counted)
    return Step("Who holds it", words, "", names, fits if names else None)


def challenge_step(row: Row) -> tuple[Step, ...]:
    """How many past bodies from a similar start achieved as much."""
    if row["challenge"] is None:
        return ()
    words = f"{100 * row['challenge']:.0f}% of past bodies from a similar start did as much"
    return (Step("Challenge", f"{words}: {row['challenge_label']}" if row["challenge_label"] else words),)


def explain_path(release: Release, body_id: str, indicator_id: str, period: str, policy: str) -> Claim:
    """The claim behind one point of a glide path: the target, then the point computed from start, target and time."""
    body, row = target_of(release, body_id, indicator_id, policy)
    key = {"policy_id": row["policy_id"], "body_id": body["body_id"], "indicator_id": indicator_id}
    points = sorted(rows(release, "target_paths", **key), key=lambda point: str(point["period"]))
    place = next((at for at, point in enumerate(points) if point["period"] == period), None)
    if place is None:
        raise BadInput(
            f"the path of {indicator_id!r} has no {period!r}{nearest([p['period'] for p in points], period)}"
        )
    told = explain_target(release, body["body_id"], indicator_id, None, row["policy_id"])
    point = points[place]
    begins = points[-1]["catch_up"] if row["hold"] else row["start"]
    again = glide(begins, points[-1]["catch_up"], len(points) - 1, path_kind(release, row, points))
    numbers = f"{plain(float(again.catch_up[place]))} + {plain(point['frontier'])} = {plain(point['value'])}"
    fits = same(float(again.catch_up[place]), point["catch_up"]) and same(
        point["catch_up"] + point["frontier"], point["value"], 1e-9
    )
    words = f"point {place} of {len(points) - 1} from {row['base_period']} to {row['due_period']}"
    band = Step(
        "Allowance",
        "chance alone may show this much, within what is possible",
        numbers=f"{plain(point['lo'])} to {plain(point['hi'])}",
    )
    return replace(
        told,
        kind="target_paths",
        period=period,
        sentence=f"{told.label}, {told.body_name}: {brief(point['value'], told.unit)} in {period} on the way to "
        f"{brief(row['target'], told.unit)} by {row['due_period']}.",
        value=point["value"],
        lo=point["lo"],
        hi=point["hi"],
        steps=(*told.steps, Step("Path", words, "catching up + frontier shift", numbers, fits), band),
        checks=checks_of(release, ("target_paths", *(check.table for check in told.checks))),
    )


def path_kind(release: Release, row: Row, points: list[Row]) -> str:
    """The path that the policy chose, and a straight one where no other can be drawn."""
    told = one(release, "policies", policy_id=row["policy_id"]) or {}
    terms: dict[str, Any] = json.loads(told["parameters"])
    item = next(item for item in terms["items"] if item["indicator"] == row["indicator_id"])
    straight = min(row["start"], points[-1]["catch_up"]) <= 0
    return "linear" if straight else str(item.get("path") or terms["path"])
