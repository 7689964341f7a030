"""The field in which peers are sought: every body's context as a release states it, and its model's own rules.

`pipelines.methods` does the arithmetic; here the release's tables are only brought into its shapes. A release of an
earlier version does not state a model's rules: it has no field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from dashboards.data import Book
from pipelines.methods import context
from pipelines.methods.arrays import FloatArray, over
from pipelines.methods.peers import Reach, towards
from pipelines.methods.roster import Roster

Row = Mapping[str, Any]
USABLE = ("ok", "provisional")
"""Statuses of a figure that may describe a body's context: measured, not modelled."""


@dataclass(frozen=True)
class Rules:
    """The hard constraints of a peer model, as `Roster.allows` asks for them."""

    same_class: bool
    same_region: bool
    exclude_merged_years: int


@dataclass(frozen=True)
class Field:
    """One computed model over its sector. raw, scores (n, v) by body and variable, NaN where absent; weights (v,)."""

    roster: Roster
    rules: Rules
    variables: tuple[Row, ...]
    raw: FloatArray
    scores: FloatArray
    weights: FloatArray
    k: int
    cap: float
    reaches: dict[Rules, Reach]

    def reach(self, rules: Rules) -> Reach:
        """The sector's pairs under these rules, kept."""
        if rules not in self.reaches:
            self.reaches[rules] = Reach(self.scores, self.roster.blocks(rules))
        return self.reaches[rules]

    @property
    def themes(self) -> list[str]:
        """Themes of the variables, in the pack's order."""
        return list(dict.fromkeys(str(variable["theme"]) for variable in self.variables))


@dataclass(frozen=True)
class Nearest:
    """A body's peers, nearest first, and what all its distances are made of.

    distance (n,) and share (n, v) from the body to every body of the roster; farthest : of the allowed ones.
    allowed : bodies that the rules would let be its peers, nearest first.
    """

    peers: tuple[str, ...]
    allowed: tuple[str, ...]
    distance: FloatArray
    rebased: FloatArray
    share: FloatArray


def field(book: Book, model: str) -> Field | None:
    """The field of a computed model; None where the release does not state its rules."""
    return book.once(("field", model), lambda: _field(book, model))


def _field(book: Book, model: str) -> Field | None:
    said = book.models.get(model, {})
    if not said.get("variables") or not all("peers_from" in found for found in book.classes.values()):
        return None
    every = [v for other in book.models.values() for v in other.get("variables") or ()]
    known = {(v["measure"], v["period"]): described(book, v["measure"], v["period"]) for v in every}
    roster = roster_of(book, {body for found in known.values() for body in found})
    columns = [known[v["measure"], v["period"]] for v in said["variables"]]
    raw = np.array([[column.get(body, np.nan) for column in columns] for body in roster.ids])
    scores = context.robust_scores(context.transform(raw, [v["transform"] for v in said["variables"]]))
    cap = said["cap_quantile"]
    return Field(
        roster,
        Rules(said["same_class"], said["same_region"], said["exclude_merged_years"]),
        tuple(said["variables"]),
        raw,
        scores,
        np.array([v["weight"] for v in said["variables"]], dtype=np.float64),
        int(said["k"]),
        1.0 if cap is None else float(cap),
        {},
    )


def described(book: Book, measure: str, period: str) -> dict[str, float]:
    """Each body's newest usable figure of a measure, or that of one period."""
    frames = [
        book.release.table("values")
        .filter(pl.col("is_current"))
        .select("body_id", "measure_id", "period", "value", "status"),
        book.release.table("values_rebuilt").select("body_id", "measure_id", "period", "value", "status"),
    ]
    found = pl.concat([frame.filter(pl.col("measure_id") == measure) for frame in frames])
    found = found.filter(pl.col("status").is_in(USABLE), pl.col("value").is_not_null())
    if period != "newest":
        found = found.filter(pl.col("period") == period)
    ends = found.join(book.release.table("periods").select("period", "end"), on="period")
    newest = ends.sort("end", maintain_order=True).group_by("body_id", maintain_order=True).last()
    return dict(newest.select("body_id", "value").iter_rows())


def roster_of(book: Book, known: set[str]) -> Roster:
    """The living, benchmarked bodies of which the release knows some context, as the pipeline lists them."""
    found = sorted((body for body in book.living if body.id in known), key=lambda body: body.id)
    cost = set(book.release.table("costs")["period"])
    return Roster(
        tuple(body.id for body in found),
        tuple(body.class_id for body in found),
        tuple(body.region or None for body in found),
        tuple(body.valid_from for body in found),
        {id: tuple(row["peers_from"]) for id, row in book.classes.items()},
        max((end for period, end in book.ends.items() if period in cost), default="9999-12-31"),
    )


def sought(place: Field, body: str, count: int, weights: FloatArray, *, same_region: bool) -> Nearest:
    """The bodies most like one, by the model's rules with another number, other weights or one region asked for.

    Raises ValueError where no weighted variable has a value.
    """
    rules = replace(place.rules, same_region=place.rules.same_region or same_region)
    row = place.roster.place[body]
    distance, share = towards(place.scores, weights, row)
    everybody = np.arange(len(place.roster.ids))
    may = place.roster.allows(rules, np.full(everybody.size, row), everybody) & ~np.isnan(distance)
    order = np.argsort(np.where(may, distance, np.inf), kind="stable")[: int(may.sum())]
    limit = place.reach(rules).limit(weights, place.cap)
    chosen = order[distance[order] <= limit][:count]
    farthest = distance[order].max(initial=0.0)
    return Nearest(
        tuple(place.roster.ids[i] for i in chosen),
        tuple(place.roster.ids[i] for i in order),
        distance,
        np.asarray(over(distance, farthest)),
        share,
    )


def features(
    book: Book, place: Field, found: Nearest, body: str, others: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """What sets a body apart from each of others: rows as those of the release's `peer_features`, by body."""
    own, told = place.roster.place[body], {}
    units = [str(book.measures[v["measure"]]["unit"]) for v in place.variables]
    for other in others:
        row = place.roster.place.get(other)
        told[other] = (
            []
            if row is None
            else [
                {
                    "variable_id": variable["id"],
                    "label": variable["label"],
                    "theme": variable["theme"],
                    "unit": units[v],
                    "body_value": number(place.raw[own, v]),
                    "peer_value": number(place.raw[row, v]),
                    "share": number(found.share[row, v]),
                }
                for v, variable in enumerate(place.variables)
                if not np.isnan(place.raw[own, v])
            ]
        )
    return told


def number(value: float) -> float | None:
    """A figure, None for an absent one."""
    return None if np.isnan(value) else float(value)
