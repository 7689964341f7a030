"""The path of the resource ceiling: volume, a share of the gap to peers, ongoing efficiency, prices (methods.md M5.2).

Predictable by construction: all but volumes and prices is fixed at signing, and those are indexed as published.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats, over
from pipelines.methods.card import Method
from pipelines.scenarios.terms import Terms

METHOD = Method(
    id="M5.2",
    version="1",
    title="Resource ceiling path",
    formula="B0 prod(1+v)^elasticity e_t prod(1+p) + Z_t, e_t the collared path of (1 - phi g min(t/H, 1)) (1-f)^t",
    defaults={
        name: value
        for name, value in Terms().canonical().items()
        if name in ("catch_up", "catch_up_years", "frontier_shift", "collar_down", "collar_up", "elasticity")
    },
    edge_cases="grade C or no grade: no gap is used; a catch-up cut off by the collar continues in the next year",
    source="methods.md M5.2; ongoing efficiency of regulators' decisions on networks",
)


@dataclass(frozen=True)
class Ceiling:
    """real, nominal (..., T) in £: addressable cost in base-year prices; with prices and ring-fenced items.

    parts (..., T, 4) : nominal £ by which volume, catch-up, frontier shift and prices move the ceiling from B0, so that
    B0 + parts.sum(-1) + ring-fenced = nominal.   flat (..., T) : volume-adjusted B0, real, without any efficiency.
    """

    real: FloatArray
    nominal: FloatArray
    parts: FloatArray
    flat: FloatArray


def ceiling(
    base: ArrayLike,
    gap: ArrayLike,
    terms: Terms,
    *,
    volume: ArrayLike = 0.0,
    prices: ArrayLike = 0.0,
    ring_fenced: ArrayLike = 0.0,
) -> Ceiling:
    """Ceilings of `terms.years` years.

    base, gap (...) : B0 in £, and the gap as a share of it (`usable_gap`).   volume, prices : growth a year, scalar or
    (..., T).   ring_fenced : nominal £, scalar or (..., T).   NaN in base or gap gives a body without a ceiling.
    Raises ValueError on a base of 0 or less, a gap below 0 or of 1 and more, and growth of -100 % or less.
    """
    start, share = (values[..., None] for values in np.broadcast_arrays(floats(base, "base"), floats(gap, "gap")))
    if (start <= 0).any() or (share < 0).any() or (share >= 1).any():
        raise ValueError("a ceiling needs a base above 0 and a gap from 0 to below 1")
    year = np.arange(1, terms.years + 1)
    volumes = grown(volume, terms.years, "volume growth") ** terms.elasticity
    # Products alone: they round alike on every machine and in a browser, which logarithms and powers do not.
    closed = 1 - terms.catch_up * share * np.minimum(year / terms.catch_up_years, 1)
    factor = collared(closed * compounded(-terms.frontier_shift, terms.years), terms)
    catch, shift = np.log(closed), year * np.log1p(-terms.frontier_shift)
    index = grown(prices, terms.years, "price growth")
    flat = start * volumes
    real = flat * factor
    # Where both efficiencies act, and where the collar holds them back, each has its part in proportion to its log.
    cut, part = flat * (factor - 1), np.nan_to_num(over(catch, catch + shift), nan=0.0)
    parts = np.stack(np.broadcast_arrays(flat - start, cut * part, cut * (1 - part), real * (index - 1)), axis=-1)
    return Ceiling(real, real * index + floats(ring_fenced, "ring-fenced items"), parts, flat)


def compounded(rate: float, years: int) -> FloatArray:
    """(T,) factor of a yearly rate after 1, 2 ... T years, by multiplication."""
    return np.cumprod(np.full(years, 1 + rate))


def grown(growth: ArrayLike, years: int, name: str) -> FloatArray:
    """(..., T) cumulative factor of yearly growth."""
    yearly = np.asarray(1 + floats(growth, name), dtype=np.float64)
    if (yearly <= 0).any():
        raise ValueError(f"{name} of -100% or less leaves nothing to settle")
    if yearly.ndim and yearly.shape[-1] not in (1, years):
        raise ValueError(f"{name} has {yearly.shape[-1]} years; the settlement has {years}")
    return np.asarray(np.cumprod(np.broadcast_to(yearly, (*yearly.shape[:-1], years)), axis=-1), dtype=np.float64)


def collared(wanted: FloatArray, terms: Terms) -> FloatArray:
    """(..., T) the efficiency path, no year falling or rising faster than the collar."""
    if terms.collar_down is None or terms.collar_up is None:
        return wanted
    path = np.empty_like(wanted)
    before = np.ones(wanted.shape[:-1])
    for year in range(wanted.shape[-1]):
        before = np.clip(wanted[..., year], (1 - terms.collar_down) * before, (1 + terms.collar_up) * before)
        path[..., year] = before
    return path


def usable_gap(potential_low: ArrayLike, addressable: ArrayLike, grade: ArrayLike) -> FloatArray:
    """(...) the gap that a ceiling may use: low potential over addressable cost, 0 without grade A or B.

    potential_low (...) : £, the 25th percentile of its draws; not the mean, because error falls on the body.
    Raises ValueError on a negative potential.
    """
    low = floats(potential_low, "potential")
    if (low < 0).any():
        raise ValueError("a potential is never negative")
    return np.where(np.isin(grade, ["A", "B"]), over(low, floats(addressable, "addressable cost")), 0.0)


def predictability(published: ArrayLike, revised: ArrayLike) -> FloatArray:
    """(...) 1 - mean |published - revised|/published over past ceilings (..., years): 1 when none was ever revised.

    Years without both figures are left out; NaN where none is left.
    """
    first = floats(published, "published ceilings")
    off = np.abs(over(first - floats(revised, "revised ceilings"), first))
    known = np.isfinite(off)
    total: FloatArray = np.where(known, off, 0.0).sum(axis=-1)
    return 1 - np.asarray(over(total, known.sum(axis=-1)), dtype=np.float64)
