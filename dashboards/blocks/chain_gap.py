"""Where the gap arises: from the peers' cost to the body's own along the delivery chain, in money that adds up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.address import Address
from dashboards.components import block, words
from dashboards.components.numbers import headline_money, measure_style, period_words, plural, ratio_words
from dashboards.components.sheet import Head, Sheet
from dashboards.components.waterfall import waterfall
from dashboards.data import Body, Book
from pipelines.contracts.production import hundredths

Row = dict[str, Any]
FIELDS = (
    "body_id",
    "service_id",
    "period",
    "stage",
    "label",
    "factor",
    "reference",
    "ratio",
    "peer_q25",
    "peer_median",
    "peer_q75",
    "n_peers",
    "gap",
    "gap_lo",
    "gap_hi",
    "done_as_peers",
    "spent",
    "unit",
    "z",
    "bottleneck",
    "status",
    "reason",
)


def chain_rows(book: Book, body: Body, service: str, period: str = "") -> list[Row]:
    """The stages of a service's chain in one period (the newest with a gap), the whole first, gaps in money."""
    cents = hundredths(book.currency)
    found = book.rows("chains", body_id=body.id, service_id=service, model_id=book.headline)
    told = {row["period"] for row in found if row["stage"] == 0 and row[f"gap_{cents}"] is not None}
    chosen = period if period in told else max(told, key=lambda each: book.ends.get(each, each), default="")
    return [
        {
            **row,
            "unit": book.currency,
            **{
                name: None if row[f"{name}_{cents}"] is None else row[f"{name}_{cents}"] / 100
                for name in ("gap", "gap_lo", "gap_hi")
            },
        }
        for row in found
        if row["period"] == chosen
    ]


def chain_gap(
    book: Book, address: Address, body: Body, service: str, period: str, measure: str = ""
) -> tuple[Any, Sheet] | None:
    """The waterfall and its table; None where no stage of the chain can be told in money.

    measure : the indicator of the page, told apart from the whole chain where it is one stage of it.
    """
    rows = chain_rows(book, body, service, period)
    whole = next((row for row in rows if row["stage"] == 0), None)
    stages = [row for row in rows if row["stage"] and row["gap"] is not None]
    spent = own_cost(book, body, service, whole["period"]) if whole else None
    if whole is None or not stages or spent is None:
        return None
    sheet = listing(book, rows, whole, spent, body)
    origin = block.Origin(("of", "chains", body.id, service, whole["period"]))
    figure = waterfall(steps(whole, stages, spent, body), book.currency)
    amount = headline_money(abs(whole["gap"]), currency=book.currency)
    title = f"Where the {amount} {direction(whole)} arises" if told_apart(whole) else "Stage by stage beside peers"
    said = sentence(book, whole, stages, spent, body, measure)
    return block.figure_block(title, said, figure, sheet, origin, address), sheet


def own_cost(book: Book, body: Body, service: str, period: str) -> float | None:
    """What the body spent on the service, in base-year prices where the pack has them."""
    found = book.rows("costs", body_id=body.id, service_id=service, period=period)
    columns = [name for name in (found[0] if found else {}) if name.startswith("cost_")]
    return found[0][columns[-1]] if found else None


def direction(whole: Row) -> str:
    return "higher cost" if whole["gap"] >= 0 else "lower cost"


def told_apart(whole: Row) -> bool:
    """Whether the whole chain's difference is more than chance; one that is not has no cause to look for."""
    return whole["gap_lo"] is not None and not whole["gap_lo"] <= 0 <= whole["gap_hi"]


def steps(whole: Row, stages: Sequence[Row], spent: float, body: Body) -> list[Row]:
    """The bars: peers' way first, each stage, the body last; what cannot be separated is a step of its own."""
    told = sum(row["gap"] for row in stages)
    rest = whole["gap"] - told
    middle = [{"label": row["label"], "kind": "step", "amount": row["gap"]} for row in stages]
    if abs(rest) >= 0.01:
        middle.append({"label": "cannot be separated", "kind": "step", "amount": rest})
    return [
        {"label": "Done as peers do it", "kind": "reference", "amount": spent - whole["gap"]},
        *middle,
        {"label": f"{body.name} actual", "kind": "you", "amount": spent},
    ]


def sentence(book: Book, whole: Row, stages: Sequence[Row], spent: float, body: Body, measure: str = "") -> list[Any]:
    """The gap with its interval, between which totals it lies, and why it is not the gap of the page's own measure."""
    peers = plural(whole["n_peers"], "peer", "peers")
    first, last = (headline_money(total, currency=book.currency) for total in (spent - whole["gap"], spent))
    parts: list[Any] = [
        f"{period_words(whole['period'])}. With every stage as it is at {peers}, the same results would cost {first}; "
        f"{body.name} spent {last}. The parts add up exactly. {words.capital(sure(book, whole))}"
    ]
    if apart := unlike(book, whole, measure):
        parts.append(f" {apart}")
    found = next((row for row in stages if row["bottleneck"]), None)
    return [*parts, f" {look_at(found, stages)}"] if found else parts


def look_at(found: Row, stages: Sequence[Row]) -> str:
    """Which stage to look at: the largest part that is unusual among peers, and those that may be as large as it."""
    label = words.uncapital(found["label"])
    near = [
        words.uncapital(row["label"])
        for row in stages
        if row is not found and (None in (row["gap_hi"], found["gap_lo"]) or row["gap_hi"] >= found["gap_lo"])
    ]
    if not near:
        return f"Look at {label} first: the largest part, and unusual among peers."
    return (
        f"Look at {label}, which is unusual among peers; as a part it cannot be told apart from {words.listed(near)}."
    )


def sure(book: Book, whole: Row) -> str:
    """'the gap lies between £6.25m and £21.3m (95%).', and that it may be none."""
    if whole["gap_lo"] is None:
        return "no interval can be given."
    none = "" if told_apart(whole) else " It cannot be told apart from none."
    low, high = (signed(book, whole[end]) for end in ("gap_lo", "gap_hi"))
    return f"the difference lies between {low} and {high} (95%).{none}"


def signed(book: Book, amount: float) -> str:
    return f"{'−' if amount < 0 else ''}{headline_money(abs(amount), currency=book.currency)}"


def unlike(book: Book, whole: Row, measure: str) -> str:
    """Why the chain's total is not the gap of a measure; empty where the two are the same ratio, or none is shown."""
    row = book.indicators.get(measure)
    if row is None or (row["numerator"], row["denominator"]) == (whole["above"], whole["below"]):
        return ""
    label = words.uncapital(str(row["label"]))
    return (
        f"The total is that of {words.uncapital(whole['label'])}, the whole chain, so it is another amount than the "
        f"difference in {label} alone."
    )


def told_parts(book: Book, stages: Sequence[Row]) -> str:
    """'£7.09m more from spending per tonne collected, £6.90m more from …': every stage, the largest part first."""
    known = sorted((row for row in stages if row["stage"] and row["gap"]), key=lambda row: -abs(row["gap"]))
    return words.listed(
        [
            f"{headline_money(abs(row['gap']), currency=book.currency)} {'more' if row['gap'] > 0 else 'less'} from "
            f"{words.uncapital(row['label'])}"
            for row in known
        ]
    )


def listing(book: Book, rows: Sequence[Row], whole: Row, spent: float, body: Body) -> Sheet:
    """Every stage: the body's factor, the peers', the gap with its interval; then the whole, with the two totals."""
    totals = {"done_as_peers": spent - whole["gap"], "spent": spent}
    raw = [*(row for row in rows if row["stage"]), {**whole, **totals}]
    cells = [
        [
            [words.capital(row["label"]), block.note(reading(book, row))],
            [factor(book, row, row["factor"]), " ", words.letter(row["status"], absent=row["factor"] is None)],
            factor(book, row, row["reference"]),
            span(book, row),
            ratio_words(row["ratio"]) if row["ratio"] is not None else "–",
            money(book, row),
            "–" if row["gap_lo"] is None else money_span(book, row),
        ]
        for row in raw
    ]
    heads = (
        Head("Stage"),
        Head(body.name, True),
        Head("Peers’ factor", True),
        Head("Middle half of peers", True),
        Head("Against peers"),
        Head("Gap", True),
        Head("95% interval", True),
    )
    return Sheet("chain", f"Delivery chain of {body.name}", heads, cells, FIELDS, raw, words.letters_used(raw))


def reading(book: Book, row: Row) -> str:
    """The two measures of a stage, or why it cannot be shown."""
    if row["reason"]:
        return str(row["reason"])
    above, below = (book.measures[row[side]]["label"] for side in ("above", "below"))
    return f"{above} per {words.uncapital(below)}"


def factor(book: Book, row: Row, value: float | None) -> str:
    """A factor of a stage: money where money stands above a count, else three figures, since its unit is a mixture."""
    if value is None:
        return "–"
    above, below = (book.measures[row[side]]["unit"] for side in ("above", "below"))
    style = book.measure_style(above)
    if style.kind == "money" and book.measure_style(below).kind != "money":
        return style.write(value)
    return measure_style("index").write(value) if abs(value) >= 0.01 else f"{value:.2g}"


def span(book: Book, row: Row) -> str:
    """The middle half of the peers' factors."""
    ends = (row["peer_q25"], row["peer_q75"])
    return "–" if None in ends else " to ".join(factor(book, row, end) for end in ends)


def money(book: Book, row: Row) -> str:
    if row["gap"] is None:
        return "–"
    sign = "−" if row["gap"] < 0 else "+" if row["gap"] > 0 else ""
    return f"{sign}{headline_money(abs(row['gap']), currency=book.currency)}"


def money_span(book: Book, row: Row) -> str:
    return " to ".join(signed(book, row[name]) for name in ("gap_lo", "gap_hi"))
