"""Follow a site's own links without a browser: every internal link, and every claim that opens as a drawer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape

LINK = re.compile(r'href="(/[^"]*)"')
CLAIM = re.compile(r'data-drawer="([^"]+)"')
FILES = ("csv=", "xlsx=")
"""Links that answer with a file of the page at hand."""


def links(page: str) -> set[str]:
    """Internal links of a page, without the part after the hash; files of its tables are left out."""
    found = {unescape(link).partition("#")[0] for link in LINK.findall(page)}
    return {link for link in found if link and not any(mark in link for mark in FILES)}


def claims(page: str, prefix: str) -> set[str]:
    """Addresses of the claims that a page offers as drawers."""
    return {"/".join((prefix, "claim", *unescape(key).split("~"))) for key in CLAIM.findall(page)}


def dead(see: Callable[[str], tuple[int, str]], starts: Iterable[str], prefix: str) -> list[str]:
    """Links and claims of the pages at `starts` that do not answer 200, each as 'page -> link: status'."""
    known: dict[str, int] = {}
    broken = []
    for start in starts:
        status, page = see(start)
        if status != 200:
            broken.append(f"{start}: {status}")
        for target in sorted(links(page) | claims(page, prefix)):
            if target not in known:
                known[target] = see(target)[0]
            if known[target] != 200:
                broken.append(f"{start} -> {target}: {known[target]}")
    return broken
