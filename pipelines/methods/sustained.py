"""What peers have shown that they can hold: levels kept for years while quality did not fall (methods.md M4.1).

A single good year may be luck, and a low cost may be bought with worse service. Neither may set anybody's target.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, TextArray, floats
from pipelines.methods.card import Method

YEARS = 3

METHOD = Method(
    id="M4.1a",
    version="1",
    title="Sustained levels of peers",
    formula="level = least favourable value of the last `years` years, counted only when the latest paired quality is "
    "no worse than in any of those years, less a tolerance",
    defaults={"years": YEARS, "tolerance": 0.0},
    edge_cases="An absent value or quality in the window: no level. A level whose quality fell is withdrawn, not "
    "lowered. Without a paired measure the quality is unknown, and a target cannot rest on it.",
    source="Hoskins (2025), 4.5: benchmarks grounded in what real peers demonstrably achieve; methods.md M4.1",
)


class Sustained(NamedTuple):
    """One entry per peer (n,). level: held for all of the last years, NaN where nothing is shown to be held.
    years: latest years in a row at that level or better with quality kept. reason: held, quality worse, quality
    unknown or too few years. unchecked: the level before quality was asked about."""

    level: FloatArray
    years: IntArray
    reason: TextArray
    unchecked: FloatArray


def sustained(
    values: ArrayLike,
    quality: ArrayLike,
    direction: int,
    years: int = YEARS,
    *,
    quality_direction: int = 1,
    tolerance: ArrayLike = 0.0,
) -> Sustained:
    """The level that each peer held through the last years while its paired quality did not get worse.

    values, quality : (n, T) paired panels, oldest year first, NaN where absent.   years : 1 or more, at most T.
    direction, quality_direction : +1 higher is better, -1 lower is better.
    tolerance : fall of quality, in its own unit, that chance explains; a scalar or (n,). 1.28 sqrt(2) se lets a steady
    body pass nine times in ten; at 0 every wobble counts as a fall.
    Raises ValueError on other directions, shapes that differ, or more years than columns.   Source: methods.md M4.1.
    """
    figures, paired = _panels(values, quality)
    good, kind = sign(direction) * figures, sign(quality_direction) * paired
    if not 1 <= years <= figures.shape[1]:
        raise ValueError(f"{years} years cannot be read from {figures.shape[1]}; ask for 1 to {figures.shape[1]}")
    lowest = good[:, -years:].min(axis=1)  # NaN when any year is absent
    kept = _kept(kind, tolerance)
    unknown = np.isnan(kind[:, -years:]).any(axis=1)
    reason = np.select(
        [np.isnan(lowest), unknown, ~kept[:, -years:].all(axis=1)],
        ["too few years", "quality unknown", "quality worse"],
        "held",
    )
    unchecked = direction * lowest
    level = np.where(reason == "held", unchecked, np.nan)
    return Sustained(level, _run((good >= direction * level[:, None]) & kept), reason, unchecked)


def years_held(
    values: ArrayLike,
    quality: ArrayLike,
    level: float,
    direction: int,
    *,
    quality_direction: int = 1,
    tolerance: ArrayLike = 0.0,
) -> IntArray:
    """(n,) for how many latest years in a row each peer stood at `level` or better with quality kept; 0 for none.

    Arguments as `sustained`. "4 of your 15 peers have held it for 3 years" counts the entries of 3 or more.
    """
    figures, paired = _panels(values, quality)
    there = sign(direction) * figures >= direction * level
    return _run(there & _kept(sign(quality_direction) * paired, tolerance))


def sign(direction: int) -> int:
    """The direction, once it is sure to be one. Raises ValueError on anything but +1 and -1: no target without one."""
    if direction not in (1, -1):
        raise ValueError("a target needs a direction: +1 (higher is better) or -1 (lower is better)")
    return direction


def _panels(values: ArrayLike, quality: ArrayLike) -> tuple[FloatArray, FloatArray]:
    figures, paired = floats(values, "values"), floats(quality, "quality")
    if figures.ndim != 2 or figures.shape != paired.shape:
        raise ValueError("values and their paired quality are needed for the same peers and years, (n, T) each")
    return figures, paired


def _kept(kind: FloatArray, tolerance: ArrayLike) -> BoolArray:
    """(n, T) whether the latest quality is no worse than in that year; false where either is absent."""
    slack = np.broadcast_to(floats(tolerance, "tolerance"), kind.shape[:1])
    return np.asarray(kind[:, -1:] >= kind - slack[:, None])


def _run(holds: BoolArray) -> IntArray:
    """(n,) how many of the latest columns hold without a gap."""
    return np.asarray(np.logical_and.accumulate(holds[:, ::-1], axis=1).sum(axis=1), dtype=np.int64)
