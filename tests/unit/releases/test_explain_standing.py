"""Standing and funnels go back to the field's figures, and a number that they do not give is called out."""

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.releases.claim import Claim, claim_text
from pipelines.releases.read import Release, claim, open_release
from tests import releases as sample


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    home = tmp_path_factory.mktemp("standing")
    sample.make_release(home)
    return open_release(home, sample.PACK)


@pytest.fixture
def spoiled(release: Release) -> Release:
    """The same release in memory, whose tables a test may change without touching the files."""
    copy = Release(release.pack, release.id, release.path, release.meta, release.checks)
    for name in release.tables():
        copy._frames[name] = release.table(name)
    return copy


def broken(found: Claim) -> list[str]:
    """Titles of the steps that do not reproduce."""
    return [step.title for step in found.steps if step.reproduced is False]


@pytest.mark.parametrize("kind", ["reliability", "places", "funnels", "funnel_points"])
def test_every_figure_is_recomputed_from_the_field(release: Release, kind: str) -> None:
    rows = release.table(kind)
    assert rows.height
    for row in rows.iter_rows(named=True):
        found = claim(release, kind, row.get("body_id", row["field"]), row["indicator_id"], row["period"])
        assert broken(found) == [], claim_text(found)
        assert (found.kind, found.release, bool(found.sentence)) == (kind, release.id, True)


def test_reliability_in_words(release: Release) -> None:
    found = claim(release, "reliability", "T01", "waste_cost_per_tonne", "2023-24")
    # Costs differ by tens of per cent, chance moves each by 0.05 / 1.96 = 2.6 %.
    assert "with chance taken out: £" in found.sentence
    assert found.sentence.endswith("it can be looked at on its own.")
    # Of ten councils T03 is missing, T05 not like for like, T07 small, T08 quarantined.
    assert [peer.body for peer in found.peers if not peer.counted] == ["T03", "T05", "T07", "T08"]
    assert "6 Councils have a usable" in next(step.words for step in found.steps if step.title == "The field")
    assert [entry.role for entry in found.inputs] == ["numerator", "denominator"]


def test_a_place_is_said_as_a_range_with_its_direction(release: Release) -> None:
    found = claim(release, "places", "T01", "waste_cost_per_tonne", "2023-24")
    assert found.value is None and found.lo is not None and found.hi is not None
    assert f"lies between {int(found.lo)} and {int(found.hi)} (90% interval)" in found.sentence
    assert "counted from the lowest, which is the wanted direction" in found.sentence
    neutral = claim(release, "places", "T01", "road_cost_per_km", "2023-24")
    assert neutral.sentence.endswith("no place is given.")  # roads have no interval, so no place can be drawn


def test_a_hidden_value_stays_hidden(release: Release) -> None:
    for kind in ("reliability", "places"):
        found = claim(release, kind, "T08", "waste_cost_per_tonne", "2023-24")
        assert (found.value, found.lo) == (None, None)
        assert "987,654.0" not in claim_text(found)
    point = claim(release, "funnel_points", "T06", "recycling_share", "2022-23")
    assert (point.value, str(sample.HIDDEN_VALUE) in claim_text(point)) == (None, False)


def test_few_bodies_have_plain_limits_and_say_so(release: Release) -> None:
    found = claim(release, "funnels", "council", "recycling_share", "2023-24")
    assert found.body_name == "Councils"
    assert found.caveats  # nine councils: fewer than 10, or far more spread than chance gives


@pytest.mark.parametrize(
    ("kind", "column", "title"),
    [
        ("reliability", "value", "With chance taken out"),
        ("reliability", "reliability", "Reliability"),
        ("reliability", "mean", "The field"),
        ("places", "p_best_quarter", "Places"),
        ("places", "told_apart_from", "Told apart"),
        ("funnel_points", "hi_998", "Limits at its size"),
        ("funnel_points", "z_widened", "Distance from the centre"),
    ],
)
def test_a_wrong_number_is_called_out(spoiled: Release, kind: str, column: str, title: str) -> None:
    indicator = "recycling_share" if kind == "funnel_points" else "waste_cost_per_tonne"
    key = (pl.col("body_id") == "T01") & (pl.col("indicator_id") == indicator) & (pl.col("period") == "2023-24")
    off = pl.when(key).then(pl.col(column) + (1 if column == "told_apart_from" else 1e-6)).otherwise(pl.col(column))
    spoiled._frames[kind] = spoiled.table(kind).with_columns(off.alias(column))
    assert title in broken(claim(spoiled, kind, "T01", indicator, "2023-24"))


def test_a_peers_figure_that_changed_is_called_out(spoiled: Release) -> None:
    key = (pl.col("body_id") == "T02") & (pl.col("indicator_id") == "waste_cost_per_tonne")
    more = pl.when(key).then(pl.col("value") * 1.01).otherwise(pl.col("value")).alias("value")
    spoiled._frames["indicator_values"] = spoiled.table("indicator_values").with_columns(more)
    assert "The field" in broken(claim(spoiled, "reliability", "T01", "waste_cost_per_tonne", "2023-24"))


def test_what_there_is_not_is_refused_with_the_nearest(release: Release) -> None:
    with pytest.raises(
        BadInput, match="places of 'recycling_share' are of other periods for T01; did you mean 2023-24"
    ):
        claim(release, "places", "T01", "recycling_share", "2022-23")
    with pytest.raises(BadInput, match="T01 is in no field for 'waste_cost_per_tonne': funnel_points are of bodies"):
        claim(release, "funnel_points", "T01", "waste_cost_per_tonne", "2023-24")
    with pytest.raises(BadInput, match=r"no funnel of 'recycling_share' for 'councl' .* did you mean council 2023-24"):
        claim(release, "funnels", "councl", "recycling_share", "2023-24")
