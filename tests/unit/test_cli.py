"""The command line: exit codes, one clear line a fault, and help that answers at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from pipelines import cli
from pipelines.errors import BadInput, Blocked

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "unit" / "packs" / "courts"


def evenhand(*words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A run of the command in a process of its own."""
    code = "import sys; from pipelines.cli import main; sys.argv[0] = 'evenhand'; main()"
    env = os.environ | ({"EVENHAND_HOME": str(home)} if home else {})
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_imports_nothing_heavy():
    code = (
        "import sys, pipelines.cli as c\n"
        "try: c.cli.main(['--help'], standalone_mode=False)\n"
        "finally: print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {
        "polars",
        "numpy",
        "pandas",
        "dagster",
        "great_expectations",
        "duckdb",
        "dash",
        "httpx",
        "pydantic",
        "scipy",
    }
    assert not heavy & set(done.stderr.split())
    assert "Usage" in done.stdout


def test_every_command_explains_itself_in_a_line():
    commands = dict(cli.cli.commands)
    for group in [command for command in commands.values() if isinstance(command, click.Group)]:
        commands |= {f"{group.name} {name}": command for name, command in group.commands.items()}
    assert {"run", "explain", "starter", "pull", "serve", "releases", "pack", "pack new", "pack check"} <= set(commands)
    for name, command in commands.items():
        shown = CliRunner().invoke(command, ["--help"])
        assert shown.exit_code == 0, name
        assert (command.help or "").strip(), name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fly",), "No such command 'fly'"),
        (("run", "--fast"), "No such option"),
        (("serve", "--port", "0"), "Invalid value for '--port'"),
        (("run", "--pack", "english_council"), "english_councils"),  # what was meant
        (("run", "--raw", "nowhere"), "nowhere: is not a folder"),
        (("pack", "check", "nowhere"), "nowhere"),
    ],
)
def test_bad_usage_and_bad_input_are_exit_2_and_say_what_is_wrong(tmp_path, words, said):
    done = evenhand(*words, home=tmp_path)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("releases/*/CURRENT"))


def test_a_fault_of_the_user_is_one_line(tmp_path):
    done = evenhand("run", "--raw", "nowhere", home=tmp_path)
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("evenhand: ")


def test_a_sound_pack_is_exit_0(tmp_path):
    done = evenhand("pack", "check", str(FOLDER), home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("courts: 6 measures, 1 services, 3 indicators, 1 peer models")


def outcome(pack: str, word: str) -> SimpleNamespace:
    """What became of a pack."""
    return SimpleNamespace(pack=pack, outcome=word, message=f"{pack}: {word}")


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (("new", "unchanged"), 0),
        (("held",), 0),
        (("new", "failed"), 2),
        (("new", "blocked"), 3),
        (("failed", "blocked"), 3),
    ],
)
def test_the_worst_outcome_of_all_packs_is_the_exit_code(monkeypatch, tmp_path, outcomes, code):
    results = [outcome(f"p{n}", word) for n, word in enumerate(outcomes)]
    monkeypatch.setattr(cli, "load", lambda names: [])
    monkeypatch.setattr("pipelines.walk.run.run", lambda *given, **options: results)
    monkeypatch.setattr("pipelines.report.closing_table", lambda *given: None)
    monkeypatch.setattr("pipelines.report.run_json", lambda given: {"packs": [each.pack for each in given]})
    done = CliRunner().invoke(cli.cli, ["run", "--home", str(tmp_path), "--json"])
    assert done.exit_code == code
    assert json.loads(done.stdout.splitlines()[-1]) == {"packs": [each.pack for each in results]}
    faults = [each.message for each in results if each.outcome in ("failed", "blocked")]
    assert [line for line in done.stderr.splitlines() if line.startswith("evenhand: ")] == [
        f"evenhand: {message}" for message in faults
    ]


@pytest.mark.parametrize(("fault", "code"), [(BadInput("file x, row 3:\n  no"), 2), (Blocked("check y failed"), 3)])
def test_a_named_fault_has_its_code_and_one_line(monkeypatch, capsys, fault, code):
    def fail(*given: object, **options: object) -> None:
        raise fault

    monkeypatch.setattr(cli.cli, "main", fail)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == code
    assert capsys.readouterr().err.splitlines() == [f"evenhand: {fault}"]


def test_a_fault_of_ours_is_not_dressed_up(monkeypatch):
    def fail(*given: object, **options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli.cli, "main", fail)
    with pytest.raises(ZeroDivisionError):  # Python prints where it happened and exits with 1
        cli.main()


def test_an_interrupted_run_is_130(monkeypatch):
    def stop(*given: object, **options: object) -> None:
        raise click.exceptions.Abort

    monkeypatch.setattr(cli.cli, "main", stop)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 130
