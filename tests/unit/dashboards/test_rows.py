"""A kind of body that has no part in a service's headline opens with a measure of its own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dashboards.pages.rows import compared_kinds, first_measure, tiers

BODIES = {
    id: SimpleNamespace(id=id, name=id, class_id=kind)
    for id, kind in (("A", "unitary"), ("B", "county"), ("C", "town"))
}
MEASURES = {
    # whole: unitary councils alone. disposal: counties. quality: counties too, and no cost.
    "whole": {"A": "higher", "B": "withheld", "C": "withheld"},
    "a_quality": {"A": "same", "B": "same"},
    "disposal": {"B": "lower"},
}


@pytest.fixture
def book() -> Any:
    listed = [{"indicator_id": id, "stage": "outcome" if id == "a_quality" else "cost", "label": id} for id in MEASURES]

    def standing(model: str, *, indicator_id: str, period: str) -> list[dict[str, str]]:
        return [{"body_id": body, "verdict": said} for body, said in MEASURES[indicator_id].items()]

    return SimpleNamespace(
        once=lambda _, make: make(),
        living=list(BODIES.values()),
        bodies=BODIES,
        classes={kind: {"label": kind, "plural": f"{kind}s"} for kind in ("unitary", "county", "town")},
        services={"waste": {"headline": "whole"}},
        indicators_of=lambda service: listed,
        newest=lambda indicator: "2023-24",
        standing=standing,
    )


def test_a_kind_opens_with_its_own_first_cost(book: Any) -> None:
    assert first_measure(book, "waste", "m", "") == "whole"
    assert first_measure(book, "waste", "m", "unitary") == "whole"
    assert first_measure(book, "waste", "m", "county") == "disposal"  # a cost before any other measure
    assert first_measure(book, "waste", "m", "town") == "whole"  # nothing there has a verdict


def test_a_service_has_a_row_for_each_tier(book: Any) -> None:
    assert tiers(book, "waste", "m") == {"whole": ["unitary", "town"], "disposal": ["county"]}


def test_the_kinds_that_were_compared_are_named_unless_all_were(book: Any) -> None:
    rows = [{"body_id": "A", "verdict": "same"}, {"body_id": "B", "verdict": "withheld"}]
    assert compared_kinds(book, rows) == ["unitarys"]
    assert compared_kinds(book, [{"body_id": body, "verdict": "same"} for body in BODIES]) == []
