"""`explain` answers for any figure of a release and arrives at the figure that is published."""

from __future__ import annotations

import math

import polars as pl
import pytest

from pipelines.releases.read import Release, claim_json, claim_text, explain, open_release
from tests.runs import Ran

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SAMPLE = 200
SEED = 20261122


def sampled(release: Release, size: int) -> pl.DataFrame:
    """Figures of a release: half as they fall, half one of each indicator and status in turn."""
    figures = release.table("indicator_values")
    spread = figures.sample(fraction=1.0, shuffle=True, seed=SEED).unique(
        ["indicator_id", "status"], keep="first", maintain_order=True
    )
    chance = figures.sample(size, seed=SEED)
    return pl.concat([spread.head(size // 2), chance]).unique(maintain_order=True).head(size)


@pytest.mark.parametrize("pack", ["english_councils", "us_acos"])
def test_explain_reproduces_what_is_published(both: Ran, pack: str) -> None:
    release = open_release(both.home, pack)
    rows = sampled(release, SAMPLE)
    assert rows.height == SAMPLE
    shown = 0
    for row in rows.iter_rows(named=True):
        where = f"{row['body_id']} {row['indicator_id']} {row['period']}"
        claim = explain(release, row["body_id"], row["indicator_id"], row["period"])
        assert claim.status == row["status"], where
        assert claim.release == release.id, where
        assert claim.sentence, where
        if row["status"] not in ("withheld", "quarantined"):
            assert claim.value == row["value"], where
        assert not [step for step in claim.steps if step.reproduced is False], where
        if claim.value is not None:
            shown += 1
            assert math.isfinite(claim.value), where
            assert claim.inputs, where
            assert all(source.locator and source.edition and source.publisher for source in claim.inputs), where
        assert claim_text(claim)
        assert claim_json(claim)["value"] == claim.value
    assert shown > SAMPLE / 3
