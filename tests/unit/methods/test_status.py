"""Statuses combine to the worst, alike in arrays and in Polars columns."""

from itertools import product

import numpy as np
import polars as pl
import pytest

from pipelines.methods import status as st


def test_the_order_is_that_of_the_specification():
    written = "quarantined > withheld > not_applicable > missing > suppressed > zero_den > break > small > imputed"
    assert [*reversed(st.ORDER)] == [*written.split(" > "), "provisional", "ok"]


def test_worst_of_scalars_and_columns():
    assert st.worst("ok", "small") == "small"
    assert st.worst("missing", ["ok", "quarantined"]).tolist() == ["missing", "quarantined"]
    assert st.worst([["ok"], ["break"]], ["ok", "suppressed"]).tolist() == [
        ["ok", "suppressed"],
        ["break", "suppressed"],
    ]


def test_worst_is_commutative_associative_and_idempotent():
    for a, b, c in product(st.ORDER, repeat=3):
        assert st.worst(a, b) == st.worst(b, a)
        assert st.worst(st.worst(a, b), c) == st.worst(a, st.worst(b, c)) == st.worst(a, b, c)
        assert st.worst(a, a) == a == st.worst(a, "ok")


def test_unknown_or_no_status_is_refused():
    with pytest.raises(ValueError, match="unknown status 'fine'"):
        st.worst(["ok", "fine"])
    with pytest.raises(ValueError, match="at least one"):
        st.worst()


def test_polars_agrees_with_numpy_on_every_pair():
    pairs = list(product(st.ORDER, repeat=2))
    frame = pl.DataFrame(pairs, schema=["a", "b"], orient="row")
    found = frame.select(st.worst_expr("a", pl.col("b")).alias("w"))["w"]
    assert found.to_list() == st.worst(*map(list, zip(*pairs, strict=True))).tolist()


def test_an_absent_status_counts_as_missing():
    frame = pl.DataFrame({"a": ["ok", None], "b": ["small", "ok"]})
    assert frame.select(st.worst_expr("a", "b"))["a"].to_list() == ["small", "missing"]


def test_an_unknown_status_in_a_column_is_refused():
    with pytest.raises(pl.exceptions.InvalidOperationError):
        pl.DataFrame({"a": ["fine"]}).select(st.worst_expr("a"))


def test_reasons_keep_every_input_status_worst_first():
    frame = pl.DataFrame({"a": ["ok", "small", "ok"], "b": ["ok", "missing", "break"], "c": ["ok", "small", "ok"]})
    assert frame.select(st.reasons_expr("a", "b", "c").alias("r"))["r"].to_list() == ["", "missing,small", "break"]


def test_small_modelled_and_absent_values_are_no_reference():
    assert st.is_in(np.array(st.ORDER), st.REFERENCE).sum() == 3
    assert not st.is_in(["small", "imputed", "missing", "suppressed"], st.REFERENCE).any()
