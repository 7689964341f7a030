"""How often the gaming screens ask where nobody did anything: `python -m perf.screens [--quick]` from the repository.

Each line: the screen and the data made for it, the share of runs in which it asked, twice its Monte Carlo standard
error, and the rate that it promises. A line without a promise breaks an assumption of its screen on purpose.
"""

from __future__ import annotations

import argparse

import numpy as np

from tests.screens import NULLS, false_positives


def main() -> None:
    """Print one line a screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="500 runs each instead of 5,000")
    times = 500 if parser.parse_args().quick else 5000
    print(f"{'screen':48} {'asked':>7} {'+-':>7} {'promised':>9}")
    for null in NULLS:
        rate = false_positives(null, times)
        reach = 2 * np.sqrt(rate * (1 - rate) / times)
        promised = "none" if np.isnan(null.nominal) else f"{null.nominal:.1%}"
        print(f"{null.name:48} {rate:7.2%} {reach:7.2%} {promised:>9}", flush=True)


if __name__ == "__main__":
    main()
