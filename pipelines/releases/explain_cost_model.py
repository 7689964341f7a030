"""Explain the cost model of a field: its quartile from every body's ratio, its tests, what it may be used for (F25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.errors import BadInput
from pipelines.methods.quantiles import quantile
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, PeerFigure, Step, plain
from pipelines.releases.explain import checks_of, editions_of
from pipelines.releases.fields import field_words
from pipelines.releases.figures import name_of, same
from pipelines.releases.lookup import Row, find, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

FAILED = {
    "rows": "fewer than 10 rows for each coefficient",
    "reset": "the cost bends in a way that the model does not know (RESET)",
    "vif": "its drivers move together too closely to be told apart",
    "elasticities": "a volume seems to make the service cheaper",
    "scale": "costs grow implausibly fast or slowly with volume",
    "stability": "leaving out one body turns a coefficient round",
}


def explain_cost_model(release: Release, field: str, service_id: str, period: str) -> Claim:
    """The claim behind the cost model of a field: its quartile from every body's ratio, its tests, what failed.

    Raises BadInput on an unknown field, service or period.
    """
    service = find(release, "services", "service_id", service_id, "service")
    row = one(release, "cost_models", service_id=service_id, period=period, field=field)
    if row is None:
        known = sorted({each["field"] for each in rows(release, "cost_models", service_id=service_id)})
        raise BadInput(
            f"{release.pack} has no cost model of {service_id!r} for {field!r} in {period}{nearest(known, field)}"
        )
    peers = _bodies(release, field, service_id, period)
    return Claim(
        kind="cost_models",
        pack=release.pack,
        release=release.id,
        body=field,
        body_name=field_words(release, field),
        figure=service_id,
        label=f"What {service['label']} usually costs",
        unit="ratio",
        period=period,
        model=None,
        sentence=(
            f"{service['label']}, {field_words(release, field)}, {row['periods']}: a quarter of {row['n_bodies']} "
            f"bodies cost {100 * row['quartile']:.1f}% of what the model expects, or less."
        ),
        value=row["quartile"],
        lo=None,
        hi=None,
        status="ok",
        caveats=(stated_model(release, service_id)["note"], *verdict(row)),
        steps=(_drivers_in_words(row), _quartile(row, peers), _factor(row), *_tests(row)),
        inputs=(),
        peers=peers,
        checks=checks_of(release, ("modelled_costs", "cost_models")),
        methods=(note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]),),
        editions=editions_of((), row["input_editions"]),
    )


def stated_model(release: Release, service: str) -> dict[str, Any]:
    """The cost model of a service as the release states it."""
    return next(dict(each) for each in release.facts["cost_models"] if each["service"] == service)


def verdict(model: Row) -> tuple[str, ...]:
    """A caveat where the model may enter no figure in money; nothing otherwise."""
    if model["passed"]:
        return ()
    why = "; ".join(FAILED.get(test, test) for test in model["failed"].split())
    return (f"The model fails a test and enters no figure in money: {why}.",)


def _bodies(release: Release, field: str, service: str, period: str) -> tuple[PeerFigure, ...]:
    classes = {row["body_id"]: row["class_id"] for row in release.table("bodies").to_dicts()}
    found = rows(release, "modelled_costs", service_id=service, period=period)
    return tuple(
        PeerFigure(
            row["body_id"],
            name_of(release, row["body_id"]),
            row["ratio"],
            row["status"],
            row["ratio"] is not None,
            "" if row["ratio"] is not None else "no year's figures could be used",
        )
        for row in found
        if classes.get(row["body_id"]) in field.split()
    )


def _drivers_in_words(row: Row) -> Step:
    return Step(
        "Model",
        f"{row['n_rows']} body-years of {row['n_bodies']} bodies; drivers: {row['terms'].replace(' ', ', ')}",
        "ln cost = constant + sum of elasticity x ln volume + circumstances + the year's own level",
        f"elasticities of the volumes: {row['elasticities'].replace(' ', ', ')}",
    )


def _quartile(row: Row, peers: tuple[PeerFigure, ...]) -> Step:
    ratios = [peer.value for peer in peers if peer.value is not None]
    found = float(quantile(ratios, 0.25)) if ratios else None
    return Step(
        "Quartile",
        f"of the ratios of {len(ratios)} bodies",
        "25th percentile (type 7) of actual / modelled",
        f"{plain(found)} = {plain(row['quartile'])}",
        same(found, row["quartile"]) and len(ratios) == row["n_bodies"],
    )


def _factor(row: Row) -> Step:
    numbers = f"least of {plain(row['quartile'])} and 1 = {plain(row['factor'])}"
    words = "the benchmark never asks for more than the model expects"
    return Step("Benchmark", words, "least of quartile and 1", numbers, same(min(row["quartile"], 1.0), row["factor"]))


def _tests(row: Row) -> tuple[Step, ...]:
    failed = "every test is passed" if row["passed"] else "; ".join(FAILED.get(t, t) for t in row["failed"].split())
    numbers = (
        f"RESET p {plain(row['reset_p'])}; variance inflation {plain(row['vif'])}; leave-one-out prediction R squared "
        f"{plain(row['prediction_r2'])}; skewness {plain(row['skewness'])}"
    )
    tests = Step("Tests", failed, "", numbers, row["passed"] == (row["failed"] is None))
    if row["inefficiency"] is None:
        return (tests, Step("Cross-check", "too few bodies for a stochastic frontier (60 are needed)"))
    words = "the residuals show inefficiency" if row["inefficiency"] else "no inefficiency can be detected"
    return (tests, Step("Cross-check", words, "", f"spread {plain(row['sigma_u'])}, noise {plain(row['sigma_v'])}"))
