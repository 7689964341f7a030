"""Terms: checked when made, the same dictionary for the same terms, and a message that names the key."""

import json
from dataclasses import FrozenInstanceError, fields

import pytest

from pipelines.scenarios.terms import RANGES, Terms


def test_defaults_are_those_of_the_cards():
    terms = Terms()
    assert (terms.share, terms.threshold, terms.cap, terms.loss_rate, terms.floor) == (0.5, 0.02, 0.1, 0.3, 0.05)
    assert (terms.catch_up, terms.catch_up_years, terms.frontier_shift, terms.elasticity) == (0.5, 5, 0.008, 0.8)
    assert (terms.bank_cap, terms.bank_expiry, terms.bank_decay, terms.own_weight) == (0.03, 3, 0, 0.5)
    assert (terms.start, terms.gate, terms.draw_rule, terms.rebase) == ("ramp", "veto", "balance", "mean3")
    assert (1 - terms.collar_down, 1 + terms.collar_up) == (0.975, 1.01)


def test_the_dead_band_is_as_wide_as_the_threshold_unless_told_otherwise():
    assert Terms(threshold=0.03).dead == 0.03
    assert Terms(threshold=0.03, dead_band=0.01).dead == 0.01


def test_equal_terms_have_equal_dictionaries_and_go_there_and_back():
    first, second = Terms.from_mapping({"share": 1, "bank_cap": None}), Terms(bank_cap=None, share=1.0)
    assert first == second
    assert json.dumps(first.canonical()) == json.dumps(second.canonical())
    assert list(first.canonical()) == sorted(first.canonical())
    assert Terms.from_mapping(first.canonical()) == first
    assert Terms.from_mapping(json.loads(json.dumps(first.canonical()))) == first
    assert first.params_hash == second.params_hash != Terms().params_hash


def test_terms_never_change():
    with pytest.raises(FrozenInstanceError):
        Terms().share = 0.6  # type: ignore[misc]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"sharing": 0.5}, "sharing: no such term; the terms are bank_cap, "),
        ({"share": 1.5}, "share: 1.5 is outside 0 to 1"),
        ({"share": float("nan")}, "share: nan is outside 0 to 1"),
        ({"share": "half"}, "share: 'half' is not a number"),
        ({"share": None}, "share: None is not a number"),
        ({"share": True}, "share: True is not a number"),
        ({"escrow": 1}, "escrow: 1 is not true or false"),
        ({"years": 2.5}, "years: 2.5 is not a whole number"),
        ({"years": 0}, "years: 0 is outside 1 to 30"),
        ({"start": "cliff"}, "start: 'cliff' is none of ramp, notch, above"),
        ({"bank_expiry": 1.5}, "bank_expiry: 1.5 is not a whole number or null"),
        ({"reopeners": "boundary"}, "reopeners: 'boundary' is not a list of words"),
        ({"reopeners": [""]}, "reopeners: "),
        ({"collar_up": None}, "collar_down and collar_up: give both, or null for both"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(mapping, words):
    with pytest.raises(ValueError, match=f"^{words.split(';')[0]}"):
        Terms.from_mapping(mapping)


def test_every_number_has_a_range():
    numbers = {field.name for field in fields(Terms) if "int" in str(field.type) or "float" in str(field.type)}
    assert numbers == set(RANGES)
