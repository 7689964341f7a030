"""Explain productivity change: the product of its two parts, and the amounts of both periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, Step, plain
from pipelines.releases.explain import checks_of, editions_of
from pipelines.releases.explain_frontier import explain_efficiency, find_frontier, frontier_row
from pipelines.releases.figures import same
from pipelines.releases.lookup import Row, find_body

if TYPE_CHECKING:
    from pipelines.releases.read import Release


def explain_malmquist(release: Release, body_id: str, frontier_id: str, period: str) -> Claim:
    """The claim behind a change of productivity: both periods' scores with their amounts, then the two parts.

    Raises BadInput as `explain_efficiency`.
    """
    body, frontier = find_body(release, body_id), find_frontier(release, frontier_id)
    row = frontier_row(release, "malmquist", body, frontier_id, period)
    both = [explain_efficiency(release, body["body_id"], frontier_id, when) for when in (row["period_from"], period)]
    inputs = tuple(entry for found in both for entry in found.inputs)
    return Claim(
        kind="malmquist",
        pack=release.pack,
        release=release.id,
        body=body["body_id"],
        body_name=body["name"],
        figure=frontier_id,
        label=f"Productivity change: {frontier['label']}",
        unit="index",
        period=period,
        model=None,
        sentence=_sentence(body, frontier["label"], row),
        value=row["change"],
        lo=row["lo"],
        hi=row["hi"],
        status=row["status"],
        caveats=(frontier["note"], "Under constant returns, whatever the frontier's own are; not to be chained."),
        steps=(*(step for found in both for step in found.steps), *_parts(row)),
        inputs=inputs,
        peers=(),
        checks=checks_of(release, ("malmquist", *(check.table for found in both for check in found.checks))),
        methods=(note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]),),
        editions=editions_of(inputs, row["input_editions"]),
    )


def _sentence(body: Row, label: str, row: Row) -> str:
    about = f"{label}, {body['name']}, {row['period_from']} to {row['period']}"
    if row["change"] is None:
        return f"{about}: no change of productivity is given; the body is not compared in both periods, or too few are."
    sure = "can" if row["lo"] > 1 or row["hi"] < 1 else "cannot"
    return (
        f"{about}: productivity changed by {100 * (row['change'] - 1):+.1f}% (95% interval "
        f"{100 * (row['lo'] - 1):+.1f}% to {100 * (row['hi'] - 1):+.1f}%), which {sure} be told from no change."
    )


def _parts(row: Row) -> tuple[Step, ...]:
    if row["change"] is None:
        return (Step("Productivity change", "none is given: not compared in both periods, or too few are"),)
    whole = Step(
        "Productivity change",
        "catching up with the frontier of its own period, times the shift of the frontier where the body stands",
        "change = catching up x frontier shift",
        f"{plain(row['catching_up'])} x {plain(row['frontier_shift'])} = {plain(row['change'])}",
        same(row["catching_up"] * row["frontier_shift"], row["change"]),
    )
    if row["pure"] is None or row["scale"] is None:
        return (whole,)
    split = Step(
        "Catching up",
        "under variable returns, times the change of scale efficiency",
        "catching up = pure x scale",
        f"{plain(row['pure'])} x {plain(row['scale'])} = {plain(row['catching_up'])}",
        same(row["pure"] * row["scale"], row["catching_up"]),
    )
    return (whole, split)
