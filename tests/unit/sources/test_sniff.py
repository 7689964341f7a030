"""Content unlike its extension, damaged or oversized archives and unreadable encodings are refused at the door."""

import gzip
import io
import struct
import zipfile
from pathlib import Path

import pytest

from pipelines.errors import BadInput
from pipelines.sources import sniff
from pipelines.sources.sniff import check_content, content_kind

ODS = ("mimetype", sniff.ODS_TYPE)


def archive(*members: tuple[str, bytes]) -> bytes:
    """A zip container with these members, deflated."""
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members:
            out.writestr(name, content)
    return store.getvalue()


def ods(content: bytes = b"<office/>") -> bytes:
    return archive(ODS, ("content.xml", content))


def xlsx(content: bytes = b"<sheet/>") -> bytes:
    return archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", content))


SAMPLES = {
    "ods": ods(),
    "xlsx": xlsx(),
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    "parquet": b"PAR1....PAR1",
    "csv": b"code,value\nE07000001,5\n",
    "csv.gz": gzip.compress(b"code,value\nE07000001,5\n"),
    "json": b'{"rows": []}',
}


@pytest.mark.parametrize("extension", SAMPLES)
def test_each_kind_is_accepted_under_its_own_extension(extension: str) -> None:
    check_content(SAMPLES[extension], f"table.{extension}")


@pytest.mark.parametrize("named", SAMPLES)
@pytest.mark.parametrize("sent", SAMPLES)
def test_each_kind_is_refused_under_every_other_extension(named: str, sent: str) -> None:
    if named == sent:
        return
    with pytest.raises(BadInput, match=r"^table\."):
        check_content(SAMPLES[sent], f"table.{named}")


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><body>503</body></html>",
        b"\xef\xbb\xbf\r\n  <html>",
        b"<?xml version='1.0'?><Error/>",
        b'{"error": "not found"}',
        b"%PDF-1.7",
        b"",
        b"\xef\xbb\xbf \n",
    ],
)
def test_what_a_server_sends_instead_of_a_table_is_not_a_csv(page: bytes) -> None:
    with pytest.raises(BadInput, match="the extension promises plain text"):
        check_content(page, "table.csv")


def test_a_marker_in_brackets_or_a_smaller_than_sign_does_not_make_json_or_markup() -> None:
    assert content_kind(b"[x],5\n") == "text"
    assert content_kind(b"<5,6\n") == "text"


def test_an_unknown_extension_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="known are csv"):
        check_content(b"a,b\n", "table.docx")
    with pytest.raises(BadInput, match="extension ''"):
        check_content(b"a,b\n", "table")


def test_windows_1252_and_its_byte_0x85_are_read() -> None:
    check_content(b"Isles of Scilly,\x85\n", "table.csv")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\nc,\x00d\n", "line 2 holds a NUL byte"),
        (b"a,b\nc,\x81\n", "line 2 holds byte 0x81"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        ("a,b\n".encode("utf-16-le"), "NUL byte"),
        (b"\xef\xbb\xbfa,b\n\x85\n", "line 2 is not UTF-8 though"),
    ],
)
def test_other_encodings_and_nul_bytes_are_refused_with_their_line(data: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        check_content(data, "table.csv")


def test_a_member_over_a_hundred_times_its_packed_size_is_refused() -> None:
    with pytest.raises(BadInput, match=r"member content\.xml.*100:1"):
        check_content(ods(bytes(10**6)), "table.ods")


def test_a_member_over_the_size_limit_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sniff, "MEMBER_LIMIT", 1000)
    with pytest.raises(BadInput, match=r"member content\.xml: unpacks to 0 MB"):
        check_content(ods(bytes(range(256)) * 4), "table.ods")  # 1024 bytes > 1000


def test_members_that_share_their_bytes_count_against_the_whole_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ods(b"".join(struct.pack(">I", n) for n in range(1000)))  # 4000 bytes that pack about 3:1
    monkeypatch.setattr(sniff, "_check_member", lambda member, name: None)
    monkeypatch.setattr(sniff, "RATIO_LIMIT", 1)
    with pytest.raises(BadInput, match="as a whole"):
        check_content(data, "table.ods")


def test_a_member_that_understates_its_size_is_refused() -> None:
    """The directory says 10 bytes; 4000 are there. The reader stops at 10 and the checksum gives the lie away."""
    data = bytearray(ods(b"".join(struct.pack(">I", n) for n in range(1000))))
    entry = data.rindex(b"PK\x01\x02")  # the last entry of the central directory: content.xml
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    with pytest.raises(BadInput, match="damaged"):
        check_content(bytes(data), "table.ods")


def test_a_truncated_or_spoiled_archive_is_refused() -> None:
    whole = ods(bytes(range(256)) * 8)
    with pytest.raises(BadInput, match=r"table\.ods"):
        check_content(whole[: len(whole) // 2], "table.ods")
    spoiled = bytearray(whole)
    spoiled[whole.index(b"content.xml") + 30] ^= 0xFF
    with pytest.raises(BadInput, match="damaged"):
        check_content(bytes(spoiled), "table.ods")


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(ods())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadInput, match="encrypted"):
        check_content(bytes(data), "table.ods")


def test_gzip_is_limited_and_its_content_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match=r"^table\.csv: the content is an HTML"):
        check_content(gzip.compress(b"<html></html>"), "table.csv.gz")
    with pytest.raises(BadInput, match="100:1"):
        check_content(gzip.compress(b"1" * 10**6), "table.csv.gz")
    with pytest.raises(BadInput, match="damaged"):
        check_content(gzip.compress(bytes(range(256)))[:-9], "table.csv.gz")
    monkeypatch.setattr(sniff, "MEMBER_LIMIT", 10)
    with pytest.raises(BadInput, match="more than"):
        check_content(gzip.compress(b"a,b\n1,2\n3,4\n"), "table.csv.gz")


def test_a_truncated_parquet_file_is_refused() -> None:
    with pytest.raises(BadInput, match="ends in the middle"):
        check_content(b"PAR1....", "table.parquet")


def test_no_genuine_file_is_refused(publishers: Path) -> None:
    """Measured on the files at hand: the greatest ratio of a member is 27:1, the largest member 43 MB."""
    tables = [path for path in publishers.rglob("*") if path.is_file() and path.suffix != ".md"]
    assert tables
    for path in sorted(tables):
        check_content(path.read_bytes(), path.name)
