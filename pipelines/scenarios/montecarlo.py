"""What each scheme brings over many draws: money saved, kept and lost, paid by chance, and who bears it (M5.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods import draws
from pipelines.methods.arrays import FloatArray, TextArray, floats
from pipelines.methods.quantiles import quantile
from pipelines.scenarios.behaviour import Assumptions, Paths, chance, paths
from pipelines.scenarios.compare import SCHEMES, compare_schemes
from pipelines.scenarios.menu import Menu, menu_payment
from pipelines.scenarios.money import Units
from pipelines.scenarios.power import power, power_of
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.sharing import entitlement
from pipelines.scenarios.terms import Terms

BLOCK = 50_000  # draws x bodies held at once: small enough for the processor's cache
ENDS = (0.05, 0.5, 0.95)


class Values(NamedTuple):
    """What a pound is worth to whom: kept by a body, lost in service; admin: cost of a scheme per body and year."""

    kept: float = 1.0
    lost: float = 1.0
    admin: Mapping[str, float] = {}


class Draws(NamedTuple):
    """Sector totals of one scheme, money over all years, [k]: saving (to the centre), kept (by bodies), lost (service);
    windfall (paid beyond what the planned cost earns); worst: largest loss of any body, fraction of its budgets;
    paid, below [T, k]: payments and net underspend of each year."""

    saving: FloatArray
    kept: FloatArray
    lost: FloatArray
    windfall: FloatArray
    worst: FloatArray
    paid: FloatArray
    below: FloatArray


class Outcome(NamedTuple):
    """One scheme. saving, kept, lost, value [3]: 5, 50 and 95 % of sector totals, money over all years (value is saving
    plus kept less lost and its quality, at the values given, less administration); false_payments: share of body-years
    paid without a planned saving; windfall: mean money; bankrupt: chance that some year pays more than the sector
    underspends; breached: chance that some year the sector spends above its ceilings; worst: mean of the worst body's
    loss; volatility: sd of the yearly change of what a ceiling buys. By body [n]: loss (mean fraction of budget),
    gains (chance of not losing), draws: totals."""

    scheme: str
    saving: FloatArray
    kept: FloatArray
    lost: FloatArray
    value: FloatArray
    false_payments: float
    windfall: float
    bankrupt: float
    breached: float
    worst: float
    volatility: float
    loss: FloatArray
    gains: FloatArray
    draws: Draws


class Accounts(NamedTuple):
    """Money by year, draw and body [T, k, n]: kept by the body, to the centre beside the ceiling, paid; windfall of a
    payment beyond what the planned cost would earn."""

    kept: FloatArray
    centre: FloatArray
    paid: FloatArray
    windfall: FloatArray


def default_powers(terms: Terms) -> dict[str, FloatArray]:
    """Share of a lasting saving that a body keeps in value, by scheme and year: one year's use under claw-back, nothing
    where nothing is shared, the terms' power under G, and the same with a menu."""
    nothing, settled = np.zeros(terms.years), power_of(terms)
    once = np.full(terms.years, power(1.0, 1, discount=terms.discount, rebase="last_year")[0])
    return {"U": once, "X": nothing, "B": nothing, "G": settled, "M": settled}


def simulate(
    bodies: ArrayLike,
    budgets: ArrayLike,
    gaps: ArrayLike,
    required: float,
    terms: Terms,
    assumed: Assumptions,
    *,
    cap: ArrayLike = 1.0,
    schemes: tuple[str, ...] = SCHEMES,
    powers: Mapping[str, ArrayLike] | None = None,
    values: Values | None = None,
    menu: Menu | None = None,
    count: int = 10_000,
    seed: int = 0,
) -> dict[str, Outcome]:
    """Every scheme on the same sector, the same required total and the same draws.

    bodies (n,) ids; budgets (n,) money; gaps (n,) as measured, fractions; required : total cut by the last year;
    powers : (T,) by scheme, by default `default_powers`. Results do not depend on the order of the bodies.
    Raises ValueError on ids used twice, an unknown scheme, and as `compare_schemes`.
    """
    ids = np.asarray(bodies).astype(str)
    if np.unique(ids).size < ids.size:
        raise ValueError("a body stands twice in the sector")
    order = np.argsort(ids)
    money, room = floats(budgets, "budgets")[order], floats(gaps, "gaps")[order]
    limit = np.broadcast_to(floats(cap, "cap"), ids.shape)[order]
    asks = compare_schemes(money, room, required, limit, share=terms.share)
    strength = default_powers(terms) if powers is None else powers
    worth, choices = values or Values(), menu or Menu()
    tallies = {scheme: _Tally(scheme, terms.years, count, ids.size) for scheme in schemes}
    wide = max(1, BLOCK // count)
    for first in range(0, ids.size, wide):
        rows = slice(first, first + wide)
        met = chance(ids[order][rows], room[rows], terms.years, count, assumed, seed=seed)
        honoured = _honoured(ids[order][rows], count, assumed, seed)
        for scheme, tally in tallies.items():
            found = paths(scheme, asks[scheme].cut[rows], strength[scheme], met, assumed)
            accounts = settle_paths(scheme, found, money[rows], terms, choices, honoured)
            tally.add(rows, found, accounts, money[rows])
    back = np.argsort(order)
    return {scheme: tally.outcome(money, back, worth, assumed) for scheme, tally in tallies.items()}


def settle_paths(
    scheme: str, found: Paths, budgets: FloatArray, terms: Terms, menu: Menu, honoured: FloatArray
) -> Accounts:
    """Who gets what of each year's saving or overspend: ceiling less cost is kept plus centre, in every draw.

    honoured (k,) : 1 where the bank is paid out after the last year, 0 where it is cancelled and falls to the centre.
    """
    ceiling, cost, planned = (part * budgets for part in (found.ceiling, found.cost, found.planned))
    none = np.zeros_like(cost)
    if scheme == "M":
        forecast = 100 * found.planned / found.ceiling - 100
        paid = menu_payment(menu, forecast, cost, ceiling).payment_gbp
        fair = menu_payment(menu, forecast, planned, ceiling).payment_gbp
        return Accounts(paid, ceiling - cost - paid, np.maximum(paid, 0.0), paid - fair)
    if scheme != "G":
        kept = found.saved * budgets
        return Accounts(kept, ceiling - cost - kept, none, none)
    settled = settle(np.moveaxis(ceiling, 0, -1), np.moveaxis(cost, 0, -1), terms, units=0)
    kept, paid, bank = (np.moveaxis(part, -1, 0) for part in (settled.kept, settled.payment, settled.bank))
    kept = kept.copy()
    kept[-1] -= bank[-1] * (1 - honoured)[:, None]
    rate, threshold = np.array(terms.share), np.array(terms.threshold)
    fair = entitlement(ceiling, np.maximum(ceiling - planned, 0), rate, threshold, terms, Units(0))
    return Accounts(kept, ceiling - cost - kept, paid, paid - fair)


def _honoured(bodies: TextArray, count: int, assumed: Assumptions, seed: int) -> FloatArray:
    """(k,) whether the banks are honoured: one decision for the whole sector in each draw."""
    return (draws.generator("M5.12 bank", seed=seed).random(count) < assumed.credibility).astype(np.float64)
