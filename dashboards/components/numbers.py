"""Every number on every page is written here (dashboard.md section 2, table of numbers).

Values arrive in the unit of their indicator or measure; shares arrive in per cent. No function invents precision: an
interval is written to the decimals of its value, and to one more only where its two ends would otherwise read alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SYMBOL = {"gbp": "£", "usd": "$", "eur": "€"}
WORD = {
    "count": "",
    "persons": "people",
    "fraction": "",
    "percent": "",
    "per_km2": "",
    "km2": "km²",
    "fte": "full-time equivalents",
    "index": "",
}
"""How a measure's unit is spoken; others are spoken as they are written."""


@dataclass(frozen=True)
class Style:
    """How the values of one indicator or measure are written.

    kind : unit_cost, share, rate, count, money or fraction.   currency : ISO code.   unit : the words after the number.
    """

    kind: str
    unit: str
    currency: str = "GBP"

    @property
    def spoken(self) -> str:
        """The unit without its sign: '£ a tonne' is 'a tonne', '% of waste' and 'per cent of waste' are 'of waste'."""
        return self.unit.strip().removeprefix("per cent").lstrip("£$€%").strip()

    def write(self, value: float, decimals: int | None = None) -> str:
        """The value alone, such as £125, 30% or 1,204."""
        places = self.decimals(value) if decimals is None else decimals
        if self.kind in ("unit_cost", "money"):
            return _money(value, places, symbol(self.currency))
        if self.kind in ("share", "fraction"):
            return f"{_signed(value * (100 if self.kind == 'fraction' else 1), places)}%"
        return _signed(value, places)

    def decimals(self, value: float) -> int:
        """Decimals that the kind of number shows at this size."""
        size = abs(value) * (100 if self.kind == "fraction" else 1)
        if self.kind in ("unit_cost", "money"):
            return 0 if round(size, 2) >= 20 or size == 0 else 2
        if self.kind in ("share", "fraction"):
            return 0 if round(size, 1) >= 10 or size == 0 else 1
        if self.kind == "count":
            return 0 if size >= 10 or float(size).is_integer() else 1
        return _significant(size)

    def interval(self, lo: float, hi: float, value: float | None = None) -> str:
        """'£109 to £142': never a dash, never plus or minus; a negative end says minus."""
        places = self.decimals(value if value is not None else max(abs(lo), abs(hi)))
        while places < 3 and self.write(lo, places) == self.write(hi, places) and lo != hi:
            places += 1
        return f"{self.write(lo, places)} to {self.write(hi, places)}"

    def sentence(self, value: float) -> str:
        """The value with its unit in words, such as '£125 a resident'."""
        return f"{self.write(value)} {self.spoken}".strip()


def indicator_style(format: str, unit: str, currency: str) -> Style:
    """How an indicator is written. Its unit rules where it says money, per cent or a score; else its format."""
    if unit[:1] in SYMBOL.values():
        return Style("unit_cost", unit, next(code for code, sign in SYMBOL.items() if sign == unit[:1]).upper())
    if unit.startswith(("%", "per cent")):
        return Style("share", unit, currency)
    return Style("rate" if "score" in unit else format, unit, currency)


def symbol(currency: str) -> str:
    """Sign of a currency; its code and a space where it has none here."""
    return SYMBOL.get(currency.lower(), f"{currency.upper()} ")


def measure_style(unit: str, currency: str = "GBP") -> Style:
    """How a measure of the pack is written, by its unit."""
    money, _, rest = unit.lower().partition("_")
    if money in SYMBOL:
        return Style("money", rest.replace("_", " "), money)
    kinds = {"fraction": "fraction", "percent": "share", "persons": "count", "count": "count"}
    return Style(kinds.get(unit, "rate"), WORD.get(unit, unit.replace("_", " ")), currency)


def headline_money(value: float, se: float | None = None, currency: str = "GBP") -> str:
    """£5.2m, £980,000: to two significant figures of its standard error, else to three of its own."""
    scale, suffix = next((s, x) for s, x in ((1e9, "bn"), (1e6, "m"), (1, "")) if abs(value) >= s or s == 1)
    step = 10.0 ** (math.floor(math.log10(se)) - 1) if se else _step(value, 3)
    rounded = round(value / step) * step
    places = max(0, min(2, round(math.log10(scale)) - round(math.log10(step)))) if scale > 1 else 0
    return _money(rounded / scale, places, symbol(currency)) + suffix


def whole(value: float) -> str:
    """A count with thousands commas."""
    return f"{round(value):,}"


def of_all(part: int, total: int) -> str:
    """'55 of 83', in digits."""
    return f"{part:,} of {total:,}"


def percent_of(fraction: float) -> str:
    """A fraction of one as a share, such as 34%."""
    return Style("fraction", "").write(fraction)


def chance_of(chance: float) -> str:
    """A chance as a share, such as 34%; near its ends 'over 99%' and 'under 1%': no chance is certain.

    From 99.5% a whole per cent would read 100%; up to 0.5% it would read 0%.
    """
    return "over 99%" if chance >= 0.995 else "under 1%" if chance <= 0.005 else f"{percent_of(chance)}"


def plural(count: int, one: str, many: str) -> str:
    """'1 council', '3 councils'."""
    return f"{count:,} {one if count == 1 else many}"


def ratio_words(ratio: float) -> str:
    """A ratio to the peers' median in words: '24% more', 'under 1% less'; 'the same' only where it is exactly one.

    An end of an interval that rounds to nothing still says on which side it lies, as the verdict does.
    """
    if ratio <= 0:
        return "below zero"
    change = round((ratio - 1) * 100)
    if ratio >= 2:
        return f"{ratio:.1f} times"
    if math.isclose(ratio, 1.0, rel_tol=1e-9):
        return "the same"
    return f"{f'{abs(change)}%' if change else 'under 1%'} {'more' if ratio > 1 else 'less'}"


def day(iso: str) -> str:
    """An ISO day as read aloud: 22 November 2026. Other text stands as it is."""
    parts = iso.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return iso
    return f"{int(parts[2])} {MONTHS[int(parts[1]) - 1]} {parts[0]}"


def period_words(period: str) -> str:
    """A period as read: 2022-23 and 2022 as they are, 31 March 2022, March 2022, January to March 2022."""
    year, _, part = period.partition("-")
    if len(part) == 2 and part[:1] == "Q" and part[1:] in "1234":
        first = 3 * (int(part[1:]) - 1)
        return f"{MONTHS[first]} to {MONTHS[first + 2]} {year}"
    if len(part) == 3 and part[:1] == "M" and 1 <= int(part[1:]) <= 12:
        return f"{MONTHS[int(part[1:]) - 1]} {year}"
    return day(period)


def moment(iso: str) -> str:
    """A moment as read: 22 November 2026, 21:30 UTC. Other text stands as it is."""
    date, _, clock = iso.partition("T")
    zone = "UTC" if clock.endswith(("Z", "+00:00")) else ""
    return f"{day(date)}, {clock[:5]} {zone}".strip() if clock else day(iso)


def duration(seconds: float) -> str:
    """0.4 s, 18 s, 2 min 5 s."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:,} min {rest} s" if minutes else f"{rest} s"


def size(length: int) -> str:
    """Bytes as read: 812 bytes, 63 kB, 9.7 MB."""
    if length < 1000:
        return f"{length} bytes"
    if length < 999_500:
        return f"{length / 1000:,.0f} kB"
    return f"{length / 1e6:,.1f} MB"


def points(value: float) -> str:
    """A difference in percentage points with its sign: +18.2, −3.0, 0."""
    text = f"{abs(value):,.1f}"
    if text == "0.0":
        return "0"
    return f"{'+' if value > 0 else '−'}{text}"


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def interval_or(style: Style, lo: float | None, hi: float | None, value: float | None, absent: str) -> str:
    """The interval where there is one, else the words for its absence."""
    return absent if lo is None or hi is None else style.interval(lo, hi, value)


def _money(value: float, places: int, sign: str) -> str:
    text = f"{abs(value):,.{places}f}"
    return f"{'−' if value < 0 and float(text.replace(',', '')) else ''}{sign}{text}"


def _signed(value: float, places: int) -> str:
    text = f"{abs(value):,.{places}f}"
    return f"{'−' if value < 0 and float(text.replace(',', '')) else ''}{text}"


def _step(value: float, digits: int) -> float:
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) if value else 1.0


def _significant(size: float) -> int:
    """Decimals for three significant figures, at most three; two where the number has no more than two itself."""
    if size == 0 or size >= 100:
        return 0
    if size == round(size, 2):
        return min(2, max(0, 2 - math.floor(math.log10(size))))
    return min(3, max(0, 2 - math.floor(math.log10(size))))
