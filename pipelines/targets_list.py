"""Targets of a release in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from pipelines.releases.claim import brief
from pipelines.releases.lookup import Row, find, find_body, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release


def lines_of_sector(release: Release) -> Iterator[str]:
    """One line per policy, then per indicator: how many targets, and how many of each call."""
    for policy in release.table("policies").iter_rows(named=True):
        told = f"issued {policy['issued']}" if policy["issued"] else "proposed"
        note = ", an illustration that binds nobody" if policy["illustration"] else ""
        yield f"{policy['policy_id']}: {policy['label']} ({told}{note})"
        mine = pl.col("policy_id") == policy["policy_id"]
        calls = release.table("tracking").filter(mine)
        asked = release.table("targets").filter(mine)
        for (indicator,), part in sorted(asked.partition_by("indicator_id", as_dict=True).items()):
            states = counted(part["state"])
            called = counted(calls.filter(pl.col("indicator_id") == indicator)["call"])
            yield f"  {indicator}: {states}{'; ' if called else ''}{called}"


def counted(words: pl.Series) -> str:
    """`12 on track, 3 uncertain`, by name."""
    return ", ".join(f"{n} {word}" for word, n in sorted(words.value_counts().iter_rows()))


def lines_of_body(release: Release, text: str) -> Iterator[str]:
    """One line per target of a body: what is asked by when, the call, and why there is none."""
    body = find_body(release, text)
    called = {(k["policy_id"], k["indicator_id"]): k for k in rows(release, "tracking", body_id=body["body_id"])}
    for row in rows(release, "targets", body_id=body["body_id"]):
        indicator = find(release, "indicators", "indicator_id", row["indicator_id"], "indicator")
        yield target_line(row, indicator, called.get((row["policy_id"], row["indicator_id"])))


def target_line(row: Row, indicator: Row, call: Row | None) -> str:
    """One target in a line."""
    about = f"{row['policy_id']} {row['indicator_id']}: "
    if row["target"] is None or row["state"] == "closed":
        return f"{about}{row['state']}; {row['reason']}"
    unit = indicator["unit"]
    asked = (
        f"hold {brief(row['target'], unit)}"
        if row["hold"]
        else (f"from {brief(row['start'], unit)} to {brief(row['target'], unit)}")
    )
    words = f"{about}{asked} by {row['due_period']}"
    peers = f", held by {row['peers_there']} of {row['n_peers']} peers"
    return f"{words}{peers}; {row['state']}; {call['call'] if call else 'not tracked'}"
