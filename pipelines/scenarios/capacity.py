"""Minutes claimed become pounds in a budget only through a cascade of factors, each with its evidence (M5.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pipelines.methods.card import Method

EVIDENCE = ("measured here", "measured at peers", "literature", "assumption")  # strongest first
USES = ("throughput", "quality", "wellbeing")
FRAGMENT_MINUTES, FRAGMENT_SHARE = 30.0, 0.5

METHOD = Method(
    id="M5.8",
    version="1",
    title="Minutes to capacity to cash",
    formula="hours = staff x minutes/60 x days; capacity = hours x adoption x persistence x attribution x (1 - rework) "
    "x convertibility; cash = capacity x cashable x hourly cost x (1 - optimism)",
    defaults={
        "attribution": 0.6,
        "convertibility": FRAGMENT_SHARE,
        "cashable": 0.25,
        "fragment_minutes": FRAGMENT_MINUTES,
    },
    edge_cases="hours freed at a stage that is not the constraint add no throughput; what is not cash must name its "
    "use; only cash-releasing benefits enter a settlement",
    source="methods.md M5.8; HM Treasury Green Book, classification of benefits",
)


@dataclass(frozen=True)
class Factor:
    """A share of 1 with how it is known (one of EVIDENCE) and where it stands."""

    value: float
    evidence: str = "assumption"
    source: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.value <= 1:
            raise ValueError(f"a factor of {self.value} is not a share between 0 and 1")
        if self.evidence not in EVIDENCE:
            raise ValueError(f"unknown evidence {self.evidence!r}; use {', '.join(EVIDENCE)}")


@dataclass(frozen=True)
class Factors:
    """The factors of a cascade, in its order. `rework` and `optimism` are taken away, the others multiply."""

    adoption: Factor
    persistence: Factor = Factor(1.0)
    attribution: Factor = Factor(0.6)
    rework: Factor = Factor(0.0)
    convertibility: Factor = Factor(FRAGMENT_SHARE)
    cashable: Factor = Factor(0.25)
    optimism: Factor = Factor(0.2)


class Step(NamedTuple):
    """One bar of the cascade: hours and pounds left after it, pounds dropped at it, evidence and words."""

    name: str
    hours: float
    value_gbp: float
    dropped_gbp: float
    evidence: str
    words: str


class Cascade(NamedTuple):
    """steps; fte of capacity released; cash_gbp after optimism (the only part that may enter a settlement);
    other_gbp: worth of the released hours that is not cash, with its use and the hours that raise throughput;
    share_of_claim: cash over the value of the minutes claimed; weakest: the weakest evidence of any factor."""

    steps: tuple[Step, ...]
    fte: float
    cash_gbp: float
    other_gbp: float
    other_use: str
    throughput_hours: float
    share_of_claim: float
    weakest: str

    def at(self, name: str) -> Step:
        """The step of that name. Raises ValueError when there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise ValueError(f"no step {name!r}; there are {', '.join(step.name for step in self.steps)}")


# Name of the step, field of Factors, whether the factor is taken away, and what a drop means.
_HOURS = (
    ("adopted", "adoption", False, "not everybody uses it"),
    ("persisted", "persistence", False, "some stop using it"),
    ("attributed", "attribution", False, "part would have happened anyway"),
    ("less rework", "rework", True, "part is spent on checking and doing again"),
    ("capacity", "convertibility", False, "short fragments cannot be put to other work"),
)
_POUNDS = (
    ("cash", "cashable", False, "only posts removed or agency hours avoided are cash"),
    ("cash after optimism", "optimism", True, "claims made in advance have proved too high"),
)


def minutes_cascade(
    staff: float,
    minutes: float,
    days: float,
    rate_gbp: float,
    factors: Factors,
    *,
    constraint: bool = True,
    use: str = "throughput",
    hours_per_fte: float = 1600.0,
) -> Cascade:
    """Hours and pounds at every step from minutes claimed to cash in the budget.

    staff : people; minutes : saved a day by each; days : worked a year; rate_gbp : cost of an hour; constraint :
    whether the stage limits the chain (M1.8). Raises ValueError on a quantity of 0 or less, or a use that is not named.
    Source: methods.md M5.8.
    """
    if min(staff, minutes, days, rate_gbp, hours_per_fte) <= 0:
        raise ValueError("staff, minutes, days, hourly cost and hours a post must be positive")
    if use not in USES:
        raise ValueError(f"hours that are not cash must name their use: {', '.join(USES)}, not {use!r}")
    hours = staff * minutes / 60 * days
    steps = [Step("gross", hours, hours * rate_gbp, 0.0, "", "minutes claimed, as hours a year")]
    for name, field, taken, reason in _HOURS:
        steps.append(_hours_step(steps[-1], name, getattr(factors, field), taken, reason))
    capacity = steps[-1]
    for name, field, taken, reason in _POUNDS:
        steps.append(_hours_step(steps[-1], name, getattr(factors, field), taken, reason))
    kept = capacity.hours * (1 - factors.cashable.value)
    return Cascade(
        steps=tuple(steps),
        fte=capacity.hours / hours_per_fte,
        cash_gbp=steps[-1].value_gbp,
        other_gbp=kept * rate_gbp,
        other_use=use,
        throughput_hours=kept if constraint and use == "throughput" else 0.0,
        share_of_claim=steps[-1].value_gbp / steps[0].value_gbp,
        weakest=max((step.evidence for step in steps[1:]), key=EVIDENCE.index),
    )


def convertibility(block_minutes: float) -> float:
    """Share of freed time that can be put to other work: 1 in blocks of half an hour or more, 0.5 in fragments."""
    if block_minutes <= 0:
        raise ValueError("a block of freed time must last longer than 0 minutes")
    return 1.0 if block_minutes >= FRAGMENT_MINUTES else FRAGMENT_SHARE


def _hours_step(before: Step, name: str, factor: Factor, taken: bool, reason: str) -> Step:
    left = 1 - factor.value if taken else factor.value
    value = before.value_gbp * left
    words = f"{left:.0%} is left: {reason} ({factor.evidence})"
    return Step(name, before.hours * left, value, before.value_gbp - value, factor.evidence, words)
