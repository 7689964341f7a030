"""Few targets, that do not say the same twice, do not pull apart, and are watched (methods.md M4.5, M4.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtr

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.card import Method

PER_SERVICE, PER_BODY = 5, 12
CONFLICT, DUPLICATE = -0.3, 0.9
WORSENED = 0.2

OVERLOAD = Method(
    id="M4.5",
    version="1",
    title="Target budget",
    formula="n_eff = (sum l)^2 / sum l^2 over eigenvalues of the correlations; conflict: partial correlation of the "
    "good directions < -0.3",
    defaults={"per_service": PER_SERVICE, "per_body": PER_BODY, "conflict": CONFLICT, "duplicate": DUPLICATE},
    edge_cases="A measure that duplicates one of a pair is not held constant for it. Fewer observations than measures "
    "and 3 more: refused.",
    source="Bevan & Hood (2006); Hoskins (2025) on the volume of targets; methods.md M4.5",
)
PAIRED = Method(
    id="M4.6",
    version="1",
    title="Paired counter-measures",
    formula="success = target met and P(counter-measure worsened by more than its tolerance) < 0.2",
    defaults={"worsened": WORSENED},
    edge_cases="No counter-measure, or one without a figure: success is not declared.",
    source="methods.md M4.6; Bevan & Hood (2006)",
)
METHODS = (OVERLOAD, PAIRED)

# Either way round. What a target on the first could be bought with shows in the second.
PAIRS = frozenset(
    frozenset(pair)
    for pair in (
        ("cost", "quality"),
        ("speed", "accuracy"),
        ("speed", "rework"),
        ("volume", "equity"),
        ("ratio", "denominator"),
        ("stage", "next stage"),
    )
)


class Overload(NamedTuple):
    """load: active targets over the limit, 1 is full; by_service: counts; over: services above theirs, and `body`;
    room: how many may be added to each service without retiring one; hours: of reporting a year."""

    load: float
    by_service: Mapping[str, int]
    over: tuple[str, ...]
    room: Mapping[str, int]
    hours: float


@dataclass(frozen=True)
class Overlap:
    """Measures (k, k) in the good directions. correlation; partial: others held constant; p: two-sided, of the
    partial. effective: number of independent measures. duplicates, conflicts: pairs of columns. observations: rows."""

    correlation: FloatArray
    partial: FloatArray
    p: FloatArray
    effective: float
    duplicates: tuple[tuple[int, int], ...]
    conflicts: tuple[tuple[int, int], ...]
    observations: int


class Joint(NamedTuple):
    """success; p_worse: largest chance that a counter-measure worsened beyond its tolerance; reason in words."""

    success: bool
    p_worse: float
    reason: str


def overload(
    services: Sequence[str],
    hours: ArrayLike = (),
    *,
    per_service: int = PER_SERVICE,
    per_body: int = PER_BODY,
) -> Overload:
    """How full a body's budget of targets is.

    services : the service of each active target.   hours : (targets,) reporting hours a year, if known.
    """
    active = len(services)
    counts = dict(sorted(Counter(services).items()))
    over = [name for name, count in counts.items() if count > per_service] + ["body"] * (active > per_body)
    left = max(0, per_body - active)
    room = {name: min(left, max(0, per_service - count)) for name, count in counts.items()}
    return Overload(active / per_body, counts, tuple(over), room, float(np.sum(floats(hours, "hours"))))


def effective_number(correlation: ArrayLike) -> float:
    """(sum l)^2 / sum l^2 of the eigenvalues of a correlation matrix: k when unrelated, 1 when all say the same."""
    values = np.linalg.eigvalsh(floats(correlation, "correlation"))
    return float(values.sum() ** 2 / (values**2).sum())


def overlap(history: ArrayLike, directions: ArrayLike) -> Overlap:
    """Which measures duplicate each other, and which cannot both improve.

    history : (observations, k) past changes (or levels) of k measures, one row per body and period; rows with NaN are
    left out.   directions : (k,) +1 or -1; columns are turned so that up is good.
    Raises ValueError on fewer than k + 3 complete rows, a measure that never moves, or another direction.
    """
    table, good = floats(history, "history"), np.asarray(directions, dtype=np.float64)
    if not np.isin(good, (-1, 1)).all() or table.ndim != 2 or good.shape != table.shape[1:]:
        raise ValueError("each measure needs a direction, +1 or -1; a conflict is one between good directions")
    rows = (table * good)[~np.isnan(table).any(axis=1)]
    n, k = rows.shape
    if n < k + 3 or (np.ptp(rows, axis=0) == 0).any():
        raise ValueError(f"{n} complete observations of {k} measures that move are too few; {k + 3} are needed")
    correlation = np.atleast_2d(np.corrcoef(rows, rowvar=False))
    partial, p = np.eye(k), np.zeros((k, k))
    for i, j in combinations(range(k), 2):
        partial[[i, j], [j, i]], p[[i, j], [j, i]] = _partial(rows, correlation, i, j)
    pairs = list(combinations(range(k), 2))
    return Overlap(
        correlation,
        partial,
        p,
        effective_number(correlation),
        tuple(pair for pair in pairs if correlation[pair] >= DUPLICATE),
        tuple(pair for pair in pairs if partial[pair] < CONFLICT),
        n,
    )


def is_pair(family: str, counter: str) -> bool:
    """Whether a measure of the one family may stand guard over a target of the other; never one of its own family."""
    return frozenset((family, counter)) in PAIRS


def joint_success(
    met: bool, change: ArrayLike, se: ArrayLike, tolerance: ArrayLike, direction: ArrayLike, *, most: float = WORSENED
) -> Joint:
    """Whether a target counts as met: its own condition, and no counter-measure likely worse than its tolerance.

    change : (m,) of each counter-measure since the start; se (m,) > 0 of that change (sqrt(2) times that of a figure);
    tolerance (m,) >= 0 in its unit; direction (m,) its own good direction.   Source: methods.md M4.6.
    """
    moved, error, slack = floats(change, "change"), floats(se, "se"), floats(tolerance, "tolerance")
    if (error <= 0).any() or (slack < 0).any():
        raise ValueError("a counter-measure needs a standard error above 0 and a tolerance of 0 or more")
    chance = np.atleast_1d(ndtr((-np.asarray(direction) * moved - slack) / error))
    if chance.size == 0 or np.isnan(chance).any():
        return Joint(False, np.nan, "a counter-measure has no figure; success is not declared")
    worst = float(chance.max())
    if worst >= most:
        return Joint(False, worst, f"a counter-measure may have worsened beyond its tolerance (chance {worst:.0%})")
    return Joint(met, worst, "met, and no counter-measure likely worsened" if met else "the target itself is not met")


def _partial(rows: FloatArray, correlation: FloatArray, i: int, j: int) -> tuple[float, float]:
    """Correlation of i and j with the other measures held constant, and its two-sided p."""
    close = np.abs(correlation[[i, j]]).max(axis=0) >= DUPLICATE
    others = [m for m in range(rows.shape[1]) if m not in (i, j) and not close[m]]
    design = np.column_stack([np.ones(len(rows)), rows[:, others]])
    pair = rows[:, [i, j]]
    left = pair - design @ np.linalg.lstsq(design, pair, rcond=None)[0]
    size = np.sqrt((left**2).sum(axis=0))
    if size.min() <= 1e-9 * np.sqrt((pair**2).sum(axis=0)).max():
        return 0.0, 1.0  # one of them is wholly told by the others
    r = float(np.clip(left[:, 0] @ left[:, 1] / size.prod(), -1, 1))
    freedom = len(rows) - 2 - len(others)
    t = abs(r) * np.sqrt(freedom / max(1 - r * r, 1e-300))
    return r, float(2 * stdtr(freedom, -t))
