"""The parts of a gap sum to the total and reverse with the reference; indices have no unit and no favourite order."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from pipelines.methods.chain import chain_decompose, shapley, stage_factors, whole_parts
from pipelines.methods.volumes import geks_level, volume_links

AMOUNT = st.floats(1e-2, 1e4)
FLOWS = st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT)
FACTORS = st.tuples(AMOUNT, AMOUNT, AMOUNT)
TABLES = st.integers(0, 10**6).map(lambda seed: np.random.default_rng(seed).uniform(0.5, 9, (2, 4, 3)))


def decompose(flows, reference):
    return chain_decompose(*[[part] for part in flows], reference=reference)


@settings(max_examples=200, deadline=None)
@given(FLOWS, FACTORS)
def test_parts_sum_to_the_total(flows, reference):
    found = decompose(flows, reference)
    assert_allclose(found.gap_gbp.sum(), found.total_gbp[0], rtol=1e-6, atol=1e-6 * np.abs(found.gap_gbp).max())


@settings(max_examples=150, deadline=None)
@given(st.lists(AMOUNT, min_size=3, max_size=7), st.lists(AMOUNT, min_size=6, max_size=6))
def test_whole_pence_add_up_exactly_whatever_the_number_of_stages(flows, reference):
    found = decompose(flows, reference[: len(flows) - 1])
    assume(np.abs(found.gap_gbp).sum() * 100 < 2**52)  # beyond it floats have no pence
    pence = whole_parts(found.gap_gbp * 100, found.total_gbp * 100)
    assert pence.sum() == np.rint(found.total_gbp[0] * 100)
    # Nothing moves by a penny or more, but for what floating point has lost of the sum itself.
    assert np.abs(pence - found.gap_gbp * 100).max() < 1 + 1e-9 * np.abs(found.gap_gbp * 100).max()


@settings(max_examples=100, deadline=None)
@given(FLOWS, FACTORS)
def test_swapping_own_and_reference_reverses_every_sign(flows, reference):
    own = stage_factors(*[[part] for part in flows])[0]
    outcomes = flows[3]
    outputs = reference[2] * outcomes
    inputs = reference[1] * outputs
    other_way = decompose((reference[0] * inputs, inputs, outputs, outcomes), own)
    forwards = decompose(flows, reference).gap_gbp
    assert_allclose(other_way.gap_gbp, -forwards, rtol=1e-6, atol=1e-9 * np.abs(forwards).max())


@settings(max_examples=100, deadline=None)
@given(FLOWS, FACTORS, st.sampled_from([0.01, 12.0, 1000.0]))
def test_the_unit_of_the_inputs_does_not_matter(flows, reference, factor):
    cost, inputs, outputs, outcomes = flows
    scaled = decompose(
        (cost, inputs * factor, outputs, outcomes), (reference[0] / factor, reference[1] * factor, reference[2])
    )
    assert_allclose(scaled.gap_gbp, decompose(flows, reference).gap_gbp, rtol=1e-6, atol=1e-9)


@settings(max_examples=100, deadline=None)
@given(FACTORS, FACTORS)
def test_shapley_sums_to_the_same_gap(own, reference):
    gap = np.prod(own) - np.prod(reference)
    assert_allclose(shapley(own, reference).sum(), gap, rtol=1e-6, atol=1e-9 * max(np.prod(own), np.prod(reference)))


@settings(max_examples=100, deadline=None)
@given(TABLES, st.permutations(range(3)), arrays(np.float64, 3, elements=st.floats(0.01, 100)))
def test_volumes_have_no_unit_and_no_order(tables, order, factor):
    q, u = tables
    first, other = volume_links(q, u), volume_links((q * factor)[:, order], (u / factor)[:, order])
    for index, again in zip(first, other, strict=True):
        assert_allclose(index, again)


@settings(max_examples=100, deadline=None)
@given(TABLES)
def test_fisher_lies_between_and_reverses_in_time(tables):
    q, u = tables
    links, back = volume_links(q, u), volume_links(q[::-1], u[::-1])
    low, high = np.minimum(links.laspeyres, links.paasche), np.maximum(links.laspeyres, links.paasche)
    assert (low - 1e-12 <= links.fisher).all()
    assert (links.fisher <= high + 1e-12).all()
    assert_allclose(links.fisher * back.fisher[::-1], 1.0)
    assert_allclose(links.tornqvist * back.tornqvist[::-1], 1.0)


@settings(max_examples=100, deadline=None)
@given(TABLES)
def test_volume_times_price_growth_is_value_growth(tables):
    q, u = tables
    value = (q * u).sum(axis=1)
    assert_allclose(volume_links(q, u).fisher * volume_links(u, q).fisher, value[1:] / value[:-1])


@settings(max_examples=60, deadline=None)
@given(TABLES, st.permutations(range(4)))
def test_geks_does_not_depend_on_the_order_of_bodies(tables, order):
    q, u = tables
    assert_allclose(geks_level(q[list(order)], u[list(order)]), geks_level(q, u)[list(order)])
