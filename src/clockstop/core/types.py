"""The vocabulary: small types that every wing shares."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class Sector(StrEnum):
    """Who runs a provider. The value is what tables and files carry."""

    NHS_TRUST = "nhs_trust"
    INDEPENDENT = "independent"
    COMMUNITY = "community_or_gp"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The sector in plain words, as pages show it."""
        return {
            Sector.NHS_TRUST: "NHS trust",
            Sector.INDEPENDENT: "Independent",
            Sector.COMMUNITY: "Community interest or GP company",
            Sector.UNKNOWN: "Not known",
        }[self]


class Part(StrEnum):
    """The parts of the monthly RTT return; the value is the code as filed."""

    ADMITTED = "Part_1A"
    NONADMITTED = "Part_1B"
    INCOMPLETE = "Part_2"
    INCOMPLETE_DTA = "Part_2A"
    NEW_PERIODS = "Part_3"


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; a monthly RTT return is a census at its last day."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2025-09``. Raises ValueError on anything else."""
        match = _MONTH.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not a month; write it as 2025-09")
        return cls(int(match[1]), int(match[2]))

    def plus(self, months: int) -> Month:
        """The month so many months later (earlier if negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def days(self) -> int:
        """How many days the month has."""
        return calendar.monthrange(self.year, self.number)[1]

    @property
    def census(self) -> date:
        """The last day of the month: the census date of the monthly return."""
        return date(self.year, self.number, self.days)

    @property
    def label(self) -> str:
        """The month in words: ``September 2025``."""
        return f"{calendar.month_name[self.number]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on WGS84, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class TreatmentFunction:
    """One of the RTT reporting lines, with the words that people use for it.

    ``code`` is as filed (``C_110``); ``official_name`` as printed in the extract;
    ``name`` the plain name; ``synonyms`` what people search for, lower case.
    """

    code: str
    official_name: str
    name: str
    description: str
    synonyms: tuple[str, ...]
