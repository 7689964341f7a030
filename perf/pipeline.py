"""How the whole pipeline grows: `python perf/pipeline.py [--pack ID] [--scales 1 10 30] [--peers 300 1000 3000]`.

What is scaled: countries. At scale k the sector is k whole synthetic countries (pipelines/packs/twins.py): every body
of the starter has k - 1 twins, each in a country of its own copy, and a body's peers come from its own country. That is
how sectors grow in practice, and what keeps the peer search linear. Within one country it is quadratic; the second
table prints it. Starter and twins alike are written as figure files into a raw root before the clock starts.

Each run is a process of its own, which reads, checks, computes, builds and publishes as `evenhand run` does, on an
empty home. Values are rows of the release's table `values`; peak memory is the process's largest resident set, in GB
of 10^9 bytes. Growth is cost at the largest scale over cost at the smallest, divided by the ratio of their values: 1
is linear. Processor seconds are judged, because seconds by the clock also measure what else the machine does; both are
printed. Exit code 1: growth above 1.15 or memory above 6 GB.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PACKS = ("english_councils", "us_acos")
SCALES = (1, 10, 30)
BODIES = (300, 1000, 3000)
GROWTH_LIMIT = 1.15
MEMORY_LIMIT_GB = 6.0
PEER_VARIABLES = 9  # as many as english_councils uses


def write_countries(pack_id: str, scale: int, root: Path) -> int:
    """Land figure files of the starter and its twins under `root`; returns the cells written.

    Descriptors are invented and say so: their titles begin with "synthetic twin".
    """
    from pipelines.landing.figures import write_figures
    from pipelines.landing.land import land_figures
    from pipelines.packs.load import load_pack
    from pipelines.packs.twins import countries
    from pipelines.walk.ingest import edition_cells, wanted
    from pipelines.walk.inputs import STARTER, gather

    pack, total = load_pack(pack_id), 0
    with gather([STARTER], root, [pack]) as inputs:
        for dataset, edition in wanted(pack, inputs.editions):
            cells = edition_cells(pack, dataset, edition, inputs)
            cells = countries(pack, dataset.id, cells, scale)
            land_figures(write_figures(cells), invented(edition, scale), root)
            total += cells.height
    return total


def invented(edition: Any, scale: int) -> Any:
    """The descriptor of a twin edition: the date of the original, everything else of its own."""
    import hashlib
    from dataclasses import replace

    from pipelines.landing.descriptor import edition_id

    hashed = hashlib.sha256(f"synthetic twin {scale} {edition.original_sha256}".encode()).hexdigest()
    return replace(
        edition,
        publisher="Synthetic twin",
        title=f"synthetic twin ({scale} countries) of: {edition.title}",
        edition=edition_id(edition.date, hashed),
        url="https://example.org/synthetic-twin",
        original_name=f"synthetic-twin-{edition.original_name}",
        original_sha256=hashed,
    )


def walk(pack_id: str, scale: int, raw: Path, home: Path) -> dict[str, Any]:
    """One run from the raw root to a published release: its counts, seconds and peak memory."""
    from pipelines.packs.load import load_pack
    from pipelines.packs.twins import twin_pack
    from pipelines.walk.run import run

    clock, processor = perf_counter(), process_time()
    (result,) = run([twin_pack(load_pack(pack_id), scale)], [raw], home)
    return {
        "outcome": result.outcome,
        "message": result.message,
        "bodies": result.counts.get("bodies", 0),
        "values": result.counts.get("values", 0),
        "seconds": perf_counter() - clock,
        "processor": process_time() - processor,
        "steps": {**result.step_seconds, "release": result.seconds - sum(result.step_seconds.values())},
        "gigabytes": peak_memory(),
    }


def search_peers(n: int) -> dict[str, Any]:
    """Peers of `n` invented bodies of one country, with retention, as the walk asks for them."""
    import numpy as np

    from pipelines.methods.draws import generator
    from pipelines.methods.peers import nearest, retention

    scores = generator("perf", str(n)).normal(size=(n, PEER_VARIABLES))
    weights = np.ones(PEER_VARIABLES)
    clock, processor = perf_counter(), process_time()
    found = nearest(scores, weights)
    ranked = perf_counter()
    retention(scores, weights, found.ids)
    return {
        "nearest": ranked - clock,
        "seconds": perf_counter() - clock,
        "processor": process_time() - processor,
        "gigabytes": peak_memory(),
    }


def peak_memory() -> float:
    """This process's largest resident set so far, in 10^9 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def child(*words: str | Path) -> dict[str, Any]:
    """What this file prints last when it is run with `words` in a process of its own."""
    command = [sys.executable, __file__, "--child", *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(pack_id: str, scale: int, scratch: Path) -> dict[str, Any]:
    """One line of the first table; the raw root, the home and the release are removed again."""
    place = scratch / f"{pack_id}-{scale}"
    written = child("write", pack_id, str(scale), place / "raw")
    found = {**child("walk", pack_id, str(scale), place / "raw", place / "home"), **written}
    shutil.rmtree(place)
    if found["outcome"] != "new":
        raise SystemExit(f"{pack_id} at {scale}: {found['outcome']}: {found['message']}")
    print(
        f"{pack_id:18}{scale:>4}{found['bodies']:>9,}{found['cells']:>12,}{found['values']:>12,}"
        f"{found['seconds']:>10.1f}{found['processor']:>11.1f}{found['values'] / found['seconds']:>10,.0f}"
        f"{found['values'] / found['processor']:>14,.0f}{found['gigabytes']:>8.2f}",
        flush=True,
    )
    return found


def growth(least: dict[str, Any], most: dict[str, Any], cost: str) -> float:
    """Cost against linear growth in values between two runs; 1 is linear."""
    return float((most[cost] / least[cost]) / (most["values"] / least["values"]))


def report_growth(pack_id: str, scales: Sequence[int], runs: Sequence[dict[str, Any]]) -> bool:
    """Print growth and the steps; whether it is within the limits."""
    least, most = runs[0], runs[-1]
    by_processor, by_clock = growth(least, most, "processor"), growth(least, most, "seconds")
    peak = max(each["gigabytes"] for each in runs)
    good = by_processor <= GROWTH_LIMIT and peak <= MEMORY_LIMIT_GB
    print(f"{pack_id}: cost from {scales[0]} to {scales[-1]} countries grew {by_processor:.2f} times linearly")
    print(f"  (processor seconds; {by_clock:.2f} by the clock; limit {GROWTH_LIMIT}); peak {peak:.2f} GB", end="")
    print(f" (limit {MEMORY_LIMIT_GB:.0f}); {'within' if good else 'BEYOND'} the limits")
    print(f"  {'seconds by step':20}" + "".join(f"{scale:>9}" for scale in scales) + "   growth")
    for step in least["steps"]:
        took = [each["steps"][step] for each in runs]
        ratio = took[-1] / took[0] / (most["values"] / least["values"])
        print(f"  {step:20}" + "".join(f"{seconds:>9.1f}" for seconds in took) + f"{ratio:>9.2f}")
    return good


def report_peers(sizes: Sequence[int]) -> None:
    """Print how the search itself grows with the bodies within one country."""
    print("\nThe peer search within ONE country (quadratic: every pair is measured, 209 times for retention)")
    print(f"{'bodies':>8}{'nearest, s':>12}{'with retention, s':>19}{'processor, s':>14}{'us per pair':>13}{'GB':>7}")
    for n in sizes:
        found = child("peers", str(n))
        pairs = n * (n - 1) / 2
        print(
            f"{n:>8,}{found['nearest']:>12.2f}{found['seconds']:>19.2f}{found['processor']:>14.2f}"
            f"{1e6 * found['processor'] / pairs:>13.2f}{found['gigabytes']:>7.2f}",
            flush=True,
        )


def in_child(words: Sequence[str]) -> dict[str, Any]:
    """What a child does."""
    if words[0] == "write":
        return {"cells": write_countries(words[1], int(words[2]), Path(words[3]))}
    if words[0] == "walk":
        return walk(words[1], int(words[2]), Path(words[3]), Path(words[4]))
    return search_peers(int(words[1]))


def main() -> int:
    """Print both tables; 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pack", choices=PACKS, action="append", help="default: both")
    parser.add_argument("--scales", type=int, nargs="+", default=list(SCALES), help="countries, smallest first")
    parser.add_argument("--peers", type=int, nargs="*", default=list(BODIES), help="bodies within one country")
    parser.add_argument("--scratch", type=Path, help="where raw roots and homes are made (default: a temporary folder)")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(in_child(asked.child)))
        return 0
    print("Scaled: countries. At k, the sector is k whole synthetic countries; peers come from a body's own country.")
    print(f"{'pack':18}{'k':>4}{'bodies':>9}{'cells':>12}{'values':>12}", end="")
    print(f"{'seconds':>10}{'processor':>11}{'values/s':>10}{'per proc. s':>14}{'GB':>8}")
    good = True
    with tempfile.TemporaryDirectory(prefix="evenhand-perf-", dir=asked.scratch) as scratch:
        for pack_id in asked.pack or PACKS:
            runs = [measure(pack_id, scale, Path(scratch)) for scale in asked.scales]
            good &= report_growth(pack_id, asked.scales, runs)
    report_peers(asked.peers)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
