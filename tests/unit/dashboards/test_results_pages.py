"""One service of one body, its chain and its potential: what each page says, and what it never says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dashboards import routes
from dashboards.address import Address
from dashboards.blocks.already_there import money_range
from dashboards.blocks.chain_gap import look_at, sure, told_apart, told_parts, unlike
from dashboards.blocks.exemplar_table import since
from dashboards.blocks.funnel_block import size_words
from dashboards.blocks.over_years import sentence
from dashboards.blocks.scheme_block import known_gaps
from dashboards.blocks.who_first import peers, who_panel
from dashboards.components.figures import BAND, YOU
from dashboards.components.markup import render, text
from dashboards.components.plots import index_line
from dashboards.data import Book
from dashboards.library import Library
from dashboards.pages.body import newest_rows, sets_cell
from tests.releases import HIDDEN_VALUE

PREFIX = "/twelve-councils"


def told(library: Library, path: str, status: int = 200) -> str:
    """The words of a page, tags taken out."""
    view = routes.view(library, PREFIX + path)
    assert view.status == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", render(view.content)))


def test_the_service_page_answers_in_its_first_sentence(library: Library) -> None:
    words = told(library, "/body/T03/service/waste?measure=recycling_share")
    assert re.search(r"Waste recycled. Cobbleton: \d+% of waste collected \(\d+% to \d+%\), 2023-24", words)
    assert re.search(r"The difference is more than chance\.|It cannot be told apart from its peers\.", words)
    # Six named sets, one of them with too few peers to say.
    assert re.search(r"\d of 5 fair peer sets give the same verdict", words)
    assert "Does the verdict survive other fair peer sets?" in words
    assert "Of 200 different plausible peer sets, 70% give the verdict of the first row" in words


def test_the_waterfall_goes_from_the_peers_way_to_what_was_spent(library: Library) -> None:
    view = routes.view(library, f"{PREFIX}/body/T02/chain/waste")
    figure = next(figure_of(node) for node in walk(view.content) if getattr(node, "id", "") == "chart-chain")
    bars = figure["data"][0]
    ends = [base + height for base, height in zip(bars["base"], bars["y"], strict=True)]
    rows = view.sheets[0].raw
    whole = next(row for row in rows if row["stage"] == 0)
    stages = [row for row in rows if row["stage"]]
    assert round(100 * whole["gap"]) == sum(round(100 * row["gap"]) for row in stages)
    assert ends[-1] == pytest.approx(ends[-2])  # the last step ends at the body's own cost
    assert ends[-1] - ends[0] == pytest.approx(whole["gap"])
    assert bars["base"][0] == bars["base"][-1] == 0


def test_potential_is_a_range_with_a_grade_and_never_a_sum(library: Library) -> None:
    words = told(library, "/body/T01/potential")
    assert "a year , before the cost of getting there. Do not add services up." in words
    assert re.search(r"£\S+ to £\S+", words)
    assert "Alderbrook" in words


def test_potential_says_what_it_compares_with_and_never_that_it_is_more_than_chance(
    library: Library, book: Book
) -> None:
    words = told(library, "/body/T01/potential")
    assert "The verdicts higher and lower compare with the median" in words
    assert "more than chance" not in words
    stated = {row["body_id"] for row in book.rows("potential") if row["value_gbp"] is not None}
    shown = {row["body_id"] for row in book.rows("exemplars")}
    for body, said in ((min(stated - shown), False), (min(stated & shown), True)):
        words = told(library, f"/body/{body}/potential")
        assert ("comparable councils show that its results can be had for less, by name" in words) is said
        assert ("on none of them is anybody named who already does as well for less" in words) is not said


def test_an_exemplar_has_its_mark_its_quality_and_its_years(library: Library, book: Book) -> None:
    rows = [row for row in book.rows("exemplars") if row["exemplar_id"] == "T02"]  # provisional in 2023-24
    view = routes.view(library, f"{PREFIX}/body/{rows[0]['body_id']}/service/waste")
    sheet = next(each for each in view.sheets if each.id == "exemplars-waste")
    assert [head.label for head in sheet.heads][2:] == ["Waste recycled"]
    mine = next(row for row in sheet.raw if row["exemplar_id"] == "T02")
    assert mine["status"] == "provisional"
    assert mine["recycling_share_lo"] < mine["recycling_share"] < mine["recycling_share_hi"]
    assert ("P", "provisional: will be revised") in list(sheet.key)
    assert "Since 2022-23 (2 years)" in told(library, f"/body/{rows[0]['body_id']}/service/waste")


def test_figures_with_a_year_between_them_are_counted_as_figures(book: Book) -> None:
    cost = {"indicator_id": "waste_cost_per_tonne"}
    assert since(book, {**cost, "since": "2021-22", "period": "2023-24", "years": 3}) == (
        "Since at least 2021-22 (3 years)"
    )
    assert since(book, {**cost, "since": "2022-23", "period": "2023-24", "years": 2}) == "Since 2022-23 (2 years)"
    assert since(book, {**cost, "since": "2021-22", "period": "2023-24", "years": 2}) == (
        "2 figures since at least 2021-22"
    )


def test_a_range_reads_alike_on_page_and_claim(book: Book) -> None:
    # 13,846,553 / 3.29 is 4.2m, of which two digits are 0.1m; the claim says £0 to £13,800,000.
    assert money_range(book, 0.0, 13_846_553) == "£0 to £13.8m"
    assert money_range(book, 34_200, 13_846_553) == "£30,000 to £13.8m"
    assert money_range(book, 1_200_000, 43_000_000) == "£1m to £43m"


def test_one_count_of_peer_sets_on_every_page(library: Library, book: Book) -> None:
    words = told(library, "/body/T03/service/waste?measure=recycling_share")
    said = re.search(r"(\d) of (\d) fair peer sets give the same verdict", words)
    row = next(
        row
        for row in book.standing(book.headline, body_id="T03", indicator_id="recycling_share")
        if row["period"] == "2023-24"
    )
    assert said is not None and book.agreement(row) == (int(said[1]), int(said[2]))
    assert sets_cell({**row, "agreement": (1, 1)}) == "–"  # a set that is asked alone confirms nothing


def test_grade_c_gets_the_sentence_and_no_money(library: Library) -> None:
    words = told(library, "/body/T04/potential")
    assert "On no service can Dunmere’s cost be told from the cheapest quarter, so no amount is given." in words
    assert "no amount" in words
    cost = told(library, "/body/T04/service/waste")
    assert "so no amount is given" in cost


def test_a_body_without_a_usable_figure_says_why(library: Library) -> None:
    words = told(library, "/body/T08/service/waste")
    assert "Heathwick has no figure to show: withheld: its figures failed a check" in words
    assert f"{HIDDEN_VALUE:,.0f}" not in words
    assert f"{HIDDEN_VALUE:,.0f}" not in told(library, "/body/T08/chain")
    assert "This release states no potential of Heathwick." in told(library, "/body/T08/potential")


def test_a_funnel_in_which_nobody_is_judged_is_a_sentence_and_no_chart(library: Library) -> None:
    """The invented shares differ so much that nobody is flagged."""
    shown = render(routes.view(library, f"{PREFIX}/body/T01/service/waste").content)
    words = told(library, "/body/T01/service/waste")
    assert "Waste recycled: is it unusual?" in words
    assert "2023-24: no chart is drawn. Most of the difference between bodies is neither chance nor explained" in words
    assert "improve context adjustment" not in words and "chart-funnel" not in shown


def test_a_funnel_is_as_wide_as_what_its_axis_says(book: Book) -> None:
    """A share is of cases; a rate is set against the events that would be expected, not against people."""
    assert size_words(book, "recycling_share", {"kind": "proportion"}) == "Waste collected"
    assert size_words(book, "recycling_share", {"kind": "root"}) == (
        "Number expected, were the rate as everywhere: waste recycled"
    )


def test_parts_of_a_gap_are_named_with_their_amounts_and_the_measure_is_not_its_own_cause(book: Book) -> None:
    """13.0 = 7.09 - 1.02 + 6.90: no part is 'most' of it."""
    stages = [
        {"stage": 1, "label": "Spending per tonne", "gap": 7.09e6},
        {"stage": 2, "label": "Tonnes per household", "gap": -1.02e6},
        {"stage": 3, "label": "Tonnes per tonne recycled", "gap": 6.90e6},
    ]
    assert told_parts(book, stages) == (
        "£7.09m more from spending per tonne, £6.90m more from tonnes per tonne recycled and £1.02m less from tonnes "
        "per household"
    )
    whole = {"label": "Spending per tonne recycled", "above": "waste_spend", "below": "recycled"}
    assert "whole chain, so it is another amount" in unlike(book, whole, "waste_cost_per_tonne")
    assert unlike(book, {**whole, "below": "waste_tonnes"}, "waste_cost_per_tonne") == ""
    wide = {"gap_lo": -1.0e6, "gap_hi": 2.0e6}
    assert sure(book, wide) == (
        "the difference lies between −£1.00m and £2.00m (95%). It cannot be told apart from none."
    )


def test_a_difference_that_may_be_none_has_no_place_where_it_arises() -> None:
    assert told_apart({"gap_lo": 0.1, "gap_hi": 2.0}) and told_apart({"gap_lo": -2.0, "gap_hi": -0.1})
    assert not told_apart({"gap_lo": -0.1, "gap_hi": 2.0})
    assert not told_apart({"gap_lo": None, "gap_hi": None})


def test_the_part_to_look_at_is_the_largest_only_where_its_interval_says_so() -> None:
    found = {"label": "Spending per tonne", "gap_lo": 4.0, "gap_hi": 9.0}
    small = {"label": "Tonnes per household", "gap_lo": -1.0, "gap_hi": 3.9}
    near = {"label": "Tonnes recycled", "gap_lo": 1.0, "gap_hi": 4.0}
    unknown = {"label": "Trips", "gap_lo": None, "gap_hi": None}
    assert look_at(found, [found, small]).startswith("Look at spending per tonne first: the largest part")
    assert look_at(found, [small, near, found, unknown]).endswith("told apart from tonnes recycled and trips.")


def test_those_who_do_it_for_less_are_told_apart_from_those_who_may_not(book: Book) -> None:
    """Intervals of 90 to 110 for the body; 70 to 89 ends below, 70 to 90 does not."""
    own = {"lo": 90.0, "hi": 110.0}
    cost = {"indicator_id": "waste_cost_per_tonne"}
    found = [
        {**cost, "exemplar_id": "T02", "hi": 90.0, "closeness_order": 1, "since": "2021-22"},
        {**cost, "exemplar_id": "T03", "hi": 89.0, "closeness_order": 2, "since": "2022-23"},
        {**cost, "exemplar_id": "T04", "hi": None, "closeness_order": 3, "since": "2022-23"},
    ]
    assert book.earliest("waste_cost_per_tonne") == "2021-22"  # nobody can say what was before
    said = peers(book, book.bodies["T01"], own, found)
    first, second, third = (book.name(each["exemplar_id"]) for each in found)
    assert said == (
        f"{second} (since 2022-23), lower than {book.name('T01')} by more than chance; {first} (since at least "
        f"2021-22) and {third} (since 2022-23), not to be told apart from {book.name('T01')}."
    )


@pytest.mark.parametrize(
    ("verdict", "named"), [("higher", True), ("same", True), ("lower", False), ("withheld", False)]
)
def test_the_first_page_names_who_already_does_it_only_where_the_body_is_not_lower(
    book: Book, verdict: str, named: bool
) -> None:
    found = book.rows("exemplars", body_id="T01")
    row = next(
        each
        for each in newest_rows(book, book.bodies["T01"], book.headline)
        if each["indicator_id"] == found[0]["indicator_id"]
    )
    address = Address(book.pack, "", ("body", "T01"))
    panel = who_panel(book, address, book.bodies["T01"], [{**row, "verdict": verdict}], None)
    assert (panel is not None) is named
    if panel is not None:
        said = text(panel)
        assert all(book.name(each["exemplar_id"]) in said for each in found)


def test_frontier_scores_never_stand_without_interval_and_peers(library: Library) -> None:
    words = told(library, "/body/T02/potential")
    assert re.search(r"70% to 79% : Waste 90% Alderbrook", words)
    assert words.index("Scores as computed, uncorrected") < words.index("Waste: 80%")
    sheet = next(each for each in routes.view(library, f"{PREFIX}/body/T02/potential").sheets if each.id == "frontiers")
    assert {"score_uncorrected", "interval_lo", "interval_hi"} <= set(sheet.fields) and "score" not in sheet.fields
    row = sheet.raw[0]
    assert (row["interval_lo"], row["interval_hi"], row["score_uncorrected"]) == (0.7, 0.79, 0.8)
    on_it = told(library, "/body/T01/potential")
    assert "Its figures are to be checked first" in on_it


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/body/T01/service/nope", 404),
        ("/body/T01/service/waste?measure=nope", 400),
        ("/body/T01/service/waste?x=1", 400),
        ("/body/T01/chain/nope", 404),
        ("/body/T01/chain?x=1", 400),
        ("/body/T01/potential?x=1", 400),
        ("/body/T01/service/waste/more", 404),
        ("/body/XX/potential", 404),
        ("/claim/of/nope/T01/waste/2023-24", 404),
        ("/claim/of/potential/T01/nope/2023-24", 404),
        ("/claim/of/potential/T01/waste/2023-24/nope", 404),
    ],
)
def test_what_is_not_there_has_a_page_that_says_so(library: Library, path: str, status: int) -> None:
    assert routes.view(library, PREFIX + path).status == status


@pytest.mark.parametrize("page", ["/service/waste", "/service/roads", "/chain", "/potential"])
def test_an_ended_body_leads_to_its_successor(library: Library, page: str) -> None:
    assert "Its work passed to Juniper Vale" in told(library, f"/body/T11{page}")


def test_no_page_prints_a_bare_rank(library: Library) -> None:
    for page in ("/service/waste", "/chain", "/potential"):
        words = told(library, f"/body/T01{page}")
        assert not re.search(r"\b(rank(ed)?|\d+(st|nd|rd|th) of)\b", words), page


def walk(node: Any) -> Any:
    """Every component below a node."""
    if isinstance(node, list | tuple):
        for each in node:
            yield from walk(each)
    elif node is not None and not isinstance(node, str | int | float):
        yield node
        yield from walk(getattr(node, "children", None))


def figure_of(node: Any) -> dict[str, Any]:
    figure: dict[str, Any] = node.figure
    return figure


def test_productivity_whose_interval_holds_100_did_not_move_for_sure(book: Book) -> None:
    row = {"base": "2021-22", "output_quality": 96.0, "input": 107.0, "productivity": 90.0, "excluded": None}
    body = book.bodies["T01"]
    wide = "".join(sentence(body, {**row, "lo": 69.0, "hi": 118.0}))
    assert "productivity cannot be told apart from no change (90; 69 to 118, 2021-22 = 100)." in wide
    sure = "".join(sentence(body, {**row, "lo": 85.0, "hi": 95.0}))
    assert "productivity fell 10% (85 to 95, 2021-22 = 100)." in sure


def test_a_bodys_own_interval_has_its_own_colour_and_not_that_of_peers() -> None:
    rows = [{"period": p, "output_quality": 100, "input": 100, "productivity": 100, "lo": 90, "hi": 110} for p in "ab"]
    drawn = index_line(rows, "Alderbrook")["data"]
    assert BAND not in str(drawn)
    assert [each["y"] for each in drawn[:2]] == [[90, 110]] * 2
    assert {each["line"]["color"] for each in drawn[:2]} == {YOU}


def test_what_is_asked_is_not_given_a_range_that_is_not_around_it() -> None:
    """Asked 0.3% on the cautious gap; with true gaps known the same rule would ask 0.6% to 2.3%."""
    row = {"cut": 0.003, "cut_lo": 0.006, "cut_hi": 0.023}
    assert known_gaps(row) == "0.6% to 2.3%"
    assert known_gaps({**row, "cut_lo": 0.03, "cut_hi": 0.03}) == "–"
