"""Each rule of sql/checks holds on sound figures and bites on the one thing that it forbids."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pipelines.quality.rules import check_rule, read_rules
from pipelines.warehouse import Warehouse
from tests.warehouses import EDITION, OLDER, put, put_nothing, years

Rows = Mapping[str, tuple[Mapping[str, object], ...]]
ASKED: Mapping[str, object] = {
    **{"policy_id": "p", "body_id": "A", "indicator_id": "i", "state": "proposed", "hold": False},
    **{"base_period": "2021-22", "due_period": "2022-23", "start": 10.0, "reference": 8.0, "target": 9.0},
}
RULES = {rule.id: rule for rule in read_rules()}
TWO_YEARS = tuple(years("2021-22", "2022-23"))


def values(*rows: Mapping[str, object], **same: object) -> tuple[dict[str, object], ...]:
    """Rows of marts.values of one measure."""
    return tuple({"measure_id": "m", **same, **row} for row in rows)


def counted(numbers: Mapping[str, float | None], **same: object) -> tuple[dict[str, object], ...]:
    """Rows of marts.values: body and figure, missing where there is none."""
    rows = ({"body_id": b, "value": v, "status": "missing" if v is None else "ok"} for b, v in numbers.items())
    return values(*rows, **same)


def nation(numbers: Mapping[str, float | None], rebuild: str = "sum") -> Rows:
    """Figures of a nation E, its councils, counties (K...) and districts (D...)."""
    classes = {"E": "nation", "K": "county", "D": "district"}
    return {
        "marts.values": counted(numbers),
        "marts.bodies": tuple({"body_id": b, "class_id": classes.get(b[0], "council")} for b in numbers),
        "staging.classes": (
            {"class_id": "nation", "tier": "other", "aggregate": True},
            {"class_id": "county", "tier": "upper", "aggregate": False},
            {"class_id": "district", "tier": "lower", "aggregate": False},
            {"class_id": "council", "tier": "single", "aggregate": False},
        ),
        "staging.measure_rules": ({"measure_id": "m", "rebuild": rebuild},),
        "staging.national_totals": ({"measure_id": "m", "body_id": "E"},),
    }


def presence(before: int, after: int) -> Rows:
    """How many bodies state a figure in two years."""
    stated = [
        counted({f"B{n}": 1.0 for n in range(count)}, period=p)
        for count, p in ((before, "2021-22"), (after, "2022-23"))
    ]
    return {
        "marts.values": (*stated[0], *stated[1]),
        "marts.bodies": tuple({"body_id": f"B{n}"} for n in range(before)),
        "marts.periods": TWO_YEARS,
        "staging.expected_in": ({"measure_id": "m"},),
    }


def account(cells: int, accepted: int, aside: int, stated: int) -> Rows:
    """An edition of so many cells, values, quarantined cells, and the count that it states of itself."""
    return {
        "staging.cells": tuple({"code": f"C{n}", "series": "s"} for n in range(cells)),
        "staging.measure_rules": ({"measure_id": "m", "series": "s"},),
        "marts.values": counted({f"B{n}": 1.0 for n in range(accepted)}),
        "marts.quarantine": tuple({"code": f"Q{n}", "series": "s"} for n in range(aside)),
        "marts.editions": ({"rows_in": stated},),
    }


def indicator(**row: object) -> Rows:
    """One figure of a proportion in per cent."""
    figure = {"body_id": "A", "indicator_id": "i", "numerator": 1.0, "denominator": 4.0, "value": 25.0, **row}
    described = {"indicator_id": "i", "multiplier": 100.0, "denominator": "d", "interval": "proportion"}
    return {"marts.indicator_values": (figure,), "marts.indicators": (described,)}


def verdict(word: str, lo: float, hi: float, n_peers: int = 8) -> Rows:
    """A verdict against a median of 10."""
    position = {"body_id": "A", "indicator_id": "i", "verdict": word, "n_peers": n_peers, "peer_median": 10.0}
    return {
        "marts.positions": (position,),
        "marts.indicator_values": ({"body_id": "A", "indicator_id": "i", "lo": lo, "hi": hi},),
    }


def net(value: float | None) -> Rows:
    """Total 100, income 30 and a net figure, to be within 1."""
    figures = {"total": 100.0, "income": 30.0, "net": value}
    rows = tuple({"body_id": "A", "measure_id": name, "value": v} for name, v in figures.items())
    identity = {"net_id": "net", "total_id": "total", "income_id": "income", "tolerance": 1.0}
    return {"marts.values": rows, "staging.identities": (identity,)}


def slip(change: float, bodies: int) -> Rows:
    """A measure whose middle body changed so much, in logarithms."""
    return {"staging.changes": ({"body_id": "A", "measure_id": "m", "median_change": change, "n_bodies": bodies},)}


def heirs(*shares: float, ended: str | None = "2023-03-31", to: str = "N") -> Rows:
    """An ended body A with one successor a share."""
    lineage = tuple({"from_id": "A", "to_id": f"{to}{n or ''}", "share": s} for n, s in enumerate(shares))
    return {"marts.body_lineage": lineage, "marts.bodies": ({"body_id": "A", "valid_to": ended},)}


def alias(begins: str, scheme: str = "dfe") -> Rows:
    """A code that meant A until the end of March 2023, and B from a day on."""
    first = {"code": "1", "body_id": "A", "valid_from": "", "valid_to": "2023-03-31"}
    second = {"code": "1", "body_id": "B", "valid_from": begins}
    return {"marts.body_alias": ({**first, "scheme": scheme}, {**second, "scheme": scheme})}


def chain(*gaps: int | None, **stage: object) -> Rows:
    """A chain of A, its whole first; every factor is 12 / 4 = 3 against peers' 1.5 unless stated."""
    sound = {"above_value": 12.0, "below_value": 4.0, "factor": 3.0, "reference": 1.5, "ratio": 2.0} | stage
    named = {"model_id": "alike", "body_id": "A", "service_id": "s"} | sound
    return {"marts.chains": tuple(named | {"stage": place, "gap_pence": gap} for place, gap in enumerate(gaps))}


def fresh(date: str) -> Rows:
    """Two datasets, one of 1 January 2024 and one of another day, with a limit of two years."""
    return {
        "marts.editions": ({}, {"dataset": "other", "date": date}),
        "staging.dataset_limits": ({"dataset": "returns"}, {"dataset": "other", "limit_age_years": 2.0}),
    }


def dial(**row: object) -> Rows:
    """A dial over four sets: half lower, half cannot tell; its default set says lower."""
    sound = {"body_id": "A", "indicator_id": "i", "verdict": "lower", "n_sets": 4, "agreement": 0.5, "firm": False}
    shares = {
        "share_lower": 0.5,
        "share_same": 0.5,
        "share_higher": 0.0,
        "ratio": 0.9,
        "ratio_lo": 0.8,
        "ratio_hi": 1.1,
    }
    return {"marts.robustness": ({**sound, **shares, **row},)}


def target(polarity: str = "lower", begins: float = 10.0, **row: object) -> Rows:
    """A target of 9 from 10, on the way to 8, with a path that leads there in a year."""
    asked = {**ASKED, **row}
    here = {name: asked[name] for name in ("policy_id", "body_id", "indicator_id")}
    levels = (("2021-22", begins, begins, 0.0), ("2022-23", 9.0, 9.2, -0.2))
    points = tuple(
        {**here, "period": period, "value": value, "catch_up": catch_up, "frontier": shift, "lo": 8.0, "hi": 11.0}
        for period, value, catch_up, shift in levels
    )
    described = ({"indicator_id": "i", "polarity": polarity},)
    return {"marts.targets": (asked,), "marts.target_paths": points, "marts.indicators": described}


def with_tests(tests: int, **row: object) -> Rows:
    """A target with so many tests."""
    key = {"policy_id": "p", "body_id": "A", "indicator_id": "i"}
    found = tuple({**key, "test": f"test {n}", "result": "pass"} for n in range(tests))
    return {"marts.targets": ({**ASKED, **row},), "marts.target_tests": found}


def called(word: str, p_hit: float | None, state: str = "proposed", **row: object) -> Rows:
    """A call on a target, with its chance."""
    key = {"policy_id": "p", "body_id": "A", "indicator_id": "i"}
    said = {**key, "call": word, "p_hit": p_hit, "counter_ok": True, **row}
    return {"marts.targets": ({**ASKED, "state": state},), "marts.tracking": (said,)}


def charted(value: float, **row: object) -> Rows:
    """A point of a chart with mean 10, near-limits 8 and 12, limits 7 and 13."""
    lines = {"lower": 7.0, "near_lower": 8.0, "mean": 10.0, "near_upper": 12.0, "upper": 13.0}
    point = {"body_id": "A", "indicator_id": "i", "kind": "xmr", "value": value, **lines, "signal": None, "way": None}
    return {"marts.charts": ({**point, **row},)}


def fan(**row: object) -> Rows:
    """A fan of one period."""
    ends = {"lo": 1.0, "lo_50": 2.0, "median": 3.0, "hi_50": 4.0, "hi": 5.0}
    return {"marts.forecasts": ({"policy_id": "p", "body_id": "A", "indicator_id": "i", **ends, **row},)}


def first_set(said: str = "lower", id: str = "default", stands: str = "lower") -> Rows:
    """A dial that says lower, its first named set, and the position that stands."""
    key = {"body_id": "A", "indicator_id": "i"}
    return {
        "marts.robustness": ({**key, "verdict": "lower"},),
        "marts.robustness_sets": ({**key, "set_id": id, "place": 1, "verdict": said, "peer_median": 9.0},),
        "marts.positions": ({**key, "verdict": stands, "peer_median": 9.0},),
    }


def priced(*rows: Mapping[str, object]) -> Rows:
    """Potentials of body A; each row stands out from a firm one of 5 (4 to 6)."""
    sound = {"body_id": "A", "service_id": "s", "value_gbp": 5.0, "lo_gbp": 4.0, "hi_gbp": 6.0, "grade": "A"}
    return {"marts.potential": tuple({**sound, "reliability": 0.8, "counted": False, **row} for row in rows)}


def summed(n: int, value: float) -> Rows:
    """A total of 4 to 6 over n bodies, of which one has a potential."""
    key = {"service_id": "s", "field": "f"}
    total = {**key, "n": n, "value_gbp": value, "lo_gbp": 4.0, "hi_gbp": 6.0}
    return {"marts.potential_totals": (total,), **priced({**key})}


def year_of_plan(*rows: Mapping[str, object]) -> Rows:
    """Years of a plan of body A: 100 below 1000, of which 60 are kept and 40 go to the centre."""
    sound = {"scheme_id": "s", "body_id": "A", "plan_id": "p", "period": "2024-25", "ceiling_pence": 1000}
    flows = {"cost_pence": 900, "below_pence": 100, "kept_pence": 60, "centre_pence": 40, "held_pence": 0}
    return {"marts.settlements": tuple({**sound, **flows, "bank_pence": 0, **row} for row in rows)}


def recomputed(earned: float) -> Rows:
    """What a programme's rules give body A, which was paid 1000; 5 are within what rounding allows."""
    row = {"scheme_id": "s", "body_id": "A", "period": "2022", "earned": earned, "within": 5.0, "published": 1000.0}
    return {"staging.settlement_published": (row,)}


def way(asked: Mapping[str, object] | None = None, **changes: object) -> Rows:
    """An equal cut of 3 % of one body, 1 % of it beyond what is possible; `asked` is about the body."""
    key = {"scheme_id": "s", "way": "equal_cut"}
    ranges = {"overcut_lo_gbp": 1.0, "overcut_hi_gbp": 3.0, "untapped_lo_gbp": 0.0, "untapped_hi_gbp": 2.0}
    total = {**key, "n": 1, "winners": 0, "losers": 0, "undecided": 1, **ranges, **changes}
    cut = {"cut": 0.03, "cut_lo": 0.03, "cut_hi": 0.03, "overcut": 0.01, "overcut_lo": 0.0, "overcut_hi": 0.02}
    return {
        "marts.schemes": (total,),
        "marts.scheme_bodies": ({**key, "body_id": "A", **cut, **(asked or {})},),
    }


def exemplar(value: float, peer: str = "B", years: int = 2) -> Rows:
    """B, a peer of A, at a unit cost for some years; the peers' median is 10."""
    return {
        "marts.exemplars": (
            {"body_id": "A", "exemplar_id": peer, "indicator_id": "i", "closeness_order": 1}
            | {"value": value, "years": years},
        ),
        "marts.peers": ({"model_id": "m", "body_id": "A", "peer_id": "B", "closeness_order": 1},),
        "marts.positions": ({"model_id": "m", "body_id": "A", "indicator_id": "i", "peer_median": 10.0},),
    }


def drawn(**row: object) -> Rows:
    """A figure of 8 drawn to 9, towards a mean of 10."""
    stated = {"body_id": "A", "indicator_id": "cost"}
    figure = {"value": 9.0, "lo": 8.0, "hi": 10.0, "mean": 10.0, "reliability": 0.5, "use": "grouped"}
    return {
        "marts.indicator_values": ({**stated, "value": 8.0},),
        "marts.reliability": ({**stated, **figure, **row},),
    }


def placed(reliability: float | None = 0.5, **row: object) -> Rows:
    """A body between the 2nd and 4th of five."""
    stated = {"body_id": "A", "indicator_id": "cost"}
    return {
        "marts.places": ({**stated, "n": 5, "place_lo": 2, "place_hi": 4, "told_apart_from": 2, **row},),
        "marts.reliability": ({**stated, "reliability": reliability},),
    }


def quarters(*best: float) -> Rows:
    """The chances of five bodies of standing in the first quarter of two; in the last, two fifths each."""
    field = {"indicator_id": "cost", "field": "council", "n": 5, "place_lo": 1, "p_worst_quarter": 0.4}
    return {"marts.places": tuple({**field, "body_id": f"B{n}", "p_best_quarter": p} for n, p in enumerate(best))}


def point(flag: str, value: float, phi: float = 2.0, discovery: bool | None = False) -> Rows:
    """A point of a funnel whose widened 99.8 % limits are 5 and 15."""
    key = {"indicator_id": "share", "field": "council"}
    limits = {"lo_998": 5.0, "hi_998": 15.0}
    return {
        "marts.funnel_points": (
            {"body_id": "A", **key, "value": value, "flag": flag, "discovery": discovery, **limits},
        ),
        "marts.funnels": ({**key, "n": 12, "phi": phi},),
    }


def widths(*ends: float) -> Rows:
    """Limits of a point from the lowest: 99.8 %, 95 %, plain, plain, 95 %, 99.8 %."""
    names = ("lo_998", "lo_95", "plain_lo_95", "plain_hi_95", "hi_95", "hi_998")
    return {"marts.funnel_points": (dict(zip(names, ends, strict=True)),)}


def scored(**change: object) -> Rows:
    """A body at 0.6 of a frontier, between 0.5 and 0.58, with 0.8 against a real body."""
    row = {"frontier_id": "f", "body_id": "A", "score": 0.6, "lo": 0.5, "hi": 0.58, "fdh": 0.8, "n": 10}
    return {"marts.efficiency": (row | change,)}


def compared(weights: Mapping[str, float], rts: str = "vrs", target: float = 3.0) -> Rows:
    """A (5 in, 3 out) at 0.6, measured by B (2 in, 1 out) and C (4 in, 5 out) at these weights."""
    amounts = {"A": (5.0, 3.0), "B": (2.0, 1.0), "C": (4.0, 5.0)}
    parts = [
        {"body_id": b, "measure_id": m, "side": m, "actual": x, "target": x, "slack": 0.0}
        for b, pair in amounts.items()
        for m, x in zip(("input", "output"), pair, strict=True)
    ]
    own = {b: {b: 1.0} for b in ("B", "C")} | {"A": weights}
    return {
        "marts.efficiency": tuple(
            {"frontier_id": "f", "body_id": b, "score": 0.6 if b == "A" else 1.0, "n": 10} for b in amounts
        ),
        "marts.efficiency_parts": tuple(
            {"frontier_id": "f"}
            | part
            | ({"target": target} if (part["body_id"], part["side"]) == ("A", "input") else {})
            for part in parts
        ),
        "marts.efficiency_peers": tuple(
            {"frontier_id": "f", "body_id": b, "peer_id": peer, "weight": w}
            for b, found in own.items()
            for peer, w in found.items()
        ),
        "staging.frontier_programs": ({"frontier_id": "f", "field": "c", "rts": rts, "programs": 10, "fallbacks": 0},),
    }


def changed(**change: object) -> Rows:
    """A change of 1.2 = 1.5 x 0.8, and 1.5 = 1.25 x 1.2."""
    row = {"frontier_id": "f", "body_id": "A", "period_from": "2021-22", "change": 1.2, "lo": 1.1, "hi": 1.3}
    row |= {"catching_up": 1.5, "frontier_shift": 0.8, "pure": 1.25, "scale": 1.2}
    return {"marts.malmquist": (row | change,)}


def modelled(**change: object) -> Rows:
    """A body at 0.9 of its modelled cost, in a service with a model that passed."""
    row = {"body_id": "A", "service_id": "s", "ratio": 0.9, "ratio_lo": 0.8, "ratio_hi": 1.0}
    model = {"service_id": "s", "field": "c", "passed": True, "quartile": 0.8, "factor": 0.8}
    return {"marts.modelled_costs": (row | change,), "marts.cost_models": (model,)}


def model(**change: object) -> Rows:
    """A cost model that passed, with a quartile of 0.8."""
    row = {"service_id": "s", "field": "c", "passed": True, "quartile": 0.8, "factor": 0.8}
    return {"marts.cost_models": (row | change,)}


def programs(fallbacks: int) -> Rows:
    """A frontier of ten programs."""
    row = {"frontier_id": "f", "field": "c", "rts": "vrs", "programs": 10, "fallbacks": fallbacks}
    return {"staging.frontier_programs": (row,)}


SOUND_AND_NOT: dict[str, list[tuple[str, Rows, int]]] = {
    "change_is_two_parts": [
        ("1.5 x 0.8", changed(), 0),
        ("1.5 x 0.9", changed(frontier_shift=0.9), 1),
        ("pure x scale", changed(scale=1.3), 1),
        ("vrs parts unknown", changed(pure=None, scale=None), 0),
        ("backwards", changed(period_from="2023-24"), 1),
    ],
    "cost_models_say_why": [
        ("passed", model(), 0),
        ("failed, without saying what", model(passed=False), 1),
        ("a benchmark above the model", model(quartile=1.2, factor=1.2), 1),
        ("capped", model(quartile=1.2, factor=1.0), 0),
    ],
    "efficiency_reasons": [
        ("scored", scored(), 0),
        ("not scored, without a reason", scored(score=None, lo=None, hi=None), 1),
        ("not scored, with one", scored(score=None, lo=None, hi=None, fdh=None, reason="missing"), 0),
        ("an interval beyond the score", scored(hi=0.61), 1),
        ("a real body that beats the frontier", scored(fdh=0.59), 1),
    ],
    "frontier_programs_solved": [("all", programs(0), 0), ("all but one", programs(1), 1)],
    "modelled_costs_reproduce": [
        ("within its interval", modelled(), 0),
        ("outside it", modelled(ratio=1.1), 1),
        ("of no model", modelled(service_id="t"), 1),
        ("ok without a ratio", modelled(ratio=None, ratio_lo=None, ratio_hi=None), 1),
        ("missing", modelled(ratio=None, ratio_lo=None, ratio_hi=None, status="missing"), 0),
    ],
    "scheme_bodies_agree": [
        ("one of one", way(), 0),
        ("a total of two", way(n=2), 1),
        ("asked beyond its own cut", way({"overcut": 0.04, "overcut_hi": 0.04}), 1),
        ("ends the wrong way round", way({"cut_lo": 0.04}), 1),
    ],
    "schemes_find_one_total": [
        ("one undecided of one", way(), 0),
        ("counted twice", way(winners=1), 1),
        ("ends the wrong way round", way(overcut_lo_gbp=4.0), 1),
    ],
    "settlements_agree_with_payments": [
        ("997 for 1000, within 5", recomputed(997.0), 0),
        ("994", recomputed(994.0), 1),
    ],
    "settlements_conserve_money": [
        ("60 + 40 = 100", year_of_plan({}), 0),
        ("60 + 39", year_of_plan({"centre_pence": 39}), 1),
        ("60 + 30, 10 held", year_of_plan({"centre_pence": 30, "held_pence": 10}), 0),
        ("1000 - 901", year_of_plan({"cost_pence": 901}), 1),
        ("not settled", year_of_plan({"status": "missing", "cost_pence": None, "below_pence": None}), 0),
    ],
    "settlements_hold_nothing_back": [
        (
            "10 held, then paid",
            year_of_plan({"held_pence": 10}, {"period": "2025-26", "held_pence": -10}),
            0,
        ),
        ("paid before it was held", year_of_plan({"held_pence": -10}), 1),
        ("a bank below nothing", year_of_plan({"bank_pence": -1}), 1),
        ("unsettled and paid", year_of_plan({"status": "missing"}), 1),
    ],
    "targets_are_peers": [
        ("half and half: 1 + 2 = 3 = 5 x 0.6", compared({"B": 0.5, "C": 0.5}), 0),
        ("another target", compared({"B": 0.5, "C": 0.5}, target=3.5), 1),
        ("weights of another sum", compared({"B": 0.5, "C": 0.6}), 2),  # 3.4 in and 3.5 out
    ],
    "weights_add_up": [
        ("to 1", compared({"B": 0.5, "C": 0.5}), 0),
        ("to 1.1", compared({"B": 0.5, "C": 0.6}), 1),
        ("to 1.1, in proportion", compared({"B": 0.5, "C": 0.6}, "crs"), 0),
        ("to 1.1, no faster", compared({"B": 0.5, "C": 0.6}, "drs"), 1),
        ("on a stranger", compared({"B": 0.5, "Z": 0.5}), 1),
    ],
    "absent_is_never_a_number": [
        ("a gap is null", {"marts.values": counted({"A": 1.0, "B": None})}, 0),
        ("a gap written as 0", {"marts.values": values({"body_id": "A", "value": 0.0, "status": "missing"})}, 1),
        ("ok without a figure", {"marts.values": values({"body_id": "A", "value": None})}, 1),
    ],
    "alias_is_unambiguous": [
        ("handed over", alias("2023-04-01"), 0),
        ("overlapping by a day", alias("2023-03-31"), 1),
        ("names may be shared", alias("", scheme="name"), 0),
    ],
    "bodies_still_present": [
        ("8 of 10", presence(10, 8), 0),  # 8 = 0.8 x 10
        ("7 of 10", presence(10, 7), 1),
    ],
    "cells_accounted_for": [
        ("5 = 3 + 2", account(5, 3, 2, 5), 0),
        ("one vanished", account(5, 3, 1, 5), 1),
        ("one counted twice", account(5, 4, 2, 5), 1),
        ("the edition says otherwise", account(5, 3, 2, 4), 1),
    ],
    "chains_add_up": [
        ("700 = 450 + 250", chain(700, 450, 250), 0),
        ("a penny is lost", chain(700, 450, 249), 1),
        ("200 = 450 - 250", chain(200, 450, -250), 0),
        ("a chain that ends early", chain(700, 450, None), 0),
        ("no whole", {"marts.chains": ({"body_id": "A", "stage": 1, "gap_pence": 1},)}, 1),
    ],
    "chains_reproduce": [
        ("12 / 4 = 3, 3 / 1.5 = 2", chain(0), 0),
        ("3.1 is not 12 / 4", chain(0, factor=3.1, ratio=3.1 / 1.5), 1),
        ("2.1 is not 3 / 1.5", chain(0, ratio=2.1), 1),
        ("nothing above", chain(0, above_value=None, factor=None, ratio=None), 0),
        ("a factor of nothing", chain(0, above_value=None), 1),
    ],
    "datasets_at_hand": [
        ("there", {"staging.dataset_limits": ({},), "marts.editions": ({},)}, 0),
        ("not there", {"staging.dataset_limits": ({}, {"dataset": "lost"}), "marts.editions": ({},)}, 1),
    ],
    "exemplars_are_peers": [
        ("9 for a median of 10", exemplar(9.0), 0),
        ("10 is not below 10", exemplar(10.0), 1),
        ("C is no peer", exemplar(9.0, "C"), 1),
        ("one year may be luck", exemplar(9.0, years=1), 1),
    ],
    "funnel_flags_follow_limits": [
        ("4 is below 5 to 15", point("low", 4.0), 0),
        ("6 is not", point("low", 6.0), 1),
        ("16 is above", point("high", 16.0), 0),
        ("16 is not within", point("within", 16.0), 1),
        ("nobody is flagged beyond a factor of 10", point("low", 4.0, phi=11.0), 1),
        ("a withheld flag discovers nothing", point("withheld", 4.0, phi=11.0, discovery=True), 1),
        ("a withheld flag says nothing", point("withheld", 4.0, phi=11.0, discovery=None), 0),
    ],
    "funnel_limits_widen": [
        ("one within another", widths(1, 2, 3, 5, 6, 7), 0),
        ("without unexplained variation they meet", widths(1, 2, 2, 6, 6, 7), 0),
        ("widened limits inside those of chance", widths(1, 3, 2, 6, 5, 7), 1),
    ],
    "intervals_hold_their_value": [
        ("inside", indicator(lo=20.0, hi=30.0), 0),
        ("at the end", indicator(lo=25.0, hi=30.0), 0),
        ("below", indicator(lo=26.0, hi=30.0), 1),
        ("above", indicator(lo=20.0, hi=24.0), 1),
        ("no interval", indicator(), 0),
    ],
    "lineage_of_the_ended": [
        ("ended", heirs(1.0), 0),
        ("alive", heirs(1.0, ended=None), 1),
        ("its own successor", heirs(1.0, to="A"), 1),
    ],
    "lineage_shares": [
        ("0.6 + 0.4", heirs(0.6, 0.4), 0),
        ("0.6 + 0.3", heirs(0.6, 0.3), 1),
    ],
    "national_total": [
        ("1000 = 600 + 400", nation({"E": 1000.0, "A": 600.0, "B": 400.0}), 0),
        ("995 of 1000 is 0.5 %", nation({"E": 1000.0, "A": 600.0, "B": 395.0}), 0),
        ("994 is not", nation({"E": 1000.0, "A": 600.0, "B": 394.0}), 1),
        ("somebody is missing", nation({"E": 1000.0, "A": 600.0, "B": None}), 0),
        ("districts only: 600 + 400", nation({"E": 1000.0, "A": 600.0, "D": 400.0, "K": 400.0}, "lower"), 0),
        ("tiers counted twice", nation({"E": 1000.0, "A": 600.0, "D": 400.0, "K": 400.0}), 1),
    ],
    "national_total_shortfall": [
        ("nobody is missing", nation({"E": 1000.0, "A": 600.0, "B": 300.0}), 0),
        ("600 of 1000", nation({"E": 1000.0, "A": 600.0, "B": None}), 1),
        ("999 of 1000", nation({"E": 1000.0, "A": 999.0, "B": None}), 0),
    ],
    "net_is_total_less_income": [
        ("100 - 30 = 70", net(70.0), 0),
        ("within rounding", net(71.0), 0),
        ("beyond it", net(71.5), 1),
        ("not published", net(None), 0),
    ],
    "one_current_edition": [
        (
            "one of two",
            {"marts.values": values({"body_id": "A"}, {"body_id": "A", "edition": OLDER, "is_current": False})},
            0,
        ),
        ("both", {"marts.values": values({"body_id": "A"}, {"body_id": "A", "edition": OLDER})}, 1),
    ],
    "peers_are_others": [
        ("another", {"marts.peers": ({"body_id": "A", "peer_id": "B"},), "marts.bodies": ({"body_id": "B"},)}, 0),
        ("itself", {"marts.peers": ({"body_id": "A", "peer_id": "A"},), "marts.bodies": ({"body_id": "A"},)}, 1),
        (
            "one that ended",
            {
                "marts.peers": ({"body_id": "A", "peer_id": "B"},),
                "marts.bodies": ({"body_id": "B", "valid_to": "2023-03-31"},),
            },
            1,
        ),
    ],
    "potential_counted_once": [
        (
            "one of two that share",
            priced({"overlap": "s t", "counted": True}, {"service_id": "t", "overlap": "s t"}),
            0,
        ),
        (
            "both of them",
            priced({"overlap": "s t", "counted": True}, {"service_id": "t", "overlap": "s t", "counted": True}),
            1,
        ),
        ("two that share nothing", priced({"counted": True}, {"service_id": "t", "counted": True}), 0),
        ("no headline", priced({"counted": True, "grade": "C"}), 1),
    ],
    "potential_grades_hold": [
        ("A with a headline", priced({}), 0),
        ("C without", priced({"grade": "C", "value_gbp": None, "lo_gbp": 0.0}), 0),
        ("C with one", priced({"grade": "C"}), 1),
        ("A without", priced({"value_gbp": None}), 1),
        ("A of 0.69", priced({"reliability": 0.69}), 1),
        ("A from nothing", priced({"lo_gbp": 0.0}), 1),
        ("B from nothing", priced({"grade": "B", "lo_gbp": 0.0}), 0),
        ("above its range", priced({"value_gbp": 6.1}), 1),
        ("negative", priced({"lo_gbp": -0.1}), 1),
        ("nothing, with a reason", priced({"grade": None, "value_gbp": None, "reason": "too few"}), 0),
        ("nothing, without one", priced({"grade": None, "value_gbp": None}), 1),
    ],
    "potential_totals_in_order": [
        ("5 in 4 to 6", summed(1, 5.0), 0),
        ("7 is not", summed(1, 7.0), 1),
        ("two bodies of one", summed(2, 5.0), 1),
    ],
    "places_are_ranges": [
        ("2nd to 4th of five", placed(), 0),
        ("a bare end", placed(place_hi=None), 1),
        ("6th of five", placed(place_hi=6), 1),
        ("told apart from more than there are", placed(told_apart_from=5), 1),
        ("a place without a reliability", placed(reliability=None), 1),
    ],
    "proportions_within_one": [
        ("4 of 4", indicator(numerator=4.0), 0),
        ("5 of 4", indicator(numerator=5.0), 1),
    ],
    "quarantine_share": [
        ("5 of 100", {"marts.editions": ({"rows_in": 100, "rows_quarantined": 5},)}, 0),
        ("6 of 100", {"marts.editions": ({"rows_in": 100, "rows_quarantined": 6},)}, 1),
    ],
    "quarters_add_up": [
        ("a quarter of five is two", quarters(0.9, 0.6, 0.3, 0.2, 0.0), 0),
        ("2.1 is not", quarters(0.9, 0.6, 0.3, 0.2, 0.1), 1),
        ("four of the five that are stated", quarters(0.9, 0.6, 0.3, 0.2), 1),
    ],
    "ratios_reproduce": [
        ("100 x 1 / 4 = 25", indicator(), 0),
        ("25.1 is not", indicator(value=25.1), 1),
    ],
    "robustness_sets_start_with_default": [
        ("says what the dial says", first_set(), 0),
        ("says otherwise", first_set("same"), 1),
        ("another set first", first_set(id="more"), 1),
        ("the position says otherwise", first_set(stands="same"), 1),
    ],
    "robustness_shares_add_up": [
        ("halves", dial(), 0),
        ("more than all", dial(share_higher=0.1), 1),
        ("another verdict's share", dial(agreement=0.0), 1),
        ("firm at a half", dial(firm=True), 1),
        ("a ratio outside its band", dial(ratio=1.2), 1),
        (
            "withheld",
            dial(
                verdict="withheld",
                n_sets=0,
                agreement=None,
                firm=None,
                share_lower=None,
                share_same=None,
                share_higher=None,
            ),
            0,
        ),
    ],
    "reliability_rests_on_its_value": [
        ("8 drawn to 9, towards 10", drawn(), 0),
        ("8 drawn to 7, away from 10", drawn(value=7.0, lo=6.0), 1),
        ("drawn from nothing", drawn(body_id="B"), 1),
        ("another status", drawn(status="provisional"), 1),
        ("of use without a reliability", drawn(reliability=None), 1),
    ],
    "sources_are_fresh": [
        ("two years back", fresh("2022-01-01"), 0),
        ("a day more", fresh("2021-12-31"), 1),  # 731 days are more than 2 x 365.25
    ],
    "unit_slip": [
        ("0.5 for 20 bodies", slip(0.5, 20), 0),
        ("0.51 for 20", slip(0.51, 20), 1),
        ("ten times less", slip(-2.3, 20), 1),
        ("19 bodies are too few to tell", slip(2.3, 19), 0),
        ("no change known", {"staging.changes": ({"body_id": "A", "measure_id": "m", "n_bodies": 30},)}, 0),
    ],
    "values_have_bodies": [
        (
            "known",
            {"marts.values": counted({"A": 1.0}), "marts.bodies": ({"body_id": "A"},), "marts.periods": TWO_YEARS},
            0,
        ),
        (
            "unknown body",
            {"marts.values": counted({"B": 1.0}), "marts.bodies": ({"body_id": "A"},), "marts.periods": TWO_YEARS},
            1,
        ),
        ("unknown period", {"marts.values": counted({"A": 1.0}), "marts.bodies": ({"body_id": "A"},)}, 1),
    ],
    "targets_never_ask_for_worse": [
        ("9 from 10 where lower is better", target(), 0),
        ("9 from 10 where higher is better", target("higher"), 1),
        ("hold at 10", target(target=10.0), 0),
        ("proposed without a level", target(target=None), 1),
        ("none, with a reason", target(state="none", target=None, reason="too few peers"), 0),
        ("none, without one", target(state="none", target=None), 1),
        ("closed without a reason", target(state="closed"), 1),
    ],
    "target_paths_lead_there": [
        ("from 10 to 9", target(), 0),
        ("from 10 to 9 where 8.5 is asked", target(target=8.5), 1),
        ("from 10 where the start is 11", target(start=11.0), 1),
        ("from 9.2 that is held, where the start is 11", target(begins=9.2, start=11.0, limited_by="own_level"), 0),
        ("from 10 though 9.2 is held", target(start=10.0, limited_by="own_level"), 1),
        ("no point in the due period", target(due_period="2023-24"), 1),
        ("nothing is asked", target(state="none", target=None, reason="too few peers"), 0),
    ],
    "targets_are_tested": [
        ("six", with_tests(6), 0),
        ("five", with_tests(5), 1),
        ("no target, no tests", with_tests(0, target=None), 0),
        ("no target, six tests", with_tests(6, target=None), 1),
    ],
    "calls_rest_on_chances": [
        ("on track at 0.7", called("on track", 0.7), 0),
        ("on track at 0.6", called("on track", 0.6), 1),
        ("off track at 0.3", called("off track", 0.3), 0),
        ("off track at 0.4", called("off track", 0.4), 1),
        ("uncertain at 0.2", called("uncertain", 0.2), 1),
        ("too early, with a reason", called("too early to say", None, reason="5 points"), 0),
        ("too early, without one", called("too early to say", None), 1),
        ("met, though a counter-measure worsened", called("met", 0.9, counter_ok=False), 1),
        ("a closed target is not tracked", called("on track", 0.7, "closed"), 1),
    ],
    "chart_limits_in_order": [
        ("11 inside 7 to 13", charted(11.0), 0),
        ("14 outside, said", charted(14.0, signal="outside", way="concerning"), 0),
        ("14 outside, not said", charted(14.0), 1),
        ("a mean above its near-limit", charted(11.0, mean=12.5), 1),
        ("a signal without a way", charted(11.0, signal="shift"), 1),
    ],
    "forecast_fans_widen": [
        ("1 2 3 4 5", fan(), 0),
        ("a median above its half", fan(median=4.5), 1),
    ],
    "verdicts_follow_intervals": [
        ("8 to 9 is lower than 10", verdict("lower", 8.0, 9.0), 0),
        ("8 to 10 is not", verdict("lower", 8.0, 10.0), 1),
        ("11 to 12 is higher", verdict("higher", 11.0, 12.0), 0),
        ("9 to 12 is not", verdict("higher", 9.0, 12.0), 1),
        ("9 to 12 is the same", verdict("same", 9.0, 12.0), 0),
        ("11 to 12 is not", verdict("same", 11.0, 12.0), 1),
        ("four peers carry no verdict", verdict("same", 9.0, 12.0, n_peers=4), 1),
        ("withheld claims nothing", verdict("withheld", 8.0, 9.0, n_peers=0), 0),
    ],
}
CASES = [
    pytest.param(rule, rows, broken, id=f"{rule}: {words}")
    for rule, cases in SOUND_AND_NOT.items()
    for words, rows, broken in cases
]


@pytest.mark.parametrize(("rule", "rows", "broken"), CASES)
def test_a_rule_holds_or_bites(warehouse: Warehouse, rule: str, rows: Rows, broken: int):
    put_nothing(warehouse, *RULES[rule].reads)
    for table, filled in rows.items():
        put(warehouse, table, *filled)
    found = warehouse.read(RULES[rule].sql)
    assert found.height == broken, found
    assert check_rule(warehouse, RULES[rule]).outcome == ("failed" if broken else "passed")


def test_every_rule_is_shown_to_hold_and_to_bite():
    assert set(SOUND_AND_NOT) == set(RULES)
    for rule, cases in SOUND_AND_NOT.items():
        assert {bool(broken) for _, _, broken in cases} == {True, False}, rule


@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        ("unit_slip", "critical"),
        ("net_is_total_less_income", "critical"),
        ("cells_accounted_for", "critical"),
        ("quarantine_share", "critical"),
        ("national_total", "critical"),
        ("national_total_shortfall", "warning"),
        ("bodies_still_present", "warning"),
        ("proportions_within_one", "warning"),
        ("sources_are_fresh", "warning"),
    ],
)
def test_what_blocks_and_what_only_shows(rule, severity):
    # methods.md 0.4: slips, broken identities and totals block; absence and surprise warn.
    assert RULES[rule].severity == severity


def test_a_failure_names_the_row(warehouse):
    put(warehouse, "marts.editions", {"rows_in": 100, "rows_quarantined": 6})
    found = check_rule(warehouse, RULES["quarantine_share"])
    assert found.examples == (f"dataset returns, edition {EDITION}, rows_in 100, rows_quarantined 6",)
    assert found.observed == "1 row against the rule"
    assert found.blocks
