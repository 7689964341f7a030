"""The frame of a block: heading, sentence, content, and a foot with table, CSV and origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import dcc, html

from dashboards.address import Address
from dashboards.components.markup import attrs
from dashboards.components.narrow import heights
from dashboards.components.sheet import Sheet, as_table


@dataclass(frozen=True)
class View:
    """One page: its title, content, tables (for CSV), navigation section and HTTP status."""

    title: str
    content: Sequence[Any]
    section: str = ""
    sheets: Sequence[Sheet] = ()
    status: int = 200
    leads_to: str = ""


@dataclass(frozen=True)
class Origin:
    """Where figures come from: the parts of a claim's address, and the words of the link to it."""

    parts: tuple[str, ...]
    words: str = "Where these figures come from"


@dataclass(frozen=True)
class Foot:
    """Links below a block, besides the table and the CSV."""

    links: Sequence[tuple[str, str]] = field(default_factory=tuple)


CONFIG: Any = {
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
}


def figure_block(
    title: str,
    sentence: Any,
    figure: dict[str, Any],
    table: Sheet,
    claims: Origin | None,
    address: Address,
    *,
    above: Any = None,
) -> html.Figure:
    """A chart that is one picture to a screen reader, with its sentence, its table, its CSV and its origin.

    claims : None where the figures are on trial, and so have no origin but the page.
    """
    name = table.id
    wide, narrow = heights(figure)
    picture = html.Div(
        dcc.Graph(figure=figure, config=CONFIG, id=f"chart-{name}", className="plot"),
        className="chart" if "height" in figure["layout"] else "chart fills",
        role="img",
        style={"--height": f"{wide}px", "--narrow": f"{narrow}px"},
        **attrs(aria_labelledby=f"title-{name} sentence-{name}"),
    )
    caption = html.Figcaption(
        [html.H2(title, id=f"title-{name}"), html.P(sentence, id=f"sentence-{name}", className="sub")]
    )
    twin = html.Details([html.Summary("Show as table"), as_table(table)])
    foot = html.Div([twin, *feet(table, claims, address), *pictures(table, address)], className="foot")
    return html.Figure([caption, above, picture, foot], className="panel")


def table_block(
    title: str,
    sentence: Any,
    table: Sheet,
    address: Address,
    claims: Origin | None = None,
    *,
    above: Any = None,
    below: Any = None,
    foot: Sequence[Any] = (),
) -> html.Section:
    """A table that is itself the answer, with its CSV and its origin."""
    return html.Section(
        [
            html.H2(title, id=f"title-{table.id}"),
            html.P(sentence, id=f"sentence-{table.id}", className="sub"),
            above,
            as_table(table),
            below,
            html.Div([*feet(table, claims, address), *foot], className="foot"),
        ],
        className="panel",
        **attrs(aria_labelledby=f"title-{table.id}"),
    )


def feet(table: Sheet, claims: Origin | None, address: Address) -> list[Any]:
    """The links of a block's foot."""
    links: list[Any] = [
        html.A(["Download CSV", _of(table.title)], href=address.here(csv=table.id), **attrs(data_full="")),
        html.A(["Download XLSX", _of(table.title)], href=address.here(xlsx=table.id), **attrs(data_full="")),
    ]
    if claims:
        links.append(claim_link(claims.words, claims.parts, address, f"origin-{table.id}", table.title))
    return links


def pictures(table: Sheet, address: Address) -> list[html.Button]:
    """Buttons that make a chart into a file in the browser, with its title, sentence and citation inside."""
    return [
        html.Button(
            [f"Download {kind.upper()}", _of(table.title)],
            type="button",
            className="as-link scripted",
            **attrs(data_picture=kind, data_chart=table.id, data_name=address.stem(table.id)),
        )
        for kind in ("svg", "png")
    ]


def claim_link(words: Any, parts: Sequence[str], address: Address, id: str, of: str = "") -> html.A:
    """A link to a claim's own page, which a script opens as a drawer on the page at hand."""
    return html.A(
        [words, _of(of)] if of else words,
        href=address.to("claim", *parts),
        id=id,
        **attrs(data_drawer="~".join(parts)),
    )


def _of(title: str) -> html.Span:
    """What a link belongs to, for those who hear links out of their place."""
    return html.Span(f": {title}", className="unseen")


def heading(
    title: str, address: Address, *, kicker: Any = None, section: str = "", actions: Sequence[Any] = ()
) -> html.Div:
    """Kind of page, H1 and the heading's actions. The H1 takes the focus after navigation."""
    permanent = html.A("Permanent link", href=address.permanent(), **attrs(data_full=""))
    return html.Div(
        [
            html.P(kicker, className="kicker") if kicker else None,
            html.Div(
                [
                    html.H1(title, tabIndex=-1, id="top", **attrs(data_section=section)),
                    html.P([permanent, *actions], className="actions"),
                ],
                className="title",
            ),
        ],
        className="heading",
    )


def lede(*parts: Any) -> html.P:
    """The answer in one or two sentences; repeated aloud when a control changes it."""
    return html.P(list(parts), className="lede", id="lede")


def sentence(*parts: Any) -> html.P:
    """One sentence of words, figures and links."""
    return html.P(list(parts))


def note(*parts: Any) -> html.Span:
    """A small remark under a word."""
    return html.Span(list(parts), className="note")


def panel(title: str, *content: Any, id: str, wash: bool = False) -> html.Section:
    """A block without figures."""
    return html.Section(
        [html.H2(title, id=id), *content],
        className="panel wash" if wash else "panel",
        **attrs(aria_labelledby=id),
    )


def help_block(title: str, *content: Any) -> html.Details:
    """A closed explanation."""
    return html.Details([html.Summary(title), html.Div(list(content), className="inside")], className="help")


def control(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str, default: str) -> html.Div:
    """A native select with its label; the default leaves the address."""
    listed = [
        html.Option(words, value="" if value == default else value, selected=value == chosen)
        for value, words in options
    ]
    return html.Div(
        [html.Label(label, htmlFor=f"control-{name}"), html.Select(listed, name=name, id=f"control-{name}")],
        className="control",
    )


def controls(address: Address, *parts: Any) -> html.Form:
    """A form whose state is the address; a script applies a change at once, the button does without one."""
    return html.Form(
        [*parts, html.Button("Apply", type="submit", className="unscripted")],
        action=address.to(*address.parts),
        method="get",
        className="controls",
        **attrs(data_state="", aria_label="Choose what is shown"),
    )
