"""M2.1 nearest neighbours: six bodies seen from A, with classical standardisation."""

import numpy as np
import pytest

from pipelines.methods.context import classical_scores, transform
from pipelines.methods.peers import distances, nearest, rebased

pytestmark = pytest.mark.golden


def scores(given):
    raw = np.column_stack([given["population"], given["deprivation"], given["density"]])
    return classical_scores(transform(raw, ("log", "none", "log")))


def test_distances_from_a(golden, same):
    given, expected = golden("M2.1", "six bodies, from A")
    distance = distances(scores(given), given["w"])
    same(distance[0], expected["distance"])
    same(rebased(distance)[0], expected["rebased"])


def test_order_and_contributions(golden, same):
    given, expected = golden("M2.1", "six bodies, from A")
    peers = nearest(scores(given), given["w"], k=5, cap=1.0)
    order = ["ABCDEF"[i] for i in peers.ids[0]]
    assert order == expected["order"]
    by_name = dict(zip(order, peers.contribution[0], strict=True))
    same([by_name[name] for name in "BCDEF"], expected["contribution_shares_B_to_F"])
