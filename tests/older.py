"""An older state of the invented release, for tests of what changed.

T01's share recycled in 2023-24 is a fifth lower, so its position moved by a revision alone; T02 lacks its last peer;
and roads were not measured in 2023-24.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.releases.build import build
from pipelines.releases.store import Store
from tests import releases as sample

SHARE = "recycling_share"


def frames() -> dict[str, pl.DataFrame]:
    """The frames of the older release."""
    found = sample.frames()
    mine = (pl.col("body_id") == "T01") & (pl.col("indicator_id") == SHARE) & (pl.col("period") == "2023-24")
    unmeasured = (pl.col("indicator_id") == "road_cost_per_km") & (pl.col("period") == "2023-24")
    for name, columns in (
        ("indicator_values", ("value", "lo", "hi")),
        ("positions", ("ratio", "ratio_lo", "ratio_hi")),
    ):
        lower = [pl.when(mine).then(pl.col(column) * 0.8).otherwise(pl.col(column)).alias(column) for column in columns]
        found[name] = found[name].filter(~unmeasured).with_columns(lower)
    of_t02 = (pl.col("model_id") == "statistical") & (pl.col("body_id") == "T02")
    last = found["peers"].filter(of_t02)["peer_id"].to_list()[-1]
    found["peers"] = found["peers"].filter(~(of_t02 & (pl.col("peer_id") == last)))
    return found


def make_older(home: Path) -> str:
    """Publish the older state under `home` and return its id."""
    store = Store(home)
    with store.workspace(sample.PACK) as folder:
        made = build(folder, frames(), sample.checks(), sample.lineage(), sample.pack_facts(), sample.provenance())
        return store.publish(sample.PACK, made, by="tests", why="older").release
