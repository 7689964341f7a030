"""Run packs from inputs to published releases: every step, every check, one gate, one record.

The order of events makes a crash harmless: the warehouse is disposable, a release is shelved whole before the pointer
moves, and the record is written last.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import CheckResult, Table, published, tables
from pipelines.errors import Blocked, EvenhandError
from pipelines.packs.pack import Pack
from pipelines.packs.schema import PeerModel
from pipelines.quality.check import check_tables
from pipelines.quality.gate import require_unblocked
from pipelines.releases import layout
from pipelines.releases.build import Candidate, build
from pipelines.releases.rebuild import read_provenance
from pipelines.releases.store import Published, Store
from pipelines.releases.tables import ROWS_PER_GROUP
from pipelines.releases.verify import require_sound
from pipelines.restricted import keep
from pipelines.walk.benchmarks import weights_of
from pipelines.walk.due import CRON, ZONE
from pipelines.walk.inputs import Inputs, gather
from pipelines.walk.provenance import lineage, provenance
from pipelines.walk.steps import Step, Walk, steps
from pipelines.warehouse import Warehouse, open_warehouse

Progress = Callable[[str, Step, int, int], None]
"""Told before each step: pack, step, its place, how many there are."""


def silent(pack: str, step: Step, place: int, total: int) -> None:
    """No progress."""


@dataclass
class PackRun:
    """What became of one pack. `outcome`: new, moved, unchanged, withdrawn, held, blocked or failed."""

    pack: str
    outcome: str = ""
    release: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    step_seconds: dict[str, float] = field(default_factory=dict)
    message: str = ""
    checks: list[CheckResult] = field(default_factory=list)


def run(
    packs: Sequence[Pack], raw: Sequence[Path], home: Path, *, hold: bool = False, progress: Progress = silent
) -> list[PackRun]:
    """Run each pack on the same inputs; one pack's fault does not lose another's release.

    Returns one PackRun per pack, in order; a run record lands in `<home>/runs`. Raises BadInput when the inputs
    themselves cannot be read.
    """
    home.mkdir(parents=True, exist_ok=True)
    began = dt.datetime.now(dt.UTC)
    with gather(raw, home, packs) as inputs:
        results = [guarded(pack, inputs, home, hold, progress) for pack in packs]
    write_record(home, began, results)
    return results


def guarded(pack: Pack, inputs: Inputs, home: Path, hold: bool, progress: Progress) -> PackRun:
    """One pack's run, with a fault turned into its outcome."""
    result = PackRun(pack.id)
    started = time.perf_counter()
    try:
        run_pack(pack, inputs, home, hold, progress, result)
    except EvenhandError as fault:
        result.outcome = "blocked" if isinstance(fault, Blocked) else "failed"
        result.message = str(fault)
    result.seconds = time.perf_counter() - started
    return result


def run_pack(pack: Pack, inputs: Inputs, home: Path, hold: bool, progress: Progress, result: PackRun) -> None:
    """Walk, check, build and publish one pack; `result` is filled in as it goes."""
    store = Store(home)
    made_from = provenance(pack, inputs)
    with store.writing(pack.id):  # a run that waited for another one may find that nothing is left to do
        if not hold and stands_already(store, pack, made_from, result):
            return
        with open_warehouse(home / "warehouse" / f"{pack.id}.duckdb") as warehouse:
            walk = Walk(pack, inputs, warehouse)
            walk_steps(walk, progress, result)
            with store.workspace(pack.id) as folder:
                candidate = build_candidate(walk, folder, result.checks, made_from)
                result.release = candidate.release
                result.counts = counts(candidate.path)
                keep(warehouse, home, pack.id, candidate.release)
                result.outcome = deliver(store, pack, candidate, hold).outcome


def stands_already(store: Store, pack: Pack, made_from: dict[str, Any], result: PackRun) -> bool:
    """Whether the current release was made from these very inputs and this code, and still verifies."""
    here = store.current(pack.id)
    if here is None:
        return False
    folder = store.place(pack.id, here)
    if read_provenance(folder) != json.loads(json.dumps(made_from)):
        return False
    require_sound(folder)
    result.outcome, result.release, result.counts = "unchanged", here, counts(folder)
    return True


def walk_steps(walk: Walk, progress: Progress, result: PackRun) -> None:
    """Every step, its tables checked before the next; raises Blocked at the first that may not go on."""
    todo = steps(walk.pack)
    for place, step in enumerate(todo):
        progress(walk.pack.id, step, place, len(todo))
        started = time.perf_counter()
        found = run_step(walk, step)
        result.checks += found
        result.step_seconds[step.name] = time.perf_counter() - started
        require_unblocked(walk.pack.id, found)


def run_step(walk: Walk, step: Step) -> list[CheckResult]:
    """Do one step, check its tables, and leave the results in the warehouse for the gate; raises for none of them."""
    step.run(walk)
    found = check_tables(walk.pack, walk.warehouse, step.writes)
    kept = pl.DataFrame({"result": [json.dumps(asdict(check)) for check in found]}, schema={"result": pl.String})
    walk.warehouse.write_frame(f"staging.checks_{step.name}", kept)
    return found


def stored_checks(walk: Walk) -> list[CheckResult]:
    """The results that every step left, in the order of the steps."""
    rows = [
        text
        for step in steps(walk.pack)
        for text in walk.warehouse.read(f"from staging.checks_{step.name}")["result"].to_list()
    ]
    stated = [json.loads(text) for text in rows]
    return [CheckResult(**{**each, "examples": tuple(each["examples"])}) for each in stated]


class Stored(Mapping[str, Iterator[pl.DataFrame]]):
    """Tables of a warehouse by name, in parts that are read when they are asked for and kept by nobody."""

    def __init__(self, warehouse: Warehouse, tables: Sequence[Table]) -> None:
        self.warehouse = warehouse
        self.tables = {table.name: table for table in tables}

    def __getitem__(self, name: str) -> Iterator[pl.DataFrame]:
        """The table's parts, by key, as large as a release's groups of rows."""
        return self.warehouse.parts(self.tables[name], ROWS_PER_GROUP)

    def __contains__(self, name: object) -> bool:
        """Whether there is such a table, without reading it."""
        return name in self.tables

    def __iter__(self) -> Iterator[str]:
        """The tables' names, in the order of the contract."""
        return iter(self.tables)

    def __len__(self) -> int:
        """How many tables there are."""
        return len(self.tables)


def build_candidate(walk: Walk, folder: Path, checks: Sequence[CheckResult], made_from: dict[str, Any]) -> Candidate:
    """The candidate release of a finished walk."""
    pack = walk.pack
    walk.warehouse.keep_to("500MB")  # tables are only read back from here on, each once
    frames = Stored(walk.warehouse, published(pack.currency, pack.base_period))
    told = open_checks(pack, checks)
    return build(folder, frames, told, lineage(pack, walk.inputs), facts(pack, walk.warehouse), made_from)


def open_checks(pack: Pack, checks: Sequence[CheckResult]) -> list[CheckResult]:
    """The checks that a release may state: none of a restricted table, whose rows its examples would tell."""
    closed = {table.name for table in tables(pack.currency, pack.base_period) if table.audience == "restricted"}
    return [check for check in checks if check.table.rpartition(".")[2] not in closed]


def facts(pack: Pack, warehouse: Warehouse) -> dict[str, Any]:
    """What a release says about its pack."""
    return {
        "pack": pack.id,
        "title": pack.title,
        "noun": pack.noun,
        "nouns": pack.nouns,
        "currency": pack.currency,
        "base_period": pack.base_period,
        "year_kind": pack.year_kind,
        "region_noun": pack.region_noun,
        "classes": [
            {
                "id": found.id,
                "label": found.label,
                "plural": found.plural,
                "tier": found.tier,
                "benchmarked": found.benchmarked,
                "aggregate": found.aggregate,
                "peers_from": list(found.peers_from),
            }
            for found in pack.classes
        ],
        "peer_models": [peer_model(model) for model in pack.peer_models],
        "headline_peer_model": pack.headline_peer_model,
        "frontiers": [found.model_dump(mode="json") for found in pack.frontiers],
        "cost_models": [found.model_dump(mode="json") for found in pack.cost_models],
        "deflator": warehouse.read(
            """
            select * from staging.deflator where period in (
                select period from marts.costs union
                select period from marts.indicator_values join marts.indicators using (indicator_id) where real_terms
            ) order by period
            """
        ).to_dicts()
        or None,
        "age_limits": {dataset.id: dataset.limit_age_years for dataset in pack.datasets},
        "licence_note": pack.licence_note,
        "contact": pack.contact,
        "wording": pack.wording,
    }


def peer_model(model: PeerModel) -> dict[str, Any]:
    """What a release says of a peer model: all that is needed to find its peers again, or others by other weights."""
    weights = weights_of(model)
    return {
        "id": model.id,
        "label": model.label,
        "kind": model.kind,
        "k": model.k,
        "services": list(model.services),
        "note": model.note,
        "cap_quantile": model.cap_quantile,
        "same_class": model.same_class,
        "same_region": model.same_region,
        "exclude_merged_years": model.exclude_merged_years,
        "variables": [
            {**variable.model_dump(mode="json"), "weight": weight}
            for variable, weight in zip(model.variables, weights, strict=True)
        ],
    }


def deliver(store: Store, pack: Pack, candidate: Candidate, hold: bool) -> Published:
    """Publish a candidate, or set it aside for a signature."""
    if hold:
        return Published(store.hold(pack.id, candidate, "evenhand run", "held for a signature"), "held")
    return store.publish(pack.id, candidate, "evenhand run", "every blocking check passed")


def counts(folder: Path) -> dict[str, int]:
    """The counts that a release states of itself."""
    package = json.loads((folder / layout.PACKAGE).read_text(encoding="utf-8"))
    return dict(package["evenhand"]["counts"])


def write_record(home: Path, began: dt.datetime, results: Sequence[PackRun]) -> Path:
    """The run record: when, how long, what came out. It stays outside every release."""
    folder = home / "runs"
    folder.mkdir(exist_ok=True)
    path = folder / f"{began:%Y%m%dT%H%M%S%f}-{os.getpid()}.json"
    record = {
        "began": began.isoformat(timespec="seconds"),
        "ended": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "schedule": {"cron": CRON, "zone": ZONE},
        "packs": [asdict(result) for result in results],
    }
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
    temporary.replace(path)
    return path
