"""Rule sets are dated and cited, looked up by day and key, and a fault in one is one clear line."""

import re
from importlib.resources import files

import pytest

from pipelines.errors import BadInput
from pipelines.scenarios.rules import SHIPPED, SIZE_LIMIT, rule_set, shipped
from pipelines.scenarios.terms import Terms

GOOD = """
rule: demo
title: Demonstration
parameters:
  - parameter: rate
    unit: fraction
    source: a law
    evidence: confirmed
    values:
      - {from: 2020-01-01, to: 2021-12-31, value: 0.5}
      - {from: 2022-01-01, value: 0.6}
      - {key: X, from: 2021-06-01, value: 0.7, source: another law, evidence: background knowledge}
"""


def template() -> bytes:
    return (files("pipelines.scenarios") / "parameters" / "uk-multi-year.yml").read_bytes()


def read(text: str):
    return rule_set(text.encode(), "demo.yml")


def test_a_value_is_that_of_the_last_day_of_the_year():
    rules = read(GOOD)
    assert [rules.value("rate", year) for year in (2019, 2020, 2021, 2022, 2090)] == [None, 0.5, 0.5, 0.6, 0.6]
    assert [rules.value("rate", year, "X") for year in (2020, 2021)] == [None, 0.7]
    assert rules.keys("rate") == ("", "X") and rules.values(2020) == {"rate": 0.5}
    assert rules.dated("rate", 2021, "X").source == "another law"
    with pytest.raises(KeyError, match="demo has no parameter cap"):
        rules.value("cap", 2020)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rule: demo", "rule: [demo", "demo.yml:3: not YAML"),
        ("title: Demonstration", "title: &t Demonstration\nother: *t", "demo.yml:4: alias *t is not read"),
        ("title: Demonstration", "title: D\ntitle: E", "demo.yml:4: key 'title' stands twice"),
        ("value: 0.5}", "value: .nan}", "parameters.0.values.0.value"),
        ("value: 0.5}", "valeu: 0.5}", "parameters.0.values.0"),
        ("from: 2022-01-01", "from: 2022-13-01", "demo.yml"),
        ("from: 2022-01-01", "from: soon", "parameters.0.values.1.from"),
        ("from: 2022-01-01", "from: 2021-12-31", "rate : two values on 2021-12-31"),
        ("to: 2021-12-31", "to: 2019-12-31", "rate : ends 2019-12-31, before it begins"),
        ("    evidence: confirmed", "    evidence: certain", "parameters.0.evidence"),
        ("    unit: fraction\n", "", "parameters.0.unit"),
        ("    source: a law", "    source: !!python/object/apply:os.system [ls]", "demo.yml"),
        (GOOD, "- a list", "demo.yml: holds no keys"),
        (GOOD, "a: " + "[" * 40 + "]" * 40, "nested deeper than 12 levels"),
        (GOOD, "#" * (SIZE_LIMIT + 1), "over 256 kB"),
        ("Demonstration", "D\x00", "not YAML"),
    ],
)
def test_a_fault_is_one_line_with_its_place(old, new, words):
    with pytest.raises(BadInput, match=re.escape(words)) as fault:
        read(GOOD.replace(old, new))
    assert "\n" not in str(fault.value) and "demo.yml" in str(fault.value)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(BadInput, match="not UTF-8"):
        rule_set(b"\xff\xfe\x00", "demo.yml")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_rules_are_read_and_every_value_has_source_and_evidence(name):
    rules = shipped(name)
    assert rules.rule == name
    assert all(parameter.source and parameter.evidence and parameter.unit for parameter in rules.parameters)
    with pytest.raises(KeyError):
        shipped("no-such-rules")


def test_the_template_holds_every_term_at_its_default():
    values = rule_set(template(), "uk-multi-year.yml").values(2025)
    assert Terms.from_mapping(values) == Terms()
    assert set(values) == set(Terms().canonical())


def test_every_line_of_the_template_is_explained():
    text = template().decode()
    assert text.startswith("# A template") and text.count("#") > 25
