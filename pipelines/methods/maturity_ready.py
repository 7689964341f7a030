"""What a body's capabilities are enough for: levels asked for by kind of project, gaps, and the weakest link (M7.3).

Adequate can be enough for a reversible pilot; transformative work needs good or outstanding. The levels asked for are
judgements, published and open to change.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray
from pipelines.methods.maturity import CAPABILITIES, WORST, levels

FAR = 2  # levels of one gap that rule a project out
ANY = WORST  # nothing is asked of this capability

# Levels asked of capabilities 1 to 12, in the order of CAPABILITIES, from the least risky class to the riskiest.
REQUIRED: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "off-the-shelf, reversible, internal": (3, 3, 3, 3, 3, ANY, ANY, ANY, ANY, ANY, ANY, ANY),
        "integrates with casework, public-facing": (3, 2, 2, 2, 3, ANY, ANY, ANY, 3, 3, 3, 3),
        "bespoke or affects rights or entitlements": (2, 2, 2, 2, 2, ANY, ANY, ANY, 2, 3, 3, 3),
        "system-wide reconfiguration": (2, 1, 2, 1, 2, ANY, ANY, ANY, 2, 2, 2, 2),
    }
)


class Gap(NamedTuple):
    """capability by its short name, and the levels to climb, 1 or more."""

    capability: str
    levels: int


class Readiness(NamedTuple):
    """project class; climb: levels to climb in all; gaps, widest first; unrated: short names that lack a level.

    verdict : ready (no gap), close (every gap is one level), not ready (a gap of two or more), not rated (no gap of
    two is known and a level that matters is missing).
    """

    project: str
    climb: int
    gaps: tuple[Gap, ...]
    unrated: tuple[str, ...]
    verdict: str


def readiness(actual: ArrayLike, required: Mapping[str, tuple[int, ...]] = REQUIRED) -> tuple[Readiness, ...]:
    """How ready a body is for every class of project, in the order of `required`.

    actual (12,) : levels in the order of CAPABILITIES, NaN where not rated, which is never taken as enough.
    required : twelve levels by class; 5 asks nothing.
    Raises ValueError on other levels, other than twelve of them, or a class that leaves one open.
    Source: methods.md M7.3; Hoskins (2025).
    """
    here = twelve(actual, "the body")
    if any(np.isnan(twelve(asked, project)).any() for project, asked in required.items()):
        raise ValueError(f"a class of project asks a level of every capability; {ANY} asks nothing")
    return tuple(against(here, project, twelve(asked, project)) for project, asked in required.items())


def ready_for(found: tuple[Readiness, ...]) -> tuple[str, ...]:
    """Classes of project that the body is ready for now."""
    return tuple(each.project for each in found if each.verdict == "ready")


def against(here: FloatArray, project: str, asked: FloatArray) -> Readiness:
    """Readiness for one class."""
    short = [each.short for each in CAPABILITIES]
    missing = np.isnan(here) & (asked < ANY)
    climb = np.maximum(np.where(np.isnan(here), 0, here - asked), 0).astype(np.int64)
    gaps = tuple(Gap(short[row], int(climb[row])) for row in np.argsort(-climb, kind="stable") if climb[row] > 0)
    unrated = tuple(short[row] for row in np.flatnonzero(missing))
    return Readiness(project, int(climb.sum()), gaps, unrated, judged(int(climb.max()), bool(unrated)))


def judged(widest: int, unrated: bool) -> str:
    """The weakest link decides: two levels on one capability cannot be made up for by others."""
    if widest >= FAR:
        return "not ready"
    return "not rated" if unrated else "close" if widest else "ready"


def twelve(given: ArrayLike, name: str) -> FloatArray:
    """Levels of the twelve capabilities. Raises ValueError on another number of them, or on other levels."""
    found = levels(given)
    if found.shape != (len(CAPABILITIES),):
        raise ValueError(f"{name}: {len(CAPABILITIES)} levels are needed, one per capability, not {found.size}")
    return found
