"""The page around the page: skip link, header, search, release strip, footer, painted before any script runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from dash import html

from dashboards.address import Address, slug
from dashboards.components.block import View
from dashboards.components.markup import Trusted, attrs, render
from dashboards.components.numbers import day, plural
from dashboards.components.words import article
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages.releases import citation

NAVIGATION = (
    ("overview", "Overview", ()),
    ("bodies", "Bodies", ("bodies",)),
    ("services", "Services", ("services",)),
    ("settlements", "Settlements", ("settlements",)),
    ("releases", "Releases", ("releases",)),
    ("quality", "Quality", ("quality",)),
    ("operate", "Operate", ("operate",)),
)
NAME = "Evenhand"
ASSETS = Path(__file__).parent.parent / "assets"
EARLY = "".join((ASSETS / "early" / name).read_text(encoding="utf-8") for name in ("theme.js", "later.js"))
"""Sets the chosen appearance before the first paint and starts the other scripts after it; allowed by its hash."""


def document(
    view: View, library: Library, book: Book | None, address: Address | None, parts: Mapping[str, str], theme: str
) -> str:
    """The whole HTML of a view. `parts` holds Dash's own tags (css, config, scripts and so on); all else is escaped."""
    prefix = address.prefix if address else ""
    attribute = f' data-theme="{theme}"' if theme else ""
    scripts, renderer = later(parts["scripts"]), later(parts["renderer"])
    return f"""<!DOCTYPE html>
<html lang="en"{attribute} data-prefix="{escape(prefix)}" data-charts="{escape(parts["charts"])}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(f"{view.title} · {NAME}")}</title>
<link rel="icon" type="image/svg+xml" href="{escape(parts["icon"])}">
<script>{EARLY}</script>
<link rel="stylesheet" href="{escape(parts["style"])}">
{preloads(scripts)}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
{render(header(view, book, address))}
{render(strip(library, book, address))}
<main id="main" tabindex="-1">
<div id="painted">{render(view.content)}</div>
{parts["app_entry"]}
</main>
<div id="live" class="unseen" role="status" aria-live="polite"></div>
{render(footer(book, address))}
<div hidden>{parts["css"]}{parts["config"]}{scripts}{renderer}</div>
</body>
</html>"""


def later(scripts: str) -> str:
    """Dash's own script tags, held back until the page has been painted: early/later.js sets them going."""
    return scripts.replace(' type="application/javascript"', "").replace("<script ", '<script type="text/later" ')


def preloads(scripts: str) -> str:
    """Links by which the browser fetches scripts that it must not run yet."""
    return "".join(f'<link rel="preload" as="script" href="{href}">' for href in re.findall(r'src="([^"]+)"', scripts))


def header(view: View, book: Book | None, address: Address | None) -> html.Header:
    """Brand, navigation by thing, and the search that answers without a script."""
    if book is None or address is None:
        return html.Header(html.Div(html.A(brand(), href="/", className="brand"), className="wrap"), className="top")
    items = []
    for section, label, parts in NAVIGATION:
        current = attrs(aria_current="page") if section == view.section else {}
        items.append(html.Li(html.A(label, href=address.to(*parts), **attrs(data_section=section), **current)))
    return html.Header(
        html.Div(
            [
                html.A(brand(), href=address.to(), className="brand"),
                html.Nav(html.Ul(items), className="main", **attrs(aria_label="Main")),
                search(book, address),
            ],
            className="wrap",
        ),
        className="top",
    )


def brand() -> list[Any]:
    return [html.Span(className="bars", **attrs(aria_hidden="true")), NAME]


def search(book: Book, address: Address) -> Any:
    """A native text box with the names of living bodies; former names and codes are matched by the server."""
    label = f"Find {article(book.noun)} {book.noun}"
    return Trusted(
        f'<form class="find" role="search" action="{escape(address.to("find"))}" method="get">'
        f'<label class="unseen" for="find">{escape(label)}</label>'
        f'<input id="find" name="q" type="text" list="names" maxlength="200" autocomplete="off" '
        f'placeholder="{escape(label)}"><button type="submit">Find</button><datalist id="names">'
        + "".join(f'<option value="{escape(body.name)}">' for body in book.living)
        + "</datalist></form>"
    )


def strip(library: Library, book: Book | None, address: Address | None) -> Any:
    """Sector switch, release, checks; and a bar where the release in view is not the current one."""
    if book is None or address is None:
        return None
    sectors: list[Any] = []
    for pack in library.packs():
        shown = library.book(pack).title
        current = attrs(aria_current="true") if pack == book.pack else {}
        sectors.append(html.Li(html.A(shown, href=f"/{slug(pack)}", **attrs(data_full=""), **current)))
    number = book.facts["counts"]
    release: list[Any] = ["Release ", html.B(day(book.date)), " · ", html.Code(book.id[:6])]
    warned = plural(number["checks_warned"], "warning", "warnings")
    checks = html.A(f"{number['checks_passed']:,} checks passed, {warned}", href=address.to("quality"))
    bar = html.Div(
        [
            html.Nav(
                [html.Span("Sector: ", id="sectors"), html.Ul(sectors)],
                className="sectors",
                **attrs(aria_labelledby="sectors"),
            ),
            html.P(release),
            html.P(checks),
            changed(library, book, address),
        ],
        className="wrap",
    )
    return html.Section(
        [bar, older(library, book, address)], className="strip-bar", **attrs(aria_label="Release in view")
    )


def changed(library: Library, book: Book, address: Address) -> Any:
    """What changed since the release that was current before this one; nothing where none stands on the shelf."""
    before = library.earlier(book.pack, book.id)
    if not before:
        return None
    return html.P(html.A("What changed", href=address.to("releases", f"{before[:12]}..{book.id[:12]}")))


def older(library: Library, book: Book, address: Address) -> Any:
    """Says that a pinned release is not the current one."""
    if not address.release or library.book(book.pack).id == book.id:
        return None
    current = Address(book.pack, "", address.parts, address.query)
    said = [f"This is release {book.id[:12]}, which is not the current one. "]
    return html.Div(
        html.P(
            [*said, html.A("Go to the current release", href=current.here(), **attrs(data_full=""))], className="wrap"
        ),
        className="older",
    )


def footer(book: Book | None, address: Address | None) -> html.Footer:
    """Sources and licence, accessibility, words, appearance, and how to cite."""
    if book is None or address is None:
        return html.Footer(
            html.Div(html.P(f"{NAME}: figures that can be opened."), className="wrap"), className="bottom"
        )
    links = [("Sources and licence", "quality"), ("Accessibility", "accessibility"), ("Words and methods", "glossary")]
    links += [("Methods", "methods"), ("Data dictionary", "dictionary"), ("Right of reply", "disputes")]
    licence = str(book.facts.get("licence_note") or "")
    content: list[Any] = [
        html.Ul([html.Li(html.A(label, href=address.to(part))) for label, part in links]),
        Trusted(APPEARANCE),
        html.P(["This release is immutable. Cite it as: ", html.Cite(citation(book), id="cite-as")]),
        html.P(["Contact: ", contact(book)]),
        html.P(licence) if licence else None,
    ]
    return html.Footer(html.Div(content, className="wrap"), className="bottom")


def contact(book: Book) -> str:
    """Whom to write to: as the pack declares it, else whoever runs this site and the publisher of each figure."""
    declared = str(book.facts.get("contact") or "").strip()
    return declared or (
        f"write to whoever runs this site, quoting release {book.id[:12]}; of a figure, to the publisher that its "
        "origin names."
    )


APPEARANCE = (
    '<div class="appearance scripted"><label for="appearance">Appearance</label><select id="appearance">'
    '<option value="">As the device</option><option value="light">Light</option><option value="dark">Dark</option>'
    "</select></div>"
)
