"""How long a sector's settlement takes: `python -m perf.settlement [--bodies N] [--workers N]` from the repository.

10,000 bodies over 10 years in 1,000 draws, streamed: seconds, processor time and peak memory, then proof on a part of
the sector that the figures are the same bits with one worker and with several. Threads of the linear algebra are held
at one.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from time import perf_counter

import numpy as np

from pipelines.scenarios.sector_draws import Outcomes, joined, settle_draws
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms

YEARS = 10
TERMS = Terms(years=YEARS)


def part(bounds: tuple[int, int], draws: int) -> tuple[Outcomes, float]:
    """(outcomes, peak memory in MB) of the bodies between two numbers; figures follow from a body's number alone."""
    number = np.arange(*bounds)
    ceilings = (1e7 + 1e5 * (number % 997))[:, None] * 0.992 ** np.arange(1, YEARS + 1)
    plan = ceilings * (1.01 - 0.0005 * (number % 89))[:, None]
    sigma, passes = 0.01 + 0.0002 * (number % 53), 0.80 + 0.002 * (number % 97)
    found = settle_draws(ceilings, plan, sigma, TERMS, [f"B{n:05}" for n in number], passes=passes, draws=draws)
    return found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sector(bodies: int, draws: int, workers: int) -> tuple[Outcomes, float, float]:
    """(outcomes, seconds, MB of the largest process) with so many processes."""
    edges = np.linspace(0, bodies, 4 * workers + 1).astype(int).tolist()
    parts = list(pairwise(edges))
    begun = perf_counter()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(partial(part, draws=draws), parts))
    found = joined(outcomes for outcomes, _ in results)
    return found, perf_counter() - begun, max(memory for _, memory in results)


def once(bodies: int) -> float:
    """Milliseconds of one settlement of the sector, as a slider asks for it."""
    rng = np.random.default_rng(0)
    ceilings = np.full((bodies, YEARS), 1e8)
    cost = ceilings * (1 - 0.02 * rng.standard_normal(ceilings.shape))
    begun = perf_counter()
    settle(ceilings, cost, TERMS)
    return 1000 * (perf_counter() - begun)


def main() -> None:
    """Print seconds, memory, totals and the comparison."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--bodies", type=int, default=10_000)
    options.add_argument("--draws", type=int, default=1_000)
    options.add_argument("--workers", type=int, default=2)
    asked = options.parse_args()
    found, seconds, memory = sector(asked.bodies, asked.draws, asked.workers)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{asked.bodies} bodies, {YEARS} years, {asked.draws} draws, {asked.workers} processes: {seconds:.1f} s")
    busy = spent.ru_utime + spent.ru_stime
    print(f"{busy:.1f} s of processor time in the workers; load of the machine {os.getloadavg()[0]:.1f}")
    print(f"peak memory {memory:.0f} MB in the largest worker, {own:.0f} MB in the parent")
    low, middle, high = np.quantile(found.sector_kept, [0.05, 0.5, 0.95]) / 1e6
    print(f"kept by bodies: {middle:,.0f} million ({low:,.0f} to {high:,.0f})")
    few = min(asked.bodies, 400)
    alone, several = part((0, few), asked.draws)[0], sector(few, asked.draws, 3)[0]
    same = all(one.tobytes() == other.tobytes() for one, other in zip(alone, several, strict=True))
    print(f"{few} bodies in this process and in 3 others: {'the same bits' if same else 'NOT THE SAME'}")
    print(f"one settlement of {asked.bodies} bodies without draws: {once(asked.bodies):.0f} ms")
    sys.exit(not same)


if __name__ == "__main__":
    os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    # For the workers: otherwise the C library gives every freed array back to the system and asks for it anew, a fifth
    # of the time.
    os.environ.update(dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), "67108864"))
    main()
