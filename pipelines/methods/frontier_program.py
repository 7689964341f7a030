"""What belongs here: the linear programs behind a frontier, written down as arrays. Nothing is solved here.

Rows: m inputs, s outputs and, except under constant returns, one row for the sum of the weights. Every column but two
is common to all programs, which is what makes it worth solving them in one batch:

    minimise    tau_cost * tau + own_cost * own + sum cost_j * z_j
    subject to  tau_o * tau + a_o * own + sum a_j z_j = b_o,   tau, own, z >= 0

z are the weights of the reference bodies (column: minus its inputs, plus its outputs, 1), the assurance columns and
the slacks, numbered in this order. `own` is the body's own column, a feasible start for everybody: for a member of
its own reference set one of the common columns, for an outsider a column that is dear, so that it leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.methods.arrays import FloatArray, IntArray

TAU, OWN, NOTHING = -1, -2, -3  # numbers of the columns that are not common, and of no column
DEAR = 1e3  # opening cost of a column that must leave
RETURNS = ("crs", "vrs", "drs", "irs")
SUM_SLACK = {"drs": 1.0, "irs": -1.0}  # sum of weights <= 1, >= 1


@dataclass(frozen=True)
class Technology:
    """What the reference bodies show to be possible: the columns that all programs have in common.

    columns : (k, p) bodies, then assurance columns, then slacks.   bodies : how many of p are bodies.
    inputs, outputs : m and s.   rts : crs, vrs, drs or irs.
    """

    columns: FloatArray
    bodies: int
    inputs: int
    outputs: int
    rts: str

    @property
    def rows(self) -> int:
        """k = m + s, and one more for the sum of the weights unless returns are constant."""
        return int(self.columns.shape[0])

    @property
    def count(self) -> int:
        """p, the number of common columns."""
        return int(self.columns.shape[1])

    @property
    def slacks(self) -> int:
        """How many of the columns, at the end, are slacks: one per row that is not an equation."""
        return self.rows - (self.rts == "vrs")


@dataclass(frozen=True)
class Programs:
    """N programs over one technology.

    tau : (k, N), or None where nothing is scaled (additive model).   own, rhs : (k, N).
    own_id : (N,) number of the common column that `own` is, or OWN for an outsider, who pays own_cost for it.
    cost : (p,) of the common columns.   banned : (N,) a body that may not serve, or NOTHING.
    """

    technology: Technology
    tau: FloatArray | None
    tau_cost: float
    own: FloatArray
    own_id: IntArray
    own_cost: float
    rhs: FloatArray
    cost: FloatArray
    banned: IntArray

    @property
    def size(self) -> int:
        """N, the number of programs."""
        return int(self.rhs.shape[1])


def body_columns(inputs: FloatArray, outputs: FloatArray, rts: str) -> FloatArray:
    """(k, n) columns of bodies: minus inputs, plus outputs and, unless returns are constant, 1."""
    ones = np.ones((1, len(inputs))) if rts != "crs" else np.empty((0, len(inputs)))
    return np.concatenate([-inputs.T, outputs.T, ones])


def slack_columns(amounts: int, rts: str) -> FloatArray:
    """(k, slacks) one column per row that is not an equation."""
    rows = amounts + (rts != "crs")
    columns = -np.eye(rows)[:, : amounts + (rts in SUM_SLACK)]
    if rts in SUM_SLACK:
        columns[-1, -1] = SUM_SLACK[rts]
    return columns


def technology(inputs: FloatArray, outputs: FloatArray, rts: str, assurance: FloatArray | None = None) -> Technology:
    """Columns of reference bodies with inputs (n, m) and outputs (n, s); assurance (k', a) holds extra columns."""
    if rts not in RETURNS:
        raise ValueError(f"returns to scale must be one of {', '.join(RETURNS)}, not {rts!r}")
    bodies, (m, s) = len(inputs), (inputs.shape[1], outputs.shape[1])
    parts = [body_columns(inputs, outputs, rts)]
    if assurance is not None:
        parts.append(np.vstack([assurance, np.zeros((parts[0].shape[0] - m - s, assurance.shape[1]))]))
    parts.append(slack_columns(m + s, rts))
    return Technology(np.ascontiguousarray(np.concatenate(parts, axis=1)), bodies, m, s, rts)


def radial(
    reference: Technology, inputs: FloatArray, outputs: FloatArray, orientation: str, own_id: IntArray
) -> Programs:
    """Shrink the inputs (orientation "in", minimise theta) or stretch the outputs ("out", maximise phi) of each body.

    own_id : (n,) the number of each body in the reference set, OWN for an outsider.
    Source: Banker, Charnes & Cooper (1984), equations 12-16.
    """
    zero_in, zero_out = np.zeros_like(inputs.T), np.zeros_like(outputs.T)
    own = body_columns(inputs, outputs, reference.rts)
    last = own[inputs.shape[1] + outputs.shape[1] :]
    if orientation == "in":
        tau, rhs = [inputs.T, zero_out, 0 * last], [zero_in, outputs.T, last]
    elif orientation == "out":
        tau, rhs = [zero_in, -outputs.T, 0 * last], [-inputs.T, zero_out, last]
    else:
        raise ValueError(f"orientation must be in or out, not {orientation!r}")
    return Programs(
        technology=reference,
        tau=np.concatenate(tau),
        tau_cost=1.0 if orientation == "in" else -1.0,
        own=own,
        own_id=own_id,
        own_cost=DEAR,
        rhs=np.concatenate(rhs),
        cost=np.zeros(reference.count),
        banned=np.full(len(inputs), NOTHING),
    )
