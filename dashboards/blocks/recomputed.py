"""A disputed figure as published and with the inputs that the body states, side by side, with the arithmetic."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks.reply import label_of
from dashboards.components import block, words
from dashboards.components.numbers import period_words
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Book
from dashboards.pages.claim import step_item
from pipelines.errors import BadInput
from pipelines.releases.read import Dispute, Recomputed, recompute

ALONE = (
    "Recomputed for this body alone, by the release’s own method and against the same peers, whose figures stay as "
    "published. The release stays as it is; the publisher’s next edition rules."
)
FIELDS = (
    *("figure", "body_id", "indicator_id", "period", "numerator", "denominator", "value", "lo", "hi", "status"),
    *("like_for_like", "n_peers", "peer_median", "ratio", "ratio_lo", "ratio_hi", "verdict", "reason"),
)
Made = tuple[Recomputed, Sheet]


def again(source: Book, dispute: Dispute) -> Made | None:
    """The figure recomputed, and its table; None where no input is named or no such figure stands there."""
    try:
        found = recompute(source.release, dispute)
    except BadInput:
        return None
    return found, sheet(source, dispute, found)


def sheet(source: Book, dispute: Dispute, found: Recomputed) -> Sheet:
    """As published and recomputed, one row each."""
    style = source.style(dispute.indicator)
    sides = (("As published", found.published), ("Recomputed with the body’s inputs", found.own))
    cells, raw = [], []
    for name, side in sides:
        row = {**side, "verdict": side["verdict"] or "withheld"}
        money = row["numerator_nominal"] if found.indicator["real_terms"] else row["numerator"]
        interval = style.interval(row["lo"], row["hi"], row["value"]) if row["lo"] is not None else "–"
        inputs = [amount(source, dispute, "numerator", money)]
        inputs += [amount(source, dispute, "denominator", row["denominator"])] if found.indicator["denominator"] else []
        cells.append(
            [name, *inputs, words.shown(row, style), interval, words.difference(row) or "–", verdict(row, found)]
        )
        raw.append({"figure": name, **{part: row.get(part) for part in FIELDS[1:]}, "numerator": money})
    labels = [measure_label(source, dispute, part) for part in ("numerator", "denominator")]
    heads = (
        Head("Figure"),
        *(Head(label, True) for label in labels[: 2 if found.indicator["denominator"] else 1]),
        Head(words.capital(style.unit), True),
        Head("95% interval", True),
        Head("Against the peers’ median"),
        Head("Verdict"),
    )
    title = f"Published and recomputed: {label_of(source, dispute.indicator)}, {period_words(dispute.period)}"
    return Sheet("recomputed", title, heads, cells, FIELDS, raw, words.letters_used(raw))


def measure_label(book: Book, dispute: Dispute, part: str) -> str:
    """The name of a disputed figure's numerator or denominator."""
    measure = book.indicators.get(dispute.indicator, {}).get(part) or part
    return str(book.measures[measure]["label"]) if measure in book.measures else words.capital(measure)


def amount(book: Book, dispute: Dispute, part: str, value: float | None) -> str:
    """An input with its unit; money as spent."""
    if value is None:
        return "–"
    measure = book.indicators.get(dispute.indicator, {}).get(part) or part
    style = book.measure_style(str(book.measures.get(measure, {}).get("unit", "count")))
    return style.sentence(value)


def verdict(row: dict[str, Any], found: Recomputed) -> html.Span:
    """The verdict of a side in words."""
    return words.verdict(row, found.indicator["polarity"])


def recomputed(address: Address, source: Book | None, dispute: Dispute, made: Made | None) -> html.Section:
    """The table; or why there is none."""
    if made:
        return block.table_block("Published and recomputed", ALONE, made[1], address)
    why = "The release that it is about no longer stands on the shelf, so it cannot be recomputed."
    if source:
        why = "The body names no other input, so there is nothing to recompute."
    if source and dispute.corrects:
        why = f"Release {source.id[:12]} has no such figure, so it cannot be recomputed."
    return block.panel("Published and recomputed", html.P(why), id="title-recomputed")


def arithmetic(made: Made | None) -> html.Section | None:
    """Each step of the recomputed figure, with its numbers."""
    if made is None:
        return None
    # Nothing of it was published, so no step can be said to reproduce what was.
    steps = html.Ol([step_item(replace(step, reproduced=None)) for step in made[0].steps], className="steps")
    return block.panel("How it is recomputed", html.Div(steps, className="claim"), id="steps")
