"""Targets and tracking: what is asked, is it fair, are we on course?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, choice, only
from dashboards.blocks.asked import EARLY, failed_of, fails, fails_of, forecast, no_cost, tracking_of
from dashboards.blocks.body_header import header, known, not_compared
from dashboards.blocks.control import control_block
from dashboards.blocks.course import course, guards, tests_table
from dashboards.blocks.level_asked import asked_of
from dashboards.blocks.what_next import important
from dashboards.components import block, words
from dashboards.components.numbers import chance_of, period_words, plural
from dashboards.components.sheet import Head, Sheet
from dashboards.data import Body, Book

Row = dict[str, Any]
CALLS = {
    "on track": "On track",
    "uncertain": "Uncertain",
    "off track": "Off track",
    "met": "Met",
    "too early to say": "Too early to say",
}


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>/targets`: every target of a policy, and one of them in full."""
    only(address, "policy", "measure")
    body = known(book, address.parts[1])
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    policies = {row["policy_id"]: row for row in book.rows("policies", kind="targets")}
    if not policies:
        return without(book, address, body, "This release holds no target policy.")
    first = important([row for row in book.rows("targets", body_id=body.id) if row["policy_id"] in policies])
    usual = first[0]["policy_id"] if first else next(iter(policies))
    policy = choice(address, "policy", policies, usual)
    rows = book.rows("targets", policy_id=policy, body_id=body.id)
    asked = {row["indicator_id"]: row for row in important(rows)}
    if not asked:
        why = next((row["reason"] for row in rows if row["reason"]), "no measure of it is targeted")
        return without(book, address, body, f"{body.name} has no target under “{policies[policy]['label']}”: {why}.")
    row = asked[choice(address, "measure", asked, next(iter(asked)))]
    found = tracking_of(book, row)
    drawn = course(book, address, body, row, found)
    parts = [each for each in (tests_table(book, address, row), control_block(book, address, body, row)) if each]
    sheet = listing(book, address, body, list(asked.values()))
    return block.View(
        f"Targets of {body.name}",
        [
            *header(book, address, body, book.headline, "targets"),
            block.lede(*lede(book, body, policies[policy], row, found)),
            illustration(policies[policy]),
            html.P(unasked) if (unasked := no_cost(book, body, rows)) else None,
            form(address, book, policies, (policy, usual), asked, row),
            drawn[0],
            html.Div([part[0] for part in parts], className="two"),
            guards(book, address, body, row, found),
            budget(book, address, body, policy, sheet),
        ],
        "bodies",
        (sheet, drawn[1], *(part[1] for part in parts)),
    )


def without(book: Book, address: Address, body: Body, said: str) -> block.View:
    """A body, or a release, without targets."""
    content = [*header(book, address, body, book.headline, "targets"), block.lede(said)]
    return block.View(f"Targets of {body.name}", content, "bodies")


def lede(book: Book, body: Body, policy: Row, row: Row, found: Row | None) -> list[Any]:
    """Level and date asked for, who already holds it; the call."""
    parts = asked_of(book, body, policy, row, found)
    if failed := failed_of(book, row):
        why = "; ".join(words.uncapital(str(each["reason"]).rstrip(".")) for each in failed)
        parts += ["It ", html.B(fails_of(book, row)), f", so it would not be issued without a recorded reason: {why}. "]
    if found:
        parts += ["The call: ", html.B(str(CALLS.get(found["call"], found["call"])).lower()), ". "]
        if found["p_hit"] is None:
            parts.append(f"{words.capital(found['reason'] or '')}.")
        else:
            parts.append(f"{forecast(found)}.")
    return parts


def illustration(policy: Row) -> Any:
    """That a policy binds nobody, where that is so."""
    if not policy["illustration"]:
        return None
    said = [html.B("An illustration. "), "Nobody has issued these targets. ", policy["note"] or ""]
    return html.P(said, className="aside")


def form(
    address: Address, book: Book, policies: dict[str, Row], policy: tuple[str, str], asked: dict[str, Row], row: Row
) -> Any:
    """Which policy, which measure.   policy : the chosen one and the usual one."""
    measures = [(id, str(book.indicators[id]["label"])) for id in asked]
    parts = [block.control("measure", "Target", measures, row["indicator_id"], measures[0][0])]
    if len(policies) > 1:
        listed = [(id, str(each["label"])) for id, each in policies.items()]
        parts.append(block.control("policy", "Policy", listed, *policy))
    return block.controls(address, *parts)


def listing(book: Book, address: Address, body: Body, rows: Sequence[Row]) -> Sheet:
    """Every target with its start, level, due period, call and chance."""
    cells = []
    for row in rows:
        style, found = book.style(row["indicator_id"]), tracking_of(book, row)
        label = str(book.indicators[row["indicator_id"]]["label"])
        parts = ("of", "targets", body.id, row["indicator_id"], row["base_period"], row["policy_id"])
        opens = block.claim_link(
            style.write(row["target"]), parts, address, f"claim-target-{row['indicator_id']}", label
        )
        drawn = [style.write(row["start"]), block.note(style.interval(row["start_lo"], row["start_hi"], row["start"]))]
        start = [style.write(row["own"]), block.note("as published")] if row["hold"] else drawn
        call = CALLS.get(found["call"], found["call"]) if found else "–"
        chance = chance_cell(found)
        failed = fails(book, row)
        named = [label, block.note(html.B(words.capital(failed)))] if failed else label
        level = [opens, block.note("to hold")] if row["hold"] else opens
        cells.append([named, start, level, period_words(row["due_period"]), row["state"], call, chance])
    heads = (
        Head("Measure"),
        Head("Start, with chance taken out", True),
        Head("Target", True),
        Head("Due"),
        Head("State"),
        Head("Call"),
        Head("Chance of meeting it"),
    )
    return Sheet("targets", f"Targets of {body.name}", heads, cells, tuple(rows[0]), rows)


def chance_cell(found: Row | None) -> str:
    """The chance of a target; where the call is too early to make, that it is the forecast's alone."""
    if found is None or found["p_hit"] is None:
        return "–"
    if found["call"] == EARLY:
        return forecast(found)
    return words.capital(f"{found['p_words']}, {chance_of(found['p_hit'])}")


def budget(book: Book, address: Address, body: Body, policy: str, sheet: Sheet) -> Any:
    """Every target, and whether they are too many or pull against each other."""
    found = next(iter(book.rows("target_budgets", policy_id=policy, body_id=body.id)), None)
    told = budget_words(book, found) if found else "Every target of the policy."
    parts = ("of", "target_budgets", body.id, policy, sheet.raw[0]["base_period"])
    origin = block.Origin(parts) if found and found["active"] else None
    return block.table_block("Target budget", told, sheet, address, origin)


def budget_words(book: Book, row: Row) -> str:
    """How many of how many allowed; how many they really are; which pull against each other."""
    parts = [f"{plural(row['active'], 'target', 'targets')} of {row['allowed']} allowed."]
    if row["effective"] is not None and row["active"] > 1:
        parts.append(
            f"Measures that move together ask for one thing: by how these have moved, they are as many as "
            f"{row['effective']:.1f} separate ones."
        )
    for column, said in (("conflicts", "pull against each other"), ("duplicates", "say nearly the same")):
        for pair in (row[column] or "").split():
            names = [words.uncapital(book.indicators[id]["label"]) for id in pair.split("+") if id in book.indicators]
            parts.append(f"{words.capital(words.listed(names))} {said}.")
    return " ".join(parts)
