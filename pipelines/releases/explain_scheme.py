"""Explain how strong a settlement rewards saving, and what each way of finding one total asks of a sector or a body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipelines.methods.quantiles import quantile
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, PeerFigure, Step, plain, spoken
from pipelines.releases.explain import checks_of, editions_of
from pipelines.releases.figures import name_of, same
from pipelines.releases.lookup import Row, find_body, rows
from pipelines.releases.sector import money
from pipelines.releases.settlement_parts import Policy, chosen, compared, cost_of, gap_draws, policy_of
from pipelines.scenarios.compare import benchmark_cuts
from pipelines.scenarios.power import power, power_of

if TYPE_CHECKING:
    from pipelines.releases.read import Release

ENDS = (0.05, 0.5, 0.95)
GRADES = ("A", "B", "C")
EQUAL = ("clawback", "equal_cut")
SECTOR = "-"


def explain_incentives(release: Release, scheme: str, year: str) -> Claim:
    """The claim behind the incentive power of one year of a settlement: of every pound saved for good, what is kept."""
    policy = policy_of(release, scheme)
    row = chosen(release, "incentives", "year", "", scheme_id=scheme, year=_number(year))
    told = policy.sets.get("power")
    found = _power(policy, row["year"]) if policy.terms or told else None
    words = f"of every {_pound(release)} of lasting saving made in year {row['year']}, in value"
    fits = None if found is None else same(found, row["power"])
    steps = (
        Step("Power", words, "share x (1 - D) x years and later settlements that still hold it", plain(found), fits),
        Step("Under yearly claw-back", "use it or lose it: kept for one year", "1 - D", plain(row["power_annual"])),
        Step("Cliffs", "savings at which what is kept jumps, in per cent", "", row["cliffs"] or "none"),
        Step("Slopes", row["perverse"] or "none on which saving is punished or overpaid"),
    )
    kept = "not stated" if row["power"] is None else f"{100 * row['power']:.1f}% of its value"
    sentence = f"{policy.row['label']}: a lasting saving made in year {row['year']} leaves the body {kept}."
    source = (str(told["source"]),) if told else ()
    return _claim(release, policy, row, "incentives", sentence, row["power"], steps, (), period=year, caveats=source)


def explain_scheme(release: Release, scheme: str, way: str) -> Claim:
    """The claim behind one way of finding the total: what it asks of everybody, beyond what is possible, or leaves."""
    policy = policy_of(release, scheme)
    row = chosen(release, "schemes", "way", way, scheme_id=scheme)
    asked = rows(release, "scheme_bodies", scheme_id=scheme, way=row["way"])
    cost = np.array([cost_of(release, compared(release, policy, found["body_id"])) for found in asked])
    cut = np.array([found["cut"] for found in asked])
    total, sum_cut, unit = float(cost.sum()), float(cut @ cost), money(release)
    counted = [sum(found["verdict"] == word for found in asked) for word in ("less", "more", "cannot be told apart")]
    steps = (
        Step(
            "Total found",
            f"cuts of {len(asked)} bodies over the cost that is compared",
            "sum of cut x cost = required x sum of cost",
            f"{spoken(round(sum_cut), unit)} = {plain(row['required'])} x {spoken(round(total), unit)}",
            same(sum_cut, row["required"] * total, 1.0) if row["feasible"] or row["way"] in EQUAL else None,
        ),
        _range(row, unit, "overcut", "Beyond what peers show possible"),
        _range(row, unit, "untapped", "Left untouched"),
        Step(
            "Against an equal cut",
            "bodies asked for less, for more, and those for which chance cannot be ruled out",
            "",
            " + ".join(str(part) for part in counted),
            counted == [row["winners"], row["losers"], row["undecided"]],
        ),
    )
    peers = tuple(
        PeerFigure(found["body_id"], name_of(release, found["body_id"]), found["cut"], "ok", True) for found in asked
    )
    sentence = f"{row['label']}: {row['words']}"
    return _claim(release, policy, row, "schemes", sentence, row[f"overcut_{unit}"], steps, peers, unit=unit)


def explain_scheme_body(release: Release, body_id: str, scheme: str, way: str) -> Claim:
    """The claim behind what one way asks of a body: its cut, and how that lies to what its peers show possible."""
    body, policy = find_body(release, body_id), policy_of(release, scheme)
    row = chosen(release, "scheme_bodies", "way", way, scheme_id=scheme, body_id=body["body_id"])
    parts = compared(release, policy, body["body_id"])
    possible = gap_draws(release, parts, GRADES)
    over = [float(quantile(np.maximum(row["cut"] - possible, 0), end)) for end in ENDS]
    stated = [row[f"overcut{end}"] for end in ("_lo", "", "_hi")]
    shown = " to ".join(f"{100 * part:.2f}%" for part in (over[0], over[2]))
    fits = all(same(again, said, 1e-9) for again, said in zip(over, stated, strict=True))
    chance = float((np.maximum(row["cut"] - possible, 0) > 0).mean())
    steps = (
        Step(
            "Cost compared",
            ", ".join(part["service_id"] for part in parts),
            "",
            spoken(cost_of(release, parts), money(release)),
        ),
        _cut(release, policy, row),
        Step("Possible", "what peers show possible, over the cost compared", "", _spread(possible)),
        Step("Beyond what is possible", "90% of the draws", "max(0, cut - possible)", shown, fits),
        Step("Chance of it", "share of draws", "", plain(chance), same(chance, row["chance_overcut"], 1e-9)),
    )
    asked = f"{body['name']} is asked for {100 * row['cut']:.1f}% ({row['way'].replace('_', ' ')})"
    likely = f"the chance that this is more than peers show possible is {100 * row['chance_overcut']:.0f}%"
    sentence = f"{asked}; {likely}. Against an equal cut: {row['verdict']}."
    peers = (PeerFigure(body["body_id"], body["name"], row["cut"], "ok", True),)
    return _claim(release, policy, row, "scheme_bodies", sentence, row["cut"], steps, peers, body=body)


def _cut(release: Release, policy: Policy, row: Row) -> Step:
    asked = policy.sets["comparison"]
    if row["way"] in EQUAL:
        return Step(
            "Cut", "the same share of everybody", "", plain(row["cut"]), same(row["cut"], asked["required"], 1e-9)
        )
    named = rows(release, "scheme_bodies", scheme_id=row["scheme_id"], way=row["way"])
    known = (
        release.table("settlements").filter(pl.col("scheme_id") == row["scheme_id"]).select("body_id", "gap").unique()
    )
    gap = dict(known.iter_rows())
    cost = np.array([cost_of(release, compared(release, policy, found["body_id"])) for found in named])
    gaps = np.array([gap[found["body_id"]] for found in named])
    again = benchmark_cuts(cost, gaps, asked["required"], asked["burden_cap"])
    own = float(again.cut[[found["body_id"] for found in named].index(row["body_id"])])
    words = f"the same share of everybody's gap, none above {100 * asked['burden_cap']:g}%"
    numbers = f"{100 * float(again.factor):.2f}% of {100 * gap[row['body_id']]:.2f}% = {100 * own:.2f}%"
    return Step("Cut", words, "min(share x gap, cap)", numbers, same(own, row["cut"], 1e-9))


def _range(row: Row, unit: str, name: str, title: str) -> Step:
    low, middle, high = (row[f"{name}{end}_{unit}"] for end in ("_lo", "", "_hi"))
    numbers = f"{spoken(round(middle), unit)} ({spoken(round(low), unit)} to {spoken(round(high), unit)})"
    return Step(title, "median and 90% of the draws of what peers show possible, summed draw by draw", "", numbers)


def _spread(draws: np.ndarray) -> str:
    low, middle, high = (100 * float(quantile(draws, end)) for end in ENDS)
    return f"{middle:.2f}% ({low:.2f} to {high:.2f})"


def _power(policy: Policy, year: int) -> float:
    if policy.terms is not None:
        return float(power_of(policy.terms)[year - 1])
    told = policy.sets["power"]
    found = power(told["share"], told["years"], own_weight=told["own_weight"], rebase=told["rebase"])
    return float(found[year - 1])


def _number(year: str) -> Any:
    return int(year) if str(year).isdigit() else year


def _pound(release: Release) -> str:
    return {"gbp": "pound", "usd": "dollar", "eur": "euro"}.get(money(release), "unit of money")


def _claim(
    release: Release,
    policy: Policy,
    row: Row,
    kind: str,
    sentence: str,
    value: float | None,
    steps: tuple[Step, ...],
    peers: tuple[PeerFigure, ...],
    *,
    body: Row | None = None,
    unit: str = "fraction",
    period: str = "",
    caveats: tuple[str, ...] = (),
) -> Claim:
    mark = "Illustration. " if policy.row["illustration"] else ""
    return Claim(
        kind=kind,
        pack=release.pack,
        release=release.id,
        body=body["body_id"] if body else SECTOR,
        body_name=body["name"] if body else str(release.facts["title"]),
        figure=row["scheme_id"],
        label=str(policy.row["label"]),
        unit=unit,
        period=period,
        model=row.get("way"),
        sentence=mark + sentence,
        value=value,
        lo=None,
        hi=None,
        status="ok",
        caveats=(*caveats, *((policy.row["note"],) if policy.row["note"] else ())),
        steps=steps,
        inputs=(),
        peers=peers,
        checks=checks_of(release, (kind, "policies", "potential")),
        methods=(note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]),),
        editions=editions_of((), row["input_editions"]),
    )
