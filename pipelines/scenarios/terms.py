"""What belongs here: the terms of a settlement, every number that decides what a body keeps (methods.md M5.2-M5.7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Start = Literal["ramp", "notch", "above"]
LossStart = Literal["notch", "above"]
Gate = Literal["veto", "sliding"]
DrawRule = Literal["balance", "liability"]
Rebase = Literal["last_year", "mean3"]

# Least and greatest value of every number; ints are counted in years.
RANGES: dict[str, tuple[float, float]] = {
    "years": (1, 30),
    "catch_up": (0, 1),
    "catch_up_years": (1, 30),
    "frontier_shift": (0, 0.1),
    "collar_down": (0, 1),
    "collar_up": (0, 1),
    "elasticity": (0, 2),
    "share": (0, 1),
    "threshold": (0, 0.5),
    "cap": (0, 1),
    "loss_rate": (0, 1),
    "dead_band": (0, 0.5),
    "floor": (0, 1),
    "loss_free_years": (0, 30),
    "sliding_from": (0, 100),
    "reinvest": (0, 1),
    "bank_cap": (0, 1),
    "bank_expiry": (1, 30),
    "bank_decay": (0, 1),
    "credibility": (0, 1),
    "own_weight": (0, 1),
    "rolling_years": (1, 30),
    "ratchet_limit": (0, 1),
    "discount": (0, 0.2),
}


@dataclass(frozen=True)
class Terms:
    """The terms of one settlement, checked when made. Rates are shares of the ceiling unless said otherwise.

    Raises ValueError that names the term on a value outside its range or of the wrong kind.
    Source of the defaults: methods.md M5.2-M5.5 and M5.7.
    """

    years: int = 5
    # The ceiling (M5.2)
    catch_up: float = 0.5  # phi: share of the gap to be closed
    catch_up_years: int = 5  # H: within so many years
    frontier_shift: float = 0.008  # f: ongoing efficiency a year
    collar_down: float | None = 0.025  # steepest yearly fall of the efficiency factor; None: no collar
    collar_up: float | None = 0.01  # steepest yearly rise
    elasticity: float = 0.8  # of cost to volume
    # Sharing what is left below the ceiling (M5.3)
    share: float = 0.5  # s
    threshold: float = 0.02  # MSR: the least saving that counts
    start: Start = "ramp"  # how payment begins at the threshold
    cap: float | None = 0.10  # largest payment
    # Sharing what is spent above it
    loss_rate: float = 0.3
    dead_band: float | None = None  # None: as wide as the threshold
    floor: float | None = 0.05  # largest penalty
    loss_free_years: int = 2  # years at the start without a penalty
    loss_start: LossStart = "notch"  # beyond the dead band: the whole overspend counts, or what lies above the band
    # Quality
    gate: Gate = "veto"  # passed or failed, or a payment in proportion to a percentile
    sliding_from: float = 40.0  # percentile below which a sliding gate pays nothing
    sentinel: bool = True  # one sentinel failure takes the payment
    escrow: bool = True  # a failed gate holds the payment for a year; otherwise it lapses
    # Keeping for later (M5.4)
    reinvest: float = 1.0  # largest share of a payment that may be spent at once on approved projects
    bank_cap: float | None = 0.03  # tested at deposit; None: no cap
    bank_expiry: int | None = 3  # years after the deposit's; None: never
    bank_decay: float = 0.0  # a year
    draw_rule: DrawRule = "balance"  # the bank meets the overspend, or only the penalty
    credibility: float = 1.0  # q: probability that the bank is honoured
    # The next settlement (M5.5, M5.7)
    rebase: Rebase = "mean3"
    own_weight: float = 0.5  # w: of own cost in the next baseline
    rolling_years: int | None = None  # R: keep every saving for so long, whenever it was made
    ratchet_limit: float = 0.5  # most of last period's out-performance that the next path may take
    discount: float = 0.035  # real, a year
    reopeners: tuple[str, ...] = ("boundary", "definition", "new duty")  # the only events that restate a ceiling

    def __post_init__(self) -> None:
        hints = get_type_hints(type(self))
        for field in fields(self):
            check(field.name, getattr(self, field.name), hints[field.name])
        if (self.collar_down is None) != (self.collar_up is None):
            raise ValueError("collar_down and collar_up: give both, or null for both")

    @property
    def dead(self) -> float:
        """The dead band: the threshold, unless it has a width of its own."""
        return self.threshold if self.dead_band is None else self.dead_band

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Terms:
        """Terms from plain values (YAML, JSON, a query); what is left out takes its default.

        Raises ValueError naming the key that is unknown or cannot be used.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(str(key) for key in mapping if key not in known)
        if unknown:
            raise ValueError(f"{unknown[0]}: no such term; the terms are {', '.join(sorted(known))}")
        hints = get_type_hints(cls)
        return cls(**{key: as_kept(value, hints[key]) for key, value in mapping.items()})

    def canonical(self) -> dict[str, bool | int | float | str | tuple[str, ...] | None]:
        """Every term by name, defaults included, in the order of names: equal terms give equal dictionaries."""
        return dict(sorted(asdict(self).items()))

    @property
    def params_hash(self) -> str:
        """12 hexadecimal digits that name these terms."""
        text = json.dumps(self.canonical(), separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def as_kept(value: Any, hint: Any) -> Any:
    """YAML writes 1 for 1.0 and knows lists only: a whole number is a float where one is wanted, and a list a tuple."""
    if isinstance(value, list):
        return tuple(value)
    return float(value) if type(value) is int and float in kinds(hint) else value


def kinds(hint: Any) -> tuple[Any, ...]:
    """The types that an annotation admits."""
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def check(name: str, value: Any, hint: Any) -> None:
    """Raises ValueError when a value is not of its kind, or outside its range."""
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise ValueError(f"{name}: {value!r} is none of {', '.join(get_args(hint))}")
        return
    if get_origin(hint) is tuple:
        if not (isinstance(value, tuple) and all(isinstance(word, str) and word.strip() for word in value)):
            raise ValueError(f"{name}: {value!r} is not a list of words")
        return
    admitted = kinds(hint)
    if value is None and type(None) in admitted:
        return
    # A bool is an int to Python, and a number is a yes to nobody.
    if type(value) not in admitted and not (type(value) is int and float in admitted):
        raise ValueError(f"{name}: {value!r} is not {described(admitted)}")
    low, high = RANGES.get(name, (False, True))
    if not low <= value <= high:  # also turns NaN away
        raise ValueError(f"{name}: {value!r} is outside {low:g} to {high:g}")


def described(admitted: tuple[Any, ...]) -> str:
    """What a term wants, in words."""
    words = {int: "a whole number", float: "a number", bool: "true or false", type(None): "null"}
    return " or ".join(words[kind] for kind in admitted)
