"""The draws behind a catch-up potential, kept body by body, so that what is built on them carries its chance along.

`potential.route` and `peer_quartile.peer_route` reduce their draws to three quantiles; a settlement and a comparison of
schemes need the draws themselves. The first `draws` of the same streams: with as many draws, the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.peer_quartile import drawn, low_quantile, towards_peers
from pipelines.methods.peers import FULL_GROUP
from pipelines.methods.potential import SHARE, checked, simulate
from pipelines.methods.shrinkage import shrink
from pipelines.methods.status import REFERENCE, is_in


def peer_draws(
    actual: ArrayLike,
    unit_cost: ArrayLike,
    se: ArrayLike,
    ids: ArrayLike,
    *,
    names: Sequence[str],
    status: ArrayLike = "ok",
    draws: int,
    seed: int = 0,
) -> FloatArray:
    """(n, draws) potentials of route P, NaN for a body without one. Arguments and refusals as `peer_route`."""
    spend, usual = checked(actual, unit_cost)
    shrunk = towards_peers(usual, se, ids, status)
    usable = np.isfinite(shrunk.value) & is_in(np.broadcast_to(status, usual.shape), REFERENCE)
    own = np.full((usual.size, draws), np.nan)
    for row in np.flatnonzero(usable).tolist():
        own[row] = drawn(names[row], float(shrunk.value[row]), float(shrunk.sd[row]), draws, seed)
    found, listed = np.full((usual.size, draws), np.nan), np.asarray(ids, dtype=np.int64)
    for row in np.flatnonzero(usable & ~np.isnan(spend)).tolist():
        near = [peer for peer in listed[row].tolist() if peer >= 0 and peer != row and usable[peer]]
        if len(near) >= FULL_GROUP:
            found[row] = spend[row] * np.maximum(0, 1 - np.exp(low_quantile(own[near], SHARE) - own[row]))
    return found


def model_draws(
    actual: ArrayLike, ratio: ArrayLike, se: ArrayLike, *, names: Sequence[str], draws: int, seed: int = 0
) -> FloatArray:
    """(n, draws) potentials of route R, NaN for a body that the model does not cover.

    actual : (n,) addressable cost; ratio : (n,) actual over modelled cost, both positive; se : (n,) of ln ratio.
    Raises ValueError as `potential.route`.
    """
    spend, over_modelled = floats(actual, "actual"), floats(ratio, "ratio")
    usual = spend / over_modelled
    logs = np.log(np.where(np.isnan(usual), np.nan, spend) / usual)
    shrunk = shrink(logs, floats(se, "se"))
    return simulate(spend, shrunk.value, shrunk.sd_conditional, list(names), draws, seed)[0]
