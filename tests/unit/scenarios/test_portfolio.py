"""Capital goes where it is worth most, and to nothing that lacks what it needs."""

import pytest

from pipelines.scenarios.portfolio import Project, rank_portfolio


def funded(ranked):
    return [one.project.name for one in ranked if one.funded]


def test_order_is_worth_per_pound_and_the_budget_binds():
    ranked = rank_portfolio([Project("a", 10, 20), Project("b", 9, 10), Project("c", 2, 10)], 25)
    assert [one.project.name for one in ranked] == ["b", "a", "c"]  # 0.9, 0.5, 0.2
    assert funded(ranked) == ["b", "c"]
    assert ranked[1].reason == "needs 20 of capital where 5 is left"


def test_a_project_waits_for_what_it_needs():
    projects = [Project("triage", 9, 10, ("data",)), Project("data", 1, 10)]
    assert funded(rank_portfolio(projects, 20)) == ["triage", "data"]
    alone = rank_portfolio(projects[:1], 20)
    assert (funded(alone), alone[0].reason) == ([], "needs data first")
    assert funded(rank_portfolio(projects[:1], 20, in_place=["data"])) == ["triage"]


def test_nothing_is_paid_for_that_is_not_worth_it():
    ranked = rank_portfolio([Project("a", -1, 1)], 10)
    assert (funded(ranked), ranked[0].reason) == ([], "not worth its cost")


def test_what_is_refused():
    with pytest.raises(ValueError, match="positive capital"):
        rank_portfolio([Project("a", 1, 0)], 1)
    with pytest.raises(ValueError, match="names of their own"):
        rank_portfolio([Project("a", 1, 1)] * 2, 1)
