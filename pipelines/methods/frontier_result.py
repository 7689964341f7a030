"""What belongs here: what a solved frontier answers. Slacks, weights and peers are worked out when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray
from pipelines.methods.frontier_data import Amounts
from pipelines.methods.frontier_exact import Solution, slacken
from pipelines.methods.frontier_pricing import TOLERANCE


@dataclass(frozen=True)
class Frontier:
    """Scores of n bodies against n_ref bodies with m inputs and s outputs.

    score : (n,) theta in (0, 1] (input orientation), phi >= 1 (output); beyond 1 for a body outside the reference
        set; NaN where no weights reach the body.
    notes : what a reader must be told before using the scores; empty when there is nothing.
    """

    score: FloatArray
    rts: str
    orientation: str
    notes: tuple[str, ...]
    amounts: Amounts
    solution: Solution

    @property
    def zero_input(self) -> BoolArray:
        """(n,) bodies with an input of 0: they sit on the frontier by construction."""
        return np.asarray((self.amounts.inputs == 0).any(axis=1))

    @property
    def restarts(self) -> int:
        """Programs that the batch had to solve a second time."""
        return int(self.solution.restarted.sum())

    @property
    def fallbacks(self) -> int:
        """Programs whose score HiGHS had to find."""
        return int(self.solution.fallback.sum())

    @cached_property
    def second(self) -> Solution:
        """The same scores with the largest sum of slacks, each divided by its column's mean."""
        return slacken(self.solution)

    @property
    def slack_fallbacks(self) -> int:
        """Programs whose slacks HiGHS had to find, those of `fallbacks` included."""
        return int((self.second.fallback & ~self.solution.infeasible).sum())

    @cached_property
    def slacks(self) -> FloatArray:
        """(n, m+s) input excess and output shortfall left at the score, in the units of the data; NaN if infeasible."""
        state, reference = self.second.tableaux, self.second.programs.technology
        row = state.basis - (reference.count - reference.slacks)
        place, body = np.nonzero((row >= 0) & (row < self.amounts.width))
        slacks = np.zeros((len(self.score), self.amounts.width))
        slacks[body, row[place, body]] = state.levels[place, body]
        slacks[self.solution.infeasible] = np.nan
        return slacks * self.amounts.scale

    @cached_property
    def lambdas(self) -> csr_array:
        """(n, n_ref) weights of the reference bodies, sparse: at most m+s+1 a row, none where infeasible."""
        state, reference = self.second.tableaux, self.second.programs.technology
        used = (state.basis >= 0) & (state.basis < reference.bodies)
        place, body = np.nonzero(used & (state.levels > 0) & ~self.solution.infeasible)
        shape = (len(self.score), reference.bodies)
        return csr_array((state.levels[place, body], (body, state.basis[place, body])), shape=shape)

    @property
    def weights(self) -> FloatArray:
        """(n, n_ref) the same weights, dense: 8 n n_ref bytes, built at every access; `lambdas` stays small."""
        return np.asarray(self.lambdas.toarray())

    def peers(self, body: int) -> IntArray:
        """Numbers of the reference bodies that a body is compared with, the weightiest first, equals by number."""
        row = self.lambdas[[body]].tocoo()
        return np.asarray(row.coords[1][np.lexsort((row.coords[1], -np.round(row.data, 12)))], dtype=np.int64)

    @cached_property
    def multipliers(self) -> FloatArray:
        """(n, m+s) one admissible set of weights on inputs and outputs, per unit of the data; NaN if infeasible."""
        prices = self.solution.tableaux.prices[: self.amounts.width].T
        prices = np.where(self.solution.infeasible[:, None], np.nan, np.maximum(prices, 0))
        return prices / self.amounts.scale

    @cached_property
    def intercept(self) -> FloatArray:
        """(n,) u0 of the multiplier form, 0 under constant returns; NaN if infeasible."""
        rows = self.solution.tableaux.prices[self.amounts.width :]
        return np.where(self.solution.infeasible, np.nan, rows.sum(axis=0))

    @cached_property
    def lambda_unique(self) -> BoolArray:
        """(n,) whether no other basis is optimal in score and slacks, so that peers and weights are the only ones."""
        first, second = self.solution, self.second
        reference, unique = first.programs.technology, np.ones(len(self.score), dtype=bool)
        common = np.arange(reference.bodies, reference.count)
        for body in range(len(self.score)):
            ids = np.concatenate([first.candidates[first.tableaux.group[body]], common])
            others = np.setdiff1d(ids, second.tableaux.basis[:, body])
            ties = np.ones(len(others), dtype=bool)
            for phase in (first, second):
                columns, prices = reference.columns[:, others], phase.tableaux.prices[:, body]
                ties &= np.abs(phase.programs.cost[others] - prices @ columns) <= TOLERANCE
            unique[body] = not ties.any()
        return unique & ~self.solution.infeasible
