"""HTML is made of components alone, every word escaped."""

from __future__ import annotations

from dash import dcc, html

from dashboards.components.markup import Trusted, attrs, flat, render, text

HOSTILE = '<script>alert("1")</script>'


def test_words_and_attributes_are_escaped() -> None:
    shown = render(html.A(HOSTILE, href=f'"{HOSTILE}', title="a&b"))
    assert "<script" not in shown
    assert shown.startswith('<a href="&quot;&lt;script&gt;')


def test_names_of_attributes_are_those_of_html() -> None:
    shown = render(
        html.Label("x", htmlFor="y", className="z", tabIndex=0, style={"flexGrow": "1"}, **attrs(aria_label="w"))
    )
    assert shown == '<label aria-label="w" class="z" for="y" style="flex-grow:1" tabindex="0">x</label>'


def test_bare_attributes_stand_only_where_true() -> None:
    assert render(html.Option("x", value="", selected=True)) == '<option selected value="">x</option>'
    assert render(html.Option("x", value="1", selected=False)) == '<option value="1">x</option>'


def test_a_chart_leaves_its_space_and_points_to_the_table() -> None:
    assert "table below" in render(html.Div(dcc.Graph(figure={})))


def test_nested_lists_are_opened_and_gaps_dropped() -> None:
    found = flat([html.Div([["a", None], [html.B(["b", [""]])]]), None])
    assert len(found) == 1
    assert found[0].children[0] == "a"
    assert found[0].children[1].children == ["b"]


def test_only_trusted_markup_is_left_as_it_is() -> None:
    assert render([Trusted("<i>"), "<i>"]) == "<i>&lt;i&gt;"


def test_the_words_of_a_component() -> None:
    assert text(html.P(["a ", html.B(["b", 1]), None])) == "a b1"
