"""Two other ways to measure distance between bodies, for comparison with the headline one (methods.md M2.1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, floats

VARIANCE_KEPT = 0.90


def mahalanobis(scores: ArrayLike, shrinkage: float) -> FloatArray:
    """Distances (n, n) that count correlated variables once: (a-b)' S^-1 (a-b), S shrunk towards its diagonal.

    scores : (n, v) on unit sd (`context.classical_scores`); a body with an absent value has NaN distances.
    shrinkage : in [0, 1], from `ledoit_wolf`; 0 inflates noise directions and is refused under 2 v bodies.
    Rank with `peers.select`. Raises ValueError otherwise.   Source: Mahalanobis (1936); Ledoit & Wolf (2004).
    """
    rows, whole = _whole(scores)
    n, v = rows[whole].shape
    if not 0 <= shrinkage <= 1:
        raise ValueError(f"shrinkage {shrinkage} is not between 0 and 1")
    if shrinkage == 0 and n < 2 * v:
        raise ValueError(f"{n} bodies are too few for the raw covariance of {v} variables; use ledoit_wolf(scores)")
    return _distances(rows, np.cov(rows[whole].T, ddof=1).reshape(v, v), shrinkage)


def ledoit_wolf(scores: ArrayLike) -> float:
    """How far to shrink the covariance of (n, v) unit-sd scores towards a multiple of the identity, 0 to 1.

    Bodies with an absent value are left out.   Source: Ledoit & Wolf (2004), Journal of Multivariate Analysis 88,
    lemma 3.2 to 3.4, the estimator of sklearn.covariance.
    """
    rows, whole = _whole(scores)
    x = rows[whole] - rows[whole].mean(axis=0)
    n, v = x.shape
    covariance = x.T @ x / n
    target = np.trace(covariance) / v * np.eye(v)
    spread = ((covariance - target) ** 2).sum()
    noise = ((x**2).sum(axis=1) ** 2).sum() / n**2 - (covariance**2).sum() / n
    return float(min(noise / spread, 1.0)) if spread > 0 else 1.0


def principal_scores(scores: ArrayLike, kept: float = VARIANCE_KEPT) -> FloatArray:
    """The scores with only the principal components that carry `kept` of the variance, in the variables' own axes.

    Distances between the result's rows are those between component scores (not whitened), and `peers.nearest` on it
    maps each squared distance back to variables, as the display needs.   scores : (n, v); an absent value leaves its
    row NaN. Raises ValueError when kept is not in (0, 1].   Source: methods.md M2.1.
    """
    if not 0 < kept <= 1:
        raise ValueError(f"kept {kept} is not a share of the variance")
    rows, whole = _whole(scores)
    centred = rows - rows[whole].mean(axis=0)
    values, vectors = np.linalg.eigh(centred[whole].T @ centred[whole])
    carried = np.cumsum(values[::-1]) / values.sum()
    count = int(np.searchsorted(carried, kept - 1e-12)) + 1
    axes = vectors[:, ::-1][:, :count]
    return np.asarray(centred @ axes @ axes.T)


def _whole(scores: ArrayLike) -> tuple[FloatArray, BoolArray]:
    rows = floats(scores, "scores")
    whole: BoolArray = np.asarray(~np.isnan(rows).any(axis=1))
    if whole.sum() < 2:
        raise ValueError("fewer than two bodies have every variable")
    return rows, whole


def _distances(rows: FloatArray, covariance: FloatArray, shrinkage: float) -> FloatArray:
    shrunk = (1 - shrinkage) * covariance + shrinkage * np.diag(np.diag(covariance))
    away = rows[:, None, :] - rows[None, :, :]
    return np.asarray(np.sqrt(np.maximum(np.einsum("abi,ij,abj->ab", away, np.linalg.inv(shrunk), away), 0)))
