"""Which projects a limited sum of capital should pay for first: worth per pound, and never without what they need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Project(NamedTuple):
    """npv and capital in one unit, after uplift; needs: names of projects or assets (data, skills) without which the
    benefits do not come."""

    name: str
    npv: float
    capital: float
    needs: tuple[str, ...] = ()


class Ranked(NamedTuple):
    """A project with its worth per pound of capital, whether the budget pays for it, and the reason in words."""

    project: Project
    per_pound: float
    funded: bool
    reason: str


def rank_portfolio(projects: Sequence[Project], budget: float, in_place: Sequence[str] = ()) -> tuple[Ranked, ...]:
    """Projects in order of NPV per pound of capital, those that the budget pays for marked.

    One that needs another is paid for only after it; `in_place` names what exists already. Ties stand by name.
    Raises ValueError on a capital of 0 or less or a name used twice.   Source: methods.md M5.10.
    """
    if len({project.name for project in projects}) < len(projects) or any(one.capital <= 0 for one in projects):
        raise ValueError("projects need names of their own and a positive capital")
    ordered = sorted(projects, key=lambda one: (-one.npv / one.capital, one.name))
    funded = _paid_for(ordered, budget, set(in_place))
    spent = sum(one.capital for one in ordered if one.name in funded)
    return tuple(
        Ranked(one, one.npv / one.capital, one.name in funded, _reason(one, funded | set(in_place), budget - spent))
        for one in ordered
    )


def _paid_for(ordered: Sequence[Project], budget: float, in_place: set[str]) -> set[str]:
    """Names paid for: from the best down, starting again after each, because it may be what a better one waited for."""
    funded: set[str] = set()
    left = budget
    while True:
        ready = (
            one
            for one in ordered
            if one.name not in funded and one.npv > 0 and one.capital <= left and set(one.needs) <= funded | in_place
        )
        chosen = next(ready, None)
        if chosen is None:
            return funded
        funded.add(chosen.name)
        left -= chosen.capital


def _reason(project: Project, available: set[str], left: float) -> str:
    lacking = [name for name in project.needs if name not in available]
    if project.npv <= 0:
        return "not worth its cost"
    if lacking:
        return f"needs {', '.join(lacking)} first"
    if project.name in available:
        return "paid for"
    return f"needs {project.capital:g} of capital where {left:g} is left"
