"""The log is append-only, one record to a line, and a torn line costs no other record."""

import json
from pathlib import Path

import pytest

from pipelines.errors import BadInput
from pipelines.releases.decisions import Log, append, decide, read


def test_records_are_read_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    written = [decide("A", "publish", "r1", "first"), decide("B", "rollback", "r0", "wrong\nname", {"from": "r1"})]
    for decision in written:
        append(log, decision)
    assert read(log) == Log(tuple(written), ())
    assert len(log.read_bytes().splitlines()) == 2
    assert set(json.loads(log.read_bytes().splitlines()[0])) == {"when", "who", "what", "release", "why", "details"}


def test_no_log_holds_no_decisions(tmp_path: Path) -> None:
    assert read(tmp_path / "decisions.jsonl") == Log((), ())


@pytest.mark.parametrize("torn", [b'{"when":"2026', b'{"when":"2026-01-01T00:00:00Z"}', b'"\xff\xfe', b"[1]"])
def test_a_torn_line_is_reported_and_not_joined_to_the_next_record(tmp_path: Path, torn: bytes) -> None:
    log = tmp_path / "decisions.jsonl"
    first, last = decide("A", "publish", "r1", "first"), decide("A", "publish", "r2", "second")
    append(log, first)
    with log.open("ab") as stream:
        stream.write(torn)
    assert read(log).decisions == (first,)
    append(log, last)
    found = read(log)
    assert found.decisions == (first, last)
    assert found.torn == ("decisions.jsonl, line 2: not a whole record, probably torn by a crash; it is left out",)


def test_somebody_and_a_reason_are_required() -> None:
    with pytest.raises(BadInput, match="say who decides and why"):
        decide("", "publish", "r1", "because")
    with pytest.raises(BadInput, match="say who decides and why"):
        decide("A", "override", "r1", "  ")


def test_only_known_kinds_of_decision_are_written() -> None:
    with pytest.raises(BadInput, match="decision 'delete'"):
        decide("A", "delete", "r1", "because")
