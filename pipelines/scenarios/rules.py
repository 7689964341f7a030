"""Rule sets as dated, cited values: read from YAML, checked, looked up by parameter, key and day.

What belongs here: the shape of a parameter file and the one place that reads the shipped ones. What does not: what a
parameter does; `us_mssp` and `revenue_cap` know that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import BadInput

SIZE_LIMIT = 262_144  # bytes; the largest shipped file has 10 kB
DEPTH_LIMIT = 12  # the deepest shipped value lies at 6
SHIPPED = ("us-mssp", "revenue-cap")
Evidence = Literal["confirmed", "reproduces published payments", "background knowledge"]
Points = list[Annotated[list[float], Field(min_length=2, max_length=2)]]


class RowFault(ValueError):
    """A row from which no figure follows: its zero-based number, and what is wrong in words."""

    def __init__(self, row: int, words: str) -> None:
        super().__init__(f"row {row}: {words}")
        self.row, self.words = row, words


class Strict(BaseModel):
    """Unknown keys and silent conversions are refused; values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Dated(Strict):
    """One value of a parameter from a first to a last day (null: still in force); key is a track, or empty for all."""

    value: bool | int | float | str | Points | list[str] | None
    start: date = Field(alias="from")
    end: date | None = Field(None, alias="to")
    key: str = ""
    source: str | None = None
    evidence: Evidence | None = None

    def holds(self, key: str, day: date) -> bool:
        """Whether this value is for the key and in force on the day."""
        return self.key == key and self.start <= day and (self.end is None or day <= self.end)


class Parameter(Strict):
    """A named quantity with its unit; source and evidence stand for every value that does not state its own."""

    parameter: str
    unit: str
    source: str
    evidence: Evidence
    values: Annotated[list[Dated], Field(min_length=1)]

    @model_validator(mode="after")
    def in_order(self) -> Parameter:
        """Refuse spans that end before they begin and two values for one key on one day."""
        last: dict[str, Dated] = {}
        for value in sorted(self.values, key=lambda value: (value.key, value.start)):
            if value.end is not None and value.end < value.start:
                raise ValueError(f"{self.parameter} {value.key}: ends {value.end}, before it begins")
            before = last.get(value.key)
            if before is not None and (before.end is None or before.end >= value.start):
                raise ValueError(f"{self.parameter} {value.key}: two values on {value.start}")
            last[value.key] = value
        return self


class RuleSet(Strict):
    """Every parameter of one programme."""

    rule: str
    title: str
    parameters: Annotated[list[Parameter], Field(min_length=1)]

    @model_validator(mode="after")
    def named_once(self) -> RuleSet:
        """Refuse a parameter that stands twice."""
        names = [parameter.parameter for parameter in self.parameters]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"parameter {twice} stands twice")
        return self

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name; KeyError when the file has none."""
        for parameter in self.parameters:
            if parameter.parameter == name:
                return parameter
        raise KeyError(f"{self.rule} has no parameter {name}")

    def dated(self, name: str, year: int, key: str = "") -> Dated | None:
        """The value in force on 31 December of a year, None when none is."""
        day = date(year, 12, 31)
        return next((value for value in self.parameter(name).values if value.holds(key, day)), None)

    def value(self, name: str, year: int, key: str = "") -> Any:
        """The bare value in force on 31 December of a year: number, truth, word or points; None when none is."""
        found = self.dated(name, year, key)
        return None if found is None else found.value

    def values(self, year: int) -> dict[str, Any]:
        """Every parameter without a key that is in force on 31 December of a year, by name."""
        found = {parameter.parameter: self.dated(parameter.parameter, year) for parameter in self.parameters}
        return {name: dated.value for name, dated in found.items() if dated is not None}

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys (tracks, levels) that a parameter has values for, in the file's order."""
        return tuple(dict.fromkeys(value.key for value in self.parameter(name).values))


@cache
def shipped(rule: str) -> RuleSet:
    """A rule set that comes with the product, by name; KeyError for another name."""
    if rule not in SHIPPED:
        raise KeyError(rule)
    name = f"{rule}.yml"
    return rule_set((files("pipelines.scenarios") / "parameters" / name).read_bytes(), name)


def rule_set(data: bytes, name: str) -> RuleSet:
    """The checked rule set in a YAML file's bytes. Raises BadInput with file, key and the way out."""
    try:
        return RuleSet.model_validate(read_mapping(data, name))
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadInput(f"{name}: {place}: {first['msg']}; see parameters/us-mssp.yml for the form") from None


def read_mapping(data: bytes, name: str) -> Mapping[str, Any]:
    """The mapping in a YAML file's bytes, by the safe loader. Raises BadInput for anything else, with file and line."""
    if len(data) > SIZE_LIMIT:
        raise BadInput(f"{name}: over {SIZE_LIMIT // 1024} kB; a rule set is a short text, figures belong in the CSV")
    try:
        text = data.decode("utf-8-sig")
        check_plain(text, name)
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError:
        raise BadInput(f"{name}: not UTF-8; save it as UTF-8") from None
    except (yaml.YAMLError, ValueError) as fault:  # an impossible date is a ValueError of the loader
        mark = getattr(fault, "problem_mark", None)
        words = getattr(fault, "problem", None) or str(fault).splitlines()[0]
        raise BadInput(f"{name}:{mark.line + 1 if mark else 1}: not YAML: {words}; mend the line") from None
    if not isinstance(content, dict):
        raise BadInput(f"{name}: holds no keys with values; see parameters/uk-multi-year.yml for the form")
    return content


def check_plain(text: str, name: str) -> None:
    """Refuse aliases, which can swell without bound, deep nesting and keys that stand twice; no tree is built yet."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise BadInput(f"{name}:{line}: alias *{event.anchor} is not read; write it out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            raise BadInput(f"{name}:{line}: nested deeper than {DEPTH_LIMIT} levels; flatten it")
    for mapping in mappings(yaml.compose(text, Loader=yaml.CSafeLoader)):
        keys = [key.value for key, _ in mapping.value]
        twice = next((key for at, (key, _) in enumerate(mapping.value) if key.value in keys[:at]), None)
        if twice is not None:
            raise BadInput(f"{name}:{twice.start_mark.line + 1}: key '{twice.value}' stands twice; remove one")


def mappings(node: Any) -> Iterator[Any]:
    """Every mapping at or below a YAML node."""
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from mappings(value)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from mappings(item)
