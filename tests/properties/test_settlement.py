"""What holds of every settlement: no penny lost, bounds kept, no cliff under the ramp, no ratchet within the period."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.scenarios.incentives import examine, scan
from pipelines.scenarios.power import power
from pipelines.scenarios.ratchet import next_baseline, norms_without_own, own_average, own_influence
from pipelines.scenarios.schedule import kept_share, schedule
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms
from tests.settling import by_hand

SOME = settings(max_examples=60, deadline=None)
FEW = settings(max_examples=25, deadline=None)


def shares(top, step=0.005):
    """Rates as people write them."""
    return st.integers(0, round(top / step)).map(lambda n: round(n * step, 6))


TERMS = st.builds(
    Terms,
    share=shares(1.0, 0.05),
    threshold=shares(0.05),
    start=st.sampled_from(["ramp", "notch", "above"]),
    cap=st.none() | shares(0.2),
    loss_rate=shares(1.0, 0.1),
    dead_band=st.none() | shares(0.05),
    floor=st.none() | shares(0.1),
    loss_free_years=st.integers(0, 3),
    loss_start=st.sampled_from(["notch", "above"]),
    sentinel=st.booleans(),
    escrow=st.booleans(),
    reinvest=shares(1.0, 0.25),
    bank_cap=st.none() | shares(0.06),
    bank_expiry=st.none() | st.integers(1, 4),
    bank_decay=shares(0.1, 0.02),
    draw_rule=st.sampled_from(["balance", "liability"]),
)
SEEDS = st.integers(0, 2**32 - 1)
YEARS, BODIES = 7, 5


def paths(seed):
    """Ceilings, costs and requests in pence (bodies, years), and gates: small and large bodies, calm and wild years."""
    rng = np.random.default_rng(seed)
    A = rng.integers(10_000, 10 ** rng.integers(5, 12, (BODIES, 1)), (BODIES, YEARS))
    C = np.rint(A * np.maximum(1 - rng.choice([0.01, 0.05, 0.3]) * rng.standard_normal(A.shape), 0)).astype(np.int64)
    passed, sentinel = rng.random(A.shape) < 0.7, rng.random(A.shape) < 0.15
    requests = (np.rint(A * rng.choice([0, 0.004, 0.02], A.shape)).astype(np.int64) for _ in range(2))
    return A, C, passed, sentinel, *requests


def settled(terms, A, C, passed, sentinel, reinvest, spend):
    """The engine on pence."""
    more = {"quality": passed, "sentinel": sentinel, "reinvest": reinvest / 100, "bank_spend": spend / 100}
    return settle(A / 100, C / 100, terms, **more)


def pence(pounds):
    """Whole pence of amounts in pounds."""
    return np.rint(np.asarray(pounds) * 100).astype(np.int64)


@SOME
@given(TERMS, SEEDS)
def test_every_penny_has_one_place(terms, seed):
    found = settled(terms, *paths(seed))
    of = {name: pence(getattr(found, name)) for name in found._fields if name != "settled"}
    saving, over = np.maximum(of["below"], 0), np.maximum(-of["below"], 0)
    assert_array_equal(saving, of["payment"] + of["escrow"] + of["returned"])
    assert_array_equal(of["payment"] + of["released"], of["reinvested"] + of["deposit"] + of["overflow"])
    assert_array_equal(over, of["draw"] + of["penalty"] + of["met"])
    assert_array_equal(of["kept"].sum(1) + of["centre"].sum(1) + of["escrow_open"][:, -1], of["below"].sum(1))
    moved = of["deposit"] - of["draw"] - of["bank_spent"] - of["lapsed"]
    assert_array_equal(of["bank"], np.cumsum(moved, axis=1))
    held = np.cumsum(of["escrow"] - of["released"] - of["escrow_lapsed"], axis=1)
    assert_array_equal(of["escrow_open"], held)
    assert all((of[name] >= 0).all() for name in of if name not in ("below", "centre", "kept"))


@FEW
@given(TERMS, SEEDS)
def test_a_second_engine_in_fractions_agrees_to_the_penny(terms, seed):
    A, C, passed, sentinel, reinvest, spend = paths(seed)
    found = settled(terms, A, C, passed, sentinel, reinvest, spend)
    for body in range(BODIES):
        rows = (part[body].tolist() for part in (passed, sentinel, reinvest, spend))
        for year, row in enumerate(by_hand(A[body].tolist(), C[body].tolist(), terms, *rows)):
            assert row == {name: int(pence(getattr(found, name)[body, year])) for name in row}


@SOME
@given(TERMS, SEEDS)
def test_the_bank_is_never_negative_nor_above_its_cap_at_deposit(terms, seed):
    A, *rest = paths(seed)
    found = settled(terms, A, *rest)
    assert (found.bank >= 0).all()
    if terms.bank_cap is not None:
        opening = np.concatenate([np.zeros((BODIES, 1)), found.bank[:, :-1]], axis=1) - found.lapsed
        assert (pence(found.deposit) <= np.maximum(terms.bank_cap * A - pence(opening), 0) + 1e-3).all()


@SOME
@given(TERMS, st.integers(10_000, 10**9), st.booleans())
def test_payment_and_penalty_are_monotone_and_bounded(terms, A, passed):
    ratio = np.linspace(-0.4, 0.4, 401)
    cost = np.rint(A * (1 - ratio))[:, None]
    found = settle(A / 100, cost / 100, replace(terms, loss_free_years=0), quality=passed)
    below, payment, fine = pence(found.below)[:, 0], pence(found.payment)[:, 0], pence(found.penalty)[:, 0]
    assert (np.diff(payment) >= 0).all() and (np.diff(fine) <= 0).all()  # less spent: never paid less, nor fined more
    assert (payment <= np.maximum(below, 0)).all()
    if terms.cap is not None:
        assert (payment <= terms.cap * A + 1e-3).all()
    if terms.floor is not None:
        assert (fine <= terms.floor * A + 1e-3).all()
    least = terms.threshold / 2 if terms.start == "ramp" else terms.threshold
    assert (payment[below / A < least] == 0).all()
    assert (fine[-below / A < terms.dead] == 0).all()
    assert passed or (payment == 0).all()


@SOME
@given(TERMS, st.floats(0, 0.04), SEEDS)
def test_the_exact_pieces_are_the_settlement_itself(terms, opening, seed):
    terms = replace(terms, loss_free_years=0, bank_decay=0.0)
    x = np.random.default_rng(seed).uniform(-0.5, 0.5, 200)
    usable = None if terms.bank_cap is None else max(terms.bank_cap - opening, 0)
    found = settle(1.0, (1 - x)[:, None], terms, opening=opening, units=0)
    assert_allclose(kept_share(schedule(terms, opening=opening, usable=usable), x), found.kept[:, 0], atol=1e-12)


@FEW
@given(TERMS)
def test_the_ramp_has_no_cliff_and_the_notch_has_one_of_known_size(terms):
    terms = replace(terms, threshold=max(terms.threshold, 0.005), share=max(terms.share, 0.1), cap=0.2)
    side = replace(terms, loss_rate=0.0)  # the side of savings alone
    for start in ("ramp", "above"):
        assert examine(schedule(replace(side, start=start))).cliffs == ()
    (cliff,) = examine(schedule(replace(side, start="notch"))).cliffs
    assert_allclose([cliff.at, cliff.jump], [side.threshold, side.share * side.threshold])


@FEW
@given(TERMS)
def test_scanning_the_settlement_finds_the_cliffs_of_the_exact_pieces(terms):
    terms = replace(terms, loss_free_years=0, bank_cap=None)
    pieces = schedule(terms)

    def kept(x):
        return settle(1.0, (1 - x)[:, None], terms, units=0).kept[:, 0]

    exact = [cliff for cliff in examine(pieces).cliffs if abs(cliff.at) < 0.3 and abs(cliff.jump) > 1e-5]
    found = scan(kept, -0.3013, 0.3017, 4001).cliffs
    found = [cliff for cliff in found if abs(cliff.jump) > 1e-5]
    assert len(found) == len(exact)
    if exact:
        assert_allclose(found, exact, atol=1e-9)


COSTS = st.lists(st.integers(1, 10**6), min_size=4, max_size=12)


@FEW
@given(COSTS, SEEDS, st.sampled_from([None, 0.25, 0.5]), st.booleans())
def test_own_saving_never_moves_own_norm(costs, seed, at, custom):
    rng = np.random.default_rng(seed)
    cost, output = np.array(costs, dtype=float), rng.uniform(1, 100, len(costs))
    peers = rng.random((len(costs), len(costs))) < 0.7 if custom else None

    def norms(spend):
        return norms_without_own(spend, output, peers=peers, at=at)

    usual = norms(cost)
    for body in range(len(cost)):
        for saved in (0.01, 0.5, 1.0):
            other = cost.copy()
            other[body] *= 1 - saved
            assert_array_equal(norms(other)[body], usual[body])  # the same bits, not merely near
    assert (np.nan_to_num(own_influence(norms, cost)) == 0).all()


@FEW
@given(COSTS)
def test_a_norm_with_own_cost_in_it_is_caught(costs):
    cost = np.array(costs, dtype=float)
    pulled = own_influence(lambda spend: np.full(len(spend), spend.mean()), cost)
    assert_allclose(pulled, 1 / len(cost), rtol=1e-3)


def retained_by_brute_force(years, made, weight, rebase, share, discount):
    """Settle a body again and again after £1 saved for good in year `made`, and discount what it keeps.

    After eight settlements nothing changes any more, and what is kept in a year is kept in all that follow.
    """
    terms = Terms(
        years=years, share=share, threshold=0.0, start="notch", cap=None, bank_cap=None, bank_expiry=None,
        loss_free_years=30, rebase=rebase, own_weight=weight,
    )  # fmt: skip
    base, kept, spent = 100.0, [], [100.0] * 3
    peers = 100.0
    for settlement in range(8):
        first = settlement * years + 1
        cost = [100.0 - (year >= made) for year in range(first, first + years)]
        kept.extend(settle(np.full(years, base), cost, terms, units=0).kept)
        spent.extend(cost)
        base = float(next_baseline(own_average(spent, terms), peers, weight))
    factor = 1 / (1 + discount)
    yearly = sum(amount * factor ** (k - made + 1) for k, amount in enumerate(kept))
    return (1 - factor) * yearly + kept[-1] * factor ** (len(kept) - made + 1)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(1, 7), st.data(), shares(1.0, 0.25), st.sampled_from(["last_year", "mean3"]), shares(1.0, 0.25),
    st.sampled_from([0.035, 0.06]),
)  # fmt: skip
def test_closed_form_power_is_brute_force_over_repeated_settlements(years, data, weight, rebase, share, discount):
    made = data.draw(st.integers(1, years))
    found = power(share, years, own_weight=weight, rebase=rebase, discount=discount)[made - 1]
    assert_allclose(found, retained_by_brute_force(years, made, weight, rebase, share, discount), atol=1e-9)


@FEW
@given(TERMS, SEEDS)
def test_bodies_settle_alike_alone_and_together(terms, seed):
    given_ = paths(seed)
    together = settled(terms, *given_)
    alone = settled(terms, *(part[2] for part in given_))
    for one, all_ in zip(alone, together, strict=True):
        assert_array_equal(one, all_[2])


@FEW
@given(TERMS, SEEDS)
def test_nothing_later_changes_an_earlier_year(terms, seed):
    A, C, *rest = paths(seed)
    assume(C[0, -1] > 0)
    changed = C.copy()
    changed[:, -1] = changed[:, -1] // 2
    usual, other = settled(terms, A, C, *rest), settled(terms, A, changed, *rest)
    shorter = settled(terms, *(part[:, :-1] for part in (A, C, *rest)))
    for flow, changed_flow, short in zip(usual, other, shorter, strict=True):
        assert_array_equal(flow[:, :-1], changed_flow[:, :-1])
        assert_array_equal(flow[:, :-1], short)
