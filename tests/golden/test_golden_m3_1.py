"""M3.1 quantiles, percentiles and bands; M3.2 robust score: the worked values of methods.md."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipelines.methods.position import quantile_bands, quantile_position, robust_score
from pipelines.methods.quantiles import quantile

pytestmark = pytest.mark.golden
BANDS = [
    case
    for case in json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))["cards"]["M3.1"]
    if case["case"] == "bands q=4"
]


def test_type_7(golden, same):
    given, expected = golden("M3.1", "quantiles")
    same([quantile(given["x"], share) for share in (0.25, 0.5, 0.75)], expected["type7"])


@pytest.mark.parametrize(("direction", "key"), [(1, "percentile_d_plus"), (-1, "percentile_d_minus")])
def test_mid_rank(golden, same, direction, key):
    given, expected = golden("M3.1", "mid-rank")
    x = np.array([*given["peers"], given["own"]])
    place = quantile_position(x, np.ones((9, 9), dtype=bool), direction)
    same(place.percentile[8], expected[key])
    same([place.q1[8], place.median[8], place.q3[8]], [12.75, 16.5, 21.25])


@pytest.mark.parametrize("case", BANDS, ids=["eight", "ties", "ten"])
def test_bands(case, same):
    x, q = case["inputs"]["x"], case["inputs"]["q"]
    same(quantile_bands(x, 1, q), case["expected"]["d_plus"])
    same(quantile_bands(x, -1, q), case["expected"]["d_minus"])


def test_robust_z(golden, same):
    given, expected = golden("M3.2", "robust z")
    x = np.array(given["x"])
    same(quantile(np.abs(x - 16.5), 0.5), expected["MAD"])
    same(robust_score(given["own"], x, given["d"]), expected["z"])
    same((given["own"] - x.mean()) / x.std(ddof=1), expected["z_classical"])
