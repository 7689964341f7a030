"""Frontiers: scores, slacks, weights and multipliers against an independent solver, and what is refused."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods import frontier_exact
from pipelines.methods.frontier import (
    additive,
    dea,
    dea_conditional,
    directional,
    fdh,
    order_alpha,
    order_m,
    scale,
    super_efficiency,
)
from tests.frontiers import scores_by_highs, sector, slack_sum_by_highs

RETURNS = ("crs", "vrs", "drs", "irs")


@pytest.mark.parametrize("orientation", ["in", "out"])
@pytest.mark.parametrize("rts", RETURNS)
@pytest.mark.parametrize(("n", "m", "s"), [(130, 3, 3), (40, 1, 2), (60, 4, 4)])
def test_scores_agree_with_highs(n, m, s, rts, orientation):
    X, Y = sector(n + m, n, m, s)
    found = dea(X, Y, rts=rts, orientation=orientation)
    assert_allclose(found.score, scores_by_highs(X, Y, rts, orientation), rtol=1e-9)
    assert found.fallbacks == found.slack_fallbacks == 0


@pytest.mark.parametrize("orientation", ["in", "out"])
@pytest.mark.parametrize("rts", RETURNS)
def test_weights_and_slacks_reach_the_target_and_slacks_cannot_be_larger(rts, orientation):
    X, Y = sector(5, 80, 2, 3)
    found = dea(X, Y, rts=rts, orientation=orientation)
    stretch = found.score[:, None]
    target_x, target_y = (stretch * X, Y) if orientation == "in" else (X, stretch * Y)
    assert_allclose(found.weights @ X + found.slacks[:, :2], target_x, atol=1e-9)
    assert_allclose(found.weights @ Y - found.slacks[:, 2:], target_y, atol=1e-9)
    assert (found.weights >= 0).all()
    assert (found.slacks >= 0).all()
    worth = 1 / np.r_[X.mean(axis=0), Y.mean(axis=0)]
    eased = (1 + 1e-11) if orientation == "in" else (1 - 1e-11)  # HiGHS asks for room to stand in
    for body in range(0, 80, 8):
        x, y = (target_x[body] * eased, Y[body]) if orientation == "in" else (X[body], target_y[body] * eased)
        exact = slack_sum_by_highs(x, y, X, Y, rts, worth)
        assert found.slacks[body] @ worth == pytest.approx(exact, abs=1e-7)


def test_peers_are_efficient_and_sum_to_one():
    X, Y = sector(8, 150, 3, 2)
    found = dea(X, Y)
    assert_allclose(found.lambdas.sum(axis=1), 1, atol=1e-12)
    assert_allclose(found.score[np.unique(found.lambdas.indices)], 1, atol=1e-9)
    assert found.lambdas.nnz <= 150 * 6  # m + s + 1
    assert found.peers(0).tolist() == np.argsort(-found.weights[0], kind="stable")[: len(found.peers(0))].tolist()


@pytest.mark.parametrize("orientation", ["in", "out"])
@pytest.mark.parametrize("rts", RETURNS)
def test_multipliers_price_every_body_at_or_below_cost_and_attain_the_score(rts, orientation):
    X, Y = sector(9, 90, 2, 2)
    found = dea(X, Y, rts=rts, orientation=orientation)
    v, u, u0 = found.multipliers[:, :2], found.multipliers[:, 2:], found.intercept
    margin = v @ X.T - u @ Y.T - u0[:, None]  # cost less worth of every body at each body's weights
    assert margin.min() > -1e-8
    unit, value = ((v * X).sum(axis=1), (u * Y).sum(axis=1) + u0)
    if orientation == "out":
        unit, value = (u * Y).sum(axis=1), (v * X).sum(axis=1) - u0
    assert_allclose(unit, 1, atol=1e-9)
    assert_allclose(value, found.score, atol=1e-9)


def test_multipliers_are_per_unit_of_the_data():
    # three bodies, one input, one output, constant returns: best practice makes 2 per unit, so theta = 0.5, 1, 0.75
    found = dea([2.0, 1.0, 4.0], [2.0, 2.0, 6.0], rts="crs")
    assert_allclose(found.score, [0.5, 1, 0.75])
    assert_allclose(found.multipliers, [[0.5, 0.25], [1, 0.5], [0.25, 0.125]])  # v = 1/x, u = theta/y


def test_outsiders_may_pass_one_and_the_unreachable_are_nan():
    # reference: x = 2 makes 1, x = 4 makes 3. x = 1 for 1 would need twice as much there: 2.0; nobody makes 4
    found = dea([1.0, 4.0, 8.0], [1.0, 2.0, 4.0], X_ref=[2.0, 4.0], Y_ref=[1.0, 3.0])
    assert_allclose(found.score, [2.0, 0.75, np.nan])  # x = 3 makes 2: 3/4
    assert np.isnan(found.slacks[2]).all()
    assert np.isnan(found.multipliers[2]).all()
    assert found.weights.shape == (3, 2)
    assert found.weights[2].tolist() == [0, 0]


@pytest.mark.parametrize("orientation", ["in", "out"])
@pytest.mark.parametrize("rts", RETURNS)
def test_outsiders_agree_with_highs(rts, orientation):
    X, Y = sector(3, 160, 3, 2)
    X[100:130] *= 0.3
    found = dea(X[100:], Y[100:], rts=rts, orientation=orientation, X_ref=X[:100], Y_ref=Y[:100])
    exact = scores_by_highs(X[100:], Y[100:], rts, orientation, X[:100], Y[:100])
    assert_allclose(found.score, exact, rtol=1e-8)


def test_what_the_batch_cannot_solve_highs_solves_and_the_result_says_so(monkeypatch):
    X, Y = sector(4, 30, 2, 2)
    fair = dea(X, Y)

    def give_up(programs, tableaux, which, candidates):
        tableaux.failed[which] = True

    monkeypatch.setattr(frontier_exact, "from_start", give_up)
    lost = dea(X, Y)
    assert lost.fallbacks == lost.restarts == 30
    assert "30 of 30 programs were solved by HiGHS" in lost.notes
    assert_allclose(lost.score, fair.score, rtol=1e-9)
    assert_allclose(lost.slacks, fair.slacks, atol=1e-7)
    assert_allclose(lost.weights @ X + lost.slacks[:, :2], fair.score[:, None] * X, atol=1e-7)
    assert_allclose((lost.multipliers[:, :2] * X).sum(axis=1), 1, atol=1e-7)


def test_blands_rule_reaches_the_same_scores(monkeypatch):
    X, Y = np.random.default_rng(0).integers(1, 4, (60, 3)), np.random.default_rng(1).integers(1, 4, (60, 2))
    fair = dea(X, Y)
    monkeypatch.setattr("pipelines.methods.frontier_pricing.PATIENCE", -1)
    monkeypatch.setattr("pipelines.methods.frontier_solver.PATIENCE", -1)
    slow = dea(X, Y)
    assert slow.fallbacks == 0
    assert_allclose(slow.score, fair.score, atol=1e-12)


def test_programs_out_of_pivots_are_left_to_highs(monkeypatch):
    X, Y = sector(4, 30, 2, 2)
    fair = dea(X, Y).score
    monkeypatch.setattr("pipelines.methods.frontier_sift.LIMIT", 1)
    monkeypatch.setattr("pipelines.methods.frontier_solver.LIMIT", 1)
    hurried = dea(X, Y)
    assert 0 < hurried.fallbacks <= hurried.restarts <= 30
    assert_allclose(hurried.score, fair, rtol=1e-9)


def test_memory_grows_with_the_bodies_and_not_with_their_square():
    peaks = []
    for n in (1500, 3000):
        X, Y = sector(n, n, 2, 2)
        tracemalloc.start()
        found = dea(X, Y)
        assert found.lambdas.nnz <= 5 * n
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2.6 * peaks[0]  # four times as much if anything were n by n


def test_a_basis_that_breaks_its_equations_is_found_out():
    X, Y = sector(6, 20, 1, 1)
    found = dea(X, Y)
    state, programs = found.solution.tableaux, found.solution.programs
    state.table[:, :, 3] *= 1.5  # a wrong inverse
    frontier_exact.refine(programs, state, np.arange(20))
    assert state.failed.tolist() == [body == 3 for body in range(20)]


@pytest.mark.parametrize(
    ("X", "Y", "message"),
    [
        ([1, np.nan], [1, 1], "X row 1 column 0 is not a finite number"),
        ([1, 2], [1, np.inf], "Y row 1 column 0 is not a finite number"),
        ([[1, -2]], [1], "X row 0 column 1 is negative"),
        ([[1, 2], [0, 0]], [1, 1], "X row 1 has no positive amount"),
        ([1, 2], [[1, 0], [0, 0]], "Y row 1 has no positive amount"),
        ([1, 2], [1, 2, 3], "same number of rows"),
        ([], [], "X must have a row per body"),
    ],
)
def test_refused_at_the_door(X, Y, message):
    with pytest.raises(ValueError, match=message):
        dea(X, Y)


def test_words_and_reference_sets_are_checked():
    for wrong in ({"rts": "nirs"}, {"orientation": "both"}, {"X_ref": [1.0]}, {"output_bounds": (2, 1)}):
        with pytest.raises(ValueError, match=r"must|needs"):
            dea([1.0, 2.0], [1.0, 2.0], **wrong)
    with pytest.raises(ValueError, match="columns of X and Y"):
        dea([1.0], [1.0], X_ref=[[1.0, 2.0]], Y_ref=[1.0])


def test_notes_warn_of_too_few_bodies_and_of_zero_inputs():
    assert "3 bodies are too few for 1 inputs and 2 outputs (at least 9)" in dea([1, 2, 3], np.ones((3, 2))).notes[0]
    X, Y = sector(1, 40, 2, 1)
    assert dea(X, Y).notes == ()
    X[4, 0] = 0
    found = dea(X, Y)
    assert found.notes == ("1 bodies have an input of 0 and sit on the frontier by construction",)
    assert found.zero_input.nonzero()[0].tolist() == [4]
    assert found.score[4] == pytest.approx(1)


def test_weights_are_called_unique_only_when_they_are():
    # (1, 1), (2, 2), (3, 3) lie on one line: the second can be itself or half of each neighbour, and so can the target
    # (2, 2) of the fourth body
    found = dea([1, 2, 3, 4], [1, 2, 3, 2]).lambda_unique
    assert not found[1]
    assert not found[3]
    X, Y = sector(2, 50, 2, 2)
    assert dea(X, Y).lambda_unique.all()


def test_duplicates_share_the_first_ones_name():
    X, Y = np.array([2.0, 2.0, 4.0]), np.array([2.0, 2.0, 2.0])
    found = dea(X, Y)
    assert_allclose(found.score, [1, 1, 0.5])
    assert_allclose(found.weights, [[1, 0, 0]] * 3)
    assert_allclose(super_efficiency(X, Y), [1, 1, 0.5])  # the twin remains


def test_input_weights_bounded():
    # A(1, 4), B(4, 1), C(3, 3) for one unit: free weights score A = B = 1, C = 5/6; equal weights 1, 1, 5/6 too;
    # weighing the second input at least four times the first: A costs 1 + 16, B 4 + 4, so A = 8/17, C = 8/15
    found = dea([[1, 4], [4, 1], [3, 3]], [1, 1, 1], rts="crs", input_bounds=(4, 9))
    assert_allclose(found.score, [8 / 17, 1, 8 / 15])


def test_additive_is_unit_free_unless_told():
    X, Y = sector(11, 40, 2, 2)
    worth = 1 / np.r_[X.mean(axis=0), Y.mean(axis=0)]
    for weights in (worth, np.array([1.0, 5.0, 2.0, 0.5])):
        found = additive(X, Y, weights=weights)
        exact = [slack_sum_by_highs(x, y, X, Y, "vrs", weights) for x, y in zip(X, Y, strict=True)]
        assert_allclose(found @ weights, exact, atol=1e-8)
    assert_allclose(additive(X * 1000, Y), additive(X, Y) * [1000, 1000, 1, 1], atol=1e-6)
    with pytest.raises(ValueError, match="4 positive numbers"):
        additive(X, Y, weights=[1, 1, 1, 0])


def test_directional_counts_harm_as_something_to_reduce():
    # same input: A makes 4 with harm 2, B makes 2 with harm 2. B to A: (1 + b) 2 <= 4 needs harm 2 <= (1 - b) 2: b = 0?
    # No: scaled-down A is allowed under constant returns. A at 3/4: makes 3, harm 1.5; (1 + b) 2 = 4t, (1 - b) 2 = 2t
    # gives t = 2/3, b = 1/3.
    found = directional([1, 1], [4, 2], [2, 2], rts="crs")
    assert_allclose(found.score, [0, 1 / 3], atol=1e-12)
    with pytest.raises(ValueError, match="B must be finite"):
        directional([1, 1], [4, 2], [2, -1])


def test_conditioning_leaves_out_easier_places():
    X, Y = sector(12, 60, 2, 1)
    z = np.arange(60) % 7
    found = dea_conditional(X, Y, z)
    for body in range(0, 60, 9):
        admitted = z >= z[body]
        exact = scores_by_highs(X[[body]], Y[[body]], X_ref=X[admitted], Y_ref=Y[admitted])
        assert found.score[body] == pytest.approx(exact[0], rel=1e-9)
        assert admitted[found.peers(body)].all()


def test_scale_orders_the_technologies():
    X, Y = sector(13, 70, 2, 2)
    for orientation in ("in", "out"):
        found = scale(X, Y, orientation=orientation)
        assert ((found.efficiency > 0) & (found.efficiency <= 1 + 1e-9)).all()
    assert set(found.returns) <= {"constant", "increasing", "decreasing"}


def test_super_efficiency_against_a_loop_without_the_body():
    X, Y = sector(14, 40, 2, 2)
    found = super_efficiency(X, Y)
    for body in range(40):
        rest = np.delete(np.arange(40), body)
        exact = scores_by_highs(X[[body]], Y[[body]], X_ref=X[rest], Y_ref=Y[rest])
        assert_allclose(found[[body]], exact, rtol=1e-8)


def test_fdh_names_a_real_body_and_counts_dominators():
    # B (3, 4) does more than C (5, 3) with 3/5 of its input; nobody makes 9
    found = fdh([2, 3, 5], [1, 4, 3], X_ref=[2, 3, 5], Y_ref=[1, 4, 3])
    assert_allclose(found.score, [1, 1, 0.6])
    assert found.peer.tolist() == [0, 1, 1]
    assert found.dominators.tolist() == [3, 1, 2]
    outside = fdh([4.0], [9.0], X_ref=[2, 3], Y_ref=[1, 4])
    assert np.isnan(outside.score[0])
    assert outside.peer.tolist() == [-1]
    assert_allclose(fdh([2, 3, 5], [1, 4, 3], orientation="out").score, [1, 1, 4 / 3])


def test_zero_inputs_are_matched_by_zero_only():
    # the second body uses none of input 0; the first cannot be its peer, however little of input 1 it uses
    found = fdh([[1, 1], [0, 4]], [1, 1])
    assert_allclose(found.score, [1, 1])


def test_order_m_by_drawing():
    X, Y = sector(15, 30, 2, 1)
    rng, exact = np.random.default_rng(0), order_m(X, Y, 5)
    for body in (0, 7, 19):
        dominators = np.flatnonzero((Y[body] <= Y).all(axis=1))
        ratios = (X[dominators] / X[body]).max(axis=1)
        drawn = ratios[rng.integers(0, len(ratios), (40_000, 5))].min(axis=1)
        assert exact.score[body] == pytest.approx(drawn.mean(), abs=5 * drawn.std() / 200)
    assert order_m(X, Y, 5, orientation="out").score.min() > 0
    with pytest.raises(ValueError, match="m must be 1 or more"):
        order_m(X, Y, 0)


def test_order_alpha_takes_a_value_that_stands_there():
    # 20 comparable bodies at alpha 0.95: position ceil(0.05 * 20) = 1, although 0.05 * 20 is a shade above 1 in binary
    x = np.arange(1.0, 21.0)
    assert order_alpha(x, np.ones(20)).score[9] == pytest.approx(1 / 10)
    with pytest.raises(ValueError, match="alpha"):
        order_alpha(x, x, 0)
    with pytest.raises(ValueError, match="orientation"):
        fdh(x, x, orientation="up")
