"""M4.1 target from peers: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.methods.targets import target, top_quartile

pytestmark = pytest.mark.golden


def test_halfway_to_the_top_quartile(golden, same):
    given, expected = golden("M4.1", "target")
    peers, own, d = np.array(given["peers"]), given["own"], given["d"]
    found = target(own, 9, peers, d, precision=1)
    same(found.reference, expected["top_quartile"])
    same(found.gap, expected["gap"])
    same(found.gap / own, expected["gap_share"])
    same(found.value, expected["target_pi_half"])
    same(found.there / found.peers, expected["share_at_338"])
    same(found.at_reference / found.peers, expected["share_at_top_quartile"])
    assert (found.status, found.basis, found.there, found.at_reference) == ("set", "top_quartile", 7, 4)


def test_the_full_reference_and_the_median(golden, same):
    given, expected = golden("M4.1", "target")
    peers, own, d = np.array(given["peers"]), given["own"], given["d"]
    whole = target(own, 9, peers, d, pi=1)
    same([whole.value, whole.there / whole.peers], [expected["top_quartile"], expected["share_at_top_quartile"]])
    median = target(own, 9, peers, d, pi=1, reference="median")
    same([median.value, median.there / median.peers], [expected["median"], expected["share_at_median"]])
    same(top_quartile(peers, d), expected["top_quartile"])
