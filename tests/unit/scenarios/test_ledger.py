"""The ledger: every line reconciles, every entry has a reason, and the reason is the rule that decided."""

import numpy as np
import pytest

from pipelines.scenarios.ledger import in_words, ledger, money
from pipelines.scenarios.terms import Terms

TERMS = Terms()


def words(ceiling, cost, terms=TERMS, **more):
    """(reason, entries' words) of a single year."""
    (line,) = ledger([ceiling], [cost], terms, **more)
    return line.reason, [entry.words for entry in line.entries]


def test_five_years_of_one_body():
    # Keeps half of 3 m; nothing of 0.9 m; gate fails on 8 m, whose half waits; then overspends 2.5 m while the 4 m are
    # released into a bank with room for 1.41 m; then overspends 4 m, 1.41 m drawn and 30 % of the rest.
    cost = np.array([97, 98.1, 90, 99.5, 100]) * 1e6
    lines = ledger(np.array([100, 99, 98, 97, 96]) * 1e6, cost, TERMS, quality=[1, 1, 0, 1, 1])
    table = [(line.below, line.keep, line.centre, line.held, line.bank) for line in lines]
    assert table == [
        (3e6, 1.5e6, 1.5e6, 0, 1.5e6),
        (0.9e6, 0, 0.9e6, 0, 1.5e6),
        (8e6, 0, 4e6, 4e6, 1.5e6),
        (-2.5e6, -0.09e6, 1.59e6, -4e6, 1.41e6),
        (-4e6, -2.187e6, -1.813e6, 0, 0),
    ]
    assert lines[0].reason == "£3.00m below the ceiling (3%): 50% is earned."
    assert lines[2].reason.endswith("the quality gate failed, so the share is held for a year.")
    assert lines[4].entries[0].words == "drawn from the bank because the overspend is met from own reserves first"


def test_every_line_reconciles_to_the_penny_on_random_paths():
    rng = np.random.default_rng(5)
    for terms in (TERMS, Terms(bank_expiry=1, bank_decay=0.1, draw_rule="liability", loss_start="above")):
        for _ in range(20):
            ceiling = np.round(rng.uniform(1e3, 1e7, 8), 2)
            cost = np.round(ceiling * (1 - 0.06 * rng.standard_normal(8)), 2)
            more = {"quality": rng.random(8) < 0.6, "sentinel": rng.random(8) < 0.2, "reinvest": ceiling * 0.002}
            for line in ledger(ceiling, cost, terms, **more):
                parts = [round(100 * part) for part in (line.keep, line.centre, line.held)]
                assert sum(parts) == round(100 * line.below)
                assert sum(round(100 * entry.amount) for entry in line.entries) == round(100 * line.below)
                assert all(entry.amount and entry.words for entry in line.entries)


@pytest.mark.parametrize(
    ("cost", "terms", "more", "rule"),
    [
        (100, TERMS, {}, "Spend equals the ceiling: nothing to share."),
        (99.5, TERMS, {}, "within 1%, which may be chance, so nothing is shared."),
        (98.5, TERMS, {}, "the share rises to 50% at 2%, and is 25.3% here."),  # 37.5p is 38p of £1.50
        (98.5, Terms(start="notch"), {}, "within 2%, which may be chance, so nothing is shared."),
        (97, Terms(start="above"), {}, "50% of what exceeds 2% is earned."),
        (70, TERMS, {}, "the share reaches its cap of 10% of the ceiling."),
        (95, TERMS, {"sentinel": True}, "a sentinel measure failed, so nothing is paid."),
        (95, Terms(escrow=False), {"quality": False}, "the quality gate failed, so the share is not paid."),
        (95, Terms(gate="sliding"), {"quality": 80.0}, "40% is earned (50% at percentile 80)."),
        (95, Terms(gate="sliding"), {"quality": 30.0}, "quality at percentile 30, under 40, so nothing is paid."),
        (110, TERMS, {}, "no penalty in the first 2 years."),
        (110, Terms(loss_free_years=0), {}, "(10%): from 2% on the body pays 30%, at most 5% of the ceiling."),
        (105, Terms(loss_free_years=0, dead_band=0.0), {}, "(5%): the body pays 30%, at most 5% of the ceiling."),
        (103, Terms(loss_free_years=0, loss_start="above", floor=None), {}, "pays 30% of what exceeds 2%."),
        (101, Terms(loss_free_years=0), {}, "(1%): within 2%, which may be chance, so there is no penalty."),
        (109, Terms(loss_free_years=0), {"threshold": 0.1}, "within 10%, which may be chance, so there is no penalty."),
        (
            104,
            Terms(loss_free_years=0),
            {"opening": 3.0},
            "what is left is within 2%, which may be chance, so there is no penalty.",
        ),
        (
            102,
            Terms(loss_free_years=0, loss_start="above"),
            {},
            "within 2%, which may be chance, so there is no penalty.",
        ),
        (109, Terms(loss_free_years=0, loss_rate=0.0), {}, "the terms ask nothing of an overspend."),
        (109, Terms(loss_free_years=0, floor=0.0), {}, "the terms ask nothing of an overspend."),
        (109, Terms(loss_free_years=0, floor=0.00001), {}, "the body's part of it is less than a penny."),
        (101, Terms(loss_free_years=0), {"opening": 5.0}, "the bank meets it all."),
        (np.nan, TERMS, {}, "Nothing is paid or asked."),
    ],
)
def test_the_reason_is_the_rule_that_decided(cost, terms, more, rule):
    reason, _ = words(100.0, cost, terms, **more)
    assert reason.endswith(rule)


@pytest.mark.parametrize(
    ("cost", "more", "said"),
    [
        (99.5, {}, "to the centre because the saving is too small to be told from chance"),
        (95, {"sentinel": True}, "to the centre because a sentinel measure failed"),
        (80, {}, "to the centre because the bank has reached its cap of 3% of the ceiling"),
        (96, {"reinvest": 1.0}, "kept because it is spent now on approved projects"),
        (96, {}, "kept because it earned a share: paid into the bank"),
    ],
)
def test_entries_say_why(cost, more, said):
    assert said in words(100.0, cost, **more)[1]


def test_what_lapses_is_explained():
    lines = ledger([100] * 3, [90, 100, 100], Terms(bank_expiry=1))
    assert lines[2].entries[0] == ("body", -3.0, "lapsed from the bank: not used within 1 years")
    assert (lines[2].keep, lines[2].centre) == (-3, 3)


def test_one_body_at_a_time():
    with pytest.raises(ValueError, match="a ledger is of one body"):
        ledger(np.full((2, 3), 100.0), 90.0, TERMS)


def test_money_in_words():
    assert (money(1500.0, "£"), money(0.5, "$")) == ("£1,500", "$0.50")


def test_without_a_share_nothing_is_said_of_a_gate_that_passed():
    (line,) = ledger([100.0], [90.0], Terms.from_mapping({"years": 1, "share": 0.0}), quality=[1.0])
    assert line.keep == 0
    assert "the terms leave the body no share" in in_words(line, "£")
    assert "gate" not in in_words(line, "£")


def test_amounts_in_prose_have_three_figures_and_small_ones_their_pence() -> None:
    told = [money(amount, "£") for amount in (1_274_300.55, 12_743_005.5, 1_040_000_000.0, 345_120.4, 12.5, 999.0)]
    assert told == ["£1.27m", "£12.7m", "£1.04bn", "£345,000", "£12.50", "£999"]
