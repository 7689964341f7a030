"""Names inside a pack: everything named exists, once, and nothing is a part of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipelines.packs.document import Place
from pipelines.packs.draft import NAMED, Draft, Fault, Rule, found_in, suggestion

REFERENCES = (
    ("pack.yml", "deflator.dataset", "dataset"),
    ("pack.yml", "headline_peer_model", "peer model"),
    ("bodies.yml", "classes.*.peers_from.*", "class"),
    ("bodies.yml", "register.*.dataset", "dataset"),
    ("bodies.yml", "bridges.*.dataset", "dataset"),
    ("bodies.yml", "lineage.share_measure", "measure"),
    ("measures.yml", "*.dataset", "dataset"),
    ("measures.yml", "*.part_of", "measure"),
    ("measures.yml", "*.identity.net_of.*", "measure"),
    ("measures.yml", "*.expected_in.*", "class"),
    ("services.yml", "*.headline", "indicator"),
    ("services.yml", "*.cost", "measure"),
    ("services.yml", "*.inputs.*", "measure"),
    ("services.yml", "*.outputs.*", "measure"),
    ("services.yml", "*.outcomes.*", "measure"),
    ("services.yml", "*.quality.*", "indicator"),
    ("services.yml", "*.counter_measures.*", "indicator"),
    ("services.yml", "*.part_of", "service"),
    ("services.yml", "*.potential.indicators.*", "indicator"),
    ("services.yml", "*.potential.excludes.*", "measure"),
    ("services.yml", "*.classes.*", "class"),
    ("services.yml", "*.chain.links.*.measure", "measure"),
    ("services.yml", "*.volumes.outputs.*.measure", "measure"),
    ("services.yml", "*.volumes.quality.*.indicator", "indicator"),
    ("services.yml", "*.area_costs.labour", "measure"),
    ("services.yml", "*.area_costs.property", "measure"),
    ("indicators.yml", "*.service", "service"),
    ("indicators.yml", "*.numerator", "measure"),
    ("indicators.yml", "*.denominator", "measure"),
    ("indicators.yml", "*.classes.*", "class"),
    ("peers.yml", "*.variables.*.measure", "measure"),
    ("peers.yml", "*.dataset", "dataset"),
    ("peers.yml", "*.services.*", "service"),
    ("scope.yml", "*.service", "service"),
    ("scope.yml", "*.indicators.*", "indicator"),
    ("frontiers.yml", "*.service", "service"),
    ("frontiers.yml", "*.inputs.*", "measure"),
    ("frontiers.yml", "*.undesirable.*", "measure"),
    ("frontiers.yml", "*.products.*.volume", "measure"),
    ("frontiers.yml", "*.products.*.rate", "measure"),
    ("frontiers.yml", "*.quality.*", "indicator"),
    ("frontiers.yml", "*.classes.*", "class"),
    ("cost_models.yml", "*.service", "service"),
    ("cost_models.yml", "*.volumes.*", "measure"),
    ("cost_models.yml", "*.context.*.measure", "measure"),
    ("cost_models.yml", "*.classes.*", "class"),
    ("policy.yml", "*.deprivation.*", "measure"),
    ("policy.yml", "*.items.*.indicator", "indicator"),
    ("policy.yml", "*.items.*.counter_measures.*.indicator", "indicator"),
    ("policy.yml", "*.columns.*", "measure"),
    ("policy.yml", "*.printed.*.dataset", "dataset"),
    ("policy.yml", "*.published", "measure"),
    ("policy.yml", "*.services.*", "service"),
    ("policy.yml", "*.volume", "measure"),
    ("policy.yml", "*.comparison.deprivation.*", "measure"),
)
"""Every key that names something defined elsewhere in the pack, and what it names."""


def duplicate_ids(draft: Draft) -> Iterator[Fault]:
    """Two things of one kind under one id."""
    places = [(file, path, kind) for file, path, kind in NAMED]
    for file, path, kind in places:
        yield from repeated(draft, file, found_in(draft, file, path), kind)
    for index, _ in enumerate(draft.documents["peers.yml"].content or () if "peers.yml" in draft.documents else ()):
        within = ((p, v) for p, v in found_in(draft, "peers.yml", "*.variables.*.id") if p[0] == index)
        yield from repeated(draft, "peers.yml", within, "variable")


def repeated(draft: Draft, file: str, found: Iterable[tuple[Place, str]], kind: str) -> Iterator[Fault]:
    """A fault for every id after its first appearance."""
    first: dict[str, Place] = {}
    for place, id in found:
        if id in first:
            line = draft.documents[file].line(first[id])
            yield Fault(file, place, f"{kind} id '{id}' is taken already (line {line})")
        first.setdefault(id, place)


def dangling(draft: Draft) -> Iterator[Fault]:
    """A name that nothing in the pack bears."""
    known: dict[str, set[str]] = {kind: {id for _, id in found_in(draft, file, path)} for file, path, kind in NAMED}
    for file, path, kind in REFERENCES:
        for place, id in found_in(draft, file, path):
            if id not in known[kind]:
                hint = suggestion(id, known[kind])
                yield Fault(file, place, f"unknown {kind} '{id}'{hint}")


def cycles(draft: Draft) -> Iterator[Fault]:
    """Something that is, through `part_of` or a net figure's parts, a part of itself."""
    measures: dict[str, list[str]] = {m.id: [m.part_of] if m.part_of else [] for m in draft.measures.values()}
    nets = {m.id: list(m.identity.net_of) if m.identity else [] for m in draft.measures.values()}
    services: dict[str, list[str]] = {s.id: [s.part_of] if s.part_of else [] for s in draft.services.values()}
    graphs = (
        ("measures.yml", "part_of", measures, {m.id: p for p, m in draft.measures.items()}),
        ("measures.yml", "identity", nets, {m.id: p for p, m in draft.measures.items()}),
        ("services.yml", "part_of", services, {s.id: p for p, s in draft.services.items()}),
    )
    for file, key, edges, places in graphs:
        for ring in rings(edges):
            yield Fault(file, (*places[ring[0]], key), f"'{key}' goes in a circle: {' -> '.join([*ring, ring[0]])}")


def rings(edges: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Each circle once, beginning at its alphabetically first member."""
    found: dict[frozenset[str], list[str]] = {}
    for start in sorted(edges):
        stack: list[list[str]] = [[start]]
        seen: set[str] = set()
        while stack:
            path = stack.pop()
            for after in edges.get(path[-1], ()):
                if after == start:
                    found.setdefault(frozenset(path), path)
                elif after not in seen:
                    seen.add(after)
                    stack.append([*path, after])
    return list(found.values())


REFERENCE_RULES: tuple[Rule, ...] = (duplicate_ids, dangling, cycles)
