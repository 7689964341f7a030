"""A second settlement engine, one body and one year at a time in whole pence and fractions, to check the first by.

Written from methods.md M5.3 and M5.4 and sharing nothing with `pipelines/scenarios`: plain integers, lists and ifs.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from pipelines.scenarios.terms import Terms

Path = list[dict[str, int]]


def exact(rate: float) -> Fraction:
    """The decimal that a rate is written as."""
    return Fraction(repr(rate))


def nearest(amount: Fraction) -> int:
    """To whole pence, halves upwards."""
    return floor(amount + Fraction(1, 2))


def by_hand(
    ceilings: Sequence[int],
    costs: Sequence[int],
    terms: Terms,
    passed: Sequence[bool],
    sentinel: Sequence[bool],
    reinvest: Sequence[int],
    bank_spend: Sequence[int],
) -> Path:
    """The settlement of one body, everything in pence."""
    tranches: list[tuple[int, int]] = []  # year of deposit, what is left
    waiting, path = 0, []
    for year, (A, C) in enumerate(zip(ceilings, costs, strict=True)):
        S, lapsed, alive = A - C, 0, []
        for made, left in tranches:
            if terms.bank_expiry is not None and year > made + terms.bank_expiry:
                lapsed += left
            else:
                lost = nearest(exact(terms.bank_decay) * left)
                lapsed += lost
                alive.append((made, left - lost))
        opening = sum(left for _, left in alive)
        draw, fine = loss(A, max(-S, 0), opening, terms, year < terms.loss_free_years)
        spent = min(bank_spend[year], opening - draw)
        earned = share(A, max(S, 0), terms)
        failed = terms.sentinel and sentinel[year]
        good = passed[year] and not failed
        payment, released, forfeited = (earned, waiting, 0) if good else (0, 0, waiting)
        held = earned if not passed[year] and not failed and terms.escrow else 0
        waiting = held
        due = payment + released
        now = min(reinvest[year], floor(exact(terms.reinvest) * due))
        room = due if terms.bank_cap is None else max(floor(exact(terms.bank_cap) * A) - opening, 0)
        deposit = min(due - now, room)
        tranches = [*taken(alive, draw + spent), (year, deposit)]
        if terms.bank_expiry is None:  # then a tranche's year means nothing, and they are one
            tranches = [(year, sum(left for _, left in tranches))]
        returned, overflow, met = max(S, 0) - payment - held, due - now - deposit, max(-S, 0) - draw - fine
        path.append(
            {"below": S, "payment": payment, "returned": returned, "escrow": held, "released": released,
             "escrow_lapsed": forfeited, "reinvested": now, "deposit": deposit, "overflow": overflow, "draw": draw,
             "bank_spent": spent, "penalty": fine, "met": met, "lapsed": lapsed, "escrow_open": waiting,
             "bank": sum(left for _, left in tranches), "centre": returned + overflow + lapsed + forfeited - met,
             "kept": now + deposit - draw - lapsed - fine}
        )  # fmt: skip
    return path


def share(A: int, S: int, terms: Terms) -> int:
    """What a saving earns, in pence."""
    least = exact(terms.threshold)
    ratio = Fraction(S, A)
    if terms.start == "above":
        amount = exact(terms.share) * max(S - least * A, 0)
    elif ratio >= least:
        amount = exact(terms.share) * S
    elif terms.start == "ramp" and ratio > least / 2:
        amount = exact(terms.share) * S * (ratio - least / 2) / (least / 2)
    else:
        amount = Fraction(0)
    whole = nearest(Fraction(amount))
    return whole if terms.cap is None else min(whole, floor(exact(terms.cap) * A))


def loss(A: int, excess: int, opening: int, terms: Terms, free: bool) -> tuple[int, int]:
    """(draw, penalty) in pence."""
    if terms.draw_rule == "balance":
        draw = min(opening, excess)
        return draw, 0 if free else fined(A, excess - draw, terms)
    owed = 0 if free else fined(A, excess, terms)
    return min(opening, owed), owed - min(opening, owed)


def fined(A: int, excess: int, terms: Terms) -> int:
    """The penalty in pence."""
    dead = exact(terms.dead)
    counted = excess - dead * A if terms.loss_start == "above" else Fraction(excess)
    if Fraction(excess, A) < dead:
        return 0
    whole = nearest(exact(terms.loss_rate) * counted)
    return whole if terms.floor is None else min(whole, floor(exact(terms.floor) * A))


def taken(tranches: list[tuple[int, int]], amount: int) -> list[tuple[int, int]]:
    """Tranches after taking an amount, oldest first."""
    left = []
    for made, held in tranches:
        used = min(held, amount)
        amount -= used
        left.append((made, held - used))
    return left
