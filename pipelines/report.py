"""What a run looks like to the person who started it: bars on a terminal, plain lines otherwise, one table."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipelines.walk.run import PackRun
from pipelines.walk.run import Progress as Told
from pipelines.walk.steps import Step

OUTCOMES = {
    "new": "published",
    "moved": "published again",
    "unchanged": "nothing new",
    "withdrawn": "withdrawn earlier",
    "held": "held for signature",
    "blocked": "blocked",
    "failed": "failed",
}


@contextmanager
def progress(quiet: bool) -> Iterator[Told]:
    """A function to tell of each step. With `quiet` it says nothing on standard output."""
    console = Console(stderr=quiet)
    if not console.is_terminal:
        yield lambda pack, step, place, total: print(
            f"{pack}: {place + 1}/{total} {step.title}", file=sys.stderr if quiet else sys.stdout, flush=True
        )
        return
    columns = (TextColumn("{task.description:58}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def told(pack: str, step: Step, place: int, total: int) -> None:
            task = tasks.setdefault(pack, bars.add_task(pack, total=total)) if pack not in tasks else tasks[pack]
            bars.update(task, completed=place + 1, description=f"{pack}: {step.title}")

        yield told


def closing_table(results: Sequence[PackRun], quiet: bool) -> None:
    """One row per pack: what went in, what was set aside, what the checks said, what was published."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Pack", "Bodies", "Values", "Set aside", "Checks", "Release", "Outcome", "Seconds"):
        table.add_column(heading, justify="left" if heading in ("Pack", "Checks", "Release", "Outcome") else "right")
    for result in results:
        count = result.counts
        table.add_row(
            result.pack,
            f"{count.get('bodies', 0):,}",
            f"{count.get('values', 0):,}",
            f"{count.get('quarantined', 0):,}",
            checks_in_words(result),
            result.release[:12],
            OUTCOMES[result.outcome],
            f"{result.seconds:.1f}",
        )
    Console(stderr=quiet, width=None if sys.stdout.isatty() else 140).print(table)


def checks_in_words(result: PackRun) -> str:
    """How many checks passed, and how many did not."""
    count = result.counts
    if not count:
        failed = sum(check.outcome != "passed" for check in result.checks)
        return f"{len(result.checks) - failed} passed, {failed} not"
    words = [f"{count.get('checks_passed', 0)} passed"]
    words += [
        f"{count[key]} {word}"
        for key, word in (("checks_warned", "warned"), ("checks_failed", "failed"))
        if count.get(key)
    ]
    return ", ".join(words)


def run_json(results: Sequence[PackRun]) -> dict[str, Any]:
    """The run as one object for machines."""
    return {
        "packs": [
            {
                "pack": result.pack,
                "outcome": result.outcome,
                "release": result.release or None,
                "counts": result.counts,
                "seconds": round(result.seconds, 3),
                "step_seconds": {name: round(seconds, 3) for name, seconds in result.step_seconds.items()},
                "message": result.message or None,
            }
            for result in results
        ]
    }
