"""Which page answers an address. The one list of pages."""

from __future__ import annotations

import logging
from collections.abc import Callable

from dashboards.address import Address, Refused, parse
from dashboards.components.block import View
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages import (
    accessibility,
    bodies,
    body,
    body_service,
    chain,
    changes,
    claim,
    dictionary,
    dispute,
    disputes,
    errors,
    find,
    glossary,
    methods,
    operate,
    overview,
    own_figures,
    peers,
    potential,
    quality,
    release,
    releases,
    report,
    service,
    services,
    settlement,
    settlements,
    targets,
)

Page = Callable[[Book, Address], View]
LOG = logging.getLogger(__name__)

PLAIN: dict[tuple[str, ...], Page] = {
    (): overview.layout,
    ("bodies",): bodies.layout,
    ("find",): find.layout,
    ("services",): services.layout,
    ("quality",): quality.layout,
    ("glossary",): glossary.layout,
    ("methods",): methods.layout,
    ("dictionary",): dictionary.layout,
    ("accessibility",): accessibility.layout,
}


def opened(library: Library, target: str) -> tuple[Book, Address]:
    """The release and the parsed address behind a target. Raises Refused where either does not exist."""
    address = parse(target, library.packs())
    try:
        book = library.book(address.pack, address.release)
    except KeyError:
        raise Refused(404, f"There is no release {address.release} on the shelf.") from None
    return book, Address(address.pack, address.release, address.parts, address.query, book.id[:12])


def view(library: Library, target: str) -> View:
    """The page at a path with its query; a page that says what is wrong where there is none. Never raises."""
    home, plain, release = "/", "", ""
    try:
        if not library.packs():
            return errors.empty()
        book, address = opened(library, target)
        home, plain, release = address.to(), address.to(*address.parts) if address.query else "", book.id
        return page(library, book, address)
    except Refused as refused:
        return errors.page(refused.status, refused.sentence, home, plain if refused.status == 400 else "")
    except Exception:
        LOG.exception("page failed: %s", target[:400])
        return errors.failed(home, release)


def page(library: Library, book: Book, address: Address) -> View:
    """The page that an address names. Raises Refused (404) where none does."""
    parts = address.parts
    if parts in PLAIN:
        return PLAIN[parts](book, address)
    if parts == ("releases",):
        return releases.layout(library, book, address)
    if parts[0] == "releases" and len(parts) == 2:
        return changes.layout(library, address) if ".." in parts[1] else release.layout(library, address)
    if parts == ("operate",):
        return operate.layout(library, book, address)
    if parts == ("disputes",):
        return disputes.layout(library, book, address)
    if parts[0] == "dispute" and len(parts) == 2:
        return dispute.layout(library, book, address)
    head = parts[0]
    if head == "methods" and len(parts) == 2:
        return methods.one(book, address)
    if head == "dictionary" and len(parts) == 2:
        return dictionary.one(book, address)
    if head == "body" and len(parts) == 2:
        return body.layout(book, address)
    if head == "body" and parts[2:] == ("peers",):
        return peers.layout(library, book, address)
    if head == "body" and len(parts) in (3, 4) and parts[2] == "chain":
        return chain.layout(book, address)
    if head == "settlements" and len(parts) <= 2:
        return settlements.layout(book, address)
    if head == "body" and parts[2:] == ("settlement",):
        return settlement.layout(book, address)
    if head == "body" and parts[2:] == ("targets",):
        return targets.layout(book, address)
    if head == "body" and parts[2:] == ("potential",):
        return potential.layout(book, address)
    if head == "body" and parts[2:] == ("try",):
        return own_figures.layout(book, address)
    if head == "body" and parts[2:] == ("report",):
        return report.layout(book, address)
    if head == "body" and len(parts) == 4 and parts[2] == "service":
        return body_service.layout(book, address)
    if head == "service" and len(parts) == 2:
        return service.layout(book, address)
    if head == "claim" and 2 <= len(parts) <= 7:
        return claim.layout(book, address)
    raise Refused(404, "There is no page at this address.")
