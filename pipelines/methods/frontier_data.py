"""What belongs here: what a caller may hand to a frontier, checked and brought to one scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, IntArray
from pipelines.methods.frontier_program import OWN


@dataclass(frozen=True)
class Amounts:
    """Bodies in units of the reference set's column means: scores do not depend on units, rounding does.

    inputs (n, m), outputs (n, s): the bodies to be scored; ref_inputs, ref_outputs: the reference set.
    scale (m+s,): the column means.   member: the bodies are the reference set.   distinct: the first of each
    group of equal reference bodies; twin (n_ref,): the number of the first equal body.
    """

    inputs: FloatArray
    outputs: FloatArray
    ref_inputs: FloatArray
    ref_outputs: FloatArray
    scale: FloatArray
    member: bool
    distinct: IntArray
    twin: IntArray

    @property
    def own_id(self) -> IntArray:
        """(n,) the number of each body among the distinct ones of its reference set, OWN for outsiders."""
        return self.twin if self.member else np.full(len(self.inputs), OWN)

    @property
    def width(self) -> int:
        """m + s."""
        return len(self.scale)


def amounts(values: ArrayLike, name: str) -> FloatArray:
    """(n, columns) finite amounts of 0 or more, at least one of them positive in each row; a vector is one column.

    Raises ValueError naming the row, counted from 0.
    """
    array = np.asarray(values, dtype=np.float64)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name} must have a row per body and a column per amount, not the shape {array.shape}")
    for wrong, what in (
        (~np.isfinite(array), "is not a finite number; leave the body out or complete it"),
        (array < 0, "is negative; a frontier takes amounts of 0 or more"),
    ):
        if wrong.any():
            row, column = (int(number) for number in np.argwhere(wrong)[0])
            raise ValueError(f"{name} row {row} column {column} {what}")
    empty = np.flatnonzero(~(array > 0).any(axis=1))
    if len(empty):
        raise ValueError(f"{name} row {int(empty[0])} has no positive amount; leave the body out")
    return array


def prepare(X: ArrayLike, Y: ArrayLike, X_ref: ArrayLike | None = None, Y_ref: ArrayLike | None = None) -> Amounts:
    """Check and scale inputs X (n, m) and outputs Y (n, s) and, when given, another reference set."""
    if (X_ref is None) != (Y_ref is None):
        raise ValueError("a reference set needs both X_ref and Y_ref")
    inputs, outputs = amounts(X, "X"), amounts(Y, "Y")
    member = X_ref is None or Y_ref is None
    ref_inputs = inputs if X_ref is None else amounts(X_ref, "X_ref")
    ref_outputs = outputs if Y_ref is None else amounts(Y_ref, "Y_ref")
    if len(inputs) != len(outputs) or len(ref_inputs) != len(ref_outputs):
        raise ValueError("inputs and outputs must have the same number of rows")
    if inputs.shape[1] != ref_inputs.shape[1] or outputs.shape[1] != ref_outputs.shape[1]:
        raise ValueError("the reference set must have the columns of X and Y")
    means = np.concatenate([ref_inputs.mean(axis=0), ref_outputs.mean(axis=0)])
    scale = np.where(means > 0, means, 1.0)
    m = inputs.shape[1]
    distinct, twin = first_of_equals(np.hstack([ref_inputs, ref_outputs]))
    return Amounts(
        inputs=inputs / scale[:m],
        outputs=outputs / scale[m:],
        ref_inputs=ref_inputs / scale[:m],
        ref_outputs=ref_outputs / scale[m:],
        scale=scale,
        member=member,
        distinct=distinct,
        twin=twin,
    )


def first_of_equals(rows: FloatArray) -> tuple[IntArray, IntArray]:
    """Numbers of rows that repeat no earlier one, ascending, and for every row the number of its first equal."""
    order = np.lexsort(rows.T)
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (rows[order[1:]] != rows[order[:-1]]).any(axis=1)
    firsts = np.minimum.reduceat(order, np.flatnonzero(new))
    twin = np.empty(len(rows), dtype=np.int64)
    twin[order] = firsts[np.cumsum(new) - 1]
    return np.sort(firsts), twin


def too_few(bodies: int, inputs: int, outputs: int) -> str | None:
    """Why a frontier of this size says little, or None (methods.md M3.8; Dyson et al. 2001)."""
    least = max(3 * (inputs + outputs), 2 * inputs * outputs)
    if bodies >= least:
        return None
    return (
        f"{bodies} bodies are too few for {inputs} inputs and {outputs} outputs (at least {least}): "
        "most would look efficient by construction"
    )
