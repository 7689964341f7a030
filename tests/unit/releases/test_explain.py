"""Any figure goes back to its rows, and a figure that its rows do not give is called out."""

import json
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.releases.claim import Claim
from pipelines.releases.read import Release, claim_json, claim_text, explain, explain_cost, open_release
from tests import releases as sample


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    home = tmp_path_factory.mktemp("explain")
    sample.make_release(home)
    return open_release(home, sample.PACK)


@pytest.fixture
def spoiled(release: Release) -> Release:
    """The same release in memory, whose tables a test may change without touching the files."""
    copy = Release(release.pack, release.id, release.path, release.meta, release.checks)
    for name in release.tables():
        copy._frames[name] = release.table(name)
    return copy


def step(claim: Claim, title: str) -> str:
    """Words and numbers of the step whose title starts so."""
    found = next(step for step in claim.steps if step.title.startswith(title))
    return f"{found.words} | {found.numbers} | {found.reproduced}"


def test_a_unit_cost_goes_back_to_two_published_rows(release: Release) -> None:
    claim = explain(release, "T01", "waste_cost_per_tonne", "2023-24")
    row = next(r for r in sample.indicator_values() if (r["body_id"], r["period"]) == ("T01", "2023-24"))
    assert (claim.value, claim.lo, claim.hi, claim.status) == (row["value"], row["lo"], row["hi"], "ok")
    assert [(entry.role, entry.locator, entry.edition) for entry in claim.inputs] == [
        ("numerator", "waste_spend!C7", "2024-11-14-bbbbbbbb"),
        ("denominator", "waste_tonnes!C7", "2024-10-02-cccccccc"),
    ]
    first = claim.inputs[0]
    assert (first.publisher, first.licence) == ("Department of Invented Finance", "OGL-UK-3.0")
    assert (first.original_name, first.url) == ("spend_2024.csv", "https://example.org/spend")
    assert first.value == float(first.published_text.replace(",", "")) * 1000  # published in thousands
    assert claim.reproduced
    assert step(claim, "Spending on waste per tonne").endswith("| True")
    assert claim.caveats == (
        "A proxy: Spending includes street cleaning, so this stands in for the cost of collection",
    )


def test_every_figure_of_the_release_reproduces(release: Release) -> None:
    for row in release.table("positions").iter_rows(named=True):
        claim = explain(release, row["body_id"], row["indicator_id"], row["period"], row["model_id"])
        assert claim.reproduced, claim_text(claim)
        assert json.loads(json.dumps(claim_json(claim), allow_nan=False))["release"] == release.id
    for row in release.table("costs").iter_rows(named=True):
        assert explain_cost(release, row["body_id"], row["service_id"], row["period"]).reproduced


def test_real_terms_show_the_factor(release: Release) -> None:
    claim = explain(release, "T01", "waste_cost_per_tonne", "2022-23")
    # 100 / 97.5 = 1.025641
    assert "x 1.02564 =" in step(claim, "Spending on waste in 2023-24 prices")
    assert claim.sentence.endswith("in 2023-24 prices.")


def test_a_merged_body_goes_back_to_its_predecessors(release: Release) -> None:
    claim = explain(release, "T10", "waste_cost_per_tonne", "2021-22")
    assert [entry.body for entry in claim.inputs] == ["T11", "T12", "T11", "T12"]
    added = step(claim, "Spending on waste on today's boundaries")
    assert "2 of 2 predecessors" in added
    assert "(Kestrel Bay) + 1 x" in added
    assert added.endswith("True")


def test_an_earlier_edition_is_shown_beside_the_one_that_rules(release: Release) -> None:
    roles = [entry.role for entry in explain(release, "T01", "waste_cost_per_tonne", "2022-23").inputs]
    assert roles == ["numerator", "numerator, as an earlier edition had it", "denominator"]


def test_the_denominators_own_date_is_stated(release: Release) -> None:
    claim = explain(release, "T01", "road_cost_per_km", "2023-24")
    assert "that of 2022-04-01" in step(claim, "Denominator's date")


@pytest.mark.parametrize(
    ("body", "indicator", "period"), [("T08", "waste_cost_per_tonne", "2023-24"), ("T06", "recycling_share", "2022-23")]
)
def test_quarantined_and_withheld_values_are_never_shown(
    release: Release, body: str, indicator: str, period: str
) -> None:
    claim = explain(release, body, indicator, period, "statistical")
    assert (claim.value, claim.lo, claim.hi) == (None, None, None)
    for told in (claim_text(claim), json.dumps(claim_json(claim))):
        assert "987,654.0" not in told
        assert str(sample.HIDDEN_VALUE) not in told
    assert "no value is shown" in claim.sentence


def test_the_hidden_value_of_a_peer_is_not_shown_either(release: Release) -> None:
    claims = [explain(release, body, "waste_cost_per_tonne", "2023-24", "statistical") for body in ("T07", "T09")]
    peers = [peer for claim in claims for peer in claim.peers if peer.body == "T08"]
    assert peers
    assert all(peer.value is None and not peer.counted for peer in peers)


def test_a_quarantined_cell_is_shown_as_evidence_with_its_reason(release: Release) -> None:
    first = explain(release, "T08", "waste_cost_per_tonne", "2023-24").inputs[0]
    assert (first.role, first.value, first.published_text) == ("numerator, set aside", None, "-987,654")
    assert first.note == "set aside by not_negative: Gross spending cannot be negative"


@pytest.mark.parametrize(
    ("body", "indicator", "period", "words"),
    [
        ("T03", "waste_cost_per_tonne", "2023-24", "never read as zero"),
        ("T04", "recycling_share", "2023-24", "withholds an input to protect people"),
        ("T06", "road_cost_per_km", "2023-24", "the denominator is zero"),
        ("T09", "road_cost_per_km", "2023-24", "says the measure does not apply"),
        ("T02", "waste_cost_per_tonne", "2023-24", "the publisher will revise an input"),
        ("T07", "recycling_share", "2023-24", "below the reliability minimum"),
        ("T09", "recycling_share", "2022-23", "an input was modelled"),
        ("T05", "recycling_share", "2022-23", "the definition or the boundary changed"),
    ],
)
def test_every_status_is_put_into_words(release: Release, body: str, indicator: str, period: str, words: str) -> None:
    assert words in step(explain(release, body, indicator, period), "Status")


def test_suppressed_bounds_stand_beside_the_row(release: Release) -> None:
    assert "printed as “[c]”, between 1 and 4" in claim_text(explain(release, "T04", "recycling_share", "2023-24"))


def test_a_position_shows_every_peer_and_why_some_do_not_count(release: Release) -> None:
    claim = explain(release, "T10", "waste_cost_per_tonne", "2021-22", "statistical")
    row = next(
        r
        for r in sample.positions()
        if (r["model_id"], r["body_id"], r["indicator_id"], r["period"])
        == ("statistical", "T10", "waste_cost_per_tonne", "2021-22")
    )
    assert claim.kind == "position"
    assert sum(peer.counted for peer in claim.peers) == row["n_peers"]
    assert {peer.body: peer.why for peer in claim.peers if not peer.counted} == {"T05": "not like for like"}
    assert step(claim, "Comparable bodies").endswith("True")
    assert step(claim, "Against the median").endswith("True")


def test_a_body_that_is_not_like_for_like_says_who_pays(release: Release) -> None:
    claim = explain(release, "T05", "waste_cost_per_tonne", "2023-24", "statistical")
    assert any("A joint authority disposes of its waste" in caveat for caveat in claim.caveats)
    assert "another body pays" in step(claim, "Verdict")


def test_checks_methods_and_editions_come_along(release: Release) -> None:
    claim = explain(release, "T01", "waste_cost_per_tonne", "2023-24", "statistical")
    assert {check.id for check in claim.checks} == {check.id for check in sample.checks()}
    assert [(method.id, method.version) for method in claim.methods] == [("M1.1", "1"), ("M3.1", "1")]
    assert claim.methods[0].title == "Ratio indicator"
    assert claim.editions == ("2024-10-02-cccccccc", "2024-11-14-bbbbbbbb")


@pytest.mark.parametrize(
    ("table", "change", "title"),
    [
        ("indicator_values", pl.col("value") * (1 + 1e-8), "Spending on waste per tonne"),
        ("values", pl.col("value") + 1.0, "Spending on waste"),
        ("values_rebuilt", pl.col("value") + 1.0, "Spending on waste on today's boundaries"),
    ],
)
def test_a_number_that_its_inputs_do_not_give_is_called_out(
    spoiled: Release, table: str, change: pl.Expr, title: str
) -> None:
    spoiled._frames[table] = spoiled._frames[table].with_columns(change.alias("value"))
    claim = explain(spoiled, "T10", "waste_cost_per_tonne", "2021-22")
    assert not claim.reproduced
    assert any(found.reproduced is False and found.title.startswith(title) for found in claim.steps)
    assert "WARNING: recomputing this figure" in claim_text(claim)
    assert "DOES NOT REPRODUCE" in claim_text(claim)


def test_a_median_that_the_peers_do_not_give_is_called_out(spoiled: Release) -> None:
    spoiled._frames["positions"] = spoiled._frames["positions"].with_columns(pl.col("peer_median") * 1.01)
    assert not explain(spoiled, "T01", "waste_cost_per_tonne", "2021-22", "statistical").reproduced


def test_a_cost_is_explained_as_spent_and_in_real_terms(release: Release) -> None:
    claim = explain_cost(release, "T01", "waste", "2022-23")
    assert claim.sentence == "Cost of Waste and recycling, Alderbrook, 2022-23: £6,746,000 as spent."
    # 6,746,000 x 100 / 97.5 = 6,918,974.36
    assert step(claim, "Spending on waste in 2023-24 prices").split(" | ")[1] == "6,746,000 x 1.02564 = 6,918,974"


@pytest.mark.parametrize("who", ["T01", "Alderbrook", "alderbrook", " ALDERBROOK "])
def test_a_body_is_found_by_code_or_name(release: Release, who: str) -> None:
    assert explain(release, who, "waste_cost_per_tonne", "2023-24").body == "T01"


def test_a_name_that_an_ended_body_shares_means_the_living_one(spoiled: Release) -> None:
    renamed = pl.when(pl.col("body_id") == "T11").then(pl.lit("Juniper Vale")).otherwise("name").alias("name")
    spoiled._frames["bodies"] = spoiled._frames["bodies"].with_columns(renamed)
    assert explain(spoiled, "juniper vale", "waste_cost_per_tonne", "2023-24").body == "T10"


def test_a_name_that_two_living_bodies_share_needs_the_code(spoiled: Release) -> None:
    renamed = pl.when(pl.col("body_id") == "T02").then(pl.lit("Alderbrook")).otherwise("name").alias("name")
    spoiled._frames["bodies"] = spoiled._frames["bodies"].with_columns(renamed)
    with pytest.raises(BadInput, match="'Alderbrook' is the name of 2 bodies: T01, T02; use the code"):
        explain(spoiled, "Alderbrook", "waste_cost_per_tonne", "2023-24")


@pytest.mark.parametrize(
    ("body", "indicator", "period", "model", "message"),
    [
        ("Alderbrok", "waste_cost_per_tonne", "2023-24", None, "no body 'Alderbrok'; did you mean Alderbrook (T01)?"),
        ("Zzzzzzzz", "waste_cost_per_tonne", "2023-24", None, "no body 'Zzzzzzzz'; search by name"),
        ("T01", "waste_cost", "2023-24", None, "no indicator 'waste_cost'; did you mean waste_cost_per_tonne?"),
        ("T01", "q", "2023-24", None, "it has recycling_share, road_cost_per_km, waste_cost_per_tonne"),
        ("T01", "waste_cost_per_tonne", "2023-25", None, "in '2023-25'; did you mean 2023-24"),
        ("T01", "waste_cost_per_tonne", "2023-24", "statistica", "peer model 'statistica'; did you mean statistical?"),
        ("T11", "waste_cost_per_tonne", "2023-24", None, "2023-03-31; ask for its successor: Juniper Vale (T10)"),
        ("UK", "waste_cost_per_tonne", "2023-24", None, "not for this kind of body"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_answered_with_what_is_nearest(
    release: Release, body: str, indicator: str, period: str, model: str | None, message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        explain(release, body, indicator, period, model)
    assert message in str(caught.value)


def test_an_unknown_service_or_period_of_a_cost_is_answered_likewise(release: Release) -> None:
    with pytest.raises(BadInput, match="no service 'wastes'; did you mean waste"):
        explain_cost(release, "T01", "wastes", "2023-24")
    with pytest.raises(BadInput, match="no cost of 'waste' in '2019-20'"):
        explain_cost(release, "T01", "waste", "2019-20")


def test_the_whole_text_of_a_claim_names_release_and_rows(release: Release, tmp_path: Path) -> None:
    text = claim_text(explain(release, "T01", "recycling_share", "2023-24"))
    assert text.startswith("Waste recycled, Alderbrook, 2023-24: 40% of waste collected (95% interval 38% of")
    for part in (
        "Calculation",
        "Input rows",
        "Checks of the tables involved",
        "Methods",
        f"Release {sample.PACK} {release.id}",
    ):
        assert part in text
