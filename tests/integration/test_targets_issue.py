"""Targets from proposal to issue on a small pack, and screens that no release holds."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.errors import BadInput, Blocked
from pipelines.packs.load import load_pack
from pipelines.releases.read import open_release
from pipelines.releases.store import Store
from pipelines.restricted import restricted_file, screens_of
from pipelines.targets_issue import Order, issue, parse_overrides
from pipelines.walk.issued import issued_files
from pipelines.walk.run import run
from tests.runs import Small

pytestmark = pytest.mark.integration
POLICY = "example_targets"


def order(*overrides: str, leave_out: bool = False) -> Order:
    return Order("Ann", "agreed with the libraries", parse_overrides(overrides), leave_out)


def failing(small: Small) -> list[tuple[str, str]]:
    """Targets that fail a fairness test in the current release."""
    tests = open_release(small.home, "libraries").table("target_tests")
    return sorted(set(tests.filter(pl.col("result") == "fail").select("body_id", "indicator_id").iter_rows()))


def test_a_failed_test_needs_a_reason(small: Small) -> None:
    pack, (body, indicator) = load_pack(small.pack), failing(small)[0]
    with pytest.raises(Blocked, match="fail a fairness test, the first"):
        issue(small.home, pack, POLICY, order())
    with pytest.raises(BadInput, match="no target of that body and indicator fails"):
        issue(small.home, pack, POLICY, order(f"nobody:{indicator}=agreed"))
    with pytest.raises(BadInput, match="BODY:INDICATOR=reason"):
        order(f"{body}:{indicator}")
    assert not issued_files(small.pack, POLICY)["targets"][0].exists()


def test_issued_targets_are_kept_to_the_letter(small: Small) -> None:
    pack, (first, *others) = load_pack(small.pack), failing(small)
    done = issue(small.home, pack, POLICY, order(f"{first[0]}:{first[1]}=its council asked", leave_out=True))
    assert (done.overridden, done.left_out) == (1, len(others))
    frozen = pl.read_csv(issued_files(small.pack, POLICY)["targets"][0])
    assert frozen.filter(pl.col("body_id") == first[0])["override"].to_list() == ["its council asked"]
    decision = Store(small.home).decisions("libraries").decisions[-1]
    assert (decision.what, decision.who, decision.details["policy"]) == ("target", "Ann", POLICY)
    with pytest.raises(BadInput, match="never overwritten"):
        issue(small.home, pack, POLICY, order())

    before = open_release(small.home, "libraries").table("targets")
    (result,) = run([load_pack(small.pack)], [small.raw], small.home)
    assert result.outcome == "new", result.message
    release = open_release(small.home, "libraries")
    after = release.table("targets")
    same = ["body_id", "start", "target", "holders", "challenge"]
    kept = after.filter(pl.col("state") == "issued").select(same)
    assert kept.height == done.issued
    assert kept.equals(before.join(kept, on="body_id", how="semi", maintain_order="left").select(same))
    assert release.table("policies").filter(pl.col("policy_id") == POLICY)["issued"].item() == decision.when[:10]


def test_no_release_holds_a_screen(small: Small) -> None:
    release = open_release(small.home, "libraries")
    assert "screens" not in release.tables()
    kept = pl.read_parquet(restricted_file(small.home, "libraries", release.id))
    questions = [text.encode() for text in kept["question"].unique()]
    for path in (small.home / "releases").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert b'"screens"' not in content and path.stem != "screens", path
        assert not [text for text in questions if text in content], path
    said = list(screens_of(small.home, "libraries"))
    assert "no accusation" in said[0]
