"""The server: statuses, headers, downloads, cached bytes, a new release without a restart."""

from __future__ import annotations

import csv
import io
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import pytest

from dashboards import routes
from dashboards.app import create_app
from dashboards.library import Library
from tests.releases import PACK, make_release

PREFIX = "/twelve-councils"
CALLBACK = "/_dash-update-component"


def ask(client: Any, output: str, data: object) -> Any:
    """What a browser posts for one of the two callbacks."""
    store = "page-key" if output == "page.children" else "claim-key"
    body = {
        "output": output,
        "outputs": {"id": output.split(".")[0], "property": "children"},
        "inputs": [{"id": store, "property": "data", "value": data}],
        "changedPropIds": [f"{store}.data"],
    }
    return client.post(CALLBACK, json=body)


def test_the_frame_names_language_landmarks_release_and_way_in(client: Any) -> None:
    page = client.get(PREFIX).get_data(as_text=True)
    assert '<html lang="en"' in page
    assert page.index('class="skip"') < page.index("<header") < page.index("<main") < page.index("<footer")
    assert page.count("<footer") == page.count("<main") == page.count("<header") == 1
    assert "<title>Where difference between councils is more than chance · Evenhand</title>" in page
    assert "14 November 2024" in page


def test_every_answer_carries_the_policy(client: Any) -> None:
    for path in (PREFIX, "/nope", "/healthz", "/assets/evenhand.css"):
        headers = client.get(path, buffered=True).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self' 'sha256-")
        assert "unsafe-eval" not in policy
        assert "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_fingerprinted_files_keep_for_a_year_and_pages_are_asked_for_again(client: Any) -> None:
    assert "immutable" in client.get("/assets/evenhand.css?m=1", buffered=True).headers["Cache-Control"]
    assert client.get(PREFIX).headers["Cache-Control"] == "no-cache"


def test_two_workers_send_the_same_bytes_under_the_same_tag(home: Path) -> None:
    answers = [create_app(home).server.test_client().get(f"{PREFIX}/body/T01") for _ in range(2)]
    assert answers[0].get_data() == answers[1].get_data()
    assert answers[0].headers["ETag"] == answers[1].headers["ETag"]


def test_no_page_names_an_outside_host_except_publishers(client: Any) -> None:
    page = client.get(PREFIX).get_data(as_text=True)
    assert "https://" not in page.replace("https://example.org", "")


def test_healthz_names_the_releases_and_counts_answers_found_ready(home: Path, library: Library) -> None:
    client = create_app(home).server.test_client()
    for path in ("/healthz", PREFIX, PREFIX, PREFIX):
        client.get(path)
    told = client.get("/healthz").json
    assert (told["status"], told["releases"]) == ("ok", {PACK: library.book(PACK).id})
    assert (told["answers"]["hits"], told["answers"]["misses"]) == (2, 1)
    assert told["answers"]["bytes"] > 0


@pytest.mark.parametrize(
    "path",
    ["/nope", f"{PREFIX}?x=1", f"{PREFIX}/body/<script>alert(1)</script>", f"{PREFIX}/find?q=%ff", "/" + "a" * 500],
)
def test_hostile_addresses_get_a_page_with_a_way_out_and_a_4xx(client: Any, path: str) -> None:
    answer = client.get(path)
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500
    assert "<script>alert" not in page
    assert "Traceback" not in page
    assert "overview</a>" in page


def test_what_is_typed_is_escaped(client: Any) -> None:
    page = client.get(f"{PREFIX}/find?q=%3Cscript%3Ealert(1)%3C/script%3E").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_one_hit_redirects_to_the_body(client: Any) -> None:
    answer = client.get(f"{PREFIX}/find?q=Alderbrook")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PREFIX}/body/T01")


def test_each_table_is_a_csv_with_interval_and_status(client: Any, library: Library) -> None:
    answer = client.get(f"{PREFIX}/body/T01?csv=look-first")
    release = library.book(PACK).id[:12]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="body-T01-look-first-{release}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert {row["indicator_id"] for row in rows} == {"waste_cost_per_tonne", "road_cost_per_km"}
    assert {"value", "lo", "hi", "status", "verdict"} <= set(rows[0])
    assert client.get(f"{PREFIX}/body/T01?csv=zzz").status_code == 404


def test_a_pinned_address_and_the_current_one_show_the_same_page(client: Any, library: Library) -> None:
    pinned = f"{PREFIX}/{library.book(PACK).id[:12]}"

    def lede(path: str) -> str:
        page = client.get(path).get_data(as_text=True)
        return page[page.index('class="lede"') : page.index("</p>", page.index('class="lede"'))]

    assert lede(f"{pinned}/body/T01") == lede(f"{PREFIX}/body/T01")


def test_the_same_address_gives_the_same_bytes_from_the_cache_or_not(home: Path) -> None:
    first, second = create_app(home).server.test_client(), create_app(home).server.test_client()
    headers = {"Accept-Encoding": "gzip"}
    one = first.get(f"{PREFIX}/body/T01", headers=headers)
    again = first.get(f"{PREFIX}/body/T01", headers=headers)
    assert one.headers["Content-Encoding"] == again.headers["Content-Encoding"] == "gzip"
    assert one.data == again.data
    body = [ask(client, "page.children", f"{PREFIX}/body/T01").data for client in (first, first, second)]
    assert body[0] == body[1] == body[2]


def test_the_page_callback_gives_what_the_frame_painted(client: Any) -> None:
    answer = ask(client, "page.children", f"{PREFIX}/body/T01").json
    assert "Alderbrook" in json.dumps(answer["response"]["page"]["children"])


def test_the_drawer_holds_the_claim_or_says_that_there_is_none(client: Any) -> None:
    found = ask(client, "drawer.children", [f"{PREFIX}/body/T01", "T01~recycling_share~2023-24~statistical"]).json
    assert "How it is calculated" in json.dumps(found)
    missing = ask(client, "drawer.children", [f"{PREFIX}/body/T01", "T01~zzz~2023-24"]).json
    assert "no such figure" in json.dumps(missing)
    assert ask(client, "drawer.children", [f"{PREFIX}/body/T01", ""]).json["response"]["drawer"]["children"] == []


def test_a_callback_with_something_else_than_an_address_changes_nothing(client: Any) -> None:
    assert ask(client, "page.children", {"a": 1}).status_code == 204


def test_before_the_first_release_the_page_says_what_to_type(tmp_path: Path) -> None:
    client = create_app(tmp_path).server.test_client()
    answer = client.get("/")
    assert answer.status_code == 404
    assert "evenhand run" in answer.get_data(as_text=True)
    assert client.get("/healthz").json["releases"] == {}


def test_a_new_release_appears_without_a_restart(tmp_path: Path, home: Path) -> None:
    client = create_app(tmp_path).server.test_client()
    assert client.get(PREFIX).status_code == 404
    make_release(tmp_path)
    assert client.get(PREFIX).status_code == 200


def test_an_older_release_says_so(tmp_path: Path, home: Path) -> None:
    shutil.copytree(home, tmp_path / "home")
    folder = tmp_path / "home" / "releases" / PACK
    real = next(path for path in folder.iterdir() if len(path.name) == 16)
    shutil.copytree(real, folder / ("0" * 16))
    client = create_app(tmp_path / "home").server.test_client()
    page = client.get(f"{PREFIX}/000000000000/quality").get_data(as_text=True)
    assert "which is not the current one" in page
    assert f'href="{PREFIX}/quality"' in page
    assert "which is not the current one" not in client.get(f"{PREFIX}/quality").get_data(as_text=True)


def test_a_fault_has_a_page_of_its_own_without_a_trace(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setitem(routes.PLAIN, ("bodies",), broken)
    with caplog.at_level(logging.CRITICAL):
        view = routes.view(library, f"{PREFIX}/bodies")
    assert view.status == 500
    assert "secret detail" not in str(view.content)
    assert library.book(PACK).id in str(view.content)
