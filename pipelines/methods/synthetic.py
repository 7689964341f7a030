"""One body against the mixture of donors that tracked it before: synthetic control (methods.md M6.3).

With few donors no result can be rare: the smallest possible p stands beside every p, before it.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import nnls

from pipelines.methods.arrays import BoolArray, FloatArray, floats
from pipelines.methods.card import Method

WORST_FIT = 0.5
TIMES = 5.0

METHOD = Method(
    id="M6.3",
    version="1",
    title="Synthetic control",
    formula="min over w >= 0, sum w = 1 of |y_pre - sum w_j y_j,pre|^2, every series less its mean before; effect_t = "
    "y_t - sum w_j y_jt; p = rank of RMSPE after / before among the placebos, over J + 1",
    defaults={"demean": True, "worst_fit": WORST_FIT, "times": TIMES},
    edge_cases="A donor with an absent period is dropped, never filled in. A fit worse than half a standard deviation "
    "of the body's own series before is poor and carries no estimate of an effect. Placebos that fit over 5 times "
    "worse than the body are left out of the second p; both are reported.",
    source="Abadie, Diamond & Hainmueller (2010), JASA 105; Abadie (2021), Journal of Economic Literature 59; "
    "Ferman & Pinto (2021), Quantitative Economics 12, on demeaning",
)


class Synthetic(NamedTuple):
    """weights (J,): of the donors, 0 for one that is not used. gaps (T,): body less mixture, in the unit of y, before
    and after. pre_rmspe: root mean square of the gaps before. ratio: that of the gaps after over it. mean_gap: mean
    gap after. poor: the mixture does not track the body, so no effect may be read. used (J,): donors without gaps."""

    weights: FloatArray
    gaps: FloatArray
    pre_rmspe: float
    ratio: float
    mean_gap: float
    poor: bool
    used: BoolArray


def synthetic_control(treated: ArrayLike, donors: ArrayLike, start: int, *, demean: bool = True) -> Synthetic:
    """The mixture of donors nearest to the body before the start, and the gaps to it.

    treated : (T,), oldest first.   donors : (J, T) same unit, NaN where absent.   start : column of the first period
    after, 2 to T - 1.   demean : take each series' mean before off it, which allows a lasting difference of level.
    Raises ValueError on absent figures of the body, on no usable donor, or on too few periods.   Source: M6.3.
    """
    own, others = _series(treated, donors, start)
    used = np.asarray(~np.isnan(others).any(axis=1))
    if not used.any():
        raise ValueError("no donor has every period; a synthetic control needs one at least")
    if demean:
        own, others = levelled(own, start), levelled(others, start)
    weights = np.zeros(len(others))
    weights[used] = simplex_weights(own[:start], others[used, :start])
    return judged(own - weights[used] @ others[used], weights, used, floats(treated, "treated"), start)


def levelled(series: FloatArray, start: int) -> FloatArray:
    """The series (..., T) less their mean before the start, which allows a lasting difference of level."""
    return np.asarray(series - series[..., :start].mean(axis=-1, keepdims=True))


def judged(gaps: FloatArray, weights: FloatArray, used: BoolArray, own: FloatArray, start: int) -> Synthetic:
    """The gaps (T,) with their errors before and after, set against the body's own series (T,)."""
    # Rounding must not pass for a spectacular ratio: both errors have a floor far below any figure's digits.
    floor = 1e-9 * max(float(np.abs(own).max()), np.finfo(float).tiny)
    pre, post = (float(np.sqrt((part**2).mean())) for part in (gaps[:start], gaps[start:]))
    poor = max(pre, floor) > max(WORST_FIT * float(own[:start].std()), floor)
    return Synthetic(weights, gaps, pre, max(post, floor) / max(pre, floor), float(gaps[start:].mean()), poor, used)


def simplex_weights(own: ArrayLike, others: ArrayLike) -> FloatArray:
    """(J,) weights >= 0 that sum to 1 and bring the mixture nearest to own (P,), of others (J, P); none absent.

    Let G hold others less own. For u = s w the sum |G u|^2 + (sum u - 1)^2 is s^2 |G w|^2 + (s - 1)^2, whose least
    value over s grows with |G w|^2: so w = u / sum u of non-negative least squares is the constrained optimum, exactly.
    Source: Lawson & Hanson (1974), Solving Least Squares Problems, chapter 23, for the solver.
    """
    gap = (floats(others, "others") - floats(own, "own")).T
    scale = float(np.abs(gap).max()) or 1.0
    u, _ = nnls(np.vstack([gap / scale, np.ones(gap.shape[1])]), np.append(np.zeros(len(gap)), 1.0))
    return np.asarray(u / u.sum())


class Fit(Protocol):
    """Anything that fits a body by its donors: `synthetic_control`, or `augmented.augmented_control`."""

    def __call__(self, treated: ArrayLike, donors: ArrayLike, start: int, *, demean: bool) -> Synthetic:
        """The fit, arguments as `synthetic_control`."""
        ...


class Placebo(NamedTuple):
    """smallest_p: 1 / (J + 1), which no result can beat. p: share of bodies whose ratio is at least the treated one's.
    kept (J,): placebos that fit no more than `times` worse. smallest_p_kept, p_kept: the same among those.
    pre_rmspe, ratio (J,): of each donor as if treated, NaN for a donor that is not used."""

    smallest_p: float
    p: float
    kept: BoolArray
    smallest_p_kept: float
    p_kept: float
    pre_rmspe: FloatArray
    ratio: FloatArray


def placebo(
    treated: ArrayLike,
    donors: ArrayLike,
    start: int,
    *,
    demean: bool = True,
    times: float = TIMES,
    fit: Fit = synthetic_control,
) -> Placebo:
    """How rare the body's ratio is among donors treated as if they had the project, the body never in their pool.

    Arguments as `synthetic_control`.   times : fit of a placebo, relative to the body's, beyond which it is left out.
    fit : the body and every placebo are fitted alike.
    Raises ValueError as there, and with fewer than two usable donors.   Source: Abadie et al. (2010); M6.3.
    """
    found = fit(treated, donors, start, demean=demean)
    pool = floats(donors, "donors")[found.used]
    if len(pool) < 2:
        raise ValueError("a placebo needs two donors with every period: one to be tested, one to be compared with")
    fits = [fit(pool[j], np.delete(pool, j, axis=0), start, demean=demean) for j in range(len(pool))]
    errors, ratios = np.full((2, len(found.used)), np.nan)
    errors[found.used] = [one.pre_rmspe for one in fits]
    ratios[found.used] = [one.ratio for one in fits]
    kept = errors <= times * found.pre_rmspe + 1e-9 * np.abs(pool).max()
    beaten = ratios >= found.ratio * (1 - 1e-9)
    j, k = len(pool), int(kept.sum())
    p, p_kept = (1 + int(beaten.sum())) / (j + 1), (1 + int((beaten & kept).sum())) / (k + 1)
    return Placebo(1 / (j + 1), p, kept, 1 / (k + 1), p_kept, errors, ratios)


def leave_one_out(treated: ArrayLike, donors: ArrayLike, start: int, *, demean: bool = True) -> FloatArray:
    """(J,) mean gap after without each donor in turn; NaN for a donor that is not used. Their range is the reading.

    Arguments as `synthetic_control`. Raises ValueError with fewer than two usable donors.   Source: Abadie (2021).
    """
    pool = floats(donors, "donors")
    used = ~np.isnan(pool).any(axis=1)
    if used.sum() < 2:
        raise ValueError("leaving one donor out needs two with every period")
    out = np.full(len(pool), np.nan)
    for j in np.flatnonzero(used):
        out[j] = synthetic_control(treated, np.delete(pool, j, axis=0), start, demean=demean).mean_gap
    return out


def in_time(treated: ArrayLike, donors: ArrayLike, start: int, fake: int, *, demean: bool = True) -> Synthetic:
    """The same with a date at which nothing happened: a gap after `fake` is the method's own error.

    Only the periods before the true start are used.   fake : 2 to start - 1. Raises ValueError as `synthetic_control`.
    """
    own, others = _series(treated, donors, start)
    return synthetic_control(own[:start], others[:, :start], fake, demean=demean)


def _series(treated: ArrayLike, donors: ArrayLike, start: int) -> tuple[FloatArray, FloatArray]:
    own, others = floats(treated, "treated"), floats(donors, "donors")
    if own.ndim != 1 or others.ndim != 2 or others.shape[1] != len(own):
        raise ValueError("the body's series (T,) and its donors' (J, T) must cover the same periods")
    if np.isnan(own).any():
        raise ValueError("the body has an absent period; a synthetic control needs all of them")
    if not 2 <= start < len(own):
        raise ValueError(f"start {start} leaves too few periods: two before and one after are needed")
    return own, others
