"""A stream depends on its name alone."""

import numpy as np

from pipelines.methods.draws import generator


def test_the_same_name_gives_the_same_numbers_in_any_order():
    forwards = [generator("M2.2", body).random() for body in ("E1", "E2", "E3")]
    backwards = [generator("M2.2", body).random() for body in ("E3", "E2", "E1")]
    assert forwards == backwards[::-1]


def test_every_part_of_the_name_matters():
    names = [
        ("M2.2", "E1", 0, 0),
        ("M3.7", "E1", 0, 0),
        ("M2.2", "E2", 0, 0),
        ("M2.2", "E1", 1, 0),
        ("M2.2", "E1", 0, 1),
    ]
    firsts = [generator(m, b, r, seed=s).random() for m, b, r, s in names]
    assert len(set(firsts)) == len(names)


def test_neighbouring_streams_are_uncorrelated():
    a, b = (generator("M3.7", "E1", replicate).standard_normal(20_000) for replicate in (0, 1))
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.03  # sd of a correlation of 20 000 pairs is 0.007
