"""Where along its chain from money to what is wanted a body is dearer than its peers: one row per stage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.contracts import PEERS
from pipelines.contracts.production import chains as chain_table
from pipelines.contracts.production import hundredths
from pipelines.methods import chain as method
from pipelines.methods import indicators as ratios
from pipelines.methods.bottleneck import highlighted, stage_gaps
from pipelines.methods.peers import FULL_GROUP, SMALL_GROUP
from pipelines.methods.quantiles import quantile
from pipelines.methods.status import JUDGED, REFERENCE, is_in, worst
from pipelines.packs.pack import Pack
from pipelines.packs.schema_services import Service
from pipelines.walk.benchmarks import WITHHELD_STATUS, stacked
from pipelines.walk.flows import Flows, at_average_costs, break_starts, family_se, outcome_lag, read_flows
from pipelines.walk.matrices import Roster, roster
from pipelines.warehouse import Warehouse

HISTORY = ("ok", "provisional", "imputed", "break", "small")
"""Statuses whose figures show how much a body's own factor varies, as for indicators."""


@dataclass(frozen=True)
class Stages:
    """Factors of one service [n, T, S+1], the whole chain in column 0; status and what may be compared, likewise."""

    factor: np.ndarray
    status: np.ndarray
    alike: np.ndarray  # [n, T]
    complete: np.ndarray  # [n, T] every stage may stand in a reference
    se: np.ndarray  # [n, S+1]


@dataclass(frozen=True)
class Compared:
    """One period against peers, [n, S+1] with the whole chain in column 0; money in whole hundredths."""

    reference: np.ndarray
    quarters: np.ndarray  # [3, n, S+1] lower quartile, median, upper quartile of the peers
    n_peers: np.ndarray  # [n]
    gap: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    z: np.ndarray
    told: np.ndarray  # [n] whether a bottleneck may be named
    tightest: np.ndarray  # [n] its stage, 0 for none


def chains(pack: Pack, warehouse: Warehouse) -> int:
    """Write chains of every service that has one, under the headline peer model; returns the rows."""
    bodies = roster(pack, warehouse)
    warehouse.derive("staging.flow_inputs", "staging", "flow_inputs")
    peers = peer_mask(pack, warehouse, bodies)
    table = chain_table(pack.currency)
    frames = [chain_rows(pack, warehouse, bodies, service, peers) for service in pack.services if service.chain]
    return warehouse.write(table, stacked(frames, table))


def peer_mask(pack: Pack, warehouse: Warehouse, bodies: Roster) -> np.ndarray:
    """Whether j is a peer of b under the headline model: [n, n]."""
    listed = warehouse.table(PEERS).filter(pl.col("model_id") == pack.headline_peer_model)
    mask = np.zeros((len(bodies.ids), len(bodies.ids)), dtype=bool)
    owner, peer = ([bodies.place[body] for body in listed[name]] for name in ("body_id", "peer_id"))
    mask[owner, peer] = True
    return mask


def chain_rows(pack: Pack, warehouse: Warehouse, bodies: Roster, service: Service, peers: np.ndarray) -> pl.DataFrame:
    """Contract rows of one service, in the periods in which any body has the whole chain."""
    flows = read_flows(pack, warehouse, bodies, service, "chain")
    if service.area_costs:
        flows = at_average_costs(warehouse, bodies, service.area_costs, flows)
    stages = staged(pack, bodies, service, flows)
    frames = [
        period_rows(pack, bodies, service, flows, stages, peers, column)
        for column in np.flatnonzero(stages.complete.any(axis=0)).tolist()
    ]
    return stacked(frames, chain_table(pack.currency))


def staged(pack: Pack, bodies: Roster, service: Service, flows: Flows) -> Stages:
    """The factors of every body and period, and their standard errors from its history (M1.1)."""
    found = [stage(flows, *ends(place, len(flows.measures))) for place in range(len(flows.measures))]
    factor, status = (np.stack(part, axis=-1) for part in zip(*found, strict=True))
    # A stage after a gap in the chain is not shown: what went before it is not known.
    for place in range(2, len(flows.measures)):
        lost = np.isnan(factor[..., place - 1])
        status[..., place] = np.where(lost, worst(status[..., place - 1], status[..., place]), status[..., place])
        factor[..., place] = np.where(lost, np.nan, factor[..., place])
    alike = ~flagged(pack, bodies, service, flows)
    complete = alike & is_in(status, REFERENCE).all(axis=-1) & ~np.isnan(factor).any(axis=-1)
    return Stages(factor, status, alike, complete, history_se(pack, bodies, flows, factor, status))


def stage(flows: Flows, above: int, below: int) -> tuple[np.ndarray, np.ndarray]:
    """Amount above per amount below and its status [n, T]; an amount of zero or less has no logarithm."""
    top, bottom = flows.amount[..., above], flows.amount[..., below]
    positive = np.where((top <= 0) | (bottom < 0), "withheld", "ok")
    given = worst(flows.status[..., above], flows.status[..., below], positive)
    rate = ratios.ratio(top, np.maximum(bottom, 0), status=given)
    shown = ~is_in(rate.status, ("withheld", "quarantined"))
    return np.where(shown, rate.value, np.nan), rate.status


def flagged(pack: Pack, bodies: Roster, service: Service, flows: Flows) -> np.ndarray:
    """Whether another body pays part of the chain [n, T].

    A flag that names indicators concerns the chain when one of them is computed from an amount of the chain.
    """
    touched = {i.id for i in pack.indicators if {i.numerator, i.denominator} & set(flows.measures)}
    out = np.zeros((len(bodies.ids), len(flows.periods)), dtype=bool)
    for flag in pack.scope_flags:
        if flag.service == service.id and (not flag.indicators or touched & set(flag.indicators)):
            within = [(flag.from_ or "") <= period <= (flag.to or "9999") for period in flows.periods]
            for row in (bodies.place[body] for body in flag.bodies if body in bodies.place):
                out[row] |= within
    return out


def history_se(pack: Pack, bodies: Roster, flows: Flows, factor: np.ndarray, status: np.ndarray) -> np.ndarray:
    """Standard error of the log of each factor [n, S+1] from the periods since the last break of any amount."""
    since = np.array(flows.starts) >= max(break_starts(pack, flows.measures), default="")
    usable = is_in(status, HISTORY) & since[None, :, None]
    return family_se(bodies, np.moveaxis(np.where(usable, factor, np.nan), 2, 0))


def compare(flows: Flows, stages: Stages, peers: np.ndarray, column: int) -> Compared:
    """Every body of one period held against the same peers at every stage."""
    factor, status, alike = stages.factor[:, column], stages.status[:, column], stages.alike[:, [column]]
    whole = peers & stages.complete[:, column]
    enough = alike & (whole.sum(axis=1, keepdims=True) >= SMALL_GROUP)
    given = np.where(stages.complete[:, [column]], factor[:, 1:], np.nan)
    reference = np.where(alike, method.chain_reference(given, peers), np.nan)
    amount = np.where(np.isnan(factor[:, [0]]), np.nan, flows.amount[:, column])
    found = method.chain_decompose(*amount.T, reference=reference)
    gaps = 100 * np.where(np.isnan(factor[:, 1:]), np.nan, found.gap_gbp)
    lo, hi = (np.rint(100 * part) for part in method.gap_ci(found, amount[:, 0], stages.se))
    z = np.where(enough, stage_gaps(factor, whole), np.nan)
    # Of five peers three may nearly agree, which makes any other look tens of deviations away: eight name a stage.
    firm = whole.sum(axis=1) >= FULL_GROUP
    told = firm & is_in(status, JUDGED).all(axis=1) & ~np.isnan(gaps).any(axis=1)
    group = np.where(whole[:, None, :], factor.T[None], np.nan)  # (n, S+1, peers)
    quarters = [np.where(enough, quantile(group, q), np.nan) for q in (0.25, 0.5, 0.75)]
    return Compared(
        reference=np.column_stack([reference.prod(axis=1), reference]),
        quarters=np.stack(quarters),
        n_peers=whole.sum(axis=1),
        gap=np.column_stack([np.rint(100 * found.total_gbp), method.whole_parts(gaps, 100 * found.total_gbp)]),
        lo=lo,
        hi=hi,
        z=z,
        told=told,
        tightest=np.where(told, highlighted(gaps, z[:, 1:]), 0),
    )


def period_rows(
    pack: Pack, bodies: Roster, service: Service, flows: Flows, stages: Stages, peers: np.ndarray, column: int
) -> pl.DataFrame:
    """Contract rows of one period, for every body whose money is stated."""
    assert service.chain is not None
    found = compare(flows, stages, peers, column)
    labels = [service.chain.label, *(link.label for link in service.chain.links[1:])]
    frames = [
        stage_rows(pack, flows, stages, found, column, place).with_columns(
            pl.Series("body_id", bodies.ids, dtype=pl.String),
            pl.lit(service.id).alias("service_id"),
            pl.lit(labels[place]).alias("label"),
        )
        for place in range(len(labels))
    ]
    hashed = method.METHOD.params_hash(outcome_lag=outcome_lag(pack, service))
    return (
        pl.concat(frames)
        .filter(pl.Series(np.tile(flows.present[:, column], len(labels))))
        .with_columns(
            pl.lit(pack.headline_peer_model).alias("model_id"),
            pl.lit(flows.periods[column]).alias("period"),
            pl.lit(method.METHOD.id).alias("method_id"),
            pl.lit(method.METHOD.version).alias("method_version"),
            pl.lit(hashed).alias("params_hash"),
            pl.lit(None).cast(pl.Int64).alias("seed"),
        )
    )


def stage_rows(pack: Pack, flows: Flows, stages: Stages, found: Compared, column: int, place: int) -> pl.DataFrame:
    """The columns of one stage that differ from body to body; stage 0 is the whole chain."""
    above, below = ends(place, len(flows.measures))
    unit = hundredths(pack.currency)
    factor, reference = stages.factor[:, column, place], found.reference[:, place]

    def real(values: np.ndarray) -> pl.Series:
        return pl.Series(values, dtype=pl.Float64, nan_to_null=True)

    def whole(values: np.ndarray) -> pl.Series:
        return real(values).cast(pl.Int64)

    return pl.DataFrame(
        {
            "stage": np.full(factor.size, place),
            "above": [flows.measures[above]] * factor.size,
            "below": [flows.measures[below]] * factor.size,
            "above_value": real(flows.amount[:, column, above]),
            "above_period": pl.Series(flows.found[:, column, above], dtype=pl.String),
            "below_value": real(flows.amount[:, column, below]),
            "below_period": pl.Series(flows.found[:, column, below], dtype=pl.String),
            "factor": real(factor),
            "reference": real(reference),
            "ratio": real(factor / reference),
            "peer_q25": real(found.quarters[0, :, place]),
            "peer_median": real(found.quarters[1, :, place]),
            "peer_q75": real(found.quarters[2, :, place]),
            "n_peers": found.n_peers,
            "like_for_like": stages.alike[:, column],
            f"gap_{unit}": whole(found.gap[:, place]),
            f"gap_lo_{unit}": whole(found.lo[:, place]),
            f"gap_hi_{unit}": whole(found.hi[:, place]),
            "z": real(found.z[:, place]),
            "bottleneck": pl.Series(
                [
                    None if place == 0 or not told else at == place
                    for told, at in zip(found.told, found.tightest, strict=True)
                ],
                dtype=pl.Boolean,
            ),
            "status": stages.status[:, column, place],
            "reason": pl.Series(reasons(pack, flows, stages, found, column, place), dtype=pl.String),
            "input_editions": flows.editions[:, column],
        }
    )


def ends(place: int, flows: int) -> tuple[int, int]:
    """The amounts above and below the line of a stage; the whole chain divides the first by the last."""
    return (place - 1, place) if place else (0, flows - 1)


def reasons(pack: Pack, flows: Flows, stages: Stages, found: Compared, column: int, place: int) -> list[str | None]:
    """Why a stage has no factor or no gap, most telling reason first; None where it has both."""
    above, below = ends(place, len(flows.measures))
    needed = list(range(below + 1)) if place else [above, below]
    out: list[str | None] = []
    for body in range(stages.factor.shape[0]):
        if np.isnan(stages.factor[body, column, place]):
            out.append(broken(pack, flows, body, column, needed))
        elif not stages.alike[body, column]:
            out.append("not like for like: another body pays part of the service")
        elif found.n_peers[body] < SMALL_GROUP:
            out.append(f"too few comparable {pack.nouns} with the whole chain ({found.n_peers[body]}) to compare")
        elif np.isnan(found.gap[body, place]):
            out.append(f"no gap in money: {broken(pack, flows, body, column, range(len(flows.measures)))}")
        else:
            out.append(None)
    return out


def broken(pack: Pack, flows: Flows, body: int, column: int, needed: Iterable[int]) -> str:
    """Which amount ends the chain, and why."""
    for place in needed:
        label, status = pack.measure(flows.measures[place]).label, flows.status[body, column, place]
        if np.isnan(flows.amount[body, column, place]):
            return f"{label}: {WITHHELD_STATUS.get(status, 'the figure cannot be used')}"
        if flows.amount[body, column, place] <= 0:
            return f"{label}: zero or negative, so the chain ends there"
    return "the chain cannot be formed"
