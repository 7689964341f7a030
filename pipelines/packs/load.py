"""From a folder of YAML to a checked pack, or to every fault it has, one line each.

What belongs here: finding a pack, holding its files against the schema, putting the parts together. A pack is named by
the id of a shipped one (`english_councils`) or by the path of a folder.
"""

from __future__ import annotations

import dataclasses
import os
import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.errors import BadInput
from pipelines.packs.document import Document, Place, read_document
from pipelines.packs.draft import Draft, Fault, owner, suggestion
from pipelines.packs.flows import FLOW_RULES
from pipelines.packs.pack import Pack
from pipelines.packs.policy_kinds import policy_shape
from pipelines.packs.references import REFERENCE_RULES
from pipelines.packs.schema import (
    Bodies,
    Dataset,
    Head,
    Indicator,
    Measure,
    Part,
    PeerModel,
    ScopeFlag,
)
from pipelines.packs.schema_frontiers import CostModel, Frontier
from pipelines.packs.schema_policy import PolicyPart
from pipelines.packs.schema_services import Service
from pipelines.packs.sense import SENSE_RULES
from pipelines.packs.sense_frontiers import FRONTIER_RULES
from pipelines.packs.sense_policy import TARGET_RULES
from pipelines.packs.sense_potential import POTENTIAL_RULES
from pipelines.packs.sense_settlement import SETTLEMENT_RULES

SHIPPED = Path(__file__).parent
TEMPLATE = "template"  # what `new_pack` copies; a pack itself, but no sector
LISTS: Mapping[str, type[Part]] = {
    "datasets.yml": Dataset,
    "measures.yml": Measure,
    "services.yml": Service,
    "indicators.yml": Indicator,
    "peers.yml": PeerModel,
    "scope.yml": ScopeFlag,
    "frontiers.yml": Frontier,
    "cost_models.yml": CostModel,
    "policy.yml": PolicyPart,
}
FILES = ("pack.yml", "bodies.yml", *LISTS)
PLAIN = {
    "string_type": "needs text here",
    "list_type": "needs a list here",
    "tuple_type": "needs a list here",
    "dict_type": "needs keys and values here",
    "model_type": "needs keys and values here",
    "dataclass_type": "needs keys and values here",
    "float_parsing": "needs a number here",
    "int_parsing": "needs a whole number here",
    "bool_parsing": "needs true or false here",
    "finite_number": "needs a finite number here",
}
RULES = (
    *REFERENCE_RULES,
    *SENSE_RULES,
    *FLOW_RULES,
    *FRONTIER_RULES,
    *POTENTIAL_RULES,
    *TARGET_RULES,
    *SETTLEMENT_RULES,
)
T = TypeVar("T", bound=Part)


class PackError(BadInput):
    """Every fault found in a pack; `lines` holds one line each, and `str` joins them."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(lines[0] if lines else "")
        self.lines = tuple(lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def shipped_packs() -> tuple[str, ...]:
    """Ids of the packs that come with the product."""
    return tuple(sorted({file.parent.name for file in SHIPPED.glob("*/pack.yml")} - {TEMPLATE}))


def valid_id(name: str) -> bool:
    """Whether a pack may bear this id."""
    return re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name) is not None


def pack_folder(name: str | Path) -> Path:
    """The folder of a pack named by a shipped id or a path; BadInput when it is neither."""
    if isinstance(name, str) and name in shipped_packs():
        return SHIPPED / name
    folder = Path(name)
    if (folder / "pack.yml").is_file():
        return folder.resolve()
    hint = suggestion(str(name), shipped_packs())
    if folder.is_dir():
        raise BadInput(f"{name}: no pack.yml in this folder; `evenhand pack new {name}` writes a commented one")
    raise BadInput(f"{name}: neither a shipped pack nor a folder with a pack.yml{hint}")


def load_pack(name: str | Path) -> Pack:
    """The checked pack. Raises PackError with every fault, file and line each; BadInput when there is no such pack."""
    folder = pack_folder(name)
    documents, unread = read_files(folder)
    draft, shape_faults = drafted(documents)
    faults = unread + [line_of(draft, fault) for fault in shape_faults]
    if not unread:  # else everything in a file that is no YAML would be reported as unknown
        faults += [line_of(draft, fault) for rule in RULES for fault in rule(draft)]
    if faults:
        raise PackError(sorted(set(faults), key=in_reading_order))
    return assembled(draft, folder)


def in_reading_order(line: str) -> tuple[str, int, str]:
    """(file, line number, words) of a fault's line."""
    found = re.match(r"(.*?):(\d+): (.*)", line)
    return (found[1], int(found[2]), found[3]) if found else (line, 0, "")


def read_files(folder: Path) -> tuple[dict[str, Document], list[str]]:
    """The pack's documents by file name, and a line for each file that cannot be read."""
    documents: dict[str, Document] = {}
    faults = []
    shown = "/".join(folder.parts[-2:])
    for file in FILES:
        path = folder / file
        if not path.exists():
            continue
        if path.resolve().parent != folder.resolve():
            faults.append(f"{shown}/{file}:1: leads outside the pack's folder; put the file itself here")
            continue
        try:
            documents[file] = read_document(path, f"{shown}/{file}")
        except BadInput as fault:
            faults.append(str(fault))
    if "bodies.yml" not in documents and not (folder / "bodies.yml").exists():
        faults.append(f"{shown}/bodies.yml:1: missing; a pack says who its bodies are")
    faults += [
        f"{shown}/{stray}:1: no file of a pack has this name{suggestion(stray, FILES)}" for stray in strays(folder)
    ]
    return documents, faults


def strays(folder: Path) -> list[str]:
    """YAML files beside the pack's own: a misspelt name would otherwise be an empty list."""
    return sorted(f for f in os.listdir(folder) if f.endswith((".yml", ".yaml")) and f not in FILES)


def drafted(documents: Mapping[str, Document]) -> tuple[Draft, list[Fault]]:
    """Everything well-formed, by its place, and the faults of shape."""
    faults: list[Fault] = []
    listed: dict[str, dict[Place, Any]] = {}
    for file, model in LISTS.items():
        content = documents[file].content if file in documents else None
        if content is not None and not isinstance(content, list):
            faults.append(Fault(file, (), "needs a list here: items that begin with `- `"))
            content = None
        listed[file] = {}
        for index, item in enumerate(content or ()):
            shape = policy_shape(item) if model is PolicyPart else model
            value, wrong = validated(shape, item, file, (index,))
            faults += wrong
            if value is not None:
                listed[file][(index,)] = value
    single: dict[str, Any] = {"pack.yml": None, "bodies.yml": None}
    for file, whole in (("pack.yml", Head), ("bodies.yml", Bodies)):
        if file in documents:
            single[file], wrong = validated(whole, documents[file].content, file, ())
            faults += wrong
    return Draft(documents, single["pack.yml"], single["bodies.yml"], *listed.values()), faults


def validated(model: type[T], content: Any, file: str, place: Place) -> tuple[T | None, list[Fault]]:
    """The content as `model`, or None and its faults."""
    try:
        return model.model_validate(content), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        return None, [Fault(file, (*place, *place_of(d, content)), words(d, model)) for d in details]


def place_of(detail: ErrorDetails, content: Any) -> Place:
    """Where in the content a Pydantic error lies; names of union branches, which are no keys, are left out."""
    place: list[str | int] = []
    for step in detail["loc"]:
        known = (
            step in content if isinstance(content, dict) else isinstance(content, list) and step in range(len(content))
        )
        if not known:
            break
        content = content[step]
        place.append(step)
    return tuple(place)


def words(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """One fault of shape in plain words."""
    key, kind = detail["loc"][-1] if detail["loc"] else "", detail["type"]
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"unknown key '{key}'{suggestion(str(key), keys_at(model, detail['loc'][:-1]))}"
    if kind in ("missing", "missing_keyword_only_argument"):
        return f"key '{key}' is missing"
    if kind == "literal_error":
        expected = detail["ctx"]["expected"].replace("'", "")
        choices = [choice for part in expected.split(" or ") for choice in part.split(", ")]
        return f"'{key}' is '{detail['input']}', not one of {', '.join(choices)}{near(detail['input'], choices)}"
    shown = f" (found '{str(detail['input'])[:40]}')" if isinstance(detail["input"], str) else ""
    return f"'{key}' {PLAIN.get(kind) or detail['msg'].removeprefix('Value error, ')}{shown}"


def near(found: Any, choices: Sequence[str]) -> str:
    """The nearest choice as a question; nothing when none is near (the choices are listed already)."""
    hint = suggestion(str(found), choices)
    return hint if "did you mean" in hint else ""


def keys_at(model: Any, loc: Sequence[str | int]) -> list[str]:
    """Keys allowed at a place of a model: its fields' names as written in YAML."""
    for step in loc:
        kind = fields_of(model).get(str(step)) if isinstance(step, str) else model
        model = next((part for part in unfolded(kind) if fields_of(part)), None)
        if model is None:
            return []
    return list(fields_of(model))


def fields_of(model: Any) -> dict[str, Any]:
    """Key as written -> type, for a Pydantic model or a dataclass; empty for anything else."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        return {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    if isinstance(model, type) and dataclasses.is_dataclass(model):
        return {k: v for k, v in typing.get_type_hints(model).items() if not k.startswith("__")}
    return {}


def unfolded(kind: Any) -> Iterator[Any]:
    """A type and everything inside it: `tuple[A, ...] | None` holds A."""
    yield kind
    for part in typing.get_args(kind):
        yield from unfolded(part)


def line_of(draft: Draft, fault: Fault) -> str:
    """`packs/x/measures.yml:41: measure 'abc': ...`."""
    document = draft.documents[fault.file]
    return f"{document.name}:{document.line(fault.place)}: {owner(draft, fault.file, fault.place)}{fault.message}"


def assembled(draft: Draft, folder: Path) -> Pack:
    """The pack with every default written out."""
    if draft.head is None or draft.bodies is None:
        raise AssertionError("a pack without faults has a pack.yml and a bodies.yml")
    everyone = tuple(c.id for c in draft.bodies.classes if c.benchmarked)
    return Pack(
        **{name: getattr(draft.head, name) for name in Head.model_fields},
        classes=tuple(c.model_copy(update={"peers_from": c.peers_from or (c.id,)}) for c in draft.bodies.classes),
        register=draft.bodies.register_,
        bridges=draft.bodies.bridges,
        lineage=draft.bodies.lineage,
        datasets=tuple(draft.datasets.values()),
        measures=tuple(
            m.model_copy(update={"expected_in": m.expected_in or everyone}) for m in draft.measures.values()
        ),
        services=tuple(s.model_copy(update={"classes": s.classes or everyone}) for s in draft.services.values()),
        indicators=tuple(i.model_copy(update={"classes": i.classes or everyone}) for i in draft.indicators.values()),
        peer_models=tuple(draft.peer_models.values()),
        scope_flags=tuple(
            f.model_copy(update={"indicators": f.indicators or indicators_of(draft, f.service)})
            for f in draft.scope_flags.values()
        ),
        frontiers=tuple(
            f.model_copy(update={"classes": f.classes or served(draft, f.service)}) for f in draft.frontiers.values()
        ),
        cost_models=tuple(
            m.model_copy(update={"classes": m.classes or served(draft, m.service)}) for m in draft.cost_models.values()
        ),
        policies=tuple(draft.policies.values()),
        path=folder,
    )


def indicators_of(draft: Draft, service: str) -> tuple[str, ...]:
    """Every indicator of a service."""
    return tuple(i.id for i in draft.indicators.values() if i.service == service)


def served(draft: Draft, service: str) -> tuple[str, ...]:
    """The classes whose bodies run a service: those that it names, else every benchmarked one."""
    named = next((s.classes for s in draft.services.values() if s.id == service), ())
    everyone = tuple(c.id for c in draft.bodies.classes if c.benchmarked) if draft.bodies else ()
    return named or everyone
