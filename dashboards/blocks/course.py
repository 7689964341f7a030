"""One target: the course from its start to its due period, its fairness tests, its counter-measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address
from dashboards.blocks.asked import TEST, tests_of
from dashboards.blocks.cut import cut_words
from dashboards.components import block, words
from dashboards.components.courses import glide_plot
from dashboards.components.numbers import Style, chance_of, percent_of, period_words
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book
from pipelines.methods.target_budget import WORSENED

Row = dict[str, Any]
FIELDS = ("body_id", "indicator_id", "period", "kind", "value", "lo", "hi", "status")
KIND = {"actual": "What happened", "path": "Path", "forecast": "Forecast, 80% fan"}
ON_PATH = {
    "within": "The newest figure lies within the allowance around the path.",
    "better": "The newest figure is better than the path by more than chance.",
    "worse": "The newest figure is worse than the path by more than chance.",
}
MARK = {"pass": "✓", "caution": "!", "fail": "✗", "not tested": "–"}


def course(book: Book, address: Address, body: Body, row: Row, found: Row | None) -> tuple[Any, Sheet]:
    """The chart of one target with its table."""
    id = row["indicator_id"]
    key = {"policy_id": row["policy_id"], "body_id": body.id, "indicator_id": id}

    def ordered(rows: Sequence[Row]) -> list[Row]:
        return sorted(rows, key=lambda each: book.ends.get(str(each["period"]), str(each["period"])))

    actual = ordered(book.standing(book.headline, body_id=body.id, indicator_id=id))
    path, fan = ordered(book.rows("target_paths", **key)), ordered(book.rows("forecasts", **key))
    style = book.style(id)
    sheet = listing(actual, path, fan, style)
    origin = block.Origin(("of", "targets", body.id, id, row["base_period"], row["policy_id"]))
    figure = glide_plot(actual, path, fan, row["target"], style)
    title = f"From {period_words(row['base_period'])} to {period_words(row['due_period'])}"
    cut = cut_words("Allowance and fan", [*path, *fan], ("lo", "hi"), book.indicators[id], style)
    said = [*sentence(book, row, found, style, bool(fan)), cut, words.hollow(actual)]
    return block.figure_block(title, said, figure, sheet, origin, address), sheet


def sentence(book: Book, row: Row, found: Row | None, style: Style, forecast: bool) -> list[str]:
    """Where the newest figure stands against the path, the pace needed and achieved."""
    parts = [
        "Solid: what happened, with 95% intervals. Dashed: the path, with its allowance for chance. ",
        "Dotted: the forecast with its 80% fan. " if forecast else "",
    ]
    if found and found["on_path"]:
        parts.append(f"{ON_PATH[found['on_path']]} ")
    return [*parts, pace(book, row, found, style)]


def pace(book: Book, row: Row, found: Row | None, style: Style) -> str:
    """The change a period that is needed from the newest figure on, and what was achieved up to it; empty for a hold.

    The release holds paces as improvements: a positive one is a fall where lower is better. They start from the newest
    figure, the path from the start with chance taken out: where these read apart, both are said.
    """
    if row["hold"] or not found or found["pace_needed"] is None or found["pace_achieved"] is None:
        return ""
    sign = -1 if book.indicators[row["indicator_id"]]["polarity"] == "lower" else 1
    needed, achieved = (change(sign * found[name], style) for name in ("pace_needed", "pace_achieved"))
    newest, start = style.write(found["value"]), style.write(row["start"])
    told = f"From the newest figure, {newest} ({period_words(found['period'])}), the pace needed is {needed} a period; "
    apart = f" The path starts from {start}, the figure of {period_words(row['base_period'])} with chance taken out."
    return f"{told}achieved up to it: {achieved}.{apart if start != newest else ''}"


def change(amount: float, style: Style) -> str:
    """A change in words: 'up £4', 'down 0.9 percentage points'."""
    if not amount:
        return "no change"
    size = style.write(abs(amount))
    told = f"{size.rstrip('%')} percentage points" if style.kind in ("share", "fraction") else size
    return f"{'up' if amount > 0 else 'down'} {told}"


def listing(actual: Sequence[Row], path: Sequence[Row], fan: Sequence[Row], style: Style) -> Sheet:
    """Every point of the chart: what happened, path, forecast."""
    rows: list[Row] = [{**row, "kind": "actual"} for row in actual]
    rows += [{**row, "kind": "path", "status": "ok"} for row in path]
    rows += [{**row, "kind": "forecast", "value": row["median"], "status": "ok"} for row in fan]
    cells = [
        [
            period_words(row["period"]),
            KIND[row["kind"]],
            words.shown(row, style),
            "–" if row["lo"] is None or row["value"] is None else style.interval(row["lo"], row["hi"], row["value"]),
        ]
        for row in rows
    ]
    heads = (Head("Period"), Head("What"), Head(words.capital(style.unit), True), Head("Interval or allowance", True))
    return Sheet("course", "Course of the target", heads, cells, FIELDS, rows, words.letters_used(rows))


def tests_table(book: Book, address: Address, row: Row) -> tuple[Any, Sheet] | None:
    """The six fairness tests with what each found, in words."""
    rows = tests_of(book, row)
    if not rows:
        return None
    cells = [[TEST[each["test"]], mark(each["result"]), words.capital(each["reason"])] for each in rows]
    sheet = Sheet(
        "fairness",
        "Fairness tests",
        (Head("Test"), Head("Result"), Head("Why")),
        cells,
        tuple(rows[0]),
        rows,
    )
    failed = sum(each["result"] == "fail" for each in rows)
    said = "Is the target fair? A target that fails a test is not issued without a recorded reason."
    told = f"{failed} of {len(rows)} failed. {said}" if failed else said
    parts = ("of", "target_tests", row["body_id"], row["indicator_id"], row["base_period"], row["policy_id"])
    return block.table_block("Six fairness tests", told, sheet, address, block.Origin(parts)), sheet


def mark(result: str) -> html.Span:
    return html.Span([f"{MARK[result]} ", result], className=f"test {result.replace(' ', '-')}")


def guards(book: Book, address: Address, body: Body, row: Row, found: Row | None) -> Any:
    """What must not worsen meanwhile, and whether it has."""
    ids = [id for id in (row["counter_measures"] or "").split() if id in book.indicators]
    links = [
        html.A(
            str(book.indicators[id]["label"]),
            href=address.to("body", body.id, "service", book.indicators[id]["service_id"], measure=id),
        )
        for id in ids
    ]
    parts: list[Any] = ["Watched beside it, so that nothing is gained at their cost: "]
    for place, link in enumerate(links):
        parts += [", " if place else "", link]
    told = [block.sentence(*parts, ".")]
    if found and found["counter_worse"] is not None:
        named = [str(book.indicators[id]["label"]) for id in ids]
        told.append(block.sentence(guarded(named, found["counter_worse"], bool(found["counter_ok"]))))
    return block.panel("Paired counter-measures", *told, id="guards")


def guarded(labels: Sequence[str], worse: float, sound: bool) -> str:
    """'Repeat plans: no clear change (47% that it worsened).' Of several, the release holds the highest chance.

    sound : whether the target may count as met.
    """
    alone = len(labels) == 1
    if worse > 1 - WORSENED:
        who, state = labels[0] if alone else "One of them", "likely worse by more than its tolerance"
    else:
        who = labels[0] if alone else "Each of them"
        state = "no clear change" if worse >= WORSENED else "not worse by more than its tolerance"
    chance = f"{chance_of(worse)} that {'it' if alone else 'one'} worsened"
    limit = "" if sound else f" From {percent_of(WORSENED)} on, the target does not count as met."
    return f"{who}: {state} ({chance}{'' if alone else ', the highest'}).{limit}"
