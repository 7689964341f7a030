"""Every figure can be opened: each kind of claim that a page links to is there, as a page and as a drawer."""

from __future__ import annotations

import re

from dashboards import routes
from dashboards.address import slug
from dashboards.app import opened_claim
from dashboards.components.markup import render
from tests.browser.conftest import Site
from tests.browser.pages import EACH, PACK, Page, kind_of

BARE = ("efficiency", "targets", "charts")
"""Kinds of which the invented release has figures without what defines them: no frontier, no terms, no years."""


@EACH
def test_each_kind_of_claim_that_a_page_links_to_opens(site: Site, path: str, listed: Page) -> None:
    book = site.library.book(listed.pack)
    shown = render(routes.view(site.library, path).content)
    first = {kind_of(found.split("~"), book): found for found in re.findall(r'data-drawer="([^"]+)"', shown)[::-1]}
    for kind, reference in first.items():
        if listed.pack == PACK and kind in BARE:
            continue
        view = routes.view(site.library, f"/{slug(listed.pack)}/claim/{reference.replace('~', '/')}")
        assert (view.status, view.title != "") == (200, True), (kind, reference)
        assert "No such figure" not in render(opened_claim(site.library, path, reference)), (kind, reference)
