"""From indicators to benchmarks: who a body's peers are and why, and where it stands among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.contracts import CELLS, PEER_FEATURES, PEER_GROUPS, PEERS, POSITIONS, Table
from pipelines.methods import context, peers, position
from pipelines.methods.arrays import over
from pipelines.methods.peers import FULL_GROUP, SMALL_GROUP
from pipelines.methods.status import JUDGED
from pipelines.packs.pack import Pack
from pipelines.packs.schema import PeerModel
from pipelines.walk.matrices import Figures, Roster, context_matrix, indicator_columns, roster
from pipelines.warehouse import Warehouse

DIRECTION = {"higher": 1.0, "lower": -1.0, "neutral": 0.0}
WITHHELD_STATUS = {
    "missing": "the figure is missing",
    "suppressed": "the figure is suppressed",
    "not_applicable": "the measure does not apply",
    "zero_den": "the denominator is zero",
    "small": "too small to say",
    "imputed": "the figure is modelled",
    "withheld": "a check forbids showing the figure",
    "quarantined": "a check set the figure aside",
}
LAST_NUMBER = re.compile(r"(\d+)$")


@dataclass(frozen=True)
class Chosen:
    """The peers of one model: ids [n, K] rows of the roster (-1 for none) and what is known of each."""

    model: PeerModel
    ids: np.ndarray
    distance: np.ndarray
    rebased: np.ndarray
    retention: np.ndarray
    share: np.ndarray  # [n, K, v]
    params_hash: str
    editions: str
    seed: int | None


def find_peers(pack: Pack, warehouse: Warehouse) -> int:
    """Write peers, peer_features and peer_groups of every model; returns the number of peer rows."""
    bodies = roster(pack, warehouse)
    variables, editions = context_matrix(pack, warehouse, bodies)
    chosen = [choose(pack, warehouse, model, bodies, variables, editions) for model in pack.peer_models]
    warehouse.write(PEER_FEATURES, stacked([feature_rows(pack, c, bodies, variables) for c in chosen], PEER_FEATURES))
    warehouse.write(PEER_GROUPS, stacked([group_rows(c, bodies) for c in chosen], PEER_GROUPS))
    return warehouse.write(PEERS, stacked([peer_rows(c, bodies) for c in chosen], PEERS))


def choose(
    pack: Pack, warehouse: Warehouse, model: PeerModel, bodies: Roster, variables: dict[str, np.ndarray], editions: str
) -> Chosen:
    """The peers of one model, computed from context or taken from a published list."""
    if model.kind == "published":
        return published_peers(pack, warehouse, model, bodies)
    return computed_peers(model, bodies, variables, editions)


def computed_peers(model: PeerModel, bodies: Roster, variables: dict[str, np.ndarray], editions: str) -> Chosen:
    """Statistical nearest neighbours on the model's context variables, with retention (M2.1, M2.2)."""
    scores, weights = scored(model, variables)
    allowed = bodies.blocks(model)
    cap = 1.0 if model.cap_quantile is None else model.cap_quantile
    found = peers.nearest(scores, weights, allowed, k=model.k, cap=cap)
    kept = peers.retention(scores, weights, found.ids, allowed, k=model.k, cap=cap)
    return Chosen(
        model,
        found.ids,
        found.distance,
        over(found.distance, found.farthest[:, None]),
        kept,
        found.contribution,
        peers.METHOD.params_hash(k=model.k, cap=cap),
        editions,
        0,
    )


def scored(model: PeerModel, variables: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Scores [n, v] and weights [v] of a computed model's context variables."""
    raw = np.column_stack([variables[variable.id] for variable in model.variables])
    scores = context.robust_scores(context.transform(raw, [variable.transform for variable in model.variables]))
    return scores, np.array(weights_of(model))


def weights_of(model: PeerModel) -> list[float]:
    """Weight of each context variable: its own where the pack states one, else its share of its theme's."""
    return [variable.weight or theme_weight(model, variable.theme) for variable in model.variables]


def theme_weight(model: PeerModel, theme: str) -> float:
    """Equal weight for every theme, shared by its variables, so that ten proxies do not count ten times."""
    return 1.0 / sum(variable.theme == theme for variable in model.variables)


def published_peers(pack: Pack, warehouse: Warehouse, model: PeerModel, bodies: Roster) -> Chosen:
    """A publisher's own list, without the bodies that the hard constraints exclude; the order is kept."""
    rows = warehouse.read(
        f"""
        select c.code, c.series, c.text, c.edition
        from {CELLS.qualified} c join staging.ruling r using (dataset, period, edition)
        where c.dataset = ? and starts_with(c.series, ?) order by c.code, c.series
        """,
        [model.dataset, model.series_prefix],
    )
    # A number that changed hands means its newest holder: the list is about bodies of today.
    meaning = dict(
        warehouse.read(
            "select code, body_id from marts.body_alias where scheme = ? order by code, valid_from, body_id",
            [model.scheme],
        ).iter_rows()
    )
    listed = []
    for code, series, text, _ in rows.iter_rows():
        body, peer = bodies.place.get(meaning.get(code, "")), bodies.place.get(meaning.get(text, ""))
        order = LAST_NUMBER.search(series)
        if body is not None and peer is not None and order:
            listed.append((body, int(order[1]), peer))
    found = np.array(listed, dtype=np.int64).reshape(-1, 3)
    lists: list[list[tuple[int, int]]] = [[] for _ in bodies.ids]
    for body, place, peer in found[bodies.allows(model, found[:, 0], found[:, 2])].tolist():
        lists[body].append((place, peer))
    ids = np.full((len(lists), model.k), -1)
    for body, stated in enumerate(lists):
        near = [peer for _, peer in sorted(stated)][: model.k]
        ids[body, : len(near)] = near
    unknown = np.full(ids.shape, np.nan)
    editions = " ".join(f"{model.dataset}@{edition}" for edition in sorted(rows["edition"].unique()))
    hashed = peers.METHOD.params_hash(k=model.k, cap=1.0, standardise="published list")
    return Chosen(model, ids, unknown, unknown, unknown, np.full((*ids.shape, 0), np.nan), hashed, editions, None)


def pairs(chosen: Chosen, bodies: Roster) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row numbers of body and peer, and the peer's place in the list, for every pair."""
    body, order = np.nonzero(chosen.ids >= 0)
    return body, chosen.ids[body, order], order


def peer_rows(chosen: Chosen, bodies: Roster) -> pl.DataFrame:
    """Contract rows of peers."""
    body, peer, order = pairs(chosen, bodies)
    kept = pl.Series("retention", chosen.retention[body, order], nan_to_null=True)
    frame = pl.DataFrame(
        {
            "body_id": bodies.names[body],
            "peer_id": bodies.names[peer],
            "closeness_order": order + 1,
            "distance": pl.Series(chosen.distance[body, order], nan_to_null=True),
            "distance_rebased": pl.Series(chosen.rebased[body, order], nan_to_null=True),
            "retention": kept,
            "core": kept >= 0.8,
        }
    )
    return frame.with_columns(
        pl.lit(chosen.model.id).alias("model_id"),
        pl.lit(peers.METHOD.id).alias("method_id"),
        pl.lit(peers.METHOD.version).alias("method_version"),
        pl.lit(chosen.params_hash).alias("params_hash"),
        pl.lit(chosen.editions).alias("input_editions"),
        pl.lit(chosen.seed).cast(pl.Int64).alias("seed"),
    )


def feature_rows(pack: Pack, chosen: Chosen, bodies: Roster, variables: dict[str, np.ndarray]) -> pl.DataFrame:
    """Contract rows of peer_features: values side by side, and each variable's share of the distance.

    A published list gets the values of the headline computed model's variables, without shares: it states none.
    """
    described = chosen.model.variables or pack.peer_model(pack.headline_peer_model).variables
    body, peer, order = pairs(chosen, bodies)
    frames = []
    for v, variable in enumerate(described):
        values = variables[variable.id]
        share = chosen.share[body, order, v] if chosen.share.shape[2] else np.full(body.size, np.nan)
        frames.append(
            pl.DataFrame(
                {
                    "body_id": bodies.names[body],
                    "peer_id": bodies.names[peer],
                    "body_value": pl.Series(values[body], nan_to_null=True),
                    "peer_value": pl.Series(values[peer], nan_to_null=True),
                    "share": pl.Series(share, nan_to_null=True),
                }
            ).with_columns(
                pl.lit(chosen.model.id).alias("model_id"),
                pl.lit(variable.id).alias("variable_id"),
                pl.lit(variable.label).alias("label"),
                pl.lit(variable.theme).alias("theme"),
                pl.lit(pack.measure(variable.measure).unit).alias("unit"),
            )
        )
    return stacked(frames, PEER_FEATURES)


def group_rows(chosen: Chosen, bodies: Roster) -> pl.DataFrame:
    """Contract rows of peer_groups: whether a body's group can carry a benchmark."""
    size = (chosen.ids >= 0).sum(axis=1)
    state = np.where(size >= FULL_GROUP, "benchmark", np.where(size >= SMALL_GROUP, "few", "none"))
    noted = {
        "benchmark": None,
        "few": "few comparable bodies: median and range only",
        "none": "no fair peer group: too few bodies are alike",
    }
    return pl.DataFrame(
        {
            "model_id": [chosen.model.id] * size.size,
            "body_id": bodies.names,
            "n_peers": size,
            "state": state,
            "appears_in": peers.listings(chosen.ids),
            "note": [noted[word] for word in state],
        }
    )


def stacked(frames: list[pl.DataFrame], table: Table) -> pl.DataFrame:
    """Frames of one contract, one under the other; empty when there are none."""
    schema = table.schema
    ordered = [frame.select(list(schema)).cast(pl.Schema(schema)) for frame in frames]
    return pl.concat([pl.DataFrame(schema=schema), *ordered])


def positions(pack: Pack, warehouse: Warehouse) -> int:
    """Write positions: every body, indicator and period against the peers of every model; returns its rows."""
    bodies = roster(pack, warehouse)
    columns = indicator_columns(warehouse, bodies)
    listed = warehouse.table(PEERS)
    # Under a model other than the headline one, a body without any peer has nothing to be told.
    told = (pl.col("model_id") == pack.headline_peer_model) | (pl.col("n_peers") + pl.col("n_left_out") > 0)
    frames = (
        position_rows(pack, model, bodies, columns, listed.filter(pl.col("model_id") == model.id)).filter(
            told, pl.col("indicator_id").is_in(served(pack, model))
        )
        for model in sorted(pack.peer_models, key=lambda model: model.id)
    )
    return warehouse.write_parts(POSITIONS, frames)


def served(pack: Pack, model: PeerModel) -> list[str]:
    """Indicators that a model's peers may be used for: a list made for one service says nothing about another."""
    return [found.id for found in pack.indicators if model.serves(found.service)]


def position_rows(pack: Pack, model: PeerModel, bodies: Roster, figures: Figures, listed: pl.DataFrame) -> pl.DataFrame:
    """Contract rows of positions under one peer model."""
    ids = peer_ids(model, bodies, listed)
    direction = np.array([DIRECTION[pack.indicator(id).polarity] for id in figures.indicator])
    alike = figures.like_for_like
    value = np.where(alike, figures.value, np.nan)
    status = figures.status
    found = position.position_among(value, ids, direction, status=status)
    words = position.verdict(
        value,
        np.where(alike, figures.lo, np.nan),
        np.where(alike, figures.hi, np.nan),
        found.peers,
        status,
        reference=found.median,
    )
    left_out = among(ids, figures.present & ~alike)
    row, column = np.nonzero(figures.present)
    middle = np.where(found.median > 0, found.median, np.nan)

    def at(matrix: np.ndarray) -> pl.Series:
        return pl.Series(matrix[row, column], nan_to_null=True)

    frame = pl.DataFrame(
        {
            "body_id": pl.Series(bodies.ids, dtype=pl.String).gather(row),
            "indicator_id": pl.Series(figures.indicator, dtype=pl.String).gather(column),
            "period": pl.Series(figures.period, dtype=pl.String).gather(column),
            "n_peers": at(found.peers),
            "n_left_out": at(left_out),
            "peer_min": at(found.low),
            "peer_q25": at(found.q1),
            "peer_median": at(found.median),
            "peer_q75": at(found.q3),
            "peer_max": at(found.high),
            "percentile": at(found.percentile),
            "band": at(found.band).cast(pl.Int64),
            "ratio": at(value / middle),
            "ratio_lo": at(np.where(alike, figures.lo, np.nan) / middle),
            "ratio_hi": at(np.where(alike, figures.hi, np.nan) / middle),
            "verdict": words[row, column],
            "status": status[row, column],
            "like_for_like": alike[row, column],
            "bounded": ~np.isnan(figures.lo)[row, column],
            "input_editions": figures.editions[row, column],
        }
    )
    return frame.with_columns(
        pl.lit(model.id).alias("model_id"),
        reason_expr(pack).alias("reason"),
        pl.lit(position.EVIDENCE.id).alias("method_id"),
        pl.lit(position.EVIDENCE.version).alias("method_version"),
        pl.lit(position.EVIDENCE.params_hash()).alias("params_hash"),
        pl.lit(None).cast(pl.Int64).alias("seed"),
    )


def peer_ids(model: PeerModel, bodies: Roster, listed: pl.DataFrame) -> np.ndarray:
    """One model's rows of `peers` as ids [n, K]: rows of the roster, nearest first, -1 for none."""
    ids = np.full((len(bodies.ids), model.k), -1)
    owner = [bodies.place[body] for body in listed["body_id"]]
    ids[owner, listed["closeness_order"].to_numpy() - 1] = [bodies.place[peer] for peer in listed["peer_id"]]
    return ids


def among(ids: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """How many of each body's peers are marked: ids [n, K], -1 for none; marked [n, m]; returns [n, m]."""
    padded = np.vstack([marked, np.zeros((1, marked.shape[1]), dtype=bool)])  # -1 is the last row: nobody
    total = np.zeros(marked.shape, dtype=np.int64)
    for place in ids.T:
        total += padded[place]
    return total


def reason_expr(pack: Pack) -> pl.Expr:
    """Why a verdict is withheld, most telling reason first; null where one is given."""
    return (
        pl.when(pl.col("verdict") != "withheld")
        .then(None)
        .when(~pl.col("like_for_like"))
        .then(pl.lit("not like for like: another body pays part of the service"))
        .when(~pl.col("status").is_in(JUDGED))
        .then(pl.col("status").replace_strict(WITHHELD_STATUS, default="the figure cannot be used"))
        .when(pl.col("n_peers") < SMALL_GROUP)
        .then(pl.concat_str(pl.lit(f"too few comparable {pack.nouns} ("), pl.col("n_peers"), pl.lit(") to compare")))
        .when(~pl.col("bounded"))
        .then(pl.lit("no interval can be given, so chance cannot be ruled out"))
        .otherwise(pl.lit("no statement can be made"))
    )
