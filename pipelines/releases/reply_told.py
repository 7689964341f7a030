"""Replies for a terminal and as plain data: one line a dispute, or a whole one with its recomputed figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.releases import steps
from pipelines.releases.claim import brief, plain
from pipelines.releases.reply import Dispute, Note, Replies
from pipelines.releases.reply_figure import Recomputed, recompute

if TYPE_CHECKING:
    from pipelines.releases.read import Release

SHOWN = (
    *("numerator", "numerator_nominal", "denominator", "value", "se", "lo", "hi", "status", "interval_method"),
    *("n_peers", "peer_median", "ratio", "ratio_lo", "ratio_hi", "verdict", "reason"),
)
ALONE = "recomputed for this body alone; the release stays as it is, the publisher's next edition rules"


def state_of(dispute: Dispute) -> str:
    """open, or how it was decided."""
    return dispute.ruling.outcome if dispute.ruling else "open"


def lines_of(replies: Replies, only_open: bool) -> Iterator[str]:
    """One line a dispute, open ones first, then notes; what cannot be read is named last."""
    decided = [] if only_open else [each for each in replies.disputes if not each.is_open]
    for each in (*replies.open, *decided):
        due = f"answer due {each.deadline}" if each.is_open else f"decided {each.ruling.when[:10]}"  # type: ignore[union-attr]
        yield f"{each.id}  {state_of(each):14} {' '.join(each.figure)}  {due}  raised {each.when[:10]} by {each.who}"
    for note in () if only_open else replies.notes:
        about = " ".join(part for part in (note.body, note.service, note.indicator, note.period) if part)
        yield f"{note.id}  {'note':14} {about}  {note.when[:10]} by {note.who}"
    yield from (f"unread      {line}" for line in replies.unread)


def lines_of_dispute(pack: str, release: Release | None, dispute: Dispute) -> Iterator[str]:
    """One dispute in full: figure, statement, decision, and the figure again with the body's inputs.

    release : the one that it is about; None where that no longer stands on the shelf.
    """
    yield f"{pack} {dispute.id}: {state_of(dispute).replace('-', ' ')}"
    yield f"figure    {' '.join(dispute.figure)}, release {dispute.release}"
    yield f"raised    {dispute.when} by {dispute.who}; answer due {dispute.deadline}"
    yield from (f"  {line}" for line in dispute.statement.split("\n"))
    for ruling in dispute.rulings:
        yield f"decided   {ruling.when} by {ruling.who}: {ruling.outcome.replace('-', ' ')}"
        yield from (f"  {line}" for line in ruling.reason.split("\n"))
    if dispute.corrects and release is None:
        yield f"release {dispute.release} no longer stands on the shelf, so the figure cannot be recomputed"
    elif dispute.corrects and release is not None:
        yield from lines_of_figure(recompute(release, dispute))


def lines_of_figure(found: Recomputed) -> Iterator[str]:
    """Published beside recomputed, and the arithmetic."""
    yield f"published  {briefly(found.published, found.indicator['unit'])}"
    yield f"recomputed {briefly(found.own, found.indicator['unit'])}"
    yield f"  {ALONE}"
    for step in found.steps:
        yield f"  {step.title}: {step.words}{f' ({step.numbers})' if step.numbers else ''}"


def briefly(row: Mapping[str, Any], unit: str) -> str:
    """Value, interval and verdict of one row."""
    if row["value"] is None:
        return f"no value: {steps.MEANING.get(row['status'], row['status'])}"
    interval = "" if row["lo"] is None else f" (95 % interval {brief(row['lo'], unit)} to {brief(row['hi'], unit)})"
    return f"{brief(row['value'], unit)}{interval}; verdict: {row['verdict'] or 'none'}"


def given_lines(release: Release, dispute: Dispute) -> Iterator[str]:
    """What the body states beside what the release has, so that a slip of units is seen at once."""
    if not dispute.corrects:
        return
    found = recompute(release, dispute)
    money = "numerator_nominal" if found.indicator["real_terms"] else "numerator"
    for part, column in (("numerator", money), ("denominator", "denominator")):
        stated = getattr(dispute, part)
        if stated is not None:
            yield f"{part} {found.indicator[part]}: {plain(stated)}; published: {plain(found.published[column])}"
    yield from lines_of_figure(found)


def dispute_json(dispute: Dispute) -> dict[str, Any]:
    """A dispute as plain data, with its state."""
    found = asdict(dispute)
    return {**found, "rulings": list(found["rulings"]), "state": state_of(dispute)}


def note_json(note: Note) -> dict[str, Any]:
    """A note as plain data."""
    return asdict(note)


def replies_json(pack: str, replies: Replies, only_open: bool) -> dict[str, Any]:
    """Every reply of a pack as plain data."""
    chosen = replies.open if only_open else replies.disputes
    return {
        "pack": pack,
        "disputes": [dispute_json(each) for each in chosen],
        "notes": [] if only_open else [note_json(each) for each in replies.notes],
        "unread": list(replies.unread),
    }


def recomputed_json(found: Recomputed) -> dict[str, Any]:
    """Published and recomputed figure as plain data."""
    sides = {name: {part: row[part] for part in SHOWN} for name, row in _sides(found)}
    return {"model": found.model, "unit": found.indicator["unit"], **sides, "note": ALONE}


def shown_json(pack: str, release: Release | None, dispute: Dispute) -> dict[str, Any]:
    """A dispute with its recomputed figure, None where it names no other input or its release is gone."""
    found = recomputed_json(recompute(release, dispute)) if dispute.corrects and release else None
    return {"pack": pack, **dispute_json(dispute), "recomputed": found}


def _sides(found: Recomputed) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return ("published", found.published), ("recomputed", found.own)
