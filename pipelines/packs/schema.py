"""The shape of a pack: what each of its YAML files may say, and nothing more.

What belongs here: field names, types, and rules that one object can be held to alone. What does not: rules between
objects (`references.py`, `sense.py`), reading YAML (`document.py`), finding packs (`load.py`). Every key is explained
in docs/packs.md. Objects are frozen; a key that is not listed is refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from pipelines.sources.declared_table import Table, is_canonical

UNITS = (
    "gbp",
    "usd",
    "eur",
    "count",
    "persons",
    "tonnes",
    "fte",
    "dwellings",
    "households",
    "fraction",
    "percent",
    "index",
    "score",
    "km2",
    "per_km2",
    "days",
    "hours",
    "years",
)
"""Units every pack may use; a pack adds its own nouns under `units` in pack.yml."""

MONEY = ("gbp", "usd", "eur")
RATES = ("fraction", "percent", "index", "score", "per_km2")
"""Units that are ratios already: dividing one, or by one, loses what it means."""


def _period(text: str) -> str:
    if not text or not is_canonical(text):
        raise ValueError("is not a canonical period such as 2022-23, 2022, 2022-06-30, 2022-Q1 or 2022-M03")
    return text


def _file_name(text: str) -> str:
    if not text or "/" in text or "\\" in text or text.startswith("."):
        raise ValueError("is not a bare file name; packs name files only, never folders")
    return text


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Period = Annotated[str, AfterValidator(_period)]
FileName = Annotated[str, AfterValidator(_file_name)]
Polarity = Literal["higher", "lower", "neutral"]
PeriodKind = Literal["financial_year", "calendar_year", "quarter", "month", "point", "pooled", "timeless"]


class Part(BaseModel):
    """Settings that all parts of a pack share."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class Deflator(Part):
    """The national price index that turns money into base-year prices.

    smooth : periods replaced by geometric interpolation (methods.md M1.2).
    """

    dataset: Id
    series: Words
    body_code: Words
    smooth: tuple[Period, ...] = ()


class Head(Part):
    """pack.yml: who the sector is and how it is spoken of."""

    id: Id
    title: Words
    noun: Words
    nouns: Words
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    year_kind: Literal["financial_year", "calendar_year"]
    base_period: Period | None = None
    region_noun: Words = "region"
    deflator: Deflator | None = None
    headline_peer_model: Id
    licence_note: Words
    contact: Words | None = None
    units: tuple[Id, ...] = ()
    wording: dict[str, str] = Field(default_factory=dict)


class BodyClass(Part):
    """A legal type of body. A body's class is that of the longest prefix in `codes` that its id begins with.

    aggregate : a sum of other bodies, never a body to compare.
    peers_from : classes that peers may come from, default itself.
    """

    id: Id
    label: Words
    plural: Words
    codes: Annotated[tuple[str, ...], Field(min_length=1)]
    tier: Literal["lower", "upper", "single", "other"]
    benchmarked: bool
    aggregate: bool = False
    peers_from: tuple[Id, ...] = ()


class RegisterSource(Part):
    """Which facts of a dataset say who the bodies are; each key but the first two names a series of that dataset.

    names_only : adds bodies that no earlier register holds, under the name printed beside their figures.
    replaced_by, parent : codes of the scheme in `own_code` (the dataset's own codes when absent), joined by `,` or `|`.
    aliases : scheme -> series that holds the body's code in that scheme.
    """

    dataset: Id
    names_only: bool = False
    name: Words | None = None
    valid_from: Words | None = None
    valid_to: Words | None = None
    replaced_by: Words | None = None
    own_code: Words | None = None
    parent: Words | None = None
    region: Words | None = None
    former_codes: tuple[Words, ...] | None = None
    aliases: dict[str, str] = Field(default_factory=dict)


class Bridge(Part):
    """A fact that maps a code of another scheme onto a body; it holds while the body itself exists."""

    scheme: Id
    dataset: Id
    series: Words


class LineageNote(Part):
    """What the register cannot say about a succession, with its source."""

    from_: str = Field(alias="from")
    to: str
    kind: Literal["merge", "split", "boundary", "rename"]
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    why: Words


class Lineage(Part):
    """How history is rebuilt on today's boundaries: splits are shared out by this measure (methods.md 0.3)."""

    share_measure: Id
    notes: tuple[LineageNote, ...] = ()


class Bodies(Part):
    """bodies.yml: classes, registers, bridges between coding schemes, lineage."""

    classes: Annotated[tuple[BodyClass, ...], Field(min_length=1)]
    register_: Annotated[tuple[RegisterSource, ...], Field(min_length=1)] = Field(alias="register")
    bridges: tuple[Bridge, ...] = ()
    lineage: Lineage | None = None


class Recode(Part):
    """A publisher's code read as another one, with the reason; `since` limits it to that period and later ones."""

    from_: Annotated[str, Field(alias="from", min_length=1)]
    to: Annotated[str, Field(min_length=1)]
    since: Period | None = None
    why: Words


class Skip(Part):
    """Codes of a dataset that are no bodies of the sector, with the reason; their cells are not read."""

    codes: Annotated[tuple[str, ...], Field(min_length=1)]
    why: Words


class Dataset(Part):
    """datasets.yml: where figures come from.

    source : a module of pipelines/sources, or `declared` with a `table`.   also : further modules that give the same
    series for other periods (an older table of the same publication); the newest edition rules a period.
    scheme : coding scheme of its codes.
    only : code prefixes that belong to the sector; None takes all.   files : names or globs of the publisher's files.
    """

    id: Id
    source: Id
    also: tuple[Id, ...] = ()
    scheme: Id = "gss"
    recode: tuple[Recode, ...] = ()
    only: tuple[str, ...] | None = None
    skip: tuple[Skip, ...] = ()
    download: Annotated[str, StringConstraints(pattern=r"^https://")] | None = None
    files: tuple[FileName, ...] = ()
    limit_age_years: Annotated[float, Field(gt=0)] = 3
    note: Words | None = None
    table: Table | None = None


class Identity(Part):
    """This measure equals total less income, within `tolerance` in the measure's unit."""

    net_of: tuple[Id, Id]
    tolerance: Annotated[float, Field(ge=0)]


class Break(Part):
    """From this period on the figure means something else; no change is computed across it."""

    period: Period
    why: Words


class Measure(Part):
    """measures.yml: one published column, in one unit.

    rebuild : which predecessors are added up on today's boundaries: all (sum), one tier, or none (rates).
    expected_in : classes whose bodies should have it; default, every benchmarked class.
    part_of : a wider measure that already contains this one.
    """

    id: Id
    label: Words
    dataset: Id
    series: Words
    unit: Id
    scale: Annotated[float, Field(gt=0)] = 1.0
    kind: Literal["cost", "input", "output", "outcome", "context"]
    polarity: Polarity = "neutral"
    period_kind: PeriodKind
    allow_negative: bool = False
    plausible: tuple[float, float] | None = None
    rebuild: Literal["sum", "lower", "upper", "none"] = "none"
    expected_in: tuple[Id, ...] = ()
    part_of: Id | None = None
    identity: Identity | None = None
    national_total: bool = False
    breaks: tuple[Break, ...] = ()
    caveat: Words | None = None


class Alignment(Part):
    """How a denominator of another period kind is found.

    same : the same period.   nearest_point : a point in time inside the numerator's period, else the nearest to its
    middle within `within_years`; equally near ones are settled by `prefer`.
    """

    rule: Literal["same", "nearest_point"] = "same"
    within_years: Annotated[float, Field(gt=0, le=10)] = 2
    prefer: Literal["later", "earlier"] = "later"


class Align(Part):
    """Alignment of an indicator's figures."""

    denominator: Alignment = Alignment()


class Indicator(Part):
    """indicators.yml: value = multiplier x numerator / denominator."""

    id: Id
    service: Id
    label: Words
    unit: Words
    format: Literal["unit_cost", "share", "rate", "count"]
    polarity: Polarity
    stage: Literal["cost", "input", "output", "outcome", "context"]
    numerator: Id
    denominator: Id | None = None
    multiplier: Annotated[float, Field(gt=0)] = 1.0
    real_terms: bool = False
    interval: Literal["history", "proportion", "count", "none"]
    interval_note: Words | None = None
    align: Align = Align()
    classes: tuple[Id, ...] = ()
    min_denominator: Annotated[float, Field(ge=0)] | None = None
    proxy: Words | None = None
    caveat: Words | None = None


class Variable(Part):
    """A context variable of a peer model: something the body cannot change in the medium term.

    period : `newest`, or one canonical period.
    """

    id: Id
    measure: Id
    label: Words
    theme: Words
    transform: Literal["none", "log", "logit"] = "none"
    weight: Annotated[float, Field(gt=0)] | None = None
    period: Literal["newest"] | Period = "newest"


class PeerModel(Part):
    """peers.yml: how comparable bodies are found, or whose published list is used.

    services : those that a publisher's list was made for; default, all of them.
    """

    id: Id
    label: Words
    kind: Literal["computed", "published"]
    variables: tuple[Variable, ...] = ()
    k: Annotated[int, Field(ge=5, le=50)] = 15
    min_peers: Annotated[int, Field(ge=1)] = 5
    cap_quantile: Annotated[float, Field(gt=0, le=1)] | None = 0.20
    same_class: bool = True
    same_region: bool = False
    exclude_merged_years: Annotated[int, Field(ge=0)] = 2
    dataset: Id | None = None
    series_prefix: Words | None = None
    scheme: Id = "gss"
    services: tuple[Id, ...] = ()
    note: Words | None = None

    def serves(self, service: str) -> bool:
        """Whether the list may be used for a service: for all of them where it names none."""
        return not self.services or service in self.services


class ScopeFlag(Part):
    """scope.yml: bodies whose service is partly paid for by another body, with the source that says so.

    indicators : those of the service that are affected; default, all of them.
    """

    bodies: Annotated[tuple[str, ...], Field(min_length=1)]
    service: Id
    indicators: tuple[Id, ...] = ()
    from_: Period | None = Field(default=None, alias="from")
    to: Period | None = None
    reason: Words
    source: Words
