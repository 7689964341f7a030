"""Draws of a sector: the same bits however the work is split, and the settlement's own figures without noise."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.scenarios.sector_draws import joined, settle_draws
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms
from pipelines.scenarios.windfall import false_payment, windfall

TERMS = Terms(years=4)
NAMES = [f"B{number:02}" for number in range(19)]
CEILINGS = 1e6 * np.arange(1, 20)[:, None] * 0.99 ** np.arange(4)
PLAN = CEILINGS * np.linspace(0.94, 1.05, 19)[:, None]


def run(rows=slice(None), **more):
    """A run on some of the bodies."""
    return settle_draws(CEILINGS[rows], PLAN[rows], 0.02, TERMS, NAMES[rows], **{"draws": 130, "passes": 0.9, **more})


def test_any_split_gives_the_same_bits():
    whole = run()
    parts = joined([run(slice(0, 1)), run(slice(1, 12)), run(slice(12, 19))])
    for one, other in zip(whole, parts, strict=True):
        assert_array_equal(one, other)


def test_a_body_does_not_depend_on_its_place_or_company():
    order = np.random.default_rng(3).permutation(19)
    shuffled = settle_draws(
        CEILINGS[order], PLAN[order], 0.02, TERMS, [NAMES[place] for place in order], draws=130, passes=0.9
    )
    whole = run()
    assert_array_equal(shuffled.kept, whole.kept[order])
    assert_array_equal(shuffled.sector_kept, whole.sector_kept)


def test_another_seed_is_another_draw():
    assert (run(seed=1).sector_kept != run().sector_kept).any()


def test_without_noise_it_is_the_settlement():
    found = settle_draws(CEILINGS, PLAN, 0.0, TERMS, NAMES, draws=3)
    exact = settle(CEILINGS, PLAN, TERMS)
    assert_allclose(found.mean_kept, exact.kept.sum(1), atol=1e-6)
    assert_allclose(found.sector_centre, exact.centre.sum(), atol=1e-6)
    assert_allclose(found.sector_paid, exact.payment.sum(), atol=1e-6)
    assert_allclose(found.penalised, (exact.penalty > 0).mean(1))


def test_pure_noise_pays_what_the_closed_form_says():
    # 40 bodies on plan, sd 2 % and no common shock; 4 years and 1,000 draws: 160,000 body-years.
    names = [f"N{number}" for number in range(40)]
    flat = np.full((40, 4), 1e6)
    found = settle_draws(flat, flat, 0.02, TERMS, names, rho=0.0)
    assert_allclose(found.paid.mean(), false_payment(0.02, 0.02, "ramp"), atol=4 * 0.46 / 400)
    share = found.sector_paid.mean() / flat.sum()
    assert_allclose(share, windfall(0.02, 0.02, 0.5, "ramp"), rtol=0.02)


def test_what_is_kept_and_what_the_centre_has_is_what_was_saved():
    # Without a gate no escrow stays open; the common shock alone moves all: kept + centre = ceilings less costs.
    found = run(passes=1.0, rho=0.0)
    saved = CEILINGS.sum() - PLAN.sum()
    noise = 0.02 * np.sqrt((CEILINGS**2).sum() / 130)
    assert_allclose((found.sector_kept + found.sector_centre).mean(), saved, atol=4 * noise)


def test_a_body_without_figures_is_left_out():
    plan = PLAN.copy()
    plan[3, 1] = np.nan
    found = settle_draws(CEILINGS, plan, 0.02, TERMS, NAMES, draws=20)
    assert np.isnan(found.kept[3]).all() and np.isnan(found.paid[3])
    assert np.isfinite(found.sector_kept).all()
    assert np.isfinite(np.delete(found.kept, 3, axis=0)).all()


@pytest.mark.parametrize(
    ("arguments", "more", "words"),
    [
        ((CEILINGS, PLAN, 0.02, TERMS, ["same"] * 19), {}, "a name of its own"),
        ((CEILINGS, PLAN, -0.02, TERMS, NAMES), {}, "sigma cannot be negative"),
        ((CEILINGS, PLAN, 0.02, TERMS, NAMES), {"rho": 1.5}, "between 0 and 1"),
        ((0 * CEILINGS, PLAN, 0.02, TERMS, NAMES), {}, "ceilings above 0"),
        ((CEILINGS, PLAN, 0.02, Terms(gate="sliding"), NAMES), {"passes": 0.5}, "for a gate that vetoes"),
    ],
)
def test_impossible_inputs(arguments, more, words):
    with pytest.raises(ValueError, match=words):
        settle_draws(*arguments, draws=2, **more)
