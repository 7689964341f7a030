"""Money goes somewhere in every draw, order does not matter, and chance pays what the closed form says."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.behaviour import Assumptions, chance, paths
from pipelines.scenarios.menu import Menu
from pipelines.scenarios.montecarlo import Values, default_powers, settle_paths, simulate
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms
from pipelines.scenarios.windfall import false_payment, windfall

IDS = ["a", "b", "c", "d", "e"]
BUDGETS = np.array([40.0, 25, 15, 60, 10])
GAPS = np.array([0.02, 0.05, 0.10, 0.15, 0.25])
QUIET = Assumptions(closure=(0, 0, 0), cost_sd=0, drift_sd=0, gap_sd=0)


def run(assumed=None, **given):
    return simulate(IDS, BUDGETS, GAPS, 0.05, Terms(), assumed or Assumptions(), count=200, **given)


def test_without_chance_or_response_every_scheme_is_its_arithmetic():
    found = run(QUIET, schemes=("X", "B"))
    # 1, 2, 3, 4, 5 % of 150 over five years; body a (gap 2 %) lacks 1, 2 and 3 % of 40 under X.
    assert_allclose(found["X"].saving, 22.5)
    assert_allclose(found["X"].lost, 2.4)
    assert_allclose(found["X"].loss, [0.06 / 5, 0, 0, 0, 0])
    assert_allclose(found["X"].worst, 0.012)
    assert_allclose(found["X"].value, 22.5 - 2 * 2.4)  # the service and as much quality again
    assert_allclose(found["B"].lost, 0, atol=1e-12)
    assert found["X"].gains.tolist() == [0, 1, 1, 1, 1]


def test_values_and_administration():
    found = run(QUIET, schemes=("X",), values=Values(lost=0.5, admin={"X": 0.1}))
    assert_allclose(found["X"].value, 22.5 - 2.4 - 0.1 * 5 * 5)


def test_what_is_saved_is_kept_or_goes_to_the_centre():
    found = run(schemes=("G", "M"))
    # The same costs under both: what the menu pays more, the centre has less.
    totals = [outcome.draws.saving + outcome.draws.kept for outcome in found.values()]
    assert_allclose(totals[0], totals[1])


def test_order_of_bodies_does_not_matter():
    order = [3, 0, 4, 2, 1]
    first = run()
    again = simulate(np.array(IDS)[order], BUDGETS[order], GAPS[order], 0.05, Terms(), Assumptions(), count=200)
    for scheme, outcome in first.items():
        assert_allclose(again[scheme].draws.saving, outcome.draws.saving, rtol=0, atol=0)
        assert_allclose(again[scheme].loss, outcome.loss[order], rtol=0, atol=0)


def test_blocks_do_not_matter(monkeypatch):
    first = run(schemes=("G",))["G"]
    monkeypatch.setattr("pipelines.scenarios.montecarlo.BLOCK", 400)
    assert_allclose(run(schemes=("G",))["G"].draws.kept, first.draws.kept, rtol=1e-12)


def test_a_cancelled_bank_falls_to_the_centre():
    trusted, void = (run(Assumptions(credibility=q), schemes=("G",), powers={"G": 0.0})["G"] for q in (1.0, 0.0))
    assert (void.draws.kept <= trusted.draws.kept + 1e-12).all()
    assert void.kept[1] < trusted.kept[1]
    # Nothing closes by itself at power 0, so the costs are the same and only who holds the money differs.
    assert_allclose(void.draws.saving + void.draws.kept, trusted.draws.saving + trusted.draws.kept)


def test_chance_pays_what_the_closed_form_says():
    # One year, no gap, no cut: A = 1, S = -noise; the windfall of the ramp within three Monte Carlo standard errors.
    terms, sigma, count = Terms(years=1, cap=None, bank_cap=None), 0.02, 40_000
    assumed = Assumptions(closure=(0, 0, 0), cost_sd=sigma, drift_sd=0, gap_sd=0)
    found = simulate(["a"], [1.0], [0.0], 0.0, terms, assumed, schemes=("G",), count=count)["G"]
    error = 3 * found.draws.windfall.std() / np.sqrt(count)
    assert found.windfall == pytest.approx(float(windfall(sigma, terms.threshold, terms.share)), abs=error)
    paid = float(false_payment(sigma, terms.threshold))
    assert found.false_payments == pytest.approx(paid, abs=3 * np.sqrt(paid * (1 - paid) / count))


def test_the_pot_is_bankrupt_where_it_pays_more_than_was_saved():
    # One body alone cannot take out more than it saved; two with independent noise can.
    assumed = Assumptions(closure=(0, 0, 0), cost_sd=0.03, drift_sd=0, gap_sd=0, common=0)
    alone = simulate(["a"], [1.0], [0.0], 0.0, Terms(), assumed, schemes=("G",), count=400)["G"]
    both = simulate(["a", "b"], [1.0, 1.0], [0.0, 0.0], 0.0, Terms(), assumed, schemes=("G",), count=400)["G"]
    assert alone.bankrupt == 0
    assert both.bankrupt > 0.5
    assert both.breached > 0.5


def test_accounts_agree_with_the_settlement_itself():
    terms = Terms()
    met = chance(np.array(IDS), GAPS, terms.years, 200, Assumptions())
    found = paths("G", np.full(5, 0.05), default_powers(terms)["G"], met, Assumptions())
    accounts = settle_paths("G", found, BUDGETS, terms, Menu(), np.ones(200))
    ledger = settle(*(np.moveaxis(part * BUDGETS, 0, -1) for part in (found.ceiling, found.cost)), terms, units=0)
    for part, wanted in (
        (accounts.kept, ledger.kept),
        (accounts.paid, ledger.payment),
        (accounts.centre, ledger.centre),
    ):
        assert_allclose(np.moveaxis(part, 0, -1), wanted, atol=1e-9)


def test_what_is_refused():
    with pytest.raises(ValueError, match="twice"):
        simulate(["a", "a"], [1, 1], [0, 0], 0.0, Terms(), QUIET, count=2)
