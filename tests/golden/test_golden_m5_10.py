"""M5.10 invest to save: the worked values of methods.md."""

import pytest

from pipelines.scenarios.invest import appraise, cost_uplift

pytestmark = pytest.mark.golden


def test_npv(golden, same):
    given, expected = golden("M5.10", "NPV")
    plan = appraise(given["I"], given["b"], rate=given["r"], delay=given["d"])
    same([plan.npv, plan.bcr, plan.payback_year], [expected[name] for name in ("npv", "bcr", "payback_year")])
    overrun = cost_uplift("standard buildings").high  # 24 %, the published upper bound
    same(appraise(given["I"], given["b"], cost_uplift=overrun, benefit_shortfall=0.3).npv, expected["npv_uplifted"])
