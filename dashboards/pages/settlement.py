"""Settlement: what would we keep?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards import files, whatif
from dashboards.address import Address, choice, only
from dashboards.blocks.body_header import header, known, not_compared
from dashboards.blocks.ledger_block import ledger_block, ledger_origin, of_lines, of_release
from dashboards.blocks.meaning_block import meaning_panel
from dashboards.blocks.minutes_block import minutes_panel
from dashboards.blocks.scheme_block import asked_of
from dashboards.components import block
from dashboards.components.ceilings import ceiling_plot
from dashboards.components.markup import attrs, island
from dashboards.components.numbers import headline_money, period_words, plural, symbol
from dashboards.components.sheet import Sheet
from dashboards.components.sliders import slider, typed
from dashboards.data import Body, Book
from pipelines.scenarios.begins import begins_words
from pipelines.scenarios.meaning import taken_back
from pipelines.scenarios.terms import Terms

Row = dict[str, Any]
NAMES = (*(each.name for each in whatif.SLIDERS), whatif.SAVING.name)


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>/settlement`: terms on trial and the ledger that they give; or a programme's own ledger."""
    only(address, "scheme", "plan", *NAMES)
    body = known(book, address.parts[1])
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    schemes = whatif.schemes_of(book)
    if not schemes:
        return without(book, address, body, "This release holds no settlement scheme.")
    scheme = schemes[choice(address, "scheme", schemes, next(iter(schemes)))]
    rows = book.rows("settlements", scheme_id=scheme["policy_id"], body_id=body.id)
    if not any(row["status"] == "ok" for row in rows):
        return without(book, address, body, f"“{scheme['label']}” has no ledger of {body.name}: no comparable cost.")
    if scheme["said"].get("terms"):
        return workbench(book, address, body, scheme, rows)
    return programme(book, address, body, scheme, rows)


def without(book: Book, address: Address, body: Body, said: str) -> block.View:
    """A body, or a release, without a settlement."""
    content = [*header(book, address, body, book.headline, "settlement"), block.lede(said)]
    return block.View(f"Settlement of {body.name}", content, "settlements")


def workbench(book: Book, address: Address, body: Body, scheme: Row, released: Sequence[Row]) -> block.View:
    """Terms and assumptions as sliders, the ceiling and the plan, the ledger, the other schemes.

    As offered, the ledger is the release's to the penny; on trial it is settled now.
    """
    tried = whatif.trial(address, scheme)
    found = whatif.sector(book, scheme["policy_id"], body.id)
    if not found.bodies:
        return without(book, address, body, f"“{scheme['label']}” has no baseline of {body.name}.")
    sign = symbol(book.currency)
    moved = bool(tried.moved)
    offered = [row for row in released if row["plan_id"] == tried.plan]
    rows = of_lines(whatif.lines(found, tried, sign), found.periods, sign) if moved else of_release(book, offered)
    parts = ("of", "settlements", body.id, scheme["policy_id"], found.periods[0], tried.plan)
    origin = html.Span(ledger_origin(address, parts), hidden=moved, **attrs(data_offered_only=""))
    table, sheet = ledger_block(book, address, rows, ledger_words(book, moved), origin)
    chart, twin = drawn(book, address, rows, float(found.last[0]), sheet)
    others = asked_of(book, address, body, scheme["policy_id"])
    return block.View(
        f"Settlement of {body.name}",
        [
            *header(book, address, body, book.headline, "settlement"),
            island(block.lede(*lede(book, body, rows, found, tried))),
            illustration(scheme),
            html.Div([form(address, scheme, tried), chart], className="two"),
            meaning_panel(book, body, scheme, found, tried, float(rows[0]["ceiling"])),
            table,
            others[0] if others else None,
            minutes_panel(book, tried.terms.years),
            about(),
            bench(book, address, body, scheme, found),
        ],
        "settlements",
        (sheet, twin, *((others[1],) if others else ())),
    )


def programme(book: Book, address: Address, body: Body, scheme: Row, rows: Sequence[Row]) -> block.View:
    """A real programme's ledger as its rules give it from published inputs."""
    ordered = sorted(rows, key=lambda row: book.ends.get(str(row["period"]), ""))
    told = of_release(book, ordered)
    parts = ("of", "settlements", body.id, scheme["policy_id"], ordered[-1]["period"], ordered[-1]["plan_id"])
    source = str(scheme["source"]).rstrip(".")
    said = f"By the rules of the programme, from published inputs: {source}. “The centre” is {scheme['owner']}."
    table, sheet = ledger_block(book, address, told, said, ledger_origin(address, parts), limit="benchmark")
    kept = sum(row["kept"] or 0.0 for row in told)
    below = sum(row["below"] or 0.0 for row in told)
    before, bold, after = came_to(book, kept, below)
    years = plural(len(told), "published year", "published years")
    words_of = [f"Under {scheme['label']}, {body.name} {before}", html.B(bold), f"{after}, in {years}."]
    content = [*header(book, address, body, book.headline, "settlement"), block.lede(*words_of), table]
    return block.View(f"Settlement of {body.name}", content, "settlements", (sheet,))


def came_to(book: Book, kept: float, below: float) -> tuple[str, str, str]:
    """What published years came to: words before, in bold and after. Pennies decide which words are said."""
    sign = (kept > 0.005) - (kept < -0.005), (below > 0.005) - (below < -0.005)
    part, whole = money(book, abs(kept)), money(book, abs(below))
    spent = f"{whole} {'less' if below > 0 else 'more'} than its benchmarks"
    told = {
        (1, 1): ("", f"kept {part}", f" of {whole} below its benchmarks in all"),
        (0, 1): ("", "kept nothing", f" of {whole} below its benchmarks in all"),
        (0, -1): (f"spent {spent} in all and ", "kept nothing", ""),
        (-1, -1): ("", f"paid {part}", f" of {whole} above its benchmarks in all"),
        (0, 0): ("spent what its benchmarks allow in all and ", "kept nothing", ""),
    }
    mixed = spent if sign[1] else "what its benchmarks allow"
    after = f", gains of some years set against losses of others; it spent {mixed} in all"
    return told.get(sign, ("", f"{'kept' if kept > 0 else 'paid'} {part}", after))


def money(book: Book, amount: float) -> str:
    return headline_money(amount, currency=book.currency)


def lede(book: Book, body: Body, rows: Sequence[Row], found: whatif.Sector, tried: whatif.Trial) -> list[Any]:
    """What is kept of what lies below the ceiling, or borne above it; if nothing, the saving that would leave some."""
    kept, below = (sum(row[name] for row in rows) for name in ("kept", "below"))
    opening = f"Saving {whatif.stated(tried.saving)}% a year" if tried.saving else "Spending what it spent last year"
    bold, rest = outcome(book, kept, below, period_words(rows[-1]["period"]))
    told = [f"{opening}, {body.name} would ", html.B(bold), f"{rest}."]
    if kept > 0.005:
        return told
    begins = whatif.keeps_something_from(found, tried)
    return [*told, f" {begins_words(begins, tried.saving, float(whatif.SAVINGS[-1]))}"]


def outcome(book: Book, kept: float, below: float, last: str) -> tuple[str, str]:
    """What all years come to: what is kept or paid, and of what. Pennies decide which words are said."""
    sign = (kept > 0.005) - (kept < -0.005), (below > 0.005) - (below < -0.005)
    part, whole = money(book, abs(kept)), money(book, abs(below))
    told = {
        (1, 1): (f"keep {part}", f" of the {whole} by which its cost to {last} stays below the ceiling"),
        (0, 1): ("keep nothing", f" of the {whole} by which its cost to {last} stays below the ceiling"),
        (0, -1): ("keep nothing", f": its cost to {last} is {whole} above the ceiling, which the centre bears"),
        (-1, -1): (
            f"pay {part}",
            f" of the {whole} by which its cost to {last} exceeds the ceiling; the centre bears the rest",
        ),
        (0, 0): ("keep nothing", f": its cost to {last} equals the ceiling"),
    }
    mixed = f", gains of some years set against losses of others; in all its cost to {last} is {whole}"
    side = "below" if below > 0 else "above"
    return told.get(sign, (f"{'keep' if kept > 0 else 'pay'} {part}", f"{mixed} {side} the ceiling"))


def illustration(scheme: Row) -> Any:
    """That the terms bind nobody, where that is so."""
    if not scheme["illustration"]:
        return None
    return html.P([html.B("An illustration. "), "These terms bind nobody. ", scheme["note"] or ""], className="aside")


def form(address: Address, scheme: Row, tried: whatif.Trial) -> html.Section:
    """Plan and sliders; a script applies a change at once."""
    plans = [(plan["id"], str(plan["label"])) for plan in scheme["said"]["plans"]]
    first = plans[usual(plans)][0]
    now = whatif.settings(tried)
    saving = next(plan["saving"] for plan in scheme["said"]["plans"] if plan["id"] == tried.plan)
    offered = {**{each.name: getattr(tried.offered, each.name) for each in whatif.SLIDERS}, "saving": saving}
    every = (*whatif.SLIDERS, whatif.SAVING)
    stated = {each.name: whatif.stated(now[each.name]) for each in every}
    span = {each.name: (each.low, each.high, each.step) for each in every}
    moved = {each.name: each.name in tried.moved for each in every}
    sliders = [
        slider(
            each.name,
            each.label,
            each.note,
            stated[each.name],
            whatif.stated(offered[each.name]),
            span[each.name],
            moved=moved[each.name],
        )
        for each in every
    ]
    twins = typed([(each.name, each.label, stated[each.name], span[each.name]) for each in every])
    shown = block.controls(address, block.control("plan", "Plan", plans, tried.plan, first), *sliders, twins)
    back = html.A("Back to the offered terms", href=address.to(*address.parts, scheme=address.query.get("scheme")))
    reset = html.P(back, className="note", hidden=not tried.moved, **attrs(data_trial_only=""))
    return block.panel("Terms and assumptions", island(html.Div([shown, reset])), id="terms", wash=True)


def usual(plans: Sequence[Any]) -> int:
    """Place of the plan that is shown unless another is chosen: the second, where the first stands still."""
    return min(1, len(plans) - 1)


def bench(book: Book, address: Address, body: Body, scheme: Row, found: whatif.Sector) -> html.Div:
    """What assets/workbench.js needs to answer a slider in the browser, as JSON."""
    said = scheme["said"]
    told = {
        "name": body.name,
        "sign": symbol(book.currency),
        "asked": address.query.get("scheme", ""),
        "years": [period_words(period) for period in found.periods],
        "base": float(found.base[0]),
        "last": float(found.last[0]),
        "gap": float(found.gap[0]),
        "threshold": float(found.threshold[0]),
        "terms": dict(Terms.from_mapping(said["terms"]).canonical()),
        "plans": [
            {"id": plan["id"], "saving": plan["saving"], "fails": plan.get("gate_fails") or []}
            for plan in said["plans"]
        ],
        "first": usual(said["plans"]),
        "sliders": [
            {"name": each.name, "low": each.low, "high": each.high} for each in (*whatif.SLIDERS, whatif.SAVING)
        ],
        "said": [ledger_words(book, moved) for moved in (False, True)],
        "savings": whatif.SAVINGS.tolist(),
        "prices": str(book.facts.get("base_period")),
        "taken": taken_back(),
    }
    text = json.dumps(told, ensure_ascii=False, allow_nan=False)
    return html.Div(text, id="workbench-data", hidden=True, **attrs(data_needs=files.address("workbench.js")))


def ledger_words(book: Book, moved: bool) -> str:
    """What the amounts are, and whether the terms are the offered ones."""
    trial = "On trial, not offered. " if moved else "As offered. "
    base = book.facts.get("base_period")
    return (
        f"{trial}In {base} prices. In every row, below or above = kept or paid + the centre’s + held. "
        "The CSV has every penny."
    )


def drawn(book: Book, address: Address, rows: Sequence[Row], last: float, ledger: Sheet) -> tuple[Any, Sheet]:
    """Ceiling and plan by year, beside what the last year cost."""
    periods = [period_words(row["period"]) for row in rows]
    ceilings, costs = ([row[name] for row in rows] for name in ("ceiling", "cost"))
    figure = ceiling_plot(periods, ceilings, costs, last, book.currency)
    cells = [row[:4] for row in ledger.cells]
    sheet = Sheet("ceiling", "Ceiling and plan", ledger.heads[:4], cells, ledger.fields, rows)
    told = (
        f"Diamond: what the last year cost, {money(book, last)}. Solid: the ceiling, which starts from the mean of "
        "three years. Dashed: the plan. Between them lies what is shared, or owed."
    )
    return block.figure_block("Ceiling and plan", told, figure, sheet, None, address), sheet


def about() -> html.Details:
    """What is mechanical here, and what is assumed."""
    return block.help_block(
        "What does this mean?",
        html.P(
            "The ceiling starts from the mean of three years’ cost and falls by the part of the gap to good peers that "
            "is to be closed and by ongoing efficiency. A saving below it is shared at the rate above, from the least "
            "saving that counts, up to the cap; payments go to a bank with a limit, which pays for overspending first."
        ),
        html.P(
            "What the terms pay for a given course of cost is arithmetic. The course itself is an assumption: the page "
            "does not say how a body would respond."
        ),
    )
