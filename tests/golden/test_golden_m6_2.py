"""M6.2 effects by stage of the delivery chain: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.methods.did_stages import in_money, stage_effects

pytestmark = pytest.mark.golden


def test_stage_effects(golden, same):
    given, expected = golden("M6.2", "stage effects")
    factors = [[given[f"{group}_{when}"] for when in ("pre", "post")] for group in ("treated", "control")]
    found = stage_effects(factors, [True, False], 1)
    same(found.beta, expected["beta"])
    same(found.total, expected["total"])
    same(found.pct, expected["pct"])


def test_in_money_the_stages_are_the_gain(golden, same):
    _, expected = golden("M6.2", "stage effects")
    # A treated cost of 1 000 would have been 1 000 / (1 - 0.0807777...) without the project.
    same(in_money(expected["beta"], 1000.0).sum(), 1000 - 1000 / (1 + expected["pct"]))
    # The shares of the stages in the money are their shares in the logs.
    same(
        in_money(expected["beta"], 1000.0)[1] / np.sum(in_money(expected["beta"], 1000.0)),
        0.08338160893905 / 0.08422737097225,
    )
