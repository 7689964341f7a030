"""M2.2 Jaccard and the raw Mahalanobis distances of M2.1: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.methods.context import classical_scores, transform
from pipelines.methods.peer_distances import mahalanobis
from pipelines.methods.peer_sets import jaccard

pytestmark = pytest.mark.golden


def test_jaccard(golden, same):
    given, expected = golden("M2.2", "Jaccard")
    same(jaccard(given["A"], given["B"]), expected["J"])


def test_raw_mahalanobis_moves_f_ahead(golden, same):
    given, expected = golden("M2.1", "six bodies, from A")
    raw = np.column_stack([given["population"], given["deprivation"], given["density"]])
    distance = mahalanobis(classical_scores(transform(raw, ("log", "none", "log"))), 0.0)
    same(distance[0], expected["mahalanobis_raw"])
    assert distance[0, 5] < min(distance[0, 2], distance[0, 3])
