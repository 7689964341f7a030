"""Pages as data: one of each kind for the suite; for the audit all of both shipped packs, with three bodies each.

The audit's list follows the packs' own services, schemes and claims; bodies are chosen by rule from the release.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import polars as pl
import pytest

from dashboards import routes
from dashboards.address import slug
from dashboards.components.markup import render
from dashboards.data import Book
from dashboards.library import Library
from dashboards.serve import TABS
from pipelines.cli import SHIPPED
from pipelines.packs.load import load_pack
from pipelines.packs.pack import Pack
from tests.releases import PACK

AUDIT = os.environ.get("EVENHAND_AUDIT") == "true"
PATHS = (
    "",
    "?service=waste",
    "/bodies",
    "/find?q=b",
    "/body/T01",
    "/body/T08/peers",
    "/body/T01/peers?count=5&weight-need=2&without=T02&with=T10&measure=waste_cost_per_tonne",
    "/body/T01/peers?add=b",
    "/body/T01/service/waste?with=T10",
    "/body/T01/report",
    "/body/T03/service/waste?measure=recycling_share",
    "/body/T02/chain",
    "/body/T01/potential",
    "/body/T01/try?service=waste",
    "/body/T01/targets",
    "/body/T01/settlement?share=80",
    "/settlements",
    "/services",
    "/service/waste?measure=recycling_share",
    "/quality",
    "/releases",
    "/releases/{older}..{release}",
    "/releases/{older}..{release}?show=verdicts",
    "/releases/{release}",
    "/disputes",
    "/dispute/{open}",
    "/dispute/{decided}",
    "/body/T04/service/waste",
    "/operate",
    "/methods",
    "/methods/M3.4",
    "/dictionary",
    "/dictionary/positions",
    "/glossary",
    "/accessibility",
    "/claim/T01/recycling_share/2023-24/statistical",
    "/nope",
)
"""One of each kind of page of the invented release."""

SECTOR = (
    "",
    "/bodies",
    "/find?q=a",
    "/services",
    "/settlements",
    "/quality",
    "/releases",
    "/releases/{release}",
    "/disputes",
    "/operate",
    "/methods",
    "/methods/{method}",
    "/dictionary",
    "/dictionary/positions",
    "/glossary",
    "/accessibility",
    "/body/{ended}",
    "/nope",
)
ROLES = ("fullest", "thinnest", "other")
CLAIMS = range(1, 13)
"""Places among the kinds of claim that a pack's pages link to, in the order of their names."""


class Page(NamedTuple):
    """A page of a pack; names in braces are filled in from the release."""

    pack: str
    path: str

    def __str__(self) -> str:
        return self.path if self.pack == PACK else f"{self.pack}{self.path}"


def packs() -> tuple[str, ...]:
    """Packs whose releases are served."""
    return (PACK, *SHIPPED) if AUDIT else (PACK,)


def pages() -> tuple[Page, ...]:
    """What page-by-page tests visit: the invented release; in the audit both shipped packs too."""
    found = [Page(PACK, path) for path in PATHS]
    found += [Page(name, path) for name in packs() if name != PACK for path in of_pack(load_pack(name))]
    return tuple(found)


def of_pack(pack: Pack) -> Iterator[str]:
    """Every page of a sector, and every page of three of its bodies."""
    yield from SECTOR
    services = [service.id for service in pack.services]
    yield from (f"/service/{service}" for service in services)
    yield from (f"/settlements/{policy.id}" for policy in pack.policies if policy.kind == "settlement")
    for role in ROLES:
        yield from ("/".join((f"/body/{{{role}}}", *tab)) for tab in TABS)
        yield from (f"/body/{{{role}}}/service/{service}" for service in services)
        yield from (f"/body/{{{role}}}/chain/{service.id}" for service in pack.services if service.chain)
    yield from (f"/claim/{{claim_{place}}}" for place in CLAIMS)


def path_of(page: Page, library: Library, names: Mapping[str, str]) -> str:
    """The page's address with its names filled in. Skips aloud where the release has nothing of that name."""
    book = library.book(page.pack)
    wanted = re.findall(r"{(\w+)}", page.path)
    if any(name.startswith("claim_") for name in wanted):
        names = {**names, **claims(library, book.pack)}
    known = {**people(book), "release": book.id[:12], **names}
    for name in wanted:
        if name not in known:
            pytest.skip(f"{page.pack} has no {name.replace('claim_', 'claim of a kind no. ')}")
    return f"/{slug(page.pack)}{page.path.format_map(known)}"


def people(book: Book) -> dict[str, str]:
    """Bodies by rule: most figures, fewest, the fullest of another class (else the middle one); and one that ended."""
    count = figures(book)
    ordered = sorted((body for body in book.living if count.get(body.id)), key=lambda body: (-count[body.id], body.id))
    others = [body for body in ordered if body.class_id != ordered[0].class_id]
    found = {
        "fullest": ordered[0].id,
        "thinnest": ordered[-1].id,
        "other": (others or ordered[len(ordered) // 2 :])[0].id,
        "method": next(iter(sorted(book.used))),
    }
    ended = sorted(body.id for body in book.bodies.values() if body.valid_to)
    return {**found, **({"ended": ended[0]} if ended else {})}


def figures(book: Book) -> dict[str, int]:
    """How many figures each body has under the headline peer model."""
    shown = book.positions(book.headline).filter(pl.col("value").is_not_null())
    return dict(shown.group_by("body_id").len().iter_rows())


@lru_cache(maxsize=8)
def claims(library: Library, pack: str) -> dict[str, str]:
    """One claim of each kind that the pack's pages link to, as `claim_1`, `claim_2` and so on."""
    book, found = library.book(pack), {}
    names = {"release": book.id[:12], **people(book)}
    for path in of_pack(load_pack(pack)):
        if "{claim_" not in path and not ("{ended}" in path and "ended" not in names):
            shown = render(routes.view(library, f"/{slug(pack)}{path.format_map(names)}").content)
            for reference in re.findall(r'data-drawer="([^"]+)"', shown):
                found.setdefault(kind_of(reference.split("~"), book), reference.replace("~", "/"))
    return {f"claim_{place}": found[kind] for place, kind in enumerate(sorted(found), start=1)}


def kind_of(parts: list[str], book: Book) -> str:
    """Kind of the figure that a claim's address names."""
    if parts[0] == "of":
        return parts[1]
    if parts[0] in book.indicators:
        return "set"
    return "body" if len(parts) == 1 else "position"


EACH = pytest.mark.parametrize("listed", pages(), ids=str)
"""Page by page: see `site` and `path` of conftest.py."""
FEW = (Page(PACK, "/body/T01"), Page(PACK, "/service/waste?measure=recycling_share"))
DEEPER = pytest.mark.parametrize("listed", pages() if AUDIT else FEW, ids=str)
"""The same where each page takes long: two pages in the suite, all of them in the audit."""
