"""The way from today's level to a target, year by year, with its noise drawn beside it (methods.md M4.2).

Two parts are kept apart, because they ask for different things: catching up with peers, and the frontier shift that
everybody is asked for. A path is fixed when it is signed; only the listed re-openers change it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from pipelines.methods.arrays import FloatArray, TextArray, floats
from pipelines.methods.card import Method
from pipelines.methods.sustained import sign

LEVEL = 0.80
SHOCK = 2.0
KINDS = ("geometric", "linear", "back_loaded", "adoption")

METHOD = Method(
    id="M4.2",
    version="1",
    title="Glide path",
    formula="geometric x0 (T/x0)^(t/H), linear x0 - (x0 - T) t/H, back-loaded, or along adoption; "
    "times (1 + d f)^t; band +- z sqrt(2) se",
    defaults={"kind": "geometric", "shift": 0.0, "lag": 0, "band": LEVEL, "shock": SHOCK},
    edge_cases="A geometric path needs levels above 0. Bounded measures stop at their bound.",
    source="Ofgem RIIO glide paths; methods.md M4.2",
)


class Glide(NamedTuple):
    """All (H+1,), from today (t = 0) to the target date. path = catch_up + frontier.
    catch_up: levels before the frontier shift. frontier: what the shift adds, in the measure's unit."""

    path: FloatArray
    catch_up: FloatArray
    frontier: FloatArray


def glide(
    x0: float,
    target: float,
    horizon: int,
    kind: str = "geometric",
    *,
    direction: int = -1,
    shift: float = 0.0,
    lag: int = 0,
    adoption: ArrayLike = (),
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Glide:
    """Levels from x0 to target over `horizon` periods, and what the frontier shift adds.

    x0, target : in the measure's unit; target before the frontier shift, as the fairness tests see it.
    kind : `geometric` (the same percentage every period; default for costs), `linear`, `back_loaded` (flat for `lag`
    periods while an investment is made, then geometric) or `adoption` (along `adoption`, shares (horizon,) of the
    change that are in use at t = 1, ..., the last of them counting as all of it).
    shift : frontier shift a period as a fraction.   bounds : what the measure cannot pass.
    Raises ValueError on an unknown kind, a horizon under 1, a shift outside [0, 1), or levels that the kind forbids.
    """
    if horizon < 1 or not 0 <= shift < 1:
        raise ValueError("a path needs a horizon of at least 1 period and a frontier shift in [0, 1)")
    share = _shares(horizon, kind, lag, adoption)
    if kind in ("geometric", "back_loaded"):
        if min(x0, target) <= 0:
            raise ValueError("a geometric path needs levels above 0; choose a linear one")
        catch_up = x0 * (target / x0) ** share
    else:
        catch_up = x0 + (target - x0) * share
    path = np.clip(catch_up * (1 + sign(direction) * shift) ** np.arange(horizon + 1), *bounds)
    return Glide(path, catch_up, path - catch_up)


def annual_rate(x0: float, target: float, horizon: int) -> float:
    """Fall a period of the geometric path as a fraction: 1 - (T/x0)^(1/H); negative for a rise."""
    return float(1 - (target / x0) ** (1 / horizon))


def allowance(path: ArrayLike, se: ArrayLike, level: float = LEVEL) -> tuple[FloatArray, FloatArray]:
    """Lower and upper edge of what chance alone may show around a path.

    path : (H+1,).   se : standard error of one period's figure, a scalar or (H+1,).
    Two figures meet at every point, the start that the path was drawn from and the figure that is read against it;
    both are noisy, hence sqrt(2) se as in the noise test of M4.4. At 80 % the band is +- 1.28 sqrt(2) se: a body
    exactly on its path lies outside it on either side one time in ten. From a shrunk start the band is cautious.
    """
    centre = floats(path, "path")
    reach = float(ndtri((1 + level) / 2)) * np.sqrt(2) * floats(se, "se")
    return centre - reach, centre + reach


def standing(y: ArrayLike, path: ArrayLike, se: ArrayLike, direction: int, level: float = LEVEL) -> TextArray:
    """ahead, on path (chance may explain the difference), behind, or "" where a figure is absent; shape of y."""
    figures = floats(y, "y")
    low, high = allowance(path, se, level)
    above, below = ("ahead", "behind") if sign(direction) > 0 else ("behind", "ahead")
    words = np.where(figures > high, above, np.where(figures < low, below, "on path"))
    return np.where(np.isnan(figures + low), "", words)


def shocked(national: ArrayLike, *, sds: float = SHOCK) -> bool:
    """Whether the latest national change of a cost driver re-opens paths: beyond `sds` sds of its earlier changes.

    national : (T,) the driver for the country, complete, at least 5 periods. Raises ValueError on fewer.
    """
    series = floats(national, "national")
    if series.size < 5 or np.isnan(series).any():
        raise ValueError("a context shock needs at least 5 complete periods of the national driver")
    steps = np.diff(series)
    return bool(abs(steps[-1] - steps[:-1].mean()) > sds * steps[:-1].std(ddof=1))


def _shares(horizon: int, kind: str, lag: int, adoption: ArrayLike) -> FloatArray:
    """(H+1,) share of the way done at each point."""
    times = np.arange(horizon + 1, dtype=np.float64)
    if kind in ("geometric", "linear"):
        return times / horizon
    if kind == "back_loaded":
        if not 0 <= lag < horizon:
            raise ValueError(f"a lag of {lag} leaves no period of {horizon} to reach the target in")
        return np.maximum(0, times - lag) / (horizon - lag)
    if kind == "adoption":
        return _adopted(floats(adoption, "adoption"), horizon)
    raise ValueError(f"unknown path {kind!r}; use {', '.join(KINDS)}")


def _adopted(adoption: FloatArray, horizon: int) -> FloatArray:
    rising = adoption.shape == (horizon,) and (np.diff(adoption) >= 0).all() and adoption[0] >= 0 and adoption[-1] > 0
    if not rising:
        raise ValueError(f"a path along adoption needs {horizon} shares in use that never fall and end above 0")
    return np.concatenate([[0.0], adoption / adoption[-1]])
