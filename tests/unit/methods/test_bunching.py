"""Bunching is found where it was put, on the side where it was put, and nowhere else."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.bunching import (
    ask_density,
    ask_excess,
    balanced,
    density_jump,
    excess_mass,
    just_in_time,
    local_binomial,
)

LINE = np.arange(60.0, 20.0, -2.0)  # twenty bins that a straight line fits exactly


def test_equal_counts_are_no_question():
    found = local_binomial(10, 10)
    assert (found.p, found.flag) == (1.0, False)
    assert not local_binomial(7, 21).flag  # more on the bad side is nothing to ask about
    assert not local_binomial(0, 0).flag
    # One-sided tail of Binomial(5, 1/2) at 0 is 1/32; doubled.
    assert local_binomial(5, 0).p == pytest.approx(1 / 16)


def test_excess_on_a_straight_line_is_what_was_moved():
    moved = LINE.copy()
    moved[9] -= 15
    moved[10] += 15
    found = excess_mass(moved, 10)
    assert_allclose([found.missing, found.excess, found.relative], [15, 15, 15 / 40], rtol=1e-9)
    assert ask_excess(found).flag
    assert ask_excess(found).question.startswith("Why are there 15.0 more cases just inside the threshold")


def test_the_good_side_may_lie_below():
    moved = LINE.copy()
    moved[9] += 15
    moved[10] -= 15
    assert excess_mass(moved, 10, good="below").excess == pytest.approx(15)
    assert excess_mass(moved, 10, good="above").excess == pytest.approx(-15)


def test_a_balanced_fit_misses_as_many_as_it_exceeds():
    counts = [4, 6, 9, 12, 15, 18, 7, 21, 19, 16, 14, 11, 8, 6]
    found = excess_mass(counts, 7)
    excess = balanced(found, counts, 7)
    scale = (21 - excess) / found.fitted[7]
    assert scale * found.fitted[6] - 7 == pytest.approx(excess)


def test_heaps_at_round_numbers_need_a_dummy():
    heaps = np.arange(20) % 5 == 0
    heaped = LINE + 30 * heaps  # bin 10, just inside, is a round number
    assert excess_mass(heaped, 10).excess > 15
    assert excess_mass(heaped, 10, heaps=heaps).excess == pytest.approx(0, abs=1e-9)


def test_degrees_follow_the_number_of_bins():
    assert excess_mass(LINE, 10).freedom == 20 - 4 - 4
    assert excess_mass(np.full(30, 9.0), 15).freedom == 30 - 4 - 6


def test_the_bootstrap_repeats_itself():
    assert excess_mass(LINE, 10).se == excess_mass(LINE, 10).se
    assert excess_mass(LINE, 10, seed=1).se != excess_mass(LINE, 10).se


def test_a_jump_in_a_density_is_found_and_measured():
    # Density 0.5 below 0 and 1.5 above, on -1..1 with shares 1/4 and 3/4: 0.25 and 0.75 per unit.
    rng = np.random.default_rng(4)
    values = np.concatenate([rng.uniform(-1, 0, 1000), rng.uniform(0, 1, 3000)])
    found = density_jump(values, 0.0)
    assert (found.below, found.above) == pytest.approx((0.25, 0.75), abs=0.12)
    assert found.t > 3
    assert ask_density(found, "above").flag
    assert not ask_density(found, "below").flag
    assert "times as dense just on the good side" in ask_density(found, "above").question


@pytest.mark.parametrize(
    ("seed", "threshold", "reach", "below", "above", "t"),
    [
        (0, 0.3, 0.8, 0.32505607414933024, 0.42933942627563226, 0.72592266842812),
        (1, 0.0, 0.6, 0.386207039728248, 0.5044243069189729, 0.6469934479207919),
        (2, -0.2, 1.0, 0.3508214464416852, 0.22752268106137308, -0.9883050056532089),
    ],
)
def test_densities_agree_with_the_authors_own_program(seed, threshold, reach, below, above, t):
    # rddensity 3.0 for Python: p = 2, q = 3, unrestricted, triangular kernel, jackknife. Its standard error differs in
    # terms of order 1/n, n = 600.
    values = np.random.default_rng(seed).normal(size=600)
    found = density_jump(values, threshold, reach)
    assert (found.below, found.above) == pytest.approx((below, above), rel=1e-9)
    assert found.t == pytest.approx(t, rel=2e-3)


def test_a_density_has_no_unit_and_no_direction():
    values = np.random.default_rng(6).normal(size=500)
    first = density_jump(values, 0.2)
    assert density_jump(100 * values, 20.0).t == pytest.approx(first.t)
    assert density_jump(-values, -0.2).t == pytest.approx(-first.t, rel=1e-6)


def test_cases_just_in_time_that_come_back():
    # All four against none of four: 2 of C(8, 4) = 70 tables are as extreme.
    found = just_in_time((4, 0), (4, 4))
    assert found.p == pytest.approx(2 / 70)
    assert found.flag
    assert found.question == "Why do 100% of the cases finished just in time come back, and 0% of the others?"
    assert not just_in_time((2, 2), (4, 4)).flag
    assert not just_in_time((0, 2), (0, 4)).flag
    with pytest.raises(ValueError, match="more events"):
        just_in_time((5, 0), (4, 4))


def test_what_is_refused():
    with pytest.raises(ValueError, match="tied"):
        density_jump(np.repeat([1.0, 2.0, 3.0], 50), 2)
    with pytest.raises(ValueError, match="are needed"):
        density_jump(np.linspace(0, 1, 100), 5)
    with pytest.raises(ValueError, match="do not fit"):
        excess_mass(LINE, 1)
    with pytest.raises(ValueError, match="cannot fit"):
        excess_mass(LINE[:8], 4)
    with pytest.raises(ValueError, match="negative"):
        local_binomial(-1, 3)
