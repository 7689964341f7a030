"""A body is found by its name, a former name or a code, however it is typed."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

GENERIC = frozenset(
    {
        "and",
        "authority",
        "borough",
        "boroughs",
        "city",
        "corporation",
        "council",
        "county",
        "district",
        "metropolitan",
        "of",
        "royal",
        "the",
        "unitary",
    }
)
"""Words that say what kind of body it is, not which."""


@dataclass(frozen=True)
class Found:
    """Bodies that answer a search, best first; `near` holds the nearest spellings where none does."""

    bodies: tuple[str, ...]
    near: tuple[str, ...] = ()


class Index:
    """Names and codes of every body, folded once."""

    def __init__(self, names: Iterable[tuple[str, str]], codes: Iterable[tuple[str, str]]) -> None:
        """names, codes : (text, body id) pairs; the same text may stand for several bodies."""
        self.names: dict[str, list[str]] = {}
        for name, body in names:
            self.names.setdefault(fold(name), []).append(body)
        self.codes: dict[str, list[str]] = {}
        for code, body in codes:
            self.codes.setdefault(code.casefold(), []).append(body)

    def search(self, words: str, most: int = 50) -> Found:
        """Bodies whose code or name is `words`; else whose name begins with it; else whose name holds every word."""
        wanted = fold(words)
        if not wanted:
            return Found(())
        exact = _unique([*self.codes.get(words.strip().casefold(), ()), *self.names.get(wanted, ())])
        if exact:
            return Found(tuple(exact[:most]))
        begins = self._where(lambda name: name.startswith(wanted))
        parts = wanted.split()
        held = self._where(lambda name: all(any(w.startswith(p) for w in name.split()) for p in parts))
        bodies = _unique([*begins, *held])
        return Found(tuple(bodies[:most])) if bodies else Found((), self._near(wanted))

    def _where(self, matches: Callable[[str], bool]) -> list[str]:
        return [body for name in sorted(self.names) if matches(name) for body in self.names[name]]

    def _near(self, wanted: str) -> tuple[str, ...]:
        close = difflib.get_close_matches(wanted, self.names, n=5, cutoff=0.6)
        return tuple(_unique([body for name in close for body in self.names[name]]))


def fold(words: str) -> str:
    """Lower case without accents, '&', punctuation and words such as council or borough."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    every = re.sub(r"[^a-z0-9]+", " ", letters.replace("'", "").replace("’", "")).split()
    return " ".join(word for word in every if word not in GENERIC) or " ".join(every)


def _unique(bodies: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(bodies))
