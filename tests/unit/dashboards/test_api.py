"""The open-data interface: what it answers, what it refuses, and that nobody sees a withheld figure."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.releases import HIDDEN_VALUE, PACK

BASE = "/api/v1"
ONE = f"{BASE}/packs/{PACK}/releases/current"


def got(client: Any, path: str, status: int = 200) -> Any:
    answer = client.get(path)
    assert answer.status_code == status, answer.data[:300]
    assert answer.content_type == "application/json; charset=utf-8"
    return json.loads(answer.data)


def test_packs_lead_to_releases_lead_to_tables_lead_to_rows(client: Any) -> None:
    pack = got(client, f"{BASE}/packs")["packs"][0]
    assert got(client, f"{BASE}/packs/{PACK}/releases")["releases"] == [pack]
    release = got(client, pack["url"])
    bodies = next(table for table in release["tables"] if table["name"] == "bodies")
    rows = got(client, bodies["url"])
    assert rows["total"] == bodies["rows"] == len(rows["rows"])
    assert set(rows["rows"][0]) == {column["name"] for column in bodies["columns"]}


def test_rows_are_filtered_by_any_column_and_come_in_pages(client: Any) -> None:
    path = f"{ONE}/tables/indicator_values?indicator_id=recycling_share&like_for_like=true"
    whole = got(client, path)
    # Ten living councils, three years, without T05, which is never like for like.
    assert whole["total"] == 27
    first = got(client, f"{path}&limit=20&columns=body_id,period,value")
    second = got(client, f"{path}&limit=20&offset={first['next_offset']}&columns=body_id,period,value")
    assert (first["next_offset"], second["next_offset"]) == (20, None)
    pages = [*first["rows"], *second["rows"]]
    assert pages == [{name: row[name] for name in ("body_id", "period", "value")} for row in whole["rows"]]
    assert got(client, f"{ONE}/tables/peers?closeness_order=1")["total"] == 20  # two models, ten councils


def test_a_figure_that_may_not_be_shown_is_null(client: Any) -> None:
    rows = got(client, f"{ONE}/tables/indicator_values?status=quarantined")["rows"]
    assert [row["body_id"] for row in rows] == ["T08"]
    assert rows[0]["value"] is None
    withheld = got(client, f"{ONE}/tables/indicator_values?status=withheld")["rows"]
    assert [row["value"] for row in withheld] == [None]
    everything = client.get(f"{ONE}/tables/indicator_values?limit=1000").get_data(as_text=True)
    assert f"{HIDDEN_VALUE:.0f}" not in everything


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        (f"{BASE}/packs/nope/releases", 404, "no pack"),
        (f"{BASE}/packs/{PACK}/releases/0123456789abcdef", 404, "no release"),
        (f"{BASE}/packs/{PACK}/releases/..%2f..%2fetc", 404, "no"),
        (f"{ONE}/tables/nope", 404, "no table"),
        (f"{ONE}/tables/peers?limit=0", 400, "limit"),
        (f"{ONE}/tables/peers?limit=1001", 400, "limit"),
        (f"{ONE}/tables/peers?limit=%C2%B2", 400, "limit"),
        (f"{ONE}/tables/peers?offset=-1", 400, "offset"),
        (f"{ONE}/tables/peers?offset=99999999999", 400, "offset"),
        (f"{ONE}/tables/peers?limit=1&limit=2", 400, "twice"),
        (f"{ONE}/tables/peers?columns=body_id,body_id", 400, "columns"),
        (f"{ONE}/tables/peers?columns=salary", 400, "columns"),
        (f"{ONE}/tables/peers?salary=1", 400, "no column"),
        (f"{ONE}/tables/peers?core=perhaps", 400, "true or false"),
        (f"{ONE}/tables/peers?distance=near", 400, "numbers"),
        (f"{ONE}/tables/peers?closeness_order=1e400", 400, "numbers"),
        (f"{ONE}/tables/peers?body_id=%00", 400, "parameter"),
        (f"{ONE}/tables/peers?body_id={'x' * 300}", 400, "parameter"),
        (f"{ONE}?x={'y' * 3000}", 414, "longer"),
        (f"{ONE}?x=1", 400, "no settings"),
        (f"{ONE}/claims/nope/T01/recycling_share/2023-24", 404, "no such figure"),
        (f"{ONE}/claims/value/T01/recycling_share/1999-00", 404, "no such figure"),
        (f"{ONE}/claims/position/T01/recycling_share/2023-24?model=mine", 404, "no such figure"),
        (f"{ONE}/claims/value/T01/recycling_share/2023-24?x=1", 400, "one setting"),
        (f"{ONE}/files/provenance.json", 404, "no such file"),
        (f"{ONE}/files/../../CURRENT", 404, "no such file"),
        (f"{ONE}/files/%2e%2e/CURRENT", 404, "no such file"),
        (f"{BASE}/nothing/here", 404, "openapi.json"),
        (f"{BASE}//packs", 404, "openapi.json"),
        (f"{BASE}/", 404, "openapi.json"),
    ],
)
def test_what_cannot_be_answered_gets_a_status_and_a_sentence(client: Any, path: str, status: int, word: str) -> None:
    found = client.get(path, follow_redirects=True)
    told = json.loads(found.data)["error"]
    assert (found.status_code, word in told) == (status, True), told
    assert told.endswith(".")
    assert "\n" not in told


def test_nothing_can_be_written(client: Any) -> None:
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(f"{BASE}/packs", json={}).status_code == 405


def test_unchanged_bytes_are_not_sent_again(client: Any) -> None:
    first = client.get(f"{ONE}/tables/bodies")
    again = client.get(f"{ONE}/tables/bodies", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    page = client.get("/twelve-councils")
    again = client.get("/twelve-councils", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_file_comes_byte_for_byte_with_its_stated_hash(client: Any) -> None:
    package = got(client, f"{ONE}/datapackage.json")
    entry = next(entry for entry in package["resources"] if entry["name"] == "bodies")
    file = client.get(f"{ONE}/files/{entry['path']}", buffered=True)
    assert f"sha256:{hashlib.sha256(file.data).hexdigest()}" == entry["hash"]
    assert file.headers["Content-Disposition"] == "attachment; filename=bodies.csv"


def test_a_claim_is_the_one_that_the_command_line_gives(client: Any) -> None:
    claim = got(client, f"{ONE}/claims/position/T01/recycling_share/2023-24?model=official")
    assert (claim["body"], claim["figure"], claim["model"]) == ("T01", "recycling_share", "official")
    assert claim["inputs"]
    assert claim["steps"]


def test_other_descriptions_name_every_table_and_column(client: Any) -> None:
    package = got(client, f"{ONE}/datapackage.json")
    tables = [entry for entry in package["resources"] if entry.get("format") == "csv"]
    csvw = got(client, f"{ONE}/csvw.json")
    assert [table["url"] for table in csvw["tables"]] == [f"files/{entry['path']}" for entry in tables]
    assert [len(table["tableSchema"]["columns"]) for table in csvw["tables"]] == [
        len(entry["schema"]["fields"]) for entry in tables
    ]
    dataset = got(client, f"{ONE}/dataset.jsonld")
    assert len(dataset["distribution"]) == len(tables)
    assert dataset["distribution"][0]["contentUrl"].startswith("http://localhost/api/v1/")


def test_the_document_describes_every_address(client: Any) -> None:
    document = got(client, f"{BASE}/openapi.json")
    assert document["openapi"] == "3.1.0"
    for path, methods in document["paths"].items():
        named = {part.strip("{}") for part in path.split("/") if part.startswith("{")}
        stated = {each["name"] for each in methods["get"]["parameters"] if each["in"] == "path"}
        assert named == stated, path
