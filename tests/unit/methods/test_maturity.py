"""Capability maturity: levels that answers hold, the evidence behind them, peers, and what no settlement may use."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from pipelines import scenarios
from pipelines.methods.maturity import (
    CAPABILITIES,
    METHOD,
    NAMES,
    among_peers,
    evidenced,
    flattery,
    rate,
)

NO = ["not", "not", "not"]
YES = ["fully", "fully", "fully"]


def test_the_instrument_has_twelve_capabilities_and_five_levels():
    loci = [each.locus for each in CAPABILITIES]
    assert (loci.count("organisation"), loci.count("sector"), len(NAMES)) == (5, 7, 5)
    assert len({each.short for each in CAPABILITIES}) == 12
    assert METHOD.params_hash() != METHOD.params_hash(differ=0.8)


@pytest.mark.parametrize(
    ("level", "kept"),
    [
        (["fully", "fully", "fully"], True),
        (["fully", "fully", "partly"], False),  # 2 of 3 = 67 % < 70 %
        (["fully", "fully", "fully", "partly"], True),  # 3 of 4 = 75 %
        (["fully", "fully", "fully", "not"], False),  # 75 %, but one not at all
    ],
)
def test_a_level_is_held_at_seventy_percent_with_nothing_absent(level, kept):
    assert rate([NO, level, NO, NO, NO]).level == (2 if kept else 5)


def test_the_best_level_held_counts_and_progress_is_to_the_next():
    found = rate([["fully", "not", "not", "partly"], YES, YES, YES, NO])
    assert found == (2, 0.25)  # one of four statements of level 1
    assert rate([NO, NO, NO, NO, NO]) == (5, 0.0)
    best = rate([YES, NO, NO, NO, NO])
    assert best.level == 1
    assert np.isnan(best.progress)


def test_a_true_statement_of_the_lowest_level_overrules_all_others():
    assert rate([YES, YES, YES, YES, ["not", "partly", "not"]]).level == 5


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([YES] * 4, "five levels"),
        ([YES, YES, [], YES, NO], "at least one statement"),
        ([["mostly"], YES, YES, YES, NO], "found mostly"),
    ],
)
def test_answers_that_cannot_be_read_are_said(answers, words):
    with pytest.raises(ValueError, match=words):
        rate(answers)


@pytest.mark.parametrize(
    ("level", "months", "supported"),
    [(1, None, 3), (4, None, 4), (1, 24, 1), (1, 24.1, 2), (5, 60, 5), (2, 0, 2)],
)
def test_evidence_caps_a_level(level, months, supported):
    found = evidenced(level, months)
    assert found.level == supported
    assert bool(found.reason) == (supported != level or (months or 0) > 24)


def test_evidence_needs_a_level_and_an_age():
    with pytest.raises(ValueError, match="not 6"):
        evidenced(6, None)
    with pytest.raises(ValueError, match="not nan"):
        evidenced(2, np.nan)


def test_flattery_is_levels_by_which_the_own_view_is_better():
    assert_array_equal(flattery([2, 3, np.nan], [4, 2, 3]), [2, -1, np.nan])
    with pytest.raises(ValueError, match="same capabilities"):
        flattery([2], [2, 3])
    with pytest.raises(ValueError, match="whole number"):
        flattery([2.5], [2])


def test_peers_two_levels_better_who_are_willing():
    found = among_peers(4, [1, 2, 2, 3, 5, np.nan], [True, True, False, True, True, True])
    assert_array_equal(found.counts, [1, 2, 1, 0, 1])
    assert_array_equal(found.shares, [0.2, 0.4, 0.2, 0, 0.2])
    assert found.better == (0, 1)
    assert among_peers(np.nan, [1] * 5, [True] * 5).better == ()


def test_fewer_than_five_responders_are_not_shown():
    found = among_peers(4, [1, 1, 1, 1, np.nan], [True] * 5)
    assert found.suppressed
    assert np.isnan(found.counts).all()
    assert found.better == ()
    with pytest.raises(ValueError, match="each peer"):
        among_peers(4, [1, 2], [True])


def test_no_settlement_can_use_a_level():
    # M7.3: a level that pays would be inflated, so scenarios may not even import it.
    for path in Path(scenarios.__file__).parent.rglob("*.py"):
        named = {
            node.module for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
        }
        assert not any("maturity" in (name or "") for name in named), path.name
