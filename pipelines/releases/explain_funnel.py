"""Explain funnels: what chance allows at a body's size, recomputed from the counts of its whole field."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.errors import BadInput
from pipelines.methods.funnel import discoveries
from pipelines.methods.funnel_field import FieldFunnel, funnel_field
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, Step, brief, plain, spoken
from pipelines.releases.explain import checks_of, editions_of, explain
from pipelines.releases.fields import field_peers, field_rows, field_words, standing_row
from pipelines.releases.figures import same
from pipelines.releases.lookup import Row, find, nearest, one

if TYPE_CHECKING:
    from pipelines.releases.read import Release

FLAG = {
    "low": "below the widened 99.8% limits: unusual even allowing for unexplained variation",
    "high": "above the widened 99.8% limits: unusual even allowing for unexplained variation",
    "within": "within what is usual",
    "withheld": "nothing is said",
}
TRANSFORM = {
    "proportion": "y = asin(root of share), s = 1 / (2 root of cases)",
    "ratio": "y = ln(observed / expected), s = 1 / root of expected",
    "root": "y = root of (observed / expected), s = 1 / (2 root of expected)",
}


def explain_funnel(release: Release, field: str, indicator_id: str, period: str) -> Claim:
    """The claim behind a funnel; `field` is the text of the column of that name.

    Raises BadInput, with the nearest, when the release has no such funnel.
    """
    indicator = find(release, "indicators", "indicator_id", indicator_id, "indicator")
    row = one(release, "funnels", indicator_id=indicator_id, period=period, field=field)
    if row is None:
        others = release.table("funnels").filter(pl.col("indicator_id") == indicator_id)
        known = [f"{kinds} {year}" for kinds, year in others.select("field", "period").iter_rows()]
        raise BadInput(
            f"no funnel of {indicator_id!r} for {field!r} in {period!r}{nearest(known, f'{field} {period}')}"
        )
    figures, found = _again(release, row)
    about = f"{indicator['label']}, {field_words(release, field)}, {period}"
    words = f"{about}: {row['note']}." if row["centre"] is None else _funnel_sentence(about, indicator, row)
    return Claim(
        kind="funnels",
        pack=release.pack,
        release=release.id,
        body=field,
        body_name=field_words(release, field),
        figure=indicator_id,
        label=indicator["label"],
        unit=indicator["unit"],
        period=period,
        model=None,
        sentence=words,
        value=row["centre"],
        lo=None,
        hi=None,
        status="ok",
        caveats=(row["note"],) if row["note"] else (),
        steps=_funnel_steps(row, found, str(indicator["unit"])),
        inputs=(),
        peers=field_peers(release, figures, ""),
        checks=checks_of(release, ("indicator_values", "funnels", "funnel_points")),
        methods=(note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]),),
        editions=editions_of((), row["input_editions"]),
    )


def explain_funnel_point(release: Release, body_id: str, indicator_id: str, period: str) -> Claim:
    """The claim behind a body's point in a funnel: its figure, the funnel, and the limits at its size.

    Raises BadInput, with the nearest spellings, on what the release does not have.
    """
    own = explain(release, body_id, indicator_id, period)
    row = standing_row(release, "funnel_points", own.body, indicator_id, period)
    line = one(release, "funnels", indicator_id=indicator_id, period=period, field=row["field"]) or {}
    figures, found = _again(release, row)
    at = figures["body_id"].index_of(own.body) or 0
    return replace(
        own,
        kind="funnel_points",
        sentence=_point_sentence(own, row, line),
        value=row["value"],
        lo=row["lo_998"],
        hi=row["hi_998"],
        caveats=(*own.caveats, *((line["note"],) if line["note"] else ())),
        steps=(*own.steps, *_funnel_steps(line, found, own.unit), *_point_steps(release, own, row, found, at)),
        peers=field_peers(release, figures, own.body),
        checks=checks_of(release, ("funnels", "funnel_points", *(check.table for check in own.checks))),
        methods=(*own.methods, note(row["method_id"], row["method_version"], row["params_hash"], row["seed"])),
        editions=editions_of(own.inputs, row["input_editions"]),
    )


def _again(release: Release, row: Row) -> tuple[pl.DataFrame, FieldFunnel]:
    """The field's figures, and their funnel drawn once more."""
    indicator = one(release, "indicators", indicator_id=row["indicator_id"]) or {}
    figures = field_rows(release, "funnel_points", row["field"], row["indicator_id"], row["period"])
    value, events, cases = (figures[name].to_numpy() for name in ("value", "numerator", "denominator"))
    found = funnel_field(
        np.where(np.isnan(value), np.nan, events),
        np.where(np.isnan(value), np.nan, cases),
        figures["status"].to_numpy(),
        interval=str(indicator["interval"]),
        multiplier=float(indicator["multiplier"]),
    )
    return figures, found


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def _funnel_steps(row: Row, found: FieldFunnel, unit: str) -> tuple[Step, ...]:
    agree = (found.n, found.kind, found.note) == (row["n"], row["kind"], row["note"] or "")
    if row["centre"] is None:
        return (Step("The funnel", str(row["note"]), "", f"{row['n']} bodies", agree),)
    fits = agree and same(_known(found.centre), row["centre"])
    centre = f"{row['n']} bodies together: {spoken(row['centre'], unit)}"
    spread = same(_known(found.phi), row["phi"]) and same(_known(found.tau2), row["tau2"])
    unexplained = "not estimated" if row["tau2"] is None else plain(row["tau2"])
    return (
        Step("Centre", "the field as a whole: its events over its cases", "sum of events / sum of cases", centre, fits),
        Step(
            "Unexplained variation",
            "how much more figures differ than chance makes them, extremes held to their 10 and 90% points",
            "phi = mean of z²; tau² from phi",
            f"phi {plain(row['phi'])}, tau² {unexplained}",
            spread,
        ),
    )


def _point_steps(release: Release, own: Claim, row: Row, found: FieldFunnel, at: int) -> tuple[Step, ...]:
    if row["z"] is None:
        return (Step("Its point", "it has none: there is no count that may be compared, or no funnel"),)
    ends = {"lo_95": 0, "hi_95": 1, "lo_998": 2, "hi_998": 3}
    wide = all(same(_known(found.wide[at, column]), row[name]) for name, column in ends.items())
    plain_ends = all(same(_known(found.plain[at, ends[name]]), row[f"plain_{name}"]) for name in ("lo_95", "hi_95"))
    scores = same(_known(found.z[at]), row["z"]) and same(_known(found.widened[at]), row["z_widened"])
    return (
        Step(
            "Distance from the centre",
            f"in standard deviations of chance at its size of {plain(row['size'])}, then with unexplained variation",
            f"{TRANSFORM[found.kind]}; z = (y - centre) / s; widened: / root of (s² + tau²)",
            f"{plain(row['z'])}, then {plain(row['z_widened'])}",
            scores,
        ),
        Step(
            "Limits at its size",
            "turned back into the unit: 99.8%, 95%, and 95% of chance alone",
            "centre ± point of the normal distribution x standard deviation",
            f"{plain(row['lo_998'])} to {plain(row['hi_998'])}; {plain(row['lo_95'])} to {plain(row['hi_95'])}; "
            f"{plain(row['plain_lo_95'])} to {plain(row['plain_hi_95'])} {own.unit}",
            wide and plain_ends,
        ),
        Step("Flag", FLAG[row["flag"]], "", "", str(found.flag[at]) == row["flag"]),
        *_discovery(release, row),
    )


def _discovery(release: Release, row: Row) -> tuple[Step, ...]:
    """Whether it stands out among all the points that are judged in its period."""
    if row["discovery"] is None:
        return ()
    points = release.table("funnel_points").filter((pl.col("period") == row["period"]) & (pl.col("flag") != "withheld"))
    among = points.select("body_id", "indicator_id").rows().index((row["body_id"], row["indicator_id"]))
    stands = bool(discoveries(points["z_widened"].to_numpy())[among])
    words = "stands out" if row["discovery"] else "does not stand out"
    return (
        Step(
            "Many figures at once",
            f"{words} among the {points.height} points judged in {row['period']}, false discoveries held at 5%",
            "Benjamini and Hochberg on the widened distances",
            "",
            stands == row["discovery"],
        ),
    )


def _funnel_sentence(about: str, indicator: Row, row: Row) -> str:
    expected = "" if row["expected"] is None else f" Chance alone would flag {plain(row['expected'])} of them."
    unexplained = f" {str(row['note']).capitalize()}." if row["note"] else ""
    centre = brief(row["centre"], indicator["unit"])
    return f"{about}: {row['n']} bodies around {centre}, overdispersion {plain(row['phi'])}.{expected}{unexplained}"


def _point_sentence(own: Claim, row: Row, line: Row) -> str:
    about = f"{own.label}, {own.body_name}, {own.period}"
    if row["value"] is None or row["lo_998"] is None:
        return f"{about}: no point in a funnel."
    limits = f"{brief(row['lo_998'], own.unit)} to {brief(row['hi_998'], own.unit)}"
    why = f": {line['note']}" if row["flag"] == "withheld" and line["note"] else ""
    return f"{about}: {brief(row['value'], own.unit)}; {FLAG[row['flag']]}{why} (widened 99.8% limits {limits})."
