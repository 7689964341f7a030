"""`evenhand targets ...` and `evenhand screens`: parse words, call, print."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli_releases import BY, HOME, NOTE


@click.group()
def targets() -> None:
    """List what bodies are asked for, and issue a policy."""


@targets.command("list")
@click.argument("pack")
@click.option("--body", default=None, help="One body, by code or name.")
@HOME
def list_targets(pack: str, body: str | None, home: Path) -> None:
    """Targets of the current release with their call; of one body, or how many of each kind there are."""
    from pipelines.packs.load import load_pack
    from pipelines.releases.read import open_release
    from pipelines.targets_list import lines_of_body, lines_of_sector

    release = open_release(home, load_pack(pack).id)
    for line in lines_of_body(release, body) if body else lines_of_sector(release):
        click.echo(line)


@targets.command()
@click.argument("pack")
@click.argument("policy")
@BY
@NOTE
@click.option("--override", "overrides", multiple=True, help="BODY:INDICATOR=reason, for a target that fails a test.")
@click.option("--leave-out-failing", is_flag=True, help="Issue only targets that fail no test.")
@HOME
def issue(
    pack: str, policy: str, by: str, note: str, overrides: tuple[str, ...], leave_out_failing: bool, home: Path
) -> None:
    """Freeze what the current release proposes: files in the pack's folder that later runs keep to the letter."""
    from pipelines.packs.load import load_pack
    from pipelines.targets_issue import Order, parse_overrides
    from pipelines.targets_issue import issue as issue_policy

    order = Order(by, note, parse_overrides(overrides), leave_out_failing)
    done = issue_policy(home, load_pack(pack), policy, order)
    click.echo(
        f"{'/'.join(done.path.parts[-3:])}: {done.issued} targets issued, {done.overridden} in spite of a failed test, "
        f"{done.left_out} left out; run the pack again to publish them"
    )


@click.command()
@click.argument("pack")
@click.argument("body", required=False)
@HOME
def screens(pack: str, body: str | None, home: Path) -> None:
    """Questions to ask a body about its figures, never accusations; restricted, in no release."""
    from pipelines.packs.load import load_pack
    from pipelines.restricted import screens_of

    for line in screens_of(home, load_pack(pack).id, body):
        click.echo(line)
