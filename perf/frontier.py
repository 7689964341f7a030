"""How long frontiers take, beside the loops that people write: `python -m perf.frontier [--quick]` from the repository.

One run, the same data, the same scores (the largest difference is printed): this project, one SciPy/HiGHS program per
body, and R's Benchmarking where R has it. Above 300 bodies the HiGHS loop is timed on a sample of them, all columns
present, and scaled up; the line says so. Threads of the linear algebra are held at one.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.methods.frontier import dea, dea_interval
from tests.frontiers import score_by_highs, sector

SIZES = [(n, width, width) for n in (100, 300, 1000, 3000, 10000) for width in (2, 3, 4)]  # bodies, inputs, outputs
SAMPLE = 25  # bodies of the HiGHS loop above WHOLE
WHOLE = 300
R_PROGRAM = """
library(Benchmarking)
X <- as.matrix(read.csv("x.csv", header = FALSE)); Y <- as.matrix(read.csv("y.csv", header = FALSE))
took <- system.time(found <- dea(X, Y, RTS = "vrs", ORIENTATION = "in"))[["elapsed"]]
write.table(found$eff, "scores.csv", row.names = FALSE, col.names = FALSE); cat(took)
"""


def timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Least seconds of several runs, and the result."""
    seconds, result = [], None
    for _ in range(times):
        begun = perf_counter()
        result = work()
        seconds.append(perf_counter() - begun)
    return min(seconds), result


def highs(X: NDArray[np.float64], Y: NDArray[np.float64]) -> tuple[float, NDArray[np.intp], list[float]]:
    """(seconds for all bodies, the bodies solved, their scores)."""
    bodies = np.arange(len(X)) if len(X) <= WHOLE else np.linspace(0, len(X) - 1, SAMPLE).astype(np.intp)
    seconds, scores = timed(lambda: [score_by_highs(X[body], Y[body], X, Y, "vrs", "in") for body in bodies], 1)
    return seconds * len(X) / len(bodies), bodies, scores


def benchmarking(X: NDArray[np.float64], Y: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]] | None:
    """(seconds, scores) of R's Benchmarking, or None where R or the package is missing."""
    command = shutil.which("Rscript")
    if command is None or subprocess.run([command, "-e", "library(Benchmarking)"], capture_output=True).returncode:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for file, values in (("x.csv", X), ("y.csv", Y)):
            with (Path(folder) / file).open("w", newline="") as lines:
                csv.writer(lines).writerows(values.tolist())
        run = subprocess.run([command, "-e", R_PROGRAM], cwd=folder, capture_output=True, text=True, check=True)
        return float(run.stdout.split()[-1]), np.loadtxt(Path(folder) / "scores.csv")


def compare(n: int, m: int, s: int) -> None:
    """One line: seconds, ratios and the largest difference of scores."""
    X, Y = sector(n, n, m, s)
    seconds, found = timed(lambda: dea(X, Y), 5 if n <= 1000 else 2)
    with_slacks, _ = timed(lambda: dea(X, Y).slacks, 1)
    loop, bodies, scores = highs(X, Y)
    gap = np.abs(found.score[bodies] - scores).max()
    line = f"{n:6d} {m}x{s} {(found.score > 1 - 1e-9).mean():5.0%} {seconds:9.4f} {with_slacks:9.4f} {loop:10.2f}"
    line += f" {loop / seconds:7.0f}x {gap:9.1e} {found.restarts:5d} {found.fallbacks:5d}"
    if (other := benchmarking(X, Y)) is not None:
        line += f"   R {other[0]:.3f} s, {other[0] / seconds:.0f}x, {np.abs(found.score - other[1]).max():.1e}"
    print(line + ("" if len(bodies) == n else f"   HiGHS: {len(bodies)} bodies, scaled"), flush=True)


def main() -> None:
    """Print the table, the resampling time and the memory."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--quick", action="store_true", help="up to 1 000 bodies and 200 resamples")
    quick = options.parse_args().quick
    print(f"{os.cpu_count()} cores; variable returns, input orientation; seconds")
    print("     n  mxs  eff.      ours  w.slacks      HiGHS   ratio  max diff again HiGHS")
    for size in SIZES:
        if not quick or size[0] <= 1000:
            compare(*size)
    if shutil.which("Rscript") is None:
        print("R is not here: not compared with Benchmarking")
    X, Y = sector(300, 300, 3, 3)
    replicates = 200 if quick else 2000
    seconds, found = timed(lambda: dea_interval(X, Y, replicates=replicates), 1)
    print(f"{replicates} subsamples of {found.sample} at n = 300, 3x3: {seconds:.2f} s, {found.fallbacks} by HiGHS")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # read once, when NumPy is loaded: so begin again with it set
        os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
        os.execv(sys.executable, [sys.executable, "-m", "perf.frontier", *sys.argv[1:]])
    main()
