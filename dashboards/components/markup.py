"""Dash's HTML components as HTML text, every word escaped: the page before, and without, any script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from typing import Any

from dash.development.base_component import Component

VOID = frozenset({"Br", "Hr", "Img", "Input", "Link", "Meta", "Source", "Wbr", "Col"})
RENAMED = {
    "className": "class",
    "htmlFor": "for",
    "tabIndex": "tabindex",
    "colSpan": "colspan",
    "rowSpan": "rowspan",
    "dateTime": "datetime",
    "hrefLang": "hreflang",
    "autoComplete": "autocomplete",
    "encType": "enctype",
}
BARE = frozenset({"hidden", "open", "selected", "disabled", "checked", "required"})
LEFT_OUT = frozenset(
    {
        *("children", "n_clicks", "n_clicks_timestamp", "key", "disable_n_clicks", "available_properties"),
        *("available_wildcard_properties", "_namespace", "_prop_names", "_type", "_valid_wildcard_attributes"),
    }
)
"""What an instance of Dash's holds and no element has. Asking `vars` of it is five times as fast as its own JSON."""

ISLAND = "data-island"

WAITING = (
    '<div class="waiting"><noscript><p>The chart is drawn by a script. The table below holds the same figures.</p>'
    "</noscript></div>"
)


class Trusted:
    """HTML written by ours: what Dash's components lack (datalist), and tables; its data are escaped there."""

    def __init__(self, markup: str) -> None:
        self.markup = markup


def render(node: Any) -> str:
    """HTML of a component, a text, a number or a list of them. Charts become a space of their size."""
    if node is None or isinstance(node, bool):
        return ""
    if isinstance(node, Trusted):
        return node.markup
    if isinstance(node, Component):
        return _component(node)
    if isinstance(node, str | int | float):
        return escape(str(node))
    if isinstance(node, Iterable):
        return "".join(render(child) for child in node)
    raise TypeError(f"cannot be written as HTML: {type(node).__name__}")


def flat(node: Any) -> list[Any]:
    """Components and words as one list, nested lists opened and gaps dropped, all the way down.

    Dash hands nested lists to React as bare objects, which React refuses. Components are changed in place.
    """
    if node is None or node == "":
        return []
    if isinstance(node, Component):
        children = getattr(node, "children", None)
        if isinstance(children, list | tuple | Component):
            node.children = flat(children)
        return [node]
    if isinstance(node, list | tuple):
        return [part for child in node for part in flat(child)]
    return [node]


def light(node: Any) -> list[Any]:
    """`flat`, with each table and each island as one text that the script puts in place.

    Dash keeps every element in its store and asks all of them at each one it mounts: 4,000 cells took it 50 seconds,
    their text takes milliseconds. A table holds no chart, and every word in its text is escaped by `render`.
    """
    found = flat(node)
    for each in found:
        _lighten(each)
    return found


def _lighten(node: Any) -> None:
    children = getattr(node, "children", None)
    if hasattr(node, ISLAND) or isinstance(children, Trusted) or getattr(_only(children), "_type", "") == "Table":
        setattr(node, "data-markup", render(children))
        node.children = None
        return
    if not isinstance(children, list):
        return
    for child in children:
        _lighten(child)


def _only(children: Any) -> Any:
    return children[0] if isinstance(children, list) and len(children) == 1 else None


def island(node: Any) -> Any:
    """A component whose inside belongs to a script of ours: Dash must not know it, or it would undo what is written."""
    setattr(node, ISLAND, "")
    return node


def text(node: Any) -> str:
    """The words of a component, without marks."""
    if isinstance(node, Trusted):
        return unescape(re.sub("<[^>]*>", "", node.markup))
    if isinstance(node, Component):
        return text(getattr(node, "children", None))
    if isinstance(node, str | int | float) and not isinstance(node, bool):
        return str(node)
    return "".join(text(child) for child in node) if isinstance(node, Iterable) else ""


def _component(node: Any) -> str:
    kind, values = node._type, vars(node)
    if node._namespace != "dash_html_components" and kind != "Input":
        return WAITING
    tag = kind.lower()
    attributes = "".join(_attribute(name, values[name]) for name in sorted(values.keys() - LEFT_OUT))
    if kind in VOID:
        return f"<{tag}{attributes}>"
    return f"<{tag}{attributes}>{render(values.get('children'))}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or (name in BARE and not value):
        return ""
    if name in BARE:
        return f" {name}"
    if name == "style":
        value = ";".join(f"{_kebab(key)}:{part}" for key, part in value.items())
    return f' {RENAMED.get(name, name)}="{escape(str(value), quote=True)}"'


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def attrs(**names: str) -> dict[str, Any]:
    """Attributes whose names hold a hyphen: `attrs(aria_label="Main")` is aria-label."""
    return {name.replace("_", "-"): value for name, value in names.items()}
