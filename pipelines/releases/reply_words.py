"""Words that bodies and publishers leave on record: bounded, readable, running in one direction."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from pipelines.errors import BadInput

LONGEST = 4000
"""Letters of a statement, a note or a reason."""
LONGEST_NAME = 200
"""Letters of whoever speaks, and of an identifier."""
LARGEST_FILE = 4 * LONGEST + 3
"""Bytes of a file of words: four a letter, and a mark at its beginning."""
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Unseen letters that make text read otherwise than it is stored. Right-to-left letters themselves are welcome."""
UNREADABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories of control characters, halves of surrogate pairs, and separators of lines and paragraphs."""


def given(words: str) -> str:
    """The words themselves, or those of the file that `@FILE` names. Raises BadInput where it cannot be read."""
    if not words.startswith("@"):
        return words
    path = Path(words[1:])
    try:
        with path.open("rb") as stream:
            held = stream.read(LARGEST_FILE + 1)
        if len(held) > LARGEST_FILE:
            raise BadInput(f"{path}: over {LARGEST_FILE:,} bytes; at most {LONGEST:,} letters are kept on record")
        return held.decode("utf-8-sig")
    except OSError as fault:
        raise BadInput(f"{path}: cannot be read ({fault.strerror}); words that begin with @ name a file") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8; save it as plain text in UTF-8") from None


def prose(words: str, what: str) -> str:
    """A statement, note or reason as it is kept: trimmed, lines ended by line feeds. Raises BadInput on others."""
    return _accepted(words.replace("\r\n", "\n"), what, LONGEST, lines=True)


def name(words: str, what: str) -> str:
    """A name or identifier as it is kept: one trimmed line. Raises BadInput on others."""
    return _accepted(words, what, LONGEST_NAME, lines=False)


def _accepted(words: str, what: str, longest: int, *, lines: bool) -> str:
    kept = words.strip()
    if not kept:
        raise BadInput(f"{what}: is empty; say it in words")
    if len(kept) > longest:
        raise BadInput(f"{what}: has {len(kept):,} letters; at most {longest:,} are kept on record")
    odd = next((letter for letter in kept if _is_odd(letter) and not (lines and letter == "\n")), None)
    if odd is not None:
        raise BadInput(f"{what}: holds the unreadable character U+{ord(odd):04X}; take it out")
    return kept


def _is_odd(letter: str) -> bool:
    return letter in TURNS or unicodedata.category(letter) in UNREADABLE
