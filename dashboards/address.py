"""An address names one view: pack, release, page, query. Hostile ones are refused with a way out.

    /<pack-slug>/<first 12 hex of the release, optional>/<page...>?<query>

Without a pack the first published one is meant; without a release the current one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote, unquote, urlencode

LONGEST_PATH = 400
LONGEST_QUERY = 2000
LONGEST_VALUE = 200
LISTS = {"with": 640, "without": 640}
"""Parameters that list codes, and how long each may be: thirty codes of twenty letters."""
RELEASE = re.compile(r"[0-9a-f]{12}")
COMMON = ("claim", "csv", "xlsx", "theme")
"""Parameters that every page takes: an opened claim, a table as CSV or as a workbook, an appearance."""
TABS = ("peers", "chain", "potential", "targets", "settlement")
CARRIED = "model"
"""The peer model chosen on one tab of a body travels along on its other tabs, also where it changes nothing."""


class Refused(Exception):
    """An address that names no view: status and one sentence that says what was wrong."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True)
class Address:
    """One address, split. `release` is empty for the current one; `pinned` is what a permanent link writes."""

    pack: str
    release: str
    parts: tuple[str, ...]
    query: Mapping[str, str] = field(default_factory=dict)
    pinned: str = ""

    @property
    def prefix(self) -> str:
        """What stands before the page in every link of this view."""
        return f"/{slug(self.pack)}" + (f"/{self.release}" if self.release else "")

    def to(self, *parts: str, **query: str | None) -> str:
        """Link to another page of the same pack and release."""
        path = "/".join((self.prefix, *(quote(part, safe="") for part in parts)))
        return path + _query({name: value for name, value in query.items() if value})

    def here(self, **changes: str | None) -> str:
        """Link to this page with some parameters changed; None or an empty text takes one away."""
        query = {k: v for k, v in {**self.query, **changes}.items() if v and k not in COMMON}
        kept = {k: v for k, v in changes.items() if k in COMMON and v}
        return self.to(*self.parts, **query, **kept)

    def permanent(self) -> str:
        """This view with its release written in."""
        return replace(self, release=self.pinned or self.release).here()

    def stem(self, id: str) -> str:
        """Name of a file made from a block of this page: page, block and release, in letters that any system takes."""
        said = "-".join((*self.parts, id, self.pinned or self.release))
        return re.sub(r"[^A-Za-z0-9.]+", "-", said).strip("-.")[:120]


def slug(pack: str) -> str:
    """A pack's name in an address: lower case with hyphens."""
    return pack.lower().replace("_", "-")


def parse(target: str, packs: Iterable[str]) -> Address:
    """The address that a path with its query names.

    Raises Refused where it is too long, repeats a parameter, holds a control character or names an unpublished pack.
    """
    path, _, query = target.partition("?")
    if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        raise Refused(414, "This address is longer than any page has.")
    parts = [unquote(part) for part in path.split("/") if part]
    known = {slug(pack): pack for pack in packs}
    if not known:
        raise Refused(404, "Nothing has been published yet.")
    pack = known.get(parts[0]) if parts else None
    rest = parts[1:] if pack else parts
    release = rest[0] if rest and pack and RELEASE.fullmatch(rest[0]) else ""
    rest = rest[1:] if release else rest
    if any(_strange(part) for part in rest):
        raise Refused(404, "There is no page at this address.")
    return Address(pack or next(iter(known.values())), release, tuple(rest), parse_query(query))


def parse_query(query: str) -> dict[str, str]:
    """Parameters by name. Raises Refused (400) on one given twice, one too long, or one with control characters."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise Refused(400, "The part of this address after the question mark cannot be read.") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Refused(400, "This address gives one parameter twice.")
        longest = LISTS.get(name, LONGEST_VALUE)
        if len(name) > 40 or len(value) > longest or _strange(name) or _control(value):
            raise Refused(400, "This address holds a parameter that no page takes.")
        found[name] = value
    return found


def only(address: Address, *names: str) -> None:
    """Raise Refused (400) where the query holds a parameter that the page does not take."""
    tab = address.parts[:1] == ("body",) and address.parts[2:3] and address.parts[2] in TABS
    taken = (*names, *COMMON, *((CARRIED,) if tab else ()))
    for name in address.query:
        if name not in taken:
            raise Refused(400, f"This page has no setting called “{name}”.")
    if address.query.get("theme", "light") not in ("light", "dark"):
        raise Refused(400, "The appearance is light or dark.")


def choice(address: Address, name: str, known: Iterable[str], default: str) -> str:
    """The value of a parameter, one of `known`. Raises Refused (400) on any other."""
    value = address.query.get(name, "")
    if value and value not in set(known):
        raise Refused(400, f"This page has no choice “{value}” for “{name}”.")
    return value or default


def page_number(address: Address, pages: int) -> int:
    """The page asked for, from 1. Raises Refused (400) beyond the last."""
    value = address.query.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,3}", value) or int(value) > max(1, pages):
        raise Refused(400, f"This list has {max(1, pages)} pages.")
    return int(value)


def _query(query: Mapping[str, str]) -> str:
    return f"?{urlencode(query)}" if query else ""


def _strange(text: str) -> bool:
    return _control(text) or len(text) > LONGEST_VALUE


def _control(text: str) -> bool:
    return any(ord(letter) < 32 or ord(letter) == 127 for letter in text)
