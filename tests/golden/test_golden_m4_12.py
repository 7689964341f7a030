"""M4.12 forecast to the target date: the worked values of methods.md."""

import numpy as np
import pytest
from scipy.special import stdtrit

from pipelines.methods.forecast import forecast
from pipelines.methods.forecast_models import drift, meets, no_change, trend

pytestmark = pytest.mark.golden


def last(found):
    return found.centre[-1], found.scale[-1]


def test_members(golden, same):
    given, expected = golden("M4.12", "trend and drift")
    y, goal, steps = np.array(given["y"]), np.array(given["target"]), given["H"]
    line, walk, still = (model(y, steps) for model in (trend, drift, no_change))
    same(last(line), [expected["trend"]["forecast"], expected["trend"]["se"]])
    same(np.diff(line.centre), [expected["trend"]["slope"]] * 3)
    reach = stdtrit(line.df, 0.9) * line.scale[-1]
    same([line.centre[-1] - reach, line.centre[-1] + reach], expected["trend"]["pi80"])
    same(last(walk), [expected["drift"]["forecast"], expected["drift"]["se"]])
    same(still.scale[-1], expected["no_change"]["se"])
    chances = [meets(model, goal, -1)[-1] for model in (line, walk, still)]
    same(chances, [expected[name]["p"] for name in ("trend", "drift", "no_change")])


def test_ensemble_and_pace(golden, same):
    given, expected = golden("M4.12", "trend and drift")
    found = forecast(given["y"], given["target"], given["H"], given["d"])
    same(found.p_hit, expected["ensemble_equal_trend_drift"])
    same([found.pace.required, found.pace.ratio], [expected["pace_required"], expected["pace_ratio"]])
    same(found.pace.achieved, -expected["drift"]["mean"])
    same(found.models["no change"].p_hit, expected["no_change"]["p"])
    assert (found.call, found.models["no change"].weight) == ("off track", 0)
