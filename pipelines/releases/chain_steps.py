"""The steps behind a delivery chain: factors, the peers' factors, gaps in whole pence, the stage to look at."""

from __future__ import annotations

import numpy as np

from pipelines.methods.bottleneck import stage_gaps
from pipelines.methods.chain import chain_decompose, chain_reference, whole_parts
from pipelines.methods.peers import FULL_GROUP
from pipelines.releases.claim import Step, brief, plain, spoken
from pipelines.releases.figures import same
from pipelines.releases.lookup import Row

FACTOR = "amount above / amount below"
LMEAN = "outcomes x L(own, peers) x ln(own factor / peers' factor), L the logarithmic mean of the whole factors"


def factor(row: Row) -> Step:
    """The factor of one stage from its amounts, and against the peers."""
    title = f"{'Whole chain' if row['stage'] == 0 else 'Stage ' + str(row['stage'])}: {row['label']}"
    if row["factor"] is None:
        return Step(title, str(row["reason"]), FACTOR)
    numbers = f"{plain(row['above_value'])} / {plain(row['below_value'])} = {plain(row['factor'])}"
    fits = same(row["above_value"] / row["below_value"], row["factor"])
    if row["reference"] is None:
        return Step(title, f"no comparison: {row['reason']}", FACTOR, numbers, fits)
    words = (
        f"{plain(row['factor'])} against the peers' {plain(row['reference'])}, a ratio of {plain(row['ratio'])}; "
        f"the middle half of peers is {plain(row['peer_q25'])} to {plain(row['peer_q75'])}"
    )
    return Step(title, words, FACTOR, numbers, fits and same(row["factor"] / row["reference"], row["ratio"]))


def number(value: float | None) -> float:
    """A number for arithmetic: NaN where there is none."""
    return float("nan") if value is None else value


def _mask(bodies: int) -> np.ndarray:
    """Everybody is a peer of the first row, and of nobody else."""
    mask = np.zeros((bodies, bodies), dtype=bool)
    mask[0, 1:] = True
    return mask


def reference(stages: list[Row], table: np.ndarray) -> Step:
    """The peers' factors again: geometric means over the same peers at every stage."""
    found = chain_reference(table[:, 1:], _mask(len(table)))[0]
    fits = len(table) - 1 == stages[0]["n_peers"] and all(
        same(float(factor), row["reference"]) for factor, row in zip([found.prod(), *found], stages, strict=True)
    )
    without = ", the dearest and the cheapest left out," if stages[0]["n_peers"] >= 8 else ""
    words = f"the geometric mean over {stages[0]['n_peers']} peers with the whole chain{without} at every stage alike"
    numbers = f"{' x '.join(plain(row['reference']) for row in stages[1:])} = {plain(stages[0]['reference'])}"
    return Step("Peers' factors", words, "exp(mean of ln factor): stages multiply to the whole", numbers, fits)


def medians(stages: list[Row]) -> Step:
    """The medians of the peers beside them, and how far these are from multiplying to the whole's."""
    product = float(np.prod([row["peer_median"] for row in stages[1:]]))
    mix = stages[0]["peer_median"] / product - 1
    words = (
        "medians of the stages do not multiply to the median of the whole, as no peer is in the middle everywhere; "
        f"the difference, {plain(round(100 * mix, 2))}%, is called mix and is why the geometric mean is used instead"
    )
    numbers = f"{' x '.join(plain(row['peer_median']) for row in stages[1:])} = {plain(product)}, "
    return Step("Peers' medians", words, "", f"{numbers}against {plain(stages[0]['peer_median'])}")


def distance(stages: list[Row], table: np.ndarray) -> Step:
    """How far each stage is from the middle of the peers, again."""
    found = stage_gaps(table, _mask(len(table)))[0]
    fits = all(same(None if np.isnan(z) else float(z), row["z"]) for z, row in zip(found, stages, strict=True))
    numbers = "; ".join(f"{row['label']}: {plain(row['z'])}" for row in stages[1:])
    words = "how far each stage is from the peers' middle, in robust standard deviations; positive is worse"
    return Step("Distance from peers", words, "(ln own - median) / (1.4826 x MAD)", numbers, fits)


def gaps(stages: list[Row], unit: str, cents: str) -> tuple[Step, ...]:
    """The gap of every stage again, in whole hundredths, and their sum."""
    gap, whole, parts = f"gap_{cents}", stages[0], stages[1:]
    if whole[gap] is None:
        return ()
    amounts = [[number(parts[0]["above_value"])], *([number(part["below_value"])] for part in parts)]
    found = chain_decompose(*amounts, reference=[part["reference"] for part in parts])
    shown = np.where([[part["factor"] is None for part in parts]], np.nan, 100 * found.gap_gbp)
    again = whole_parts(shown, 100 * found.total_gbp)[0]
    out = [_gap(row, float(pence), unit, cents, LMEAN) for row, pence in zip(parts, again, strict=True)]
    total = float(np.rint(100 * found.total_gbp[0]))
    if any(part[gap] is None for part in parts):
        words = "outcomes x (own - peers'); the stages that are missing cannot be separated"
        return (*out, _gap(whole, total, unit, cents, words))
    stated = sum(part[gap] for part in parts)
    terms = " + ".join(to_the_penny(part[gap], unit) for part in parts)
    fits = stated == whole[gap] == total
    words = "the stages add up to the whole to the last hundredth; rounding is shared out by largest remainder"
    return (
        *out,
        Step("The whole gap", words, "outcomes x (own - peers')", f"{terms} = {to_the_penny(whole[gap], unit)}", fits),
        _interval(whole, unit, cents),
    )


def _gap(row: Row, pence: float, unit: str, cents: str, formula: str) -> Step:
    title = f"Gap: {row['label']}"
    if row[f"gap_{cents}"] is None:
        return Step(title, str(row["reason"]), formula)
    words = "dearer than the peers" if row[f"gap_{cents}"] > 0 else "cheaper than the peers"
    shown = spoken(row[f"gap_{cents}"] / 100, unit)
    lo, hi = row[f"gap_lo_{cents}"], row[f"gap_hi_{cents}"]
    sure = "" if lo is None else f" (95% interval {spoken(lo / 100, unit)} to {spoken(hi / 100, unit)})"
    return Step(title, words, formula, f"{shown}{sure}", pence == row[f"gap_{cents}"])


def _interval(whole: Row, unit: str, cents: str) -> Step:
    lo, hi = whole[f"gap_lo_{cents}"], whole[f"gap_hi_{cents}"]
    if lo is None:
        return Step("95% interval", "none: too few periods to see how the factors vary")
    words = (
        "log-normal; the standard error of each factor is from the body's own history, else from its field's pooled "
        "residuals, and the peers are held as they are. The stages' intervals do not add up: their errors are linked"
    )
    return Step("95% interval", words, "", f"{spoken(lo / 100, unit)} to {spoken(hi / 100, unit)}")


def tightest(parts: list[Row]) -> tuple[Step, ...]:
    """The stage to look at, or why none is named."""
    named = next((part for part in parts if part["bottleneck"]), None)
    title, formula = "Which stage to look at", "the largest gap in money, if it stands out among peers (z at least 1)"
    if named:
        return (Step(title, f"{named['label']}: stage {named['stage']}", formula, f"z {plain(named['z'])}"),)
    if parts[0]["bottleneck"] is None and parts[0]["n_peers"] < FULL_GROUP:
        return (
            Step(title, f"none is named from fewer than {FULL_GROUP} peers: their spread says too little", formula),
        )
    if parts[0]["bottleneck"] is None:
        return ()
    return (Step(title, "none: no stage is both dearer in money and apart from the peers", formula),)


def to_the_penny(pence: int, unit: str) -> str:
    """Hundredths of a currency in full: £18,125,754.31; in brackets where negative, so that a sum can be read."""
    symbol = {"gbp": "£", "usd": "$", "eur": "€"}.get(unit, "")
    shown = f"{symbol}{abs(pence) // 100:,}.{abs(pence) % 100:02}"
    return f"(−{shown})" if pence < 0 else shown


def spoken_money(pence: int, unit: str) -> str:
    """Hundredths of a currency for a sentence: £5.21 million, to three significant digits."""
    amount = pence / 100
    if abs(amount) < 1e6:
        return brief(round(amount), unit)
    return f"{brief(float(f'{amount / 1e6:.3g}'), unit)} million"
