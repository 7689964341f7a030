"""One figure again with the inputs that a body states: the release's own method, for this body alone (F28).

Peers' values, the price index and every other figure stay as published, and so does the release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from pipelines.errors import BadInput
from pipelines.methods import indicators as ratios
from pipelines.methods import position
from pipelines.methods.intervals import event_rate_ci, unit_cost_ci
from pipelines.methods.peers import SMALL_GROUP
from pipelines.methods.status import JUDGED, REFERENCE, SEEN, worst
from pipelines.releases import steps
from pipelines.releases.claim import Step
from pipelines.releases.explain import value_row
from pipelines.releases.figures import UNSHOWN
from pipelines.releases.lookup import Row, find, find_body, one, rows
from pipelines.releases.reply import Dispute

if TYPE_CHECKING:
    from pipelines.releases.read import Release

NUMBERS = ("numerator", "numerator_nominal", "denominator", "value", "se", "lo", "hi")
AGAINST = ("n_peers", "n_left_out", "peer_q25", "peer_median", "peer_q75")
PLACE = ("ratio", "ratio_lo", "ratio_hi", "verdict", "reason")


class Input(NamedTuple):
    """One input of the figure: its value (money as spent), its status, whether the body states it."""

    value: float | None
    status: str
    stated: bool


@dataclass(frozen=True)
class Recomputed:
    """The figure as published beside the figure with the body's inputs; each a row of value, interval and position.

    A row has the columns of `indicator_values` and, under the headline peer model, of `positions`; numbers that may not
    be shown are None.   steps : the arithmetic of the second, each one recomputed.
    """

    indicator: Row
    model: str
    published: Mapping[str, Any]
    own: Mapping[str, Any]
    steps: tuple[Step, ...]


def recompute(release: Release, dispute: Dispute) -> Recomputed:
    """The disputed figure with the inputs that the body states, beside the figure as published.

    Raises BadInput where the release has no such figure, or the dispute names no inputs.
    """
    if not dispute.corrects:
        raise BadInput(f"dispute {dispute.id} names no corrected input, so there is nothing to recompute")
    body = find_body(release, dispute.body)
    indicator = find(release, "indicators", "indicator_id", dispute.indicator, "indicator")
    row = value_row(release, body, dispute.indicator, dispute.period)
    model = str(release.facts["headline_peer_model"])
    key = {"body_id": row["body_id"], "indicator_id": row["indicator_id"], "period": row["period"]}
    place = one(release, "positions", **key, model_id=model) or dict.fromkeys(AGAINST)
    above, below = inputs_of(release, indicator, row, dispute.numerator, dispute.denominator)
    own = again(release, indicator, row, above, below)
    own = {**own, **{name: place[name] for name in AGAINST}, **standing(own, place)}
    published = {**shown(row), **{name: place.get(name) for name in (*AGAINST, *PLACE)}}
    return Recomputed(indicator, model, published, own, arithmetic(release, indicator, own, model))


def inputs_of(
    release: Release, indicator: Row, row: Row, numerator: float | None, denominator: float | None
) -> tuple[Input, Input]:
    """Numerator and denominator: as the body states them where it does, else as the release has them.

    The denominator of a figure that the publisher states itself is 1.
    """
    above = _input(release, row, indicator["numerator"], row["period"], numerator)
    if indicator["denominator"] is None:
        return above, Input(1.0, "ok", False)
    period = row["denominator_period"] or row["period"]
    return above, _input(release, row, indicator["denominator"], period, denominator)


def again(release: Release, indicator: Row, row: Row, above: Input, below: Input) -> Row:
    """A row of `indicator_values` from these inputs, by the release's own method (M1.1, M1.2, M3.3)."""
    factor, doubt = _prices(release, indicator, row["period"])
    top = np.nan if above.value is None else above.value * factor
    negative = below.value is not None and below.value < 0
    bottom = np.nan if below.value is None else max(0.0, below.value)
    told = str(worst(above.status, below.status, doubt, "withheld" if negative else "ok"))
    published = indicator["denominator"] is None
    least = 0.0 if published else minimum(_sector(release, row))
    rate = ratios.ratio(top, bottom, indicator["multiplier"], status=told, minimum=least)
    status = str(rate.status)
    if told in ("suppressed", "zero_den") and status == "missing":
        status = told
    if _impossible(indicator, top, bottom):
        status = "quarantined"
    found = {
        **row,
        "numerator": _plain(top),
        "numerator_nominal": above.value if indicator["real_terms"] else None,
        "denominator": None if published else below.value,
        "value": _plain(rate.value),
        "status": status,
        "status_reasons": None if told == "ok" else told,
    }
    return shown({**found, **_limits(release, indicator, found)})


def standing(row: Row, place: Mapping[str, Any]) -> Row:
    """Where a row stands against the peers' published median: ratio with interval, verdict, and why there is none."""
    median = place["peer_median"]
    known = bool(row["like_for_like"])
    value, lo, hi = (np.nan if row[name] is None or not known else row[name] for name in ("value", "lo", "hi"))
    middle = np.nan if median is None else median
    verdict = str(position.verdict(value, lo, hi, place["n_peers"] or 0, row["status"], reference=middle))
    ratio = [_plain(number / middle) if middle > 0 else None for number in (value, lo, hi)]
    names = ("ratio", "ratio_lo", "ratio_hi")
    return {
        **dict(zip(names, ratio, strict=True)),
        "verdict": verdict,
        "reason": _why_withheld(row, place) if verdict == "withheld" else None,
    }


def arithmetic(release: Release, indicator: Row, own: Row, model: str) -> tuple[Step, ...]:
    """Each step of the recomputed figure with its numbers."""
    label = str((one(release, "measures", measure_id=indicator["numerator"]) or {}).get("label", "Numerator"))
    found: list[Step] = []
    if indicator["real_terms"] and own["numerator"] is not None:
        found.append(steps.real_terms(release, own["numerator_nominal"], own["numerator"], own["period"], label))
    found += [steps.ratio(indicator, own), steps.interval(own, indicator["unit"]), *steps.status(own)]
    if own["n_peers"] is None:
        return tuple(found)
    peers = steps.peer_figures(release, {**own, "model_id": model})
    return (*found, *steps.position(own, peers, own["value"], indicator["unit"]))


def shown(row: Row) -> Row:
    """A row whose numbers are gone where its status forbids showing them."""
    return {**row, **dict.fromkeys(NUMBERS)} if row["status"] in UNSHOWN else dict(row)


def minimum(sector: pl.DataFrame) -> float:
    """The denominator under which a release calls a measure small: above every small one, at most any sound one.

    sector : `denominator` and `status` of every body in the period. The pack's own limit is not published; 20 stands
    where the release shows nothing against it.
    """
    least = sector.filter(pl.col("status").is_in(REFERENCE))["denominator"].min() if sector.height else None
    most = sector.filter(pl.col("status") == "small")["denominator"].max() if sector.height else None
    bound = min(ratios.MINIMUM_EVENTS, float(least)) if isinstance(least, int | float) else ratios.MINIMUM_EVENTS
    return max(bound, float(np.nextafter(most, np.inf))) if isinstance(most, int | float) else bound


def _input(release: Release, row: Row, measure: str, period: str, stated: float | None) -> Input:
    """A figure that the publisher states for the body itself comes before the sum over its predecessors."""
    if stated is not None:
        return Input(stated, "ok", True)
    key = {"body_id": row["body_id"], "measure_id": measure, "period": period}
    found = rows(release, "values", **key, is_current=True)
    if row["rebuilt"] and all(each["value"] is None for each in found):
        found = rows(release, "values_rebuilt", **key) or found
    if not found:
        return Input(None, "missing", False)
    hidden = found[0]["status"] in UNSHOWN
    return Input(None if hidden else found[0]["value"], found[0]["status"], False)


def _prices(release: Release, indicator: Row, period: str) -> tuple[float, str]:
    """What turns money of the period into the base year's, and its status; 1 for what is not converted."""
    if not indicator["real_terms"]:
        return 1.0, "ok"
    stated = next((each for each in release.facts["deflator"] or () if each["period"] == period), None)
    return (np.nan, "missing") if stated is None else (float(stated["factor"]), str(stated["status"]))


def _sector(release: Release, row: Row) -> pl.DataFrame:
    wanted = (pl.col("indicator_id") == row["indicator_id"]) & (pl.col("period") == row["period"])
    return release.table("indicator_values").filter(wanted)


def _impossible(indicator: Row, top: float, bottom: float) -> bool:
    """More events than cases, or fewer than none."""
    events = indicator["interval"] in ("proportion", "count")
    return (events and top < 0) or (indicator["interval"] == "proportion" and top > bottom)


def _limits(release: Release, indicator: Row, row: Row) -> Row:
    """se, lo, hi and how they were found, by the pack's choice of interval."""
    kind, value = indicator["interval"], row["value"]
    if kind == "history":
        return _history(release, row)
    if kind not in ("proportion", "count"):
        return {"se": None, "lo": None, "hi": None, "interval_method": row["interval_method"]}
    usable = value is not None and row["status"] != "quarantined"
    top, bottom = (row[name] if usable else np.nan for name in ("numerator", "denominator"))
    found = event_rate_ci(kind, top, np.nan if bottom is None else bottom, indicator["multiplier"])
    limits = {"se": _plain(found.se), "lo": _plain(found.lo), "hi": _plain(found.hi)}
    return {**limits, "interval_method": "none: no usable figure" if limits["lo"] is None else found.words}


def _history(release: Release, row: Row) -> Row:
    """Log-normal limits from the body's history with the new value in its place, else from the sector's residuals."""
    body, period = row["body_id"], row["period"]
    table = release.table("indicator_values").filter(pl.col("indicator_id") == row["indicator_id"])
    here = (pl.col("body_id") == body) & (pl.col("period") == period)
    table = table.select("body_id", "period", *(_put(here, name, row) for name in ("value", "status")))
    wide = table.filter(pl.col("status").is_in(SEEN)).pivot(
        "period", index="body_id", values="value", sort_columns=True
    )
    if body not in wide["body_id"]:
        return {"se": None, "lo": None, "hi": None, "interval_method": ratios.NO_LIMITS}
    spread = ratios.log_se(wide.drop("body_id").to_numpy())
    place = wide["body_id"].to_list().index(body)
    value = np.nan if row["value"] is None else row["value"]
    limits = unit_cost_ci(value, spread.se[place])
    if np.isnan(limits.lo):
        return {"se": None, "lo": None, "hi": None, "interval_method": ratios.NO_LIMITS}
    found = {"se": _plain(spread.se[place]), "lo": _plain(limits.lo), "hi": _plain(limits.hi)}
    return {**found, "interval_method": ratios.BASIS[str(spread.basis[place])]}


def _put(here: pl.Expr, name: str, row: Row) -> pl.Expr:
    return pl.when(here).then(pl.lit(row[name])).otherwise(pl.col(name)).alias(name)


def _why_withheld(row: Row, place: Mapping[str, Any]) -> str:
    if not row["like_for_like"]:
        return "not like for like: another body pays part of the service"
    if row["status"] not in JUDGED:
        return steps.MEANING.get(row["status"], "the figure cannot be used")
    if (place["n_peers"] or 0) < SMALL_GROUP:
        return f"too few comparable bodies ({place['n_peers'] or 0}) to compare"
    return "no interval can be given, so chance cannot be ruled out"


def _plain(number: Any) -> float | None:
    return None if np.isnan(number) else float(number)
