"""The only reader: what pages ask of a release, answered from its published tables.

`Book` is one opened release; `library.Library` knows which there are. Figures that may not be shown (quarantined,
withheld, absent) lose their numbers here, once, so that no page can print one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import polars as pl

from dashboards.components.numbers import Style, indicator_style, measure_style
from dashboards.find import Index
from dashboards.peer_lists import reasons
from dashboards.replies import Desk, Replies
from dashboards.unconfirmed import unconfirmed
from pipelines.releases.read import KINDS, Claim, Release, explain
from pipelines.releases.read import claim as claim_of
from pipelines.releases.read import variants as variants_of

Row = Mapping[str, Any]
HIDDEN = ("quarantined", "withheld", "not_applicable", "missing", "suppressed", "zero_den")
"""Statuses under which a page shows a letter, never a number."""

VALUE_COLUMNS = (
    "body_id",
    "indicator_id",
    "period",
    "value",
    "se",
    "lo",
    "hi",
    "interval_method",
    "status",
    "status_reasons",
    "numerator",
    "denominator",
    "denominator_period",
    "rebuilt",
    "like_for_like",
)
POSITION_COLUMNS = (
    "body_id",
    "indicator_id",
    "period",
    "n_peers",
    "n_left_out",
    "peer_q25",
    "peer_median",
    "peer_q75",
    "ratio",
    "ratio_lo",
    "ratio_hi",
    "verdict",
    "reason",
)
KEY = ["body_id", "indicator_id", "period"]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Body:
    """A body, with its class in words."""

    id: str
    name: str
    class_id: str
    kind: str
    region: str
    valid_from: str
    valid_to: str
    benchmarked: bool


class Book:
    """One release, indexed by what pages ask."""

    def __init__(self, release: Release, desk: Desk) -> None:
        self.release = release
        self._desk = desk
        self.pack = release.pack
        self.id = release.id
        self.facts: Mapping[str, Any] = release.facts
        self._standing = lru_cache(maxsize=8)(self._join)
        self._apart = lru_cache(maxsize=8)(self._by_indicator)
        self._context = lru_cache(maxsize=8)(self._find_context)
        self._verdicts = lru_cache(maxsize=64)(self._find_verdicts)
        self._newest = lru_cache(maxsize=1024)(self._find_newest)
        self._once: dict[tuple[str, ...], Any] = {}

    @property
    def noun(self) -> str:
        return str(self.facts["noun"])

    @property
    def nouns(self) -> str:
        return str(self.facts["nouns"])

    @property
    def title(self) -> str:
        return str(self.facts["title"])

    @property
    def currency(self) -> str:
        return str(self.facts["currency"])

    @property
    def date(self) -> str:
        return str(self.facts["date"])

    @property
    def replies(self) -> Replies:
        """What bodies said of figures of the pack, as it stands now: it lies outside every release."""
        return self._desk.of(self.pack)

    @property
    def newest_period(self) -> str:
        return str(self.facts.get("newest_period") or "")

    @cached_property
    def models(self) -> dict[str, Row]:
        """Peer models by id, the headline model first."""
        listed = {str(model["id"]): model for model in self.facts["peer_models"]}
        return {self.headline: listed[self.headline], **listed} if self.headline in listed else listed

    @property
    def headline(self) -> str:
        """The peer model that pages show unless another is chosen."""
        return str(self.facts.get("headline_peer_model") or "")

    @cached_property
    def classes(self) -> dict[str, Row]:
        return {str(found["id"]): found for found in self.facts["classes"]}

    @cached_property
    def bodies(self) -> dict[str, Body]:
        """Every body, past and present, by code."""
        return {row["body_id"]: self._body(row) for row in self.rows("bodies")}

    @cached_property
    def living(self) -> list[Body]:
        """Benchmarked bodies that exist, by name."""
        found = (body for body in self.bodies.values() if body.benchmarked and not body.valid_to)
        return sorted(found, key=lambda body: (body.name.casefold(), body.id))

    @cached_property
    def indicators(self) -> dict[str, Row]:
        return {row["indicator_id"]: row for row in self.rows("indicators")}

    @cached_property
    def services(self) -> dict[str, Row]:
        return {row["service_id"]: row for row in self.rows("services")}

    @cached_property
    def measures(self) -> dict[str, Row]:
        return {row["measure_id"]: row for row in self.rows("measures")}

    @cached_property
    def index(self) -> Index:
        """Search over names, former names and codes."""
        aliases = self.rows("body_alias")
        known = self.bodies
        names = [(body.name, body.id) for body in known.values()]
        names += [(row["code"], row["body_id"]) for row in aliases if row["scheme"] == "name"]
        codes = [(body.id, body.id) for body in known.values()]
        codes += [(row["code"], row["body_id"]) for row in aliases if row["scheme"] != "name"]
        return Index((pair for pair in names if pair[1] in known), (pair for pair in codes if pair[1] in known))

    @cached_property
    def starts(self) -> dict[str, str]:
        """First day of each period."""
        return {row["period"]: row["start"] for row in self.rows("periods")}

    @cached_property
    def ends(self) -> dict[str, str]:
        """Last day of each period."""
        return {row["period"]: row["end"] for row in self.rows("periods")}

    def rows(self, table: str, **equal: object) -> list[dict[str, Any]]:
        """Rows of a published table whose columns equal the given values, in the table's order.

        None of a table that a release of an earlier version does not have.
        """
        if table not in self.release.tables():
            return []
        frame = self.release.table(table)
        if equal:
            frame = frame.filter(*(pl.col(name) == value for name, value in equal.items()))
        return frame.to_dicts()

    def name(self, body: str) -> str:
        """Name of a body; its code where the release has none."""
        return self.bodies[body].name if body in self.bodies else body

    def style(self, indicator: str) -> Style:
        """How an indicator's values are written."""
        row = self.indicators[indicator]
        return indicator_style(row["format"], row["unit"], self.currency)

    def measure_style(self, unit: str) -> Style:
        return measure_style(unit, self.currency)

    def indicators_of(self, service: str) -> Sequence[Row]:
        """Indicators of a service, its headline first."""
        first = self.services[service]["headline"]
        found = [row for row in self.indicators.values() if row["service_id"] == service]
        return sorted(found, key=lambda row: (row["indicator_id"] != first, row["label"]))

    @cached_property
    def foremost(self) -> str:
        """The service with the largest share of bodies told apart from their peers: the overview opens with it."""
        return max(sorted(self.services), key=self._told_apart, default="")

    def standing(self, model: str, **equal: object) -> list[dict[str, Any]]:
        """Indicator values beside their position under a peer model; numbers that may not be shown are null."""
        frame = self._standing(model)
        if "indicator_id" in equal:  # most pages look at one indicator at a time, of which there are many
            frame = self._apart(model).get(str(equal.pop("indicator_id")), frame.clear())
        return frame.filter(*(pl.col(name) == value for name, value in equal.items())).to_dicts()

    def positions(self, model: str) -> pl.DataFrame:
        """Every row of `standing` under a peer model, as one frame."""
        return self._standing(model)

    def newest(self, indicator: str) -> str:
        """The newest period in which any body has a figure for the indicator; empty where none has."""
        return self._newest(indicator)

    def earliest(self, indicator: str) -> str:
        """The first period in which any body has a figure for the indicator; empty where none has."""
        return self.once(("earliest", indicator), lambda: next(iter(self._find_periods(indicator, known=True)), ""))

    def periods_of(self, indicator: str) -> list[str]:
        """Periods with a row for the indicator, oldest first."""
        return self.once(("periods", indicator), lambda: self._find_periods(indicator))

    @cached_property
    def last_periods(self) -> dict[str, str]:
        """The newest period in which each body has a figure; bodies without any are absent."""
        frame = self._standing(self.headline or next(iter(self.models), "")).filter(pl.col("value").is_not_null())
        found: dict[str, str] = {}
        for body, period in frame.select("body_id", "period").unique().iter_rows():
            found[body] = max(found.get(body, period), period, key=lambda each: (self.ends.get(each, ""), each))
        return found

    def age(self, period: str) -> int:
        """Whole years from the period's end to the end of the newest period at hand."""
        ends = self.ends
        if period not in ends or self.newest_period not in ends:
            return 0
        return max(0, int(ends[self.newest_period][:4]) - int(ends[period][:4]))

    def agreement(self, row: Row) -> tuple[int, int]:
        """(fair peer sets that give the row's verdict, that give any): the named ones, the one count on every page."""
        found = self._verdicts(row["body_id"]).get((row["indicator_id"], row["period"]), ())
        return found.count(row["verdict"]), len(found)

    def once(self, key: tuple[str, ...], make: Callable[[], Made]) -> Made:
        """Something made from this release alone: made at the first asking and kept, for a release never changes."""
        if key not in self._once:
            self._once[key] = make()
        found: Made = self._once[key]
        return found

    def successors(self, body: str) -> Sequence[Row]:
        """Bodies that took over an ended one."""
        return self.rows("body_lineage", from_id=body)

    def context(self, model: str) -> dict[tuple[str, str], float | None]:
        """Every body's own value of each context variable of a peer model, by (body, variable)."""
        return self._context(model)

    def claim(self, body: str, indicator: str, period: str, model: str | None) -> Claim:
        """The claim behind one figure. Raises BadInput where there is none."""
        return explain(self.release, body, indicator, period, model)

    def claim_of(self, kind: str, body: str, figure: str, period: str, model: str) -> Claim:
        """The claim behind one figure of a kind, one of `kinds`. Raises BadInput where there is none."""
        return claim_of(self.release, kind, body, figure, period, model)

    def variants(self, kind: str) -> frozenset[str]:
        """What the last part of a claim of this kind may name: a peer model, a policy, a plan or a way."""
        return variants_of(self.release, kind)

    def frontier(self, id: str) -> Row:
        """What the release says of a frontier: label, service, inputs, outputs; empty where it says nothing."""
        return next((row for row in self.facts.get("frontiers") or () if row["id"] == id), {})

    @cached_property
    def graded(self) -> pl.DataFrame:
        """How many figures have each grade, by measure and period: measure_id, period, grade, len."""
        return self.release.table("passport").group_by("measure_id", "period", "grade").len()

    @cached_property
    def used(self) -> dict[str, list[Row]]:
        """Which tables used a method, by its id: rows of table, version, params_hash and how many figures."""
        found: dict[str, list[Row]] = {}
        for entry in self.tables:
            if "method_id" in {field["name"] for field in entry["schema"]["fields"]}:
                counted = self.release.counted(entry["name"], "method_id", "method_version", "params_hash")
                for row in counted.iter_rows(named=True):
                    found.setdefault(row["method_id"], []).append({"table": entry["name"], **row})
        return found

    @cached_property
    def unconfirmed(self) -> pl.DataFrame:
        """Figures that rest on an amount its body is still to confirm: KEY and `to_confirm`, in words."""
        return unconfirmed(self.release, self.measures, HIDDEN)

    @property
    def tables(self) -> list[Row]:
        """The release's own description of each of its tables."""
        return [entry for entry in self.release.meta["resources"] if entry.get("format") == "csv"]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of figure that can be opened."""
        return tuple(KINDS)

    def _body(self, row: Row) -> Body:
        found = self.classes.get(row["class_id"], {})
        return Body(
            row["body_id"],
            row["name"],
            row["class_id"],
            str(found.get("label", row["class_id"])),
            row["region"] or "",
            row["valid_from"] or "",
            row["valid_to"] or "",
            bool(found.get("benchmarked")) and not found.get("aggregate"),
        )

    def _join(self, model: str) -> pl.DataFrame:
        values = self.release.table("indicator_values").select(VALUE_COLUMNS)
        shown = ~pl.col("status").is_in(HIDDEN)
        numbers = ("value", "se", "lo", "hi", "numerator", "denominator")
        values = values.with_columns(pl.when(shown).then(pl.col(name)).alias(name) for name in numbers)
        positions = self.release.table("positions").filter(pl.col("model_id") == model).select(POSITION_COLUMNS)
        joined = values.join(positions, on=KEY, how="left", maintain_order="left")
        joined = joined.join(self.unconfirmed, on=KEY, how="left", maintain_order="left")
        alike = pl.col("like_for_like") & pl.col("verdict").is_not_null()
        told = joined.with_columns(pl.when(alike).then("verdict").otherwise(pl.lit("withheld")).alias("verdict"))
        return told.with_columns(reasons(self.models.get(model, {}), self.indicators, self.services))

    def _by_indicator(self, model: str) -> dict[str, pl.DataFrame]:
        parts = self._standing(model).partition_by("indicator_id", as_dict=True, maintain_order=True)
        return {str(id): part for (id,), part in parts.items()}

    def _told_apart(self, service: str) -> float:
        indicator = self.services[service]["headline"]
        rows = self.standing(self.headline, indicator_id=indicator, period=self.newest(indicator))
        compared = [row["verdict"] for row in rows if row["verdict"] != "withheld"]
        return sum(verdict != "same" for verdict in compared) / len(compared) if compared else -1.0

    def _find_verdicts(self, body: str) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        if "robustness_sets" not in self.release.tables():
            return found
        frame = self.release.table("robustness_sets").filter(pl.col("body_id") == body, pl.col("verdict") != "withheld")
        for indicator, period, verdict in frame.select("indicator_id", "period", "verdict").iter_rows():
            found[indicator, period] = (*found.get((indicator, period), ()), verdict)
        return found

    def _find_context(self, model: str) -> dict[tuple[str, str], float | None]:
        frame = self.release.table("peer_features").filter(pl.col("model_id") == model)
        own = frame.select("body_id", "variable_id", "body_value").unique(
            ["body_id", "variable_id"], maintain_order=True
        )
        return {(body, variable): value for body, variable, value in own.iter_rows()}

    def _find_periods(self, indicator: str, *, known: bool = False) -> list[str]:
        frame = self._apart(self.headline or next(iter(self.models), "")).get(indicator)
        if frame is None:
            return []
        found = frame.filter(pl.col("value").is_not_null()) if known else frame
        return sorted(found["period"].unique().to_list(), key=lambda period: (self.ends.get(period, ""), period))

    def _find_newest(self, indicator: str) -> str:
        frame = self._standing(self.headline or next(iter(self.models), ""))
        frame = frame.filter((pl.col("indicator_id") == indicator) & pl.col("value").is_not_null())
        return max(
            frame["period"].unique().to_list(), key=lambda period: (self.ends.get(period, ""), period), default=""
        )
