"""The yearly settlement: what a body keeps, banks, draws and pays, and what the centre gets (methods.md M5.3, M5.4).

Every penny has one place. Ceilings and costs are rounded to whole pence once; each entitlement (payment, penalty,
limit) is rounded once where it arises; all else is adding, subtracting and the smaller of two, exact in whole pence
(`money.py`). So both identities hold to the penny on any path, for the numbers and not merely nearly:

  saving:     below = payment + escrow + returned,  payment + released = reinvested + deposit + overflow
  overspend: -below = draw + penalty + met
  summed:     below = kept + centre + change of the open escrow
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, floats
from pipelines.methods.card import Method
from pipelines.scenarios.bank import Bank, balance, deposited, drawn, empty, opened
from pipelines.scenarios.money import Units
from pipelines.scenarios.settlement_inputs import Inputs, gated, refuse_impossible
from pipelines.scenarios.sharing import entitlement, penalty
from pipelines.scenarios.terms import Terms

METHOD = Method(
    id="M5.3",
    version="1",
    title="Yearly settlement with banking",
    formula="payment min(kappa s S, cap A) past gate and threshold; overspend from the bank, then min(l |S'|, floor A)",
    defaults=Terms().canonical(),
    edge_cases="a year without ceiling, cost or quality is not settled: no payment, escrow stays, expiry runs",
    source="methods.md M5.3, M5.4; 42 CFR 425.600-425.611; Ofwat and Ofgem cost sharing",
)


class Settlement(NamedTuple):
    """Flows by year, each (..., T) in pounds, none negative but `below`, `centre` and `kept`.

    ceiling, cost : as settled.   below : ceiling less cost.   payment : earned this year.   returned : to the centre.
    escrow : held for a failed gate.   released, escrow_lapsed : last year's escrow, paid or gone to the centre.
    reinvested : of the payment, spent at once.   deposit, overflow : of the payment, banked and gone to the centre.
    draw : from the bank for an overspend.   bank_spent : from the bank for projects.   penalty : paid by the body.
    met : overspend borne by the centre.   lapsed : out of the bank, to the centre.
    bank, escrow_open : at the end of the year.
    centre = returned + overflow + lapsed + escrow_lapsed - met.
    kept = reinvested + deposit - draw - lapsed - penalty.   settled : whether the year could be.
    """

    ceiling: FloatArray
    cost: FloatArray
    below: FloatArray
    payment: FloatArray
    returned: FloatArray
    escrow: FloatArray
    released: FloatArray
    escrow_lapsed: FloatArray
    reinvested: FloatArray
    deposit: FloatArray
    overflow: FloatArray
    draw: FloatArray
    bank_spent: FloatArray
    penalty: FloatArray
    met: FloatArray
    lapsed: FloatArray
    bank: FloatArray
    escrow_open: FloatArray
    centre: FloatArray
    kept: FloatArray
    settled: BoolArray


class State(NamedTuple):
    """What one year hands to the next: the bank's tranches and the open escrow."""

    bank: Bank
    escrow: FloatArray


def settle(
    ceiling: ArrayLike,
    cost: ArrayLike,
    terms: Terms,
    *,
    quality: ArrayLike | None = None,
    sentinel: ArrayLike = False,
    reinvest: ArrayLike = 0.0,
    bank_spend: ArrayLike = 0.0,
    threshold: ArrayLike | None = None,
    opening: ArrayLike = 0.0,
    units: int = 100,
) -> Settlement:
    """Settle any number of bodies over T years.

    ceiling, cost (..., T) : £ in base-year prices, without ring-fenced items; the first column is year 1.
    quality (..., T) : gate passed (veto), or percentile 0-100 (sliding gate); by default passed, and 100.
    sentinel (..., T) : True where a sentinel measure failed.   reinvest : £ of this year's payment asked for approved
    projects.   bank_spend : £ asked from the bank for them.   threshold : instead of the terms', for noisier bodies.
    opening (...) : bank brought in.   units : smallest units to the pound; 0 leaves amounts unrounded.
    Raises ValueError on a ceiling of 0 or less, negative requests and percentiles outside 0 to 100. NaN in ceiling,
    cost or quality leaves that year unsettled.   Source: methods.md M5.3, M5.4.
    """
    money = Units(units)
    A, C = np.broadcast_arrays(money.of(ceiling, "ceiling"), money.of(cost, "cost"))
    passed, rate, judged = gated(quality, terms)
    least = floats(terms.threshold if threshold is None else threshold, "threshold")
    asked, wanted = money.of(reinvest, "reinvest"), money.of(bank_spend, "bank_spend")
    start = money.of(opening, "opening bank")
    refuse_impossible(A, asked, wanted, start, least)
    known = np.isfinite(A) & np.isfinite(C) & judged
    shape = np.broadcast_shapes(A.shape, known.shape)
    inputs = Inputs(
        np.where(known, A, 1.0),
        np.where(known, C, 1.0),
        passed,
        np.asarray(sentinel, dtype=bool) if terms.sentinel else np.array(False),
        rate,
        asked,
        wanted,
        least,
        least if terms.dead_band is None else floats(terms.dead_band, "dead band"),
        known,
    )
    by_year = Inputs._make(np.moveaxis(np.broadcast_to(part, shape), -1, 0) for part in inputs)
    state = State(empty(terms, shape[-1], np.broadcast_to(start, shape[:-1])), np.zeros(shape[:-1]))
    flows = zip(*settled_years(by_year, state, terms, money), strict=True)
    *amounts, settled = (np.stack(years, axis=-1) for years in flows)
    found = Settlement._make([*(money.pounds(amount) for amount in amounts), settled])
    return found._replace(ceiling=money.pounds(A), cost=money.pounds(C))


def settled_years(inputs: Inputs, state: State, terms: Terms, units: Units) -> Iterator[Settlement]:
    """The years in order, nothing but `state` remembered; every array of `inputs` has its years on the first axis."""
    total = len(inputs.ceiling)
    for number in range(total):
        year, state = settled_year(number, total, Inputs._make(part[number] for part in inputs), state, terms, units)
        yield year


def settled_year(
    number: int, total: int, given: Inputs, state: State, terms: Terms, units: Units
) -> tuple[Settlement, State]:
    """One year and what it hands on, in the order of methods.md M5.4."""
    below = given.ceiling - given.cost
    gain = np.maximum(below, 0)
    tranches, lapsed = opened(state.bank, terms, total, units)
    opening = balance(tranches)
    draw, fine, met = overspent(number, given, gain - below, opening, terms, units)
    bank_spent = given.bank_spend  # nearly always nothing: then it need not be worked out
    if bank_spent.any():
        bank_spent = np.minimum(bank_spent * given.known, opening - draw)
    earned = entitlement(given.ceiling, gain, given.rate, given.threshold, terms, units)
    payment, held, released, forfeited, still_held = through_the_gate(given, earned, state.escrow, terms)
    due = payment + released
    reinvested = given.reinvest
    if reinvested.any():
        reinvested = np.minimum(reinvested, units.down(terms.reinvest * due))
    left = due - reinvested
    deposit = left
    if terms.bank_cap is not None:
        deposit = np.minimum(left, np.maximum(units.down(terms.bank_cap * given.ceiling) - opening, 0))
    overflow = left - deposit
    returned = gain - payment - held
    after = deposited(drawn(tranches, draw + bank_spent), deposit, terms, total)
    year = Settlement(
        ceiling=given.ceiling,
        cost=given.cost,
        below=below,
        payment=payment,
        returned=returned,
        escrow=held,
        released=released,
        escrow_lapsed=forfeited,
        reinvested=reinvested,
        deposit=deposit,
        overflow=overflow,
        draw=draw,
        bank_spent=bank_spent,
        penalty=fine,
        met=met,
        lapsed=lapsed,
        bank=balance(after),
        escrow_open=still_held,
        centre=returned + overflow + lapsed + forfeited - met,
        kept=reinvested + deposit - draw - lapsed - fine,
        settled=given.known,
    )
    return year, State(after, still_held)


def overspent(
    number: int, given: Inputs, excess: FloatArray, opening: FloatArray, terms: Terms, units: Units
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(draw, penalty, met by the centre), which add up to the overspend."""
    free = number < terms.loss_free_years
    none = np.zeros_like(excess)
    if terms.draw_rule == "balance":
        draw = np.minimum(opening, excess)
        rest = excess - draw
        fine = none if free else penalty(given.ceiling, rest, given.dead, terms, units)
        return draw, fine, rest - fine
    owed = none if free else penalty(given.ceiling, excess, given.dead, terms, units)
    draw = np.minimum(opening, owed)
    return draw, owed - draw, excess - owed


def through_the_gate(
    given: Inputs, earned: FloatArray, waiting: FloatArray, terms: Terms
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """(payment, held in escrow, released, forfeited, escrow open at the end of the year).

    A failed gate holds this year's payment and forfeits what waited since last year; a failed sentinel forfeits both;
    a year that is not settled leaves what waits where it is.
    """
    clean = (given.passed & ~given.sentinel).astype(np.float64)  # numbers at once: faster than multiplying by a truth
    payment = earned * clean
    held = earned * (~given.passed & ~given.sentinel & terms.escrow).astype(np.float64)
    decided = waiting * given.known.astype(np.float64)
    released = decided * clean
    return payment, held, released, decided - released, waiting - decided + held
