"""Chains and productivity of the invented release: waste of twelve councils, from money to tonnes recycled."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.methods.bottleneck import highlighted, stage_gaps
from pipelines.methods.chain import chain_decompose, chain_reference, gap_ci, stage_factors, whole_parts
from pipelines.methods.status import REFERENCE
from tests import releases as sample

Row = dict[str, Any]
LINKS = ("waste_spend", "waste_tonnes", "recycled")
LABELS = ("spending per tonne recycled", "spending per tonne collected", "tonnes collected per tonne recycled")
SERVICE: Row = {
    "chain": " ".join(LINKS),
    "chain_note": "Waste that never arises counts for nothing here",
    "volumes": "waste_tonnes",
    "unit_costs": "1.0",
}
EXCLUDED = "Every tonne counts the same. The quality of output is not adjusted for."
HIDDEN = ("withheld", "quarantined")


def amounts(period: str) -> tuple[np.ndarray, np.ndarray]:
    """Money in base-year prices and the two tonnages of the ten councils [10, 3], and their statuses."""
    found = [[sample.input_figure(body, measure, period) for measure in LINKS] for body in sample.LIVING]
    told = [[entry[0] if entry[0] is not None and entry[1] not in HIDDEN else np.nan for entry in row] for row in found]
    prices = [sample.PRICES["2023-24"] / sample.PRICES[period], 1.0, 1.0]
    return np.array(told, dtype=float) * prices, np.array([[entry[1] for entry in row] for row in found])


def worst(statuses: list[str]) -> str:
    """The worst of some statuses."""
    return max(statuses, key=sample.ORDER.index)


def chains() -> list[Row]:
    """The rows of chains: stage 0 and two stages a council and year, under the headline peer model."""
    return [row for period in sample.YEARS for row in chain_period(period)]


def chain_period(period: str) -> list[Row]:
    amount, status = amounts(period)
    alike = np.array([body != "T05" for body in sample.LIVING])
    ends = [(0, 2), (0, 1), (1, 2)]
    told = np.array([[worst([row[above], row[below]]) for above, below in ends] for row in status])
    parts = stage_factors(*amount.T)
    factor = np.column_stack([amount[:, 0] / amount[:, 2], parts])
    complete = alike & np.isin(told, REFERENCE).all(axis=1) & ~np.isnan(factor).any(axis=1)
    peers = np.zeros((10, 10), dtype=bool)
    for place, body in enumerate(sample.LIVING):
        peers[place, [sample.LIVING.index(peer) for peer, _ in sample.peers_of("statistical", body)]] = True
    usable = np.where(complete[:, None], parts, np.nan)
    reference = np.where(alike[:, None], chain_reference(usable, peers), np.nan)
    found = chain_decompose(*amount.T, reference=reference)
    gaps = 100 * found.gap_gbp
    pence = np.column_stack([np.rint(100 * found.total_gbp), whole_parts(gaps, 100 * found.total_gbp)])
    limits = gap_ci(found, amount[:, 0], np.full((10, 3), 0.05))
    group = peers & complete
    z = np.where((alike & (group.sum(axis=1) >= 5))[:, None], stage_gaps(factor, group), np.nan)
    named = highlighted(gaps, z[:, 1:])
    return [
        chain_row(
            period,
            place,
            stage,
            ends[stage],
            {
                "above_value": amount[place, ends[stage][0]],
                "below_value": amount[place, ends[stage][1]],
                "factor": factor[place, stage],
                "reference": np.append(reference[place].prod(), reference[place])[stage],
                "ratio": factor[place, stage] / np.append(reference[place].prod(), reference[place])[stage],
                **quarters(factor[group[place], stage], bool(alike[place])),
                "gap_pence": pence[place, stage],
                "gap_lo_pence": np.rint(100 * limits[0][place, stage]),
                "gap_hi_pence": np.rint(100 * limits[1][place, stage]),
                "z": z[place, stage],
            },
        )
        | {
            "n_peers": int(group[place].sum()),
            "like_for_like": bool(alike[place]),
            "bottleneck": None if stage == 0 or np.isnan(pence[place]).any() else bool(named[place] == stage),
            "status": str(told[place, stage]),
            "reason": reason(factor[place, stage], bool(alike[place]), pence[place, stage]),
        }
        for place in range(10)
        for stage in range(3)
    ]


def quarters(factors: np.ndarray, alike: bool) -> Row:
    if len(factors) < 5 or not alike:
        return {}
    names = ("peer_q25", "peer_median", "peer_q75")
    return {name: np.quantile(factors, q) for name, q in zip(names, (0.25, 0.5, 0.75), strict=True)}


def reason(factor: float, alike: bool, gap: float) -> str | None:
    if np.isnan(factor):
        return "a figure is missing"
    if not alike:
        return "not like for like: another body pays part of the service"
    return "too few comparable councils to compare" if np.isnan(gap) else None


def chain_row(period: str, place: int, stage: int, ends: tuple[int, int], figures: Row) -> Row:
    shown = {name: None if np.isnan(value) else float(value) for name, value in figures.items()}
    money = {name: None if shown[name] is None else int(shown[name]) for name in shown if name.endswith("_pence")}
    above, below = (LINKS[end] for end in ends)
    named = {"above": above, "below": below, "above_period": period, "below_period": period, "label": LABELS[stage]}
    key = {"model_id": "statistical", "body_id": sample.LIVING[place], "service_id": "waste", "period": period}
    return key | named | shown | money | {"stage": stage, "input_editions": "", "method_id": "M1.7", **sample.METHOD}


def productivity() -> list[Row]:
    """The rows of productivity: tonnes collected against real cost, each council's first comparable year = 100."""
    told = {period: amounts(period) for period in sample.YEARS}
    out = []
    for place, body in enumerate(sample.LIVING):
        whole = [period for period in sample.YEARS if not np.isnan(told[period][0][place, :2]).any()]
        before: float | None = None
        for period in sample.YEARS if whole else ():
            status = worst([*told[period][1][place, :2], *told[whole[0]][1][place, :2]])
            row = {"body_id": body, "service_id": "waste", "period": period, "base": whole[0], "status": status}
            row |= {"excluded": EXCLUDED, "input_editions": "", "method_id": "M1.6", **sample.METHOD}
            now: float | None = None
            if period in whole:
                money, tonnes = (100 * told[period][0][place, at] / told[whole[0]][0][place, at] for at in (0, 1))
                now = float(100 * tonnes / money)
                wide = 1.0 if period == whole[0] else 1.1
                row |= {"output": float(tonnes), "input": float(money), "productivity": now}
                row |= {"lo": now / wide, "hi": now * wide, "change": None if before is None else now / before - 1}
            before = now
            out.append(row)
    return out
