"""What a service would usually cost a body with its volumes and circumstances, and whether the model may be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtri

from pipelines.contracts.production import COST_MODELS, modelled_costs
from pipelines.methods.arrays import FloatArray
from pipelines.methods.context import transform
from pipelines.methods.cost_frontier import CostFrontier, cost_frontier
from pipelines.methods.cost_models import METHOD, CostModel, cost_model
from pipelines.methods.status import worst
from pipelines.packs.pack import Pack
from pipelines.packs.schema_frontiers import CostModel as Model
from pipelines.walk.amounts import Amount, amount, periods_of, union
from pipelines.walk.benchmarks import stacked
from pipelines.walk.matrices import Roster, context_figures, roster
from pipelines.walk.samples import Panel, panel
from pipelines.warehouse import Warehouse

LEAST_BODIES = 60  # below which noise and inefficiency cannot be told apart (methods.md M3.11)
WIDTH = float(ndtri(0.975))  # half-width of a 95 % interval in standard errors


@dataclass(frozen=True)
class Fitted:
    """One service's model in one field. rows : of the roster; body, period : of each row used, by place.

    frontier : None where there are too few bodies for noise and inefficiency to be told apart.
    """

    model: Model
    cost: str
    words: str
    rows: np.ndarray
    body: np.ndarray
    period: np.ndarray
    answer: CostModel
    frontier: CostFrontier | None


def cost_models(pack: Pack, warehouse: Warehouse) -> int:
    """Write cost_models and modelled_costs; returns the rows of the second."""
    bodies = roster(pack, warehouse)
    models, modelled = [], []
    for model in sorted(pack.cost_models, key=lambda m: m.service):
        found = model_panel(pack, warehouse, bodies, model)
        for fitted in fitted_fields(pack, bodies, model, found):
            models.append(model_row(fitted, found))
            modelled.append(modelled_rows(pack, bodies, fitted, found))
    warehouse.write(COST_MODELS, stacked(models, COST_MODELS))
    return warehouse.write(modelled_costs(pack.currency), stacked(modelled, modelled_costs(pack.currency)))


def model_panel(pack: Pack, warehouse: Warehouse, bodies: Roster, model: Model) -> Panel:
    """Cost, volumes and transformed circumstances in the newest periods for which any body has them all."""
    cost = pack.service(model.service).cost
    periods = periods_of(pack, warehouse, cost)
    amounts = {id: amount(pack, warehouse, bodies, id, periods) for id in (cost, *model.volumes)}
    newest = context_figures(warehouse)
    drivers = {
        driver.measure: circumstance(pack, bodies, newest, driver.measure, driver.transform, periods)
        for driver in model.context
    }
    whole = panel(warehouse, bodies, model.service, amounts, periods, [(id,) for id in amounts], drivers)
    complete = np.flatnonzero(whole.usable.any(axis=0))[-model.periods :]
    return whole.only(complete)


def circumstance(
    pack: Pack, bodies: Roster, figures: pl.DataFrame, measure: str, how: str, periods: Sequence[str]
) -> Amount:
    """A body's newest figure on its circumstances, the same for every period, transformed."""
    newest = figures.filter(pl.col("measure_id") == measure).group_by("body_id", maintain_order=True).last()
    value, editions = np.full(len(bodies.ids), np.nan), np.full(len(bodies.ids), "", dtype=object)
    for body, number, read in newest.select("body_id", "value", "input_editions").iter_rows():
        if body in bodies.place:
            value[bodies.place[body]], editions[bodies.place[body]] = number, read
    moved = transform(value[:, None], [how])
    status = np.where(np.isfinite(moved), "ok", "missing")
    wide = np.ones((1, len(periods)))
    together = np.repeat(editions[:, None], len(periods), axis=1)
    return Amount(
        pack.measure(measure).label, moved * wide, np.repeat(status, len(periods), axis=1), together, (measure,)
    )


def fitted_fields(pack: Pack, bodies: Roster, model: Model, found: Panel) -> Iterator[Fitted]:
    """The model in each field with more rows than coefficients."""
    cost = pack.service(model.service).cost
    words, serves = np.array(bodies.field), np.isin(bodies.class_id, model.classes)
    for name in sorted(set(words[serves])):
        rows = np.flatnonzero(serves & (words == name))
        body, period = np.nonzero(found.usable[rows])
        body = rows[body]
        context = [driver.measure for driver in model.context]
        if len(body) > 1 + len(model.volumes) + len(context) + len(found.periods):
            spend, volumes, other = (taken(found, ids, body, period) for ids in ((cost,), model.volumes, context))
            answer = cost_model(spend[:, 0], volumes, other, body=bodies.names[body], period=period)
            cross = cross_check(answer, np.log(spend[:, 0]), np.hstack([np.log(volumes), other]), body, period)
            yield Fitted(model, cost, str(name), rows, body, period, answer, cross)


def taken(found: Panel, ids: Sequence[str], body: np.ndarray, period: np.ndarray) -> FloatArray:
    """(N, k) amounts of the rows used."""
    return np.column_stack([np.empty((len(body), 0)), *(found.amounts[id].value[body, period] for id in ids)])


def cross_check(
    answer: CostModel, log_cost: FloatArray, drivers: FloatArray, body: np.ndarray, period: np.ndarray
) -> CostFrontier | None:
    """A stochastic frontier of bodies' means over the periods, each period's own level taken out; None below 60 bodies.

    Means, because a body's years are not independent: as rows they would pass for more evidence than they are.
    """
    place = np.unique(body, return_inverse=True)[1]
    rows = np.bincount(place)
    if len(rows) < LEAST_BODIES:
        return None
    later = np.unique(period)[1:]
    level = np.zeros(int(period.max()) + 1)
    level[later] = answer.coefficients[1 + drivers.shape[1] :]
    middle = np.bincount(place, log_cost - level[period]) / rows
    design = np.stack([np.ones(len(rows)), *(np.bincount(place, column) / rows for column in drivers.T)], axis=1)
    return cost_frontier(middle, design)


def model_row(fitted: Fitted, found: Panel) -> pl.DataFrame:
    """The contract row of cost_models."""
    answer, tests, frontier = fitted.answer, fitted.answer.diagnostics, fitted.frontier
    editions = union([str(text) for text in found.editions[fitted.body, fitted.period]])
    row = {
        "service_id": fitted.model.service,
        "period": found.periods[-1],
        "field": fitted.words,
        "periods": " ".join(found.periods),
        "n_bodies": len(answer.bodies),
        "n_rows": len(answer.used),
        "terms": " ".join((*fitted.model.volumes, *(driver.measure for driver in fitted.model.context))),
        "elasticities": " ".join(f"{slope:.6g}" for slope in tests.elasticities),
        "quartile": answer.quartile,
        "factor": answer.factor,
        "reset_p": number(tests.reset_p),
        "vif": number(tests.vif),
        "skewness": tests.skewness,
        "prediction_r2": number(tests.predictive_r2),
        "stable": tests.stable,
        "passed": tests.passed,
        "failed": " ".join(tests.failed) or None,
        "inefficiency": None if frontier is None else frontier.detectable,
        "sigma_u": None if frontier is None else frontier.sigma_u,
        "sigma_v": None if frontier is None else frontier.sigma_v,
        **method(editions),
    }
    return pl.DataFrame([row], schema=COST_MODELS.schema)


def method(editions: str) -> dict[str, str | None]:
    """The columns that say how a row was made."""
    return {
        "method_id": METHOD.id,
        "method_version": METHOD.version,
        "params_hash": METHOD.params_hash(),
        "input_editions": editions,
        "seed": None,
    }


def number(value: float) -> float | None:
    """A finite number, or None."""
    return float(value) if np.isfinite(value) else None


def modelled_rows(pack: Pack, bodies: Roster, fitted: Fitted, found: Panel) -> pl.DataFrame:
    """Contract rows of modelled_costs: every body of the field, null where no year could be used."""
    table, unit = modelled_costs(pack.currency), pack.currency.lower()
    answer = fitted.answer
    place = np.unique(fitted.body, return_inverse=True)[1]
    rows, used = np.bincount(place), np.unique(fitted.body)
    spend = found.amounts[fitted.cost].value[fitted.body, fitted.period]
    wide = np.exp(WIDTH * answer.ratio_se)
    columns = {
        f"actual_{unit}": np.bincount(place, spend) / rows,
        f"modelled_{unit}": np.bincount(place, answer.modelled) / rows,
        "ratio": answer.ratio,
        "ratio_lo": answer.ratio / wide,
        "ratio_hi": answer.ratio * wide,
    }
    if fitted.frontier is not None:
        found_u = fitted.frontier.inefficiency
        columns |= {"sfa": found_u.efficiency, "sfa_lo": found_u.lo, "sfa_hi": found_u.hi}
    states = [
        str(worst("ok", *found.status[row][found.usable[row]])) if row in set(used) else str(found.status[row, -1])
        for row in fitted.rows
    ]
    frame = pl.DataFrame(
        {
            "body_id": bodies.names[fitted.rows],
            "status": states,
            "input_editions": [union([str(text) for text in found.editions[row]]) for row in fitted.rows],
        }
    ).join(
        pl.DataFrame(
            {"body_id": bodies.names[used]} | {name: pl.Series(v, nan_to_null=True) for name, v in columns.items()}
        ),
        on="body_id",
        how="left",
    )
    stated = {"service_id": fitted.model.service, "period": found.periods[-1]} | method("")
    stated.pop("input_editions")
    frame = frame.with_columns(pl.lit(value).alias(name) for name, value in stated.items())
    absent = [name for name in table.schema if name not in frame.columns]
    return frame.with_columns(pl.lit(None).alias(name) for name in absent)
