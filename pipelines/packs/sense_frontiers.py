"""What frontiers and cost models cannot say: too many amounts for their bodies, rates as amounts, names of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.packs.document import Place
from pipelines.packs.draft import Draft, Fault, Rule, suggestion
from pipelines.packs.schema import RATES
from pipelines.packs.schema_frontiers import Frontier

MOST_DIMENSIONS = 5
FRONTIERS, COST_MODELS = "frontiers.yml", "cost_models.yml"


def is_rate(unit: str) -> bool:
    """Whether a unit is a ratio already, so that twice the body has no more of it."""
    return unit in RATES or unit.startswith("per_")


def frontier_rules(draft: Draft) -> Iterator[Fault]:
    """Frontiers that would flatter everybody, or compare what cannot be added."""
    for place, f in draft.frontiers.items():
        yield from amount_faults(draft, place, f)
        yield from product_faults(draft, place, f)
        inward, outward = len(f.inward), len(f.outputs)
        if inward + outward > MOST_DIMENSIONS:
            message = (
                f"{inward} inputs and {outward} outputs are more than {MOST_DIMENSIONS} together; "
                "with more, most bodies look efficient by construction"
            )
            yield Fault(FRONTIERS, place, message)
        if f.quality and f.orientation == "out":
            message = "conditions on quality need `orientation: in`; build an output of volume x rate under `products`"
            yield Fault(FRONTIERS, (*place, "quality"), message)
        for index, id in enumerate(f.quality):
            found = draft.indicator(id)
            if found and found.polarity == "neutral":
                message = f"quality '{id}' is neutral; nobody can be better or worse on it"
                yield Fault(FRONTIERS, (*place, "quality", index), message)


def amount_faults(draft: Draft, place: Place, f: Frontier) -> Iterator[Fault]:
    """Amounts that are unknown, stand twice, or are rates."""
    built = {product.id for product in f.products}
    seen: set[str] = set()
    named = [("inputs", f.inputs), ("undesirable", f.undesirable), ("outputs", f.outputs)]
    for key, index, id in ((key, index, id) for key, ids in named for index, id in enumerate(ids)):
        where, measure = (*place, key, index), draft.measure(id)
        if id in seen:
            yield Fault(FRONTIERS, where, f"'{id}' stands twice")
        seen.add(id)
        if key == "outputs" and id not in built and not any(m.id == id for m in draft.measures.values()):
            known = [*built, *(m.id for m in draft.measures.values())]
            yield Fault(FRONTIERS, where, f"unknown measure or product '{id}'{suggestion(id, known)}")
        if measure and is_rate(measure.unit):
            message = (
                f"'{id}' is in {measure.unit}, which is no amount: under constant returns, by which scale and change "
                "are measured, a body twice the size would need twice the rate; multiply it by a volume under "
                "`products`, or name an indicator under `quality`"
            )
            yield Fault(FRONTIERS, where, message)


def product_faults(draft: Draft, place: Place, f: Frontier) -> Iterator[Fault]:
    """Products that clash with a measure, are used by nobody, or multiply no volume."""
    for index, product in enumerate(f.products):
        where, volume = (*place, "products", index), draft.measure(product.volume)
        if draft.measure(product.id):
            yield Fault(FRONTIERS, (*where, "id"), f"'{product.id}' is a measure already; give the product another id")
        if product.id not in f.outputs:
            yield Fault(FRONTIERS, (*where, "id"), f"product '{product.id}' is not among the outputs")
        if volume and is_rate(volume.unit):
            yield Fault(FRONTIERS, (*where, "volume"), f"'{volume.id}' is in {volume.unit}, which is no volume")


def cost_model_rules(draft: Draft) -> Iterator[Fault]:
    """Two models of one service, volumes that are rates, transforms that cannot be."""
    first: dict[str, Place] = {}
    for place, model in draft.cost_models.items():
        if model.service in first:
            yield Fault(COST_MODELS, (*place, "service"), f"service '{model.service}' has a cost model already")
        first.setdefault(model.service, place)
        for index, id in enumerate(model.volumes):
            volume = draft.measure(id)
            if volume and is_rate(volume.unit):
                message = f"'{id}' is in {volume.unit}, which is no volume; name it under `context`"
                yield Fault(COST_MODELS, (*place, "volumes", index), message)
        for index, driver in enumerate(model.context):
            measure = draft.measure(driver.measure)
            if measure and driver.transform == "logit" and measure.unit != "fraction":
                message = f"logit of '{measure.id}' in {measure.unit}; a logit needs a fraction of 1"
                yield Fault(COST_MODELS, (*place, "context", index, "transform"), message)


FRONTIER_RULES: tuple[Rule, ...] = (frontier_rules, cost_model_rules)
