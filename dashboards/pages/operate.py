"""Operate: what ran, what is stale, what is blocked, and what to type next?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from dashboards.address import Address, only, slug
from dashboards.components import block, words
from dashboards.components.markup import attrs
from dashboards.components.numbers import day, duration, moment, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.components.strip import part_bar
from dashboards.data import Book
from dashboards.due import next_due
from dashboards.library import Library
from dashboards.pages.quality import OUTCOME, came_out, safe
from dashboards.runs import STOPPED, Ran, Records, Told, decisions, records
from pipelines.contracts import CheckResult
from pipelines.releases.read import candidates

TOLD = {
    "new": "Published a new release",
    "moved": "Pointed to a release that stood there",
    "unchanged": "Nothing to do: inputs and program as before",
    "withdrawn": "Made a release that somebody withdrew",
    "held": "Set aside for a signature",
    "blocked": "Blocked by a check",
    "failed": "Failed",
}
MOST = 30


def layout(library: Library, book: Book, address: Address) -> block.View:
    """The page `/operate`: from run records, pointers and decisions alone. Made anew whenever one of them changes."""
    only(address)
    found = records(library.home)
    waiting = [(pack, name) for pack in library.packs() for name in candidates(library.home, pack)]
    told = [each for pack in library.packs() for each in decisions(library.home, pack) if each.what != "dispute"]
    told.sort(key=lambda each: each.when, reverse=True)
    ran, timed, aged = last_runs(library, found), step_times(found), ages(book, found)
    history = pointers(library, told)
    title = "Operate"
    content = [
        block.heading(title, address, kicker="Every sector of this site", section="operate"),
        block.lede(*lede(found, waiting)),
        refresh(address),
        stopped(found, waiting),
        disputes_waiting(library),
        block.table_block("Last run of each sector", LAST, ran, address) if ran.cells else nothing(),
        block.table_block("Where the time went", STEPS, timed, address) if timed.cells else None,
        block.table_block(f"Age of each source: {book.title}", aged_said(book, found), aged, address),
        block.table_block("Who pointed where", POINTERS, history, address) if history.cells else None,
        unread(found),
    ]
    return block.View(title, [part for part in content if part is not None], "operate", (ran, timed, aged, history))


LAST = (
    "From the run records. What has not run since the records began is not listed. Next due: the first moment of the "
    "schedule after the last run, if the schedule is switched on."
)
STEPS = "Seconds of each step in the newest run that took any. The bar is the step’s share of its run’s longest step."
POINTERS = "The decisions log: each move of the pointer that readers follow, the newest first."


def lede(found: Records, waiting: Sequence[tuple[str, str]]) -> list[Any]:
    """Whether anything is stopped or waits, and when the newest run ended."""
    if not found.ran:
        return [html.B("No run is on record here."), " Releases may have been brought from another place."]
    halted = [run.pack for run in found.last().values() if run.outcome in STOPPED]
    said = f"{words.listed(halted)} did not get through" if halted else "Nothing is blocked"
    held = f"; {plural(len(waiting), 'candidate waits', 'candidates wait')} for a signature" if waiting else ""
    return [html.B(f"{said}{held}."), f" The newest run ended on {moment(found.ran[0].ended)}."]


def refresh(address: Address) -> html.Form:
    """A button that asks for the page again."""
    button = html.Button("Refresh", type="submit")
    return html.Form(button, action=address.to("operate"), method="get", className="controls")


def nothing() -> html.Section:
    """What to type where nothing has run."""
    return block.panel(
        "Last run of each sector",
        html.P(["No run record stands in this home. To make one: ", html.Code("evenhand run")]),
        id="no-runs",
    )


def stopped(found: Records, waiting: Sequence[tuple[str, str]]) -> html.Section | None:
    """Each pack that is blocked, failed or waits: why, and the next command to type."""
    halted = [run for run in found.last().values() if run.outcome in STOPPED]
    parts = [part for run in halted for part in halt(run)]
    for pack, name in waiting:
        command = f"evenhand releases publish {pack} {name} --by NAME --note WHY"
        parts.append(html.H3(f"{pack}: candidate {name[:12]} waits for a signature"))
        parts.append(html.P(["Next: ", html.Code(command)]))
    return block.panel("Blocked or waiting", *parts, id="blocked") if parts else None


def disputes_waiting(library: Library) -> html.Section | None:
    """Each open dispute of every pack, with the day an answer is due and the next command to type."""
    items = [
        html.Li(
            [
                html.A(f"{pack}: {each.id}", href=f"/{slug(pack)}/dispute/{each.id}", **attrs(data_full="")),
                f", an answer is due by {day(each.deadline)}. Next: ",
                html.Code(f"evenhand disputes show {pack} {each.id}"),
            ]
        )
        for pack in library.packs()
        for each in library.desk.of(pack).open
    ]
    count = plural(len(items), "dispute waits", "disputes wait")
    return block.panel(f"{count} for a decision", html.Ul(items[:MOST]), id="disputes") if items else None


def halt(run: Ran) -> list[Any]:
    """Why one pack stopped, as its record has it, and what to type."""
    items = [
        html.Li(
            [
                html.Span(OUTCOME.get(check.outcome, ("", check.outcome))[1], className="outcome failed"),
                f": {check.meaning} (table {check.table}, check ",
                html.Code(check.id),
                f"). {words.capital(check.observed)}",
            ]
        )
        for check in run.failing[:5]
    ]
    return [
        html.H3(f"{run.pack}: {words.uncapital(TOLD[run.outcome])}, {moment(run.ended)}"),
        html.P(run.message, className="alarm") if run.message else None,
        html.Ul(items) if items else None,
        html.P(
            ["The release before stands as it was. Put it right, then: ", html.Code(f"evenhand run --pack {run.pack}")]
        ),
    ]


def last_runs(library: Library, found: Records) -> Sheet:
    """The newest run of each pack: outcome, duration, release."""
    rows = list(found.last().values())
    fields = ("pack", "outcome", "release", "began", "ended", "seconds", "cron", "zone", "next_due", "message")
    known = set(library.packs())
    cells = [
        [
            [html.Span(run.pack, className="strong"), html.Span(title_of(library, run.pack), className="note")],
            html.Span(TOLD[run.outcome], className="outcome failed" if run.outcome in STOPPED else None),
            moment(run.ended) or "–",
            "–" if run.seconds is None else duration(run.seconds),
            due(run),
            release_link(library, run.pack, run.release) if run.pack in known else html.Code(run.release[:12]),
        ]
        for run in rows
    ]
    raw = [
        {
            **{name: getattr(run, name) for name in fields if name != "next_due"},
            "next_due": next_due(run.ended, run.cron, run.zone),
        }
        for run in rows
    ]
    heads = (Head("Sector"), Head("Outcome"), Head("Ended"), Head("Took", True), Head("Next due"), Head("Release"))
    return Sheet("runs", "Last run of each sector", heads, cells, fields, raw)


def due(run: Ran) -> Any:
    """When the pack is due next by the schedule in its record; else that none is stated."""
    if not run.cron:
        return "no schedule in its record"
    when = next_due(run.ended, run.cron, run.zone)
    return [moment(when) or "–", block.note(f"cron {run.cron}, {run.zone}")]


def title_of(library: Library, pack: str) -> str:
    """A pack's title, where something of it is published."""
    return library.book(pack).title if pack in library.packs() else "nothing published yet"


def release_link(library: Library, pack: str, release: str) -> Any:
    """A release with the link to its own page, where it stands on the shelf."""
    if not release:
        return "–"
    if release not in library.releases(pack):
        return html.Code(release[:12])
    href = f"/{slug(pack)}/releases/{release[:12]}"
    return html.A(html.Code(release[:12]), href=href, **attrs(data_full=""))


def step_times(found: Records) -> Sheet:
    """Seconds of each step of the newest run that took any, one column for each pack."""
    runs = found.measured()
    names = list(dict.fromkeys(name for run in runs.values() for name in run.steps))
    cells = [[name, *(step(run, name) for run in runs.values())] for name in names]
    raw = [{"step": name, **{pack: run.steps.get(name) for pack, run in runs.items()}} for name in names]
    heads = (Head("Step"), *(Head(pack) for pack in runs))
    return Sheet("steps", "Where the time went", heads, cells, ("step", *runs), raw)


def step(run: Ran, name: str) -> Any:
    """A step's time with its bar; a dash where the pack has no such step."""
    if name not in run.steps:
        return "–"
    return [duration(run.steps[name]), part_bar(run.steps[name] / (max(run.steps.values()) or 1.0))]


def aged_said(book: Book, found: Records) -> str:
    """From which day age counts, and what the release's own check of age found."""
    check = freshness(book)
    said = f"The release’s check “{check.meaning}”: {OUTCOME[came_out(check)][1].lower()}. " if check else ""
    return f"The newest edition of each, counted to {day(today(book, found))}. {said}"


def freshness(book: Book) -> CheckResult | None:
    """The check of the release that holds each source to its age limit."""
    return next((check for check in book.release.checks if "sources_are_fresh" in check.id), None)


def today(book: Book, found: Records) -> str:
    """The day of the newest run; the release's own where nothing has run. No clock is read."""
    return found.ran[0].ended[:10] if found.ran and is_day(found.ran[0].ended[:10]) else book.date


def is_day(text: str) -> bool:
    """Whether a text is an ISO day."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def ages(book: Book, found: Records) -> Sheet:
    """The newest edition of each dataset and its age, with what the check of age says of it."""
    newest: dict[str, Any] = {}
    for row in sorted(book.rows("editions"), key=lambda row: str(row["date"])):
        newest[row["dataset"]] = row
    until, check = today(book, found), freshness(book)
    stale = (
        set() if check is None else {id for id in newest if any(f"dataset {id}," in each for each in check.examples)}
    )
    limits = book.facts.get("age_limits") or {}
    cells, raw = [], []
    for id, row in sorted(newest.items(), key=lambda pair: (str(pair[1]["date"]), pair[0])):
        days = (
            (date.fromisoformat(until) - date.fromisoformat(row["date"])).days
            if is_day(row["date"]) and is_day(until)
            else None
        )
        cells.append(
            [
                [
                    html.A(row["title"], href=safe(row["url"]), **attrs(data_full="")),
                    html.Span(f"{row['publisher']}, {id}", className="note"),
                ],
                day(row["date"]),
                "–" if days is None else age(days),
                limit(limits.get(id)),
                html.Span("✗ Beyond its limit", className="outcome failed") if id in stale else "–",
            ]
        )
        raw.append(
            {
                "dataset": id,
                "edition": row["edition"],
                "date": row["date"],
                "age_days": days,
                "limit_age_years": limits.get(id),
                "beyond_limit": id in stale,
            }
        )
    heads = (Head("Source"), Head("Newest edition"), Head("Age", True), Head("Limit", True), Head("Named by the check"))
    return Sheet(
        "ages",
        "Age of each source",
        heads,
        cells,
        ("dataset", "edition", "date", "age_days", "limit_age_years", "beyond_limit"),
        raw,
    )


def limit(years: float | None) -> str:
    """The age that the pack allows a source; that this release does not state it."""
    return "not stated" if years is None else f"{years:g} year{'' if years == 1 else 's'}"


def age(days: int) -> str:
    """Days up to two months, months up to two years, then years; whole ones that have passed."""
    if days < 60:
        return plural(max(0, days), "day", "days")
    return plural(int(days / 30.44), "month", "months") if days < 730 else plural(int(days / 365.25), "year", "years")


def pointers(library: Library, told: Sequence[Told]) -> Sheet:
    """The decisions of every pack, the newest first; the page shows the first 30, the CSV all."""
    cells = [
        [
            moment(each.when),
            each.pack,
            words.capital(each.what),
            release_link(library, each.pack, each.release),
            [each.why, html.Span(each.who, className="note")],
        ]
        for each in told[:MOST]
    ]
    heads = (Head("When"), Head("Sector"), Head("What"), Head("Release"), Head("Why, and who decided"))
    fields = ("pack", "when", "what", "release", "who", "why")
    return Sheet("decisions", "Who pointed where", heads, cells, fields, [vars(each) for each in told])


def unread(found: Records) -> html.Section | None:
    """Records that cannot be read, each with the reason."""
    if not found.unread:
        return None
    return block.panel("Records that cannot be read", html.Ul([html.Li(line) for line in found.unread]), id="unread")
