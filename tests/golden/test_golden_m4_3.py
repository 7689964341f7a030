"""M4.3 challenge calibration: the worked value of methods.md."""

import numpy as np
import pytest

from pipelines.methods.challenge import Windows, calibrate

pytestmark = pytest.mark.golden


def test_share_of_past_windows(golden, same):
    given, expected = golden("M4.3", "challenge")
    met, asked = given["achieved"], 48 / 362
    improvement = np.where(np.arange(given["windows"]) < met, asked, asked - 0.01)
    rows = np.arange(given["windows"])
    found = calibrate(asked, 3, Windows(improvement, np.full(rows.size, 3), rows, rows, 4, 3, "ratio"))
    same(found.c, expected["c"])
    assert (found.label, found.windows, found.achieved) == ("appropriately challenging", 40, 13)
