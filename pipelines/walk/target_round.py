"""One indicator of a target policy for every body of the sector: start, reference, target, and what history says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.challenge import Challenge, Windows, calibrate, improvement_limit, windows
from pipelines.methods.forecast_scale import limits_of, unpassed
from pipelines.methods.position import quantile_bands
from pipelines.methods.sustained import years_held
from pipelines.methods.targets import Target, target
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Indicator
from pipelines.packs.schema_policy import TargetItem, TargetPolicy
from pipelines.walk.calendar import per_year
from pipelines.walk.series import Z95, Series
from pipelines.walk.target_levels import DIRECTION, Guard, Levels, guards_of, levels

NO_ERROR = "no standard error can be given, so chance cannot be taken out of the start"
NOT_ASKED = Challenge(float("nan"), "", 0, 0, 0, ())


@dataclass(frozen=True)
class Asked:
    """What one body is asked. found None where nothing can be; reason says why.   unadjusted : the target with the
    whole field for peers.   holders : rows of the roster.   held_years : their median, NaN for none."""

    row: int
    found: Target | None
    reason: str | None
    unadjusted: float
    challenge: Challenge
    peers: np.ndarray
    holders: np.ndarray
    held_years: float


@dataclass(frozen=True)
class Round:
    """One item of a policy.   base : column of the base period.   steps : points to the due period.   se (n,) : of
    the drawn start.   asked : one for each body with a usable figure."""

    policy: TargetPolicy
    item: TargetItem
    indicator: Indicator
    series: Series
    guards: tuple[Guard, ...]
    levels: Levels
    direction: int
    base: int
    steps: int
    se: np.ndarray
    asked: tuple[Asked, ...]

    @property
    def period(self) -> str:
        """The base period."""
        return self.series.periods[self.base]

    @property
    def due(self) -> str:
        """The due period."""
        return self.series.after(self.period, self.steps)

    @property
    def start(self) -> np.ndarray:
        """(n,) where paths start."""
        return np.asarray(self.series.drawn[:, self.base])


def round_of(
    pack: Pack,
    policy: TargetPolicy,
    item: TargetItem,
    series: Mapping[str, Series],
    ids: np.ndarray,
    fields: np.ndarray,
) -> Round | None:
    """The round of an item; None when the base period has no figure at all.

    ids [n, K] : peers as rows, -1 for none.   fields (n,) : the field of each body.
    """
    own = series.get(item.indicator)
    base = own.column(item.base_period or policy.base_period) if own else None
    if own is None or base is None:
        return None
    indicator = pack.indicator(item.indicator)
    direction = DIRECTION[indicator.polarity]
    guards = guards_of(pack, series, own, item)
    shown = levels(policy, own, guards, base, direction)
    se = (own.drawn_hi[:, base] - own.drawn_lo[:, base]) / (2 * Z95)
    bare = Round(policy, item, indicator, own, guards, shown, direction, base, own.points(policy.horizon), se, ())
    asked = [one for field in dict.fromkeys(fields) for one in of_field(bare, ids, np.flatnonzero(fields == field))]
    return Round(**{**vars(bare), "asked": tuple(sorted(asked, key=lambda one: one.row))})


def of_field(found: Round, ids: np.ndarray, members: np.ndarray) -> list[Asked]:
    """What each body of a field with a usable figure in the base period is asked."""
    own, base = found.series, found.base
    usable = members[~np.isnan(own.value[members, base])]
    if not usable.size:
        return []
    history = past(found, members)
    bands = quantile_bands(own.drawn[usable, base], found.direction)
    precision = printed(own.value[usable, base])
    return [
        one_body(found, int(row), ids[row][ids[row] >= 0], members, history, band, precision)
        for row, band in zip(usable, bands, strict=True)
    ]


def past(found: Round, members: np.ndarray) -> Windows:
    """Every past window of the horizon among some bodies, up to the base period."""
    values = found.series.value[members, : found.base + 1]
    starts = found.series.drawn[members, : found.base + 1]
    scale = "difference" if (starts <= 0).any() or found.indicator.format == "share" else "ratio"
    return windows(values, starts, found.steps, found.direction, scale=scale)


def printed(values: np.ndarray) -> float:
    """The unit to which targets are rounded: the third significant digit of the middle figure, 0 without one."""
    middle = float(np.median(np.abs(values)))
    return float(10.0 ** (np.floor(np.log10(middle)) - 2)) if middle > 0 else 0.0


def one_body(
    found: Round,
    row: int,
    peers: np.ndarray,
    members: np.ndarray,
    history: Windows,
    band: float,
    precision: float,
) -> Asked:
    """What one body is asked, by its own peers and, for the test of context, by its whole field."""
    x, se = float(found.start[row]), float(found.se[row])
    nothing = np.array([], dtype=np.int64)
    if not np.isfinite(x + se):
        return Asked(row, None, NO_ERROR, np.nan, NOT_ASKED, peers, nothing, np.nan)
    limit = np.nan if np.isnan(band) else improvement_limit(x, int(band), history)
    set_ = asked_of(found, row, peers, limit, precision)
    if np.isnan(set_.value):
        return Asked(row, None, why_none(found, row, set_), np.nan, NOT_ASKED, peers, nothing, np.nan)
    whole = asked_of(found, row, members[members != row], limit, precision)
    there = peers[found.direction * found.levels.held.level[peers] >= found.direction * set_.value]
    change = found.direction * (set_.value - x)
    required = change / x if history.scale == "ratio" else change
    calibrated = NOT_ASKED if set_.status == "hold" or np.isnan(band) else calibrate(required, int(band), history)
    return Asked(row, set_, None, whole.value, calibrated, peers, there, held_for(found, there, set_.value))


def asked_of(found: Round, row: int, peers: np.ndarray, limit: float, precision: float) -> Target:
    """The target of a body among some peers (rows of the roster)."""
    x, item, policy = float(found.start[row]), found.item, found.policy
    level = found.levels.held.level[peers]
    own = float(found.levels.held.level[row])
    positive = x > 0 and not (level <= 0).any() and not (found.direction < 0 and own <= 0)
    wanted = item.path or policy.path
    return target(
        x,
        float(found.se[row]),
        level,
        found.direction,
        reference=item.reference or policy.reference,
        pi=policy.share,
        horizon=found.steps,
        shift=shift_of(found),
        reliability=np.nan_to_num(found.series.reliability[peers, found.base]),
        own_reliability=float(np.nan_to_num(found.series.reliability[row, found.base])),
        held=own,
        limit=limit,
        precision=precision,
        path=wanted if positive else "linear",
        bounds=bounds_of(found.indicator, [x, own]),
    )


def shift_of(found: Round) -> float:
    """The frontier shift a point: of costs only, since more cannot be asked of quality merely because time passes."""
    yearly = found.policy.frontier_shift if found.item.family == "cost" else 0.0
    return float(1 - (1 - yearly) ** (found.policy.horizon / found.steps))


def bounds_of(indicator: Indicator, figures: ArrayLike) -> tuple[float, float]:
    """What an indicator cannot pass: 0 and, of a share, the whole, unless one of some figures of it lies beyond."""
    return unpassed(limits_of(indicator.format, indicator.unit, indicator.multiplier), figures)


def why_none(found: Round, row: int, set_: Target) -> str:
    """Why there is no target, in words."""
    if set_.status == "not reliable enough":
        sure = np.nan_to_num(found.series.reliability[row, found.base])
        return f"too unreliable for a target: {sure:.2f} of the difference to others is not chance, 0.4 is needed"
    years = found.policy.sustained_years
    bodies = "body is" if set_.peers == 1 else "bodies are"
    return f"only {set_.peers} comparable {bodies} shown to have held a level for {years} years; 5 are needed"


def held_for(found: Round, holders: np.ndarray, level: float) -> float:
    """Median of the years for which some bodies have held a level with quality kept; NaN without any."""
    if not holders.size:
        return float("nan")
    shown = found.levels
    points = years_held(
        shown.panel[holders], shown.quality[holders], level, found.direction, tolerance=shown.slack[holders]
    )
    return float(np.median(points)) * found.series.step / per_year(found.series.kind)
