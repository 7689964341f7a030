"""A set of one's own: what an address may ask for, what it gives, and the verdicts under it. Arithmetic is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboards.address import LISTS, Address, Refused, parse_query
from dashboards.components.markup import render, text
from dashboards.data import Book
from dashboards.library import Library
from dashboards.own_asked import asked
from dashboards.own_peers import Chosen, chosen, next_alike
from dashboards.own_verdicts import rejudged
from dashboards.pages.body import newest_rows
from dashboards.peers_field import field, sought
from dashboards.replies import Desk
from dashboards.retained import held, recent
from dashboards.routes import view
from tests.older import make_older
from tests.releases import LIVING, PACK, make_release

PEERS = "/twelve-councils/body/T01/peers"


def of(book: Book, code: str, **query: str) -> Chosen:
    """The set that an address gives a body; `with_` stands for the parameter `with`."""
    said = {name.rstrip("_").replace("_", "-"): value for name, value in query.items()}
    return chosen(book, Address(PACK, "", ("body", code, "peers"), said), book.bodies[code])


def published(book: Book, code: str, model: str = "statistical") -> list[str]:
    rows = book.rows("peers", model_id=model, body_id=code)
    return [row["peer_id"] for row in sorted(rows, key=lambda row: row["closeness_order"])]


def words(library: Library, target: str) -> str:
    return text(view(library, target).content)


@pytest.mark.parametrize("code", LIVING)
def test_the_default_is_the_published_list_with_its_distances(book: Book, code: str) -> None:
    place = field(book, "statistical")
    assert place is not None
    found = sought(place, code, place.k, place.weights, same_region=False)
    rows = sorted(book.rows("peers", model_id="statistical", body_id=code), key=lambda row: row["closeness_order"])
    at = [place.roster.place[peer] for peer in found.peers]
    stated = [(row["peer_id"], row["distance"], row["distance_rebased"]) for row in rows]
    assert list(zip(found.peers, found.distance[at], found.rebased[at], strict=True)) == stated


@pytest.mark.parametrize("code", LIVING)
@pytest.mark.parametrize("model", ["statistical", "official"])
def test_under_the_published_list_every_position_is_the_published_one(book: Book, code: str, model: str) -> None:
    """The invented release gives quartiles from 5 peers and its own reasons; the rest is that of the methods."""
    rows = [row for row in book.standing(model, body_id=code) if row["n_peers"] is not None]
    again = rejudged(book, book.bodies[code], published(book, code, model), rows)
    same = ("value", "n_peers", "n_left_out", "peer_median", "verdict")
    assert [[row[name] for name in same] for row in again] == [[row[name] for name in same] for row in rows]
    ratios = ("ratio", "ratio_lo", "ratio_hi")
    told = [(now, row) for now, row in zip(again, rows, strict=True) if row["verdict"] != "withheld"]
    assert all(now[name] == pytest.approx(row[name]) for now, row in told for name in ratios)
    assert [bool(row["reason"]) for row in again] == [row["verdict"] == "withheld" for row in rows]


def test_a_set_that_is_not_ones_own_is_the_published_one(book: Book) -> None:
    for query in ({}, {"count": "8"}, {"weight_need": "1"}, {"model": "official"}, {"count": "6", "model": "official"}):
        found = of(book, "T01", **query)
        assert not found.own and list(found.members) == published(book, "T01", found.model)
        assert {name for name, value in found.query.items() if value} <= {"model"}


def test_weights_decide_who_is_near(book: Book) -> None:
    """By people alone T05 (95,000) is 7,000 from T04 and T06 and 14,000 from T03 and T07; equals go by code."""
    assert of(book, "T05", weight_need="0", count="3").members == ("T04", "T06", "T03")
    # By need alone: score 14 + 1.5 (5i mod 11), so i = 1..10 stand at 5, 10, 4, 9, 3, 8, 2, 7, 1, 6 steps. T05 is at
    # 3: T03 and T07 are 1 away, T01 and T09 are 2 away.
    assert of(book, "T05", weight_people="0", count="4").members == ("T03", "T07", "T01", "T09")


def test_the_region_can_be_asked_for(book: Book) -> None:
    """Odd numbers are in the north: T03, T05, T07 and T09 are left of T01's field, nearest first."""
    assert of(book, "T01", region="same").members == ("T03", "T05", "T07", "T09")
    assert of(book, "T01", region="same", model="official").members == ("T03", "T05", "T07")


def test_left_out_and_added(book: Book) -> None:
    everybody = published(book, "T01")
    assert "T10" not in everybody
    found = of(book, "T01", without="T02~T04", with_="T10")
    assert list(found.members) == [code for code in everybody if code not in ("T02", "T04")] + ["T10"]
    assert next_alike(book, book.bodies["T01"], found) == []  # those left out have their own way back
    assert of(book, "T01", model="none", with_="T09~T03").members == ("T09", "T03")
    back = found.asked.adding("T02").leaving_out("T10")
    assert (back.without, back.added) == (("T04",), ())
    near = of(book, "T01", count="3")
    assert next_alike(book, book.bodies["T01"], near)[:2] == ["T04", "T06"]


def test_the_address_says_the_set_again(book: Book) -> None:
    found = of(book, "T01", count="5", region="same", weight_people="2", without="T02", with_="T10~T04")
    query = {name: value for name, value in found.query.items() if value}
    assert query == {"count": "5", "region": "same", "weight-people": "2", "without": "T02", "with": "T10~T04"}
    address = Address(PACK, "", ("body", "T01", "peers"), query)
    assert asked(book, address, book.bodies["T01"]) == found.asked


def test_a_verdict_by_hand(book: Book) -> None:
    """T01 costs 244.09 a tonne (231.88 to 256.29). Five peers: 224.64, 234.35, 251.31, 253.80, 273.24; median 251.31.

    251.31 lies inside the interval, so the two cannot be told apart. Published peers with a figure are four.
    """
    body = book.bodies["T01"]
    row = next(
        each for each in newest_rows(book, body, "statistical") if each["indicator_id"] == "waste_cost_per_tonne"
    )
    assert (row["verdict"], row["n_peers"]) == ("withheld", 4)
    now = rejudged(book, body, ("T02", "T04", "T05", "T06", "T09", "T10"), [row])[0]
    assert (now["verdict"], now["n_peers"], now["reason"]) == ("same", 5, None)
    assert now["peer_median"] == pytest.approx(8_123_000 / 32_323)  # T02, the third of five
    assert now["ratio"] == pytest.approx(row["value"] / (8_123_000 / 32_323))
    assert now["peer_q25"] is None  # quartiles need eight
    assert (now["n_figures"], now["n_left_out"]) == (6, 1)  # T05 has a figure and is not like for like
    few = rejudged(book, body, ("T02", "T04", "T06", "T09"), [row])[0]
    assert (few["verdict"], few["reason"]) == ("withheld", "too few comparable councils (4) to compare")
    nobody = rejudged(book, body, (), [row])[0]
    assert (nobody["verdict"], nobody["n_peers"], nobody["peer_median"]) == ("withheld", 0, None)


BAD = (
    ("count=2", "whole number from 3 to 30"),
    ("count=31", "whole number from 3 to 30"),
    ("count=%C2%B3", "whole number from 3 to 30"),
    ("count=1e1", "whole number from 3 to 30"),
    ("region=north", "no choice"),
    ("model=nope", "no choice"),
    ("weight-need=3.5", "a number from 0 to 3"),
    ("weight-need=nan", "a number from 0 to 3"),
    ("weight-need=-1", "a number from 0 to 3"),
    ("weight-need=0&weight-people=0", "needs a weight above 0"),
    ("weight-wealth=2", "no setting called"),
    ("with=T99", "the code of no council"),
    ("with=T01", "cannot be its own peer"),
    ("with=T11", "Kestrel Bay is not compared"),
    ("with=UK", "United Kingdom is not compared"),
    ("with=T02~T02", "lists a code twice"),
    ("with=T02~", "the code of no council"),
    ("with=T02&without=T02", "both left out and added"),
    ("without=%3Cscript%3E", "the code of no council"),
    ("without=" + "~".join(["T02"] * 31), "at most 30 codes"),
    ("peers=T02", "no setting called"),
    ("measure=nope", "no choice"),
    ("with=T02&with=T03", "gives one parameter twice"),
)


@pytest.mark.parametrize(("query", "said"), BAD)
def test_what_no_set_can_be_is_refused_in_words(library: Library, query: str, said: str) -> None:
    found = view(library, f"{PEERS}?{query}")
    assert found.status == 400 and said in text(found.content)
    assert "<script>" not in render(found.content)
    again = 'href="/twelve-councils/body/T01/peers"' in render(found.content)  # the way out, once the address is parsed
    assert again is ("one parameter twice" not in said)


@pytest.mark.parametrize("page", ["", "/service/waste"])
def test_other_pages_refuse_the_same(library: Library, page: str) -> None:
    assert view(library, f"/twelve-councils/body/T01{page}?with=T99").status == 400
    assert view(library, f"/twelve-councils/body/T01{page}?add=T02").status == 400


def test_lists_may_be_longer_than_other_parameters() -> None:
    long = "~".join(["E06000001"] * 30)  # 9 x 30 + 29 = 299 letters
    assert parse_query(f"with={long}")["with"] == long
    for query in (f"q={long}", f"with={'x' * (LISTS['with'] + 1)}", "with=a%00b"):
        with pytest.raises(Refused):
            parse_query(query)


def test_verdicts_stand_beside_the_published_ones(library: Library) -> None:
    target = f"{PEERS}?with=T10&measure=waste_cost_per_tonne"
    said = words(library, target)
    assert "there is a verdict where the published peers give none" in said
    assert "waste and recycling (cannot be told apart; published: withheld)" in said
    assert "Against 9 councils of your own choice, not the published peers" in said
    assert (
        "7 of 9 peers have a figure; 1 not like for like, 5 contribute" in said
    )  # T03 and T08 show none; T07 is small
    assert "Back to the published peers" in said and "Added by you" in said
    found = view(library, target)
    sheets = {sheet.id: sheet for sheet in found.sheets}
    row = next(row for row in sheets["own-verdicts"].raw if row["indicator_id"] == "waste_cost_per_tonne")
    assert (row["verdict"], row["published_verdict"], row["n_figures"], row["n_peers"]) == ("same", "withheld", 7, 5)
    added = next(row for row in sheets["why"].raw if row["peer_id"] == "T10")
    assert added["added"] and not added["published"] and added["in_releases"] == 0 and added["of_releases"] == 1
    assert sheets["peer-sets"].raw[0]["label"] == "Your set"


def test_each_theme_has_its_bar_and_both_values(library: Library) -> None:
    """T01 and T03: people 67,000 and 81,000, deprivation 21.5 and 20; (14,000/20,000)^2 = 0.49 and (1.5/5)^2 = 0.09."""
    cells = next(sheet for sheet in view(library, PEERS).sheets if sheet.id == "why").cells[0]
    assert text(cells[0]) == "Cobbleton"
    assert text(cells[3]) == "People 84%People: 67,000 and 81,000Need 16%Deprivation: 21.5 and 20.0"  # 0.49/0.58
    assert "1 of 1 release" in text(cells[6])


def test_names_are_added_as_the_search_finds_them(library: Library) -> None:
    def leads(typed: str, more: str = "") -> str:
        return view(library, f"{PEERS}?add={typed}{more}").leads_to

    assert leads("juniper") == f"{PEERS}?with=T10"
    assert leads("T10", "&without=T02&count=5") == f"{PEERS}?count=5&without=T02&with=T10"
    assert leads("birch", "&without=T02") == PEERS  # adding one that was left out brings it back
    for typed, said in (
        ("alderbrook", "Alderbrook cannot be its own peer"),
        ("larkhill", "Larkhill ended on 31 March 2023"),
        ("united", "United Kingdom is not compared"),
        ("junipper vail", "Did you mean"),
        ("xyzzy", "No council is called “xyzzy”"),
        ("%3Ci%3Ezz", "No council is called “<i>zz”"),
    ):
        found = view(library, f"{PEERS}?add={typed}")
        assert (found.status, found.leads_to) == (200, "") and said in text(found.content)
        assert "<i>" not in render(found.content)
    assert "is in your set already" in words(library, f"{PEERS}?add=T10&with=T10")


def test_without_a_script_forms_carry_the_set(client: Any) -> None:
    answer = client.get(
        f"{PEERS}?model=&count=5&region=&measure=&weight-people=1&weight-need=2&without=T02&add=juniper"
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"{PEERS}?count=5&weight-need=2&without=T02&with=T10")
    page = client.get(f"{PEERS}?count=5&without=T02").get_data(as_text=True)
    assert page.count('<input name="without" type="hidden" value="T02">') == 2  # the controls, and the name to add
    assert 'list="names"' in page


def test_the_set_is_carried_to_the_body_and_its_services(library: Library) -> None:
    body = "/twelve-councils/body/T01"
    page = view(library, f"{body}?with=T10")
    look = next(sheet for sheet in page.sheets if sheet.id == "look-first")
    row = next(row for row in look.raw if row["service_id"] == "waste")
    assert (row["verdict"], row["n_peers"]) == ("same", 5)
    markup = render(page.content)
    assert f"{body}/service/waste?with=T10" in markup and f"{body}/peers?with=T10" in markup
    assert "Compared with peers of your own choice (9 councils)" in text(page.content)
    service = view(library, f"{body}/service/waste?with=T10")
    assert "peers of your own choice" in text(service.content) and "It cannot be told apart" in text(service.content)
    drawn = next(sheet for sheet in service.sheets if sheet.id == "among-peers")
    assert "T10" in [each["body_id"] for each in drawn.raw]
    over = next(sheet for sheet in service.sheets if sheet.id == "trend")
    assert next(each for each in over.raw if each["period"] == "2023-24")["n_peers"] == 5
    assert f"{body}/service/waste" in render(service.content)


def test_how_often_a_peer_stood_in_the_published_list(tmp_path: Path) -> None:
    """Two releases, the older one first: the newer counts both, the older only itself; unknown bodies none."""
    older, newer = make_older(tmp_path), make_release(tmp_path)
    library = Library(tmp_path)
    assert recent(tmp_path, PACK, newer) == [newer, older] and recent(tmp_path, PACK, older) == [older]
    lists = held(tmp_path, PACK, newer, "statistical", "T01")
    assert lists[0] == frozenset(published(library.book(PACK), "T01")) and len(lists) == 2
    assert held(tmp_path, PACK, older, "statistical", "T01") == lists[1:]
    assert held(tmp_path, PACK, newer, "statistical", "T99") == []
    listed = next(sheet for sheet in view(library, PEERS).sheets if sheet.id == "why").raw
    assert [row["in_releases"] for row in listed] == [sum(row["peer_id"] in each for each in lists) for row in listed]
    assert all(row["of_releases"] == 2 for row in listed)


def test_a_release_that_states_no_rules_still_lets_peers_be_left_out_and_added(book: Book, tmp_path: Path) -> None:
    class Older(Book):
        @property
        def models(self) -> Any:  # type: ignore[override]
            return {id: {k: v for k, v in row.items() if k != "variables"} for id, row in book.models.items()}

    older = Older(book.release, Desk(tmp_path))
    assert field(older, "statistical") is None
    found = of(older, "T01", without="T02", with_="T10", count="4")
    assert list(found.members) == [*(c for c in published(book, "T01")[:4] if c != "T02"), "T10"]
    with pytest.raises(Refused):
        of(older, "T01", weight_need="2", with_="T01")
