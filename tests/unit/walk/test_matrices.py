"""The roster's blocks hold exactly the pairs that the hard constraints allow."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from pipelines.packs.schema import PeerModel
from pipelines.walk.benchmarks import among
from pipelines.walk.matrices import Roster

ROSTER = Roster(
    ids=("a", "b", "c", "d", "e", "f"),
    class_id=("unitary", "district", "london", "unitary", "district", "unitary"),
    region=("North", "North", "North", "South", "South", None),
    began=("1974-04-01", "", "1965-04-01", "2023-04-01", "1974-04-01", "1998-04-01"),
    peers_from={"unitary": ("unitary", "london"), "london": ("unitary", "london"), "district": ("district",)},
    newest_end="2024-03-31",
)
EVERYONE = np.arange(6)


def model(**asked):
    return PeerModel.model_validate({"id": "m", "label": "M", "kind": "computed", "exclude_merged_years": 2, **asked})


def mask(found):
    """Blocks as one mask over all bodies."""
    whole = np.zeros((6, 6), dtype=bool)
    for part in found.parts:
        whole[np.ix_(part.rows, part.rows)] |= part.allowed
    return whole


def test_classes_that_take_peers_from_each_other_are_one_block():
    found = ROSTER.blocks(model())
    assert [part.rows.tolist() for part in found.parts] == [[0, 2, 3, 5], [1, 4]]
    assert not mask(found)[:, 3].any()  # began in April 2023, within two years of March 2024: nobody's peer
    assert mask(found)[3].tolist() == [True, False, True, False, False, True]  # but it has peers


def test_a_region_is_a_wall():
    found = ROSTER.blocks(model(same_region=True))
    assert [part.rows.tolist() for part in found.parts] == [[0, 2]]  # b, d, e and f have nobody of class and region


@pytest.mark.parametrize("same_class", [True, False])
@pytest.mark.parametrize("same_region", [True, False])
def test_no_allowed_pair_is_lost_between_blocks(same_class, same_region):
    asked = model(same_class=same_class, same_region=same_region)
    assert_array_equal(mask(ROSTER.blocks(asked)), ROSTER.allows(asked, EVERYONE[:, None], EVERYONE[None, :]))


def test_marked_peers_are_counted_and_nobody_is_not():
    ids, marked = np.array([[1, 2], [2, -1], [-1, -1]]), np.array([[False, True], [True, True], [True, False]])
    assert among(ids, marked).tolist() == [[2, 1], [1, 0], [0, 0]]
