"""Own figures: what the page gives to the tab is the release's, complete, and never what a page may not show."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import numpy as np
import polars as pl
import pytest

from dashboards import routes
from dashboards.components.markup import render
from dashboards.data import Book
from dashboards.library import Library
from dashboards.trial import trial
from dashboards.trial_terms import by_default, by_release, costs_of
from pipelines.methods.quantiles import quantile
from pipelines.releases.read import minimum
from tests.releases import HIDDEN_VALUE, LIVING

PREFIX = "/twelve-councils"


def data_of(book: Book, body: str) -> dict[str, Any]:
    return trial(book, book.bodies[body], book.headline)


def test_the_page_promises_and_its_data_are_text_that_runs_nowhere(library: Library) -> None:
    view = routes.view(library, f"{PREFIX}/body/T01/try")
    markup = render(view.content)
    assert view.status == 200
    assert "<b>Your figures stay in this tab</b>" in markup
    assert "<script" not in markup
    held = re.search(r'<div hidden id="own-data">([^<]*)</div>', markup)
    assert held
    assert json.loads(unescape(held[1]))["name"] == "Alderbrook"


def test_a_strange_setting_or_service_is_refused(library: Library) -> None:
    assert routes.view(library, f"{PREFIX}/body/T01/try?figures=3").status == 400
    assert routes.view(library, f"{PREFIX}/body/T01/try?service=zzz").status == 400
    assert routes.view(library, f"{PREFIX}/body/T99/try").status == 404
    assert routes.view(library, f"{PREFIX}/body/T11/try").status == 200  # ended: leads to its successor


@pytest.mark.parametrize("body", LIVING)
def test_no_hidden_value_travels_and_everything_is_plain(book: Book, body: str) -> None:
    text = json.dumps(data_of(book, body), allow_nan=False)
    assert str(int(HIDDEN_VALUE)) not in text


@pytest.mark.parametrize("body", LIVING)
def test_peers_are_those_of_the_release(book: Book, body: str) -> None:
    places = {row["indicator_id"]: row for row in book.standing(book.headline, body_id=body, period="2023-24")}
    for measure in data_of(book, body)["measures"]:
        row = places[measure["id"]]
        assert len(measure["peers"]) == row["n_peers"]
        if row["peer_median"] is not None:
            assert float(quantile(measure["peers"], 0.5)) == pytest.approx(row["peer_median"])


def test_a_measure_is_its_figures_over_each_other(book: Book) -> None:
    data = data_of(book, "T01")
    for measure in data["measures"]:
        top, bottom = (data["figures"][measure[part]]["value"] for part in ("top", "bottom"))
        assert measure["k"] * top * (measure["index"] or 1.0) / bottom == pytest.approx(measure["value"])
    money = {figure["id"]: figure["negative"] for figure in data["figures"]}
    assert money == {
        "road_spend": True,
        "waste_spend": True,
        "road_km": False,
        "waste_tonnes": False,
        "recycled": False,
    }


def test_the_terms_are_those_offered(book: Book) -> None:
    terms = data_of(book, "T01")["settlement"]
    rows = book.rows("settlements", body_id="T01")
    assert terms["offered"]
    assert terms["ceiling"] == [row["ceiling_pence"] / 100 for row in rows if row["plan_id"] == rows[0]["plan_id"]]


def test_a_service_that_the_ceiling_leaves_out_stays_out_of_the_costs(book: Book) -> None:
    """Roads have a cost, but their potential could not be graded: the ceiling holds waste alone."""
    data, policy = data_of(book, "T01"), book.rows("policies", kind="settlement")[0]
    stated = {**json.loads(policy["parameters"]), "services": ["waste", "roads"]}
    both = costs_of(data["measures"], data["figures"], stated["services"])
    assert {cost["service"] for cost in both} == {"waste", "roads"}
    terms = by_release(book, book.bodies["T01"], policy, stated, data["measures"], data["figures"])
    assert terms is not None
    assert [cost["service"] for cost in terms["costs"]] == ["waste"]


def test_default_terms_are_called_so_and_start_from_the_published_cost(book: Book) -> None:
    data = data_of(book, "T01")
    terms = by_default(book, book.bodies["T01"], data["measures"], data["figures"])
    assert terms is not None
    assert not terms["offered"]
    assert terms["label"] == "Default terms, not offered"
    cost = next(figure["value"] for figure in data["figures"] if figure["id"] == "waste_spend")
    # Potential from a twentieth: half of it and 0.8 % a year, a fifth of the half in the first year.
    assert terms["ceiling"][0] == pytest.approx(cost * (1 - 0.5 * 0.05) ** 0.2 * 0.992, rel=1e-3)
    assert terms["threshold"] == pytest.approx(1.28 * terms["costs"][0]["se"] * np.sqrt(4 / 3))


def test_small_is_what_the_release_calls_small() -> None:
    def sector(*pairs: tuple[float, str]) -> pl.DataFrame:
        return pl.DataFrame(pairs, schema=["denominator", "status"], orient="row")

    assert minimum(sector((5000.0, "ok"), (30.0, "ok"))) == 20
    assert minimum(sector((5000.0, "ok"), (12.0, "ok"))) == 12  # the pack allows fewer than 20
    assert 900 < minimum(sector((5000.0, "ok"), (900.0, "small"))) < 900.001  # the pack asks for more
