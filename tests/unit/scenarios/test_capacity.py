"""Nothing of a claim vanishes without a reason, and the weakest evidence is named."""

import pytest

from pipelines.scenarios.capacity import EVIDENCE, Factor, Factors, convertibility, minutes_cascade

FACTORS = Factors(
    adoption=Factor(0.5, "measured here", "usage log"),
    attribution=Factor(0.6, "literature"),
    rework=Factor(0.1, "measured at peers"),
    convertibility=Factor(1.0, "measured here"),
    cashable=Factor(0.25, "literature"),
    optimism=Factor(0.2, "literature"),
    persistence=Factor(0.8, "measured at peers"),
)


def test_by_hand():
    # 60 people x 30 min x 200 days = 6 000 h; x 0.5 x 0.8 x 0.6 x 0.9 = 1 296 h; at 20: 25 920; cash 6 480, then 5 184.
    found = minutes_cascade(60, 30, 200, 20, FACTORS)
    assert found.at("capacity").hours == pytest.approx(1296)
    assert found.cash_gbp == pytest.approx(5184)
    assert found.fte == pytest.approx(1296 / 1600)
    assert (found.throughput_hours, found.other_gbp) == pytest.approx((972, 19_440))


def test_every_pound_claimed_is_left_or_dropped_with_a_reason():
    found = minutes_cascade(60, 30, 200, 20, FACTORS)
    assert found.cash_gbp + sum(step.dropped_gbp for step in found.steps) == pytest.approx(120_000)
    assert all(step.words for step in found.steps)
    assert found.at("adopted").words == "50% is left: not everybody uses it (measured here)"


def test_hours_off_the_constraint_add_no_throughput():
    assert minutes_cascade(60, 30, 200, 20, FACTORS, constraint=False).throughput_hours == 0
    assert minutes_cascade(60, 30, 200, 20, FACTORS, use="quality").throughput_hours == 0


def test_a_cascade_is_as_strong_as_its_weakest_factor():
    assert minutes_cascade(1, 1, 1, 1, FACTORS).weakest == "literature"
    assert minutes_cascade(1, 1, 1, 1, Factors(Factor(0.5))).weakest == EVIDENCE[-1]


def test_fragments_are_discounted():
    assert [convertibility(minutes) for minutes in (5, 29, 30, 240)] == [0.5, 0.5, 1, 1]


def test_what_is_refused():
    with pytest.raises(ValueError, match="share between"):
        Factor(1.2)
    with pytest.raises(ValueError, match="unknown evidence"):
        Factor(0.5, "hearsay")
    with pytest.raises(ValueError, match="positive"):
        minutes_cascade(0, 1, 1, 1, FACTORS)
    with pytest.raises(ValueError, match="name their use"):
        minutes_cascade(1, 1, 1, 1, FACTORS, use="other")
    with pytest.raises(ValueError, match="longer than 0"):
        convertibility(0)
    with pytest.raises(ValueError, match="no step"):
        minutes_cascade(1, 1, 1, 1, FACTORS).at("posts")
