"""`evenhand releases ...`: parse words, call the store, print."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

HOME = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path(os.environ.get("EVENHAND_HOME", ".evenhand")),
    help="Where warehouses, releases and run records live (default: $EVENHAND_HOME, else .evenhand).",
)
BY = click.option("--by", required=True, help="Who decides.")
NOTE = click.option("--note", required=True, help="Why.")


@click.group()
def releases() -> None:
    """List, inspect, verify, publish, rebuild and roll back releases."""


@releases.command("list")
@click.argument("pack", required=False)
@HOME
def list_releases(pack: str | None, home: Path) -> None:
    """Releases and waiting candidates; the current one is marked."""
    from pipelines.releases.read import packs
    from pipelines.releases.store import Store

    store = Store(home)
    for name in [pack] if pack else packs(home):
        current = store.current(name)
        for release in store.releases(name):
            click.echo(f"{name:20} {release}  {'current' if release == current else 'released'}")
        for candidate in store.candidates(name):
            click.echo(f"{name:20} {candidate}  waits for a signature")


@releases.command()
@click.argument("pack")
@click.argument("release", required=False)
@HOME
def show(pack: str, release: str | None, home: Path) -> None:
    """What a release holds: counts, sources, tables, decisions."""
    from pipelines.releases.read import open_release
    from pipelines.releases.store import Store

    found = open_release(home, pack, release)
    stated = found.meta["evenhand"]
    click.echo(f"{found.meta['title']}, release {found.id}, newest source {stated['date']}")
    click.echo(
        "counts   " + ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in stated["counts"].items())
    )
    for resource in found.meta["resources"]:
        if "rows" in resource:
            click.echo(f"table    {resource['name']:28} {resource['rows']:>9,} rows  {resource['bytes']:>12,} bytes")
    for decision in Store(home).decisions(pack).decisions:
        if decision.release == found.id and decision.what != "dispute":  # `evenhand disputes list` has those
            click.echo(f"decision {decision.when} {decision.what} by {decision.who}: {decision.why}")


@releases.command()
@click.argument("pack")
@click.argument("release", required=False)
@HOME
def verify(pack: str, release: str | None, home: Path) -> None:
    """Recompute every hash of a release; the current one by default."""
    from pipelines.releases.read import current
    from pipelines.releases.store import Store
    from pipelines.releases.verify import require_sound

    name = release or current(home, pack)
    require_sound(Store(home).place(pack, name))
    click.echo(f"{pack} {name}: every file is the one that was published")


@releases.command()
@click.argument("pack")
@click.argument("release")
@BY
@NOTE
@click.option("--override", is_flag=True, help="Answer for publishing it although a check blocks it.")
@HOME
def publish(pack: str, release: str, by: str, note: str, override: bool, home: Path) -> None:
    """Sign off a candidate, or point again to an earlier release."""
    from pipelines.releases.store import Store

    store = Store(home)
    if override:
        store.override(pack, release, by, note)
    published = store.sign_off(pack, release, by, note)
    click.echo(f"{pack} {published.release}: {published.outcome}")


@releases.command()
@click.argument("pack")
@click.option("--to", default=None, help="A release; the one before by default.")
@BY
@NOTE
@HOME
def rollback(pack: str, to: str | None, by: str, note: str, home: Path) -> None:
    """Point to an earlier release; the one left behind stays on the shelf, withdrawn."""
    from pipelines.releases.store import Store

    click.echo(f"{pack}: current release is now {Store(home).rollback(pack, by, note, to)}")


@releases.command()
@click.argument("pack")
@click.argument("release", required=False)
@click.option(
    "--raw", multiple=True, type=click.Path(path_type=Path), help="A raw root or a folder of publishers' files."
)
@HOME
def rebuild(pack: str, release: str | None, raw: tuple[Path, ...], home: Path) -> None:
    """Make a release again from the inputs it names, and compare every byte."""
    from pipelines.packs.load import load_pack
    from pipelines.releases.read import current
    from pipelines.releases.rebuild import rebuild as rebuild_release
    from pipelines.releases.store import Store
    from pipelines.walk.again import candidate_again
    from pipelines.walk.inputs import gather

    found = load_pack(pack)
    with gather(raw, home, [found]) as inputs:
        report = rebuild_release(
            Store(home),
            found.id,
            release or current(home, found.id),
            lambda stated, folder: candidate_again(found, inputs, stated, folder),
        )
    for line in report.differences:
        click.echo(line)
    report.require_same()
    click.echo(f"{found.id} {report.release}: rebuilt byte for byte")


@releases.command()
@click.argument("pack")
@click.argument("before")
@click.argument("after")
@click.option("--model", default=None, help="Peer model; the newer release's headline model by default.")
@click.option("-o", "--out", default=None, type=click.Path(path_type=Path), help="Write every change to this CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead: positions and peers.")
@HOME
def diff(pack: str, before: str, after: str, model: str | None, out: Path | None, as_json: bool, home: Path) -> None:
    """What moved between two releases, and whose peers changed and why: causes that add up, one reason a peer."""
    from pipelines.releases import diff as compare
    from pipelines.releases import diff_peers
    from pipelines.releases.read import open_release

    old, new = open_release(home, pack, before), open_release(home, pack, after)
    changes, peers = compare.diff(old, new, model), diff_peers.diff_peers(old, new, model)
    if out is not None:
        changes.write_csv(out)
    if as_json:
        told = {"positions": changes.to_dicts(), "peers": diff_peers.as_data(peers)}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    turned = compare.verdicts_changed(changes)
    click.echo(
        f"{changes.height:,} positions moved, {turned.height:,} verdicts changed. Furthest, in no order of merit:"
    )
    for row in compare.largest(changes).iter_rows(named=True):
        click.echo(
            f"{row['body_id']} {row['indicator_id']} {row['period_after']}: {row['ratio_before']:.3f} to "
            f"{row['ratio_after']:.3f} of its peers' median ({row['verdict_after']}): {row['reason']}"
        )
    for line in diff_peers.lines(peers):
        click.echo(line)
    if out is not None:
        click.echo(f"{out}: every change, with causes in logarithms")


@releases.command()
@click.argument("pack")
@HOME
def decisions(pack: str, home: Path) -> None:
    """The log of decisions, one JSON object a line."""
    from pipelines.releases.store import Store

    for decision in Store(home).decisions(pack).decisions:
        click.echo(json.dumps(vars(decision), ensure_ascii=False, default=dict))
