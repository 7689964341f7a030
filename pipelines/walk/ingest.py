"""From landed editions to cells: every figure and fact that the pack uses, as the publishers printed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from pipelines.contracts import CELLS
from pipelines.errors import BadInput
from pipelines.landing.descriptor import Edition
from pipelines.landing.figures import read_figures
from pipelines.landing.precedence import rank_editions
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Dataset, RegisterSource
from pipelines.walk.inputs import Inputs
from pipelines.warehouse import Warehouse


def ingest(pack: Pack, inputs: Inputs, warehouse: Warehouse) -> int:
    """Write staging.cells, staging.editions and staging.ruling; returns the number of cells.

    Raises BadInput when the pack has no data at all, and for whatever a parser refuses.
    """
    pairs = wanted(pack, inputs.editions)
    found = [(dataset, edition, edition_cells(pack, dataset, edition, inputs)) for dataset, edition in pairs]
    if not found:
        raise BadInput(f"pack {pack.id}: no data for any of its datasets under the input folders; run `evenhand pull`")
    cells = pl.concat([tagged(dataset, edition, frame) for dataset, edition, frame in found])
    ruling = rank_editions((edition, frame["period"].unique().to_list()) for _, edition, frame in found)
    warehouse.write_frame("staging.editions", edition_frame(pack, found))
    warehouse.write_frame("staging.ruling", ruling_frame(pack, ruling))
    return warehouse.write(CELLS, cells)


def wanted(pack: Pack, editions: Iterable[Edition]) -> list[tuple[Dataset, Edition]]:
    """The editions that the pack's datasets are made of, in order of dataset and edition."""
    by_name = {name: dataset for dataset in pack.datasets for name in pack.sources(dataset.id)}
    pairs = [(by_name[edition.dataset], edition) for edition in editions if edition.dataset in by_name]
    return sorted(pairs, key=lambda pair: (pair[0].id, pair[1].edition))


def edition_cells(pack: Pack, dataset: Dataset, edition: Edition, inputs: Inputs) -> pl.DataFrame:
    """The cells of one edition that the pack uses, from the publisher's file or our figure file."""
    if edition.original_sha256 in inputs.parsed:
        return used_cells(pack, dataset, inputs.parsed[edition.original_sha256])
    data = edition.read()
    if edition.kind == "figures":
        cells = read_figures(data, str(edition.path))
    else:
        cells = pack.sources(dataset.id)[edition.dataset].parse(data, edition.original_name).cells
    return used_cells(pack, dataset, cells)


def used_cells(pack: Pack, dataset: Dataset, cells: pl.DataFrame) -> pl.DataFrame:
    """The rows whose series the pack names and whose codes the dataset keeps."""
    exact, prefixes = used_series(pack, dataset)
    keep = pl.col("series").is_in(sorted(exact))
    for prefix in sorted(prefixes):
        keep = keep | pl.col("series").str.starts_with(prefix)
    if dataset.only is not None:
        keep = keep & pl.any_horizontal(pl.col("code").str.starts_with(prefix) for prefix in dataset.only)
    skipped = sorted({code for skip in dataset.skip for code in skip.codes})
    return cells.filter(keep & ~pl.col("code").is_in(skipped))


def used_series(pack: Pack, dataset: Dataset) -> tuple[set[str], set[str]]:
    """Series that the pack takes from a dataset: exact ids, and prefixes of ids (published neighbours)."""
    exact = {measure.series for measure in pack.measures if measure.dataset == dataset.id}
    for source in pack.register:
        if source.dataset == dataset.id:
            exact |= register_series(source)
    exact |= {bridge.series for bridge in pack.bridges if bridge.dataset == dataset.id}
    if pack.deflator and pack.deflator.dataset == dataset.id:
        exact.add(pack.deflator.series)
    for policy in pack.settlements:
        exact |= {column.series for column in policy.printed.values() if column.dataset == dataset.id}
    models = [model for model in pack.peer_models if model.kind == "published" and model.dataset == dataset.id]
    return exact, {model.series_prefix for model in models if model.series_prefix}


def register_series(source: RegisterSource) -> set[str]:
    """The facts that a register declares."""
    single = (
        source.name,
        source.valid_from,
        source.valid_to,
        source.replaced_by,
        source.own_code,
        source.parent,
        source.region,
    )
    return {series for series in (*single, *(source.former_codes or ()), *source.aliases.values()) if series}


def tagged(dataset: Dataset, edition: Edition, cells: pl.DataFrame) -> pl.DataFrame:
    """Cells with their dataset and edition."""
    return cells.with_columns(pl.lit(dataset.id).alias("dataset"), pl.lit(edition.edition).alias("edition"))


def edition_frame(pack: Pack, found: Iterable[tuple[Dataset, Edition, pl.DataFrame]]) -> pl.DataFrame:
    """One row per dataset and edition: where it comes from and how many cells it gave."""
    rows = [
        {
            "dataset": dataset.id,
            "edition": edition.edition,
            "date": edition.date,
            "publisher": edition.publisher,
            "title": edition.title,
            "url": edition.url,
            "licence": edition.licence,
            "original_name": edition.original_name,
            "original_sha256": edition.original_sha256,
            "source": f"{edition.publisher}, {dataset.id}",
            "rows_in": frame.height,
        }
        for dataset, edition, frame in found
    ]
    return pl.DataFrame(rows).sort("dataset", "edition")


def ruling_frame(pack: Pack, ruling: Mapping[tuple[str, str], Edition]) -> pl.DataFrame:
    """One row per dataset and period: the edition that rules it, the newest where a dataset has several sources."""
    ids = {name: dataset.id for dataset in pack.datasets for name in pack.sources(dataset.id)}
    rows = [(ids[name], period, edition.edition) for (name, period), edition in ruling.items()]
    schema = {"dataset": pl.String, "period": pl.String, "edition": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("dataset", "period", "edition")
    return frame.unique(["dataset", "period"], keep="last", maintain_order=True)
