"""`claim` answers for any figure of a release, of every kind, and arrives at the figure that is published."""

from __future__ import annotations

import math
from collections.abc import Iterator

import polars as pl
import pytest

from pipelines.releases.read import KINDS, Claim, Release, claim, claim_json, claim_text, explain, open_release
from tests.runs import Ran

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SAMPLE = 250  # of each pack, over all kinds
SEED = 20261122
COLUMNS = {
    "subject": ("body_id", "field"),
    "figure": ("indicator_id", "service_id", "frontier_id", "policy_id", "scheme_id"),
    "period": ("period", "year"),
    "model": ("model_id", "policy_id", "plan_id", "way"),
}
TABLE = {"position": "positions", "value": "indicator_values", "cost": "costs"}
"""Tables of the kinds that are not named after theirs."""


def figures(release: Release, kind: str, size: int) -> Iterator[tuple[str, str, str, str | None]]:
    """Subject, figure, period and model of `size` figures of a kind: half one of each sort in turn, half as they fall.

    They are the columns of the table's key of those names; sorts are told by figure, status, verdict, use and flag.
    """
    table = TABLE.get(kind, kind)
    rows = release.table(table).sample(fraction=1.0, shuffle=True, seed=SEED)
    key = next(entry["schema"]["primaryKey"] for entry in release.meta["resources"] if entry["name"] == table)
    named = {part: next((name for name in names if name in key), None) for part, names in COLUMNS.items()}
    wanted = [
        pl.lit(None, dtype=pl.String).alias(part) if name is None else pl.col(name).cast(pl.String).alias(part)
        for part, name in named.items()
    ]
    told_by = (named["figure"], "status", "verdict", "use", "flag", "call", "test", "signal")
    sorts = [name for name in told_by if name in rows.columns]
    one_each = rows.unique(sorts, keep="first", maintain_order=True).head(size // 2)
    yield from pl.concat([one_each, rows]).select(wanted).unique(maintain_order=True).head(size).iter_rows()


def sampled(release: Release) -> Iterator[tuple[str, str, str, str, str | None]]:
    """Kind and key of SAMPLE figures, spread evenly over the kinds that have any."""
    kinds = [kind for kind in sorted(KINDS) if release.table(TABLE.get(kind, kind)).height]
    pools = [list(figures(release, kind, SAMPLE)) for kind in kinds]
    taken = 0
    for place in range(SAMPLE):
        for kind, pool in zip(kinds, pools, strict=True):
            if place < len(pool) and taken < SAMPLE:
                taken += 1
                yield (kind, *pool[place])


@pytest.mark.parametrize("pack", ["english_councils", "us_acos"])
def test_every_kind_of_figure_reproduces_what_is_published(both: Ran, pack: str) -> None:
    release = open_release(both.home, pack)
    asked: dict[str, int] = {}
    for kind, subject, figure, period, model in sampled(release):
        where = f"{kind} {subject} {figure} {period} {model or ''}"
        found = claim(release, kind, subject, figure, period, model)
        assert found.release == release.id, where
        assert found.sentence, where
        assert not [step.title for step in found.steps if step.reproduced is False], f"{where}\n{claim_text(found)}"
        shown_in_full(found, where)
        asked[kind] = asked.get(kind, 0) + 1
    assert sum(asked.values()) == SAMPLE
    assert set(asked) == {kind for kind in KINDS if release.table(TABLE.get(kind, kind)).height}


def test_the_sum_of_a_settlement_is_claimed_as_the_sum_of_its_years(both: Ran) -> None:
    release = open_release(both.home, "english_councils")
    table = release.table("settlements").filter(pl.col("status") == "ok")
    for body, scheme, plan in table.select("body_id", "scheme_id", "plan_id").unique().sort("body_id").head(12).rows():
        found = claim(release, "settlements", body, scheme, "total", plan)
        years = table.filter(body_id=body, scheme_id=scheme, plan_id=plan)
        assert found.value == years["kept_pence"].sum() / 100
        assert [step.reproduced for step in found.steps] == [True] * years.height + [None]
        shown_in_full(found, f"{body} {scheme} {plan}")
    unsettled = release.table("settlements").filter(pl.col("kept_pence").is_null(), pl.col("plan_id").is_not_null())
    for body, scheme, plan in (
        unsettled.select("body_id", "scheme_id", "plan_id").unique().sort("body_id").head(3).rows()
    ):
        assert claim(release, "settlements", body, scheme, "total", plan).value is None  # missing is never zero


def shown_in_full(found: Claim, where: str) -> None:
    """Whatever is shown is a number, with its steps and the publishers' rows behind it, as text and as JSON."""
    assert claim_text(found)
    assert claim_json(found)["value"] == found.value, where
    if found.value is not None:
        assert math.isfinite(found.value), where
        assert found.steps, where
        assert found.inputs or found.peers or found.kind == "incentives", where  # those rest on terms alone
        assert all(source.locator and source.edition and source.publisher for source in found.inputs), where


@pytest.mark.parametrize("pack", ["english_councils", "us_acos"])
def test_a_value_is_the_one_of_the_table(both: Ran, pack: str) -> None:
    release = open_release(both.home, pack)
    for row in release.table("indicator_values").sample(40, seed=SEED).iter_rows(named=True):
        found = explain(release, row["body_id"], row["indicator_id"], row["period"])
        assert found.status == row["status"], row
        if row["status"] not in ("withheld", "quarantined"):
            assert found.value == row["value"], row
