"""That limits, fans and allowances are cut where no figure can lie: at 0 and, of shares, at the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.components import words
from dashboards.components.numbers import Style
from pipelines.methods.forecast_scale import limits_of

Row = Mapping[str, Any]


def cut_words(what: str, rows: Sequence[Row], edges: tuple[str, str], indicator: Row, style: Style) -> str:
    """' The limits are cut at 100%: no figure can lie beyond.'; empty where no edge of these rows lies on a bound.

    what : what is drawn, in the plural, as the sentence begins.   edges : columns of the lower and the upper edge.
    """
    bounds = limits_of(indicator["format"], indicator["unit"], indicator["multiplier"])
    met = [
        style.write(bound) for bound, edge in zip(bounds, edges, strict=True) if any(row[edge] == bound for row in rows)
    ]
    return f" {what} are cut at {words.listed(met)}: no figure can lie beyond." if met else ""
