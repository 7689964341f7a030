"""The six fairness tests of every target of a round, with the burden that the round lays on the sector (M4.4)."""

from __future__ import annotations

import numpy as np

from pipelines.methods.burden import Burden, burden
from pipelines.methods.fairness import NO_PAST, Finding, Swap, consistency_of, fairness
from pipelines.methods.targets import OWN_LEVEL
from pipelines.walk.target_round import Asked, Round

HELD = {
    "attainability": "it holds this level itself",
    "history": "the target asks to hold; there is no change to compare with history",
}


def findings(found: Round, context: np.ndarray, deprivation: np.ndarray, noun: str) -> dict[int, tuple[Finding, ...]]:
    """The tests of every target by row of the roster.

    context [n, k] : what peers are found by.   deprivation (n,), NaN where unknown.   noun : of a body.
    """
    sector, swap = carried_by(found, deprivation), swapped(found, context)
    return {one.row: tests_of(found, one, sector, swap, noun) for one in found.asked if one.found}


def tests_of(found: Round, one: Asked, sector: Burden | None, swap: Swap, noun: str) -> tuple[Finding, ...]:
    """The tests of one target, each in words that fit a target that only asks to hold."""
    if one.found is None:
        raise AssertionError("only a target is tested")
    peers = one.peers
    tests = fairness(
        one.found,
        float(found.start[one.row]),
        max(float(found.se[one.row]), 1e-12),
        found.direction,
        peers=found.levels.held.level[peers],
        reliability=np.nan_to_num(found.series.reliability[peers, found.base]),
        unadjusted=one.unadjusted,
        history=one.challenge,
        sector=sector or nobody(found),
        row=one.row,
        swap=swap,
    )
    out = []
    for test in tests:
        if one.found.status == "hold" and test.test in HELD:
            verdict = "pass" if test.test == "attainability" else "not tested"
            test = test._replace(verdict=verdict, reason=HELD[test.test])
        elif test.test == "attainability":
            test = test._replace(reason=f"{test.reason} for {found.policy.sustained_years} years")
        elif test.reason == NO_PAST:
            test = test._replace(reason=no_past(found, noun))
        if test.test == "burden" and sector is None:
            test = test._replace(reason="it asks for no money, or no measure of deprivation is named")
        out.append(test)
    return tuple(out)


def no_past(found: Round, noun: str) -> str:
    """Why history says nothing: without a past stretch as long as the target's, nobody was seen to start from here."""
    return f"no {noun} has figures {found.policy.horizon} years apart up to {found.period}"


def carried_by(found: Round, deprivation: np.ndarray) -> Burden | None:
    """Who carries the round: savings over the cost that is asked to fall; None where no money is asked for."""
    if found.indicator.format != "unit_cost" or found.direction > 0 or not found.policy.deprivation:
        return None
    money = np.where(found.series.numerator[:, found.base] > 0, found.series.numerator[:, found.base], np.nan)
    asked = np.full(money.shape, np.nan)
    for one in found.asked:
        if one.found:
            start = float(found.start[one.row])
            saving = 0.0 if one.found.status == "hold" else max(0.0, start - one.found.value)
            asked[one.row] = saving / start if start > 0 else np.nan
    return burden(asked * money, money, deprivation, found.policy.horizon)


def nobody(found: Round) -> Burden:
    """A burden of nothing on nobody."""
    n = len(found.start)
    nothing = np.full(n, np.nan)
    return Burden(nothing, nothing, np.zeros(n, dtype=bool), np.nan, np.nan, np.nan, 0)


def swapped(found: Round, context: np.ndarray) -> Swap:
    """Bodies of the same context and performance with other targets; pairs are rows of the roster.

    Performance is the start with its error, and the level that a body itself has held where the target rests on it.
    """
    rows = np.array([one.row for one in found.asked], dtype=np.int64)
    values = np.array([one.found.value if one.found else np.nan for one in found.asked])
    own = [one.found is not None and one.found.steps[-1].rule == OWN_LEVEL for one in found.asked]
    stood = np.column_stack([found.start[rows], found.se[rows], np.where(own, found.levels.held.level[rows], np.nan)])
    told = consistency_of(np.column_stack([stood, context[rows]]), values)
    return Swap(tuple((int(rows[a]), int(rows[b])) for a, b in told.pairs), told.largest)
