"""The figures of one field, as a release states them: what standing and funnels are recomputed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.errors import BadInput
from pipelines.methods.status import REFERENCE
from pipelines.releases.claim import PeerFigure
from pipelines.releases.figures import UNSHOWN
from pipelines.releases.lookup import Row, nearest, one, rows
from pipelines.releases.steps import MEANING

if TYPE_CHECKING:
    from pipelines.releases.read import Release

FIGURES = ("value", "se", "lo", "hi", "numerator", "denominator")


def standing_row(release: Release, table: str, body: str, indicator: str, period: str) -> Row:
    """The row of a table about a body's figure. Raises BadInput, with the periods that it has, when there is none."""
    row = one(release, table, body_id=body, indicator_id=indicator, period=period)
    if row:
        return row
    known = [found["period"] for found in rows(release, table, body_id=body, indicator_id=indicator)]
    if known:
        raise BadInput(f"{table} of {indicator!r} are of other periods for {body}{nearest(known, period)}")
    raise BadInput(
        f"{body} is in no field for {indicator!r}: {table} are of bodies that are compared; "
        "ask for another body or for --of value"
    )


def field_rows(release: Release, table: str, field: str, indicator: str, period: str) -> pl.DataFrame:
    """indicator_values of a field's bodies, by body; NaN for figures that may not be shown or compared."""
    here = (pl.col("indicator_id") == indicator) & (pl.col("period") == period)
    members = release.table(table).filter(here, pl.col("field") == field)["body_id"]
    found = release.table("indicator_values").filter(here, pl.col("body_id").is_in(members.implode()))
    shown = pl.col("like_for_like") & ~pl.col("status").is_in(UNSHOWN)
    return found.sort("body_id").with_columns(pl.when(shown).then(pl.col(FIGURES)).fill_null(np.nan))


def field_peers(release: Release, figures: pl.DataFrame, but: str) -> tuple[PeerFigure, ...]:
    """The other bodies of a field, by code, and whether their figures inform it."""
    names = dict(release.table("bodies").select("body_id", "name").iter_rows())
    others = figures.filter(pl.col("body_id") != but).select("body_id", "value", "status", "like_for_like")
    return tuple(_peer(str(names.get(body, body)), body, *rest) for body, *rest in others.iter_rows())


def _peer(name: str, body: str, value: float, status: str, like_for_like: bool) -> PeerFigure:
    shown = None if np.isnan(value) else value
    if not like_for_like:
        return PeerFigure(body, name, shown, status, False, "not like for like")
    if status not in REFERENCE:
        return PeerFigure(body, name, shown, status, False, MEANING[status])
    return PeerFigure(body, name, shown, status, True)


def field_words(release: Release, field: str) -> str:
    """A field in words, such as "unitary councils, metropolitan districts and London boroughs"."""
    plural = {found["id"]: found["plural"] for found in release.facts["classes"]}
    words = [str(plural.get(kind, kind)) for kind in field.split()]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
