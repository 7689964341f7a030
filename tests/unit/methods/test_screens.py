"""Screens ask questions, count independent signals, and ask no more often than they promise."""

import numpy as np
import pytest

from pipelines.methods.screens import Screen, asked, not_asked, prior_rate, signals
from tests.screens import NULLS, false_positives

ACCUSING = ("manipulat", "fraud", "cheat", "gaming", "fiddl", "falsif", "dishonest", "suspicious", "mislead")


def screen(family, flag):
    return Screen("name", family, "Why?", 1.0, 0.01, 0.05, 10, flag)


def test_one_family_is_one_signal():
    assert (
        signals([screen("digits", True), screen("digits", True), screen("series", True), screen("break", False)]) == 2
    )


def test_a_question_not_asked_says_why():
    found = not_asked("heaping", "digits", "100 values are needed", 12)
    assert not asked(found) and not found.flag
    assert found.question == "Not asked: 100 values are needed."
    assert asked(screen("digits", False))


def test_the_rate_where_no_target_could_be_the_cause():
    found = prior_rate([True, False, False, True, False])
    assert (found.flagged, found.tested, found.share) == (2, 5, 0.4)
    assert found.lo == pytest.approx(0.1176, abs=1e-4) and found.hi == pytest.approx(0.7693, abs=1e-4)  # Wilson
    assert found.words == "It also appears in 2 of 5 untargeted measures."
    with pytest.raises(ValueError, match="no benchmark"):
        prior_rate([])


@pytest.mark.parametrize("null", NULLS, ids=lambda null: null.name)
def test_every_screen_is_a_question_with_its_figures(null):
    found = null.run(np.random.default_rng(2))
    assert found.question.endswith("?")
    assert not any(word in found.question.lower() for word in ACCUSING)
    assert any(letter.isdigit() for letter in found.question)
    assert found.n > 0 and asked(found) and np.isfinite(found.threshold)


@pytest.mark.slow
@pytest.mark.parametrize("null", [null for null in NULLS if not np.isnan(null.nominal)], ids=lambda null: null.name)
def test_no_screen_asks_more_often_than_it_promises(null):
    # Three Monte Carlo standard errors above the promise: 0.05 + 3 sqrt(0.05 x 0.95/400) = 0.083.
    times = 400
    assert false_positives(null, times) <= null.nominal + 3 * np.sqrt(null.nominal * (1 - null.nominal) / times)
