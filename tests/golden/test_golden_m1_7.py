"""M1.7 chain decomposition and M1.8 bottleneck: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.methods.bottleneck import BUSY, flow
from pipelines.methods.chain import chain_decompose, shapley

pytestmark = pytest.mark.golden


def test_decomposition(golden, same):
    given, expected = golden("M1.7", "decomposition")
    per_input, per_output, per_outcome = given["own"]
    outcomes = given["O"]
    outputs = per_outcome * outcomes  # 2.5 x 8000 = 20 000
    inputs = per_output * outputs  # 0.005 x 20 000 = 100 FTE
    cost = per_input * inputs  # 52 000 x 100 = 5.2 million
    found = chain_decompose([cost], [inputs], [outputs], [outcomes], reference=given["reference"])
    same(cost / outcomes, expected["own_total"])
    same(np.prod(given["reference"]), expected["ref_total"])
    same(found.gap_gbp[0], expected["parts_total"])
    same(found.gap_gbp[0] / outcomes, expected["parts_per_outcome"])
    same(found.total_gbp[0], expected["total"])
    same(found.gap_gbp[0] / found.total_gbp[0], expected["shares"])
    same(shapley(given["own"], given["reference"]), expected["shapley"])


def test_four_stages(golden, same):
    given, expected = golden("M1.8", "four stages")
    weeks = [np.tile(given[name], (8, 1)) for name in ("arrivals", "capacity", "completions", "wip")]
    found = flow(*weeks)
    same(found.utilisation, expected["utilisation"])
    same(found.growth, expected["growth"])
    same(found.wait, expected["wait"])
    candidates = np.flatnonzero((found.utilisation >= BUSY) & (found.growing > 0)) + 1
    assert candidates.tolist() == expected["candidates_rho_ge_0.95_and_growth_gt_0"]
    assert found.constraint == expected["constraint_stage"]
