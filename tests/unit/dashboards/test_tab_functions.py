"""What the browser writes is what Python writes: numbers, ceilings and the words of a ledger, run in node."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.testing import assert_allclose

from dashboards.components.numbers import headline_money, percent_of
from pipelines.scenarios.begins import begins_words
from pipelines.scenarios.capacity import Factor, Factors, minutes_cascade
from pipelines.scenarios.ceiling import ceiling
from pipelines.scenarios.invest import appraise
from pipelines.scenarios.ledger import in_words, ledger, money, percent
from pipelines.scenarios.meaning import Footing, limit_words, reward_words, start_words, taken_back
from pipelines.scenarios.power import power_of
from pipelines.scenarios.terms import Terms
from tests.unit.dashboards.tab import called
from tests.unit.dashboards.test_try_functions import CASES, random_case, random_terms

HALVES = [0.125, 0.375, 0.5, 1.5, 2.5, 9.5, 12.25, 12.75, 99.5, 125_000.0, 999.5, 1_234_500.0, 2_625_000.0]
"""Numbers that binary fractions hold exactly, half-way between two that are written: the even one is meant."""


def amounts() -> list[float]:
    """Amounts of every size and sign, nothing and exact halves among them."""
    rng = np.random.default_rng(7)
    some = rng.choice([-1, 1], CASES) * 10 ** rng.uniform(-3, 11, CASES)
    return [0.0, *HALVES, *(-each for each in HALVES), *np.round(some, 2).tolist(), *some.tolist()]


def test_amounts_are_written_as_python_writes_them() -> None:
    every = amounts()
    found = called([["headline", each, 0, "£"] for each in every], "numbers.js")
    assert found == [headline_money(each) for each in every]
    found = called([["pounds", abs(each), "£"] for each in every], "numbers.js")
    assert found == [money(abs(each), "£") for each in every]
    found = called([["commas", abs(each), places] for each in every for places in (0, 1, 2)], "numbers.js")
    assert found == [f"{abs(each):,.{places}f}" for each in every for places in (0, 1, 2)]


def test_shares_are_written_as_python_writes_them() -> None:
    rng = np.random.default_rng(8)
    every = [0.0, 1.0, 0.1225, 0.0005, 1e-9, 12.0, 0.09949, 0.0995, *(10 ** rng.uniform(-10, 1, CASES)).tolist()]
    found = called([["share", each] for each in every], "numbers.js")
    assert found == [percent_of(each) for each in every]
    found = called([["percent", each] for each in every], "ledger.js")
    assert found == [percent(each) for each in every]


def test_two_hundred_ceilings_agree() -> None:
    rng = np.random.default_rng(52)
    cases = []
    for _ in range(CASES):
        collar = (
            {"collar_down": 0.02, "collar_up": 0.01} if rng.random() < 0.5 else {"collar_down": None, "collar_up": None}
        )
        moved = {"catch_up": float(rng.uniform(0, 1)), "frontier_shift": float(rng.uniform(0, 0.03))}
        terms = Terms(**random_terms(rng), **collar, **moved, catch_up_years=int(rng.integers(1, 8)))
        cases.append((float(10 ** rng.uniform(4, 9)), float(rng.choice([0, rng.uniform(0, 0.6)])), terms))
    found = called([["ceiling", base, gap, dict(terms.canonical())] for base, gap, terms in cases], "try.js")
    for (base, gap, terms), years in zip(cases, found, strict=True):
        assert_allclose(years, ceiling(base, gap, terms).real, rtol=1e-12)


def test_two_hundred_ledgers_say_the_same_words_and_pennies() -> None:
    rng = np.random.default_rng(54)
    flows, cases = [], []
    for _ in range(CASES):
        ceilings, costs, terms, more = random_case(rng)
        told = {name: value for name, value in more.items() if name != "sentinel"}
        cases.append((ceilings, costs, terms, told))
        flows.append(["settle", ceilings, costs, dict(terms.canonical()), told])
    settled = called(flows, "try.js")
    calls: list[list[Any]] = []
    for (_, _, terms, more), years in zip(cases, settled, strict=True):
        least = more.get("threshold", terms.threshold)
        calls.append(["lines", years, dict(terms.canonical()), least, more["quality"], "£"])
    reasons = set()
    for (ceilings, costs, terms, more), lines in zip(cases, called(calls, "ledger.js"), strict=True):
        wanted = ledger(ceilings, costs, terms, **more)
        assert [line["explanation"] for line in lines] == [in_words(each, "£") for each in wanted], terms
        for name, ours in (
            ("kept", "keep"),
            ("centre", "centre"),
            ("held", "held"),
            ("bank", "bank"),
            ("below", "below"),
        ):
            assert [line[name] for line in lines] == [round(100 * getattr(each, ours)) for each in wanted]
        assert all(line["below"] == line["kept"] + line["centre"] + line["held"] for line in lines)
        reasons |= {each.reason.partition(": ")[2].split(" ")[0] for each in wanted}
    assert len(reasons) > 5  # cases of many kinds, not one sentence two hundred times


def test_two_hundred_meanings_are_said_in_the_same_words() -> None:
    rng = np.random.default_rng(56)
    cases, calls = [], []
    for _ in range(CASES):
        terms = Terms(**{**random_terms(rng), "loss_rate": float(rng.choice([0.0, 0.3])), "cap": 0.1})
        base, rise = np.round(10 ** rng.uniform(2, 9.5), 2), rng.choice([1.0, rng.uniform(0.7, 1.3)])
        first = round(float(base * rng.choice([1.0, rng.uniform(0.9, 1)])), 2)
        least = float(rng.choice([terms.threshold, rng.uniform(terms.threshold, 0.3)]))
        about = Footing("Alder", float(base), round(float(base * rise), 2), first, "2024/25", "2023-24", least)
        said, kept = dict(terms.canonical()), float(power_of(terms)[0])
        cases.append((about, terms))
        calls += [
            ["start", about._asdict(), "£"],
            ["limit", about._asdict(), said],
            ["reward", said, kept, taken_back()],
        ]
    found = called(calls, "ledger.js")
    wanted = [(start_words(about, "£"), limit_words(about, terms), reward_words(terms)) for about, terms in cases]
    assert found == [words for each in wanted for words in each]
    assert len({limit for _, limit, _ in wanted}) > CASES / 4  # cases of many kinds


def test_what_was_found_of_a_saving_is_said_in_the_same_words() -> None:
    cases = [(None, 0.02, 0.08), (0.051, 0.02, 0.08), (0.012, 0.0725, 0.08), (0.0, 0.02, 0.08), (0.08, 0.079, 0.08)]
    assert called([["begins", *case] for case in cases], "ledger.js") == [begins_words(*case) for case in cases]


SHARES = ("adoption", "persistence", "attribution", "rework", "convertibility", "cashable", "optimism")


def test_minutes_become_cash_as_in_the_worked_example_and_in_two_hundred_others() -> None:
    rng = np.random.default_rng(58)
    cases = [dict(zip(SHARES, (0.55, 1, 0.6, 0, 0.5, 0.25, 0.2), strict=True))]
    cases += [dict(zip(SHARES, rng.uniform(0, 1, 7).round(2).tolist(), strict=True)) for _ in range(CASES)]
    claims = [(400, 20, 210, 26.0)]
    claims += [(float(s), float(m), float(d), float(r)) for s, m, d, r in rng.uniform(1, 300, (CASES, 4)).round(1)]
    names = ("staff", "minutes", "days", "rate")
    calls = [
        ["cascade", {**dict(zip(names, claim, strict=True)), **shares}]
        for claim, shares in zip(claims, cases, strict=True)
    ]
    found = called(calls, "minutes.js")
    # 28,000 hours; 15,400 adopted; 9,240 attributed; 4,620 of capacity are 2.9 posts; 24,024 in cash (methods.md M5.8)
    assert [round(step["hours"]) for step in found[0]["steps"][:6]] == [28000, 15400, 15400, 9240, 9240, 4620]
    assert_allclose([found[0]["posts"], found[0]["cash"]], [2.8875, 24024])
    for claim, shares, answer in zip(claims, cases, found, strict=True):
        wanted = minutes_cascade(*claim, Factors(**{name: Factor(value) for name, value in shares.items()}))
        assert_allclose([step["hours"] for step in answer["steps"]], [step.hours for step in wanted.steps], rtol=1e-12)
        assert_allclose(
            [step["worth"] for step in answer["steps"]], [step.value_gbp for step in wanted.steps], rtol=1e-12
        )
        assert_allclose([answer["posts"], answer["cash"]], [wanted.fte, wanted.cash_gbp], rtol=1e-12)


def test_two_hundred_investments_agree() -> None:
    rng = np.random.default_rng(510)
    cases = [
        (
            float(10 ** rng.uniform(3, 7)),
            float(10 ** rng.uniform(3, 6)),
            int(rng.integers(1, 9)),
            float(rng.uniform(0, 2)),
        )
        for _ in range(CASES)
    ]
    for case, answer in zip(cases, called([["appraise", *case] for case in cases], "minutes.js"), strict=True):
        investment, cash, years, overrun = case
        wanted = appraise(investment, [cash] * years, cost_uplift=overrun)
        assert_allclose([answer[name] for name in ("cost", "benefits")], [wanted.cost, wanted.benefits], rtol=1e-12)
        assert_allclose(answer["npv"], wanted.npv, rtol=1e-9)
        assert answer["payback"] == (None if np.isnan(wanted.payback_year) else wanted.payback_year)
