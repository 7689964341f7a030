"""What well-formed parts of a pack cannot say together: impossible units, divisions, chains, tables, peers and flags.

What belongs here: one small function per rule, each yielding faults with the place they stand at. What does not: shapes
of single objects (`schema.py`), names (`references.py`).
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator

from pipelines.packs.document import Place
from pipelines.packs.draft import Draft, Fault, Rule, suggestion
from pipelines.packs.schema import MONEY, RATES, UNITS, Dataset, Head, Indicator, Measure
from pipelines.packs.schema_services import Service
from pipelines.sources.periods import span


def units(draft: Draft) -> Iterator[Fault]:
    """Units that nobody declared, and costs that are no money."""
    if draft.head is None:
        return
    known = known_units(draft.head)
    for place, m in draft.measures.items():
        if m.unit not in known:
            hint = suggestion(m.unit, known)
            yield Fault(
                "measures.yml",
                (*place, "unit"),
                f"unknown unit '{m.unit}'{hint}; declare the noun under `units` in pack.yml",
            )
        elif m.kind == "cost" and m.unit != draft.head.currency.lower():
            message = f"a cost in '{m.unit}' is impossible; this pack's currency is {draft.head.currency}"
            yield Fault("measures.yml", (*place, "unit"), message)
        elif m.unit in MONEY and m.unit != draft.head.currency.lower():
            message = f"money in '{m.unit}', but this pack's currency is {draft.head.currency}"
            yield Fault("measures.yml", (*place, "unit"), message)


def known_units(head: Head) -> set[str]:
    """Units that the pack's measures may be in."""
    return {*UNITS, *head.units, head.currency.lower()}


def measure_rules(draft: Draft) -> Iterator[Fault]:
    """Measures that contradict themselves."""
    for place, m in draft.measures.items():
        if m.plausible and m.plausible[0] >= m.plausible[1]:
            yield Fault("measures.yml", (*place, "plausible"), "'plausible' is [lowest, highest]")
        if m.rebuild != "none" and m.unit in RATES:
            message = f"a {m.unit} cannot be added up over predecessors; say `rebuild: none`"
            yield Fault("measures.yml", (*place, "rebuild"), message)
        for part in m.identity.net_of if m.identity else ():
            other = draft.measure(part)
            if other and (other.unit != m.unit or other.period_kind != m.period_kind):
                both = f"{other.unit} by {other.period_kind}, this in {m.unit} by {m.period_kind}"
                message = f"'{part}' is in {both}"
                yield Fault("measures.yml", (*place, "identity"), message)


def indicator_rules(draft: Draft) -> Iterator[Fault]:
    """Divisions and formats that cannot be."""
    for place, i in draft.indicators.items():
        above, below = draft.measure(i.numerator), draft.measure(i.denominator)
        if above is None or (i.denominator and below is None):
            continue
        if draft.head and not {above.unit, below.unit if below else above.unit} <= known_units(draft.head):
            continue  # the unit is the fault; what follows from it need not be said
        for key, message in indicator_faults(i, above, below, draft):
            yield Fault("indicators.yml", (*place, key), f"{message}")


def indicator_faults(i: Indicator, above: Measure, below: Measure | None, draft: Draft) -> Iterator[tuple[str, str]]:
    """(key, message) of every impossibility in one indicator."""
    if below and above.unit in RATES:
        yield "numerator", f"'{above.id}' is a {above.unit} already; it cannot be divided by '{below.id}'"
    if below and below.unit in RATES:
        yield "denominator", f"'{below.id}' is a {below.unit}; nothing can be divided by it"
    if below and below.id == above.id:
        yield "denominator", "numerator and denominator are the same measure"
    if i.real_terms and above.unit not in MONEY:
        yield "real_terms", f"'{above.id}' is in {above.unit}, not money; only money has base-year prices"
    if i.real_terms and draft.head and not (draft.head.deflator and draft.head.base_period):
        yield "real_terms", "pack.yml gives no `deflator` and `base_period`"
    if i.format == "unit_cost" and not (above.unit in MONEY and below):
        yield "format", f"a unit_cost is money per something, not {above.unit} per {below.unit if below else 'nothing'}"
    if i.format == "share" and below and above.unit != below.unit:
        yield "format", f"a share needs one unit above and below, not {above.unit} and {below.unit}"
    if i.interval in ("proportion", "count") and above.unit in (*MONEY, *RATES):
        yield "interval", f"'{i.interval}' counts events, and '{above.id}' is in {above.unit}"
    if i.interval == "proportion" and below is None:
        yield "interval", "'proportion' needs a denominator"
    if below and i.align.denominator.rule == "same" and above.period_kind != below.period_kind:
        message = f"{above.period_kind} over {below.period_kind}; say how to align them under `align`"
        yield "denominator", message


def service_rules(draft: Draft) -> Iterator[Fault]:
    """Chains whose links are of the wrong kind."""
    for place, s in draft.services.items():
        stages = [("cost", "cost", (s.cost,)), ("inputs", "input", s.inputs)]
        stages += [("outputs", "output", s.outputs), ("outcomes", "outcome", s.outcomes)]
        for key, kind, ids in stages:
            for m in (draft.measure(id) for id in ids):
                if m and m.kind != kind:
                    message = f"'{m.id}' is of kind {m.kind}, not {kind}"
                    yield Fault("services.yml", (*place, key), message)
        if s.spend_only and (s.outputs or s.outcomes):
            yield Fault(
                "services.yml",
                (*place, "spend_only"),
                "spend_only, yet it lists outputs or outcomes",
            )
        if not s.spend_only and not (s.inputs or s.outputs or s.outcomes):
            message = "no inputs, outputs or outcomes; list them, or say `spend_only: true`"
            yield Fault("services.yml", place, message)
        yield from service_indicators(draft, place, s)


def service_indicators(draft: Draft, place: Place, s: Service) -> Iterator[Fault]:
    """A headline of another service, or a quality floor without a wanted direction."""
    headline = draft.indicator(s.headline)
    if headline and headline.service != s.id:
        message = f"headline '{headline.id}' belongs to service '{headline.service}'"
        yield Fault("services.yml", (*place, "headline"), message)
    for id in s.quality:
        found = draft.indicator(id)
        if found and found.polarity == "neutral":
            message = f"quality floor '{id}' is neutral; a floor needs a wanted direction"
            yield Fault("services.yml", (*place, "quality"), message)


def dataset_rules(draft: Draft) -> Iterator[Fault]:
    """Sources that are not there or taken twice, and tables described by halves."""
    taken: dict[str, str] = {}
    for place, d in draft.datasets.items():
        if d.source == "declared":
            if d.table is None:
                yield Fault("datasets.yml", place, "source declared needs a `table`")
            if not d.files:
                yield Fault("datasets.yml", place, "source declared needs `files`")
        elif d.table is not None:
            yield Fault("datasets.yml", (*place, "table"), "a `table` needs `source: declared`")
        else:
            yield from source_faults(place, d, taken)
        yield from table_faults(place, d)


def source_faults(place: Place, d: Dataset, taken: dict[str, str]) -> Iterator[Fault]:
    """Modules that do not exist, or that another dataset reads already; fills in `taken`."""
    named = [("source", d.source), *(("also", name) for name in d.also)]
    for key, name in named:
        if not is_source(name):
            message = f"no source '{name}' in pipelines/sources; name one, or describe a `table`"
            yield Fault("datasets.yml", (*place, key), message)
        elif name in taken:
            message = f"source '{name}' is dataset '{taken[name]}' already; a source is one dataset of a pack"
            yield Fault("datasets.yml", (*place, key), message)
        taken.setdefault(name, d.id)


def is_source(name: str) -> bool:
    """Whether `pipelines.sources` has a module of this name that reads a publisher's files (helpers do not)."""
    if importlib.util.find_spec(f"pipelines.sources.{name}") is None:
        return False
    module = importlib.import_module(f"pipelines.sources.{name}")
    return hasattr(module, "FILES") and hasattr(module, "parse")


def table_faults(place: Place, d: Dataset) -> Iterator[Fault]:
    """What a declared table's keys cannot say together."""
    if d.table is None:
        return
    t = d.table
    where = (*place, "table")
    if bool(t.series) == bool(t.value_column):
        yield Fault("datasets.yml", where, "a table is wide (`series`) or long (`value_column`): give one")
    if t.period.column and t.period.fixed:
        yield Fault("datasets.yml", (*where, "period"), "a period is in a column or fixed, not both")
    for key, bound in t.bounds.items():
        if t.markers.get(key) != "suppressed" or bound[0] > bound[1]:
            message = f"bounds of '{key}' need a suppressed marker and [lowest, highest]"
            yield Fault("datasets.yml", (*where, "bounds"), message)


def peer_rules(draft: Draft) -> Iterator[Fault]:
    """Peer models without what they need."""
    for place, p in draft.peer_models.items():
        if p.kind == "computed" and not p.variables:
            yield Fault("peers.yml", place, "a computed model needs `variables`")
        if p.kind == "published" and not (p.dataset and p.series_prefix):
            yield Fault("peers.yml", place, "a published model needs `dataset` and `series_prefix`")
        if p.min_peers > p.k:
            yield Fault("peers.yml", (*place, "min_peers"), f"min_peers {p.min_peers} exceeds k {p.k}")
        if p.services and draft.head and draft.head.headline_peer_model == p.id:
            yield Fault("peers.yml", (*place, "services"), "the headline model serves every service; leave it out")
        if len({v.weight is None for v in p.variables}) > 1:
            yield Fault("peers.yml", (*place, "variables"), "give every variable a weight, or none")
        for index, v in enumerate(p.variables):
            m = draft.measure(v.measure)
            if m and m.kind != "context":
                message = (
                    f"variable '{v.id}' uses '{m.id}', which is of kind {m.kind}; "
                    "peers are found by context only, else the gap would be defined away"
                )
                yield Fault("peers.yml", (*place, "variables", index), message)
            if m and v.transform == "logit" and m.unit != "fraction":
                message = f"logit of '{m.id}' in {m.unit}; a logit needs a fraction of 1 (scale a percentage by 0.01)"
                yield Fault("peers.yml", (*place, "variables", index, "transform"), message)


def scope_rules(draft: Draft) -> Iterator[Fault]:
    """Flags for bodies that no class holds, or that end before they begin."""
    prefixes = tuple(code for c in draft.bodies.classes for code in c.codes) if draft.bodies else ("",)
    services = {service.id for service in draft.services.values()}
    for place, flag in draft.scope_flags.items():
        for index, body in enumerate(flag.bodies):
            if not body.startswith(prefixes):
                message = f"body '{body}' begins like no class of bodies.yml"
                yield Fault("scope.yml", (*place, "bodies", index), message)
        for index, id in enumerate(flag.indicators):
            found = draft.indicator(id)
            if found and flag.service in services and found.service != flag.service:
                message = f"indicator '{id}' belongs to service '{found.service}', not '{flag.service}'"
                yield Fault("scope.yml", (*place, "indicators", index), message)
        if flag.from_ and flag.to and span(flag.from_).start > span(flag.to).start:
            yield Fault("scope.yml", (*place, "to"), f"'to' {flag.to} lies before 'from' {flag.from_}")


def class_rules(draft: Draft) -> Iterator[Fault]:
    """Prefixes that two classes claim, and aggregates that are benchmarked."""
    owners: dict[str, str] = {}
    for index, c in enumerate(draft.bodies.classes if draft.bodies else ()):
        place: Place = ("classes", index)
        for code in c.codes:
            if code in owners and owners[code] != c.id:
                message = f"prefix '{code}' belongs to class '{owners[code]}' already"
                yield Fault("bodies.yml", (*place, "codes"), message)
            owners.setdefault(code, c.id)
        if c.aggregate and c.benchmarked:
            message = "a sum of bodies is not benchmarked; choose aggregate or benchmarked"
            yield Fault("bodies.yml", (*place, "benchmarked"), message)


SENSE_RULES: tuple[Rule, ...] = (
    class_rules,
    dataset_rules,
    units,
    measure_rules,
    service_rules,
    indicator_rules,
    peer_rules,
    scope_rules,
)
