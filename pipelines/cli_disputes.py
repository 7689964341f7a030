"""`evenhand disputes ...`: parse words, call, print."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pipelines.cli_releases import BY, HOME, NOTE
from pipelines.releases.reply import OUTCOMES

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
RELEASE = click.option("--release", default=None, help="A release other than the current one.")


@click.group()
def disputes() -> None:
    """Right of reply: what bodies say of their figures, which figures they dispute, what was decided."""


@disputes.command("list")
@click.argument("pack")
@click.option("--open", "only_open", is_flag=True, help="Only disputes without a decision.")
@JSON
@HOME
def list_disputes(pack: str, only_open: bool, as_json: bool, home: Path) -> None:
    """Disputes and notes of a pack, open disputes first."""
    from pipelines.releases.read import open_release, replies
    from pipelines.releases.reply_told import lines_of, replies_json

    found = replies(home, open_release(home, pack).pack)
    if as_json:
        click.echo(json.dumps(replies_json(pack, found, only_open), ensure_ascii=False))
        return
    for line in lines_of(found, only_open):
        click.echo(line)


@disputes.command()
@click.argument("pack")
@click.argument("id")
@JSON
@HOME
def show(pack: str, id: str, as_json: bool, home: Path) -> None:
    """One dispute in full, with the figure recomputed from the body's inputs where it names any."""
    from pipelines.releases.read import release_of, replies
    from pipelines.releases.reply_told import lines_of_dispute, shown_json
    from pipelines.releases.reply_write import found as dispute_found

    about = dispute_found(replies(home, pack), pack, id)
    release = release_of(home, pack, about)
    if as_json:
        click.echo(json.dumps(shown_json(pack, release, about), ensure_ascii=False))
        return
    for line in lines_of_dispute(pack, release, about):
        click.echo(line)


@disputes.command("raise")
@click.argument("pack")
@click.argument("body")
@click.argument("indicator")
@click.argument("period")
@click.option("--by", required=True, help="Who disputes it, for the body.")
@click.option("--statement", required=True, help="What is wrong, in the body's words; @FILE for a file of them.")
@click.option("--numerator", type=float, default=None, help="What it should be, in its measure's unit, money as spent.")
@click.option("--denominator", type=float, default=None, help="What it should be, in its measure's unit.")
@click.option("--deadline", default=None, help="Day an answer is due; 20 working days on by default.")
@RELEASE
@HOME
def raise_one(
    pack: str,
    body: str,
    indicator: str,
    period: str,
    by: str,
    statement: str,
    numerator: float | None,
    denominator: float | None,
    deadline: str | None,
    release: str | None,
    home: Path,
) -> None:
    """Put a body's dispute of one figure on record; everybody sees it at once."""
    from pipelines.releases.read import open_release
    from pipelines.releases.reply_told import given_lines
    from pipelines.releases.reply_write import Raising, raise_dispute

    asked = Raising(body, indicator, period, by, statement, numerator, denominator, deadline, release)
    made = raise_dispute(home, pack, asked)
    click.echo(f"{pack} {made.id}: raised; an answer is due by {made.deadline}")
    for line in given_lines(open_release(home, pack, made.release), made):
        click.echo(line)


@disputes.command()
@click.argument("pack")
@click.argument("id")
@click.option("--outcome", required=True, type=click.Choice(OUTCOMES), help="How it is decided.")
@BY
@NOTE
@HOME
def decide(pack: str, id: str, outcome: str, by: str, note: str, home: Path) -> None:
    """Put the decision on an open dispute on record, with its reason."""
    from pipelines.releases.reply_write import decide_dispute, spoken

    decide_dispute(home, pack, id, outcome, by, note)
    click.echo(f"{pack} {id}: {spoken(outcome)}")


@disputes.command()
@click.argument("pack")
@click.argument("body")
@click.argument("service")
@click.option("--by", required=True, help="Who says it, for the body.")
@click.option("--text", required=True, help="The body's own words; @FILE for a file of them.")
@click.option("--indicator", default=None, help="With --period: the note is on this one figure.")
@click.option("--period", default=None, help="With --indicator: the note is on this one figure.")
@RELEASE
@HOME
def note(
    pack: str,
    body: str,
    service: str,
    by: str,
    text: str,
    indicator: str | None,
    period: str | None,
    release: str | None,
    home: Path,
) -> None:
    """Put a body's own note on a service, or on one figure of it, on record."""
    from pipelines.releases.reply_write import Noting, leave_note

    made = leave_note(home, pack, Noting(body, service, by, text, indicator, period, release))
    click.echo(f"{pack} {made.id}: noted on {made.service} of {made.body}")
