"""How many targets each body carries, whether they say the same twice or pull against each other (M4.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from pipelines.methods.target_budget import OVERLOAD, Overlap, overlap, overload
from pipelines.packs.pack import Pack
from pipelines.packs.schema_policy import TargetPolicy
from pipelines.walk.series import Series
from pipelines.walk.target_levels import DIRECTION

Key = tuple[str, tuple[str, ...]]


def budget_rows(
    pack: Pack,
    policy: TargetPolicy,
    carried: Mapping[str, Sequence[str]],
    fields: Mapping[str, str],
    series: Mapping[str, Series],
    rows: np.ndarray,
) -> pl.DataFrame:
    """A row per body of the policy: load, overlap and conflicts of the indicators that it is asked for.

    carried : indicators by body, sorted.   fields : the field of each body.   rows (n,) : the field of each row of the
    series' matrices.
    """
    told: dict[Key, Overlap | None] = {}
    out = []
    for body, asked in sorted(carried.items()):
        key = fields.get(body, ""), tuple(asked)
        if key not in told:
            told[key] = overlapping(pack, policy, key[1], series, rows == key[0])
        load = overload(
            [pack.indicator(id).service for id in asked], per_service=policy.per_service, per_body=policy.per_body
        )
        out.append(
            {
                "policy_id": policy.id,
                "body_id": body,
                "active": len(asked),
                "allowed": policy.per_body,
                "load": load.load,
                "over": " ".join(load.over) or None,
                **overlap_words(told[key], key[1]),
                "input_editions": " ".join(sorted({e for id in asked if id in series for e in series[id].editions})),
            }
        )
    schema = {"effective": pl.Float64(), "duplicates": pl.String(), "conflicts": pl.String(), "over": pl.String()}
    return pl.DataFrame(out, schema_overrides=schema).with_columns(
        pl.lit(OVERLOAD.id).alias("method_id"),
        pl.lit(OVERLOAD.version).alias("method_version"),
        pl.lit(OVERLOAD.params_hash(per_service=policy.per_service, per_body=policy.per_body)).alias("params_hash"),
        pl.lit(None, dtype=pl.Int64()).alias("seed"),
    )


def overlap_words(found: Overlap | None, asked: tuple[str, ...]) -> dict[str, object]:
    """The columns of an overlap; null where history cannot tell."""
    if found is None:
        return {"effective": 1.0 if len(asked) == 1 else None, "duplicates": None, "conflicts": None}
    named = [
        " ".join(f"{asked[a]}+{asked[b]}" for a, b in pairs) or None for pairs in (found.duplicates, found.conflicts)
    ]
    return {"effective": found.effective, "duplicates": named[0], "conflicts": named[1]}


def overlapping(
    pack: Pack, policy: TargetPolicy, asked: tuple[str, ...], series: Mapping[str, Series], members: np.ndarray
) -> Overlap | None:
    """How past yearly changes of some indicators go together in a field; None where too few can be told.

    Changes stand beside each other when their periods end within half a year.
    """
    if len(asked) < 2 or any(id not in series for id in asked):
        return None
    first = series[asked[0]]
    columns = {id: series[id].beside(first.periods) for id in asked}
    kept = [place for place in range(len(first.periods)) if all(columns[id][place] >= 0 for id in asked)]
    if len(kept) < 2:
        return None
    panels = [np.diff(series[id].value[members][:, [columns[id][place] for place in kept]], axis=1) for id in asked]
    changes = np.stack(panels, axis=-1).reshape(-1, len(asked))
    complete = changes[~np.isnan(changes).any(axis=1)]
    if len(complete) < len(asked) + 3 or (np.ptp(complete, axis=0) == 0).any():
        return None
    return overlap(complete, [DIRECTION[pack.indicator(id).polarity] for id in asked])
