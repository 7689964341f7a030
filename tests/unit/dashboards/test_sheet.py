"""One table, as HTML and as CSV."""

from __future__ import annotations

from dash import html

from dashboards.components.markup import render
from dashboards.components.sheet import Head, Sheet, as_csv, as_table

SHEET = Sheet(
    "s",
    "Costs",
    (Head("Council"), Head("£ a tonne", True)),
    [[html.B("A<b>"), "£1"]],
    ("name", "value", "lo", "status"),
    [{"name": "=1+1", "value": -1.25, "lo": None, "status": "ok"}],
    (("P", "provisional"), ("P", "provisional")),
    frozenset({0}),
)


def test_the_table_names_itself_its_rows_and_its_columns() -> None:
    shown = render(as_table(SHEET))
    assert '<div aria-label="Costs, table" class="scroll" role="region" tabindex="0">' in shown
    assert '<th scope="col" class="number">£ a tonne</th>' in shown
    assert '<tr class="own"><th scope="row"><b>A&lt;b&gt;</b></th><td class="number">£1</td></tr>' in shown
    assert shown.count("<b>P</b>") == 1


def test_csv_disarms_formulas_in_text_and_leaves_numbers_and_gaps() -> None:
    assert as_csv(SHEET) == "name,value,lo,status\n'=1+1,-1.25,,ok\n"
