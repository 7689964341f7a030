"""A sector settled many times over: noise in costs and quality, streamed, the same figures however it is split.

Draws are counter-based: body and block of replicates name their stream, so a body's draws do not depend on who else is
settled or where. Sector totals are sums of whole pence, exact in any order. Any number of workers may therefore take a
part of the bodies each, and `joined` gives the bits that one worker alone would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats
from pipelines.methods.card import Method
from pipelines.methods.draws import generator
from pipelines.methods.quantiles import quantile
from pipelines.scenarios.bank import empty
from pipelines.scenarios.money import Units
from pipelines.scenarios.settlement import State, settled_years
from pipelines.scenarios.settlement_inputs import Inputs, refuse_impossible
from pipelines.scenarios.terms import Terms

METHOD = Method(
    id="M5.12s",
    version="1",
    title="Settlement under noise",
    formula="cost = plan + sigma ceiling (sqrt(rho) common + sqrt(1-rho) own), normal; gate passed by chance",
    defaults={"draws": 1000, "rho": 0.3, "seed": 0, "level": 0.90},
    edge_cases="a body with NaN in ceiling, plan or sigma is left out and has NaN; spending is never below 0",
    source="methods.md M5.12 (mechanical part: no behaviour)",
)
BLOCK = 1000  # replicates in one stream; part of what a draw is, not of how fast it comes
BODIES = 16  # settled together, so that a year's arrays stay in the cache
ENDS = (0.05, 0.5, 0.95)
PENCE = Units(100)
Numbers = NDArray[Any]  # floats of either precision


class Setup(NamedTuple):
    """What is the same for every body."""

    terms: Terms
    draws: int
    rho: float
    seed: int


class Group(NamedTuple):
    """A few bodies, in pence: ceiling, plan and sd of cost (b, T), chance to pass the gate (b,)."""

    names: tuple[str, ...]
    ceiling: FloatArray
    plan: FloatArray
    spread: FloatArray
    chance: FloatArray


class Work(NamedTuple):
    """Space used again and again, (T, BODIES, BLOCK): own draws that become costs, and luck at the gate."""

    own: FloatArray
    luck: Numbers


class Totals(NamedTuple):
    """(b, draws) over all years, in pence: kept, to the centre, paid; and numbers of years paid and penalised."""

    kept: FloatArray
    centre: FloatArray
    paid: FloatArray
    years_paid: FloatArray
    years_penalised: FloatArray


class Outcomes(NamedTuple):
    """What the draws gave, in £ over all years.

    kept, centre (n, 3) : 5, 50 and 95 % of each body.   mean_kept (n,).   paid, penalised (n,) : share of years with a
    payment or release, and with a penalty.   sector_kept, sector_centre, sector_paid (draws,) : totals.
    """

    kept: FloatArray
    centre: FloatArray
    mean_kept: FloatArray
    paid: FloatArray
    penalised: FloatArray
    sector_kept: FloatArray
    sector_centre: FloatArray
    sector_paid: FloatArray


def settle_draws(
    ceilings: ArrayLike,
    plan: ArrayLike,
    sigma: ArrayLike,
    terms: Terms,
    bodies: Sequence[str],
    *,
    passes: ArrayLike = 1.0,
    draws: int = 1000,
    rho: float = 0.3,
    seed: int = 0,
) -> Outcomes:
    """Settle n bodies over T years `draws` times.

    ceilings, plan (n, T) : £ ceiling and expected cost.   sigma : sd of cost as a share of the ceiling, () or (n,).
    passes : yearly chance that the gate is passed (veto gate), () or (n,).   bodies (n,) : names that decide the draws.
    rho : correlation between bodies of a year.   Raises ValueError on ceilings of 0 or less, rho, sigma or chances
    outside their ranges, names that repeat, and a sliding gate with a chance under 1.
    """
    A, C = np.broadcast_arrays(PENCE.of(ceilings, "ceilings"), PENCE.of(plan, "plan"))
    noise = np.broadcast_to(floats(sigma, "sigma"), A.shape[:1])
    chance = np.broadcast_to(floats(passes, "passes"), A.shape[:1])
    refuse(A, noise, chance, bodies, rho, terms)
    setup = Setup(terms, draws, rho, seed)
    years = A.shape[1]
    shocks = np.concatenate(
        [drawn_together(("",), block, setup, np.empty((years, 1, size(block, draws)))) for block in blocks(draws)],
        axis=2,
    )[:, 0]
    work = Work(np.empty((years, BODIES, BLOCK)), np.empty((years, BODIES, BLOCK), dtype=np.float32))
    found = blank(len(A), draws)
    places = np.flatnonzero(np.isfinite(A).all(1) & np.isfinite(C).all(1) & np.isfinite(noise))
    for first in range(0, len(places), BODIES):
        some = places[first : first + BODIES]
        group = Group(
            tuple(bodies[place] for place in some), A[some], C[some], noise[some, None] * A[some], chance[some]
        )
        record(found, some, settled_group(group, shocks, setup, work), years)
    return in_pounds(found)


def joined(parts: Iterable[Outcomes]) -> Outcomes:
    """The outcomes of all bodies from those of their parts, in order: bodies one after another, totals added."""
    several = list(parts)
    stacked = (np.concatenate([part[place] for part in several]) for place in range(5))
    totals = (sum(np.rint(part[place] * 100) for part in several) / 100 for place in range(5, 8))
    return Outcomes(*stacked, *totals)


def blank(n: int, draws: int) -> Outcomes:
    """Outcomes without a body."""
    ends = (np.full((n, len(ENDS)), np.nan) for _ in range(2))
    return Outcomes(*ends, *(np.full(n, np.nan) for _ in range(3)), *(np.zeros(draws) for _ in range(3)))


def in_pounds(found: Outcomes) -> Outcomes:
    """Pence as pounds; shares stay."""
    shares = {"paid": found.paid, "penalised": found.penalised}
    return Outcomes._make(part / 100 for part in found)._replace(**shares)


def refuse(
    A: FloatArray, sigma: FloatArray, chance: FloatArray, bodies: Sequence[str], rho: float, terms: Terms
) -> None:
    """Raises ValueError, in words, on what cannot be drawn."""
    if A.ndim != 2 or len(bodies) != len(A) or len({*bodies, ""}) != len(bodies) + 1:
        raise ValueError("draws need ceilings by body and year, and a name of its own for every body")
    if (sigma < 0).any() or not 0 <= rho <= 1 or not ((chance >= 0) & (chance <= 1)).all():
        raise ValueError("sigma cannot be negative; rho and the chance to pass lie between 0 and 1")
    if terms.gate == "sliding" and (chance < 1).any():
        raise ValueError("a chance to pass is for a gate that vetoes; settle percentiles of a sliding gate one by one")
    refuse_impossible(A, np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1))


def blocks(draws: int) -> range:
    """The numbers of the blocks that hold these draws."""
    return range(-(-draws // BLOCK))


def size(block: int, draws: int) -> int:
    """How many of the draws a block holds."""
    return min(BLOCK, draws - block * BLOCK)


def drawn_together(names: Sequence[str], block: int, setup: Setup, into: Numbers, kind: str = "") -> Numbers:
    """Fill (T, bodies, draws) from the streams of these bodies: normal for costs, uniform for the gate (kind "gate").

    A stream runs replicate by replicate, so that a shorter run has the first draws of a longer one. Single precision
    is drawn in half the time and says more than any noise is known to.
    """
    years, _, draws = into.shape
    for place, name in enumerate(names):
        stream = generator(f"M5.12s {kind}", name, block, seed=setup.seed)
        numbers = stream.random if kind == "gate" else stream.standard_normal
        into[:, place] = numbers((draws, years), dtype=np.float32).T
    return into


def settled_group(group: Group, shocks: FloatArray, setup: Setup, work: Work) -> Totals:
    """What a few bodies come to, one block of draws after another in the same working space."""
    sums = Totals(*(np.zeros((len(group.names), setup.draws)) for _ in Totals._fields))
    for block in blocks(setup.draws):
        here = slice(block * BLOCK, block * BLOCK + size(block, setup.draws))
        space = Work(*(part[:, : len(group.names), : here.stop - here.start] for part in work))
        cost = costs(group, shocks[:, here], drawn_together(group.names, block, setup, space.own), setup.rho)
        passed: BoolArray = np.ones((len(cost), 1, 1), dtype=bool)
        if (group.chance < 1).any():
            luck = drawn_together(group.names, block, setup, space.luck, "gate")
            passed = luck < group.chance[:, None].astype(np.float32)
        add_years(Totals._make(total[:, here] for total in sums), group, cost, passed, setup.terms)
    return sums


def costs(group: Group, shocks: FloatArray, own: FloatArray, rho: float) -> FloatArray:
    """(T, b, draws) costs in whole pence, made in place of a body's own normal draws."""
    own *= np.sqrt(1 - rho)
    own += np.sqrt(rho) * shocks[:, None]
    own *= group.spread.T[:, :, None]
    own += group.plan.T[:, :, None]
    return np.maximum(np.rint(own, out=own), 0, out=own)


def add_years(sums: Totals, group: Group, cost: FloatArray, passed: BoolArray, terms: Terms) -> None:
    """Settle the years one after another and keep nothing of them but what is added to the sums."""
    years = len(cost)
    constant = np.zeros((years, 1, 1))
    yes = np.ones((years, 1, 1), dtype=bool)
    inputs = Inputs(
        ceiling=group.ceiling.T[:, :, None],
        cost=cost,
        passed=passed,
        sentinel=~yes,
        rate=constant + terms.share,
        reinvest=constant,
        bank_spend=constant,
        threshold=constant + terms.threshold,
        dead=constant + terms.dead,
        known=yes,
    )
    nothing = np.zeros(cost.shape[1:])
    for year in settled_years(inputs, State(empty(terms, years, nothing), nothing), terms, PENCE):
        due = year.payment + year.released
        flows: tuple[FloatArray | BoolArray, ...] = (year.kept, year.centre, due, due > 0, year.penalty > 0)
        for total, part in zip(sums, flows, strict=True):
            np.add(total, part, out=total)


def record(found: Outcomes, some: IntArray, sums: Totals, years: int) -> None:
    """Write a few bodies' outcomes and add them to the sector's."""
    for place, total in ((found.kept, sums.kept), (found.centre, sums.centre)):
        place[some] = np.stack([quantile(total, end) for end in ENDS], axis=-1)
    found.mean_kept[some] = sums.kept.mean(axis=1)
    found.paid[some] = sums.years_paid.mean(axis=1) / years
    found.penalised[some] = sums.years_penalised.mean(axis=1) / years
    for place, total in zip(found[5:], sums[:3], strict=True):
        place += total.sum(axis=0)
