"""M5.8 minutes to capacity to cash: the worked values of methods.md."""

import pytest

from pipelines.scenarios.capacity import Factor, Factors, minutes_cascade

pytestmark = pytest.mark.golden


def test_cascade(golden, same):
    given, expected = golden("M5.8", "cascade")
    factors = Factors(**{name: Factor(given[name]) for name in Factors.__dataclass_fields__})
    found = minutes_cascade(
        given["staff"], given["minutes"], given["days"], given["rate"], factors, hours_per_fte=given["hours_per_fte"]
    )
    hours = {"gross": "gross", "adopted": "adopted", "attributed": "attributed", "capacity_hours": "capacity"}
    pounds = {
        "gross_value": "gross",
        "capacity_value": "capacity",
        "cash": "cash",
        "cash_after_optimism": "cash after optimism",
    }
    same([found.at(step).hours for step in hours.values()], [expected[name] for name in hours])
    same([found.at(step).value_gbp for step in pounds.values()], [expected[name] for name in pounds])
    same([found.fte, found.share_of_claim], [expected["fte"], expected["share_of_claim"]])
