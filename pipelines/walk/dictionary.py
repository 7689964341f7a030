"""The pack's declarations as tables: what is published about its measures, and the rules that SQL joins to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.contracts import INDICATORS, MEASURES, SCOPE_FLAGS, SERVICES, Table
from pipelines.packs.pack import Pack
from pipelines.packs.schema_services import Service
from pipelines.walk.flows import flow_frames
from pipelines.warehouse import Warehouse


def dictionary(pack: Pack, warehouse: Warehouse) -> int:
    """Write measures, services, indicators, scope_flags and the rules in staging; returns the number of measures."""
    warehouse.write(MEASURES, measure_frame(pack))
    warehouse.write(SERVICES, service_frame(pack))
    warehouse.write(INDICATORS, indicator_frame(pack))
    warehouse.write(SCOPE_FLAGS, scope_frame(pack))
    for name, frame in rule_frames(pack).items():
        warehouse.write_frame(f"staging.{name}", frame)
    return len(pack.measures)


def framed(rows: Sequence[Mapping[str, object]], table: Table) -> pl.DataFrame:
    """Rows as a frame of a contract, also when there are none."""
    return pl.DataFrame(rows, schema=table.schema)


def measure_frame(pack: Pack) -> pl.DataFrame:
    """One row per measure."""
    rows = [
        {
            "measure_id": measure.id,
            "label": measure.label,
            "unit": measure.unit,
            "kind": measure.kind,
            "polarity": measure.polarity,
            "dataset": measure.dataset,
            "series": measure.series,
            "scale": measure.scale,
            "caveat": measure.caveat,
        }
        for measure in pack.measures
    ]
    return framed(rows, MEASURES)


def service_frame(pack: Pack) -> pl.DataFrame:
    """One row per service; lists are joined by a space."""
    rows = [
        {
            "service_id": service.id,
            "label": service.label,
            "headline": service.headline,
            "cost": service.cost,
            "inputs": " ".join(service.inputs),
            "outputs": " ".join(service.outputs),
            "outcomes": " ".join(service.outcomes),
            "quality": " ".join(service.quality),
            "counter_measures": " ".join(service.counter_measures),
            "note": service.note,
            **production_columns(service),
        }
        for service in pack.services
    ]
    return framed(rows, SERVICES)


def production_columns(service: Service) -> dict[str, str | None]:
    """What a release must know to retrace chains and productivity; null where the service has neither."""
    chain, volumes, area = service.chain, service.volumes, service.area_costs
    outputs, quality = (volumes.outputs, volumes.quality) if volumes else ((), ())
    shares = ((area.labour, area.labour_share), (area.property, area.property_share)) if area else ()
    return {
        "chain": " ".join(link.measure for link in chain.links) if chain else None,
        "chain_note": chain.note if chain else None,
        "volumes": " ".join(output.measure for output in outputs) or None,
        "unit_costs": " ".join(repr(output.unit_cost or 1.0) for output in outputs) or None,
        "quality_weights": " ".join(f"{part.indicator}:{part.weight!r}" for part in quality) or None,
        "area_costs": " ".join(f"{measure}:{share!r}" for measure, share in shares) or None,
    }


def indicator_frame(pack: Pack) -> pl.DataFrame:
    """One row per indicator."""
    rows = [
        {
            "indicator_id": indicator.id,
            "service_id": indicator.service,
            "label": indicator.label,
            "unit": indicator.unit,
            "format": indicator.format,
            "polarity": indicator.polarity,
            "stage": indicator.stage,
            "numerator": indicator.numerator,
            "denominator": indicator.denominator,
            "multiplier": indicator.multiplier,
            "real_terms": indicator.real_terms,
            "interval": indicator.interval,
            "proxy": indicator.proxy,
            "caveat": indicator.caveat,
        }
        for indicator in pack.indicators
    ]
    return framed(rows, INDICATORS)


def scope_frame(pack: Pack) -> pl.DataFrame:
    """One row per body and service that is not like for like."""
    rows = [
        {
            "body_id": body,
            "service_id": flag.service,
            "period_from": flag.from_ or "",
            "period_to": flag.to,
            "indicators": " ".join(flag.indicators),
            "reason": flag.reason,
            "source": flag.source,
        }
        for flag in pack.scope_flags
        for body in flag.bodies
    ]
    return framed(rows, SCOPE_FLAGS)


def rule_frames(pack: Pack) -> dict[str, pl.DataFrame]:
    """Working tables of staging that state the pack's rules to SQL."""
    text, real, truth = pl.String, pl.Float64, pl.Boolean
    rules = [
        (
            measure.id,
            measure.dataset,
            measure.series,
            measure.scale,
            measure.unit,
            measure.kind,
            measure.allow_negative,
            *(measure.plausible or (None, None)),
            measure.rebuild,
        )
        for measure in pack.measures
    ]
    recodes = [
        (dataset.id, recode.from_, recode.to, recode.since or "")
        for dataset in pack.datasets
        for recode in dataset.recode
    ]
    expected = [(measure.id, class_id) for measure in pack.measures for class_id in measure.expected_in]
    identities = [
        (measure.id, *measure.identity.net_of, measure.identity.tolerance)
        for measure in pack.measures
        if measure.identity
    ]
    served = [(indicator.id, class_id) for indicator in pack.indicators for class_id in indicator.classes]
    alignments = [
        (
            indicator.id,
            indicator.service,
            indicator.numerator,
            indicator.denominator,
            indicator.align.denominator.rule,
            indicator.align.denominator.within_years,
            indicator.align.denominator.prefer,
        )
        for indicator in pack.indicators
    ]
    return {
        "measure_rules": pl.DataFrame(
            rules,
            orient="row",
            schema={
                "measure_id": text,
                "dataset": text,
                "series": text,
                "scale": real,
                "unit": text,
                "kind": text,
                "allow_negative": truth,
                "least": real,
                "most": real,
                "rebuild": text,
            },
        ),
        "dataset_rules": pl.DataFrame(
            [(dataset.id, dataset.scheme) for dataset in pack.datasets],
            orient="row",
            schema={"dataset": text, "scheme": text},
        ),
        "recodes": pl.DataFrame(
            recodes, orient="row", schema={"dataset": text, "printed": text, "meant": text, "since": text}
        ),
        "expected_in": pl.DataFrame(expected, orient="row", schema={"measure_id": text, "class_id": text}),
        "identities": pl.DataFrame(
            identities,
            orient="row",
            schema={"net_id": text, "total_id": text, "income_id": text, "tolerance": real},
        ),
        "classes": pl.DataFrame(
            [(found.id, found.tier, found.benchmarked, found.aggregate) for found in pack.classes],
            orient="row",
            schema={"class_id": text, "tier": text, "benchmarked": truth, "aggregate": truth},
        ),
        "served": pl.DataFrame(served, orient="row", schema={"indicator_id": text, "class_id": text}),
        "alignments": pl.DataFrame(
            alignments,
            orient="row",
            schema={
                "indicator_id": text,
                "service_id": text,
                "numerator": text,
                "denominator": text,
                "rule": text,
                "within_years": real,
                "prefer": text,
            },
        ),
        "dataset_limits": pl.DataFrame(
            [(dataset.id, dataset.limit_age_years) for dataset in pack.datasets],
            orient="row",
            schema={"dataset": text, "limit_age_years": real},
        ),
        "breaks": pl.DataFrame(
            [(measure.id, found.period, found.why) for measure in pack.measures for found in measure.breaks],
            orient="row",
            schema={"measure_id": text, "period": text, "why": text},
        ),
        "national_totals": pl.DataFrame(
            [(m.id, body) for m in pack.measures if m.national_total for body in national_bodies(pack)],
            orient="row",
            schema={"measure_id": text, "body_id": text},
        ),
        "service_measures": pl.DataFrame(
            [(service.id, measure) for service in pack.services for measure in service_measures(pack, service)],
            orient="row",
            schema={"service_id": text, "measure_id": text},
        ),
        "service_costs": pl.DataFrame(
            [(service.id, service.cost) for service in pack.services],
            orient="row",
            schema={"service_id": text, "measure_id": text},
        ),
        **flow_frames(pack),
    }


def national_bodies(pack: Pack) -> list[str]:
    """Codes of the bodies that stand for the nation as a whole: those of aggregate classes."""
    return sorted(code for found in pack.classes if found.aggregate for code in found.codes)


def service_measures(pack: Pack, service: Service) -> list[str]:
    """The measures that a service's figures rest on: its chain and the numerators of its indicators."""
    chain = {service.cost, *service.inputs, *service.outputs, *service.outcomes}
    return sorted(chain | {i.numerator for i in pack.indicators if i.service == service.id})
