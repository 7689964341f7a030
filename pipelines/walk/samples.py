"""Who may be compared in amounts: bodies with every figure, like for like, settled; and why the others may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.methods.arrays import BoolArray, FloatArray
from pipelines.methods.status import REFERENCE, worst
from pipelines.walk.amounts import Amount, last_days, union
from pipelines.walk.benchmarks import WITHHELD_STATUS
from pipelines.walk.matrices import Roster
from pipelines.warehouse import Warehouse

SETTLING_YEARS = 2
UNSETTLED = f"began within {SETTLING_YEARS} years: the cost of changing over would pass for inefficiency"


@dataclass(frozen=True)
class Panel:
    """Amounts by id, [n, T]. reason : why a body is not compared, "" for those that are; status, editions : of all."""

    amounts: Mapping[str, Amount]
    periods: tuple[str, ...]
    status: np.ndarray
    reason: np.ndarray
    editions: np.ndarray

    @property
    def usable(self) -> BoolArray:
        """[n, T] bodies that are compared."""
        return np.asarray(self.reason == "")

    def only(self, places: np.ndarray) -> Panel:
        """The same panel with some of its periods."""
        amounts = {
            id: replace(
                each, value=each.value[:, places], status=each.status[:, places], editions=each.editions[:, places]
            )
            for id, each in self.amounts.items()
        }
        kept = tuple(self.periods[place] for place in places)
        return Panel(amounts, kept, self.status[:, places], self.reason[:, places], self.editions[:, places])

    def column(self, id: str, period: int) -> FloatArray:
        """(n,) an amount in one period."""
        return np.asarray(self.amounts[id].value[:, period])


def panel(
    warehouse: Warehouse,
    bodies: Roster,
    service: str,
    amounts: Mapping[str, Amount],
    periods: Sequence[str],
    sides: Sequence[Sequence[str]],
    judged: Mapping[str, Amount],
) -> Panel:
    """Every amount of a comparison, with what keeps a body out of it: the first reason found alone is kept.

    sides : groups of amounts of which each body needs a positive one.   judged : figures that are compared but are no
    amounts, and may be negative. A body that is kept out for another reason than a figure's status is `withheld`.
    """
    every = {**amounts, **judged}
    shape = (len(bodies.ids), len(periods))
    status = worst("ok", *(each.status for each in every.values()))
    reason = np.full(shape, "", dtype=object)
    for each in every.values():
        absent = ~np.isin(each.status, REFERENCE)
        words = [f"{each.label}: {WITHHELD_STATUS.get(str(state), str(state))}" for state in each.status[absent]]
        note(reason, absent, words)
    for marked, text in exclusions(warehouse, bodies, service, amounts, periods, sides):
        status = np.where(marked & (reason == ""), "withheld", status)
        note(reason, marked, [text] * int(marked.sum()))
    together = np.frompyfunc(lambda *texts: union(texts), len(every), 1)
    return Panel(every, tuple(periods), status, reason, together(*(each.editions for each in every.values())))


def exclusions(
    warehouse: Warehouse,
    bodies: Roster,
    service: str,
    amounts: Mapping[str, Amount],
    periods: Sequence[str],
    sides: Sequence[Sequence[str]],
) -> Iterator[tuple[BoolArray, str]]:
    """Whom [n, T] a rule keeps out, and why."""
    yield shared(warehouse, bodies, service, periods), "not like for like: another body pays part of the service"
    yield recent(bodies, last_days(warehouse, periods)), UNSETTLED
    for each in amounts.values():
        words = f"{each.label} moved by more than usual from one period to the next, and is to be confirmed by the body"
        yield queried(warehouse, bodies, each.measures, periods), words
    for each in amounts.values():
        yield each.value < 0, f"{each.label} is negative, so that nothing can be compared in proportion to it"
    for side in sides:
        none = ~np.any([amounts[id].value > 0 for id in side], axis=0)
        yield none, f"{' and '.join(amounts[id].label for id in side)}: nothing above 0"


def note(reason: np.ndarray, marked: BoolArray, words: Sequence[str]) -> None:
    """Put down reasons, one for each body marked, where there is none yet."""
    fresh = np.full(reason.shape, "", dtype=object)
    fresh[marked] = list(words)
    here = marked & (reason == "")
    reason[here] = fresh[here]


def recent(bodies: Roster, ends: Sequence[str]) -> BoolArray:
    """[n, T] bodies that began less than two years before the end of a period, or after it."""
    limits = np.array([f"{int(end[:4]) - SETTLING_YEARS}{end[4:]}" for end in ends], dtype="U10")
    return np.asarray(np.array(bodies.began, dtype="U10")[:, None] > limits[None, :])


def shared(warehouse: Warehouse, bodies: Roster, service: str, periods: Sequence[str]) -> BoolArray:
    """[n, T] bodies for which somebody else pays part of a service."""
    flags = warehouse.read(
        """
        select body_id, period_from, coalesce(period_to, '9999') from marts.scope_flags
        where service_id = ? order by all
        """,
        [service],
    )
    covered = ((body, p) for body, first, last in flags.iter_rows() for p in periods if first <= p <= last)
    return located(bodies, periods, covered)


def queried(warehouse: Warehouse, bodies: Roster, measures: Sequence[str], periods: Sequence[str]) -> BoolArray:
    """[n, T] bodies whose figures are under query: of two that differ by more than usual, either may be wrong."""
    flagged = warehouse.read(
        """
        with moved as (
            select body_id, measure_id, period from marts.flagged where measure_id in (select unnest(?))
        )
        select body_id, period from moved
        union
        select m.body_id, c.before_period from moved m join staging.changes c using (body_id, measure_id, period)
        """,
        [list(measures)],
    )
    return located(bodies, periods, flagged.iter_rows())


def located(bodies: Roster, periods: Sequence[str], found: Iterable[tuple[str, str]]) -> BoolArray:
    """[n, T] marks at these bodies and periods, where both are at hand."""
    marked, column = np.zeros((len(bodies.ids), len(periods)), dtype=bool), {p: t for t, p in enumerate(periods)}
    for body, period in found:
        if body in bodies.place and period in column:
            marked[bodies.place[body], column[period]] = True
    return marked
