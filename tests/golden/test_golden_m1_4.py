"""M1.3 area cost, M1.4 volumes, M1.5 quality and M1.6 productivity: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.methods.volumes import area_adjust, area_factor, chained, input_index, productivity, volume_links

pytestmark = pytest.mark.golden


def test_area_cost(golden, same):
    given, expected = golden("M1.3", "area cost")
    basket = given["ACA_L"], given["ACA_R"], given["w_L"], given["w_R"]
    same(area_factor(*basket), expected["A"])
    same(area_adjust(given["C"], *basket), expected["C_adj"])


def test_two_links(golden, same):
    given, expected = golden("M1.4", "two links")
    links = volume_links(given["q"], given["u"])
    for step, name in enumerate(("link1", "link2")):
        found = (links.laspeyres[step], links.paasche[step], links.fisher[step], links.tornqvist[step])
        same(found, [expected[name][index] for index in "LPFT"])
    same(chained(links.laspeyres, 1.0)[-1], expected["chained_L"])
    direct = volume_links([given["q"][0], given["q"][-1]], [given["u"][0], given["u"][-1]])
    same(direct.laspeyres[0], expected["direct_L"])


def test_quality_adjusted_link(golden, same):
    given, expected = golden("M1.5", "quality-adjusted link")
    adjusted = np.array([given["q0"], given["q1"]]) * np.array([given["g0"], given["g1"]])
    same(volume_links(adjusted, [given["u0"], given["u0"]]).laspeyres[0], expected["L_Q"])


def test_total_factor_productivity(golden, same):
    given, expected = golden("M1.6", "TFP")
    inputs = input_index(given["input0"], given["input1"], given["shares0"], given["shares1"])
    same(inputs, expected["input_index"])
    same(productivity(given["output_index"], inputs), expected["TFP"])
    labour = productivity(given["output_index"], given["input1"][0] / given["input0"][0])
    same(labour, expected["labour_productivity"])
