"""What chance pays agrees with a simulation of the payment rule, within three Monte Carlo standard errors."""

import numpy as np
import pytest

from pipelines.methods import draws
from pipelines.scenarios.windfall import false_payment, noise_sd, threshold_for, windfall

MSR, SHARE = 0.02, 0.5


def paid(saving, rule):
    """The rule of M5.3 on S/A, written out: no cap, gate passed."""
    if rule == "notch":
        return np.where(saving >= MSR, SHARE * saving, 0.0)
    if rule == "ramp":
        return np.clip((saving - MSR / 2) / (MSR / 2), 0, 1) * SHARE * np.maximum(saving, 0)
    return SHARE * np.maximum(0, saving - MSR)


@pytest.mark.parametrize("rule", ["notch", "ramp", "above"])
@pytest.mark.parametrize("sigma", [0.01, 0.03])
def test_closed_forms_against_simulation(rule, sigma):
    payments = paid(sigma * draws.generator("windfall", rule).standard_normal(200_000), rule)
    error = 3 * payments.std() / np.sqrt(payments.size)
    assert windfall(sigma, MSR, SHARE, rule) == pytest.approx(payments.mean(), abs=error)
    chance = (payments > 0).mean()
    error = 3 * np.sqrt(chance * (1 - chance) / payments.size)
    assert false_payment(sigma, MSR, rule) == pytest.approx(chance, abs=error)


def test_no_noise_pays_nobody():
    for rule in ("notch", "ramp", "above"):
        assert windfall(0.0, MSR, SHARE, rule) == 0
        assert false_payment(0.0, MSR, rule) == 0


def test_no_threshold_pays_half_of_the_bodies():
    # E max(0, S) = sigma/sqrt(2 pi); all rules are the same without a threshold.
    for rule in ("notch", "ramp", "above"):
        assert false_payment(0.02, 0.0, rule) == pytest.approx(0.5)
        assert windfall(0.02, 0.0, SHARE, rule) == pytest.approx(SHARE * 0.02 / np.sqrt(2 * np.pi))


def test_a_threshold_from_a_chance():
    assert threshold_for([0.01, 0.02], 0.1) == pytest.approx([0.012816, 0.025631], rel=1e-4)
    assert false_payment(0.02, threshold_for(0.02, 0.1), "notch") == pytest.approx(0.1)
    assert noise_sd(0.03) == pytest.approx(0.03 * np.sqrt(4 / 3))


def test_what_is_refused():
    with pytest.raises(ValueError, match="unknown rule"):
        windfall(0.1, 0.1, 0.5, "cliff")
    with pytest.raises(ValueError, match="negative"):
        false_payment(-0.1, 0.1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        threshold_for(0.1, 0)
