"""Which function explains which kind of figure: the one list that `evenhand explain --of` and the drawer read (F25)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipelines.errors import BadInput
from pipelines.releases.claim import Claim
from pipelines.releases.explain import explain
from pipelines.releases.explain_chain import explain_chain
from pipelines.releases.explain_change import explain_malmquist
from pipelines.releases.explain_cost import explain_cost
from pipelines.releases.explain_cost_model import explain_cost_model
from pipelines.releases.explain_exemplars import explain_exemplars
from pipelines.releases.explain_frontier import (
    explain_efficiency,
    explain_efficiency_parts,
    explain_efficiency_peers,
)
from pipelines.releases.explain_funnel import explain_funnel, explain_funnel_point
from pipelines.releases.explain_modelled_cost import explain_modelled_cost
from pipelines.releases.explain_potential import explain_potential, explain_potential_total
from pipelines.releases.explain_productivity import explain_productivity
from pipelines.releases.explain_robustness import explain_named_sets, explain_robustness
from pipelines.releases.explain_scheme import explain_incentives, explain_scheme, explain_scheme_body
from pipelines.releases.explain_settlement import explain_settlement
from pipelines.releases.explain_standing import explain_places, explain_reliability
from pipelines.releases.explain_target import explain_path, explain_target
from pipelines.releases.explain_target_tests import explain_budget, explain_tests
from pipelines.releases.explain_tracking import explain_chart, explain_forecast, explain_tracking

if TYPE_CHECKING:
    from pipelines.releases.read import Release

Explainer = Callable[["Release", str, str, str, str], Claim]
"""Given the release, a body (or a field), a figure (indicator, service or frontier), a period, a peer model."""

KINDS: Mapping[str, Explainer] = MappingProxyType(
    {
        "position": explain,
        "value": lambda release, body, indicator, period, model: explain(release, body, indicator, period),
        "cost": lambda release, body, service, period, model: explain_cost(release, body, service, period),
        "reliability": lambda release, body, indicator, period, model: explain_reliability(
            release, body, indicator, period
        ),
        "places": lambda release, body, indicator, period, model: explain_places(release, body, indicator, period),
        "funnels": lambda release, field, indicator, period, model: explain_funnel(release, field, indicator, period),
        "funnel_points": lambda release, body, indicator, period, model: explain_funnel_point(
            release, body, indicator, period
        ),
        "chains": explain_chain,
        "productivity": lambda release, body, service, period, model: explain_productivity(
            release, body, service, period
        ),
        "efficiency": lambda release, body, frontier, period, model: explain_efficiency(
            release, body, frontier, period
        ),
        "efficiency_peers": lambda release, body, frontier, period, model: explain_efficiency_peers(
            release, body, frontier, period
        ),
        "efficiency_parts": lambda release, body, frontier, period, model: explain_efficiency_parts(
            release, body, frontier, period
        ),
        "malmquist": lambda release, body, frontier, period, model: explain_malmquist(release, body, frontier, period),
        "cost_models": lambda release, field, service, period, model: explain_cost_model(
            release, field, service, period
        ),
        "modelled_costs": lambda release, body, service, period, model: explain_modelled_cost(
            release, body, service, period
        ),
        "robustness": lambda release, body, indicator, period, model: explain_robustness(
            release, body, indicator, period
        ),
        "robustness_sets": lambda release, body, indicator, period, model: explain_named_sets(
            release, body, indicator, period
        ),
        "potential": lambda release, body, service, period, model: explain_potential(release, body, service, period),
        "potential_totals": lambda release, field, service, period, model: explain_potential_total(
            release, field, service, period
        ),
        "exemplars": lambda release, body, service, period, model: explain_exemplars(release, body, service, period),
        "settlements": explain_settlement,
        "incentives": lambda release, body, scheme, year, model: explain_incentives(release, scheme, year),
        "schemes": lambda release, body, scheme, period, way: explain_scheme(release, scheme, way),
        "scheme_bodies": lambda release, body, scheme, period, way: explain_scheme_body(release, body, scheme, way),
        "targets": explain_target,
        "target_paths": explain_path,
        "target_tests": explain_tests,
        "target_budgets": explain_budget,
        "tracking": explain_tracking,
        "charts": explain_chart,
        "forecasts": explain_forecast,
    }
)
"""Kinds of figure by name, which is the table's name where a table is meant."""


def claim(release: Release, kind: str, body: str, figure: str, period: str, model: str | None = None) -> Claim:
    """The claim behind one figure of a kind; the headline peer model unless another is named.

    Raises BadInput, with the known kinds or the nearest spellings, on anything that the release does not have.
    """
    if kind not in KINDS:
        raise BadInput(f"there is no kind of figure {kind!r}; a figure is one of {', '.join(sorted(KINDS))}")
    return KINDS[kind](release, body, figure, period, model or str(release.facts["headline_peer_model"]))


VARIANT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "settlements": ("settlements", "plan_id"),
        "schemes": ("schemes", "way"),
        "scheme_bodies": ("scheme_bodies", "way"),
        **dict.fromkeys(
            ("targets", "target_paths", "target_tests", "target_budgets", "tracking", "forecasts"),
            ("policies", "policy_id"),
        ),
    }
)
"""Table and column of what a claim's last part names, by kind; a peer model for every other kind."""


def variants(release: Release, kind: str) -> frozenset[str]:
    """What may stand as the last part of a claim of this kind: plans, ways, policies, else peer models."""
    if kind not in VARIANT:
        return frozenset(str(model["id"]) for model in release.facts["peer_models"])
    table, column = VARIANT[kind]
    return frozenset(release.table(table)[column].drop_nulls()) if table in release.tables() else frozenset()
