"""Walk once more from the inputs that a release names, for `evenhand releases rebuild`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.errors import BadInput
from pipelines.packs.pack import Pack
from pipelines.releases.build import Candidate
from pipelines.walk.ingest import wanted
from pipelines.walk.inputs import Inputs
from pipelines.walk.provenance import provenance
from pipelines.walk.run import PackRun, build_candidate, silent, walk_steps
from pipelines.walk.steps import Walk
from pipelines.warehouse import open_warehouse


def candidate_again(pack: Pack, inputs: Inputs, stated: Mapping[str, Any], folder: Path) -> Candidate:
    """A candidate in `folder` from exactly the editions that `stated` (a provenance) names, in a warehouse of its own.

    Raises BadInput naming the first edition that is not among the inputs.
    """
    chosen = replace(inputs, editions=tuple(named_editions(pack, inputs, stated["inputs"])))
    with (
        tempfile.TemporaryDirectory(prefix="evenhand-again-") as scratch,
        open_warehouse(Path(scratch) / "again.duckdb") as warehouse,
    ):
        walk, result = Walk(pack, chosen, warehouse), PackRun(pack.id)
        walk_steps(walk, silent, result)
        return build_candidate(walk, folder, result.checks, provenance(pack, chosen))


def named_editions(pack: Pack, inputs: Inputs, named: Iterable[Mapping[str, str]]) -> list[Any]:
    """The editions at hand that a provenance names, by the hash of the publisher's file."""
    at_hand = {(dataset.id, edition.original_sha256): edition for dataset, edition in wanted(pack, inputs.editions)}
    absent = [each for each in named if (each["dataset"], each["original_sha256"]) not in at_hand]
    if absent:
        first = absent[0]
        raise BadInput(
            f"{pack.id}: edition {first['edition']} of {first['dataset']} is not among the inputs; give --raw a root "
            "that holds it"
        )
    return [at_hand[each["dataset"], each["original_sha256"]] for each in named]
