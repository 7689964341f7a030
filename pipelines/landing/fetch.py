"""One address over HTTP, politely: only when it changed, taken up where it broke off, looked at before it lands.

A download ends as an edition under the root, or leaves nothing, or (when it broke off) leaves one `.part` file in
`<root>/.partial`, which the next call takes up when the server still has the same bytes (RFC 9110, sections 13 and 14).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import httpx

from pipelines.errors import BadInput
from pipelines.landing.answers import (
    Again,
    Options,
    answer_to,
    check_status,
    file_name,
    request_headers,
    take,
    validator,
)
from pipelines.landing.descriptor import FILE_NAME, Download, Edition, publisher_folder
from pipelines.landing.editions import read_edition
from pipelines.landing.land import Landed, check_name, land_file, next_landing
from pipelines.landing.partial import Part, open_part
from pipelines.landing.sources import Source

ADDRESS_LIMIT = 2000  # characters; it is kept in source.yml
WAY_OUT = "try again later, or save the file by hand and run `evenhand pull --from FOLDER`"


class FetchResult(NamedTuple):
    """The edition that holds what the address serves; `landed` is None when the server said that it is unchanged."""

    edition: Edition
    landed: Landed | None

    @property
    def new(self) -> bool:
        """Whether bytes were landed that this root did not have."""
        return self.landed is not None and self.landed.new


def fetch(
    url: str,
    into_root: Path,
    source: Source,
    options: Options | None = None,
    *,
    name: str = "",
    sha256: str = "",
) -> FetchResult:
    """Bring the file at `url` into `into_root` as an edition of `source`, unless it lies there unchanged.

    name : the publisher's file name, where the address does not end in it.   sha256 : of the file, where it is stated.
    Raises BadInput, one line naming the address and the way out; what lay in the root before is never touched.
    """
    options = options or Options()
    check_address(url)
    name = name or file_name(url)
    check_name(name)
    known = newest_from(url, into_root, source)
    with open_part(into_root, url) as part:
        answer = download(url, part, known, options)
        if known and not answer:
            return FetchResult(known, None)
        data = part.content()
        part.remove()
    check_stated_hash(data, sha256, url)
    try:
        landed = land_file(data, name, source, into_root, number=next_landing, download=answer)
    except BadInput as fault:
        raise BadInput(f"{url}: {fault}") from fault
    return FetchResult(landed.edition, landed)


def check_address(url: str) -> None:
    """Raise BadInput unless `url` is a whole http or https address without a password in it."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as fault:
        raise BadInput(f"{url}: is not an address ({fault}); give one that begins with https://") from fault
    if address.scheme not in ("http", "https") or not address.host:
        raise BadInput(f"{url}: only http and https addresses are fetched; save the file and pull --from its folder")
    if len(url) > ADDRESS_LIMIT:
        raise BadInput(
            f"{url[:80]}...: the address has over {ADDRESS_LIMIT} characters; save the file and pull --from it"
        )
    if address.userinfo:
        raise BadInput(
            f"{address.host}: the address holds a user name or password; save the file and pull --from its folder"
        )


def check_stated_hash(data: bytes, stated: str, url: str) -> None:
    """Raise BadInput when a SHA-256 is stated and the data have another."""
    found = hashlib.sha256(data).hexdigest()
    if stated and found != stated.lower():
        raise BadInput(
            f"{url}: the file's SHA-256 is {found[:12]}..., stated is {stated[:12].lower()}...; nothing was landed, "
            "ask the publisher which file is right"
        )


def newest_from(url: str, root: Path, source: Source) -> Edition | None:
    """The newest edition of `source` that was landed from `url` and can be asked about again, None without one."""
    places = (root / publisher_folder(source.PUBLISHER) / source.DATASET).glob(f"[!.]*/{FILE_NAME}")
    editions = (read_edition(place.parent) for place in places)
    landed = [edition for edition in editions if edition.download and edition.download.requested == url]
    return max(landed, key=lambda edition: edition.landing, default=None)


def download(url: str, part: Part, known: Edition | None, options: Options) -> Download | None:
    """Fill `part` with what `url` serves and say how it came, or None when `known` is still what it serves.

    Connection faults, time-outs, 429 and 5xx are tried again, `options.attempts` times in all, with growing waits.
    """
    timeout = httpx.Timeout(options.read_timeout, connect=options.connect_timeout)
    with httpx.Client(timeout=timeout, headers={"User-Agent": "evenhand", "Accept-Encoding": "identity"}) as client:
        for attempt in range(options.attempts):
            try:
                return one_attempt(client, url, part, known, options)
            except (Again, httpx.RequestError) as fault:
                last = f"{fault or type(fault).__name__}"
                if attempt + 1 < options.attempts:
                    options.sleep(wait_before(attempt + 1, getattr(fault, "wait", None), url, options))
    raise BadInput(f"{url}: could not be fetched in {options.attempts} attempts ({last}); {WAY_OUT}")


def wait_before(attempt: int, asked: float | None, url: str, options: Options) -> float:
    """Seconds to wait before attempt 1, 2, ...: what the server asked for, else 1, 2, 4, ... times a chance."""
    if asked is None:
        longest = min(options.longest_wait, options.back_off * 2.0 ** (attempt - 1))
        return longest * (0.5 + options.chance() / 2)
    if asked > options.longest_wait:
        raise BadInput(f"{url}: the server asks to come back in {asked:.0f} seconds; {WAY_OUT}")
    return asked


def one_attempt(client: httpx.Client, url: str, part: Part, known: Edition | None, options: Options) -> Download | None:
    """One request and its answer. Raises Again for what another attempt may mend."""
    before = options.now()
    with answer_to(client, url, request_headers(part, known), options) as response:
        check_status(response, url, part, known, options)
        if response.status_code == 304:
            part.remove()
            return None
        take(response, url, part, options)
        return Download(
            requested=url,
            url=address_shown(response.url, url),
            etag=validator(response, "ETag"),
            last_modified=validator(response, "Last-Modified"),
            retrieved=before.isoformat(timespec="seconds"),
        )


def address_shown(final: httpx.URL, url: str) -> str:
    """The address that answered; after a redirect without its query, which may hold a passing signature."""
    if final == httpx.URL(url):
        return url
    return str(final.copy_with(query=None, fragment=None))[:ADDRESS_LIMIT]
