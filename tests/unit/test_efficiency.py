"""The analyst's face: scores on anybody's CSV, and one clear line for anything that cannot be scored."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.efficiency import efficiency
from pipelines.errors import BadInput

# methods.md M3.8: x = (2, 4, 6, 9, 5, 8), y = (1, 5, 7, 8, 3, 5); input-oriented, variable returns.
ROWS = "body,x,y\nA,2,1\nB,4,5\nC,6,7\nD,9,8\nE,5,3\nF,8,5\n"


def scored(tmp_path: Path, text: str, inputs=("x",), outputs=("y",), **more) -> pl.DataFrame:
    (tmp_path / "in.csv").write_text(text)
    settings = {"rts": "vrs", "orientation": "in", "interval": False} | more
    efficiency(tmp_path / "in.csv", inputs, outputs, out=tmp_path / "out.csv", **settings)
    return pl.read_csv(tmp_path / "out.csv")


@pytest.mark.golden
def test_scores_of_the_worked_example(tmp_path):
    table = scored(tmp_path, ROWS)
    assert table["score"].to_list() == pytest.approx([1, 1, 1, 1, 0.6, 0.5])
    # The fifth body at 3 = (1 + 5) / 2 outputs is half A and half B: 0.5 * 2 + 0.5 * 4 = 3 = 0.6 * 5.
    assert dict(item.split() for item in table["peers"][4].split("; ")) == {"A": "0.5", "B": "0.5"}
    assert table["slack_x"].to_list() == pytest.approx([0] * 6)


@pytest.mark.golden
def test_output_scores_are_at_least_one(tmp_path):
    found = scored(tmp_path, ROWS, orientation="out")["score"].to_list()
    assert found == pytest.approx([1, 1, 1, 1, 2, 1.53333], abs=1e-5)


def test_intervals_hold_below_the_score(tmp_path):
    rows = "".join(f"b{i},{100 + 7 * (i * i % 13)},{40 + 5 * (i % 11)}\n" for i in range(40))
    table = scored(tmp_path, "body,x,y\n" + rows, interval=True)
    assert ((table["lo"] <= table["hi"]) & (table["hi"] <= table["score"] + 1e-12)).all()


def test_rows_keep_their_columns_and_need_no_names(tmp_path):
    table = scored(tmp_path, "x,y\n2,1\n4,5\n6,7\n9,8\n5,3\n8,5\n")
    assert table.columns[:3] == ["x", "y", "score"]
    assert table["peers"][4].startswith(("1 ", "2 "))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ROWS.replace("E,5,3", "E,NaN,3"), r"line 6, column 'x': 'NaN' is not a number"),
        (ROWS.replace("E,5,3", "E,,3"), r"line 6, column 'x': is empty"),
        (ROWS.replace("E,5,3", "E,-5,3"), r"line 6, column 'x': -5 is negative"),
        (ROWS.replace("E,5,3", "E,5%,3"), r"line 6, column 'x': '5%' is not a number"),
        (ROWS.replace("E,5,3", "E,0,3"), r"line 6 \(E\): every input is 0"),
        (ROWS.replace("E,5,3", "E,5,0"), r"line 6 \(E\): every output is 0"),
        (ROWS.replace("E,5", "A,5"), r"line 2: 'body' must name each row once"),
        (ROWS.replace("body,x", "body,z"), r"has no column 'x' \(it has body, z, y\)"),
        (ROWS.replace("body,x,y", "score,x,y"), r"already has a column 'score'"),
        ("body,x,y\nA,2,1\nB,4,5\n", r"2 bodies are too few for 1 inputs and 1 outputs"),
        ("body,x,y\n", r"has 0 rows"),
        ("body,x,y\nA,1,2,3\n", r"is not a CSV with one header line"),
        (ROWS.replace("5,3", "5\x00,3"), r"is NUL"),
    ],
)
def test_what_cannot_be_scored_is_said_in_one_line(tmp_path, text, message):
    with pytest.raises(BadInput, match=message) as fault:
        scored(tmp_path, text)
    assert "in.csv" in str(fault.value) and "\n" not in str(fault.value)
    assert not (tmp_path / "out.csv").exists()


def test_a_column_is_an_input_or_an_output(tmp_path):
    with pytest.raises(BadInput, match="'x' is named twice"):
        scored(tmp_path, ROWS, outputs=("x",))
