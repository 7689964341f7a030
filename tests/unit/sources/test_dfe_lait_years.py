"""All 65 spellings of a year in LAIT, and the period that each stands for."""

import pytest

from pipelines.sources.dfe_lait_years import ACADEMIC, FINANCIAL, JANUARY, SEPTEMBER, canonical_year
from pipelines.sources.periods import span

CALENDAR_MEASURE = "InfMort"
SPELLINGS = {  # spelling: what it stands for where the measure's own year type plays no part
    "0": "",
    "2016": "2016",
    "2017": "2017",
    "2018": "2018",
    "2019": "2019",
    "2020": "2020",
    "2021": "2021",
    "2022": "2022",
    "2023": "2023",
    "2024": "2024",
    "2025": "2025",
    "2018 (Rev)": "2018",
    "2019 (Rev)": "2019",
    "2020 (Final)": "2020",
    "2021 (Final)": "2021",
    "2022 (Rev)": "2022",
    "2023 (Rev)": "2023",
    "2024 (Rev)": "2024",
    "2025 (Rev)": "2025",
    "2025 (prov)": "2025",
    "2015-16": "2015-16",
    "2016-17": "2016-17",
    "2017-18": "2017-18",
    "2018-19": "2018-19",
    "2019-20": "2019-20",
    "2020-21": "2020-21",
    "2021-22": "2021-22",
    "2022-23": "2022-23",
    "2023-24": "2023-24",
    "2024-25": "2024-25",
    "2025-26": "2025-26",
    "2016-17 (OT)": "2016-17",
    "2017-18 (OT)": "2017-18",
    "2018-19 (OT)": "2018-19",
    "2019-20 (OT)": "2019-20",
    "2020-21 (OT)": "2020-21",
    "2021-22 (OT)": "2021-22",
    "2022-23 (OT)": "2022-23",
    "2023-24 (OT)": "2023-24",
    "2024-25 (OT)": "2024-25",
    "2015/16": "2015-16",
    "2016/17": "2016-17",
    "2017/18": "2017-18",
    "2018/19": "2018-19",
    "2019/20": "2019-20",
    "2020/21": "2020-21",
    "2021/22": "2021-22",
    "2022/23": "2022-23",
    "2023/24": "2023-24",
    "2014-16": "2014/2016",
    "2015-17": "2015/2017",
    "2016-18": "2016/2018",
    "2017-19": "2017/2019",
    "2018-20": "2018/2020",
    "2019-21": "2019/2021",
    "2020-22": "2020/2022",
    "2013/14-15/16": "2013/2016",
    "2014/15-16/17": "2014/2017",
    "2015/16-17/18": "2015/2018",
    "2016/17-18/19": "2016/2019",
    "2017/18-19/20": "2017/2020",
    "2018/19-20/21": "2018/2021",
    "2019/20-21/22": "2019/2022",
    "2020/21-22/23": "2020/2023",
    "2021/22-23/24": "2021/2024",
}


def test_there_are_65_of_them():
    assert len(SPELLINGS) == 65


@pytest.mark.parametrize(("words", "period"), SPELLINGS.items())
def test_every_spelling_has_a_canonical_period(words, period):
    assert canonical_year(CALENDAR_MEASURE, words) == period
    span(period)  # raises for a text that is not canonical


def test_a_bare_year_means_what_the_measure_says():
    assert canonical_year("Section_47", "2023") == "2022-23"  # financial year that ends in 2023
    assert canonical_year("LACnum", "2023") == "2022-23"  # a stock on 31 March 2023
    assert canonical_year("Work_Force_AvgNumCase_SW", "2023") == "2023-09-30"
    assert canonical_year("PriFSM", "2023") == "2023-M01"
    assert canonical_year("AVG_Attain8_Score", "2023") == "2023"  # academic year 2022/23


@pytest.mark.parametrize(("measure", "words"), [("TotFixedEx", "2022/23"), ("HE_19_All", "2022-23")])
def test_an_academic_year_is_never_taken_for_a_financial_one(measure, words):
    assert canonical_year(measure, words) == "2023"


@pytest.mark.parametrize("words", ["", "2016-2", "2016-16", "16-14", "2016-17-18", "2016 (maybe)", "2016-14", "next"])
def test_other_spellings_are_not_guessed(words):
    assert canonical_year(CALENDAR_MEASURE, words) is None


def test_no_measure_has_two_kinds_of_year():
    kinds = (FINANCIAL, SEPTEMBER, JANUARY, ACADEMIC)
    assert sum(map(len, kinds)) == len(frozenset.union(*kinds)) == 110 + 15 + 7 + 15
