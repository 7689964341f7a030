"""Every publisher's file at hand belongs to exactly one source; what belongs to none is no table of figures."""

import importlib
import pkgutil
from pathlib import Path

import pipelines.sources
from pipelines.landing.sources import Source, match_files, source_of
from pipelines.sources import mhclg_rsx

RSX: Source = mhclg_rsx  # a module is a source: mypy checks the shape


def every_source() -> list[Source]:
    """All source modules."""
    names = [found.name for found in pkgutil.iter_modules(pipelines.sources.__path__)]
    modules = [importlib.import_module(f"pipelines.sources.{name}") for name in names]
    return [module for module in modules if hasattr(module, "FILES")]


def test_names_are_matched_with_their_case() -> None:
    assert source_of("RSX_2022-23_data_by_LA.ods", [RSX]) is RSX
    assert source_of("rsx_2022-23_data_by_la.ods", [RSX]) is None


def test_ids_are_unique() -> None:
    sources = every_source()
    assert len({source.DATASET for source in sources}) == len(sources)


def test_every_genuine_file_belongs_to_one_source(publishers: Path) -> None:
    matches = match_files(publishers, every_source())
    left = {path.relative_to(publishers).parts[0] for path in matches.unused if path.suffix != ".md"}
    assert left <= {"dea"}  # reference results for the methods, no publisher's figures
    assert len({source.DATASET for _, source in matches.files}) == len(every_source())
