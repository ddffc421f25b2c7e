"""What each measure is: one table for the computation, the pages and the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from clockstop.analytics.lists.measures.comparisons import comparison_measures
from clockstop.analytics.lists.measures.counts import count_measures
from clockstop.analytics.lists.measures.measure import Kind, Measure, Unit
from clockstop.analytics.lists.measures.waits import OPEN_ENDED, SMALL, wait_measures

HEADLINE_MEASURES: Final = (
    "incomplete_pathways",
    "within_18_weeks",
    "pct_within_18_weeks",
    "over_18_weeks",
    "over_52_weeks",
    "over_65_weeks",
    "over_78_weeks",
    "over_104_weeks",
    "median_weeks",
    "p92_weeks",
    "admitted_stops",
    "admitted_median_weeks",
    "admitted_p95_weeks",
    "nonadmitted_stops",
    "nonadmitted_median_weeks",
    "nonadmitted_p95_weeks",
    "new_periods",
    "incomplete_dta",
    "unreported_removals",
)
FURTHER_MEASURES: Final = (
    "pct_over_52_weeks",
    "p80_weeks",
    "p95_weeks",
    "admitted_p80_weeks",
    "admitted_p92_weeks",
    "nonadmitted_p80_weeks",
    "nonadmitted_p92_weeks",
    "mean_weeks",
    "admitted_mean_weeks",
    "nonadmitted_mean_weeks",
    "clearance_weeks",
    "change_on_month",
    "change_on_year",
)


def _defined() -> dict[str, Measure]:
    measures = (*count_measures(), *wait_measures(), *comparison_measures())
    by_key = {measure.key: measure for measure in measures}
    return {key: by_key[key] for key in (*HEADLINE_MEASURES, *FURTHER_MEASURES)}


MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(_defined())

__all__ = [
    "FURTHER_MEASURES",
    "HEADLINE_MEASURES",
    "MEASURES",
    "OPEN_ENDED",
    "SMALL",
    "Kind",
    "Measure",
    "Unit",
]
