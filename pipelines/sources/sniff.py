"""What a file's bytes are, whatever its name says: content unlike the extension never reaches a parser.

Belongs here: recognising containers and text, and the limits of house.md decision 6 (a member over 200 MB, a ratio over
100:1, NUL bytes, encodings). Does not belong here: anything about one publisher's table.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache

from pipelines.errors import BadInput

# house.md decision 6. The genuine files stay far below: the largest member among them is 43 MB (fly-tipping, ODS), the
# greatest ratio 27:1 (printer settings and styles of an ONS workbook), the greatest of a whole archive 24:1.
MEMBER_LIMIT = 200 * 10**6
RATIO_LIMIT = 100
CHUNK = 1 << 20

ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
KIND_OF_EXTENSION = {
    "ods": "ods",
    "xlsx": "xlsx",
    "xls": "xls",
    "parquet": "parquet",
    "gz": "gzip",
    "csv": "text",
    "tsv": "text",
    "txt": "text",
    "json": "json",
}
WORDS = {
    "ods": "an OpenDocument spreadsheet",
    "xlsx": "an Excel workbook (xlsx)",
    "xls": "an old Excel workbook or a password-protected one (OLE2)",
    "parquet": "a Parquet file",
    "gzip": "a gzip file",
    "zip": "a zip archive",
    "pdf": "a PDF",
    "html": "an HTML or XML page",
    "json": "JSON",
    "text": "plain text",
    "empty": "empty",
}
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
UTF8_MARK = b"\xef\xbb\xbf"


@lru_cache(maxsize=1)  # landing and the parser ask about the same bytes in turn, a parser once per sheet
def check_content(data: bytes, name: str) -> None:
    """Raise BadInput unless `data` is, wholly and safely, what the extension of `name` promises.

    Archives are unpacked once to the end (member sizes, ratio, checksums), text is decoded once; nothing is kept but
    the last bytes found good.
    """
    expected = expected_kind(name)
    found = content_kind(data)
    if found == "text" and expected in ("text", "json"):
        check_text(data, name)
    if found != expected:
        raise BadInput(
            f"{name}: the content is {WORDS[found]}, the extension promises {WORDS[expected]}; fetch the file again "
            "from its publisher, or open it to see what was sent instead"
        )
    if found in ("ods", "xlsx"):
        check_archive(data, name)
    elif found == "gzip":
        check_content(unpacked_gzip(data, name), name[: -len(".gz")])
    elif found == "json":
        check_text(data, name)
    elif found == "parquet" and not data.endswith(b"PAR1"):
        raise BadInput(f"{name}: the Parquet file ends in the middle; fetch it again from its publisher")


def expected_kind(name: str) -> str:
    """The kind that the last extension of `name` promises. Raises BadInput for an extension that no parser reads."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in KIND_OF_EXTENSION:
        known = ", ".join(sorted(KIND_OF_EXTENSION))
        raise BadInput(f"{name}: extension {extension!r} is not one that can be read; known are {known}")
    return KIND_OF_EXTENSION[extension]


def content_kind(data: bytes) -> str:
    """What `data` looks like by its first bytes: a key of WORDS."""
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    for mark, kind in ((b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet"), (b"\x1f\x8b", "gzip"), (b"%PDF", "pdf")):
        if data.startswith(mark):
            return kind
    return _text_kind(data[:CHUNK].removeprefix(UTF8_MARK).lstrip())


def _text_kind(start: bytes) -> str:
    """Markup and JSON begin with a sign that no table of figures begins with."""
    if not start:
        return "empty"
    if start[:1] == b"<" and (start[1:2].isalpha() or start[1:2] in (b"!", b"?")):
        return "html"
    if start[:1] in (b"{", b"["):
        return "text" if start[1:].lstrip()[:1].isalpha() else "json"  # "[x]" is a publisher's marker, not JSON
    return "text"


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return "ods" if archive.read("mimetype").strip() == ODS_TYPE else "zip"
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError):
        return "zip"
    return "xlsx" if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names) else "zip"


def check_archive(data: bytes, name: str) -> None:
    """Raise BadInput when a zip container is damaged, encrypted, or unpacks beyond MEMBER_LIMIT or RATIO_LIMIT.

    The stated sizes are checked first, then every member is unpacked: `zipfile` stops at the stated size and compares
    the checksum, so a member that lies about its size is refused before a spreadsheet reader unpacks it without limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            for member in members:
                _check_member(member, name)
            _check_ratio(sum(member.file_size for member in members), len(data), f"{name} as a whole")
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError) as fault:
        raise BadInput(f"{name}: the archive is damaged ({fault}); fetch it again from its publisher") from fault
    if damaged is not None:
        raise BadInput(f"{name}: member {damaged} is damaged (its checksum does not agree); fetch the file again")


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    where = f"{name}, member {member.filename}"
    if member.flag_bits & 1:
        raise BadInput(f"{where}: is encrypted; save the workbook without a password")
    if member.file_size > MEMBER_LIMIT:
        raise BadInput(
            f"{where}: unpacks to {member.file_size / 1e6:.0f} MB, the limit is {MEMBER_LIMIT / 1e6:.0f} MB; "
            "save the table as CSV"
        )
    _check_ratio(member.file_size, member.compress_size, where)


def _check_ratio(unpacked: int, packed: int, where: str) -> None:
    if unpacked > RATIO_LIMIT * max(packed, 1):
        raise BadInput(
            f"{where}: unpacks to {unpacked / max(packed, 1):.0f} times its size, the limit is {RATIO_LIMIT}:1; "
            "save the table as CSV"
        )


def unpacked_gzip(data: bytes, name: str) -> bytes:
    """The content of a gzip file of one or more members. Raises BadInput when damaged or beyond the limits."""
    parts: list[bytes] = []
    size = 0
    try:
        for part in _gzip_parts(data):
            size += len(part)
            if size > MEMBER_LIMIT:
                raise BadInput(f"{name}: unpacks to more than {MEMBER_LIMIT / 1e6:.0f} MB; split it")
            parts.append(part)
    except (zlib.error, EOFError) as fault:
        raise BadInput(f"{name}: the gzip file is damaged ({fault}); fetch it again from its publisher") from fault
    _check_ratio(size, len(data), name)
    return b"".join(parts)


def _gzip_parts(data: bytes) -> Iterator[bytes]:
    rest = data
    while rest:
        reader = zlib.decompressobj(wbits=31)
        while not reader.eof:
            part = reader.decompress(rest, CHUNK)
            rest = reader.unconsumed_tail
            if not part and not rest and not reader.eof:
                raise EOFError("it ends in the middle")
            yield part
        rest = reader.unused_data


def check_text(data: bytes, name: str) -> None:
    """Raise BadInput unless `data` is UTF-8 or Windows-1252 text without NUL bytes."""
    if data.startswith(UTF16_MARKS):
        raise BadInput(f"{name}: the text is UTF-16; save it as UTF-8")
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise BadInput(f"{name}: line {line} holds a NUL byte (byte {nul}): damaged, or UTF-16; save it as UTF-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        _check_windows_1252(data, name, fault)


def _check_windows_1252(data: bytes, name: str, utf8_fault: UnicodeDecodeError) -> None:
    if data.startswith(UTF8_MARK):
        line = data.count(b"\n", 0, utf8_fault.start) + 1
        raise BadInput(f"{name}: line {line} is not UTF-8 though the file's first bytes say so; save it as UTF-8")
    try:
        data.decode("cp1252")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise BadInput(
            f"{name}: line {line} holds byte 0x{data[fault.start]:02x}, which is neither UTF-8 nor Windows-1252; "
            "save the file as UTF-8"
        ) from fault
