"""Explain the robustness dial: the position itself, shares and band over peer sets, each named set (F09)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.methods.peers import SMALL_GROUP
from pipelines.methods.position import verdict
from pipelines.methods.status import REFERENCE
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, Step, brief, plain, spoken
from pipelines.releases.explain import checks_of, explain
from pipelines.releases.fields import standing_row
from pipelines.releases.figures import same
from pipelines.releases.lookup import Row, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

WORDS = {
    "lower": "lower than its peers by more than chance",
    "higher": "higher than its peers by more than chance",
    "same": "cannot be told apart from its peers",
    "withheld": "nothing is said",
}


def explain_robustness(release: Release, body_id: str, indicator_id: str, period: str) -> Claim:
    """The claim behind a dial: the position by the default peers, then what other plausible peers would have said.

    Raises BadInput, with the nearest spellings, on what the release does not have; a dial is of the newest period.
    """
    own = explain(release, body_id, indicator_id, period, str(release.facts["headline_peer_model"]))
    row = standing_row(release, "robustness", own.body, indicator_id, period)
    sets = _sets(release, row)
    return replace(
        own,
        kind="robustness",
        sentence=_sentence(own, row, sets),
        steps=(*own.steps, _shares(row), *_band(own, row), *(_named(release, own, row, each) for each in sets)),
        checks=checks_of(release, ("robustness", "robustness_sets", *(check.table for check in own.checks))),
        methods=(*own.methods, note(row["method_id"], row["method_version"], row["params_hash"], row["seed"])),
    )


def explain_named_sets(release: Release, body_id: str, indicator_id: str, period: str) -> Claim:
    """The claim behind the named peer sets of a figure: one step for each, its median and its verdict."""
    dial = explain_robustness(release, body_id, indicator_id, period)
    row = standing_row(release, "robustness", dial.body, indicator_id, period)
    sets = _sets(release, row)
    agreeing = sum(each["verdict"] == row["verdict"] for each in sets)
    words = f"{dial.label}, {dial.body_name}, {period}: {agreeing} of {len(sets)} fair peer sets give the same verdict."
    if len(sets) == 1:
        words = f"{dial.label}, {dial.body_name}, {period}: no other fair peer set is at hand."
    withheld = f"{dial.label}, {dial.body_name}, {period}: no verdict is given by the default peers."
    return replace(
        dial,
        kind="robustness_sets",
        sentence=withheld if row["verdict"] == "withheld" else words,
    )


def _sets(release: Release, row: Row) -> list[Row]:
    key = {name: row[name] for name in ("body_id", "indicator_id", "period")}
    return sorted(rows(release, "robustness_sets", **key), key=lambda each: int(each["place"]))


def _sentence(own: Claim, row: Row, sets: list[Row]) -> str:
    about = f"{own.label}, {own.body_name}, {own.period}"
    if row["verdict"] == "withheld":
        return f"{about}: no verdict by the default peers, so none is tested against others."
    agreeing = sum(each["verdict"] == row["verdict"] for each in sets)
    fair = f"; {agreeing} of {len(sets)} fair peer sets give the same verdict" if len(sets) > 1 else ""
    told = f"{about}: {WORDS[row['verdict']]}{fair}"
    doubt = "" if row["firm"] else "; other fair peer sets disagree"
    return f"{told}, and {100 * row['agreement']:.0f}% of {row['n_sets']} plausible ones{doubt}."


def _shares(row: Row) -> Step:
    if row["verdict"] == "withheld":
        return Step("Other peer sets", "not asked: the default peers give no verdict")
    shares = [row["share_lower"], row["share_same"], row["share_higher"]]
    stated = {"lower": shares[0], "same": shares[1], "higher": shares[2]}[row["verdict"]]
    fits = same(sum(shares), 1.0) and same(stated, row["agreement"]) and row["firm"] == (stated >= 2 / 3 - 1e-12)
    numbers = f"lower {shares[0]:.1%}, cannot be told apart {shares[1]:.1%}, higher {shares[2]:.1%}"
    words = (
        f"{row['n_sets']} different plausible peer sets with a verdict: fewer and more peers, other weights, one "
        "variable or one peer left out, with and without the distance cap or the region, other lists"
    )
    return Step("Other peer sets", words, "share of the sets per verdict; firm from two thirds", numbers, fits)


def _band(own: Claim, row: Row) -> tuple[Step, ...]:
    if row["median_lo"] is None:
        return ()
    median = f"{brief(row['median_lo'], own.unit)} to {brief(row['median_hi'], own.unit)}"
    words = f"the peers' median would be {median} under other reasonable peer sets"
    if row["ratio"] is None:
        return (Step("Band", words),)
    ratio = f"value over median {plain(row['ratio_lo'])} to {plain(row['ratio_hi'])}, middle {plain(row['ratio'])}"
    return (Step("Band", words, "5th to 95th percentile over the sets", ratio),)


def _named(release: Release, own: Claim, row: Row, each: Row) -> Step:
    """One named set: its median recomputed where the release holds its peers, its ratio and verdict always."""
    if each["peer_median"] is None:
        words = f"{each['n_peers']} peers with a usable figure are too few; {WORDS[each['verdict']]}"
        return Step(each["label"], words, "", "", each["verdict"] == "withheld" and each["n_peers"] < SMALL_GROUP)
    again = _again(release, row, each)
    fits = again is None or (len(again) == each["n_peers"] and same(float(np.median(again)), each["peer_median"]))
    if each["ratio"] is not None and own.value is not None:
        fits = fits and same(own.value / each["peer_median"], each["ratio"])
    if None not in (each["ratio"], each["ratio_lo"], each["ratio_hi"]):
        said = str(verdict(each["ratio"], each["ratio_lo"], each["ratio_hi"], each["n_peers"], own.status))
        fits = fits and said == each["verdict"]
    ratio = "" if each["ratio"] is None else f"; value over median {plain(each['ratio'])}"
    numbers = f"median {spoken(each['peer_median'], own.unit)} of {each['n_peers']} peers{ratio}"
    return Step(each["label"], WORDS[each["verdict"]], "median of its peers' figures", numbers, fits)


def _again(release: Release, row: Row, each: Row) -> list[float] | None:
    """The figures of a named set's peers, where the release's own lists say who they are; else None."""
    head = str(release.facts["headline_peer_model"])
    if each["set_id"] in ("default", "without_lifting", "without_lowering"):
        found = _figures(release, row, head)
        return found if each["set_id"] == "default" else _without(found, each)
    if each["set_id"].startswith("model_"):
        return _figures(release, row, each["set_id"].removeprefix("model_"))
    return None


def _figures(release: Release, row: Row, model: str) -> list[float]:
    """Usable figures of a model's listed peers, in its order."""
    listed = sorted(
        rows(release, "peers", model_id=model, body_id=row["body_id"]), key=lambda peer: int(peer["closeness_order"])
    )
    key = {"indicator_id": row["indicator_id"], "period": row["period"]}
    values = {found["body_id"]: found for found in rows(release, "indicator_values", **key)}
    near = [values[peer["peer_id"]] for peer in listed if peer["peer_id"] in values]
    return [one["value"] for one in near if one["like_for_like"] and one["status"] in REFERENCE]


def _without(found: list[float], each: Row) -> list[float] | None:
    """The default's figures without the one whose absence moves the median most; None where the one left has none."""
    if each["n_peers"] == len(found):
        return found
    left = [found[:place] + found[place + 1 :] for place in range(len(found))]
    extreme = min if each["set_id"] == "without_lifting" else max
    return extreme(left, key=lambda values: float(np.median(values)))
