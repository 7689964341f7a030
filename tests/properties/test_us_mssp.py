"""Shared savings for any figures: never above the cap, never better for spending more, blind to units and order."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.scenarios.rules import shipped
from pipelines.scenarios.us_mssp import FACTS, FIGURES, REQUIRED, settle

RULES = shipped("us-mssp")
EMPTY = {**dict.fromkeys(FIGURES, pl.Float64), **dict.fromkeys(FACTS, pl.String)} | {"current_start_date": pl.Date}
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["T1", "T2", "T3", "T1+", "A", "B", "C", "D", "E", "EN"]),
        st.integers(2019, 2026),
        st.integers(5000, 90_000),
        st.floats(0.4, 1.6),  # expenditure over benchmark
        st.none() | st.floats(0, 1),
        st.sampled_from([0.0, 0.005, 0.01, 0.02]),
        st.sampled_from([None, 0.0, 1.0]),
    ),
    min_size=1,
    max_size=12,
)


def table(rows, dollars=1e8):
    """Rows as the steps read them, each with a benchmark of so many dollars."""
    track, year, size, spent, score, msr, met = zip(*rows, strict=True)
    given = {
        "aco_id": [str(i) for i in range(len(rows))],
        "performance_year": list(year),
        "assigned_beneficiaries": [float(n) for n in size],
        "benchmark_total": [dollars] * len(rows),
        "expenditure_total": [dollars * share for share in spent],
        "quality_score": score,
        "msr_published": msr,
        "met_qps": met,
        "track": track,
    }
    assert set(REQUIRED) <= set(given)
    blanks = {name: [None] * len(rows) for name in EMPTY if name not in given}
    return pl.DataFrame(given | blanks, schema_overrides=EMPTY)


def earned(rows, dollars=1e8):
    return settle(table(rows, dollars), RULES)["earned"].to_numpy()


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_payments_stay_between_limit_and_cap(rows):
    found = settle(table(rows), RULES)
    assert (found["earned"] <= found["cap"] + 1e-6).all()
    limit = found["loss_limit"].fill_null(1e8)
    assert (found["earned"] >= -limit - 1e-6).all()
    assert found.filter(pl.col("side") == "one").select((pl.col("earned") >= 0).all()).item()


@settings(max_examples=40, deadline=None)
@given(ROWS, st.floats(0.001, 0.5))
def test_spending_more_never_pays(rows, more):
    dearer = [(*row[:3], row[3] + more, *row[4:]) for row in rows]
    assert (earned(dearer) <= earned(rows) + 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_units_and_order_do_not_matter(rows):
    np.testing.assert_allclose(earned(rows, 1e8), earned(rows, 2.0**20) * (1e8 / 2.0**20), rtol=1e-9, atol=1e-3)
    np.testing.assert_array_equal(earned(rows)[::-1], earned(rows[::-1]))
