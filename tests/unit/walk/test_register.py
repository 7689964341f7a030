"""Registers with messy facts become bodies, codes, successions and periods."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.errors import BadInput
from pipelines.packs.schema import Bridge, Lineage, LineageNote, RegisterSource
from pipelines.walk.register import first_period, register
from tests.warehouses import put

FULL = RegisterSource(
    dataset="register",
    name="name",
    valid_from="opened",
    valid_to="closed",
    replaced_by="successor",
    own_code="short",
    parent="above",
    region="region",
    former_codes=("formerly",),
    aliases={"tax": "tax_number"},
)


def facts(*bodies: dict[str, str], dataset: str = "register", period: str = "") -> list[dict[str, object]]:
    """Cells of a register: one a fact; `code` and `printed` (the name beside it) are no facts."""
    return [
        {
            "dataset": dataset,
            "code": body["code"],
            "name": body.get("printed"),
            "series": s,
            "text": t,
            "period": period,
        }
        for body in bodies
        for s, t in body.items()
        if s not in ("code", "printed")
    ]


def told(warehouse, pack, *cells, sources=(FULL,), **changes):
    """The pack's register on some cells; every dataset and period is ruled by the one edition."""
    put(warehouse, "staging.cells", *cells)
    ruled = {(str(cell["dataset"]), str(cell.get("period", ""))) for cell in cells}
    put(warehouse, "staging.ruling", *({"dataset": d, "period": p} for d, p in sorted(ruled)))
    register(replace(pack, register=sources, **changes), warehouse)
    return {row["body_id"]: row for row in warehouse.read("from marts.bodies").iter_rows(named=True)}


def test_a_body_has_what_its_facts_say_and_nothing_more(warehouse, courts):
    bodies = told(
        warehouse,
        courts,
        *facts(
            {"code": "C1", "name": "First", "opened": "1990-01-01", "above": "ap", "region": "North", "short": "c1"},
            {"code": "C2", "name": "", "printed": "Printed name", "short": "c2", "closed": ""},
            {"code": "C3", "short": "c3"},
            {"code": "CA", "name": "Appeal", "short": "ap"},
        ),
    )
    first = bodies["C1"]
    assert (first["name"], first["class_id"], first["parent_id"], first["region"]) == ("First", "court", "CA", "North")
    assert (first["valid_from"], first["valid_to"]) == ("1990-01-01", None)
    assert bodies["C2"]["name"] == "Printed name"  # an empty fact is no fact
    assert bodies["C2"]["valid_to"] is None
    assert bodies["C3"]["name"] == "C3"
    assert bodies["CA"]["class_id"] == "appeal"  # the longest prefix


def test_codes_that_are_no_single_body_of_the_pack_are_left_out(warehouse, courts):
    cells = facts({"code": "C1", "name": "One"}, {"code": "C1 / C2", "name": "Two"}, {"code": "Q9", "name": "Other"})
    assert list(told(warehouse, courts, *cells)) == ["C1"]


def test_a_later_period_of_the_same_register_wins(warehouse, courts):
    cells = [
        *facts({"code": "C1", "name": "Old name"}, period="2022"),
        *facts({"code": "C1", "name": "New name"}, period="2023"),
    ]
    assert told(warehouse, courts, *cells)["C1"]["name"] == "New name"


def test_a_second_register_adds_only_bodies_that_the_first_lacks(warehouse, courts):
    second = RegisterSource(dataset="returns", names_only=True)
    cells = [
        *facts({"code": "C1", "name": "Registered"}),
        *facts(
            {"code": "C1", "printed": "Otherwise", "x": "1"},
            {"code": "C7", "printed": "New", "x": "1"},
            dataset="returns",
        ),
    ]
    bodies = told(warehouse, courts, *cells, sources=(FULL, second))
    assert {code: row["name"] for code, row in bodies.items()} == {"C1": "Registered", "C7": "New"}


def test_a_register_without_any_body_is_refused(warehouse, courts):
    with pytest.raises(BadInput, match="no register names a body of its classes"):
        told(warehouse, courts, *facts({"code": "Q1", "name": "Nobody"}))


MERGER = (
    {"code": "C1", "name": "One", "short": "c1", "successor": "n", "closed": "2023-04-01"},
    {"code": "C2", "name": "Two", "short": "c2", "successor": "n", "closed": "2023-04-01"},
    {"code": "C9", "name": "New", "short": "n", "opened": "2023-04-01"},
)


def lineage(warehouse):
    columns = "from_id, to_id, share, kind, share_basis, effective_period"
    return warehouse.read(f"select {columns} from marts.body_lineage order by all").rows()


def test_a_merger_ends_the_day_before_its_successor_begins(warehouse, courts):
    bodies = told(warehouse, courts, *facts(*MERGER))
    assert bodies["C1"]["valid_to"] == "2023-03-31"  # the register gives 1 April for both
    assert lineage(warehouse) == [
        ("C1", "C9", 1.0, "merge", "whole", "2024"),  # the first whole calendar year
        ("C2", "C9", 1.0, "merge", "whole", "2024"),
    ]


def test_one_heir_of_one_body_is_a_rename(warehouse, courts):
    told(warehouse, courts, *facts(MERGER[0], MERGER[2]))
    assert lineage(warehouse) == [("C1", "C9", 1.0, "rename", "whole", "2024")]


SPLIT = (
    {"code": "C1", "name": "One", "short": "c1", "successor": "a; b", "closed": "2022-12-31"},
    {"code": "C8", "name": "A", "short": "a", "opened": "2023-01-01"},
    {"code": "C9", "name": "B", "short": "b", "opened": "2023-01-01"},
)
PEOPLE = [
    {"dataset": "register", "code": code, "series": "residents", "period": "2023", "value": value}
    for code, value in (("C8", 30.0), ("C9", 10.0))
]


def test_a_split_is_shared_by_the_packs_measure(warehouse, courts):
    told(warehouse, courts, *facts(*SPLIT), *PEOPLE)
    assert lineage(warehouse) == [  # 30 of 40 and 10 of 40
        ("C1", "C8", 0.75, "split", "population", "2023"),
        ("C1", "C9", 0.25, "split", "population", "2023"),
    ]


def test_a_note_of_the_pack_corrects_kind_and_share(warehouse, courts):
    notes = [
        LineageNote(**{"from": "C1", "to": to, "kind": "boundary", "share": share, "why": "stated in the order"})
        for to, share in (("C8", 0.9), ("C9", 0.1))
    ]
    stated = Lineage(share_measure="residents", notes=tuple(notes))
    told(warehouse, courts, *facts(*SPLIT), *PEOPLE, lineage=stated)
    assert [row[2:5] for row in lineage(warehouse)] == [(0.9, "boundary", "stated"), (0.1, "boundary", "stated")]


def test_a_split_without_sizes_is_refused(warehouse, courts):
    with pytest.raises(BadInput, match="C1 was split and C9 has no figure"):
        told(warehouse, courts, *facts(*SPLIT), PEOPLE[0])


def test_a_successor_that_nobody_registered_is_no_succession(warehouse, courts):
    told(warehouse, courts, *facts({**MERGER[0], "successor": "n, unknown"}, MERGER[2]))
    assert [row[:2] for row in lineage(warehouse)] == [("C1", "C9")]


def aliases(warehouse, scheme):
    rows = warehouse.read("select code, body_id, valid_from, valid_to from marts.body_alias where scheme = ?", [scheme])
    return sorted(rows.rows())


def test_former_codes_mean_the_body_unless_another_holds_them(warehouse, courts):
    told(
        warehouse,
        courts,
        *facts({"code": "C1", "formerly": "X1|C2", "tax_number": "77"}, {"code": "C2", "name": "Two"}),
    )
    assert aliases(warehouse, "court") == [("C1", "C1", "", None), ("C2", "C2", "", None), ("X1", "C1", "", None)]
    assert aliases(warehouse, "tax") == [("77", "C1", "", None)]


def test_a_bridged_code_holds_while_its_body_lived(warehouse, courts):
    number = [{"dataset": "returns", "code": code, "series": "no", "text": "815"} for code in ("C1", "C9")]
    cells = [*facts(MERGER[0], MERGER[2]), *({**cell, "period": ""} for cell in number)]
    told(warehouse, courts, *cells, bridges=(Bridge(scheme="dfe", dataset="returns", series="no"),))
    assert aliases(warehouse, "dfe") == [("815", "C1", "", "2023-03-31"), ("815", "C9", "2023-04-01", None)]


def test_periods_that_cells_name_are_known_with_their_days(warehouse, courts):
    cells = facts({"code": "C1", "name": "One"}, period="2022-23") + facts({"code": "C1", "name": "One"})
    told(warehouse, courts, *cells)
    assert warehouse.read("from marts.periods").rows() == [("2022-23", "financial_year", "2022-04-01", "2023-03-31")]


@pytest.mark.parametrize(
    ("kind", "last_day", "period"),
    [
        ("financial_year", "2023-03-31", "2023-24"),
        ("financial_year", "2023-04-01", "2024-25"),  # the year 2023-24 had begun
        ("financial_year", "1999-03-31", "1999-00"),
        ("calendar_year", "2022-12-31", "2023"),
        ("calendar_year", "2023-01-01", "2024"),
    ],
)
def test_the_first_whole_period_after_a_day(courts, kind, last_day, period):
    assert first_period(replace(courts, year_kind=kind), last_day) == period
