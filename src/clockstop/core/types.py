"""The vocabulary: small types that every wing shares."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

_FOR_TESTS = "999"
_NO_CHECK_DIGIT = 10  # of nine digits that no NHS number begins with
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


@dataclass(frozen=True, order=True, slots=True)
class NhsNumber:
    """An NHS number: ten digits, the last of which checks the others modulo 11.

    Spaces and hyphens are how people write one, and are left out. Raises ValueError, which never
    repeats what was typed. Source: NHS Data Dictionary, NHS NUMBER.
    """

    digits: str

    def __post_init__(self) -> None:
        """Refuse what cannot be an NHS number."""
        object.__setattr__(self, "digits", re.sub(r"[\s-]", "", self.digits))
        if not re.fullmatch(r"[0-9]{10}", self.digits):
            raise ValueError("an NHS number has 10 digits, like 999 000 0018")
        if self.check_digit(self.digits[:9]) != int(self.digits[9]):
            raise ValueError("this is not an NHS number: its last digit does not fit the others")

    @staticmethod
    def check_digit(first: str) -> int:
        """The check digit of nine digits; 10 where no NHS number begins with them."""
        total = sum(
            int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)
        )
        return (11 - total % 11) % 11

    @classmethod
    def for_tests(cls) -> Iterator[Self]:
        """The numbers that are never given to a person, from the lowest on."""
        for serial in range(1_000_000):
            first = f"{_FOR_TESTS}{serial:06d}"
            check = cls.check_digit(first)
            if check != _NO_CHECK_DIGIT:
                yield cls(f"{first}{check}")

    @property
    def is_for_tests(self) -> bool:
        """Whether it lies in the range that is never given to a person (999 …)."""
        return self.digits.startswith(_FOR_TESTS)

    @property
    def spaced(self) -> str:
        """As it is read aloud: ``999 000 0018``."""
        return f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"

    def __str__(self) -> str:
        return self.digits

    def __repr__(self) -> str:
        return "NhsNumber(…)"  # so that none reaches a log


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
