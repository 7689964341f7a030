"""The robustness dial: each newest verdict over many plausible peer sets, and up to six of them by name (F09)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.contracts import BODIES, PEERS, ROBUSTNESS, ROBUSTNESS_SETS
from pipelines.methods import robustness as method
from pipelines.methods.peers import SMALL_GROUP, Blocks
from pipelines.methods.robustness import WORDS, Dial, Entries, Judged, PeerSet
from pipelines.methods.status import REFERENCE, is_in
from pipelines.packs.pack import Pack
from pipelines.packs.schema import PeerModel
from pipelines.walk.benchmarks import DIRECTION, peer_ids, scored, stacked
from pipelines.walk.matrices import Figures, Roster, context_matrix, indicator_columns, roster
from pipelines.warehouse import Warehouse

NAMED = 6


@dataclass(frozen=True)
class Named:
    """A peer set that has a name, per entry (p,): id, label in words, index its place among the sets or -1 for none."""

    id: np.ndarray
    label: np.ndarray
    index: np.ndarray


def robustness(pack: Pack, warehouse: Warehouse) -> int:
    """Write robustness and robustness_sets for the newest period of each indicator; returns the rows of the first."""
    bodies = roster(pack, warehouse)
    figures = newest(indicator_columns(warehouse, bodies))
    entries = entered(pack, figures)
    sets = peer_sets(pack, warehouse, bodies, figures.indicator)
    judged = method.judge(entries, sets)
    names = dict(warehouse.table(BODIES).select("body_id", "name").iter_rows())
    named = up_to_six(candidates(pack, [names.get(id, id) for id in bodies.ids], entries, sets, judged), judged)
    keys = entry_keys(bodies, figures, entries)
    parts = [named_rows(keys, entries, judged, one, place) for place, one in enumerate(named, start=1)]
    warehouse.write(ROBUSTNESS_SETS, stacked(parts, ROBUSTNESS_SETS))
    return warehouse.write(ROBUSTNESS, dial_rows(keys, entries, method.dial(entries, judged)))


def newest(figures: Figures) -> Figures:
    """The last period of each indicator that any body has."""
    last = [
        place for place, name in enumerate(figures.indicator) if figures.indicator[place + 1 : place + 2] != (name,)
    ]
    return Figures(
        tuple(figures.indicator[place] for place in last),
        tuple(figures.period[place] for place in last),
        figures.value[:, last],
        figures.lo[:, last],
        figures.hi[:, last],
        figures.status[:, last],
        figures.like_for_like[:, last],
        figures.present[:, last],
        figures.editions[:, last],
    )


def entered(pack: Pack, figures: Figures) -> Entries:
    """The figures of a matrix as entries; those that are not like for like have no value and are nobody's reference."""
    row, column = np.nonzero(figures.present)
    alike = figures.like_for_like
    value, lo, hi = (np.where(alike, part, np.nan) for part in (figures.value, figures.lo, figures.hi))
    direction = np.array([DIRECTION[pack.indicator(id).polarity] for id in figures.indicator])
    return Entries(
        row,
        column,
        value[row, column],
        lo[row, column],
        hi[row, column],
        figures.status[row, column],
        direction[column],
        np.where(is_in(figures.status, REFERENCE), value, np.nan),
    )


def peer_sets(pack: Pack, warehouse: Warehouse, bodies: Roster, indicators: tuple[str, ...]) -> list[PeerSet]:
    """The default set first, then each of its peers left out, then every other plausible set.

    indicators : of the columns; a list that the pack keeps to some services is asked about theirs alone.
    """
    listed = warehouse.table(PEERS)
    ids = {model.id: peer_ids(model, bodies, of_model(listed, model)) for model in pack.peer_models}
    head = pack.peer_model(pack.headline_peer_model)
    default = PeerSet("default", ids[head.id], head.k)
    out = [default, *method.one_less(default.ids)]
    if head.kind == "computed":
        variables, _ = context_matrix(pack, warehouse, bodies)
        scores, weights = scored(head, variables)
        cap = 1.0 if head.cap_quantile is None else head.cap_quantile
        found = method.plausible(scores, weights, bodies.blocks(head), regional(bodies, head), k=head.k, cap=cap)
        out += [one for one in found if (one.kind, one.size) != ("size", head.k)]
    else:
        out += [one for one in method.cut("size", default.ids, head.k) if one.size < head.k]
    for place, model in enumerate(pack.peer_models):
        about = np.array([model.serves(pack.indicator(id).service) for id in indicators], dtype=bool)
        out += [] if model.id == head.id else method.cut("model", ids[model.id], head.k, place, about)
    return out


def of_model(listed: pl.DataFrame, model: PeerModel) -> pl.DataFrame:
    """The rows of `peers` of one model."""
    return listed.filter(pl.col("model_id") == model.id)


def regional(bodies: Roster, model: PeerModel) -> Blocks | None:
    """The model's constraints with the region asked for where it is not, or the other way round; None without regions.

    A body whose region is unknown has no regional set.
    """
    if len({region for region in bodies.region if region}) < 2:
        return None
    turned = bodies.blocks(model.model_copy(update={"same_region": not model.same_region}))
    placed = np.array([bool(region) for region in bodies.region]) | model.same_region
    return Blocks(tuple(part for part in turned.parts if placed[part.rows].all()))


def candidates(pack: Pack, names: list[str], entries: Entries, sets: list[PeerSet], judged: Judged) -> list[Named]:
    """Sets that deserve a name, the most telling first; only those that the pack's models give."""
    head = pack.peer_model(pack.headline_peer_model)
    p = entries.row.size

    def fixed(id: str, words: str, kind: str, size: int, changed: int = -1) -> list[Named]:
        found = [n for n, one in enumerate(sets) if (one.kind, one.size, one.changed) == (kind, size, changed)]
        return [Named(np.full(p, id, dtype=object), np.full(p, words, dtype=object), np.full(p, n)) for n in found[:1]]

    few, many = method.sizes_of(head.k)[0], method.sizes_of(head.k)[-1]
    region = f"the same {pack.region_noun} only" if not head.same_region else f"any {pack.region_noun}"
    out = fixed("default", f"{head.label}: up to {head.k}, the default", "default", head.k)
    out += fixed("fewer", f"Fewer: the {few} most alike", "size", few) if few < head.k else []
    out += fixed("more", f"More: up to {many} of the most alike", "size", many) if many > head.k else []
    out += fixed("region", f"The {head.k} most alike of {region}, however far", "region_uncapped", head.k)
    for place, model in enumerate(pack.peer_models):
        out += fixed(f"model_{model.id}", f"{model.label}: up to {model.k}", "model", model.k, place)
    out += without_variable(head, entries, sets)
    out += fixed("uncapped", f"The {head.k} most alike, however far", "uncapped", head.k)
    return [*out, *without_peer(names, entries, sets, judged)]


def without_variable(head: PeerModel, entries: Entries, sets: list[PeerSet]) -> list[Named]:
    """The set without the variable whose omission changes the body's peers most."""
    places = [n for n, one in enumerate(sets) if (one.kind, one.size) == ("variable", head.k)]
    if not places:
        return []
    shared = np.array([np.nan_to_num(method.overlap(sets[0].ids, sets[n].ids), nan=1.0) for n in places])
    chosen = np.array(places)[shared.argmin(axis=0)][entries.row]
    words = {n: f"Leaving out: {head.variables[sets[n].changed].label}" for n in places}
    label = np.array([words[n] for n in chosen.tolist()], dtype=object)
    return [Named(np.full(chosen.size, "variable", dtype=object), label, chosen)]


def without_peer(names: list[str], entries: Entries, sets: list[PeerSet], judged: Judged) -> list[Named]:
    """The default set without the peer that lifts the median most, and without the one that lowers it most."""
    places = np.array([n for n, one in enumerate(sets) if one.kind == "one_less"])
    medians = judged.median[places]
    default = sets[0].ids[entries.row]
    out = []
    for id, verb, scores in (("without_lifting", "lifts", medians), ("without_lowering", "lowers", -medians)):
        chosen = np.where(np.isnan(scores), np.inf, scores).argmin(axis=0)
        peer = np.take_along_axis(default, chosen[:, None], axis=1)[:, 0]
        words = [f"Without {names[n] if n >= 0 else 'one peer'}, whose figure {verb} the median most" for n in peer]
        out.append(Named(np.full(chosen.size, id, dtype=object), np.array(words, dtype=object), places[chosen]))
    return out


def up_to_six(found: list[Named], judged: Judged) -> list[Named]:
    """Up to six per entry, in their order: the default, and each set with 5 usable peers unlike every one before it.

    index is -1 where an entry has fewer: the same peers under another name are no second opinion.
    """
    index = np.array([one.index for one in found])
    peers = np.array([np.take_along_axis(judged.peers, one[None], axis=0)[0] for one in index])
    alike = np.array([np.take_along_axis(judged.members, one[None], axis=0)[0] for one in index])
    fit = peers >= SMALL_GROUP
    for place in range(1, len(found)):
        fit[place] &= ~((alike[:place] == alike[place]) & fit[:place]).any(axis=0) & (alike[place] != alike[0])
    fit[0] = True
    order = np.argsort(~fit, axis=0, kind="stable")[:NAMED]
    kept = np.take_along_axis(fit, order, axis=0)
    ids, labels = (
        np.take_along_axis(np.array(part), order, axis=0)
        for part in ([one.id for one in found], [one.label for one in found])
    )
    places = np.where(kept, np.take_along_axis(index, order, axis=0), -1)
    return [Named(*shown) for shown in zip(ids, labels, places, strict=True)]


def entry_keys(bodies: Roster, figures: Figures, entries: Entries) -> pl.DataFrame:
    """Key, status and editions of every entry, in its order."""
    return pl.DataFrame(
        {
            "body_id": pl.Series(bodies.ids, dtype=pl.String).gather(entries.row),
            "indicator_id": pl.Series(figures.indicator, dtype=pl.String).gather(entries.column),
            "period": pl.Series(figures.period, dtype=pl.String).gather(entries.column),
            "status": entries.status,
            "input_editions": figures.editions[entries.row, entries.column],
            "method_id": [method.METHOD.id] * entries.row.size,
        }
    ).with_columns(
        pl.lit(method.METHOD.version).alias("method_version"),
        pl.lit(method.METHOD.params_hash()).alias("params_hash"),
        pl.lit(0).cast(pl.Int64).alias("seed"),
    )


def dial_rows(keys: pl.DataFrame, entries: Entries, found: Dial) -> pl.DataFrame:
    """Contract rows of robustness."""
    known = ~np.isnan(found.agreement)
    real = {
        "share_lower": found.share[0],
        "share_same": found.share[1],
        "share_higher": found.share[2],
        "median_lo": found.median[0],
        "median_hi": found.median[2],
        "ratio": found.ratio[1],
        "ratio_lo": found.ratio[0],
        "ratio_hi": found.ratio[2],
        "percentile_lo": found.percentile[0],
        "percentile_hi": found.percentile[2],
        "agreement": found.agreement,
    }
    return keys.with_columns(
        pl.Series("n_sets", found.n_sets),
        pl.Series("verdict", np.array(WORDS)[found.word]),
        pl.Series(
            "firm",
            [bool(firm) if sure else None for firm, sure in zip(found.firm, known, strict=True)],
            dtype=pl.Boolean,
        ),
        *(pl.Series(name, values, nan_to_null=True) for name, values in real.items()),
    )


def named_rows(keys: pl.DataFrame, entries: Entries, judged: Judged, named: Named, place: int) -> pl.DataFrame:
    """Contract rows of robustness_sets for one place in the list; entries without a set there have none."""
    at = np.maximum(named.index, 0)
    peers, median, percentile, word, _ = (np.take_along_axis(part, at[None], axis=0)[0] for part in judged)
    middle = np.where(median > 0, median, np.nan)
    real = {
        "peer_median": median,
        "ratio": entries.value / middle,
        "ratio_lo": entries.lo / middle,
        "ratio_hi": entries.hi / middle,
        "percentile": percentile,
    }
    return keys.with_columns(
        pl.Series("set_id", named.id, dtype=pl.String),
        pl.lit(place).alias("place"),
        pl.Series("label", named.label, dtype=pl.String),
        pl.Series("n_peers", peers.astype(np.int64)),
        pl.Series("verdict", np.array(WORDS)[word]),
        *(pl.Series(name, values, nan_to_null=True) for name, values in real.items()),
    ).filter(pl.Series(named.index >= 0))
