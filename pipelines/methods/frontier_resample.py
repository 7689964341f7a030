"""What belongs here: the scores of bodies against resampled frontiers, by subsampling and by smoothed bootstrap.

Distances are delta = 1/theta for inputs and phi for outputs, so that 1 is the frontier and more is further away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pipelines.methods.arrays import FloatArray, IntArray
from pipelines.methods.draws import generator
from pipelines.methods.frontier_data import Amounts
from pipelines.methods.frontier_exact import solve
from pipelines.methods.frontier_program import OWN, Programs, radial, technology

TOGETHER = 16384  # programs solved in one go
DIRECTIONS = 24  # in which a body may be seen to be out of reach
LEAST_THETA = 0.02  # lower bound of a resampled score


@dataclass(frozen=True)
class Frame:
    """What all replicates share.   distance : (n,) delta of the full set.   keys : (n,) names of the bodies' draws."""

    data: Amounts
    rts: str
    orientation: str
    replicates: int
    seed: int
    score: FloatArray
    keys: tuple[str, ...]

    @property
    def size(self) -> int:
        """n, the number of bodies."""
        return len(self.score)

    @property
    def distance(self) -> FloatArray:
        """(n,) distance from the frontier, 1 or more."""
        return self.as_distance(self.score)

    def as_distance(self, scores: FloatArray) -> FloatArray:
        """Scores as distances, and distances as scores: 1/theta for inputs, phi itself for outputs."""
        return 1 / scores if self.orientation == "in" else scores


def in_parts(frame: Frame, work: Callable[[IntArray], tuple[FloatArray, int]]) -> tuple[FloatArray, int]:
    """(n, B) scores and the number of fallbacks of all replicates, solved in parts that do not affect each other.

    One after the other: threads were measured to gain nothing, the single steps being too short to overlap.
    """
    step = max(1, TOGETHER // frame.size)
    parts = [np.arange(first, min(first + step, frame.replicates)) for first in range(0, frame.replicates, step)]
    scores, lost = zip(*map(work, parts), strict=True)
    return np.concatenate(scores, axis=1), sum(lost)


def subsample(frame: Frame, sample: int) -> tuple[FloatArray, int]:
    """(n, B) distances of every body from frontiers of `sample` bodies drawn without replacement.

    A body belongs to its own reference set only when drawn; where it cannot be reached its distance is 0.
    """
    draws = np.stack([generator("M3.9", key, seed=frame.seed).random(frame.replicates) for key in frame.keys])
    drawn = np.argpartition(draws, sample - 1, axis=0)[:sample]
    data = frame.data
    reference = technology(data.inputs, data.outputs, frame.rts)
    once = radial(reference, data.inputs, data.outputs, frame.orientation, np.full(frame.size, OWN))
    heights = projections(data, frame.rts, frame.orientation)

    def work(part: IntArray) -> tuple[FloatArray, int]:
        candidates = [np.sort(drawn[:, number]) for number in part]
        own_id = np.full((len(part), frame.size), OWN)
        reachable = np.ones((len(part), frame.size), dtype=bool)
        for row, bodies in enumerate(candidates):
            own_id[row, bodies] = bodies
            reachable[row] = (heights <= heights[bodies].max(axis=0)).all(axis=1)
        group, body = np.nonzero(reachable)
        solution = solve(selected(once, body, own_id[reachable]), candidates, group)
        scores = np.full(reachable.shape, np.nan)
        scores[reachable] = solution.score
        return scores.T, int(solution.fallback.sum())

    scores, lost = in_parts(frame, work)
    return np.where(np.isnan(scores), 0.0, frame.as_distance(scores)), lost


def projections(data: Amounts, rts: str, orientation: str) -> FloatArray:
    """(n, d) heights of the bodies in directions in which no weighting of others rises above the highest of them.

    A body above all others in one of them is out of their reach, which saves solving its program; the rest are left
    to be decided exactly. None where weights may grow (outputs) or shrink (inputs) without limit.
    """
    amounts = data.outputs if orientation == "in" else -data.inputs
    bounded = rts in (("vrs", "drs") if orientation == "in" else ("vrs", "irs"))
    width = amounts.shape[1]
    mixed = np.random.Generator(np.random.Philox(key=[3, 9])).dirichlet(np.ones(width), DIRECTIONS)
    directions = np.vstack([np.eye(width), mixed]) if bounded else np.empty((0, width))
    return np.asarray(amounts @ directions.T)


def selected(programs: Programs, which: IntArray, own_id: IntArray) -> Programs:
    """These programs, as often as named, with other numbers for their own columns."""
    assert programs.tau is not None
    return replace(
        programs,
        tau=programs.tau[:, which],
        own=programs.own[:, which],
        own_id=own_id,
        rhs=programs.rhs[:, which],
        banned=programs.banned[which],
    )


def bandwidth(distance: FloatArray) -> float:
    """Width of the kernel that smooths distances of 1 or more, reflected at 1 (Silverman's rule, M3.9).

    Bodies on the frontier are left out, so that their heap at 1 does not pass for a narrow distribution.
    Source: Daraio & Simar (2007), equations 3.23-3.26.
    """
    beyond = distance[distance > 1 + 1e-6]
    if len(beyond) < 2:
        return 0.0
    reflected = np.concatenate([beyond, 2 - beyond])
    spread, count = float(reflected.std(ddof=1)), len(reflected)
    quartiles = np.quantile(reflected, [0.25, 0.75])
    width = 0.9 * min(spread, float(quartiles[1] - quartiles[0]) / 1.34) * count**-0.2
    return float(width * (count / len(distance)) ** 0.2 * distance.std(ddof=1) / spread)


def resampled_distances(frame: Frame) -> FloatArray:
    """(n, B) distances drawn from the smoothed density of the distances and their reflections at 1.

    Source: Simar & Wilson (1998), section 4; Daraio & Simar (2007), section 3.4.2, steps 2 and 3.
    """
    streams = [generator("M3.9 bootstrap", key, seed=frame.seed) for key in frame.keys]
    place = np.stack([stream.random(frame.replicates) for stream in streams])
    noise = np.stack([stream.standard_normal(frame.replicates) for stream in streams])
    ordered = np.sort(frame.distance)
    reflected = np.concatenate([2 - ordered[::-1], ordered])
    drawn = reflected[(place * len(reflected)).astype(np.int64)]
    width, variance, middle = bandwidth(frame.distance), float(reflected.var(ddof=1)), drawn.mean(axis=0)
    shrink = np.sqrt(1 + width**2 / variance) if variance > 0 else 1.0
    smooth = middle + (drawn + width * noise - middle) / shrink
    return np.asarray(np.minimum(np.where(smooth < 1, 2 - smooth, smooth), 1 / LEAST_THETA))


def bootstrap(frame: Frame) -> tuple[FloatArray, int]:
    """(n, B) scores of the bodies against frontiers whose bodies were moved to resampled scores (steps 4 and 5)."""
    data, moves = frame.data, frame.distance[:, None] / resampled_distances(frame)

    def work(part: IntArray) -> tuple[FloatArray, int]:
        inputs, outputs = np.tile(data.inputs, (len(part), 1)), np.tile(data.outputs, (len(part), 1))
        move = moves[:, part].T.reshape(-1, 1)
        moved = (inputs / move, outputs) if frame.orientation == "in" else (inputs, outputs * move)
        reference = technology(*moved, frame.rts)
        own_id = np.arange(reference.bodies)
        programs = radial(reference, inputs, outputs, frame.orientation, own_id)
        programs = replace(programs, own=np.ascontiguousarray(reference.columns[:, : reference.bodies]))
        candidates = [row * frame.size + data.distinct for row in range(len(part))]
        solution = solve(programs, candidates, np.repeat(np.arange(len(part)), frame.size))
        return solution.score.reshape(len(part), frame.size).T, int(solution.fallback.sum())

    return in_parts(frame, work)
