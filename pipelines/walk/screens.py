"""Questions that a body is asked about its figures before anybody else sees them (methods.md M4.7 to M4.10).

Restricted: the table stays in the warehouse and, by the run, outside every release. Untargeted measures of the same
kind are screened alike, and how often they are asked about stands beside every question: what a question is worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from pipelines.contracts import PEERS, SCREENS
from pipelines.methods import screens as method
from pipelines.methods.digits import repeats, too_smooth
from pipelines.methods.divergence import base_year_spike, quality_divergence, shrinking_denominator
from pipelines.methods.screens import LEVEL, Screen, asked
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Indicator
from pipelines.walk.benchmarks import peer_ids, stacked
from pipelines.walk.control import Rows
from pipelines.walk.matrices import roster
from pipelines.walk.series import Series, all_series
from pipelines.walk.target_levels import DIRECTION
from pipelines.warehouse import Warehouse

Question = tuple[int, str, Screen]
"""Row of the body, newest period that it rests on, the screen."""


def screens(pack: Pack, warehouse: Warehouse) -> int:
    """Write the screens of every targeted indicator; returns their rows. A pack without targets asks nothing."""
    targeted = {item.indicator for policy in pack.target_policies for item in policy.items}
    return warehouse.write(SCREENS, screened(pack, warehouse, targeted) if targeted else stacked([], SCREENS))


def screened(pack: Pack, warehouse: Warehouse, targeted: set[str]) -> pl.DataFrame:
    """Contract rows: screens of targeted indicators, each with its rate among comparable untargeted ones."""
    bodies = roster(pack, warehouse)
    model = pack.peer_model(pack.headline_peer_model)
    ids = peer_ids(model, bodies, warehouse.table(PEERS).filter(pl.col("model_id") == model.id))
    formats = {pack.indicator(id).format for id in targeted}
    alike = {i.id for i in pack.indicators if i.id in targeted or (i.format in formats and i.polarity != "neutral")}
    guards = {c.indicator for p in pack.target_policies for item in p.items for c in item.counter_measures}
    series = all_series(warehouse, bodies, alike | guards)
    found = {id: list(questions(pack, series, id, ids)) for id in sorted(alike & set(series))}
    prior = rates(pack, {id: told for id, told in found.items() if id not in targeted})
    rows: Rows = []
    for id in sorted(targeted & set(found)):
        kind = pack.indicator(id).format
        for row, period, screen in found[id]:
            rows.append(
                {
                    "body_id": bodies.ids[row],
                    "indicator_id": id,
                    "screen": screen.name,
                    "period": period,
                    "statistic": screen.statistic,
                    "p": screen.p,
                    "threshold": screen.threshold,
                    "n": screen.n,
                    "asks": screen.flag,
                    "question": screen.question,
                    "prior": prior.get((kind, screen.name)),
                    "method_id": method.METHOD.id,
                    "method_version": method.METHOD.version,
                    "params_hash": method.METHOD.params_hash(level=LEVEL),
                    "input_editions": " ".join(series[id].editions),
                    "seed": 0,
                }
            )
    frame = pl.DataFrame(rows, schema=pl.Schema(SCREENS.schema))
    return frame.with_columns(pl.selectors.float().fill_nan(None))


def rates(pack: Pack, untargeted: Mapping[str, list[Question]]) -> dict[tuple[str, str], float]:
    """How often each screen asks of untargeted indicators, by their format and the screen."""
    flags: dict[tuple[str, str], list[bool]] = {}
    for id, told in untargeted.items():
        for _, _, screen in told:
            flags.setdefault((pack.indicator(id).format, screen.name), []).append(screen.flag)
    return {key: method.prior_rate(seen).share for key, seen in sorted(flags.items())}


def questions(pack: Pack, series: Mapping[str, Series], id: str, ids: np.ndarray) -> Iterator[Question]:
    """Every screen of an indicator that had figures enough to be run."""
    own, indicator = series[id], pack.indicator(id)
    quality = guarded(pack, series, own, indicator)
    for row in np.flatnonzero(~np.isnan(own.value).all(axis=1)):
        last = int(np.flatnonzero(~np.isnan(own.value[row]))[-1])
        peers = ids[row][ids[row] >= 0]
        for screen in of_body(own, indicator, int(row), last, peers, quality[row] if quality is not None else None):
            if asked(screen):
                yield int(row), own.periods[last], screen


def guarded(pack: Pack, series: Mapping[str, Series], own: Series, indicator: Indicator) -> np.ndarray | None:
    """(n, T) what stands guard over an indicator, up is good; None without any.

    The first counter-measure of its target; for an untargeted one the first of its service's, so that both are alike.
    """
    service = pack.service(indicator.service)
    named = [c.indicator for policy in pack.target_policies for item in policy.items if item.indicator == indicator.id
             for c in item.counter_measures]  # fmt: skip
    for id in (*named, *service.counter_measures, *service.quality):
        if id != indicator.id and id in series and pack.indicator(id).polarity != "neutral":
            found, direction = series[id], DIRECTION[pack.indicator(id).polarity]
            columns = np.array(found.beside(own.periods))
            return np.where(columns >= 0, direction * found.value[:, columns], np.nan)
    return None


def of_body(
    own: Series, indicator: Indicator, row: int, last: int, peers: np.ndarray, quality: np.ndarray | None
) -> Iterator[Screen]:
    """The screens of one body's series up to its newest figure."""
    y, se = own.value[row, : last + 1], own.se[row, : last + 1]
    direction = DIRECTION[indicator.polarity]
    first = int(np.flatnonzero(~np.isnan(y))[0])
    top, bottom = own.numerator[row, first : last + 1], own.denominator[row, first : last + 1]
    if indicator.denominator and top.size >= 2 and (top[-2:] > 0).all() and (bottom > 0).all():
        before, after = own.denominator[peers, last - 1], own.denominator[peers, last]
        moved = np.log(after[(before > 0) & (after > 0)] / before[(before > 0) & (after > 0)])
        if moved.size:
            yield shrinking_denominator(top, bottom, moved, direction)
    if quality is not None:
        both = ~np.isnan(y + quality[: last + 1])
        if both[-1]:
            start = last + 1 - int(np.logical_and.accumulate(both[::-1]).sum())
            found = quality_divergence(direction * y[start:], quality[start : last + 1])
            words = "The measure improved and what stands guard over it did not follow"
            yield found._replace(question=found.question.replace("Output rose and quality did not follow", words))
    if indicator.interval in ("proportion", "count") and not (se[~np.isnan(se)] <= 0).any():
        unit = 10.0 ** (np.floor(np.log10(np.nanmedian(np.abs(y)))) - 2) if np.nanmedian(np.abs(y)) > 0 else 1.0
        yield too_smooth(y, se)
        yield repeats(y, se, unit)
    if indicator.format == "unit_cost" and not (top[~np.isnan(top)] <= 0).any():
        yield base_year_spike(top, np.arange(top.size) == top.size - 1)
