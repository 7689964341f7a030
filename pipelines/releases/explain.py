"""Explain a figure: back from an indicator value, or a position among peers, to the publishers' own rows (F25)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.contracts import CheckResult
from pipelines.errors import BadInput
from pipelines.releases import steps
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, InputRow, MethodNote, PeerFigure, Step, brief
from pipelines.releases.figures import UNSHOWN, Figure, figure, name_of
from pipelines.releases.lookup import Row, find, find_body, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release


def explain(release: Release, body_id: str, indicator_id: str, period: str, model_id: str | None = None) -> Claim:
    """The claim behind an indicator's value; with `model_id`, also behind its position among that model's peers.

    body_id : code, name in any case, or a code of another scheme.
    Raises BadInput, with the nearest spellings, on an unknown body, indicator, period or peer model.
    """
    body = find_body(release, body_id)
    indicator = find(release, "indicators", "indicator_id", indicator_id, "indicator")
    row = value_row(release, body, indicator_id, period)
    above, below = _inputs(release, indicator, row)
    calculation = _calculation(release, indicator, row, above, below)
    ranked, peers = _position(release, indicator, row, model_id)
    found = [part for part in (above, below) if part]
    touched = [*(name for part in found for name in part.tables), "indicator_values"]
    touched += ["peers", "peer_groups", "positions"] if ranked else []
    inputs = tuple(entry for part in found for entry in part.inputs)
    value, lo, hi = (None, None, None) if row["status"] in UNSHOWN else (row["value"], row["lo"], row["hi"])
    return Claim(
        kind="position" if ranked else "indicator",
        pack=release.pack,
        release=release.id,
        body=body["body_id"],
        body_name=body["name"],
        figure=indicator_id,
        label=indicator["label"],
        unit=indicator["unit"],
        period=period,
        model=model_id,
        sentence=_sentence(body, indicator, row, str(release.facts["base_period"])),
        value=value,
        lo=lo,
        hi=hi,
        status=row["status"],
        caveats=(*_caveats(release, indicator, row), *_unconfirmed(release, inputs)),
        steps=(*calculation, *(steps.position(ranked, peers, value, indicator["unit"]) if ranked else ())),
        inputs=inputs,
        peers=peers,
        checks=checks_of(release, touched),
        methods=_methods(release, [row, *([ranked] if ranked else [])]),
        editions=editions_of(inputs, row["input_editions"]),
    )


def checks_of(release: Release, tables: Iterable[str]) -> tuple[CheckResult, ...]:
    """Every check of the tables named, whatever came out."""
    wanted = set(tables)
    return tuple(check for check in release.checks if check.table.rpartition(".")[2] in wanted)


def editions_of(inputs: Iterable[InputRow], stated: str) -> tuple[str, ...]:
    """Editions that the result says it read, and those of the rows shown, sorted."""
    recorded = {entry.partition("@")[2] or entry for entry in stated.split()}
    return tuple(sorted(recorded | {row.edition for row in inputs}))


def value_row(release: Release, body: Row, indicator: str, period: str) -> Row:
    """The row of an indicator's value. Raises BadInput, with what there is instead, where the body has none."""
    row = one(release, "indicator_values", body_id=body["body_id"], indicator_id=indicator, period=period)
    if row:
        return row
    known = [
        found["period"] for found in rows(release, "indicator_values", body_id=body["body_id"], indicator_id=indicator)
    ]
    who = f"{body['name']} ({body['body_id']})"
    if not known and body["valid_to"]:
        raise BadInput(
            f"{who} ended on {body['valid_to']}; ask for its successor{_successors(release, body['body_id'])}"
        )
    if not known:
        raise BadInput(
            f"{who} has no figure for {indicator!r} in any period: the indicator is not for this kind of body"
        )
    raise BadInput(f"{who} has no figure for {indicator!r} in {period!r}{nearest(known, period)}")


def _successors(release: Release, body: str) -> str:
    heirs = [row["to_id"] for row in rows(release, "body_lineage", from_id=body)]
    return f": {', '.join(f'{name_of(release, heir)} ({heir})' for heir in heirs)}" if heirs else ""


def _inputs(release: Release, indicator: Row, row: Row) -> tuple[Figure, Figure | None]:
    body, rebuilt = row["body_id"], row["rebuilt"]
    above = figure(release, body, indicator["numerator"], row["period"], "numerator", rebuilt)
    if indicator["denominator"] is None:
        return above, None
    other = row["denominator_period"] or row["period"]
    return above, figure(release, body, indicator["denominator"], other, "denominator", rebuilt)


def _calculation(release: Release, indicator: Row, row: Row, above: Figure, below: Figure | None) -> tuple[Step, ...]:
    """The steps from the published rows to the value."""
    deflated = indicator["real_terms"] and row["numerator_nominal"] is not None
    shown = row["status"] not in UNSHOWN
    out = list(above.steps)
    if shown:
        out += steps.recorded(above.label, above.value, row["numerator_nominal"] if deflated else row["numerator"])
    if deflated and shown:
        out.append(steps.real_terms(release, row["numerator_nominal"], row["numerator"], row["period"], above.label))
    if below:
        out += [*below.steps, *_alignment(row)]
        out += steps.recorded(below.label, below.value, row["denominator"]) if shown else ()
    return (*out, steps.ratio(indicator, row), steps.interval(row, indicator["unit"]), *steps.status(row))


def _alignment(row: Row) -> tuple[Step, ...]:
    other = row["denominator_period"]
    if not other or other == row["period"]:
        return ()
    return (Step("Denominator's date", f"the denominator is that of {other}, the nearest to {row['period']}"),)


def _position(
    release: Release, indicator: Row, row: Row, model_id: str | None
) -> tuple[Row | None, tuple[PeerFigure, ...]]:
    if model_id is None:
        return None, ()
    find(release, "peer_groups", "model_id", model_id, "peer model")
    key = {"model_id": model_id, "body_id": row["body_id"], "period": row["period"]}
    ranked = one(release, "positions", **key, indicator_id=indicator["indicator_id"])
    if ranked is None:
        raise BadInput(
            f"{row['body_id']} has no position for {indicator['indicator_id']!r} under peer model {model_id!r}"
        )
    return ranked, steps.peer_figures(release, ranked)


def _sentence(body: Row, indicator: Row, row: Row, base: str) -> str:
    about = f"{indicator['label']}, {body['name']}, {row['period']}"
    if row["status"] in UNSHOWN or row["value"] is None:
        return (
            f"{about}: no value is shown. {steps.MEANING.get(row['status'], 'No figure was published').capitalize()}."
        )
    prices = f", in {base} prices" if indicator["real_terms"] else ""
    sure = "" if row["lo"] is None or row["hi"] is None else _between(row, indicator["unit"])
    mark = "" if row["status"] == "ok" else f" ({row['status']}: {steps.MEANING[row['status']]})"
    return f"{about}: {brief(row['value'], indicator['unit'])}{sure}{prices}{mark}."


def _between(row: Row, unit: str) -> str:
    return f" (95% interval {brief(row['lo'], unit)} to {brief(row['hi'], unit)})"


def _caveats(release: Release, indicator: Row, row: Row) -> tuple[str, ...]:
    service = indicator["service_id"]
    flags = [] if row["like_for_like"] else rows(release, "scope_flags", body_id=row["body_id"], service_id=service)
    proxy = f"A proxy: {indicator['proxy']}" if indicator["proxy"] else None
    rebuilt = "Predecessors' figures were added up on today's boundaries" if row["rebuilt"] else None
    scope = [f"Not like for like: {flag['reason']} ({flag['source']})" for flag in flags if _concerns(flag, row)]
    return tuple(words for words in (proxy, indicator["caveat"], rebuilt, *scope) if words)


def _unconfirmed(release: Release, inputs: Iterable[InputRow]) -> Iterable[str]:
    """What moved by more than is usual, of the figures that went in."""
    for each in dict.fromkeys((row.body, row.measure, row.period, row.label) for row in inputs):
        body, measure, period, label = each
        for flag in rows(release, "flagged", body_id=body, measure_id=measure, period=period):
            yield f"To be confirmed by the body: {label} {flag['reason']}"


def _concerns(flag: Row, row: Row) -> bool:
    """Whether a scope flag covers a result's indicator and period; no indicators means all of the service."""
    named = flag["indicators"].split()
    in_time = flag["period_from"] <= row["period"] <= (flag["period_to"] or row["period"])
    return in_time and (not named or row["indicator_id"] in named)


def _methods(release: Release, results: Iterable[Row]) -> tuple[MethodNote, ...]:
    found = [note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]) for row in results]
    return tuple(dict.fromkeys(found))
