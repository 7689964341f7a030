"""The command line: parse words, call, print. No logic lives here.

Exit codes: 0 done; 1 internal fault; 2 bad input or usage; 3 blocked by a check, nothing published.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli_disputes import disputes
from pipelines.cli_releases import HOME, releases
from pipelines.cli_targets import screens, targets
from pipelines.errors import BadInput, Blocked, EvenhandError

if TYPE_CHECKING:
    from pipelines.packs.pack import Pack

SHIPPED = ("english_councils", "us_acos")
PACKS = click.option("--pack", "packs", multiple=True, help="A shipped pack's name or a folder; may be repeated.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object last.")


def load(names: Sequence[str]) -> list[Pack]:
    """The packs named, or every shipped one."""
    from pipelines.packs.load import load_pack

    return [load_pack(name) for name in names or SHIPPED]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evenhand")
def cli() -> None:
    """Benchmarks that people accept as fair: from publishers' files to immutable releases."""


@cli.command()
@PACKS
@click.option(
    "--raw", multiple=True, type=click.Path(path_type=Path), help="A raw root or a folder of publishers' files."
)
@HOME
@click.option("--hold", is_flag=True, help="Stop at a candidate that `releases publish` signs off.")
@JSON
def run(packs: tuple[str, ...], raw: tuple[Path, ...], home: Path, hold: bool, as_json: bool) -> None:
    """Run packs from their figures to a checked, published release."""
    from pipelines.report import closing_table, progress, run_json
    from pipelines.walk.run import run as walk

    with progress(as_json) as told:
        results = walk(load(packs), raw, home, hold=hold, progress=told)
    closing_table(results, as_json)
    if as_json:
        click.echo(json.dumps(run_json(results), ensure_ascii=False))
    faults = [result for result in results if result.outcome in ("blocked", "failed")]
    for fault in faults:
        click.echo(f"evenhand: {fault.message}", err=True)
    if faults:
        sys.exit(max(Blocked.exit_code if fault.outcome == "blocked" else BadInput.exit_code for fault in faults))


@cli.command()
@click.argument("pack")
@click.argument("body")
@click.argument("figure")
@click.argument("period")
@HOME
@click.option("--of", "kind", default="position", help="Kind of figure; an unknown one is answered with the list.")
@click.option("--model", default=None, help="Peer model; the pack's headline model by default.")
@click.option("--release", default=None, help="A release other than the current one.")
@JSON
def explain(
    pack: str,
    body: str,
    figure: str,
    period: str,
    home: Path,
    kind: str,
    model: str | None,
    release: str | None,
    as_json: bool,
) -> None:
    """Trace a figure back to its input rows, checks, formula, method and release.

    FIGURE is an indicator, or a service or frontier where the kind of figure has one. For a figure of a whole field,
    BODY is the field.
    """
    from pipelines.releases import read

    claim = read.claim(read.open_release(home, pack, release), kind, body, figure, period, model)
    click.echo(json.dumps(read.claim_json(claim), ensure_ascii=False) if as_json else read.claim_text(claim))


@cli.command()
@click.option("--from", "raw", required=True, type=click.Path(path_type=Path), help="A folder of publishers' files.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("data/raw"), help="Where figure files go.")
@PACKS
def starter(raw: Path, out: Path, packs: tuple[str, ...]) -> None:
    """Write the compact figure files that packs use, from publishers' own files."""
    from pipelines.walk.starter import write_starter

    written = write_starter(load(packs), raw, out)
    for each in written:
        click.echo(
            f"{each.edition.dataset:28} {each.edition.edition}  {each.cells:>8,} cells  {each.bytes / 1e6:6.2f} MB"
        )
    click.echo(f"{len(written)} files, {sum(each.bytes for each in written) / 1e6:.2f} MB")


@cli.command()
@PACKS
@click.option("--source", default=None, help="The id of one dataset.")
@click.option("--from", "origin", default=None, help="A folder, or an address; default: each dataset's own address.")
@HOME
def pull(packs: tuple[str, ...], source: str | None, origin: str | None, home: Path) -> None:
    """Land new editions: conditional, resumable, hash-checked; nothing is overwritten."""
    from pipelines.landing.pull import Wanted
    from pipelines.landing.pull import pull as bring

    chosen = [
        Wanted(source, dataset.files, dataset.download)
        for pack in load(packs)
        for dataset in pack.datasets
        for source in pack.sources(dataset.id).values()
    ]
    from_ = Path(origin) if origin and "://" not in origin else origin
    report = bring(chosen, home / "raw", from_, source)
    for word, editions in (("landed", report.landed), ("unchanged", report.unchanged)):
        for edition in editions:
            click.echo(f"{word:10} {edition.dataset:28} {edition.edition}")
    for failure in report.failed:
        click.echo(f"failed     {failure.dataset:28} {failure.reason}")
    for name in report.skipped:
        click.echo(f"skipped    {name:28} no download address; give --from a folder or an address")
    report.check()


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to bind to.")
@click.option("--port", default=8050, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--proxies", default=0, show_default=True, type=click.IntRange(0, 8), help="Reverse proxies in front.")
@HOME
def serve(host: str, port: int, workers: int, proxies: int, home: Path) -> None:
    """Serve the dashboard of the current releases."""
    from dashboards.serve import serve as serve_dashboard

    serve_dashboard(home, host, port, workers, proxies)


def listed(text: str) -> list[str]:
    """Column names written with commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


@cli.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--inputs", required=True, help="Columns that go in, with commas.")
@click.option("--outputs", required=True, help="Columns that come out, with commas.")
@click.option("--rts", type=click.Choice(["crs", "vrs", "drs", "irs"]), default="vrs", show_default=True)
@click.option("--orientation", type=click.Choice(["in", "out"]), default="in", show_default=True)
@click.option("--interval", is_flag=True, help="Add a 95 % interval (2,000 subsamples).")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Where the scored CSV goes.")
def efficiency(table: Path, inputs: str, outputs: str, rts: str, orientation: str, interval: bool, out: Path) -> None:
    """Score anybody's CSV against its own frontier: scores, slacks, named peers."""
    from pipelines.efficiency import efficiency as score

    result, notes = score(table, listed(inputs), listed(outputs), rts, orientation, interval, out)
    for note in notes:
        click.echo(f"note: {note}")
    click.echo(f"{out}: {result.height} rows scored. A score assumes that the figures contain no error.")


@cli.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--rules", required=True, help="us-mssp, revenue-cap, or a YAML file with the terms of a settlement.")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Where the settled CSV goes.")
def settle(table: Path, rules: str, out: Path) -> None:
    """Settle anybody's CSV under a real programme's rules or one's own terms, a column per step."""
    from pipelines.settle import settle as settled

    result, notes = settled(table, rules, out)
    for note in notes:
        click.echo(f"note: {note}")
    click.echo(f"{out}: {result.height} rows settled under {rules}.")


@cli.command()
@HOME
def doctor(home: Path) -> None:
    """Look at what an operator would look at first; exit 2 when something is wrong."""
    from pipelines.doctor import examine

    findings = list(examine(home))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.sound else 'MEND'}  {finding.subject:26} {finding.words}")
    if not all(finding.sound for finding in findings):
        sys.exit(BadInput.exit_code)


cli.add_command(releases)
cli.add_command(disputes)
cli.add_command(targets)
cli.add_command(screens)


@cli.group()
def pack() -> None:
    """Check a pack, or begin a new one."""


@pack.command("check")
@click.argument("name")
def pack_check(name: str) -> None:
    """Say whether a pack holds together; every fault in one line."""
    from pipelines.packs.load import load_pack

    found = load_pack(name)
    click.echo(
        f"{found.id}: {len(found.measures)} measures, {len(found.services)} services, "
        f"{len(found.indicators)} indicators, {len(found.peer_models)} peer models; no fault found"
    )


@pack.command("new")
@click.argument("name")
def pack_new(name: str) -> None:
    """Begin a pack: a commented folder that runs as it is, on synthetic figures."""
    from pipelines.packs.scaffold import new_pack

    folder = new_pack(name)
    click.echo(f"{folder}: made; try `evenhand pack check {folder}` and `evenhand run --pack {folder}`")


def main() -> None:
    """Run the command line; what a user can mend is one line and an exit code, the rest is a fault of ours."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        sys.exit(BadInput.exit_code)
    except click.ClickException as fault:
        command = fault.ctx.command_path if isinstance(fault, click.UsageError) and fault.ctx else "evenhand"
        message = " ".join(fault.format_message().split()).rstrip(".")
        click.echo(f"evenhand: {message}; see `{command} --help`", err=True)
        sys.exit(BadInput.exit_code)
    except EvenhandError as fault:
        click.echo(f"evenhand: {fault}", err=True)
        sys.exit(fault.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
