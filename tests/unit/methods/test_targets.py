"""A target goes the stated way, stops at its limits in the stated order, and says why."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.targets import met_from, target

PEERS = np.array([285.0, 292, 300, 310, 318, 325, 333, 340, 352, 365, 372, 380, 395, 410, 428])


def rules(found):
    return [step.rule for step in found.steps]


def test_the_steps_tell_the_derivation_in_order():
    found = target(362.4, 9, PEERS, -1, limit=20, precision=1)
    assert rules(found) == ["reference", "share", "step limit", "best reliable peer", "rounding"]
    # 362.4 -> 314; half-way 338.2; at most 20 better: 342.4; the best peer is 285; in whole pounds towards 362.4: 343
    assert_allclose([step.after for step in found.steps], [314, 338.2, 342.4, 342.4, 343])
    assert found.steps[0].words == "what the best quarter of 15 peers hold"
    assert all(step.words for step in found.steps)


def test_the_best_reliable_peer_is_the_end():
    trust = np.where(PEERS < 345, 0.6, 0.9)  # the best with R >= 0.7 stands at 352
    assert target(362, 9, PEERS, -1, reliability=trust).value == 352
    nobody = target(362, 9, PEERS, -1, reliability=np.full(15, 0.6))
    assert (nobody.value, nobody.status) == (362, "hold")


def test_better_than_the_reference_holds_and_is_judged_within_one_error():
    found = target(300, 9, PEERS, -1, shift=0.01)
    assert (found.value, found.status, found.success, found.gap) == (300, "hold", 309, 0)
    assert_allclose(found.glide.path, [300, 297, 294.03, 291.0897])  # the frontier shift alone
    assert target(300, 9, PEERS, 1).status == "set"  # where higher is better, 300 is far from the best quarter


def test_a_body_is_never_asked_for_less_than_it_has_held_itself():
    """A figure of 150 drawn up to 200 by chance, 150 or better in each of three years: 150 is held, not 200."""
    found = target(200, 60, PEERS, -1, held=150, shift=0.01)
    assert (found.value, found.status, found.success, found.there) == (150, "hold", 150, 0)
    assert found.steps[-1][:3] == ("own level", 200, 150)
    assert_allclose(found.glide.path, [150, 148.5, 147.015, 145.54485])  # it starts from what is held
    # Half of the way from 362 to 314 is 338, which a body that has held 330 must not fall back to.
    half = target(362, 9, PEERS, -1, held=330)
    assert (half.value, half.status, half.success) == (330, "hold", 330)
    assert target(100, 5, PEERS, 1, held=160, limit=20).value == 160  # higher is better; 120 by the step limit


def test_a_held_level_no_better_than_the_target_moves_only_what_counts_as_held():
    assert target(362, 9, PEERS, -1, held=345).value == target(362, 9, PEERS, -1).value == 338
    # Asked to hold 300 with an error of 9: held from 309, or from the own level where that is better.
    assert [target(300, 9, PEERS, -1, held=own).success for own in (305, 320, np.nan)] == [305, 309, 309]


def test_a_recorded_target_is_met_from_its_own_level_and_an_older_one_within_one_error():
    assert met_from(300, 305.0, hold=True, se=9, direction=-1) == 305
    assert met_from(300, None, hold=True, se=9, direction=-1) == 309
    assert met_from(300, None, hold=False, se=9, direction=-1) == 300


def test_no_room_in_history_means_hold():
    assert target(362, 9, PEERS, -1, limit=0).status == "hold"


def test_few_peers():
    six = target(362, 9, PEERS[:6], -1)
    assert (six.basis, six.reference) == ("median", 305)
    four = target(362, 9, PEERS[:4], -1)
    assert four.status == "no fair peer group"
    assert np.isnan(four.value)
    own = target(362, 9, PEERS[:4], -1, reference="own_trend", given=350)
    assert (own.value, own.basis) == (356, "own_trend")
    assert "not based on peers" in own.steps[0].words


def test_an_unreliable_figure_carries_no_target():
    assert target(362, 9, PEERS, -1, own_reliability=0.39).status == "not reliable enough"
    assert target(362, 9, PEERS, -1, own_reliability=np.nan).status == "not reliable enough"
    assert "three years together" in target(362, 9, PEERS, -1, own_reliability=0.5).steps[0].words


def test_exemplars_are_real_peers():
    assert target(362, 9, PEERS, -1, reference="exemplar", pi=1).value == 352
    assert target(362, 9, PEERS, -1, reference="exemplar", pi=1, given=333).value == 333
    assert target(280, 9, PEERS, -1, reference="exemplar").status == "hold"


def test_absent_peers_do_not_count():
    found = target(362, 9, np.append(PEERS, [np.nan, np.nan]), -1)
    assert (found.peers, found.value) == (15, 338)


def test_refusals():
    with pytest.raises(ValueError, match="unknown reference"):
        target(362, 9, PEERS, -1, reference="best")
    with pytest.raises(ValueError, match="share of the way"):
        target(362, 9, PEERS, -1, pi=0)
    with pytest.raises(ValueError, match="needs its level"):
        target(362, 9, PEERS, -1, reference="model")
    with pytest.raises(ValueError, match="known value"):
        target(np.nan, 9, PEERS, -1)
    with pytest.raises(ValueError, match="0 or more"):
        target(362, 9, PEERS, -1, limit=-1)
