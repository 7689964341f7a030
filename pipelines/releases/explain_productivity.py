"""Explain productivity: both periods' amounts back to publishers' rows, the three indices, the change (F25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.errors import BadInput
from pipelines.releases import steps
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, Step, plain
from pipelines.releases.explain import checks_of, editions_of
from pipelines.releases.figures import Figure, figure, same
from pipelines.releases.lookup import Row, find, find_body, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

UNIT = "index"


def explain_productivity(release: Release, body_id: str, service_id: str, period: str) -> Claim:
    """The claim behind a productivity index: output and input of the period and of the period that is 100.

    Raises BadInput, with the nearest spellings, on an unknown body, service or period.
    """
    body = find_body(release, body_id)
    service = find(release, "services", "service_id", service_id, "service")
    row = _row(release, body, service_id, period)
    when = (row["base"], period) if row["base"] != period else (period,)
    spent = [figure(release, body["body_id"], service["cost"], time, "cost", rebuilt=True) for time in when]
    done = [
        [
            figure(release, body["body_id"], output, time, "output", rebuilt=True)
            for output in service["volumes"].split()
        ]
        for time in when
    ]
    found = [*spent, *(part for time in done for part in time)]
    inputs = tuple(entry for part in found for entry in part.inputs)
    return Claim(
        kind="productivity",
        pack=release.pack,
        release=release.id,
        body=body["body_id"],
        body_name=body["name"],
        figure=service_id,
        label=f"Productivity of {service['label']}",
        unit=UNIT,
        period=period,
        model=None,
        sentence=_sentence(body, service, row),
        value=row["productivity"],
        lo=row["lo"],
        hi=row["hi"],
        status=row["status"],
        caveats=tuple(words for words in (row["excluded"],) if words),
        steps=(*(step for part in found for step in part.steps), *_indices(release, service, row, when, spent, done)),
        inputs=inputs,
        peers=(),
        checks=checks_of(release, ("productivity", *(name for part in found for name in part.tables))),
        methods=(note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]),),
        editions=editions_of(inputs, row["input_editions"]),
    )


def _row(release: Release, body: Row, service: str, period: str) -> Row:
    row = one(release, "productivity", body_id=body["body_id"], service_id=service, period=period)
    if row:
        return row
    known = [found["period"] for found in rows(release, "productivity", body_id=body["body_id"], service_id=service)]
    raise BadInput(
        f"{body['name']} ({body['body_id']}) has no productivity of {service!r} in {period!r}{nearest(known, period)}"
    )


def _indices(
    release: Release, service: Row, row: Row, when: tuple[str, ...], spent: list[Figure], done: list[list[Figure]]
) -> tuple[Step, ...]:
    """Output, input, productivity and change, each from the numbers of the two periods."""
    if row["productivity"] is None:
        return (Step("Productivity", f"no index is shown. {_absence(row)}"),)
    factor = {found["period"]: found["factor"] for found in release.facts["deflator"] or ()}
    money = [(part.value or 0.0) * factor.get(time, 1.0) for part, time in zip(spent, when, strict=True)]
    weights = [float(cost) for cost in service["unit_costs"].split()]
    levels = [sum(cost * (part.value or 0.0) for cost, part in zip(weights, time, strict=True)) for time in done]
    output = Step(
        "Output",
        f"volume at national unit costs, {row['base']} = 100" if len(weights) > 1 else f"volume, {row['base']} = 100",
        "100 x sum(unit cost x volume) / the same of the first comparable period",
        f"100 x {plain(levels[-1])} / {plain(levels[0])} = {plain(row['output'])}",
        same(100 * levels[-1] / levels[0], row["output"]),
    )
    used = Step(
        "Input",
        "cost in base-year prices" if release.facts["base_period"] else "cost",
        "100 x cost / cost of the first comparable period",
        f"100 x {plain(money[-1])} / {plain(money[0])} = {plain(row['input'])}",
        same(100 * money[-1] / money[0], row["input"]),
    )
    return (output, *_quality(service, row), used, _divided(row), *_change(release, row))


def _quality(service: Row, row: Row) -> tuple[Step, ...]:
    if row["output_quality"] is None:
        return ()
    gain = row["output_quality"] / row["output"]
    words = f"the product of each indicator's growth to the power of its weight: {service['quality_weights']}"
    numbers = f"{plain(row['output'])} x {plain(gain)} = {plain(row['output_quality'])}"
    return (Step("Output, adjusted for quality", words, "output x product of (x / x of the first)^weight", numbers),)


def _divided(row: Row) -> Step:
    top = row["output"] if row["output_quality"] is None else row["output_quality"]
    sure = "" if row["lo"] is None or row["base"] == row["period"] else f" ({plain(row['lo'])} to {plain(row['hi'])})"
    words = (
        "its 95% interval is log-normal: two periods' errors, each of the size seen in the body's own unit costs, "
        "else in its field's"
        if sure
        else "100 by definition, in the first comparable period"
        if row["base"] == row["period"]
        else "no interval: too few periods"
    )
    numbers = f"100 x {plain(top)} / {plain(row['input'])} = {plain(row['productivity'])}{sure}"
    return Step(
        "Productivity", words, "100 x output / input", numbers, same(100 * top / row["input"], row["productivity"])
    )


def _change(release: Release, row: Row) -> tuple[Step, ...]:
    if row["change"] is None:
        return ()
    key = {"body_id": row["body_id"], "service_id": row["service_id"]}
    order = {found["period"]: found["start"] for found in release.table("periods").iter_rows(named=True)}
    earlier = [found for found in rows(release, "productivity", **key) if order[found["period"]] < order[row["period"]]]
    before = max(earlier, key=lambda found: str(order[found["period"]]))
    change = row["productivity"] / before["productivity"] - 1
    numbers = f"{plain(row['productivity'])} / {plain(before['productivity'])} - 1 = {plain(row['change'])}"
    return (Step("Change", f"since {before['period']}", "", numbers, same(change, row["change"])),)


def _sentence(body: Row, service: Row, row: Row) -> str:
    about = f"{service['label']}, {body['name']}, {row['period']}"
    if row["productivity"] is None:
        return f"{about}: no productivity is shown. {_absence(row)}."
    if row["base"] == row["period"]:
        return f"{about}: the first comparable period, set to 100. {row['excluded']}"
    output = row["output"] if row["output_quality"] is None else row["output_quality"]
    ends = "" if row["lo"] is None else f" (95% interval {_growth(row['lo'])} to {_growth(row['hi'])})"
    moved = f"output {_growth(output)}, inputs {_growth(row['input'])}"
    return f"{about}: {moved}: productivity {_growth(row['productivity'])}{ends} since {row['base']}. {row['excluded']}"


def _growth(index: float) -> str:
    return f"{index - 100:+.1f}%".replace("-", "−")


def _absence(row: Row) -> str:
    return steps.MEANING.get(row["status"], "an amount is missing").capitalize()
