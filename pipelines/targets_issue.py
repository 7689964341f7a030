"""Issue a target policy: its proposals become files of the pack, which later runs keep to the letter (F15).

A target that fails a fairness test is issued only with a recorded reason; otherwise it is refused, or left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.contracts import TARGETS
from pipelines.errors import BadInput, Blocked
from pipelines.packs.pack import Pack
from pipelines.packs.schema_policy import TargetPolicy
from pipelines.releases import layout
from pipelines.releases.decisions import append, decide
from pipelines.releases.read import Release, open_release
from pipelines.releases.rebuild import read_provenance
from pipelines.releases.store import Store
from pipelines.walk.issued import DECIDED, issued_files, shown

KEY = ["body_id", "indicator_id"]
KEPT_WITHOUT = (
    *("policy_id", "body_id", "indicator_id", "base_period", "due_period", "own", "start", "start_lo", "start_hi"),
    *("n_peers", "counter_measures", "status", "method_id", "method_version", "params_hash", "input_editions", "seed"),
)
"""What stays of a target that is left out: where the body stands, and nothing that is asked."""


@dataclass(frozen=True)
class Issue:
    """What was issued: the file, how many targets, how many of them in spite of a test, how many were left out."""

    path: Path
    issued: int
    overridden: int
    left_out: int


@dataclass(frozen=True)
class Order:
    """The decision to issue: who, why, reasons for targets that fail a test, and whether the others are left out."""

    by: str
    why: str
    overrides: Mapping[tuple[str, str], str]
    leave_out: bool


def issue(home: Path, pack: Pack, policy_id: str, order: Order) -> Issue:
    """Write what the current release proposes under a policy into the pack, and record who decided.

    Raises BadInput when there is no such policy, no proposal, or it was issued before; Blocked when a target fails a
    fairness test without a recorded reason.
    """
    policy = pack.policy(policy_id)
    if not isinstance(policy, TargetPolicy):
        raise BadInput(f"policy '{policy_id}' of pack {pack.id} sets no targets; only those of kind targets are issued")
    files = issued_files(pack.path, policy_id)
    if files["targets"][0].exists():
        raise BadInput(
            f"{shown(files['targets'][0])} exists: a policy is issued once, never overwritten; give a new one a new id"
        )
    release = open_release(home, pack.id)
    require_same_pack(release, pack)
    decision = decide(order.by, "target", release.id, order.why, recorded(policy_id, order))
    tables = {name: of_policy(release, table.name, policy_id) for name, (_, table) in files.items()}
    chosen = settled(tables["targets"], tables["tests"], order)
    standing = chosen.filter(pl.col("state") == "issued").select(KEY)
    tables = {name: frame.join(standing, on=KEY, how="semi", maintain_order="left") for name, frame in tables.items()}
    tables["targets"] = decided(chosen, decision.when[:10], order)
    store = Store(home)
    with store.writing(pack.id):
        write(files["paths"][0], tables["paths"])
        write(files["tests"][0], tables["tests"])
        write(files["targets"][0], tables["targets"])  # last, since it is what makes the policy issued
        append(store.folder(pack.id) / layout.DECISIONS, decision)
    left_out = int(chosen["reason"].str.starts_with("not issued:").fill_null(False).sum())
    return Issue(files["targets"][0], standing.height, len(order.overrides), left_out)


def require_same_pack(release: Release, pack: Pack) -> None:
    """Raises BadInput when the current release was made from another state of the pack."""
    if read_provenance(release.path).get("pack_sha256") != pack.hash():
        raise BadInput(f"pack {pack.id} changed since release {release.id}; run it again before issuing targets")


def recorded(policy_id: str, order: Order) -> dict[str, str]:
    """What the log of decisions says beside who and why."""
    reasons = {f"override {body}:{indicator}": why for (body, indicator), why in sorted(order.overrides.items())}
    return {"policy": policy_id, **reasons, **({"failing": "left out"} if order.leave_out else {})}


def of_policy(release: Release, table: str, policy_id: str) -> pl.DataFrame:
    """The rows of a policy."""
    return release.table(table).filter(pl.col("policy_id") == policy_id)


def settled(targets: pl.DataFrame, tests: pl.DataFrame, order: Order) -> pl.DataFrame:
    """The targets as they are to be issued: those that fail a test without a reason are left out, or refused."""
    if not (targets["state"] == "proposed").any():
        raise BadInput("the current release proposes no target under this policy; there is nothing to issue")
    failed = failures(tests)
    unknown = sorted(set(order.overrides) - set(failed))
    if unknown:
        raise BadInput(f"--override {':'.join(unknown[0])}: no target of that body and indicator fails a test")
    unexcused = sorted(set(failed) - set(order.overrides))
    if unexcused and not order.leave_out:
        first = unexcused[0]
        raise Blocked(
            f"{len(unexcused)} targets fail a fairness test, the first {':'.join(first)} ({failed[first]}); give "
            "each a reason (--override BODY:INDICATOR=reason), or leave them out (--leave-out-failing)"
        )
    why = pl.DataFrame(
        [(*key, f"not issued: it fails {failed[key]}") for key in unexcused],
        schema={"body_id": pl.String, "indicator_id": pl.String, "why": pl.String},
        orient="row",
    )
    joined = targets.join(why, on=KEY, how="left", maintain_order="left")
    out = pl.col("why").is_not_null()
    emptied = [pl.when(~out).then(pl.col(name)).alias(name) for name in TARGETS.schema if name not in KEPT_WITHOUT]
    asked = pl.when(out | (pl.col("state") == "none")).then(pl.lit("none")).otherwise(pl.lit("issued"))
    reason = pl.coalesce("why", "reason")
    return joined.with_columns(*(e for e in emptied if e.meta.output_name() not in ("state", "reason"))).with_columns(
        asked.alias("state"), reason.alias("reason")
    )


def failures(tests: pl.DataFrame) -> dict[tuple[str, str], str]:
    """The targets that fail a test, with each test that they fail and why, in words."""
    out: dict[tuple[str, str], str] = {}
    failed = tests.filter(pl.col("result") == "fail").sort(*KEY, "test")
    for body, indicator, test, reason in failed.select(*KEY, "test", "reason").iter_rows():
        words = f"the test of {test}: {reason}"
        out[body, indicator] = f"{out[body, indicator]}; {words}" if (body, indicator) in out else words
    return out


def decided(chosen: pl.DataFrame, day: str, order: Order) -> pl.DataFrame:
    """The targets with the columns that say who issued them, when, why, and in spite of what."""
    reasons = [order.overrides.get((body, indicator)) for body, indicator in chosen.select(KEY).iter_rows()]
    stated = (day, order.by.strip(), order.why.strip())
    return chosen.select(list(TARGETS.schema)).with_columns(
        *(pl.lit(text).alias(name) for name, text in zip(DECIDED[:3], stated, strict=True)),
        pl.Series(DECIDED[3], reasons, dtype=pl.String),
    )


def write(path: Path, frame: pl.DataFrame) -> None:
    """A table as CSV that stands whole or not at all; BadInput where the pack cannot be written."""
    try:
        path.parent.mkdir(exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(frame.write_csv(), encoding="utf-8")
        os.replace(temporary, path)
    except OSError as fault:
        raise BadInput(
            f"{shown(path)}: cannot be written ({fault.strerror}); copy the pack to a folder of yours"
        ) from None


def parse_overrides(texts: Iterable[str]) -> dict[tuple[str, str], str]:
    """`BODY:INDICATOR=reason` by body and indicator; BadInput on anything else."""
    out: dict[tuple[str, str], str] = {}
    for text in texts:
        key, equals, reason = text.partition("=")
        body, colon, indicator = key.partition(":")
        if not (equals and colon and body.strip() and indicator.strip() and reason.strip()):
            raise BadInput(f"--override {text!r}: write BODY:INDICATOR=reason, such as E06000001:recycling_rate=agreed")
        out[body.strip(), indicator.strip()] = reason.strip()
    return out
