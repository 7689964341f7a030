"""Policies of the invented sector: one target policy and one settlement, with ledgers from the engine itself."""

from __future__ import annotations

import json
from typing import Any

from pipelines.scenarios.ceiling import ceiling, compounded
from pipelines.scenarios.ledger import in_words, ledger
from pipelines.scenarios.power import power_of
from pipelines.scenarios.terms import Terms

Row = dict[str, Any]
METHOD: Row = {
    "method_id": "M4.1",
    "method_version": "1",
    "params_hash": "0123456789ab",
    "input_editions": "tonnage@2024-10-02-cccccccc",
    "seed": None,
}
TERMS = Terms.from_mapping({"years": 3, "share": 0.5, "threshold": 0.02})
PLANS = [
    {"id": "steady", "label": "Cost stays as it is", "saving": 0.0, "gate_fails": []},
    {"id": "modest", "label": "Cost falls by 4% a year", "saving": 0.04, "gate_fails": []},
]
YEARS = ("2024-25", "2025-26", "2026-27")
MEASURE = "recycling_share"


def policies() -> list[Row]:
    """A target policy and a settlement; both illustrations."""
    said = {
        "terms": TERMS.canonical(),
        "plans": PLANS,
        "first_period": YEARS[0],
        "services": ["waste"],
        "volume": "waste_tonnes",
        "comparison": {"required": 0.03, "burden_cap": 0.1},
    }
    asked = {"horizon": 3, "share": 0.5, "path": "linear", "items": [{"indicator": MEASURE}]}
    common = {"illustration": True, "owner": "nobody", "source": "invented for tests", "note": "It binds nobody."}
    return [
        {
            "policy_id": "fair_targets",
            "kind": "targets",
            "label": "Targets that peers hold",
            "parameters": json.dumps(asked),
            **common,
        },
        {
            "policy_id": "fair_settlement",
            "kind": "settlement",
            "label": "Three years in which savings are shared",
            "parameters": json.dumps(said, sort_keys=True),
            **common,
        },
    ]


def policy_rows(values: list[Row], costs: list[Row]) -> dict[str, list[Row]]:
    """Rows by table: every like-for-like council gets a target of four points more recycling."""
    shares = [
        row
        for row in values
        if row["indicator_id"] == MEASURE
        and row["period"] == "2023-24"
        and row["status"] == "ok"
        and row["like_for_like"]
    ]
    base = {row["body_id"]: row["cost_gbp_2023_24"] for row in costs if row["service_id"] == "waste"}
    costed = [row for row in shares if base.get(row["body_id"])]
    ledgers = [each for row in costed for each in settled(row["body_id"], base)]
    return {
        "policies": policies(),
        "targets": [target(row) for row in shares],
        "target_paths": [each for row in shares for each in path(row)],
        "target_tests": [each for row in shares for each in tests(row["body_id"])],
        "target_budgets": [budget(row["body_id"]) for row in shares],
        "tracking": [tracking(row) for row in shares],
        "charts": [each for row in shares for each in chart(row)],
        "forecasts": [each for row in shares for each in fan(row)],
        "settlements": ledgers,
        "incentives": [
            {
                "scheme_id": "fair_settlement",
                "year": year + 1,
                "power": float(power),
                "power_annual": 0.034,
                "perverse": "from 1% to 2% of the ceiling: a pound saved brings more than a pound",
                **METHOD,
            }
            for year, power in enumerate(power_of(TERMS))
        ],
        "schemes": [scheme("equal_cut", "An equal percentage cut"), scheme("gain_share", "In proportion to the gap")],
        "scheme_bodies": [asked(way, row["body_id"]) for way in ("equal_cut", "gain_share") for row in costed],
    }


def keyed(row: Row) -> Row:
    return {"policy_id": "fair_targets", "body_id": row["body_id"], "indicator_id": MEASURE}


def target(row: Row) -> Row:
    return {
        **keyed(row),
        **METHOD,
        "base_period": "2023-24",
        "due_period": "2026-27",
        "state": "proposed",
        "own": row["value"],
        "start": row["value"],
        "start_lo": row["lo"],
        "start_hi": row["hi"],
        "reference": row["value"] + 8,
        "basis": "top_quartile",
        "target": row["value"] + 4,
        "hold": False,
        "peers_there": 3,
        "n_peers": 8,
        "held_years": 3.0,
        "holders": "T01 T02 T06",
        "challenge": 0.4,
        "challenge_label": "appropriately challenging",
        "counter_measures": "waste_cost_per_tonne",
        "status": "ok",
    }


def path(row: Row) -> list[Row]:
    """A straight line in three steps, with an allowance of two points."""
    levels = [row["value"] + 4 * step / 3 for step in range(4)]
    return [
        {
            **keyed(row),
            "period": period,
            "value": level,
            "catch_up": level,
            "frontier": 0.0,
            "lo": level - 2,
            "hi": level + 2,
        }
        for period, level in zip(("2023-24", *YEARS), levels, strict=True)
    ]


def tests(body: str) -> list[Row]:
    results = {
        "attainability": "pass",
        "context": "pass",
        "noise": "caution",
        "history": "not tested",
        "burden": "fail",
        "consistency": "pass",
    }
    return [
        {
            "policy_id": "fair_targets",
            "body_id": body,
            "indicator_id": MEASURE,
            "test": test,
            "statistic": 0.3,
            "result": result,
            "reason": f"the invented reason of {test}",
            **METHOD,
        }
        for test, result in results.items()
    ]


def budget(body: str) -> Row:
    return {
        "policy_id": "fair_targets",
        "body_id": body,
        "active": 1,
        "allowed": 6,
        "load": 1 / 6,
        "effective": 1.0,
        **METHOD,
    }


def tracking(row: Row) -> Row:
    return {
        **keyed(row),
        **METHOD,
        "period": "2023-24",
        "n_points": 9,
        "value": row["value"],
        "lo": row["lo"],
        "hi": row["hi"],
        "on_path": "within",
        "call": "uncertain",
        "p_hit": 0.4,
        "p_words": "about as likely as not",
        "pace_needed": 1.3,
        "pace_achieved": 0.5,
        "counter_ok": True,
        "counter_worse": 0.1,
        "status": "ok",
    }


def chart(row: Row) -> list[Row]:
    """Nine points, the last above the upper limit."""
    points = [40.0, 41.0, 39.5, 40.5, 40.0, 41.0, 39.0, 40.0, 46.0]
    return [
        {
            "body_id": row["body_id"],
            "indicator_id": MEASURE,
            "period": f"{2015 + place}-{16 + place}",
            "kind": "xmr",
            "phase": 1,
            "value": value,
            "moving_range": None if place == 0 else abs(value - points[place - 1]),
            "mean": 40.2,
            "lower": 36.0,
            "upper": 44.4,
            "near_lower": 37.4,
            "near_upper": 43.0,
            "signal": "outside" if value > 44.4 else None,
            "way": "improving" if value > 44.4 else None,
            **METHOD,
        }
        for place, value in enumerate(points)
    ]


def fan(row: Row) -> list[Row]:
    return [
        {
            **keyed(row),
            "period": period,
            "lo": row["value"] - 2 - step,
            "lo_50": row["value"] - 1,
            "median": row["value"] + 1,
            "hi_50": row["value"] + 3,
            "hi": row["value"] + 4 + step,
            **METHOD,
        }
        for step, period in enumerate(YEARS)
    ]


def settled(body: str, base: dict[str, float]) -> list[Row]:
    """The ledger of each plan; no gap, so the ceiling falls by ongoing efficiency alone. T09 spent more last year."""
    amount = round(base[body], 2)
    last = round(1.05 * amount, 2) if body == "T09" else amount
    top = ceiling(amount, 0.0, TERMS).real
    rows = []
    for plan in PLANS:
        cost = last * compounded(-plan["saving"], TERMS.years)
        for line, period in zip(ledger(top, cost, TERMS, reinvest=top), YEARS, strict=True):
            rows.append(
                {
                    "scheme_id": "fair_settlement",
                    "body_id": body,
                    "plan_id": plan["id"],
                    "period": period,
                    "base_pence": round(100 * amount),
                    "last_pence": round(100 * last),
                    "gap": 0.0,
                    **{
                        f"{name}_pence": round(100 * getattr(line, field))
                        for name, field in (
                            ("ceiling", "ceiling"),
                            ("cost", "cost"),
                            ("below", "below"),
                            ("kept", "keep"),
                            ("centre", "centre"),
                            ("held", "held"),
                            ("bank", "bank"),
                        )
                    },
                    "threshold": 0.02,
                    "gate": "passed",
                    "explanation": in_words(line, "£"),
                    "status": "ok",
                    **METHOD,
                }
            )
    return rows


def scheme(way: str, label: str) -> Row:
    return {
        "scheme_id": "fair_settlement",
        "way": way,
        "label": label,
        "required": 0.03,
        "feasible": True,
        "n": 8,
        **{f"{name}_gbp": 1e5 for name in ("overcut", "overcut_lo", "overcut_hi")},
        **{f"{name}_gbp": 5e5 for name in ("untapped", "untapped_lo", "untapped_hi")},
        "burden": 0.02,
        "winners": 2,
        "losers": 1,
        "undecided": 5,
        "words": "An invented sentence.",
        **METHOD,
    }


def asked(way: str, body: str) -> Row:
    return {
        "scheme_id": "fair_settlement",
        "way": way,
        "body_id": body,
        "cut": 0.03,
        "cut_lo": 0.02,
        "cut_hi": 0.04,
        "overcut": 0.0,
        "overcut_lo": 0.0,
        "overcut_hi": 0.01,
        "untapped": 0.05,
        "chance_overcut": 0.1,
        "verdict": "cannot be told apart",
        **METHOD,
    }
