"""Cost models in a walk: exact laws are found, the odd court stands out, nobody without figures has a ratio."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.methods.cost_models import cost_model
from pipelines.packs.schema import PeerModel, Variable
from pipelines.packs.schema_frontiers import CostModel, Driver
from pipelines.quality.rules import check_rules, read_rules
from pipelines.walk.cost_models import cost_models
from tests.warehouses import put, put_nothing

SIZE = Variable(id="size", measure="residents", label="Residents", theme="Size")
NEAREST = PeerModel(id="alike", label="Alike", kind="computed", k=8, cap_quantile=1, variables=(SIZE,))
MODEL = CostModel(
    service="justice",
    volumes=("resolved",),
    context=(Driver(measure="area", transform="log"),),
    classes=("court",),
    note="x",
)
IDS = tuple(f"C{n:02}" for n in range(24))
YEARS = ("2021", "2022", "2023")


def walked(warehouse, courts, dear: dict[str, float], absent: tuple[str, ...] = ()):
    """Spending = 3 x resolved^0.9 x area^0.2, times `dear`; the courts of `absent` have no spending at all."""
    put(warehouse, "marts.bodies", *({"body_id": b} for b in IDS), class_id="court", valid_from="1972-01-01")
    figures = []
    for n, body in enumerate(IDS, 1):
        area = 10.0 + n * 7 % 11
        for t, year in enumerate(YEARS):
            resolved = 100.0 * n * (1 + 0.01 * ((n * 5 + t) % 7))
            spent = 3 * resolved**0.9 * area**0.2 * dear.get(body, 1.0)
            gone = body in absent
            money = {"measure_id": "spending", "value": None if gone else spent, "status": "missing" if gone else "ok"}
            rest = (("resolved", resolved), ("area", area), ("residents", 9.0))
            rows = [money, *({"measure_id": m, "value": value} for m, value in rest)]
            figures += [{"body_id": body, "period": year} | row for row in rows]
    put(warehouse, "staging.usable", *figures, input_editions="returns@e")
    put(
        warehouse,
        "marts.periods",
        *({"period": y, "kind": "calendar_year", "start": f"{y}-01-01", "end": f"{y}-12-31"} for y in YEARS),
    )
    put(warehouse, "marts.costs", {"body_id": "C00", "service_id": "justice", "period": "2023"})
    put_nothing(warehouse, "staging.deflator", "staging.changes", "marts.scope_flags", "marts.flagged")
    cost_models(replace(courts, peer_models=(NEAREST,), cost_models=(MODEL,)), warehouse)


def ratios(warehouse) -> dict[str, float]:
    return dict(warehouse.read("select body_id, ratio from marts.modelled_costs").iter_rows())


def test_a_law_without_noise_is_found_exactly(warehouse, courts):
    walked(warehouse, courts, {})
    model = warehouse.read("from marts.cost_models").row(0, named=True)
    assert float(model["elasticities"]) == pytest.approx(0.9)
    assert (model["n_bodies"], model["n_rows"], model["periods"]) == (24, 72, "2021 2022 2023")
    assert ratios(warehouse)["C07"] == pytest.approx(1.0)
    assert model["inefficiency"] is None  # 24 bodies are fewer than 60


def test_the_dear_court_stands_out_and_the_rules_hold(warehouse, courts):
    walked(warehouse, courts, {"C05": 1.5, "C11": 0.8})
    found = ratios(warehouse)
    assert found["C05"] > 1.3 and found["C11"] < 0.9
    row = warehouse.read("from marts.modelled_costs where body_id = 'C05'").row(0, named=True)
    assert row["ratio_lo"] < row["ratio"] < row["ratio_hi"]
    rules = (rule for rule in read_rules() if rule.table in ("cost_models", "modelled_costs"))
    assert {check.outcome for check in check_rules(warehouse, rules)} == {"passed"}


def test_a_court_without_costs_has_a_row_and_no_ratio(warehouse, courts):
    walked(warehouse, courts, {"C05": 1.2}, absent=("C09",))
    row = warehouse.read("select ratio, status from marts.modelled_costs where body_id = 'C09'").row(0)
    assert row == (None, "missing")
    assert warehouse.scalar("select n_bodies from marts.cost_models") == 23


def test_the_error_of_a_ratio_is_year_to_year_noise_over_the_years():
    # 40 bodies, 4 years, noise of sd 0.1 each: 0.1 / sqrt(4) = 0.05; the fit on 160 rows adds about 0.1 / sqrt(160)
    # twice: sqrt(0.05^2 + 2 x 0.008^2) = 0.051.
    rng = np.random.Generator(np.random.Philox(key=[3, 11]))
    body = np.repeat(np.arange(40), 4)
    volume = np.exp(rng.normal(0, 1, 40))[body]
    error = cost_model(volume * np.exp(rng.normal(0, 0.1, 160)), volume, body=body).ratio_se
    assert np.median(error) == pytest.approx(0.051, rel=0.15)


def test_one_year_alone_gives_no_error():
    found = cost_model([2.0, 4.1, 8.2, 15.9], [1.0, 2.0, 4.0, 8.0], body=["a", "b", "c", "d"])
    assert np.isnan(found.ratio_se).all()
