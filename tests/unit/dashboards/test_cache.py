"""Answers kept as bytes, within bounds."""

from __future__ import annotations

from pathlib import Path

from dashboards.cache import Answer, ByteCache, pointers
from pipelines.releases.files import replace_text


def answer(size: int) -> Answer:
    return Answer(b"x" * size, 200, ())


def test_the_least_recently_used_leaves_first() -> None:
    cache = ByteCache(100)
    for name in "abcdefghij":
        cache.put((name,), answer(10))  # 10 x 10 = 100 bytes: full
    assert cache.get(("a",))
    cache.put(("k",), answer(10))
    assert cache.get(("b",)) is None
    assert cache.get(("a",))
    assert cache.size == 100


def test_an_answer_over_a_tenth_is_not_kept_and_a_replaced_one_is_not_counted_twice() -> None:
    cache = ByteCache(100)
    cache.put(("a",), answer(11))
    assert cache.get(("a",)) is None
    cache.put(("a",), answer(10))
    cache.put(("a",), answer(5))
    assert cache.size == 5


def test_answers_found_and_not_found_are_counted_and_a_look_is_not() -> None:
    cache = ByteCache(100)
    cache.get(("a",))
    cache.put(("a",), answer(1))
    cache.get(("a",))
    cache.get(("a",))
    assert ("a",) in cache and ("b",) not in cache
    assert (cache.hits, cache.misses) == (2, 1)


def test_a_pointer_put_in_the_place_of_another_is_told_apart_though_its_text_is_the_same(tmp_path: Path) -> None:
    assert pointers(tmp_path) == ()
    pack = tmp_path / "releases" / "one"
    pack.mkdir(parents=True)
    assert pointers(tmp_path) == ()
    replace_text(pack / "CURRENT", "a\n")
    first = pointers(tmp_path)
    assert first == pointers(tmp_path) and len(first) == 1
    replace_text(pack / "CURRENT", "a\n")
    assert pointers(tmp_path) != first
