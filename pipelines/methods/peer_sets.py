"""How far two peer sets agree, and whether a custom one was picked for its answer (methods.md M2.2, M2.3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import floats
from pipelines.methods.card import Method
from pipelines.methods.draws import generator

PERSISTENCE = 0.9
POOL = 30
SETS = 2000
CAUTION = 0.9

METHOD = Method(
    id="M2.3",
    version="1",
    title="Custom peer sets",
    formula="cherry-pick index = place of the custom set's median among the medians of random sets of its size drawn "
    "from the 30 nearest bodies",
    defaults={"pool": POOL, "sets": SETS, "caution": CAUTION, "seed": 0},
    edge_cases="No index when the set is empty or larger than the pool.",
    source="methods.md M2.3",
)


def jaccard(first: Collection[str], second: Collection[str]) -> float:
    """Share of the bodies in either set that are in both, 0 to 1; NaN when both are empty."""
    either = set(first) | set(second)
    return len(set(first) & set(second)) / len(either) if either else float("nan")


def rank_biased_overlap(first: Sequence[str], second: Sequence[str], persistence: float = PERSISTENCE) -> float:
    """Agreement of two lists, nearest first, that weighs the front most; 0 to 1; NaN when one is empty.

    persistence : in (0, 1), chance of reading on after each place. Extrapolated beyond the shorter list.
    Raises ValueError on a persistence outside (0, 1) or a body listed twice.
    Source: Webber, Moffat & Zobel (2010), ACM Transactions on Information Systems 28, equation 32.
    """
    if not 0 < persistence < 1:
        raise ValueError(f"persistence {persistence} is not between 0 and 1")
    if len({*first}) < len(first) or len({*second}) < len(second):
        raise ValueError("a peer list names a body twice")
    short, long = sorted((first, second), key=len)
    if not short:
        return float("nan")
    s, depth = len(short), len(long)
    common = [len(set(short[:d]) & set(long[:d])) for d in range(1, depth + 1)]
    total = sum(common[d - 1] / d * persistence**d for d in range(1, depth + 1))
    total += sum(common[s - 1] * (d - s) / (s * d) * persistence**d for d in range(s + 1, depth + 1))
    end = (common[-1] - common[s - 1]) / depth + common[s - 1] / s
    return (1 - persistence) / persistence * total + end * persistence**depth


def cherry_pick_index(custom: ArrayLike, pool: ArrayLike, body: str, *, sets: int = SETS, seed: int = 0) -> float:
    """Where the custom set's median lies among random sets, 0 to 1; over 0.9 or under 0.1 asks for caution.

    custom : values of the chosen peers, with a value each.   pool : values of the 30 nearest bodies. NaN are left out.
    body : id, which with the seed names the random sets, so that the index repeats. Equal medians count half.
    NaN when either is empty or the set is larger than the pool.   Source: methods.md M2.3.
    """
    chosen, near = (values[~np.isnan(values)] for values in (floats(custom, "custom"), floats(pool, "pool")))
    if not 0 < chosen.size <= near.size:
        return float("nan")
    keys = generator(METHOD.id, body, seed=seed).random((sets, near.size))
    medians = np.median(near[np.argsort(keys, axis=1)[:, : chosen.size]], axis=1)
    benchmark = np.median(chosen)
    return float(((medians < benchmark) + 0.5 * (medians == benchmark)).mean())


def picked(index: float) -> bool:
    """True when a cherry-pick index asks for a caution beside the result."""
    return index > CAUTION or index < 1 - CAUTION
