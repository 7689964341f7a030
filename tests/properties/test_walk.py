"""What holds of the walk for any figures: nothing is lost, order is irrelevant, a base year ranks nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import contracts
from pipelines.packs.load import load_pack
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Deflator, Measure
from pipelines.walk import dictionary, register, values
from pipelines.walk.inputs import Inputs
from pipelines.walk.steps import Walk, steps
from pipelines.warehouse import Warehouse, open_warehouse
from tests.warehouses import EDITION, OLDER, put

COURTS = load_pack(Path(__file__).resolve().parents[1] / "unit" / "packs" / "courts")
YEARS = tuple(str(year) for year in range(2015, 2024))
CODES = tuple(f"C{n:02}" for n in range(1, 12))
FEW = settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
MORE = settings(FEW, max_examples=6)
PLACED = 4  # the steps that `placed` takes by itself: cells, register, dictionary, values
FIGURES = st.lists(st.integers(0, 10**6), min_size=len(CODES) * 2, max_size=len(CODES) * 2)


def cell(
    code: str, series: str, period: str, value: float | None, status: str = "ok", **more: object
) -> dict[str, object]:
    """One published cell of the courts' returns."""
    text = "" if value is None else str(value)
    row = {"dataset": "returns", "code": code, "name": code, "series": series, "period": period, "value": value}
    return row | {"status": status, "text": text, "locator": "A1"} | more


def register_cells() -> list[dict[str, object]]:
    """A register of eleven courts with their residents and area."""
    facts = [cell(code, "name", "", None, text=f"Court {code}", dataset="register") for code in CODES]
    sizes = [
        cell(code, series, "2023", 1000.0 * n * n, dataset="register")
        for n, code in enumerate(CODES, 1)
        for series in ("residents", "area")
    ]
    return facts + sizes


def returns(figures: Sequence[int]) -> list[dict[str, object]]:
    """Spending, judges and cases of every court in nine years, made from two numbers a court.

    Cases are powers of two: dividing by them is exact, so that equal ratios stay equal whatever the prices.
    """
    return [
        cell(code, series, year, value)
        for n, code in enumerate(CODES)
        for y, year in enumerate(YEARS)
        for series, value in (
            ("spending_keur", float(1 + figures[2 * n] * (y + 3) % 99_991)),
            ("judges", float(1 + figures[2 * n + 1] * (y + 3) % 997)),
            ("resolved", float(2 ** (10 + n % 3))),
        )
    ]


@contextmanager
def walked(pack: Pack, cells: Sequence[dict[str, object]]) -> Iterator[Warehouse]:
    """Every step after reading, on cells as they come; the rule of editions is the newest for dataset and period."""
    with placed(pack, cells) as warehouse:
        walk = Walk(pack, Inputs(()), warehouse)
        for step in steps(pack)[PLACED:]:
            step.run(walk)
        yield warehouse


@contextmanager
def placed(pack: Pack, cells: Sequence[dict[str, object]]) -> Iterator[Warehouse]:
    """The steps as far as every figure is placed and judged."""
    with TemporaryDirectory() as folder, open_warehouse(Path(folder) / "test.duckdb") as warehouse:
        prepare(warehouse, cells)
        register.register(pack, warehouse)
        dictionary.dictionary(pack, warehouse)
        values.values(warehouse)
        yield warehouse


def prepare(warehouse: Warehouse, cells: Sequence[dict[str, object]]) -> None:
    """What reading leaves: cells, editions and which edition rules."""
    put(warehouse, "staging.cells", *cells)
    read = sorted({(str(c["dataset"]), str(c.get("edition", EDITION))) for c in cells})
    known = {"publisher": "P", "title": "T", "url": "u", "licence": "l", "original_name": "f", "original_sha256": "0"}
    rows = [known | {"dataset": d, "edition": e, "date": e[:10], "source": d, "rows_in": 0} for d, e in read]
    put(warehouse, "staging.editions", *rows)
    newest: dict[tuple[str, str], str] = {}
    for c in cells:
        key = (str(c["dataset"]), str(c["period"]))
        newest[key] = max(newest.get(key, ""), str(c.get("edition", EDITION)))
    put(warehouse, "staging.ruling", *({"dataset": d, "period": p, "edition": e} for (d, p), e in newest.items()))


ANY_CELL = st.builds(
    cell,
    st.sampled_from([*CODES, "C99", "Q1", "X"]),
    st.sampled_from(["spending_keur", "resolved", "judges", "overturned", "typists"]),
    st.sampled_from([*YEARS, ""]),
    st.one_of(st.none(), st.floats(-1e9, 1e9)),
).map(lambda c: c | {"status": "missing" if c["value"] is None else "ok"})
ANY_CELLS = st.lists(
    st.tuples(ANY_CELL, st.sampled_from([EDITION, OLDER])).map(lambda pair: pair[0] | {"edition": pair[1]}),
    max_size=60,
    unique_by=lambda c: (c["edition"], c["code"], c["series"], c["period"]),
)


@MORE
@given(ANY_CELLS)
def test_every_cell_that_a_measure_takes_up_is_accepted_or_set_aside(cells):
    with placed(COURTS, register_cells() + cells) as warehouse:
        taken = [c for c in cells if c["series"] != "typists"] + [c for c in register_cells() if c["series"] != "name"]
        accepted = warehouse.scalar("select count(*) from marts.values")
        aside = warehouse.scalar("select count(*) from marts.quarantine")
        assert accepted + aside == len(taken)
        stated = warehouse.read("select sum(rows_in), sum(rows_accepted), sum(rows_quarantined) from marts.editions")
        assert stated.row(0) == (len(taken), accepted, aside)
        current = warehouse.read("select body_id, measure_id, period from marts.values where is_current")
        assert not current.is_duplicated().any()


@FEW
@given(FIGURES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_table(figures, random):
    cells = register_cells() + returns(figures)
    shuffled = random.sample(cells, len(cells))
    wanted = contracts.tables(COURTS.currency, COURTS.base_period)
    with walked(COURTS, cells) as one, walked(COURTS, shuffled) as other:
        for table in wanted:
            assert one.table(table).drop("seed", strict=False).equals(other.table(table).drop("seed", strict=False)), (
                table.name
            )


def priced(base: str) -> Pack:
    """The courts in euros of a base year, over an index that stands in the returns."""
    index = Measure(
        id="prices",
        label="Prices",
        dataset="returns",
        series="index",
        unit="index",
        kind="context",
        period_kind="calendar_year",
    )
    return replace(
        COURTS,
        deflator=Deflator(dataset="returns", series="index", body_code="X"),
        base_period=base,
        measures=(*COURTS.measures, index),
        indicators=tuple(i.model_copy(update={"real_terms": i.id == "spending_per_case"}) for i in COURTS.indicators),
    )


@FEW
@given(FIGURES, st.sampled_from(YEARS), st.lists(st.floats(0.9, 1.1), min_size=len(YEARS), max_size=len(YEARS)))
def test_another_base_year_changes_no_rank_and_no_verdict(figures, base, steps):
    level, index = 100.0, []
    for year, step in zip(YEARS, steps, strict=True):
        level *= step
        index.append(cell("X", "index", year, level))
    cells = register_cells() + returns(figures) + index
    columns = ["model_id", "body_id", "indicator_id", "period", "band", "verdict", "n_peers"]
    with walked(priced(YEARS[-1]), cells) as one, walked(priced(base), cells) as other:
        a, b = (
            w.table(contracts.POSITIONS).sort("model_id", "body_id", "indicator_id", "period") for w in (one, other)
        )
        assert a.height > 0
        assert a.select(columns).equals(b.select(columns))
        apart = (a["percentile"] - b["percentile"]).abs().max()
        assert apart is None or apart < 1e-9
