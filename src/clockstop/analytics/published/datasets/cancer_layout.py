"""The sheets of the cancer waiting times provider workbook: headings, bands and breakdowns."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from clockstop.analytics.published.fields import ODS_CODE, ODS_WORDS, Field, code, number, text

CODE, NAME = "ODS CODE", "ACCOUNTABLE PROVIDER"
ENGLAND, ENGLAND_CODE = "ALL ENGLISH PROVIDERS", "ENG"
PERCENTAGE = "PERCENTAGE"  # in the caption above the headings
ALL_CANCERS = "ALL CANCERS"
_FOOTNOTE = re.compile(r" \(\d\)$")
_PATIENTS = re.compile(r"[0-9]{1,8}(\.[05])?")
_DAYS_31 = ("WITHIN 31 DAYS", "IN 32 TO 38 DAYS", "IN 39 TO 48 DAYS", "IN 49 TO 62 DAYS")
_BANDS = {
    28: (
        *("WITHIN 14 DAYS", "IN 15 TO 28 DAYS", "IN 29 TO 42 DAYS", "IN 43 TO 62 DAYS"),
        "AFTER 62 DAYS",
    ),
    31: (*_DAYS_31, "AFTER 62 DAYS"),
    62: (
        *_DAYS_31,
        *("IN 63 TO 76 DAYS", "IN 77 TO 90 DAYS", "IN 91 TO 104 DAYS", "AFTER 104 DAYS"),
    ),
}


def patients(name: str, column: str) -> Field:
    """A count of patients; two providers that share one count half each."""

    def parse(cell: str) -> float:
        if not _PATIENTS.fullmatch(cell):
            raise ValueError(cell)
        return float(cell)

    return Field(name, column, parse, pl.Float64, "a number of patients, whole or with .5")


@dataclass(frozen=True)
class SheetLayout:
    """A sheet of a standard: its limit in days and how it breaks the patients down.

    ``route`` and ``group`` are headings; a sheet without ``group`` has all cancers.
    """

    standard: str
    days: int
    breakdown: str
    route: str
    group: str | None

    @property
    def fields(self) -> tuple[Field, ...]:
        """How each column is read; bands are named after their headings."""
        verb = "TOLD" if self.days == 28 else "TREATED"  # noqa: PLR2004 - the days of a standard
        groups = (text("group", self.group),) if self.group else ()
        return (
            code("provider", CODE, ODS_CODE, ODS_WORDS),
            text("name", NAME),
            text("route", self.route),
            *groups,
            patients("total", "TOTAL"),
            patients("within", f"WITHIN {self.days} DAYS"),
            patients("after", f"AFTER {self.days} DAYS"),
            number("share", f"{verb} WITHIN {self.days} DAYS", 0, 1),
            *(patients(band, f"{band}{self._again(band)}") for band in self.bands),
        )

    @property
    def bands(self) -> tuple[str, ...]:
        """The headings of the bands, which together are the total."""
        return _BANDS[self.days]

    def _again(self, band: str) -> str:
        """The same heading as that of ``within`` or ``after`` is told apart in messages."""
        return " (band)" if band in {f"WITHIN {self.days} DAYS", f"AFTER {self.days} DAYS"} else ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings from column B on; an empty column stands before the bands."""
        names = [field.column for field in self.fields]
        place = len(names) - len(self.bands)
        return (*names[:place], "", *names[place:])


_ROUTE, _STAGE = "REFERRAL ROUTE", "TREATMENT STAGE"
_TYPE, _MODALITY = "CANCER TYPE", "TREATMENT MODALITY"
_SUSPECTED = "SUSPECTED CANCER OR BREAST SYMPTOMATIC"
SHEETS = {
    "28-DAY FDS (ALL ROUTES)": SheetLayout("28_day", 28, "all", _ROUTE, None),
    "28-DAY FDS (BY ROUTE)": SheetLayout("28_day", 28, "cancer", _ROUTE, _SUSPECTED),
    "31-DAY (ALL CANCER)": SheetLayout("31_day", 31, "all", _STAGE, _TYPE),
    "31-DAY (BY CANCER)": SheetLayout("31_day", 31, "cancer", _STAGE, _TYPE),
    "31-DAY (BY TREATMENT MODALITY)": SheetLayout("31_day", 31, "modality", _STAGE, _MODALITY),
    "62-DAY (ALL CANCER)": SheetLayout("62_day", 62, "all", _ROUTE, _TYPE),
    "62-DAY (BY CANCER)": SheetLayout("62_day", 62, "cancer", _ROUTE, _TYPE),
    "62-DAY (BY TREATMENT MODALITY)": SheetLayout("62_day", 62, "modality", _ROUTE, _MODALITY),
}


def plain(heading: str | None) -> str:
    """A heading without the number of its footnote."""
    return _FOOTNOTE.sub("", heading or "")
