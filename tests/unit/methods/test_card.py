"""A card names its parameters; the hash says which ones a figure was made with."""

import hashlib
import importlib
import json
import pkgutil

import pytest

import pipelines.methods
from pipelines.methods.card import Method

CARD = Method("M9.9", "1", "Example", "a/b", {"k": 15, "cap": 0.2}, "none", "nobody (1900)")


def test_the_hash_is_of_canonical_json_with_defaults_overlaid():
    text = '{"cap":0.2,"k":10}'
    assert CARD.params_hash(k=10) == hashlib.sha256(text.encode()).hexdigest()[:12]
    assert CARD.params_hash() == CARD.params_hash(cap=0.2, k=15) != CARD.params_hash(k=10)


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ValueError, match=r"M9.9 has no parameter kk; it has cap, k"):
        CARD.params_hash(kk=1)


def test_every_card_of_the_package_can_be_hashed_and_has_its_own_id():
    cards = {}
    for module in pkgutil.iter_modules(pipelines.methods.__path__):
        for held in vars(importlib.import_module(f"pipelines.methods.{module.name}")).values():
            if isinstance(held, Method):
                assert cards.setdefault(held.id, held) is held, held.id
    assert {"M0.2", "M1.1", "M1.2", "M2.1", "M2.2", "M3.1", "M3.2", "M3.3"} <= cards.keys()
    assert all(json.dumps(dict(card.defaults)) and len(card.params_hash()) == 12 for card in cards.values())
