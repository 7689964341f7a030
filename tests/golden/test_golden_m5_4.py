"""M5.4 banking and carry-over: the worked values of methods.md, in £ million settled to the penny."""

import numpy as np
import pytest

from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms

pytestmark = pytest.mark.golden
NAMES = {
    "S": "below",
    "share": "payment",
    "deposit": "deposit",
    "overflow": "overflow",
    "centre_clawback": "returned",
    "draw": "draw",
    "uncovered": "met",
    "bank": "bank",
}


def test_banking(golden, same):
    given, expected = golden("M5.4", "banking")
    terms = Terms(share=given["s"], threshold=given["msr"], start="notch", bank_cap=given["cap_b"], years=4)
    found = settle(np.array(given["A"]) * 1e6, np.array(given["C"]) * 1e6, terms)
    for theirs, ours in NAMES.items():
        same(getattr(found, ours) / 1e6, [row[theirs] for row in expected["rows"]])
    same(found.penalty, [0, 0, 0, 0])
