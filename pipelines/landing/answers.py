"""Answers of an HTTP server, and what may go wrong with them: redirects, refusals, part of a file, too much of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from pipelines.errors import BadInput
from pipelines.landing.descriptor import Edition
from pipelines.landing.editions import FILE_LIMIT
from pipelines.landing.partial import Part

VALIDATOR_LIMIT = 300  # characters; it is kept in source.yml
Progress = Callable[[str, int, int | None], None]


def silent(name: str, done: int, total: int | None) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Options:
    """How patient a download is. Seconds and bytes; the last four are replaced in tests and by the command line."""

    attempts: int = 5
    back_off: float = 1.0  # before the second attempt; doubled each time, times a chance between 1/2 and 1
    longest_wait: float = 60.0  # no wait is longer, not even one that a server asks for
    connect_timeout: float = 10.0
    read_timeout: float = 30.0  # without one byte
    attempt_timeout: float = 900.0  # for one attempt, however slowly bytes trickle
    redirects: int = 5
    size_limit: int = FILE_LIMIT
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    progress: Progress = silent


class Again(Exception):
    """This attempt failed in a way that another one may mend; `wait` is what the server asked for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


def file_name(url: str) -> str:
    """The last part of an address's path, decoded."""
    return httpx.URL(url).path.rpartition("/")[2]


def request_headers(part: Part, known: Edition | None) -> dict[str, str]:
    """Ask only for what changed since `known`, and only for the rest of what `part` holds."""
    headers = {}
    if known and known.download and known.download.etag:
        headers["If-None-Match"] = known.download.etag
    if known and known.download and known.download.last_modified:
        headers["If-Modified-Since"] = known.download.last_modified
    if part.resumable:
        headers |= {"Range": f"bytes={part.size}-", "If-Range": part.validator}
    return headers


@contextmanager
def answer_to(client: httpx.Client, url: str, headers: dict[str, str], options: Options) -> Iterator[httpx.Response]:
    """The answer to a request, its body not yet read, after at most `options.redirects` redirects."""
    here = httpx.URL(url)
    for _ in range(options.redirects + 1):
        with client.stream("GET", here, headers=headers) as response:
            if not response.has_redirect_location:
                yield response
                return
            here = next_address(response, url)
    raise BadInput(f"{url}: redirects more than {options.redirects} times; look up the file's present address")


def next_address(response: httpx.Response, url: str) -> httpx.URL:
    """Where a redirect leads. Raises BadInput when it leaves http and https, or https for http."""
    where = response.headers["Location"]
    try:
        there = response.url.join(where)
    except httpx.InvalidURL as fault:
        raise BadInput(
            f"{url}: redirects to something that is no address; look up the file's present address"
        ) from fault
    if there.scheme not in ("http", "https") or not there.host or there.userinfo:
        raise BadInput(
            f"{url}: redirects to {there.scheme or where}:, which is not fetched; look up the present address"
        )
    if response.url.scheme == "https" and there.scheme == "http":
        raise BadInput(
            f"{url}: redirects from https to http, where anyone may change the file; look up its https address"
        )
    return there


def check_status(response: httpx.Response, url: str, part: Part, known: Edition | None, options: Options) -> None:
    """Return for an answer that can be used; raise Again where waiting may help, BadInput where it does not."""
    status = response.status_code
    said = f"the server answered {status} {response.reason_phrase}".rstrip()
    if status == 200 or (status == 304 and known):
        return
    if status == 206 and is_the_rest(response, part):
        return
    if status in (206, 416) and part.resumable:
        part.restart("")
        raise Again(f"{said} to a request for the rest of the file", 0.0)
    if status == 429 or status >= 500:
        raise Again(said, retry_after(response, options))
    part.remove()
    raise BadInput(f"{url}: {said}; check the address, or save the file by hand and pull --from its folder")


def is_the_rest(response: httpx.Response, part: Part) -> bool:
    """Whether a 206 goes on where `part` ends, with the same bytes: a server may overlook If-Range."""
    begin = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return part.resumable and begin == str(part.size) and strong_validator(response) in ("", part.validator)


def retry_after(response: httpx.Response, options: Options) -> float | None:
    """Seconds that a Retry-After asks to wait, given as seconds or as a date; None without one that can be read."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - options.now()).total_seconds())


def take(response: httpx.Response, url: str, part: Part, options: Options) -> None:
    """Append the body to `part`. Raises Again when it breaks off or trickles, BadInput when it is too large."""
    if response.status_code == 200:
        part.restart(strong_validator(response))
    total = stated_total(response)
    check_size(total or 0, url, part, options)
    end = time.monotonic() + options.attempt_timeout
    for chunk in body(response, url):
        part.write(chunk)
        check_size(part.size, url, part, options)
        options.progress(file_name(url), part.size, total)
        if time.monotonic() > end:
            raise Again(f"took more than {options.attempt_timeout:.0f} seconds")
    if total is not None and part.size != total:
        received = part.size
        if received > total:
            part.restart("")
        raise Again(f"{received} bytes came, {total} were announced")


def body(response: httpx.Response, url: str) -> Iterator[bytes]:
    """The bytes of the file: as they come, or unpacked where the server packs them although it was asked not to.

    Servers label a `.gz` file that they merely hold as packed by them; such a file stays as it is.
    """
    return response.iter_raw() if file_name(url).endswith(".gz") else response.iter_bytes()


def packed(response: httpx.Response) -> bool:
    """Whether the server says that it packed the body."""
    return response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity")


def strong_validator(response: httpx.Response) -> str:
    """What names exactly these bytes in If-Range: a strong ETag, else Last-Modified; empty when nothing does."""
    if packed(response):
        return ""
    etag = validator(response, "ETag")
    return etag if etag and not etag.startswith("W/") else validator(response, "Last-Modified")


def validator(response: httpx.Response, header: str) -> str:
    """The text of a validator, empty without one and for one that no honest server sends."""
    text = str(response.headers.get(header, ""))
    return text if len(text) <= VALIDATOR_LIMIT and text.isascii() and text.isprintable() else ""


def stated_total(response: httpx.Response) -> int | None:
    """Size of the whole file in bytes, where the answer states it and it counts the same bytes that we count."""
    if response.status_code == 206:
        text = response.headers.get("Content-Range", "").rpartition("/")[2]
    else:
        text = "" if packed(response) else response.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() else None


def check_size(size: int, url: str, part: Part, options: Options) -> None:
    """Raise BadInput, and drop what came, when the file is beyond the limit."""
    if size > options.size_limit:
        part.remove()
        raise BadInput(
            f"{url}: is larger than {options.size_limit / 2**20:.0f} MB; this is hardly a table, check the address"
        )
