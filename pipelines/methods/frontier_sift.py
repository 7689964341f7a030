"""What belongs here: solving a batch over many bodies while looking at few of them.

Most bodies are nobody's peer. A round solves the programs on a few columns, then asks all columns once; what would
improve a program joins the few for the next round, and a program that nothing improves is proven optimal and leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.methods.arrays import FloatArray, IntArray
from pipelines.methods.frontier_pricing import TOLERANCE, Pools, best_columns, pools_of
from pipelines.methods.frontier_program import OWN, Programs, Technology
from pipelines.methods.frontier_solver import LIMIT, optimise
from pipelines.methods.frontier_start import start
from pipelines.methods.frontier_state import Tableaux, by_group, taken
from pipelines.methods.frontier_warm import warm

SMALL = 96  # so few columns are not worth sifting
ROUND = 8  # pivots in a round; a program that needs more goes on in the next
HASTY = 8  # rounds after which a program is left all the pivots that it may have
DIRECTIONS = 64  # first guesses of the frontier


def from_start(programs: Programs, tableaux: Tableaux, which: IntArray, candidates: Sequence[IntArray]) -> None:
    """Optimise these programs, each over the candidate bodies of its group, wherever they stood before.

    A few are solved first from their own columns; the others start from the frontier that these found.
    """
    few, everything, solved = likely(programs, candidates), pools_of(programs, candidates), which[:0]
    for wave in waves(programs, which):
        start(programs, tableaux, warm(programs, tableaux, solved, wave) if len(solved) else wave)
        few = rounds(programs, tableaux, wave, few, everything, None)
        solved = np.concatenate([solved, wave])


def further(
    programs: Programs,
    tableaux: Tableaux,
    which: IntArray,
    candidates: Sequence[IntArray],
    face: FloatArray | None = None,
) -> None:
    """Go on from where these programs stand, the objective having changed; `face` as in `optimise`."""
    rounds(programs, tableaux, which, likely(programs, candidates), pools_of(programs, candidates), face)


def likely(programs: Programs, candidates: Sequence[IntArray]) -> list[IntArray]:
    """Each group's likely peers, or all of its bodies where they are few."""
    return [likely_peers(programs.technology, bodies) if len(bodies) > SMALL else bodies for bodies in candidates]


def waves(programs: Programs, which: IntArray) -> list[IntArray]:
    """The programs in the order in which to solve them: a few, whose frontier then serves the others.

    Members of the reference set among outsiders come first, since they start on the frontier or near it.
    """
    if programs.tau is None:
        return [which]
    member = programs.own_id[which] != OWN
    if member.any() and not member.all():
        return [which[member], *every_eighth(which[~member])]
    return every_eighth(which)


def every_eighth(which: IntArray) -> list[IntArray]:
    """One program in eight, and the others."""
    first = np.arange(len(which)) % 8 == 0
    return [which[first], which[~first]]


def rounds(
    programs: Programs,
    tableaux: Tableaux,
    which: IntArray,
    few: list[IntArray],
    everything: Pools,
    face: FloatArray | None,
) -> list[IntArray]:
    """Optimise these programs over few bodies and the ones these leave out, until none is missing; returns the few."""
    bodies, number = programs.technology.bodies, 0
    while len(which):
        pools = pools_of(programs, few)
        partial = pools.counts < everything.counts
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
    programs: Programs, tableaux: Tableaux, which: IntArray, everything: Pools, face: FloatArray | None
) -> tuple[IntArray, IntArray]:
    """The programs that some column still improves, and each one's best column."""
    which = by_group(tableaux, which)
    batch = taken(programs, tableaux, which, tableaux.table[-1:, :, which], tableaux.basis[:, which], face)
    gain, best = best_columns(batch, everything)
    better = gain < -TOLERANCE
    return which[better], best[better]
