"""Which edition rules which period of a dataset (house.md, decision 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from pipelines.errors import BadInput
from pipelines.landing.descriptor import Edition

Ruling = Mapping[tuple[str, str], Edition]


def merge_roots(roots: Iterable[Iterable[Edition]]) -> list[Edition]:
    """The editions of several raw roots, each edition once, sorted as in `read_root`.

    The publisher's original is taken before compact figures of the same edition, since it holds everything they hold;
    between equals the first root's is taken.
    """
    chosen: dict[tuple[str, str], Edition] = {}
    for edition in (edition for root in roots for edition in root):
        key = (edition.dataset, edition.edition)
        if key not in chosen or (chosen[key].kind, edition.kind) == ("figures", "original"):
            chosen[key] = edition
    return sorted(
        chosen.values(), key=lambda edition: (edition.publisher, edition.dataset, edition.date, edition.edition)
    )


def rank_editions(found: Iterable[tuple[Edition, Collection[str]]]) -> Ruling:
    """The ruling edition of each (dataset, period), from editions and the periods that each one holds.

    The newest date rules a period whole. Several editions of one date that share a period are an error, unless the root
    they lie in keeps the order of its landings (the home's own does): then the later landing is a correction and rules.
    Raises BadInput naming both files.
    """
    rivals: dict[tuple[str, str, str], list[Edition]] = defaultdict(list)
    for edition, periods in found:
        for period in sorted(set(periods)):
            rivals[edition.dataset, period, edition.date].append(edition)
    ruling: dict[tuple[str, str], Edition] = {}
    for dataset, period, day in sorted(rivals):  # oldest date first, so that the newest one stays
        ruling[dataset, period] = _latest_landing(rivals[dataset, period, day], period)
    return ruling


def _latest_landing(rivals: Sequence[Edition], period: str) -> Edition:
    """The one edition that rules among editions of one dataset, period and date."""
    first, *others = sorted(rivals, key=lambda edition: (-edition.landing, edition.edition))
    for other in others:
        corrected = first.landing > other.landing and (other.landing == 0 or _root(first) == _root(other))
        if not corrected:
            raise BadInput(
                f"{first.path} and {other.path}: two editions of {first.dataset} dated {first.date} hold different "
                f"figures for {period or 'the same facts'}; keep one of them"
            )
    return first


def _root(edition: Edition) -> str:
    return str(edition.path.parents[3])
