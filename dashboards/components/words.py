"""Words that a row has earned: verdicts, sentences, letters for absent figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboards.components.markup import attrs
from dashboards.components.numbers import Style, period_words, plural, ratio_words
from pipelines.contracts import STATUS_LETTER

Row = Mapping[str, Any]

SPOKEN = {
    "missing": "missing: not supplied to the publisher",
    "suppressed": "suppressed by the publisher, to protect people",
    "not_applicable": "not applicable, says the publisher",
    "withheld": "withheld by a check",
    "quarantined": "withheld: its figures failed a check",
    "zero_den": "missing: there is nothing to divide by",
    "provisional": "provisional: will be revised",
    "imputed": "modelled, not counted",
    "break": "the definition or the boundary changed here",
    "small": "too small to say",
}
"""What each status means, as it is spoken beside its letter."""

SYMBOL = {"lower": "▼", "same": "=", "higher": "▲", "withheld": "w"}
VERDICT = {
    "lower": "Lower than peers",
    "same": "Cannot be told apart",
    "higher": "Higher than peers",
    "withheld": "Withheld",
}
OTHER_SETS_DISAGREE = "other fair peer sets disagree"
UNCONFIRMED = "the figure is to be confirmed"
AGREE = 2 / 3
"""Share of peer sets that must agree before a verdict keeps its colour (dashboard.md, section 2)."""


def wanted(verdict: str, polarity: str) -> str:
    """'the wanted direction', 'not the wanted direction', or nothing for a neutral measure."""
    if polarity not in ("higher", "lower") or verdict not in ("higher", "lower"):
        return ""
    return "the wanted direction" if verdict == polarity else "not the wanted direction"


def disagree(agreement: tuple[int, int]) -> bool:
    """Whether fewer than two thirds of the peer sets tried share the verdict."""
    same, tried = agreement
    return tried > 1 and same / tried < AGREE


def verdict_text(row: Row, polarity: str, agreement: tuple[int, int] = (0, 0)) -> str:
    """The verdict in words, from its row alone."""
    verdict = row["verdict"]
    if verdict == "withheld":
        return f"Withheld: {reason(row)}"
    if verdict != "same" and disagree(agreement):
        return f"{'Higher' if verdict == 'higher' else 'Lower'} than these peers; {OTHER_SETS_DISAGREE}"
    if verdict != "same" and row.get("to_confirm"):
        return f"{VERDICT[verdict]}; {UNCONFIRMED}"
    direction = wanted(verdict, polarity)
    return VERDICT[verdict] + (f", {direction}" if direction else "")


def verdict(row: Row, polarity: str, agreement: tuple[int, int] = (0, 0)) -> html.Span:
    """Symbol and words; the symbol is not spoken, the colour is never alone."""
    doubtful = disagree(agreement) or row.get("to_confirm")
    colour = "faded" if doubtful and row["verdict"] != "same" else row["verdict"]
    return html.Span(
        [
            html.Span(SYMBOL[row["verdict"]], className="mark", **attrs(aria_hidden="true")),
            html.Span(verdict_text(row, polarity, agreement)),
        ],
        className=f"verdict {colour}",
    )


def reason(row: Row) -> str:
    """Why a verdict is withheld, in words."""
    if row.get("reason"):
        return str(row["reason"])
    if not row["like_for_like"]:
        return "another body pays part of the service"
    if row["status"] in SPOKEN and row["value"] is None:
        return SPOKEN[row["status"]]
    return "no comparable bodies"


def letter(status: str, *, absent: bool) -> html.Span | str:
    """The letter of a status with its meaning spoken; nothing for a sound figure."""
    mark = STATUS_LETTER.get(status, "")
    if not mark:
        return "" if not absent else html.Span("x", title=SPOKEN["missing"])
    return html.Span(
        [html.Span(mark, **attrs(aria_hidden="true")), html.Span(SPOKEN[status], className="unseen")],
        className="absent" if absent else "flag",
    )


def shown(row: Row, style: Style) -> list[Any]:
    """A figure with its flag, or the letter that stands in its place."""
    if row["value"] is None:
        return [withheld_mark(row["status"]), letter(row["status"], absent=True)]
    flags = [letter(row["status"], absent=False)]
    if row["status"] == "small":
        flags = [html.Span("too small to say", className="note")]
    return [style.write(row["value"]), " " if flags != [""] else "", *flags]


def withheld_mark(status: str) -> html.Span | str:
    """A hollow square before a figure that failed a check."""
    if status != "quarantined":
        return ""
    return html.Span("▣ ", className="quarantined", **attrs(aria_hidden="true"))


def hollow(rows: Sequence[Row]) -> str:
    """The key to hollow marks, where any of these rows is drawn so."""
    unsure = any(row["status"] in ("provisional", "imputed", "break") and row["value"] is not None for row in rows)
    return " Hollow marks: provisional, modelled, or at a change of definition." if unsure else ""


def letters_used(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """(letter, meaning) of the statuses in these rows, each once, for the key under a table."""
    seen = {row["status"] for row in rows}
    return [
        (STATUS_LETTER[status], words) for status, words in SPOKEN.items() if status in seen and STATUS_LETTER[status]
    ]


def clearness(row: Row) -> float:
    """How clearly a row differs from its peers: |log ratio| over its standard error, as its interval gives it."""
    if row["verdict"] == "withheld" or not all(
        (row["ratio"] or 0) > 0 and (row[end] or 0) > 0 for end in ("ratio_lo", "ratio_hi")
    ):
        return -1.0
    spread = math.log(row["ratio_hi"]) - math.log(row["ratio_lo"])
    return abs(math.log(row["ratio"])) / spread if spread > 0 else math.inf


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def uncapital(label: str) -> str:
    """A label as it stands inside a sentence; 'A roads' and names in capitals keep theirs."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def proxy(indicator: Row) -> str:
    """What a measure stands in for, as it stands inside a sentence; empty for the thing itself."""
    return uncapital((indicator["proxy"] or "").strip().rstrip("."))


def to_confirm(row: Row, noun: str) -> str:
    """What moved so much that the body is to confirm it, as a sentence; empty where nothing did."""
    return f"{capital(str(row['to_confirm']))}; the {noun} is to confirm it. " if row.get("to_confirm") else ""


def number_word(count: int) -> str:
    """One to nine in words, digits beyond, as a sentence wants them."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if count < len(words) else f"{count:,}"


def position_sentence(row: Row, name: str, style: Style) -> str:
    """Value, interval, the middle half of peers and the verdict of one row."""
    if row["value"] is None:
        return f"{name} has no figure to show: {SPOKEN.get(row['status'], row['status'])}."
    interval = "" if row["lo"] is None else f" ({style.interval(row['lo'], row['hi'], row['value'])})"
    if row["peer_median"] is None:
        return (
            f"{name}: {style.sentence(row['value'])}{interval}, {period_words(row['period'])}. {capital(reason(row))}."
        )
    peers = plural(row["n_peers"], "peer", "peers")
    part = f"the median of its {peers}" if row["peer_q25"] is None else f"the middle half of its {peers}"
    half = half_of(row, style)
    return f"{name}: {style.sentence(row['value'])}{interval}, {period_words(row['period'])}; {part}, {half}."


def half(row: Row, style: Style) -> str:
    """The middle half of peers; their median alone where they are too few for quartiles; else a dash."""
    if row["peer_median"] is None:
        return "–"
    few = row["peer_q25"] is None
    return f"median {half_of(row, style)} ({row['n_peers']} peers)" if few else half_of(row, style)


def half_head(rows: Sequence[Row]) -> str:
    """The head over `half`: the middle half, or the median alone where no row has peers enough for more."""
    only_median = all(row["peer_q25"] is None for row in rows) and any(row["peer_median"] is not None for row in rows)
    return "Peers’ median" if only_median else "Middle half of peers"


def half_of(row: Row, style: Style) -> str:
    if row["peer_q25"] is None:
        return style.write(row["peer_median"])
    return style.interval(row["peer_q25"], row["peer_q75"])


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def difference(row: Row) -> str:
    """The ratio to the peers' median with its interval, in words: '24% more (8% more to 41% more)'."""
    if row["ratio"] is None:
        return ""
    if row["ratio_lo"] is None or row["ratio_hi"] is None:
        return f"{ratio_words(row['ratio'])}, no interval"
    return f"{ratio_words(row['ratio'])} ({ratio_words(row['ratio_lo'])} to {ratio_words(row['ratio_hi'])})"


def article(noun: str) -> str:
    """'a' or 'an', by the noun's first letter."""
    return "an" if noun[:1].lower() in "aeio" else "a"
