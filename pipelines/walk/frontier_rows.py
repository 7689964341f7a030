"""Contract rows of a frontier: scores with reasons, peers with weights, amounts with targets and slacks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.contracts.production import EFFICIENCY, EFFICIENCY_PARTS, EFFICIENCY_PEERS
from pipelines.methods.frontier_interval import METHOD
from pipelines.packs.schema_frontiers import Frontier
from pipelines.walk.benchmarks import stacked
from pipelines.walk.matrices import Roster
from pipelines.walk.samples import Panel
from pipelines.walk.scores import REPLICATES, Scored

PER_DIMENSION = 5  # bodies that a field needs for each input and output (methods.md M3.8)


@dataclass(frozen=True)
class Field:
    """One frontier in one field and period: rows of the roster, and the answer where one may be published."""

    frontier: Frontier
    words: str
    period: int
    rows: np.ndarray
    scored: Scored | None


def needed(frontier: Frontier) -> int:
    """Bodies that a field of this frontier needs."""
    return PER_DIMENSION * (len(frontier.inward) + len(frontier.outputs))


def efficiency_rows(bodies: Roster, field: Field, found: Panel) -> pl.DataFrame:
    """Contract rows of efficiency: scores where there are any, else the reason.

    A score that rests on a body whose data are to be checked is provisional (methods.md M3.15).
    """
    frontier, period, scored = field.frontier, field.period, field.scored
    compared = found.usable[field.rows, period]
    few = few_words(frontier, int(compared.sum())) if scored is None else ""
    frame = pl.DataFrame(
        {
            "body_id": bodies.names[field.rows],
            "status": np.where(compared & (scored is None), "withheld", found.status[field.rows, period]),
            "reason": [text or few or None for text in found.reason[field.rows, period]],
            "input_editions": found.editions[field.rows, period].tolist(),
        },
        schema_overrides={"reason": pl.String, "input_editions": pl.String},
    ).with_columns(
        frontier_id=pl.lit(frontier.id),
        period=pl.lit(found.periods[period]),
        field=pl.lit(field.words),
        n=pl.lit(int(compared.sum())),
        method_id=pl.lit(METHOD.id),
        method_version=pl.lit(METHOD.version),
        params_hash=pl.lit(
            METHOD.params_hash(rts=frontier.rts, orientation=frontier.orientation, replicates=REPLICATES)
        ),
        seed=pl.lit(0),
    )
    if scored is None:
        return frame.with_columns(pl.lit(None).alias(name) for name in EFFICIENCY.schema if name not in frame.columns)
    doubt = pl.col("doubtful").fill_null(value=False) & pl.col("status").is_in(("ok", "break"))
    return frame.join(scored.frame, on="body_id", how="left").with_columns(
        pl.when(doubt).then(pl.lit("provisional")).otherwise("status").alias("status")
    )


def few_words(frontier: Frontier, n: int) -> str:
    """Why a field is too small for a frontier."""
    m, s = len(frontier.inward), len(frontier.outputs)
    return (
        f"{n} comparable bodies are too few: {m} inputs and {s} outputs need {needed(frontier)}, "
        "or most would look efficient by construction"
    )


def peer_rows(bodies: Roster, field: Field, found: Panel) -> pl.DataFrame:
    """Contract rows of efficiency_peers: whom each body is measured against, and with what weight."""
    assert field.scored is not None
    pairs = field.scored.answer.lambdas.tocoo()
    body, peer = pairs.coords
    names = bodies.names[field.scored.sample.rows]
    return pl.DataFrame(
        {
            "frontier_id": [field.frontier.id] * len(body),
            "body_id": names[body],
            "period": [found.periods[field.period]] * len(body),
            "peer_id": names[peer],
            "weight": pairs.data,
        },
        schema=EFFICIENCY_PEERS.schema,
    )


def part_rows(bodies: Roster, field: Field, found: Panel) -> pl.DataFrame:
    """Contract rows of efficiency_parts: each amount, its target, slack and implied weight."""
    assert field.scored is not None
    frontier, answer, own = field.frontier, field.scored.answer, field.scored.sample
    frames = []
    for column, id in enumerate((*frontier.inward, *frontier.outputs)):
        inward = column < own.X.shape[1]
        actual, slack = np.hstack([own.X, own.Y])[:, column], answer.slacks[:, column]
        factor = answer.score if inward == (frontier.orientation == "in") else 1.0
        frames.append(
            pl.DataFrame(
                {
                    "frontier_id": frontier.id,
                    "body_id": bodies.names[own.rows],
                    "period": found.periods[field.period],
                    "measure_id": id,
                    "side": "input" if inward else "output",
                    "actual": actual,
                    "target": pl.Series(actual * factor + (-slack if inward else slack), nan_to_null=True),
                    "slack": pl.Series(slack, nan_to_null=True),
                    "multiplier": pl.Series(answer.multipliers[:, column], nan_to_null=True),
                }
            )
        )
    return stacked(frames, EFFICIENCY_PARTS)
