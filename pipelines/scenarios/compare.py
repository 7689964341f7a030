"""What five schemes with one total ask of each body: cuts beyond what peers show possible, and gaps left alone (M5.11).

U increments with claw-back ("use it or lose it"), X an equal percentage, B a benchmark path, G the same path with a
share of further gains, M the same path with a menu. Everything here holds whatever the bodies' response; what depends
on it is in `behaviour`. Cuts and gaps are cumulative fractions of budget over the settlement.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, TextArray, floats
from pipelines.methods.card import Method
from pipelines.methods.quantiles import ascending, at
from pipelines.scenarios.menu import Menu, sharing_rate

SCHEMES = ("U", "X", "B", "G", "M")
NAMES = {
    "U": "increments with claw-back",
    "X": "an equal percentage cut",
    "B": "a benchmark path",
    "G": "a benchmark path with gain share",
    "M": "a menu",
}
LEVEL = 0.80

METHOD = Method(
    id="M5.11",
    version="1",
    title="Comparison with across-the-board cuts and use it or lose it",
    formula="X: cut x; B: cut min(phi g, cap) with sum B cut = x sum B; over-cut max(0, cut - a), untapped "
    "max(0, g - cut)",
    defaults={"share": 0.5, "level": LEVEL},
    edge_cases="a total beyond all known gaps under the cap is stated as infeasible, with the shortfall; the cap is "
    "never raised; a negative gap counts as none",
    source="methods.md M5.11",
)


class Ask(NamedTuple):
    """cut, overcut (beyond what the body can do without loss), untapped (gap left alone): [n] fractions of budget;
    kept [n]: share of the next pound saved below the ceiling that the body keeps; factor: share of every gap asked
    (NaN for U and X); shortfall: money that the gaps under the cap cannot give; words: what there is to say of it."""

    scheme: str
    cut: FloatArray
    overcut: FloatArray
    untapped: FloatArray
    kept: FloatArray
    factor: float
    feasible: bool
    shortfall: float
    words: str


class Cuts(NamedTuple):
    """cut [..., n]; factor, feasible, shortfall [...]: phi, whether the gaps under the cap give the total, money."""

    cut: FloatArray
    factor: FloatArray
    feasible: BoolArray
    shortfall: FloatArray


class Ranges(NamedTuple):
    """Low, middle and high over the draws. cut [n, 3]: what the scheme would ask had the draw been the estimate;
    overcut, untapped [n, 3]: what it asks now against gaps as drawn; chance_overcut [n]; totals in money [3];
    chance_infeasible: share of draws in which the total cannot be had."""

    scheme: str
    cut: FloatArray
    overcut: FloatArray
    untapped: FloatArray
    chance_overcut: FloatArray
    overcut_total: FloatArray
    untapped_total: FloatArray
    chance_infeasible: float


class Change(NamedTuple):
    """difference [n, 3]: money asked more (negative: less) than under X, low, middle, high over the draws; verdict [n]:
    asked less, asked more, or cannot be told apart."""

    difference: FloatArray
    verdict: TextArray


def benchmark_cuts(budgets: ArrayLike, gaps: ArrayLike, required: float, cap: ArrayLike = 1.0) -> Cuts:
    """Cuts in proportion to gaps, none above the cap, that give the required total: phi found by bisection.

    budgets (n,) money; gaps (..., n) fractions, draws in front; required : fraction of the total; cap : scalar or (n,).
    Where the gaps under the cap cannot give the total, the cuts are all that they can and `feasible` is false.
    Raises ValueError on a budget of 0 or less or a missing gap.   Source: methods.md M5.11.
    """
    money, room = _budgets(budgets), np.maximum(floats(gaps, "gaps"), 0.0)
    if np.isnan(room).any():
        raise ValueError("a gap is missing; a body without one needs a gap of 0 or to be left out")
    limit, need = np.broadcast_to(floats(cap, "cap"), money.shape), required * money.sum()
    most = np.minimum(room, limit) @ money
    # Without a cap the answer is need over potential; a cap can only raise it.
    low = np.minimum(need / np.maximum(room @ money, need), 1.0) if need > 0 else np.zeros(room.shape[:-1])
    high = np.where(np.minimum(low[..., None] * room, limit) @ money >= need * (1 - 1e-12), low, 1.0)
    while np.max(high - low) > 1e-13:
        middle = (low + high) / 2
        enough = np.minimum(middle[..., None] * room, limit) @ money >= need
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    feasible = np.asarray(most >= need * (1 - 1e-12))
    cut = np.minimum(high[..., None] * room, limit)
    return Cuts(cut, high, feasible, np.asarray(np.where(feasible, 0.0, need - most)))


def largest_feasible(budgets: ArrayLike, gaps: ArrayLike, cap: ArrayLike = 1.0) -> float:
    """The largest fraction of the total that the gaps under the cap can give."""
    money = _budgets(budgets)
    return float(np.minimum(np.maximum(floats(gaps, "gaps"), 0), floats(cap, "cap")) @ money / money.sum())


def clawback_cuts(budgets: ArrayLike, already: ArrayLike, required: float) -> FloatArray:
    """Cuts under "use it or lose it": one percentage off what each body spent last, to the required total (n,).

    already : fraction of budget that a body saved by itself, taken back and cut again; with none it is X.
    """
    money, saved = _budgets(budgets), floats(already, "already")
    spent = money * (1 - saved)
    rate = max(0.0, 1 - (1 - required) * money.sum() / spent.sum())
    return np.asarray(1 - (1 - saved) * (1 - rate) * np.ones_like(money))


def compare_schemes(
    budgets: ArrayLike,
    gaps: ArrayLike,
    required: float,
    cap: ArrayLike = 1.0,
    *,
    able: ArrayLike | None = None,
    already: ArrayLike = 0.0,
    share: float = 0.5,
    menu: Menu | None = None,
) -> dict[str, Ask]:
    """Each scheme's cut, over-cut and untapped gap per body, for one required total.

    gaps (n,) as the scheme knows them; able (n,) what a body can do without loss (default its gap); already : as in
    `clawback_cuts`; share : kept under G.   Raises as `benchmark_cuts`.
    """
    money, room = _budgets(budgets), np.maximum(floats(gaps, "gaps"), 0.0)
    possible = room if able is None else floats(able, "able")
    path = benchmark_cuts(money, room, required, cap)
    benchmark = _benchmark_words(path, required, money, room, cap)
    honest = 100 * (1 - possible) / (1 - path.cut) - 100
    none = np.zeros_like(money)
    kept = {"B": none, "G": none + share, "M": sharing_rate(menu or Menu(), honest)}
    flat = {"U": clawback_cuts(money, already, required), "X": none + required}
    asks = {
        scheme: _ask(scheme, cut, room, possible, none, None, _overcut_words(scheme, cut, possible))
        for scheme, cut in flat.items()
    }
    return asks | {
        scheme: _ask(scheme, path.cut, room, possible, kept[scheme], path, benchmark) for scheme in ("B", "G", "M")
    }


def scheme_ranges(
    budgets: ArrayLike, gaps: ArrayLike, draws: ArrayLike, required: float, cap: ArrayLike = 1.0, level: float = LEVEL
) -> dict[str, Ranges]:
    """How sure the comparison is of X and B (G and M ask what B asks): draws (k, n) of the true gaps.

    What is asked now rests on `gaps`; the draws are what the bodies may really be able to do. Both schemes meet the
    same draws, so a gap measured wrongly counts against B.
    """
    money, truth = _budgets(budgets), np.maximum(floats(draws, "draws"), 0.0)
    now, each = benchmark_cuts(money, gaps, required, cap), benchmark_cuts(money, truth, required, cap)
    flat = np.full_like(money, required)
    return {
        "X": _ranges("X", flat, np.broadcast_to(flat, truth.shape), truth, money, 0.0, level),
        "B": _ranges("B", now.cut, each.cut, truth, money, float((~each.feasible).mean()), level),
    }


def winners_and_losers(
    budgets: ArrayLike, draws: ArrayLike, required: float, cap: ArrayLike = 1.0, level: float = LEVEL
) -> Change:
    """Who is asked less and who more by the benchmark path than by an equal cut, with the range over the draws.

    A body is named only when the whole range lies on one side of 0.   draws : (k, n) gaps.
    """
    money = _budgets(budgets)
    asked = (benchmark_cuts(money, draws, required, cap).cut - required) * money
    ends = _spread(asked, level)
    verdict = np.where(ends[:, 2] < 0, "asked less", np.where(ends[:, 0] > 0, "asked more", "cannot be told apart"))
    return Change(ends, verdict)


def _budgets(budgets: ArrayLike) -> FloatArray:
    money = floats(budgets, "budgets")
    if not (money > 0).all():
        raise ValueError("a budget is missing, 0 or less")
    return money


def _ask(
    scheme: str, cut: FloatArray, gaps: FloatArray, able: FloatArray, kept: FloatArray, path: Cuts | None, words: str
) -> Ask:
    overcut, untapped = np.maximum(cut - able, 0.0), np.maximum(gaps - cut, 0.0)
    if path is None:
        return Ask(scheme, cut, overcut, untapped, kept, np.nan, True, 0.0, words)
    state = float(path.factor), bool(path.feasible), float(path.shortfall)
    return Ask(scheme, cut, overcut, untapped, kept, *state, words)


def _overcut_words(scheme: str, cut: FloatArray, able: FloatArray) -> str:
    beyond = int((cut > able + 1e-12).sum())
    return f"{NAMES[scheme].capitalize()} asks {beyond} of {cut.size} bodies for more than peers show possible."


def _benchmark_words(path: Cuts, required: float, money: FloatArray, gaps: FloatArray, cap: ArrayLike) -> str:
    if path.feasible:
        return f"Every body is asked for {float(path.factor):.1%} of its gap, none for more than the cap."
    most = largest_feasible(money, gaps, cap)
    return f"Not feasible: {required:.1%} is required and the known gaps under the cap give {most:.1%} at most."


def _ranges(
    scheme: str,
    cut: FloatArray,
    asked: FloatArray,
    truth: FloatArray,
    money: FloatArray,
    chance_infeasible: float,
    level: float,
) -> Ranges:
    overcut, untapped = np.maximum(cut - truth, 0.0), np.maximum(truth - cut, 0.0)
    totals = [_spread((part @ money)[:, None], level)[0] for part in (overcut, untapped)]
    ends = [_spread(part, level) for part in (asked, overcut, untapped)]
    chance = np.asarray((overcut > 0).mean(axis=0))
    return Ranges(scheme, ends[0], ends[1], ends[2], chance, totals[0], totals[1], chance_infeasible)


def _spread(draws: FloatArray, level: float) -> FloatArray:
    """[n, 3]: the ends of the central `level` and the median, over draws (k, n)."""
    in_order = ascending(draws.T)
    return np.column_stack([at(*in_order, share) for share in ((1 - level) / 2, 0.5, (1 + level) / 2)])
