"""The settlement that a body's own figures enter: the terms a release offers, else default terms, called so."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dashboards.data import Body, Book
from dashboards.whatif import covered
from pipelines.contracts.production import hundredths
from pipelines.scenarios.ceiling import ceiling
from pipelines.scenarios.terms import Terms

Row = Mapping[str, Any]
Data = dict[str, Any]
FALSE_PAYMENT = 1.28
"""Standard deviations that one body in ten without a saving gets past (methods.md M5.3)."""
BASELINE = 3
"""Years of a baseline, whose own chance a threshold allows for too."""


def offered(book: Book, body: Body, measures: Sequence[Data], figures: Sequence[Data]) -> Data | None:
    """Terms, ceilings by year in base-year money, threshold, and which figures are its costs; None without a cost."""
    for policy in book.rows("policies", kind="settlement"):
        stated = json.loads(policy["parameters"])
        if "terms" in stated:
            found = by_release(book, body, policy, stated, measures, figures)
            if found:
                return found
    return by_default(book, body, measures, figures)


def by_release(
    book: Book, body: Body, policy: Row, stated: Data, measures: Sequence[Data], figures: Sequence[Data]
) -> Data | None:
    """The settlement that the release offers the body; None where it has no ceiling for it."""
    rows = book.rows("settlements", scheme_id=policy["policy_id"], body_id=body.id)
    rows = [row for row in rows if row["plan_id"] == rows[0]["plan_id"]]
    rows = sorted(rows, key=lambda row: book.ends.get(row["period"], row["period"]))
    name = f"ceiling_{hundredths(book.currency)}"
    # Where a service could not be compared the ceiling leaves it out, so its cost stays out too.
    settled = [row["service_id"] for row in covered(book, body.id, stated.get("services") or ())[0]]
    costs = costs_of(measures, figures, settled)
    if not rows or not costs or any(row[name] is None for row in rows):
        return None
    return {
        "offered": True,
        "label": policy["label"],
        "illustration": bool(policy["illustration"]),
        "terms": dict(Terms.from_mapping(stated["terms"]).canonical()),
        "years": [row["period"] for row in rows],
        "ceiling": [row[name] / 100 for row in rows],
        "threshold": rows[0]["threshold"],
        "costs": costs,
    }


def by_default(book: Book, body: Body, measures: Sequence[Data], figures: Sequence[Data]) -> Data | None:
    """Default terms over the services whose cost can be compared, asking for the lower end of their potential only."""
    graded = {row["service_id"]: row for row in book.rows("potential", body_id=body.id) if row["counted"]}
    costs = costs_of(measures, figures, tuple(graded) or tuple(measure["service"] for measure in measures))
    base = sum(cost["published"] for cost in costs)
    if base <= 0:
        return None
    terms = Terms()
    usable = [row[f"lo_{book.currency.lower()}"] for row in graded.values() if row["grade"] in ("A", "B")]
    gap = min(0.9, max(0.0, sum(amount or 0.0 for amount in usable) / base))
    years = np.asarray(ceiling(base, gap, terms).real, dtype=np.float64)
    return {
        "offered": False,
        "label": "Default terms, not offered",
        "programme": programme(book),
        "illustration": True,
        "terms": dict(terms.canonical()),
        "years": [f"Year {number}" for number in range(1, terms.years + 1)],
        "ceiling": [round(float(each), 2) for each in years],
        "threshold": threshold(costs, terms),
        "costs": costs,
    }


def programme(book: Book) -> str:
    """Name of a settlement that the release works out by a programme's own rules; empty without one."""
    named = (
        row["label"] for row in book.rows("policies", kind="settlement") if "terms" not in json.loads(row["parameters"])
    )
    return str(next(named, ""))


def costs_of(measures: Sequence[Data], figures: Sequence[Data], services: Sequence[str]) -> list[Data]:
    """The cost of each of some services: its figure, the price index that it takes, and what is published of it."""
    found = []
    for measure in measures:
        value = figures[measure["top"]]["value"]
        index = measure["index"] if measure["real"] else 1.0
        if measure["cost"] and measure["service"] in services and value is not None and index is not None:
            cost = {"figure": measure["top"], "index": index, "published": value * index, "se": measure["se"] or 0.0}
            found.append({**cost, "service": measure["service"]})
    return found


def threshold(costs: Sequence[Data], terms: Terms) -> float:
    """The least saving that counts: wide enough that chance alone passes it in one body of ten."""
    spread = np.sqrt(sum((cost["se"] * cost["published"]) ** 2 for cost in costs))
    noise = float(spread) / sum(cost["published"] for cost in costs)
    return float(np.clip(FALSE_PAYMENT * noise * np.sqrt(1 + 1 / BASELINE), terms.threshold, 0.5))
