"""Who already does it: peers that have been cheaper for years and are not worse in any paired quality (F13)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from pipelines.contracts import EXEMPLARS, PEERS, PERIODS
from pipelines.methods import exemplars as method
from pipelines.methods.exemplars import Quality
from pipelines.methods.status import REFERENCE
from pipelines.packs.pack import Pack
from pipelines.packs.schema_services import Service
from pipelines.walk.benchmarks import DIRECTION, peer_ids, stacked
from pipelines.walk.matrices import Figures, Roster, indicator_columns
from pipelines.warehouse import Warehouse

QUALITY_WITHIN_YEARS = 2


def exemplars(pack: Pack, warehouse: Warehouse, bodies: Roster, unit_costs: dict[str, tuple[str, ...]]) -> pl.DataFrame:
    """Contract rows of exemplars; unit_costs : of each service, the first that a body has is compared.

    A service without a paired quality has none: nobody can be shown to do as well for less.
    """
    figures = indicator_columns(warehouse, bodies)
    starts = dict(warehouse.table(PERIODS).select("period", "start").iter_rows())
    model = pack.peer_model(pack.headline_peer_model)
    ids = peer_ids(model, bodies, warehouse.table(PEERS).filter(model_id=model.id))
    frames = [
        frame
        for service in pack.services
        for frame in of_service(pack, bodies, figures, starts, ids, service, unit_costs.get(service.id, ()))
    ]
    return stacked(frames, EXEMPLARS)


def of_service(
    pack: Pack,
    bodies: Roster,
    figures: Figures,
    starts: dict[str, str],
    ids: np.ndarray,
    service: Service,
    unit_costs: tuple[str, ...],
) -> Iterator[pl.DataFrame]:
    """Exemplars of one service by each of its unit costs."""
    served = np.zeros(len(bodies.ids), dtype=bool)
    for indicator in unit_costs if service.quality else ():
        columns = [place for place, name in enumerate(figures.indicator) if name == indicator]
        if columns:
            times = [starts[figures.period[place]] for place in columns]
            pairs = [paired(pack, bodies, figures, starts, id, times) for id in service.quality]
            fine = usable(figures)[:, columns]
            cost, lo, hi = (
                np.where(fine, part[:, columns], np.nan) for part in (figures.value, figures.lo, figures.hi)
            )
            kept = method.level_kept(cost, lo, hi, figures.status[:, columns])[ids]
            held = (
                method.holds(cost, ids, pairs) & figures.present[:, columns[-1]][:, None, None] & ~served[:, None, None]
            )
            served |= figures.present[:, columns[-1]]
            yield rows(bodies, figures, columns, ids, method.run(held, kept), pairs, service, indicator)


def usable(figures: Figures) -> np.ndarray:
    """Figures that may stand for a body: like for like, neither small nor modelled nor doubtful."""
    return np.asarray(figures.like_for_like & np.isin(figures.status, REFERENCE) & ~np.isnan(figures.value))


def paired(pack: Pack, bodies: Roster, figures: Figures, starts: dict[str, str], id: str, times: list[str]) -> Quality:
    """A paired quality at each time of the cost: its newest period that began no later, within two years."""
    indicator = pack.indicator(id)
    own = [(starts[figures.period[place]], place) for place, name in enumerate(figures.indicator) if name == id]
    chosen = [
        max((one for one in own if years_before(time, QUALITY_WITHIN_YEARS) <= one[0] <= time), default=("", -1))[1]
        for time in times
    ]
    fine = usable(figures)
    applies = np.array([not indicator.classes or kind in indicator.classes for kind in bodies.class_id])

    def at(matrix: np.ndarray) -> np.ndarray:
        blank = np.full(len(bodies.ids), np.nan)
        return np.column_stack([np.where(fine[:, n], matrix[:, n], np.nan) if n >= 0 else blank for n in chosen])

    return Quality(at(figures.value), at(figures.lo), at(figures.hi), DIRECTION[indicator.polarity], applies)


def years_before(day: str, years: int) -> str:
    """An ISO day so many years earlier."""
    return f"{int(day[:4]) - years:04}{day[4:]}"


def rows(
    bodies: Roster,
    figures: Figures,
    columns: list[int],
    ids: np.ndarray,
    years: np.ndarray,
    pairs: list[Quality],
    service: Service,
    indicator: str,
) -> pl.DataFrame:
    """Contract rows of one unit cost."""
    body, place = np.nonzero(years >= method.LEAST)
    peer, run, last = ids[body, place], years[body, place], columns[-1]
    told = [" ".join(id for id, pair in zip(service.quality, pairs, strict=True) if pair.applies[row]) for row in body]
    return pl.DataFrame(
        {
            "body_id": bodies.names[body].astype(object) if body.size else [],
            "exemplar_id": bodies.names[peer].astype(object) if body.size else [],
            "value": pl.Series(figures.value[peer, last], nan_to_null=True),
            "lo": pl.Series(figures.lo[peer, last], nan_to_null=True),
            "hi": pl.Series(figures.hi[peer, last], nan_to_null=True),
            "quality": pl.Series(told, dtype=pl.String),
            "since": pl.Series([figures.period[columns[-n]] for n in run], dtype=pl.String),
            "years": run,
            "status": figures.status[peer, last],
            "closeness_order": place + 1,
            "input_editions": figures.editions[peer, last],
        },
        schema_overrides={"body_id": pl.String, "exemplar_id": pl.String, "input_editions": pl.String},
    ).with_columns(
        pl.lit(service.id).alias("service_id"),
        pl.lit(figures.period[last]).alias("period"),
        pl.lit(indicator).alias("indicator_id"),
        pl.lit(method.METHOD.id).alias("method_id"),
        pl.lit(method.METHOD.version).alias("method_version"),
        pl.lit(method.METHOD.params_hash()).alias("params_hash"),
        pl.lit(None).cast(pl.Int64).alias("seed"),
    )
