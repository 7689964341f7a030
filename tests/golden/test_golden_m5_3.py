"""M5.3 yearly settlement: the worked values of methods.md, in £ million settled to the penny."""

import numpy as np
import pytest

from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms
from pipelines.scenarios.windfall import false_payment, windfall

pytestmark = pytest.mark.golden
MILLION = 1e6


def test_notch(golden, same):
    given, expected = golden("M5.3", "notch")
    terms = Terms(
        share=given["s"],
        threshold=given["msr"],
        start="notch",
        dead_band=given["dead"],
        cap=given["cap"],
        loss_rate=given["loss"],
        floor=given["floor"],
        loss_free_years=0,
    )
    cost, gate = (np.array(given[name])[:, None] for name in ("C", "gate"))  # six bodies, one year
    found = settle(given["A"] * MILLION, cost * MILLION, terms, quality=gate)
    same((found.payment - found.penalty)[:, 0] / MILLION, expected["payment"])


def test_ramp(golden, same):
    given, expected = golden("M5.3", "ramp")
    cost = (given["A"] - np.array(given["S"], dtype=float))[:, None]
    found = settle(given["A"] * MILLION, cost * MILLION, Terms(share=given["s"], threshold=given["msr"], start="ramp"))
    same(found.payment[:, 0] / MILLION, expected["payment"])


def test_what_noise_is_paid_by_simulation_of_the_rule(golden):
    # The closed forms have their own test; here the engine itself is paid noise. 400,000 draws: 4 standard errors.
    given, expected = golden("M5.3", "noise")
    z = np.random.default_rng(7).standard_normal((400_000, 1))
    for start, chance, share in (("notch", "notch_p", "notch_windfall"), ("ramp", "ramp_p_any", "ramp_windfall")):
        terms = Terms(share=given["s"], threshold=given["msr"], start=start, cap=None)
        for place, sigma in enumerate(given["sigma"]):
            paid = settle(1.0, 1 - sigma * z, terms, units=0).payment
            assert abs((paid > 0).mean() - expected[chance][place]) < 4 * (paid > 0).std() / len(z) ** 0.5
            assert abs(paid.mean() - expected[share][place]) < 4 * paid.std() / len(z) ** 0.5
            assert np.isclose(false_payment(sigma, given["msr"], start), expected[chance][place], rtol=1e-6)
            assert np.isclose(windfall(sigma, given["msr"], given["s"], start), expected[share][place], rtol=1e-6)
