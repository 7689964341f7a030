"""Challenge counts windows from the same start, pools when they are few, and does not count luck as achievement."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.challenge import Windows, calibrate, improvement_limit, label, smart, windows
from pipelines.methods.shrinkage import shrink


def history(per_band, improvement=0.1):
    band = np.repeat(np.arange(1, 5), per_band)
    rows = np.arange(band.size)
    return Windows(np.full(band.size, improvement), band, rows, rows, 4, 3, "ratio")


def test_windows_of_a_panel_by_hand():
    values = np.array([[100.0, 98, 90, 80], [200, 190, 180, 150], [300, 300, 300, 300], [400, 400, 440, np.nan]])
    found = windows(values, values, 2, -1)
    # Two starts; body 1: (100-90)/100, (98-80)/98; body 4's second window has no end.
    assert found.body.tolist() == [0, 0, 1, 1, 2, 2, 3]
    assert_allclose(found.improvement, [0.1, 18 / 98, 0.1, 40 / 190, 0, 0, -0.1])
    assert found.band.tolist() == [1, 1, 2, 2, 3, 3, 4]
    kept = windows(values, values, 2, -1, kept=1)
    assert_allclose(kept.improvement, [0.1, 0.1, 0])  # 90 was bettered by 80: the worse of the two counts
    assert_allclose(windows(values, values, 2, 1, scale="difference").improvement[:2], [-10, -18])
    assert windows(values, values, 4, -1).improvement.size == 0


def test_regression_to_the_mean_is_not_achievement():
    rng = np.random.default_rng(1)
    truth = rng.normal(100, 5, 400)  # nobody improves
    seen = truth[:, None] + rng.normal(0, 5, (400, 2))
    shrunk = np.column_stack([shrink(column, np.full(400, 5.0)).value for column in seen.T])
    raw = windows(seen, seen, 1, -1, scale="difference")
    fair = windows(seen, shrunk, 1, -1, scale="difference")
    worst = [found.improvement[found.band == 4].mean() for found in (raw, fair)]
    assert worst[0] > 3  # the worst quarter "improves" by three and more, by luck alone
    assert abs(worst[1]) < 0.8


def test_pooling_takes_the_nearest_bands_first():
    assert calibrate(0.1, 1, history(30)).pooled == (1,)
    assert calibrate(0.1, 1, history(15)).pooled == (1, 2)
    assert calibrate(0.1, 2, history(10)).pooled == (1, 2, 3)
    few = calibrate(0.1, 2, history(2))
    assert (few.label, few.windows, few.pooled) == ("", 8, (1, 2, 3, 4))
    assert np.isnan(few.c)
    assert calibrate(0.1, 2, history(3)).c == 1  # 12 in all: a label, from all bands


def test_labels_and_their_edges():
    said = [label(c) for c in (0.71, 0.7, 0.3, 0.29, 0.1, 0.09, np.nan)]
    middle = "appropriately challenging"
    assert said == ["comfortable", middle, middle, "stretching", "stretching", "not credible", ""]


def test_the_step_limit_is_the_quickest_quarter_and_never_negative():
    found = history(40)._replace(improvement=np.tile(np.linspace(0, 0.39, 40), 4))
    assert_allclose(improvement_limit(200, 2, found), 200 * 0.2925)  # type 7: place 29.25 of steps of 0.01
    assert_allclose(improvement_limit(200, 2, found._replace(scale="difference")), 0.2925)
    assert improvement_limit(200, 2, history(40, -0.2)) == 0
    assert np.isnan(improvement_limit(200, 2, history(2)))


def test_smart_is_computed():
    given = {"measure": "m", "denominator": "d", "reliability": 0.5, "lag": 0.5, "horizon": 3, "c": 0.4, "gap": 1.0,
             "stage": "intake", "date": "2028-29", "interim": 2}  # fmt: skip
    assert all(smart(**given).values())
    assert not smart(**{**given, "lag": 0.8})["measurable"]
    assert not smart(**{**given, "c": 0.05})["achievable"]
    assert not smart(**{**given, "c": np.nan})["achievable"]


def test_refusals():
    with pytest.raises(ValueError, match="windows need"):
        windows(np.ones((3, 3)), np.ones((3, 2)), 1, -1)
    with pytest.raises(ValueError, match="above 0"):
        windows(np.zeros((3, 3)), np.zeros((3, 3)), 1, -1)
