"""How firm a verdict is: the same question put to hundreds of plausible peer sets (methods.md M2.2, product F09).

A peer set is an answer to a question that has no single answer: how many, weighed how, from where, by whose list. The
dial asks all of them and gives one band. It says how far the choice of peers decides, never which choice is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, TextArray, floats, over
from pipelines.methods.card import Method
from pipelines.methods.draws import generator
from pipelines.methods.peers import FULL_GROUP, SMALL_GROUP, Blocks, nearest, reruns
from pipelines.methods.position import verdict
from pipelines.methods.quantiles import ascending, at, quantile

SIZES = (1 / 2, 2 / 3, 1.0, 4 / 3, 2.0)
DRAWS = 45
LEVEL = 0.90
FIRM = 2 / 3
WORDS = ("lower", "same", "higher", "withheld")

METHOD = Method(
    id="M2.2r",
    version="2",
    title="Robustness dial",
    formula="share of different plausible peer sets per verdict; 5th to 95th percentile of median, ratio, percentile "
    "over them",
    defaults={"sizes": [round(s, 4) for s in SIZES], "draws": DRAWS, "level": LEVEL, "firm": 0.6667, "seed": 0},
    edge_cases="Sets under 5 usable peers have no verdict and are not counted. A default set under 5 withholds all: "
    "no band. Sets with the same usable peers are one set and count once. A list made for some services is not asked "
    "about others.",
    source="methods.md M2.2, M3.2; Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), multiverse analysis",
)


class PeerSet(NamedTuple):
    """One answer to who is comparable. kind : what was changed.   ids : (n, K) rows, nearest first, -1 for none.

    size : peers asked for.   changed : the variable or place left out, the number of the draw; -1 for none.
    about : (m,) the columns that a list made for some services may be asked about; None for all.
    """

    kind: str
    ids: IntArray
    size: int
    changed: int = -1
    about: BoolArray | None = None


@dataclass(frozen=True)
class Entries:
    """Figures to be judged: p pairs of a body and a column.

    row, column (p,) places; value, lo, hi (p,) NaN where absent; status (p,); direction (p,) +1, -1 or 0;
    field (n, m) the figures that may stand among peers, NaN elsewhere.
    """

    row: IntArray
    column: IntArray
    value: FloatArray
    lo: FloatArray
    hi: FloatArray
    status: TextArray
    direction: FloatArray
    field: FloatArray


class Judged(NamedTuple):
    """Per set and entry (s, p): usable peers, their median, percentile among them, place of the verdict in WORDS.

    members : a number that two sets of an entry share exactly when they have the same usable peers.
    """

    peers: NDArray[np.int16]
    median: FloatArray
    percentile: FloatArray
    word: NDArray[np.int8]
    members: NDArray[np.uint64]


class Dial(NamedTuple):
    """Per entry (p,): NaN where the default set withholds. share : (3, p) of the sets that say lower, same, higher.

    n_sets : different sets with a verdict.   word : place of the default's verdict in WORDS.   firm : False where
    unknown.
    """

    n_sets: IntArray
    share: FloatArray
    median: FloatArray
    ratio: FloatArray
    percentile: FloatArray
    word: IntArray
    agreement: FloatArray
    firm: BoolArray


def sizes_of(k: int) -> tuple[int, ...]:
    """Numbers of peers that are plausible beside k: from half to twice as many, never under 8; for 15, 8 to 30."""
    return tuple(sorted({max(FULL_GROUP, round(k * share + 1e-9)) for share in SIZES} | {k}))


def plausible(
    z: ArrayLike,
    weights: ArrayLike,
    allowed: Blocks,
    otherwise: Blocks | None,
    *,
    k: int,
    cap: float,
    draws: int = DRAWS,
    seed: int = 0,
) -> Iterator[PeerSet]:
    """Peer sets of every size: with and without the cap and the region, without each variable, weights redrawn.

    z (n, v), weights (v,), allowed, cap as in `peers.nearest`.   otherwise : the constraints with the region asked for
    when `allowed` does not, or the other way round; None where bodies have no region.
    Kinds: size, uncapped, region, region_uncapped, variable (changed = its place), weights (changed = the draw). Draws
    are those of `peers.retention`.   Source: methods.md M2.1, M2.2.
    """
    scores, raw = floats(z, "z"), floats(weights, "weights")
    used = np.where(np.isnan(scores).all(axis=0), 0.0, raw)
    share = used / used.sum()
    options = [("size", allowed, cap), ("uncapped", allowed, 1.0)]
    if otherwise is not None:
        options += [("region", otherwise, cap), ("region_uncapped", otherwise, 1.0)]
    for kind, blocks, limit in options:
        yield from _nested(kind, nearest(scores, share, blocks, k=max(sizes_of(k)), cap=limit).ids, sizes_of(k), -1)
    weighted = np.flatnonzero(share > 0)
    dropped = weighted if weighted.size > 1 else weighted[:0]
    names = [("variable", int(place)) for place in dropped] + [("weights", draw) for draw in range(draws)]
    for (kind, changed), perturbed in zip(names, reruns(share, draws, seed), strict=True):
        found = nearest(scores, perturbed, allowed, k=max(sizes_of(k)), cap=cap).ids
        yield from _nested(kind, found, sizes_of(k), changed)


def cut(kind: str, ids: IntArray, k: int, changed: int = -1, about: BoolArray | None = None) -> Iterator[PeerSet]:
    """Another model's lists, whole and then cut to the plausible numbers beside k that are fewer."""
    length = ids.shape[1]
    for size in (length, *(size for size in sizes_of(k) if size < length)):
        yield PeerSet(kind, ids[:, :size], size, changed, about)


def one_less(ids: IntArray) -> Iterator[PeerSet]:
    """The set without each of its peers in turn; a body with fewer peers than that has no such set."""
    for place in range(ids.shape[1]):
        left = np.where(ids[:, [place]] >= 0, np.delete(ids, place, axis=1), -1)
        yield PeerSet("one_less", left, ids.shape[1] - 1, place)


def judge(entries: Entries, sets: Sequence[PeerSet]) -> Judged:
    """Each entry against each set, by the rule of `position.verdict`; a body's own row in its set never counts.

    Cost grows with entries x sets x K: 11,000 entries and 300 sets take about 2 s.   Source: methods.md M3.1, M3.2.
    """
    shape = (len(sets), entries.row.size)
    peers, word = np.zeros(shape, np.int16), np.full(shape, 3, np.int8)
    out = Judged(peers, np.full(shape, np.nan), np.full(shape, np.nan), word, np.zeros(shape, np.uint64))
    nobody = np.full((1, entries.field.shape[1]), np.nan)
    padded = np.vstack([entries.field, nobody])
    keys = generator(METHOD.id, "members").integers(1, 2**63, size=len(padded), dtype=np.uint64)
    for place, one in enumerate(sets):
        listed_ids = one.ids[entries.row]
        aside = (listed_ids < 0) | (listed_ids == entries.row[:, None])
        aside |= False if one.about is None else ~one.about[entries.column][:, None]
        listed_ids = np.where(aside, len(entries.field), listed_ids)
        group = padded[listed_ids, entries.column[:, None]]
        out.members[place] = np.where(np.isnan(group), np.uint64(0), keys[listed_ids]).sum(axis=1, dtype=np.uint64)
        count, median, percentile = _among(entries, group)
        out.peers[place], out.median[place], out.percentile[place] = count, median, percentile
        words = verdict(entries.value, entries.lo, entries.hi, count, entries.status, reference=median)
        out.word[place] = np.select([words == word for word in WORDS[:3]], [0, 1, 2], 3)
    return out


def _first(members: NDArray[np.uint64]) -> BoolArray:
    """(s, p) whether no earlier set of the entry has the same members.

    Members are sums of random 63-bit keys: two different groups share a sum once in 10^18 pairs.
    """
    order = np.argsort(members, axis=0, kind="stable")
    in_order = np.take_along_axis(members, order, axis=0)
    new = np.ones(members.shape, dtype=np.bool_)
    new[1:] = in_order[1:] != in_order[:-1]
    out = np.zeros(members.shape, dtype=np.bool_)
    np.put_along_axis(out, order, new, axis=0)
    return out


def dial(entries: Entries, judged: Judged, *, level: float = LEVEL) -> Dial:
    """One band and the shares of verdicts over the different sets; the first set is the default.

    median, ratio, percentile : (3, p) lower end, middle, upper end over the sets where each is known.
    Firm when at least two thirds of the sets with a verdict agree with the default.
    """
    held, first = judged.peers[0] < SMALL_GROUP, _first(judged.members)
    counts = np.array([((judged.word == code) & first).sum(axis=0) for code in range(3)], dtype=np.float64)
    word = judged.word[0].astype(np.int64)
    total = np.where(word == 3, 0, counts.sum(axis=0)).astype(np.int64)
    share = np.asarray(over(np.where(total > 0, counts, np.nan), total))
    agreement = np.where(word == 3, np.nan, np.take_along_axis(share, np.minimum(word, 2)[None], axis=0)[0])
    median, percentile = (np.where(first, part, np.nan) for part in (judged.median, judged.percentile))
    ratio = np.asarray(over(entries.value, np.where(median > 0, median, np.nan)))
    ends = ((1 - level) / 2, 0.5, (1 + level) / 2)
    bands = [np.where(held, np.nan, _ends(part, ends)) for part in (median, ratio, percentile)]
    return Dial(total, share, bands[0], bands[1], bands[2], word, agreement, np.nan_to_num(agreement) >= FIRM - 1e-12)


def overlap(first: IntArray, second: IntArray) -> FloatArray:
    """(n,) Jaccard share of the bodies in either list that are in both; NaN where both are empty."""
    shared = ((first[:, :, None] == second[:, None, :]) & (first[:, :, None] >= 0)).any(axis=2).sum(axis=1)
    return np.asarray(over(shared, (first >= 0).sum(axis=1) + (second >= 0).sum(axis=1) - shared))


def _nested(kind: str, ids: IntArray, sizes: tuple[int, ...], changed: int) -> Iterator[PeerSet]:
    """The same order of bodies, cut after each number."""
    for size in sizes:
        yield PeerSet(kind, ids[:, :size], size, changed)


def _among(entries: Entries, group: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Usable peers, median (from 5) and mid-rank percentile (from 8) of each entry's group (p, K), as M3.1."""
    in_order, count = ascending(group)
    own = entries.value[:, None]
    below, equal = (group < own).sum(axis=1), (group == own).sum(axis=1)
    worse = np.where(entries.direction < 0, count - below - equal, below)
    half = np.where(entries.direction == 0, 0.0, 0.5)
    shown = (count >= FULL_GROUP) & ~np.isnan(entries.value)
    percentile = np.where(shown, 100 * over(worse + half * equal, count), np.nan)
    median = np.where(count >= SMALL_GROUP, at(in_order, count, 0.5), np.nan)
    return count.astype(np.int64), median, percentile


def _ends(values: FloatArray, shares: tuple[float, ...]) -> FloatArray:
    """Quantiles over the sets, (3, p); NaN where no set has a figure."""
    turned = np.ascontiguousarray(values.T)
    return np.array([quantile(turned, share) for share in shares])
