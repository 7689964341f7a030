"""What tracking promises, shown by simulation: `python -m perf.tracking [--series N]` from the repository.

Three tables. How often each XmR rule marks a point of normal white noise; what share of figures falls inside the 80 %
fan, by the process that made the series; how often targets were met among forecasts that stated a chance. Every series
has a stream of its own, so that the figures repeat.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from pipelines.methods.calibration import EDGES, Calibration, calibration
from pipelines.methods.draws import generator
from pipelines.methods.forecast import forecast
from pipelines.methods.xmr import xmr
from pipelines.methods.xmr_limits import limits
from pipelines.methods.xmr_rules import PRIORITY, marks

Floats = NDArray[np.float64]
BASELINE, SHOWN = 12, 36


def white(rng: np.random.Generator, size: int) -> Floats:
    """A level with noise: nothing happens."""
    return 100 + rng.normal(0, 2, size)


def line(rng: np.random.Generator, size: int) -> Floats:
    """A steady trend with noise of its own each period."""
    return 100 + rng.normal(0, 1) * np.arange(size) + rng.normal(0, 2, size)


def walk(rng: np.random.Generator, size: int) -> Floats:
    """A random walk with a drift of its own: every change stays."""
    return 100 + np.cumsum(rng.normal(rng.normal(0, 1), 2, size))


def mixed(rng: np.random.Generator, size: int) -> Floats:
    """Half and half: lasting changes of sd 1 about a drift, and passing noise of sd 2."""
    return 100 + np.cumsum(rng.normal(rng.normal(0, 1), 1, size)) + rng.normal(0, 2, size)


def persistent(rng: np.random.Generator, size: int) -> Floats:
    """Autocorrelation of 0.6 about a level."""
    noise = rng.normal(0, 2, size + 50)
    out = np.zeros(size + 50)
    for t in range(1, size + 50):
        out[t] = 0.6 * out[t - 1] + noise[t]
    return 100 + out[50:]


PROCESSES: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "white noise": white,
    "trend + noise": line,
    "random walk": walk,
    "drift + noise": mixed,
    "AR(1) 0.6": persistent,
}


def series(name: str, size: int, count: int) -> Iterator[tuple[int, Floats, np.random.Generator]]:
    """`count` series of a process, with the stream that made each."""
    for number in range(count):
        rng = generator("M4.12 simulation", name, number, seed=size)
        yield number, PROCESSES[name](rng, size), rng


def false_rates(count: int, *, baseline: int = BASELINE, known: bool = False, latest: bool = False) -> dict[str, float]:
    """Share of points after the baseline of white noise that each rule marks, and that any does; nothing is widened.

    known : the true mean and limits instead of those of the baseline, to set apart what estimating them costs.
    latest : the last of 24 points only, as the icon reads it; else points up to the 36th, marked with hindsight.
    """
    told = np.zeros(len(PRIORITY) + 1)
    size = BASELINE * 2 if latest else SHOWN
    for number in range(count):
        y = generator("M4.11 simulation", "", number, seed=baseline).standard_normal(size)
        used = limits(y[:baseline], widen_above=np.inf)
        mean, reach = (0.0, 3.0) if known else (used.mean, used.upper - used.mean)
        found = np.array(marks(y, np.full(size, mean), np.full(size, reach))) != 0
        found = found[:, -1:] if latest else found[:, baseline:]
        told += [*found.mean(axis=1), found.any(axis=0).mean()]
    return dict(zip((*PRIORITY, "any"), told / count, strict=True))


def icon_rate(count: int, kept: int) -> float:
    """Share of charts of white noise whose latest point is labelled, as offered: autocorrelation widens."""
    charts = (
        xmr(generator("M4.11 icons", "", number, seed=kept).standard_normal(kept), direction=1, baseline=BASELINE)
        for number in range(count)
    )
    return float(np.mean([chart.variation != "common cause" for chart in charts]))


def tried(name: str, size: int, horizon: int, count: int) -> tuple[float, Floats, Floats]:
    """Share of last figures inside the 80 % fan, stated chances, and whether each target was met.

    The target of each series lies where its true future may or may not come: a normal draw about the last figure.
    """
    inside, stated, met = [], [], []
    for _, y, rng in series(name, size + horizon, count):
        goal = y[size - 1] + rng.normal(0, 2 * np.sqrt(horizon) + 2)
        found = forecast(y[:size], goal, horizon, -1)
        inside.append(found.fan[-1, 0] <= y[-1] <= found.fan[-1, 4])
        stated.append(found.p_hit)
        met.append(y[-1] <= goal)
    return float(np.mean(inside)), np.array(stated), np.array(met, dtype=np.float64)


def show_rules(count: int) -> None:
    """How often each rule marks a point of white noise."""
    print(f"false labels per 1 000 points of normal white noise, {count} series a row")
    print("points, limits from     " + "".join(f"{name:>14}" for name in (*PRIORITY, "any")))
    for words, options in (
        ("latest, the truth", {"known": True, "latest": True}),
        ("latest, 12 points", {"latest": True}),
        ("latest, 8 points", {"latest": True, "baseline": 8}),
        ("latest, 20 points", {"latest": True, "baseline": 20}),
        ("all, the truth", {"known": True}),
        ("all, 12 points", {}),
    ):
        found = false_rates(count, **options)
        print(f"{words:24}" + "".join(f"{1000 * rate:14.2f}" for rate in found.values()), flush=True)
    print(f"charts of 24 points whose latest is labelled, widened for autocorrelation: {icon_rate(count // 4, 24):.1%}")


def show_fan(count: int) -> None:
    """Coverage by process and length, and the calibration of all stated chances."""
    print(f"\nshare inside the 80 % fan at the target date, {count} series each")
    print("points, ahead      " + "".join(f"{name:>16}" for name in PROCESSES) + "             all")
    chances, came = [], []
    for size, horizon in ((8, 3), (10, 3), (16, 4), (24, 4), (36, 12)):
        row = [tried(name, size, horizon, count) for name in PROCESSES]
        chances += [found[1] for found in row]
        came += [found[2] for found in row]
        cells = [found[0] for found in row]
        print(f"{size:6d}, {horizon:2d}         " + "".join(f"{cell:16.1%}" for cell in (*cells, np.mean(cells))))
    told(calibration(np.concatenate(chances), np.concatenate(came)))


def told(found: Calibration) -> None:
    """Stated chances against what happened."""
    print("\nchance stated      forecasts   mean stated   came true")
    for i, size in enumerate(found.size):
        print(f"{EDGES[i]:.2f} to {EDGES[i + 1]:.2f} {size:15d} {found.stated[i]:13.3f} {found.came_true[i]:11.3f}")
    print(f"Brier score {found.brier:.4f}; stating the overall share each time {found.base:.4f}")


def main() -> None:
    """Print the three tables."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--series", type=int, default=2000, help="series per cell; rules take ten times as many")
    count = options.parse_args().series
    show_rules(10 * count)
    show_fan(count)


if __name__ == "__main__":
    main()
