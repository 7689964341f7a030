"""What a settlement would pay under terms on trial: the engine of `pipelines.scenarios` on a release's baselines.

Only the address decides: the same address gives the same figures, and nothing is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboards.address import Address, Refused
from dashboards.data import Book
from pipelines.contracts.production import hundredths
from pipelines.methods.arrays import FloatArray
from pipelines.scenarios.begins import keeps_from
from pipelines.scenarios.ceiling import ceiling, compounded
from pipelines.scenarios.ledger import Line, ledger
from pipelines.scenarios.settlement import Settlement, settle
from pipelines.scenarios.terms import Terms

Row = dict[str, Any]


@dataclass(frozen=True)
class Slider:
    """A term that may be tried: its name in the address, in words, its range in per cent, what it does."""

    name: str
    label: str
    low: float
    high: float
    step: float
    note: str


SLIDERS = (
    Slider("share", "Share of a saving that is kept", 0, 100, 5, "of each pound below the ceiling"),
    Slider("catch_up", "Share of the gap to good peers to be closed", 0, 100, 5, "over the settlement"),
    Slider("frontier_shift", "Ongoing efficiency asked of everybody", 0, 3, 0.1, "a year"),
    Slider("threshold", "Least saving that counts", 0, 10, 0.5, "of the ceiling; more where figures are noisy"),
    Slider("cap", "Largest payment", 0, 20, 1, "of the ceiling"),
)
SAVING = Slider("saving", "Assumed: cost falls by", 0, 8, 0.5, "a year")
SAVINGS = np.arange(round(10 * SAVING.low), round(10 * SAVING.high) + 1) / 1000
"""Yearly savings tried for the first that pays: every tenth of a point of its slider."""


@dataclass(frozen=True)
class Trial:
    """Terms in force on the page: those offered, with what the address changes. moved : names that differ."""

    terms: Terms
    offered: Terms
    saving: float
    plan: str
    fails: tuple[int, ...]
    moved: tuple[str, ...]


def schemes_of(book: Book) -> dict[str, Row]:
    """Settlement schemes of the release, by id, with their parameters read."""
    found = book.rows("policies", kind="settlement")
    return {row["policy_id"]: {**row, "said": json.loads(row["parameters"])} for row in found}


def covered(book: Book, body: str, services: Sequence[str]) -> tuple[list[Row], list[Row]]:
    """(services that a body's ceiling rests on, services of the scheme that are left out), as rows of potential.

    A cost is settled where its potential could be graded, whatever the grade; those costs add up to the last year's.
    """
    order = list(services)
    rows = [row for row in book.rows("potential", body_id=body) if row["service_id"] in order]
    rows.sort(key=lambda row: order.index(row["service_id"]))
    settled = [row for row in rows if row["grade"] is not None]
    known = {row["service_id"] for row in settled}
    return settled, [row for row in rows if row["service_id"] not in known]


def trial(address: Address, scheme: Row) -> Trial:
    """The terms that an address asks for. Raises Refused (400) on a value outside its slider's range."""
    said = scheme["said"]
    offered = Terms.from_mapping(said["terms"])
    plans = {plan["id"]: plan for plan in said["plans"]}
    plan = plans.get(address.query.get("plan", ""), said["plans"][min(1, len(said["plans"]) - 1)])
    tried = {slider.name: asked(address, slider) for slider in SLIDERS}
    changed = {name: value for name, value in tried.items() if value is not None and value != getattr(offered, name)}
    saving = asked(address, SAVING)
    try:
        terms = Terms.from_mapping({**said["terms"], **changed})
    except ValueError as error:
        raise Refused(400, f"These terms cannot be settled: {error}.") from None
    own = plan["saving"] if saving is None else saving
    moved = (*changed, *(("saving",) if own != plan["saving"] else ()))
    return Trial(terms, offered, own, plan["id"], tuple(plan.get("gate_fails") or ()), moved)


def asked(address: Address, slider: Slider) -> float | None:
    """A slider's value as a fraction of 1, None where the address does not name it. Raises Refused (400)."""
    text = address.query.get(slider.name, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not slider.low <= value <= slider.high:
        raise Refused(400, f"“{slider.label}” is a number from {slider.low:g} to {slider.high:g} per cent.")
    return round(value / 100, 6)


@dataclass(frozen=True)
class Sector:
    """What every body brings to a settlement: ids, baseline, last year's cost, gap, threshold; all (n,); periods."""

    bodies: tuple[str, ...]
    base: FloatArray
    last: FloatArray
    gap: FloatArray
    threshold: FloatArray
    periods: tuple[str, ...]


def sector(book: Book, scheme: str, body: str = "") -> Sector:
    """The baselines of a scheme's bodies, or of one."""
    return book.once(("baselines", scheme, body), lambda: _sector(book, scheme, body))


def _sector(book: Book, scheme: str, body: str) -> Sector:
    key = {"scheme_id": scheme, **({"body_id": body} if body else {})}
    rows = book.rows("settlements", **key)
    periods = tuple(dict.fromkeys(row["period"] for row in rows))
    plan = rows[0]["plan_id"] if rows else ""
    first = [row for row in rows if row["period"] == periods[0] and row["plan_id"] == plan] if rows else []
    unit = hundredths(book.currency)
    first = [row for row in first if row[f"base_{unit}"]]
    return Sector(
        tuple(row["body_id"] for row in first),
        np.array([row[f"base_{unit}"] / 100 for row in first], dtype=np.float64),
        np.array([row[f"last_{unit}"] / 100 for row in first], dtype=np.float64),
        np.array([row["gap"] or 0.0 for row in first], dtype=np.float64),
        np.array([row["threshold"] for row in first], dtype=np.float64),
        periods,
    )


def thresholds(found: Sector, tried: Trial) -> FloatArray:
    """The least saving that counts for each body: its own where chance asks for more than the terms."""
    noisy = found.threshold > tried.offered.threshold
    return np.where(noisy, np.maximum(found.threshold, tried.terms.threshold), tried.terms.threshold)


def courses(found: Sector, tried: Trial) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ceilings and costs (n, T), and the percentile of quality (T,): 100 where the gate passes, else 0."""
    path = ceiling(found.base, found.gap, tried.terms).real
    years = np.arange(1, tried.terms.years + 1)
    quality = np.where(np.isin(years, tried.fails), 0.0, 100.0)
    return path, found.last[:, None] * compounded(-tried.saving, tried.terms.years), quality


def settled(found: Sector, tried: Trial) -> Settlement:
    """Every body settled at once. As in the release, what may be spent at once is spent, and the rest is banked."""
    path, cost, quality = courses(found, tried)
    least = thresholds(found, tried)[:, None]
    return settle(path, cost, tried.terms, quality=quality, threshold=least, reinvest=path)


def lines(found: Sector, tried: Trial, currency: str) -> Sequence[Line]:
    """The ledger of the first body, in words."""
    path, cost, quality = courses(found, tried)
    least = float(thresholds(found, tried)[0])
    return ledger(path[0], cost[0], tried.terms, quality=quality, threshold=least, currency=currency, reinvest=path[0])


def keeps_something_from(found: Sector, tried: Trial) -> float | None:
    """The saving nearest to the plan's own at which the first body keeps something; the plan's keeps nothing."""
    path, _, quality = courses(found, tried)
    least = float(thresholds(found, tried)[0])
    return keeps_from(
        path[0], float(found.last[0]), tried.terms, SAVINGS, own=tried.saving, quality=quality, threshold=least
    )


def stated(value: float | None) -> str:
    """A term as a slider's number in per cent."""
    return "" if value is None else f"{round(value * 100, 4):g}"


def settings(tried: Trial) -> Mapping[str, float | None]:
    """The value in force of every slider, as fractions of 1."""
    return {**{slider.name: getattr(tried.terms, slider.name) for slider in SLIDERS}, SAVING.name: tried.saving}
