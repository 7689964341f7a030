"""Settlements of a real run: what the programme paid, penny by penny; and the sector asked in five ways."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.releases.read import open_release
from tests.runs import Ran

pytestmark = [pytest.mark.integration, pytest.mark.slow]

# Pay for reporting, and did not report: only the published sharing rate of 0 shows it (docs/settle.md).
NOT_REPORTED = {("A23913", "2014"), ("A80939", "2014")}


def test_the_programme_is_settled_as_it_was_paid(both: Ran) -> None:
    release = open_release(both.home, "us_acos")
    found = release.table("settlements")
    assert found.height == 2784
    assert set(found["status"]) == {"ok"}
    paid = release.table("values").filter(pl.col("measure_id") == "earned_savings_or_losses", pl.col("is_current"))
    beside = found.join(paid.select("body_id", "period", "value"), on=["body_id", "period"])
    apart = (pl.col("kept_cents") / 100 - pl.col("value")).abs()
    # Quality is printed to four decimals: 0.00005 x 75 % of the largest saving is some thousands of dollars.
    wrong = beside.filter(apart > 0.5 + 1 + 0.00005 * 0.75 * pl.col("below_cents").abs() / 100)
    assert set(wrong.select("body_id", "period").iter_rows()) == NOT_REPORTED
    check = next(check for check in release.checks if check.id == "settlements_agree_with_payments")
    assert (check.severity, check.observed) == ("warning", "2 rows against the rule")


@pytest.mark.parametrize("pack", ["english_councils", "us_acos"])
def test_no_penny_is_lost(both: Ran, pack: str) -> None:
    found = open_release(both.home, pack).table("settlements").filter(status="ok")
    unit = next(name for name in found.columns if name.startswith("below_")).removeprefix("below_")
    below, parts = found[f"below_{unit}"], [found[f"{name}_{unit}"] for name in ("kept", "centre", "held")]
    assert found.height > 1000
    assert (below == parts[0] + parts[1] + parts[2]).all()


def test_an_equal_cut_hits_councils_that_a_cut_by_gaps_spares(both: Ran) -> None:
    release = open_release(both.home, "english_councils")
    asked = release.table("scheme_bodies")
    equal, fair = (asked.filter(way=way) for way in ("equal_cut", "benchmark"))
    assert (equal["chance_overcut"] > 0.5).sum() > 20
    assert (fair["chance_overcut"] > 0.5).sum() == 0
    totals = release.table("schemes")
    assert set(totals["way"]) == {"clawback", "equal_cut", "benchmark", "gain_share", "menu"}
    assert totals["required"].unique().to_list() == [0.03]
