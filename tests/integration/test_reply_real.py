"""On the figures of real publishers: a figure recomputed from its own published inputs is the published figure."""

from __future__ import annotations

import pytest

from pipelines.releases.figures import same
from pipelines.releases.read import open_release
from pipelines.releases.reply_figure import again, inputs_of, shown, standing
from tests.runs import Ran

pytestmark = pytest.mark.integration
NUMBERS = ("value", "se", "lo", "hi", "numerator", "numerator_nominal", "denominator")
KEY = ("body_id", "indicator_id", "period")


@pytest.mark.parametrize("pack", ["english_councils", "us_acos"])
def test_nothing_changes_where_nothing_is_corrected(both: Ran, pack: str) -> None:
    release = open_release(both.home, pack)
    values = release.table("indicator_values")
    indicators = {row["indicator_id"]: row for row in release.table("indicators").iter_rows(named=True)}
    headline = release.table("positions").filter(model_id=release.facts["headline_peer_model"])
    places = {tuple(row[name] for name in KEY): row for row in headline.iter_rows(named=True)}
    kinds = set()
    for row in values.gather_every(values.height // 150).iter_rows(named=True):
        indicator, published = indicators[row["indicator_id"]], shown(row)
        own = again(release, indicator, row, *inputs_of(release, indicator, row, None, None))
        where = " ".join(row[name] for name in KEY)
        assert [name for name in NUMBERS if not same(own[name], published[name])] == [], where
        assert (own["status"], own["interval_method"]) == (row["status"], row["interval_method"]), where
        place = places.get(tuple(row[name] for name in KEY))
        if place is not None:
            assert standing(own, place)["verdict"] == place["verdict"], where
        kinds.add(indicator["interval"])
    assert "history" in kinds and len(kinds) > 1
