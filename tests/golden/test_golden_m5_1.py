"""M5.1 baseline: the formula of methods.md worked by hand (the card has no example of its own)."""

import pytest

from pipelines.scenarios.baseline import baseline

pytestmark = pytest.mark.golden


def test_three_years_volume_normalised_with_one_offs_and_full_year_effects(same):
    # Elasticity 1, V0 = 120: 110 * 120/100 = 132; (128 - 8) * 120/110 = 130.909090...; 126; mean 129.636363...; plus 3.
    found = baseline([110, 128, 126], [100, 110, 120], one_offs=[0, 8, 0], full_year=3, elasticity=1)
    same(found.value, (132 + 120 * 120 / 110 + 126) / 3 + 3)
    same(found.without_last, (132 + 120 * 120 / 110) / 2 + 3)
    same(found.moved, found.value / found.without_last - 1)


def test_elasticity_of_the_card(same):
    # 0.8: ln 1.1 * 0.8 = 0.0762481..., exp = 1.0792303452988848
    same(baseline([100, 100], [100, 110]).value, (100 * 1.0792303452988848 + 100) / 2)
