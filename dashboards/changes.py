"""What changed between two releases, joined once for the pages that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.releases.read import CAUSES, SetChange, diff, diff_peers, in_points, largest

if TYPE_CHECKING:
    from dashboards.data import Book

FIGURES = ("value", "lo", "hi", "status", "like_for_like", "ratio_lo", "ratio_hi", "verdict", "reason")
"""What stands beside a position on either side of the comparison."""
FURTHEST = 10


@dataclass(frozen=True)
class Changes:
    """Two releases of a pack side by side under one peer model.

    rows : every position that moved, by name of the body and of the measure; figures of either side end in `_before`
    and `_after`.   furthest : the ten that moved most.   both, came, gone : positions in both releases, only in the
    newer, only in the older.   mains : how many positions each cause moved most.   peers : whose peers changed.
    """

    before: Book
    after: Book
    model: str
    rows: Sequence[Mapping[str, Any]]
    furthest: Sequence[Mapping[str, Any]]
    both: int
    came: int
    gone: int
    mains: Mapping[str, int]
    peers: tuple[SetChange, ...]

    @property
    def turned(self) -> Sequence[Mapping[str, Any]]:
        """The rows whose verdict is another one now."""
        return [row for row in self.rows if row["verdict_before"] != row["verdict_after"]]


def compare(before: Book, after: Book) -> Changes:
    """The changes under the newer release's headline peer model.

    Raises BadInput where the two are of different packs or the older one lacks the model.
    """
    model = after.headline
    moved = in_points(diff(before.release, after.release, model)).drop("verdict_before", "verdict_after", "reason")
    for side, book in (("before", before), ("after", after)):
        moved = beside(moved, book.positions(model), side)
    old, new = standing(before, model), standing(after, model)
    ten = [(row["body_id"], row["indicator_id"]) for row in largest(moved, FURTHEST).iter_rows(named=True)]
    rows = sorted((named(after, row) for row in moved.iter_rows(named=True)), key=in_order)
    by_key = {(row["body_id"], row["indicator_id"]): row for row in rows}
    return Changes(
        before,
        after,
        model,
        rows,
        [by_key[key] for key in ten],
        len(old & new),
        len(new - old),
        len(old - new),
        {cause: sum(main(row) == cause for row in rows) for cause in CAUSES},
        diff_peers(before.release, after.release, model),
    )


def beside(moved: pl.DataFrame, positions: pl.DataFrame, side: str) -> pl.DataFrame:
    """The rows with what one release shows of each position; figures that may not be shown are null."""
    named = positions.select(
        "body_id",
        "indicator_id",
        pl.col("period").alias(f"period_{side}"),
        *(pl.col(name).alias(f"{name}_{side}") for name in FIGURES),
    )
    return moved.join(named, on=["body_id", "indicator_id", f"period_{side}"], how="left", maintain_order="left")


def standing(book: Book, model: str) -> set[tuple[str, str]]:
    """Bodies and indicators that have a position, in any period."""
    found = book.positions(model).filter(pl.col("ratio") > 0).select("body_id", "indicator_id").unique()
    return set(found.iter_rows())


def main(row: Mapping[str, Any]) -> str:
    """The cause that moved a position most."""
    return max(CAUSES, key=lambda cause: abs(row[cause]))


def named(book: Book, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the names of body and measure."""
    label = str(book.indicators.get(row["indicator_id"], {}).get("label", row["indicator_id"]))
    return {**row, "name": book.name(row["body_id"]), "label": label}


def in_order(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """By name of the body, then of the measure; no order of merit."""
    return row["name"].casefold(), row["label"].casefold(), row["body_id"], row["indicator_id"]
