"""The ledger of one body: where every pound below or above its ceiling went, and why (methods.md M5.3, M5.4).

Each year's entries add up to `below`; those of the body to `keep`, those of the centre to `centre`, and the rest to the
change of what is held in escrow. So below = keep + centre + held, to the penny.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import floats
from pipelines.scenarios.settlement import Settlement, settle
from pipelines.scenarios.terms import Terms

Party = Literal["body", "centre", "held"]


class Entry(NamedTuple):
    """One amount in £: gained (or, negative, given) by a party, and why."""

    party: Party
    amount: float
    words: str


class Line(NamedTuple):
    """One year. Amounts in £; below = keep + centre + held.   reason : the rule that decided, in words."""

    year: int
    ceiling: float
    cost: float
    below: float
    keep: float
    centre: float
    held: float
    bank: float
    reason: str
    entries: tuple[Entry, ...]


class Circumstances(NamedTuple):
    """What a year's words need beside its flows."""

    year: int
    threshold: float
    passed: bool
    sentinel: bool
    percentile: float


def ledger(
    ceiling: ArrayLike,
    cost: ArrayLike,
    terms: Terms,
    *,
    quality: ArrayLike | None = None,
    sentinel: ArrayLike = False,
    threshold: ArrayLike | None = None,
    currency: str = "£",
    **more: ArrayLike,
) -> tuple[Line, ...]:
    """The lines of one body, from the arguments of `settle` with (T,) arrays; `more` are its other arguments.

    Raises ValueError as `settle` does, and on more than one body.
    """
    found = settle(ceiling, cost, terms, quality=quality, sentinel=sentinel, threshold=threshold, **more)  # type: ignore[arg-type]
    if found.below.ndim != 1:
        raise ValueError("a ledger is of one body; give ceilings and costs by year")
    years = len(found.below)
    least = np.broadcast_to(floats(terms.threshold if threshold is None else threshold, "threshold"), years)
    grade = np.broadcast_to(floats(100.0 if quality is None else quality, "quality"), years)
    failed = np.broadcast_to(np.asarray(sentinel, dtype=bool) & terms.sentinel, years)
    lines = []
    for place in range(years):
        passed = terms.gate == "sliding" or bool(grade[place] > 0)
        about = Circumstances(place + 1, float(least[place]), passed, bool(failed[place]), float(grade[place]))
        lines.append(line(Settlement._make(flow[place] for flow in found), about, terms, currency))
    return tuple(lines)


def in_words(told: Line, currency: str) -> str:
    """The rule that decided a year, then every amount with its reason."""
    return " ".join([told.reason, *(f"{money(abs(entry.amount), currency)} {entry.words}." for entry in told.entries)])


def line(flows: Settlement, about: Circumstances, terms: Terms, currency: str) -> Line:
    """One year's line; `flows` holds its scalars."""
    if not flows.settled:
        entries = tuple(lapse_entries(flows, terms))
        reason = "Not settled: ceiling, cost or quality is missing. Nothing is paid or asked."
    else:
        entries = tuple(entry for entry in all_entries(flows, about, terms) if entry.amount != 0)
        explain = saving_reason if flows.below >= 0 else loss_reason
        reason = explain(flows, about, terms, currency)
    body, centre, held = (in_pence(entries, party) for party in ("body", "centre", "held"))
    return Line(
        about.year, float(flows.ceiling), float(flows.cost), float(flows.below), body, centre, held, float(flows.bank),
        reason, entries,
    )  # fmt: skip


def in_pence(entries: tuple[Entry, ...], party: str) -> float:
    """£ of one party's entries, added up in whole pence."""
    return sum(round(entry.amount * 100) for entry in entries if entry.party == party) / 100


def all_entries(flows: Settlement, about: Circumstances, terms: Terms) -> Iterator[Entry]:
    """Every amount of a settled year, zeros included."""
    full = "" if terms.bank_cap is None else f" of {percent(terms.bank_cap)} of the ceiling"
    yield Entry("body", float(flows.reinvested), "kept because it is spent now on approved projects")
    yield Entry("body", float(flows.deposit), "kept because it earned a share: paid into the bank")
    yield Entry("centre", float(flows.overflow), f"to the centre because the bank has reached its cap{full}")
    yield Entry("centre", float(flows.returned), returned_words(flows, about, terms))
    waits = "held for a year because the quality gate failed: paid if it passes next year"
    yield Entry("held", float(flows.escrow), waits)
    yield Entry("held", -float(flows.released), "out of escrow because the gate is passed now")
    yield Entry("held", -float(flows.escrow_lapsed), "out of escrow because the gate failed again")
    yield Entry("centre", float(flows.escrow_lapsed), "to the centre because the gate failed again")
    yield Entry("body", -float(flows.draw), "drawn from the bank because the overspend is met from own reserves first")
    yield Entry("body", -float(flows.penalty), f"paid because {percent(terms.loss_rate)} of an overspend is the body's")
    yield Entry("centre", -float(flows.met), "met by the centre: the part of the overspend that terms leave with it")
    yield from lapse_entries(flows, terms)


def lapse_entries(flows: Settlement, terms: Terms) -> Iterator[Entry]:
    """What leaves the bank by itself."""
    unused = f"not used within {terms.bank_expiry} years" if terms.bank_expiry else ""
    why = " or ".join(reason for reason in (unused, "lost to decay" if terms.bank_decay else "") if reason)
    if flows.lapsed:
        yield Entry("body", -float(flows.lapsed), f"lapsed from the bank: {why}")
        yield Entry("centre", float(flows.lapsed), f"to the centre from the bank: {why}")


def returned_words(flows: Settlement, about: Circumstances, terms: Terms) -> str:
    """Why part of a saving goes to the centre."""
    if about.sentinel:
        return "to the centre because a sentinel measure failed"
    if flows.payment + flows.escrow > 0:
        return "to the centre as its share"
    if unreached(saving_rate(flows), about, terms):
        return "to the centre because the saving is too small to be told from chance"
    if terms.share == 0:
        return "to the centre because the terms leave the body no share"
    if about.passed and (terms.gate == "veto" or about.percentile >= terms.sliding_from):
        return "to the centre because a share of it is less than half a penny"
    return "to the centre because the quality gate failed"


def saving_reason(flows: Settlement, about: Circumstances, terms: Terms, currency: str) -> str:
    """The rule that decided a saving, in words."""
    rate = saving_rate(flows)
    start = f"{money(float(flows.below), currency)} below the ceiling ({percent(rate)})"
    if flows.below == 0:
        return "Spend equals the ceiling: nothing to share."
    if about.sentinel:
        return f"{start}: a sentinel measure failed, so nothing is paid."
    if unreached(rate, about, terms):
        least = about.threshold / 2 if terms.start == "ramp" else about.threshold
        return f"{start}: within {percent(least)}, which may be chance, so nothing is shared."
    if terms.gate == "sliding" and about.percentile < terms.sliding_from:
        return f"{start}: quality at percentile {about.percentile:g}, under {terms.sliding_from:g}, so nothing is paid."
    if not about.passed:
        kept = "is held for a year" if terms.escrow else "is not paid"
        return f"{start}: the quality gate failed, so the share {kept}."
    return f"{start}: {share_words(flows, rate, about, terms)}."


def saving_rate(flows: Settlement) -> float:
    """Saving over ceiling, from whole pence as the settlement has it."""
    return round(float(flows.below) * 100) / round(float(flows.ceiling) * 100)


def unreached(rate: float, about: Circumstances, terms: Terms) -> bool:
    """Whether a saving is too small for any share."""
    if terms.start == "notch":
        return rate < about.threshold
    return rate <= (about.threshold / 2 if terms.start == "ramp" else about.threshold)


def share_words(flows: Settlement, rate: float, about: Circumstances, terms: Terms) -> str:
    """How a share was worked out."""
    part = terms.share * (about.percentile / 100 if terms.gate == "sliding" else 1)
    if terms.cap is not None and float(flows.payment) >= np.floor(terms.cap * float(flows.ceiling) * 100 + 1e-3) / 100:
        return f"the share reaches its cap of {percent(terms.cap)} of the ceiling"
    if terms.start == "ramp" and rate < about.threshold:
        here = percent(float(flows.payment / flows.below))
        return f"the share rises to {percent(part)} at {percent(about.threshold)}, and is {here} here"
    over = f" of what exceeds {percent(about.threshold)}" if terms.start == "above" else ""
    slid = f" ({percent(terms.share)} at percentile {about.percentile:g})" if terms.gate == "sliding" else ""
    return f"{percent(part)}{over} is earned{slid}"


def loss_reason(flows: Settlement, about: Circumstances, terms: Terms, currency: str) -> str:
    """The rule that decided an overspend, in words."""
    start = f"{money(-float(flows.below), currency)} above the ceiling ({percent(float(-flows.below / flows.ceiling))})"
    if about.year <= terms.loss_free_years:
        rule = f"no penalty in the first {terms.loss_free_years} years"
    elif terms.draw_rule == "balance" and flows.draw == -flows.below:
        rule = "the bank meets it all"
    else:
        rule = overspend_words(flows, about, terms)
    return f"{start}: {rule}."


def overspend_words(flows: Settlement, about: Circumstances, terms: Terms) -> str:
    """What the body pays of what the bank leaves of an overspend, or why nothing."""
    dead = about.threshold if terms.dead_band is None else terms.dead_band
    left = round(float(-flows.below) * 100) - (round(float(flows.draw) * 100) if terms.draw_rule == "balance" else 0)
    ceiling = round(float(flows.ceiling) * 100)
    if left / ceiling < dead if terms.loss_start == "notch" else left <= dead * ceiling:
        rest = "what is left is " if flows.draw else ""
        return f"{rest}within {percent(dead)}, which may be chance, so there is no penalty"
    if flows.penalty + (flows.draw if terms.draw_rule == "liability" else 0) == 0:
        none = terms.loss_rate == 0 or terms.floor == 0
        return "the terms ask nothing of an overspend" if none else "the body's part of it is less than a penny"
    reach = f"from {percent(dead)} on " if dead and terms.loss_start == "notch" else ""
    base = f" of what exceeds {percent(dead)}" if terms.loss_start == "above" else ""
    most = "" if terms.floor is None else f", at most {percent(terms.floor)} of the ceiling"
    return f"{reach}the body pays {percent(terms.loss_rate)}{base}{most}"


def percent(share: float) -> str:
    """0.025 as 2.5%."""
    return f"{100 * share:.3g}%"


def money(amount: float, currency: str) -> str:
    """£1.27m, £345,000 and £12.50: three figures from a thousand on, below it pence where there are any.

    amount : 0 or more. Every penny stands in the table of the release; these are the words beside it.
    """
    if amount < 1000:
        return f"{currency}{amount:,.2f}".removesuffix(".00")
    scale, suffix = next((size, letter) for size, letter in ((1e9, "bn"), (1e6, "m"), (1.0, "")) if amount >= size)
    step = 10.0 ** (math.floor(math.log10(amount)) - 2)
    places = max(0, min(2, round(math.log10(scale)) - round(math.log10(step)))) if scale > 1 else 0
    return f"{currency}{round(amount / step) * step / scale:,.{places}f}{suffix}"
