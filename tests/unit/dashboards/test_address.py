"""Addresses: what they name, and how hostile ones are refused."""

from __future__ import annotations

import pytest

from dashboards.address import Address, Refused, choice, only, page_number, parse

PACKS = ["english_councils", "us_acos"]


def test_pack_release_page_and_query_are_told_apart() -> None:
    found = parse("/us-acos/a41f7c09b3d2/body/A1%2F2?model=x", PACKS)
    assert (found.pack, found.release, found.parts, found.query) == (
        "us_acos",
        "a41f7c09b3d2",
        ("body", "A1/2"),
        {"model": "x"},
    )


def test_without_a_pack_the_first_is_meant() -> None:
    assert parse("/body/E1", PACKS).to() == "/english-councils"


def test_a_permanent_link_writes_the_release_in_and_leaves_appearance_and_claims_out() -> None:
    found = Address("us_acos", "", ("body", "A1"), {"model": "x", "theme": "dark", "claim": "A1"}, "a41f7c09b3d2")
    assert found.permanent() == "/us-acos/a41f7c09b3d2/body/A1?model=x"


def test_links_quote_what_a_code_may_hold() -> None:
    assert Address("us_acos", "", ()).to("body", "a/b?c") == "/us-acos/body/a%2Fb%3Fc"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/english-councils?x=1&x=2", 400),
        ("/english-councils?" + "&".join(f"a{i}=1" for i in range(30)), 400),
        ("/english-councils?q=" + "a" * 300, 400),
        ("/english-councils?q=%00", 400),
        ("/english-councils?q=%ff", 400),
        ("/" + "a" * 500, 414),
        ("/english-councils?" + "a" * 2500, 414),
        ("/body/%0aE1", 404),
    ],
)
def test_hostile_addresses_are_refused(target: str, status: int) -> None:
    with pytest.raises(Refused) as refused:
        parse(target, PACKS)
    assert refused.value.status == status


def test_unknown_settings_and_choices_are_refused() -> None:
    found = parse("/english-councils?model=x&page=3", PACKS)
    with pytest.raises(Refused, match="no setting called"):
        only(found, "page")
    with pytest.raises(Refused, match="no choice"):
        choice(found, "model", ["ons"], "ons")
    with pytest.raises(Refused, match="2 pages"):
        page_number(found, 2)
    assert page_number(found, 3) == 3


def test_nothing_published_is_said() -> None:
    with pytest.raises(Refused, match="Nothing has been published"):
        parse("/", [])
