"""Explain standing: a value without its chance, and the places it may hold, recomputed from the field's figures."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipelines.methods.standing import FieldShrunk, place_field, shrink_field
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, Step, brief, plain, spoken
from pipelines.releases.explain import checks_of, editions_of, explain
from pipelines.releases.fields import field_peers, field_rows, field_words, standing_row
from pipelines.releases.figures import same
from pipelines.releases.lookup import Row, one

if TYPE_CHECKING:
    from pipelines.releases.read import Release

USE = {
    "individual": "it can be looked at on its own",
    "grouped": "it is for groups of bodies, or three years together, only",
    "none": "no judgement of one body rests on it",
}
BEST = {
    "higher": "counted from the highest, which is the wanted direction",
    "lower": "counted from the lowest, which is the wanted direction",
    "neutral": "counted from the lowest; no direction is wanted",
}
DIRECTION = {"higher": 1, "lower": -1, "neutral": 0}


def explain_reliability(release: Release, body_id: str, indicator_id: str, period: str) -> Claim:
    """The claim behind a value with chance taken out: the figure itself, its field, reliability, the drawn value.

    Raises BadInput, with the nearest spellings, on what the release does not have.
    """
    own = explain(release, body_id, indicator_id, period)
    row = standing_row(release, "reliability", own.body, indicator_id, period)
    figures, found = _again(release, row)
    place = figures["body_id"].index_of(own.body) or 0
    return replace(
        own,
        kind="reliability",
        sentence=_sentence(own, row),
        value=row["value"],
        lo=row["lo"],
        hi=row["hi"],
        steps=(
            *own.steps,
            _field(release, row, found),
            *_reliability(row, found, place),
            _drawn(own, row, found, place),
        ),
        peers=field_peers(release, figures, own.body),
        checks=checks_of(release, ("indicator_values", "reliability", *(check.table for check in own.checks))),
        methods=(*own.methods, note(row["method_id"], row["method_version"], row["params_hash"], row["seed"])),
        editions=editions_of(own.inputs, row["input_editions"]),
    )


def explain_places(release: Release, body_id: str, indicator_id: str, period: str) -> Claim:
    """The claim behind a range of places: the drawn value with its steps, then the places that draws leave open.

    Raises BadInput as `explain_reliability`; places are of the newest period only.
    """
    drawn = explain_reliability(release, body_id, indicator_id, period)
    row = standing_row(release, "places", drawn.body, indicator_id, period)
    steps = _places(release, row, drawn) if row["place_lo"] is not None else (_no_place(row),)
    return replace(
        drawn,
        kind="places",
        unit="place",
        sentence=_place_sentence(release, drawn, row),
        value=None,
        lo=row["place_lo"],
        hi=row["place_hi"],
        steps=(*drawn.steps, *steps),
        checks=checks_of(release, ("places", *(check.table for check in drawn.checks))),
        methods=(*drawn.methods, note(row["method_id"], row["method_version"], row["params_hash"], row["seed"])),
    )


def _again(release: Release, row: Row) -> tuple[pl.DataFrame, FieldShrunk]:
    """The field's figures, and the same drawn towards their mean once more."""
    indicator = one(release, "indicators", indicator_id=row["indicator_id"]) or {}
    figures = field_rows(release, "reliability", row["field"], row["indicator_id"], row["period"])
    value, se, lo, hi, status = (figures[name].to_numpy() for name in ("value", "se", "lo", "hi", "status"))
    kind = str(indicator["interval"])
    most = float(indicator["multiplier"]) if kind == "proportion" else math.inf
    return figures, shrink_field(value, se, lo, hi, status, interval=kind, most=most)


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def _field(release: Release, row: Row, found: FieldShrunk) -> Step:
    words = f"{row['n']} {field_words(release, row['field'])} have a usable, like-for-like figure with a standard error"
    fits = found.n == row["n"] and same(_known(found.mean), row["mean"]) and same(_known(found.spread), row["spread"])
    if row["mean"] is None:
        return Step("The field", f"{words}: too few to say what is usual", "", "", fits)
    numbers = f"mean {plain(row['mean'])}, spread beyond chance {plain(row['spread'])}"
    return Step("The field", words, "spread: what makes the weighted squares as large as chance would", numbers, fits)


def _reliability(row: Row, found: FieldShrunk, place: int) -> tuple[Step, ...]:
    if row["reliability"] is None:
        return ()
    se, spread = float(found.se[place]), float(row["spread"])
    share = spread**2 / (spread**2 + se**2)
    numbers = f"{plain(spread)}² / ({plain(spread)}² + {plain(se)}²) = {plain(row['reliability'])}"
    words = f"share of its difference to the mean that is not chance: {USE[row['use']]}"
    return (
        Step("Reliability", words, "spread² / (spread² + standard error²)", numbers, same(share, row["reliability"])),
    )


def _drawn(own: Claim, row: Row, found: FieldShrunk, place: int) -> Step:
    title, formula = "With chance taken out", "mean + reliability x (value - mean), on the scale of the standard error"
    if row["value"] is None:
        return Step(title, "nothing is drawn: there is no figure with a standard error that can be compared", formula)
    fits = all(
        same(_known(float(ends[place])), row[name])
        for name, ends in (("value", found.value), ("lo", found.lo), ("hi", found.hi))
    )
    numbers = f"{spoken(row['value'], own.unit)} ({plain(row['lo'])} to {plain(row['hi'])})"
    words = "drawn towards the mean as far as chance moves it"
    return Step(title, words if row["reliability"] is not None else "shown as it is", formula, numbers, fits)


def _sentence(own: Claim, row: Row) -> str:
    about = f"{own.label}, {own.body_name}, {own.period}"
    if row["value"] is None:
        return f"{about}: chance cannot be taken out of a figure that is absent or has no standard error."
    drawn = f"{brief(row['value'], own.unit)} ({brief(row['lo'], own.unit)} to {brief(row['hi'], own.unit)})"
    if row["reliability"] is None:
        return f"{about}: {drawn}; too few bodies to say how far chance moves it."
    return f"{about}, with chance taken out: {drawn}. Reliability {row['reliability']:.2f}: {USE[row['use']]}."


def _places(release: Release, row: Row, drawn: Claim) -> tuple[Step, ...]:
    figures, shrunk = _again(release, row)
    found = place_field(shrunk, DIRECTION[_polarity(release, row)], figures["body_id"].to_list())
    at = figures["body_id"].index_of(drawn.body) or 0
    ends = (int(found.range[at, 0]), int(found.range[at, 1])) == (row["place_lo"], row["place_hi"])
    chances = same(found.best[at], row["p_best_quarter"]) and same(found.worst[at], row["p_worst_quarter"])
    places = Step(
        "Places",
        f"10,000 draws of what every value may be, put in order; {BEST[_polarity(release, row)]}",
        "5th to 95th percentile of its place",
        f"{row['place_lo']} to {row['place_hi']} of {row['n']}; chance of the first quarter "
        f"{plain(row['p_best_quarter'])}, of the last {plain(row['p_worst_quarter'])}",
        ends and chances,
    )
    apart = Step(
        "Told apart",
        "pairs whose difference is beyond chance, for all pairs at once with 90% confidence",
        "|difference| / its standard error beyond the 90% point of the largest of all pairs",
        f"{row['told_apart_from']} of {row['n'] - 1} others can be told apart from it",
        (int(found.apart[at]), int(found.group[at])) == (row["told_apart_from"], row["group"]),
    )
    return places, apart


def _no_place(row: Row) -> Step:
    return Step("Places", f"none is given: its figure does not inform the field of {row['n']}")


def _polarity(release: Release, row: Row) -> str:
    return str((one(release, "indicators", indicator_id=row["indicator_id"]) or {})["polarity"])


def _place_sentence(release: Release, drawn: Claim, row: Row) -> str:
    about = f"{drawn.label}, {drawn.body_name}, {drawn.period}"
    if row["place_lo"] is None:
        return f"{about}: no place is given."
    return (
        f"{about}: its place among {row['n']} {field_words(release, row['field'])} lies between {row['place_lo']} and "
        f"{row['place_hi']} (90% interval), {BEST[_polarity(release, row)]}; "
        f"{row['n'] - 1 - row['told_apart_from']} others cannot be told apart from it."
    )
