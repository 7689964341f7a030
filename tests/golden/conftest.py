"""Golden cases by card: inputs and expected values of golden.json, and the comparison they ask for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

CARDS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "golden.json").read_text(encoding="utf-8")
)["cards"]


@pytest.fixture
def golden() -> Callable[[str, str], tuple[dict[str, Any], dict[str, Any]]]:
    """`golden("M1.1", "ratio of sums")` gives (inputs, expected) of the first case of that name."""

    def find(card: str, case: str) -> tuple[dict[str, Any], dict[str, Any]]:
        found = next(entry for entry in CARDS[card] if entry["case"] == case)
        return found["inputs"], found["expected"]

    return find


@pytest.fixture
def same() -> Callable[[Any, Any], None]:
    """Agreement within 1e-6 relative, null matching NaN."""

    def check(actual: Any, expected: Any) -> None:
        wanted = np.array(expected, dtype=np.float64)  # None becomes NaN
        assert_allclose(actual, wanted, rtol=1e-6, atol=1e-12)

    return check
