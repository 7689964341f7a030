"""The smallest response for which sharing gains beats equal cuts: what to believe, instead of a forecast (M5.12).

Shown against the plausible range; the reader judges whether bodies would respond so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import floats


class BreakEven(NamedTuple):
    """response: smallest yearly closure of the gap (kappa_eff, or kappa), infinite when none is enough; reachable:
    whether it is at most the greatest response tried; words."""

    response: float
    reachable: bool
    words: str


def first_year(
    budgets: ArrayLike, gaps: ArrayLike, yearly_cut: float, *, share: float = 0.5, kept_counts: float = 1.0
) -> BreakEven:
    """Share of every gap that bodies must close in a year for gain sharing to save what an equal cut does.

    budgets (n,) money; gaps (n,) fractions; yearly_cut : of budget, X; share : kept by bodies; kept_counts : what a
    pound kept by a body counts for against one at the centre. Service lost under the cut is not counted, so the true
    figure is lower.   Raises ValueError when there is no gap, or a cut of 0 or less.   Source: methods.md M5.12.
    """
    money, room = floats(budgets, "budgets"), np.maximum(floats(gaps, "gaps"), 0.0)
    potential = float(money @ room) * ((1 - share) + share * kept_counts)
    if not potential > 0 or yearly_cut <= 0:
        raise ValueError("a break-even needs a gap to close, a cut above 0 and a share that counts for something")
    response = yearly_cut * float(money.sum()) / potential
    return BreakEven(response, response <= 1, _words(response, response <= 1))


def smallest_response(advantage: Callable[[float], float], greatest: float, *, tolerance: float = 1e-3) -> BreakEven:
    """Smallest response in [0, greatest] at which an advantage is no longer negative, by bisection.

    advantage : value of G less that of X at one response for every body, on the same draws each time, so that it rises
    with the response and never jumps by chance.   tolerance : of the response.
    """
    if advantage(0.0) >= 0:
        return BreakEven(0.0, True, "Sharing gains is worth more than equal cuts even if nobody responds.")
    if advantage(greatest) < 0:
        return BreakEven(np.inf, False, f"No response up to {greatest:g} makes sharing gains worth more.")
    low, high = 0.0, greatest
    while high - low > tolerance:
        middle = (low + high) / 2
        low, high = (middle, high) if advantage(middle) < 0 else (low, middle)
    return BreakEven(high, True, f"Sharing gains is worth more from a response of {high:.2f} on.")


def _words(response: float, reachable: bool) -> str:
    if not reachable:
        return "Closing the whole gap in a year would not save what the equal cut does."
    return f"Sharing gains saves more when bodies close at least {response:.0%} of their gap a year."
