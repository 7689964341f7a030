"""Which year a LAIT measure means by `2023`, and what all 65 spellings of a year in LAIT stand for.

The background data say only `2023`; the data dictionary says for each measure whether that is a financial, academic or
calendar year, 30 September or January. That column (`Year_Type`, April 2026) is kept here for the measures whose
years are printed as one number, so that the figures can be read without the dictionary.
"""

from __future__ import annotations

import re

from pipelines.sources.periods import financial_year, year_ending_march

# `2023` is the financial year 2022-23; `Annual` in the dictionary is a stock on 31 March, its last day.
FINANCIAL = frozenset(
    (
        "%_of LAC Adopted",
        "10_ICPC",
        "15_ICPC",
        "16-17 NEET",
        "16-17Ed&Training",
        "16-17YroldSEN_ET",
        "16-17_not known",
        "16-17_not known_NEET",
        "20_ICPC",
        "21_ICPC",
        "6wksBreast",
        "CIN",
        "CINCease1-2",
        "CINCease2more",
        "CINCease3-6",
        "CINCease3months",
        "CINCease6-1",
        "CINTime1-2",
        "CINTime2more",
        "CINTime3-6",
        "CINTime3months",
        "CINTime6-1",
        "CIN_Refferals_NFA",
        "CMH_0-17yrs",
        "CPP_31March_3MnthorMore",
        "CPP_Abuse",
        "CPP_Abuse_Rate",
        "CPP_Num",
        "CPP_Reviewed_InReqTimeScl",
        "CPP_Total_NumRef",
        "CPP_Total_Rateper10,000",
        "CPP_rate",
        "CPPlans2yrs",
        "CPPlans2yrsActive",
        "CPRDuration",
        "CP_conf_15days",
        "CareApplications",
        "CareLeaverAcc",
        "CareLeaverEET",
        "CareLeaverEETNum",
        "CareLeaversNEET",
        "CareLeavers_LA_NotInTouch",
        "ChildPov",
        "Children_Away",
        "Children_missing",
        "Continue_Assess_Comp",
        "DeRegCPR",
        "Emotional_LAC",
        "HCP_PHOF",
        "HospAd0-14",
        "ISCP_Conf",
        "LAC",
        "LAC%_Adopt_AppUnop",
        "LAC%_Adopt_ConsentDisp",
        "LACDental%",
        "LACDistance",
        "LACHealth%",
        "LACStableNum_2016on",
        "LACStable_2016on",
        "LACSubstance",
        "LACVaccinations%",
        "LAC_19_HE",
        "LAC_19_HE_Num",
        "LAC_Cease_Rate",
        "LAC_Convictions",
        "LAC_Foster_Placements",
        "LAC_Ind_SInd_Liv_Arr",
        "LAC_LongStable%",
        "LAC_LongStableNum",
        "LAC_Other_Place_Inc_Unreg",
        "LAC_Other_Res_Settings",
        "LAC_Parents_OR_Others",
        "LAC_RetHome_CarePlan_%",
        "LAC_RetHome_Not_CarePlan_%",
        "LAC_SGO_Car_Rel%",
        "LAC_SGO_FFC_Oth%",
        "LAC_SGO_FFC_Rel%",
        "LAC_SecHome_And_ChildHome",
        "LAC_Start_Rate",
        "LAC_ceased_CAO%",
        "LAC_ceased_SGO",
        "LAC_ceased_SGO%",
        "LACceased",
        "LACnum",
        "LACnum_Adopt_AppUnop",
        "LACnum_Adopt_ConsentDisp",
        "LACnum_Start",
        "NoCareLeaverAcc",
        "NoCareLeavers",
        "No_of LAC Adopted",
        "Number_Foster_Places(New)",
        "Number_Foster_Places_Filled(New)",
        "PreChildDea",
        "PrevRegCPR",
        "ReReferral",
        "ReRegCPR",
        "RefBySource_HealthServ_%",
        "RefBySource_Police_%",
        "RefBySource_Schl_%",
        "Referrals_AssessedNotNeed",
        "ReoffYO",
        "ReoffYO15-17",
        "RevCP",
        "Section_47",
        "Stability_School",
        "Stability_SocialWorker",
        "StayingPut",
        "UASC_%_Starting",
        "Unacc_Asylmn_Seek_Childn",
        "Unacc_Asylmn_Seek_Childn%",
    )
)
# `2023` is 30 September 2023, the day of the workforce census and of the September guarantee.
SEPTEMBER = frozenset(
    (
        "Sept_Guarantee",
        "Social_Work_Caseholders_%",
        "Social_Work_Leavers",
        "Social_Work_Qualified_no_cases_%",
        "Social_Work_SeniorPractitioner_%",
        "Social_Work_Starters",
        "Vacancies_cover",
        "Work_Force_Agecy_Rate",
        "Work_Force_AgencyCover",
        "Work_Force_AvgNumCase_SW",
        "Work_Force_NoSW",
        "Work_Force_Num_CaseHeld",
        "Work_Force_SWAbsence",
        "Work_Force_TO_Rate",
        "Work_Force_Vac_Rate",
    )
)
# `2023` is January 2023, the month of the school census.
JANUARY = frozenset(
    (
        "EALPri",
        "EALSec",
        "Ever6_FSM_Prim",
        "Ever6_FSM_Sec",
        "PriFSM",
        "SEN_CASES_JAN",
        "SecFSM",
    )
)
# `2022/23` or `2022-23` is the academic year that ends in 2023, not the financial year.
ACADEMIC = frozenset(
    (
        "HE_19_All",
        "HE_19_FSM",
        "HE_19_Non_FSM",
        "PriFixedEx",
        "PriPermEx",
        "Pri_ Pup_FixedEx",
        "SecFixedEx",
        "SecPermEx",
        "Sec_ Pup_FixedEx",
        "SpecFixedEx",
        "SpecPermEx",
        "Spec_ Pup_FixedEx",
        "TotFixedEx",
        "TotPermEx",
        "Total_ Pup_FixedEx",
    )
)

POOLED = re.compile(r"(\d{4})-(\d{2})")
POOLED_YEARS = re.compile(r"(\d{4})/\d{2}-\d{2}/(\d{2})")
REMARK = re.compile(r"\s*\((OT|Rev|Final|prov)\)")


def canonical_year(measure: str, words: str) -> str | None:
    """The canonical period that LAIT's words for a year stand for, for this measure; None when they are not known.

    A number alone is read by the kind of year of the measure; academic years are named by the year in which they end
    (`2022/23` and `2023` are `2023`), because no canonical form of their own exists and `2022-23` is a financial year.
    `2014-16` pools the calendar years 2014 to 2016, `2013/14-15/16` the financial years 2013-14 to 2015-16. `0` is what
    the publisher prints where the column has no year: it becomes the timeless period. Remarks (OT outturn, Rev revised,
    Final, prov provisional) are not part of the period.
    """
    text = REMARK.sub("", words.strip())
    if text == "0":
        return ""
    if re.fullmatch(r"\d{4}", text):
        return single_year(measure, int(text))
    year = financial_year(text)
    if year is not None:
        return str(int(year[:4]) + 1) if measure in ACADEMIC else year
    if found := POOLED.fullmatch(text):
        return pooled(found[1], found[2])
    if found := POOLED_YEARS.fullmatch(text):
        return pooled(found[1], found[2])
    return None


def single_year(measure: str, year: int) -> str:
    """Canonical period of a year printed as one number."""
    if measure in FINANCIAL:
        return year_ending_march(year)
    if measure in SEPTEMBER:
        return f"{year}-09-30"
    return f"{year}-M01" if measure in JANUARY else str(year)


def pooled(first: str, last: str) -> str | None:
    """`2014/2016` from `2014` and `16`; None when the span does not run forward."""
    end = first[:2] + last
    return f"{first}/{end}" if end > first else None
