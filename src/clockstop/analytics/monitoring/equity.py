"""Who waits, by age, sex, deprivation and ethnicity: the latest week of the WLMDS demographics.

Management information by provider, rounded to 5; small numbers are suppressed by its publisher.
Below England it covers NHS acute trusts only.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.analytics.published.lake import Lake

DIMENSIONS = ("deprivation", "age", "ethnicity", "sex")
ALL_PROVIDERS = "ALL"


class EquityBook:
    """The demographics of the lake; without any, every question is answered with nothing."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def has(self, area: Area) -> bool:
        """Whether there is anything on the area."""
        return not self._of(area).is_empty()

    @cached_property
    def week_ending(self) -> date | None:
        """The Sunday at the end of the week; None if nothing is held."""
        return self._table["week_ending"].max()  # type: ignore[return-value]

    def groups(self, area: Area, dimension: str) -> list[dict[str, Any]]:
        """The groups of a dimension, in the publisher's order.

        A row has group, total, within_18, over_52 (pathways), within_18_share, over_52_share
        (fractions of the total), suppressed and not_submitted; what is not known is None.
        """
        return self._of(area).filter(pl.col("dimension") == dimension).rows(named=True)

    def _of(self, area: Area) -> pl.DataFrame:
        rows = self._table.filter(pl.col("level") == str(area.kind))
        if area.kind is AreaKind.ENGLAND:
            return rows.filter(pl.col("organisation_type") == ALL_PROVIDERS)
        return rows.filter(pl.col("code") == area.code)

    @cached_property
    def _table(self) -> pl.DataFrame:
        current = self._lake.catalogue().current("wlmds_demographics")
        if not current:
            return _EMPTY
        table = self._lake.scan(current[max(current)], "demographics").collect()
        return table.filter(pl.col("week_ending") == pl.col("week_ending").max())


_EMPTY = pl.DataFrame(
    schema={"week_ending": pl.Date}
    | dict.fromkeys(("level", "code", "organisation_type", "dimension", "group"), pl.String)
)
