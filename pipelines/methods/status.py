"""The status that travels with every value, and how statuses combine (methods.md 0.2).

A derived value takes the worst status of its inputs. ORDER runs from best to worst.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from pipelines.contracts import STATUSES
from pipelines.methods.arrays import BoolArray, TextArray
from pipelines.methods.card import Method

ORDER = tuple(reversed(STATUSES))
# No number stands behind these; withheld and quarantined values are stored, only not shown.
VALUELESS = ("missing", "suppressed", "zero_den", "not_applicable")
# May stand in a peer group, a quantile or a reference: not small, not modelled, not doubtful.
REFERENCE = ("ok", "provisional", "break")
# May be told apart from peers in words; the same list, named for its second purpose.
JUDGED = REFERENCE
# A number stands behind these and may be shown, so it tells how figures vary from year to year.
SEEN = ("ok", "provisional", "imputed", "break", "small")
STATUS_DTYPE = pl.Enum(list(ORDER))

METHOD = Method(
    id="M0.2",
    version="1",
    title="Value status",
    formula="status of a derived value = worst status of its inputs: " + " > ".join(reversed(ORDER)),
    defaults={"order": list(ORDER), "valueless": list(VALUELESS), "reference": list(REFERENCE)},
    edge_cases="An absent status counts as missing; an unknown one is refused.",
    source="methods.md 0.2",
)


def severity(status: ArrayLike) -> NDArray[np.int8]:
    """Place of each status in ORDER, 0 = ok. Any shape. Raises ValueError on an unknown status."""
    names = np.asarray(status, dtype=np.str_)
    codes = np.zeros(names.shape, dtype=np.int8)
    rest = names != ORDER[0]
    if not rest.any():
        return codes
    found = np.full(int(rest.sum()), -1, dtype=np.int8)
    others = names[rest]
    for code, name in enumerate(ORDER[1:], start=1):
        found[others == name] = code
    if (found < 0).any():
        raise ValueError(f"unknown status {str(others[found < 0][0])!r}; the statuses are {', '.join(ORDER)}")
    codes[rest] = found
    return codes


def worst(*statuses: ArrayLike) -> TextArray:
    """The worst of several statuses, elementwise: `worst("ok", column)`; shapes broadcast, scalars give a 0-d array.

    Raises ValueError when nothing is given or a status is unknown.
    """
    if not statuses:
        raise ValueError("worst() needs at least one status")
    return np.asarray(ORDER)[reduce(np.maximum, (severity(status) for status in statuses))]


def is_in(status: ArrayLike, names: tuple[str, ...]) -> BoolArray:
    """True where the status is one of `names`. Any shape; raises ValueError on an unknown status."""
    listed = np.array([name in names for name in ORDER])
    return np.asarray(listed[severity(status)], dtype=np.bool_)


def worst_expr(*columns: str | pl.Expr) -> pl.Expr:
    """The same rule as `worst` for Polars columns of text or STATUS_DTYPE; null counts as missing; returns text.

    Polars raises InvalidOperationError on an unknown status when the expression runs.
    """
    return pl.max_horizontal([_as_status(column) for column in columns]).cast(pl.String)


def reasons_expr(*columns: str | pl.Expr) -> pl.Expr:
    """Every input status other than ok, worst first, joined by commas: the column `status_reasons`."""
    given = [_as_status(column) for column in columns]
    said = [pl.when(pl.any_horizontal([one == name for one in given])).then(pl.lit(name)) for name in ORDER[:0:-1]]
    return pl.concat_str(said, separator=",", ignore_nulls=True)


def _as_status(column: str | pl.Expr) -> pl.Expr:
    expression = pl.col(column) if isinstance(column, str) else column
    return expression.cast(STATUS_DTYPE).fill_null("missing")
