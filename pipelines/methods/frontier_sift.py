"""What belongs here: solving a batch over many bodies while looking at few of them.

Most bodies are nobody's peer. A round solves the programs on a few columns, then asks all columns once; what would
improve a program joins the few for the next round, and a program that nothing improves is proven optimal and leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.methods.arrays import FloatArray, IntArray
from pipelines.methods.frontier_program import Programs, Technology
from pipelines.methods.frontier_solver import (
    LIMIT,
    TOLERANCE,
    Batch,
    Pool,
    Tableaux,
    by_group,
    optimise,
    pool,
    reduced_costs,
    segments,
)
from pipelines.methods.frontier_warm import warm

SMALL = 96  # so few columns are not worth sifting
ROUND = 8  # pivots in a round; a program that needs more goes on in the next
HASTY = 8  # rounds after which a program is left all the pivots that it may have
FIRST = 8  # one program in so many is solved before the others
DIRECTIONS = 64  # first guesses of the frontier


def sift(
    programs: Programs,
    tableaux: Tableaux,
    which: IntArray,
    candidates: Sequence[IntArray],
    face: FloatArray | None = None,
) -> None:
    """Optimise these programs, each over the candidate bodies of its group."""
    few = [likely_peers(programs.technology, bodies) if len(bodies) > SMALL else bodies for bodies in candidates]
    everything = [pool(programs, bodies) for bodies in candidates]
    solved = np.empty(0, dtype=np.int64)
    for wave in waves(programs, which) if face is None else [which]:
        if len(solved):
            warm(programs, tableaux, solved, wave)
        few = rounds(programs, tableaux, wave, few, everything, face)
        solved = np.concatenate([solved, wave])


def waves(programs: Programs, which: IntArray) -> list[IntArray]:
    """The programs in the order in which to solve them: a few, whose frontier then serves the others."""
    if programs.tau is None:
        return [which]
    first = np.arange(len(which)) % FIRST == 0
    return [which[first], which[~first]]


def rounds(
    programs: Programs,
    tableaux: Tableaux,
    which: IntArray,
    few: list[IntArray],
    everything: Sequence[Pool],
    face: FloatArray | None,
) -> list[IntArray]:
    """Optimise these programs over few bodies and the ones these leave out, until none is missing; returns the few."""
    bodies, number = programs.technology.bodies, 0
    while len(which):
        pools = [pool(programs, some) for some in few]
        partial = np.array([len(some.ids) < len(whole.ids) for some, whole in zip(pools, everything, strict=True)])
        hasty = number < HASTY and partial.any()
        optimise(programs, tableaux, which, pools, face, ROUND if hasty else LIMIT)
        which = which[partial[tableaux.group[which]] & ~tableaux.failed[which]]
        which, wanted = improvable(programs, tableaux, which, everything, face)
        group, number = tableaux.group[which], number + 1
        few = [np.union1d(some, wanted[(group == place) & (wanted < bodies)]) for place, some in enumerate(few)]
    return few


def likely_peers(reference: Technology, bodies: IntArray) -> IntArray:
    """Bodies that are best in one of 64 fixed directions, hence on the frontier or next to it."""
    amounts = reference.inputs + reference.outputs
    angles = np.random.Generator(np.random.Philox(key=[8, 2])).dirichlet(np.ones(amounts), DIRECTIONS)
    return np.unique(bodies[(angles @ reference.columns[:amounts, bodies]).argmax(axis=1)])


def improvable(
    programs: Programs, tableaux: Tableaux, which: IntArray, everything: Sequence[Pool], face: FloatArray | None
) -> tuple[IntArray, IntArray]:
    """The programs that some column still improves, and each one's best column."""
    which = by_group(tableaux, which)
    batch = Batch(
        table=tableaux.table[-1:, :, which],
        basis=tableaux.basis[:, which],
        which=which,
        group=tableaux.group[which],
        banned=programs.banned[which],
        idle=np.zeros(len(which), dtype=np.int64),
        face=None if face is None else face[:, which],
    )
    best, gain = np.zeros(len(which), dtype=np.int64), np.zeros(len(which))
    for rows, choice in segments(batch, everything):
        costs = reduced_costs(batch, rows, choice)
        place = costs.argmin(axis=1)
        best[rows], gain[rows] = choice.ids[place], costs[np.arange(len(place)), place]
    better = gain < -TOLERANCE
    return which[better], best[better]
