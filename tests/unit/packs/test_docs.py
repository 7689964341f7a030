"""docs/packs.md explains every key, and its examples are YAML that the schema accepts."""

import re
from pathlib import Path

import pytest
import yaml

from pipelines.packs.load import LISTS, fields_of, unfolded
from pipelines.packs.policy_kinds import policy_shape
from pipelines.packs.schema import Bodies, Head
from pipelines.packs.schema_policy import PolicyPart, TargetPolicy

DOC = (Path(__file__).resolve().parents[3] / "docs" / "packs.md").read_text(encoding="utf-8")


def keys(model):
    """Every key of a model and of the models inside it."""
    for key, kind in fields_of(model).items():
        yield key
        for part in unfolded(kind):
            if fields_of(part):
                yield from keys(part)


@pytest.mark.parametrize("model", [Head, Bodies, *LISTS.values(), TargetPolicy], ids=lambda model: model.__name__)
def test_every_key_is_explained(model):
    assert {key for key in keys(model) if not re.search(rf"`{key}[`:]|\b{key}: ", DOC)} == set()


@pytest.mark.parametrize(("file", "model"), [("pack.yml", Head), ("bodies.yml", Bodies), *LISTS.items()])
def test_every_example_is_accepted(file, model):
    section = DOC.partition(f"\n## {file}\n")[2].partition("\n## ")[0]
    examples = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert examples
    for example in examples:
        content = yaml.load(example, yaml.BaseLoader)  # all scalars as text, as packs are read
        for item in content if isinstance(content, list) else [content]:
            shape = policy_shape(item) if model is PolicyPart else model
            shape.model_validate({key: None if value == "null" else value for key, value in item.items()})
