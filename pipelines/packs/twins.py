"""Synthetic twins: a sector of any size whose figures look like the real one's, for measuring how cost grows.

What belongs here: copying a pack's cells under invented codes and moving their figures a little. What does not: files;
`perf/pipeline.py` writes what it gets. Twins are no anonymised bodies: nothing about them may be published as real.

How a twin is made. Copy k of body b has the code `bxk` and lies in country k: a sector grows by countries that resemble
each other, not by bodies in one country, and `twin_pack` makes the country a hard constraint on peers. Every measure
that can be added up (`rebuild` other than none) is multiplied by one factor per twin, drawn from a log-normal
distribution with sd 0.15: marginals stay alike, and sums such as net = total - income stay true, because all of a
body's amounts move together. Rates, scores and percentages stay as they are. Facts that name bodies (successors,
parents, neighbours, bridged codes) name the twins of the same copy. Sums over bodies (classes marked `aggregate`) grow
by what the twins add in one larger sector (`twins`); several countries have a sum each (`countries`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from pipelines.methods.draws import generator
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Dataset, Measure, RegisterSource

SPREAD = 0.15  # sd of the logarithm of a twin's size against its original
ROUNDING = 2.2  # no twin is larger: exp(5 sd) is 2.1
MARK = "x"  # a letter that no code at hand ends in: registers take up codes of letters and digits only
COUNTRY = "synthetic country"  # the series that says in which copy of the country a body lies


def twins(pack: Pack, cells: Mapping[str, pl.DataFrame], scale: int, seed: int = 0) -> dict[str, pl.DataFrame]:
    """The cells of a sector `scale` times as large, by dataset; scale 1 gives the cells themselves.

    cells : dataset id -> frame with CELL_SCHEMA.   Returns frames of the same columns, sorted by code, series, period.
    The same pack, cells, scale and seed give the same frames, whatever the order of datasets.
    Raises ValueError when scale is below 1.
    """
    if scale < 1:
        raise ValueError(f"scale is {scale}; a sector has at least its own size (1)")
    return {dataset: grown(pack, dataset, frame, scale, seed) for dataset, frame in cells.items()}


def twin_pack(pack: Pack, scale: int) -> Pack:
    """The pack as a sector of `scale` countries: what it says of bodies holds for their twins, peers are compatriots.

    Its registers take the region from the facts that `countries` adds. No total of all countries is stated, so none is
    held against their bodies.
    """
    return replace(
        pack,
        title=f"{pack.title}: {scale} countries of synthetic twins",
        register=tuple(source.model_copy(update={"region": COUNTRY}) for source in pack.register),
        datasets=tuple(twin_dataset(pack, dataset, scale) for dataset in pack.datasets),
        measures=tuple(twin_measure(measure) for measure in pack.measures),
        peer_models=tuple(model.model_copy(update={"same_region": True}) for model in pack.peer_models),
        scope_flags=tuple(flag.model_copy(update={"bodies": copies(flag.bodies, scale)}) for flag in pack.scope_flags),
    )


def twin_dataset(pack: Pack, dataset: Dataset, scale: int) -> Dataset:
    """A dataset whose recodes of bodies and skipped codes hold for their twins."""
    recode = [
        each.model_copy(update={"from_": copy, "to": target})
        for each in dataset.recode
        for copy, target in zip(copies([each.from_], scale), copies([each.to], scale), strict=True)
        if copy == each.from_ or pack.class_of(each.from_) is not None
    ]
    skip = [each.model_copy(update={"codes": copies(each.codes, scale)}) for each in dataset.skip]
    return dataset.model_copy(update={"recode": tuple(recode), "skip": tuple(skip)})


def twin_measure(measure: Measure) -> Measure:
    """A measure without a total over all countries, whose identity allows for rounding that grew with the twin."""
    wider = measure.identity
    if wider is not None:
        wider = wider.model_copy(update={"tolerance": ROUNDING * wider.tolerance})
    # Copies of 14 bodies that prosecute now and then are no larger sample: the rule on the middle change of at least 20
    # bodies would take their chance for a slip of units. Counts are therefore context here, which the rule leaves out.
    kind = "context" if measure.unit == "count" else measure.kind
    return measure.model_copy(update={"identity": wider, "national_total": False, "kind": kind})


def copies(codes: Iterable[str], scale: int) -> tuple[str, ...]:
    """The codes with those of all their twins."""
    return tuple(f"{code}{MARK}{k}" if k else code for code in codes for k in range(scale))


def countries(pack: Pack, dataset: str, cells: pl.DataFrame, scale: int, seed: int = 0) -> pl.DataFrame:
    """One dataset's cells of `scale` countries, each with its own bodies and its own sums over them."""
    classes = tuple(found.model_copy(update={"aggregate": False}) for found in pack.classes)
    return with_countries(pack, dataset, grown(replace(pack, classes=classes), dataset, cells, scale, seed))


def with_countries(pack: Pack, dataset: str, cells: pl.DataFrame) -> pl.DataFrame:
    """A register's cells with one fact more per code and period: the country it lies in; others as they are."""
    if dataset not in {source.dataset for source in pack.register}:
        return cells
    number = pl.col("code").str.extract(rf"{MARK}(\d+)$").fill_null("0")
    facts = cells.unique(["code", "period"], maintain_order=True).with_columns(
        pl.lit(COUNTRY).alias("series"),
        pl.lit(None).cast(pl.Float64).alias("value"),
        pl.lit(None).cast(pl.Float64).alias("lo"),
        pl.lit(None).cast(pl.Float64).alias("hi"),
        pl.lit("ok").alias("status"),
        (pl.lit("Country ") + number).alias("text"),
    )
    return pl.concat([cells, facts]).sort("code", "series", "period")


def grown(pack: Pack, dataset: str, cells: pl.DataFrame, scale: int, seed: int) -> pl.DataFrame:
    """One dataset's cells with their twins."""
    is_body = pl.col("code").is_in(bodies_in(pack, dataset, cells))
    originals, others = cells.filter(is_body), cells.filter(~is_body)
    copies = [twin(pack, dataset, originals, k, seed) for k in range(1, scale)]
    bodies = pl.concat([originals, *copies])
    return pl.concat([bodies, summed(pack, dataset, others, originals, bodies)]).sort("code", "series", "period")


def bodies_in(pack: Pack, dataset: str, cells: pl.DataFrame) -> list[str]:
    """Codes that stand for a body: in the register's scheme those of a class that is no sum, in a bridged one all."""
    scheme = pack.dataset(dataset).scheme
    codes = cells["code"].unique().sort().to_list()
    if scheme in {bridge.scheme for bridge in pack.bridges}:
        return codes
    if scheme != pack.dataset(pack.register[0].dataset).scheme:
        return []
    found = {code: pack.class_of(code) for code in codes}
    return [code for code, kind in found.items() if kind is not None and not kind.aggregate]


def twin(pack: Pack, dataset: str, originals: pl.DataFrame, k: int, seed: int) -> pl.DataFrame:
    """Copy number k of every body's cells."""
    mark = f"{MARK}{k}"
    factors = size_factors(pack, dataset, originals["code"].unique().sort().to_list(), k, seed)
    movable = pl.col("series").is_in(additive_series(pack, dataset))
    moved = pl.when(movable).then(pl.col("factor")).otherwise(1.0)
    identity = names_bodies(pack, dataset)
    marked = pl.col("text").str.replace_all(r"\s*[,|;]\s*", f"{mark},") + mark
    return (
        originals.join(factors, on="code", how="left", maintain_order="left")
        .with_columns(value=pl.col("value") * moved, lo=pl.col("lo") * moved, hi=pl.col("hi") * moved)
        .with_columns(
            code=pl.col("code") + mark,
            name=pl.col("name") + f" (twin {k})",
            text=pl.when(identity & (pl.col("text") != ""))
            .then(marked)
            .when(movable & pl.col("value").is_not_null())
            .then(pl.col("value").cast(pl.String))
            .otherwise(pl.col("text")),
        )
        .select(originals.columns)
    )


def size_factors(pack: Pack, dataset: str, codes: list[str], k: int, seed: int) -> pl.DataFrame:
    """One factor per code for copy k; the same body has the same one in every dataset of its scheme."""
    scheme = pack.dataset(dataset).scheme
    drawn = [generator("twins", f"{scheme}|{code}", k, seed=seed).normal(0.0, SPREAD) for code in codes]
    return pl.DataFrame({"code": codes, "factor": np.exp(drawn)}, schema={"code": pl.String, "factor": pl.Float64})


def additive_series(pack: Pack, dataset: str) -> list[str]:
    """Series of the dataset whose figures can be added up over bodies."""
    return sorted({m.series for m in pack.measures if m.dataset == dataset and m.rebuild != "none"})


def names_bodies(pack: Pack, dataset: str) -> pl.Expr:
    """Whether a cell's text names bodies by code."""
    exact = {bridge.series for bridge in pack.bridges if bridge.dataset == dataset}
    for source in pack.register:
        if source.dataset == dataset:
            exact |= code_series(source)
    found = pl.col("series").is_in(sorted(exact))
    for model in pack.peer_models:
        if model.dataset == dataset and model.series_prefix:
            found = found | pl.col("series").str.starts_with(model.series_prefix)
    return found


def code_series(source: RegisterSource) -> set[str]:
    """The register's facts that hold codes of bodies, its own or others'."""
    single = {
        source.replaced_by,
        source.own_code,
        source.parent,
        *(source.former_codes or ()),
        *source.aliases.values(),
    }
    return {series for series in single if series}


def summed(
    pack: Pack, dataset: str, others: pl.DataFrame, originals: pl.DataFrame, bodies: pl.DataFrame
) -> pl.DataFrame:
    """Rows that are no body: sums over bodies grow by what the twins add, everything else stays."""
    codes = others["code"].unique().sort().to_list()
    kinds = {code: pack.class_of(code) for code in codes}
    totals = [code for code, kind in kinds.items() if kind is not None and kind.aggregate]
    key = ["series", "period"]
    before = originals.group_by(key).agg(pl.col("value").sum().alias("before"))
    after = bodies.group_by(key).agg(pl.col("value").sum().alias("after"))
    growth = before.join(after, on=key).filter(pl.col("before") != 0)
    growth = growth.select(*key, (pl.col("after") / pl.col("before")).alias("growth"))
    grows = pl.col("code").is_in(totals) & pl.col("series").is_in(additive_series(pack, dataset))
    return (
        others.join(growth, on=key, how="left", maintain_order="left")
        .with_columns(value=pl.when(grows).then(pl.col("value") * pl.col("growth").fill_null(1.0)).otherwise("value"))
        .select(others.columns)
    )
