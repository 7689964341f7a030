"""Mahalanobis and principal-component distances agree with SciPy and with plain loops."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.spatial.distance import cdist

from pipelines.methods.context import classical_scores
from pipelines.methods.peer_distances import ledoit_wolf, mahalanobis, principal_scores
from pipelines.methods.peers import nearest


def correlated(n=40, v=4, seed=1):
    rng = np.random.default_rng(seed)
    return classical_scores(rng.normal(size=(n, v)) @ rng.normal(size=(v, v)))


def test_raw_mahalanobis_is_scipys():
    z = correlated()
    inverse = np.linalg.inv(np.cov(z.T))
    assert_allclose(mahalanobis(z, 0.0), cdist(z, z, "mahalanobis", VI=inverse), atol=1e-9)


def test_full_shrinkage_is_euclid_on_unit_sd():
    z = correlated()
    assert_allclose(mahalanobis(z, 1.0), cdist(z, z), atol=1e-9)


def test_ledoit_wolf_by_plain_loops():
    z = correlated(25)
    x = z - z.mean(axis=0)
    n, v = x.shape
    s = sum(np.outer(row, row) for row in x) / n
    m = np.trace(s) / v
    d2 = np.sum((s - m * np.eye(v)) ** 2)
    b2 = sum(np.sum((np.outer(row, row) - s) ** 2) for row in x) / n**2
    assert ledoit_wolf(z) == pytest.approx(min(b2, d2) / d2)


def test_fewer_bodies_shrink_more():
    assert 0 < ledoit_wolf(correlated(400)) < ledoit_wolf(correlated(12)) <= 1


def test_too_few_bodies_for_the_raw_covariance():
    with pytest.raises(ValueError, match="too few"):
        mahalanobis(correlated(7), 0.0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        mahalanobis(correlated(), 1.1)


def test_an_incomplete_body_has_no_distances_and_moves_no_other():
    z = correlated()
    more = np.vstack([z, [0.0, np.nan, 0.0, 0.0]])
    found = mahalanobis(more, 0.3)
    assert np.isnan(found[-1]).all()
    assert_allclose(found[:-1, :-1], mahalanobis(z, 0.3))
    assert ledoit_wolf(more) == ledoit_wolf(z)


def test_component_distances_map_back_to_variables():
    z = correlated()
    values, vectors = np.linalg.eigh(np.cov(z.T))
    kept = int(np.searchsorted(np.cumsum(values[::-1]) / values.sum(), 0.9)) + 1
    components = z @ vectors[:, ::-1][:, :kept]
    projected = principal_scores(z)
    assert_allclose(cdist(projected, projected), cdist(components, components), atol=1e-9)
    found = nearest(projected, np.ones(4), k=3, cap=1.0)
    assert_allclose(found.contribution.sum(axis=-1), 1.0)
    assert_allclose(principal_scores(z, 1.0), z - z.mean(axis=0), atol=1e-12)
    with pytest.raises(ValueError, match="share of the variance"):
        principal_scores(z, 0.0)
