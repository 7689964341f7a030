"""A settlement by one's own terms: baseline, ceiling, and a ledger per body, plan and year (methods.md M5.1-M5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.contracts import costs
from pipelines.contracts.policy import settlements
from pipelines.methods.arrays import FloatArray
from pipelines.packs.pack import Pack
from pipelines.packs.schema_settlement import SettlementPolicy
from pipelines.scenarios.baseline import baseline
from pipelines.scenarios.ceiling import ceiling, compounded
from pipelines.scenarios.ledger import Circumstances, Line, in_words, line
from pipelines.scenarios.settlement import METHOD, Settlement, settle
from pipelines.scenarios.terms import Terms
from pipelines.walk.amounts import amount, union
from pipelines.walk.gaps import Gaps, gaps
from pipelines.walk.matrices import roster
from pipelines.walk.potential_routes import addressable
from pipelines.warehouse import Warehouse

YEARS = 3  # of the baseline
FALSE_PAYMENT = 1.28  # standard deviations: one body in ten without a saving gets past the threshold
SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€"}


@dataclass(frozen=True)
class Footing:
    """What a settlement rests on, per body: base (n,) in money, NaN without one; threshold (n,); editions; the gaps.

    last (n,) : cost of the last year, where plans start: a baseline is a mean of three years that nobody spends.
    """

    gaps: Gaps
    base: FloatArray
    last: FloatArray
    threshold: FloatArray
    editions: tuple[str, ...]


def terms_rows(pack: Pack, warehouse: Warehouse, policy: SettlementPolicy) -> pl.DataFrame:
    """Contract rows of settlements for one settlement by terms; a body without a baseline keeps unsettled rows."""
    found, terms = footing(pack, warehouse, policy), policy.agreed
    path = ceiling(found.base, found.gaps.usable, terms).real
    cost = np.stack([found.last[:, None] * compounded(-plan.saving, terms.years) for plan in policy.plans], axis=1)
    passed = np.array([[year not in plan.gate_fails for year in range(1, terms.years + 1)] for plan in policy.plans])
    quality = None if terms.gate == "sliding" else passed.astype(np.float64)
    asked = np.nan_to_num(path)[:, None, :]  # plans spend at once what the terms allow of a payment, and bank the rest
    least = found.threshold[:, None, None]
    flows = settle(path[:, None, :], cost, terms, quality=quality, threshold=least, reinvest=asked)
    table = settlements(pack.currency)
    rows = list(written(pack, policy, found, flows, passed))
    return pl.DataFrame(rows, schema=table.schema, orient="row")


def footing(pack: Pack, warehouse: Warehouse, policy: SettlementPolicy) -> Footing:
    """Baselines over the last three years, gaps, and a threshold that chance alone passes in one body of ten."""
    found = gaps(pack, warehouse, policy.services)
    cost, volume, editions = history(pack, warehouse, policy, found)
    known = np.isfinite(cost).all(axis=1) & (volume > 0).all(axis=1)
    base = np.full(len(found.bodies), np.nan)
    if known.any():
        base[known] = baseline(cost[known], volume[known], elasticity=policy.agreed.elasticity).value
    chance = FALSE_PAYMENT * found.noise * np.sqrt(1 + 1 / YEARS)
    return Footing(
        found, base, np.where(known, cost[:, -1], np.nan), np.clip(chance, policy.agreed.threshold, 0.5), editions
    )


def history(
    pack: Pack, warehouse: Warehouse, policy: SettlementPolicy, found: Gaps
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Addressable real cost and volume (n, 3) of the three years up to that of the gaps, and the editions read."""
    periods = last_periods(pack, warehouse, found.period)
    spend = {id: addressable(pack, warehouse, pack.service(id)) for id in policy.services}
    cost = np.full((len(found.bodies), YEARS), np.nan)
    editions = [[text] for text in found.editions]
    for row, (body, services) in enumerate(zip(found.bodies, found.services, strict=True)):
        for column, period in enumerate(periods):
            parts = [spend[id].get((body, period), (np.nan, "")) for id in services]
            cost[row, column + YEARS - len(periods)] = sum(part for part, _ in parts)
            editions[row] += [text for _, text in parts]
    bodies = roster(pack, warehouse)
    made = amount(pack, warehouse, bodies, str(policy.volume), periods)
    own = [bodies.place[body] for body in found.bodies]
    volume = np.full(cost.shape, np.nan)
    volume[:, YEARS - len(periods) :] = made.value[own]
    read = (union([*texts, *made.editions[place]]) for texts, place in zip(editions, own, strict=True))
    return cost, volume, tuple(read)


def last_periods(pack: Pack, warehouse: Warehouse, newest: str) -> tuple[str, ...]:
    """Up to three periods in which services cost something, oldest first, the last being the newest."""
    table = costs(pack.currency, pack.base_period)
    found = warehouse.read(
        f"""
        select c.period from {table.qualified} c join marts.periods p using (period)
        where p.start <= (select start from marts.periods where period = ?)
        group by c.period, p.start order by p.start
        """,
        [newest],
    )
    return tuple(found["period"])[-YEARS:]


def written(
    pack: Pack, policy: SettlementPolicy, found: Footing, flows: Settlement, passed: np.ndarray
) -> Iterator[tuple[Any, ...]]:
    """One row per body, plan and year, in the columns of the contract."""
    terms, symbol = policy.agreed, SYMBOLS.get(pack.currency, f"{pack.currency} ")
    for row, body in enumerate(found.gaps.bodies):
        least = float(found.threshold[row])
        known = (pence(found.base[row]), pence(found.last[row]), float(found.gaps.usable[row]))
        tail = (METHOD.id, METHOD.version, terms.params_hash, found.editions[row], 0)
        for column, plan in enumerate(policy.plans):
            for year, period in enumerate(policy.periods()):
                year_flows = Settlement._make(part[row, column, year] for part in flows)
                about = Circumstances(year + 1, least, bool(passed[column, year]), False, 100.0)
                told = line(year_flows, about, terms, symbol)
                amounts = (*known, *money_of(told), least, rate_of(year_flows, terms), gate_of(told, about))
                shares = (pence(told.keep), pence(told.centre), pence(told.held), pence(told.bank))
                state = "ok" if year_flows.settled else "missing"
                words = in_words(told, symbol)
                yield (policy.id, body, plan.id, period, *amounts, *shares, words, state, *tail)


def money_of(told: Line) -> tuple[int | None, int | None, int | None]:
    """Ceiling, cost and what lies below, in hundredths."""
    return pence(told.ceiling), pence(told.cost), pence(told.below) if np.isfinite(told.ceiling) else None


def rate_of(flows: Settlement, terms: Terms) -> float | None:
    """The share of the saving that is earned, or of the overspend that the body bears; null where there is neither."""
    if not flows.settled or flows.below == 0:
        return None
    taken = flows.payment + flows.escrow if flows.below > 0 else flows.penalty + flows.draw
    return round(float(taken / abs(flows.below)), 6)  # in whole pence a share is exact to no more


def gate_of(told: Line, about: Circumstances) -> str | None:
    """The quality gate of a year, as the plan assumes it."""
    if not np.isfinite(told.ceiling):
        return None
    return "passed" if about.passed else "failed"


def pence(amount: float) -> int | None:
    """Money in whole hundredths, None where there is none."""
    return round(float(amount) * 100) if np.isfinite(amount) else None
