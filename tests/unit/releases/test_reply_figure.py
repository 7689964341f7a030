"""A disputed figure recomputed: the arithmetic by hand, an independent computation, and nothing hidden let out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.releases.read import Dispute, Recomputed, Release, open_release, recompute, recomputed_json
from pipelines.releases.reply_figure import again, inputs_of, shown, standing
from pipelines.releases.reply_told import given_lines, lines_of_dispute
from tests import releases as sample

Z = 1.959963984540054  # the 97.5 % point of the normal distribution


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    home = tmp_path_factory.mktemp("reply")
    sample.make_release(home)
    return open_release(home, sample.PACK)


def dispute(figure: str, numerator: float | None = None, denominator: float | None = None) -> Dispute:
    """A dispute of `BODY INDICATOR PERIOD`."""
    body, indicator, period = figure.split()
    return Dispute(
        id="0123456789",
        release="0123456789abcdef",
        body=body,
        indicator=indicator,
        period=period,
        who="A",
        when="2026-12-07T00:00:00Z",
        statement="Wrong.",
        numerator=numerator,
        denominator=denominator,
        deadline="2027-01-04",
    )


def found(
    release: Release, figure: str, numerator: float | None = None, denominator: float | None = None
) -> Recomputed:
    return recompute(release, dispute(figure, numerator, denominator))


def near(value: float | None) -> Any:
    """The number but for rounding; an absence is an absence."""
    return None if value is None else pytest.approx(value, rel=1e-12)


def peers_median(release: Release, body: str, indicator: str, period: str) -> float:
    """Median of the peers' published values that are like for like and of a sound status, from the tables alone."""
    peers = release.table("peers").filter(model_id="statistical", body_id=body)["peer_id"]
    rows = release.table("indicator_values").filter(
        pl.col("body_id").is_in(peers.implode()),
        pl.col("status").is_in(("ok", "provisional", "break")),
        indicator_id=indicator,
        period=period,
        like_for_like=True,
    )
    return float(np.median(rows["value"].to_numpy()))


def test_a_share_with_other_events_by_hand(release: Release) -> None:
    # T01 in 2023-24: 67,000 people x 0.42 x 1.02 = 28,703 tonnes (rounded); the body says 8,000 of them were recycled.
    tonnes = sample.figure("T01", "waste_tonnes", "2023-24")[0]  # type: ignore[index]
    assert tonnes == 28_703
    own = found(release, "T01 recycling_share 2023-24", 8_000.0).own
    assert own["value"] == pytest.approx(100 * 8_000 / 28_703, rel=1e-12)  # 27.87 %
    # Wilson's limits are the two p at which |8,000/28,703 - p| = z sqrt(p (1 - p)/n): the roots of a quadratic.
    n, share = 28_703, 8_000 / 28_703
    roots = np.roots([1 + Z**2 / n, -(2 * share + Z**2 / n), share**2])
    assert sorted([own["lo"], own["hi"]]) == pytest.approx(sorted(100 * roots), rel=1e-9)
    median = peers_median(release, "T01", "recycling_share", "2023-24")
    assert own["ratio"] == pytest.approx(own["value"] / median, rel=1e-12)
    assert own["hi"] < median and own["verdict"] == "lower"  # 28.4 % lies below the peers' 43 %


def test_both_inputs_may_be_other_ones_and_the_published_side_stays(release: Release) -> None:
    both = found(release, "T01 recycling_share 2023-24", 8_000.0, 20_000.0)
    assert both.own["value"] == pytest.approx(40.0)
    row = release.table("indicator_values").filter(body_id="T01", indicator_id="recycling_share", period="2023-24")
    assert [both.published[name] for name in ("value", "lo", "hi", "numerator")] == list(
        row.select("value", "lo", "hi", "numerator").row(0)
    )


def test_money_is_given_as_spent_and_turned_into_the_base_years(release: Release) -> None:
    # T01 in 2022-23: 8,000,000 x 100/97.5 = 8,205,128.21 at the prices of 2023-24, over 28,703 tonnes: £285.86.
    own = found(release, "T01 waste_cost_per_tonne 2022-23", 8_000_000.0).own
    assert own["numerator_nominal"] == 8_000_000.0
    assert own["numerator"] == pytest.approx(8_000_000 * 100 / 97.5, rel=1e-12)
    assert own["value"] == pytest.approx(8_205_128.205128205 / 28_703, rel=1e-12)
    assert own["status"] == "ok"


def test_the_interval_of_a_cost_is_that_of_the_sector_with_the_new_value_in_its_place(release: Release) -> None:
    """Three years are too few for a history of one's own, so the spread is pooled: two-way residuals by dummies."""
    own = found(release, "T01 waste_cost_per_tonne 2022-23", 8_000_000.0).own
    seen = release.table("indicator_values").filter(
        pl.col("status").is_in(("ok", "provisional", "imputed", "break", "small")), indicator_id="waste_cost_per_tonne"
    )
    here = (pl.col("body_id") == "T01") & (pl.col("period") == "2022-23")
    seen = seen.with_columns(pl.when(here).then(own["value"]).otherwise("value").alias("value"))
    dummies = seen.select("body_id", "period").to_dummies().to_numpy().astype(float)
    logs = np.log(seen["value"].to_numpy())
    fitted, _, rank, _ = np.linalg.lstsq(dummies, logs, rcond=None)
    residual = logs - dummies @ fitted
    se = np.sqrt(np.pi / 2) * np.abs(residual).mean() * np.sqrt(len(logs) / (len(logs) - rank))
    assert own["se"] == pytest.approx(se, rel=1e-9)
    assert [own["lo"], own["hi"]] == pytest.approx([own["value"] * np.exp(sign * Z * se) for sign in (-1, 1)], rel=1e-9)
    assert "pooled" in own["interval_method"]


def test_with_the_published_inputs_it_gives_the_published_figure(release: Release) -> None:
    for row in release.table("indicator_values").iter_rows(named=True):
        (indicator,) = release.table("indicators").filter(indicator_id=row["indicator_id"]).to_dicts()
        own = again(release, indicator, row, *inputs_of(release, indicator, row, None, None))
        if row["status"] not in ("quarantined", "withheld"):  # the sample sets these aside by a rule of its own
            assert (own["value"], own["status"]) == (near(row["value"]), row["status"])
        key = {name: row[name] for name in ("body_id", "indicator_id", "period")}
        (place,) = release.table("positions").filter(**key, model_id="statistical").to_dicts()
        again_there = standing(shown(row), place)
        if row["status"] not in ("quarantined", "withheld"):
            assert again_there["verdict"] == place["verdict"], key
            if row["status"] in ("ok", "provisional", "break"):  # of others the sample states no ratio
                assert again_there["ratio"] == near(place["ratio"]), key


def test_a_figure_without_an_interval_has_none_and_no_verdict(release: Release) -> None:
    own = found(release, "T01 road_cost_per_km 2023-24", 3_000_000.0).own
    assert (own["lo"], own["hi"], own["verdict"]) == (None, None, "withheld")
    assert own["reason"] == "no interval can be given, so chance cannot be ruled out"


def test_a_figure_that_was_set_aside_stays_hidden_and_is_recomputed_from_the_bodys_own(release: Release) -> None:
    both = found(release, "T08 waste_cost_per_tonne 2023-24", 9_000_000.0)
    assert both.published["value"] is None and both.published["status"] == "quarantined"
    tonnes = sample.figure("T08", "waste_tonnes", "2023-24")[0]  # type: ignore[index]
    assert both.own["value"] == pytest.approx(9_000_000 / tonnes)
    assert f"{sample.HIDDEN_VALUE:.0f}" not in str(recomputed_json(both))


def test_an_absent_input_stays_absent_until_the_body_states_it(release: Release) -> None:
    assert found(release, "T03 waste_cost_per_tonne 2023-24", None, 30_000.0).own["status"] == "missing"
    assert found(release, "T03 waste_cost_per_tonne 2023-24", 6_000_000.0, 30_000.0).own["value"] == 200.0
    assert found(release, "T06 road_cost_per_km 2023-24", 2_000_000.0).own["status"] == "zero_den"
    assert found(release, "T06 road_cost_per_km 2023-24", 2_000_000.0, 400.0).own["value"] == 5_000.0


def test_what_the_release_calls_small_stays_small(release: Release) -> None:
    own = found(release, "T07 recycling_share 2023-24", 7.0).own
    assert (own["status"], own["verdict"]) == ("small", "withheld")
    assert found(release, "T07 recycling_share 2023-24", 7.0, 20.0).own["status"] == "ok"  # 20 is enough


def test_a_body_that_is_not_like_for_like_gets_a_value_and_no_verdict(release: Release) -> None:
    own = found(release, "T05 recycling_share 2023-24", 9_000.0).own
    assert own["value"] and own["ratio"] is None
    assert (own["verdict"], own["reason"][:17]) == ("withheld", "not like for like")


def test_counts_of_predecessors_are_taken_where_the_body_states_none(release: Release) -> None:
    own = found(release, "T10 recycling_share 2022-23", 20_000.0).own
    assert own["denominator"] == sample.rebuilt("waste_tonnes", "2022-23")


def test_impossible_inputs_give_no_figure(release: Release) -> None:
    for numerator, denominator in ((-1.0, None), (50_000.0, 40_000.0)):
        own = found(release, "T01 recycling_share 2023-24", numerator, denominator).own
        assert (own["value"], own["status"], own["verdict"]) == (None, "quarantined", "withheld")


def test_each_step_that_can_be_recomputed_gives_what_it_says(release: Release) -> None:
    steps = found(release, "T01 waste_cost_per_tonne 2022-23", 8_000_000.0).steps
    assert [step.title.split(",")[0] for step in steps][:2] == [
        "Spending on waste in 2023-24 prices",
        "Spending on waste per tonne collected",
    ]
    assert all(step.reproduced is not False for step in steps)
    assert any("8,000,000 x 1.02564" in step.numbers for step in steps)


def test_without_another_input_there_is_nothing_to_recompute(release: Release) -> None:
    with pytest.raises(BadInput, match="names no corrected input"):
        found(release, "T01 recycling_share 2023-24")
    assert list(given_lines(release, dispute("T01 recycling_share 2023-24"))) == []
    with pytest.raises(BadInput, match="no figure for"):
        found(release, "T01 recycling_share 1999-00", 5.0)


def test_a_terminal_shows_published_beside_recomputed(release: Release) -> None:
    lines = list(given_lines(release, dispute("T01 recycling_share 2023-24", 8_000.0)))
    assert lines[0].startswith("numerator recycled: 8,000; published: ")
    assert lines[1].startswith("published  40%") and "verdict: same" in lines[1]
    assert lines[2].startswith("recomputed 27.9%") and "verdict: lower" in lines[2]
    assert "the release stays as it is, the publisher's next edition rules" in lines[3]
    whole = "\n".join(lines_of_dispute(sample.PACK, release, dispute("T01 recycling_share 2023-24", 8_000.0)))
    assert whole.startswith(f"{sample.PACK} 0123456789: open") and "  Wrong." in whole
    gone = list(lines_of_dispute(sample.PACK, None, dispute("T01 recycling_share 2023-24", 8_000.0)))
    assert gone[-1] == "release 0123456789abcdef no longer stands on the shelf, so the figure cannot be recomputed"


def test_a_release_without_a_price_index_for_the_year_gives_no_real_figure(release: Release, tmp_path: Path) -> None:
    meta = {**release.meta, "evenhand": {**release.facts, "deflator": []}}
    bare = Release(release.pack, release.id, release.path, meta, release.checks)
    own = found(bare, "T01 waste_cost_per_tonne 2022-23", 8_000_000.0).own
    assert (own["value"], own["status"]) == (None, "missing")
