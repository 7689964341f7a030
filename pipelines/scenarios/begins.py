"""The steady saving from which a body keeps something under its terms: tried on a grid, every rule on.

A grid and no bisection: what is kept over all years jumps at limits, and it can fall to nothing again where failed
gates make what is banked run out, so that halving could miss the first saving that pays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import floats
from pipelines.scenarios.ceiling import compounded
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms

HALF_A_PENNY = 0.005


def keeps_from(
    ceiling: ArrayLike,
    last: float,
    terms: Terms,
    savings: ArrayLike,
    *,
    own: float,
    quality: ArrayLike | None = None,
    threshold: float | None = None,
) -> float | None:
    """The saving nearest to a plan's own at which all years together leave the body something; None where none does.

    ceiling (T,) : £ by year.   last : £ of the year before, from which cost falls.   savings (k,) : tried, yearly
    shares of the year before, ascending.   own : the plan's, which keeps nothing: the first saving above it is taken,
    and the last below it where none above will do.   quality (T,), threshold : as for `settle`.
    Raises ValueError as `settle` does, and on other than one body.
    """
    path, tried = floats(ceiling, "ceiling"), floats(savings, "savings")
    if path.ndim != 1:
        raise ValueError("a saving is found for one body; give its ceilings by year")
    cost = last * np.stack([compounded(-saving, len(path)) for saving in tried.tolist()])
    flows = settle(path, cost, terms, quality=quality, threshold=threshold, reinvest=path)
    paying = tried[flows.kept.sum(axis=-1) > HALF_A_PENNY]
    more, less = paying[paying > own], paying[paying < own]
    if more.size:
        return float(more[0])
    return float(less[-1]) if less.size else None


def begins_words(found: float | None, own: float, most: float) -> str:
    """What `keeps_from` found, in one sentence.   own, most : the plan's saving and the greatest tried."""
    if found is None:
        return f"No saving up to {points(most)}% a year would let it keep more than it pays, over all years."
    if found < own:
        return f"It would keep more than it pays at a lower saving, {points(found)}% a year, over all years."
    return f"It would begin to keep more than it pays at a saving of {points(found)}% a year, over all years."


def points(share: float) -> str:
    """0.073 as 7.3."""
    return f"{round(100 * share, 4):g}"
