"""The releases on the shelf: which there are, which is current, and what changed between two of them."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from dashboards.cache import pointers
from dashboards.changes import Changes, compare
from dashboards.data import Book
from dashboards.replies import Desk
from pipelines.releases.read import Release, current, open_release, packs, releases, trail

SHELF = 6
"""Releases kept open at once; older ones are opened again when somebody asks."""
PAIRS = 8
"""Comparisons of two releases kept at once."""


def opened(home: Path, pack: str, release: str) -> Release:
    """A release that is read once and not kept open."""
    return open_release(home, pack, release)


class Library:
    """The releases under one home. A new publication is seen at the next request: the pointer is read each time."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.desk = Desk(home)
        self._books: OrderedDict[tuple[str, str], Book] = OrderedDict()
        self._pointed: tuple[tuple[object, ...], tuple[tuple[str, str], ...]] = ((None,), ())
        self._lock = Lock()
        self._comparing = Lock()
        self._changes: OrderedDict[tuple[str, str, str], Changes] = OrderedDict()

    def packs(self) -> list[str]:
        """Published packs, sorted."""
        return packs(self.home)

    def current(self) -> tuple[tuple[str, str], ...]:
        """(pack, release) of every pointer; changes exactly when something is published or rolled back.

        Every request asks, so pointers are read again only where one of their files is another one.
        """
        files = pointers(self.home)
        if self._pointed[0] != files:
            self._pointed = (files, tuple((pack, current(self.home, pack)) for pack in self.packs()))
        return self._pointed[1]

    def releases(self, pack: str) -> list[str]:
        """Releases of a pack that stand on the shelf."""
        return releases(self.home, pack)

    def book(self, pack: str, release: str = "") -> Book:
        """The release whose name begins with `release`, or the current one. Raises KeyError where there is none."""
        name = current(self.home, pack)
        if release:
            name = next((known for known in self.releases(pack) if known.startswith(release)), "")
        if not name:
            raise KeyError(release)
        with self._lock:
            if (pack, name) not in self._books:
                self._books[pack, name] = Book(open_release(self.home, pack, name), self.desk)
                while len(self._books) > SHELF:
                    self._books.popitem(last=False)
            self._books.move_to_end((pack, name))
            return self._books[pack, name]

    def earlier(self, pack: str, release: str) -> str:
        """The release that was current before this one became so and still stands on the shelf; empty where none."""
        became = trail(self.home, pack)
        place = became.index(release) if release in became else 0
        return became[place - 1] if place else ""

    def changes(self, pack: str, before: str, after: str) -> Changes:
        """What changed between two releases; compared once and kept. Raises BadInput where they cannot be compared."""
        key = (pack, before, after)
        with self._comparing:
            if key not in self._changes:
                self._changes[key] = compare(self.book(pack, before), self.book(pack, after))
                while len(self._changes) > PAIRS:
                    self._changes.popitem(last=False)
            self._changes.move_to_end(key)
            return self._changes[key]
