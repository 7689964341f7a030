"""YAML as packs use it: text stays text, lines are known, and what YAML could do to a reader is refused."""

import pytest

from pipelines.errors import BadInput
from pipelines.packs.document import DEPTH_LIMIT, SIZE_LIMIT, read_document


def document(tmp_path, text):
    path = tmp_path / "measures.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(path, "p/measures.yml")


def test_scalars_stay_text_until_the_schema_asks_for_more(tmp_path):
    content = document(tmp_path, "a: no\nb: 0383\nc: 2022-06-30\nd: 1e3\ne:\nf: ~\ng: 'null'\n").content
    assert content == {"a": "no", "b": "0383", "c": "2022-06-30", "d": "1e3", "e": None, "f": None, "g": "null"}


def test_every_key_and_item_has_its_line(tmp_path):
    lines = document(tmp_path, "- id: a\n  unit: gbp\n\n- id: b\n  part:\n    of: c\n").lines
    assert (lines[(0,)], lines[(0, "unit")], lines[(1,)], lines[(1, "part", "of")]) == (1, 2, 4, 6)


def test_a_place_that_is_not_there_has_the_line_of_what_surrounds_it(tmp_path):
    assert document(tmp_path, "- id: a\n- id: b\n").line((1, "unit")) == 2


def test_an_empty_file_is_nothing(tmp_path):
    assert document(tmp_path, "# only a comment\n").content is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "key 'a' stands twice (first in line 1)"),
        ("a: &x [1]\nb: *x\n", 2, "alias *x is not read"),
        ("a: !!python/object:os.system x\n", 1, "is not read in packs"),
        ("a: 1\n---\nb: 2\n", 2, "a second document"),
        ("a:\n  - b\n c: d\n", 3, "not YAML"),
        ("a: [1, 2\n", 2, "not YAML"),
        ("a: 'open\n", 2, "not YAML"),
        ("? [a, b]\n: c\n", 1, "a key must be text"),
        ("[" * (DEPTH_LIMIT + 1) + "]" * (DEPTH_LIMIT + 1), 1, f"deeper than {DEPTH_LIMIT} levels"),
        (b"a: 1\nb: caf\xe9\n", 2, "not UTF-8"),
        (b"a: 1\n\x00\n", 1, "not YAML"),
        ("#" + "x" * SIZE_LIMIT, 1, "over 1 MB"),
    ],
)
def test_faults_of_yaml_name_file_and_line(tmp_path, text, line, words):
    with pytest.raises(BadInput) as refusal:
        document(tmp_path, text)
    message = str(refusal.value)
    assert message.startswith(f"p/measures.yml:{line}: ")
    assert words in message
    assert "\n" not in message


def test_an_alias_bomb_is_refused_before_it_swells(tmp_path):
    layers = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]  # 2**60 items
    with pytest.raises(BadInput, match=r":2: alias \*a0"):
        document(tmp_path, "\n".join(layers))
