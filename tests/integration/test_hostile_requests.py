"""Hostile requests over real HTTP: each gets a 4xx with one sentence, or a harmless 200; never a fault or a trace."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.releases import make_release
from tests.serving import request, send, serving

pytestmark = pytest.mark.integration

X = "/twelve-councils"
API = "/api/v1/packs"
ONE = f"{API}/twelve_councils/releases/current"
FILE = f"{ONE}/files/tables/bodies.csv"
CALLBACK = "/_dash-update-component"
PAGE: dict[str, Any] = {
    "output": "page.children",
    "outputs": {"id": "page", "property": "children"},
    "inputs": [{"id": "page-key", "property": "data", "value": X}],
    "changedPropIds": ["page-key.data"],
}
DRAWER: dict[str, Any] = {
    "output": "drawer.children",
    "outputs": {"id": "drawer", "property": "children"},
    "inputs": [{"id": "claim-key", "property": "data", "value": [X, ""]}],
    "changedPropIds": ["claim-key.data"],
}
SCRIPT = "<script>alert(1)</script>"
SAFE = (
    "content-security-policy: default-src 'none'",
    "x-content-type-options: nosniff",
    "referrer-policy: no-referrer",
)


def post(body: bytes, path: str = CALLBACK, **headers: str) -> bytes:
    return request("POST", path, body, **{"content_type": "application/json", **headers})


def page(**changes: object) -> bytes:
    return post(json.dumps({**PAGE, **changes}).encode())


def asked(value: object, store: str = "page-key") -> bytes:
    whole = PAGE if store == "page-key" else DRAWER
    return post(json.dumps({**whole, "inputs": [{"id": store, "property": "data", "value": value}]}).encode())


def get(path: str, **headers: str) -> bytes:
    return request("GET", path, **headers)


CASES: dict[str, tuple[bytes, tuple[int, ...]]] = {
    # addresses
    "a path of 5,000 letters": (get("/" + "a" * 5000), (414,)),
    "a path of 60,000 letters": (get("/" + "a" * 60_000), (414,)),
    "a query of 2,000 parameters": (get(X + "?" + "a=1&" * 2000), (414,)),
    "thirty parameters": (get(X + "?" + "&".join(f"a{i}=1" for i in range(30))), (400,)),
    "a value of 1,000 letters": (get(X + "/find?q=" + "a" * 1000), (400,)),
    "a wrong escape": (get(X + "/body/%zz"), (404,)),
    "half an escape": (get(X + "/body/%"), (404,)),
    "an escaped NUL": (get(X + "/body/%00"), (404,)),
    "an escaped NUL in a query": (get(X + "/find?q=%00"), (400,)),
    "escaped twice": (get(X + "/body/%252e%252e%252fetc"), (404,)),
    "up from the root": (get("/../../etc/passwd"), (404,)),
    "up, escaped": (get(X + "/..%2f..%2fetc%2fpasswd"), (404,)),
    "no UTF-8": (get(X + "/body/%ff%fe"), (404,)),
    "no UTF-8 in a query": (get(X + "/find?q=%ff"), (400,)),
    "overlong UTF-8": (get(X + "/body/%c0%ae%c0%ae"), (404,)),
    "a lone surrogate": (get(X + "/body/%ed%a0%80"), (404,)),
    "a letter without width": (get(X + "/body/T01%e2%80%8b"), (404,)),
    "full-width letters": (get(X + "/body/%ef%bc%b401"), (404,)),
    "text that runs backwards": (get(X + "/find?q=%e2%80%aeT01"), (200,)),
    "Arabic digits as a page": (get(X + "/bodies?page=%d9%a1"), (400,)),
    "a page beyond counting": (get(X + "/bodies?page=99999999999999999999"), (400,)),
    "a negative page": (get(X + "/bodies?page=-1"), (400,)),
    "a parameter given twice": (get(X + "?csv=a&csv=b"), (400,)),
    "an unknown parameter": (get(X + "?x=1"), (400,)),
    "two kinds of file": (get(X + "/body/T01?csv=look-first&xlsx=look-first"), (400,)),
    "a file's name as a table": (get(X + "/body/T01?xlsx=../../etc/passwd"), (404,)),
    "a name of the language as a choice": (get(X + "/service/waste?measure=__class__"), (400,)),
    "an appearance that is none": (get(X + "?theme=%3Cx%3E"), (400,)),
    "script as a body": (get(X + "/body/%3Cscript%3Ealert(1)%3C%2Fscript%3E"), (404,)),
    "script as a search": (get(X + "/find?q=%3Cscript%3Ealert(1)%3C/script%3E"), (200,)),
    "script as a claim": (get(X + "?claim=%3Cscript%3Ealert(1)%3C/script%3E"), (200, 400)),
    "script in a claim's address": (get(X + "/claim/%3Cscript%3Ealert(1)%3C%2Fscript%3E/a/b/c"), (404,)),
    "a claim of no kind": (get(X + "/claim/of/zzz/a/b/c"), (404,)),
    "half a claim": (get(X + "/claim/of"), (404,)),
    "a header in a parameter": (get(X + "/find?q=%0d%0aSet-Cookie:%20a=b"), (400,)),
    "a header in a path": (get(X + "/body/%0d%0aSet-Cookie:%20a=b"), (404,)),
    "an unknown pack": (get("/zzz/body/T01"), (404,)),
    "an unknown release": (get(X + "/ffffffffffff/body/T01"), (404,)),
    "two slashes before a host": (get("//evil.example/%2e%2e"), (404,)),
    "a PDF with settings": (get(X + "/body/T01/report.pdf?x=1"), (400,)),
    "a PDF of nobody": (get(X + "/body/zz/report.pdf"), (404,)),
    "a PDF of no body": (get(X + "/report.pdf"), (404,)),
    # files
    "up from the assets": (get("/assets/%2e%2e/app.py"), (404,)),
    "up with backslashes": (get("/assets/..%5c..%5capp.py"), (404,)),
    "an absolute file": (get("/assets//etc/passwd"), (404,)),
    "a NUL in a file's name": (get("/assets/a%00.css"), (404,)),
    "a file's name of 4,000 letters": (get("/assets/" + "a" * 4000), (404,)),
    "the folder of files": (get("/assets/"), (404,)),
    "a file written to": (post(b"x", "/assets/evenhand.css"), (405,)),
    "a module of Python": (get("/_dash-component-suites/os/path.py"), (404,)),
    "up from Dash's files": (get("/_dash-component-suites/dash/%2e%2e/%2e%2e/x.js"), (404,)),
    "an address like Dash's own": (get("/_dash-zzz"), (404,)),
    "500 parts of a file": (get(FILE, range="bytes=" + ",".join(["0-"] * 500)), (200, 416)),
    "a part beyond a file": (get(FILE, range="bytes=999999999-"), (416,)),
    "a part that ends before it starts": (get(FILE, range="bytes=9-1"), (200, 416)),
    "a part of a page": (get(X, range="bytes=abc"), (200,)),
    "up from a release's files": (get(f"{ONE}/files/%2e%2e/%2e%2e/%2e%2e/etc/passwd"), (404,)),
    # methods
    "a page posted to": (post(b"{}", X), (405,)),
    "a page put": (request("PUT", X, b"x"), (405,)),
    "a page deleted": (request("DELETE", X), (405,)),
    "a page traced": (request("TRACE", X), (405,)),
    "a method that is none": (request("BREW", X), (405,)),
    "a callback fetched": (get(CALLBACK), (404, 405)),
    "the interface posted to": (post(b"{}", API), (405,)),
    "a method in a header": (get(API, x_http_method_override="DELETE"), (200,)),
    # callbacks
    "a callback of nothing": (post(b""), (400,)),
    "a callback that is not JSON": (post(b"not json"), (400,)),
    "a callback as a form": (request("POST", CALLBACK, b"a=1", content_type="text/plain"), (415,)),
    "a list": (post(b"[]"), (400,)),
    "null": (post(b"null"), (400,)),
    "an empty object": (post(b"{}"), (400,)),
    "10,000 objects in each other": (post(b'{"a":' * 10_000), (400,)),
    "30,000 lists in each other": (post(b"[" * 30_000 + b"]" * 30_000), (400,)),
    "a number of 6,000 digits": (post(b'{"output":' + b"9" * 6000 + b"}"), (400,)),
    "no UTF-8 in JSON": (post(b'{"output":"\xff\xfe"}'), (400,)),
    "200 kB": (post(b"x" * 200_000), (413,)),
    "a bomb of 50 MB": (post(gzip.compress(bytes(50_000_000))[:60_000], content_encoding="gzip"), (400,)),
    "a bomb in pieces": (post(b"10000\r\n" + b"x" * 65536 + b"\r\n0\r\n\r\n", transfer_encoding="chunked"), (400, 413)),
    "an output that is none": (page(output="x.y", outputs={"id": "x", "property": "y"}), (400,)),
    "an output that is a list": (page(output=["page.children"]), (400,)),
    "outputs that are numbers": (page(outputs=[1, 2]), (400,)),
    "no outputs": (page(outputs=None), (400,)),
    "inputs that are text": (page(inputs="abc"), (400,)),
    "inputs without names": (page(inputs=[{}]), (400,)),
    "no inputs": (page(inputs=[]), (400,)),
    "fifty inputs": (page(inputs=PAGE["inputs"] * 50), (400,)),
    "changes that are a number": (page(changedPropIds=7), (400,)),
    "a callback of the browser's own": (page(output="..page-key.data...claim-key.data.."), (400,)),
    "an object as an address": (asked({"a": 1}), (204,)),
    "50,000 letters as an address": (asked("/" + "a" * 50_000), (200,)),
    "up, as an address": (asked("/../../etc/passwd"), (200,)),
    "a NUL in an address": (asked("/a\0b"), (200,)),
    "a lone surrogate in an address": (asked("/\ud800"), (200,)),
    "script in a drawer": (asked([X, f"{SCRIPT}~a~b"], "claim-key"), (200,)),
    "objects in a drawer": (asked([{"a": 1}, {"b": 2}], "claim-key"), (204,)),
    # hosts and headers
    "another host": (get(X, host="evil.example"), (200,)),
    "another host and a redirection": (get(X + "/find?q=Alderbrook", host="evil.example"), (302,)),
    "a host of marks": (get(X, host='a"<>'), (400,)),
    "a host with a path": (get(X, host="evil.example/.."), (400,)),
    "a port beyond counting": (get(X, host="x:99999999"), (400,)),
    "a host that closes a text": (get(f"{ONE}/dataset.jsonld", host='evil"}'), (400,)),
    "a host said by a proxy": (get(X, x_forwarded_host="evil.example"), (200,)),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", (400,)),
    "an ETag of marks": (get(X, if_none_match='"' * 3000), (200,)),
    "a day that is none": (get(X, if_modified_since="not a date"), (200,)),
    "2,000 codings": (get(X, accept_encoding=",".join(["br"] * 2000)), (200,)),
    # the interface
    "a NUL as a pack": (get(f"{API}/%00/releases"), (404,)),
    "a release above": (get(f"{API}/twelve_councils/releases/..%2f../tables/bodies"), (404,)),
    "a limit given twice": (get(f"{ONE}/tables/bodies?limit=1&limit=2"), (400,)),
    "a limit beyond counting": (get(f"{ONE}/tables/bodies?limit=99999999999"), (400,)),
    "no number": (get(f"{ONE}/tables/indicator_values?value=nan"), (200, 400)),
    "a number beyond counting": (get(f"{ONE}/tables/positions?n_peers=" + "9" * 190), (200, 400)),
    "a kind of claim that is none": (get(f"{ONE}/claims/%00/a/b/c"), (404,)),
}
MALFORMED = {
    "no HTTP": b"\x16\x03\x01 not http\r\n\r\n",
    "a NUL in a path": get(X + "/body/\0"),
    "a length that is none": post(b"{}", content_length="abc"),
    "a negative length": post(b"{}", content_length="-5"),
    "a header of 600 kB": get(X, x_long="x" * 600_000),
    "300 headers": get(X, **{f"x_{i}": "1" for i in range(300)}),
}
"""What is no HTTP at all: the server refuses it before the application, and says nothing more."""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    make_release(folder / "home")
    with serving(folder / "home", folder / "log") as found:
        yield found
    assert "Traceback" not in (folder / "log").read_text()


def words_of(head: str, body: bytes) -> str:
    """The one thing that an answer says: a page's lede, the interface's error, or the plain text."""
    text = body.decode()
    if "content-type: text/html" in head:
        return unescape(re.sub(r"<[^>]+>", "", text.split('id="lede"')[1].split("</p>")[0].split(">", 1)[1]))
    return str(json.loads(text)["error"]) if "content-type: application/json" in head else text.strip()


def test_there_are_at_least_sixty() -> None:
    assert len(CASES) + len(MALFORMED) >= 60


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_request_gets_one_sentence_and_the_policy(port: int, name: str) -> None:
    data, statuses = CASES[name]
    answer = send(port, data)
    assert answer.status in statuses, answer.body[:300]
    assert all(line in answer.head for line in SAFE)
    assert "set-cookie" not in answer.head
    assert b"Traceback" not in answer.body and SCRIPT.encode() not in answer.body
    assert b"root:" not in answer.body and b"evil.example" not in answer.body
    assert "location: http" not in answer.head and "location: //" not in answer.head
    if answer.status >= 400:
        said = words_of(answer.head, answer.body)
        assert re.fullmatch(r"[A-Za-z“][^\n]{5,600}\.", said), said


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_request_is_refused_by_the_server(port: int, name: str) -> None:
    answer = send(port, MALFORMED[name])
    assert answer.status in (400, 413, 414, 431)
    assert b"Traceback" not in answer.body


def test_a_strangers_host_never_reaches_another_reader(port: int) -> None:
    path = f"{ONE}/dataset.jsonld"
    assert b"evil.example" in send(port, get(path, host="evil.example")).body
    assert b"evil.example" not in send(port, get(path)).body


def test_the_server_still_answers(port: int) -> None:
    assert send(port, get(X)).status == 200
    assert send(port, page()).status == 200
