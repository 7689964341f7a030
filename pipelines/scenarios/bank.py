"""What belongs here: a bank of tranches, oldest first: lapsing, drawing, depositing (methods.md M5.4).

A bank is a tuple of arrays (...), one tranche each, never negative. It is replaced, never changed in place.
"""

from __future__ import annotations

import numpy as np

from pipelines.methods.arrays import FloatArray
from pipelines.scenarios.money import Units
from pipelines.scenarios.terms import Terms

Bank = tuple[FloatArray, ...]


def lasting(terms: Terms, years: int) -> bool:
    """Whether one tranche can hold all: none lapses within these years, and none is rounded by itself in decaying."""
    return terms.bank_expiry is None or (terms.bank_expiry >= years and terms.bank_decay == 0)


def empty(terms: Terms, years: int, opening: FloatArray) -> Bank:
    """The bank before the first year; an opening balance counts as deposited in the year before it."""
    if lasting(terms, years):
        return (opening,)
    older = terms.bank_expiry or 0
    return (*(np.zeros_like(opening) for _ in range(older)), opening)


def opened(bank: Bank, terms: Terms, years: int, units: Units) -> tuple[Bank, FloatArray]:
    """(tranches still good this year, what lapses): those past their expiry, and the decay of the rest."""
    lapsed = np.zeros_like(bank[0])
    if not lasting(terms, years):
        lapsed, bank = bank[0], bank[1:]
    if terms.bank_decay == 0:
        return bank, lapsed
    lost = tuple(units.nearest(terms.bank_decay * tranche) for tranche in bank)
    return tuple(tranche - part for tranche, part in zip(bank, lost, strict=True)), lapsed + sum(lost)


def balance(bank: Bank) -> FloatArray:
    """(...) all tranches together."""
    total = bank[0]
    for tranche in bank[1:]:
        total = total + tranche
    return total


def drawn(bank: Bank, amount: FloatArray) -> Bank:
    """The bank after taking `amount`, which it must hold, from its oldest tranches."""
    if len(bank) == 1:
        return (bank[0] - amount,)
    kept = []
    for tranche in bank:
        used = np.minimum(tranche, amount)
        kept.append(tranche - used)
        amount = amount - used
    return tuple(kept)


def deposited(bank: Bank, amount: FloatArray, terms: Terms, years: int) -> Bank:
    """The bank at the end of the year, with this year's deposit as its youngest tranche."""
    return (bank[0] + amount,) if lasting(terms, years) else (*bank, amount)
