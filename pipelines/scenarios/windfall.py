"""What chance alone pays under a threshold: closed forms for a body whose real cost has not changed (M5.3).

The measured saving is S/A, normal with mean 0 and sd sigma; no cap or gate binds. Windfalls are fractions of A.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.card import Method

METHOD = Method(
    id="M5.3w",
    version="1",
    title="False payments and windfalls",
    formula="notch: 1 - Phi(MSR/sigma) and s sigma phi(MSR/sigma); ramp from MSR/2 to MSR, and payment above the "
    "threshold only: the integrals of the payment rule over a normal saving",
    defaults={"rules": ["notch", "ramp", "above"]},
    edge_cases="without noise nobody is paid by chance",
    source="methods.md M5.3",
)
RULES = ("notch", "ramp", "above")


def noise_sd(measurement: ArrayLike, baseline_years: int = 3) -> FloatArray:
    """sd of S/A with no real change: one year against a baseline of several, sigma sqrt(1 + 1/years)."""
    return np.asarray(floats(measurement, "measurement") * np.sqrt(1 + 1 / baseline_years))


def false_payment(sigma: ArrayLike, msr: ArrayLike, rule: str = "ramp") -> FloatArray:
    """Chance that a body with no real saving is paid something.

    sigma : sd of S/A; msr : threshold, fraction of A; rule : notch, ramp (pays from msr/2) or above.
    Raises ValueError on a sigma or threshold that is negative, or an unknown rule.
    """
    spread, threshold = _checked(sigma, msr, rule)
    return np.asarray(ndtr(-_in_sds(threshold / 2 if rule == "ramp" else threshold, spread)))


def windfall(sigma: ArrayLike, msr: ArrayLike, share: ArrayLike, rule: str = "ramp") -> FloatArray:
    """Expected payment to a body with no real saving, fraction of A; arguments as `false_payment`, share kept s.

    Under the ramp the rate rises linearly from 0 at msr/2 to s at msr: the mean of s kappa(S) S has the closed form of
    methods.md M5.3. `above` pays s(S - MSR) beyond it.
    """
    spread, threshold = _checked(sigma, msr, rule)
    kept, b = floats(share, "share"), _in_sds(threshold, spread)
    if rule == "notch":
        return np.asarray(kept * spread * _phi(b))
    if rule == "above":
        return np.asarray(kept * (spread * _phi(b) - threshold * ndtr(-b)))
    a = b / 2
    # Mean of S^2 between msr/2 and msr, from upper tails, which keep their digits where the threshold is many sds away.
    second = spread**2 * ((ndtr(-a) + _bphi(a)) - (ndtr(-b) + _bphi(b)))
    first = spread * (_phi(a) - _phi(b))  # mean of S there
    inside = 2 / np.where(threshold > 0, threshold, np.inf) * (second - threshold / 2 * first)
    return np.asarray(kept * (inside + spread * _phi(b)))


def threshold_for(sigma: ArrayLike, chance: float) -> FloatArray:
    """Threshold at which a notch pays a body with no real saving with this chance: sigma times the normal quantile."""
    if not 0 < chance < 1:
        raise ValueError(f"a chance of {chance} is not between 0 and 1")
    return np.asarray(floats(sigma, "sigma") * ndtri(1 - chance))


def _in_sds(threshold: FloatArray, spread: FloatArray) -> FloatArray:
    # Without noise a threshold of any size is never passed by chance, nor is one of 0.
    far = np.full(np.broadcast(threshold, spread).shape, np.inf)
    return np.asarray(np.divide(threshold, spread, out=far, where=spread > 0))


def _phi(z: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def _bphi(z: FloatArray) -> FloatArray:
    return np.asarray(np.where(np.isinf(z), 0.0, z) * _phi(z))


def _checked(sigma: ArrayLike, msr: ArrayLike, rule: str) -> tuple[FloatArray, FloatArray]:
    if rule not in RULES:
        raise ValueError(f"unknown rule {rule!r}; use {', '.join(RULES)}")
    spread, threshold = np.broadcast_arrays(floats(sigma, "sigma"), floats(msr, "msr"))
    if (spread < 0).any() or (threshold < 0).any():
        raise ValueError("a noise or a threshold is negative")
    return spread, threshold
