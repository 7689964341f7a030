"""YAML as a pack may use it: plain text with line numbers, and none of YAML's traps.

What belongs here: reading one file into lists, mappings and text, each with the line it stood on. What does not: what
the keys mean. Scalars stay text (`2022-06-30` is no date, `no` no truth value, `0383` keeps its zero) until the schema
asks for a number; only an empty plain scalar, `~` and `null` mean nothing at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from pipelines.errors import BadInput

SIZE_LIMIT = 1_000_000  # bytes in one file; the largest shipped file has 60 kB
DEPTH_LIMIT = 12  # the deepest shipped key lies at 6
NOTHING = ("", "~", "null")
QUOTED = ("'", '"', "|", ">")
OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)

Place = tuple[str | int, ...]


class Document(NamedTuple):
    """One file: its name for messages, its content, and the line of every key and list item."""

    name: str
    content: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of this key or item, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_document(path: Path, name: str) -> Document:
    """The content of a YAML file; BadInput for a fault of YAML itself, with file and line."""
    with path.open("rb") as file:
        data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise BadInput(
            f"{name}:1: over {SIZE_LIMIT // 1_000_000} MB; a pack's figures belong in CSV files, not in YAML"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise BadInput(f"{name}:{line}: not UTF-8; save the file as UTF-8") from None
    try:
        check_events(text, name)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        problem = fault.problem or fault.context or "not readable"
        raise BadInput(f"{name}:{mark.line + 1 if mark else 1}: not YAML: {problem}") from None
    except yaml.YAMLError as fault:
        raise BadInput(f"{name}:1: not YAML: {str(fault).splitlines()[0]}") from None
    lines: dict[Place, int] = {}
    return Document(name, None if node is None else built(node, (), lines, name), lines)


def check_events(text: str, name: str) -> None:
    """Refuse aliases (they can swell without bound), tags, a second document and deep nesting; no tree is built yet."""
    depth = documents = 0
    event: Any
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise BadInput(f"{name}:{line}: alias *{event.anchor} is not read in packs; write the words out")
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if documents > 1:
            raise BadInput(f"{name}:{line}: a second document begins here; a pack's file holds one")
        if getattr(event, "tag", None) not in (None, "!"):
            raise BadInput(f"{name}:{line}: tag {event.tag} is not read in packs; remove it")
        depth += isinstance(event, OPENING) - isinstance(event, CLOSING)
        if depth > DEPTH_LIMIT:
            raise BadInput(f"{name}:{line}: nested deeper than {DEPTH_LIMIT} levels; no key of a pack lies that deep")


def built(node: Any, place: Place, lines: dict[Place, int], name: str) -> Any:
    """The node as lists, mappings, text and None; fills in `lines`."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [built(item, (*place, index), lines, name) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return built_mapping(node, place, lines, name)
    return None if node.style not in QUOTED and node.value in NOTHING else node.value


def built_mapping(node: Any, place: Place, lines: dict[Place, int], name: str) -> dict[str, Any]:
    """A mapping; BadInput for a key that stands twice or is not text."""
    content: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise BadInput(f"{name}:{line}: a key must be text, not a list or a mapping")
        if key.value in content:
            raise BadInput(
                f"{name}:{line}: key '{key.value}' stands twice (first in line {lines[(*place, key.value)]})"
            )
        lines[(*place, key.value)] = line
        content[key.value] = built(value, (*place, key.value), lines, name)
    return content
