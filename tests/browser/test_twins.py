"""The table under a chart holds what the chart draws: the same values, intervals and statuses, no more and no fewer.

Each rule below reads a figure back into numbers and says which columns of the table they must be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dashboards import routes
from dashboards.components.ceilings import BEFORE
from dashboards.components.courses import SIGNALS
from dashboards.components.figures import PAPER, short
from dashboards.components.labels import plain
from dashboards.components.markup import text
from dashboards.components.numbers import period_words
from dashboards.components.plots import UNSURE, positive
from dashboards.components.words import SPOKEN
from dashboards.pages.overview import FARTHEST
from tests.browser.charts import charts_of
from tests.browser.conftest import Site
from tests.browser.pages import EACH, Page

Row = Mapping[str, Any]
Figure = Mapping[str, Any]
Said = Sequence[tuple[Any, ...]]
SHAPES = {"triangle-down": "lower", "circle": "same", "triangle-up": "higher"}

ASKED = {"triangle-down": "less", "circle": "cannot be told apart", "triangle-up": "more"}
CUTS = ("cut", "cut", "cut_lo", "cut_hi")
"""What a body is asked for is a bar and a mark on its end; then the two ends of its range."""


def reaches(trace: Mapping[str, Any], axis: str) -> Iterator[tuple[Any, ...]]:
    """(value, lower end, upper end) of each mark of a trace along an axis."""
    error = trace[f"error_{axis}"]
    for value, minus, plus in zip(trace[axis], error["arrayminus"], error["array"], strict=True):
        yield (None,) * 3 if value is None else (value, value - (minus or 0.0), value + (plus or 0.0))


def limits(row: Row, value: str = "value", lo: str = "lo", hi: str = "hi") -> tuple[Any, ...]:
    """(value, lo, hi) of a row; a value without an interval reaches no farther than itself."""
    return tuple(row[value] if row[name] is None else row[name] for name in (value, lo, hi))


def against_peers(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    drawn = [
        (name, *reach, SHAPES[trace["marker"]["symbol"]])
        for trace in figure["data"]
        for name, reach in zip(trace["text"], reaches(trace, "y"), strict=True)
    ]
    near = [
        row for row in rows if row["verdict"] != "withheld" and positive(row["ratio"]) and positive(row["ratio_lo"])
    ]
    near = [row for row in near if FARTHEST[0] <= row["ratio"] <= FARTHEST[1]]
    return drawn, [(row["name"], *limits(row, "ratio", "ratio_lo", "ratio_hi"), row["verdict"]) for row in near]


def among_peers(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    drawn = [
        (*reach, fill == PAPER, trace["marker"]["symbol"] == "diamond")
        for trace in figure["data"]
        for reach, fill in zip(reaches(trace, "x"), trace["marker"]["color"], strict=True)
    ]
    known = [row for row in rows if row["value"] is not None]
    return drawn, [(*limits(row), row["status"] in UNSURE, row["you"]) for row in known]


def peer_sets(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    drawn = [(*next(reaches(trace, "x")), SHAPES[trace["marker"]["symbol"]]) for trace in figure["data"]]
    known = [row for row in rows if all(positive(row[name]) for name in ("ratio", "ratio_lo", "ratio_hi"))]
    found = {"withheld": "same"}
    return drawn, [
        (*limits(row, "ratio", "ratio_lo", "ratio_hi"), found.get(row["verdict"], row["verdict"])) for row in known
    ]


def lines(*columns: str) -> Callable[[Figure, Sequence[Row]], tuple[Said, Said]]:
    """The rule of a chart whose traces are these columns by period, in this order."""

    def rule(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
        drawn = [
            (column, place, y)
            for column, trace in zip(columns, figure["data"], strict=False)
            for place, y in enumerate(trace["y"])
        ]
        return drawn, [(column, place, row[column]) for column in columns for place, row in enumerate(rows)]

    return rule


def over_band(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    drawn, tabled = lines("peer_q25", "peer_q75", "peer_median")(figure, rows)
    own = [("own", *reach) for reach in reaches(figure["data"][3], "y")]
    known = [("own", *(limits(row) if row["value"] is not None else (None,) * 3)) for row in rows]
    hollow = [("hollow", place, fill == PAPER) for place, fill in enumerate(figure["data"][3]["marker"]["color"])]
    unsure = [("hollow", place, row["status"] in UNSURE) for place, row in enumerate(rows)]
    return [*drawn, *own, *hollow], [*tabled, *known, *unsure]


def productivity(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    """Three lines, and before them one upright line per period from end to end of the interval."""
    known = [row for row in rows if row["productivity"] is not None]
    *upright, first, second, third = figure["data"]
    drawn, tabled = lines("productivity", "output_quality", "input")({"data": [first, second, third]}, known)
    reached = [("interval", *trace["x"], *trace["y"]) for trace in upright]
    periods = [(period_words(row["period"]), row) for row in known if row["lo"] is not None]
    return [*drawn, *reached], [*tabled, *(("interval", told, told, row["lo"], row["hi"]) for told, row in periods)]


def chain(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    """Steps are the stages' gaps; what they leave of the whole is a step of its own; totals stand with the whole."""
    first, *steps, last = figure["data"][0]["y"]
    (whole,) = (row for row in rows if row["stage"] == 0)
    gaps = [row["gap"] for row in rows if row["stage"] and row["gap"] is not None]
    rest = whole["gap"] - sum(gaps)
    gaps += [rest] if abs(rest) >= 0.01 else []
    drawn = [("peers", first), *(("step", step) for step in steps), ("spent", last)]
    return drawn, [("peers", whole["done_as_peers"]), *(("step", gap) for gap in gaps), ("spent", whole["spent"])]


def course(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    """The fan starts from the newest figure, which is drawn once more for that."""
    low, high, middle, path_low, path_high, path, actual = figure["data"]
    of = {kind: [row for row in rows if row["kind"] == kind] for kind in ("actual", "path", "forecast")}
    fan = zip(low["x"][1:], middle["y"][1:], low["y"][1:], high["y"][1:], strict=True)
    allowed = zip(path["x"], path["y"], path_low["y"], path_high["y"], strict=True)
    happened = zip(actual["x"], reaches(actual, "y"), strict=True)
    drawn = [("forecast", *each) for each in fan] + [("path", *each) for each in allowed]
    drawn += [("actual", x, *reach) for x, reach in happened]
    tabled = [
        (
            kind,
            period_words(row["period"]),
            *(limits(row) if kind == "actual" else (row["value"], row["lo"], row["hi"])),
        )
        for kind in ("forecast", "path", "actual")
        for row in of[kind]
        if row["value"] is not None or kind != "actual"
    ]
    return drawn, tabled


def control(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    drawn, tabled = lines("mean", "lower", "upper", "value")(figure, rows)
    signals = figure["data"][4]
    numbers = {number: rule for rule, (_, number) in SIGNALS.items()}
    marks = [
        ("signal", x, y, numbers[number], symbol.endswith("-open"))
        for x, y, number, symbol in zip(
            signals["x"], signals["y"], signals["text"], signals["marker"]["symbol"], strict=True
        )
    ]
    met = [
        ("signal", period_words(row["period"]), row["value"], row["signal"], row["way"] == "concerning")
        for row in rows
        if row["signal"]
    ]
    return [*drawn, *marks], [*tabled, *met]


def funnel(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    edges = ("lo_95", "hi_95", "lo_998", "hi_998")
    known = sorted((row for row in rows if row["value"] is not None and row["size"]), key=lambda row: row["size"])
    drawn: list[tuple[Any, ...]] = [
        (edge, x, y)
        for edge, trace in zip(edges, figure["data"], strict=False)
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    drawn += [("mark", x, y) for trace in figure["data"][4:] for x, y in zip(trace["x"], trace["y"], strict=True)]
    tabled: list[tuple[Any, ...]] = [(edge, row["size"], row[edge]) for edge in edges for row in known]
    return drawn, [*tabled, *(("mark", row["size"], row["value"]) for row in known)]


def asked(figure: Figure, rows: Sequence[Row]) -> tuple[Said, Said]:
    """A bar, a mark and a range for each body, in three groups; in per cent of cost."""
    drawn: list[tuple[Any, ...]] = []
    axis = figure["layout"]["yaxis"]
    names = {
        at: re.sub("<.*?>", "", told.replace("<br>", " "))
        for at, told in zip(axis["tickvals"], axis["ticktext"], strict=True)
    }
    for bars, ranges, marks in zip(*(iter(figure["data"]),) * 3, strict=True):
        ends = zip(ranges["x"][::3], ranges["x"][1::3], ranges["y"][::3], ranges["y"][1::3], strict=True)
        found = zip(bars["x"], bars["y"], marks["x"], marks["y"], ends, strict=True)
        for bar, at, mark, place, (low, high, start, end) in found:
            assert at == place == start == end
            drawn.append((names[at], bar, mark, low, high, ASKED[marks["marker"]["symbol"]]))
    return drawn, [(plain(row["name"]), *(row[each] for each in CUTS), row["verdict"]) for row in rows]


RULES: Mapping[str, Callable[[Figure, Sequence[Row]], tuple[Said, Said]]] = {
    "against-peers": against_peers,
    "among-peers": among_peers,
    "peer-sets": peer_sets,
    "quality": over_band,
    "trend": over_band,
    "productivity": productivity,
    "chain": chain,
    "course": course,
    "control": control,
    "funnel": funnel,
    "ceiling": lines("ceiling", "cost"),
    "asked": asked,
}
SCALES = (1.0, 100.0, 1e-6)
"""A chart's axis is in the table's unit, in per cent of a fraction, or in millions."""
INTERVALS = (("lo", "hi"), ("ratio_lo", "ratio_hi"), ("gap_lo", "gap_hi"), ("lower", "upper"))


def rounded(said: Said, scale: float = 1.0) -> list[str]:
    """Rows as text with nine significant figures, sorted: a multiset that can be compared."""
    return sorted(
        " ".join(f"{part * scale:.9g}" if isinstance(part, float) else str(part) for part in row) for row in said
    )


def alike(drawn: Said, tabled: Said) -> bool:
    return any(rounded(drawn) == rounded(tabled, scale) for scale in SCALES)


@EACH
def test_what_a_chart_draws_is_what_its_table_holds(site: Site, path: str, listed: Page) -> None:
    for name, figure, sheet in charts_of(routes.view(site.library, path)):
        drawn, tabled = RULES[name](figure, sheet.raw)
        assert drawn and (alike(drawn, tabled) or rounded(drawn) == rounded(tabled)), name


@EACH
def test_a_row_of_the_table_says_its_interval_and_its_status(site: Site, path: str, listed: Page) -> None:
    for name, _, sheet in charts_of(routes.view(site.library, path)):
        assert len(sheet.cells) >= len(sheet.raw)
        for cells, row in zip(sheet.cells, sheet.raw, strict=False):
            said = text(cells)
            known = [ends for ends in INTERVALS if ends[0] in sheet.fields and row.get(ends[0]) is not None]
            assert not known or " to " in said, (name, said)
            status = row.get("status") or "ok"
            assert status not in SPOKEN or SPOKEN[status] in said, (name, status, said)


@EACH
def test_lines_run_forward_in_time(site: Site, path: str, listed: Page) -> None:
    ends = site.library.book(listed.pack).ends
    for name, figure, sheet in charts_of(routes.view(site.library, path)):
        if figure["layout"]["xaxis"].get("type") == "category":
            periods = sorted({row["period"] for row in sheet.raw}, key=lambda period: ends.get(period, period))
            place = {words: at for at, period in enumerate(periods) for words in (period_words(period), short(period))}
            place[BEFORE] = -1  # the year before the first period
            for across in (
                *(trace["x"] for trace in figure["data"]),
                figure["layout"]["xaxis"].get("categoryarray", ()),
            ):
                drawn = [place[x] for x in across]
                assert drawn == sorted(drawn), (name, across)


def test_a_table_that_lacks_a_mark_is_found_out() -> None:
    row = {"ratio": 1.2, "ratio_lo": 1.1, "ratio_hi": 1.3, "verdict": "higher", "name": "a"}
    from dashboards.components.figures import against_peers as plot

    counts = {"lower": 0, "same": 0, "higher": 2}
    drawn, tabled = against_peers(plot([row, {**row, "name": "b"}], counts), [row])
    assert not alike(drawn, tabled)
    assert alike(drawn[:1], tabled)
