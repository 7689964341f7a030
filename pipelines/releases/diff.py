"""What moved between two releases, and why: every change of position split into five causes that add up exactly.

Position is the logarithm of a body's value over its peers' median, so that causes add. From the older release to the
newer one, one thing is changed at a time, in this order:

    revision   the older period's figures, own and peers', as the newer release states them
    own data   the body's own figure moves on to the newer period
    peers' data  the peers' figures move on to the newer period
    peer set   the newer release's peers take the place of the older one's
    method     what is left: nothing, unless the indicator or the way of comparing changed
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import polars as pl

from pipelines.errors import BadInput
from pipelines.methods.status import REFERENCE

if TYPE_CHECKING:
    from pipelines.releases.read import Release

CAUSES = ("revision", "own_data", "peers_data", "peer_set", "method")
IN_WORDS = {
    "revision": "published figures were revised",
    "own_data": "its own figure moved",
    "peers_data": "its peers' figures moved",
    "peer_set": "other bodies are its peers",
    "method": "the indicator or the method changed",
}
ROUNDING = 1e-12
MOVED = 1e-9
SCHEMA = {
    "body_id": pl.String,
    "indicator_id": pl.String,
    "period_before": pl.String,
    "period_after": pl.String,
    "ratio_before": pl.Float64,
    "ratio_after": pl.Float64,
    "verdict_before": pl.String,
    "verdict_after": pl.String,
    "change": pl.Float64,
    **dict.fromkeys(CAUSES, pl.Float64),
    "reason": pl.String,
}

Values = Mapping[tuple[str, str], Mapping[str, float]]
"""Usable, like-for-like values of the bodies, by indicator and period."""


@dataclass(frozen=True)
class Stand:
    """Where a body stands on an indicator in one release: its newest period with a ratio."""

    period: str
    ratio: float
    verdict: str


@dataclass(frozen=True)
class Side:
    """One release as the comparison needs it."""

    stands: Mapping[tuple[str, str], Stand]
    values: Values
    own: Values
    peers: Mapping[str, tuple[str, ...]]


def diff(before: Release, after: Release, model: str | None = None) -> pl.DataFrame:
    """One row per body and indicator that stands in both releases and moved; SCHEMA, sorted by key.

    change and the five causes are in logarithms and add up to rounding. model : peer model, by default the newer
    release's headline one. Raises BadInput when the releases are of different packs or lack the model.
    """
    if before.pack != after.pack:
        raise BadInput(f"{before.pack} and {after.pack} are different packs; compare two releases of one")
    chosen = model or str(after.facts["headline_peer_model"])
    old, new = side(before, chosen), side(after, chosen)
    both = sorted(old.stands.keys() & new.stands.keys())
    rows = [split(body, indicator, old, new) for body, indicator in both]
    moved = [row for row in rows if any(abs(float(row[cause])) > MOVED for cause in CAUSES)]  # type: ignore[arg-type]
    return pl.DataFrame(moved, schema=SCHEMA)


def side(release: Release, model: str) -> Side:
    """The parts of a release that positions under one peer model rest on."""
    positions = release.table("positions").filter(pl.col("model_id") == model)
    if positions.is_empty():
        raise BadInput(f"{release.pack} {release.id}: has no positions under the peer model '{model}'")
    ends = release.table("periods").select("period", "end")
    newest = (
        positions.filter(pl.col("ratio") > 0)
        .join(ends, on="period")
        .sort("end")
        .group_by("body_id", "indicator_id")
        .last()
    )
    stands = {
        (body, indicator): Stand(period, ratio, verdict)
        for body, indicator, period, ratio, verdict in newest.select(
            "body_id", "indicator_id", "period", "ratio", "verdict"
        ).iter_rows()
    }
    shown = release.table("indicator_values").filter(pl.col("like_for_like") & pl.col("value").is_not_null())
    usable = shown.filter(pl.col("status").is_in(REFERENCE))
    listed = release.table("peers").filter(pl.col("model_id") == model).sort("body_id", "peer_id")
    peers = {body: tuple(group["peer_id"]) for (body,), group in listed.group_by("body_id")}
    return Side(stands, by_place(usable), by_place(shown), peers)


def by_place(rows: pl.DataFrame) -> Values:
    """Values by (indicator, period), then body."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for indicator, period, body, value in rows.select("indicator_id", "period", "body_id", "value").iter_rows():
        found.setdefault((indicator, period), {})[body] = value
    return found


def split(body: str, indicator: str, old: Side, new: Side) -> dict[str, object]:
    """One row: the change, and what each cause adds, each found by changing one thing from the step before."""
    first, last = old.stands[body, indicator], new.stands[body, indicator]
    path = list(steps(body, indicator, first, last, old, new))
    parts = [math.log(b) - math.log(a) for a, b in pairwise(path)]
    change = math.log(last.ratio) - math.log(first.ratio)
    causes = dict(zip(CAUSES, [*parts, change - sum(parts)], strict=True))
    causes = {cause: 0.0 if abs(part) < ROUNDING else part for cause, part in causes.items()}
    return {
        "body_id": body,
        "indicator_id": indicator,
        "period_before": first.period,
        "period_after": last.period,
        "ratio_before": first.ratio,
        "ratio_after": last.ratio,
        "verdict_before": first.verdict,
        "verdict_after": last.verdict,
        "change": change,
        **causes,
        "reason": reason(causes),
    }


def steps(body: str, indicator: str, first: Stand, last: Stand, old: Side, new: Side) -> Iterator[float]:
    """The ratio at the start and after each of the first four causes.

    Where the newer release no longer states what a step needs, the ratio stays as it was: what that step would have
    moved falls to the next cause that can be computed.
    """
    then, now = (indicator, first.period), (indicator, last.period)
    was, is_now = old.peers.get(body, ()), new.peers.get(body, ())
    ratio = first.ratio
    yield ratio
    for own, group, members in (
        (new.own.get(then, {}), new.values.get(then, {}), was),
        (new.own.get(now, {}), new.values.get(then, {}), was),
        (new.own.get(now, {}), new.values.get(now, {}), was),
        (new.own.get(now, {}), new.values.get(now, {}), is_now),
    ):
        ratio = against(own.get(body), group, members) or ratio
        yield ratio


def against(value: float | None, group: Mapping[str, float], members: Iterable[str]) -> float | None:
    """Value over the median of the members present; None where either is absent or not positive."""
    present = [group[member] for member in members if member in group]
    if value is None or value <= 0 or not present:
        return None
    middle = median(present)
    return value / middle if middle > 0 else None


def reason(causes: Mapping[str, float]) -> str:
    """The causes that moved it, the largest first, each with its share in per cent of the ratio."""
    ordered = sorted((cause for cause in CAUSES if abs(causes[cause]) > MOVED), key=lambda cause: -abs(causes[cause]))
    return "; ".join(f"{IN_WORDS[cause]} ({100 * math.expm1(causes[cause]):+.1f}%)" for cause in ordered)


def in_points(changes: pl.DataFrame) -> pl.DataFrame:
    """The same rows with `<cause>_points`: percentage points of the peers' median, adding up to 100 (after - before).

    A part in logarithms times the logarithmic mean of the two ratios, which leaves no remainder (Ang 2005, Energy
    Policy 33); where the ratio came back to where it was, times the ratio itself.
    """
    change, before = pl.col("change"), pl.col("ratio_before")
    mean = pl.when(change.abs() > ROUNDING).then((pl.col("ratio_after") - before) / change).otherwise(before)
    return changes.with_columns((100 * mean * pl.col(cause)).alias(f"{cause}_points") for cause in CAUSES)


def largest(changes: pl.DataFrame, most: int = 10) -> pl.DataFrame:
    """The rows that moved furthest, by the size of the change; ties by key. No order of merit."""
    return changes.sort(pl.col("change").abs(), "body_id", "indicator_id", descending=[True, False, False]).head(most)


def verdicts_changed(changes: pl.DataFrame) -> pl.DataFrame:
    """The rows whose verdict is another one now."""
    return changes.filter(pl.col("verdict_before") != pl.col("verdict_after"))
