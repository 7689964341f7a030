"""Every source of the packs into the home's raw root: from a folder, an address, or where its publisher keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from pipelines.errors import BadInput
from pipelines.landing.answers import Options, file_name
from pipelines.landing.descriptor import Edition
from pipelines.landing.fetch import check_address, fetch
from pipelines.landing.land import land_file, next_landing, read_input
from pipelines.landing.sources import Source, match_files, source_of

GLOB_SIGNS = frozenset("*?[")


class Wanted(NamedTuple):
    """A dataset of a pack: its source, the names or globs of its files, and the address of its download, if any."""

    source: Source
    files: tuple[str, ...] = ()
    download: str | None = None


class Failure(NamedTuple):
    """A source that could not be landed from somewhere, and why."""

    dataset: str
    where: str
    reason: str


@dataclass
class PullReport:
    """What became of each source: landed now, unchanged, failed; sources without an address; files of no source."""

    landed: list[Edition] = field(default_factory=list)
    unchanged: list[Edition] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    unused: list[Path] = field(default_factory=list)

    def check(self) -> None:
        """Raise PullFailed when anything failed."""
        if self.failed:
            raise PullFailed(self)


class PullFailed(BadInput):
    """Some sources failed; the others are landed. `report` says which."""

    def __init__(self, report: PullReport) -> None:
        first, *others = report.failed
        more = f" (and {len(others)} more)" if others else ""
        super().__init__(f"{first.dataset}: {first.reason}{more}; what was landed beside it stays")
        self.report = report


class Task(NamedTuple):
    """One thing to bring: of which dataset, from where, and the act that brings it and says whether it is new."""

    dataset: str
    where: str
    bring: Callable[[], tuple[Edition, bool]]


def pull(
    wanted: Sequence[Wanted],
    root: Path,
    from_: str | Path | None = None,
    source: str | None = None,
    options: Options | None = None,
) -> PullReport:
    """Land what `wanted` names under `root`, the home's raw root, and report on each; one failure stops no other.

    from_ : a folder of publishers' files; an address that ends with `/`, below which the declared file names lie; the
    address of one file; None for each dataset's own download address.   source : the id of one dataset only.
    Raises BadInput when there is nothing to do; failures of single sources are in the report, whose `check` raises.
    """
    chosen = of_source(wanted, source)
    report = PullReport()
    for task in list(tasks(chosen, root, from_, options or Options(), report)):
        try:
            edition, new = task.bring()
        except BadInput as fault:
            report.failed.append(Failure(task.dataset, task.where, str(fault)))
        else:
            (report.landed if new else report.unchanged).append(edition)
    if not (report.landed or report.unchanged or report.failed):
        raise BadInput(nothing_to_do(from_, chosen))
    return report


def of_source(wanted: Sequence[Wanted], source: str | None) -> list[Wanted]:
    """The datasets wanted, each source and address once; with `source` the one of that id only."""
    unique = {(each.source.DATASET, each.download, each.files): each for each in wanted}
    chosen = [each for each in unique.values() if source in (None, each.source.DATASET)]
    if not chosen:
        known = ", ".join(sorted({each.source.DATASET for each in wanted}))
        raise BadInput(f"--source {source}: no pack has this source; known are {known or 'none'}")
    return chosen


def tasks(
    wanted: Sequence[Wanted], root: Path, from_: str | Path | None, options: Options, report: PullReport
) -> Iterator[Task]:
    """What there is to bring; sources and files that nothing is brought for go to the report."""
    if from_ is None:
        return from_publishers(wanted, root, options, report)
    if "://" not in str(from_):
        return from_folder(wanted, root, Path(from_), report)
    if str(from_).endswith("/"):
        return from_base(wanted, root, str(from_), options, report)
    return from_address(wanted, root, str(from_), options)


def from_publishers(wanted: Sequence[Wanted], root: Path, options: Options, report: PullReport) -> Iterator[Task]:
    """Each dataset's own download address."""
    for each in wanted:
        if each.download:
            yield download_task(each, each.download, root, options)
        else:
            report.skipped.append(each.source.DATASET)


def from_folder(wanted: Sequence[Wanted], root: Path, folder: Path, report: PullReport) -> Iterator[Task]:
    """Every file in a folder whose name belongs to a source."""
    matches = match_files(folder, distinct_sources(wanted))
    report.unused.extend(matches.unused)
    for path, source in matches.files:
        yield Task(source.DATASET, str(path), land_path(path, source, root))


def from_base(wanted: Sequence[Wanted], root: Path, base: str, options: Options, report: PullReport) -> Iterator[Task]:
    """The files that the packs name, below one address. Globs cannot be asked for: an index is not read."""
    check_address(base)
    for each in wanted:
        names = plain_names(each)
        if not names:
            report.skipped.append(each.source.DATASET)
        for name in names:
            yield download_task(each, base + quote(name), root, options)


def from_address(wanted: Sequence[Wanted], root: Path, url: str, options: Options) -> Iterator[Task]:
    """One file, whose name says which source it belongs to."""
    check_address(url)
    sources = distinct_sources(wanted)
    source = source_of(file_name(url), sources)
    if source is None and len(sources) > 1:
        raise BadInput(f"{url}: the name {file_name(url)!r} belongs to no source; say which one with --source")
    chosen = next(each for each in wanted if source is None or each.source.DATASET == source.DATASET)
    yield download_task(chosen, url, root, options)


def download_task(wanted: Wanted, url: str, root: Path, options: Options) -> Task:
    """Fetch `url` as a file of the dataset."""

    def bring() -> tuple[Edition, bool]:
        result = fetch(url, root, wanted.source, options, name=name_for(url, wanted))
        return result.edition, result.new

    return Task(wanted.source.DATASET, url, bring)


def land_path(path: Path, source: Source, root: Path) -> Callable[[], tuple[Edition, bool]]:
    """The act of landing one file of a folder."""

    def bring() -> tuple[Edition, bool]:
        landed = land_file(read_input(path), path.name, source, root, number=next_landing)
        return landed.edition, landed.new

    return bring


def name_for(url: str, wanted: Wanted) -> str:
    """The publisher's file name of a download: the address's own, else the only one that the pack declares."""
    name = file_name(url)
    if source_of(name, [wanted.source]):
        return name
    names = plain_names(wanted)
    if len(names) == 1:
        return names[0]
    patterns = ", ".join(wanted.source.FILES)
    raise BadInput(
        f"{url}: the name {name!r} is none of {wanted.source.DATASET}'s ({patterns}); give the file's address"
    )


def plain_names(wanted: Wanted) -> list[str]:
    """The declared file names that are whole names, not globs, each once."""
    names = (*wanted.files, *wanted.source.FILES)
    return [name for name in dict.fromkeys(names) if not GLOB_SIGNS & set(name)]


def distinct_sources(wanted: Iterable[Wanted]) -> list[Source]:
    """Each source once, also when several packs want it."""
    return list({each.source.DATASET: each.source for each in wanted}.values())


def nothing_to_do(from_: str | Path | None, wanted: Sequence[Wanted]) -> str:
    """One line on why nothing was brought, with the way out."""
    ids = ", ".join(each.source.DATASET for each in wanted)
    if from_ is None:
        return f"no download address is declared for {ids}; give --from FOLDER with the publishers' files"
    patterns = ", ".join(pattern for each in wanted for pattern in each.source.FILES)
    return f"{from_}: holds no file of {ids} (looked for {patterns}); name another folder or address"
