"""Where a body stands among its peers, and whether that can be told apart from chance (methods.md M3.1, M3.2).

No function here returns a rank: position is a percentile with its group's size, a band, or a verdict in words.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods import status as st
from pipelines.methods.arrays import FloatArray, IntArray, TextArray, floats, over
from pipelines.methods.card import Method
from pipelines.methods.peers import FULL_GROUP, SMALL_GROUP
from pipelines.methods.quantiles import ascending, at, quantile

BANDS = 4
Z_PER_MAD = 0.6745
SD_PER_MEAN_DEVIATION = 1.2533
_BLOCK = 4_000_000  # peer values held at once, about 32 MB

QUANTILES = Method(
    id="M3.1",
    version="1",
    title="Quantiles and percentiles",
    formula="percentile = 100 (worse + equal/2)/n over the n peers without the body; quartiles of type 7",
    defaults={"quantile_type": 7, "bands": BANDS, "full_group": FULL_GROUP, "small_group": SMALL_GROUP},
    edge_cases="Under 5 peers: nothing; 5 to 7: median and range only; ties fall in the better band.",
    source="Hyndman & Fan (1996); phe_quantile of PHEindicatormethods",
)
EVIDENCE = Method(
    id="M3.2",
    version="1",
    title="Robust score and verdict",
    formula="z = 0.6745 d (x - median)/MAD; lower or higher when the whole interval lies on one side of the median",
    defaults={"small_group": SMALL_GROUP, "judged": list(st.JUDGED), "level": 0.95},
    edge_cases="Withheld under 5 peers, without an interval, or when the status forbids a judgement; MAD = 0 uses the "
    "mean absolute deviation.",
    source="methods.md M3.2; Iglewicz & Hoaglin (1993) for 0.6745",
)
METHODS = (QUANTILES, EVIDENCE)


class Position(NamedTuple):
    """All of the shape of x; NaN where the group is too small. percentile: 100 is best (d = 0: highest).
    band: 1 = best quarter of all bodies. peers: usable values in the group. group: none, few or full."""

    percentile: FloatArray
    band: FloatArray
    peers: IntArray
    median: FloatArray
    q1: FloatArray
    q3: FloatArray
    low: FloatArray
    high: FloatArray
    group: TextArray


def quantile_position(
    x: ArrayLike, mask: ArrayLike, direction: ArrayLike, *, status: ArrayLike = "ok", bands: int = BANDS
) -> Position:
    """Each body's place against its peers, itself left out, with the group's quartiles.

    x : (n,) or (n, m) values, one column per measure and period, NaN where absent.
    mask : (n, n), [b, j] true when j is a peer of b (`peers.peer_mask`).   direction : +1, -1 or 0, one or (m,).
    status : of x; only `status.REFERENCE` values enter a group or a band.
    Bands run over all bodies of a column (NaN for d = 0). Raises ValueError on shapes or another direction.
    Source: methods.md M3.1.
    """
    return position_among(x, _listed(mask), direction, status=status, bands=bands)


def position_among(
    x: ArrayLike, ids: ArrayLike, direction: ArrayLike, *, status: ArrayLike = "ok", bands: int = BANDS
) -> Position:
    """`quantile_position` from lists: ids [n,K] rows of each body's peers, -1 for none, as `peers.nearest` gives them.

    Cost grows with n K, not with n x n. A body in its own list does not count, one listed twice counts twice.
    """
    values = floats(x, "x")
    columns = values[:, None] if values.ndim == 1 else values
    counted = np.broadcast_to(st.is_in(status, st.REFERENCE), values.shape).reshape(columns.shape)
    usable = np.where(counted, columns, np.nan)
    sign = _signs(direction, columns.shape[1])
    figures = [figure.reshape(values.shape) for figure in _against_peers(columns, usable, _padded(ids), sign)]
    percentile, peers, median, q1, q3, low, high = figures
    group = np.where(peers >= FULL_GROUP, "full", np.where(peers >= SMALL_GROUP, "few", "none"))
    band = quantile_bands(usable, sign, bands).reshape(values.shape)
    return Position(percentile, band, peers.astype(np.int64), median, q1, q3, low, high, group)


def quantile_bands(x: ArrayLike, direction: ArrayLike, bands: int = BANDS) -> FloatArray:
    """Band 1 (best) to `bands` of every body among all bodies of its column; ties share the better band.

    x : (n,) or (n, m), NaN left out and given NaN.   direction : +1, -1 or 0 (NaN: no better or worse), one or (m,).
    NaN throughout a column of fewer than `bands` values.   Source: methods.md M3.1, after phe_quantile.
    """
    values = floats(x, "x")
    columns = values[:, None] if values.ndim == 1 else values
    sign = _signs(direction, columns.shape[1])
    out = [_bands(column * (d or np.nan), bands) for column, d in zip(columns.T, sign, strict=True)]
    return np.array(out).T.reshape(values.shape)


def robust_score(own: ArrayLike, group: ArrayLike, direction: ArrayLike) -> FloatArray:
    """0.6745 d (own - median)/MAD of the group; positive is better; NaN for d = 0 or a group without spread.

    own : [...] values.   group : [..., K] the values to compare with, NaN left out.   direction : +1, -1 or 0.
    MAD = 0: d (own - median)/(1.2533 mean absolute deviation from the median).   Source: methods.md M3.2.
    """
    values = floats(group, "group")
    middle = quantile(values, 0.5)
    away = np.abs(values - middle[..., None])
    mad = quantile(away, 0.5)
    mean = over(np.nansum(away, axis=-1), (~np.isnan(away)).sum(axis=-1))
    scale = np.where(mad > 0, mad / Z_PER_MAD, SD_PER_MEAN_DEVIATION * mean)
    sign = np.asarray(direction, dtype=np.float64)
    return np.asarray(over(floats(own, "own") - middle, scale) * np.where(sign == 0, np.nan, sign))


def verdict(
    ratio: ArrayLike,
    lo: ArrayLike,
    hi: ArrayLike,
    n_peers: ArrayLike,
    status: ArrayLike = "ok",
    *,
    reference: ArrayLike = 1.0,
    judged: tuple[str, ...] = st.JUDGED,
) -> TextArray:
    """lower, higher, same (cannot be told apart) or withheld, from the interval of the value against its peers' median.

    ratio, lo, hi : value over the peers' median and its interval, the median treated as fixed; or, with
    `reference` = that median, the value itself (needed where a median may be 0 or negative).
    n_peers : usable peers; under 5 withholds.   status : of the value; outside `judged` withholds.
    An absent value or limit withholds. A limit exactly at the reference is `same`.
    Raises ValueError when a limit lies on the wrong side of the value.   Source: methods.md M3.2.
    """
    value, low, high, middle = (floats(part, "interval") for part in (ratio, lo, hi, reference))
    if ((low > value) | (high < value)).any():
        raise ValueError("an interval does not contain its own value; lo, value and hi must be in order")
    known = ~(np.isnan(value) | np.isnan(low) | np.isnan(high) | np.isnan(middle))
    shown = known & (np.asarray(n_peers) >= SMALL_GROUP) & st.is_in(status, judged)
    words = np.where(high < middle, "lower", np.where(low > middle, "higher", "same"))
    return np.asarray(np.where(shown, words, "withheld"))


def rag(words: ArrayLike, direction: ArrayLike, n_peers: ArrayLike, status: ArrayLike = "ok") -> TextArray:
    """green, amber, red or "" (none) for verdicts: a colour asks for more than a word, 8 peers and status ok.

    words : from `verdict`.   direction : +1, -1, or 0 for none.   Source: methods.md M3.2.
    """
    said, sign = np.asarray(words, dtype=np.str_), np.asarray(direction)
    good = (said == "higher") & (sign > 0) | (said == "lower") & (sign < 0)
    colour = np.where(said == "same", "amber", np.where(good, "green", "red"))
    may = (said != "withheld") & (sign != 0) & (np.asarray(n_peers) >= FULL_GROUP) & st.is_in(status, ("ok",))
    return np.asarray(np.where(may, colour, ""))


def _signs(direction: ArrayLike, columns: int) -> FloatArray:
    sign = np.broadcast_to(np.asarray(direction, dtype=np.float64), (columns,))
    if not np.isin(sign, (-1.0, 0.0, 1.0)).all():
        raise ValueError("a direction is +1 (higher is better), -1 (lower is better) or 0")
    return sign


def _listed(mask: ArrayLike) -> IntArray:
    """Row numbers of each body's peers, -1 after the last."""
    peers = np.array(mask, dtype=np.bool_)
    np.fill_diagonal(peers, False)
    width = int(peers.sum(axis=1).max(initial=0))
    order = np.argsort(~peers, axis=1, kind="stable")[:, :width]
    return np.where(np.take_along_axis(peers, order, axis=1), order, -1)


def _padded(ids: ArrayLike) -> IntArray:
    """The same lists with n for nobody: a row of NaN stands there."""
    listed = np.asarray(ids, dtype=np.int64)
    n = listed.shape[0]
    return np.where((listed < 0) | (listed == np.arange(n)[:, None]), n, listed)


def _against_peers(columns: FloatArray, usable: FloatArray, ids: IntArray, sign: FloatArray) -> list[FloatArray]:
    """`_figures` of all columns, a block at a time so that memory stays bounded; each (n, m)."""
    step = max(1, _BLOCK // max(1, ids.size))
    starts = range(0, max(1, columns.shape[1]), step)
    blocks = [_figures(columns[:, i : i + step], usable[:, i : i + step], ids, sign[i : i + step]) for i in starts]
    return [np.concatenate(parts).T for parts in zip(*blocks, strict=True)]


def _figures(columns: FloatArray, usable: FloatArray, ids: IntArray, sign: FloatArray) -> tuple[FloatArray, ...]:
    """Percentile, peers, median, q1, q3, low, high; each (m, n) for m columns."""
    padded = np.vstack([usable, np.full((1, usable.shape[1]), np.nan)]).T
    group = np.ascontiguousarray(padded[:, ids])
    own = columns.T[..., None]
    below, equal = (group < own).sum(axis=-1), (group == own).sum(axis=-1)
    in_order, count = ascending(group)
    worse = np.where(sign[:, None] < 0, count - below - equal, below)
    half = np.where(sign[:, None] == 0, 0.0, 0.5)
    full, few = count >= FULL_GROUP, count >= SMALL_GROUP
    percentile = np.where(full & ~np.isnan(columns.T), 100 * over(worse + half * equal, count), np.nan)
    quartiles = [np.where(full, at(in_order, count, share), np.nan) for share in (0.25, 0.75)]
    ends = [np.where(few, at(in_order, count, share), np.nan) for share in (0.5, 0.0, 1.0)]
    return percentile, count, ends[0], *quartiles, ends[1], ends[2]


def _bands(better: FloatArray, bands: int) -> FloatArray:
    in_order, size = ascending(better)
    n = int(size)
    if n < bands:
        return np.full(better.shape, np.nan)
    # n + 1 - rank, rank 1 = highest with ties sharing the least rank: the number of bodies no better than this one.
    no_better = np.searchsorted(in_order[:n], better, side="right")
    band = np.maximum(1, bands + 1 - -(-no_better * bands // n))
    return np.where(np.isnan(better), np.nan, band)
