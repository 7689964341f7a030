"""Published efficiency studies reproduced: ../shared/data/dea, computed there by R's Benchmarking 0.33."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.frontier import additive, dea, dea_interval, fdh, super_efficiency
from tests.frontiers import slack_sum_by_highs

pytestmark = pytest.mark.integration
STUDIES = {
    "pft1981": (["x1", "x2", "x3", "x4", "x5"], ["y1", "y2", "y3"]),
    "milkprod": (["energy", "vet", "cows"], ["milk"]),
}
CLOSE = {"rtol": 0, "atol": 1e-6}


def table(path):
    """Columns by name; what is not a number is NaN."""
    with path.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {name: np.array([number(row[name]) for row in rows]) for name in rows[0]}


def number(text):
    try:
        return float(text)
    except ValueError:
        return np.nan


@pytest.fixture(params=STUDIES)
def study(request, publishers):
    """(name, X, Y, published scores) of one study."""
    folder = publishers / "dea" / request.param
    data = table(folder / f"{request.param}_data.csv")
    inputs, outputs = (np.column_stack([data[name] for name in names]) for names in STUDIES[request.param])
    return request.param, inputs, outputs, table(folder / f"{request.param}_scores.csv")


@pytest.mark.parametrize("orientation", ["in", "out"])
@pytest.mark.parametrize("rts", ["crs", "vrs", "drs", "irs"])
def test_radial_scores(study, rts, orientation):
    _, X, Y, published = study
    found = dea(X, Y, rts=rts, orientation=orientation)
    assert_allclose(found.score, published[f"{rts}_{orientation}"], **CLOSE)
    assert found.fallbacks == 0


@pytest.mark.parametrize("orientation", ["in", "out"])
def test_free_disposal_hull(study, orientation):
    _, X, Y, published = study
    assert_allclose(fdh(X, Y, orientation=orientation).score, published[f"fdh_{orientation}"], **CLOSE)


@pytest.mark.parametrize("rts", ["crs", "vrs"])
def test_super_efficiency(study, rts):
    _, X, Y, published = study
    wanted = published[f"super_{rts}_in"]
    assert_allclose(super_efficiency(X, Y, rts=rts), np.where(np.isfinite(wanted), wanted, np.nan), **CLOSE)


def test_additive_slack_sums(study):
    """R weighs slacks by 1, and by 1/mean where a mean passes 10 000: so in the farms, whose milk is about 700 000."""
    name, X, Y, published = study
    weights = np.ones(X.shape[1] + Y.shape[1]) if name == "pft1981" else None
    assert_allclose(additive(X, Y, weights=weights).sum(axis=1), published["add_vrs_sum_slack"], rtol=1e-6, atol=1e-6)


def test_second_phase_slack_sums(publishers):
    folder = publishers / "dea" / "pft1981"
    data = table(folder / "pft1981_data.csv")
    X, Y = (np.column_stack([data[name] for name in names]) for names in STUDIES["pft1981"])
    found, published = dea(X, Y), table(folder / "pft1981_vrs_in_slacks.csv")
    assert_allclose(
        found.slacks.sum(axis=1), published["sum_slack"], rtol=0, atol=1e-5
    )  # seven decimals of score there
    worth = 1 / np.r_[X.mean(axis=0), Y.mean(axis=0)]
    for body in range(0, 70, 7):
        exact = slack_sum_by_highs(found.score[body] * X[body] * (1 + 1e-12), Y[body], X, Y, "vrs", worth)
        assert found.slacks[body] @ worth == pytest.approx(exact, abs=1e-6)


@pytest.mark.slow
def test_smoothed_bootstrap(publishers):
    """Another generator, so in distribution only: within 0.005 per farm (SOURCES.md)."""
    folder = publishers / "dea" / "milkprod"
    data, published = table(folder / "milkprod_data.csv"), table(folder / "milkprod_boot_crs_in_B2000.csv")
    X, Y = (np.column_stack([data[name] for name in names]) for names in STUDIES["milkprod"])
    found = dea_interval(X, Y, rts="crs", method="bootstrap", seed=1)
    assert_allclose(found.score, published["eff"], **CLOSE)
    assert_allclose(found.unbiased, published["eff_bc"], rtol=0, atol=0.005)
    assert_allclose(found.bias, published["bias"], rtol=0, atol=0.005)
    assert_allclose(found.lo, published["ci_lo"], rtol=0, atol=0.01)  # quantiles of 2000 draws vary more than means
    assert_allclose(found.hi, published["ci_hi"], rtol=0, atol=0.01)
