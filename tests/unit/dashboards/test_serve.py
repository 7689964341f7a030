"""A worker reads releases before readers ask."""

from __future__ import annotations

from dashboards import routes
from dashboards.data import Book
from dashboards.library import Library
from dashboards.serve import kinds, warm


def test_every_page_made_to_warm_a_worker_exists(library: Library, book: Book) -> None:
    targets = ["/".join(("", book.pack.replace("_", "-"), *parts)) for parts in kinds(book)]
    assert len(targets) == len(set(targets)) >= 10
    assert {target: routes.view(library, target).status for target in targets} == dict.fromkeys(targets, 200)


def test_what_pages_read_is_at_hand_afterwards(library: Library, book: Book) -> None:
    fresh = Library(library.home)
    warm(fresh, fresh.book(book.pack))
    held = fresh.book(book.pack).release._frames
    assert {"positions", "indicator_values", "peers", "chains", "settlements", "targets", "values"} <= set(held)
