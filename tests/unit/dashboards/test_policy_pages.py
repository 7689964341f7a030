"""Targets, tracking and settlements: what the pages say, and that trial figures are the engine's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dashboards import routes, whatif
from dashboards.address import Refused, parse
from dashboards.blocks import asked, level_asked
from dashboards.blocks.course import guarded, pace
from dashboards.blocks.cut import cut_words
from dashboards.blocks.level_asked import asked_of
from dashboards.blocks.settled_services import left_out
from dashboards.components.markup import render
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages.settlement import came_to
from dashboards.pages.targets import chance_cell
from pipelines.scenarios.ceiling import ceiling
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms
from tests.policies import PLANS, TERMS
from tests.releases import PACK

PREFIX = "/twelve-councils"


def told(library: Library, path: str, status: int = 200) -> str:
    """The words of a page, tags taken out."""
    view = routes.view(library, PREFIX + path)
    assert view.status == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", render(view.content)))


def test_a_target_says_level_date_holders_call_and_chance(library: Library, book: Book) -> None:
    words = told(library, "/body/T01/targets")
    assert (
        "Waste recycled: 44% of waste collected by 2026-27 , which 3 of its 8 peers are shown to have held for 3 years."
    ) in words
    assert "The call: uncertain ." in words
    assert "the chance of meeting it is about as likely as not, 40%" in words
    assert "An illustration. Nobody has issued these targets." in words
    assert "1 of 6 failed." in words
    why = next(row["reason"] for row in book.rows("target_tests", body_id="T01") if row["result"] == "fail")
    assert f"It fails 1 of 6 fairness tests , so it would not be issued without a recorded reason: {why}." in words
    assert (
        "From the newest figure, 40% (2023-24), the pace needed is up 1.3 percentage points a period; achieved up to "
        "it: up 0.5 percentage points."
    ) in words
    # One counter-measure, 10% likely worse, under the 20% from which a target does not count as met.
    assert (
        "Spending on waste per tonne collected: not worse by more than its tolerance (10% that it worsened)." in words
    )
    assert "The policy targets no measure of cost that Alderbrook has." in words
    assert "– not tested" in words


def test_a_pace_is_said_in_the_direction_of_its_measure_and_not_where_a_target_holds(book: Book) -> None:
    """The release stores an improvement as positive: £14 better a year on a cost is £14 down."""
    style = book.style("waste_cost_per_tonne")
    found = {"pace_needed": 14.2, "pace_achieved": -21.0, "value": 277.4, "period": "2023-24"}
    row = {"indicator_id": "waste_cost_per_tonne", "hold": False, "start": 275.2, "base_period": "2023-24"}
    assert pace(book, row, found, style) == (
        "From the newest figure, £277 (2023-24), the pace needed is down £14.20 a period; achieved up to it: up £21. "
        "The path starts from £275, the figure of 2023-24 with chance taken out."
    )
    better = {**row, "indicator_id": "recycling_share", "start": 40.2}
    found = {**found, "pace_needed": 1.0, "pace_achieved": -2.0, "value": 40.4}
    assert pace(book, better, found, book.style("recycling_share")) == (
        "From the newest figure, 40% (2023-24), the pace needed is up 1.0 percentage points a period; achieved up to "
        "it: down 2.0 percentage points."
    )
    assert pace(book, {**row, "hold": True}, found, style) == ""


HOLD = {
    "policy_id": "none_such",
    "body_id": "T01",
    "indicator_id": "waste_cost_per_tonne",
    "base_period": "2023-24",
    "due_period": "2026-27",
    "hold": True,
    "basis": "median",
    "n_peers": 5,
    "peers_there": 1,
    "reference": 139.0,
    "start": 94.4,
    "target": 44.0,
    "success": 44.0,
    "limited_by": "own_level",
}
POLICY = {"parameters": json.dumps({"reference": "top_quartile", "items": [], "sustained_years": 3})}


def sentence(book: Book, row: dict[str, Any], found: dict[str, Any] | None = None) -> str:
    return re.sub(r"<[^>]+>", "", render(asked_of(book, book.bodies["T01"], POLICY, row, found)))


def test_a_target_to_hold_rests_on_the_basis_its_row_has_and_on_the_level_that_is_held(book: Book) -> None:
    assert sentence(book, HOLD, {"value": 21.0, "period": "2025-26"}) == (
        "Spending on waste per tonne collected: hold £44 a tonne until 2026-27. Alderbrook is already as good as the "
        "median of what its 5 peers are shown to hold, £139 (too few for a best quarter), so holding is success. The "
        "level rests on what Alderbrook itself held for the 3 years to 2023-24. Its newest figure, £21 (2025-26), is "
        "already better than that. "
    )
    quarter = {**HOLD, "basis": "top_quartile", "limited_by": None, "target": 94.0, "success": 103.0}
    assert sentence(book, quarter, {"value": 120.0, "period": "2025-26"}).endswith(
        "Alderbrook is already as good as what the best quarter of its 5 peers are shown to hold, £139, so holding is "
        "success. Allowing for chance, it counts as held from £103. "
    )
    unfair = {**quarter, "reference": 60.0, "limited_by": "step_limit"}
    assert "No more can be asked of Alderbrook fairly, so holding is success." in sentence(book, unfair)
    older = {name: value for name, value in quarter.items() if name != "success"}
    assert "counts as held" not in sentence(book, older)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (0, "which none of its 5 peers are shown to have held for 3 years"),
        (1, "which 1 of its 5 peers is shown to have held for 3 years"),
        (4, "which 4 of its 5 peers are shown to have held for 3 years"),
    ],
)
def test_peers_hold_a_level_once_they_are_shown_to_have_held_it(book: Book, there: int, said: str) -> None:
    assert said in sentence(book, {**HOLD, "hold": False, "peers_there": there})


def test_peers_are_counted_at_the_level_before_the_shift_and_the_sentence_says_which(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {**HOLD, "hold": False, "peers_there": 4}
    monkeypatch.setattr(level_asked, "before_shift", lambda book, row: 46.0)
    assert (
        "£44 a tonne by 2026-27. 4 of its 5 peers are shown to have held £46 for 3 years; the rest is the yearly step "
        "asked of everybody. "
    ) in sentence(book, row)


@pytest.mark.parametrize(
    ("labels", "worse", "sound", "said"),
    [
        (
            ["Repeat plans"],
            0.47,
            False,
            "Repeat plans: no clear change (47% that it worsened). From 20% on, the target does not count as met.",
        ),
        (
            ["Repeat plans"],
            0.002,
            True,
            "Repeat plans: not worse by more than its tolerance (under 1% that it worsened).",
        ),
        (
            ["Repeat plans", "Caseload"],
            0.9,
            False,
            "One of them: likely worse by more than its tolerance (90% that one worsened, the highest). From 20% on, "
            "the target does not count as met.",
        ),
    ],
)
def test_a_counter_measure_says_plainly_whether_it_changed(
    labels: list[str], worse: float, sound: bool, said: str
) -> None:
    assert guarded(labels, worse, sound) == said


def test_what_is_cut_where_no_figure_can_lie_says_so(book: Book) -> None:
    share, style = book.indicators["recycling_share"], book.style("recycling_share")
    rows = [{"lower": 3.0, "upper": 99.0}, {"lower": 0.0, "upper": 100.0}]
    assert cut_words("The limits", rows[:1], ("lower", "upper"), share, style) == ""
    assert cut_words("The limits", rows, ("lower", "upper"), share, style) == (
        " The limits are cut at 0% and 100%: no figure can lie beyond."
    )


def test_the_page_opens_on_the_first_target_of_the_card_and_a_service_leads_to_its_own(library: Library) -> None:
    card = render(routes.view(library, PREFIX + "/body/T01").content)
    own = f"{PREFIX}/body/T01/targets?policy=fair_targets&amp;measure=recycling_share"
    assert own in card
    assert routes.view(library, own.replace("&amp;", "&")).status == 200
    service = render(routes.view(library, f"{PREFIX}/body/T01/service/waste?measure=recycling_share").content)
    assert f'Target of this measure: <a href="{own}">44% of waste collected by 2026-27</a>' in service
    other = render(routes.view(library, f"{PREFIX}/body/T01/service/waste?measure=waste_cost_per_tonne").content)
    assert "Target of this measure" not in other


def test_a_sound_target_that_can_be_judged_comes_first(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {"early": "too early to say", "failed": "on track", "live": "off track"}
    monkeypatch.setattr(asked, "tracking_of", lambda _, row: {"call": keys[row["policy_id"]]})
    monkeypatch.setattr(asked, "fails", lambda _, row: "fails" if row["policy_id"] == "failed" else "")
    rows = [{"policy_id": each, "indicator_id": "recycling_share", "hold": False} for each in keys]
    ordered = asked.in_order(book, book.bodies["T01"], rows)
    assert [row["policy_id"] for row in ordered] == ["live", "early", "failed"]


def test_a_forecast_stands_apart_from_a_call_that_is_too_early() -> None:
    found = {"call": "too early to say", "p_hit": 0.14, "p_words": "unlikely"}
    assert asked.forecast(found) == "On the forecast alone: unlikely, 14%"
    assert chance_cell(found) == "On the forecast alone: unlikely, 14%"
    made = {**found, "call": "off track"}
    assert asked.forecast(made) == "As things go, the chance of meeting it is unlikely, 14%"
    assert chance_cell(made) == "Unlikely, 14%"
    assert chance_cell({**found, "p_hit": None}) == chance_cell(None) == "–"


@pytest.mark.parametrize(
    ("kept", "below", "said"),
    [
        (50_000, 200_000, "kept £50,000 of £200,000 below its benchmarks in all"),
        (0, 200_000, "kept nothing of £200,000 below its benchmarks in all"),
        (0, -134_000, "spent £134,000 more than its benchmarks in all and kept nothing"),
        (-50_000, -134_000, "paid £50,000 of £134,000 above its benchmarks in all"),
        (0, 0.001, "spent what its benchmarks allow in all and kept nothing"),
        (
            50_000,
            -134_000,
            "kept £50,000, gains of some years set against losses of others; "
            "it spent £134,000 more than its benchmarks in all",
        ),
        (
            -50_000,
            134_000,
            "paid £50,000, gains of some years set against losses of others; "
            "it spent £134,000 less than its benchmarks in all",
        ),
    ],
)
def test_a_programmes_years_are_said_for_every_sign(book: Book, kept: float, below: float, said: str) -> None:
    assert "".join(came_to(book, kept, below)) == said


def test_a_body_without_a_target_for_cost_is_told_why(book: Book) -> None:
    row = {"indicator_id": "waste_cost_per_tonne", "target": None, "reason": "too few peers"}
    told = asked.no_cost(book, book.bodies["T01"], [row])
    assert told == ("No target for cost: none for spending on waste per tonne collected, because too few peers.")
    assert asked.no_cost(book, book.bodies["T01"], [{**row, "target": 1.0}]) == ""


def test_a_control_chart_says_that_something_changed_and_not_why(library: Library) -> None:
    words = told(library, "/body/T01/targets")
    assert "The newest point is improving. Something changed at 2023-24; this does not say why." in words


def test_a_body_without_a_target_says_why(library: Library) -> None:
    assert "has no target under" in told(library, "/body/T05/targets")
    assert "has no ledger of" in told(library, "/body/T05/settlement")


def test_the_offered_ledger_is_the_releases_to_the_penny(library: Library) -> None:
    view = routes.view(library, f"{PREFIX}/body/T01/settlement?plan=modest")
    shown = next(sheet for sheet in view.sheets if sheet.id == "ledger").raw
    stored = library.book(PACK).rows("settlements", body_id="T01", plan_id="modest")
    assert [round(100 * row["kept"]) for row in shown] == [row["kept_pence"] for row in stored]
    assert [row["explanation"] for row in shown] == [row["explanation"] for row in stored]


def test_a_settlement_says_what_it_covers_and_from_where_on_it_pays_or_keeps(library: Library) -> None:
    words = told(library, "/body/T09/settlement")
    assert "What it covers What waste and recycling (£12.5m) cost in 2023-24, in 2023-24 prices." in words
    # T09 spent 5% more than its mean in the last year: 13.1 - 12.4 = 0.723 = 0.624 + 0.0998
    assert "is £12.4m: £723,000 below what the last year cost, £13.1m." in words
    assert "that is £624,000 below the last year, because the two years before it cost less." in words
    assert "pays only in a year whose cost is 2% or more above the ceiling, and in none of the first 2 years." in words
    assert "not the 50% of its share" in words
    moved = told(library, "/body/T09/settlement?threshold=4&share=0")
    assert "is 4% or more above the ceiling" in moved
    assert "It keeps nothing of a saving." in moved
    assert "It covers waste and recycling." in told(library, "/body/T09")


def test_services_that_are_left_out_stand_by_their_reasons(book: Book) -> None:
    rows = [{"service_id": "waste", "reason": "too few"}, {"service_id": "roads", "reason": "too few"}]
    assert list(left_out(book, rows)) == ["Waste and recycling and roads are left out: too few."]
    alone = [rows[0], {"service_id": "roads", "reason": None}]
    assert list(left_out(book, alone)) == [
        "Waste and recycling is left out: too few.",
        "Roads is left out: its cost cannot be compared.",
    ]


def test_what_is_covered_adds_up_to_the_last_year_and_the_ungraded_is_left_out(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"service_id": "roads", "grade": None},
        {"service_id": "parks", "grade": "A"},
        {"service_id": "waste", "grade": "C"},
    ]
    monkeypatch.setattr(type(book), "rows", lambda *_, **__: rows)
    settled, left = whatif.covered(book, "T01", ["waste", "roads"])
    assert [row["service_id"] for row in settled] == ["waste"]  # any grade is a cost that was compared
    assert [row["service_id"] for row in left] == ["roads"]


def test_a_plan_that_keeps_nothing_says_from_where_on_it_would(library: Library) -> None:
    """T01, ceilings 0.992 to 0.976 of its cost: the saving named keeps something, a tenth of a point less does not."""
    words = told(library, "/body/T01/settlement?saving=0")
    assert "It would begin to keep more than it pays at a saving of 1.2% a year, over all years." in words
    assert sum(row["kept"] for row in ledger_of(library, "/body/T01/settlement?saving=1.2")) > 0
    assert sum(row["kept"] for row in ledger_of(library, "/body/T01/settlement?saving=1.1")) <= 0
    assert "begin to keep" not in told(library, "/body/T01/settlement?saving=1.2")
    none = told(library, "/body/T01/settlement?saving=2&share=0")
    assert "No saving up to 8% a year would let it keep more than it pays, over all years." in none


def test_signs_stand_in_the_heads_of_the_ledger_and_names_of_its_csv_stay(library: Library) -> None:
    view = routes.view(library, f"{PREFIX}/body/T01/settlement")
    sheet = next(sheet for sheet in view.sheets if sheet.id == "ledger")
    assert [head.label for head in sheet.heads][3:7] == [
        "Below (+) or above (−) the ceiling, £m",
        "The same, of the ceiling",
        "Kept (+) or paid (−), £m",
        "To the centre (+) or borne by it (−), £m",
    ]
    names = ("period", "ceiling", "cost", "below", "kept", "centre", "held", "bank", "explanation")
    assert tuple(sheet.fields) == names


def test_terms_on_trial_give_what_the_engine_gives(library: Library) -> None:
    view = routes.view(library, f"{PREFIX}/body/T01/settlement?plan=modest&share=80&cap=5&frontier_shift=1.5")
    shown = next(sheet for sheet in view.sheets if sheet.id == "ledger").raw
    terms = Terms.from_mapping({**TERMS.canonical(), "share": 0.8, "cap": 0.05, "frontier_shift": 0.015})
    base = library.book(PACK).rows("settlements", body_id="T01")[0]["base_pence"] / 100
    cost = base * (1 - PLANS[1]["saving"]) ** np.arange(1, 4)
    path = ceiling(base, 0.0, terms).real
    expected = settle(path, cost, terms, reinvest=path)  # as the release: spent at once as far as the terms let it
    assert [row["kept"] for row in shown] == pytest.approx(list(expected.kept), abs=0.005)
    for row in shown:
        assert round(100 * row["below"]) == round(100 * (row["kept"] + row["centre"] + row["held"]))


def test_every_amount_of_a_trial_row_reconciles_across_the_sector(library: Library) -> None:
    view = routes.view(library, f"{PREFIX}/settlements?plan=modest&saving=7&threshold=5")
    rows = next(sheet for sheet in view.sheets if sheet.id == "settled").raw
    assert len(rows) >= 4
    for row in rows:
        assert row["below"] == pytest.approx(row["kept"] + row["centre"], abs=0.011)


def test_moved_terms_are_marked_and_lead_back(library: Library) -> None:
    words = told(library, "/body/T01/settlement?share=80")
    assert "80% trial; offered 50%" in words
    assert "Back to the offered terms" in words
    assert "On trial, not offered." in words
    assert reset(library, "/body/T01/settlement").hidden
    assert not reset(library, "/body/T01/settlement?share=80").hidden


def reset(library: Library, path: str) -> Any:
    """The paragraph that leads back to the offered terms."""
    view = routes.view(library, PREFIX + path)
    return next(part for each in view.content for part in parts(each) if hasattr(part, "data-trial-only"))


def parts(node: Any) -> Iterator[Any]:
    """A component and all inside it."""
    yield node
    inside = getattr(node, "children", None)
    for each in inside if isinstance(inside, list | tuple) else [inside] if inside is not None else []:
        yield from parts(each)


def ledger_of(library: Library, path: str) -> list[dict[str, Any]]:
    """The rows of the ledger on a page."""
    return list(next(sheet for sheet in routes.view(library, PREFIX + path).sheets if sheet.id == "ledger").raw)


@pytest.mark.parametrize("body", ["T01", "T02", "T09"])
def test_a_trial_at_the_offered_terms_is_the_offer(library: Library, body: str) -> None:
    """A slider brought to where a plan is gives the plan's ledger: one engine, one assumption."""
    offer = ledger_of(library, f"/body/{body}/settlement?plan=modest")
    tried = ledger_of(library, f"/body/{body}/settlement?plan=steady&saving=4")
    for name in ("ceiling", "cost", "below", "kept", "centre", "held", "bank"):
        assert [round(100 * row[name]) for row in offer] == [round(100 * row[name]) for row in tried]
    assert [row["explanation"] for row in offer] == [row["explanation"] for row in tried]


@pytest.mark.parametrize(
    "query", ["share=101", "share=-1", "share=nan", "share=1e9", "share=abc", "saving=9", "cap=inf", "x=1"]
)
def test_a_setting_out_of_range_is_refused_in_one_sentence(library: Library, query: str) -> None:
    for page in ("/body/T01/settlement", "/settlements"):
        view = routes.view(library, f"{PREFIX}{page}?{query}")
        assert view.status == 400
        assert "What" not in view.title


def test_an_unknown_scheme_plan_or_policy_is_refused(library: Library) -> None:
    for path in ("/body/T01/settlement?scheme=nope", "/body/T01/targets?policy=nope", "/body/T01/targets?measure=nope"):
        assert routes.view(library, PREFIX + path).status == 400
    assert routes.view(library, f"{PREFIX}/settlements/nope").status == 404


def test_a_body_whose_figures_are_noisy_keeps_its_own_threshold(library: Library) -> None:
    scheme = whatif.schemes_of(library.book(PACK))["fair_settlement"]
    address = parse(f"{PREFIX}/settlements?threshold=3", [PACK])
    tried = whatif.trial(address, scheme)
    found = whatif.Sector(("a", "b"), np.ones(2), np.ones(2), np.zeros(2), np.array([0.02, 0.06]), ("2024-25",))
    assert list(whatif.thresholds(found, tried)) == [0.03, 0.06]


def test_a_number_that_is_none_is_refused_before_any_arithmetic(library: Library) -> None:
    scheme = whatif.schemes_of(library.book(PACK))["fair_settlement"]
    with pytest.raises(Refused, match="from 0 to 100 per cent"):
        whatif.trial(parse(f"{PREFIX}/settlements?share=NaN", [PACK]), scheme)
