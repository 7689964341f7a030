"""Body: where do we stand?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.address import Address, only
from dashboards.blocks.absence import claim_of, out_of_date, own_newest, uncompared
from dashboards.blocks.body_header import header, known, not_compared
from dashboards.blocks.reply import disputed
from dashboards.blocks.what_next import keep_panel, targets_panel
from dashboards.blocks.who_first import who_panel
from dashboards.components import block, words
from dashboards.components.figures import over_band
from dashboards.components.markup import attrs
from dashboards.components.numbers import period_words, plural
from dashboards.components.sheet import Head, Sheet, as_table
from dashboards.components.strip import explain_strip, strip
from dashboards.data import Body, Book
from dashboards.own_asked import names as set_names
from dashboards.own_peers import Chosen
from dashboards.own_peers import chosen as chosen_peers
from dashboards.own_verdicts import rejudged
from dashboards.pages import why_peers
from dashboards.pages.rows import FIELDS

Row = dict[str, Any]
LABEL = 14
"""Letters of a name that fit beside the end of a line."""
STALE = 2
"""Years behind the newest figures at hand from which a figure says how old it is."""


def layout(book: Book, address: Address) -> block.View:
    """The page `/body/<code>`: each service's first measure beside peers, who they are, quality beside cost."""
    only(address, *set_names(book))
    body = known(book, address.parts[1])
    if body.valid_to or not body.benchmarked:
        return not_compared(book, address, body)
    found = chosen_peers(book, address, body)
    model = found.model
    measures = against(book, body, found, newest_rows(book, body, model))
    rows = ordered([row for row in measures if row["first"]])
    look = look_first(book, address, body, found, rows)
    everything = every_measure(book, address, body, model, measures)
    peers = None if found.own else why_peers.sheet(book, address, body, model, most=6)
    quality = quality_alongside(book, address, body, found, rows)
    short = why_peers.short_block(book, address, body, model, peers) if peers else None
    carried = None if model == book.headline else model
    doors = [
        None if found.own else who_panel(book, address, body, rows, carried),
        targets_panel(book, address, body, carried),
        keep_panel(book, address, body, carried),
    ]
    lower = [short, quality[0] if quality else None]
    return block.View(
        body.name,
        [
            *header(book, address, body, model, "stand", found),
            block.lede(*lede(book, body, rows)),
            look_block(book, address, body, model, rows, look),
            html.Div([part for part in doors if part is not None], className="two three"),
            html.Div([part for part in lower if part is not None], className="two"),
            measures_block(book, address, body, model, measures, everything),
        ],
        "bodies",
        (look, *([peers] if peers else []), everything, *([quality[1]] if quality else [])),
    )


def newest_rows(book: Book, body: Body, model: str) -> list[Row]:
    """The body's row of each indicator in its newest period, with labels. `first` marks one row of each service.

    A body with no figure of any newest period has its own newest ones, which are compared with nobody.
    """
    every = book.standing(model, body_id=body.id)
    rows = [row for row in every if row["period"] == book.newest(row["indicator_id"])]
    if all(row["value"] is None for row in rows):
        rows = own_newest(book, every) or rows
    chosen = first_of_each(book, rows)
    kept = []
    for row in rows:
        indicator = book.indicators[row["indicator_id"]]
        service = book.services[indicator["service_id"]]
        kept.append(
            {
                **row,
                "name": body.name,
                "service": service["label"],
                "service_id": service["service_id"],
                "label": indicator["label"],
                "proxy": indicator["proxy"],
                "polarity": indicator["polarity"],
                "first": row["indicator_id"] in chosen,
                "agreement": (0, 0),
            }
        )
    return kept


def first_of_each(book: Book, rows: Sequence[Row]) -> set[str]:
    """One indicator of each service: its headline, or where the body has none of it, the first cost measure it has."""
    chosen: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: _preference(book, row)):
        chosen.setdefault(book.indicators[row["indicator_id"]]["service_id"], row["indicator_id"])
    return set(chosen.values())


def _preference(book: Book, row: Row) -> tuple[bool, bool, bool, str]:
    indicator = book.indicators[row["indicator_id"]]
    headline = book.services[indicator["service_id"]]["headline"] == row["indicator_id"]
    return (row["status"] == "not_applicable", not headline, indicator["stage"] != "cost", row["indicator_id"])


def against(book: Book, body: Body, found: Chosen, rows: Sequence[Row]) -> list[Row]:
    """Rows with how many peer sets agree; against a set of one's own instead, where there is one."""
    return rejudged(book, body, found.members, rows) if found.own else agreed(book, rows)


def agreed(book: Book, rows: Sequence[Row]) -> list[Row]:
    """Rows with how many fair peer sets give the same verdict."""
    return [{**row, "agreement": book.agreement(row)} for row in rows]


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Rows by how clearly each differs from its peers; where other fair sets disagree later, without a verdict last."""

    def unsure(row: Row) -> bool:
        return row["verdict"] in ("higher", "lower") and words.disagree(row["agreement"])

    return sorted(rows, key=lambda row: (words.clearness(row) < 0, unsure(row), -words.clearness(row), row["service"]))


def lede(book: Book, body: Body, rows: Sequence[Row]) -> list[Any]:
    """Which services are higher, which lower, how many cannot be told apart; from the rows of the table below."""
    found = {v: [row for row in rows if row["verdict"] == v] for v in ("higher", "lower", "same", "withheld")}
    old = html.B(out_of_date(book, rows))
    if alone := uncompared(body, rows):
        return [old, alone]
    parts: list[Any] = []
    for verdict in ("higher", "lower"):
        if found[verdict]:
            names = words.listed([words.uncapital(row["service"]) for row in found[verdict]])
            parts += [" and " if parts else f"{body.name} is ", html.B(f"{verdict} than its peers on {names}")]
    if parts:
        parts.append(", by more than chance. ")
        other = " other"
    else:
        parts, other = [f"{body.name} differs from its peers by more than chance on no service. "], ""
    if found["same"]:
        count = len(found["same"])
        services = f"{words.number_word(count)}{other} service{'s' if count > 1 else ''}"
        parts.append(f"{words.capital(services)} cannot be told apart from its peers’. ")
    if found["withheld"]:
        count = len(found["withheld"])
        many = f"{words.number_word(count)} service{'s' if count > 1 else ''}"
        parts.append(f"For {many} there is no verdict; the table says why. ")
    doubtful = [row for row in (*found["higher"], *found["lower"]) if words.disagree(row["agreement"])]
    if doubtful:
        names = words.listed([words.uncapital(row["service"]) for row in doubtful])
        parts.append(f"On {names}, {words.OTHER_SETS_DISAGREE}. ")
    proxies = [words.uncapital(row["service"]) for row in (*found["higher"], *found["lower"]) if row["proxy"]]
    if proxies:
        parts.append(f"On {words.listed(proxies)}, the measure is a proxy. ")
    unsure = [row for row in (*found["higher"], *found["lower"]) if row["to_confirm"]]
    if unsure:
        names = words.listed([words.uncapital(row["service"]) for row in unsure])
        parts.append(f"On {names}, {words.UNCONFIRMED}.")
    return [old, *parts]


def look_first(book: Book, address: Address, body: Body, found: Chosen, rows: Sequence[Row]) -> Sheet:
    """One row per service: value, interval, peers' middle half, strip, verdict, agreement of peer sets."""
    cells: list[list[Any]] = []
    several = any(row["agreement"][1] > 1 for row in rows)
    carried = None if found.model == book.headline else found.model
    kept = found.query if found.own else {"model": carried}
    for row in rows:
        page = address.to("body", body.id, "service", row["service_id"], **kept)
        link = html.A(row["service"], href=page, className="strong")
        shown = figures(book, address, row, found.model)
        narrow = html.Span(shown[-1], className="narrow-only")
        first = [link, measure_note(book, row), disputed(book, address, row), narrow]
        cells.append([first, *shown, *([sets_cell(row)] if several else [])])
    heads: tuple[Head, ...] = (
        Head("Service and its first measure"),
        Head(body.name, True),
        Head("95% interval", True),
        Head(words.half_head(rows), True),
        Head(["Position", html.Br(), "(each row from zero)"]),
        Head("Against peers"),
    )
    heads += (Head("Fair peer sets that agree", True),) if several else ()
    return Sheet("look-first", f"Look here first: {body.name}", heads, cells, FIELDS, rows, words.letters_used(rows))


def sets_cell(row: Row) -> str:
    """How many fair peer sets give the verdict; a dash where there is none, or no other set to ask."""
    same, tried = row["agreement"]
    return f"{same} of {tried}" if tried > 1 and row["verdict"] != "withheld" else "–"


def figures(book: Book, address: Address, row: Row, model: str) -> list[Any]:
    """The five cells that every measure's row shares: value (opening its claim), interval, peers, strip, verdict."""
    style = book.style(row["indicator_id"])
    interval = style.interval(row["lo"], row["hi"], row["value"]) if row["lo"] is not None else no_interval(row)
    half = words.half(row, style)
    parts = claim_of(row, model)
    opens = block.claim_link(words.shown(row, style), parts, address, f"claim-{row['indicator_id']}", row["label"])
    return [opens, interval, half, strip(row), words.verdict(row, row["polarity"], row["agreement"])]


def no_interval(row: Row) -> str:
    """What stands where an interval is absent: nothing beside an absent value, else that there is none."""
    return "–" if row["value"] is None else "no interval"


def measure_note(book: Book, row: Row, *, named: bool = True) -> html.Span:
    """What the row measures (where not said already), its unit and period; that it is a proxy; that it is old."""
    style = book.style(row["indicator_id"])
    told = [row["label"]] if named else []
    told += [style.spoken] if style.spoken and not said_already(style.spoken, row["label"]) else []
    when = html.Span(f"{period_words(row['period'])}. ", className="whole")
    parts: list[Any] = [words.capital(", ".join([*told, ""])), when]
    if row["proxy"]:
        parts.append(html.Span([html.B("Proxy: "), words.proxy(row), ". "], className="proxy"))
    if row["to_confirm"]:
        parts.append(html.Span([html.B("To be confirmed: "), words.to_confirm(row, book.noun)], className="proxy"))
    age = book.age(row["period"])
    if age >= STALE:
        parts.append(f"{period_words(row['period'])} is the newest figure; {plural(age, 'year', 'years')} old. ")
    if row["n_left_out"]:
        parts.append(f"{plural(row['n_left_out'], 'peer', 'peers')} left out as not like for like. ")
    return html.Span(parts, className="note")


def said_already(unit: str, label: str) -> bool:
    """Whether a label ends in its unit's own words, as 'spending per resident' does."""
    return set(unit.lower().split()) <= {"a", "an", "per", "of", *label.lower().replace(",", " ").split()}


def look_block(book: Book, address: Address, body: Body, model: str, rows: Sequence[Row], sheet: Sheet) -> Any:
    if not rows:
        return block.panel(
            "Look here first",
            html.P(f"This release has no measure for {body.name}. Its sources are on the quality page."),
            id="look",
        )
    return block.table_block(
        "Look here first",
        "In order of how clearly each differs from peers. Not an order of merit.",
        sheet,
        address,
        block.Origin((body.id,)),
        above=explain_strip(body.name),
    )


def every_measure(
    book: Book, address: Address, body: Body, model: str, rows: Sequence[Row], service: str = ""
) -> Sheet:
    """Every indicator of the body (of one service) in its newest period, the service's first one first."""
    rows = [row for row in rows if service in ("", row["service_id"])]
    rows = sorted(rows, key=lambda row: (row["service"], not row["first"], row["label"]))
    cells = []
    for row in rows:
        value, interval, half, _, verdict = figures(book, address, row, model)
        value.id = f"measure-{row['indicator_id']}"
        label: list[Any] = [html.Span(row["label"], className="strong"), measure_note(book, row, named=False)]
        label.append(disputed(book, address, row))
        cells.append([label, value, interval, half, verdict])
    heads = (
        Head("Measure"),
        Head(body.name, True),
        Head("95% interval", True),
        Head(words.half_head(rows), True),
        Head("Against peers"),
    )
    name = f"measures-{service}" if service else "measures"
    title = f"{book.services[service]['label']}: measures" if service else "Every measure"
    return Sheet(name, f"{title} of {body.name}", heads, cells, FIELDS, rows, words.letters_used(rows))


def measures_block(book: Book, address: Address, body: Body, model: str, rows: Sequence[Row], sheet: Sheet) -> Any:
    """Every measure, folded away by service."""
    folds = []
    for service in sorted({row["service_id"] for row in rows}, key=lambda id: str(book.services[id]["label"])):
        part = every_measure(book, address, body, model, rows, service)
        count = plural(len(part.cells), "measure", "measures")
        folds.append(html.Details([html.Summary(f"{book.services[service]['label']}: {count}"), as_table(part)]))
    return html.Section(
        [
            html.H2("Every measure", id="title-measures"),
            html.P("The newest figure of each, by service. Open a service to see them.", className="sub"),
            html.Div(folds, className="folds"),
            html.Div(block.feet(sheet, block.Origin((body.id,)), address), className="foot"),
        ],
        className="panel",
        **attrs(aria_labelledby="title-measures"),
    )


def quality_alongside(
    book: Book, address: Address, body: Body, found: Chosen, rows: Sequence[Row]
) -> tuple[Any, Sheet] | None:
    """The paired quality measure of the clearest service that has one: a line over the peers' middle half."""
    for row in rows:
        for indicator in (book.services[row["service_id"]]["quality"] or "").split():
            told = book.standing(found.model, body_id=body.id, indicator_id=indicator)
            told = rejudged(book, body, found.members, told) if found.own else told
            told = sorted(told, key=lambda each: book.ends.get(each["period"], each["period"]))
            if sum(each["value"] is not None for each in told) > 1:
                return quality_figure(book, address, body, found, indicator, told)
    return None


def quality_figure(
    book: Book, address: Address, body: Body, found: Chosen, indicator: str, rows: Sequence[Row]
) -> tuple[Any, Sheet]:
    style, label = book.style(indicator), book.indicators[indicator]["label"]
    named = [{**row, "name": body.name} for row in rows]
    last = next(row for row in reversed(named) if row["value"] is not None)
    sheet = over_time(book, label, named, style)
    proxy = words.proxy(book.indicators[indicator])
    told: list[Any] = [words.position_sentence(last, body.name, style)]
    if proxy:
        told.append(f" A proxy: {proxy}.")
    figure = over_band(named, body.name if len(body.name) <= LABEL else f"This {book.noun}", style)
    origin = None if found.own else block.Origin(claim_of(last, found.model))
    title = f"Quality alongside cost: {words.uncapital(label)}"
    return block.figure_block(title, told, figure, sheet, origin, address), sheet


def over_time(book: Book, label: str, rows: Sequence[Row], style: Any) -> Sheet:
    """One row per period: value, interval, middle half and median of peers."""
    cells = [
        [
            period_words(row["period"]),
            words.shown(row, style),
            style.interval(row["lo"], row["hi"], row["value"]) if row["lo"] is not None else no_interval(row),
            words.half(row, style),
            style.write(row["peer_median"]) if row["peer_median"] is not None else "–",
        ]
        for row in rows
    ]
    heads = (
        Head("Period"),
        Head(words.capital(style.unit), True),
        Head("95% interval", True),
        Head("Middle half of peers", True),
        Head("Peers’ median", True),
    )
    return Sheet("quality", f"{label} over time", heads, cells, FIELDS, rows, words.letters_used(rows))
