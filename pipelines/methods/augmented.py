"""A synthetic control corrected for what its mixture left over before the start (methods.md M6.3, augmented)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.card import Method
from pipelines.methods.synthetic import Synthetic, judged, levelled, simplex_weights, synthetic_control

# From no more than a nudge down to nearly an exact fit, as multiples of the donors' largest squared singular value.
LADDER = 10.0 ** np.arange(3, -7, -1.0)

METHOD = Method(
    id="M6.3a",
    version="1",
    title="Augmented synthetic control",
    formula="w + (y_pre - sum w_j y_j,pre)' (X'X + lambda I)^-1 X', X the donors' paths before less their mean; lambda "
    "by leaving out one period at a time",
    defaults={"demean": True, "ladder": [float(step) for step in LADDER]},
    edge_cases="Weights may be negative: the correction reaches beyond the donors, and little is known there. With one "
    "donor, or an exact fit, there is nothing to correct.",
    source="Ben-Michael, Feller & Rothstein (2021), JASA 116",
)


def augmented_control(treated: ArrayLike, donors: ArrayLike, start: int, *, demean: bool = True) -> Synthetic:
    """The mixture of `synthetic_control` with a ridge correction; its weights sum to 1 and may be negative.

    Arguments and errors as `synthetic_control`; start is 4 or more, because periods are left out to choose lambda.
    Source: Ben-Michael, Feller & Rothstein (2021).
    """
    plain = synthetic_control(treated, donors, start, demean=demean)
    if start < 4:
        raise ValueError("an augmented control needs four periods before the start")
    own, pool = floats(treated, "treated"), floats(donors, "donors")[plain.used]
    if demean:
        own, pool = levelled(own, start), levelled(pool, start)
    weights = np.zeros(len(plain.weights))
    weights[plain.used] = corrected(own[:start], pool[:, :start], chosen(own[:start], pool[:, :start]))
    return judged(own - weights[plain.used] @ pool, weights, plain.used, floats(treated, "treated"), start)


def corrected(own: FloatArray, pool: FloatArray, ridge: float) -> FloatArray:
    """(J,) simplex weights of own (P,) on pool (J, P), corrected by ridge for what they leave over; ridge > 0."""
    weights = simplex_weights(own, pool)
    centred = pool - pool.mean(axis=0)
    left = own - weights @ pool
    return np.asarray(weights + centred @ np.linalg.solve(centred.T @ centred + ridge * np.eye(len(own)), left))


def chosen(own: FloatArray, pool: FloatArray) -> float:
    """The ridge whose corrected mixture best foretells each period before the start from the others; ties: the larger.

    own (P,), pool (J, P).   A pool without any difference between donors has nothing to correct with: 1.
    """
    largest = float(np.linalg.norm(pool - pool.mean(axis=0), 2)) ** 2
    if largest == 0:
        return 1.0
    errors = [_foretold(own, pool, step * largest) for step in LADDER]
    # Only an error that is truly smaller moves down the ladder, so that rounding does not choose.
    best = min(errors)
    return float(LADDER[next(k for k, one in enumerate(errors) if one <= best * (1 + 1e-9))]) * largest


def _foretold(own: FloatArray, pool: FloatArray, ridge: float) -> float:
    """Mean squared gap in a period that took no part in the weights."""
    gaps = []
    for t in range(len(own)):
        rest = np.arange(len(own)) != t
        gaps.append(own[t] - corrected(own[rest], pool[:, rest], ridge) @ pool[:, t])
    return float(np.square(gaps).mean())
