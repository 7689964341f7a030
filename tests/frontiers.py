"""Frontier programs written out one by one for SciPy's HiGHS: the independent answer, and sectors to try."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Values = NDArray[np.float64]


def sector(seed: int, n: int, m: int, s: int, inefficiency: float = 0.25) -> tuple[Values, Values]:
    """n bodies with concave best practice, many of them efficient when m + s is large."""
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(1, 10, (n, m))
    best = np.exp(np.log(inputs).mean(axis=1))
    mix = np.abs(rng.normal(size=(n, s))) + 0.1
    mix /= np.linalg.norm(mix, axis=1)[:, None]
    return inputs, mix * (best * np.exp(-np.abs(rng.normal(0, inefficiency, n))))[:, None]


def sum_row(n: int, extra: int, rts: str) -> tuple[Values | None, Values | None]:
    """The restriction on the sum of n weights as (equations, inequalities), with `extra` columns of 0."""
    row = np.r_[np.ones(n), np.zeros(extra)][None]
    return {"crs": (None, None), "vrs": (row, None), "drs": (None, row), "irs": (None, -row)}[rts]


def score_by_highs(x: Values, y: Values, ref_x: Values, ref_y: Values, rts: str, orientation: str) -> float:
    """theta or phi of one body, NaN where no weights reach it; variables are the n weights, then the score."""
    n, equal, bound = len(ref_x), *sum_row(len(ref_x), 1, rts)
    zeros_x, zeros_y = np.zeros(len(x)), np.zeros(len(y))
    ours_x, ours_y = (-x, zeros_y) if orientation == "in" else (zeros_x, y)
    rows = np.block([[ref_x.T, ours_x[:, None]], [-ref_y.T, ours_y[:, None]]])
    right = np.r_[zeros_x, -y] if orientation == "in" else np.r_[x, zeros_y]
    if bound is not None:
        rows, right = np.vstack([rows, bound]), np.r_[right, 1 if rts == "drs" else -1]
    cost = np.r_[np.zeros(n), 1 if orientation == "in" else -1]
    answer = linprog(cost, A_ub=rows, b_ub=right, A_eq=equal, b_eq=None if equal is None else [1], method="highs-ds")
    return float(abs(answer.fun)) if answer.status == 0 else np.nan


def scores_by_highs(
    X: Values,
    Y: Values,
    rts: str = "vrs",
    orientation: str = "in",
    X_ref: Values | None = None,
    Y_ref: Values | None = None,
) -> Values:
    """The loop that everybody writes: one program per body."""
    ref_x, ref_y = X if X_ref is None else X_ref, Y if Y_ref is None else Y_ref
    return np.array([score_by_highs(x, y, ref_x, ref_y, rts, orientation) for x, y in zip(X, Y, strict=True)])


def slack_sum_by_highs(x: Values, y: Values, ref_x: Values, ref_y: Values, rts: str, worth: Values) -> float:
    """Largest weighted sum of slacks of one body whose target is (x, y); variables are the weights, then the slacks."""
    n, width = len(ref_x), len(x) + len(y)
    equal, bound = sum_row(n, width, rts)
    rows = np.hstack([np.vstack([ref_x.T, ref_y.T]), np.diag(np.r_[np.ones(len(x)), -np.ones(len(y))])])
    right = np.r_[x, y]
    if equal is not None:
        rows, right = np.vstack([rows, equal]), np.r_[right, 1]
    limit = None if bound is None else [1 if rts == "drs" else -1]
    answer = linprog(np.r_[np.zeros(n), -worth], A_ub=bound, b_ub=limit, A_eq=rows, b_eq=right, method="highs-ds")
    assert answer.status == 0, answer.message
    return -float(answer.fun)
