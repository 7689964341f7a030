"""The funnel of one field in the unit of its indicator: limits at each body's own size, flags (methods.md M3.4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods import status as st
from pipelines.methods.arrays import FloatArray, TextArray, floats, over
from pipelines.methods.funnel import BODIES_NEEDED, PHI_TOO_LARGE, funnel, limits
from pipelines.methods.shrinkage import BODIES_NEEDED as BODIES_SHOWN

CHANCE_998 = 0.002
KINDS = {"proportion": "proportion", "log_ratio": "ratio", "sqrt_ratio": "root"}
FLAGS = {-2: "low", 2: "high"}
TOO_FEW = f"fewer than {BODIES_SHOWN} bodies have a usable figure: no funnel is drawn"
NO_EVENT = "no event was counted in any of them: no funnel is drawn"
PLAIN_ONLY = f"fewer than {BODIES_NEEDED} bodies: limits are those of chance alone"
UNEXPLAINED = (
    "most of the difference is neither chance nor explained by circumstances at hand, so none is called unusual"
)


class FieldFunnel(NamedTuple):
    """kind of transform; n informing bodies; centre in the unit; phi; tau2; note or "".

    size [n] cases or expected events; z, widened [n]; wide [n, 4] and plain [n, 4] limits (95 % low and high, 99.8 %
    low and high) in the unit; flag [n] low, high, within or withheld. NaN where there is nothing to say."""

    kind: str
    n: int
    centre: float
    phi: float
    tau2: float
    note: str
    size: FloatArray
    z: FloatArray
    widened: FloatArray
    wide: FloatArray
    plain: FloatArray
    flag: TextArray


def funnel_field(
    events: ArrayLike, cases: ArrayLike, status: ArrayLike, *, interval: str, multiplier: float
) -> FieldFunnel:
    """The funnel of a field's proportions (`interval` proportion) or rates of counted events (`count`).

    events, cases : (n,) counts, NaN where a figure may not be shown or compared.   status : (n,); REFERENCE informs and
    is flagged.   multiplier : turns events per case into the unit.   A rate is a ratio to the events expected at the
    field's own rate; with a body without any event, its square root.   Under 5 informing bodies everything is NaN.
    Raises ValueError as `funnel`.   Source: methods.md M3.4.
    """
    given, size = floats(events, "events"), floats(cases, "cases")
    informs = st.is_in(status, st.REFERENCE) & ~np.isnan(given + size)
    n = int(informs.sum())
    rate = float(over(given[informs].sum(), size[informs].sum()))
    kind = "proportion" if interval == "proportion" else "log_ratio"
    if n < BODIES_SHOWN or not rate > 0:
        return _nothing(given, KINDS[kind], n, TOO_FEW if n < BODIES_SHOWN else NO_EVENT)
    expected = size if interval == "proportion" else size * rate
    unit = multiplier if interval == "proportion" else multiplier * rate
    found = funnel(given, expected, kind, status=np.where(informs, status, "missing"))
    wide = unit * limits(found.s, found.theta0, found.tau2, found.kind)
    plain = unit * limits(found.s, found.theta0, 0.0, found.kind)
    note = UNEXPLAINED if found.phi > PHI_TOO_LARGE else PLAIN_ONLY if n < BODIES_NEEDED else ""
    judged = informs & ~(found.phi > PHI_TOO_LARGE)
    words = np.array([FLAGS.get(flag, "within") for flag in found.flag.tolist()])
    return FieldFunnel(
        KINDS[found.kind],
        n,
        multiplier * rate,
        found.phi,
        found.tau2,
        note,
        expected,
        found.z,
        found.widened,
        wide,
        plain,
        np.where(judged, words, "withheld"),
    )


def _nothing(events: FloatArray, kind: str, n: int, note: str) -> FieldFunnel:
    unknown, four = np.full(events.shape, np.nan), np.full((events.size, 4), np.nan)
    withheld = np.full(events.shape, "withheld")
    return FieldFunnel(kind, n, np.nan, np.nan, np.nan, note, unknown, unknown, unknown, four, four, withheld)
