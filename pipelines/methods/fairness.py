"""Six tests that a target passes before anybody is held to it, each with its figure and reason (methods.md M4.4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats, over
from pipelines.methods.burden import CAP, NEEDED, Burden
from pipelines.methods.card import Method
from pipelines.methods.challenge import LABEL_FROM, Challenge
from pipelines.methods.shrinkage import GROUPED
from pipelines.methods.sustained import sign
from pipelines.methods.targets import Target

TESTS = ("attainability", "context", "noise", "history", "burden", "consistency")
ATTAINED = (0.10, 0.20)  # fail below, pass from
CONTEXT = (0.25, 0.60)  # pass below, fail above
NOISE = (1.0, 2.0)  # fail below, pass from
HISTORY = (0.1, 0.2, 0.8)  # fail below, pass between the last two
CONCENTRATION = (0.10, 0.25)  # pass below, fail above
NO_PAST = "no figures reach back that far"

METHOD = Method(
    id="M4.4",
    version="1",
    title="Fairness tests",
    formula="attainability: share of peers at T*; context: change of T* without adjustment / gap; noise: |x - T*|/"
    "(sqrt(2) se); history: c; burden: concentration index of saving rates against deprivation; consistency: swap test",
    defaults={
        "attainability": ATTAINED,
        "context": CONTEXT,
        "noise": NOISE,
        "history": HISTORY,
        "burden": CONCENTRATION,
        "cap": CAP,
    },
    edge_cases="A target that asks only to hold has no gap: context and noise are not tested. Fewer than 5 comparable "
    "bodies: burden not tested. A rate above the cap fails its body whatever the index says.",
    source="Kakwani, Wagstaff & van Doorslaer (1997) for the index; the limits are judgements (methods.md M4.4)",
)


class Finding(NamedTuple):
    """test, its statistic (NaN when not tested), verdict (pass, caution, fail or not tested), the reason in words."""

    test: str
    value: float
    verdict: str
    reason: str


class Swap(NamedTuple):
    """Pairs of rows with the same context and performance and different targets, and the largest difference."""

    pairs: tuple[tuple[int, int], ...]
    largest: float


def fairness(
    found: Target,
    x: float,
    se: float,
    direction: int,
    *,
    peers: ArrayLike,
    reliability: ArrayLike | None = None,
    unadjusted: float = np.nan,
    history: Challenge,
    sector: Burden,
    row: int,
    swap: Swap,
) -> tuple[Finding, ...]:
    """The six tests of one target, in the order of TESTS. T* is taken before the frontier shift.

    x, se : the shrunk own value and its standard error.   peers, reliability : as `targets.target` had them.
    unadjusted : T* derived without context adjustment, NaN when there is none.   history : from `challenge.calibrate`.
    sector, row : burdens of the round and the body's row in it.   swap : from `consistency_of`.
    """
    gap = 0.0 if found.status == "hold" else abs(x - found.value)
    return (
        attainability(found.value, peers, direction, reliability),
        context(found.value, unadjusted, gap),
        noise(gap, se, len(found.glide.path) - 1),
        past(history),
        carried(sector, row),
        consistency(swap, row),
    )


def publishable(tests: tuple[Finding, ...]) -> bool:
    """Whether no test fails; a target with a fail needs a recorded reason before it is published."""
    return all(test.verdict != "fail" for test in tests)


def attainability(t_star: float, peers: ArrayLike, direction: int, reliability: ArrayLike | None = None) -> Finding:
    """Share of the peers with R >= 0.4 that hold T* already: 20 % passes, under 10 % fails."""
    level = floats(peers, "peers")
    trust = np.ones(level.shape) if reliability is None else floats(reliability, "reliability")
    counted = level[(trust >= GROUPED) & ~np.isnan(level)]
    there = int((sign(direction) * counted >= direction * t_star).sum())
    share = float(over(there, counted.size))
    reason = f"{there} of its {counted.size} peers are shown to have held it"
    return Finding("attainability", share, _rising(share, *ATTAINED), reason)


def context(t_star: float, unadjusted: float, gap: float) -> Finding:
    """Change of T* when context is not adjusted for, as a share of the gap: under 25 % passes, over 60 % fails."""
    if gap == 0:
        return Finding("context", np.nan, "not tested", "the target asks to hold; there is no gap to explain")
    change = abs(t_star - unadjusted) / gap
    reason = (
        "no figure without context adjustment" if np.isnan(change) else f"context moves it by {change:.0%} of the gap"
    )
    return Finding("context", change, _falling(change, *CONTEXT), reason)


def noise(gap: float, se: float, horizon: int) -> Finding:
    """Gap over sqrt(2) se: 2 passes, under 1 fails; the reason tells over how many years the steps can be seen."""
    if gap == 0:
        return Finding("noise", np.nan, "not tested", "the target asks to hold; there is no step to tell from chance")
    whole, step = noise_ratios(gap, se, horizon)
    years = int(np.ceil(NOISE[1] / step - 1e-9))
    reason = (
        f"too small to see, for it would take {years} years to tell progress from chance"
        if whole < NOISE[1]
        else "progress can be told from chance each year"
        if step >= NOISE[1]
        else f"it takes {years} years to tell progress from chance"
    )
    return Finding("noise", whole, _rising(whole, *NOISE), reason)


def noise_ratios(gap: float, se: float, horizon: int) -> tuple[float, float]:
    """(whole gap, one year's step) over sqrt(2) se. Raises ValueError on se of 0 or less or a horizon under 1."""
    if not se > 0 or horizon < 1:
        raise ValueError("the noise test needs a standard error above 0 and a horizon of at least 1")
    whole = gap / (np.sqrt(2) * se)
    return float(whole), float(whole / horizon)


def past(history: Challenge) -> Finding:
    """Challenge percentile c: 0.2 to 0.8 passes, under 0.1 fails."""
    low, least, most = HISTORY
    reason = f"as much was done in {history.achieved} of {history.windows} past cases from a similar start"
    if np.isnan(history.c):
        few = f"only {history.windows} past cases from a similar start; {LABEL_FROM} are needed"
        return Finding("history", np.nan, "not tested", few if history.windows else NO_PAST)
    verdict = "fail" if history.c < low else "pass" if least <= history.c <= most else "caution"
    return Finding("history", history.c, verdict, reason)


def carried(sector: Burden, row: int) -> Finding:
    """Concentration of rates on the deprived, |CI| under 0.10 passes, over 0.25 fails; a body over the cap fails."""
    if sector.bodies < NEEDED:
        return Finding("burden", np.nan, "not tested", f"only {sector.bodies} comparable bodies; {NEEDED} are needed")
    if sector.over_cap[row]:
        reason = f"it asks for a change worth {sector.annual[row]:.1%} of the budget a year; the limit is {CAP:.1%}"
        return Finding("burden", sector.concentration, "fail", reason)
    if np.isnan(sector.concentration):
        return Finding("burden", np.nan, "not tested", "no savings are asked for")
    heavier = "more" if sector.concentration > 0 else "less"
    reason = f"concentration index {sector.concentration:+.2f}: the more deprived carry {heavier}"
    return Finding("burden", sector.concentration, _falling(abs(sector.concentration), *CONCENTRATION), reason)


def consistency(swap: Swap, row: int) -> Finding:
    """Swap test: bodies with the same context and performance have the same target; any difference fails."""
    others = [sum(pair) - row for pair in swap.pairs if row in pair]
    if others:
        return Finding("consistency", swap.largest, "fail", f"{len(others)} bodies like this one have other targets")
    return Finding("consistency", 0.0, "pass", "no body with the same context and performance has another target")


def consistency_of(given: ArrayLike, targets: ArrayLike) -> Swap:
    """Pairs of bodies with equal rows of `given` (n, k: context and performance, NaN equal to NaN) and other targets.

    targets : (n,), NaN where none; NaN against a number is a difference. Exact, to the last bit.
    """
    rows: dict[bytes, list[int]] = {}
    table, asked = floats(given, "given"), floats(targets, "targets")
    for row, key in enumerate(np.where(np.isnan(table), np.nan, table + 0.0)):
        rows.setdefault(key.tobytes(), []).append(row)
    pairs = [
        (a, b) for twins in rows.values() for i, a in enumerate(twins) for b in twins[i + 1 :] if _differ(asked, a, b)
    ]
    return Swap(tuple(pairs), max((abs(float(asked[a] - asked[b])) for a, b in pairs), default=0.0))


def _differ(asked: FloatArray, a: int, b: int) -> bool:
    return bool(asked[a] != asked[b]) and not bool(np.isnan(asked[a]) and np.isnan(asked[b]))


def _rising(value: float, fail: float, passes: float) -> str:
    return "not tested" if np.isnan(value) else "pass" if value >= passes else "fail" if value < fail else "caution"


def _falling(value: float, passes: float, fail: float) -> str:
    return "not tested" if np.isnan(value) else "pass" if value < passes else "fail" if value > fail else "caution"
