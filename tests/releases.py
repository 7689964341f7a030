"""A small release of an invented sector, for tests of releases, explanations and pages.

Twelve councils (T01 to T12; T11 and T12 merged into T10 on 1 April 2023) and the United Kingdom, which carries the
price index; services waste and roads; three indicators; two peer models. Every value status stands at a known place:

    missing         T03 waste_cost_per_tonne 2023-24   the publisher printed [x]
    provisional     T02 waste_cost_per_tonne 2023-24
    suppressed      T04 recycling_share      2023-24   [c], between 1 and 4 tonnes
    break           T05 waste_cost_per_tonne and recycling_share 2022-23 (and never like for like)
    zero_den        T06 road_cost_per_km     all years (no road of its own)
    withheld        T06 recycling_share      2022-23   stored, never shown
    small           T07 recycling_share      2023-24   15 tonnes, below 20
    quarantined     T08 waste_cost_per_tonne 2023-24   stored, never shown; its cell stands in `quarantine`
    not_applicable  T09 road_cost_per_km     all years
    imputed         T09 recycling_share      2022-23
    rebuilt         T10 in 2021-22 and 2022-23, from T11 and T12
    revised         T01 waste_spend          2022-23   in two editions
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipelines.contracts import CheckResult, Table, published
from pipelines.methods.funnel_field import FieldFunnel, funnel_field
from pipelines.methods.standing import FieldShrunk, place_field, shrink_field
from tests.policies import policy_rows
from tests.results import results

PACK = "twelve_councils"
YEARS = ("2021-22", "2022-23", "2023-24")
CHARTED = range(2015, 2021)
"""First years of the periods that only control charts have."""
PRICES = {"2021-22": 92.0, "2022-23": 97.5, "2023-24": 100.0}
POINT = "2022-04-01"
LIVING = tuple(f"T{i:02}" for i in range(1, 11))
ENDED = ("T11", "T12")
NAMES = (
    "Alderbrook",
    "Birchfield",
    "Cobbleton",
    "Dunmere",
    "Eastholt",
    "Fernley",
    "Gorseby",
    "Heathwick",
    "Inglemoor",
    "Juniper Vale",
    "Kestrel Bay",
    "Larkhill",
)
EDITION = {
    "spend": "2024-11-14-bbbbbbbb",
    "tonnage": "2024-10-02-cccccccc",
    "roads": "2023-09-20-dddddddd",
    "context": "2023-07-31-eeeeeeee",
    "deflator": "2024-10-30-ffffffff",
}
FIRST_EDITION = "2023-08-31-aaaaaaaa"
PUBLISHER = {
    "spend": ("Department of Invented Finance", "Outturn of twelve councils"),
    "tonnage": ("Department of Invented Waste", "Tonnes collected"),
    "roads": ("Department of Invented Roads", "Road lengths"),
    "context": ("Office for Invented Statistics", "People and places"),
    "deflator": ("Invented Treasury", "Price index"),
}
MEASURES: dict[str, dict[str, Any]] = {
    "waste_spend": {"label": "Spending on waste", "unit": "gbp", "kind": "cost", "dataset": "spend", "scale": 1000.0},
    "road_spend": {"label": "Spending on roads", "unit": "gbp", "kind": "cost", "dataset": "spend", "scale": 1000.0},
    "waste_tonnes": {
        "label": "Waste collected",
        "unit": "tonnes",
        "kind": "output",
        "dataset": "tonnage",
        "scale": 1.0,
    },
    "recycled": {"label": "Waste recycled", "unit": "tonnes", "kind": "outcome", "dataset": "tonnage", "scale": 1.0},
    "road_km": {"label": "Road length", "unit": "km", "kind": "context", "dataset": "roads", "scale": 1.0},
    "population": {"label": "People", "unit": "persons", "kind": "context", "dataset": "context", "scale": 1.0},
    "deprivation": {"label": "Deprivation", "unit": "score", "kind": "context", "dataset": "context", "scale": 1.0},
    "gdp_deflator": {"label": "Price index", "unit": "index", "kind": "context", "dataset": "deflator", "scale": 1.0},
}
INDICATORS: dict[str, dict[str, Any]] = {
    "waste_cost_per_tonne": {
        "service_id": "waste",
        "label": "Spending on waste per tonne collected",
        "unit": "£ a tonne",
        "format": "unit_cost",
        "polarity": "lower",
        "stage": "cost",
        "numerator": "waste_spend",
        "denominator": "waste_tonnes",
        "multiplier": 1.0,
        "real_terms": True,
        "interval": "history",
        "proxy": "Spending includes street cleaning, so this stands in for the cost of collection",
        "caveat": None,
    },
    "recycling_share": {
        "service_id": "waste",
        "label": "Waste recycled",
        "unit": "% of waste collected",
        "format": "share",
        "polarity": "higher",
        "stage": "outcome",
        "numerator": "recycled",
        "denominator": "waste_tonnes",
        "multiplier": 100.0,
        "real_terms": False,
        "interval": "proportion",
        "proxy": None,
        "caveat": None,
    },
    "road_cost_per_km": {
        "service_id": "roads",
        "label": "Spending on roads per kilometre",
        "unit": "£ a kilometre",
        "format": "unit_cost",
        "polarity": "neutral",
        "stage": "cost",
        "numerator": "road_spend",
        "denominator": "road_km",
        "multiplier": 1.0,
        "real_terms": True,
        "interval": "none",
        "proxy": None,
        "caveat": "Road lengths are those of 1 April 2022",
    },
}
HIDDEN_VALUE = 987654.0
"""The figure of T08's quarantined and T06's withheld value: no page may show it."""

INTERVAL = {"history": "own history (M1.1)", "proportion": "Wilson (M3.3)", "none": "none: too short a history"}
METHOD = {"method_version": "1", "params_hash": "0123456789ab", "seed": None}
REFERENCE = ("ok", "provisional", "break")
VALUELESS = ("missing", "suppressed", "zero_den", "not_applicable")

FRONTIER: dict[str, Any] = {
    "id": "waste",
    "label": "Waste",
    "service": "waste",
    "inputs": ["waste_spend"],
    "outputs": ["waste_tonnes", "recycled"],
    "products": [],
    "undesirable": [],
    "quality": [],
    "rts": "vrs",
    "orientation": "in",
    "classes": ["council"],
    "periods": [],
    "note": "Streets are left out",
}

Row = dict[str, Any]
Figure = tuple[float | None, str, str, float | None, float | None]
"""value, status, published text, lo, hi"""


def _facts() -> tuple[Table, ...]:
    return published("GBP", "2023-24")


def _number(body: str) -> int:
    return int(body[1:])


def _plain(measure: str, body: str, year: int) -> float:
    """The invented figure before any status: smooth in the body's number and the year."""
    i = _number(body)
    people = 60_000 + 7_000 * i
    tonnes = round(people * 0.42 * (1 + 0.01 * (i * 7 % 5)))
    return {
        "waste_spend": 1000.0 * round(tonnes * (190 + 9 * (i * 37 % 11)) * (1 + 0.04 * year) / 1000),
        "road_spend": 1000.0 * (2_000 + 130 * (i * 5 % 7) + 60 * year),
        "waste_tonnes": float(tonnes),
        "recycled": float(round(tonnes * (0.34 + 0.02 * (i * 3 % 8)))),
        "road_km": 300.0 + 25.0 * (i * 4 % 9),
        "population": float(people),
        "deprivation": 14.0 + 1.5 * (i * 5 % 11),
    }[measure]


SPECIAL: dict[tuple[str, str, str], Figure] = {
    ("T03", "waste_spend", "2023-24"): (None, "missing", "[x]", None, None),
    ("T02", "waste_spend", "2023-24"): (8_123_000.0, "provisional", "8,123 [p]", None, None),
    ("T04", "recycled", "2023-24"): (None, "suppressed", "[c]", 1.0, 4.0),
    ("T05", "waste_tonnes", "2022-23"): (41_000.0, "break", "41,000 [b]", None, None),
    ("T06", "road_km", POINT): (0.0, "ok", "0", None, None),
    ("T07", "waste_tonnes", "2023-24"): (15.0, "ok", "15", None, None),
    ("T07", "recycled", "2023-24"): (6.0, "ok", "6", None, None),
    ("T09", "recycled", "2022-23"): (19_000.0, "imputed", "19,000 [e]", None, None),
    **{("T09", "road_spend", year): (None, "not_applicable", "[z]", None, None) for year in YEARS},
}


def figure(body: str, measure: str, period: str) -> Figure | None:
    """What the publisher states of a body; None where no cell was accepted."""
    if (body, measure, period) == ("T08", "waste_spend", "2023-24"):
        return None
    if period in YEARS and body in (LIVING[9], *ENDED) and (body == LIVING[9]) != (period == YEARS[2]):
        return None
    if (body, measure, period) in SPECIAL:
        return SPECIAL[body, measure, period]
    year = YEARS.index(period) if period in YEARS else 0
    value = _plain(measure, body, year)
    return value, "ok", f"{value / MEASURES[measure]['scale']:,.15g}", None, None


def periods_of(measure: str) -> tuple[str, ...]:
    return (POINT,) if MEASURES[measure]["dataset"] in ("roads", "context") else YEARS


def _value_row(body: str, measure: str, period: str, found: Figure, place: int) -> Row:
    facts = MEASURES[measure]
    value, status, text, lo, hi = found
    return {
        "body_id": body,
        "measure_id": measure,
        "period": period,
        "edition": EDITION[facts["dataset"]],
        "value": value,
        "status": status,
        "lo": lo,
        "hi": hi,
        "unit": facts["unit"],
        "source": f"{PUBLISHER[facts['dataset']][0]}, {facts['dataset']}",
        "locator": f"{measure}!C{place}",
        "published_text": text,
        "is_current": True,
    }


def values() -> list[Row]:
    rows = []
    for measure in MEASURES:
        for period in periods_of(measure):
            if measure == "gdp_deflator":
                rows.append(
                    _value_row("UK", measure, period, (PRICES[period], "ok", str(PRICES[period]), None, None), 5)
                )
                continue
            for place, body in enumerate((*LIVING, *ENDED), start=7):
                found = figure(body, measure, period)
                if found:
                    rows.append(_value_row(body, measure, period, found, place))
    older = next(
        row
        for row in rows
        if row["body_id"] == "T01" and row["measure_id"] == "waste_spend" and row["period"] == YEARS[1]
    )
    first = {"edition": FIRST_EDITION, "value": older["value"] - 50_000.0, "is_current": False}
    first["published_text"] = f"{first['value'] / 1000:,.15g}"
    return [*rows, {**older, **first}]


def rebuilt(measure: str, period: str) -> float:
    """Figure of T10 before the merger: the sum over T11 and T12."""
    found = [figure(body, measure, period) for body in ENDED]
    return sum(part[0] or 0.0 for part in found if part)


def values_rebuilt() -> list[Row]:
    return [
        {
            "body_id": "T10",
            "measure_id": measure,
            "period": period,
            "value": rebuilt(measure, period),
            "status": "ok",
            "parts": "T11 T12",
            "n_parts": 2,
            "n_present": 2,
            "input_editions": f"{MEASURES[measure]['dataset']}@{EDITION[MEASURES[measure]['dataset']]}",
        }
        for measure in ("waste_spend", "road_spend", "waste_tonnes", "recycled")
        for period in YEARS[:2]
    ]


def input_figure(body: str, measure: str, period: str) -> Figure:
    """The figure that a result rests on: published, or added up over predecessors."""
    if body == "T10" and period in YEARS[:2]:
        return rebuilt(measure, period), "ok", "", None, None
    return figure(body, measure, period) or (None, "quarantined", "", None, None)


ORDER = (
    "ok",
    "provisional",
    "imputed",
    "small",
    "break",
    "zero_den",
    "suppressed",
    "missing",
    "not_applicable",
    "withheld",
    "quarantined",
)


def _status(indicator: str, body: str, period: str, statuses: list[str], denominator: float | None) -> str:
    if (indicator, body, period) == ("recycling_share", "T06", "2022-23"):
        statuses.append("withheld")
    if denominator == 0:
        statuses.append("zero_den")
    elif denominator is not None and denominator < 20:
        statuses.append("small")
    return max(statuses, key=ORDER.index)


def indicator_value(indicator: str, body: str, period: str) -> Row:
    facts = INDICATORS[indicator]
    other = POINT if facts["denominator"] == "road_km" else period
    top, bottom = input_figure(body, facts["numerator"], period), input_figure(body, facts["denominator"], other)
    statuses = [top[1], bottom[1]]
    reasons = sorted({status for status in statuses if status != "ok"})
    status = _status(indicator, body, period, statuses, bottom[0])
    nominal = top[0]
    numerator = nominal
    if nominal is not None and facts["real_terms"]:
        numerator = nominal * (PRICES["2023-24"] / PRICES[period])
    value = None
    if status not in VALUELESS and numerator is not None and bottom[0]:
        value = facts["multiplier"] * numerator / bottom[0]
    if status in ("quarantined", "withheld"):
        value = HIDDEN_VALUE
    spread = 0.0 if facts["interval"] == "none" or value is None else 0.05
    editions = {
        f"{MEASURES[m]['dataset']}@{EDITION[MEASURES[m]['dataset']]}"
        for m in (facts["numerator"], facts["denominator"])
    }
    return {
        "body_id": body,
        "indicator_id": indicator,
        "period": period,
        "numerator": numerator,
        "numerator_nominal": nominal if facts["real_terms"] else None,
        "denominator": bottom[0],
        "denominator_period": other if other != period else None,
        "value": value,
        "se": spread / 1.96 if spread else None,
        "lo": value * (1 - spread) if spread and value else None,
        "hi": value * (1 + spread) if spread and value else None,
        "interval_method": INTERVAL[facts["interval"]],
        "status": status,
        "status_reasons": " ".join(reasons) or None,
        "rebuilt": body == "T10" and period in YEARS[:2],
        "like_for_like": (body, facts["service_id"]) != ("T05", "waste"),
        "method_id": "M1.1",
        "input_editions": " ".join(sorted(editions)),
        **METHOD,
    }


def indicator_values() -> list[Row]:
    return [indicator_value(indicator, body, period) for indicator in INDICATORS for body in LIVING for period in YEARS]


RULES = {"cap_quantile": None, "same_class": True, "same_region": False, "exclude_merged_years": 0}
"""What the invented peer models ask of a pair: no cap, one class, any region."""
SCALE = {"population": 20_000.0, "deprivation": 5.0}
"""How much of each makes two councils equally unlike."""


def weight(measure: str) -> float:
    """Weight under which robust scores give the distances of `SCALE`: the square of a score's unit over the scale."""
    found = np.array([_plain(measure, body, 0) for body in LIVING])
    unit = 1.4826 * np.median(np.abs(found - np.median(found)))
    return float((unit / SCALE[measure]) ** 2)


def peers_of(model: str, body: str) -> list[tuple[str, float]]:
    """The eight nearest in people and deprivation; the publisher's list has six, of T08 only three."""
    total = np.sqrt(sum(weight(measure) for measure in SCALE))

    def place(other: str) -> tuple[float, float]:
        return _plain("population", other, 0) / SCALE["population"], _plain("deprivation", other, 0) / SCALE[
            "deprivation"
        ]

    here = place(body)
    away = {o: np.hypot(here[0] - place(o)[0], here[1] - place(o)[1]) / total for o in LIVING if o != body}
    found = sorted((round(float(distance), 12), o) for o, distance in away.items())
    k = 8 if model == "statistical" else 3 if body == "T08" else 6
    return [(other, distance) for distance, other in found[:k]]


def farthest(body: str) -> float:
    """Distance of the council least like this one."""
    total = np.sqrt(sum(weight(measure) for measure in SCALE))
    away = [
        sum(((_plain(m, body, 0) - _plain(m, o, 0)) / scale) ** 2 for m, scale in SCALE.items()) ** 0.5 for o in LIVING
    ]
    return round(float(max(away) / total), 12)


def peers() -> list[Row]:
    rows = []
    for model in ("statistical", "official"):
        for body in LIVING:
            for order, (peer, distance) in enumerate(peers_of(model, body), start=1):
                computed = model == "statistical"
                rows.append(
                    {
                        "model_id": model,
                        "body_id": body,
                        "peer_id": peer,
                        "closeness_order": order,
                        "distance": distance if computed else None,
                        "distance_rebased": distance / farthest(body) if computed else None,
                        "retention": None,
                        "core": None,
                        "method_id": "M2.1",
                        "input_editions": f"context@{EDITION['context']}",
                        **METHOD,
                    }
                )
    return rows


def peer_features() -> list[Row]:
    rows = []
    for body in LIVING:
        for peer, _ in peers_of("statistical", body):
            parts = {m: ((_plain(m, body, 0) - _plain(m, peer, 0)) / scale) ** 2 for m, scale in SCALE.items()}
            for measure in SCALE:
                mine, theirs = _plain(measure, body, 0), _plain(measure, peer, 0)
                rows.append(
                    {
                        "model_id": "statistical",
                        "body_id": body,
                        "peer_id": peer,
                        "variable_id": measure,
                        "label": MEASURES[measure]["label"],
                        "theme": "People" if measure == "population" else "Need",
                        "unit": MEASURES[measure]["unit"],
                        "body_value": mine,
                        "peer_value": theirs,
                        "share": parts[measure] / sum(parts.values()),
                    }
                )
    return rows


def peer_groups() -> list[Row]:
    return [
        {
            "model_id": model,
            "body_id": body,
            "n_peers": len(peers_of(model, body)),
            "state": {8: "benchmark", 6: "few", 3: "none"}[len(peers_of(model, body))],
            "appears_in": sum(body in dict(peers_of(model, other)) for other in LIVING if other != body),
            "note": None if model == "statistical" else "The publisher lists few councils like this one",
        }
        for model in ("statistical", "official")
        for body in LIVING
    ]


def position(model: str, body: str, row: Row, others: dict[str, Row]) -> Row:
    """One position (methods.md M3.1): type 7 quartiles, mid-rank percentile, verdict by interval."""
    listed = [others[peer] for peer, _ in peers_of(model, body)]
    alike = [peer for peer in listed if peer["like_for_like"]]
    found = np.array([peer["value"] for peer in alike if peer["status"] in REFERENCE])
    out: Row = {
        "model_id": model,
        "body_id": body,
        "indicator_id": row["indicator_id"],
        "period": row["period"],
        "n_peers": len(found),
        "n_left_out": len(listed) - len(alike),
        "verdict": "withheld",
        "reason": None,
        "method_id": "M3.1",
        "input_editions": row["input_editions"],
        **METHOD,
    }
    if len(found) < 5:
        return out | {"reason": f"too few comparable bodies ({len(found)})"}
    low, first, median, third, high = (float(q) for q in np.quantile(found, [0, 0.25, 0.5, 0.75, 1]))
    out |= {"peer_min": low, "peer_q25": first, "peer_median": median, "peer_q75": third, "peer_max": high}
    if row["status"] not in REFERENCE:
        return out | {"reason": f"its own figure is {row['status']}"}
    if not row["like_for_like"]:
        return out | {"reason": "another body pays part of the service"}
    polarity = INDICATORS[row["indicator_id"]]["polarity"]
    better = (found > row["value"]) if polarity == "lower" else (found < row["value"])
    percentile = 100 * (better.sum() + 0.5 * (found == row["value"]).sum()) / len(found)
    lo, hi = (row[end] / median if row[end] else None for end in ("lo", "hi"))
    verdict = "withheld" if lo is None or hi is None else "higher" if lo > 1 else "lower" if hi < 1 else "same"
    return out | {
        "percentile": float(percentile),
        "band": 4 - min(3, int(percentile // 25)),
        "ratio": row["value"] / median,
        "ratio_lo": lo,
        "ratio_hi": hi,
        "verdict": verdict,
        "reason": "no interval" if lo is None else None,
    }


def positions() -> list[Row]:
    rows = indicator_values()
    out = []
    for model in ("statistical", "official"):
        for row in rows:
            others = {
                r["body_id"]: r
                for r in rows
                if (r["indicator_id"], r["period"]) == (row["indicator_id"], row["period"])
            }
            out.append(position(model, row["body_id"], row, others))
    return out


def _field(indicator: str, period: str) -> list[Row]:
    """The ten councils' figures, NaN where one may not be shown or compared; all ten are one field."""
    rows = [indicator_value(indicator, body, period) for body in LIVING]
    names = ("value", "se", "lo", "hi", "numerator", "denominator")

    def shown(row: Row, name: str) -> float:
        fit = row["like_for_like"] and row["status"] not in ("withheld", "quarantined")
        return row[name] if fit and row[name] is not None else float("nan")

    return [row | {name: shown(row, name) for name in names} for row in rows]


def _column(rows: list[Row], name: str) -> np.ndarray:
    return np.array([row[name] for row in rows])


def _shrunk(indicator: str, period: str) -> tuple[list[Row], FieldShrunk]:
    rows, facts = _field(indicator, period), INDICATORS[indicator]
    most = facts["multiplier"] if facts["interval"] == "proportion" else np.inf
    columns = (_column(rows, name) for name in ("value", "se", "lo", "hi", "status"))
    return rows, shrink_field(*columns, interval=facts["interval"], most=most)


def _key(row: Row, method: str) -> Row:
    named = {name: row[name] for name in ("body_id", "indicator_id", "period", "status", "input_editions")}
    return named | {"field": "council", "method_id": method, **METHOD}


def _null(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def reliability() -> list[Row]:
    out = []
    for indicator, period in product(INDICATORS, YEARS):
        rows, found = _shrunk(indicator, period)
        for at, row in enumerate(rows):
            figures = {name: _null(getattr(found, name)[at]) for name in ("value", "lo", "hi", "reliability")}
            stated = {"n": found.n, "mean": _null(found.mean), "spread": _null(found.spread), "use": found.use[at]}
            out.append(_key(row, "M3.6") | figures | stated)
    return out


def places() -> list[Row]:
    out = []
    for indicator in INDICATORS:
        rows, found = _shrunk(indicator, YEARS[-1])
        way = {"lower": -1, "higher": 1, "neutral": 0}[INDICATORS[indicator]["polarity"]]
        place = place_field(found, way, list(LIVING))
        for at, row in enumerate(rows):
            stands = place.group[at] > 0
            ends = [int(end) if stands else None for end in np.nan_to_num(place.range[at])]
            chances = {"p_best_quarter": _null(place.best[at]), "p_worst_quarter": _null(place.worst[at])}
            apart = {"told_apart_from": int(place.apart[at]), "group": int(place.group[at])} if stands else {}
            where = {"n": place.n, "place_lo": ends[0], "place_hi": ends[1]}
            out.append(_key(row, "M3.7") | where | chances | apart | {"seed": 0})
    return out


def _drawn(indicator: str, period: str) -> tuple[list[Row], FieldFunnel]:
    rows, facts = _field(indicator, period), INDICATORS[indicator]
    seen = np.isnan(_column(rows, "value"))
    events, cases = (np.where(seen, np.nan, _column(rows, name).astype(float)) for name in ("numerator", "denominator"))
    status = _column(rows, "status")
    return rows, funnel_field(events, cases, status, interval=facts["interval"], multiplier=facts["multiplier"])


def funnels() -> list[Row]:
    out = []
    for period in YEARS:
        rows, found = _drawn("recycling_share", period)
        figures = {name: _null(getattr(found, name)) for name in ("centre", "phi", "tau2")}
        out.append(
            {name: value for name, value in _key(rows[0], "M3.4").items() if name not in ("body_id", "status")}
            | {"kind": found.kind, "n": found.n, "note": found.note or None, **figures}
        )
    return out


def funnel_points() -> list[Row]:
    out = []
    for period in YEARS:
        rows, found = _drawn("recycling_share", period)
        ends = {"lo_95": 0, "hi_95": 1, "lo_998": 2, "hi_998": 3}
        for at, row in enumerate(rows):
            limits = {name: _null(found.wide[at, column]) for name, column in ends.items()}
            plain = {f"plain_{name}": _null(found.plain[at, ends[name]]) for name in ("lo_95", "hi_95")}
            scores = {"size": found.size[at], "z": found.z[at], "z_widened": found.widened[at], "value": row["value"]}
            said = {"flag": str(found.flag[at]), "discovery": None}
            out.append(_key(row, "M3.4") | limits | plain | {k: _null(v) for k, v in scores.items()} | said)
    return out


def costs() -> list[Row]:
    rows = []
    for service, measure in (("waste", "waste_spend"), ("roads", "road_spend")):
        for body in LIVING:
            for period in YEARS:
                value, status, *_ = input_figure(body, measure, period)
                if status != "quarantined":
                    real = None if value is None else round(value * (PRICES["2023-24"] / PRICES[period]), 2)
                    rows.append(
                        {
                            "body_id": body,
                            "service_id": service,
                            "period": period,
                            "cost_gbp": value,
                            "cost_gbp_2023_24": real,
                            "status": status,
                            "input_editions": f"spend@{EDITION['spend']}",
                        }
                    )
    return rows


def passport() -> list[Row]:
    rows = []
    for measure in list(MEASURES)[:-1]:
        for period in periods_of(measure):
            for body in LIVING:
                status = input_figure(body, measure, period)[1]
                grade = {"ok": "A", "provisional": "B", "break": "B", "imputed": "C"}.get(status, "D")
                revised = (body, measure, period) == ("T01", "waste_spend", "2022-23")
                rows.append(
                    {
                        "body_id": body,
                        "measure_id": measure,
                        "period": period,
                        "status": status,
                        "grade": grade,
                        "present_share": 0.9,
                        "age_periods": 0 if period == YEARS[2] else 1,
                        "n_editions": 2 if revised else 1,
                        "revised": revised,
                        "n_quarantined": int(status == "quarantined"),
                        "flags": None,
                        "comparability": "another body pays part of the service"
                        if body == "T05" and measure == "waste_spend"
                        else None,
                    }
                )
    return rows


def bodies() -> list[Row]:
    rows: list[Row] = [
        {
            "body_id": body,
            "name": name,
            "class_id": "council",
            "parent_id": None,
            "region": "North" if _number(body) % 2 else "South",
            "valid_from": "2023-04-01" if body == "T10" else "1974-04-01",
            "valid_to": "2023-03-31" if body in ENDED else None,
        }
        for body, name in zip((*LIVING, *ENDED), NAMES, strict=True)
    ]
    return [*rows, {"body_id": "UK", "name": "United Kingdom", "class_id": "nation"}]


def editions() -> list[Row]:
    rows = []
    for dataset, edition in (*EDITION.items(), ("spend", FIRST_EDITION)):
        publisher, title = PUBLISHER[dataset]
        set_aside = int(edition == EDITION["spend"])
        rows.append(
            {
                "dataset": dataset,
                "edition": edition,
                "date": edition[:10],
                "publisher": publisher,
                "title": title,
                "url": f"https://example.org/{dataset}",
                "licence": "OGL-UK-3.0",
                "original_name": f"{dataset}_{edition[:4]}.csv",
                "original_sha256": edition[-8:] * 8,
                "rows_in": 72 + set_aside,
                "rows_accepted": 72,
                "rows_quarantined": set_aside,
                "periods_current": 0 if edition == FIRST_EDITION else 3,
            }
        )
    return rows


def rows() -> dict[str, list[Row]]:
    """The rows of every public table, by table."""
    from tests import production  # it builds on this module

    day = {
        "2021-22": ("2021-04-01", "2022-03-31"),
        "2022-23": ("2022-04-01", "2023-03-31"),
        "2023-24": ("2023-04-01", "2024-03-31"),
    }
    polarity = {"cost": "lower", "outcome": "higher"}
    return {
        "bodies": bodies(),
        "body_alias": [
            {"scheme": "name", "code": name.casefold(), "body_id": body, "valid_from": "", "valid_to": None}
            for body, name in zip((*LIVING, *ENDED), NAMES, strict=True)
        ],
        "body_lineage": [
            {
                "from_id": old,
                "to_id": "T10",
                "effective_period": "2023-24",
                "share": 1.0,
                "kind": "merge",
                "share_basis": "whole",
            }
            for old in ENDED
        ],
        "periods": [
            *(
                {"period": f"{y}-{y - 1999}", "kind": "financial_year", "start": f"{y}-04-01", "end": f"{y + 1}-03-31"}
                for y in CHARTED
            ),
            *(
                {"period": year, "kind": "financial_year", "start": start, "end": end}
                for year, (start, end) in day.items()
            ),
            {"period": POINT, "kind": "point", "start": POINT, "end": POINT},
        ],
        "measures": [
            {"measure_id": m, "series": m, "polarity": polarity.get(facts["kind"], "neutral"), "caveat": None, **facts}
            for m, facts in MEASURES.items()
        ],
        "services": [
            {
                "service_id": "waste",
                "label": "Waste and recycling",
                "headline": "waste_cost_per_tonne",
                "cost": "waste_spend",
                "outputs": "waste_tonnes",
                "outcomes": "recycled",
                "quality": "recycling_share",
                **production.SERVICE,
            },
            {
                "service_id": "roads",
                "label": "Roads",
                "headline": "road_cost_per_km",
                "cost": "road_spend",
                "note": "Spending only: no output is published",
            },
        ],
        "indicators": [{"indicator_id": indicator, **facts} for indicator, facts in INDICATORS.items()],
        "scope_flags": [
            {
                "body_id": "T05",
                "service_id": "waste",
                "period_from": "",
                "indicators": "",
                "reason": "A joint authority disposes of its waste",
                "source": "https://example.org/joint-authorities",
            }
        ],
        "values": values(),
        "quarantine": [
            {
                "dataset": "spend",
                "edition": EDITION["spend"],
                "code": "T08",
                "name": "Heathwick",
                "series": "waste_spend",
                "period": "2023-24",
                "published_text": "-987,654",
                "locator": "waste_spend!C14",
                "rule": "not_negative",
                "reason": "Gross spending cannot be negative",
            }
        ],
        "flagged": [
            {
                "body_id": "T02",
                "measure_id": "waste_spend",
                "period": "2023-24",
                "rule": "year_on_year",
                "reason": "rose by 42% on 2022-23",
            }
        ],
        "editions": editions(),
        "values_rebuilt": values_rebuilt(),
        "costs": costs(),
        "indicator_values": indicator_values(),
        "peers": peers(),
        "peer_features": peer_features(),
        "peer_groups": peer_groups(),
        "positions": positions(),
        "reliability": reliability(),
        "places": places(),
        "funnels": funnels(),
        "funnel_points": funnel_points(),
        "chains": production.chains(),
        "productivity": production.productivity(),
        **results(indicator_values(), peers(), costs()),
        **policy_rows(indicator_values(), [row for row in costs() if row["period"] == "2023-24"]),
        "passport": passport(),
    }


def frames() -> dict[str, pl.DataFrame]:
    """Every public table of the release as a frame with the contract's columns and types."""
    found = rows()
    return {table.name: _frame(table, found.get(table.name, [])) for table in _facts()}


def _frame(table: Table, listed: list[Row]) -> pl.DataFrame:
    strange = {name for row in listed for name in row} - set(table.schema)
    assert not strange, f"{table.name}: {strange}"
    return pl.DataFrame([{name: row.get(name) for name in table.schema} for row in listed], schema=table.schema)


def checks() -> tuple[CheckResult, ...]:
    return (
        CheckResult("values_key_unique", "values", "expectation", "critical", "passed", "No figure is stated twice"),
        CheckResult("net_adds_up", "values", "sql", "critical", "passed", "Net is total less income"),
        CheckResult(
            "year_on_year",
            "values",
            "expectation",
            "warning",
            "failed",
            "Few figures move by more than 30%",
            "1 of 210",
            ("T02 waste_spend 2023-24",),
        ),
        CheckResult(
            "ratio_matches",
            "indicator_values",
            "sql",
            "critical",
            "passed",
            "Every indicator is its numerator over its denominator",
        ),
        CheckResult(
            "national_total",
            "values",
            "sql",
            "warning",
            "not_evaluated",
            "Councils add up to the published total",
            "no total is published",
        ),
    )


def lineage() -> pl.DataFrame:
    """What each table was made from."""

    def made() -> Iterator[tuple[str, str, str, str]]:
        for dataset, edition in (*EDITION.items(), ("spend", FIRST_EDITION)):
            yield "values", f"{dataset}@{edition}", "edition", f"sources.{dataset}"
        yield "values_rebuilt", "values", "table", "sql/marts/values_rebuilt.sql"
        yield "values_rebuilt", "body_lineage", "table", "sql/marts/values_rebuilt.sql"
        yield "indicator_values", "values", "table", "M1.1"
        yield "positions", "indicator_values", "table", "M3.1"
        yield "positions", "peers", "table", "M3.1"

    return pl.DataFrame(list(made()), schema=["table_name", "reads", "kind", "made_by"], orient="row")


def pack_facts() -> dict[str, Any]:
    """What a release says of its pack: the `evenhand` block of datapackage.json, less what the tables tell."""
    return {
        "pack": PACK,
        "title": "Twelve invented councils",
        "noun": "council",
        "nouns": "councils",
        "currency": "GBP",
        "base_period": "2023-24",
        "year_kind": "financial_year",
        "region_noun": "region",
        "classes": [
            {
                "id": "council",
                "label": "Council",
                "plural": "Councils",
                "benchmarked": True,
                "aggregate": False,
                "tier": "single",
                "peers_from": ["council"],
            },
            {
                "id": "nation",
                "label": "Nation",
                "plural": "Nations",
                "benchmarked": False,
                "aggregate": True,
                "tier": "other",
                "peers_from": ["nation"],
            },
        ],
        "peer_models": [
            {
                "id": "statistical",
                "label": "Nearest in people and deprivation",
                "kind": "computed",
                "k": 8,
                **RULES,
                "variables": [
                    {
                        "id": measure,
                        "measure": measure,
                        "label": MEASURES[measure]["label"],
                        "theme": "People" if measure == "population" else "Need",
                        "transform": "none",
                        "weight": weight(measure),
                        "period": "newest",
                    }
                    for measure in SCALE
                ],
            },
            {
                "id": "official",
                "label": "The publisher's own list",
                "kind": "published",
                "k": 6,
                **RULES,
                "variables": [],
            },
        ],
        "headline_peer_model": "statistical",
        "deflator": [{"period": year, "factor": PRICES["2023-24"] / PRICES[year], "status": "ok"} for year in YEARS],
        "frontiers": [FRONTIER],
        "cost_models": [],
        "licence_note": "Invented figures",
        "age_limits": {},
        "contact": None,
        "wording": {},
    }


def provenance() -> dict[str, Any]:
    return {
        "code_revision": "0" * 40,
        "lock_sha256": "1" * 64,
        "pack_sha256": "2" * 64,
        "inputs": [
            {
                "dataset": e["dataset"],
                "edition": e["edition"],
                "original_sha256": e["original_sha256"],
                "figure_sha256": "3" * 64,
            }
            for e in editions()
        ],
    }


def make_release(home: Path) -> str:
    """Publish the sample under `home` and return its id; open it with `open_release(home, PACK)`."""
    from pipelines.releases.build import build
    from pipelines.releases.store import Store

    store = Store(home)
    with store.workspace(PACK) as folder:
        candidate = build(folder, frames(), checks(), lineage(), pack_facts(), provenance())
        return store.publish(PACK, candidate, by="tests", why="sample").release
