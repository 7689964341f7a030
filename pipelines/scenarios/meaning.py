"""What terms mean for one body, in words: where its ceiling starts, its limit of chance, what a lasting saving earns.

Their twin in the browser is `meaning` of dashboards/assets/ledger.js; a test holds one to the other.
"""

from __future__ import annotations

from typing import NamedTuple

from pipelines.scenarios.ledger import money, percent
from pipelines.scenarios.power import power_of
from pipelines.scenarios.terms import Terms

TAKEN_BACK = Terms(years=1, share=1.0, own_weight=1.0, rebase="last_year")  # next year's money is this year's spending


class Footing(NamedTuple):
    """What a body brings: its name, the mean of three years' cost, the last year's and the first ceiling in money, that
    ceiling's year and the year of the prices as they are read, and the least saving that counts for it."""

    name: str
    base: float
    last: float
    first: float
    year: str
    prices: str
    least: float


def start_words(about: Footing, currency: str) -> str:
    """Where the ceiling starts, against what the last year cost."""
    opening = f"The first ceiling, for {about.year}, is {money(about.first, currency)}"
    against = f"what the last year cost, {money(about.last, currency)}"
    base = f"It starts from the mean of three years’ cost, {money(about.base, currency)} in {about.prices} prices"
    rose = "less" if about.base < about.last else "more"
    moved = apart(about.base, about.last, currency)
    why = (
        f"that is {moved} the last year, because the two years before it cost {rose}"
        if moved
        else "that is what it cost"
    )
    taken = about.base - about.first
    off = f"take {money(taken, currency)} off it" if taken >= 0.005 else "take nothing off it"
    return (
        f"{opening}: {apart(about.first, about.last, currency) or 'equal to'} {against}. {base} and at the last year’s "
        f"volume; {why}. Closing the gap and ongoing efficiency {off} in the first year."
    )


def apart(one: float, other: float, currency: str) -> str:
    """'£1.20m below' or 'above'; empty where not a penny lies between."""
    if abs(one - other) < 0.005:
        return ""
    return f"{money(abs(one - other), currency)} {'below' if one < other else 'above'}"


def limit_words(about: Footing, terms: Terms) -> str:
    """How far from the ceiling the body pays and keeps, and why so far."""
    return " ".join(part for part in (pays(about, terms), keeps(about.least, terms), why(about.least, terms)) if part)


def pays(about: Footing, terms: Terms) -> str:
    """From where on an overspend costs the body something."""
    dead = about.least if terms.dead_band is None else terms.dead_band
    if terms.loss_rate == 0 or terms.floor == 0 or terms.loss_free_years >= terms.years:
        return f"{about.name} pays nothing, however far its cost is above the ceiling."
    reach = f"more than {percent(dead)}" if terms.loss_start == "above" else f"{percent(dead)} or more"
    free = f", and in none of the first {terms.loss_free_years} years" if terms.loss_free_years > 1 else ""
    free = ", and not in the first year" if terms.loss_free_years == 1 else free
    return f"{about.name} pays only in a year whose cost is {f'{reach} ' if dead else ''}above the ceiling{free}."


def keeps(least: float, terms: Terms) -> str:
    """From where on a saving earns a share."""
    if terms.share == 0 or terms.cap == 0:
        return "It keeps nothing of a saving."
    if least == 0:
        return "It keeps a share of every saving."
    if terms.start == "above":
        return f"It keeps a share of what lies more than {percent(least)} below the ceiling."
    if terms.start == "notch":
        return f"It keeps a share of a saving from {percent(least)} below the ceiling on."
    half, full = percent(least / 2), percent(least)
    return f"It keeps part of its share from {half} below the ceiling on, and all of it from {full} on."


def why(least: float, terms: Terms) -> str:
    """Why the limit is as wide as it is."""
    if least > terms.threshold:
        return (
            f"The limit is {percent(least)} and not the {percent(terms.threshold)} of the terms, because its figures "
            "vary that much by chance: one year in ten would pass even this without any saving."
        )
    return f"The terms set this limit of {percent(least)}: less may be chance." if least else ""


def reward_words(terms: Terms) -> str:
    """What a lasting saving earns in value, beside the share, and where unspent money is taken back."""
    kept, share, taken = (whole(part) for part in (float(power_of(terms)[0]), terms.share, taken_back()))
    if terms.rolling_years is not None:
        less = f", because every saving is kept for {terms.rolling_years} years"
    else:
        less = (
            f", not the {share} of its share, because later ceilings start from the lower cost" if kept != share else ""
        )
    return (
        f"Where the limit is passed, a saving made in the first year and kept up for good leaves the body {kept} "
        f"of the saving’s whole value{less}. Where money that is not spent is taken back each year, it would be "
        f"{taken}."
    )


def taken_back() -> float:
    """Share of a lasting saving's value that stays where next year's money is this year's spending."""
    return float(power_of(TAKEN_BACK)[0])


def whole(share: float) -> str:
    """0.287 as 29%."""
    return f"{100 * share:.0f}%"
