"""The calculation of a frontier score: weights, amounts at those weights, the interval, one real body, who bends it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pipelines.releases.claim import Step, plain
from pipelines.releases.figures import name_of, same
from pipelines.releases.lookup import Row, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

CLOSE = 1e-6  # relative; a linear program's answer is exact to about 1e-9 of the largest amount in it


def score_steps(release: Release, frontier: dict[str, Any], row: Row, parts: list[Row]) -> tuple[Step, ...]:
    """From the amounts of a body and its frontier peers to its score, then what stands beside it."""
    key = {"frontier_id": row["frontier_id"], "period": row["period"]}
    weights = rows(release, "efficiency_peers", **key, body_id=row["body_id"])
    theirs = {
        peer["peer_id"]: {
            part["measure_id"]: part["actual"]
            for part in rows(release, "efficiency_parts", **key, body_id=peer["peer_id"])
        }
        for peer in weights
    }
    reached = [_reached(release, frontier, row, part, weights, theirs) for part in parts]
    return (
        *_sum_of_weights(frontier, weights),
        *reached,
        *_sure(row),
        *_real_bodies(release, frontier, row),
        _doubt(row),
    )


def _reached(
    release: Release,
    frontier: dict[str, Any],
    row: Row,
    part: Row,
    weights: list[Row],
    theirs: dict[str, dict[str, float]],
) -> Step:
    """One amount: what the peers do at their weights, and how score and slack lead from the actual amount to it."""
    id, actual, slack, score = part["measure_id"], part["actual"], part["slack"], row["score"]
    together = math.fsum(peer["weight"] * theirs[peer["peer_id"]][id] for peer in weights)
    inward = part["side"] == "input"
    scaled = inward == (frontier["orientation"] == "in")
    factor = (score if inward else 1 / score) if scaled else 1.0
    expected = actual * factor + (-slack if inward else slack)
    terms = " + ".join(f"{plain(peer['weight'])} x {plain(theirs[peer['peer_id']][id])}" for peer in weights)
    sign = "-" if inward else "+"
    applied = (
        f"{plain(actual)} x {plain(factor)} {sign} {plain(slack)}"
        if scaled
        else f"{plain(actual)} {sign} {plain(slack)}"
    )
    times = (" x score" if inward else " / score") if scaled else ""
    size = max(abs(actual), abs(together))
    fits = same(together, part["target"], CLOSE * size) and same(expected, together, CLOSE * size)
    return Step(
        label(release, frontier, id),
        "what the frontier peers do at their weights is the amount with score and slack applied",
        f"sum of weight x amount = amount{times} {sign} slack",
        f"{terms} = {plain(together)} = {applied}",
        fits,
    )


def label(release: Release, frontier: dict[str, Any], id: str) -> str:
    """An amount in words."""
    made = next((product for product in frontier["products"] if product["id"] == id), None)
    facts = made or one(release, "measures", measure_id=id) or {}
    return str(facts.get("label", id))


def _sum_of_weights(frontier: dict[str, Any], weights: list[Row]) -> tuple[Step, ...]:
    total = math.fsum(peer["weight"] for peer in weights)
    numbers = f"{' + '.join(plain(peer['weight']) for peer in weights)} = {plain(total)}"
    rule = {
        "vrs": ("add up to 1: outputs may grow otherwise than inputs", abs(total - 1) <= CLOSE),
        "crs": ("need not add up to 1: outputs grow with inputs", True),
        "drs": ("add up to 1 at most: outputs grow no faster than inputs", total <= 1 + CLOSE),
        "irs": ("add up to 1 at least: outputs grow no slower than inputs", total >= 1 - CLOSE),
    }[frontier["rts"]]
    return (Step("Weights of the frontier peers", f"the weights {rule[0]}", "", numbers, rule[1]),)


def _sure(row: Row) -> tuple[Step, ...]:
    if row["lo"] is None:
        return (Step("Interval", "none: conditions on quality leave no way to draw samples of the frontier"),)
    words = "subsamples of the field show how far a frontier of few bodies flatters; noise in the data is not covered"
    return (Step("95% interval", words, "", f"{plain(row['lo'])} to {plain(row['hi'])}"),)


def _real_bodies(release: Release, frontier: dict[str, Any], row: Row) -> tuple[Step, ...]:
    """The comparison with one real body, from both bodies' amounts."""
    key = {"frontier_id": row["frontier_id"], "period": row["period"]}
    own, other = (
        {part["measure_id"]: part for part in rows(release, "efficiency_parts", **key, body_id=body)}
        for body in (row["body_id"], row["exemplar_id"])
    )
    side = "input" if frontier["orientation"] == "in" else "output"
    pairs = [
        (other[id]["actual"], own[id]["actual"]) for id in own if own[id]["side"] == side and own[id]["actual"] > 0
    ]
    ratios = [theirs / mine for theirs, mine in pairs] if side == "input" else [mine / theirs for theirs, mine in pairs]
    found = max(ratios)
    words = (
        f"{name_of(release, row['exemplar_id'])} does at least as much with no more; "
        f"{row['dominators']} bodies do, itself included"
    )
    return (
        Step(
            "Against one real body",
            words,
            "greatest ratio of its amounts to the body's own"
            if side == "input"
            else "greatest ratio of own amounts to its",
            f"{plain(found)} = {plain(row['fdh'])}",
            same(found, row["fdh"]),
        ),
    )


def _doubt(row: Row) -> Step:
    words = {
        True: "its own data are to be checked before anybody is measured by it",
        False: "nothing about its own place on the frontier asks for a check of its data",
    }[row["outlier"]]
    only = "its weights are the only ones" if row["unique_peers"] else "other weights would serve as well"
    return Step(
        "Who bends the frontier", f"{words}; {only}", "", f"others' scores move by {plain(row['leverage'])} without it"
    )
