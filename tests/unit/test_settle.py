"""`evenhand settle` on anybody's CSV: the steps beside the rows, and one clear line for whatever cannot be settled."""

from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from pipelines import settle_input
from pipelines.cli import cli
from pipelines.errors import BadInput
from pipelines.settle import settle

MSSP = (
    "aco_id,performance_year,track,assigned_beneficiaries,benchmark_total,expenditure_total,quality_score,msr_published\n"
    "A1,2018,T1,10000,100000000,90000000,0.9,\n"
    "A2,2019,Enhanced,9000,100000000,102000000,,0.02\n"
)
CAP = "body_id,period,cost_base,efficiency,rab\nX,2026,100,0.8,300\nY,2026,100,0.9,100\n"
# methods.md M5.4: A = 100, 99, 98, 97 and C = 97, 97.5, 96, 98.5 at a threshold of 1 %.
TERMS = (
    "body_id,period,ceiling,cost,quality_pass\n"
    "B,2024-25,100,97,1\nB,2025-26,99,97.5,1\nB,2026-27,98,96,1\nB,2027-28,97,98.5,1\n"
)


def template(tmp_path: Path, *changes: tuple[str, str]) -> str:
    """A copy of the UK template with changes."""
    text = (files("pipelines.scenarios") / "parameters" / "uk-multi-year.yml").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "terms.yml").write_text(text)
    return str(tmp_path / "terms.yml")


def settled(tmp_path: Path, text: str, rules: str) -> pl.DataFrame:
    (tmp_path / "in.csv").write_text(text)
    settle(tmp_path / "in.csv", rules, tmp_path / "out.csv")
    return pl.read_csv(tmp_path / "out.csv")


def test_shared_savings_stand_beside_the_rows(tmp_path):
    table = settled(tmp_path, MSSP, "us-mssp")
    assert table.columns[:9] == [*MSSP.split("\n")[0].split(","), "side"]
    # 98 % of 45 % of 10 m; 40 % of 2 m (pay for reporting), in a year without payment reduction.
    assert table["earned"].to_list() == pytest.approx([4.41e6, -0.8e6])
    assert table["msr_source"].to_list() == ["sliding scale", "stated, elected"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("100000000,90000000", '"$100,000,000","90,000,000.0"'),
        (",2018,", ",2018.0,"),
        (",T1,", ",Track 1,"),
        (",0.9,\n", ",.9,-\n"),
        ("102000000,,", "102000000,P4R,"),
        (",Enhanced,", ", en ,"),
    ],
)
def test_the_ways_publishers_write_are_read(tmp_path, old, new):
    table = settled(tmp_path, MSSP.replace(old, new), "us-mssp")
    assert table["earned"].to_list() == pytest.approx([4.41e6, -0.8e6])


@pytest.mark.parametrize("start", ["1/1/24", "01/01/2024 12:00:00 AM", "2024-01-01", "1/1/2024"])
def test_dates_as_publishers_write_them(tmp_path, start):
    text = (
        "aco_id,performance_year,track,assigned_beneficiaries,benchmark_total,expenditure_total,quality_score,"
        f"rev_exp_cat,current_start_date\nA1,2024,A,10000,100000000,99000000,0.9,Low Revenue,{start}\n"
    )
    assert settled(tmp_path, text, "us-mssp")["gate"].to_list() == ["reduced savings"]


def test_two_periods_of_2019_are_no_duplicate(tmp_path):
    head, first, second = MSSP.splitlines()
    rows = f"{head},current_start_date\n{second},2016-01-01\n{second.replace('2019', '2019A')},2019-07-01\n{first},\n"
    assert settled(tmp_path, rows, "us-mssp").height == 3


def test_caps_by_calibration(tmp_path):
    table = settled(tmp_path, CAP, "revenue-cap")
    # 30 lacking, spread 300 : 100, so norms of 102.5 and 97.5; then rab x 0.0017588338136 / 0.7 more each.
    norms = [102.5 + 300 * 0.0017588338136 / 0.7, 97.5 + 100 * 0.0017588338136 / 0.7]
    assert table["cap"].to_list() == pytest.approx([30 + 0.7 * norm for norm in norms])


def test_what_is_left_open_is_said(tmp_path):
    (tmp_path / "in.csv").write_text(CAP.replace("2026", "2025"))
    _, notes = settle(tmp_path / "in.csv", "revenue-cap", tmp_path / "out.csv")
    assert len(notes) == 1 and notes[0].startswith("2 of 2 rows leave open the recalibration of this year")


def test_own_terms_settle_the_worked_example(tmp_path):
    rules = template(tmp_path, ("value: 0.02}", "value: 0.01}"))
    table = settled(tmp_path, TERMS, rules)
    assert table["payment"].to_list() == pytest.approx([1.5, 0.75, 1.0, 0])
    assert table["deposit"].to_list() == pytest.approx([1.5, 0.75, 0.69, 0])
    assert table["bank"].to_list() == pytest.approx([1.5, 2.25, 2.94, 1.44])
    assert table["draw"].to_list() == pytest.approx([0, 0, 0, 1.5])
    assert table["overflow"].sum() == pytest.approx(0.31)


def test_own_terms_take_rows_in_any_order_and_bodies_with_gaps(tmp_path):
    rules = template(tmp_path)
    head, *rows = TERMS.splitlines()
    other = "C,2025-26,100,90,1"
    table = settled(tmp_path, "\n".join([head, rows[2], other, rows[3], rows[0], rows[1]]), rules)
    alone = settled(tmp_path, TERMS, rules)
    for name in ("payment", "bank", "kept"):
        found = table.filter(pl.col("body_id") == "B").sort("period")[name].to_list()
        assert found == pytest.approx(alone[name].to_list())
    assert table.filter(pl.col("body_id") == "C")["payment"].to_list() == [5.0]


def test_a_sliding_gate_asks_for_percentiles(tmp_path):
    rules = template(tmp_path, ("value: veto}", "value: sliding}"))
    with pytest.raises(BadInput, match="has no column 'quality_percentile'"):
        settled(tmp_path, TERMS, rules)
    table = settled(tmp_path, TERMS.replace("quality_pass", "quality_percentile").replace(",1\n", ",80\n"), rules)
    assert table["payment"][0] == pytest.approx(0.5 * 0.8 * 3)


@pytest.mark.parametrize(
    ("text", "rules", "message"),
    [
        (MSSP.replace("benchmark_total", "bench"), "us-mssp", r"has no column 'benchmark_total' \(it has aco_id"),
        (MSSP.replace("0.9", "NaN"), "us-mssp", r"line 2, column 'quality_score': 'NaN' is not a number"),
        (MSSP.replace("0.9", "inf"), "us-mssp", r"line 2, column 'quality_score': 'inf' is not a number"),
        (MSSP.replace("0.9", "90%"), "us-mssp", r"line 2, column 'quality_score': '90%' is not a number \(rates are"),
        (MSSP.replace("0.9", "90"), "us-mssp", r"'90' is out of range, which is from 0 to 1"),
        (
            MSSP.replace("100000000,9", "-100000000,9"),
            "us-mssp",
            r"line 2, column 'benchmark_total': '-1.* out of range",
        ),
        (MSSP.replace("100000000,9", "0,9"), "us-mssp", r"column 'benchmark_total': '0' is out of range"),
        (
            MSSP.replace("100000000,9", ",9"),
            "us-mssp",
            r"line 2, column 'benchmark_total': is empty: needed; supply it",
        ),
        (MSSP.replace("T1", "T9"), "us-mssp", r"line 2 \(A1\): track 'T9' has no rules in 2018; the tracks are T1"),
        (MSSP.replace("A2,2019", "A2,2018"), "us-mssp", r"line 3 \(A2\): track 'EN' has no rules in 2018"),
        (MSSP.replace("2018", "18"), "us-mssp", r"line 2, column 'performance_year': '18' is not a year"),
        (MSSP.replace("A2,2019", ",2019"), "us-mssp", r"line 3, column 'aco_id': is empty"),
        (MSSP.replace("10000,1", "4000,1"), "us-mssp", r"line 2 \(A1\): .* state the rate in msr_published"),
        (MSSP + MSSP.splitlines()[1], "us-mssp", r"lines 2 and 4: A1, 2018 stands twice"),
        (MSSP.replace("A1,", "=HYPERLINK(1),"), "us-mssp", r"line 2, column 'aco_id': '=HYPERLINK\(1\)' is a formula"),
        (MSSP.replace("90000000", "=1+1"), "us-mssp", r"line 2, column 'expenditure_total': '=1\+1' is a formula"),
        (MSSP.replace("aco_id,", "earned,aco_id,").replace("A", "1,A"), "us-mssp", r"already has a column 'earned'"),
        (
            MSSP.replace("100000000,9", "1e300,9"),
            "us-mssp",
            r"line 2, column 'benchmark_total': '1e300' is out of range",
        ),
        (CAP.replace("efficiency", "cost_base"), "revenue-cap", r"column 'cost_base' stands twice"),
        (CAP.replace(",0.9,100", ""), "revenue-cap", r"line 3 \(Y\): neither norm_cost nor efficiency"),
        (CAP.replace(",", ";"), "revenue-cap", r"has no column 'body_id' \(it has body_id;period"),
        (MSSP.splitlines()[0], "us-mssp", r"has 0 rows"),
        ("", "us-mssp", r"is not a CSV"),
        ("a,b\n1,2,3\n", "us-mssp", r"is not a CSV"),
        (MSSP.replace("T1", "T\x001"), "us-mssp", r"is NUL"),
        (CAP.replace("0.8", "-0.8"), "revenue-cap", r"line 2, column 'efficiency': '-0.8' is out of range"),
        (CAP.replace("0.9", ""), "revenue-cap", r"line 3 \(Y\): neither norm_cost nor efficiency"),
        (CAP.replace("Y,2026", "X,2026"), "revenue-cap", r"lines 2 and 3: X, 2026 stands twice"),
        (CAP.replace("cost_base", "cost"), "revenue-cap", r"has no column 'cost_base'"),
        (CAP, "norway", r"norway: neither us-mssp nor revenue-cap nor a file"),
    ],
)
def test_what_cannot_be_settled_is_said_in_one_line(tmp_path, text, rules, message):
    (tmp_path / "out.csv").write_text("as it was")
    with pytest.raises(BadInput, match=message) as fault:
        settled(tmp_path, text, rules)
    assert "\n" not in str(fault.value)
    assert (tmp_path / "out.csv").read_text() == "as it was"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: 0.10}", "value: 10}", r"terms.yml: cap: 10.0 is outside 0 to 1"),
        ("parameter: share", "parameter: shares", r"terms.yml: shares: no such term"),
        ("value: ramp}", "value: cliff}", r"terms.yml: start: 'cliff' is none of ramp, notch, above"),
        ("title: Multi", "titel: Multi", r"terms.yml: title: Field required"),
    ],
)
def test_terms_that_cannot_be_used_are_said_in_one_line(tmp_path, old, new, message):
    with pytest.raises(BadInput, match=message) as fault:
        settled(tmp_path, TERMS, template(tmp_path, (old, new)))
    assert "\n" not in str(fault.value) and not (tmp_path / "out.csv").exists()


def test_a_file_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(settle_input, "SIZE", 10)
    with pytest.raises(BadInput, match="split the file by year"):
        settled(tmp_path, MSSP, "us-mssp")
    monkeypatch.setattr(settle_input, "SIZE", 10_000)
    monkeypatch.setattr(settle_input, "ROWS", 1)
    with pytest.raises(BadInput, match="between 1 and 1 can be settled"):
        settled(tmp_path, MSSP, "us-mssp")


def test_where_nothing_can_be_written_nothing_is_left(tmp_path):
    (tmp_path / "in.csv").write_text(MSSP)
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput, match=r"folder: cannot be written .*; name another file with -o"):
        settle(tmp_path / "in.csv", "us-mssp", tmp_path / "folder")
    with pytest.raises(BadInput, match="cannot be written"):
        settle(tmp_path / "in.csv", "us-mssp", tmp_path / "nowhere" / "out.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "in.csv"]
    with pytest.raises(BadInput, match=r"absent.csv: cannot be read"):
        settle(tmp_path / "absent.csv", "us-mssp", tmp_path / "out.csv")


def test_the_command_says_what_it_did(tmp_path):
    (tmp_path / "in.csv").write_text(MSSP)
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(cli, ["settle", str(tmp_path / "in.csv"), "--rules", "us-mssp", "-o", str(out)])
    assert done.exit_code == 0
    assert done.output == f"{out}: 2 rows settled under us-mssp.\n"
