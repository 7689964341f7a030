"""`source.yml` states where one landed file comes from; every statement is checked when it is read.

Keys: publisher, dataset, title, edition, date, url, licence, original_name, original_sha256, sha256, kind; `landing`
(the running number of the landing, only where landings have an order) and `download` (only for files pulled over HTTP).
No clock, except `download.retrieved`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import BadInput

FILE_NAME = "source.yml"
SIZE_LIMIT = 64 * 1024  # a descriptor has a dozen lines; more is not a descriptor
KINDS = ("original", "figures")
REQUIRED = (
    "publisher",
    "dataset",
    "title",
    "edition",
    "date",
    "url",
    "licence",
    "original_name",
    "original_sha256",
    "sha256",
    "kind",
)
OPTIONAL = ("landing", "download")
MEND = "correct it or land the file again"
SHA256 = re.compile(r"[0-9a-f]{64}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Download:
    """How a pulled file came: the address asked, the one that answered, the server's validators, and when."""

    requested: str
    url: str
    etag: str = ""
    last_modified: str = ""
    retrieved: str = ""


@dataclass(frozen=True)
class Edition:
    """One landed file: the statements of its `source.yml`, and `path`, where the file lies."""

    publisher: str
    dataset: str
    title: str
    edition: str
    date: str
    url: str
    licence: str
    original_name: str
    original_sha256: str
    sha256: str
    kind: str
    path: Path
    landing: int = 0
    download: Download | None = None

    def read(self) -> bytes:
        """The bytes of the file. Raises BadInput when their hash is not the stated one."""
        data = self.path.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise BadInput(
                f"{self.path}: the file's SHA-256 is {found[:12]}..., {FILE_NAME} states {self.sha256[:12]}...; "
                "the file was changed or damaged, land it again"
            )
        return data


def edition_id(day: str, original_sha256: str) -> str:
    """The name of an edition: the date its own words give and the first eight digits of its hash."""
    return f"{day}-{original_sha256[:8]}"


def publisher_folder(publisher: str) -> str:
    """The folder of a publisher: its name in lower case, everything else as hyphens."""
    return re.sub(r"[^a-z0-9_]+", "-", publisher.lower()).strip("-")


def is_day(text: str) -> bool:
    """Whether the text is a day that exists, written yyyy-mm-dd."""
    if not DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def write_descriptor(stated: Edition) -> str:
    """The YAML of `stated`, keys in a fixed order, the same bytes for the same statements."""
    fields: dict[str, Any] = {key: getattr(stated, key) for key in REQUIRED}
    if stated.landing:
        fields["landing"] = stated.landing
    if stated.download:
        fields["download"] = {key: value for key, value in vars(stated.download).items() if value}
    return yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=10_000)


def read_descriptor(path: Path, file: Path) -> Edition:
    """What the `source.yml` at `path` states of `file` beside it; raises BadInput naming the descriptor and the key."""
    fields = _load(path)
    for key in REQUIRED:
        if key not in fields:
            raise BadInput(f"{path}: key {key} is missing; land the file again")
    for key, value in fields.items():
        if key not in REQUIRED + OPTIONAL:
            raise BadInput(f"{path}: key {key!r} is not known; known are {', '.join(REQUIRED + OPTIONAL)}")
        if key != "download" and (not isinstance(value, str) or not value.strip()):
            raise BadInput(f"{path}: key {key} must be a text that is not empty; {MEND}")
    stated = {key: fields[key] for key in REQUIRED}
    _check(path, stated)
    return Edition(**stated, path=file, landing=_landing(path, fields), download=_download(path, fields))


def _load(path: Path) -> dict[str, Any]:
    """The mapping in the file. The base loader makes every scalar a text, so `1e5` in a hash stays what it is."""
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise BadInput(f"{path}: is over {SIZE_LIMIT // 1024} kB; this is not a description of a source")
        fields = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path}{where}: is not valid YAML in UTF-8; land the file again") from fault
    if not isinstance(fields, dict):
        raise BadInput(f"{path}: must be a list of keys and values; land the file again")
    return fields


def _check(path: Path, stated: Mapping[str, str]) -> None:
    if not is_day(stated["date"]):
        raise BadInput(f"{path}: date {stated['date']!r} is not a day written yyyy-mm-dd; {MEND}")
    for key in ("sha256", "original_sha256"):
        if not SHA256.fullmatch(stated[key]):
            raise BadInput(f"{path}: {key} is not a SHA-256 of 64 lower-case digits; {MEND}")
    if stated["kind"] not in KINDS:
        raise BadInput(f"{path}: kind {stated['kind']!r} is not known; known are {', '.join(KINDS)}; {MEND}")
    if stated["kind"] == "original" and stated["sha256"] != stated["original_sha256"]:
        raise BadInput(f"{path}: sha256 and original_sha256 differ though kind is original; {MEND}")
    expected = edition_id(stated["date"], stated["original_sha256"])
    if stated["edition"] != expected:
        raise BadInput(f"{path}: edition {stated['edition']!r} must be {expected} (its date and hash); {MEND}")


def _landing(path: Path, fields: Mapping[str, Any]) -> int:
    text = fields.get("landing", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(f"{path}: landing {text!r} is not a whole number; {MEND}")
    return int(text)


def _download(path: Path, fields: Mapping[str, Any]) -> Download | None:
    stated = fields.get("download")
    if stated is None:
        return None
    known = set(Download.__dataclass_fields__)
    if not isinstance(stated, dict) or not {"requested", "url"} <= set(stated) <= known:
        raise BadInput(f"{path}: download must hold requested, url and at most {', '.join(sorted(known))}; {MEND}")
    if not all(isinstance(value, str) for value in stated.values()):
        raise BadInput(f"{path}: every value of download must be a text; {MEND}")
    return Download(**stated)
