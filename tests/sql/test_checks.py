"""Each rule of sql/checks holds on sound figures and bites on the one thing that it forbids."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pipelines.quality.rules import check_rule, read_rules
from pipelines.warehouse import Warehouse
from tests.warehouses import EDITION, OLDER, put, put_nothing, years

Rows = Mapping[str, tuple[Mapping[str, object], ...]]
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


SOUND_AND_NOT: dict[str, list[tuple[str, Rows, int]]] = {
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
    "proportions_within_one": [
        ("4 of 4", indicator(numerator=4.0), 0),
        ("5 of 4", indicator(numerator=5.0), 1),
    ],
    "quarantine_share": [
        ("5 of 100", {"marts.editions": ({"rows_in": 100, "rows_quarantined": 5},)}, 0),
        ("6 of 100", {"marts.editions": ({"rows_in": 100, "rows_quarantined": 6},)}, 1),
    ],
    "ratios_reproduce": [
        ("100 x 1 / 4 = 25", indicator(), 0),
        ("25.1 is not", indicator(value=25.1), 1),
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
