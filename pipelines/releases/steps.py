"""The calculation, step by step: each one recomputed from the numbers it shows and held against what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.methods.status import REFERENCE, VALUELESS
from pipelines.releases.claim import PeerFigure, Step, plain, spoken
from pipelines.releases.figures import UNSHOWN, name_of, same
from pipelines.releases.lookup import Row, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

HALF_A_HUNDREDTH = 0.005001
MEANING = {
    "provisional": "the publisher will revise an input",
    "imputed": "an input was modelled, not counted",
    "small": "the denominator is below the reliability minimum",
    "break": "the definition or the boundary changed",
    "zero_den": "the denominator is zero, so there is no rate",
    "suppressed": "the publisher withholds an input to protect people",
    "missing": "an input was not supplied; it is never read as zero",
    "not_applicable": "the publisher says the measure does not apply",
    "withheld": "a check or a group-size rule forbids showing it",
    "quarantined": "an input failed a check and was set aside",
}


def real_terms(release: Release, nominal: float | None, real: float | None, period: str, label: str) -> Step:
    """Money at base-year prices, by the factor that the release states for the period.

    An amount is held to half a hundredth of the currency, the rounding of money columns.
    """
    base = str(release.facts["base_period"])
    title, formula = (
        f"{label} in {base} prices",
        "as spent x factor; factor = price index of the base year / of the year",
    )
    if nominal is None or real is None:
        return Step(title, "there is no amount to convert", formula)
    stated = next((row for row in release.facts["deflator"] or () if row["period"] == period), None)
    if stated is None:
        return Step(title, f"the release states no price index for {period}", formula, f"{plain(real)}", False)
    numbers = f"{plain(nominal)} x {plain(stated['factor'])} = {plain(real)}"
    done = "it is the base year" if period == base else f"general inflation between {period} and {base} is taken out"
    words = f"{done}{_index_note(stated)}"
    return Step(title, words, formula, numbers, same(nominal * stated["factor"], real, HALF_A_HUNDREDTH))


def _index_note(stated: Row) -> str:
    """Level, place and edition of the price index, as far as the release states them, and its status unless ok."""
    level = [f"index {plain(stated['index'])}"] if stated.get("index") is not None else []
    place = [f"{key} {stated[key]}" for key in ("dataset", "locator", "edition") if stated.get(key)]
    doubt = [] if stated["status"] == "ok" else [f"the price index is {stated['status']}"]
    return f" ({'; '.join([*level, *place, *doubt])})" if level or place or doubt else ""


def recorded(label: str, found: float | None, stated: float | None) -> tuple[Step, ...]:
    """Nothing when the figure found is the one that the result recorded; otherwise a step that says they differ."""
    if same(found, stated, HALF_A_HUNDREDTH):
        return ()
    words = "the input rows and the result do not state the same figure"
    return (Step(label, words, "input = recorded", f"{plain(found)} against {plain(stated)}", False),)


def ratio(indicator: Row, row: Row) -> Step:
    """value = multiplier x numerator / denominator, with its numbers; or why there is no value."""
    title, unit = str(indicator["label"]), str(indicator["unit"])
    if row["status"] in (*VALUELESS, *UNSHOWN):
        return Step(title, f"no value is shown: {MEANING[row['status']]}", _ratio_formula(indicator))
    parts = [row["numerator"]] if indicator["denominator"] is None else [row["numerator"], row["denominator"]]
    if None in parts or row["value"] is None or (len(parts) == 2 and not parts[1]):
        return Step(title, "no value is published", _ratio_formula(indicator), "", row["value"] is None)
    value = indicator["multiplier"] * parts[0] / (parts[1] if len(parts) == 2 else 1.0)
    shown = " / ".join(plain(part) for part in parts)
    numbers = f"{plain(indicator['multiplier'])} x {shown} = {spoken(row['value'], unit)}"
    words = "recomputed from the figures above" if same(value, row["value"]) else _off(value, row["value"])
    return Step(title, words, _ratio_formula(indicator), numbers, same(value, row["value"]))


def _ratio_formula(indicator: Row) -> str:
    below = f" / {indicator['denominator']}" if indicator["denominator"] else ""
    return f"multiplier x {indicator['numerator']}{below}"


def _off(found: float, stated: float) -> str:
    return f"recomputing gives {found!r}, the release states {stated!r}: it does not reproduce"


def interval(row: Row, unit: str) -> Step:
    """How sure the value is."""
    if row["lo"] is None or row["hi"] is None or row["status"] in UNSHOWN:
        return Step("95% interval", f"none: {row['interval_method'].removeprefix('none: ')}")
    spread = "" if row["se"] is None else f", standard error {plain(row['se'])}"
    return Step(
        "95% interval", row["interval_method"], "", f"{spoken(row['lo'], unit)} to {spoken(row['hi'], unit)}{spread}"
    )


def status(row: Row) -> tuple[Step, ...]:
    """What the statuses of the inputs mean for the result; nothing when all is well."""
    if row["status"] == "ok":
        return ()
    inputs = (row["status_reasons"] or row["status"]).replace(",", " ").split()
    return (Step("Status", MEANING[row["status"]], "the worst status of the inputs", ", ".join(inputs)),)


def peer_figures(release: Release, position: Row) -> tuple[PeerFigure, ...]:
    """Each peer's figure, in order of likeness, and whether the quartiles count it."""
    key = {"indicator_id": position["indicator_id"], "period": position["period"]}
    values = {row["body_id"]: row for row in rows(release, "indicator_values", **key)}
    listed = rows(release, "peers", model_id=position["model_id"], body_id=position["body_id"])
    ordered = sorted(listed, key=lambda peer: (peer["closeness_order"], peer["peer_id"]))
    return tuple(_peer(release, peer["peer_id"], values.get(peer["peer_id"])) for peer in ordered)


def _peer(release: Release, body: str, row: Row | None) -> PeerFigure:
    name = name_of(release, body)
    if row is None:
        return PeerFigure(body, name, None, "missing", False, "no figure for this period")
    value = None if row["status"] in UNSHOWN else row["value"]
    if not row["like_for_like"]:
        return PeerFigure(body, name, value, row["status"], False, "not like for like")
    if row["status"] not in REFERENCE:
        return PeerFigure(body, name, value, row["status"], False, MEANING[row["status"]])
    return PeerFigure(body, name, value, row["status"], True)


def position(row: Row, peers: tuple[PeerFigure, ...], value: float | None, unit: str) -> tuple[Step, ...]:
    """Median of the peers and the value against it, recomputed from the peers' figures."""
    counted = [peer.value for peer in peers if peer.counted and peer.value is not None]
    words = f"{row['n_peers']} peers have a usable, like-for-like figure; {row['n_left_out']} were left out"
    if row["peer_median"] is None:
        return (Step("Comparable bodies", f"{words}; {row['reason'] or 'no median is given'}"), _verdict(row))
    median = float(np.median(counted)) if counted else None
    quarters = f"{plain(row['peer_q25'])} to {plain(row['peer_q75'])} is the middle half"
    if row["peer_q25"] is None:
        quarters = f"{row['n_peers']} peers are too few for a middle half"
    shown = f"median {spoken(row['peer_median'], unit)}; {quarters}"
    middle = Step("Comparable bodies", words, "median of the peers counted", shown, _agrees(row, counted, median))
    if row["ratio"] is None or value is None:
        return (middle, _verdict(row))
    numbers = f"{plain(value)} / {plain(row['peer_median'])} = {plain(row['ratio'])}"
    fits = same(value / row["peer_median"], row["ratio"])
    against = Step("Against the median", "value divided by the median", "value / median", numbers, fits)
    return (middle, against, _verdict(row))


def _agrees(row: Row, counted: list[float], median: float | None) -> bool:
    return len(counted) == row["n_peers"] and same(median, row["peer_median"])


def _verdict(row: Row) -> Step:
    words: dict[str, Any] = {
        "lower": "lower than its peers by more than chance",
        "higher": "higher than its peers by more than chance",
        "same": "cannot be told apart from its peers",
        "withheld": f"withheld: {row['reason'] or 'no reason is stated'}",
    }
    if row["ratio_lo"] is None or row["ratio_hi"] is None:
        return Step("Verdict", words[row["verdict"]])
    interval = f"interval of the ratio {plain(row['ratio_lo'])} to {plain(row['ratio_hi'])}"
    return Step("Verdict", words[row["verdict"]], "told apart when the interval of the ratio excludes 1", interval)
