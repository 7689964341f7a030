"""What belongs here: one year of the terms as exact pieces, what is kept by what is saved; with its slopes and edges.

Saving x and kept amount are shares of the ceiling, so x <= 1. Each piece is c0 + c1 x + c2 x^2.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats
from pipelines.scenarios.terms import Terms

LEAST, MOST = -1.0, 1.0  # saving over ceiling that is looked at: from twice the ceiling spent to nothing spent
SAME = 1e-12


class Piece(NamedTuple):
    """kept = c0 + c1 x + c2 x^2 for saving x from `low` to `high`."""

    low: float
    high: float
    c0: float
    c1: float = 0.0
    c2: float = 0.0

    def at(self, x: float) -> float:
        """What is kept at x."""
        return self.c0 + x * (self.c1 + x * self.c2)

    def slope(self, x: float) -> float:
        """What one more pound saved adds at x."""
        return self.c1 + 2 * self.c2 * x


def schedule(
    terms: Terms, *, year: int | None = None, opening: float = 0.0, usable: float | None = None, scale: float = 1.0
) -> tuple[Piece, ...]:
    """The pieces from left to right for a year whose gate is passed.

    year : of the settlement, 1 the first; by default one with a loss side.   opening : bank, as a share of the ceiling.
    usable : most of a payment that can be banked or spent, as a share of the ceiling (its rest overflows); None: all.
    scale : of a sliding gate.   Raises ValueError on a negative opening or usable part.
    """
    if opening < 0 or (usable is not None and usable < 0):
        raise ValueError("an opening bank and the usable part of a payment cannot be negative")
    penalised = year is None or year > terms.loss_free_years
    pieces = [*overspend_pieces(terms, opening, penalised), *saving_pieces(terms, usable, scale)]
    return tuple(piece for piece in pieces if piece.high - piece.low > SAME)


def saving_pieces(terms: Terms, usable: float | None, scale: float) -> list[Piece]:
    """x >= 0: the payment, up to the lower of cap and usable part."""
    rate, least = terms.share * scale, terms.threshold
    if terms.start == "ramp" and least > 0:
        pieces = [Piece(0, least / 2, 0.0), Piece(least / 2, least, 0.0, -rate, 2 * rate / least)]
    else:
        pieces = [Piece(0, least, 0.0)]
    pieces.append(Piece(least, MOST, -rate * least if terms.start == "above" else 0.0, rate))
    limits = [limit for limit in (terms.cap, usable) if limit is not None]
    return [part for piece in pieces for part in below(piece, min(limits))] if limits else pieces


def below(piece: Piece, limit: float) -> list[Piece]:
    """A rising piece cut off at a limit."""
    if piece.at(piece.high) <= limit:
        return [piece]
    if piece.at(piece.low) >= limit:
        return [Piece(piece.low, piece.high, limit)]
    lack = piece.c0 - limit
    if piece.c2 == 0:
        cut = -lack / piece.c1
    else:
        cut = (-piece.c1 + np.sqrt(piece.c1**2 - 4 * piece.c2 * lack)) / (2 * piece.c2)
    return [piece._replace(high=float(cut)), Piece(float(cut), piece.high, limit)]


def overspend_pieces(terms: Terms, opening: float, penalised: bool) -> list[Piece]:
    """x < 0, from the left: floor, penalty, dead band, and under the rule `balance` the bank spent first."""
    bank = min(opening, MOST) if terms.draw_rule == "balance" else 0.0
    pieces = [Piece(-bank, 0.0, 0.0, 1.0)]
    edge, rate, dead = -bank, terms.loss_rate, terms.dead
    if not penalised or rate == 0:
        return [Piece(LEAST, edge, -bank), *pieces]
    pieces.insert(0, Piece(max(edge - dead, LEAST), edge, -bank))
    free = dead if terms.loss_start == "above" else 0.0
    # kept = -bank - rate (overspend - bank - free), overspend = -x
    full = LEAST if terms.floor is None else edge - free - terms.floor / rate
    turn = min(max(full, LEAST), max(edge - dead, LEAST))
    sloped = Piece(turn, max(edge - dead, LEAST), -bank + rate * (bank + free), rate)
    return [Piece(LEAST, turn, -bank - (terms.floor or 0.0)), sloped, *pieces]


def kept_share(pieces: tuple[Piece, ...], x: ArrayLike) -> FloatArray:
    """(...) kept by saving x (...). An edge belongs to the piece farther from 0: thresholds are met with equality.

    Raises ValueError on x outside what the pieces span.
    """
    wanted = floats(x, "saving")
    low, high = (np.array([piece[side] for piece in pieces]) for side in (0, 1))
    if not ((wanted >= low[0]) & (wanted <= high[-1])).all():
        raise ValueError(f"a saving lies between {low[0]:g} and {high[-1]:g} of the ceiling")
    right = np.searchsorted(low, wanted, side="right") - 1
    left = np.minimum(np.searchsorted(high, wanted, side="left"), len(pieces) - 1)
    which = np.where(wanted >= 0, right, left)
    c0, c1, c2 = (np.array([piece[2 + power] for piece in pieces])[which] for power in range(3))
    return np.asarray(c0 + wanted * (c1 + wanted * c2))


def slopes(pieces: tuple[Piece, ...], x: float) -> tuple[float, float]:
    """(what one pound less saved costs, what one pound more brings) at x, exactly; infinite beside a jump.

    Raises ValueError on x at or beyond the ends.
    """
    if not pieces[0].low < x < pieces[-1].high:
        raise ValueError(f"slopes on both sides exist between {pieces[0].low:g} and {pieces[-1].high:g} only")
    left = next(piece for piece in pieces if piece.low < x <= piece.high)
    right = next(piece for piece in pieces if piece.low <= x < piece.high)
    here, jump = float(kept_share(pieces, x)), right.at(x) - left.at(x)
    if abs(jump) <= SAME:
        return left.slope(x), right.slope(x)
    beyond = float(np.copysign(np.inf, jump))
    return (left.slope(x), beyond) if abs(here - left.at(x)) <= SAME else (beyond, right.slope(x))
