"""Terms that cost a sector a given sum: one number found by halving; infeasible is said (methods.md M5.2, M5.11).

Sector-neutral calibration fits the total, never one body: every body has the same terms before and after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.card import Method
from pipelines.scenarios.ceiling import ceiling
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms

METHOD = Method(
    id="M5.11c",
    version="1",
    title="Sector-neutral calibration",
    formula="phi, or the sharing rate, by halving until the sector's total equals the envelope",
    defaults={"halvings": 60, "tolerance": 1e-9},
    edge_cases="an envelope out of reach is reported with the nearest total; no cap is ever raised for it",
    source="methods.md M5.2, M5.3, M5.11; calibration of sum of norms to sum of costs in yardstick regulation",
)
HALVINGS, TOLERANCE = 60, 1e-9


class Calibration(NamedTuple):
    """value : of the term, NaN when infeasible.   total : of the sector in £, at the value or as near as can be had.

    terms : with the value, None when infeasible.   why : in words.
    """

    value: float
    total: float
    envelope: float
    feasible: bool
    terms: Terms | None
    why: str


def calibrated_catch_up(
    base: ArrayLike, gap: ArrayLike, terms: Terms, envelope: float, *, volume: ArrayLike = 0.0, year: int | None = None
) -> Calibration:
    """The share of every gap to be closed so that real ceilings add up to the envelope.

    base, gap (n,), volume : as for `ceiling`; bodies with NaN are left out.   year : in which they do, the last by
    default. The collar holds, so that a large cut may not be reachable in a short time.
    Raises ValueError on a year outside the settlement.
    """
    wanted = terms.years if year is None else year
    if not 1 <= wanted <= terms.years:
        raise ValueError(f"year {wanted} is outside 1 to {terms.years}")

    def total(phi: float) -> float:
        path = ceiling(base, gap, replace(terms, catch_up=phi), volume=volume).real
        return float(np.nansum(path[..., wanted - 1]))

    return solved("catch_up", total, terms, envelope, "real ceilings")


def calibrated_share(
    ceilings: ArrayLike, cost: ArrayLike, terms: Terms, envelope: float, **more: ArrayLike
) -> Calibration:
    """The sharing rate at which all payments of all years, escrow paid out included, add up to the envelope.

    ceilings, cost (n, T) and `more` : as for `settle`. Payments are rounded to pence, so the total may miss the
    envelope by half a penny each.
    """

    def total(share: float) -> float:
        found = settle(ceilings, cost, replace(terms, share=share), **more)  # type: ignore[arg-type]
        return float(found.payment.sum() + found.released.sum())

    return solved("share", total, terms, envelope, "payments", slack=0.005 * floats(cost, "cost").size)


def scaled_payments(payments: ArrayLike, envelope: float) -> FloatArray:
    """(n,) payments cut in one proportion to fit a pot, in whole pence that add up to it exactly; never raised.

    Pence left over by rounding down go to the largest remainders, ties to the first.   Raises ValueError on a negative
    payment or pot.
    """
    due = np.rint(floats(payments, "payments") * 100)
    pot = float(np.floor(envelope * 100 + 1e-6))
    if (due < 0).any() or pot < 0:
        raise ValueError("payments and the pot cannot be negative")
    if due.sum() <= pot:
        return np.asarray(due / 100)
    exact = due * (pot / due.sum())
    paid = np.minimum(np.floor(exact), due)
    left = int(pot - paid.sum())
    order = np.argsort(-(exact - paid), kind="stable")
    paid[order[:left]] += 1
    return np.asarray(paid / 100)


def solved(
    name: str, total: Callable[[float], float], terms: Terms, envelope: float, what: str, slack: float = 0.0
) -> Calibration:
    """Halve [0, 1] until the total, which moves one way only, meets the envelope."""
    ends = total(0.0), total(1.0)
    near = slack + TOLERANCE * abs(envelope)
    if not min(ends) - near <= envelope <= max(ends) + near:
        nearest = min(ends, key=lambda end: abs(end - envelope))
        why = f"infeasible: {what} can add up to {min(ends):,.2f} to {max(ends):,.2f} and not to {envelope:,.2f}"
        return Calibration(float("nan"), nearest, envelope, False, None, why)
    rising = ends[1] >= ends[0]
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if (total(middle) < envelope) == rising else (low, middle)
    value = min((low, high), key=lambda end: abs(total(end) - envelope))
    reached = total(value)
    why = f"{name} {value:.6g}: {what} add up to {reached:,.2f}, {reached - envelope:+,.2f} from the envelope"
    return Calibration(value, reached, envelope, True, Terms.from_mapping({**terms.canonical(), name: value}), why)
