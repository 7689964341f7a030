"""Chains and productivity go back to published rows, add up to the penny, and say what they cannot."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.releases.chain_steps import to_the_penny
from pipelines.releases.claim import Claim, claim_text
from pipelines.releases.read import Release, claim, open_release
from tests import releases as sample


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    home = tmp_path_factory.mktemp("chains")
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


@pytest.mark.parametrize("kind", ["chains", "productivity"])
def test_every_figure_is_recomputed(release: Release, kind: str) -> None:
    keys = release.table(kind).select("body_id", "service_id", "period").unique()
    assert keys.height
    for body, service, period in keys.iter_rows():
        found = claim(release, kind, body, service, period)
        assert broken(found) == [], claim_text(found)
        assert (found.kind, found.release) == (kind, release.id)


def test_a_chain_in_words_and_to_the_penny(release: Release) -> None:
    found = claim(release, "chains", "T01", "waste", "2021-22")
    gaps = release.table("chains").filter(pl.col("body_id") == "T01", pl.col("period") == "2021-22")["gap_pence"]
    assert gaps[0] == gaps[1] + gaps[2]
    assert found.value == gaps[0] / 100
    assert found.sentence.startswith("Waste and recycling, Alderbrook, 2021-22: £")
    assert " in spending per tonne collected, " in found.sentence
    total = next(step for step in found.steps if step.title == "The whole gap")
    assert (
        total.numbers
        == f"{to_the_penny(gaps[1], 'gbp')} + {to_the_penny(gaps[2], 'gbp')} = {to_the_penny(gaps[0], 'gbp')}"
    )
    assert [(entry.role, entry.locator) for entry in found.inputs] == [
        ("amount 1", "waste_spend!C7"),
        ("amount 2", "waste_tonnes!C7"),
        ("amount 3", "recycled!C7"),
    ]
    assert [peer.why for peer in found.peers if peer.body == "T05"] == ["not like for like"]
    assert "Waste that never arises counts for nothing here" in found.caveats
    assert any(step.title == "Peers' medians" and "called mix" in step.words for step in found.steps)


def test_whoever_cannot_be_compared_is_told_why(release: Release) -> None:
    unlike = claim(release, "chains", "T05", "waste", "2021-22")
    assert (unlike.value, unlike.sentence.partition(": ")[2]) == (
        None,
        "no gap is shown. Not like for like: another body pays part of the service.",
    )
    assert any("A joint authority disposes of its waste" in caveat for caveat in unlike.caveats)
    hidden = claim(release, "chains", "T08", "waste", "2023-24")
    assert (hidden.value, "987,654.0" in claim_text(hidden)) == (None, False)


@pytest.mark.parametrize(
    ("table", "column", "title"),
    [
        ("chains", "gap_pence", "The whole gap"),
        ("chains", "reference", "Peers' factors"),
        ("chains", "z", "Distance from peers"),
        ("chains", "factor", "Whole chain: spending per tonne recycled"),
        ("productivity", "output", "Output"),
        ("productivity", "input", "Input"),
        ("productivity", "change", "Change"),
    ],
)
def test_a_number_that_the_rows_do_not_give_is_called_out(
    spoiled: Release, table: str, column: str, title: str
) -> None:
    period = "2021-22" if table == "chains" else "2022-23"
    here = (pl.col("body_id") == "T01") & (pl.col("period") == period)
    frame = spoiled.table(table)
    here = here & (pl.col("stage") == 0) if table == "chains" else here
    other = pl.when(here).then(pl.col(column) * 2).otherwise(pl.col(column)).cast(frame.schema[column])
    spoiled._frames[table] = frame.with_columns(other.alias(column))
    assert title in broken(claim(spoiled, table, "T01", "waste", period))


def test_productivity_in_words(release: Release) -> None:
    found = claim(release, "productivity", "T01", "waste", "2023-24")
    # The same tonnes every year; spending up by 8 %, prices from 92 to 100: 1.08 x 92 / 100 = 0.9936 in real terms.
    assert found.sentence.startswith(
        "Waste and recycling, Alderbrook, 2023-24: output +0.0%, inputs −0.6%: productivity"
    )
    assert found.sentence.endswith("is not adjusted for.")
    assert "since 2021-22" in found.sentence
    assert {entry.role for entry in found.inputs} == {"cost", "output"}
    first = claim(release, "productivity", "T01", "waste", "2021-22")
    assert "the first comparable period, set to 100" in first.sentence


@pytest.mark.parametrize(
    ("kind", "body", "service", "period", "words"),
    [
        ("chains", "T01", "roads", "2023-24", "has no chain of 'roads'"),
        ("chains", "T01", "waste", "1999-00", "has no chain of 'waste' in '1999-00'"),
        ("chains", "T01", "wast", "2023-24", "did you mean waste?"),
        ("productivity", "T01", "roads", "2023-24", "has no productivity of 'roads'"),
    ],
)
def test_what_the_release_does_not_have_is_one_line(release, kind, body, service, period, words) -> None:
    with pytest.raises(BadInput, match=words.replace("?", r"\?")):
        claim(release, kind, body, service, period)


def test_pence_in_full() -> None:
    assert [to_the_penny(n, "gbp") for n in (1812575431, -5, 0)] == ["£18,125,754.31", "(−£0.05)", "£0.00"]
