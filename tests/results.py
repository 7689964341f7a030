"""Results of the invented sector for pages: peer sets, frontiers, potential. Made by rules, not by methods.

What adds up on a page adds up here: shares give 1, ranges hold their middle.
Waste in 2023-24 alone; T08 has no figure (quarantined), T05 is not like for like, T04 gets grade C.
"""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
PERIOD = "2023-24"
FIELD = "council"
COST = "waste_cost_per_tonne"
SHARE = "recycling_share"
METHOD: Row = {
    "method_id": "M3.6",
    "method_version": "1",
    "params_hash": "0123456789ab",
    "input_editions": "spend@2024-11-14-bbbbbbbb tonnage@2024-10-02-cccccccc",
    "seed": None,
}
GRADES = {"T04": "C", "T07": "B"}


def results(values: list[Row], peers: list[Row], costs: list[Row]) -> dict[str, list[Row]]:
    """Rows by table, from the indicator values, peers and costs of the invented release."""
    newest = [row for row in values if row["period"] == PERIOD]
    usable = [row for row in newest if row["status"] in ("ok", "provisional") and row["like_for_like"]]
    spent = {row["body_id"]: row for row in costs if row["service_id"] == "waste" and row["period"] == PERIOD}
    dear = [row for row in usable if row["indicator_id"] == COST]
    listed = [row for row in peers if row["model_id"] == "statistical"]
    return {
        "robustness": [dial(row) for row in usable if row["se"]],
        "robustness_sets": [each for row in usable if row["se"] for each in sets(row)],
        "efficiency": [score(row["body_id"]) for row in dear],
        "efficiency_peers": [
            {"frontier_id": "waste", "body_id": row["body_id"], "period": PERIOD, "peer_id": "T01", "weight": 1.0}
            for row in dear
        ],
        "potential": [potential(row["body_id"], spent) for row in dear],
        "potential_totals": [total()],
        "exemplars": [each for row in dear for each in exemplars(row["body_id"], dear, listed)],
    }


def keyed(row: Row) -> Row:
    return {"body_id": row["body_id"], "indicator_id": row["indicator_id"], "period": PERIOD}


def dial(row: Row) -> Row:
    return {
        **keyed(row),
        **METHOD,
        "n_sets": 200,
        "share_lower": 0.1,
        "share_same": 0.2,
        "share_higher": 0.7,
        "median_lo": row["value"] * 0.90,
        "median_hi": row["value"] * 1.02,
        "ratio": 1 / 0.95,
        "ratio_lo": 1 / 1.02,
        "ratio_hi": 1 / 0.90,
        "percentile_lo": 20.0,
        "percentile_hi": 60.0,
        "verdict": "higher",
        "agreement": 0.7,
        "firm": True,
        "status": row["status"],
        "seed": 0,
    }


SETS = (
    "Nearest in people and deprivation, up to 8, the default",
    "Fewer: the 5 most alike",
    "More: up to 9",
    "The same region only",
    "The publisher's own list",
    "Without deprivation",
)


def sets(row: Row) -> list[Row]:
    """Six sets whose medians step from 0.84 to 1.04 of the value; the fourth has too few peers."""
    out = []
    for number, label in enumerate(SETS):
        median = row["value"] * (0.84 + 0.04 * number)
        low, high = row["value"] * 0.95 / median, row["value"] * 1.05 / median
        verdict = "higher" if low > 1 else "lower" if high < 1 else "same"
        told: Row = {
            "peer_median": median,
            "ratio": row["value"] / median,
            "ratio_lo": low,
            "ratio_hi": high,
            "percentile": 50.0,
            "verdict": verdict,
        }
        few: Row = {"verdict": "withheld"}
        out.append(
            {
                **keyed(row),
                **METHOD,
                "set_id": f"set_{number}",
                "place": number,
                "label": label,
                "n_peers": 3 if number == 3 else 5 + number // 2,
                **(few if number == 3 else told),
            }
        )
    return out


def score(body: str) -> Row:
    best = body == "T01"
    return {
        **METHOD,
        "frontier_id": "waste",
        "body_id": body,
        "period": PERIOD,
        "field": FIELD,
        "n": 8,
        "score": 1.0 if best else 0.8,
        "lo": 0.7,
        "hi": 1.0 if best else 0.79,
        "fdh": 1.0 if best else 0.9,
        "order_m": 1.1 if best else 0.92,
        "order_alpha": 1.0,
        "dominators": 1 if best else 2,
        "exemplar_id": "T01",
        "scale": 0.95,
        "returns": "decreasing",
        "outlier": best,
        "unique_peers": True,
        "status": "ok",
    }


def potential(body: str, spent: dict[str, Row]) -> Row:
    """A tenth of the cost, from a twentieth to three twentieths; no amount under grade C."""
    cost, grade = spent[body]["cost_gbp_2023_24"], GRADES.get(body, "A")
    amounts = {"value_gbp": 0.10 * cost, "lo_gbp": 0.05 * cost, "hi_gbp": 0.15 * cost}
    return {
        **METHOD,
        "body_id": body,
        "service_id": "waste",
        "period": PERIOD,
        "field": FIELD,
        "indicator_id": COST,
        "addressable_gbp": cost,
        **({} if grade == "C" else amounts),
        "grade": grade,
        "route": "P",
        "routes": "P",
        "reliability": 0.9,
        "n_peers": 8,
        "overlap": "waste",
        "counted": True,
        "status": "ok",
        "seed": 0,
    }


def total() -> Row:
    return {
        **METHOD,
        "service_id": "waste",
        "period": PERIOD,
        "field": FIELD,
        "n": 7,
        "value_gbp": 5e6,
        "lo_gbp": 3e6,
        "hi_gbp": 7e6,
        "naive_gbp": 9e6,
        "seed": 0,
    }


def exemplars(body: str, dear: list[Row], peers: list[Row]) -> list[Row]:
    """The peers that are cheaper, since 2022-23."""
    own = next(row["value"] for row in dear if row["body_id"] == body)
    order = {row["peer_id"]: row["closeness_order"] for row in peers if row["body_id"] == body}
    return [
        {
            **METHOD,
            "body_id": body,
            "service_id": "waste",
            "period": PERIOD,
            "exemplar_id": row["body_id"],
            "indicator_id": COST,
            "value": row["value"],
            "lo": row["lo"],
            "hi": row["hi"],
            "quality": SHARE,
            "since": "2022-23",
            "years": 2,
            "closeness_order": order[row["body_id"]],
            "status": row["status"],
        }
        for row in dear
        if row["body_id"] in order and row["value"] < own
    ]
