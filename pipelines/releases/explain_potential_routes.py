"""The steps of a potential: each route's interval made once more, and the range from the lowest to the highest end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.methods.peer_quartile import drawn, low_quantile, towards_peers
from pipelines.methods.potential import DRAWS, LEVEL, SHARE
from pipelines.methods.quantiles import quantile
from pipelines.methods.status import REFERENCE
from pipelines.releases.claim import Step, spoken
from pipelines.releases.figures import name_of, same
from pipelines.releases.lookup import Row
from pipelines.releases.sector import ReleaseSector, free_route, modelled, modelled_route, money, sector_of

if TYPE_CHECKING:
    from pipelines.releases.read import Release

ENDS = ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2)
ROUTES = {"R": "the cost model", "P": "the quartile of its own peers", "F": "one real body", "S": "a cost frontier"}
PENNY = 0.01


class Found(NamedTuple):
    """A route's interval of one body and how it came about."""

    title: str
    words: str
    formula: str
    low: float
    middle: float
    high: float


def route_steps(release: Release, row: Row) -> tuple[Step, ...]:
    """One step for each route that entered the range, then the range itself."""
    sector, unit = sector_of(release, row["service_id"], row["period"], row["field"]), money(release)
    found = {letter: MADE[letter](release, sector, row) for letter in str(row["routes"]).split()}
    steps = tuple(_step(one, row, unit, letter) for letter, one in found.items())
    return (*steps, _range(list(found.values()), row, unit))


def _step(found: Found, row: Row, unit: str, letter: str) -> Step:
    """A route's interval; it reproduces when it lies in the stated range, and the headline's middle is the headline.

    Where no range is stated there is nothing to compare it with.
    """
    stated, low, high = (row[f"{part}_{unit}"] for part in ("value", "lo", "hi"))
    if low is None or high is None:
        return Step(found.title, found.words, found.formula, _between(found.low, found.high, unit))
    fits = low <= found.low + PENNY and found.high - PENNY <= high
    if letter == row["route"] and stated is not None:
        fits = fits and same(found.middle, stated, PENNY)
    return Step(found.title, found.words, found.formula, f"{_between(found.low, found.high, unit)}", fits)


def _range(found: list[Found], row: Row, unit: str) -> Step:
    low, high = min(one.low for one in found), max(one.high for one in found)
    unstated = row[f"lo_{unit}"] is None or row[f"hi_{unit}"] is None
    fits = None if unstated else same(low, row[f"lo_{unit}"], PENNY) and same(high, row[f"hi_{unit}"], PENNY)
    words = f"over {', '.join(ROUTES[letter] for letter in str(row['routes']).split())}"
    formula = "lowest lower end to highest upper end of the routes above"
    return Step("Range", words, formula, _between(low, high, unit), fits)


def _between(low: float, high: float, unit: str) -> str:
    return " to ".join(spoken(round(end, 2) + 0.0, unit) for end in (low, high))


def _by_model(release: Release, sector: ReleaseSector, row: Row) -> Found:
    """Route R made once more for the whole field: the quartile of all bodies in every draw."""
    found, at = modelled_route(release, sector, row["service_id"]), sector.bodies.index(row["body_id"])
    words = f"{DRAWS:,} draws of what it spends over what the cost model expects, and of everybody else's; 90% of them"
    formula = "cost x max(0, 1 - exp(lower quartile of the field's log ratios - own log ratio))"
    ends = (float(part[at]) for part in (found.lo, found.median, found.hi))
    return Found("Against the cost model", words, formula, *ends)


def _by_peers(release: Release, sector: ReleaseSector, row: Row) -> Found:
    """Route P made once more for one body: its own draws and those of its peers, the quartile in every draw."""
    found = redraw(sector, row["body_id"])
    words = (
        f"{DRAWS:,} draws of its unit cost and of {row['n_peers']} peers', each drawn towards what its own peers do; "
        "90% of them"
    )
    formula = "cost x max(0, 1 - exp(lower quartile of the peers' logarithms - own logarithm))"
    ends = (float(quantile(found, end)) for end in ENDS)
    return Found("Against the quartile of its peers", words, formula, *ends)


def _by_body(release: Release, sector: ReleaseSector, row: Row) -> Found:
    """Route F made once more: the one real body that does as much with least."""
    at = sector.bodies.index(row["body_id"])
    found, other = free_route(release, sector, row)
    who = name_of(release, sector.bodies[other])
    named = "no other body does as much with less" if other == at else f"{who} does at least as much with less"
    words = f"{named}; {DRAWS:,} draws of both, the gap drawn towards 0 by its reliability; 90% of them"
    formula = "cost x max(0, 1 - exp(- gap of the free-disposal score))"
    ends = (float(part[at]) for part in (found.lo, found.median, found.hi))
    return Found("Against one real body", words, formula, *ends)


def _by_frontier(release: Release, sector: ReleaseSector, row: Row) -> Found:
    """Route S: cost times what the stochastic frontier calls inefficient, over its own interval."""
    at, service = sector.bodies.index(row["body_id"]), row["service_id"]
    low, middle, high = (
        float(sector.spend[at] * (1 - modelled(release, sector, service, name)[at]))
        for name in ("sfa_hi", "sfa", "sfa_lo")
    )
    words = (
        "a cross-check: the share of its cost that the stochastic frontier counts as inefficiency, over its interval"
    )
    return Found("Against a cost frontier", words, "cost x (1 - efficiency)", low, middle, high)


MADE = {"R": _by_model, "P": _by_peers, "F": _by_body, "S": _by_frontier}


def redraw(sector: ReleaseSector, body: str) -> np.ndarray:
    """The draws of one body's potential against its peers, as the walk made them."""
    shrunk = towards_peers(sector.value, sector.se, sector.ids, sector.status)
    at = sector.bodies.index(body)
    usable = np.isfinite(shrunk.value) & np.isin(sector.status, REFERENCE)
    near = [n for n in sector.ids[at].tolist() if n >= 0 and usable[n] and n != at]

    def one_body(n: int) -> np.ndarray:
        return drawn(sector.names[n], float(shrunk.value[n]), float(shrunk.sd[n]), DRAWS, 0)

    benchmark = low_quantile(np.array([one_body(n) for n in near]), SHARE)
    return np.asarray(sector.spend[at] * np.maximum(0, 1 - np.exp(benchmark - one_body(at))))
