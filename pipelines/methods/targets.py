"""A target that comparable bodies demonstrably hold, and why it is what it is (methods.md M4.1).

Order: start from the shrunk own value, go a share of the way to the reference, apply the step limit, apply the peer
limit, round towards the own value; ask for no less than the body itself is shown to hold. Every step is kept as
data, so that a page can tell the reason in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.card import Method
from pipelines.methods.glide import Glide, glide
from pipelines.methods.peers import FULL_GROUP, SMALL_GROUP
from pipelines.methods.quantiles import quantile
from pipelines.methods.shrinkage import GROUPED, INDIVIDUAL
from pipelines.methods.sustained import sign

PI, HORIZON = 0.5, 3
FROM_PEERS = ("top_quartile", "median", "exemplar")
GIVEN = ("exemplar", "model", "own_trend")
OWN_LEVEL = "own level"

METHOD = Method(
    id="M4.1",
    version="2",
    title="Target from peers",
    formula="T = x + pi (reference - x), then step limit, best reliable peer, rounding towards x; at least the level "
    "that the body itself has sustained (M4.1a); frontier shift after",
    defaults={
        "reference": FROM_PEERS[0],
        "pi": PI,
        "horizon": HORIZON,
        "shift": 0.0,
        "reliable_peer": INDIVIDUAL,
        "own_reliability": GROUPED,
    },
    edge_cases="Already better than the reference: hold. A sustained level of its own that is better than T is held "
    "instead: a figure drawn towards others must not let a body fall back. A hold is met from x less one se, or from "
    "the own sustained level where that is better. Under 5 peers: none from peers, only an "
    "own trend, so labelled; 5 to 7: the median at most. No reliable peer: hold. Own R under 0.4: no target.",
    source="Camp (1989), Benchmarking; Locke & Latham (1990); Ofgem's glide path to the 85th percentile",
)


class Step(NamedTuple):
    """One step of the derivation: its rule, the level before and after it, and the reason in words."""

    rule: str
    before: float
    after: float
    words: str


@dataclass(frozen=True)
class Target:
    """value: T* before the frontier shift, in the unit of x, NaN where there is none.   status: set, hold, no fair peer
    group, or not reliable enough.   success: the level from which it counts as met before any shift (T*; for hold, x
    within one se, or the body's own sustained level where that is better).   glide: path and its two parts.
    reference, gap (|reference - x| towards better), basis: what was aimed at.   there, at_reference: how many of
    `peers` stand at T* or better, and at the reference or better.
    steps: the derivation, in order."""

    value: float
    status: str
    success: float
    glide: Glide
    reference: float
    basis: str
    gap: float
    there: int
    at_reference: int
    peers: int
    steps: tuple[Step, ...]


def target(
    x: float,
    se: float,
    peers: ArrayLike,
    direction: int,
    *,
    reference: str = FROM_PEERS[0],
    pi: float = PI,
    horizon: int = HORIZON,
    shift: float = 0.0,
    reliability: ArrayLike | None = None,
    own_reliability: float = 1.0,
    given: float = np.nan,
    held: float = np.nan,
    limit: float = np.nan,
    precision: float = 0.0,
    path: str = "geometric",
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Target:
    """What a body is asked to reach in `horizon` periods, with its path and the reason.

    x, se : the shrunk own value and its standard error (M3.6).   peers : (n,) levels that peers hold
    (`sustained(...).level`), NaN for none, the body itself left out.   direction : +1 or -1.
    reference : `top_quartile`, `median`, `exemplar` (nearest FDH dominator, or the nearest better peer), `model`,
    `own_trend`; `given` is the level of the last two and may be that of the exemplar.   pi : share of the way, (0, 1].
    reliability : (n,) R of the peers, by default all reliable.   own_reliability : R of the body.
    held : the level that the body itself is shown to hold, by the test of its peers; NaN for none shown.
    limit : most improvement over the whole horizon (`challenge.improvement_limit`), NaN for none known.
    precision : the printed unit, 0 for none.   shift, path, bounds : as `glide`.
    Raises ValueError on an unknown reference, a share outside (0, 1], a lacking level, or x that is no number.
    """
    sign(direction)
    _check(x, se, reference, pi, given)
    level = floats(peers, "peers")
    known = level[~np.isnan(level)]
    trust = np.ones(level.shape) if reliability is None else floats(reliability, "reliability")
    basis = reference if len(known) >= FULL_GROUP or reference != FROM_PEERS[0] else "median"
    barred = _barred(len(known), reference, own_reliability)
    if barred:
        return _none(x, barred, basis, len(known), horizon)
    aim = _aim(basis, known, x, direction, given)
    steps = _trusted(x, own_reliability) + _aimed(x, aim, pi, direction, basis, len(known))
    if direction * (aim - x) > 0:
        best = level[(trust >= INDIVIDUAL) & ~np.isnan(level)]
        _limited(steps, x, limit, direction, horizon)
        if reference != "own_trend":
            _held_to_peers(steps, x, best, direction)
        _rounded(steps, x, precision, direction)
    asked = steps[-1].after
    own = bool(direction * (held - asked) > 0)
    if own:
        steps.append(Step(OWN_LEVEL, asked, held, "never less than what the body itself has held"))
    reached = steps[-1].after
    hold = own or reached == x
    return Target(
        value=reached,
        status="hold" if hold else "set",
        success=direction * float(np.fmax(direction * x - se, direction * held)) if hold else reached,
        glide=glide(reached if hold else x, reached, horizon, path, direction=direction, shift=shift, bounds=bounds),
        reference=aim,
        basis=basis,
        gap=max(0.0, direction * (aim - x)),
        there=_at(known, reached, direction),
        at_reference=_at(known, aim, direction),
        peers=len(known),
        steps=tuple(steps),
    )


def top_quartile(levels: ArrayLike, direction: int) -> float:
    """The 25th percentile where lower is better, the 75th where higher is (type 7); NaN without levels."""
    return float(quantile(levels, 0.75 if sign(direction) > 0 else 0.25))


def met_from(level: float, success: float | None, *, hold: bool, se: float, direction: int) -> float:
    """The level from which a recorded target counts as met.

    success : as recorded; None in a target of version 1, which is judged as that had it: a hold within one se.
    """
    if success is not None:
        return success
    return level - direction * se if hold else level


def _check(x: float, se: float, reference: str, pi: float, given: float) -> None:
    if reference not in {*FROM_PEERS, *GIVEN}:
        raise ValueError(f"unknown reference {reference!r}; use {', '.join(dict.fromkeys((*FROM_PEERS, *GIVEN)))}")
    if not 0 < pi <= 1:
        raise ValueError(f"{pi} is not a share of the way in (0, 1]")
    if not (np.isfinite(x) and se >= 0):
        raise ValueError("a target starts from a known value and its standard error; without them there is none")
    if reference in ("model", "own_trend") and np.isnan(given):
        raise ValueError(f"the reference {reference!r} needs its level in `given`")


def _barred(n: int, reference: str, own_reliability: float) -> str:
    """Why there can be no target, "" when there can."""
    if not own_reliability >= GROUPED:
        return "not reliable enough"
    return "no fair peer group" if n < SMALL_GROUP and reference != "own_trend" else ""


def _none(x: float, why: str, basis: str, n: int, horizon: int) -> Target:
    absent = np.full(horizon + 1, np.nan)
    steps = (Step("barred", x, np.nan, why),)
    return Target(np.nan, why, np.nan, Glide(absent, absent, absent), np.nan, basis, np.nan, 0, 0, n, steps)


def _aim(basis: str, known: FloatArray, x: float, direction: int, given: float) -> float:
    if basis == "top_quartile":
        return top_quartile(known, direction)
    if basis == "median":
        return float(quantile(known, 0.5))
    if not np.isnan(given):
        return given
    better = known[direction * (known - x) > 0]
    return float(better[np.argmin(np.abs(better - x))]) if better.size else x


def _at(known: FloatArray, level: float, direction: int) -> int:
    return int((direction * known >= direction * level).sum())


def _trusted(x: float, own_reliability: float) -> list[Step]:
    if own_reliability >= INDIVIDUAL:
        return []
    return [Step("reliability", x, x, "reliable enough only over three years together: x must be a pooled figure")]


def _aimed(x: float, aim: float, pi: float, direction: int, basis: str, n: int) -> list[Step]:
    """The first two steps: what is aimed at, and how much of the way."""
    said = {
        "top_quartile": f"what the best quarter of {n} peers hold",
        "median": f"the median of {n} peers",
        "exemplar": f"the nearest better example among {n} peers",
        "model": "what the model expects of the better quarter of bodies like this one",
        "own_trend": "the body's own trend; not based on peers",
    }[basis]
    if direction * (aim - x) <= 0:
        return [Step("reference", x, x, f"already as good as or better than {said}: hold this level")]
    way = "all the way" if pi == 1 else f"{100 * pi:g}% of the way"
    return [Step("reference", x, aim, said), Step("share", aim, x + pi * (aim - x), f"{way} to it")]


def _limited(steps: list[Step], x: float, limit: float, direction: int, horizon: int) -> None:
    asked = steps[-1].after
    if np.isnan(limit):
        steps.append(Step("step limit", asked, asked, "too little history from a similar start to set a limit"))
        return
    if limit < 0:
        raise ValueError("a step limit is the largest improvement, 0 or more")
    allowed = x + direction * min(limit, direction * (asked - x))
    words = f"within what three bodies in four from a similar start did not exceed in {horizon} periods"
    steps.append(Step("step limit", asked, asked if limit >= direction * (asked - x) else allowed, words))


def _held_to_peers(steps: list[Step], x: float, best: FloatArray, direction: int) -> None:
    asked = steps[-1].after
    if best.size == 0:
        steps.append(Step("best reliable peer", asked, x, "no peer's level is reliable enough to ask for more: hold"))
        return
    edge = direction * max(direction * x, float((direction * best).max()))
    after = direction * min(direction * asked, direction * edge)
    steps.append(Step("best reliable peer", asked, after, "never beyond the best peer whose level is reliable"))


def _rounded(steps: list[Step], x: float, precision: float, direction: int) -> None:
    asked = steps[-1].after
    if precision <= 0:
        return
    # Towards x; a hair's breadth keeps a level that is already printed exactly where it is.
    units = direction * np.floor(direction * asked / precision + 1e-9)
    after = direction * max(direction * x, direction * float(units * precision))
    steps.append(Step("rounding", asked, after, f"rounded towards today's level, to {precision:g}"))
