"""What each scheme brings over many draws: money saved, kept and lost, paid by chance, and who bears it (M5.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods import draws
from pipelines.methods.arrays import FloatArray, IntArray, floats
from pipelines.methods.quantiles import quantile
from pipelines.scenarios.bank import empty
from pipelines.scenarios.behaviour import Assumptions, Paths, chance, paths
from pipelines.scenarios.compare import SCHEMES, compare_schemes
from pipelines.scenarios.menu import Menu, menu_payment
from pipelines.scenarios.money import Units
from pipelines.scenarios.power import power, power_of
from pipelines.scenarios.settlement import State, settled_years
from pipelines.scenarios.settlement_inputs import Inputs
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
    wide, honoured = max(1, BLOCK // count), _honoured(count, assumed, seed)
    for first in range(0, ids.size, wide):
        rows = slice(first, first + wide)
        met = chance(ids[order][rows], room[rows], terms.years, count, assumed, seed=seed)
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
    kept, paid, bank = _by_terms(ceiling, cost, terms)
    kept[-1] -= bank * (1 - honoured)[:, None]
    rate, threshold = np.array(terms.share), np.array(terms.threshold)
    fair = entitlement(ceiling, np.maximum(ceiling - planned, 0), rate, threshold, terms, Units(0))
    return Accounts(kept, ceiling - cost - kept, paid, paid - fair)


def _by_terms(ceiling: FloatArray, cost: FloatArray, terms: Terms) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(kept, paid [T, k, n], bank at the end [k, n]): the settlement with quality passed and no request, unrounded.

    The years are already in front, so that the engine's own loop is fed directly: gathering all its flows with the
    years last takes as long as everything else here.
    """
    years = (terms.years, 1, 1)
    none, passed = np.zeros(years), np.ones(years, dtype=np.bool_)
    least, dead, rate = (np.full(years, part) for part in (terms.threshold, terms.dead, terms.share))
    inputs = Inputs(ceiling, cost, passed, ~passed, rate, none, none, least, dead, passed)
    state = State(empty(terms, terms.years, np.zeros(ceiling.shape[1:])), np.zeros(ceiling.shape[1:]))
    kept, paid, bank = np.empty_like(ceiling), np.empty_like(ceiling), np.zeros(ceiling.shape[1:])
    for number, year in enumerate(settled_years(inputs, state, terms, Units(0))):
        kept[number], paid[number], bank = year.kept, year.payment, year.bank
    return kept, paid, bank


def _honoured(count: int, assumed: Assumptions, seed: int) -> FloatArray:
    """(k,) whether the banks are honoured: one decision for the whole sector in each draw."""
    return (draws.generator("M5.12 bank", seed=seed).random(count) < assumed.credibility).astype(np.float64)


class _Tally:
    """Sums over blocks of bodies, which come in the order of their ids."""

    def __init__(self, scheme: str, years: int, count: int, bodies: int) -> None:
        self.scheme, self.years, self.count = scheme, years, count
        by_draw, by_year = (np.zeros(count) for _ in range(5)), (np.zeros((years, count)) for _ in range(2))
        self.totals = Draws(*by_draw, *by_year)
        self.loss, self.gains, self.false, self.unsteady = np.zeros(bodies), np.zeros(bodies), 0.0, 0.0

    def add(self, rows: slice, found: Paths, accounts: Accounts, budgets: FloatArray) -> None:
        totals, lost, kept = self.totals, found.loss.sum(axis=0), accounts.kept.sum(axis=0)
        totals.saving[:] += ((1 - found.cost).sum(axis=0) * budgets - kept).sum(axis=-1)
        totals.kept[:] += kept.sum(axis=-1)
        totals.lost[:] += lost @ budgets
        totals.windfall[:] += accounts.windfall.sum(axis=(0, -1))
        totals.worst[:] = np.maximum(totals.worst, lost.max(axis=-1) / self.years)
        totals.paid[:] += accounts.paid.sum(axis=-1)
        totals.below[:] += (found.ceiling - found.cost) @ budgets
        self.loss[rows] = lost.mean(axis=0) / self.years
        self.gains[rows] = (kept - lost * budgets >= 0).mean(axis=0)
        self.false += float(((accounts.paid > 0) & (found.planned >= found.ceiling)).sum())
        steps = np.diff(found.ceiling - found.surprise, axis=0)
        self.unsteady += float(steps.std(axis=0).sum()) if self.years > 1 else 0.0

    def outcome(self, budgets: FloatArray, order: IntArray, worth: Values, assumed: Assumptions) -> Outcome:
        totals, cells = self.totals, budgets.size * self.count
        small = 1e-9 * budgets.sum()
        value = totals.saving + worth.kept * totals.kept - worth.lost * (1 + assumed.quality) * totals.lost
        value -= worth.admin.get(self.scheme, 0.0) * budgets.size * self.years
        ends = [_ends(part) for part in (totals.saving, totals.kept, totals.lost, value)]
        return Outcome(
            scheme=self.scheme,
            saving=ends[0],
            kept=ends[1],
            lost=ends[2],
            value=ends[3],
            false_payments=self.false / (cells * self.years),
            windfall=float(totals.windfall.mean()),
            bankrupt=float((totals.paid > np.maximum(totals.below, 0) + small).any(axis=0).mean()),
            breached=float((totals.below < -small).any(axis=0).mean()),
            worst=float(totals.worst.mean()),
            volatility=self.unsteady / cells,
            loss=self.loss[order],
            gains=self.gains[order],
            draws=totals,
        )


def _ends(totals: FloatArray) -> FloatArray:
    return np.array([float(quantile(totals, share)) for share in ENDS])
