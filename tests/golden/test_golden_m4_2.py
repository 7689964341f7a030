"""M4.2 glide path: the worked values of methods.md."""

import pytest

from pipelines.methods.glide import annual_rate, glide

pytestmark = pytest.mark.golden


def test_paths(golden, same):
    given, expected = golden("M4.2", "glide paths")
    ends = given["x0"], given["T"], given["H"]
    same(glide(*ends, "linear").path, expected["linear"])
    same(glide(*ends).path, expected["geometric"])
    same(annual_rate(*ends), expected["rate"])
    shifted = glide(*ends, shift=given["f"])
    same(shifted.path, expected["with_frontier"])
    same(shifted.catch_up, expected["geometric"])
