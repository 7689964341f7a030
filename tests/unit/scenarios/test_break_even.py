"""The response at which sharing gains overtakes equal cuts."""

import numpy as np
import pytest

from pipelines.scenarios.behaviour import Assumptions
from pipelines.scenarios.break_even import first_year, smallest_response
from pipelines.scenarios.montecarlo import simulate
from pipelines.scenarios.terms import Terms


def test_by_hand():
    # Cut 1 % of 100 = 1 against gaps of 2 + 3 = 5: a fifth of the gap; only the centre's half: two fifths.
    assert first_year([50, 50], [0.04, 0.06], 0.01).response == pytest.approx(0.2)
    found = first_year([50, 50], [0.04, 0.06], 0.01, kept_counts=0)
    assert found.response == pytest.approx(0.4)
    assert found.words == "Sharing gains saves more when bodies close at least 40% of their gap a year."
    assert not first_year([50, 50], [0.004, 0.006], 0.01).reachable


def test_bisection_finds_a_known_root():
    found = smallest_response(lambda kappa: kappa**2 - 2, 4)
    assert found.response == pytest.approx(np.sqrt(2), abs=1e-3)
    assert smallest_response(lambda kappa: kappa, 4).response == 0
    never = smallest_response(lambda kappa: -1.0, 4)
    assert (never.response, never.reachable) == (np.inf, False)
    assert never.words == "No response up to 4 makes sharing gains worth more."


def test_on_common_draws_the_advantage_rises_with_the_response():
    gaps = np.array([0.10, 0.15, 0.20])

    def advantage(kappa):
        assumed = Assumptions(closure=(kappa, kappa, kappa), gap_sd=0.0)
        found = simulate(
            ["a", "b", "c"],
            [1, 1, 1],
            gaps,
            0.10,
            Terms(),
            assumed,
            schemes=("X", "G"),
            powers={"X": 0, "G": 1},
            count=50,
        )
        return found["G"].value[1] - found["X"].value[1]

    steps = [advantage(kappa) for kappa in (0.0, 0.1, 0.2, 0.4)]
    assert (np.diff(steps) > 0).all()
    found = smallest_response(advantage, 1.0, tolerance=0.02)
    assert found.reachable
    assert advantage(found.response) >= 0


def test_what_is_refused():
    with pytest.raises(ValueError, match="gap to close"):
        first_year([1], [0], 0.01)
