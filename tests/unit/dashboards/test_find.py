"""A body is found however its name is typed."""

from __future__ import annotations

import pytest

from dashboards.find import Index, fold

INDEX = Index(
    [
        ("St. Helens", "B1"),
        ("Bath and North East Somerset", "B2"),
        ("Kingston upon Hull, City of", "B3"),
        ("Ynys Môn", "B4"),
        ("King's Lynn & West Norfolk", "B5"),
        ("Allerdale", "B6"),
        ("City", "B7"),
    ],
    [("E08000013", "B1"), ("909", "B2")],
)


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("St Helens Borough Council", "B1"),
        ("BATH & NORTH EAST SOMERSET", "B2"),
        ("city of kingston-upon-hull", "B3"),
        ("ynys mon", "B4"),
        ("Kings Lynn and West Norfolk District Council", "B5"),
        ("e08000013", "B1"),
        (" 909 ", "B2"),
        ("aller", "B6"),
        ("lynn", "B5"),
    ],
)
def test_case_accents_signs_and_kinds_do_not_matter(typed: str, body: str) -> None:
    assert INDEX.search(typed).bodies == (body,)


def test_the_nearest_spellings_where_nothing_matches() -> None:
    found = INDEX.search("Alerdale")
    assert (found.bodies, found.near) == ((), ("B6",))


def test_a_name_of_general_words_only_keeps_them() -> None:
    assert fold("City Council") == "city council"
    assert INDEX.search("").bodies == ()
