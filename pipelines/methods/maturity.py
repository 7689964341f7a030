"""Capability maturity from statements and evidence: twelve capabilities, level 1 the best (methods.md M7.1, M7.2).

A self-assessment helps only while nothing hangs on it: no level enters a settlement, and no league table is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats, over
from pipelines.methods.card import Method

NAMES = ("Outstanding", "Good", "Adequate", "Below adequate", "Inadequate")  # of levels 1 to 5
BEST, WORST = 1, 5
ANSWERS = ("fully", "partly", "not")
FULLY = 0.70  # share of a level's statements that must be fully in place
UNSEEN = 3  # best level that can be claimed without evidence
STALE = 24.0  # months after which evidence counts for one level less
DIFFER = 0.67  # ordinal alpha below which views differ
RESPONDERS = 5  # fewest peers whose levels may be shown

METHOD = Method(
    id="M7.2",
    version="1",
    title="Capability maturity",
    formula="level = best of 1 to 4 with every statement at least partly and 70 % fully in place, nothing of level 5 "
    "true, else 5; several raters: median, range, Krippendorff's ordinal alpha; climb = sum max(0, actual - required)",
    defaults={"fully": FULLY, "unseen": UNSEEN, "stale_months": STALE, "differ": DIFFER, "responders": RESPONDERS},
    edge_cases="No evidence: not better than 3. Evidence older than 24 months: one level worse, at most 5. A median "
    "between two levels is the worse. One rater, or one value only: no alpha. Fewer than 5 peers: suppressed. A "
    "capability not rated is never taken as held.",
    source="Hoskins (2025), Productivity Insights Paper 060, appendix; Krippendorff (2011)",
)


class Capability(NamedTuple):
    """name of one of the twelve, its short name in sentences, its locus: organisation or sector."""

    name: str
    short: str
    locus: str


CAPABILITIES = (
    Capability("Organisational learning", "learning", "organisation"),
    Capability("Planning and prioritisation", "planning", "organisation"),
    Capability("Developing new ways of working", "new ways of working", "organisation"),
    Capability("Managing risk", "risk", "organisation"),
    Capability("Managing supplier relations", "supplier relations", "organisation"),
    Capability("Strengthening innovation networks", "innovation networks", "sector"),
    Capability("Clarity on collaborative performance", "collaborative performance", "sector"),
    Capability("Funding and co-ordinating research", "research", "sector"),
    Capability("Governing failure", "governing failure", "sector"),
    Capability("Maintaining pressure for productivity growth", "pressure for growth", "sector"),
    Capability("Flow of human capital", "human capital", "sector"),
    Capability("Standardising and scaling best practice", "best practice", "sector"),
)


class Rating(NamedTuple):
    """level 1 (best) to 5; progress: share of the next level's statements fully in place, NaN at level 1."""

    level: int
    progress: float


class Evidenced(NamedTuple):
    """level once evidence is asked for, never better than claimed; reason in words, empty when nothing changed."""

    level: int
    reason: str


def rate(answers: Sequence[Sequence[str]]) -> Rating:
    """The level that a body's answers hold for one capability.

    answers : five lists, levels 1 to 5, of one word per statement: fully, partly or not. A statement of level 5 that is
    fully or partly true leaves the capability at 5. `progress` is for display only.
    Raises ValueError on other words, or other than five levels with at least one statement each.
    Source: methods.md M7.2.
    """
    if len(answers) != WORST or not all(answers):
        raise ValueError("a capability needs answers for five levels, at least one statement each")
    unknown = sorted({word for level in answers for word in level} - set(ANSWERS))
    if unknown:
        raise ValueError(f"an answer is {', '.join(ANSWERS)}; found {', '.join(unknown)}")
    failing = any(word != "not" for word in answers[-1])
    kept = [number for number, level in enumerate(answers[:-1], start=BEST) if held(level)]
    level = WORST if failing or not kept else kept[0]
    return Rating(level, np.nan if level == BEST else fully(answers[level - 2]))


def held(level: Sequence[str]) -> bool:
    """Whether every statement is at least partly and 70 % are fully in place: three of three, three of four."""
    return "not" not in level and fully(level) >= FULLY


def fully(level: Sequence[str]) -> float:
    """Share of statements that are fully in place."""
    return level.count("fully") / len(level)


def evidenced(level: int, months: float | None) -> Evidenced:
    """The level that evidence of an age in months supports; None is no evidence at all.

    Raises ValueError on a level outside 1 to 5 or a negative or absent age.   Source: methods.md M7.2, evidence cap.
    """
    if level not in range(BEST, WORST + 1):
        raise ValueError(f"a level is {BEST} to {WORST}, not {level}")
    if months is None:
        return Evidenced(max(level, UNSEEN), "no evidence: not better than Adequate" if level < UNSEEN else "")
    if not months >= 0:
        raise ValueError(f"the age of evidence is 0 months or more, not {months}")
    if months > STALE:
        return Evidenced(min(level + 1, WORST), f"evidence is older than {STALE:.0f} months: one level worse")
    return Evidenced(level, "")


def flattery(own: ArrayLike, other: ArrayLike) -> FloatArray:
    """Levels by which one's own view is the better, by capability; NaN where either is absent.

    own, other (c,) : self-rating against evidence or, for sector capabilities, against the users' view.
    Raises ValueError on levels outside 1 to 5 or shapes that differ.
    """
    mine, theirs = levels(own), levels(other)
    if mine.shape != theirs.shape:
        raise ValueError("the two views must rate the same capabilities")
    return theirs - mine


class Peers(NamedTuple):
    """counts (5,) of peers at levels 1 to 5, NaN when suppressed; shares (5,); better: rows two levels better."""

    counts: FloatArray
    shares: FloatArray
    better: tuple[int, ...]
    suppressed: bool


def among_peers(own: float, peers: ArrayLike, willing: ArrayLike) -> Peers:
    """How peers stand on one capability, and which of those willing to be asked are two levels better.

    own : level, NaN when not rated.   peers (n,) : levels, NaN where none.   willing (n,) : may be contacted.
    Fewer than 5 responders: everything is suppressed. Raises ValueError on levels outside 1 to 5 or shapes that differ.
    """
    theirs, asked = levels(peers), np.asarray(willing, dtype=bool)
    mine = float(levels(own))
    if theirs.ndim != 1 or theirs.shape != asked.shape:
        raise ValueError("each peer needs a level (n,) and whether it may be contacted (n,)")
    counts = np.array([(theirs == level).sum() for level in range(BEST, WORST + 1)], dtype=np.float64)
    if counts.sum() < RESPONDERS:
        return Peers(np.full(WORST, np.nan), np.full(WORST, np.nan), (), suppressed=True)
    better = np.flatnonzero(asked & (mine - theirs >= 2))
    return Peers(counts, over(counts, counts.sum()), tuple(better.tolist()), suppressed=False)


def levels(values: ArrayLike) -> FloatArray:
    """Levels as numbers, NaN for not rated. Raises ValueError on anything but 1, 2, 3, 4 and 5."""
    given = floats(values, "levels")
    if not (np.isnan(given) | np.isin(given, range(BEST, WORST + 1))).all():
        raise ValueError(f"a level is a whole number from {BEST} to {WORST}, or absent")
    return given
