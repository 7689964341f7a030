"""Explain tracking: the call on a target, its control chart, its forecast, recomputed from the figures (F17, F25)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from pipelines.errors import BadInput
from pipelines.methods.forecast import Forecast, call, forecast
from pipelines.methods.forecast_scale import limits_of, natural, unpassed
from pipelines.methods.status import REFERENCE
from pipelines.methods.targets import met_from
from pipelines.methods.xmr_limits import NEEDED, limits
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, Step, brief, plain
from pipelines.releases.explain import checks_of, editions_of, explain
from pipelines.releases.explain_target import DIRECTION, explain_target, policy_caveats, target_of
from pipelines.releases.figures import same
from pipelines.releases.lookup import Row, find, find_body, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

Z95 = 1.959963984540054
SIGNALS = {
    "outside": "outside the limits",
    "trend": "one of seven or more that steadily rise or fall",
    "two_of_three": "one of two out of three near a limit",
    "shift": "one of seven or more on one side of the mean",
}


def explain_tracking(release: Release, body_id: str, indicator_id: str, period: str | None, policy: str) -> Claim:
    """The claim behind a call: the newest figure, the target, the path, the chance and the counter-measures.

    Raises BadInput, with the nearest spellings, on what the release does not have.
    """
    row, target, key = tracked(release, body_id, indicator_id, policy)
    if period and period != row["period"]:
        raise BadInput(f"the newest figure is of {row['period']}; the call rests on it, not on {period!r}")
    own = explain(release, key["body_id"], indicator_id, row["period"])
    asked = explain_target(release, key["body_id"], indicator_id, None, key["policy_id"])
    again = forecast_again(release, row, target)
    return replace(
        own,
        kind="tracking",
        model=key["policy_id"],
        sentence=call_sentence(own, row, target),
        lo=row["lo"] if own.value is not None else None,
        hi=row["hi"] if own.value is not None else None,
        caveats=(*policy_caveats(one(release, "policies", policy_id=key["policy_id"]) or {}), *own.caveats),
        steps=(*own.steps, *asked.steps[-4:], *call_steps(own, row, target, again)),
        peers=asked.peers,
        checks=checks_of(release, ("tracking", "forecasts", "targets", *(check.table for check in own.checks))),
        methods=(*own.methods, note(row["method_id"], row["method_version"], row["params_hash"], row["seed"])),
        editions=editions_of(own.inputs, row["input_editions"]),
    )


def tracked(release: Release, body_id: str, indicator_id: str, policy: str) -> tuple[Row, Row, dict[str, str]]:
    """The call, its target, and their key; BadInput where the target is not tracked."""
    body, target = target_of(release, body_id, indicator_id, policy)
    key = {"policy_id": target["policy_id"], "body_id": body["body_id"], "indicator_id": indicator_id}
    row = one(release, "tracking", **key)
    if row is None:
        why = target["reason"] or "its body has no figure that may be compared"
        raise BadInput(f"the target of {body['name']} for {indicator_id!r} is not tracked: {why}")
    return row, target, key


def call_sentence(own: Claim, row: Row, target: Row) -> str:
    """The call in words; a chance is never given without them."""
    goal = f"{brief(target['target'], own.unit)} by {target['due_period']}"
    likely = "" if row["p_hit"] is None else f"; meeting it is {row['p_words']} ({chance(row['p_hit'])})"
    why = f" ({row['reason']})" if row["reason"] else ""
    return f"{own.label}, {own.body_name}, against {goal}: {row['call']}{why}{likely}."


def chance(p: float) -> str:
    """A chance in per cent; near its ends 'over 99%' and 'under 1%': none is certain."""
    return "over 99%" if p >= 0.995 else "under 1%" if p <= 0.005 else f"{100 * p:.0f}%"


def call_steps(own: Claim, row: Row, target: Row, again: Forecast | None) -> tuple[Step, ...]:
    """Path, chance, call, pace, counter-measures."""
    out = []
    if row["on_path"]:
        out.append(Step("Against the path", f"{row['on_path']}: the path is read with its allowance for chance"))
    if row["p_hit"] is not None:
        fits = None if again is None else same(again.p_hit, row["p_hit"], 1e-6)
        words = f"from {row['n_points']} points that follow on one another; forecast to {target['due_period']}"
        out.append(Step("Chance", words, "sum of weight x chance of each model", plain(row["p_hit"]), fits))
        early = row["call"] == "too early to say"
        held_back = row["reason"] is not None
        told = None if early or held_back or row["call"] == "met" else call(row["p_hit"]) == row["call"]
        words = "on track from 66%, off track under 33%, uncertain between"
        out.append(Step("Call", f"{row['call']}: {words}", "", plain(row["p_hit"]), told))
    if row["pace_needed"] is not None:
        numbers = f"needed {plain(row['pace_needed'])}, achieved {plain(row['pace_achieved'])} a period"
        out.append(Step("Pace", "change for the better a period", "", numbers))
    if row["counter_worse"] is not None:
        words = "no counter-measure likely worsened" if row["counter_ok"] else "a counter-measure may have worsened"
        out.append(
            Step("Counter-measures", words, "held to be worse from 20%", f"chance {chance(row['counter_worse'])}")
        )
    return tuple(out)


def forecast_again(release: Release, row: Row, target: Row) -> Forecast | None:
    """The forecast recomputed from the body's own figures of the release; None where the release shows none."""
    key = {name: row[name] for name in ("policy_id", "body_id", "indicator_id")}
    ahead = len(rows(release, "forecasts", **key))
    if not ahead:
        return None
    indicator = find(release, "indicators", "indicator_id", row["indicator_id"], "indicator")
    direction = DIRECTION[indicator["polarity"]]
    se = (target["start_hi"] - target["start_lo"]) / (2 * Z95)
    level = met_from(target["target"], target.get("success"), hold=target["hold"], se=se, direction=direction)
    figures = usable(release, row["body_id"], row["indicator_id"], row["period"])[-row["n_points"] :]
    bounds = limits_of(indicator["format"], indicator["unit"], indicator["multiplier"])
    scale, within = natural(bounds, np.append(figures, level))
    possible = cut_at(row, bounds, figures)
    return forecast(figures, level, ahead, direction, scale=scale, bounds=within, within=possible)


def cut_at(row: Row, bounds: tuple[float, float], figures: ArrayLike) -> tuple[float, float]:
    """Where limits and fans are cut; nowhere in a row of the first version of its method, which cut none."""
    return (-np.inf, np.inf) if row["method_version"] == "1" else unpassed(bounds, figures)


def usable(release: Release, body: str, indicator: str, last: str) -> np.ndarray:
    """The figures of a body that may be compared, in order of time, up to a period."""
    starts = release.table("periods").select("period", "start")
    mine = (pl.col("body_id") == body) & (pl.col("indicator_id") == indicator)
    found = release.table("indicator_values").filter(mine).join(starts, on="period").sort("start")
    found = found.filter(pl.col("like_for_like") & pl.col("status").is_in(REFERENCE) & pl.col("value").is_not_null())
    end = found.filter(pl.col("period") == last)["start"].item()
    return np.asarray(found.filter(pl.col("start") <= end)["value"].to_numpy())


def explain_forecast(release: Release, body_id: str, indicator_id: str, period: str, policy: str) -> Claim:
    """The claim behind one period of a forecast: the call, then the fan in that period, recomputed."""
    row, target, key = tracked(release, body_id, indicator_id, policy)
    fans = sorted(rows(release, "forecasts", **key), key=lambda fan: str(fan["period"]))
    place = next((at for at, fan in enumerate(fans) if fan["period"] == period), None)
    if place is None:
        raise BadInput(f"there is no forecast of {period!r}{nearest([fan['period'] for fan in fans], period)}")
    told = explain_tracking(release, body_id, indicator_id, None, key["policy_id"])
    again, fan = forecast_again(release, row, target), fans[place]
    stated = [fan[name] for name in ("lo", "lo_50", "median", "hi_50", "hi")]
    fits = again is not None and all(
        same(a, b, 1e-6 * max(1.0, abs(b))) for a, b in zip(again.fan[place].tolist(), stated, strict=True)
    )
    middle, low, high = (brief(fan[name], told.unit) for name in ("median", "lo", "hi"))
    words = f"{place + 1} periods after {row['period']}: four in five possible courses stay inside"
    step = Step("Fan", words, "10, 25, 50, 75 and 90%", ", ".join(plain(value) for value in stated), fits)
    return replace(
        told,
        kind="forecasts",
        period=period,
        sentence=f"{told.label}, {told.body_name}: {middle} in {period} if it goes on as before ({low} to {high}).",
        value=fan["median"],
        lo=fan["lo"],
        hi=fan["hi"],
        steps=(*told.steps, step),
    )


def explain_chart(release: Release, body_id: str, indicator_id: str, period: str, policy: str) -> Claim:
    """The claim behind one point of a control chart: the figure, the limits recomputed from its points, the rule.

    Raises BadInput where there is no chart: a series under eight points tells no signal from noise.
    """
    body = find_body(release, body_id)
    points = rows(release, "charts", body_id=body["body_id"], indicator_id=indicator_id)
    if not points:
        raise BadInput(f"{body['name']} has no chart of {indicator_id!r}: {NEEDED} comparable points are needed")
    starts = dict(release.table("periods").select("period", "start").iter_rows())
    points.sort(key=lambda point: str(starts[point["period"]]))
    row = next((point for point in points if point["period"] == period), None)
    if row is None:
        raise BadInput(f"the chart has no {period!r}{nearest([point['period'] for point in points], period)}")
    own = explain(release, body["body_id"], indicator_id, period)
    said = SIGNALS[row["signal"]] if row["signal"] else ""
    words = f"{row['way']}: {said}" if said else "within what chance alone shows"
    return replace(
        own,
        kind="charts",
        sentence=f"{own.label}, {own.body_name}, {period}: {words}.",
        value=row["value"],
        lo=row["lower"],
        hi=row["upper"],
        steps=(*own.steps, limits_step(release, row, points), Step("Signal", words)),
        checks=checks_of(release, ("charts", *(check.table for check in own.checks))),
        methods=(*own.methods, note(row["method_id"], row["method_version"], row["params_hash"], row["seed"])),
        editions=editions_of(own.inputs, row["input_editions"]),
    )


def limits_step(release: Release, row: Row, points: list[Row]) -> Step:
    """The limits of the points up to the target's base period, or of all where those are too few."""
    key = {"body_id": row["body_id"], "indicator_id": row["indicator_id"]}
    first = min(rows(release, "targets", **key), key=lambda target: str(target["policy_id"]))
    starts = dict(release.table("periods").select("period", "start").iter_rows())
    base = starts[first["base_period"]]
    before = [point for point in points if starts[point["period"]] <= base]
    used = before if len(before) >= NEEDED else points
    series: list[float] = []
    for place, point in enumerate(used):
        series += [np.nan] * (place > 0 and point["moving_range"] is None) + [point["value"]]
    numbers = f"mean {plain(row['mean'])}, limits {plain(row['lower'])} to {plain(row['upper'])}"
    words = f"what chance alone lets {len(used)} points from {used[0]['period']} to {used[-1]['period']} do"
    if row["kind"] != "xmr":
        return Step("Limits", words, "", numbers)
    again = limits(series)
    indicator = find(release, "indicators", "indicator_id", row["indicator_id"], "indicator")
    bounds = limits_of(indicator["format"], indicator["unit"], indicator["multiplier"])
    lower, upper = np.clip(
        [again.lower, again.upper], *cut_at(row, bounds, [point["value"] for point in points])
    ).tolist()
    fits = all(same(a, b, 1e-9) for a, b in ((again.mean, row["mean"]), (lower, row["lower"]), (upper, row["upper"])))
    rule = "mean +- 2.66 x mean moving range, cut where no figure can lie"
    return Step("Limits", words, rule, numbers, fits)
