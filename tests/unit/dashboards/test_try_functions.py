"""The browser's arithmetic of own figures is Python's: golden cases, then random ones to the penny, run in node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.testing import assert_allclose

from dashboards.whatif import SAVINGS
from pipelines.methods.indicators import ratio, real_terms
from pipelines.methods.intervals import count_ci, prop_ci, unit_cost_ci
from pipelines.methods.position import quantile_position, verdict
from pipelines.methods.quantiles import quantile
from pipelines.scenarios.begins import keeps_from
from pipelines.scenarios.power import power_of
from pipelines.scenarios.settlement import Settlement, settle
from pipelines.scenarios.terms import Terms
from tests.unit.dashboards import tab

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = json.loads((ROOT / "tests/golden/golden.json").read_text(encoding="utf-8"))["cards"]
CASES = 200


def called(calls: list[list[Any]]) -> list[Any]:
    """What the functions of try.js return."""
    return tab.called(calls, "try.js")


def golden(card: str, case: str) -> tuple[dict[str, Any], dict[str, Any]]:
    found = next(entry for entry in GOLDEN[card] if entry["case"] == case)
    return found["inputs"], found["expected"]


def stated(**changes: Any) -> dict[str, Any]:
    """Every term by name, as a release states them."""
    return dict(Terms(**changes).canonical())


def same(actual: Any, expected: Any, rtol: float = 1e-6) -> None:
    wanted = np.array(expected, dtype=np.float64)  # None is NaN
    assert_allclose(np.array(actual, dtype=np.float64), wanted, rtol=rtol, atol=1e-12)


def test_golden_quantiles_and_percentiles() -> None:
    given, expected = golden("M3.1", "quantiles")
    ranked, places = golden("M3.1", "mid-rank")
    found = called(
        [
            *(["quantile", given["x"], share] for share in (0.25, 0.5, 0.75)),
            *(["percentile", ranked["own"], ranked["peers"], sign] for sign in (1, -1)),
        ]
    )
    same(found[:3], expected["type7"])
    same(found[3:], [places["percentile_d_plus"], places["percentile_d_minus"]])


def test_golden_intervals() -> None:
    counts = [golden("M3.3", f"count {number}") for number in (25, 5, 0)]
    shares = [golden("M3.3", f"proportion {name}") for name in ("18/20", "0/20")]
    calls = [["count", given["O"]] for given, _ in counts] + [["wilson", given["x"], given["n"]] for given, _ in shares]
    expected = [wanted["ci"] for _, wanted in counts] + [wanted["wilson"] for _, wanted in shares]
    same([[each["lo"], each["hi"]] for each in called(calls)], expected)


def test_golden_settlement_notch_and_ramp() -> None:
    given, expected = golden("M5.3", "notch")
    terms = stated(
        share=given["s"],
        threshold=given["msr"],
        start="notch",
        dead_band=given["dead"],
        cap=given["cap"],
        loss_rate=given["loss"],
        floor=given["floor"],
        loss_free_years=0,
    )
    six = zip(given["C"], given["gate"], strict=True)
    calls = [["settle", [given["A"] * 1e6], [cost * 1e6], terms, {"quality": [int(gate)]}] for cost, gate in six]
    same([(one[0]["payment"] - one[0]["penalty"]) / 1e8 for one in called(calls)], expected["payment"])
    given, expected = golden("M5.3", "ramp")
    terms = stated(share=given["s"], threshold=given["msr"], start="ramp")
    calls = [["settle", [given["A"] * 1e6], [(given["A"] - saved) * 1e6], terms] for saved in given["S"]]
    same([one[0]["payment"] / 1e8 for one in called(calls)], expected["payment"])


def test_golden_banking() -> None:
    given, expected = golden("M5.4", "banking")
    terms = stated(share=given["s"], threshold=given["msr"], start="notch", bank_cap=given["cap_b"], years=4)
    money = [[amount * 1e6 for amount in given[name]] for name in ("A", "C")]
    found = called([["settle", *money, terms]])[0]
    names = {"S": "below", "share": "payment", "deposit": "deposit", "overflow": "overflow"}
    names |= {"centre_clawback": "returned", "draw": "draw", "uncovered": "met", "bank": "bank"}
    for theirs, ours in names.items():
        same([year[ours] / 1e8 for year in found], [row[theirs] for row in expected["rows"]])


def test_golden_power() -> None:
    given, expected = golden("M5.5", "power by year, T=5, s=1")
    s, years, more = given["s"], given["T"], {"own_weight": given["w"], "discount": given["r"]}
    found = called(
        [
            ["power", s, years, {**more, "rebase": "last_year"}],
            ["power", s, years, {**more, "rebase": "mean3"}],
            ["power", s, 1, {**more, "rebase": "last_year"}],
            ["power", s, years, {**more, "rolling": 5}],
            ["power", 0.5, years, {**more, "rolling": 5}],
        ]
    )
    same(found[0], expected["rebase_last_year"])
    same(found[1], expected["rebase_mean3"])
    same(found[2], [expected["annual_rebase"]])
    same(found[3], [expected["rolling5"]] * years)
    same(found[4], [expected["rolling5_s_half"]] * years)


def random_terms(rng: np.random.Generator) -> dict[str, Any]:
    """Terms of every kind, odd rates among them."""

    def one(*values: Any) -> Any:
        return values[int(rng.integers(len(values)))]

    return {
        "years": int(rng.integers(1, 8)),
        "share": round(float(rng.uniform(0, 1)), 3),
        "threshold": one(0.0, 0.01, 0.02, 0.035),
        "start": one("ramp", "notch", "above"),
        "cap": one(None, 0.01, 0.1),
        "loss_rate": round(float(rng.uniform(0, 1)), 3),
        "dead_band": one(None, 0.0, 0.015),
        "floor": one(None, 0.02, 0.05),
        "loss_free_years": int(rng.integers(0, 3)),
        "loss_start": one("notch", "above"),
        "gate": one("veto", "veto", "sliding"),
        "sentinel": one(True, False),
        "escrow": one(True, False),
        "reinvest": one(1.0, 0.4),
        "bank_cap": one(None, 0.005, 0.03),
        "bank_expiry": one(None, 1, 2, 3),
        "bank_decay": one(0.0, 0.0, 0.07),
        "draw_rule": one("balance", "liability"),
        "rebase": one("last_year", "mean3"),
        "own_weight": round(float(rng.uniform(0, 1)), 2),
        "rolling_years": one(None, None, 4),
        "credibility": one(1.0, 0.8),
    }


def random_case(rng: np.random.Generator) -> tuple[list[float], list[float], Terms, dict[str, Any]]:
    """Ceilings and costs of a body in pounds and pence, its terms, and what else a settlement takes."""
    terms = Terms(**random_terms(rng))
    years = terms.years
    ceiling = np.round(10 ** rng.uniform(3, 8.5) * np.cumprod(1 - rng.uniform(0, 0.03, years)), 2)
    cost = np.round(ceiling * (1 + rng.normal(0, 0.03, years)), 2)
    quality = rng.integers(0, 2, years) if terms.gate == "veto" else rng.integers(0, 101, years)
    more = {
        "quality": [int(grade) for grade in quality],
        "sentinel": [bool(rng.random() < 0.1) for _ in range(years)],
        "reinvest": [round(float(each), 2) for each in ceiling * rng.choice([0, 0.004], years)],
        "bank_spend": [round(float(each), 2) for each in ceiling * rng.choice([0, 0, 0.002], years)],
        "opening": round(float(ceiling[0] * rng.choice([0, 0.01])), 2),
    }
    if rng.random() < 0.3:
        more["threshold"] = 0.013
    return ceiling.tolist(), cost.tolist(), terms, more


def test_two_hundred_settlements_agree_to_the_penny() -> None:
    rng = np.random.default_rng(53)
    cases = [random_case(rng) for _ in range(CASES)]
    found = called([["settle", ceiling, cost, dict(terms.canonical()), more] for ceiling, cost, terms, more in cases])
    for (ceiling, cost, terms, more), years in zip(cases, found, strict=True):
        wanted = settle(ceiling, cost, terms, **more)
        for name in Settlement._fields[:-1]:
            pounds = getattr(wanted, name)
            assert [year[name] for year in years] == [round(100 * float(each)) for each in pounds], (name, terms)
        assert all(
            year["below"] == year["payment"] + year["escrow"] + year["returned"] for year in years if year["below"] >= 0
        )


def test_a_year_without_a_cost_is_not_settled() -> None:
    terms = Terms(years=3)
    [found] = called([["settle", [1e6, 1e6, 1e6], [9.5e5, None, 9.6e5], dict(terms.canonical())]])
    wanted = settle([1e6] * 3, [9.5e5, np.nan, 9.6e5], terms)
    assert [year["settled"] for year in found] == [True, False, True] == wanted.settled.tolist()
    assert [year["kept"] for year in found] == [round(100 * float(each)) for each in wanted.kept]
    assert [year["bank"] for year in found] == [round(100 * float(each)) for each in wanted.bank]


def test_two_hundred_savings_that_begin_to_pay_agree() -> None:
    rng = np.random.default_rng(57)
    calls: list[list[Any]] = []
    wanted: list[float | None] = []
    for _ in range(CASES):
        ceiling, _, terms, more = random_case(rng)
        last, own = round(ceiling[0] * float(rng.uniform(0.9, 1.15)), 2), float(rng.choice([0.0, 0.02, 0.0725]))
        asked = {"quality": more["quality"], "threshold": float(rng.uniform(0, 0.1))}
        calls.append(["keepsFrom", ceiling, last, dict(terms.canonical()), SAVINGS.tolist(), own, asked])
        wanted.append(keeps_from(ceiling, last, terms, SAVINGS, own=own, **asked))
    assert called(calls) == wanted
    assert wanted.count(None) > 5
    assert len(set(wanted)) > 20


def test_two_hundred_powers_agree() -> None:
    rng = np.random.default_rng(55)
    terms = [Terms(**random_terms(rng)) for _ in range(CASES)]
    found = called([["powerOf", dict(each.canonical())] for each in terms])
    for each, kept in zip(terms, found, strict=True):
        same(kept, power_of(each), rtol=1e-12)


def test_two_hundred_figures_agree() -> None:
    rng = np.random.default_rng(31)
    calls, wanted = [], []
    for _ in range(CASES):
        top, bottom, k = float(rng.uniform(0, 1e7)), float(rng.integers(0, 60)), float(rng.choice([1, 100, 1000]))
        rate = ratio(top, bottom, k)
        calls.append(["ratio", top, bottom, k, 20])
        wanted.append({"value": None if bottom == 0 else float(rate.value), "status": str(rate.status)})
    for answer, expected in zip(called(calls), wanted, strict=True):
        assert answer["status"] == expected["status"]
        same(answer["value"], expected["value"], rtol=1e-14)


def test_two_hundred_positions_agree() -> None:
    rng = np.random.default_rng(32)
    calls, wanted = [], []
    for _ in range(CASES):
        n, sign = int(rng.integers(0, 16)), int(rng.integers(-1, 2))
        peers, own = np.round(rng.lognormal(4, 0.3, n), 0), round(float(rng.lognormal(4, 0.3)), 0)
        mask = np.zeros((n + 1, n + 1), dtype=bool)
        mask[0, 1:] = True
        place = quantile_position(np.array([own, *peers]), mask, sign)
        limits = unit_cost_ci(own, 0.1)
        lo, hi, median = float(limits.lo), float(limits.hi), float(place.median[0])
        calls += [["among", peers.tolist()], ["percentile", own, peers.tolist(), sign], ["logNormal", own, 0.1]]
        calls.append(["verdict", own, lo, hi, median if n >= 5 else None, n])
        wanted.append((place, limits, str(verdict(own, lo, hi, n, reference=median))))
    found = called(calls)
    for number, (place, limits, word) in enumerate(wanted):
        group, percent, interval, said = found[4 * number : 4 * number + 4]
        same([group["median"], group["q25"], group["q75"]], [place.median[0], place.q1[0], place.q3[0]], rtol=1e-14)
        same(percent, place.percentile[0], rtol=1e-14)
        same([interval["lo"], interval["hi"]], [limits.lo, limits.hi], rtol=1e-14)
        assert said == word


def test_intervals_of_counts_and_shares_agree_with_fractions_among_them() -> None:
    counts, shares = [0.0, 0.4, 1.0, 2.5, 7.0, 9.9, 10.0, 31.0, 4000.0], [(0, 5), (5, 5), (3, 17), (900, 20_000)]
    found = called([["count", each] for each in counts] + [["wilson", x, n] for x, n in shares])
    by_count, by_share = count_ci(counts), prop_ci([x for x, _ in shares], [n for _, n in shares])
    lo, hi = ([*one, *two] for one, two in ((by_count.lo, by_share.lo), (by_count.hi, by_share.hi)))
    same([each["lo"] for each in found], lo, rtol=1e-9)
    same([each["hi"] for each in found], hi, rtol=1e-9)


def test_real_terms_and_quantiles_agree_with_gaps_left_out() -> None:
    found = called([["realTerms", 1234567.0, 92.5, 100.0], ["quantile", [3, None, 1, 2], 0.25], ["quantile", [], 0.5]])
    same(found[0], real_terms([[1234567.0]], [92.5], 100.0)[0, 0], rtol=1e-15)
    same(found[1:], [float(quantile([3, np.nan, 1, 2], 0.25)), None])


def test_the_simple_potential_is_the_distance_to_the_best_quarter_times_volume() -> None:
    # 30 a tonne above the quarter of 95, over 2,000 tonnes; its interval by 95 % limits of the unit cost.
    found = called([["potential", 125, 110, 142, 95, 2000], ["potential", 90, 80, 101, 95, 2000]])
    assert found == [{"value": 60_000, "lo": 30_000, "hi": 94_000}, {"value": 0, "lo": 0, "hi": 12_000}]
