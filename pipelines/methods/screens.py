"""What a gaming screen answers with: a question about figures, never an accusation (methods.md M4.7).

Results are restricted: the body sees its own first, nobody else is served them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.card import Method
from pipelines.methods.intervals import prop_ci

LEVEL = 0.05

METHOD = Method(
    id="M4.7",
    version="1",
    title="Gaming signals: principles",
    formula="signals are counted by independent family; the share of flags among comparable untargeted measures stands "
    "beside each",
    defaults={"level": LEVEL},
    edge_cases="too few figures: the question is not asked, and it is said why",
    source="Bevan & Hood (2006); methods.md M4.7",
)


class Screen(NamedTuple):
    """One question. family: screens of one family are not independent of each other; question: in words, with the
    figures; statistic; p: its chance under no cause, NaN where a rule decides; threshold: what statistic or p is held
    against; n: figures behind it; flag: whether to ask."""

    name: str
    family: str
    question: str
    statistic: float
    p: float
    threshold: float
    n: int
    flag: bool


class PriorRate(NamedTuple):
    """flagged of tested untargeted measures, their share and its 95 % limits: what a flag is worth; words."""

    flagged: int
    tested: int
    share: float
    lo: float
    hi: float
    words: str


def not_asked(name: str, family: str, reason: str, n: int) -> Screen:
    """A screen that could not be run, and why: no flag, no figures."""
    return Screen(name, family, f"Not asked: {reason}.", np.nan, np.nan, np.nan, n, False)


def asked(screen: Screen) -> bool:
    """Whether the screen had figures enough to be run."""
    return not np.isnan(screen.statistic)


def signals(screens: Iterable[Screen]) -> int:
    """Number of independent signals: families with a flag. There is no score of gaming."""
    return len({screen.family for screen in screens if screen.flag})


def prior_rate(flags: ArrayLike) -> PriorRate:
    """How often the same pattern appears where no target could have caused it.

    flags (n,) : of comparable untargeted measures that were tested. Raises ValueError when there are none.
    """
    seen = np.asarray(flags, dtype=np.bool_)
    if seen.size == 0:
        raise ValueError("no untargeted measure was tested, so a flag has no benchmark")
    k, n = int(seen.sum()), int(seen.size)
    limits = prop_ci(k, n)
    words = f"It also appears in {k} of {n} untargeted measures."
    return PriorRate(k, n, k / n, float(limits.lo), float(limits.hi), words)
