"""Which bodies bend a frontier: far ahead of the rest, or holding it up alone (methods.md M3.15).

A flag asks for the data to be checked and for a run without the body beside the run with it. It deletes nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray
from pipelines.methods.card import Method
from pipelines.methods.draws import generator
from pipelines.methods.frontier import dea, order_m, super_efficiency
from pipelines.methods.frontier_data import prepare
from pipelines.methods.frontier_exact import solve
from pipelines.methods.frontier_program import Programs, radial, technology

METHOD = Method(
    id="M3.15",
    version="1",
    title="Bodies that a frontier depends on",
    formula="super-efficiency > 1.5 or order-50 > 1.2; leverage: rms change of the others' scores without the body",
    defaults={"rts": "vrs", "super": 1.5, "order": 1.2, "m": 50, "distance": 0.975},
    edge_cases="a body that the others cannot reach is flagged; flags never delete",
    source="Banker & Gifford (1988); Wilson (1993); Cazals, Florens & Simar (2002)",
)
SUPER, ORDER, DRAWN = 1.5, 1.2, 50
STARTS, STEPS = 200, 30  # half-samples tried by the robust covariance, and steps that improve each
BATCH = 4096  # programs solved in one go


@dataclass(frozen=True)
class Outliers:
    """super_score, order_score, leverage (n,); unmatched: others cannot reach it; flag: check its data first."""

    super_score: FloatArray
    order_score: FloatArray
    leverage: FloatArray
    unmatched: BoolArray
    flag: BoolArray


def outliers(X: ArrayLike, Y: ArrayLike, *, rts: str = "vrs") -> Outliers:
    """Bodies whose data deserve a check before they set a frontier: far ahead, out of reach, or far above most.

    Input orientation. Raises ValueError as `dea`.   Source: methods.md M3.15 (a), (b).
    """
    ahead, most = super_efficiency(X, Y, rts=rts), order_m(X, Y, DRAWN).score
    unmatched = np.isnan(ahead)
    flag = unmatched | (np.where(unmatched, 0, ahead) > SUPER) | (most > ORDER)
    return Outliers(ahead, most, leverage(X, Y, rts=rts), unmatched, flag)


def leverage(X: ArrayLike, Y: ArrayLike, *, rts: str = "vrs") -> FloatArray:
    """(n,) root mean square change of the other bodies' input scores when a body is left out.

    Only a body that somebody is compared with can change anything, so only those pairs are solved again.
    Raises ValueError as `dea`.   Source: methods.md M3.15 (b), after Banker & Gifford (1988).
    """
    data = prepare(X, Y)
    everyone = dea(X, Y, rts=rts)
    pairs = everyone.lambdas.tocoo()
    alone = np.bincount(data.twin, minlength=len(data.twin)) == 1
    body, peer = pairs.coords
    counts = (body != peer) & alone[peer]
    body, peer = body[counts].astype(np.int64), peer[counts].astype(np.int64)
    programs = radial(technology(data.inputs, data.outputs, rts), data.inputs, data.outputs, "in", data.own_id)
    squares = np.zeros(len(data.twin))
    for first in range(0, len(body), BATCH):
        some, absent = body[first : first + BATCH], peer[first : first + BATCH]
        without = solve(chosen(programs, some, absent), [data.distinct]).score
        np.add.at(squares, absent, (without - everyone.score[some]) ** 2)
    return np.asarray(np.sqrt(squares / max(len(data.twin) - 1, 1)))


def chosen(programs: Programs, which: IntArray, banned: IntArray) -> Programs:
    """These programs, each without one body."""
    assert programs.tau is not None
    return replace(
        programs,
        tau=programs.tau[:, which],
        own=programs.own[:, which],
        own_id=programs.own_id[which],
        rhs=programs.rhs[:, which],
        banned=banned,
    )


def volume_ratios(X: ArrayLike, Y: ArrayLike, *, most: int = 2) -> list[tuple[tuple[int, ...], float]]:
    """Groups of up to `most` bodies by how much of the data cloud's squared volume remains without them, least first.

    A group whose ratio is far below the next is unlike the rest. For small sectors: all groups are tried.
    Raises ValueError as `dea`, and when so many could leave that no volume remains.   Source: Wilson (1993).
    """
    data = prepare(X, Y)
    cloud = np.hstack([data.inputs, data.outputs])
    if len(cloud) - most <= cloud.shape[1]:
        raise ValueError(f"{len(cloud)} bodies are too few to leave {most} out of {cloud.shape[1]} amounts")
    whole = np.linalg.slogdet(cloud.T @ cloud)[1]
    ratios = []
    for size in range(1, most + 1):
        for group in combinations(range(len(cloud)), size):
            rest = np.delete(cloud, group, axis=0)
            ratios.append((group, float(np.exp(np.linalg.slogdet(rest.T @ rest)[1] - whole))))
    return sorted(ratios, key=lambda found: (len(found[0]), found[1]))


def robust_distance(values: ArrayLike, *, seed: int = 0) -> FloatArray:
    """(n,) Mahalanobis distances of the logarithms from the half of the bodies that lie closest together.

    values : (n, p) positive amounts.   Above sqrt(chi2(0.975, p)) a body is unlike the rest in size or in mix.
    Raises ValueError on amounts that are not positive, and when n < 2(p + 1).
    Source: Rousseeuw & Van Driessen (1999), minimum covariance determinant by concentration steps.
    """
    amounts = np.asarray(values, dtype=np.float64)
    amounts = amounts[:, None] if amounts.ndim == 1 else amounts
    if not (np.isfinite(amounts).all() and (amounts > 0).all()):
        raise ValueError("logarithms need positive amounts; leave out bodies or columns with 0 or no figure")
    logs, (size, width) = np.log(amounts), amounts.shape
    if size < 2 * (width + 1):
        raise ValueError(f"{size} bodies are too few for a robust covariance of {width} amounts")
    half, best, found = (size + width + 1) // 2, np.inf, np.zeros(size)
    for start in range(STARTS):
        members = generator("M3.15", "", start, seed=seed).permutation(size)[: width + 1]
        size_of, squared = concentrated(logs, members, half)
        if size_of < best:
            best, found = size_of, squared
    scale = np.median(found) / chi2.ppf(0.5, width)
    return np.asarray(np.sqrt(found / scale))


def concentrated(logs: FloatArray, members: IntArray, half: int) -> tuple[float, FloatArray]:
    """Log determinant of the covariance, and squared distances, after moving to the closest half again and again."""
    squared, size = np.zeros(len(logs)), np.inf
    for _ in range(STEPS):
        middle = logs[members].mean(axis=0)
        spread = np.atleast_2d(np.cov(logs[members], rowvar=False))
        centred = logs - middle
        squared = np.einsum("ij,jk,ik->i", centred, np.linalg.pinv(spread, hermitian=True), centred)
        size = float(np.linalg.slogdet(spread)[1])
        closest = np.sort(np.argsort(squared, kind="stable")[:half])
        if np.array_equal(closest, members):
            break
        members = closest
    return size, squared
