"""Downloads from a real HTTP server on the loopback that misbehaves; nothing but whole, good files ever lands."""

from __future__ import annotations

import gzip
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from pipelines.errors import BadInput
from pipelines.landing.answers import Options, next_address
from pipelines.landing.editions import read_root
from pipelines.landing.fetch import fetch, wait_before
from pipelines.landing.precedence import rank_editions
from pipelines.landing.pull import PullFailed, Wanted, pull
from tests.unit.landing.fake import JUNE, JUNE_CORRECTED, MAY, FakeSource, table

pytestmark = pytest.mark.integration

BINS = FakeSource()
BIG = table("2024-06-06", *(f"E07{n:06d},2022-23,{n}" for n in range(4000)))  # about 90 kB
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Step = Callable[["Answering"], None]


class Answering(BaseHTTPRequestHandler):
    """Answers each request with the next step of its server's script; the last step is repeated."""

    server: Misbehaving
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.asked.append((self.path, dict(self.headers)))
        steps = self.server.steps.get(self.path, self.server.steps.get("*", [status(404)]))
        (steps.pop(0) if len(steps) > 1 else steps[0])(self)

    def start(self, code: int, **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Tests print nothing."""


class Misbehaving(ThreadingHTTPServer):
    """A server with a script for each path; `waiting` ends its stalls, `sent` says that a stall has begun."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.steps: dict[str, list[Step]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.waiting, self.sent = threading.Event(), threading.Event()
        self.base = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is part of the tests."""

    def script(self, *steps: Step, path: str = "*") -> str:
        """Answer with these steps; returns an address to ask."""
        self.steps[path] = list(steps)
        return self.base + ("/bins_2023.csv" if path == "*" else path)

    def headers(self, n: int) -> dict[str, str]:
        """The headers of request n."""
        return self.asked[n][1]


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.waiting.set()
        running.shutdown()
        thread.join()


def ok(data: bytes, **headers: str) -> Step:
    """200 with a body and its length."""

    def step(answer: Answering) -> None:
        answer.start(200, Content_Length=str(len(data)), **headers)
        answer.wfile.write(data)

    return step


def status(code: int, **headers: str) -> Step:
    return lambda answer: answer.start(code, Content_Length="0", **headers)


def unannounced(data: bytes) -> Step:
    """200 without a length: the body ends when the connection does."""

    def step(answer: Answering) -> None:
        answer.start(200)
        answer.wfile.write(data)

    return step


def truncated(data: bytes, sent: int, **headers: str) -> Step:
    """A whole length announced, fewer bytes sent, the connection closed."""

    def step(answer: Answering) -> None:
        answer.start(200, Content_Length=str(len(data)), **headers)
        answer.wfile.write(data[:sent])

    return step


def stalled(data: bytes, sent: int, **headers: str) -> Step:
    """A whole length announced, fewer bytes sent, then silence until the test ends."""

    def step(answer: Answering) -> None:
        answer.start(200, Content_Length=str(len(data)), **headers)
        answer.wfile.write(data[:sent])
        answer.wfile.flush()
        answer.server.sent.set()
        answer.server.waiting.wait(60)

    return step


def rest(data: bytes, **headers: str) -> Step:
    """206 with the bytes that the Range asks for."""

    def step(answer: Answering) -> None:
        begin = int(answer.headers["Range"].removeprefix("bytes=").rstrip("-"))
        answer.start(
            206,
            Content_Length=str(len(data) - begin),
            Content_Range=f"bytes {begin}-{len(data) - 1}/{len(data)}",
            **headers,
        )
        answer.wfile.write(data[begin:])

    return step


class Naps(list[float]):
    """Instead of sleeping, the seconds are noted."""


@pytest.fixture
def naps() -> Naps:
    return Naps()


def patient(naps: Naps, **changes: object) -> Options:
    """Options that sleep into `naps`, know what time it is, and leave nothing to chance (factor 1/2 + 1/2)."""
    fixed: dict[str, object] = {"sleep": naps.append, "chance": lambda: 1.0, "now": lambda: NOW, "attempts": 4}
    return Options(**(fixed | changes))  # type: ignore[arg-type]


def left_behind(root: Path) -> list[str]:
    """Everything under the root that is not part of an edition."""
    return sorted(path.name for path in (root / ".partial").glob("**/*"))


def nothing_landed(root: Path) -> bool:
    return (not root.exists() or read_root(root) == []) and left_behind(root) == []


def test_a_file_lands_with_where_and_when_it_came_from(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(ok(JUNE, ETag='"1"', Last_Modified="Thu, 06 Jun 2024 08:30:00 GMT"))
    seen: list[tuple[str, int, int | None]] = []
    result = fetch(url, tmp_path, BINS, patient(naps, progress=lambda *step: seen.append(step)))
    (edition,) = read_root(tmp_path)
    assert result.new
    assert edition == result.edition
    assert (edition.read(), edition.landing, edition.original_name) == (JUNE, 1, "bins_2023.csv")
    assert edition.download is not None
    assert vars(edition.download) == {
        "requested": url,
        "url": url,
        "etag": '"1"',
        "last_modified": "Thu, 06 Jun 2024 08:30:00 GMT",
        "retrieved": "2026-11-22T12:00:00+00:00",
    }
    assert seen[-1] == ("bins_2023.csv", len(JUNE), len(JUNE))
    assert (left_behind(tmp_path), naps) == ([], [])


@pytest.mark.parametrize(
    ("header", "value", "asked"),
    [
        ("ETag", 'W/"1"', "If-None-Match"),
        ("Last_Modified", "Thu, 06 Jun 2024 08:30:00 GMT", "If-Modified-Since"),
    ],
)
def test_an_unchanged_file_is_not_sent_again(
    server: Misbehaving, tmp_path: Path, naps: Naps, header: str, value: str, asked: str
) -> None:
    url = server.script(ok(JUNE, **{header: value}), status(304))
    first = fetch(url, tmp_path, BINS, patient(naps))
    again = fetch(url, tmp_path, BINS, patient(naps))
    assert server.headers(1)[asked] == value
    assert (again.new, again.landed, again.edition) == (False, None, first.edition)
    assert left_behind(tmp_path) == []


def test_a_server_without_validators_sends_the_same_bytes_and_nothing_changes(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    url = server.script(ok(JUNE))
    first, again = (fetch(url, tmp_path, BINS, patient(naps)) for _ in range(2))
    assert (first.new, again.new, len(read_root(tmp_path))) == (True, False, 1)


def test_changed_bytes_are_a_new_edition_that_rules_and_the_old_one_stays(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    """The second version corrects the first on the same date; the third is older and rules nothing that it shares."""
    url = server.script(ok(JUNE, ETag='"1"'), ok(JUNE_CORRECTED, ETag='"2"'), ok(MAY, ETag='"0"'))
    editions = [fetch(url, tmp_path, BINS, patient(naps)).edition for _ in range(3)]
    assert [edition.landing for edition in editions] == [1, 2, 3]
    assert [edition.read() for edition in editions] == [JUNE, JUNE_CORRECTED, MAY]
    assert server.headers(2)["If-None-Match"] == '"2"'
    assert rank_editions([(edition, {"2022-23"}) for edition in editions]) == {("office_bins", "2022-23"): editions[1]}


def test_faults_of_the_server_are_tried_again_with_growing_waits(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    url = server.script(status(500), status(503), status(502), ok(JUNE))
    assert fetch(url, tmp_path, BINS, patient(naps)).new
    assert naps == [1.0, 2.0, 4.0]  # 1 s x 2^0, 2^1, 2^2, each times (1/2 + 1/2)


def test_waits_are_left_to_chance_between_half_and_whole_and_are_bounded() -> None:
    lucky, unlucky = Options(chance=lambda: 0.0), Options(chance=lambda: 1.0)
    assert [wait_before(n, None, "u", lucky) for n in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert wait_before(30, None, "u", unlucky) == 60.0


def test_a_server_that_stays_at_fault_is_given_up(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(status(500))
    with pytest.raises(BadInput, match=r"bins_2023\.csv: could not be fetched in 4 attempts \(the server answered 500"):
        fetch(url, tmp_path, BINS, patient(naps))
    assert (len(server.asked), len(naps)) == (4, 3)
    assert nothing_landed(tmp_path)


def test_nobody_listening_is_tried_again_and_given_up(tmp_path: Path, naps: Naps) -> None:
    with Misbehaving() as gone:
        url = gone.base + "/bins.csv"
    with pytest.raises(BadInput, match="4 attempts"):
        fetch(url, tmp_path, BINS, patient(naps))
    assert nothing_landed(tmp_path)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7.0), ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0), ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0), ("soon", 1.0)],
)
def test_a_server_that_asks_to_wait_is_waited_for(
    server: Misbehaving, tmp_path: Path, naps: Naps, asked: str, waited: float
) -> None:
    url = server.script(status(429, Retry_After=asked), ok(JUNE))
    assert fetch(url, tmp_path, BINS, patient(naps)).new
    assert naps == [waited]


def test_a_server_that_asks_to_wait_too_long_is_left_alone(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(status(429, Retry_After="86400"))
    with pytest.raises(BadInput, match="asks to come back in 86400 seconds"):
        fetch(url, tmp_path, BINS, patient(naps))
    assert (naps, len(server.asked)) == ([], 1)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 416, 204, 300, 304])
def test_other_answers_are_not_tried_again(server: Misbehaving, tmp_path: Path, naps: Naps, code: int) -> None:
    url = server.script(status(code))
    with pytest.raises(BadInput, match=rf"answered {code}.*check the address"):
        fetch(url, tmp_path, BINS, patient(naps))
    assert len(server.asked) == 1
    assert nothing_landed(tmp_path)


def test_a_broken_download_is_taken_up_where_it_broke_off(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(truncated(BIG, 1000, ETag='"1"'), rest(BIG, ETag='"1"'))
    assert fetch(url, tmp_path, BINS, patient(naps)).edition.read() == BIG
    assert (server.headers(1)["Range"], server.headers(1)["If-Range"]) == ("bytes=1000-", '"1"')
    assert left_behind(tmp_path) == []


def test_a_broken_download_leaves_one_part_and_the_next_call_takes_it_up(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    modified = "Thu, 06 Jun 2024 08:30:00 GMT"
    url = server.script(truncated(BIG, 1000, Last_Modified=modified))
    with pytest.raises(BadInput, match="1 attempts"):
        fetch(url, tmp_path, BINS, patient(naps, attempts=1))
    assert [Path(name).suffix for name in left_behind(tmp_path)] == [".part"]
    assert read_root(tmp_path) == []
    server.script(rest(BIG))
    assert fetch(url, tmp_path, BINS, patient(naps)).edition.read() == BIG
    assert (server.headers(1)["Range"], server.headers(1)["If-Range"]) == ("bytes=1000-", modified)
    assert left_behind(tmp_path) == []


def test_several_breaks_are_taken_up_one_after_the_other(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    def some(answer: Answering) -> None:
        begin = int(answer.headers["Range"].removeprefix("bytes=").rstrip("-"))
        total = len(BIG)
        answer.start(206, Content_Length=str(total - begin), Content_Range=f"bytes {begin}-{total - 1}/{total}")
        answer.wfile.write(BIG[begin : begin + 500])

    url = server.script(truncated(BIG, 1000, ETag='"1"'), some, rest(BIG))
    assert fetch(url, tmp_path, BINS, patient(naps)).edition.read() == BIG
    assert [server.headers(n)["Range"] for n in (1, 2)] == ["bytes=1000-", "bytes=1500-"]


def wrong_start(answer: Answering) -> None:
    """206 from the beginning although the rest was asked for."""
    answer.start(206, Content_Length=str(len(BIG)), Content_Range=f"bytes 0-{len(BIG) - 1}/{len(BIG)}")
    answer.wfile.write(BIG)


@pytest.mark.parametrize(
    "second",
    [ok(BIG, ETag='"2"'), wrong_start, status(416), rest(bytes(len(BIG)), ETag='"2"')],
    ids=["range ignored", "wrong start", "range refused", "if-range overlooked"],
)
def test_a_server_that_cannot_resume_sends_the_whole_file_again(
    server: Misbehaving, tmp_path: Path, naps: Naps, second: Step
) -> None:
    url = server.script(truncated(b"?" * len(BIG), 1000, ETag='"1"'), second, ok(BIG, ETag='"2"'))
    assert fetch(url, tmp_path, BINS, patient(naps)).edition.read() == BIG
    assert "Range" in server.headers(1)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"1"'}], ids=["no validator", "weak validator"])
def test_bytes_that_nothing_names_exactly_are_not_resumed_or_kept(
    server: Misbehaving, tmp_path: Path, naps: Naps, headers: dict[str, str]
) -> None:
    url = server.script(truncated(BIG, 1000, **headers))
    with pytest.raises(BadInput, match="attempts"):
        fetch(url, tmp_path, BINS, patient(naps))
    assert all("Range" not in asked for _, asked in server.asked)
    assert nothing_landed(tmp_path)


def test_a_spoiled_part_file_is_not_taken_up(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(truncated(BIG, 1000, ETag='"1"'))
    with pytest.raises(BadInput):
        fetch(url, tmp_path, BINS, patient(naps, attempts=1))
    (part,) = (tmp_path / ".partial").iterdir()
    part.write_bytes(b"\x00garbage without a first line")
    server.script(ok(BIG))
    assert fetch(url, tmp_path, BINS, patient(naps)).edition.read() == BIG
    assert "Range" not in server.headers(1)


def test_a_server_that_falls_silent_is_left_and_asked_for_the_rest(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    url = server.script(stalled(BIG, 1000, ETag='"1"'), rest(BIG))
    assert fetch(url, tmp_path, BINS, patient(naps, read_timeout=0.2)).edition.read() == BIG
    assert server.headers(1)["Range"] == "bytes=1000-"


def test_a_server_that_trickles_is_left(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(ok(BIG, ETag='"1"'))
    with pytest.raises(BadInput, match="took more than -1 seconds"):
        fetch(url, tmp_path, BINS, patient(naps, attempts=1, attempt_timeout=-1.0))


PAGE = b"<!DOCTYPE html><html><body>Scheduled maintenance</body></html>"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (ok(PAGE, Content_Type="text/csv"), "the content is an HTML or XML page"),
        (ok(b"PK\x03\x04 not really"), "the content is a zip archive"),
        (ok(b"updated 2024-06-06\nE07\x00,2022-23,1\n"), "NUL byte"),
        (ok(b"", Content_Type="text/csv"), "the content is empty"),
        (ok(b"another,table\n1,2\n"), "line 1 gives no date"),
    ],
)
def test_what_is_no_table_of_the_source_never_lands(
    server: Misbehaving, tmp_path: Path, naps: Naps, sent: Step, words: str
) -> None:
    url = server.script(sent)
    with pytest.raises(BadInput, match=words) as refusal:
        fetch(url, tmp_path, BINS, patient(naps))
    assert str(refusal.value).startswith(url)
    assert nothing_landed(tmp_path)
    assert len(server.asked) == 1


def test_a_stated_hash_must_agree(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(ok(JUNE))
    with pytest.raises(BadInput, match=r"stated is 000000000000\.\.\.; nothing was landed"):
        fetch(url, tmp_path, BINS, patient(naps), sha256="0" * 64)
    assert nothing_landed(tmp_path)
    assert fetch(url, tmp_path, BINS, patient(naps), sha256=hashlib.sha256(JUNE).hexdigest().upper()).new


def test_a_file_over_the_limit_is_not_even_begun_when_it_says_so(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    url = server.script(stalled(BIG, 0))
    with pytest.raises(BadInput, match="is larger than"):
        fetch(url, tmp_path, BINS, patient(naps, size_limit=1000))
    assert nothing_landed(tmp_path)


def test_a_file_over_the_limit_is_dropped_when_it_turns_out_so(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(unannounced(BIG))
    with pytest.raises(BadInput, match="is larger than"):
        fetch(url, tmp_path, BINS, patient(naps, size_limit=50_000))
    assert nothing_landed(tmp_path)


def test_a_file_without_a_length_that_keeps_the_limit_lands(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(unannounced(BIG))
    assert fetch(url, tmp_path, BINS, patient(naps, size_limit=len(BIG))).edition.read() == BIG


def test_packed_answers_are_unpacked_and_gz_files_stay_as_they_are(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    class Packed(FakeSource):
        def parse(self, data: bytes, name: str):  # type: ignore[no-untyped-def]
            return super().parse(gzip.decompress(data) if name.endswith(".gz") else data, name)

    data = gzip.compress(JUNE, mtime=0)
    plain = server.script(ok(data, Content_Encoding="gzip"), path="/bins.csv")
    gz = server.script(ok(data, Content_Encoding="x-gzip"), path="/bins.csv.gz")
    assert fetch(plain, tmp_path / "a", BINS, patient(naps)).edition.read() == JUNE
    assert fetch(gz, tmp_path / "b", Packed(), patient(naps)).edition.read() == data


def test_redirects_are_followed_and_the_address_that_answered_is_kept_without_its_signature(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    url = server.script(status(302, Location="/b/2?to=3"), path="/bins_2023.csv")
    server.script(status(308, Location="last?signature=secret"), path="/b/2?to=3")
    server.script(ok(JUNE), path="/b/last?signature=secret")
    edition = fetch(url, tmp_path, BINS, patient(naps)).edition
    assert edition.download is not None
    assert (edition.download.requested, edition.download.url) == (url, server.base + "/b/last")
    assert edition.original_name == "bins_2023.csv"


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/bins_2023.csv", "redirects more than 5 times"),
        ("file:///etc/passwd", "redirects to file:, which is not fetched"),
        ("ftp://127.0.0.1/bins.csv", "redirects to ftp:, which is not fetched"),
        ("http://user:secret@127.0.0.1/bins.csv", "is not fetched"),
    ],
)
def test_redirects_to_nowhere_good_are_refused(
    server: Misbehaving, tmp_path: Path, naps: Naps, location: str, words: str
) -> None:
    url = server.script(status(302, Location=location))
    with pytest.raises(BadInput, match=words) as refusal:
        fetch(url, tmp_path, BINS, patient(naps))
    assert "secret" not in str(refusal.value)
    assert nothing_landed(tmp_path)


def test_a_redirect_from_https_to_http_is_refused() -> None:
    asked = httpx.Request("GET", "https://bins.example/bins.csv")
    down = httpx.Response(302, headers={"Location": "http://bins.example/bins.csv"}, request=asked)
    with pytest.raises(BadInput, match="from https to http"):
        next_address(down, str(asked.url))
    up = httpx.Response(302, headers={"Location": "https://bins.example/new.csv"}, request=asked)
    assert str(next_address(up, str(asked.url))) == "https://bins.example/new.csv"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://bins.example/bins.csv", "only http and https"),
        ("https:///bins.csv", "only http and https"),
        ("http://bins.example:port/bins.csv", "is not an address"),
        ("https://user:secret@bins.example/bins.csv", "user name or password"),
        ("https://bins.example/" + "b" * 3000, "2000 characters"),
        ("https://bins.example/", "not a file name"),
        ("https://bins.example/source.yml", "not a file name"),
        ("https://bins.example/%2e%2e%5cbins.csv", "not a file name"),
    ],
)
def test_addresses_that_are_not_fetched(tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refusal:
        fetch(url, tmp_path, BINS)
    assert "secret" not in str(refusal.value)


def test_one_address_is_fetched_by_one_process_at_a_time(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(stalled(BIG, 1000, ETag='"1"'), rest(BIG))
    first = threading.Thread(target=fetch, args=(url, tmp_path, BINS, patient(naps, read_timeout=30)))
    first.start()
    assert server.sent.wait(30)
    with pytest.raises(BadInput, match="another pull is fetching this now"):
        fetch(url, tmp_path, BINS, patient(naps))
    server.waiting.set()
    first.join()
    assert [edition.read() for edition in read_root(tmp_path)] == [BIG]


def test_killed_in_the_middle_of_a_download_the_root_is_whole_and_the_rest_is_fetched(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    kept = server.script(ok(MAY), path="/bins_2022.csv")
    fetch(kept, tmp_path, BINS, patient(naps))
    url = server.script(stalled(BIG, 1000, ETag='"1"'), rest(BIG))
    code = (
        "import sys; from pathlib import Path; from tests.unit.landing.fake import FakeSource;"
        "from pipelines.landing.fetch import fetch; fetch(sys.argv[1], Path(sys.argv[2]), FakeSource())"
    )
    repository = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", code, url, str(tmp_path)], cwd=repository) as child:
        assert server.sent.wait(60)
        while not any(b"updated" in part.read_bytes() for part in (tmp_path / ".partial").glob("*.part")):
            time.sleep(0.01)
        os.kill(child.pid, signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    assert [edition.read() for edition in read_root(tmp_path)] == [MAY]
    assert [Path(name).suffix for name in left_behind(tmp_path)] == [".part"]
    assert fetch(url, tmp_path, BINS, patient(naps)).edition.read() == BIG
    assert server.asked[-1][1]["Range"] == "bytes=1000-"
    assert left_behind(tmp_path) == []


TIPS = FakeSource(DATASET="office_tips", FILES=("tips_*.csv",))


def test_pull_without_from_asks_each_declared_address_and_one_failure_stops_no_other(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    good = server.script(ok(JUNE, ETag='"1"'), status(304), path="/tips_1.csv")
    gone = server.script(status(404), path="/bins.csv")
    wanted = [Wanted(BINS, (), gone), Wanted(TIPS, (), good), Wanted(FakeSource(DATASET="office_other"))]
    report = pull(wanted, tmp_path, options=patient(naps))
    assert [edition.dataset for edition in report.landed] == ["office_tips"]
    assert [(failure.dataset, failure.where) for failure in report.failed] == [("office_bins", gone)]
    assert report.skipped == ["office_other"]
    with pytest.raises(PullFailed, match=r"office_bins: .*404") as failed:
        report.check()
    assert (failed.value.report, failed.value.exit_code) == (report, 2)
    again = pull(wanted, tmp_path, source="office_tips", options=patient(naps))
    assert ([edition.dataset for edition in again.unchanged], again.landed, again.failed) == (["office_tips"], [], [])
    again.check()


def test_pull_takes_the_declared_name_where_the_address_has_none(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    url = server.script(ok(JUNE), path="/download/4711")
    report = pull([Wanted(TIPS, ("tips_2023.csv",), url)], tmp_path, options=patient(naps))
    assert [edition.original_name for edition in report.landed] == ["tips_2023.csv"]
    vague = pull([Wanted(TIPS, ("tips_*.csv",), url)], tmp_path, options=patient(naps))
    assert "the name '4711' is none of office_tips's (tips_*.csv)" in vague.failed[0].reason


def test_pull_from_a_base_address_asks_for_the_names_that_the_packs_declare(
    server: Misbehaving, tmp_path: Path, naps: Naps
) -> None:
    server.script(ok(JUNE), path="/mirror/bins%20%282023%29.csv")
    server.script(ok(MAY), path="/mirror/tips_1.csv")
    wanted = [Wanted(BINS, ("bins (2023).csv", "bins_*.csv")), Wanted(TIPS, ("tips_1.csv", "tips_2.csv"))]
    report = pull(wanted, tmp_path, f"{server.base}/mirror/", options=patient(naps))
    assert [edition.original_name for edition in report.landed] == ["bins (2023).csv", "tips_1.csv"]
    assert [failure.where for failure in report.failed] == [f"{server.base}/mirror/tips_2.csv"]


def test_pull_from_one_address_finds_the_source_by_the_name(server: Misbehaving, tmp_path: Path, naps: Naps) -> None:
    url = server.script(ok(JUNE), path="/somewhere/tips_9.csv")
    wanted = [Wanted(BINS), Wanted(TIPS)]
    assert [edition.dataset for edition in pull(wanted, tmp_path, url, options=patient(naps)).landed] == ["office_tips"]
    with pytest.raises(BadInput, match=r"the name 'other\.csv' belongs to no source; say which one with --source"):
        pull(wanted, tmp_path, server.base + "/other.csv", options=patient(naps))
    with pytest.raises(BadInput, match="only http and https"):
        pull(wanted, tmp_path, "ftp://bins.example/bins.csv")


def test_pull_from_a_folder_lands_what_is_good_and_reports_what_is_not(tmp_path: Path) -> None:
    folder, root = tmp_path / "saved", tmp_path / "raw"
    folder.mkdir()
    for name, data in (("bins_1.csv", JUNE), ("bins_2.csv", PAGE), ("tips_1.csv", MAY), ("notes.txt", b"words")):
        (folder / name).write_bytes(data)
    report = pull([Wanted(BINS), Wanted(TIPS)], root, folder)
    assert [edition.landing for edition in report.landed] == [1, 2]
    assert [failure.where for failure in report.failed] == [str(folder / "bins_2.csv")]
    assert [path.name for path in report.unused] == ["notes.txt"]
    again = pull([Wanted(BINS), Wanted(TIPS)], root, str(folder), source="office_tips")
    assert ([edition.dataset for edition in again.unchanged], again.failed) == (["office_tips"], [])


def test_pull_with_nothing_to_do_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no download address is declared for office_bins; give --from FOLDER"):
        pull([Wanted(BINS)], tmp_path)
    with pytest.raises(BadInput, match=r"holds no file of office_bins \(looked for bins\*\.csv\)"):
        pull([Wanted(BINS)], tmp_path / "raw", tmp_path)
    with pytest.raises(BadInput, match="no pack has this source; known are office_bins"):
        pull([Wanted(BINS)], tmp_path, source="office_lamps")
    with pytest.raises(BadInput, match="is not a folder"):
        pull([Wanted(BINS)], tmp_path, tmp_path / "nowhere")
