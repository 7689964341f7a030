"""The newest date rules a period whole; one date twice is an error, or a correction where landings have an order."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import BadInput
from pipelines.landing.descriptor import Edition
from pipelines.landing.precedence import merge_roots, rank_editions

HOME, STARTER, OTHER = Path("/home/raw"), Path("/repo/data/raw"), Path("/other/raw")


def edition(day: str, digit: str, root: Path = STARTER, landing: int = 0, kind: str = "original") -> Edition:
    """An edition of that day whose hash is 64 times `digit`."""
    sha256 = digit * 64
    return Edition(
        publisher="p",
        dataset="p_bins",
        title="Bins",
        edition=f"{day}-{sha256[:8]}",
        date=day,
        url="https://bins.example",
        licence="OGL-UK-3.0",
        original_name="bins.csv",
        original_sha256=sha256,
        sha256=sha256,
        kind=kind,
        path=root / "p" / "p_bins" / f"{day}-{sha256[:8]}" / "bins.csv",
        landing=landing,
    )


def test_the_newest_date_rules_each_period_that_it_holds() -> None:
    old, new = edition("2023-12-14", "a"), edition("2024-06-06", "b")
    for order in (
        [(old, {"2021-22", "2022-23"}), (new, {"2022-23"})],
        [(new, {"2022-23"}), (old, {"2021-22", "2022-23"})],
    ):
        assert rank_editions(order) == {("p_bins", "2021-22"): old, ("p_bins", "2022-23"): new}


def test_one_date_may_come_in_several_files_that_share_no_period() -> None:
    first, second = edition("2024-06-06", "a"), edition("2024-06-06", "b")
    ruling = rank_editions([(first, {"2021-22"}), (second, {"2022-23"})])
    assert ruling == {("p_bins", "2021-22"): first, ("p_bins", "2022-23"): second}


def test_one_date_with_other_bytes_for_a_period_is_an_error_that_names_both_files() -> None:
    first, second = edition("2024-06-06", "a"), edition("2024-06-06", "b")
    with pytest.raises(BadInput, match=r"aaaaaaaa/bins\.csv and .*bbbbbbbb/bins\.csv.*2022-23.*keep one"):
        rank_editions([(first, {"2022-23"}), (second, {"2022-23"})])


def test_it_is_an_error_even_where_a_newer_edition_rules() -> None:
    first, second, newest = edition("2024-06-06", "a"), edition("2024-06-06", "b"), edition("2025-01-01", "c")
    with pytest.raises(BadInput, match="dated 2024-06-06"):
        rank_editions([(first, {"2022-23"}), (newest, {"2022-23"}), (second, {"2022-23"})])


def test_timeless_facts_are_a_period_too() -> None:
    first, second = edition("2024-06-06", "a"), edition("2024-06-06", "b")
    with pytest.raises(BadInput, match="the same facts"):
        rank_editions([(first, {""}), (second, {""})])


def test_in_the_homes_own_root_the_later_landing_is_a_correction() -> None:
    first, second, third = (edition("2024-06-06", digit, HOME, n) for n, digit in ((3, "a"), (12, "b"), (9, "c")))
    ruling = rank_editions([(each, {"2022-23"}) for each in (first, second, third)])
    assert ruling == {("p_bins", "2022-23"): second}


def test_a_landing_in_the_home_corrects_the_starter() -> None:
    starter, pulled = edition("2024-06-06", "a"), edition("2024-06-06", "b", HOME, 1)
    assert rank_editions([(pulled, {"2022-23"}), (starter, {"2022-23"})]) == {("p_bins", "2022-23"): pulled}


def test_a_newer_date_rules_over_a_later_landing() -> None:
    newer, landed_later = edition("2024-06-06", "a", HOME, 1), edition("2023-12-14", "b", HOME, 2)
    assert rank_editions([(landed_later, {"2022-23"}), (newer, {"2022-23"})]) == {("p_bins", "2022-23"): newer}


def test_landing_numbers_of_different_roots_are_not_compared() -> None:
    first, second = edition("2024-06-06", "a", HOME, 1), edition("2024-06-06", "b", OTHER, 2)
    with pytest.raises(BadInput, match="keep one"):
        rank_editions([(first, {"2022-23"}), (second, {"2022-23"})])


def test_the_same_edition_in_two_roots_counts_once_and_the_original_is_taken() -> None:
    figures = replace(edition("2024-06-06", "a", kind="figures"), sha256="f" * 64)
    original, older = edition("2024-06-06", "a", HOME, 4), edition("2023-12-14", "b", HOME, 5)
    assert merge_roots([[figures], [older, original]]) == [older, original]
    assert merge_roots([[original], [figures]]) == [original]
    assert merge_roots([[figures], [replace(figures, path=OTHER)]]) == [figures]
